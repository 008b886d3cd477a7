"""What has been read of the annexes so far, while their tables are being read one after another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import Spot, bare, one_line
from kaoping.core.annex.numbering import leading_number
from kaoping.core.annex.points import PointsKind, points_beside, read_points
from kaoping.core.annex.records import (
    AnnexIndicator,
    AnnexTask,
    Aside,
    AsideKind,
    Decision,
    Remark,
    StatedTotal,
)
from kaoping.core.notice.names import key_of
from kaoping.core.notice.passage import Found

if TYPE_CHECKING:
    from kaoping.core.notice.passage import Source


@dataclass(frozen=True, slots=True)
class Named:
    """A cell that names something: its number, the name, and the points written beside it."""

    number: Found[str] | None
    name: Found[str]
    points: Found[str] | None
    damaged: bool
    spot: Spot
    depth: int = 0


_TAIL = re.compile(
    r"(?:指标)?(?:的)?(?:考核|考评|评分)(?:评分)?(?:内容|任务|标准|细则|办法|表|指标|清单|目录)*$"
)


def read_name(spot: Spot, start: int = 0, end: int | None = None, *, title: bool = False) -> Named:
    """A name with the number before it and the points beside it told apart.

    Args:
        spot: the cell.
        start: where the words begin in it.
        end: where they end, None for the end of the cell.
        title: whether the words are the title of a table, whose tail 考核细则 is no part of the name.
    """
    plain = spot.plain
    stop = len(plain) if end is None else end
    number = leading_number(plain[start:stop])
    begin = start + number.end if number else start
    beside = points_beside(plain, begin, stop)
    last = beside.end
    if title and (tail := _TAIL.search(plain[:last], beside.start + 2)):
        last = tail.start()
    while last > beside.start and plain[last - 1] in " :;。\n":
        last -= 1
    if last == beside.start:
        return Named(None, spot.line(start, stop), None, damaged=False, spot=spot)
    points = None
    if beside.number is not None:
        points = Found(plain[slice(*beside.number)], spot.source(*beside.number))
    return Named(
        Found(number.number, spot.source(start, begin)) if number else None,
        spot.line(beside.start, last),
        points,
        beside.damaged,
        spot,
        number.depth if number else 0,
    )


@dataclass
class IndicatorDraft:
    """An indicator while its tasks are gathered."""

    name: Found[str] | None
    place: Source
    number: Found[str] | None = None
    points: Found[str] | None = None
    points_told: Found[str] | None = None
    lead_units: list[Found[str]] = field(default_factory=list)
    sections: list[Found[str]] = field(default_factory=list)
    cooperating: list[Found[str]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    tasks: list[AnnexTask] = field(default_factory=list)

    def done(self) -> AnnexIndicator:
        """The indicator as it is told."""
        return AnnexIndicator(
            self.number,
            self.name,
            self.points,
            self.points_told,
            tuple(self.lead_units),
            tuple(self.sections),
            tuple(self.cooperating),
            tuple(dict.fromkeys(self.remarks)),
            tuple(self.tasks),
            self.place,
        )


@dataclass(frozen=True, slots=True)
class TargetCell:
    """A number where a unit and a task meet; `task` are the words that should name the task."""

    unit: Found[str]
    task: Spot
    cell: Spot
    own_points: bool
    order: int | None = None


@dataclass
class Gathering:
    """Everything read so far."""

    indicators: list[IndicatorDraft] = field(default_factory=list)
    decisions: dict[Decision, None] = field(default_factory=dict)
    asides: dict[Aside, None] = field(default_factory=dict)
    totals: list[StatedTotal] = field(default_factory=list)
    targets: list[TargetCell] = field(default_factory=list)
    next_order: int = 0
    _by_key: dict[str, IndicatorDraft] = field(default_factory=dict)

    def aside(self, kind: AsideKind, *spots: Spot) -> None:
        """Keep cells that tell of no task."""
        self.asides |= {Aside(kind, spot.source()): None for spot in spots}

    def decide(self, message: str, source: Source) -> None:
        """Keep what a person must decide, once."""
        self.decisions[Decision(message, source)] = None

    def indicator(self, named: Named) -> IndicatorDraft:
        """The indicator of a name; a second table of the same indicator goes on with it."""
        key = key_of(bare(named.name.value))
        draft = self._by_key.get(key)
        if draft is None:
            draft = IndicatorDraft(named.name, named.spot.source(), named.number)
            self.indicators.append(draft)
            self._by_key[key] = draft
        if named.points is not None:
            self.give_points(draft, named.points)
        if named.damaged:
            draft.points_told = named.spot.found()
            self.decide("分值的数字像是写坏了，没有采用", named.spot.source())
        return draft

    def nameless(self, place: Source) -> IndicatorDraft:
        """An indicator that no table names."""
        draft = IndicatorDraft(None, place)
        self.indicators.append(draft)
        self.decide("表中没有写明这些任务属于哪个指标，请补写指标名称", place)
        return draft

    def give_points(self, draft: IndicatorDraft, points: Found[str]) -> None:
        """An indicator's points; a second number that differs is shown, not used."""
        if draft.points is None:
            draft.points = points
        elif not same_number(draft.points.value, points.value):
            name = draft.name.value if draft.name else ""
            message = f"指标“{name}”的分值另处写作 {draft.points.value}，请确认"
            self.decide(message, points.source)

    def take_points(self, draft: IndicatorDraft, spot: Spot, *, percent: bool) -> None:
        """A cell of points that belongs to an indicator."""
        told = read_points(spot.plain, percent=percent)
        if told is None:
            return
        if told.kind is PointsKind.POINTS:
            self.give_points(draft, Found(told.number, spot.source()))
            self.aside(AsideKind.TOTAL, spot)
        else:
            draft.points_told = spot.found()
            self.decide(points_question(told.kind, spot.text), spot.source())


def points_question(kind: PointsKind, words: str) -> str:
    """What a person must decide of points that are no plain number."""
    if kind is PointsKind.WEIGHT:
        return f"写的是权重“{one_line(words)}”，请确认折合多少分"
    if kind is PointsKind.RANGE:
        return f"“{one_line(words)}”不是固定的分值，请确认分值和加扣分的上下限"
    return f"分值“{one_line(words)}”的数字像是写坏了，没有采用，请对照原文改正"


def same_number(one: str, other: str) -> bool:
    """Whether two decimal texts are one number: 4 and 4.0."""

    def plain(text: str) -> str:
        head, _, tail = text.partition(".")
        return f"{head.lstrip('0') or '0'}.{tail.rstrip('0')}"

    return plain(one) == plain(other)
