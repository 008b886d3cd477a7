"""The working of a formula: no longer than a person reads, whatever the formula, and still right."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core import working
from kaoping.core.canonical import MAX_NUMBER_LENGTH
from kaoping.core.formula import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_WORKING,
    Expression,
    FormulaError,
    evaluate,
    parse,
)
from tests.schemes import indicator, result, scheme_of, scored, task

LONG_NUMBER = Decimal("0." + "7" * (MAX_NUMBER_LENGTH - 2))


def parsed(text):
    expression = parse(text, ())
    assert isinstance(expression, Expression), expression
    return expression


def computed(text, value="3", target="5"):
    return evaluate(parsed(text), {"value": Decimal(value), "target": Decimal(target)})


@pytest.mark.parametrize(
    ("text", "working_of_it", "value"),
    [
        ("abs(value)", "[绝对值] 3", 3),
        ("abs(-value)", "[绝对值，变号] (0 − (0 − 3))", 3),
        ("abs(value - target)", "[绝对值，变号] (0 − (3 − 5))", 2),
        ("abs(target - value)", "[绝对值] (5 − 3)", 2),
        ("abs(value - value)", "[绝对值] (3 − 3)", 0),
        ("2 * abs(value - target) + 1", "2 × [绝对值，变号] (0 − (3 − 5)) + 1", 5),
    ],
)
def test_an_absolute_value_shows_the_side_that_counts(text, working_of_it, value):
    term = computed(text)
    assert (term.text, term.value) == (working_of_it, value)
    assert working.evaluate(term.text) == value


@pytest.mark.parametrize("inner", ["value", "value - target", "-value"])
@pytest.mark.parametrize("nesting", ["abs({})", "abs(-{})", "-abs({})", "abs({} - 9)"])
def test_nested_absolute_values_do_not_double_the_text(nesting, inner):
    text = inner
    levels = (MAX_DEPTH - 2) // nesting.count("(") // 2
    for _ in range(levels):
        text = nesting.format(text)
    term = computed(text)
    assert len(term.text) < 20 * (levels + 2)
    assert working.evaluate(term.text) == term.value


def test_the_deepest_nesting_of_absolute_values_is_quick_and_short():
    term = computed("abs(" * MAX_DEPTH + "value" + ")" * MAX_DEPTH, value="-3")
    assert (term.value, len(term.text) < 1000) == (3, True)


TOO_LONG = [
    pytest.param("min(" + ", ".join(["value"] * 20) + ")", id="min"),
    pytest.param("value" + "+value" * 20, id="sum"),
    pytest.param("value" + "/value" * 20, id="quotient"),
    pytest.param("abs(" + "value+" * 20 + "1)", id="abs"),
    pytest.param("floor(" + "value+" * 20 + "1)", id="floor"),
    pytest.param("-(" + "value+" * 20 + "1)", id="minus"),
    pytest.param("when(1 < 2, " + "value+" * 20 + "1, 2)", id="when"),
]


@pytest.mark.parametrize("text", TOO_LONG)
def test_too_long_a_working_is_a_clear_problem(text, monkeypatch):
    monkeypatch.setattr("kaoping.core.formula.MAX_WORKING", 400)
    with pytest.raises(FormulaError, match="400 字"):
        evaluate(parsed(text), {"value": LONG_NUMBER})
    assert evaluate(parsed(text), {"value": Decimal("0.7")}).text


def test_a_working_of_the_greatest_length_is_given():
    one = computed("value", value="7" * 10)
    count = MAX_LENGTH // len("value+")
    many = computed("+".join(["value"] * count), value="7" * 10)
    assert len(one.text) * count < len(many.text) <= MAX_WORKING


def test_facts_count_too(monkeypatch):
    monkeypatch.setattr("kaoping.core.formula.MAX_WORKING", 400)
    assert computed("when(" + " and ".join(["value < 9"] * 30) + ", 1, 2)").value == 1
    with pytest.raises(FormulaError, match="400 字"):
        computed("when(" + " and ".join(["value < 9"] * 60) + ", 1, 2)")


def test_too_long_a_working_is_for_a_person_to_decide(monkeypatch):
    monkeypatch.setattr("kaoping.core.formula.MAX_WORKING", 40)
    rule = 'kind = "formula", score = "value + value + value"'
    scheme = scheme_of(indicator(task("1.1", rule)))
    scores = scored(scheme, result("a", "1.1", "0.7"), result("b", "1.1", "0." + "7" * 20))
    assert str(scores.tasks["a", "1.1"].published) == "2.10"
    assert scores.tasks["b", "1.1"].published is None
    assert [p.code for p in scores.tasks["b", "1.1"].problems] == ["RULE-INAPPLICABLE"]


@st.composite
def formulas(draw, depth=MAX_DEPTH):
    """Formulas that try to make much out of little: calls in calls, sums and comparisons."""
    if depth <= 0 or draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(["value", "target", "9.5", "1"]))
    inner = draw(formulas(depth - 1))
    shape = draw(
        st.sampled_from(
            [
                "abs({})",
                "-{}",
                "floor({})",
                "max({}, target, value)",
                "min(value, {})",
                "when({} < value, {}, 2)",
                "when(value != 2 and {} > 1, value, {})",
                "({} + value)",
                "({} * target)",
                "abs({} - value)",
            ]
        )
    )
    return shape.format(*[inner] * shape.count("{}"))


@settings(deadline=None)
@given(formulas(), st.decimals(-99, 99, places=2), st.decimals(-99, 99, places=2))
def test_every_formula_has_a_short_working_in_no_time(text, value, target):
    expression = parse(text, ())
    if not isinstance(expression, Expression):
        return
    before = time.process_time()
    try:
        term = evaluate(expression, {"value": value, "target": target})
    except FormulaError:
        return
    assert time.process_time() - before < 1
    assert len(term.text) <= 30 * max(len(text), 10)
    assert working.evaluate(term.text) == term.value
    assert isinstance(term.value, Fraction)
