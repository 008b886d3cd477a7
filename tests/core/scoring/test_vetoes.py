"""Vetoes: which are in force, what each acts on, and which rows of the decisions change nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaoping.core.results import DecisionKind
from kaoping.core.scoring.scores import ScoreState
from tests.schemes import decision, indicator, result, scheme_of, scored, task, units_text

RATIO = 'kind = "ratio", target = "10"'
GRADES = 'grade = [{ name = "好", from = "8" }, { name = "差", from = "0" }]'
WITH_TOTALS = f'totals = "sum"\n{GRADES}'


def effect(kind, name="造假", **keys):
    more = "".join(f", {key} = {value}" for key, value in keys.items())
    return f'{{ name = "{name}", effect = "{kind}", authority = "纪委"{more} }}'


def vetoes(*effects):
    return f"veto = [{', '.join(effects)}]"


def scheme(*effects, on_second="", top=WITH_TOTALS, units_of_second=""):
    """Indicator 1 with tasks 1.1 (which carries the effects) and 1.2, indicator 2 with task 2.1."""
    return scheme_of(
        indicator(
            task("1.1", RATIO, "6", vetoes(*effects)),
            task("1.2", RATIO, "4", on_second, units_of_second),
        ),
        indicator(task("2.1", RATIO, "5"), points="5", identity="2"),
        top=top,
    )


FULL = [result(unit, name, "10") for unit in "abc" for name in ("1.1", "1.2", "2.1")]


def veto(task_id="1.1", name="造假", unit="a", document="纪要1号"):
    row = decision(unit, DecisionKind.VETO, task_id, name=name)
    return replace(row, document=document, place=f"{document} {name}")


def lift(task_id="1.1", name="造假", unit="a"):
    return replace(decision(unit, DecisionKind.LIFT, task_id, name=name), place=f"撤销 {name}")


def task_points(scores, unit="a"):
    found = [scores.tasks.get((unit, name)) for name in ("1.1", "1.2", "2.1")]
    return [None if row is None else str(row.published) for row in found]


def total(scores, unit="a"):
    row = scores.totals[unit]
    return str(row.published), row.grade, row.awards_barred


def unused(scores):
    return [p.where for p in scores.problems if p.code == "DECISION-UNUSED"]


# --- two effects under one name --------------------------------------------------------------------

BOTH = (effect("zero-task"), effect("lowest-grade"))


@pytest.mark.parametrize("order", [BOTH, BOTH[::-1]], ids=["task first", "grade first"])
def test_every_effect_under_one_name_is_in_force(order):
    scores = scored(scheme(*order), *FULL, veto())
    assert task_points(scores) == ["0.00", "4.00", "5.00"]
    assert total(scores) == ("9.00", "差", False)
    assert unused(scores) == []


def test_a_lift_takes_every_effect_back():
    scores = scored(scheme(*BOTH), *FULL, veto(), lift())
    assert task_points(scores) == ["6.00", "4.00", "5.00"]
    assert total(scores) == ("15.00", "好", False)
    assert unused(scores) == []


def test_a_lift_leaves_vetoes_of_another_name():
    effects = (effect("zero-task"), effect("no-award", "迟报"))
    scores = scored(scheme(*effects), *FULL, veto(), veto(name="迟报"), lift())
    assert task_points(scores)[0] == "6.00"
    assert total(scores)[2] is True


def test_one_effect_written_twice_acts_once():
    scores = scored(scheme(*[effect("zero-total")] * 2), *FULL, veto())
    (step,) = [s for s in scores.totals["a"].steps if "一票否决" in s]
    assert "否决前 15.00" in step


def test_two_vetoes_on_one_task_both_say_why():
    effects = (effect("zero-task"), effect("zero-task", "瞒报"))
    scores = scored(scheme(*effects), *FULL, veto(), veto(name="瞒报", document="纪要2号"))
    row = scores.tasks["a", "1.1"]
    assert "造假" in row.reason
    assert "瞒报" in row.reason
    assert {"纪要1号", "纪要2号"} <= set(row.basis.split("；"))
    assert len([step for step in row.steps if "一票否决" in step]) == 2
    assert unused(scores) == []


# --- which tasks a row without a task is about -----------------------------------------------------


def test_a_veto_does_not_act_through_a_task_the_unit_does_not_have():
    on_second = vetoes(effect("zero-indicator"))
    given = scheme(effect("no-award", "迟报"), on_second=on_second, units_of_second='["b", "c"]')
    rows = [result("a", "1.1", "10"), result("a", "2.1", "10"), veto("")]
    scores = scored(given, *rows)
    assert str(scores.indicators["a", "1"].published) == "10.00"
    assert unused(scores) == ["纪要1号 造假"]


def test_it_acts_through_every_task_the_unit_has():
    given = scheme(effect("zero-task"), on_second=vetoes(effect("zero-task")))
    assert task_points(scored(given, *FULL, veto(""))) == ["0.00", "0.00", "5.00"]


def test_an_indicator_narrows_a_row_without_a_task():
    given = scheme_of(
        indicator(task("1.1", RATIO, "10", vetoes(effect("zero-task")))),
        indicator(task("2.1", RATIO, "10", vetoes(effect("zero-task"))), identity="2"),
    )
    full = [result("a", name, "10") for name in ("1.1", "2.1")]
    everywhere = scored(given, *full, veto(""))
    narrowed = scored(given, *full, replace(veto(""), indicator="2"))
    found = [
        [str(scores.tasks["a", name].published) for name in ("1.1", "2.1")]
        for scores in (everywhere, narrowed)
    ]
    assert found == [["0.00", "0.00"], ["10.00", "0.00"]]


# --- rows that change nothing ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["zero-total", "lowest-grade", "no-award"])
def test_a_veto_on_totals_changes_nothing_without_totals(kind):
    scores = scored(scheme(effect(kind), top=""), *FULL, veto())
    assert unused(scores) == ["纪要1号 造假"]
    assert unused(scored(scheme(effect(kind)), *FULL, veto())) == []


def test_its_lift_changes_nothing_either():
    scores = scored(scheme(effect("zero-total"), top=""), *FULL, veto(), lift())
    assert unused(scores) == ["纪要1号 造假", "撤销 造假"]


def test_the_lowest_grade_needs_grades():
    scores = scored(scheme(effect("lowest-grade"), top='totals = "sum"'), *FULL, veto())
    assert unused(scores) == ["纪要1号 造假"]
    assert scores.totals["a"].steps == ()
    assert total(scores) == ("15.00", "", False)


def test_another_effect_under_its_name_is_used_all_the_same():
    scores = scored(scheme(*BOTH, top=""), *FULL, veto())
    assert task_points(scores)[0] == "0.00"
    assert unused(scores) == []


@pytest.mark.parametrize(
    ("rows", "expected", "points"),
    [
        ([lift()], ["撤销 造假"], "6.00"),
        ([lift(), veto()], ["撤销 造假"], "0.00"),
        ([veto(), lift(), lift()], ["撤销 造假"], "6.00"),
        ([veto(document="甲"), veto(document="乙")], ["甲 造假"], "0.00"),
        ([veto(document="甲"), veto(document="乙"), lift()], ["甲 造假"], "6.00"),
        ([veto(document="甲"), lift(), veto(document="乙")], [], "0.00"),
        ([veto(document="甲"), lift("1.2"), veto("1.2")], ["撤销 造假", "纪要1号 造假"], "0.00"),
        ([veto(unit="b"), lift()], ["撤销 造假"], "6.00"),
    ],
    ids=[
        "a lift alone",
        "a lift before",
        "a second lift",
        "a repeated veto",
        "a repeated veto, lifted",
        "declared anew",
        "of a task without it",
        "of another unit",
    ],
)
def test_a_row_that_changes_nothing_is_told(rows, expected, points):
    scores = scored(scheme(effect("zero-task")), *FULL, *rows)
    assert unused(scores) == expected
    assert task_points(scores)[0] == points


def test_a_veto_on_what_does_not_apply_is_told():
    out = decision("a", DecisionKind.NOT_APPLICABLE, "1.1")
    scores = scored(scheme(effect("zero-task")), *FULL[1:], out, veto())
    assert scores.tasks["a", "1.1"].state is ScoreState.NOT_APPLICABLE
    assert unused(scores) == ["纪要1号 造假"]


# --- what is open, what is not applicable ----------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected", "state"),
    [
        ("zero-total", ("0.00", "差", False), ScoreState.SCORED),
        ("lowest-grade", ("None", "差", False), ScoreState.INCOMPLETE),
        ("no-award", ("None", "", True), ScoreState.INCOMPLETE),
    ],
)
def test_a_veto_acts_on_a_total_that_is_still_open(kind, expected, state):
    scores = scored(scheme(effect(kind)), veto())
    assert total(scores) == expected
    assert scores.totals["a"].state is state
    assert scores.totals["a"].without_veto is None


@pytest.mark.parametrize("kind", ["zero-total", "lowest-grade", "no-award"])
def test_a_total_that_is_not_applicable_stays_so_but_bars_awards(kind):
    out = [decision("a", DecisionKind.NOT_APPLICABLE, name) for name in ("1.1", "1.2", "2.1")]
    scores = scored(scheme(effect(kind)), *out, veto())
    assert total(scores) == ("None", "", kind == "no-award")
    assert scores.totals["a"].state is ScoreState.NOT_APPLICABLE
    assert unused(scores) == ([] if kind == "no-award" else ["纪要1号 造假"])


def mean_scheme():
    """Task 1.1 spares unit a by its group's mean; its rank is provisional while c has no value."""
    units = units_text("a", "b", "c", "d")
    everyone = '["a", "b", "c", "d"]'
    first = task("1.1", 'kind = "rank", step = "1"', "6", vetoes(effect("zero-task")), everyone)
    return scheme_of(
        indicator(first, task("1.2", RATIO, "4", units=everyone)),
        units=units,
        top=f'not_applicable = "mean"\n{WITH_TOTALS}',
    )


SPARED = decision("a", DecisionKind.NOT_APPLICABLE, "1.1")


def test_a_mean_that_waits_for_the_group_is_not_zeroed():
    scores = scored(mean_scheme(), SPARED, result("b", "1.1", "5"), veto())
    assert scores.tasks["a", "1.1"].published is None
    assert scores.tasks["a", "1.1"].state is ScoreState.INCOMPLETE
    assert unused(scores) == ["纪要1号 造假"]


def test_it_says_what_it_waits_for():
    scores = scored(mean_scheme(), SPARED, result("b", "1.1", "5"))
    (problem,) = scores.tasks["a", "1.1"].problems
    assert problem.code == "GROUP-INCOMPLETE"
    assert problem in scores.problems


# --- the mean of provisional scores ----------------------------------------------------------------


def spared(*last):
    """Unit a is spared; b and c have ranks, d's points are decided while its value is missing."""
    given = [result("b", "1.1", "5"), result("c", "1.1", "4"), *last]
    rows = [*given, *(result(unit, "1.2", "10") for unit in "abcd")]
    return scored(mean_scheme(), SPARED, *rows)


def test_the_mean_of_provisional_scores_makes_the_indicator_provisional():
    scores = spared(decision("d", DecisionKind.JUDGEMENT, "1.1", "3"))
    row = scores.tasks["a", "1.1"]
    assert (row.state, str(row.published)) == (ScoreState.NOT_APPLICABLE, "4.67")  # (6 + 5 + 3) ÷ 3
    assert scores.tasks["b", "1.1"].state is ScoreState.PROVISIONAL
    assert scores.indicators["a", "1"].state is ScoreState.PROVISIONAL
    assert scores.totals["a"].state is ScoreState.PROVISIONAL
    assert [problem.code for problem in row.problems] == ["GROUP-INCOMPLETE"]


def test_the_mean_of_complete_scores_does_not():
    scores = spared(result("d", "1.1", "3"))
    assert str(scores.tasks["a", "1.1"].published) == "5.00"
    assert scores.indicators["a", "1"].state is ScoreState.SCORED
    assert scores.totals["a"].state is ScoreState.SCORED
    assert scores.tasks["a", "1.1"].problems == ()


def test_two_spared_units_are_no_part_of_each_others_mean():
    also = decision("b", DecisionKind.NOT_APPLICABLE, "1.1")
    rows = [SPARED, also, result("c", "1.1", "4"), result("d", "1.1", "3")]
    scores = scored(mean_scheme(), *rows)
    assert task_points(scores, "a")[0] == task_points(scores, "b")[0] == "5.50"  # (6 + 5) ÷ 2
