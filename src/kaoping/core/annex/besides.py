"""The cells beside a task's name, each read by what its column holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import Row, Spot, distinct
from kaoping.core.annex.headings import Column, Heading, Kind
from kaoping.core.annex.numbering import SERIAL, bare_number
from kaoping.core.annex.records import AsideKind, Remark
from kaoping.core.annex.units import read_units, sections_and_units
from kaoping.core.notice.contacts import DITTO
from kaoping.core.notice.passage import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaoping.core.annex.gathering import Gathering, IndicatorDraft
    from kaoping.core.annex.levels import Levels, PointsColumns

BLANK = re.compile(r"[—\-/\\_ ]+|无|暂无")
"""A cell that only says that it is empty."""


@dataclass(frozen=True)
class Setting:
    """What the tasks of one table share: its rows, heading, levels, and what is gathered."""

    rows: Sequence[Row]
    heading: Heading
    levels: Levels
    points: PointsColumns
    gathering: Gathering

    def spots(self, rows: Sequence[int], column: Column) -> list[Spot]:
        """A column's cells beside some rows; 同上 repeats the cell above, a stroke is none."""
        found = []
        for number in rows:
            spot = self.rows[number][column.at]
            if spot is not None and DITTO.fullmatch(spot.plain):
                self.gathering.aside(AsideKind.DITTO, spot)
                spot = self._above(number, column)
            if spot is not None and BLANK.fullmatch(spot.plain.strip()):
                self.gathering.aside(AsideKind.BLANK, spot)
            elif spot is not None:
                found.append(spot)
        return distinct(found)

    def _above(self, number: int, column: Column) -> Spot | None:
        """The nearest cell above that is no 同上 itself."""
        for row in range(number - 1, self.heading.bottom - 1, -1):
            spot = self.rows[row][column.at]
            if spot is not None and not DITTO.fullmatch(spot.plain):
                return spot
        return None


@dataclass
class Beside:
    """What the cells beside a task's rows tell; `points` with whether they are per cent."""

    number: Found[str] | None = None
    points: list[tuple[Spot, bool]] = field(default_factory=list)
    standard: list[Found[str]] = field(default_factory=list)
    standard_spots: list[Spot] = field(default_factory=list)
    catalogue: list[Spot] = field(default_factory=list)
    units: list[Found[str]] = field(default_factory=list)
    open: list[Found[str]] = field(default_factory=list)
    data_source: list[Found[str]] = field(default_factory=list)
    target: list[Found[str]] = field(default_factory=list)
    measure: Found[str] | None = None
    remarks: list[Remark] = field(default_factory=list)


def read_beside(
    setting: Setting, rows: list[int], draft: IndicatorDraft, indicator_rows: frozenset[int]
) -> Beside:
    """Read the cells beside some rows; what is the indicator's goes to the indicator."""
    reader = _Reader(setting, rows, draft, indicator_rows)
    for column in setting.heading.columns:
        if column.kind is not None:
            for spot in setting.spots(rows, column):
                reader.read(column, spot)
    for column in setting.levels.details:
        for spot in setting.spots(rows, column):
            reader.beside.remarks.append(Remark(column.label, spot.found()))
    return reader.beside


@dataclass(frozen=True)
class _Reader:
    setting: Setting
    rows: list[int]
    draft: IndicatorDraft
    indicator_rows: frozenset[int]
    beside: Beside = field(default_factory=Beside)

    def read(self, column: Column, spot: Spot) -> None:
        """Take a cell over as what its column is; one of no known kind is left, to be shown as unread."""
        beside = self.beside
        match column.kind:
            case Kind.NUMBER:
                self._number(spot)
            case Kind.STANDARD:
                beside.standard_spots.append(spot)
                beside.standard.append(self._labelled(column, spot))
            case Kind.CATALOGUE:
                beside.catalogue.append(spot)
            case Kind.ASSESSED:
                self._assessed(spot)
            case Kind.LEAD | Kind.SECTION | Kind.COOPERATING:
                self._answering(column, spot)
            case Kind.DATA:
                beside.data_source.append(spot.line())
            case Kind.TARGET:
                beside.target.append(spot.found())
            case Kind.MEASURE:
                beside.measure = beside.measure or spot.line()
            case Kind.REMARK:
                beside.remarks.append(Remark(column.label, spot.found()))
            case Kind.POINTS:
                self._points(column, spot)
            case _:
                pass

    def _number(self, spot: Spot) -> None:
        """A number of the rows is the task's, one that spans more rows is the indicator's."""
        if not SERIAL.fullmatch(spot.plain.strip()):
            return
        number = Found(bare_number(spot.plain), spot.source())
        self.setting.gathering.aside(AsideKind.NUMBER, spot)
        if set(spot.rows) <= set(self.rows):
            self.beside.number = self.beside.number or number
        elif self.draft.number is None:
            self.draft.number = number

    def _labelled(self, column: Column, spot: Spot) -> Found[str]:
        """A standard; with its column's heading where there are several: `扣分：…`."""
        found = spot.found()
        if len(self.setting.heading.of(Kind.STANDARD)) == 1:
            return found
        return Found(f"{column.label}：{found.value}", found.source)

    def _assessed(self, spot: Spot) -> None:
        listed = read_units(spot)
        self.beside.units += listed.units
        self.beside.open += listed.open
        for words in listed.open:
            message = f"“{words.value}”没有写明是哪些单位，请逐一列出"
            self.setting.gathering.decide(message, words.source)
        if listed.labelled:
            message = "同一格里分了牵头、配合单位，已都列为被考评单位，请确认"
            self.setting.gathering.decide(message, spot.source())

    def _answering(self, column: Column, spot: Spot) -> None:
        """Who leads, answers or helps; kept at the task, too, where only some tasks have it."""
        listed = read_units(spot)
        sections, units = sections_and_units(listed.units)
        draft = self.draft
        if column.kind is Kind.COOPERATING:
            _add_new(draft.cooperating, [*sections, *units])
        elif column.kind is Kind.SECTION:
            _add_new(draft.sections, [*sections, *units])
        else:
            _add_new(draft.sections, sections)
            _add_new(draft.lead_units, units)
        if listed.open or not set(spot.rows) >= self.indicator_rows:
            self.beside.remarks.append(Remark(column.label, spot.found()))

    def _points(self, column: Column, spot: Spot) -> None:
        """Points of the task; of the indicator where the cell stands beside all of its rows."""
        points, gathering = self.setting.points, self.setting.gathering
        own_rows = frozenset(self.rows)
        whole = frozenset(spot.rows) == self.indicator_rows and self.indicator_rows > own_rows
        if column in points.indicator or (whole and column in points.task):
            gathering.take_points(self.draft, spot, percent=column.percent)
        elif column in points.task:
            self.beside.points.append((spot, column.percent))
        else:
            self.beside.remarks.append(Remark(column.label, spot.found()))


def _add_new(into: list[Found[str]], found: list[Found[str]]) -> None:
    known = {one.value for one in into}
    into += [one for one in found if one.value not in known]
