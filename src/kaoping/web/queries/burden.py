"""填报负担 as pages show it: what each unit is asked, as far as the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.core.acts.setting_up import StepKind
from kaoping.core.burden import Burden, burden_changes, burden_of
from kaoping.core.canonical import plain
from kaoping.core.workflow.things import Assessment
from kaoping.files.holidays import holiday_calendar
from kaoping.files.xlsx import Column, PlainTable, tables_workbook
from kaoping.web.queries.scheme import scheme_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kaoping.core.burden import Request, RequestChange, UnitBurden, UnitChange
    from kaoping.core.scheme import Indicator, Scheme, Task
    from kaoping.core.workflow.state import State
    from kaoping.files.book import Value
    from kaoping.web.queries.matrix import Scope


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the table; `change` is how it differs from the version in force, None where it does not."""

    burden: UnitBurden
    points: str
    change: UnitChange | None

    @property
    def more_tasks(self) -> str:
        """+2, −1, or nothing."""
        return _signed(self.change.tasks) if self.change else ""

    @property
    def more_values(self) -> str:
        """+2, −1, or nothing."""
        return _signed(self.change.values) if self.change else ""

    @property
    def more_materials(self) -> str:
        """+2, −1, or nothing."""
        return _signed(self.change.materials) if self.change else ""


def _signed(number: int) -> str:
    return f"{number:+d}".replace("-", "−") if number else ""


@dataclass(frozen=True)
class BurdenTable:
    """The table of all units that the viewer may see.

    Attributes:
        is_compared: whether changes are told.
        gone: units that are asked for nothing any more, with their change.
        is_whole: whether these are all units of the scheme, with everything they are asked.
    """

    burden: Burden
    rows: tuple[UnitRow, ...]
    gone: tuple[UnitRow, ...]
    is_compared: bool
    is_whole: bool

    @property
    def changed(self) -> int:
        """How many units are asked for something else than before."""
        return sum(row.change is not None for row in (*self.rows, *self.gone))


def deadline_in_force(state: State) -> date | None:
    """The deadline for collecting of the year that runs under the scheme in force."""
    found = scheme_in_force(state)
    for identity in reversed(found.assessments if found else ()):
        versions = state.get(Assessment, identity).deadlines.get(StepKind.COLLECT)
        if versions:
            return versions[-1].until
    return None


def visible_burden(scheme: Scheme, scope: Scope, due: date | None = None) -> Burden:
    """What a scheme asks, as far as the scope sees: whole units, else the indicators of a section."""
    whole = burden_of(scheme, due)
    if scope.is_all:
        return whole
    own = tuple(one for one in scheme.indicators if one.id in scope.indicators)
    part = burden_of(replace(scheme, indicators=own), due)
    units = [
        one if one.unit.id in scope.units else part.by_unit.get(one.unit.id) for one in whole.units
    ]
    return Burden(tuple(one for one in units if one is not None), whole.due)


def burden_table(
    scheme: Scheme, scope: Scope, due: date | None, before: Scheme | None
) -> BurdenTable:
    """The table; compared with a version where there is one.

    Args:
        scheme: the version in force, or a draft.
        scope: what the viewer may see.
        due: the deadline in force; None: the scheme's own.
        before: the version to compare with.
    """
    burden = visible_burden(scheme, scope, due)
    old = visible_burden(before, scope) if before else None
    changes = burden_changes(old, burden) if old else {}
    rows = tuple(UnitRow(one, plain(one.points), changes.get(one.unit.id)) for one in burden.units)
    gone = tuple(
        UnitRow(one, "", changes[one.unit.id])
        for one in (old.units if old else ())
        if one.unit.id not in burden.by_unit and one.unit.id in changes
    )
    return BurdenTable(burden, rows, gone, old is not None, scope.is_all)


# --- one unit -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestShown:
    """A task with all it asks; `word` is 新增 or 修改 against the version in force."""

    request: Request
    points: str
    goals: tuple[str, ...]
    word: str


@dataclass(frozen=True, slots=True)
class IndicatorPart:
    """The tasks of one indicator."""

    indicator: Indicator
    requests: tuple[RequestShown, ...]


@dataclass(frozen=True)
class UnitList:
    """All that one unit is asked, on one page.

    Attributes:
        parts: by indicator.
        dropped: tasks that it is not asked for any more.
        due: the deadline, `days` working days lie from today to it, both included; below zero: over.
        is_day_off: whether the deadline falls on a day that is not worked.
    """

    burden: UnitBurden
    parts: tuple[IndicatorPart, ...]
    dropped: tuple[Task, ...]
    due: date | None
    is_day_off: bool


def unit_list(table: BurdenTable, unit: str) -> UnitList | None:
    """One unit's list; None where the table does not have it."""
    row = next((row for row in table.rows if row.burden.unit.id == unit), None)
    if row is None:
        return None
    words = {one.task.id: one for one in (row.change.requests if row.change else ())}
    parts: dict[str, list[RequestShown]] = {}
    for request in row.burden.requests:
        parts.setdefault(request.indicator.id, []).append(_shown(request, words))
    calendar = holiday_calendar()
    due = table.burden.due
    return UnitList(
        row.burden,
        tuple(IndicatorPart(shown[0].request.indicator, tuple(shown)) for shown in parts.values()),
        tuple(one.task for one in words.values() if one.after is None),
        due,
        due is not None and calendar.knows(due) and not calendar.is_working(due),
    )


def _shown(request: Request, words: dict[str, RequestChange]) -> RequestShown:
    change = words.get(request.task.id)
    return RequestShown(
        request, plain(request.points), tuple(goals_of(request)), change.word if change else ""
    )


def goals_of(request: Request) -> Iterator[str]:
    """The unit's own targets in words."""
    for name, goal in request.goals.items():
        measure = request.task.form(name).unit_of_measure
        yield f"{name} {plain(goal)}{' ' if measure else ''}{measure}".strip()
    if request.of is not None:
        yield _("应完成 {} 项").format(plain(request.of))


# --- as a workbook --------------------------------------------------------------------------------


def burden_workbook(table: BurdenTable, title: str) -> bytes:
    """The table and every unit's list."""
    totals = PlainTable(
        _("汇总"),
        _("每个单位要报的数据和材料；同名材料只报一次。"),
        (
            Column(_("单位"), 30),
            Column(_("任务"), 8),
            Column(_("涉及指标分值"), 10),
            Column(_("数据项"), 8),
            Column(_("材料项"), 8),
            Column(_("其中必报"), 8),
            Column(_("不同材料"), 8),
            Column(_("截止"), 12),
        ),
        [_total(row, table.burden.due) for row in table.rows],
    )
    details = PlainTable(
        _("明细"),
        "",
        (
            Column(_("单位"), 26),
            Column(_("任务"), 34),
            Column(_("分值"), 8),
            Column(_("目标"), 18),
            Column(_("种类"), 8),
            Column(_("内容"), 44),
            Column(_("说明"), 20),
        ),
        [cells for row in table.rows for cells in _details(row.burden)],
    )
    return tables_workbook(title, [totals, details])


def _total(row: UnitRow, due: date | None) -> Sequence[Value]:
    one = row.burden
    counts = (one.values, one.materials, one.required, one.documents)
    return (one.unit.name, Decimal(one.tasks), one.points, *map(Decimal, counts), due)


def _details(one: UnitBurden) -> Iterator[Sequence[Value]]:
    for request in one.requests:
        goals = "；".join(goals_of(request))
        head = (one.unit.name, request.task.label, request.points, goals)
        for value in request.values:
            yield (*head, _("数据"), value.label, value.unit_of_measure)
        for item in request.materials:
            yield (*head, _("材料"), item.name, "" if item.required else _("有则报"))
    for supply in one.supplies:
        about = "、".join(unit.name for unit in supply.about)
        for value in supply.values:
            yield (one.unit.name, supply.task.label, "", "", _("提供"), value.label, about)
