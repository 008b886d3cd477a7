"""From rows to published points: what counts, in which order, and what a person may change."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kaoping.core.results import DecisionKind, Status
from kaoping.core.scoring.scores import ScoreState
from tests.schemes import (
    decision,
    deduction,
    indicator,
    result,
    scheme_of,
    scored,
    task,
    units_text,
)

RATIO = 'kind = "ratio", target = "10"'
COUNT = 'kind = "count", start = "full", lines = [{ name = "迟报", each = "-1" }]'
YES = 'kind = "yes-no"'


def one_task(rule, points="10", extra="", top="", indicator_extra=""):
    return scheme_of(
        indicator(task("1.1", rule, points, extra), points="10", extra=indicator_extra), top=top
    )


def published(scores, unit="a", task_id="1.1"):
    value = scores.tasks[unit, task_id].published
    return None if value is None else str(value)


def of_indicator(scores, unit="a", identity="1"):
    value = scores.indicators[unit, identity].published
    return None if value is None else str(value)


def codes(scores):
    return [problem.code for problem in scores.problems]


# --- which value counts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("3", Status.FLASH, 1), ("4", Status.PRELIMINARY, 1)], "4.00"),
        ([("4", Status.PRELIMINARY, 9), ("5", Status.FINAL, 1)], "5.00"),
        ([("5", Status.FINAL, 9), ("6", Status.VERIFIED, 1)], "6.00"),
        ([("6", Status.VERIFIED, 1), ("5", Status.FINAL, 9)], "6.00"),
        ([("5", Status.FINAL, 1), ("7", Status.FINAL, 2)], "7.00"),
        ([("7", Status.FINAL, 2), ("5", Status.FINAL, 1)], "7.00"),
        ([("5", Status.FINAL, 1), ("5", Status.FINAL, 1)], "5.00"),
        ([("5", Status.FINAL, 1), ("6", Status.FLASH, 1), ("7", Status.FLASH, 1)], "5.00"),
    ],
)
def test_the_weightier_then_the_later_value_counts(rows, expected):
    results = [
        result("a", "1.1", value, status=status, as_of=date(2024, 12, day))
        for value, status, day in rows
    ]
    assert published(scored(one_task(RATIO), *results)) == expected


def test_reported_and_verified_both_stay_visible():
    rows = [result("a", "1.1", "9"), result("a", "1.1", "8", status=Status.VERIFIED)]
    score = scored(one_task(RATIO), *rows).tasks["a", "1.1"]
    assert (score.reported, score.verified) == ("9", "8")
    assert str(score.published) == "8.00"


def test_two_values_of_equal_standing_are_for_a_person():
    rows = [result("a", "1.1", "5"), result("a", "1.1", "6")]
    scores = scored(one_task(RATIO), *rows)
    assert published(scores) is None
    assert "RESULT-AMBIGUOUS" in codes(scores)
    decided = scored(one_task(RATIO), *rows, decision("a", DecisionKind.MISSING, "1.1", "6"))
    assert published(decided) == "6.00"


def test_a_value_dated_after_the_cutoff_does_not_count():
    late = result("a", "1.1", "9", as_of=date(2025, 1, 1))
    scores = scored(one_task(RATIO), late)
    assert published(scores) is None
    assert "AFTER-CUTOFF" in codes(scores)
    on_the_day = result("a", "1.1", "9", as_of=date(2024, 12, 31))
    assert published(scored(one_task(RATIO), on_the_day, late)) == "9.00"


def test_a_missing_value_is_not_zero():
    scores = scored(one_task(RATIO))
    assert scores.tasks["a", "1.1"].state is ScoreState.INCOMPLETE
    assert published(scores) is None
    assert of_indicator(scores) is None
    assert codes(scores).count("INPUT-MISSING") == 3
    decided = scored(one_task(RATIO), decision("a", DecisionKind.MISSING, "1.1", "0"))
    assert published(decided) == "0.00"
    assert decided.tasks["a", "1.1"].state is ScoreState.SCORED


def test_a_value_that_is_there_outweighs_a_decision_on_its_absence():
    rows = [result("a", "1.1", "9"), decision("a", DecisionKind.MISSING, "1.1", "1")]
    scores = scored(one_task(RATIO), *rows)
    assert published(scores) == "9.00"
    assert "DECISION-UNUSED" in codes(scores)


def test_facts_of_one_line_add_up():
    rows = [deduction("a", "1.1", "迟报", "2"), deduction("a", "1.1", "迟报", "1")]
    score = scored(one_task(COUNT), *rows).tasks["a", "1.1"]
    assert str(score.published) == "7.00"
    assert [fact.points for fact in score.deductions] == [-2, -1]
    assert published(scored(one_task(COUNT))) == "10.00"


def test_a_unit_has_its_own_target_points_and_number_of_items():
    extra = """
[[assignment]]
unit = "a"
task = "1.1"
target = "20"
"""
    scheme = scheme_of(indicator(task("1.1", RATIO)), bottom=extra)
    scores = scored(scheme, result("a", "1.1", "5"), result("b", "1.1", "5"))
    assert (published(scores, "a"), published(scores, "b")) == ("2.50", "5.00")
    extra = '\n[[assignment]]\nunit = "a"\ntask = "1.1"\nof = "4"\n'
    scheme = scheme_of(indicator(task("1.1", 'kind = "checklist"')), bottom=extra)
    assert published(scored(scheme, result("a", "1.1", "3"))) == "7.50"


# --- rounding --------------------------------------------------------------------------------------


def test_half_is_rounded_up_and_only_once():
    rule = 'kind = "formula", score = "value", cap = "none"'
    scores = scored(one_task(rule), result("a", "1.1", "0.125"), result("b", "1.1", "0.1249999"))
    assert (published(scores, "a"), published(scores, "b")) == ("0.13", "0.12")
    negative = 'kind = "formula", score = "value", cap = "none", floor = "none"'
    assert published(scored(one_task(negative), result("a", "1.1", "-0.125"))) == "-0.13"


def test_an_indicator_rounds_the_sum_of_published_points():
    scheme = scheme_of(
        indicator(
            task("1.1", RATIO, "5"), task("1.2", RATIO, "5"), points="3", extra='scale = "10"'
        )
    )
    scores = scored(scheme, result("a", "1.1", "3.33"), result("a", "1.2", "3.35"))
    # 1.665 → 1.67 and 1.675 → 1.68; 3 × 3.35 ÷ 10 = 1.005 → 1.01
    assert (published(scores), published(scores, task_id="1.2")) == ("1.67", "1.68")
    assert of_indicator(scores) == "1.01"
    assert scores.indicators["a", "1"].raw == Fraction("1.005")


def test_places_are_the_schemes():
    scheme = one_task(RATIO, top="places = 0")
    assert published(scored(scheme, result("a", "1.1", "4.5"))) == "5"


# --- decisions -------------------------------------------------------------------------------------


def test_an_adjustment_comes_after_rounding():
    rows = [result("a", "1.1", "3.333"), decision("a", DecisionKind.ADJUST, "1.1", "-0.5")]
    score = scored(one_task(RATIO), *rows).tasks["a", "1.1"]
    assert (str(score.rounded), str(score.adjustment), str(score.published)) == (
        "3.33",
        "-0.5",
        "2.83",
    )
    assert score.steps
    assert "理由" in score.reason


def test_adjustments_add_up():
    rows = [result("a", "1.1", "3")] + [decision("a", DecisionKind.ADJUST, "1.1", "0.5")] * 2
    assert published(scored(one_task(RATIO), *rows)) == "4.00"


@pytest.mark.parametrize("change", ["7.01", "-3.01"])
def test_an_adjustment_beyond_floor_and_cap_is_refused(change):
    rows = [result("a", "1.1", "3"), decision("a", DecisionKind.ADJUST, "1.1", change)]
    scores = scored(one_task(RATIO), *rows)
    assert published(scores) is None
    assert "DECISION-OUT-OF-RANGE" in codes(scores)
    assert str(scores.tasks["a", "1.1"].rounded) == "3.00"


def test_the_latest_judgement_counts_and_stays_in_its_range():
    rule = 'kind = "judgement", low = "2", high = "8"'
    rows = [decision("a", DecisionKind.JUDGEMENT, "1.1", points) for points in ("3", "8")]
    assert published(scored(one_task(rule), *rows)) == "8.00"
    scores = scored(one_task(rule), decision("a", DecisionKind.JUDGEMENT, "1.1", "8.01"))
    assert published(scores) is None
    assert "DECISION-OUT-OF-RANGE" in codes(scores)


OWN_POINT = '\n[[assignment]]\nunit = "a"\ntask = "1.1"\npoints = "1"\n'
AWARDED_AT_LEAST_TWO = 'kind = "judgement", low = "2"'


@pytest.mark.parametrize("in_a_part", [False, True], ids=["at the top", "in a part"])
@pytest.mark.parametrize(
    ("points", "expected"), [("1", "1.00"), ("0.99", None), ("1.01", None), ("2", None)]
)
def test_where_the_floor_of_a_judgement_lies_above_its_cap_the_cap_wins(
    points, expected, in_a_part
):
    rule, name = AWARDED_AT_LEAST_TWO, ""
    if in_a_part:
        rule, name = f'kind = "least", parts = [{{ name = "评", rule = {{ {rule} }} }}]', "评"
    scheme = scheme_of(indicator(task("1.1", rule)), bottom=OWN_POINT)
    scores = scored(scheme, decision("a", DecisionKind.JUDGEMENT, "1.1", points, name))
    assert published(scores) == expected
    assert ("DECISION-OUT-OF-RANGE" in codes(scores)) is (expected is None)


def test_where_they_do_not_cross_the_floor_holds():
    scheme = one_task(AWARDED_AT_LEAST_TWO)
    assert published(scored(scheme, decision("a", DecisionKind.JUDGEMENT, "1.1", "2"))) == "2.00"
    assert published(scored(scheme, decision("a", DecisionKind.JUDGEMENT, "1.1", "1"))) is None


def test_a_person_decides_what_a_rule_cannot():
    scheme = one_task('kind = "checklist"')
    rows = [result("a", "1.1", "0"), result("a", "1.1", "0", "of")]
    assert published(scored(scheme, *rows)) is None
    decided = decision("a", DecisionKind.JUDGEMENT, "1.1", "10")
    assert published(scored(scheme, *rows, decided)) == "10.00"
    beyond = decision("a", DecisionKind.JUDGEMENT, "1.1", "10.5")
    assert published(scored(scheme, *rows, beyond)) is None


def test_a_decision_without_effect_is_told():
    rows = [result("a", "1.1", "9"), decision("a", DecisionKind.ABSENT, "1.1")]
    assert "DECISION-UNUSED" in codes(scored(one_task(RATIO), *rows))


# --- not applicable --------------------------------------------------------------------------------


def two_tasks(treatment, *, by_decision):
    out = '\n[[assignment]]\nunit = "a"\ntask = "1.2"\nstate = "not-applicable"\n'
    scheme = scheme_of(
        indicator(task("1.1", RATIO, "6"), task("1.2", RATIO, "4")),
        top=f'not_applicable = "{treatment}"',
        bottom="" if by_decision else out,
    )
    rows: list[object] = [
        result("a", "1.1", "5"),
        result("b", "1.1", "10"),
        result("b", "1.2", "5"),
    ]
    rows += [result("c", "1.1", "0"), result("c", "1.2", "10")]
    if by_decision:
        rows.append(decision("a", DecisionKind.NOT_APPLICABLE, "1.2"))
    return scored(scheme, *rows)


@pytest.mark.parametrize("by_decision", [False, True], ids=["scheme", "decision"])
@pytest.mark.parametrize(
    ("treatment", "of_task", "whole", "reachable"),
    [
        ("rescale", None, "5.00", "10.00"),  # 10 × 3 ÷ 6
        ("drop", None, "3.00", "6.00"),  # 10 × 3 ÷ 10
        ("full", "4.00", "7.00", "10.00"),
        ("share:0.6", "2.40", "5.40", "10.00"),
        ("mean", "3.00", "6.00", "10.00"),  # 4 × (2/4 + 4/4) ÷ 2
    ],
)
def test_a_task_that_does_not_apply(treatment, of_task, whole, reachable, by_decision):
    scores = two_tasks(treatment, by_decision=by_decision)
    row = scores.tasks["a", "1.2"]
    assert row.state is ScoreState.NOT_APPLICABLE
    assert row.reason
    assert published(scores, task_id="1.2") == of_task
    assert of_indicator(scores) == whole
    assert str(scores.indicators["a", "1"].reachable_points) == reachable
    assert of_indicator(scores, "b") == "8.00"


def test_where_nothing_applies_there_is_no_score():
    scheme = one_task(RATIO)
    scores = scored(scheme, decision("a", DecisionKind.NOT_APPLICABLE, "1.1"))
    assert scores.indicators["a", "1"].state is ScoreState.NOT_APPLICABLE
    assert of_indicator(scores) is None
    assert scores.indicators["a", "1"].rank is None


def test_the_mean_waits_for_the_group():
    scheme = scheme_of(indicator(task("1.1", RATIO)), top='not_applicable = "mean"')
    rows = [result("b", "1.1", "5"), decision("a", DecisionKind.NOT_APPLICABLE, "1.1")]
    assert published(scored(scheme, *rows)) is None
    assert published(scored(scheme, *rows, result("c", "1.1", "10"))) == "7.50"


def test_a_task_may_have_its_own_treatment():
    own = task("1.1", RATIO, extra='not_applicable = "full"')
    scheme = scheme_of(indicator(own), top='not_applicable = "drop"')
    assert published(scored(scheme, decision("a", DecisionKind.NOT_APPLICABLE, "1.1"))) == "10.00"


# --- vetoes ----------------------------------------------------------------------------------------


def vetoed(effect, *rows, totals="sum", tasks=""):
    veto = f'veto = [{{ name = "造假", effect = "{effect}", authority = "纪委"{tasks} }}]'
    scheme = scheme_of(
        indicator(task("1.1", RATIO, "6", veto), task("1.2", RATIO, "4")),
        indicator(task("2.1", RATIO, "5"), points="5", identity="2"),
        top=f'totals = "{totals}"\ngrade = [{{ name = "好", from = "8" }}, {{ name = "差", from = "0" }}]',
    )
    given = [result(unit, t, "10") for unit in "abc" for t in ("1.1", "1.2", "2.1")]
    return scored(scheme, *given, *rows)


VETO = decision("a", DecisionKind.VETO, "1.1", name="造假")
LIFT = decision("a", DecisionKind.LIFT, "1.1", name="造假")


@pytest.mark.parametrize(
    ("effect", "tasks", "expected"),
    [
        ("zero-task", "", ("0.00", "4.00", "4.00", "9.00", "好")),
        ("zero-tasks", ', tasks = ["1.1", "1.2"]', ("0.00", "0.00", "0.00", "5.00", "差")),
        ("zero-indicator", "", ("6.00", "4.00", "0.00", "5.00", "差")),
        ("zero-total", "", ("6.00", "4.00", "10.00", "0.00", "差")),
        ("lowest-grade", "", ("6.00", "4.00", "10.00", "15.00", "差")),
        ("no-award", "", ("6.00", "4.00", "10.00", "15.00", "好")),
    ],
)
def test_a_veto_acts_last_and_hides_nothing(effect, tasks, expected):
    scores = vetoed(effect, VETO, tasks=tasks)
    total = scores.totals["a"]
    found = (published(scores), published(scores, task_id="1.2"), of_indicator(scores))
    assert (*found, str(total.published), total.grade) == expected
    assert str(total.without_veto) == "15.00"
    assert str(scores.tasks["a", "1.1"].without_veto) == "6.00"
    assert total.awards_barred is (effect == "no-award")
    assert str(scores.totals["b"].published) == "15.00"


def test_a_veto_needs_its_declaration_and_can_be_lifted():
    assert str(vetoed("zero-total").totals["a"].published) == "15.00"
    lifted = vetoed("zero-total", VETO, LIFT)
    assert str(lifted.totals["a"].published) == "15.00"
    again = vetoed("zero-total", VETO, LIFT, VETO)
    assert str(again.totals["a"].published) == "0.00"
    assert "DECISION-UNUSED" not in codes(lifted)


def test_a_veto_acts_on_a_task_that_is_still_open():
    veto = 'veto = [{ name = "造假", effect = "zero-task", authority = "纪委" }]'
    scores = scored(one_task(RATIO, extra=veto), VETO)
    assert published(scores) == "0.00"
    assert scores.tasks["a", "1.1"].without_veto is None


# --- indicators, totals, ranks ---------------------------------------------------------------------


def test_bonus_points_come_before_cap_and_floor():
    bonus = 'kind = "count", start = "zero", floor = "none", cap = "3", lines = [{ name = "表彰", each = "1" }, { name = "通报", each = "-20" }]'
    scheme = scheme_of(
        indicator(
            task("1.1", RATIO),
            task("1.2", bonus, "3", "bonus = true"),
            extra='cap = "11"\nfloor = "0"',
        )
    )
    full = [result(unit, "1.1", "10") for unit in "abc"]
    scores = scored(
        scheme, *full, deduction("a", "1.2", "表彰", "3"), deduction("b", "1.2", "表彰")
    )
    assert of_indicator(scores) == "11.00"
    assert of_indicator(scores, "b") == "11.00"
    assert of_indicator(scores, "c") == "10.00"
    assert scores.indicators["a", "1"].raw == 13
    fallen = scored(scheme, *full, deduction("a", "1.2", "通报"))
    assert of_indicator(fallen) == "0.00"


def test_an_indicator_measured_by_hundred_is_scaled():
    scheme = scheme_of(indicator(task("1.1", RATIO, "100"), points="8", extra='scale = "100"'))
    assert of_indicator(scored(scheme, result("a", "1.1", "5.7"))) == "4.56"


def test_ranks_are_within_groups_and_ties_as_declared():
    units = units_text("a", "b", group="镇") + '\n[[unit]]\nid = "c"\nname = "c局"\ngroup = "乡"\n'
    scheme = scheme_of(
        indicator(task("1.1", RATIO)), units=units, top='totals = "sum"\nties = "average"'
    )
    scores = scored(scheme, *(result(unit, "1.1", "7") for unit in "abc"))
    assert [scores.totals[unit].rank for unit in "abc"] == ["1.5", "1.5", "1"]
    assert [scores.indicators[unit, "1"].rank for unit in "abc"] == ["1.5", "1.5", "1"]


def test_totals_wait_for_every_indicator():
    scheme = scheme_of(
        indicator(task("1.1", RATIO)),
        indicator(task("2.1", RATIO), identity="2"),
        top='totals = "sum"',
    )
    total = scored(scheme, result("a", "1.1", "5")).totals["a"]
    assert total.published is None
    assert total.rank is None
    assert total.grade == ""


def test_totals_are_scaled_up_for_units_with_fewer_indicators():
    scheme = scheme_of(
        indicator(task("1.1", RATIO)),
        indicator(task("2.1", RATIO, units='["b"]'), identity="2"),
        top='totals = "rescale"',
    )
    scores = scored(
        scheme, result("a", "1.1", "5"), result("b", "1.1", "5"), result("b", "2.1", "10")
    )
    assert str(scores.totals["a"].published) == "10.00"
    assert str(scores.totals["b"].published) == "15.00"


def test_a_unit_without_a_task_is_measured_by_what_it_has():
    scheme = scheme_of(
        indicator(task("1.1", RATIO, "6"), task("1.2", RATIO, "4", units='["b", "c"]'))
    )
    scores = scored(scheme, result("a", "1.1", "5"))
    assert ("a", "1.2") not in scores.tasks
    assert of_indicator(scores) == "5.00"


def test_a_grade_begins_with_its_lowest_total():
    scheme = one_task(
        RATIO,
        top='totals = "sum"\ngrade = [{ name = "好", from = "9" }, { name = "中", from = "6" }]',
    )
    rows = [result("a", "1.1", "9"), result("b", "1.1", "8.999"), result("c", "1.1", "5.99")]
    totals = scored(scheme, *rows).totals
    assert [totals[unit].grade for unit in "abc"] == ["好", "好", ""]
    assert totals["b"].published == Decimal("9.00"), "the published total is what is graded"
