"""What the pages of oversight are asked for: which entries, which events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.acts.union import BY_TYPE
from kaoping.core.canonical import parse_date
from kaoping.core.errors import InputError
from kaoping.web.forms.people import without_nul
from kaoping.web.queries.wanted import Span, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_LONGEST = 100
_DIGITS = 15
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read_wanted(given: Mapping[str, str], kinds: Mapping[str, object] = BY_TYPE) -> Wanted:
    """The filters of a page.

    Raises:
        InputError: for a day or a number that is none, or a kind that does not exist.
    """
    kind, who = given.get("kind", ""), given.get("who", "")
    if kind and kind not in kinds:
        raise _wrong("种类", "kind")
    if who and not _UUID.fullmatch(who):
        raise _wrong("人员", "person")
    first, last = (_day(given.get(name, "")) for name in ("from", "to"))
    if first and last and first > last:
        raise InputError(
            "开始日期晚于结束日期，没有筛选。请改正日期。",
            "The first day is later than the last. Correct the days.",
        )
    text = without_nul(given.get("q", "").strip()[:_LONGEST])
    below, above = (_number(given.get(name, "")) for name in ("below", "above"))
    return Wanted(text, kind, who, Span(first, last), below, above)


def _day(text: str) -> date | None:
    found = parse_date(text) if text else None
    if text and found is None:
        raise _wrong("日期", "day")
    return found


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise _wrong("条目号", "number of an entry")
    return int(text)


def _wrong(zh: str, en: str) -> InputError:
    return InputError(
        f"筛选条件中的{zh}不对，没有筛选。请重新选择。",
        f"The {en} asked for is not one. Choose again.",
    )
