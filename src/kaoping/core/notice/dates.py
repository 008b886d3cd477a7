"""Dates as notices write them: `2025年1月5日前`, `次年1月10日`, `12月底前`, `1月6日—15日`.

A date without a year is reckoned from what stands before it: the last deadline read, else the
issue date, else the assessment year. What names no definite day (`1月初`) stays unresolved; it is
never guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK_BACK_DAYS = 120
"""A date without a year may lie this long before the date read last; else it is next year's."""

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}


class DateRole(StrEnum):
    """What a date phrase says: not later than, from, from-to, or a plain day."""

    BEFORE = "before"
    FROM = "from"
    RANGE = "range"
    ON = "on"


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date phrase at a span of a text.

    Attributes:
        first: the first day it names, None where it names only a last one.
        last: the last day, None where no definite day could be told.
        exact: whether the last day is written out, not reckoned from 底 or 旬.
    """

    start: int
    end: int
    role: DateRole
    first: date | None
    last: date | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What dates without a year are reckoned from."""

    year: int | None = None
    issued: date | None = None
    previous: date | None = None

    def after(self, day: date | None) -> Reckoning:
        """The same once a further date has been read."""
        return replace(self, previous=day) if day else self

    def year_of(self, word: str) -> int | None:
        """The year that 今年, 次年 and their like mean."""
        written = self.issued.year if self.issued else self.year
        if word[0] in "今本当":
            return written
        if word[0] in "次翌":
            base = self.year or written
            return base + 1 if base else None
        if written is None:
            return None
        return written + 1 if word[0] in "明来下" else written - 1

    def year_for(self, month: int, day: int) -> int | None:
        """The year of a month and day written without one."""
        anchor = self.issued or (date(self.year, 7, 1) if self.year else None)
        if self.previous:
            anchor = self.previous - timedelta(days=LOOK_BACK_DAYS)
        if anchor is None:
            return None
        return anchor.year if (month, day) >= (anchor.month, anchor.day) else anchor.year + 1


def numeral(text: str) -> int | None:
    """The number of `12`, `十二`, `二十一`, `廿五` or `二〇二四`."""
    if text.isascii() and text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        digits = [_DIGITS.get(sign) for sign in text]
        known = [digit for digit in digits if digit is not None]
        return int("".join(map(str, known))) if known and len(known) == len(digits) else None
    tens, _, ones = text.partition("十")
    left, right = _DIGITS.get(tens) if tens else 1, _DIGITS.get(ones) if ones else 0
    return None if left is None or right is None else left * 10 + right


def _point(tag: str, *, month_needed: bool) -> str:
    """The pattern of one day, its groups marked by a tag."""
    year = (
        rf"(?:(?P<y{tag}>[0-9]{{4}}|[〇零一二三四五六七八九]{{4}}) ?年 ?"
        rf"|(?P<rel{tag}>今年|本年度?|当年|明年|次年|来年|翌年|下一?年|去年|上年)(?:的| )?)?"
    )
    month = rf"(?P<m{tag}>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}}) ?月份? ?"
    day = (
        rf"(?P<d{tag}>[0-9]{{1,2}}|[一二三四五六七八九十廿卅]{{1,3}}) ?[日号]"
        rf"(?: ?\(?(?:星期|周)[一二三四五六日天]\)?)?(?: ?[0-9]{{1,2}}(?:[时点]|:[0-9]{{2}}))?"
    )
    part = rf"(?P<part{tag}>底|末|初|上旬|中旬|下旬)"
    if month_needed:
        return rf"{year}{month}(?:{day}|{part})?"
    return rf"{year}(?:{month})?(?:{day}|{part})"


_SUFFIX = r"(?P<suffix> ?(?:之前|以前|前(?!期|述|款|段|三|五|十|[0-9])|为止|止|截止|以内|内|起|开始|之后|以后|后(?!续)))?"
_WRITTEN = re.compile(
    rf"(?<![0-9]){_point('1', month_needed=True)}"
    rf"(?: ?(?:至|到|—{{1,2}}|-{{1,2}}|~) ?{_point('2', month_needed=False)})?{_SUFFIX}"
)
_NUMERIC = re.compile(
    rf"(?<![0-9./-])(?P<y>[0-9]{{4}})(?P<sep>[-/.])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<d>[0-9]{{1,2}})"
    rf"(?![0-9./-]){_SUFFIX}"
)
_YEAR_END = re.compile(
    rf"(?:(?P<y>[0-9]{{4}}) ?|(?P<rel>今|本|当|明|次|来|去|上))?年(?:底|末){_SUFFIX}"
)
_PART_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (31, 31), "末": (31, 31)}


def day_of(year: int | None, month: int | None, day: int | None) -> date | None:
    """The day, None where there is no such day."""
    if not year or not month or not day:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Point:
    """One end of a date phrase: the days it covers."""

    first: date | None
    last: date | None
    month: int | None
    exact: bool


def _read_point(match: re.Match[str], tag: str, reckoning: Reckoning, month: int | None) -> _Point:
    group = match.groupdict()
    written = numeral(group[f"m{tag}"]) if group[f"m{tag}"] else month
    part, digits = group[f"part{tag}"], group[f"d{tag}"]
    if written is None or not 1 <= written <= 12:  # noqa: PLR2004 - months
        return _Point(None, None, None, exact=False)
    day = numeral(digits) if digits else None
    low, high = (day, day) if day else _PART_DAYS.get(part or "", (1, None))
    year = _read_year(group[f"y{tag}"], group[f"rel{tag}"], reckoning)
    year = year or reckoning.year_for(written, high or 1)
    if year and high and not day:
        high = min(high, monthrange(year, written)[1])
        low = min(low or high, high)
    return _Point(day_of(year, written, low), day_of(year, written, high), written, bool(day))


def _read_year(digits: str | None, word: str | None, reckoning: Reckoning) -> int | None:
    if digits:
        return numeral(digits)
    return reckoning.year_of(word) if word else None


def _role(suffix: str | None) -> DateRole | None:
    word = (suffix or "").strip()
    if word in {"起", "开始", "之后", "以后", "后"}:
        return DateRole.FROM
    return DateRole.BEFORE if word else None


def _written(match: re.Match[str], reckoning: Reckoning) -> DatePhrase | None:
    one = _read_point(match, "1", reckoning, None)
    role = _role(match["suffix"])
    span = match.span()
    if match["d2"] or match["part2"]:
        two = _read_point(match, "2", reckoning.after(one.first), one.month)
        return DatePhrase(*span, DateRole.RANGE, one.first, two.last, two.exact)
    if role is DateRole.FROM:
        return DatePhrase(*span, role, one.first, one.first, one.exact)
    if role is None and match["part1"] and match["part1"].endswith("旬"):
        return DatePhrase(*span, DateRole.RANGE, one.first, one.last, exact=False)
    if role is None and not match["d1"] and not match["part1"]:
        return None
    first = one.first if role is None else None
    return DatePhrase(*span, role or DateRole.ON, first, one.last, one.exact)


def _numeric(match: re.Match[str]) -> DatePhrase:
    day = day_of(int(match["y"]), int(match["m"]), int(match["d"]))
    return DatePhrase(*match.span(), _role(match["suffix"]) or DateRole.ON, day, day, exact=True)


def _year_end(match: re.Match[str], reckoning: Reckoning) -> DatePhrase:
    year = _read_year(match["y"], match["rel"], reckoning) or reckoning.year
    day = day_of(year, 12, 31)
    return DatePhrase(*match.span(), _role(match["suffix"]) or DateRole.ON, day, day, exact=False)


def find_dates(text: str, reckoning: Reckoning) -> Iterator[DatePhrase]:
    """All date phrases of a text in half-width form, in order."""
    matches = [
        (match.start(), kind, match)
        for kind, pattern in enumerate((_WRITTEN, _NUMERIC, _YEAR_END))
        for match in pattern.finditer(text)
    ]
    for _, kind, match in sorted(matches, key=lambda row: row[0]):
        phrase = (
            _written(match, reckoning)
            if kind == 0
            else _numeric(match)
            if kind == 1
            else _year_end(match, reckoning)
        )
        if phrase:
            reckoning = reckoning.after(phrase.last)
            yield phrase


def whole_date(text: str) -> date | None:
    """The day of a text that is nothing but a date with its year."""
    stripped = text.strip()
    match = _WRITTEN.fullmatch(stripped) or _NUMERIC.fullmatch(stripped)
    if match is None or match["suffix"]:
        return None
    if match.re is _NUMERIC:
        return _numeric(match).last
    return _read_point(match, "1", Reckoning(), None).last if match["d1"] else None
