"""The one way numbers, dates and records become text and bytes.

Points, targets and limits are decimal *text* everywhere outside the core. A number is an
optional sign, ASCII digits and an optional fraction; no exponent, no NaN, no infinity, no
thousands mark. Inside the core they are `Decimal` (as written) or `Fraction` (in arithmetic);
binary floats never touch a score.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

P = ParamSpec("P")
R = TypeVar("R")

NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
MAX_NUMBER_LENGTH = 40
"""Longest number text accepted, in characters: beyond any money amount, short enough to be safe."""

_EXACT = Context(prec=10_000)
"""Beyond the largest number a formula can give, so that nothing is ever rounded by the way."""
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years whose days are accepted: outside them a date is a slip, and reckoning could leave the calendar."""


def parse_decimal(text: str) -> Decimal | None:
    """The exact value of a number text, or None where it is not one."""
    if len(text) > MAX_NUMBER_LENGTH or not NUMBER.fullmatch(text):
        return None
    return Decimal(text)


def parse_date(text: str) -> date | None:
    """The day of `YYYY-MM-DD`, or None where the text is not an accepted day."""
    match = _DATE.fullmatch(text)
    return accepted_day(*(int(group) for group in match.groups())) if match else None


def accepted_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where it does not exist or lies outside the accepted years."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def exactly(function: Callable[P, R]) -> Callable[P, R]:
    """A function whose decimal sums and products are never rounded; it must not divide."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(_EXACT):
            return function(*args, **kwargs)

    return run


def round_half_up(value: Fraction, places: int) -> Decimal:
    """The one rounding: half away from zero, to `places` decimals, by integer arithmetic."""
    scale: int = 10**places
    numerator = abs(value.numerator) * scale
    units = (2 * numerator + value.denominator) // (2 * value.denominator)
    signed = -units if value < 0 else units
    return Decimal(signed).scaleb(-places, _EXACT)


def decimals_of(value: Decimal) -> int:
    """How many decimals a number needs, trailing zeros not counted."""
    exponent = value.normalize(_EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(value: Decimal) -> str:
    """A decimal as text without exponent, keeping the decimals it was written with."""
    return f"{value:f}"


def terminating(value: Fraction) -> Decimal | None:
    """The exact decimal of a fraction, or None where its decimal expansion does not end."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1:
        return None
    units = value.numerator * (10**places // value.denominator)
    return Decimal(units).scaleb(-places, _EXACT)


def shown(value: Fraction, digits: int = 4) -> str:
    """A fraction as a clerk writes it: exact where it ends soon, else cut and marked with `…`.

    The cut never rounds: `…` says that digits follow.
    """
    exact = terminating(value)
    if exact is not None and decimals_of(exact) <= max(digits, 6):
        return plain(exact)
    scale: int = 10**digits
    units = abs(value.numerator) * scale // value.denominator
    cut = Decimal(-units if value < 0 else units).scaleb(-digits, _EXACT)
    sign = "-" if value < 0 and units == 0 else ""
    return f"{sign}{plain(cut)}…"


def about(value: Fraction, places: int = 2) -> str:
    """A fraction in running text: exact where it ends soon, else rounded and marked with 约."""
    exact = terminating(value)
    if exact is not None and decimals_of(exact) <= places + 2:
        return plain(exact)
    return f"约{plain(round_half_up(value, places))}"


Encodable = None | bool | int | str | Decimal | date | list["Encodable"] | dict[str, "Encodable"]


def _encodable(value: object) -> object:
    if value is None or isinstance(value, _AS_IT_IS):
        return value
    if isinstance(value, dict):
        if not (set(map(type, value)) <= _TEXT or all(isinstance(key, str) for key in value)):
            raise _not_exact(value)
        # Most values are texts, which need no call.
        return {k: v if type(v) is str else _encodable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in value]
    if isinstance(value, Decimal) and value.is_finite():
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    raise _not_exact(value)


_TEXT = frozenset({str})
_AS_IT_IS = (str, int)
"""What JSON says as it is; a truth value is an int, too."""


def _not_exact(value: object) -> TypeError:
    return TypeError(f"not encodable exactly: {type(value).__name__}")


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def encode(value: object) -> bytes:
    """Canonical JSON: sorted keys, UTF-8, no white space, decimals and dates as text, no floats.

    Raises:
        TypeError: for a float or any other thing without an exact text.
    """
    return _JSON.encode(_encodable(value)).encode()


def sha256(content: bytes) -> str:
    """The SHA-256 digest of bytes in lower-case hex."""
    return hashlib.sha256(content).hexdigest()
