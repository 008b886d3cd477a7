"""The formula language: what it computes, what it refuses, and that it always ends."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kaoping.core import working
from kaoping.core.canonical import MAX_NUMBER_LENGTH
from kaoping.core.formula import (
    INPUT_NAMES,
    MAX_BITS,
    MAX_DEPTH,
    MAX_LENGTH,
    Expression,
    Fault,
    FormulaError,
    evaluate,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LINES = ("迟报", "late_1")
VALUES = {
    "value": Decimal("25.30"),
    "target": Decimal(27),
    "previous": Decimal("-2.5"),
    "points": Decimal(4),
    "of": Decimal(0),
    "迟报": Decimal(2),
    "late_1": Decimal("0.5"),
}


def parsed(text: str) -> Expression:
    expression = parse(text, LINES)
    assert isinstance(expression, Expression), expression
    return expression


def computed(text: str) -> Fraction:
    return evaluate(parsed(text), VALUES).value


# --- what it computes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("007.50", "7.5"),
        ("1 - 2 - 3", -4),
        ("8 / 4 / 2", 1),
        ("8 / 4 * 2", 4),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("2 - -3", 5),
        ("2--3", 5),
        ("- 2 * 3", -6),
        ("-(2 + 3)", -5),
        ("+ + 5", 5),
        ("1 / 3 * 3", 1),
        ("0.1 + 0.2", "0.3"),
        ("points * value / target", "506/135"),
        ("previous", "-2.5"),
        ("迟报 * 0.1 + late_1", "0.7"),
        ("min(3, 1, 2)", 1),
        ("max(3, 1, 2)", 3),
        ("min(5)", 5),
        ("abs(previous)", "2.5"),
        ("floor(-0.5)", -1),
        ("ceil(-0.5)", 0),
        ("floor(7 / 2)", 3),
        ("ceil(3)", 3),
        ("when(1 < 2, 3, 4)", 3),
        ("when(2 <= 2, 3, 4)", 3),
        ("when(2 < 2, 3, 4)", 4),
        ("when(2 >= 2.00, 3, 4)", 3),
        ("when(2 > 2, 3, 4)", 4),
        ("when(1 / 3 == 2 / 6, 3, 4)", 3),
        ("when(0.1 + 0.2 != 0.3, 3, 4)", 4),
        ("when(not 1 < 2, 3, 4)", 4),
        ("when(not not 1 < 2, 3, 4)", 3),
        ("when(1 < 2 or 1 < 2 and 2 < 1, 3, 4)", 3),  # `and` binds closer than `or`
        ("when((1 < 2 or 1 < 2) and 2 < 1, 3, 4)", 4),
        ("when(not 2 < 1 and 2 < 1, 3, 4)", 4),  # `not` binds closer than `and`
        ("when(not (2 < 1 and 2 < 1), 3, 4)", 3),
        ("when((1 + 1) > 1, 3, 4)", 3),
        ("when(((1) + 1) * 2 > (3), 3, 4)", 3),
        ("when(((1 < 2)), 3, 4)", 3),
        ("when((when(1 < 2, 1, 0)) == 1, 3, 4)", 3),
        ("when((min(when(1 > 2, 9, 5), 7)) > 4, 3, 4)", 3),
        ("when(1 < 2, when(2 < 1, 1, 2), 3)", 2),
        ("when(1 < 2, 3, 4) + 1", 4),
        ("（１ ＋ 2）× 3", None),  # full-width digits are no digits
        ("（1＋2）×3÷9－1", 0),
        ("min（1，2）", 1),
        ("when（value≥target，1，0）", 0),
        ("when(1 ≤ 1 and 1 ≠ 2, 1, 0)", 1),
        ("when(2 ≥ 2, 1, 0)", 1),
        ("9" * MAX_NUMBER_LENGTH, 10**MAX_NUMBER_LENGTH - 1),
        ("\t1\n+\r\n1\u3000", 2),
    ],
)
def test_a_formula_is_computed_exactly(text, value):
    if value is None:
        assert isinstance(parse(text, LINES), Fault)
    else:
        assert computed(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        "when(of == 0, 1, value / of)",
        "when(of != 0, value / of, 1)",
        "when(of == 0 or value / of > 1, 1, 2)",
        "when(of != 0 and value / of > 1, 2, 1)",
        "when(not (of != 0 and value / of > 1), 1, 2)",
        "when(of == 0, 1, when(value / of > 1, 2, 3))",
    ],
)
def test_what_is_not_chosen_is_not_computed(text):
    assert computed(text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "value / of",
        "1 / 0",
        "1 / 0.000",
        "1 / (2 - 2)",
        "0 / 0",
        "min(1, 1 / 0)",
        "when(1 / 0 > 1, 1, 2)",
        "when(1 < 2 and value / of > 1, 1, 2)",
        "1 / (value - value)",
        "floor(1 / 0)",
        "-(1 / 0)",
    ],
)
def test_a_division_by_zero_is_a_clear_problem(text):
    with pytest.raises(FormulaError) as raised:
        computed(text)
    assert str(raised.value).strip()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1", set()),
        ("value + value", {"value"}),
        ("when(value > target, 迟报, points)", {"value", "target", "迟报", "points"}),
    ],
)
def test_a_formula_says_which_names_it_uses(text, names):
    assert parsed(text).names == names


def test_a_name_without_a_value_is_a_key_error():
    with pytest.raises(KeyError):
        evaluate(parsed("value"), {})


@pytest.mark.parametrize("name", sorted(INPUT_NAMES))
def test_every_input_can_be_named(name):
    assert computed(name) == Fraction(VALUES[name])


# --- what it refuses -------------------------------------------------------------------------------

NOT_IN_THE_LANGUAGE = [
    # names and calls outside its lists
    "os",
    "Value",
    "VALUE",
    "value1",
    "_",
    "__import__('os')",
    "__builtins__",
    "print(1)",
    "eval(1)",
    "round(1)",
    "sum(1, 2)",
    "sqrt(4)",
    "int(1)",
    "pow(2, 3)",
    "value(1)",
    "迟报(1)",
    "早报",
    "True",
    "None",
    "and",
    "not",
    "counts",
    # attributes, subscripts, text, and other things of Python
    "value.real",
    "value.__class__",
    "(1).real",
    "1 .real",
    "value[0]",
    "[1]",
    "{1}",
    "'1'",
    '"1"',
    "f'1'",
    "lambda: 1",
    "1 if 1 < 2 else 3",
    "value := 1",
    "value = 1",
    "1; 2",
    "1 # 2",
    "1, 2",
    "(1, 2)",
    "()",
    "@",
    "`1`",
    "$value",
    "1\x00",
    "1\\",
    # operators it does not have
    "2 ** 3",
    "2 ** -1",
    "2 ^ 3",
    "2 // 3",
    "5 % 3",
    "1 << 2",
    "1 & 2",
    "1 | 2",
    "~1",
    "!1",
    "1 <> 2",
    "1 === 1",
    "when(1 is 1, 1, 2)",
    "when(1 in 1, 1, 2)",
    "when(1 = 1, 1, 2)",
    "when(1 =< 1, 1, 2)",
    # truths are no numbers, numbers no truths
    "1 < 2",
    "not 1",
    "(1 < 2)",
    "(1 < 2) + 1",
    "min(1 < 2, 3)",
    "-(1 < 2)",
    "1 and 2",
    "when(1, 2, 3)",
    "when(value, 2, 3)",
    "when((1), 2, 3)",
    "when(not 1, 2, 3)",
    "when(1 < 2 and 3, 2, 3)",
    "when(1 < 2 < 3, 2, 3)",
    "when((1 < 2) < 3, 2, 3)",
    "when((1 < 2) == (2 < 3), 2, 3)",
    "when(1 < 2, 2 < 3, 3)",
    # damaged
    "",
    "   ",
    "1 +",
    "* 1",
    "1 2",
    "1 value",
    "2value",
    "(1",
    "1)",
    ")(",
    "((1)",
    "min",
    "min()",
    "min(1",
    "min(1,)",
    "min(,1)",
    "min 1",
    "abs(1, 2)",
    "floor(1, 2)",
    "when()",
    "when(1 < 2, 3)",
    "when(1 < 2, 3, 4, 5)",
    "when(1 <, 3, 4)",
    "when(and, 3, 4)",
    "when(1 < 2 or, 3, 4)",
    "when((1 < 2, 3, 4)",
    # numbers
    ".5",
    "5.",
    "1e3",
    "1_000",
    "0x10",
    "1.2.3",
    "1,000",
    "１２",
    "٣",
    "²",
    "½",
    "5%",
    "nan",
    "inf",
    "1j",
    "9" * (MAX_NUMBER_LENGTH + 1),
]


@pytest.mark.parametrize("text", NOT_IN_THE_LANGUAGE)
def test_what_the_language_has_not_is_refused_with_a_reason(text):
    fault = parse(text, LINES)
    assert isinstance(fault, Fault)
    assert fault.message
    assert fault.suggestion


def test_a_line_is_known_only_where_it_is_declared():
    assert isinstance(parse("迟报", ()), Fault)
    assert isinstance(parse("迟报", ("迟报",)), Expression)


@pytest.mark.parametrize("word", ["and", "or", "not", "when"])
def test_a_word_of_the_language_is_no_name_even_where_a_line_is_called_so(word):
    assert isinstance(parse(word, (word,)), Fault)


# --- bounds ----------------------------------------------------------------------------------------


def nested(depth: int, opening: str, closing: str) -> str:
    return opening * depth + "1" + closing * depth


# What nests, and by how many levels each time.
NESTINGS = [
    ("(", ")", 1),
    ("abs(", ")", 1),
    ("min(", ", 1)", 1),
    ("min(1, ", ")", 1),
    ("-", "", 1),
    ("+", "", 1),
    ("-(", ")", 2),
    ("when(1 < 2, ", ", 3)", 1),
    ("when(1 < 2, 3, ", ")", 1),
    ("when(", " < 2, 3, 4)", 1),
    ("when(2 < ", ", 3, 4)", 1),
    ("when((", " < 2), 3, 4)", 2),
    ("when(not ", " < 2, 3, 4)", 2),
]


@pytest.mark.parametrize(("opening", "closing", "levels"), NESTINGS)
def test_nesting_is_allowed_to_a_depth_and_no_deeper(opening, closing, levels):
    deepest = MAX_DEPTH // levels
    assert len(nested(deepest + 1, opening, closing)) <= MAX_LENGTH
    assert isinstance(parse(nested(deepest, opening, closing), ()), Expression)
    for depth in (deepest + 1, 10 * deepest, 10**5):
        assert isinstance(parse(nested(depth, opening, closing), ()), Fault)


@pytest.mark.parametrize("inner", ["1 < 2", "not 1 < 2"])
def test_nested_truths_are_bounded(inner):
    for opening, closing in (("(", ")"), ("not ", ""), ("not (", ")")):
        fine = f"when({opening * 10}{inner}{closing * 10}, 1, 2)"
        deep = f"when({opening * 40}{inner}{closing * 40}, 1, 2)"
        assert isinstance(parse(fine, ()), Expression)
        assert isinstance(parse(deep, ()), Fault)


def test_length_is_bounded():
    longest = "1" + " " * (MAX_LENGTH - 1)
    assert isinstance(parse(longest, ()), Expression)
    assert isinstance(parse(longest + " ", ()), Fault)


LONG = [
    pytest.param("+".join(["1"] * (MAX_LENGTH // 2)), MAX_LENGTH // 2, id="sum"),
    pytest.param("-".join(["1"] * (MAX_LENGTH // 2)), 2 - MAX_LENGTH // 2, id="difference"),
    pytest.param("*".join(["1"] * (MAX_LENGTH // 2)), 1, id="product"),
    pytest.param("1" + "/2" * 400, Fraction(1, 2**400), id="quotient"),
    pytest.param("when(" + " or ".join(["1>2"] * 120) + ",1,2)", 2, id="or"),
    pytest.param("when(" + " and ".join(["1<2"] * 110) + ",1,2)", 1, id="and"),
]


@pytest.mark.parametrize(("text", "value"), LONG)
def test_the_longest_chains_are_computed(text, value):
    assert len(text) <= MAX_LENGTH
    assert computed(text) == value


def test_a_function_takes_twenty_numbers_at_most():
    assert computed("max(" + ",".join(map(str, range(20))) + ")") == 19
    assert isinstance(parse("max(" + ",".join(["1"] * 21) + ")", ()), Fault)


@pytest.mark.parametrize(
    "text",
    [
        "*".join(["value"] * 160),
        "1" + "/value" * 160,
    ],
)
def test_numbers_that_grow_beyond_all_use_are_refused(text):
    with pytest.raises(FormulaError):
        evaluate(parsed(text), {"value": Decimal("9" * MAX_NUMBER_LENGTH)})


def test_numbers_may_grow_to_a_bound_and_no_further():
    factors, rest = divmod(MAX_BITS - 1, 128)
    values = {"value": Decimal(2**128), "previous": Decimal(2**rest)}
    greatest = "*".join(["previous", *["value"] * factors])
    assert evaluate(parsed(greatest), values).value == 2 ** (MAX_BITS - 1)
    assert evaluate(parsed(f"1 / ({greatest})"), values).value == Fraction(1, 2 ** (MAX_BITS - 1))
    for text in (f"2 * {greatest}", f"1 / ({greatest}) / 2"):
        with pytest.raises(FormulaError):
            evaluate(parsed(text), values)


def test_the_working_says_which_way_was_rounded():
    down, up = (evaluate(parsed(f"{name}(7 / 2)"), VALUES) for name in ("floor", "ceil"))
    assert "下" in down.text
    assert "上" in up.text


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + ")" * 500,
        "when(" * 200,
        "when((" * 160,
        "(" * 999,
        "(1<" * 333,
        "((((((((((1<2))))))))))" * 40,
        "when(" + "(" * 29 + "1" + ")" * 29 + "<2,1,2)",
        "not " * 250,
        "min(" + "value," * 160,
        "1" * 1000,
        "1." * 500,
        "a" * 1000,
        "≤" * 1000,
        " " * 1000,
        "x" * 10**7,
    ],
)
def test_nothing_takes_long(text):
    before = time.process_time()
    expression = parse(text, LINES)
    if isinstance(expression, Expression):
        evaluate(expression, VALUES)
    assert time.process_time() - before < 1


# --- against an independent reading ----------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """An expression's text with its value, computed beside it; None where a zero divides."""

    text: str
    value: Fraction | None


@dataclass(frozen=True)
class Claim:
    """A condition's text with whether it holds."""

    text: str
    value: bool | None


NUMBERS = st.integers(0, 999).map(str) | st.decimals(0, 99, places=2).map(lambda d: f"{d:f}")
SPACE = st.sampled_from(["", " ", "  ", "\n"])


@st.composite
def leaves(draw):
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(VALUES)))
        return Sample(name, Fraction(VALUES[name]))
    text = draw(NUMBERS)
    return Sample(text, Fraction(text))


def divided(left: Fraction, right: Fraction) -> Fraction | None:
    return None if right == 0 else left / right


OPERATORS: dict[str, Callable[[Fraction, Fraction], Fraction | None]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "−": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "×": lambda a, b: a * b,
    "/": divided,
    "÷": divided,
}
COMPARISONS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "≥": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "≠": lambda a, b: a != b,
}
FUNCTIONS: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "min": min,
    "max": max,
    "abs": lambda xs: abs(xs[0]),
    "floor": lambda xs: Fraction(math.floor(xs[0])),
    "ceil": lambda xs: Fraction(math.ceil(xs[0])),
}


@st.composite
def operations(draw, inner):
    """`( left operator right )`, the parentheses so that nothing depends on which binds closer."""
    left, right, space = draw(inner), draw(inner), draw(SPACE)
    operator = draw(st.sampled_from(sorted(OPERATORS)))
    known = left.value is not None and right.value is not None
    value = OPERATORS[operator](left.value, right.value) if known else None
    return Sample(f"({left.text}{space}{operator}{space}{right.text})", value)


@st.composite
def calls(draw, inner):
    function = draw(st.sampled_from(sorted(FUNCTIONS)))
    most = 4 if function in ("min", "max") else 1
    given_to = draw(st.lists(inner, min_size=1, max_size=most))
    values = [sample.value for sample in given_to]
    value = None if None in values else FUNCTIONS[function](values)
    return Sample(f"{function}({', '.join(sample.text for sample in given_to)})", value)


@st.composite
def opposites(draw, inner):
    sample = draw(inner)
    return Sample(f"-{sample.text}", None if sample.value is None else -sample.value)


@st.composite
def comparisons(draw, inner):
    left, right = draw(inner), draw(inner)
    sign = draw(st.sampled_from(sorted(COMPARISONS)))
    known = left.value is not None and right.value is not None
    value = COMPARISONS[sign](left.value, right.value) if known else None
    return Claim(f"{left.text} {sign} {right.text}", value)


def joined(word: str, left: Claim, right: Claim) -> Claim:
    """`and` and `or` look at the right side only where the left does not decide."""
    text = f"({left.text} {word} {right.text})"
    decided = left.value is None or left.value == (word == "or")
    return Claim(text, left.value if decided else right.value)


@st.composite
def claims(draw, inner):
    claim = draw(comparisons(inner))
    for _ in range(draw(st.integers(0, 2))):
        match draw(st.sampled_from(["and", "or", "not", "paren"])):
            case "not":
                claim = Claim(
                    f"not ({claim.text})", None if claim.value is None else not claim.value
                )
            case "paren":
                claim = Claim(f"({claim.text})", claim.value)
            case word:
                claim = joined(word, claim, draw(comparisons(inner)))
    return claim


@st.composite
def choices(draw, inner):
    claim, then, otherwise = draw(claims(inner)), draw(inner), draw(inner)
    chosen = then if claim.value else otherwise
    value = None if claim.value is None else chosen.value
    return Sample(f"when({claim.text}, {then.text}, {otherwise.text})", value)


EXPRESSIONS = st.recursive(
    leaves(),
    lambda inner: operations(inner) | calls(inner) | opposites(inner) | choices(inner),
    max_leaves=14,
)


@given(EXPRESSIONS)
def test_an_expression_is_computed_as_an_independent_reading_says(sample):
    assume(len(sample.text) <= MAX_LENGTH)
    expression = parsed(sample.text)
    if sample.value is None:
        with pytest.raises(FormulaError):
            evaluate(expression, VALUES)
    else:
        assert evaluate(expression, VALUES).value == sample.value


@given(EXPRESSIONS)
def test_the_working_of_a_formula_can_be_computed_anew(sample):
    assume(sample.value is not None and len(sample.text) <= MAX_LENGTH)
    term = evaluate(parsed(sample.text), VALUES)
    assert working.evaluate(term.text) == sample.value


@given(st.lists(st.tuples(st.sampled_from("+-*/"), st.integers(1, 99)), max_size=12))
def test_operators_bind_as_in_school(rest):
    """Without parentheses, against Python's own reading of the same text over fractions."""
    text = "7" + "".join(f" {operator} {number}" for operator, number in rest)
    as_fractions = "F(7)" + "".join(f" {operator} F({number})" for operator, number in rest)
    assert computed(text) == eval(as_fractions, {"F": Fraction})


@given(
    st.lists(st.tuples(st.sampled_from(["and", "or"]), st.booleans(), st.booleans()), max_size=8)
)
def test_truths_bind_as_in_python(rest):
    chain = [("", True, False), *rest]
    text = " ".join(
        f"{word} {'not ' * denied}{'1 < 2' if holds else '2 < 1'}" for word, holds, denied in chain
    )
    assert computed(f"when({text}, 1, 0)") == int(eval(text))


WORDS = [
    *VALUES,
    *FUNCTIONS,
    *("when", "and", "or", "not", "(", ")", ",", "+", "-", "*", "/", "**", "<", "<=", "==", "!="),
    *(
        "1",
        "0",
        "2.5",
        ".",
        " ",
        "x",
        "，",
        "（",
        "≥",
        "__class__",
        "'",
        "[",
        "\x00",
        "９",
        "\ud800",
    ),
]


@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join) | st.text(max_size=60))
@example("(")
@example("when((")
@example(")")
def test_any_text_is_a_formula_or_has_a_fault(text):
    read = parse(text, LINES)
    assert isinstance(read, Expression | Fault)
    if isinstance(read, Expression):
        try:
            value = evaluate(read, VALUES).value
        except FormulaError:
            return
        assert isinstance(value, Fraction)
