"""Vetoes declared and lifted in any order, against a reading of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.results import DecisionKind
from tests.schemes import decision, indicator, result, scheme_of, scored, task

pytestmark = pytest.mark.slow

RATIO = 'kind = "ratio", target = "10"'
CARRIED = {
    "1.1": [("甲", "zero-task"), ("甲", "no-award"), ("乙", "zero-total")],
    "1.2": [("甲", "zero-task"), ("丙", "lowest-grade")],
    "2.1": [("乙", "zero-indicator")],
}
OF_B_ONLY = "1.2"
"""The task that unit a does not have."""


def written(task_id):
    rows = (
        f'{{ name = "{name}", effect = "{effect}", authority = "纪委" }}'
        for name, effect in CARRIED[task_id]
    )
    units = '["b", "c"]' if task_id == OF_B_ONLY else ""
    return task(task_id, RATIO, "5", f"veto = [{', '.join(rows)}]", units)


SCHEME = scheme_of(
    indicator(written("1.1"), written("1.2")),
    indicator(written("2.1"), points="5", identity="2"),
    top='totals = "sum"\ngrade = [{ name = "好", from = "1" }, { name = "差", from = "0" }]',
)
FULL = [
    result(unit, task_id, "10")
    for unit in "abc"
    for task_id in CARRIED
    if unit != "a" or task_id != OF_B_ONLY
]


def has(unit, task_id):
    return unit != "a" or task_id != OF_B_ONLY


@st.composite
def declarations(draw):
    """Rows as they are read: a task only where the unit has it, its indicator beside it."""
    rows = []
    for number in range(draw(st.integers(0, 7))):
        unit = draw(st.sampled_from("ab"))
        task_id = draw(st.sampled_from(["", *(name for name in CARRIED if has(unit, name))]))
        kind = draw(st.sampled_from([DecisionKind.VETO, DecisionKind.VETO, DecisionKind.LIFT]))
        row = decision(unit, kind, task_id, name=draw(st.sampled_from("甲乙丙")))
        about = task_id[:1] or draw(st.sampled_from(["", "1", "2"]))
        rows.append(replace(row, indicator=about, place=f"第 {number} 行"))
    return rows


def reading(rows):
    """What is in force for each unit, and the rows that did something."""
    force: dict[tuple[str, str, str, str], str] = {}
    used: set[str] = set()
    for row in rows:
        for task_id, effects in CARRIED.items():
            named = row.task == task_id if row.task else row.indicator in ("", task_id[0])
            for name, effect in effects:
                key = (row.unit, task_id, name, effect)
                if name != row.name or not named or not has(row.unit, task_id):
                    continue
                if row.kind is DecisionKind.VETO:
                    force[key] = row.place
                elif key in force:
                    used |= {force.pop(key), row.place}
    return force, used | set(force.values())


@settings(max_examples=300, deadline=None)
@given(declarations())
def test_what_is_in_force_and_which_rows_did_nothing(rows):
    scores = scored(SCHEME, *FULL, *rows)
    force, used = reading(rows)
    unused = {p.where for p in scores.problems if p.code == "DECISION-UNUSED"}
    assert unused == {row.place for row in rows} - used
    for unit in "abc":
        mine = {(task_id, effect) for who, task_id, _, effect in force if who == unit}
        effects = {effect for _, effect in mine}
        for task_id in CARRIED:
            if has(unit, task_id):
                zeroed = (task_id, "zero-task") in mine
                assert scores.tasks[unit, task_id].published == (0 if zeroed else 5)
        total = scores.totals[unit]
        assert scores.indicators[unit, "2"].published == (0 if "zero-indicator" in effects else 5)
        assert total.awards_barred is ("no-award" in effects)
        is_lowest = "lowest-grade" in effects or total.published == 0
        assert total.grade == ("差" if is_lowest else "好")
        assert "zero-total" not in effects or total.published == 0
        assert total.without_veto == 15
