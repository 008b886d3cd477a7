"""填报进度: which unit has filed what, who is missing what, and which heads have confirmed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.core.acts.setting_up import StepKind
from kaoping.core.desk.ledger import COMPLETE, is_confirmed, task_mark
from kaoping.core.desk.year import due_of, working_days_left
from kaoping.core.workflow.questions import (
    assessed_tasks,
    indicators_of,
    ledger_of,
    supplier,
)
from kaoping.core.workflow.things import Unit
from kaoping.files.holidays import holiday_calendar
from kaoping.files.listing import listing_workbook
from kaoping.web.queries.desk import demand_of, house_name, newest_year, picture_for
from kaoping.web.queries.filings import Look
from kaoping.web.queries.todo_words import due_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kaoping.core.acts.setting_up import IndicatorDuty
    from kaoping.core.workflow.things import Assessment
    from kaoping.web.viewer import Viewer

_HEADS = (
    ("单位", 28),
    ("事项", 12),
    ("已报齐", 10),
    ("应报", 10),
    ("还缺", 60),
    ("负责人确认", 14),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A task that is not complete, and how it stands."""

    task: str
    look: Look


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit: how many of its tasks are complete, what is missing, whether its head has confirmed."""

    id: str
    name: str
    filed: int
    total: int
    missing: tuple[Missing, ...]
    is_confirmed: bool

    @property
    def said(self) -> str:
        """What is missing, in a line."""
        return "、".join(f"{one.task}（{one.look.word}）" for one in self.missing)


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A unit or section that enters data of third parties (P12): how many of how many values, on which tasks."""

    id: str
    name: str
    done: int
    total: int
    missing: tuple[str, ...]

    @property
    def said(self) -> str:
        """What is missing, in a line."""
        return _("任务 {} 的数据").format("、".join(self.missing)) if self.missing else ""


@dataclass(frozen=True)
class Completeness:
    """The page: those who lack most stand first; `is_whole` where all indicators are looked at.

    `suppliers` enter data about units that these do not report themselves.
    """

    rows: tuple[UnitRow, ...]
    suppliers: tuple[SupplierRow, ...]
    due: date | None
    due_words: str
    is_whole: bool

    @property
    def complete(self) -> int:
        """How many units have filed all."""
        return sum(not one.missing for one in self.rows)

    @property
    def confirmed(self) -> int:
        """How many heads have confirmed."""
        return sum(one.is_confirmed for one in self.rows)


def completeness(viewer: Viewer) -> Completeness | None:
    """How far every unit is, as far as the viewer looks: all, or the indicators of her section.

    Returns:
        None before the year is open.
    """
    picture = picture_for(viewer)
    year = newest_year(picture)
    if year is None:
        return None
    due = due_of(year, StepKind.COLLECT)
    days = working_days_left(viewer.day, due, holiday_calendar()) if due else 0
    rows = sorted(_rows(viewer, year), key=lambda one: (-len(one.missing), one.name))
    return Completeness(
        tuple(rows),
        tuple(_suppliers(viewer, year)),
        due,
        due_words(due, days, viewer.day),
        viewer.sees_all_units,
    )


def _looked_at(viewer: Viewer, year: Assessment) -> Iterator[IndicatorDuty]:
    """The indicators that the viewer looks at: all, or those of her section."""
    for one in indicators_of(viewer.state, year.id):
        own = viewer.sections & {one.responsible_section, *one.cooperating_sections}
        if viewer.sees_all_units or own:
            yield one


def _rows(viewer: Viewer, year: Assessment) -> list[UnitRow]:
    picture = picture_for(viewer)
    demand = demand_of(picture)
    tasks: dict[str, list[str]] = {}
    for one in _looked_at(viewer, year):
        for unit in one.assessed_units:
            found = assessed_tasks(picture, year.id, one.indicator, unit)
            tasks.setdefault(unit, []).extend(found)
    rows = []
    for unit, asked in tasks.items():
        marks = [(task, task_mark(picture, demand, year.id, (unit, task))) for task in asked]
        missing = tuple(
            Missing(task, Look.of(mark)) for task, mark in marks if mark not in COMPLETE
        )
        thing = picture.find(Unit, unit)
        rows.append(
            UnitRow(
                unit,
                thing.name if thing else unit,
                len(asked) - len(missing),
                len(asked),
                missing,
                is_confirmed(ledger_of(picture, year.id, unit)),
            )
        )
    return rows


def _suppliers(viewer: Viewer, year: Assessment) -> Iterator[SupplierRow]:
    """Who enters what others own, those who lack most first."""
    picture = picture_for(viewer)
    demand = demand_of(picture)
    cells = demand.supplied if demand else {}
    assessed: dict[str, set[str]] = {}
    for one in _looked_at(viewer, year):
        for unit in one.assessed_units:
            found = assessed_tasks(picture, year.id, one.indicator, unit)
            assessed.setdefault(unit, set()).update(found)
    tasks = set().union(*assessed.values())
    count: dict[str, Counter[str]] = {}
    for (unit, task), names in cells.items():
        if task not in assessed.get(unit, ()):
            continue
        results = ledger_of(picture, year.id, unit).results
        there = sum((task, name) in results for name in names)
        of_house = count.setdefault(supplier(picture, year.id, task), Counter())
        of_house.update({"done": there, "total": len(names), task: len(names) - there})
    for house, each in sorted(count.items(), key=lambda one: one[1]["done"] - one[1]["total"]):
        missing = sorted(task for task in each.keys() & tasks if each[task])
        name = house_name(viewer.state, house)
        yield SupplierRow(house, name, each["done"], each["total"], tuple(missing))


@dataclass(frozen=True, slots=True)
class Owing:
    """A unit or section and everything that it has not filed, in a line; empty where nothing is missing."""

    id: str
    name: str
    said: str


def owing(viewer: Viewer, house: str) -> Owing | None:
    """What a unit or section still owes; None where the viewer does not look at it."""
    found = completeness(viewer)
    rows: list[UnitRow | SupplierRow] = [*found.rows, *found.suppliers] if found else []
    own = [one for one in rows if one.id == house]
    said = "；".join(one.said for one in own if one.said)
    return Owing(house, own[0].name, said) if own else None


def completeness_workbook(found: Completeness, title: str) -> bytes:
    """The same as a workbook."""
    rows = (*map(_cells, found.rows), *map(_supplier_cells, found.suppliers))
    return listing_workbook(title, _HEADS, rows)


def _cells(row: UnitRow) -> Sequence[str]:
    confirmed = _("已确认") if row.is_confirmed else ""
    return row.name, _("填报"), str(row.filed), str(row.total), row.said, confirmed


def _supplier_cells(row: SupplierRow) -> Sequence[str]:
    return row.name, _("数据提供"), str(row.done), str(row.total), row.said, ""
