"""How pages write days, times, numbers, icons and states."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import get_language

from kaoping.core.acts.names import act_name
from kaoping.core.calendar import SHANGHAI

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()
_WEEKDAYS = "一二三四五六日"
_THIN = "\u2009"
_GROUP = 3


@register.simple_tag
def fresh_act() -> str:
    """An id for the act of one of several forms on a page."""
    return str(uuid4())


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite; words stand beside it, so that it is not read out."""
    return _icon(name, extra)


@cache
def _icon(name: str, extra: str) -> SafeString:
    """Its words; there are a few dozen, and a page shows as many."""
    sprite = static("kaoping/icons.svg")
    return format_html(
        '<svg class="k-i {}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, sprite, name
    )


@register.filter
def day(value: date | str | None) -> str:
    """1月8日; with the year where it is not that of the page's year is `long_day`."""
    one = _as_day(value)
    if one is None:
        return ""
    return one.strftime("%-d %b") if _is_english() else f"{one.month}月{one.day}日"


@register.filter
def long_day(value: date | str | None) -> str:
    """2025年1月8日."""
    one = _as_day(value)
    if one is None:
        return ""
    return one.strftime("%-d %b %Y") if _is_english() else f"{one.year}年{one.month}月{one.day}日"


@register.filter
def weekday(value: date | str | None) -> str:
    """星期三."""
    one = _as_day(value)
    if one is None:
        return ""
    return one.strftime("%A") if _is_english() else f"星期{_WEEKDAYS[one.weekday()]}"


@register.filter
def short_weekday(value: date | str | None) -> str:
    """周三."""
    one = _as_day(value)
    if one is None:
        return ""
    return one.strftime("%a") if _is_english() else f"周{_WEEKDAYS[one.weekday()]}"


@register.filter
def moment(value: str | datetime | None) -> str:
    """2025-01-08 09:30:12, in Asia/Shanghai, of a time in UTC as acts carry it."""
    if not value:
        return ""
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    return time.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


@register.filter
def clock(value: str | datetime | None) -> str:
    """09:30:12, in Asia/Shanghai."""
    return moment(value)[11:]


@register.filter
def thin(value: float | str) -> str:
    """18 452: thousands by a thin gap."""
    digits = str(value)
    if not digits.isdigit() or len(digits) <= _GROUP + 1:
        return digits
    head = len(digits) % _GROUP
    parts = ([digits[:head]] if head else []) + [
        digits[at : at + _GROUP] for at in range(head, len(digits), _GROUP)
    ]
    return _THIN.join(parts)


@register.filter
def act_term(wire: str) -> str:
    """What an act is called."""
    return act_name(wire)


@register.filter
def said(error: object) -> str:
    """The sentence of an error in the language of the page."""
    return str(getattr(error, "en" if _is_english() else "zh", error))


@register.filter
def why(thing: object) -> str:
    """The reason that something bears in both languages, in that of the page."""
    return str(getattr(thing, "why_en" if _is_english() else "why_zh"))


@register.filter
def short_digest(value: str) -> str:
    """The first 16 digits in groups of four: enough to compare by eye."""
    return " ".join(value[at : at + 4] for at in range(0, 16, 4))


@register.filter
def plainly(text: object) -> SafeString:
    """What somebody typed, in a place of its own: signs that nobody sees are shown by their number.

    Signs that turn the direction of writing, or break a line, would make other words look different
    from what they are.
    """
    shown = "".join(
        f"⟨U+{ord(sign):04X}⟩" if _is_unseen(sign) else sign for sign in str(text or "")
    )
    return format_html("<bdi>{}</bdi>", shown)


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_LINE_BREAK = "\n"


def _is_unseen(sign: str) -> bool:
    return sign != _LINE_BREAK and (unicodedata.category(sign) in _UNSEEN or sign in _FILLERS)


@register.filter
def spaced_key(value: str) -> str:
    """A digest in groups of four, the whole of it."""
    return " ".join(value[at : at + 4] for at in range(0, len(value), 4))


def _as_day(value: date | str | None) -> date | None:
    if not value:
        return None
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
