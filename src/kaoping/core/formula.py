"""公式: a small, safe expression language for scores.

    choice  := "when" "(" truth "," number "," number ")"
    number  := + − * / ( ) over numbers, names and min max abs floor ceil
    truth   := comparisons of numbers, joined by and, or, not

There is nothing else: no attributes, no powers, no calls outside the list, no text. An expression
is typed (number or truth) and bounded in length, depth and parts while it is parsed, so that
evaluation always ends quickly. `when` evaluates only the branch it chooses.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, assert_never

from kaoping.core import working
from kaoping.core.canonical import MAX_NUMBER_LENGTH, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kaoping.core.working import Term

MAX_LENGTH: Final = 1000
"""Longest formula, in characters."""
MAX_DEPTH: Final = 30
"""Deepest nesting of parentheses and calls."""
MAX_BITS: Final = 4096
"""Greatest size of a numerator or denominator in between, in bits."""
MAX_WORKING: Final = 20_000
"""Longest working of a formula, in characters: beyond any that a person would redo by hand."""

INPUT_NAMES: Final = frozenset({"value", "target", "previous", "points", "of"})
FUNCTIONS: Final = {"min": (1, 20), "max": (1, 20), "abs": (1, 1), "floor": (1, 1), "ceil": (1, 1)}
WORDS: Final = frozenset({"and", "or", "not", "when"})
RESERVED: Final = frozenset(FUNCTIONS) | WORDS | INPUT_NAMES
"""Words that can name no part and no line."""

_WIDE = str.maketrans(
    "\uff08\uff09\uff0b\uff0d\uff0c\uff0a\uff0f\u2212\u00d7\u00f7\uff1c\uff1e\uff1d\u3000",
    "()+-,*/-*/<>= ",
)
"""Full-width and typographic signs, and the plain sign each stands for."""
_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|(\w+)|(<=|>=|==|!=|\*\*|[-+*/(),<>]))")
_COMPARE: Final[dict[str, str]] = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
_TRUTHS: Final = (*_COMPARE, "and", "or", "not")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """An input or a counted line."""

    name: str


@dataclass(frozen=True, slots=True)
class Binary:
    """An operation on two numbers: + - * /."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus a number."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Call:
    """min, max, abs, floor or ceil."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class When:
    """One of two numbers, by a truth."""

    condition: Truth
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """Two numbers compared."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Both:
    """Truths joined by `and` or `or`."""

    operator: str
    left: Truth
    right: Truth


@dataclass(frozen=True, slots=True)
class Not:
    """A truth denied."""

    operand: Truth


Node = Number | Name | Binary | Negative | Call | When
Truth = Compare | Both | Not


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed formula: its text as written, its tree, and the names it uses."""

    text: str
    tree: Node
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no formula, and what to do."""

    message: str
    suggestion: str = "可用：+ − * / ( ) 比较 and or not when min max abs floor ceil"


class FormulaError(ArithmeticError):
    """An expression cannot be computed with these values; the message says why, in Chinese."""


class _FaultError(Exception):
    """Carries a fault out of the parser."""


def parse(text: str, lines: tuple[str, ...]) -> Expression | Fault:
    """The expression a text says, or the first fault in it. Never raises.

    Args:
        text: the formula; full-width signs and `× ÷ −` are taken as their plain forms.
        lines: the names of counted lines it may use beside the inputs.
    """
    if len(text) > MAX_LENGTH:
        return Fault(f"公式超过 {MAX_LENGTH} 字", "请拆成几项任务")
    try:
        parser = _Parser(_tokens(text.translate(_WIDE)), INPUT_NAMES | set(lines))
        tree = parser.number(0)
        parser.end()
    except _FaultError as fault:
        return Fault(str(fault))
    return Expression(text, tree, frozenset(parser.names))


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    for typed, plain_sign in (("\u2264", "<="), ("\u2265", ">="), ("\u2260", "!=")):
        text = text.replace(typed, plain_sign)
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise _FaultError(
                f"第 {position + 1} 个字符起不认识：“{text[position : position + 10]}”"
            )
        tokens.append(match.group().strip())
        position = match.end()
    return tokens[::-1]


class _Parser:
    """Recursive descent with types: numbers and truths are different rules of the grammar."""

    def __init__(self, tokens: list[str], known: frozenset[str]) -> None:
        self.tokens = tokens
        self.known = known
        self.names: set[str] = set()

    def end(self) -> None:
        if self.tokens:
            raise _FaultError(f"“{self.tokens[-1]}”处多出内容")

    def _take(self, *wanted: str) -> str | None:
        if self.tokens and self.tokens[-1] in wanted:
            return self.tokens.pop()
        return None

    def _expect(self, token: str) -> None:
        if not self._take(token):
            found = f"，却是“{self.tokens[-1]}”" if self.tokens else "，公式却已结束"
            raise _FaultError(f"此处应为“{token}”{found}")

    def number(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise _FaultError(f"嵌套超过 {MAX_DEPTH} 层")
        node = self._product(depth)
        while operator := self._take("+", "-"):
            node = Binary(operator, node, self._product(depth))
        return node

    def _product(self, depth: int) -> Node:
        node = self._factor(depth)
        while operator := self._take("*", "/"):
            node = Binary(operator, node, self._factor(depth))
        return node

    def _factor(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise _FaultError(f"嵌套超过 {MAX_DEPTH} 层")
        if self._take("-"):
            return Negative(self._factor(depth + 1))
        if self._take("+"):
            return self._factor(depth + 1)
        if self._take("("):
            node = self.number(depth + 1)
            self._expect(")")
            return node
        if not self.tokens:
            raise _FaultError("公式不完整")
        return self._atom(self.tokens.pop(), depth)

    def _atom(self, token: str, depth: int) -> Node:
        if token[0].isascii() and token[0].isdigit():
            if len(token) > MAX_NUMBER_LENGTH:
                raise _FaultError(f"数字超过 {MAX_NUMBER_LENGTH} 位")
            try:
                return Number(Decimal(token))
            except ArithmeticError:
                raise _FaultError(f"“{token}”不是数字") from None
        if token == "when":
            return self._when(depth)
        if token in FUNCTIONS:
            return self._call(token, depth)
        if token in self.known and token not in WORDS:
            self.names.add(token)
            return Name(token)
        if token == "**":
            raise _FaultError("不能用乘方")
        raise _FaultError(f"不认识“{token}”")

    def _when(self, depth: int) -> Node:
        self._expect("(")
        condition = self._either(depth + 1)
        self._expect(",")
        then = self.number(depth + 1)
        self._expect(",")
        otherwise = self.number(depth + 1)
        self._expect(")")
        return When(condition, then, otherwise)

    def _call(self, function: str, depth: int) -> Node:
        self._expect("(")
        arguments = [self.number(depth + 1)]
        while self._take(","):
            arguments.append(self.number(depth + 1))
        self._expect(")")
        fewest, most = FUNCTIONS[function]
        if not fewest <= len(arguments) <= most:
            raise _FaultError(f"{function} 的参数个数不对")
        return Call(function, tuple(arguments))

    def _either(self, depth: int) -> Truth:
        if depth > MAX_DEPTH:
            raise _FaultError(f"嵌套超过 {MAX_DEPTH} 层")
        truth = self._both(depth)
        while self._take("or"):
            truth = Both("or", truth, self._both(depth))
        return truth

    def _both(self, depth: int) -> Truth:
        truth = self._denied(depth)
        while self._take("and"):
            truth = Both("and", truth, self._denied(depth))
        return truth

    def _denied(self, depth: int) -> Truth:
        if depth > MAX_DEPTH:
            raise _FaultError(f"嵌套超过 {MAX_DEPTH} 层")
        if self._take("not"):
            return Not(self._denied(depth + 1))
        if grouped := self._grouped_truth(depth):
            return grouped
        left = self.number(depth)
        operator = self._take(*_COMPARE)
        if not operator:
            raise _FaultError("此处应为比较，如 value >= target")
        return Compare(operator, left, self.number(depth))

    def _grouped_truth(self, depth: int) -> Truth | None:
        """A truth in parentheses; None (nothing consumed) where the parentheses hold a number."""
        if not (self.tokens and self.tokens[-1] == "(" and self._holds_truth()):
            return None
        self._expect("(")
        truth = self._either(depth + 1)
        self._expect(")")
        return truth

    def _holds_truth(self) -> bool:
        """Whether the parentheses that open next hold a truth rather than a number.

        They do where a comparison or a joining word stands in them outside every call: the
        conditions of a `when` inside them are its own affair.
        """
        calls: list[bool] = []
        previous = ""
        for token in reversed(self.tokens):
            if token == "(":
                calls.append(previous == "when" or previous in FUNCTIONS)
            elif token == ")":
                calls.pop()
                if not calls:
                    return False
            elif token in _TRUTHS and not any(calls):
                return True
            previous = token
        return False


# --- evaluating ------------------------------------------------------------------------------------


def evaluate(expression: Expression, values: Mapping[str, Decimal]) -> Term:
    """The value of an expression with its working, exact.

    Raises:
        FormulaError: for a division by zero, or numbers or a working that grow beyond all use.
        KeyError: where a name it uses has no value; callers look first.
    """
    return _number(expression.tree, values)


def _number(node: Node, values: Mapping[str, Decimal]) -> Term:
    match node:
        case Number(value):
            return working.number(value)
        case Name(name):
            term = working.number(values[name])
            return term if name in INPUT_NAMES else term.because(name)
        case Negative(operand):
            return _bounded(working.number(Decimal(0)) - _number(operand, values))
        case Binary(operator, left, right):
            return _bounded(_binary(operator, _number(left, values), _number(right, values)))
        case Call(function, arguments):
            return _bounded(_call(function, [_number(one, values) for one in arguments]))
        case When(condition, then, otherwise):
            holds, fact = _truth(condition, values)
            return _bounded(_number(then if holds else otherwise, values).because(fact))
        case _:
            assert_never(node)


def _binary(operator: str, left: Term, right: Term) -> Term:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            if right.value == 0:
                raise FormulaError("公式中除数为零")
            return left / right


def _bounded(term: Term) -> Term:
    """The term itself, where neither its number nor its working grows beyond all use."""
    size = max(term.value.numerator.bit_length(), term.value.denominator.bit_length())
    if size > MAX_BITS:
        raise FormulaError("公式的中间结果过大")
    if len(term.text) > MAX_WORKING:
        raise FormulaError(f"公式的得分过程超过 {MAX_WORKING} 字")
    return term


def _call(function: str, arguments: list[Term]) -> Term:
    match function:
        case "min" | "max":
            choose: Callable[[Term, Term], Term] = (
                working.smaller if function == "min" else working.greater
            )
            result = arguments[0]
            for argument in arguments[1:]:
                result = choose(result, argument)
            return result
        case "abs":
            return _absolute(arguments[0])
        case _:
            value = arguments[0]
            whole = math.floor(value.value) if function == "floor" else math.ceil(value.value)
            way = "向下取整" if function == "floor" else "向上取整"
            return working.exact(Fraction(whole)).because(f"{_factual(value)} {way}")


def _absolute(term: Term) -> Term:
    """The term or its opposite: writing both, as max(x, 0 − x), would double the text each time."""
    if term.value >= 0:
        return term.because("绝对值")
    return (working.number(Decimal(0)) - term).because("绝对值，变号")


def _factual(term: Term) -> str:
    """A term as part of a fact: no brackets inside brackets."""
    return term.text.replace("[", "").replace("]", "")


def _truth(truth: Truth, values: Mapping[str, Decimal]) -> tuple[bool, str]:
    match truth:
        case Compare(operator, left, right):
            return _compare(operator, _number(left, values), _number(right, values))
        case Both(operator, left, right):
            holds, fact = _truth(left, values)
            if holds == (operator == "or"):
                return holds, fact
            other, other_fact = _truth(right, values)
            return other, f"{fact} 且 {other_fact}"
        case Not(operand):
            holds, fact = _truth(operand, values)
            return not holds, fact
        case _:
            assert_never(truth)


_OPPOSITE: Final = {"<": "≥", "<=": ">", ">": "≤", ">=": "<", "==": "≠", "!=": "="}


def _compare(operator: str, left: Term, right: Term) -> tuple[bool, str]:
    holds = {
        "<": left.value < right.value,
        "<=": left.value <= right.value,
        ">": left.value > right.value,
        ">=": left.value >= right.value,
        "==": left.value == right.value,
        "!=": left.value != right.value,
    }[operator]
    sign = _COMPARE[operator] if holds else _OPPOSITE[operator]
    return holds, f"{shown(left.value)} {sign} {shown(right.value)}"
