"""A scheme damaged in any way loads or has its faults listed; never a traceback."""

from __future__ import annotations

import copy
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaoping.core.rules import RuleKind
from kaoping.core.scheme import load_scheme
from tests.core.schemes import BAISE, edited, part, read_or_refused, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE = "indicator/0/task/0"
TREE = tomllib.loads(BAISE)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a tree, the root not included."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from places(item, (*path, key))


PLACES = list(places(TREE))
DATE = date(2024, 2, 29)
SCALARS = [
    *(0, 1, -1, 10**30, 1.5, -0.0, float("nan"), float("inf"), True, False, DATE),
    *("", " ", "0", "-1", "1.5", "1e5", "NaN", "none", "points", "mean", "min", "max", "all"),
    *(
        "true",
        "not-applicable",
        "share:",
        "2024-07-01..",
        "..",
        "rescale",
        "zero",
        "甲.乙",
        "a" * 999,
    ),
    *(
        "value",
        "target",
        "when(",
        "when(1 < 2, value, 1)",
        "value / target",
        "\x00",
        "\u202e",
        "工信局",
    ),
    *("9" * 40, "9" * 41, "-" + "9" * 39, "0." + "0" * 37 + "1"),
]
VALUES = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["kind", "name", "points", "from", "rule", "x"]), inner)
    ),
    max_leaves=6,
)
KINDS = st.sampled_from([*RuleKind])
RULES = st.fixed_dictionaries(
    {"kind": KINDS},
    optional={
        "target": VALUES,
        "cap": VALUES,
        "floor": VALUES,
        "lines": VALUES,
        "points": VALUES,
        "bands": VALUES,
        "score": VALUES,
        "step": VALUES,
        "low": VALUES,
        "high": VALUES,
        "start": VALUES,
        "up": VALUES,
        "parts": VALUES,
    },
)
EDITS = st.tuples(
    st.sampled_from(PLACES), st.sampled_from(["drop", "set", "rule", "twice"]), VALUES, RULES
)


def mutated(edits) -> str:
    tree = copy.deepcopy(TREE)
    for path, action, value, rule in edits:
        above: Any = tree
        try:
            for key in path[:-1]:
                above = above[key]
            above[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier edit took it away
        if isinstance(above, str):
            continue
        match action:
            case "drop":
                del above[path[-1]]
            case "set":
                above[path[-1]] = value
            case "rule":
                above[path[-1]] = rule
            case "twice" if isinstance(above, list):
                above.append(copy.deepcopy(above[path[-1]]))
    return text_of(tree)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=12))
def test_a_damaged_scheme_loads_or_is_listed(edits):
    read_or_refused(mutated(edits))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_small_scheme_with_any_rule_loads_or_is_listed(data):
    rule = data.draw(RULES)
    nested = {"kind": data.draw(KINDS), "parts": [part("内", rule, points="6", weight="1")]}
    read_or_refused(edited({f"{ONE}/rule": data.draw(st.sampled_from([rule, nested]))}))


LINES = edited().splitlines()


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(LINES).flatmap(lambda lines: st.sampled_from([lines, lines[:-2], lines[3:]])),
    st.integers(0, 3000),
    st.text(max_size=3),
)
def test_a_text_cut_anywhere_loads_or_is_listed(lines, position, inserted):
    text = "\n".join(lines)
    read_or_refused(text[:position] + inserted + text[position + 1 :])


@given(st.text(alphabet="=[]{}\"'.#\n 1aé甲-:", max_size=60))
def test_any_text_loads_or_is_listed(text):
    assert load_scheme(text).problems


def test_the_mutations_reach_every_part_of_the_example():
    """The fuzz above is only as good as its places: it finds tasks, rules, parts and lists."""
    ends = {str(path[-1]) for path in PLACES}
    assert {"rule", "parts", "lines", "bands", "up", "targets", "catalogue", "contact"} <= ends
    assert load_scheme(text_of(TREE)).scheme == load_scheme(BAISE).scheme
    assert isinstance(TREE["issue_date"], date)
    assert not isinstance(TREE["issue_date"], datetime)
