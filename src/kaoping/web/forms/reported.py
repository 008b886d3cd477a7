"""One reported value as somebody wrote it, in a form or in a workbook: judged alike, every fault at once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import ResultReported, Status
from kaoping.core.canonical import accepted_day, parse_decimal
from kaoping.web.queries.ledger import STATUSES

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from kaoping.core.burden import AskedValue

VALUE, AS_OF, STATUS, SOURCE = PARTS = ("value", "as_of", "status", "source")
"""What is written of a value: the number, the day it stands for, how final it is, where it is from."""
LONGEST_SOURCE = 2000
"""In characters."""
_SHOWN = 40
_WIDE = str.maketrans("０１２３４５６７８９．－＋，％／−\u00a0\u2009", "0123456789.-+,%/-  ")
"""Signs that a Chinese keyboard or a spreadsheet writes, and the narrow ones they stand for."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:([, ])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]{1,30})?")
_DAY = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})([-/.月])([0-9]{1,2})(日?)")
_UNSEEN = frozenset({"Cc", "Cs"})
"""Unicode categories that no text of an act may hold, but for the line break and the tab."""
_PER_CENT = ("%", "％", "百分比")
_SAYS_SOMETHING = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class About:
    """Whose value it is: ids of the year and the unit, the task of the scheme, and what is asked of it."""

    year: str
    unit: str
    task: str
    asked: AskedValue


@dataclass(frozen=True, slots=True)
class Written:
    """A value as it was written, each part as text."""

    value: str
    as_of: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one of the `PARTS`: its problem code, and what to do, in Chinese and English."""

    part: str
    code: str
    message: str
    suggestion: str
    en: str


def judged(written: Written, about: About) -> ResultReported | list[Flaw]:
    """The value that was written, or everything that is wrong with it."""
    amount = _amount(written.value, about.asked.unit_of_measure)
    day, source = day_of(written.as_of), written.source.strip()
    status = next((one for one in STATUSES if one.value == written.status.strip()), None)
    flaws = list(_source_flaws(source))
    if isinstance(amount, Flaw):
        flaws.insert(0, amount)
    if day is None:
        flaws.append(_no_day(written.as_of.strip()))
    if status is None:
        flaws.append(_no_status(written.status.strip()))
    if flaws or isinstance(amount, Flaw) or day is None or status is None:
        return sorted(flaws, key=lambda one: PARTS.index(one.part))
    return ResultReported(
        about.year,
        about.unit,
        about.task,
        about.asked.name,
        amount,
        about.asked.unit_of_measure,
        day,
        Status(status),
        source,
    )


def is_as_before(written: Written, before: ResultReported | None) -> bool:
    """Whether what was written is what is reported already, whoever reported it.

    Asked before anything is judged: a section may have reported what a unit may not say (核验).
    """
    if before is None:
        return False
    return (
        _amount(written.value, before.unit_of_measure) == before.value
        and day_of(written.as_of) == before.as_of
        and written.status.strip() == before.status.value
        and written.source.strip() == before.data_source.strip()
    )


def day_of(text: str) -> date | None:
    """A day as officials write it: 2024-12-31, 2024/12/31, 2024.12.31, 2024年12月31日; None for any other text."""
    match = _DAY.fullmatch(text.strip().translate(_WIDE))
    if match is None or f"{match[2]}{match[4]}{match[6]}" not in ("--", "//", "..", "年月日"):
        return None
    return accepted_day(int(match[1]), int(match[3]), int(match[5]))


def _amount(text: str, unit_of_measure: str) -> Decimal | Flaw:
    """The number: thousands may be parted, a percent sign stand where percents are asked for."""
    plain = text.translate(_WIDE).strip()
    if plain.endswith("%"):
        plain = plain[:-1].rstrip()
        if unit_of_measure not in _PER_CENT:
            return _percent_of_what(text.strip(), unit_of_measure)
    if _GROUPED.fullmatch(plain):
        plain = re.sub("[, ]", "", plain)
    amount = parse_decimal(plain) if _NUMBER.fullmatch(plain) else None
    if amount is None:
        return Flaw(
            VALUE,
            "NUMBER-INVALID",
            f"“{_cut(text)}”不是数" if text.strip() else "没有填数",
            "只写数字，如 26.80，不写单位",
            f"“{_cut(text)}” is no number; write digits only, like 26.80, without the unit of measure",
        )
    return amount or amount.copy_abs()  # a zero has no sign


def _percent_of_what(text: str, unit_of_measure: str) -> Flaw:
    return Flaw(
        VALUE,
        "MEASURE-MISMATCH",
        f"“{_cut(text)}”是百分数，而计量单位是“{unit_of_measure or '（无）'}”",
        "按计量单位填数，单元格不要设成百分比",
        f"“{_cut(text)}” is in percent, and the unit of measure is “{unit_of_measure}”; give the number "
        "in that unit, in a cell that does not show percents",
    )


def _source_flaws(source: str) -> list[Flaw]:
    unseen = next((s for s in source if unicodedata.category(s) in _UNSEEN and s not in "\n\t"), "")
    if not _SAYS_SOMETHING.search(source):
        said = "没有写数据来源", "写明出自哪份报表或哪个系统"
        return [_bad_source(*said, "Say where the number is from: which report, which system")]
    if len(source) > LONGEST_SOURCE:
        said = f"数据来源超过 {LONGEST_SOURCE} 字", "写得短一些"
        return [_bad_source(*said, f"The source has more than {LONGEST_SOURCE} characters")]
    if unseen:
        sign = f"U+{ord(unseen):04X}"
        said = f"数据来源里有看不见的字符 {sign}", "重新键入这一格"
        return [_bad_source(*said, f"The source holds the invisible sign {sign}; type it again")]
    return []


def _bad_source(message: str, suggestion: str, en: str) -> Flaw:
    return Flaw(SOURCE, "VALUE-UNKNOWN", message, suggestion, en)


def _no_day(text: str) -> Flaw:
    return Flaw(
        AS_OF,
        "DATE-INVALID" if text else "CELL-EMPTY",
        f"“{_cut(text)}”不是日期" if text else "没有写数据时点",
        "写成 2024-12-31 的样子",
        f"“{_cut(text)}” is no day; write it like 2024-12-31",
    )


def _no_status(text: str) -> Flaw:
    listed = "、".join(one.value for one in STATUSES)
    return Flaw(
        STATUS,
        "STATUS-UNKNOWN" if text else "CELL-EMPTY",
        f"没有“{_cut(text)}”这种数据性质" if text else "没有选数据性质",
        f"可选：{listed}",
        f"“{_cut(text)}” is no state of data; one of these is: {listed}",
    )


def _cut(text: str) -> str:
    """A text as a message repeats it."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text.strip())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
