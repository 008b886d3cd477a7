"""Numbers, dates and records as text: exact, and one rounding."""

from __future__ import annotations

import json
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.canonical import (
    MAX_NUMBER_LENGTH,
    decimals_of,
    encode,
    parse_date,
    parse_decimal,
    plain,
    round_half_up,
    sha256,
    shown,
    terminating,
)
from kaoping.core.formula import MAX_BITS

WIDE = Context(prec=5000)
FRACTIONS = st.fractions(max_denominator=10**6) | st.builds(
    Fraction, st.integers(-(10**30), 10**30), st.integers(1, 10**30)
)
DECIMALS = st.decimals(-(10**9), 10**9, allow_nan=False, places=7)


def value_of(text: str) -> Fraction:
    """What a shown figure says at least."""
    return Fraction(text.removesuffix("…"))


# --- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("+5", 5),
        ("-0.5", Fraction(-1, 2)),
        ("007.50", Fraction(15, 2)),
        ("9" * MAX_NUMBER_LENGTH, 10**MAX_NUMBER_LENGTH - 1),
        ("0." + "0" * (MAX_NUMBER_LENGTH - 3) + "1", Fraction(1, 10 ** (MAX_NUMBER_LENGTH - 2))),
    ],
)
def test_a_number_text_is_read_exactly(text, value):
    number = parse_decimal(text)
    assert number is not None
    assert Fraction(number) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "5 ",
        " 5",
        "5\n",
        "\n5",
        "5\x00",
        "+",
        "-",
        ".5",
        "5.",
        "5..0",
        "5.0.0",
        "--5",
        "+-5",
        "1e3",
        "1E3",
        "1e-3",
        "0x10",
        "0b1",
        "1_000",
        "1,000",
        "１２",
        "12．5",
        "−5",
        "－5",
        "٣",
        "५",
        "²",
        "五",
        "½",
        "NaN",
        "nan",
        "sNaN",
        "Infinity",
        "-inf",
        "5%",
        "1/2",
        "1 000",
        "True",
        "9" * (MAX_NUMBER_LENGTH + 1),
        "0" * 100_000,
        "1e999999999",
    ],
)
def test_anything_else_is_no_number(text):
    assert parse_decimal(text) is None


@given(st.text(alphabet="0123456789.+-eE_ ١５", max_size=12))
def test_what_is_read_is_what_stands_there(text):
    number = parse_decimal(text)
    if number is not None:
        assert text.isascii()
        assert set(text) <= set("0123456789.+-")
        assert Fraction(number) == Fraction(text)


@given(DECIMALS)
def test_a_plain_number_is_read_back(number):
    assert parse_decimal(plain(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("1E+5"), "100000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("2.50"), "2.50"),
        (Decimal("0E-3"), "0.000"),
    ],
)
def test_a_plain_number_has_no_exponent_and_keeps_its_decimals(number, text):
    assert plain(number) == text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2200-12-31", date(2200, 12, 31)),
        ("1899-12-31", None),
        ("2201-01-01", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2025-02-29", None),
        ("2024-13-01", None),
        ("2024-00-10", None),
        ("0000-01-01", None),
        ("2024-1-1", None),
        ("20240101", None),
        ("2024/01/01", None),
        ("２０２４-０１-０１", None),
        ("2024-01-01 ", None),
        ("2024-01-01\n", None),
        ("2024-01-01T00:00:00", None),
        ("", None),
    ],
)
def test_only_an_existing_day_of_accepted_years_is_a_date(text, day):
    assert parse_date(text) == day


# --- rounding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction("2.675"), 2, "2.68"),
        (Fraction("-2.675"), 2, "-2.68"),
        (Fraction("0.005"), 2, "0.01"),
        (Fraction("-0.005"), 2, "-0.01"),
        (Fraction("0.0049999999999999999999999999999999999"), 2, "0.00"),
        (Fraction(9, 40), 2, "0.23"),
        (Fraction(5000, 1000001), 2, "0.00"),
        (Fraction("9.995"), 2, "10.00"),
        (Fraction("0.5"), 0, "1"),
        (Fraction("1.5"), 0, "2"),
        (Fraction("-0.5"), 0, "-1"),
        (Fraction(0), 3, "0.000"),
    ],
)
def test_halves_go_away_from_zero(value, places, text):
    assert plain(round_half_up(value, places)) == text


@given(DECIMALS, st.integers(0, 6))
def test_rounding_agrees_with_decimal_on_decimals(number, places):
    expected = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, WIDE)
    assert round_half_up(Fraction(number), places) == expected


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_an_exact_half_goes_away_from_zero(units, places):
    half = Fraction(2 * units + 1, 2 * 10**places)
    away = Fraction(units + (1 if half > 0 else 0), 10**places)
    assert round_half_up(half, places) == away


@given(FRACTIONS, st.integers(0, 6))
def test_rounding_is_the_nearest_and_symmetric(value, places):
    rounded = round_half_up(value, places)
    assert rounded.as_tuple().exponent == -places
    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**places)
    assert round_half_up(-value, places) == rounded.copy_negate()


@given(FRACTIONS, FRACTIONS)
def test_rounding_keeps_the_order(left, right):
    low, high = sorted((left, right))
    assert round_half_up(low, 2) <= round_half_up(high, 2)


def test_the_surrounding_decimal_context_changes_nothing():
    with localcontext(Context(prec=2)):
        assert plain(round_half_up(Fraction("1234567.895"), 2)) == "1234567.90"
        assert shown(Fraction("1234.5678")) == "1234.5678"
        assert str(terminating(Fraction(123456789, 1000))) == "123456.789"
        assert decimals_of(Decimal("1234.5670")) == 3


HUGE = 2 ** (MAX_BITS - 1) + 1
"""As great as a formula lets a number grow."""


def test_the_greatest_number_a_formula_gives_is_rounded_exactly():
    assert Fraction(round_half_up(Fraction(HUGE), 2)) == HUGE


def test_the_greatest_number_a_formula_gives_is_shown_exactly():
    assert value_of(shown(Fraction(HUGE))) == HUGE


def test_the_finest_number_a_formula_gives_is_terminated_exactly():
    fine = Fraction(1, 2 ** (MAX_BITS - 1))
    assert Fraction(terminating(fine) or 0) == fine


# --- terminating, decimals_of ----------------------------------------------------------------------


@given(FRACTIONS)
def test_a_decimal_ends_where_only_twos_and_fives_divide(value):
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    exact = terminating(value)
    assert (exact is not None) == (rest == 1)
    assert exact is None or Fraction(exact) == value


@given(DECIMALS)
def test_every_decimal_terminates_as_itself(number):
    assert terminating(Fraction(number)) == number


@pytest.mark.parametrize(
    ("text", "decimals"),
    [("0", 0), ("5", 0), ("100", 0), ("1E+2", 0), ("2.50", 1), ("0.00", 0), ("-0.001", 3)],
)
def test_decimals_needed(text, decimals):
    assert decimals_of(Decimal(text)) == decimals


# --- shown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.3333…"),
        (Fraction(2, 3), "0.6666…"),
        (Fraction(-2, 3), "-0.6666…"),
        (Fraction(99999, 100000), "0.99999"),
        (Fraction(9999999, 10000000), "0.9999…"),
        (Fraction(1, 8), "0.125"),
        (Fraction(-1, 3 * 10**6), "-0.0000…"),
        (Fraction(0), "0"),
        (Fraction(5, 1), "5"),
    ],
)
def test_shown_cuts_and_says_so(value, text):
    assert shown(value) == text


@given(FRACTIONS, st.integers(0, 8))
def test_shown_never_rounds_and_marks_every_cut(value, digits):
    text = shown(value, digits)
    said = value_of(text)
    if text.endswith("…"):
        assert said != value
        assert abs(said) < abs(value) < abs(said) + Fraction(1, 10**digits)
        assert text.startswith("-") == (value < 0)
    else:
        assert said == value


# --- records ---------------------------------------------------------------------------------------


class Word(StrEnum):
    YES = "yes"


def test_a_record_has_one_encoding():
    assert encode({"乙": Decimal("2.50"), "a": [True, None, 3], "b": date(2024, 1, 2)}) == (
        '{"a":[true,null,3],"b":"2024-01-02","乙":"2.50"}'.encode()
    )
    assert encode({"b": 1, "a": 2}) == encode({"a": 2, "b": 1})
    assert encode((1, 2)) == encode([1, 2])
    assert encode(Word.YES) == b'"yes"'


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        float("nan"),
        float("inf"),
        [1, [2, 0.5]],
        {"a": {"b": 0.0}},
        (1.0,),
        {1, 2},
        b"bytes",
        Fraction(1, 2),
        object(),
        1j,
    ],
)
def test_what_has_no_exact_text_is_refused(value):
    with pytest.raises(TypeError):
        encode(value)


@pytest.mark.parametrize("key", [0.5, 1, None, True, ("a",)])
def test_a_key_that_is_no_text_is_refused(key):
    with pytest.raises(TypeError):
        encode({key: "x"})


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_decimal_that_is_no_number_is_refused(number):
    with pytest.raises(TypeError):
        encode(Decimal(number))


RECORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='ab乙\u2028"\\\n'), inner),
    max_leaves=12,
)


@given(RECORDS)
def test_an_encoded_record_can_be_read_back_and_encoded_alike(record):
    content = encode(record)
    assert json.loads(content) == record
    assert encode(json.loads(content)) == content


@given(RECORDS, RECORDS)
def test_records_are_encoded_alike_only_where_they_are_alike(left, right):
    assert (encode(left) == encode(right)) == (
        json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
    )


def test_a_digest_is_lower_case_hex():
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
