"""工作台: the to-dos of a person and of his section, how far his indicators are, the year's steps.

What was found once is kept until the next act or the next minute, for all who ask in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from kaoping.core.burden import asked_values, burden_of
from kaoping.core.desk.picture import Demand, Picture, cell_complete, picture_of
from kaoping.core.desk.todos import todos
from kaoping.core.desk.year import steps_of_year
from kaoping.core.errors import TamperError
from kaoping.core.publishing import tie
from kaoping.core.workflow.questions import (
    assessed_tasks,
    indicators_of,
    is_in_force,
    sheet_of,
)
from kaoping.core.workflow.things import Assessment, Person, Section, Unit
from kaoping.files.holidays import holiday_calendar
from kaoping.web.opening import installation
from kaoping.web.queries.scheme import published_scheme, scheme_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.acts.setting_up import IndicatorDuty
    from kaoping.core.desk.todos import Todo
    from kaoping.core.desk.year import YearStep
    from kaoping.core.scheme import Scheme
    from kaoping.core.workflow.state import State
    from kaoping.web.viewer import Viewer

_MINUTE = len("2025-01-08T01:41")


# --- to-dos ---------------------------------------------------------------------------------------


@dataclass
class _Seen:
    """A state looked through, and whose to-dos were found in it within a minute."""

    state: State
    minute: str
    picture: Picture
    demand: Demand | None
    found: dict[str, list[Todo]] = field(default_factory=dict)
    progress: dict[str, list[Progress]] = field(default_factory=dict)


_last_seen: list[_Seen] = []


def _seen(state: State, at: str) -> _Seen:
    for one in _last_seen:
        if one.state is state and one.minute == at[:_MINUTE]:
            return one
    known = next((one for one in _last_seen if one.state is state), None)
    picture = known.picture if known else picture_of(state)
    demand = known.demand if known else demand_of(picture)
    seen = _Seen(state, at[:_MINUTE], picture, demand)
    _last_seen[:] = [seen]
    return seen


def picture_for(viewer: Viewer) -> Picture:
    """The viewer's state, looked through: the same, and quickly asked."""
    return _seen(viewer.state, viewer.at).picture


def todos_of(state: State, person: str, at: str) -> list[Todo]:
    """What a person must do, overdue first.

    Args:
        state: where everything stands.
        person: id of the person.
        at: the time, as acts carry it.
    """
    seen = _seen(state, at)
    if person not in seen.found:
        calendar = holiday_calendar()
        seen.found[person] = todos(seen.picture, person, at, calendar, seen.demand)
    return seen.found[person]


def own_todos(viewer: Viewer) -> list[Todo]:
    """What the viewer must do."""
    return todos_of(viewer.state, viewer.person, viewer.at)


@dataclass(frozen=True)
class Shared:
    """A to-do of a section or unit, and the names of all who have it."""

    todo: Todo
    names: tuple[str, ...]


def colleagues_todos(viewer: Viewer) -> list[Shared]:
    """What the people of the viewer's section or unit must do, each matter once.

    Nothing for who has no duty there any more: the others' work is not hers to see.
    """
    holders: dict[str, tuple[Todo, list[str]]] = {}
    for person in _colleagues(viewer):
        for one in todos_of(viewer.state, person.id, viewer.at):
            holders.setdefault(one.key, (one, []))[1].append(person.name)
    shared = [Shared(todo, tuple(names)) for todo, names in holders.values()]
    return sorted(shared, key=lambda one: one.todo.due.isoformat() if one.todo.due else "9999")


def _colleagues(viewer: Viewer) -> Iterator[Person]:
    own = viewer.record
    if own is None or not viewer.duties or not (own.section or own.unit):
        return
    for person in _seen(viewer.state, viewer.at).picture.every(Person):
        is_there = is_in_force(person)
        if is_there and (person.section, person.unit) == (own.section, own.unit):
            yield person


# --- what the scheme says -------------------------------------------------------------------------


def scheme_shown(state: State) -> Scheme | None:
    """The scheme in force as its text says it; None before the first, and where the text is lost.

    A desk without its names is better than no desk; the verification names what is lost.
    """
    try:
        return published_scheme(state, installation().blobs)
    except TamperError:
        return None


def demand_of(state: State) -> Demand | None:
    """What the scheme in force asks of units, by the ids of the register."""
    found, scheme = scheme_in_force(state), scheme_shown(state)
    if found is None or scheme is None:
        return None
    units = tuple((one.id, one.code, one.name) for one in state.every(Unit))
    return _demand(_Published(found.content.scheme.sha256, scheme), units)


@dataclass(frozen=True)
class _Published:
    digest: str
    scheme: Scheme = field(compare=False)


@lru_cache(maxsize=8)
def _demand(published: _Published, units: tuple[tuple[str, str, str], ...]) -> Demand:
    scheme = published.scheme
    ties = tie(scheme, (Unit(*unit) for unit in units), ())
    ids = {one.code: one.house for one in ties.units if one.house}
    values, supplied, materials = {}, {}, set()
    for unit in burden_of(scheme).units:
        for request in unit.requests if unit.unit.id in ids else ():
            cell = ids[unit.unit.id], request.task.id
            if request.data_owner:
                names = asked_values(request.task, has_of=request.of is not None)
                supplied[cell] = frozenset(one.name for one in names)
            elif request.values:
                values[cell] = frozenset(one.name for one in request.values)
            if any(item.required for item in request.materials):
                materials.add(cell)
    return Demand(values, supplied, frozenset(materials))


# --- how far --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far a task or an indicator is: units with complete ledgers, cells scored.

    `scored` is None where the viewer has nothing to do with scores.
    """

    code: str
    name: str
    filed: int
    scored: int | None
    total: int


def own_progress(viewer: Viewer) -> list[Progress]:
    """By task where the viewer's section scores or his unit reports; by indicator for who sees all."""
    seen = _seen(viewer.state, viewer.at)
    if viewer.person not in seen.progress:
        seen.progress[viewer.person] = _progress(viewer, seen)
    return seen.progress[viewer.person]


def _progress(viewer: Viewer, seen: _Seen) -> list[Progress]:
    year = newest_year(seen.picture)
    if year is None:
        return []
    indicators = indicators_of(seen.picture, year.id)
    own = [one for one in indicators if one.responsible_section in viewer.sections]
    if own:
        return [row for one in own for row in _by_task(seen, year, one)]
    if viewer.units:
        return _of_units(seen, year, viewer.units)
    if viewer.sees_all_units and not viewer.is_administrator:
        return [_whole(seen, year, one) for one in indicators]
    return []


def _by_task(seen: _Seen, year: Assessment, one: IndicatorDuty) -> Iterator[Progress]:
    names = task_names(seen.picture)
    sheet = sheet_of(seen.picture, year.id, one.indicator)
    lines = sheet.lines if sheet else {}
    by_unit = {
        unit: set(assessed_tasks(seen.picture, year.id, one.indicator, unit))
        for unit in one.assessed_units
    }
    for task in one.tasks:
        units = [unit for unit, tasks in by_unit.items() if task in tasks]
        filed = sum(_is_complete(seen, year, unit, task) for unit in units)
        scored = sum((unit, task) in lines for unit in units)
        yield Progress(task, names.get(task, ""), filed, scored, len(units))


def _is_complete(seen: _Seen, year: Assessment, unit: str, task: str) -> bool:
    return all(cell_complete(seen.picture, seen.demand, year.id, (unit, task)))


def _whole(seen: _Seen, year: Assessment, one: IndicatorDuty) -> Progress:
    rows = list(_by_task(seen, year, one))
    return Progress(
        one.indicator,
        indicator_name(seen.picture, one.indicator),
        sum(row.filed for row in rows),
        sum(row.scored or 0 for row in rows),
        sum(row.total for row in rows),
    )


def _of_units(seen: _Seen, year: Assessment, units: frozenset[str]) -> list[Progress]:
    rows = []
    for one in indicators_of(seen.picture, year.id):
        cells = [
            (unit, task)
            for unit in sorted(units)
            for task in assessed_tasks(seen.picture, year.id, one.indicator, unit)
        ]
        if cells:
            filed = sum(_is_complete(seen, year, unit, task) for unit, task in cells)
            name = indicator_name(seen.picture, one.indicator)
            rows.append(Progress(one.indicator, name, filed, None, len(cells)))
    return rows


def task_names(state: State) -> dict[str, str]:
    """What tasks are called in the scheme in force; none where it cannot be read."""
    scheme = scheme_shown(state)
    tasks = (task for one in scheme.indicators for task in one.tasks) if scheme else ()
    return {task.id: task.name for task in tasks}


def indicator_name(state: State, code: str) -> str:
    """What the scheme in force calls an indicator; its code where that is not known."""
    scheme = scheme_shown(state)
    indicators = scheme.indicators if scheme else ()
    return next((one.name for one in indicators if one.id == code), code)


# --- the year -------------------------------------------------------------------------------------


def newest_year(state: State) -> Assessment | None:
    """The year that is worked on: the newest."""
    return max(state.every(Assessment), key=lambda one: one.year, default=None)


def year_steps(state: State, at: str) -> tuple[YearStep, ...]:
    """The five steps of the newest year, as any page may show them; none before the first year."""
    picture = _seen(state, at).picture
    year = newest_year(picture)
    if year is None:
        return ()
    return steps_of_year(picture, year.id, at, holiday_calendar())


def house_name(state: State, identity: str) -> str:
    """What a unit or section is called."""
    house = state.find(Unit, identity) or state.find(Section, identity)
    return house.name if house else ""
