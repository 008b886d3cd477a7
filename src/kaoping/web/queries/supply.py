"""数据提供: values of third parties (P12), entered by their owner for every unit; and who owns what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import ResultReported
from kaoping.core.acts.setting_up import DataOwnersNamed, Role, StepKind
from kaoping.core.burden import asked_values, burden_of
from kaoping.core.desk.year import due_of, working_days_left
from kaoping.core.publishing import data_owners
from kaoping.core.workflow.admission import admission
from kaoping.core.workflow.case import Case, Place
from kaoping.core.workflow.questions import (
    assessed_tasks,
    data_owner,
    holders,
    indicator_duty,
    ledger_of,
    supplier,
)
from kaoping.core.workflow.table import STEP_OF
from kaoping.core.workflow.things import Result, Section, Unit
from kaoping.files.holidays import holiday_calendar
from kaoping.web.queries.desk import demand_of, house_name, newest_year, picture_for, scheme_shown
from kaoping.web.queries.ledger import ValueShown
from kaoping.web.queries.scheme import scheme_ties
from kaoping.web.queries.todo_words import due_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from kaoping.core.desk.picture import Picture
    from kaoping.core.scheme import Indicator, Scheme, Task
    from kaoping.core.workflow.reasons import StepRefused
    from kaoping.core.workflow.things import Assessment
    from kaoping.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class SuppliedRow:
    """One value about one unit; `refusal` says why the viewer may not enter it now."""

    unit: str
    unit_name: str
    value: ValueShown
    refusal: StepRefused | None

    @property
    def key(self) -> str:
        """Of its fields in the form: the same whatever rows come before it."""
        return f"{self.unit}-{self.value.asked.name}"


@dataclass(frozen=True, slots=True)
class SuppliedTask:
    """A task whose data the viewer's house enters.

    Attributes:
        indicator, task: of the scheme.
        owner: what the scheme calls who owns the data.
        done, total: how many values are there, of how many.
    """

    indicator: Indicator
    task: Task
    owner: str
    done: int
    total: int

    @property
    def is_done(self) -> bool:
        """Whether every value is there."""
        return self.done == self.total


@dataclass(frozen=True)
class SupplyPage:
    """The tasks, and the one that is open with its rows.

    Attributes:
        year: id of the assessment.
        tasks: all that the viewer's house enters.
        at: the open one; None where there are none.
        rows: of the open one, by unit.
        as_of, status, source: what stands in the form for all values: that of those in force, where they agree.
        due: until when; `due_words` what that means today.
    """

    year: str
    tasks: tuple[SuppliedTask, ...]
    at: SuppliedTask | None
    rows: tuple[SuppliedRow, ...]
    as_of: str
    status: str
    source: str
    due: date | None
    due_words: str

    @property
    def may_enter(self) -> bool:
        """Whether the viewer may enter any of it now."""
        return any(row.refusal is None for row in self.rows)

    @property
    def refusal(self) -> StepRefused | None:
        """Why nothing may be entered now."""
        return None if self.may_enter else next((row.refusal for row in self.rows), None)


def supply_page(viewer: Viewer, task: str = "") -> SupplyPage | None:
    """What the viewer's unit or section enters about others; open at a task, or at the first open one.

    Returns:
        None where the year is not open, the house enters nothing, or it has no such task.
    """
    picture = picture_for(viewer)
    year, scheme = newest_year(picture), scheme_shown(picture)
    if year is None or scheme is None:
        return None
    found = {one.task.id: (one, rows) for one, rows in _tasks(viewer, year, scheme)}
    if not found or (task and task not in found):
        return None
    first = next((one for one, _rows in found.values() if not one.is_done), None)
    at = task or (first.task.id if first else next(iter(found)))
    one, rows = found[at]
    due = due_of(year, StepKind.COLLECT)
    days = working_days_left(viewer.day, due, holiday_calendar()) if due else 0
    current = [row.value.current for row in rows if row.value.current]
    cutoff = scheme.data_cutoff
    return SupplyPage(
        year.id,
        tuple(listed for listed, _rows in found.values()),
        one,
        rows,
        _common((c.as_of.isoformat() for c in current), cutoff.isoformat() if cutoff else ""),
        _common((c.status.value for c in current), ""),
        _common((c.data_source for c in current), one.owner),
        due,
        due_words(due, days, viewer.day),
    )


def _common(words: Iterator[str], otherwise: str) -> str:
    found = set(words)
    return found.pop() if len(found) == 1 else otherwise


def _tasks(
    viewer: Viewer, year: Assessment, scheme: Scheme
) -> Iterator[tuple[SuppliedTask, tuple[SuppliedRow, ...]]]:
    """The tasks of the house with their rows, in the order of the scheme."""
    picture = picture_for(viewer)
    demand = demand_of(picture)
    houses = viewer.units | viewer.sections
    ids = {tie.code: tie.house for tie in scheme_ties(viewer.state, scheme).units if tie.house}
    asked = {
        (ids[unit.unit.id], request.task.id): request
        for unit in burden_of(scheme).units
        if unit.unit.id in ids
        for request in unit.requests
    }
    for indicator in scheme.indicators:
        for task in indicator.tasks:
            if supplier(picture, year.id, task.id) not in houses:
                continue
            cells = [
                (unit, request.of is not None)
                for (unit, named), request in asked.items()
                if named == task.id
                and demand is not None
                and demand.supplied.get((unit, named))
                and task.id in assessed_tasks(picture, year.id, indicator.id, unit)
            ]
            rows = tuple(_rows(viewer, year, indicator.id, task, cells))
            if rows:
                done = sum(row.value.current is not None for row in rows)
                yield SuppliedTask(indicator, task, task.data_owner, done, len(rows)), rows


def _rows(
    viewer: Viewer, year: Assessment, indicator: str, task: Task, cells: list[tuple[str, bool]]
) -> Iterator[SuppliedRow]:
    picture = picture_for(viewer)
    for unit, has_of in cells:
        results = ledger_of(picture, year.id, unit).results
        for asked in asked_values(task, has_of=has_of):
            thing = picture.find(Result, results.get((task.id, asked.name), ""))
            current = thing.content if thing else None
            value = ValueShown(
                asked, current, thing.id if thing else "", thing.act if thing else ""
            )
            place = Place(thing=value.thing, assessment=year.id, unit=unit, indicator=indicator)
            case = Case(picture, STEP_OF[ResultReported], place, viewer.person, viewer.at)
            yield SuppliedRow(unit, house_name(viewer.state, unit), value, admission(case))


# --- who owns what --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnerChoice:
    """A registered unit or section, and whether somebody there can enter data."""

    id: str
    name: str
    has_people: bool


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """A task whose data units do not report themselves.

    Attributes:
        indicator, task: of the scheme.
        said: what the scheme calls the owner.
        named: id of the registered one that was named; empty where none is.
        named_as: what that one is called.
        fits: the registered one of the scheme's name, where somebody there can enter; what the form proposes.
        responsible, responsible_house: name and id of the section that enters where no other is chosen.
        units: about how many units.
    """

    indicator: Indicator
    task: Task
    said: str
    named: str
    named_as: str
    fits: str
    responsible: str
    responsible_house: str
    units: int

    @property
    def chosen(self) -> str:
        """What stands in the form."""
        return self.named or self.fits


@dataclass(frozen=True)
class OwnersPage:
    """Who owns the data of which task: as the scheme says it, and as it was named.

    Attributes:
        year: id of the assessment.
        rows: every task with such data.
        choices: registered units and sections.
        act: that named them last; empty before.
        refusal: why the viewer cannot name them now.
    """

    year: str
    rows: tuple[OwnerRow, ...]
    choices: tuple[OwnerChoice, ...]
    act: str
    refusal: StepRefused | None


def owners_page(viewer: Viewer) -> OwnersPage | None:
    """The page; None before the year is open, or where its scheme cannot be read."""
    picture = picture_for(viewer)
    year, scheme, demand = newest_year(picture), scheme_shown(picture), demand_of(picture)
    if year is None or scheme is None or demand is None:
        return None
    choices = tuple(_choices(viewer, picture))
    ties = scheme_ties(viewer.state, scheme)
    able = {one.id for one in choices if one.has_people}
    fits = {one.task: one.owner for one in data_owners(scheme, ties) if one.owner in able}
    count: dict[str, int] = {}
    for (_unit, task), names in demand.supplied.items():
        if names:
            count[task] = count.get(task, 0) + 1
    rows = tuple(
        OwnerRow(
            indicator,
            task,
            task.data_owner,
            named := data_owner(picture, year.id, task.id),
            house_name(viewer.state, named) if named else "",
            fits.get(task.id, ""),
            house_name(viewer.state, house),
            house,
            count[task.id],
        )
        for indicator in scheme.indicators
        if (duty := indicator_duty(picture, year.id, indicator.id))
        for house in (duty.responsible_section,)
        for task in indicator.tasks
        if task.id in count
    )
    place = Place(thing=year.id, assessment=year.id)
    case = Case(picture, STEP_OF[DataOwnersNamed], place, viewer.person, viewer.at)
    return OwnersPage(year.id, rows, choices, year.owners_act, admission(case))


def _choices(viewer: Viewer, picture: Picture) -> Iterator[OwnerChoice]:
    yield from _houses(viewer, picture, picture.every(Section), Role.HANDLER)
    yield from _houses(viewer, picture, picture.every(Unit), Role.LIAISON)


def _houses(
    viewer: Viewer, picture: Picture, houses: Iterable[Section | Unit], role: Role
) -> Iterator[OwnerChoice]:
    for house in sorted(houses, key=lambda one: one.name):
        people = holders(picture, role, viewer.day, house.id, "")
        yield OwnerChoice(house.id, house.name, bool(people))
