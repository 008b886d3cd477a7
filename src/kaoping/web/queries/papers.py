"""来文 beside the draft that was read from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from kaoping.core.draft.summary import Part
from kaoping.core.draft.work_list import HEADS, PERSONS_HEADS
from kaoping.files.listing import listing_workbook
from kaoping.web.models import DraftItem, DraftSource, SchemeDraft
from kaoping.web.queries.drafts import Tab

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = re.compile(r"第 ([0-9]+) 行")
_MOST_LINES = 3000
_PARTS = {"open": Part.OPEN, "unread": Part.UNREAD, "read": Part.READ}
_WIDTHS = (5, 9, 4, 15, 42, 19, 28, 20, 8, 10)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the notice.

    Attributes:
        place: as items of the list name it.
        marks: the numbers of the items of the list that were found in it.
        level: the letter of the gravest, lower case; empty where there is none.
    """

    number: int
    text: str
    place: str
    marks: tuple[int, ...]
    level: str


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item of the list, and the line of the notice that it was found in."""

    item: DraftItem
    line: int | None


@dataclass(frozen=True, slots=True)
class PapersShown:
    """The page: the notice, the list, and how much of it is left out."""

    source: DraftSource
    lines: tuple[SourceLine, ...]
    items: tuple[ItemShown, ...]
    tabs: tuple[Tab, ...]
    left_out: int


def has_papers(draft: SchemeDraft) -> bool:
    """Whether a draft was read from papers."""
    return DraftSource.objects.filter(draft=draft).exists()


def papers_shown(draft: SchemeDraft, tab: str) -> PapersShown:
    """The notice with one part of the list beside it.

    Raises:
        Http404: where the draft was not read from papers.
    """
    source = DraftSource.objects.filter(draft=draft).first()
    if source is None:
        raise Http404
    texts = source.text.split("\n")
    places = source.places.split("\n") if source.places else []
    numbers = {place: number for number, place in enumerate(places, 1)}
    every = list(DraftItem.objects.filter(draft=draft))
    chosen = tab if tab in _PARTS else "open"
    part = _PARTS[chosen]
    items = tuple(
        ItemShown(item, _line_of(item.place, numbers, len(texts)))
        for item in every
        if item.part == part.value
    )
    labels = (
        ("open", _("须决定")),
        ("unread", _("没有读出")),
        ("read", _("读出，请核对")),
    )
    tabs = tuple(
        Tab(key, label, sum(one.part == _PARTS[key].value for one in every), key == chosen)
        for key, label in labels
    )
    shown = tuple(_lines(texts[:_MOST_LINES], places, items))
    return PapersShown(source, shown, items, tabs, max(0, len(texts) - _MOST_LINES))


def _line_of(place: str, numbers: dict[str, int], count: int) -> int | None:
    """The first line that a place names: `第 12 行`, or as the file's format calls its places."""
    for one in place.split("、"):
        found = numbers.get(one.strip())
        if found is not None:
            return found
        told = None if numbers else _LINE.search(one)
        if told and int(told[1]) <= count:
            return int(told[1])
    return None


def _lines(
    texts: Sequence[str], places: Sequence[str], items: Sequence[ItemShown]
) -> list[SourceLine]:
    found: dict[int, list[DraftItem]] = {}
    for one in items:
        if one.line is not None:
            found.setdefault(one.line, []).append(one.item)
    return [
        SourceLine(
            number,
            text,
            places[number - 1] if number <= len(places) else "",
            tuple(item.number for item in found.get(number, ())),
            min((item.severity.lower() or "c" for item in found.get(number, ())), default=""),
        )
        for number, text in enumerate(texts, 1)
    ]


def work_list_xlsx(draft: SchemeDraft) -> bytes:
    """The list to print and to fill in."""
    heads = tuple(zip((*HEADS, *PERSONS_HEADS), _WIDTHS, strict=True))
    rows = (
        (
            str(item.number),
            item.part,
            item.severity,
            item.what,
            item.words,
            item.place,
            item.todo,
            *[""] * len(PERSONS_HEADS),
        )
        for item in DraftItem.objects.filter(draft=draft)
    )
    return listing_workbook("工作清单", heads, rows, draft.name)
