"""Which indicator of the notice an annex's indicator is, by its name.

A name that is not the same word for word is linked where it surely means one indicator only; that it
differs is then something for a person to decide, and neither name is changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import bare
from kaoping.core.annex.gathering import same_number
from kaoping.core.annex.records import Decision
from kaoping.core.notice.names import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kaoping.core.annex.records import AnnexIndicator, AnnexReading
    from kaoping.core.notice.duties import NoticeIndicator


class Match(StrEnum):
    """How alike two names are."""

    EQUAL = "equal"
    CONTAINED = "contained"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Link:
    """An annex's indicator and the notice's that it means."""

    annex: AnnexIndicator
    notice: NoticeIndicator
    match: Match


_SHORTEST_PART = 3
_SHORTEST_CLOSE = 6
_CLOSE = Fraction(3, 4)


def link_indicators(reading: AnnexReading, listed: Sequence[NoticeIndicator]) -> tuple[Link, ...]:
    """The links, in the order of the annex; each indicator of either side is linked at most once."""
    links: dict[int, Link] = {}
    for match, agrees in _DEGREES:
        taken = {id(link.notice) for link in links.values()}
        free = [one for one in listed if id(one) not in taken]
        open_ = [(at, a) for at, a in enumerate(reading.indicators) if at not in links and a.name]
        found = {at: [n for n in free if agrees(_key(annex), _key(n))] for at, annex in open_}
        for at, annex in open_:
            rivals = [
                other for other, many in found.items() if other != at and found[at][:1] == many[:1]
            ]
            if len(found[at]) == 1 and not rivals:
                links[at] = Link(annex, found[at][0], match)
    return tuple(links[at] for at in sorted(links))


def _key(indicator: AnnexIndicator | NoticeIndicator) -> str:
    words = indicator.name.value if indicator.name else ""
    return re.sub(r"[、,;:.。·]|(?:指标|工作)$", "", key_of(bare(words)))


def _contained(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SHORTEST_PART and shorter in longer


def _close(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SHORTEST_CLOSE:
        return False
    alike = SequenceMatcher(None, one, other, autojunk=False).ratio() >= _CLOSE
    return alike or sorted(one) == sorted(other)


_DEGREES: tuple[tuple[Match, Callable[[str, str], bool]], ...] = (
    (Match.EQUAL, str.__eq__),
    (Match.CONTAINED, _contained),
    (Match.CLOSE, _close),
)


def link_decisions(
    reading: AnnexReading, listed: Sequence[NoticeIndicator], links: Sequence[Link]
) -> Iterator[Decision]:
    """Where annex and notice differ: names, points, indicators that only the annex has."""
    linked = {id(link.annex) for link in links}
    for link in links:
        name, place = link.annex.name, link.annex.place
        if link.match is not Match.EQUAL and name is not None:
            told = f"附件写作“{name.value}”，通知写作“{link.notice.name.value}”"
            yield Decision(f"{told}，请确认是同一指标", place)
        ours, theirs = link.notice.points, link.annex.points
        if ours and theirs and not same_number(ours.value, theirs.value):
            message = (
                f"指标“{link.notice.name.value}”通知写 {ours.value} 分，附件写 {theirs.value} 分"
            )
            yield Decision(f"{message}，请确认", theirs.source)
    for annex in reading.indicators:
        if listed and id(annex) not in linked and annex.name is not None:
            message = f"附件的指标“{annex.name.value}”在通知里没有找到，请确认"
            yield Decision(message, annex.place)
