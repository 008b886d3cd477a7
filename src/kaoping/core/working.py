"""得分过程: arithmetic that writes itself down.

A `Term` is an exact value together with the text a clerk would write for it; adding two terms adds
the values and joins the texts, so that value and text cannot disagree. The grammar is fixed
(design: scoring, "Working"):

    working := left [ "=" shown ] [ "→" rounded ]
    left    := product { ("+" | "−") product }
    product := factor { ("×" | "÷") factor }
    factor  := { "[" fact "]" } ( number | "(" left ")" | "−" factor
             | ("min" | "max") "(" left { "," left } ")" )

A fact in brackets says why a figure was chosen (`[80 ≤ 85 < 100] 8.00`, `[迟报] 2 × 0.1`); it is no
part of the arithmetic. Everything before the first `=` is exact; `…` stands only after it.
`evaluate` computes a left side anew, so that anybody can check a printed score.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from kaoping.core.canonical import plain, round_half_up, shown, terminating

if TYPE_CHECKING:
    from decimal import Decimal

MINUS = "−"
_SUM, _PRODUCT, _ATOM = range(3)
_MAX_DECIMALS = 12
"""A decimal longer than this is written as a division of two whole numbers instead."""


@dataclass(frozen=True, slots=True)
class Term:
    """An exact value and how it is written; `level` says how loosely the text binds."""

    value: Fraction
    text: str
    level: int = _ATOM

    def __add__(self, other: Term) -> Term:
        """The sum of both."""
        text = f"{self.text} + {other._within(_PRODUCT)}"
        return Term(self.value + other.value, text, _SUM)

    def __sub__(self, other: Term) -> Term:
        """The difference of both."""
        text = f"{self.text} {MINUS} {other._within(_PRODUCT)}"
        return Term(self.value - other.value, text, _SUM)

    def __mul__(self, other: Term) -> Term:
        """The product of both."""
        text = f"{self._within(_PRODUCT)} × {other._within(_ATOM)}"
        return Term(self.value * other.value, text, _PRODUCT)

    def __truediv__(self, other: Term) -> Term:
        """The quotient of both.

        Raises:
            ZeroDivisionError: where the other is zero; callers look first.
        """
        text = f"{self._within(_PRODUCT)} ÷ {other._within(_ATOM)}"
        return Term(self.value / other.value, text, _PRODUCT)

    def because(self, fact: str) -> Term:
        """The same figure with the fact that chose it before it."""
        enclosed = fact.replace("[", "［").replace("]", "］")
        return Term(self.value, f"[{enclosed}] {self._within(_ATOM)}", _ATOM)

    def _within(self, level: int) -> str:
        return self.text if self.level >= level else f"({self.text})"


def number(value: Decimal) -> Term:
    """A number as it was written."""
    text = plain(value)
    if value.is_signed():
        return Term(Fraction(value), MINUS + text.lstrip("-"), _SUM)
    return Term(Fraction(value), text)


def exact(value: Fraction) -> Term:
    """A computed value: a decimal where it ends soon, else a division of whole numbers."""
    decimal = terminating(value)
    if decimal is not None and len(str(decimal)) <= _MAX_DECIMALS + 2:
        return number(decimal)
    sign = MINUS if value < 0 else ""
    text = f"{sign}{abs(value.numerator)} ÷ {value.denominator}"
    return Term(value, text, _SUM if sign else _PRODUCT)


def smaller(left: Term, right: Term) -> Term:
    """The smaller of two, written as min( , )."""
    return Term(min(left.value, right.value), f"min({left.text}, {right.text})")


def greater(left: Term, right: Term) -> Term:
    """The greater of two, written as max( , )."""
    return Term(max(left.value, right.value), f"max({left.text}, {right.text})")


def added(terms: list[Term]) -> Term:
    """The sum of all; a negative figure is written as subtracted."""
    total = terms[0]
    for term in terms[1:]:
        figure = _NEGATIVE_FIGURE.fullmatch(term.text)
        if figure:
            absolute = figure["figure"] or figure["enclosed"]
            total -= Term(-term.value, figure["fact"] + absolute)
        else:
            total += term
    return total


_NEGATIVE_FIGURE = re.compile(
    r"(?P<fact>(?:\[[^\]]*\] )*)(?:−(?P<figure>[0-9.]+)|\(−(?P<enclosed>[0-9.]+)\))"
)
_ONE_FIGURE = re.compile(r"(?P<facts>(?:\[[^\]]*\] )*)(?P<sign>−?)[0-9.]+")


def written(term: Term, places: int) -> tuple[str, Decimal]:
    """A term's working as printed, and its value after the one rounding."""
    rounded = round_half_up(term.value, places)
    figure = _ONE_FIGURE.fullmatch(term.text)
    if term.value == Fraction(rounded):
        if figure:
            return f"{figure['facts']}{figure['sign']}{plain(rounded).lstrip('-')}", rounded
        return f"{term.text} = {plain(rounded)}", rounded
    middle = "" if figure else f" = {shown(term.value)}"
    return f"{term.text}{middle} → {plain(rounded)}", rounded


# --- computing a written working anew --------------------------------------------------------------

_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|(min|max)|([-+−×÷(),]))")
_FACT = re.compile(r"\[[^\]]*\]")


def evaluate(working: str) -> Fraction:
    """The exact value of a working's left side, the text before its first `=` or `→`.

    Raises:
        ValueError: where the text is not of the grammar.
    """
    left = re.split(r"[=→]", _FACT.sub(" ", working), maxsplit=1)[0].strip()
    parser = _Parser(_tokens(left))
    value = parser.total()
    if parser.tokens:
        raise ValueError(f"not of the grammar of a working: {working}")
    return value


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise ValueError(f"not of the grammar of a working: {text[position:]}")
        tokens.append(match.group().strip())
        position = match.end()
    return tokens[::-1]


class _Parser:
    """Recursive descent over tokens, the next one last."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def _take(self, *wanted: str) -> str | None:
        if self.tokens and self.tokens[-1] in wanted:
            return self.tokens.pop()
        return None

    def total(self) -> Fraction:
        value = self._product()
        while sign := self._take("+", MINUS, "-"):
            other = self._product()
            value = value + other if sign == "+" else value - other
        return value

    def _product(self) -> Fraction:
        value = self._factor()
        while sign := self._take("×", "÷"):
            other = self._factor()
            value = value * other if sign == "×" else value / other
        return value

    def _factor(self) -> Fraction:
        if self._take(MINUS, "-"):
            return -self._factor()
        if name := self._take("min", "max"):
            return self._extreme(name)
        if self._take("("):
            value = self.total()
            self._expect(")")
            return value
        if not self.tokens or not self.tokens[-1][0].isdigit():
            raise ValueError("a number is missing")
        return Fraction(self.tokens.pop())

    def _extreme(self, name: str) -> Fraction:
        self._expect("(")
        values = [self.total()]
        while self._take(","):
            values.append(self.total())
        self._expect(")")
        return min(values) if name == "min" else max(values)

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise ValueError(f"{token} is missing")
