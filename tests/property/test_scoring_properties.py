"""Scoring against an oracle of its own, in fractions, on rules and values nobody thought of."""

from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core import rules
from kaoping.core.bounds import bounds_of
from kaoping.core.canonical import round_half_up
from kaoping.core.results import DecisionKind, Entries
from kaoping.core.rules import Ties
from kaoping.core.scoring.assessment import score
from kaoping.core.scoring.comparison import Group, Inputs
from kaoping.core.scoring.evaluation import Cell, Evaluated, Unscorable, evaluate_rule
from kaoping.core.scoring.scores import ScoreState
from kaoping.core.working import evaluate, written
from tests.schemes import decision, deduction, indicator, result, scheme_of, task

pytestmark = pytest.mark.slow

decimals = st.decimals(-500, 500, places=2)
positive = st.decimals("0.01", 500, places=2)
shares = st.decimals("0.01", 2, places=2)
points_at_stake = st.decimals("0.1", 100, places=1)
names = st.sampled_from(["甲", "乙", "丙"])
floors = st.one_of(st.just("none"), st.decimals(-20, 20, places=1))
caps = st.one_of(st.just("none"), st.just("points"), st.decimals(-20, 120, places=1))


@st.composite
def bands(draw):
    edges = sorted(draw(st.lists(decimals, min_size=1, max_size=4, unique=True)))
    ends = [None, *edges, None]
    rows = [rules.Band(low, high, draw(decimals)) for low, high in pairwise(ends)]
    return rules.Bands(tuple(draw(st.permutations(rows))))


@st.composite
def curves(draw):
    xs = sorted(draw(st.lists(decimals, min_size=1, max_size=4, unique=True)))
    return rules.Interpolate(tuple((x, draw(decimals)) for x in xs))


@st.composite
def counts(draw):
    lines = [
        rules.Line(name, draw(st.decimals(-3, 3, places=2)))
        for name in draw(st.lists(names, min_size=1, max_size=3, unique=True))
    ]
    return rules.Count(draw(st.sampled_from(rules.Start)), tuple(lines), draw(floors), draw(caps))


sides = st.one_of(
    st.none(),
    st.builds(
        rules.Side,
        positive,
        st.decimals(0, 5, places=2),
        st.one_of(st.none(), st.decimals(0, 20, places=1)),
    ),
)
steps = st.builds(
    rules.Step,
    st.one_of(decimals, st.just("mean")),
    st.sampled_from(rules.Measure),
    sides,
    sides,
    st.booleans(),
    floors,
)
ranks = st.builds(
    rules.Rank,
    st.sampled_from(rules.Order),
    st.one_of(st.just("points"), st.decimals(0, 50, places=1)),
    st.decimals(0, 5, places=2),
    floors,
    st.just(()),
    st.one_of(st.none(), st.sampled_from(Ties)),
)
efficacies = st.builds(
    rules.Efficacy,
    st.one_of(st.just("min"), st.decimals(-500, 0, places=2)),
    st.one_of(st.just("max"), st.decimals("0.01", 500, places=2)),
    st.decimals(0, 60, places=0),
    st.decimals(1, 40, places=0),
)
judgements = st.builds(rules.Judgement, st.decimals(-5, 2, places=1), st.just("points"))
simple = st.one_of(
    st.builds(
        rules.Ratio, positive, shares, st.one_of(st.none(), shares), lower_is_better=st.booleans()
    ),
    bands(),
    curves(),
    counts(),
    steps,
    st.builds(rules.YesNo, decimals),
    st.just(rules.Checklist()),
    ranks,
    efficacies,
    judgements,
)


@st.composite
def compounds(draw, inner):
    kind = draw(st.sampled_from([rules.Sum, rules.Least, rules.Weighted]))
    parts = [
        rules.Part(name, draw(inner), draw(points_at_stake), draw(shares))
        for name in draw(
            st.lists(st.sampled_from(["一", "二", "三"]), min_size=1, max_size=3, unique=True)
        )
    ]
    if kind is rules.Sum:
        return rules.Sum(tuple(parts), draw(floors), draw(caps))
    return kind(tuple(parts))


any_rule = st.recursive(simple, compounds, max_leaves=5)


# Made once: thousands of inputs are drawn, and making a strategy takes longer than drawing from it.
answers = st.one_of(st.none(), st.booleans())
values = st.one_of(st.none(), decimals, decimals, decimals)
known_or_not = st.one_of(st.none(), decimals)
wholes = st.one_of(st.none(), st.decimals(0, 500, places=0))
tallies = st.decimals(0, 9, places=0)
targets = st.one_of(st.none(), st.none(), decimals)


@st.composite
def inputs_for(draw, rule):
    return Inputs(
        value=draw(answers if isinstance(rule, rules.YesNo) else values),
        previous=draw(known_or_not),
        of=draw(wholes),
        counts={name: draw(tallies) for name in "甲乙丙"},
        target=draw(targets),
        awarded=draw(known_or_not),
        parts={part.name: draw(inputs_for(part.rule)) for part in rules.parts_of(rule)},
    )


group_sizes = st.integers(1, 4)
absences = st.lists(st.sampled_from("abcd"), max_size=1)
ways_with_ties = st.sampled_from(Ties)


@st.composite
def situations(draw):
    """A rule, the points at stake, four units' inputs, who was absent, and how ties count."""
    rule = draw(any_rule)
    members = {unit: draw(inputs_for(rule)) for unit in "abcd"[: draw(group_sizes)]}
    absent = frozenset(draw(absences))
    return rule, draw(points_at_stake), members, absent, draw(ways_with_ties)


def outcomes(situation):
    rule, points, members, absent, ties = situation
    group = Group(members, absent & set(members), ties)
    return {
        unit: evaluate_rule(rule, Cell(unit, points, given, group))
        for unit, given in members.items()
    }


# --- the oracle: the arithmetic of the rules, from their description -------------------------------


class SilentError(Exception):
    """Nothing can be said."""


def need(value):
    if value is None or isinstance(value, bool):
        raise SilentError
    return Fraction(value)


def limit(value, low, high, points):
    low = None if low == "none" else Fraction(low)
    high = None if high == "none" else Fraction(points if high == "points" else high)
    if low is not None:
        value = max(value, low)
    return value if high is None else min(value, high)


def at(given, path):
    return reduce(lambda inputs, name: inputs.parts[name], path, given)


def measure(rule, given):
    if given.value is None or isinstance(given.value, bool):
        return None
    if isinstance(rule, rules.Step) and rule.measure is rules.Measure.GROWTH:
        if given.previous is None or given.previous <= 0:
            return None
        return (Fraction(given.value) / Fraction(given.previous) - 1) * 100
    return Fraction(given.value)


def group_values(rule, path, members, absent):
    present = {u: measure(rule, at(g, path)) for u, g in members.items() if u not in absent}
    values = {u: v for u, v in present.items() if v is not None}
    if not values or len(present) == 1:
        raise SilentError
    return values


def oracle(rule, points, unit, situation, path=()):  # noqa: PLR0915 - one case a kind
    _, _, members, absent, ties = situation
    given = at(members[unit], path)
    stake = Fraction(points)

    def part(inner, inner_points):
        return oracle(inner.rule, inner_points, unit, situation, (*path, inner.name))

    match rule:
        case rules.Ratio():
            x, target = (
                need(given.value),
                need(rule.target if given.target is None else given.target),
            )
            if target <= 0 or (rule.lower_is_better and x < 0):
                raise SilentError
            cap = Fraction(rule.cap)
            if rule.lower_is_better:
                ratio = cap if x == 0 else target / x
                below = x != 0
            else:
                ratio, below = x / target, True
            if below and rule.zero_below is not None and ratio < rule.zero_below:
                return Fraction(0)
            return stake * min(max(ratio, Fraction(0)), cap)
        case rules.Bands():
            x = need(given.value)
            for band in rule.bands:
                if (band.lower is None or x >= band.lower) and (
                    band.upper is None or x < band.upper
                ):
                    return Fraction(band.points)
            raise SilentError
        case rules.Interpolate():
            x = need(given.value)
            knots = [(Fraction(a), Fraction(b)) for a, b in rule.points]
            if x <= knots[0][0]:
                return knots[0][1]
            for (a, low), (b, high) in pairwise(knots):
                if x <= b:
                    return low + (high - low) * (x - a) / (b - a)
            return knots[-1][1]
        case rules.Count():
            start = stake if rule.start is rules.Start.FULL else Fraction(0)
            total = start + sum(
                Fraction(line.each) * Fraction(given.counts[line.name]) for line in rule.lines
            )
            return limit(total, rule.floor, rule.cap, points)
        case rules.Step():
            if rule.target == "mean" and unit in absent:
                return Fraction(0)
            need(given.value)
            if rule.measure is rules.Measure.GROWTH:
                need(given.previous)
            x = measure(rule, given)
            if x is None:
                raise SilentError
            if rule.target == "mean":
                values = group_values(rule, path, members, absent)
                target = sum(values.values()) / len(values)
            else:
                target = need(rule.target if given.target is None else given.target)
            rising = x >= target
            side = rule.up if rising else rule.down
            if side is None:
                return limit(stake, rule.floor, "none", points)
            count = abs(x - target) / Fraction(side.per)
            if rule.whole:
                count = Fraction(count.numerator // count.denominator)
            change = count * Fraction(side.points)
            if side.cap is not None:
                change = min(change, Fraction(side.cap))
            return limit(stake + change if rising else stake - change, rule.floor, "none", points)
        case rules.YesNo():
            if not isinstance(given.value, bool):
                raise SilentError
            return stake if given.value else Fraction(rule.otherwise)
        case rules.Checklist():
            done, of = need(given.value), need(given.of)
            if of <= 0 or done < 0 or done > of:
                raise SilentError
            return stake * done / of
        case rules.Rank():
            if unit in absent:
                return Fraction(0)
            x = need(given.value)
            values = group_values(rule, path, members, absent)
            sign = -1 if rule.order is rules.Order.DESCENDING else 1
            better = [v for v in values.values() if sign * v < sign * x]
            equal = [v for v in values.values() if v == x]
            match rule.ties or ties:
                case Ties.COMPETITION:
                    rank = Fraction(len(better) + 1)
                case Ties.DENSE:
                    rank = Fraction(len(set(better)) + 1)
                case _:
                    rank = len(better) + Fraction(len(equal) + 1, 2)
            first = stake if rule.first == "points" else Fraction(rule.first)
            return limit(first - Fraction(rule.step or 0) * (rank - 1), rule.floor, "none", points)
        case rules.Efficacy():
            compares = isinstance(rule.low, str) or isinstance(rule.high, str)
            if compares and unit in absent:
                return Fraction(0)
            x = need(given.value)
            values = group_values(rule, path, members, absent) if compares else {}
            low = min(values.values()) if rule.low == "min" else Fraction(rule.low)
            high = max(values.values()) if rule.high == "max" else Fraction(rule.high)
            if low == high:
                return stake
            full = Fraction(rule.base) + Fraction(rule.span)
            coefficient = Fraction(rule.base) + Fraction(rule.span) * (x - low) / (high - low)
            return stake * min(max(coefficient, Fraction(0)), full) / full
        case rules.Sum():
            total = sum((part(p, p.points) for p in rule.parts), Fraction(0))
            return limit(total, rule.floor, rule.cap, points)
        case rules.Least():
            return min(part(p, points) for p in rule.parts)
        case rules.Weighted():
            return sum((Fraction(p.weight or 0) * part(p, points) for p in rule.parts), Fraction(0))
        case rules.Judgement():
            awarded = need(given.awarded)
            if awarded < min(Fraction(rule.low), stake) or awarded > stake:
                raise SilentError
            return awarded
        case _:
            raise AssertionError(rule)


@given(situations())
@settings(max_examples=600, deadline=None)
def test_scores_are_those_of_the_oracle_worked_out_and_within_their_bounds(situation):
    """Three properties of each situation, as drawing one takes longer than judging it."""
    found = outcomes(situation)
    require_the_oracles_scores(situation, found)
    require_workings_that_evaluate_to_the_scores(found)
    require_scores_within_declared_bounds(situation, found)


def require_the_oracles_scores(situation, found):
    rule, points, *_ = situation
    for unit, outcome in found.items():
        try:
            expected = oracle(rule, points, unit, situation)
        except SilentError:
            assert isinstance(outcome, Unscorable)
        else:
            assert isinstance(outcome, Evaluated), outcome
            assert outcome.term.value == expected


def require_workings_that_evaluate_to_the_scores(found):
    for outcome in found.values():
        if isinstance(outcome, Evaluated):
            text, rounded = written(outcome.term, 2)
            assert evaluate(text) == outcome.term.value
            assert rounded == round_half_up(outcome.term.value, 2)
            assert text.endswith(str(rounded)) or evaluate(text) == Fraction(rounded)


def require_scores_within_declared_bounds(situation, found):
    rule, points, *_ = situation
    low, high = bounds_of(rule, points)
    for outcome in found.values():
        if isinstance(outcome, Evaluated):
            # One absent from a comparison gets nothing, whatever the floor.
            value = outcome.term.value
            if "缺报" in outcome.term.text:
                continue
            assert low is None or value >= low, (outcome, low)
            assert high is None or value <= high, (outcome, high)


@given(situations(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_shuffling_units_changes_nothing(situation, dice):
    rule, points, members, absent, ties = situation
    order = list(members)
    dice.shuffle(order)
    shuffled = (rule, points, {unit: members[unit] for unit in order}, absent, ties)
    assert outcomes(shuffled) == outcomes(situation)


# --- whole schemes ---------------------------------------------------------------------------------

SCHEME = scheme_of(
    indicator(
        task("1.1", 'kind = "ratio", target = "10", cap = "1.2"', "4"),
        task("1.2", 'kind = "rank", step = "0.5"', "3"),
        task("1.3", 'kind = "count", start = "full", floor = "none", lines = [{ name = "迟报", each = "-0.7" }]', "3"),
        task("1.4", 'kind = "count", start = "zero", cap = "0.5", lines = [{ name = "表彰", each = "0.3" }]', "0.5", "bonus = true"),
        extra='cap = "10.5"\nfloor = "0"',
    ),
    indicator(
        task("2.1", 'kind = "efficacy", low = "min", high = "max"', "60"),
        task("2.2", 'kind = "step", target = "mean", up = { per = "1", points = "1", cap = "5" }, down = { per = "1", points = "2" }', "40"),
        points="5",
        identity="2",
        extra='scale = "100"',
    ),
    top='totals = "rescale"\nnot_applicable = "rescale"',
)  # fmt: skip


@st.composite
def filings(draw):
    rows: list[object] = []
    for unit in "abc":
        for identity in ("1.1", "1.2", "2.1", "2.2"):
            if draw(st.integers(0, 9)):
                rows.append(result(unit, identity, str(draw(st.decimals(0, 30, places=2)))))
            elif draw(st.booleans()):
                rows.append(decision(unit, DecisionKind.NOT_APPLICABLE, identity))
        rows += [deduction(unit, "1.3", "迟报", str(draw(st.integers(0, 9))))]
        rows += [deduction(unit, "1.4", "表彰", str(draw(st.integers(0, 3))))]
    return rows


def entries(rows):
    kinds: dict[str, list[Any]] = {"Result": [], "Deduction": [], "Decision": []}
    for row in rows:
        kinds[type(row).__name__].append(row)
    return Entries(*map(tuple, kinds.values()))


@given(filings(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_no_score(rows, dice):
    before = score(SCHEME, entries(rows))
    dice.shuffle(rows)
    after = score(SCHEME, entries(rows))
    assert {k: v.published for k, v in before.tasks.items()} == {
        k: v.published for k, v in after.tasks.items()
    }
    assert before.indicators == after.indicators
    assert before.totals == after.totals


@given(filings())
@settings(max_examples=100, deadline=None)
def test_sums_ranks_and_bounds_of_whole_schemes(rows):
    scores = score(SCHEME, entries(rows))
    for (unit, identity), row in scores.indicators.items():
        if row.published is None:
            continue
        assert evaluate(row.working) == row.capped
        own = SCHEME.indicator_by_id[identity]
        assert own.floor is None or row.published >= own.floor
        assert own.cap is None or row.published <= own.cap
        better = sum(
            other.published is not None and other.published > row.published
            for (_, i), other in scores.indicators.items()
            if i == identity
        )
        assert row.rank == str(better + 1)
        assert row.published == round_half_up(row.capped, 2)
        assert (unit, identity) in scores.indicators
    for total in scores.totals.values():
        if total.state is ScoreState.SCORED:
            assert round_half_up(evaluate(total.working), 2) == total.published


@given(filings(), st.decimals(0, 30, places=2))
@settings(max_examples=60, deadline=None)
def test_one_unit_changes_no_other_where_nothing_is_compared(rows, value):
    before = score(SCHEME, entries(rows))
    changed = [
        row
        for row in rows
        if not (getattr(row, "unit", "") == "a" and getattr(row, "task", "") == "1.1")
    ]
    after = score(SCHEME, entries([*changed, result("a", "1.1", str(value))]))
    for key, row in before.tasks.items():
        if key != ("a", "1.1"):
            assert after.tasks[key].published == row.published


def test_the_scheme_of_these_tests_is_not_trivial():
    rows = [result(u, t, "12") for u in "abc" for t in ("1.1", "1.2", "2.1", "2.2")]
    scores = score(SCHEME, entries(rows))
    assert scores.totals["a"].published == Decimal("15.50")
