"""What was read, as plain tables for `--json`: values beside their sources, days as text.

A source has its `place` as a person finds it, besides line and columns.
"""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.draft.summary import Part
from kaoping.core.draft.work_list import work_list
from kaoping.core.notice.passage import Found, Source

if TYPE_CHECKING:
    from kaoping.core.annex.records import AnnexReading
    from kaoping.core.draft.papers import Papers
    from kaoping.core.notice.reading import Notice


def papers_json(papers: Papers) -> dict[str, object]:
    """A notice with its annexes as one document: `notice`, `annex`, `decisions`, `problems`, `unread`.

    The last three are what a person works through, each line of the printed list once, by number:
    `problems` are faults, `decisions` leave a choice, `unread` was not read or is missing.
    """
    items = work_list(papers)
    opened = [item for item in items if item.part is Part.OPEN]
    return {
        "notice": None if papers.notice is None else notice_json(papers.notice),
        "annex": annex_json(papers.annex),
        "decisions": [i.as_json() for i in opened if i.code in _CHOICES],
        "problems": [i.as_json() for i in opened if i.code not in _CHOICES],
        "unread": [i.as_json() for i in items if i.part is Part.UNREAD],
    }


_CHOICES = frozenset({"", "ANNEX-UNDECIDED"})


def notice_json(notice: Notice) -> dict[str, object]:
    """A notice as plain tables, without the lines of its text."""
    names = [item.name for item in fields(notice) if item.name != "lines"]
    return {name: _plain(getattr(notice, name)) for name in names}


def annex_json(reading: AnnexReading) -> dict[str, object]:
    """What the tables of the annexes tell, as plain tables."""
    return {item.name: _plain(getattr(reading, item.name)) for item in fields(reading)}


def _plain(value: object) -> object:
    if isinstance(value, Found):
        return {"value": _plain(value.value), "source": _plain(value.source)}
    if isinstance(value, Source):
        return asdict(value) | {"place": value.place}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
