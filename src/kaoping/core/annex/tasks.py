"""Rows into tasks: names, points, standards, materials and units of each, with their cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kaoping.core.annex.besides import Setting, read_beside
from kaoping.core.annex.cells import bare, one_line
from kaoping.core.annex.gathering import points_question, read_name
from kaoping.core.annex.materials import read_materials
from kaoping.core.annex.numbering import lines_of, numbered_items
from kaoping.core.annex.points import PointsKind, points_beside, read_points
from kaoping.core.annex.records import AnnexTask, AsideKind, Remark, StatedTotal, each_once
from kaoping.core.notice.contacts import DITTO
from kaoping.core.notice.passage import Found

if TYPE_CHECKING:
    from kaoping.core.annex.besides import Beside
    from kaoping.core.annex.cells import Spot
    from kaoping.core.annex.gathering import IndicatorDraft
    from kaoping.core.annex.groups import Group
    from kaoping.core.annex.numbering import Item
    from kaoping.core.notice.passage import Source

_BONUS = re.compile(r"加分(?:项|指标|事项|内容)|^加分$|[(（]加分[)）]|奖励(?:加?分|项)")
_BONUS_POINTS = re.compile(r"\+|加|奖励")
_CLAUSE_END = re.compile(r"[,，。；;：:、（(\n]")
_LONGEST_CLAUSE = 30


def read_group(
    setting: Setting, group: Group, draft: IndicatorDraft, indicator_rows: frozenset[int]
) -> None:
    """Read the rows of a group into tasks of an indicator.

    Args:
        setting: the table.
        group: the rows of one name.
        draft: the indicator they belong to.
        indicator_rows: all rows of this table that belong to the indicator.
    """
    parts = [[row] for row in group.rows] if _points_apart(setting, group) else [group.rows]
    if len(parts) > 1 and group.name is not None:
        name = one_line(group.name.text)
        message = (
            f"“{name}”一格旁有 {len(parts)} 行各有分值，已分作 {len(parts)} 项任务，请写明各自名称"
        )
        setting.gathering.decide(message, group.name.source())
    for rows in parts:
        beside = read_beside(setting, rows, draft, indicator_rows)
        author = _Author(setting, group, draft, rows, beside)
        if len(parts) > 1 or not author.add_items():
            author.add_one()


def _points_apart(setting: Setting, group: Group) -> bool:
    """Whether each of several rows beside one name has points of its own."""
    own = [
        spot
        for row in group.rows
        for column in setting.points.task
        for spot in setting.spots([row], column)
    ]
    return len(group.rows) > 1 and len(dict.fromkeys(own)) == len(group.rows) == len(own)


@dataclass
class _Points:
    """The points of a task, as far as they are plain; else the words that tell of them."""

    own: Found[str] | None = None
    told: Found[str] | None = None
    shared: Found[str] | None = None
    bonus: bool = False


@dataclass
class _Words:
    """What names a task, and the parts that are its own."""

    number: Found[str] | None
    name: Found[str]
    place: Source
    points: _Points
    standard: list[Found[str]] = field(default_factory=list)
    catalogue: list[Found[str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Author:
    """Writes the tasks of some rows from the cells beside them."""

    setting: Setting
    group: Group
    draft: IndicatorDraft
    rows: list[int]
    beside: Beside

    def decide(self, message: str, source: Source) -> None:
        self.setting.gathering.decide(message, source)

    def add(self, words: _Words) -> None:
        """Add one task to the indicator."""
        gathering, beside = self.setting.gathering, self.beside
        above = self.group.between
        said = [words.name.value, *(bare(spot.text) for _, spot in above)]
        said += [self.draft.name.value] if self.draft.name else []
        remarks = [*(Remark(label, spot.found()) for label, spot in above), *beside.remarks]
        task = AnnexTask(
            order=gathering.next_order,
            number=words.number,
            name=words.name,
            points=words.points.own,
            points_told=words.points.told,
            shared_points=words.points.shared,
            standard=tuple(words.standard),
            catalogue=tuple(words.catalogue),
            units=each_once(beside.units),
            open_units=each_once(beside.open),
            data_source=tuple(beside.data_source),
            target=tuple(beside.target),
            measure=beside.measure,
            remarks=tuple(dict.fromkeys(remarks)),
            bonus=words.points.bonus or any(_BONUS.search(each) for each in said),
            place=words.place,
        )
        gathering.next_order += 1
        self.draft.tasks.append(task)

    # --- one task --------------------------------------------------------------------------------

    def add_one(self) -> None:
        """The rows as one task; without a name it is called by the first words of its standard."""
        spot = self._name_spot()
        words = self._named_by_standard() if spot is None else self._named_by(spot)
        if words is None:
            return
        words.standard = self.beside.standard
        words.catalogue = [one for spot in self.beside.catalogue for one in read_materials(spot)]
        self.add(words)

    def _name_spot(self) -> Spot | None:
        """The cell that names the task: its own, else the indicator's that begins in these rows."""
        name, above = self.group.name, self.group.indicator
        if name is not None and not DITTO.fullmatch(name.plain):
            return name
        begins_here = above is not None and above.row in self.rows
        has_own_words = self.setting.levels.task is None and self.beside.standard
        return above if begins_here and not has_own_words else None

    def _named_by(self, spot: Spot) -> _Words:
        named = read_name(spot)
        if numbered_items(spot.plain):  # several tasks that could not be told apart: all of them
            named = replace(named, number=None, name=spot.line(), points=None)
        ignored = spot is self.group.indicator and self.beside.points
        points = self._points(None if ignored else named.points)
        if named.damaged:
            points.told = points.told or spot.found()
            self.decide(points_question(PointsKind.DAMAGED, spot.text), spot.source())
        number = self.beside.number or named.number
        if named.number is not None and "." in named.number.value:
            number = named.number  # 1.1 before the name says more than 1 in a column of its own
        return _Words(number, named.name, spot.source(), points)

    def _named_by_standard(self) -> _Words | None:
        for spot in self.beside.standard_spots:
            stop = _CLAUSE_END.search(spot.text, 1)
            name = spot.line(0, min(stop.start() if stop else len(spot.text), _LONGEST_CLAUSE))
            message = "这一行没有任务名称，暂以标准开头的话代替，请补写"
            self.decide(message, name.source)
            return _Words(self.beside.number, name, spot.source(), self._points(None))
        return None

    def _points(self, beside: Found[str] | None) -> _Points:
        points = _Points(own=beside)
        for spot, percent in self.beside.points:
            told = read_points(spot.plain, percent=percent)
            if told is None:
                continue
            points.bonus = points.bonus or bool(_BONUS_POINTS.search(spot.plain))
            if told.kind is not PointsKind.POINTS:
                points.told = points.told or spot.found()
                self.decide(points_question(told.kind, spot.text), spot.source())
            elif not set(spot.rows) <= set(self.rows):
                points.shared = Found(told.number, spot.source())
                message = f"{told.number} 分写在几项任务合并的一格里，请分到每项任务"
                self.decide(message, spot.source())
            elif points.own is None:
                points.own = Found(told.number, spot.source())
            elif Decimal(points.own.value) != Decimal(told.number):
                message = f"同一任务写了 {points.own.value} 分和 {told.number} 分，请确认"
                self.decide(message, spot.source())
        return points

    # --- several tasks in one cell ---------------------------------------------------------------

    def add_items(self) -> bool:
        """A cell of numbered tasks as several ones, where numbers and points agree."""
        spot = self.group.name
        items = numbered_items(spot.plain) if spot else []
        if spot is None or not items:
            return False
        standards = _matching(self.beside.standard_spots, items)
        materials = _matching(self.beside.catalogue, items)
        points = self._points_of_items(spot, items, standards)
        nameless = not all(self._item_name(spot, item).value for item in items)
        if standards is None or materials is None or points is None or nameless:
            message = f"一格里写了 {len(items)} 项任务，各项的标准、台账或分值对不上，暂作一项任务，请人工拆分"
            self.decide(message, spot.source())
            return False
        self._keep_whole(len(items))
        for at, item in enumerate(items):
            words = self._item(spot, item, points[at])
            if standards:
                own = standards[at]
                words.standard = [self.beside.standard_spots[0].found(own.start, own.end)]
            if materials:
                own = materials[at]
                words.catalogue = read_materials(self.beside.catalogue[0], own.start, own.end)
            self.add(words)
        return True

    def _keep_whole(self, count: int) -> None:
        """The points of all items in one cell are a total of them."""
        gathering = self.setting.gathering
        orders = tuple(range(gathering.next_order, gathering.next_order + count))
        for spot, _ in self.beside.points:
            gathering.aside(AsideKind.TOTAL, spot)
            told = read_points(spot.plain)
            if told is not None and told.kind is PointsKind.POINTS:
                total = Found(told.number, spot.source())
                gathering.totals.append(StatedTotal(total, orders, orders[0]))

    def _item_name(self, spot: Spot, item: Item) -> Found[str]:
        beside = points_beside(spot.plain, item.start, item.end)
        stop = beside.end
        while stop > beside.start and spot.plain[stop - 1] in "。;,、 \n":
            stop -= 1
        return spot.line(beside.start, stop)

    def _item(self, spot: Spot, item: Item, points: Found[str]) -> _Words:
        name = self._item_name(spot, item)
        number = (
            f"{self.beside.number.value}.{item.number}" if self.beside.number else str(item.number)
        )
        return _Words(Found(number, name.source), name, name.source, _Points(own=points))

    def _points_of_items(
        self, spot: Spot, items: list[Item], standards: list[Item] | None
    ) -> list[Found[str]] | None:
        """Each item's points: beside its name or standard, or line by line; None where unsure."""
        if len(self.beside.points) > 1:
            return None
        whole = self.beside.points[0][0] if self.beside.points else None
        found = _beside_items(spot, items)
        if found is None and standards:
            found = _beside_items(self.beside.standard_spots[0], standards)
        if whole is None:
            return found
        if found is None:
            return _line_by_line(whole, len(items))
        stated = read_points(whole.plain)
        total = sum((Decimal(one.value) for one in found), Decimal(0))
        agrees = (
            stated is not None
            and stated.kind is PointsKind.POINTS
            and total == Decimal(stated.number)
            and set(whole.rows) <= set(self.rows)
        )
        return found if agrees or _same_lines(whole, found) else None


def _matching(spots: list[Spot], items: list[Item]) -> list[Item] | None:
    """The items of a neighbouring cell with the same numbers; [] where there is no such cell."""
    if not spots:
        return []
    told = numbered_items(spots[0].plain) if len(spots) == 1 else []
    return told if len(told) == len(items) else None


def _beside_items(spot: Spot, items: list[Item]) -> list[Found[str]] | None:
    spans = [points_beside(spot.plain, item.start, item.end).number for item in items]
    found = [Found(spot.plain[slice(*span)], spot.source(*span)) for span in spans if span]
    return found if len(found) == len(items) else None


def _line_by_line(spot: Spot, count: int) -> list[Found[str]] | None:
    """As many plain points as there are items, one a line."""
    lines = lines_of(spot.plain)
    told = [read_points(spot.plain[slice(*line)]) for line in lines]
    if len(told) != count or not all(one and one.kind is PointsKind.POINTS for one in told):
        return None
    return [
        Found(one.number, spot.source(*line)) for one, line in zip(told, lines, strict=True) if one
    ]


def _same_lines(spot: Spot, found: list[Found[str]]) -> bool:
    """Whether a cell repeats the points of each item, one a line."""
    lines = _line_by_line(spot, len(found)) or []
    return bool(lines) and all(
        Decimal(one.value) == Decimal(other.value) for one, other in zip(lines, found, strict=True)
    )
