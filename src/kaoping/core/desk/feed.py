"""日历: to-dos as an iCalendar file (RFC 5545), for whatever calendar a person keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

_OCTETS = 75
"""A line holds so many octets at most, the break not counted; what is longer goes on in the next."""


@dataclass(frozen=True, slots=True)
class Event:
    """A deadline, as a whole day.

    Attributes:
        uid: the same for the same matter in every copy of the calendar.
        day: the last day.
        title, detail: in words.
        url: where it is done; empty where the platform has no address.
    """

    uid: str
    day: date
    title: str
    detail: str
    url: str = ""


def calendar_text(events: Iterable[Event], name: str, at: str) -> str:
    """The calendar file.

    Args:
        events: in any order.
        name: what the calendar is called.
        at: when it was made, as acts carry it.
    """
    stamp = at.replace("-", "").replace(":", "")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kaoping//Desk//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *(line for event in events for line in _event(event, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(one: Event, stamp: str) -> Iterator[str]:
    """A day has no zone: it is the same day wherever the calendar is read."""
    yield "BEGIN:VEVENT"
    yield f"UID:{one.uid}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(one.title)}"
    yield f"DESCRIPTION:{_escaped(one.detail)}"
    if one.url:
        yield f"URL:{one.url}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_escaped(one.title)}"
    yield "TRIGGER:-PT15H"  # nine in the morning of the day before
    yield "END:VALARM"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    """A text as a value: backslash, semicolon, comma and line break stand behind a backslash."""
    plain = "".join(one for one in text.replace("\r\n", "\n") if one >= " " or one == "\n")
    for sign in "\\;,":
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never broken within a character."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _OCTETS:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + octets
    return "\r\n".join([*parts, part])
