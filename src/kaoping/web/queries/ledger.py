"""台账填报: what a unit is asked on each task, what it has filed and reported, and how that stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import (
    EvidenceFiled,
    FilingConfirmed,
    ResultReported,
    Status,
)
from kaoping.core.acts.setting_up import StepKind
from kaoping.core.burden import burden_of
from kaoping.core.canonical import plain
from kaoping.core.desk.ledger import (
    Mark,
    counted,
    is_confirmed,
    task_mark,
)
from kaoping.core.desk.year import due_of, working_days_left
from kaoping.core.workflow.admission import admission
from kaoping.core.workflow.case import Case, Place
from kaoping.core.workflow.questions import ledger_digest, ledger_of
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.core.workflow.table import STEP_OF
from kaoping.core.workflow.things import Ledger, Result
from kaoping.files.holidays import holiday_calendar
from kaoping.files.value_workbook import Edition, Key, ValueRow, value_workbook
from kaoping.web.models import Upload
from kaoping.web.queries.acts_about import acts_about
from kaoping.web.queries.burden import goals_of
from kaoping.web.queries.desk import demand_of, newest_year, picture_for, scheme_shown
from kaoping.web.queries.filings import Dates, FilingShown, Look, filings_shown
from kaoping.web.queries.scheme import scheme_ties
from kaoping.web.queries.todo_words import due_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kaoping.core.acts.union import Content
    from kaoping.core.burden import AskedValue, Request, UnitBurden
    from kaoping.core.desk.picture import Picture
    from kaoping.core.scheme import CatalogueItem, Indicator, Scheme, Task
    from kaoping.core.workflow.things import Assessment
    from kaoping.web.queries.acts_about import ActShown
    from kaoping.web.viewer import Viewer

STATUSES = (Status.FINAL, Status.PRELIMINARY, Status.FLASH)
"""What a unit may say of a value; 核验 is for the section."""
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_REUSED = 60
"""So many files that were uploaded before are offered."""


@dataclass(frozen=True, slots=True)
class ItemShown:
    """A place of the catalogue with what was filed for it."""

    number: str
    item: CatalogueItem
    filings: tuple[FilingShown, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class ValueShown:
    """A value that is asked, and the one in force; `thing` and `act` are what another one replaces."""

    asked: AskedValue
    current: ResultReported | None
    thing: str
    act: str

    @property
    def text(self) -> str:
        """The number as it is typed."""
        return plain(self.current.value) if self.current else ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in the list at the side."""

    id: str
    name: str
    look: Look


@dataclass(frozen=True)
class LedgerPage:
    """The ledger of a unit, open at one task.

    Attributes:
        year, unit: ids; `unit_name` what the unit is called.
        rows: every task that the unit is assessed on, with how it stands; `filed` of them are complete.
        at: the task that is open.
        request: what is asked on it; `goals` the unit's own targets in words.
        section: the section that is responsible.
        values: to be reported by the unit itself.
        items: of the catalogue; `others` filings for places that it does not have any more.
        acts: what was done about the task.
        due: the deadline, in words `due_words`; `cutoff` the last day that data may be about.
        refusal: why nothing may be filed now; None where it may.
        digest: of the whole filing, for its confirmation; `is_confirmed` whether it stands.
        confirm_refusal: why the viewer cannot confirm it; None where she can.
        ready: files of the unit that were uploaded before.
    """

    year: str
    unit: str
    unit_name: str
    rows: tuple[TaskRow, ...]
    filed: int
    at: int
    indicator: Indicator
    request: Request
    goals: tuple[str, ...]
    section: str
    values: tuple[ValueShown, ...]
    items: tuple[ItemShown, ...]
    others: tuple[FilingShown, ...]
    acts: list[ActShown]
    due: date | None
    due_words: str
    is_over: bool
    cutoff: date | None
    refusal: StepRefused | None
    digest: str
    is_confirmed: bool
    confirm_refusal: StepRefused | None
    ready: list[Upload]

    @property
    def before(self) -> TaskRow | None:
        """The task before the open one."""
        return self.rows[self.at - 1] if self.at else None

    @property
    def after(self) -> TaskRow | None:
        """The task after it."""
        return self.rows[self.at + 1] if self.at + 1 < len(self.rows) else None

    @property
    def number(self) -> int:
        """Which of them is open, from one."""
        return self.at + 1

    @property
    def row(self) -> TaskRow:
        """The open one."""
        return self.rows[self.at]

    @property
    def required(self) -> int:
        """How many materials must be filed."""
        return sum(one.item.required for one in self.items)


@dataclass(frozen=True)
class _Ground:
    """What every question of the page rests on."""

    viewer: Viewer
    picture: Picture
    year: Assessment
    scheme: Scheme
    burden: UnitBurden
    unit: str

    def case(self, kind: type[Content], place: Place) -> Case:
        return Case(self.picture, STEP_OF[kind], place, self.viewer.person, self.viewer.at)


def ledger_page(viewer: Viewer, task: str = "", *, is_shown: bool = True) -> LedgerPage | None:
    """The ledger of the viewer's unit at a task; at the first that wants something, where none is named.

    Args:
        viewer: who works for the unit.
        task: of the scheme.
        is_shown: whether all of it is wanted; a form needs only what is asked and what is in force.

    Returns:
        None where there is no year, no scheme, or the unit is asked for nothing; or where it has no such
        task.
    """
    ground = _ground(viewer)
    if ground is None or not ground.burden.requests:
        return None
    demand = demand_of(ground.picture)
    marks = [
        task_mark(ground.picture, demand, ground.year.id, (ground.unit, one.task.id))
        if is_shown
        else Mark.NONE
        for one in ground.burden.requests
    ]
    ids = [one.task.id for one in ground.burden.requests]
    if task and task not in ids:
        return None
    at = ids.index(task) if task else _first_open(marks)
    rows = tuple(
        TaskRow(one.task.id, one.task.name, Look.of(mark))
        for one, mark in zip(ground.burden.requests, marks, strict=True)
    )
    return _page(ground, rows, counted(marks)[0], at, is_shown=is_shown)


def _first_open(marks: list[Mark]) -> int:
    order = (Mark.RETURNED, Mark.AWAITING, Mark.PART, Mark.NONE)
    return next((marks.index(one) for one in order if one in marks), 0)


def _ground(viewer: Viewer) -> _Ground | None:
    picture = picture_for(viewer)
    year, scheme = newest_year(picture), scheme_shown(picture)
    if year is None or scheme is None:
        return None
    codes = {tie.house: tie.code for tie in scheme_ties(viewer.state, scheme).units}
    burdens = burden_of(scheme, due_of(year, StepKind.COLLECT)).by_unit
    for unit in sorted(viewer.units):
        burden = burdens.get(codes.get(unit, ""))
        if burden is not None:
            return _Ground(viewer, picture, year, scheme, burden, unit)
    return None


def _page(
    ground: _Ground, rows: tuple[TaskRow, ...], filed: int, at: int, *, is_shown: bool
) -> LedgerPage:
    viewer, picture, year, unit = ground.viewer, ground.picture, ground.year, ground.unit
    request = ground.burden.requests[at]
    due = due_of(year, StepKind.COLLECT)
    days = working_days_left(viewer.day, due, holiday_calendar()) if due else 0
    ledger = ledger_of(picture, year.id, unit)
    cell = year.id, unit, request.task.id
    things = picture.filings.get(cell, ()) if is_shown else ()
    filings = filings_shown(things, Dates(ground.scheme.data_cutoff, due))
    by_item: dict[str, list[FilingShown]] = {}
    for one in filings:
        by_item.setdefault(one.item, []).append(one)
    items = tuple(
        _item(number, item, by_item.pop(item.id, []))
        for number, item in enumerate(request.task.catalogue)
    )
    values = _values(ground, request)
    place = Place(assessment=year.id, unit=unit, indicator=request.indicator.id)
    subjects = {one.id: "" for one in filings} | {one.thing: "" for one in values if one.thing}
    return LedgerPage(
        year.id,
        unit,
        ground.burden.unit.name,
        rows,
        filed,
        at,
        request.indicator,
        request,
        tuple(goals_of(request)),
        _section(ground, request),
        values,
        items,
        tuple(one for left in by_item.values() for one in left),
        acts_about(viewer, subjects) if is_shown else [],
        due,
        due_words(due, days, viewer.day),
        due is not None and due < viewer.day,
        ground.scheme.data_cutoff,
        admission(ground.case(EvidenceFiled, place)),
        ledger_digest(ledger),
        is_confirmed(ledger),
        _confirm_refusal(ground, ledger),
        uploaded(viewer) if is_shown else [],
    )


def _confirm_refusal(ground: _Ground, ledger: Ledger) -> StepRefused | None:
    """Why the viewer cannot confirm the whole filing; there must be something to confirm."""
    if ground.picture.find(Ledger, ledger.id) is None:
        return StepRefused(Reason.WRONG_STATE)
    place = Place(thing=ledger.id, assessment=ground.year.id, unit=ground.unit)
    return admission(ground.case(FilingConfirmed, place))


def _section(ground: _Ground, request: Request) -> str:
    wanted = request.indicator.responsible_section
    return next((one.name for one in ground.scheme.sections if one.id == wanted), wanted)


def _values(ground: _Ground, request: Request) -> tuple[ValueShown, ...]:
    results = ledger_of(ground.picture, ground.year.id, ground.unit).results
    found = []
    for asked in request.values:
        thing = ground.picture.find(Result, results.get((request.task.id, asked.name), ""))
        current = thing.content if thing else None
        found.append(
            ValueShown(asked, current, thing.id if thing else "", thing.act if thing else "")
        )
    return tuple(found)


def _item(number: int, item: CatalogueItem, filings: list[FilingShown]) -> ItemShown:
    sign = _CIRCLED[number] if number < len(_CIRCLED) else f"{number + 1}."
    there = [one for one in filings if not one.is_withdrawn]
    look = there[0].look if there else Look.of(Mark.NONE)
    for one in there:
        if one.is_returned:
            look = one.look
    return ItemShown(sign, item, tuple(filings), look)


def uploaded(viewer: Viewer) -> list[Upload]:
    """Files that were uploaded before, each once, the latest first: one file may serve many items."""
    found: dict[str, Upload] = {}
    for one in Upload.objects.visible_to(viewer).ready()[: 3 * _REUSED]:
        found.setdefault(one.sha256, one)
    return list(found.values())[:_REUSED]


# --- all values of a unit -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskValue:
    """A value that is asked on a task; `refusal` why it may not be reported now."""

    task: Task
    shown: ValueShown
    refusal: StepRefused | None


@dataclass(frozen=True)
class UnitValues:
    """All values that a unit reports itself, over all its tasks.

    Attributes:
        year, unit: ids; `year_number` and `unit_name` as they are called.
        values: in the order of the scheme.
        owners: who reports instead, by the tasks of the unit on which somebody else does.
        tasks: every task that the unit is assessed on.
        cutoff: the last day that data may be about.
        due: the deadline; `due_words` how long that is.
    """

    year: str
    unit: str
    year_number: int
    unit_name: str
    values: tuple[TaskValue, ...]
    owners: Mapping[str, str]
    tasks: frozenset[str]
    cutoff: date | None
    due: date | None
    due_words: str

    @property
    def reported(self) -> int:
        """How many of them are reported."""
        return sum(one.shown.current is not None for one in self.values)

    @property
    def refusal(self) -> StepRefused | None:
        """Why none of them may be reported now; None where one may."""
        refusals = [one.refusal for one in self.values]
        return refusals[0] if refusals and all(refusals) else None


def unit_values(viewer: Viewer) -> UnitValues | None:
    """The values that are asked of the viewer's unit; None where there is no year yet, or it is not in it."""
    ground = _ground(viewer)
    if ground is None:
        return None
    due = due_of(ground.year, StepKind.COLLECT)
    days = working_days_left(viewer.day, due, holiday_calendar()) if due else 0
    requests = ground.burden.requests
    return UnitValues(
        ground.year.id,
        ground.unit,
        ground.scheme.year,
        ground.burden.unit.name,
        tuple(
            TaskValue(request.task, value, _report_refusal(ground, request, value))
            for request in requests
            for value in _values(ground, request)
        ),
        {one.task.id: one.data_owner for one in requests if one.data_owner},
        frozenset(one.task.id for one in requests),
        ground.scheme.data_cutoff,
        due,
        due_words(due, days, viewer.day),
    )


def _report_refusal(ground: _Ground, request: Request, value: ValueShown) -> StepRefused | None:
    place = Place(
        thing=value.thing,
        assessment=ground.year.id,
        unit=ground.unit,
        indicator=request.indicator.id,
    )
    return admission(ground.case(ResultReported, place))


def values_workbook(asked: UnitValues) -> bytes:
    """The values of a unit as a workbook to fill in, with what is reported already."""
    title = f"{asked.unit_name} {asked.year_number}年度台账数据表"
    statuses = [one.value for one in STATUSES]
    rows = (_workbook_row(one, asked.cutoff) for one in asked.values)
    return value_workbook(title, Edition(asked.year, asked.unit), rows, statuses)


def _workbook_row(one: TaskValue, cutoff: date | None) -> ValueRow:
    """A value that is not reported yet has the cut-off for its day, as on the page."""
    asked, current = one.shown.asked, one.shown.current
    return ValueRow(
        Key(one.task.id, asked.name, one.shown.act),
        one.task.name,
        asked.label,
        asked.unit_of_measure,
        current.value if current else None,
        current.as_of if current else cutoff,
        current.status.value if current else "",
        current.data_source if current else "",
    )
