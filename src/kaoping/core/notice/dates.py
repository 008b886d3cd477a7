"""Dates as notices write them: `2025年1月5日前`, `次年1月10日`, `12月底前`, `1月6日—15日`.

A date without a year is reckoned from what stands before it: the last deadline read, else the
issue date, else the assessment year; never before the issue date. What names no definite day
(`1月初`, `1月5日前后`) stays unresolved; it is never guessed.

A date may only say which things are meant (`9月1日前备案的项目`, `统计时段为…`): it is `mentioned`,
no deadline, and no later date is reckoned from it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from kaoping.core.canonical import accepted_day

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK_BACK_DAYS = 120
"""A date without a year may lie this long before the date read last; else it is next year's."""

LONGEST_ROLL_DAYS = 184
"""A range whose end stands without a year may run this long into the next year."""

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "O": 0, "0": 0}


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
        mentioned: whether it only says which things are meant, and sets nobody a time.
    """

    start: int
    end: int
    role: DateRole
    first: date | None
    last: date | None
    exact: bool
    mentioned: bool = False


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
            before = self.previous - timedelta(days=LOOK_BACK_DAYS)
            anchor = max(before, self.issued) if self.issued else before
        if anchor is None:
            return None
        return _year_from(anchor, month, day)


def _year_from(anchor: date, month: int, day: int) -> int:
    """The year of the first such day on or after another."""
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


_SHORT_DAY = "(?=(?:至|到|—{1,2}|-{1,2}|~)[0-9]{1,2}[日号])"
"""What follows the first day of `5-10日`, which leaves its 日 to the last."""


def _point(tag: str, *, month_needed: bool) -> str:
    """The pattern of one day, its groups marked by a tag."""
    year = (
        rf"(?:(?P<y{tag}>[0-9]{{4}}|[〇零O0一二三四五六七八九]{{4}}) ?年 ?"
        rf"|(?P<rel{tag}>今年|本年度?|当年|明年|次年|来年|翌年|下一?年|去年|上年)(?:的| )?)?"
    )
    month = rf"(?P<m{tag}>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}}|元) ?月份? ?"
    day = (
        rf"(?P<d{tag}>[0-9]{{1,2}}|[一二三四五六七八九十廿卅]{{1,3}}) ?(?:[日号]|{_SHORT_DAY})"
        rf"(?: ?\((?:星期|周)[一二三四五六日天]\)| ?(?:星期|周)[一二三四五六日天])?(?: ?[0-9]{{1,2}}(?:[时点]|:[0-9]{{2}}))?"
    )
    part = rf"(?P<part{tag}>底|末|初|上旬|中旬|下旬)"
    if month_needed:
        return rf"{year}{month}(?:{day}|{part})?"
    return rf"{year}(?:{month})?(?:{day}|{part})"


_SUFFIX = r"(?P<suffix>(?: ?\([^()\n]{2,12}\)(?= ?(?:之前|以前|前[,。;)]|前[一-鿿])))? ?(?:前后|左右|之前|以前|前(?!期|述|款|段|三|五|十|[0-9])|为止|止|截止|以内|内|起|开始|启动|之后|以后|后(?!续)))?"
_WRITTEN = re.compile(
    rf"(?<![0-9])(?<![0-9]年){_point('1', month_needed=True)}"
    rf"(?:(?: ?\([^()\n]{{2,20}}\))? ?起? ?(?:至|到|—{{1,2}}|-{{1,2}}|~) ?{_point('2', month_needed=False)})?{_SUFFIX}"
)
_NUMERIC = re.compile(
    rf"(?<![0-9./-])(?P<y>[0-9]{{4}})(?P<sep>[-/.])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<d>[0-9]{{1,2}})"
    rf"(?: ?[至到—~-]{{1,2}} ?(?P<y2>[0-9]{{4}})(?P=sep)(?P<m2>[0-9]{{1,2}})(?P=sep)(?P<d2>[0-9]{{1,2}}))?"
    rf"(?![0-9./-]|[至到—~][0-9]){_SUFFIX}"
)
_DOTTED = re.compile(
    r"(?<=\()(?P<m>[0-9]{1,2})\.(?P<d>[0-9]{1,2})[至到—~-]{1,2}"
    r"(?P<m2>[0-9]{1,2})\.(?P<d2>[0-9]{1,2})(?=\))"
)
"""`(1.5-1.10)`: days only where nothing else stands in the brackets."""
_YEAR_END = re.compile(
    rf"(?:(?P<y>[0-9]{{4}}) ?|(?P<rel>今|本|当|明|次|来|去|上))?年(?:底|末){_SUFFIX}"
)
_PART_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (31, 31), "末": (31, 31)}


def day_of(year: int | None, month: int | None, day: int | None) -> date | None:
    """The day, None where it is not told in full, does not exist or lies beyond accepted years."""
    if not year or not month or not day:
        return None
    return accepted_day(year, month, day)


@dataclass(frozen=True, slots=True)
class _Point:
    """One end of a date phrase: the days it covers."""

    first: date | None
    last: date | None
    month: int | None
    exact: bool


def _month(text: str | None, known: int | None) -> int | None:
    """The number of a month, of the one before where a range names it once."""
    if not text:
        return known
    return 1 if text == "元" else numeral(text)


def _read_point(
    match: re.Match[str],
    tag: str,
    reckoning: Reckoning,
    month: int | None = None,
    begun: date | None = None,
) -> _Point:
    """One end of a date phrase; the last end of a range is no earlier than the day it began."""
    group = match.groupdict()
    written = _month(group[f"m{tag}"], month)
    part, digits = group[f"part{tag}"], group[f"d{tag}"]
    if written is None or not 1 <= written <= 12:  # noqa: PLR2004 - months
        return _Point(None, None, None, exact=False)
    day = numeral(digits) if digits else None
    low, high = (day, day) if day else _PART_DAYS.get(part or "", (1, None))
    year = _read_year(group[f"y{tag}"], group[f"rel{tag}"], reckoning)
    if not year and begun:
        year = _year_from(begun, written, high or 1)
    year = year or reckoning.year_for(written, high or 1)
    if year and high and not day:
        high = min(high, monthrange(year, written)[1])
        low = min(low or high, high)
    return _Point(day_of(year, written, low), day_of(year, written, high), written, bool(day))


def _read_year(digits: str | None, word: str | None, reckoning: Reckoning) -> int | None:
    if digits:
        return numeral(digits)
    return reckoning.year_of(word) if word else None


_ABOUT = {"前后", "左右"}
"""Words that make of a day no definite one."""


def _role(suffix: str | None) -> DateRole | None:
    word = (suffix or "").strip()
    if word in {"起", "开始", "启动", "之后", "以后", "后"}:
        return DateRole.FROM
    return DateRole.BEFORE if word else None


def _is_range(first: date | None, last: date | None, *, rolled: bool) -> bool:
    """Whether two days can be one range: `1月15日至1月10日` is a slip, not most of a year."""
    if first is None or last is None:
        return last is not None
    return first <= last and not (
        rolled and last.year > first.year and last - first > timedelta(days=LONGEST_ROLL_DAYS)
    )


def _written(match: re.Match[str], reckoning: Reckoning) -> DatePhrase | None:
    one = _read_point(match, "1", reckoning)
    role = _role(match["suffix"])
    span = match.span()
    if match["d2"] or match["part2"]:
        two = _read_point(match, "2", reckoning, one.month, one.first)
        last = two.last if _is_range(one.first, two.last, rolled=not match["y2"]) else None
        return DatePhrase(*span, DateRole.RANGE, one.first, last, two.exact)
    if role is DateRole.FROM:
        return DatePhrase(*span, role, one.first, one.first, one.exact)
    if (match["suffix"] or "").strip() in _ABOUT:
        return DatePhrase(*span, DateRole.BEFORE, None, None, exact=False)
    if role is None and match["part1"] and match["part1"].endswith("旬"):
        return DatePhrase(*span, DateRole.RANGE, one.first, one.last, exact=False)
    if role is None and not match["d1"] and not match["part1"]:
        return None
    first = one.first if role is None else None
    return DatePhrase(*span, role or DateRole.ON, first, one.last, one.exact)


def _numeric(match: re.Match[str]) -> DatePhrase:
    day = day_of(int(match["y"]), int(match["m"]), int(match["d"]))
    if match["y2"]:
        last = day_of(int(match["y2"]), int(match["m2"]), int(match["d2"]))
        last = last if _is_range(day, last, rolled=False) else None
        return DatePhrase(*match.span(), DateRole.RANGE, day, last, exact=True)
    return DatePhrase(*match.span(), _role(match["suffix"]) or DateRole.ON, day, day, exact=True)


def _dotted(match: re.Match[str], reckoning: Reckoning) -> DatePhrase | None:
    months, days = (int(match["m"]), int(match["m2"])), (int(match["d"]), int(match["d2"]))
    first = day_of(reckoning.year_for(months[0], days[0]), months[0], days[0])
    last = day_of(_year_from(first, months[1], days[1]), months[1], days[1]) if first else None
    if last is None:
        return None
    return DatePhrase(*match.span(), DateRole.RANGE, first, last, exact=True)


def _year_end(match: re.Match[str], reckoning: Reckoning) -> DatePhrase:
    year = _read_year(match["y"], match["rel"], reckoning) or reckoning.year
    day = day_of(year, 12, 31)
    return DatePhrase(*match.span(), _role(match["suffix"]) or DateRole.ON, day, day, exact=False)


_MEANT = re.compile(
    r"(?:期间|之间|间)?(?:(?:产生|形成|发生)?的|[^,。;:的\n由对将把各按依根]{1,8}的)"
)
"""What follows a date of a noun phrase: words up to 的, without the actor or object of a sentence."""
_ACT_BEGINS = re.compile(
    r" ?,|(?:完成|报送|上报|提交|组织|开展|形成|进行|召开|报(?![送告])|送)(?!的|完的|完毕的|并[^,。;的]{1,3}的)"
)
"""What follows a deadline: a stop, or the act it is set to."""
_DRAWN = re.compile(r"[^,。;:\n]{0,6}(?:彩票|开奖)")
"""What follows a day of which a number drawn in public is taken."""
_DEMANDED = re.compile(r"[^,。;:\n按依根]{1,12}的(?:要求|规定|部署|精神|目标)")
"""What follows a date that another document set."""
_PERIOD_NAMED = re.compile(
    r"""(?:起止|统计|数据(?:所属|统计)?|所属|核算|考[核评]|评[价估]|监测|业绩)
    (?:时间|时段|期间|周期|时期|区间|所属期|年度|期|(?<=统计)时间)(?:内|间)?[为是:]?[ ]?$|(?:考[核评]|评[价估议定])(?:的是|只看|看|覆盖|涵盖)?$""",
    re.VERBOSE,
)
_KIND_OF_DAY = re.compile(
    r"\)?(?:当[日天])?(?:虽|恰|正|适)?(?:系|是|为|属|逢)[^,。;]{0,6}(?:调休|法定|公休|工作日|上班|休息|节假|周末|星期|补班|假期)|\)?(?:因)?(?:调休|补班|照常上班)"
)
"""What follows a date that only explains it: 1月4日为调休上班日."""
_TOO_LATE = re.compile(r"逾期|不再|视为|顺延|作废")
_BEGINS = re.compile(r"[^,。;:\n的]{0,4}?(?:开放|开通|启动|开启|开始)")
"""What follows a day on which something only begins: `1月5日系统开放`."""
_AMONG = re.compile(r"其中[:,]? ?$")
"""What stands before a day within a time that was told."""
_MISSED = re.compile(r"(?:仍|还|尚|依然)*(?:没有?|未)(?!来得及)|[^,。;:\n]{0,4}才")
"""What follows a day by which something was not done: `1月15日还没有交的`."""
_MISSED_BEFORE = re.compile(r"(?<!不)(?<!不得)(?:过了|晚于|迟于|超过|错过) ?$")
_NEAR = 16


def _is_mentioned(phrase: DatePhrase, text: str) -> bool:
    """Whether a date tells which things are meant or what happens later, and sets nobody a time."""
    before, after = (
        text[max(0, phrase.start - _NEAR) : phrase.start],
        text[phrase.end : phrase.end + _NEAR],
    )
    clause = re.split(r"[,。;:()\n]", before)[-1] + re.split(r"[,。;:()\n]", after)[0]
    if _PERIOD_NAMED.search(before) or _TOO_LATE.search(clause):
        return True
    if _AMONG.search(before) or _MISSED_BEFORE.search(before) or _MISSED.match(after):
        return True
    if _DRAWN.match(after) or _DEMANDED.match(after) or _KIND_OF_DAY.match(after):
        return True
    return bool(_MEANT.match(after)) and not _ACT_BEGINS.match(after)


def find_dates(text: str, reckoning: Reckoning) -> Iterator[DatePhrase]:
    """All date phrases of a text in half-width form, in order."""
    return iter(_dates_of(text, reckoning))


@lru_cache(maxsize=2048)
def _dates_of(text: str, reckoning: Reckoning) -> tuple[DatePhrase, ...]:
    """All dates of a text: several rules ask for those of the same words."""
    return tuple(_dates(text, reckoning))


def _dates(text: str, reckoning: Reckoning) -> Iterator[DatePhrase]:
    readers = (
        (_WRITTEN, _written),
        (_NUMERIC, lambda match, _: _numeric(match)),
        (_YEAR_END, _year_end),
        (_DOTTED, _dotted),
    )
    matches = [
        (match.start(), match, read)
        for pattern, read in readers
        for match in pattern.finditer(text)
    ]
    for _, match, read in sorted(matches, key=lambda row: row[0]):
        phrase = read(match, reckoning)
        if phrase is None:
            continue
        if _KIND_OF_DAY.match(text, phrase.end):
            continue
        if _is_mentioned(phrase, text):
            yield replace(phrase, mentioned=True)
            continue
        reckoning = reckoning.after(phrase.last)
        begins = phrase.role is DateRole.ON and _BEGINS.match(text, phrase.end)
        yield replace(phrase, role=DateRole.FROM) if begins else phrase


def whole_date(text: str) -> date | None:
    """The day of a text that is nothing but a date with its year."""
    stripped = text.strip()
    match = _WRITTEN.fullmatch(stripped) or _NUMERIC.fullmatch(stripped)
    if match is None or match["suffix"]:
        return None
    if match.re is _NUMERIC:
        return None if match["y2"] else _numeric(match).last
    return _read_point(match, "1", Reckoning()).last if match["d1"] else None
