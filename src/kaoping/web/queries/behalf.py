"""代录: paper and mail that a section enters for a unit; what it may enter, and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import EvidenceFiledOnBehalf
from kaoping.core.acts.setting_up import StepKind
from kaoping.core.desk.year import due_of
from kaoping.core.workflow.admission import admission
from kaoping.core.workflow.case import Case, Place
from kaoping.core.workflow.questions import assessed_tasks, indicators_of
from kaoping.core.workflow.table import STEP_OF
from kaoping.web.models import Entry
from kaoping.web.queries.desk import (
    house_name,
    newest_year,
    picture_for,
    scheme_shown,
    task_names,
)
from kaoping.web.queries.ledger import uploaded
from kaoping.web.queries.review import Choice, Row, reviewed, rows_of

if TYPE_CHECKING:
    from datetime import date

    from kaoping.core.acts.setting_up import IndicatorDuty
    from kaoping.core.scheme import CatalogueItem, Task
    from kaoping.core.workflow.reasons import StepRefused
    from kaoping.web.models import Upload
    from kaoping.web.viewer import Viewer

_LATEST = 50


@dataclass(frozen=True)
class Cell:
    """A unit and a task of the viewer's section, for which something is to be entered.

    Attributes:
        year: id of the assessment; `section` that of the responsible one, for which files are uploaded.
        unit, unit_name, task: whose, and for what.
        items: of the task's catalogue.
        refusal: why nothing may be entered now; None where it may.
    """

    year: str
    section: str
    unit: str
    unit_name: str
    task: Task
    items: tuple[CatalogueItem, ...]
    refusal: StepRefused | None


@dataclass(frozen=True)
class BehalfPage:
    """The page.

    Attributes:
        units, tasks: to choose from.
        unit, task: what was chosen; empty before.
        cell: what was chosen, where the unit is assessed on the task.
        today: the day that stands in the form.
        ready: files that the section uploaded before.
        rows: what the section has entered for units, the newest first.
    """

    units: tuple[Choice, ...]
    tasks: tuple[Choice, ...]
    unit: str
    task: str
    cell: Cell | None
    today: date
    due: date | None
    ready: list[Upload]
    rows: tuple[Row, ...]


def behalf_page(viewer: Viewer, unit: str, task: str) -> BehalfPage:
    """What the viewer's section may enter for units, and what it has entered.

    Args:
        viewer: who works in a responsible section.
        unit: id of the chosen unit, or empty.
        task: the chosen task of the scheme, or empty.
    """
    picture = picture_for(viewer)
    year = newest_year(picture)
    return BehalfPage(
        *choices(viewer),
        unit,
        task,
        cell_of(viewer, unit, task),
        viewer.day,
        due_of(year, StepKind.COLLECT) if year else None,
        uploaded(viewer),
        _entered(viewer),
    )


def own_indicators(viewer: Viewer) -> list[IndicatorDuty]:
    """The indicators of this year for which the viewer's section is responsible."""
    picture = picture_for(viewer)
    year = newest_year(picture)
    found = indicators_of(picture, year.id) if year else ()
    return [one for one in found if one.responsible_section in viewer.sections]


def choices(viewer: Viewer) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """The units and the tasks of the section's indicators."""
    own, names = own_indicators(viewer), task_names(picture_for(viewer))
    units = dict.fromkeys(unit for one in own for unit in one.assessed_units)
    tasks = [task for one in own for task in one.tasks]
    return (
        tuple(Choice(unit, house_name(viewer.state, unit)) for unit in units),
        tuple(Choice(task, f"{task} {names.get(task, '')}".strip()) for task in tasks),
    )


def cell_of(viewer: Viewer, unit: str, task: str) -> Cell | None:
    """A unit's task within the viewer's section; None where there is none such."""
    picture = picture_for(viewer)
    year, scheme = newest_year(picture), scheme_shown(picture)
    duty = next((one for one in own_indicators(viewer) if task in one.tasks), None)
    if year is None or scheme is None or duty is None:
        return None
    if task not in assessed_tasks(picture, year.id, duty.indicator, unit):
        return None
    known = {one.id: one for listed in scheme.indicators for one in listed.tasks}
    if task not in known:
        return None
    place = Place(assessment=year.id, unit=unit, indicator=duty.indicator)
    case = Case(picture, STEP_OF[EvidenceFiledOnBehalf], place, viewer.person, viewer.at)
    name, one = house_name(viewer.state, unit), known[task]
    return Cell(year.id, duty.responsible_section, unit, name, one, one.catalogue, admission(case))


def _entered(viewer: Viewer) -> tuple[Row, ...]:
    things = {one.id: one for one in reviewed(viewer)}
    entries = Entry.objects.filter(type=EvidenceFiledOnBehalf.wire, subject__in=things)
    latest = entries.order_by("-index").values_list("subject", flat=True)[:_LATEST]
    return rows_of(viewer, [things[one] for one in latest])
