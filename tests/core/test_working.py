"""Arithmetic that writes itself: value and text never part."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.working import added, evaluate, exact, greater, number, smaller, written

numbers = st.decimals(-1000, 1000, places=3).map(number)
terms = st.recursive(
    st.one_of(numbers, st.fractions(max_denominator=50).map(exact)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] - pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, inner.filter(lambda t: t.value != 0)).map(lambda p: p[0] / p[1]),
        st.tuples(inner, inner).map(lambda pair: smaller(*pair)),
        st.tuples(inner, inner).map(lambda pair: greater(*pair)),
        st.tuples(inner, st.text(max_size=8)).map(
            lambda pair: pair[0].because(pair[1].replace("\n", " "))
        ),
        st.lists(inner, min_size=1, max_size=4).map(added),
    ),
    max_leaves=12,
)


@given(terms)
def test_what_is_written_computes_to_the_value(term):
    assert evaluate(term.text) == term.value
    text, rounded = written(term, 2)
    assert evaluate(text) == term.value
    assert abs(Fraction(rounded) - term.value) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 × 3", "7"),
        ("(1 + 2) × 3", "9"),
        ("10 − 2 − 3", "5"),
        ("12 ÷ 2 ÷ 3", "2"),
        ("12 ÷ (2 × 3)", "2"),
        ("−2 × −3", "6"),
        ("2 − −3", "5"),
        ("min(1, 2, −3)", "-3"),
        ("max(min(4, 5), 3) × 2", "8"),
        ("[80 ≤ 85 < 100] 8.00", "8"),
        ("[甲] (1 + 2) × [乙] 3", "9"),
        ("4 × 25.30 ÷ 27.00 = 3.7481… → 3.75", "506/135"),
        ("3 × 2.45 ÷ 2.4 → 3.06", "49/16"),
    ],
)
def test_the_grammar(text, value):
    assert evaluate(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "(1",
        "1)",
        "min()",
        "min(1",
        "1 2",
        "abs(1)",
        "1 ** 2",
        "2^3",
        "x",
        "1…",
        "__import__('os')",
        "1,000",
        "１",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises((ValueError, ZeroDivisionError)):
        evaluate(text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (number(Decimal("8.00")), "8.00"),
        (number(Decimal("8.005")), "8.005 → 8.01"),
        (number(Decimal("-8.005")), "−8.005 → −8.01".replace("−8.01", "-8.01")),
        (
            number(Decimal(4)) * number(Decimal(2)) / number(Decimal(3)),
            "4 × 2 ÷ 3 = 2.6666… → 2.67",
        ),
        (number(Decimal(1)) + number(Decimal(2)), "1 + 2 = 3.00"),
        (number(Decimal(1)).because("是"), "[是] 1.00"),
    ],
)
def test_how_a_working_is_printed(term, text):
    assert written(term, 2)[0] == text


def test_a_fact_cannot_break_out_of_its_brackets():
    term = number(Decimal(1)).because("甲] 9 × [乙") * number(Decimal(2))
    assert evaluate(term.text) == 2
