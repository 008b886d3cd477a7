"""台账: how a unit's filings stand, task by task, and what is to be thought of a date (P11).

Hints only point: whether something counts is for the section and the rules.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.desk.picture import cell_complete
from kaoping.core.workflow.case import day_of
from kaoping.core.workflow.questions import ledger_of
from kaoping.core.workflow.things import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from kaoping.core.acts.collecting import EvidenceCorrected, EvidenceFiled
    from kaoping.core.desk.picture import Cell, Demand, Picture
    from kaoping.core.workflow.things import Filing, Ledger


class Mark(StrEnum):
    """How a filing, or all of a task, stands."""

    NONE = "none"
    """未报."""
    PART = "part"
    """未报齐."""
    FILED = "filed"
    """已报."""
    UNASKED = "unasked"
    """不用报: nothing is asked of the unit, and it has filed nothing."""
    ACCEPTED = "accepted"
    """已报，科室审核通过."""
    AWAITING = "awaiting"
    """代录，待本单位确认."""
    RETURNED = "returned"
    """退回."""
    WITHDRAWN = "withdrawn"
    """已撤回."""


class Hint(StrEnum):
    """What is to be thought of a filing."""

    AFTER_CUTOFF = "after_cutoff"
    """It is about days after the data cut-off (数据截止时间)."""
    LATE = "late"
    """It was received after the deadline."""


COMPLETE = frozenset({Mark.FILED, Mark.UNASKED})
"""How a task stands of which nothing is missing."""
_MARKS = {
    Standing.FILED: Mark.FILED,
    Standing.ACCEPTED: Mark.ACCEPTED,
    Standing.RETURNED: Mark.RETURNED,
    Standing.AWAITING_UNIT: Mark.AWAITING,
    Standing.WITHDRAWN: Mark.WITHDRAWN,
}


def filing_mark(filing: Filing) -> Mark:
    """How one filing stands."""
    return _MARKS[filing.standing]


def task_mark(picture: Picture, demand: Demand | None, assessment: str, cell: Cell) -> Mark:
    """How a unit's task stands: what came back before all else.

    Args:
        picture: the state, looked through.
        demand: what the scheme asks.
        assessment: id of the year.
        cell: the unit and the task.
    """
    unit, task = cell
    marks = {filing_mark(one) for one in picture.filings.get((assessment, unit, task), ())}
    for mark in (Mark.RETURNED, Mark.AWAITING):
        if mark in marks:
            return mark
    own = demand.values.get(cell, frozenset()) if demand else None
    results = ledger_of(picture, assessment, unit).results
    has_values = any(key[0] == task and (own is None or key[1] in own) for key in results)
    has_filed = has_values or bool(marks - {Mark.WITHDRAWN})
    if all(cell_complete(picture, demand, assessment, cell)):
        return Mark.FILED if has_filed or _is_asked(demand, cell) else Mark.UNASKED
    return Mark.PART if has_values or marks & {Mark.FILED, Mark.ACCEPTED} else Mark.NONE


def _is_asked(demand: Demand | None, cell: Cell) -> bool:
    """Whether anything must be handed in by the unit."""
    return demand is None or bool(demand.values.get(cell)) or cell in demand.materials


def is_confirmed(ledger: Ledger) -> bool:
    """Whether the head of the unit has confirmed the filing as it is now."""
    return ledger.standing is Standing.CONFIRMED


def hints(
    content: EvidenceFiled | EvidenceCorrected, received: str, cutoff: date | None, due: date | None
) -> Iterator[Hint]:
    """What is to be thought of a filing's dates.

    Args:
        content: of the filing.
        received: when it was received, as acts carry it.
        cutoff: the data cut-off of the scheme; None where it has none.
        due: the deadline for collecting; None where none is set.
    """
    days = (content.event_date, content.period_to)
    if cutoff is not None and any(day is not None and day > cutoff for day in days):
        yield Hint.AFTER_CUTOFF
    if due is not None and day_of(received) > due:
        yield Hint.LATE


def counted(marks: Iterable[Mark]) -> tuple[int, int]:
    """Of how many tasks nothing is missing, and how many there are."""
    found = list(marks)
    return sum(one in COMPLETE for one in found), len(found)
