"""填报进度: which unit has filed what, who is missing what, and which heads have confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.core.acts.setting_up import StepKind
from kaoping.core.desk.ledger import Mark, is_confirmed, task_mark
from kaoping.core.desk.year import due_of, working_days_left
from kaoping.core.workflow.questions import assessed_tasks, indicators_of, ledger_of
from kaoping.core.workflow.things import Unit
from kaoping.files.holidays import holiday_calendar
from kaoping.files.listing import listing_workbook
from kaoping.web.queries.desk import demand_of, newest_year, picture_for
from kaoping.web.queries.filings import Look
from kaoping.web.queries.todo_words import due_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kaoping.core.workflow.things import Assessment
    from kaoping.web.viewer import Viewer

_HEADS = (("单位", 28), ("已报齐", 10), ("任务", 10), ("还缺", 60), ("负责人确认", 14))


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


@dataclass(frozen=True)
class Completeness:
    """The page: those who lack most stand first; `is_whole` where all indicators are looked at."""

    rows: tuple[UnitRow, ...]
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
    return Completeness(tuple(rows), due, due_words(due, days, viewer.day), viewer.sees_all_units)


def _rows(viewer: Viewer, year: Assessment) -> list[UnitRow]:
    picture = picture_for(viewer)
    demand = demand_of(picture)
    tasks: dict[str, list[str]] = {}
    for one in indicators_of(picture, year.id):
        own = viewer.sections & {one.responsible_section, *one.cooperating_sections}
        if viewer.sees_all_units or own:
            for unit in one.assessed_units:
                found = assessed_tasks(picture, year.id, one.indicator, unit)
                tasks.setdefault(unit, []).extend(found)
    rows = []
    for unit, asked in tasks.items():
        marks = [(task, task_mark(picture, demand, year.id, (unit, task))) for task in asked]
        missing = tuple(
            Missing(task, Look.of(mark)) for task, mark in marks if mark is not Mark.FILED
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


def row_of(viewer: Viewer, unit: str) -> UnitRow | None:
    """One unit; None where the viewer does not look at it."""
    found = completeness(viewer)
    return next((one for one in found.rows if one.id == unit), None) if found else None


def completeness_workbook(found: Completeness, title: str) -> bytes:
    """The same as a workbook."""
    return listing_workbook(title, _HEADS, (_cells(row) for row in found.rows))


def _cells(row: UnitRow) -> Sequence[str]:
    confirmed = _("已确认") if row.is_confirmed else ""
    return row.name, str(row.filed), str(row.total), row.said, confirmed
