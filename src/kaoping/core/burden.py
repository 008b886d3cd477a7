"""填报负担: what a scheme asks of each unit, known before anything is sent (P33).

A unit reports the values of its tasks, unless somebody else owns the data (P12), and files the
materials of their catalogues. An owner of data that is a unit reports for others: that is its burden,
too. A material of one name is counted once however often it is asked for: it is filed once and
referred to (同一材料最多报一次).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from kaoping.core.canonical import exactly, plain
from kaoping.core.rules import all_inputs
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from kaoping.core.scheme import CatalogueItem, Indicator, Scheme, Task, Unit

_PREVIOUS, _OF = "previous", "of"
_WORDS: Mapping[str, str] = {"": "实际完成", _PREVIOUS: "上期数", _OF: "应完成项数"}


@dataclass(frozen=True, slots=True)
class AskedValue:
    """A value that is reported: the input's name, how it is called, how it is measured."""

    name: str
    label: str
    unit_of_measure: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a unit is asked on one task of its own.

    Attributes:
        points: of this unit.
        goals: its targets, by part; the task's own under the empty name.
        of: how many items are due, where the scheme says so.
        values: what it reports itself.
        data_owner: who reports the values instead; empty where the unit does.
        materials: what it files.
    """

    indicator: Indicator
    task: Task
    points: Decimal
    goals: Mapping[str, Decimal]
    of: Decimal | None
    values: tuple[AskedValue, ...]
    data_owner: str
    materials: tuple[CatalogueItem, ...]

    @property
    def content(self) -> tuple[object, ...]:
        """What the unit notices of it: two requests alike in this are the same work."""
        materials = tuple((one.id, one.name, one.required) for one in self.materials)
        goals = tuple(sorted((name, plain(goal)) for name, goal in self.goals.items()))
        due = "" if self.of is None else plain(self.of)
        return self.task.name, plain(self.points), goals, due, self.values, materials


@dataclass(frozen=True, slots=True)
class Supply:
    """What a unit reports about other units, because it owns the data (数据提供单位)."""

    indicator: Indicator
    task: Task
    about: tuple[Unit, ...]
    values: tuple[AskedValue, ...]

    @property
    def count(self) -> int:
        """How many values that makes."""
        return len(self.about) * len(self.values)


@dataclass(frozen=True)
class UnitBurden:
    """All that one unit is asked: its tasks, what it supplies about others, what does not apply."""

    unit: Unit
    requests: tuple[Request, ...]
    supplies: tuple[Supply, ...]
    not_applicable: tuple[Task, ...]

    @property
    def tasks(self) -> int:
        """On how many tasks it is assessed."""
        return len(self.requests)

    @cached_property
    def values(self) -> int:
        """How many values it reports, about itself and about others."""
        own = sum(len(request.values) for request in self.requests)
        return own + sum(supply.count for supply in self.supplies)

    @cached_property
    def materials(self) -> int:
        """How many places of catalogues it fills."""
        return sum(len(request.materials) for request in self.requests)

    @cached_property
    def required(self) -> int:
        """How many of them must be filled."""
        return sum(item.required for request in self.requests for item in request.materials)

    @cached_property
    def documents(self) -> int:
        """How many different materials that is; one of a name is filed once."""
        return len({item.name for request in self.requests for item in request.materials})

    @cached_property
    def repeated(self) -> tuple[tuple[str, tuple[Task, ...]], ...]:
        """Materials that more than one task asks for, with these tasks."""
        where: dict[str, dict[str, Task]] = {}
        for request in self.requests:
            for item in request.materials:
                where.setdefault(item.name, {})[request.task.id] = request.task
        return tuple(
            (name, tuple(tasks.values())) for name, tasks in where.items() if len(tasks) > 1
        )

    @cached_property
    def points(self) -> Decimal:
        """The points of the indicators it is assessed on."""
        return _total({one.indicator.id: one.indicator.points for one in self.requests})


@exactly
def _total(points: Mapping[str, Decimal]) -> Decimal:
    return sum(points.values(), Decimal(0))


@dataclass(frozen=True)
class Burden:
    """What a scheme asks of everybody, and until when."""

    units: tuple[UnitBurden, ...]
    due: date | None

    @cached_property
    def by_unit(self) -> Mapping[str, UnitBurden]:
        """Each unit's burden by its id in the scheme."""
        return {one.unit.id: one for one in self.units}

    @property
    def tasks(self) -> int:
        """Over all units."""
        return sum(one.tasks for one in self.units)

    @property
    def values(self) -> int:
        """Over all units."""
        return sum(one.values for one in self.units)

    @property
    def materials(self) -> int:
        """Over all units."""
        return sum(one.materials for one in self.units)


def burden_of(scheme: Scheme, due: date | None = None) -> Burden:
    """What a scheme asks of each unit that is asked for anything, in the scheme's order.

    Args:
        scheme: a draft or a version; tasks without a readable rule ask for no values.
        due: the deadline in force; None: the scheme's own for collecting.
    """
    supplies = _supplies(scheme)
    requests = _requests(scheme)
    excused = _excused(scheme)
    units = tuple(
        UnitBurden(
            unit,
            tuple(requests.get(unit.id, ())),
            tuple(supplies.get(unit.id, ())),
            tuple(excused.get(unit.id, ())),
        )
        for unit in scheme.units
        if unit.id in requests or unit.id in supplies or unit.id in excused
    )
    collecting = scheme.step_of(StepKind.COLLECT)
    return Burden(units, due or (collecting.due if collecting else None))


def _cells(scheme: Scheme) -> Iterator[tuple[Indicator, Task, str]]:
    for indicator in scheme.indicators:
        for task in indicator.tasks:
            for unit in scheme.units_of_task[task.id]:
                yield indicator, task, unit


def _requests(scheme: Scheme) -> dict[str, list[Request]]:
    found: dict[str, list[Request]] = {}
    for indicator, task, unit in _cells(scheme):
        assigned = scheme.assignment(unit, task.id)
        if assigned.not_applicable:
            continue
        owner = _owner(scheme, task)
        is_own = owner in ("", unit)
        values = asked_values(task, has_of=assigned.of is not None) if is_own else ()
        goals = {"": assigned.target} if assigned.target is not None else {}
        request = Request(
            indicator,
            task,
            scheme.points_of(unit, task),
            {**goals, **assigned.targets},
            assigned.of,
            values,
            "" if is_own else task.data_owner,
            task.catalogue,
        )
        found.setdefault(unit, []).append(request)
    return found


def _supplies(scheme: Scheme) -> dict[str, list[Supply]]:
    found: dict[str, list[Supply]] = {}
    for indicator in scheme.indicators:
        for task in indicator.tasks:
            owner = _owner(scheme, task)
            values = asked_values(task, has_of=False)
            about = tuple(
                scheme.unit_by_id[unit]
                for unit in scheme.units_of_task[task.id]
                if unit != owner and not scheme.assignment(unit, task.id).not_applicable
            )
            if owner in scheme.unit_by_id and about and values:
                found.setdefault(owner, []).append(Supply(indicator, task, about, values))
    return found


def _excused(scheme: Scheme) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {}
    for _, task, unit in _cells(scheme):
        if scheme.assignment(unit, task.id).not_applicable:
            found.setdefault(unit, []).append(task)
    return found


def _owner(scheme: Scheme, task: Task) -> str:
    """The id of the unit that owns a task's data, or the section's name; empty: each unit its own."""
    return scheme.unit_ids_by_name.get(task.data_owner, task.data_owner)


def asked_values(task: Task, *, has_of: bool) -> tuple[AskedValue, ...]:
    """The values that a task's rule reads from reports; counted facts and judgements are none.

    Args:
        task: any.
        has_of: whether the scheme itself says how many items are due.
    """
    names = all_inputs(task.rule) if task.rule else ()
    return tuple(
        AskedValue(name, _label(name), task.form(name).unit_of_measure)
        for name in names
        if not (has_of and name == _OF)
    )


def _label(name: str) -> str:
    """What an input is called: 实际完成, 上期数, or the part's name with it."""
    part, _, last = name.rpartition(".")
    if name in _WORDS:
        return _WORDS[name]
    return f"{part} {_WORDS[last]}" if last in (_PREVIOUS, _OF) else name


# --- compared with another version ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestChange:
    """A task that a unit is newly asked, no longer asked, or asked otherwise."""

    before: Request | None
    after: Request | None

    @property
    def word(self) -> str:
        """新增, 删去 or 修改."""
        if self.before is None:
            return "新增"
        return "删去" if self.after is None else "修改"

    @property
    def task(self) -> Task:
        """The task, as it is now where it still is."""
        request = self.after or self.before
        assert request is not None
        return request.task


@dataclass(frozen=True, slots=True)
class UnitChange:
    """How one unit's burden differs: more (or fewer) tasks, values and materials, and which tasks."""

    tasks: int
    values: int
    materials: int
    requests: tuple[RequestChange, ...]


def burden_changes(before: Burden, after: Burden) -> Mapping[str, UnitChange]:
    """By unit, how `after` differs from `before`; units without any difference are left out."""
    ids = dict.fromkeys([*after.by_unit, *before.by_unit])
    found = {unit: _unit_change(before.by_unit.get(unit), after.by_unit.get(unit)) for unit in ids}
    return {unit: change for unit, change in found.items() if _says_something(change)}


def _says_something(change: UnitChange) -> bool:
    return bool(change.requests or change.tasks or change.values or change.materials)


def _unit_change(before: UnitBurden | None, after: UnitBurden | None) -> UnitChange:
    old, new = _by_task(before), _by_task(after)
    tasks = dict.fromkeys([*new, *old])
    return UnitChange(
        _more("tasks", before, after),
        _more("values", before, after),
        _more("materials", before, after),
        tuple(change for task in tasks if (change := _changed(old.get(task), new.get(task)))),
    )


def _by_task(one: UnitBurden | None) -> dict[str, Request]:
    return {request.task.id: request for request in one.requests} if one else {}


def _more(name: str, before: UnitBurden | None, after: UnitBurden | None) -> int:
    old, new = (int(getattr(one, name)) if one else 0 for one in (before, after))
    return new - old


def _changed(before: Request | None, after: Request | None) -> RequestChange | None:
    is_same = before and after and before.content == after.content
    return None if is_same else RequestChange(before, after)
