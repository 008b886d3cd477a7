"""任务分解 as pages show it: units × tasks, as far as the viewer may see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from kaoping.core.burden import asked_values
from kaoping.core.canonical import plain
from kaoping.core.matrix import (
    OF,
    POINTS,
    TARGET,
    cell_fields,
    fingerprint,
    is_assessed,
    missing,
    number_at,
    words_of,
)
from kaoping.core.rule_words import rule_words
from kaoping.core.scheme import Assignment
from kaoping.core.workflow.things import Person
from kaoping.web.queries.scheme import own_codes, scheme_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kaoping.core.burden import AskedValue
    from kaoping.core.matrix import Field
    from kaoping.core.scheme import Indicator, Scheme, Task, Unit
    from kaoping.web.models import SchemeDraft
    from kaoping.web.viewer import Viewer

_GAPS_SHOWN = 12


# --- who sees what --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cells a person may see: all; those of some indicators; those of some units.

    Attributes:
        indicators: ids of indicators that a section of the person's scores or cooperates in.
        units: what the scheme calls the units for which the person reports.
    """

    is_all: bool
    indicators: frozenset[str]
    units: frozenset[str]

    def sees(self, unit: str, indicator: str) -> bool:
        """Whether one cell is open."""
        return self.is_all or unit in self.units or indicator in self.indicators

    def sees_unit(self, unit: str) -> bool:
        """Whether all that is asked of a unit is open."""
        return self.is_all or unit in self.units


EVERYTHING = Scope(is_all=True, indicators=frozenset(), units=frozenset())
"""Of a draft: whoever may open it may see all of it."""


def scope_of(viewer: Viewer, scheme: Scheme) -> Scope:
    """What the table shows a person: a section its own indicators, a unit itself (decision 0016)."""
    if viewer.sees_all_units:
        return EVERYTHING
    found = scheme_in_force(viewer.state)
    duties = found.content.indicators if found else ()
    indicators = frozenset(
        one.indicator
        for one in duties
        if viewer.sections & {one.responsible_section, *one.cooperating_sections}
    )
    return Scope(is_all=False, indicators=indicators, units=own_codes(viewer, scheme))


@dataclass(frozen=True, slots=True)
class SchemeShown:
    """What a page of the matrix is about: a scheme, as far as it is seen, and its draft."""

    scheme: Scheme
    scope: Scope
    draft: SchemeDraft | None = None


# --- the table ------------------------------------------------------------------------------------


class CellShown(NamedTuple):
    """One cell of the table; there are thousands, so that it is a plain tuple.

    Attributes:
        text: what stands in it; empty where the unit is not assessed on the task.
        own_points: own points beside another number; empty where there are none.
        is_own: whether the text is the unit's own, not the task's.
        is_off: 不涉及.
        is_missing: whether a target is missing.
        is_last: whether it is the last of its indicator.
        task: the task's id.
    """

    text: str
    own_points: str = ""
    is_own: bool = False
    is_off: bool = False
    is_missing: bool = False
    is_last: bool = False
    task: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit with its cells; `count` are the tasks that apply."""

    unit: Unit
    count: int
    cells: tuple[CellShown, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """An indicator above its columns."""

    indicator: Indicator
    points: str
    span: int


@dataclass(frozen=True, slots=True)
class Column:
    """A task above its cells; `is_last` of its indicator."""

    task: Task
    points: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A target that is still missing."""

    unit: Unit
    task: Task
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Matrix:
    """The table and what is to be said of it.

    Attributes:
        assessed: cells that apply.
        off: cells that do not (不涉及).
    """

    groups: tuple[Group, ...]
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    assessed: int
    off: int
    gaps: tuple[Gap, ...]

    @property
    def gaps_shown(self) -> tuple[Gap, ...]:
        """The first of the gaps, for the side of the page."""
        return self.gaps[:_GAPS_SHOWN]

    @property
    def gaps_left(self) -> int:
        """How many more there are."""
        return len(self.gaps) - len(self.gaps_shown)


def matrix_of(scheme: Scheme, scope: Scope) -> Matrix:
    """The table of a scheme's units and tasks: what the scope sees, and no empty row or column."""
    listed = _listed(scheme, scope)
    shown = [
        (one, task)
        for one in scheme.indicators
        for task in one.tasks
        if listed[task.id] or scope.is_all
    ]
    assessed = set().union(*listed.values())
    units = [unit for unit in scheme.units if unit.id in assessed]
    said = {(one.unit, one.task): one for one in scheme.assignments}
    columns = _columns(shown)
    by_column = [_cells(column, units, listed[column.task.id], said) for column in columns]
    rows = tuple(
        MatrixRow(unit, sum(1 for cell in cells if cell.text and not cell.is_off), cells)
        for unit, cells in zip(units, zip(*by_column, strict=True), strict=True)
    )
    off = sum(1 for cells in by_column for cell in cells if cell.is_off)
    gaps = tuple(_gaps(columns, by_column, units, said))
    return Matrix(_groups(shown), columns, rows, sum(row.count for row in rows), off, gaps)


def _listed(scheme: Scheme, scope: Scope) -> dict[str, set[str]]:
    """By task, the units assessed on it whose cells the scope sees."""
    return {
        task.id: {unit for unit in scheme.units_of_task[task.id] if scope.sees(unit, indicator.id)}
        for indicator in scheme.indicators
        for task in indicator.tasks
    }


def _columns(shown: Sequence[tuple[Indicator, Task]]) -> tuple[Column, ...]:
    ends = {one.id: task.id for one, task in shown}
    return tuple(Column(task, plain(task.points), task.id == ends[one.id]) for one, task in shown)


def _groups(shown: Sequence[tuple[Indicator, Task]]) -> tuple[Group, ...]:
    spans = Counter(indicator.id for indicator, _task in shown)
    indicators = {indicator.id: indicator for indicator, _task in shown}
    return tuple(Group(one, plain(one.points), spans[key]) for key, one in indicators.items())


def _cells(
    column: Column,
    units: Sequence[Unit],
    listed: set[str],
    said: Mapping[tuple[str, str], Assignment],
) -> list[CellShown]:
    """One column of the table."""
    look, task = _Look(column.task, is_last=column.is_last), column.task.id
    return [
        look.of(said.get((unit.id, task))) if unit.id in listed else look.empty for unit in units
    ]


def _gaps(
    columns: Sequence[Column],
    by_column: Sequence[Sequence[CellShown]],
    units: Sequence[Unit],
    said: Mapping[tuple[str, str], Assignment],
) -> Iterator[Gap]:
    for column, cells in zip(columns, by_column, strict=True):
        for unit, cell in zip(units, cells, strict=True):
            if cell.is_missing:
                one = said.get((unit.id, column.task.id)) or Assignment(unit.id, column.task.id)
                yield Gap(unit, column.task, missing(column.task, one))


class _Look:
    """How the cells of one task look: what all of them share is worked out once."""

    def __init__(self, task: Task, *, is_last: bool) -> None:
        self._task, self._is_last = task.id, is_last
        fields = cell_fields(task)
        goals = [one for one in fields if one.key not in (OF, POINTS)]
        self._goals = [one.key for one in goals]
        self._has_one_goal = self._goals == [TARGET]
        self._needed = [one.key for one in goals if one.is_needed]
        self._points, self._items, self._many = _("{}分"), _("{}项"), _("{}个目标")
        self._missing = self._made(_("缺"), is_missing=True)
        default = goals[0].default if goals else None
        self._default = self._made(
            self._points.format(plain(task.points)) if default is None else plain(default)
        )
        self.empty = CellShown("", is_last=is_last)
        self._off = self._made("—", is_off=True)

    def _made(self, text: str, *, is_off: bool = False, is_missing: bool = False) -> CellShown:
        return CellShown(
            text, is_off=is_off, is_missing=is_missing, is_last=self._is_last, task=self._task
        )

    def of(self, one: Assignment | None) -> CellShown:
        """One unit's cell."""
        if one is None:
            return self._missing if self._needed else self._default
        if one.not_applicable:
            return self._off
        text, points = self._number(one), one.points
        own = "" if points is None else self._points.format(plain(points))
        is_missing = bool(self._needed) and any(number_at(one, k) is None for k in self._needed)
        if not (text or own):
            return self._missing if is_missing else self._default
        beside = own if text else ""
        return CellShown(
            text or own,
            beside,
            is_own=True,
            is_missing=is_missing,
            is_last=self._is_last,
            task=self._task,
        )

    def _number(self, one: Assignment) -> str:
        """Its target, or how many items are due."""
        if one.of is not None:
            return self._items.format(plain(one.of))
        if self._has_one_goal:  # nearly all
            return "" if one.target is None else plain(one.target)
        goals = [number for key in self._goals if (number := number_at(one, key)) is not None]
        if len(goals) > 1:
            return self._many.format(len(goals))
        return plain(goals[0]) if goals else ""


# --- one cell -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A number of a cell: what stands there, what holds without it, what is wrong with what was typed."""

    field: Field
    text: str
    default: str
    error: str = ""


@dataclass(frozen=True)
class CellDetail:
    """One unit's task with everything said of it.

    Attributes:
        column: where its task stands in the table, from 0; `row` where its unit does.
        mark: tells whether the cell is still what it was.
        rule: the rule in sentences.
        values: what the unit reports.
    """

    unit: Unit
    indicator: Indicator
    task: Task
    one: Assignment
    row: int
    column: int
    fields: tuple[FieldShown, ...]

    @cached_property
    def mark(self) -> str:
        """What the cell says, in short."""
        return fingerprint(self.one)

    @cached_property
    def rule(self) -> tuple[str, ...]:
        """The rule in sentences."""
        return rule_words(self.task.rule) if self.task.rule else ()

    @cached_property
    def values(self) -> tuple[AskedValue, ...]:
        """What is reported."""
        return asked_values(self.task, has_of=self.one.of is not None)

    @property
    def words(self) -> str:
        """The cell in words."""
        return words_of(self.one, self.task)

    @property
    def lacks(self) -> tuple[Field, ...]:
        """Targets that it needs and has not got."""
        return missing(self.task, self.one)

    @cached_property
    def shown(self) -> CellShown:
        """The cell as it stands in the table."""
        is_last = self.indicator.tasks[-1].id == self.task.id
        return _Look(self.task, is_last=is_last).of(self.one)


def cell_detail(
    scheme: Scheme,
    scope: Scope,
    unit: str,
    task: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> CellDetail | None:
    """One cell; None where there is none, or the scope does not see it.

    Args:
        scheme: a draft or a version.
        scope: what the viewer may see.
        unit: what the scheme calls the unit.
        task: the task's id.
        typed: what was typed into its fields by their keys, in place of what stands there.
        errors: what is wrong with that.
    """
    indicator = scheme.indicator_of.get(task)
    is_open = indicator is not None and scope.sees(unit, indicator.id)
    if indicator is None or not is_open or not is_assessed(scheme, unit, task):
        return None
    found, one = scheme.task_by_id[task], scheme.assignment(unit, task)
    row, column = _place(scheme, scope, unit, task)
    fields = tuple(
        FieldShown(
            field,
            typed.get(field.key, "") if typed is not None else _text(number_at(one, field.key)),
            _text(field.default),
            (errors or {}).get(field.key, ""),
        )
        for field in cell_fields(found)
    )
    return CellDetail(scheme.unit_by_id[unit], indicator, found, one, row, column, fields)


def _place(scheme: Scheme, scope: Scope, unit: str, task: str) -> tuple[int, int]:
    """Row and column of a cell in the table, from 0."""
    listed = _listed(scheme, scope)
    assessed = set().union(*listed.values())
    rows = [one.id for one in scheme.units if one.id in assessed]
    columns = [one for one in listed if listed[one] or scope.is_all]
    return rows.index(unit), columns.index(task)


def _text(number: object) -> str:
    return "" if number is None else f"{number:f}"


# --- changes --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CellChange:
    """What a cell says, and what it is to say."""

    unit: Unit
    task: Task
    before: str
    after: str


def cell_changes(scheme: Scheme, changed: Sequence[Assignment]) -> list[CellChange]:
    """Cells with their words before and after, in the order of the table."""
    units = {unit.id: at for at, unit in enumerate(scheme.units)}
    tasks = {task: at for at, task in enumerate(scheme.task_by_id)}
    ordered = sorted(changed, key=lambda one: (tasks[one.task], units[one.unit]))
    return [
        CellChange(
            scheme.unit_by_id[one.unit],
            (task := scheme.task_by_id[one.task]),
            words_of(scheme.assignment(one.unit, one.task), task),
            words_of(one, task),
        )
        for one in ordered
    ]


def name_of(viewer: Viewer, person: str) -> str:
    """The name of who saved."""
    found = viewer.state.find(Person, person)
    return found.name if found else _("另一名同事")
