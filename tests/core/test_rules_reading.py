"""Reading a rule from its table: what each kind takes, its defaults, and what is refused where."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kaoping.core import rules
from kaoping.core.rules import (
    FULL_POINTS,
    MAX_DEPTH,
    UNLIMITED,
    Band,
    Bands,
    Checklist,
    Count,
    Efficacy,
    Formula,
    Interpolate,
    Judgement,
    Least,
    Line,
    Measure,
    Order,
    Rank,
    RankBand,
    Ratio,
    RuleKind,
    Side,
    Start,
    Step,
    Sum,
    Ties,
    Weighted,
    YesNo,
)
from tests.core.schemes import GONE, form_faults, line, part, scheme

AT = "indicator[1].task[1.1].rule"
ONE, ZERO = Decimal(1), Decimal(0)

Table = dict[str, Any]


def table(kind: str, **parameters: Any) -> Table:
    return {"kind": kind} | parameters


def read(rule: Table):
    found = scheme({"indicator/0/task/0/rule": rule}).task_by_id["1.1"].rule
    assert found is not None
    return found


def refused(rule: object) -> list[tuple[str, str]]:
    """Code and place within the rule of what is wrong with it."""
    return [
        (code, where.removeprefix(AT).removeprefix("."))
        for code, where in form_faults({"indicator/0/task/0/rule": rule})
    ]


D = Decimal
UP = {"per": "1", "points": "0.5"}
LINES = [line("迟报", "-0.5")]
RATIO = table("ratio", target="100")
PARTS = [part("甲", RATIO), part("乙", table("yes-no"))]
LOW_HIGH = {"low": "60", "high": "100"}
STEP_BANDS = [{"to": "1", "points": "6"}, {"to": "3", "points": "4"}]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        (table("ratio"), Ratio(None, ONE, None, False)),
        (
            table("ratio", target="27.0", cap="1.2", zero_below="0.6", lower_is_better=True),
            Ratio(D("27.0"), D("1.2"), D("0.6"), True),
        ),
        (table("ratio", zero_below="0"), Ratio(None, ONE, ZERO, False)),
        (
            table("bands", bands=[{"below": "60", "points": "0"}, {"from": "60", "points": "6"}]),
            Bands((Band(None, D(60), ZERO), Band(D(60), None, D(6)))),
        ),
        (table("bands", bands=[{"points": "-1"}]), Bands((Band(None, None, D(-1)),))),
        (
            table("interpolate", points=[["-1", "0"], ["0", "6"]]),
            Interpolate(((D(-1), ZERO), (ZERO, D(6)))),
        ),
        (table("interpolate", points=[["1", "0"]]), Interpolate(((ONE, ZERO),))),
        (
            table("count", start="full", lines=LINES),
            Count(Start.FULL, (Line("迟报", D("-0.5")),), ZERO, FULL_POINTS),
        ),
        (
            table("count", start="zero", lines=LINES),
            Count(Start.ZERO, (Line("迟报", D("-0.5")),), ZERO, UNLIMITED),
        ),
        (
            table("count", start="full", lines=LINES, floor="none", cap="none"),
            Count(Start.FULL, (Line("迟报", D("-0.5")),), UNLIMITED, UNLIMITED),
        ),
        (
            table("count", start="zero", lines=LINES, floor="-3", cap="0"),
            Count(Start.ZERO, (Line("迟报", D("-0.5")),), D(-3), ZERO),
        ),
        (
            table("step", target="8", up=UP),
            Step(D(8), Measure.VALUE, Side(ONE, D("0.5"), None), None, True, ZERO),
        ),
        (
            table(
                "step",
                target="mean",
                measure="growth",
                down=UP | {"cap": "2"},
                whole=False,
                floor="none",
            ),
            Step("mean", Measure.GROWTH, None, Side(ONE, D("0.5"), D(2)), False, UNLIMITED),
        ),
        (
            table("step", target="0", down=UP | {"cap": "0"}),
            Step(ZERO, down=Side(ONE, D("0.5"), ZERO)),
        ),
        (table("step", up=UP | {"points": "0"}), Step(None, up=Side(ONE, ZERO))),
        (table("yes-no"), YesNo(ZERO)),
        (table("yes-no", otherwise="-2"), YesNo(D(-2))),
        (table("checklist"), Checklist()),
        (table("rank", step="2"), Rank(Order.DESCENDING, FULL_POINTS, D(2), ZERO, (), None)),
        (
            table("rank", order="ascending", first="15", step="0", floor="none", ties="average"),
            Rank(Order.ASCENDING, D(15), ZERO, UNLIMITED, (), Ties.AVERAGE),
        ),
        (
            table("rank", bands=STEP_BANDS, ties="dense"),
            Rank(bands=(RankBand(ONE, D(6)), RankBand(D(3), D(4))), ties=Ties.DENSE),
        ),
        (table("efficacy", **LOW_HIGH), Efficacy(D(60), D(100), D(60), D(40))),
        (
            table("efficacy", low="max", high="min", base="0", span="100"),
            Efficacy("max", "min", ZERO, D(100)),
        ),
        (table("judgement"), Judgement(ZERO, FULL_POINTS)),
        (table("judgement", low="-1", high="0"), Judgement(D(-1), ZERO)),
    ],
)
def test_a_rule_is_read_with_its_defaults(written, rule):
    assert read(written) == rule


def test_compound_rules_are_read_with_their_parts():
    parts = [part("甲", RATIO, points="2"), part("乙", table("yes-no"), points="4")]
    found = read(table("sum", parts=parts))
    assert isinstance(found, Sum)
    assert (found.floor, found.cap) == (ZERO, UNLIMITED)
    assert [(p.name, p.points, p.weight) for p in found.parts] == [
        ("甲", D(2), None),
        ("乙", D(4), None),
    ]
    assert found.parts[0].rule == Ratio(D(100))
    limited = read(table("sum", parts=parts, floor="none", cap="5"))
    assert (limited.floor, limited.cap) == (UNLIMITED, 5)
    least = read(table("least", parts=PARTS))
    assert isinstance(least, Least)
    assert [(p.name, p.points, p.weight) for p in least.parts] == [
        ("甲", None, None),
        ("乙", None, None),
    ]
    weighted = read(table("weighted", parts=[p | {"weight": "0.5"} for p in PARTS]))
    assert isinstance(weighted, Weighted)
    assert [(p.points, p.weight) for p in weighted.parts] == [(None, D("0.5"))] * 2


def test_a_formula_is_read_with_its_lines():
    found = read(table("formula", score="points - 迟报 × 0.1", lines=["迟报"]))
    assert isinstance(found, Formula)
    assert (found.lines, found.floor, found.cap) == (("迟报",), ZERO, FULL_POINTS)
    assert found.score.names == {"points", "迟报"}
    free = read(table("formula", score="1", floor="none", cap="none"))
    assert (free.floor, free.cap) == (UNLIMITED, UNLIMITED)
    assert read(table("formula", score="1", cap="2")).cap == 2


# --- refusals --------------------------------------------------------------------------------------

PARAMETER, VALUE, NUMBER, MISSING = (
    "PARAMETER-UNKNOWN",
    "VALUE-UNKNOWN",
    "NUMBER-NOT-TEXT",
    "KEY-MISSING",
)


def lines(*rows: Table) -> Table:
    return table("count", start="full", lines=list(rows))


@pytest.mark.parametrize(
    ("rule", "code", "where"),
    [
        (GONE, MISSING, ""),
        ("ratio", VALUE, ""),
        ([], VALUE, ""),
        ({}, MISSING, "kind"),
        ({"target": "5"}, MISSING, "kind"),
        (table("Ratio"), "RULE-UNKNOWN", "kind"),
        (table(""), "RULE-UNKNOWN", "kind"),
        (table("完成率法"), "RULE-UNKNOWN", "kind"),
        ({"kind": 1}, "RULE-UNKNOWN", "kind"),
        ({"kind": ["ratio"]}, "RULE-UNKNOWN", "kind"),
        # ratio
        (table("ratio", target="mean"), NUMBER, "target"),
        (table("ratio", target=5), NUMBER, "target"),
        (table("ratio", cap="0"), PARAMETER, "cap"),
        (table("ratio", cap="none"), NUMBER, "cap"),
        (table("ratio", zero_below="60%"), NUMBER, "zero_below"),
        (table("ratio", lower_is_better="yes"), VALUE, "lower_is_better"),
        (table("ratio", floor="0"), PARAMETER, "floor"),
        # bands
        (table("bands"), MISSING, "bands"),
        (table("bands", bands=[]), MISSING, "bands"),
        (table("bands", bands="高"), VALUE, "bands"),
        (table("bands", bands=[{"from": "1"}]), MISSING, "bands[#1].points"),
        (table("bands", bands=[{"points": "1"}, {"points": 1}]), NUMBER, "bands[#2].points"),
        (
            table("bands", bands=[{"from": "5", "below": "5", "points": "1"}]),
            PARAMETER,
            "bands[#1].below",
        ),
        (
            table("bands", bands=[{"from": "6", "below": "5", "points": "1"}]),
            PARAMETER,
            "bands[#1].below",
        ),
        (table("bands", bands=[{"to": "5", "points": "1"}]), PARAMETER, "bands[#1].to"),
        # interpolate
        (table("interpolate"), MISSING, "points"),
        (table("interpolate", points=[]), MISSING, "points"),
        (table("interpolate", points="1"), VALUE, "points"),
        (table("interpolate", points=[["1", "0"], ["1", "6"]]), PARAMETER, "points[#2]"),
        (table("interpolate", points=[["1", "0"], ["0.9", "6"]]), PARAMETER, "points[#2]"),
        (table("interpolate", points=[["1", "0"], ["2"]]), VALUE, "points[#2]"),
        (table("interpolate", points=[["1", "0"], ["2", "3", "4"]]), VALUE, "points[#2]"),
        (table("interpolate", points=[["1", "0"], ["2", 3]]), NUMBER, "points[#2]"),
        (table("interpolate", points=[["1", "0"], "23"]), VALUE, "points[#2]"),
        (table("interpolate", points=[["1", "0"], [2, "3"]]), NUMBER, "points[#2]"),
        # count
        (table("count", lines=LINES), MISSING, "start"),
        (table("count", start="half", lines=LINES), VALUE, "start"),
        (table("count", start="full"), MISSING, "lines"),
        (table("count", start="full", lines=[]), MISSING, "lines"),
        (table("count", start="full", lines=LINES, floor="points"), NUMBER, "floor"),
        (table("count", start="full", lines=LINES, cap=5), NUMBER, "cap"),
        (lines({"name": "迟报"}), MISSING, "lines[迟报].each"),
        (lines({"each": "-1"}), MISSING, "lines[#1].name"),
        (lines(line("迟报", -1)), NUMBER, "lines[迟报].each"),
        (lines(line("迟报", "-1"), line("迟报", "-2")), "ID-DUPLICATE", "lines[迟报].name"),
        (lines(line("迟报", "-1") | {"max": "2"}), PARAMETER, "lines[迟报].max"),
        # step
        (table("step", target="8"), PARAMETER, "up"),
        (table("step", target="max", up=UP), NUMBER, "target"),
        (table("step", up=UP, measure="ratio"), VALUE, "measure"),
        (table("step", up=5), VALUE, "up"),
        (table("step", up={"points": "1"}), MISSING, "up.per"),
        (table("step", up={"per": "1"}), MISSING, "up.points"),
        (table("step", up=UP | {"per": "0"}), PARAMETER, "up.per"),
        (table("step", down=UP | {"per": "-1"}), PARAMETER, "down.per"),
        (table("step", down=UP | {"points": "-1"}), PARAMETER, "down.points"),
        (table("step", down=UP | {"floor": "1"}), PARAMETER, "down.floor"),
        (table("step", up=UP, whole="no"), VALUE, "whole"),
        (table("step", up=UP, cap="1"), PARAMETER, "cap"),
        # yes-no, checklist
        (table("yes-no", otherwise=0), NUMBER, "otherwise"),
        (table("yes-no", target="1"), PARAMETER, "target"),
        (table("checklist", of="9"), PARAMETER, "of"),
        # rank
        (table("rank"), MISSING, "step"),
        (table("rank", step="1", bands=STEP_BANDS), PARAMETER, "bands"),
        (table("rank", first="9", bands=STEP_BANDS), PARAMETER, "bands"),
        (table("rank", bands=STEP_BANDS[::-1]), PARAMETER, "bands[#2].to"),
        (table("rank", bands=[STEP_BANDS[0]] * 2), PARAMETER, "bands[#2].to"),
        (table("rank", bands=[{"to": "1"}]), MISSING, "bands[#1].points"),
        (table("rank", bands=[{"points": "1"}]), MISSING, "bands[#1].to"),
        (table("rank", step="1", order="up"), VALUE, "order"),
        (table("rank", step="1", ties="first"), VALUE, "ties"),
        (table("rank", step="1", first="none"), NUMBER, "first"),
        # efficacy
        (table("efficacy", low="1"), MISSING, "high"),
        (table("efficacy", high="1"), MISSING, "low"),
        (table("efficacy", low="1", high="1.0"), PARAMETER, "high"),
        (table("efficacy", low="min", high="min"), PARAMETER, "high"),
        (table("efficacy", low="mean", high="9"), NUMBER, "low"),
        (table("efficacy", **LOW_HIGH, span="0"), PARAMETER, "span"),
        (table("efficacy", **LOW_HIGH, base="-1"), PARAMETER, "span"),
        # sum, least, weighted
        (table("sum"), MISSING, "parts"),
        (table("least", parts=[]), MISSING, "parts"),
        (table("weighted", parts={"甲": RATIO}), VALUE, "parts"),
        (table("sum", parts=[part("甲", RATIO)]), MISSING, "parts[甲].points"),
        (table("weighted", parts=[part("甲", RATIO)]), MISSING, "parts[甲].weight"),
        (table("least", parts=[part("甲", RATIO, points="2")]), PARAMETER, "parts[甲].points"),
        (
            table("sum", parts=[part("甲", RATIO, points="2", weight="1")]),
            PARAMETER,
            "parts[甲].weight",
        ),
        (table("least", parts=[{"name": "甲"}]), MISSING, "parts[甲].rule"),
        (table("least", parts=[part("甲", "ratio")]), VALUE, "parts[甲].rule"),
        (table("least", parts=[part("甲", table("x"))]), "RULE-UNKNOWN", "parts[甲].rule.kind"),
        (table("least", parts=[part("甲", RATIO)] * 2), "ID-DUPLICATE", "parts[甲].name"),
        (table("least", parts=PARTS, floor="0"), PARAMETER, "floor"),
        # judgement
        (table("judgement", high="none"), NUMBER, "high"),
        (table("judgement", low=4), NUMBER, "low"),
        # formula
        (table("formula"), MISSING, "score"),
        (table("formula", score=1), VALUE, "score"),
        (table("formula", score="迟报"), PARAMETER, "score"),
        (table("formula", score="value ** 2"), PARAMETER, "score"),
        (table("formula", score="1", lines=["迟报", "迟报"]), PARAMETER, "lines"),
        (table("formula", score="1", lines=["value"]), PARAMETER, "lines"),
        (table("formula", score="1", lines=[1]), VALUE, "lines"),
        (table("formula", score="1", floor="points"), NUMBER, "floor"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_place(rule, code, where):
    assert refused(rule) == [(code, where)]


@pytest.mark.parametrize("kind", [kind.value for kind in RuleKind])
def test_no_kind_ignores_a_parameter_it_does_not_know(kind):
    assert ("PARAMETER-UNKNOWN", "weather") in refused(table(kind, weather="fine"))


def test_everything_wrong_with_a_rule_is_told_at_once():
    wrong = table("step", target=8, measure="x", up={"per": "0"}, whole=1, floor="low", cap="1")
    assert set(refused(wrong)) == {
        (NUMBER, "target"),
        (VALUE, "measure"),
        (PARAMETER, "up.per"),
        (MISSING, "up.points"),
        (VALUE, "whole"),
        (NUMBER, "floor"),
        (PARAMETER, "cap"),
    }


# --- names -----------------------------------------------------------------------------------------

GOOD_NAMES = ["迟报", "late", "Late_1", "_", "а", "件数2", "VALUE", "mean", "ヶ", "ñ"]
BAD_NAMES = [
    *(
        "a.b",
        "a b",
        "a-b",
        "a/b",
        "迟报！",
        "（一）",
        "a[0]",
        "a:b",
        "·",
        "\u200b",
        "a\u202eb",
        "\x00",
    ),
    *("value", "previous", "of", "target", "points", "counts", "parts"),
    *("min", "max", "abs", "floor", "ceil", "when", "and", "or", "not"),
]


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_letters_digits_and_underscores_name_parts_and_lines(name):
    assert refused(lines(line(name, "-1"))) == []
    assert refused(table("least", parts=[part(name, RATIO)])) == []
    assert refused(table("formula", score=f"points - {name}", lines=[name])) == []


@pytest.mark.parametrize("name", BAD_NAMES)
def test_nothing_else_names_them(name):
    assert [code for code, _ in refused(lines(line(name, "-1")))] == [PARAMETER]
    assert [code for code, _ in refused(table("least", parts=[part(name, RATIO)]))] == [PARAMETER]
    assert [code for code, _ in refused(table("formula", score="1", lines=[name]))] == [PARAMETER]


@pytest.mark.parametrize("name", ["12月迟报", "3次以上"])
def test_a_line_or_part_may_begin_with_a_digit(name):
    assert refused(lines(line(name, "-1"))) == []
    assert refused(table("least", parts=[part(name, RATIO)])) == []


@pytest.mark.parametrize("name", ["迟·报", "a·b"])
def test_a_name_that_no_formula_can_write_is_no_name(name):
    assert refused(lines(line(name, "-1"))) != []


# --- nesting ---------------------------------------------------------------------------------------


def nest(depth: int) -> Table:
    rule = table("yes-no")
    for _ in range(depth):
        rule = table("least", parts=[part("内", rule)])
    return rule


def test_parts_nest_as_deep_as_allowed():
    assert len(list(rules.walk(read(nest(MAX_DEPTH))))) == MAX_DEPTH + 1


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, MAX_DEPTH + 2, 50])
def test_deeper_parts_are_refused_where_they_begin(depth):
    faults = refused(nest(depth))
    assert (PARAMETER, ".".join(["parts[内].rule"] * (MAX_DEPTH + 1))) in faults


INNER = table("sum", parts=[part("率", RATIO, points="2"), part("次", lines(*LINES), points="4")])
COMPOUND = table("least", parts=[part("外", INNER), part("清单", table("checklist"))])


def test_paths_of_parts_name_inputs_and_lines():
    rule = read(COMPOUND)
    assert rules.all_inputs(rule) == ("外.率", "清单", "清单.of")
    assert rules.all_lines(rule) == ("外.次.迟报",)
    assert [path for path, _ in rules.walk(rule)] == ["", "外", "外.率", "外.次", "清单"]
    assert rules.rule_at(rule, "外.率") == Ratio(D(100))
    assert rules.rule_at(rule, "") == rule
    assert rules.rule_at(rule, "外.没有") is None
    assert rules.rule_at(rule, "率") is None


@pytest.mark.parametrize(
    ("rule", "inputs"),
    [
        (RATIO, ("",)),
        (table("step", up=UP), ("",)),
        (table("step", up=UP, measure="growth"), ("", "previous")),
        (table("checklist"), ("", "of")),
        (lines(*LINES), ()),
        (table("judgement"), ()),
        (table("rank", step="1"), ("",)),
        (table("formula", score="of + previous"), ("previous", "of")),
        (table("formula", score="points + target"), ()),
    ],
)
def test_inputs_of_a_rule(rule, inputs):
    assert rules.all_inputs(read(rule)) == inputs


@pytest.mark.parametrize(
    ("rule", "compares"),
    [
        (table("rank", step="1"), True),
        (table("step", target="mean", up=UP), True),
        (table("step", target="8", up=UP), False),
        (table("efficacy", low="min", high="9"), True),
        (table("efficacy", low="1", high="max"), True),
        (table("efficacy", low="1", high="9"), False),
        (table("least", parts=[part("位次", table("rank", step="1"))]), True),
        (COMPOUND, False),
    ],
)
def test_which_rules_look_at_the_whole_group(rule, compares):
    assert rules.uses_group(read(rule)) is compares
