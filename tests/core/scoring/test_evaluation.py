"""Every rule kind on values worked out by hand, its edges first."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kaoping.core.bounds import bounds_of
from kaoping.core.rules import Ties
from kaoping.core.scoring.comparison import Group, Inputs, standings
from kaoping.core.scoring.evaluation import Cell, Evaluated, Unscorable, evaluate_rule
from kaoping.core.working import evaluate
from tests.schemes import rule_of


def inputs(value=None, previous=None, of=None, target=None, awarded=None, counts=(), parts=()):
    def number(text):
        return text if text is None or isinstance(text, bool) else Decimal(text)

    return Inputs(
        value=number(value),
        previous=number(previous),
        of=number(of),
        target=number(target),
        awarded=number(awarded),
        counts={name: Decimal(count) for name, count in dict(counts).items()},
        parts=dict(parts),
    )


def alone(rule, points, given):
    group = Group({"a": given}, frozenset(), Ties.COMPETITION)
    return evaluate_rule(rule_of(rule), Cell("a", Decimal(points), given, group))


def together(rule, points, values, absent=(), ties=Ties.COMPETITION):
    rule = rule_of(rule)
    members = {
        name: value if isinstance(value, Inputs) else inputs(value)
        for name, value in values.items()
    }
    group = Group(members, frozenset(absent), ties)
    return {
        name: evaluate_rule(rule, Cell(name, Decimal(points), given, group))
        for name, given in members.items()
    }


def assert_gives(outcome, expected):
    assert isinstance(outcome, Evaluated), outcome
    assert outcome.term.value == Fraction(expected)
    assert evaluate(outcome.term.text) == outcome.term.value


RATIO = 'kind = "ratio", target = "80"'
CAPPED = 'kind = "ratio", target = "100", cap = "1.2"'
ZEROED = 'kind = "ratio", target = "100", zero_below = "0.6"'
LOWER = 'kind = "ratio", target = "3", lower_is_better = true'
BANDS = (
    'kind = "bands", bands = [{ below = "60", points = "0" },'
    ' { from = "60", below = "80", points = "0.5" }, { from = "90", points = "-1" }]'
)
LINE = 'kind = "interpolate", points = [["60", "1"], ["80", "3"], ["100", "2"]]'
COUNT = 'kind = "count", start = "full", lines = [{ name = "迟报", each = "-0.3" }]'
NO_FLOOR = (
    'kind = "count", start = "full", floor = "none", lines = [{ name = "迟报", each = "-3" }]'
)
BONUS = (
    'kind = "count", start = "zero", cap = "0.5", lines = [{ name = "表彰", each = "0.2" },'
    ' { name = "通报", each = "-0.1" }]'
)
STEP = (
    'kind = "step", target = "10", up = { per = "2", points = "0.5", cap = "1" },'
    ' down = { per = "3", points = "0.4" }'
)
PROPORTIONAL = 'kind = "step", target = "10", down = { per = "4", points = "1" }, whole = false'
GROWTH = 'kind = "step", target = "5", measure = "growth", down = { per = "1", points = "0.1" }'
EFFICACY = 'kind = "efficacy", low = "0", high = "10"'
SUM = (
    'kind = "sum", cap = "1", parts = [{ name = "甲", points = "0.6", rule = { kind = "yes-no" } },'
    ' { name = "乙", points = "0.6", rule = { kind = "ratio", target = "10" } }]'
)
LEAST = (
    'kind = "least", parts = [{ name = "甲", rule = { kind = "ratio", target = "10" } },'
    ' { name = "乙", rule = { kind = "ratio", target = "20" } }]'
)
WEIGHTED = (
    'kind = "weighted", parts = [{ name = "甲", weight = "0.3", rule = { kind = "ratio",'
    ' target = "10" } }, { name = "乙", weight = "0.7", rule = { kind = "yes-no" } }]'
)
FORMULA = 'kind = "formula", score = "points * value / 10", cap = "2"'


@pytest.mark.parametrize(
    ("rule", "points", "given", "expected"),
    [
        (RATIO, "4", inputs("80"), "4"),
        (RATIO, "4", inputs("81"), "4"),
        (RATIO, "4", inputs("20"), "1"),
        (RATIO, "4", inputs("0"), "0"),
        (RATIO, "4", inputs("-5"), "0"),
        (RATIO, "3", inputs("1"), "3/80"),
        (RATIO, "4", inputs("20", target="40"), "2"),
        (CAPPED, "5", inputs("110"), "5.5"),
        (CAPPED, "5", inputs("130"), "6"),
        (ZEROED, "4", inputs("59.99"), "0"),
        (ZEROED, "4", inputs("60"), "2.4"),
        (LOWER, "2", inputs("4.5"), "4/3"),
        (LOWER, "2", inputs("2"), "2"),
        (LOWER, "2", inputs("0"), "2"),
        (BANDS, "1", inputs("59.99"), "0"),
        (BANDS, "1", inputs("60"), "0.5"),
        (BANDS, "1", inputs("79.99"), "0.5"),
        (BANDS, "1", inputs("90"), "-1"),
        (LINE, "9", inputs("0"), "1"),
        (LINE, "9", inputs("60"), "1"),
        (LINE, "9", inputs("70"), "2"),
        (LINE, "9", inputs("80"), "3"),
        (LINE, "9", inputs("90"), "2.5"),
        (LINE, "9", inputs("1000"), "2"),
        (COUNT, "1", inputs(), "1"),
        (COUNT, "1", inputs(counts={"迟报": "2"}), "0.4"),
        (COUNT, "1", inputs(counts={"迟报": "9"}), "0"),
        (COUNT, "1", inputs(counts={"迟报": "0.5"}), "0.85"),
        (NO_FLOOR, "1", inputs(counts={"迟报": "2"}), "-5"),
        (BONUS, "1", inputs(), "0"),
        (BONUS, "1", inputs(counts={"表彰": "2"}), "0.4"),
        (BONUS, "1", inputs(counts={"表彰": "4", "通报": "1"}), "0.5"),
        (BONUS, "1", inputs(counts={"通报": "1"}), "0"),
        (STEP, "3", inputs("10"), "3"),
        (STEP, "3", inputs("11.99"), "3"),
        (STEP, "3", inputs("12"), "3.5"),
        (STEP, "3", inputs("100"), "4"),
        (STEP, "3", inputs("9.99"), "3"),
        (STEP, "3", inputs("7"), "2.6"),
        (STEP, "3", inputs("-1000"), "0"),
        (STEP, "3", inputs("12", target="14"), "3"),
        (PROPORTIONAL, "3", inputs("9"), "2.75"),
        (PROPORTIONAL, "3", inputs("30"), "3"),
        (GROWTH, "1", inputs("105", "100"), "1"),
        (GROWTH, "1", inputs("104", "100"), "0.9"),
        (GROWTH, "1", inputs("104.1", "100"), "1"),
        ('kind = "yes-no"', "2", inputs(value=True), "2"),
        ('kind = "yes-no"', "2", inputs(value=False), "0"),
        ('kind = "yes-no", otherwise = "-1"', "2", inputs(value=False), "-1"),
        ('kind = "checklist"', "35", inputs("10", of="12"), "175/6"),
        ('kind = "checklist"', "35", inputs("0", of="12"), "0"),
        (EFFICACY, "10", inputs("5"), "8"),
        (EFFICACY, "10", inputs("-15"), "0"),
        (EFFICACY, "10", inputs("11"), "10"),
        (SUM, "1", inputs(parts={"甲": inputs(value=True), "乙": inputs("10")}), "1"),
        (SUM, "1", inputs(parts={"甲": inputs(value=False), "乙": inputs("5")}), "0.3"),
        (LEAST, "2", inputs(parts={"甲": inputs("10"), "乙": inputs("10")}), "1"),
        (WEIGHTED, "2", inputs(parts={"甲": inputs("5"), "乙": inputs(value=True)}), "1.7"),
        ('kind = "judgement"', "5", inputs(awarded="4.5"), "4.5"),
        ('kind = "judgement", low = "1", high = "3"', "5", inputs(awarded="1"), "1"),
        (FORMULA, "1", inputs("5"), "0.5"),
        (FORMULA, "1", inputs("50"), "2"),
        (FORMULA, "1", inputs("-50"), "0"),
    ],
)
def test_a_value_gives_the_points_worked_out_by_hand(rule, points, given, expected):
    assert_gives(alone(rule, points, given), expected)


@pytest.mark.parametrize(
    ("rule", "given", "code"),
    [
        (RATIO, inputs(), "INPUT-MISSING"),
        (RATIO, inputs(value=True), "RULE-INAPPLICABLE"),
        (RATIO, inputs("5", target="0"), "RULE-INAPPLICABLE"),
        (RATIO, inputs("5", target="-3"), "RULE-INAPPLICABLE"),
        ('kind = "ratio"', inputs("5"), "RULE-INAPPLICABLE"),
        (LOWER, inputs("-1"), "RULE-INAPPLICABLE"),
        (BANDS, inputs("85"), "RULE-INAPPLICABLE"),
        (GROWTH, inputs("5"), "INPUT-MISSING"),
        (GROWTH, inputs("5", "0"), "RULE-INAPPLICABLE"),
        (GROWTH, inputs("5", "-2"), "RULE-INAPPLICABLE"),
        ('kind = "yes-no"', inputs(), "INPUT-MISSING"),
        ('kind = "yes-no"', inputs("1"), "RULE-INAPPLICABLE"),
        ('kind = "checklist"', inputs("1"), "INPUT-MISSING"),
        ('kind = "checklist"', inputs("0", of="0"), "INPUT-MISSING"),
        ('kind = "checklist"', inputs("5", of="4"), "RULE-INAPPLICABLE"),
        ('kind = "checklist"', inputs("-1", of="4"), "RULE-INAPPLICABLE"),
        (SUM, inputs(parts={"甲": inputs(value=True)}), "INPUT-MISSING"),
        (LEAST, inputs(parts={"乙": inputs("1")}), "INPUT-MISSING"),
        (WEIGHTED, inputs(parts={"甲": inputs("1")}), "INPUT-MISSING"),
        ('kind = "judgement"', inputs(), "INPUT-MISSING"),
        ('kind = "judgement"', inputs(awarded="10.01"), "DECISION-OUT-OF-RANGE"),
        ('kind = "judgement", low = "1"', inputs(awarded="0.99"), "DECISION-OUT-OF-RANGE"),
        ('kind = "formula", score = "points / value"', inputs("0"), "RULE-INAPPLICABLE"),
        ('kind = "formula", score = "points / value"', inputs(), "INPUT-MISSING"),
        ('kind = "formula", score = "target"', inputs(), "RULE-INAPPLICABLE"),
        ('kind = "rank", step = "1"', inputs("3"), "GROUP-OF-ONE"),
        ('kind = "efficacy", low = "min", high = "max"', inputs("3"), "GROUP-OF-ONE"),
        (
            'kind = "step", target = "mean", up = { per = "1", points = "1" }',
            inputs("3"),
            "GROUP-OF-ONE",
        ),
    ],
)
def test_what_cannot_be_scored_is_a_problem_and_never_zero(rule, given, code):
    outcome = alone(rule, "10", given)
    assert isinstance(outcome, Unscorable)
    assert outcome.code == code
    assert outcome.message
    assert outcome.suggestion


def test_what_was_cut_is_told():
    assert alone(CAPPED, "5", inputs("130")).steps
    assert alone(CAPPED, "5", inputs("130")).raw == Fraction("6.5")
    assert alone(COUNT, "1", inputs(counts={"迟报": "9"})).raw == Fraction("-1.7")
    assert not alone(COUNT, "1", inputs(counts={"迟报": "1"})).steps


def test_a_floor_above_the_cap_gives_way():
    crossed = 'kind = "count", start = "zero", floor = "2", cap = "1", lines = [{ name = "好", each = "1" }]'
    assert_gives(alone(crossed, "5", inputs()), "1")
    assert bounds_of(rule_of(crossed), Decimal(5)) == (Decimal(1), Decimal(1))


# --- groups ----------------------------------------------------------------------------------------

RANK = 'kind = "rank", step = "3"'
PLACES = 'kind = "rank", bands = [{ to = "1", points = "5" }, { to = "3", points = "4" }]'
MEAN = 'kind = "step", target = "mean", up = { per = "1", points = "0.5" }, down = { per = "2", points = "1" }'
SPREAD = 'kind = "efficacy", low = "min", high = "max"'


@pytest.mark.parametrize(
    ("rule", "ties", "expected"),
    [
        (RANK, Ties.COMPETITION, ["20", "17", "17", "11"]),
        (RANK, Ties.DENSE, ["20", "17", "17", "14"]),
        (RANK, Ties.AVERAGE, ["20", "15.5", "15.5", "11"]),
        (RANK + ', order = "ascending"', Ties.COMPETITION, ["11", "17", "17", "20"]),
        (RANK + ', ties = "dense"', Ties.AVERAGE, ["20", "17", "17", "14"]),
        (RANK + ', first = "8"', Ties.COMPETITION, ["8", "5", "5", "0"]),
        (PLACES, Ties.COMPETITION, ["5", "4", "4", "0"]),
        (PLACES, Ties.AVERAGE, ["5", "4", "4", "0"]),
        (SPREAD, Ties.COMPETITION, ["20", "16", "16", "12"]),
        (MEAN, Ties.COMPETITION, ["22.5", "20", "20", "18"]),
    ],
)
def test_units_are_compared(rule, ties, expected):
    outcomes = together(rule, "20", {"a": "30", "b": "25", "c": "25", "d": "20"}, ties=ties)
    for outcome, points in zip(outcomes.values(), expected, strict=True):
        assert_gives(outcome, points)


def test_an_incomplete_group_gives_provisional_scores_only():
    for rule in (RANK, SPREAD, MEAN):
        outcomes = together(rule, "20", {"a": "30", "b": None, "c": "20"})
        assert outcomes["a"].provisional
        assert outcomes["c"].provisional
        assert outcomes["b"].code == "INPUT-MISSING"


def test_the_absent_get_nothing_and_leave_the_others_complete():
    outcomes = together(RANK, "20", {"a": "30", "b": None, "c": "20"}, absent=["b"])
    assert_gives(outcomes["b"], "0")
    assert not outcomes["a"].provisional
    assert_gives(outcomes["c"], "17")


def test_equal_values_give_full_points():
    for outcome in together(SPREAD, "20", {"a": "7", "b": "7"}).values():
        assert_gives(outcome, "20")


def test_a_mean_of_thirds_stays_exact():
    outcomes = together(MEAN, "20", {"a": "1", "b": "1", "c": "2"})
    assert_gives(outcomes["a"], "20")  # 1/3 below the mean is no whole step of 2
    rule = MEAN.replace('points = "1" }', 'points = "1" }, whole = false')
    assert_gives(
        together(rule, "20", {"a": "1", "b": "1", "c": "2"})["a"], Fraction(20) - Fraction(1, 6)
    )


def test_a_value_without_its_predecessor_is_left_out_of_growth():
    growth = MEAN + ', measure = "growth"'
    members = {"a": inputs("110", "100"), "b": inputs("120", "100"), "c": inputs("5", "0")}
    outcomes = together(growth, "20", members)
    assert outcomes["c"].code == "RULE-INAPPLICABLE"
    assert outcomes["a"].provisional
    assert_gives(outcomes["b"], "22.5")


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        (Ties.COMPETITION, [1, 2, 2, 4, 5, 5, 5]),
        (Ties.DENSE, [1, 2, 2, 3, 4, 4, 4]),
        (Ties.AVERAGE, [1, Fraction(5, 2), Fraction(5, 2), 4, 6, 6, 6]),
    ],
)
def test_three_ways_of_numbering_ties(ties, expected):
    values = {str(n): Fraction(v) for n, v in enumerate([9, 8, 8, 7, 1, 1, 1])}
    ranks = standings(values, ties, descending=True)
    assert [ranks[str(n)].rank for n in range(7)] == expected


def test_parts_are_compared_at_their_own_path():
    rule = (
        'kind = "sum", parts = [{ name = "甲", points = "5", rule = { kind = "rank", step = "1" } },'
        ' { name = "乙", points = "5", rule = { kind = "rank", step = "1", order = "ascending" } }]'
    )
    members = {
        "a": inputs(parts={"甲": inputs("9"), "乙": inputs("9")}),
        "b": inputs(parts={"甲": inputs("8"), "乙": inputs("9")}),
        "c": inputs(parts={"甲": inputs("7"), "乙": inputs("1")}),
    }
    outcomes = together(rule, "10", members)
    assert [outcomes[unit].term.value for unit in "abc"] == [5 + 4, 4 + 4, 3 + 5]
