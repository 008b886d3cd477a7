"""一年五个环节: until when each is, how far it is, and at which one the year stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import StepKind
from kaoping.core.workflow.case import Place, day_of
from kaoping.core.workflow.questions import (
    OPEN_SHEET,
    assessed_units,
    indicators_of,
    ledger_of,
    sheet_of,
)
from kaoping.core.workflow.things import Assessment, Report, Standing
from kaoping.core.workflow.verifying import verification_finished

if TYPE_CHECKING:
    from datetime import date

    from kaoping.core.calendar import Calendar
    from kaoping.core.workflow.state import State

FIVE_STEPS = (
    StepKind.COLLECT,
    StepKind.SCORE,
    StepKind.VERIFY,
    StepKind.CONSOLIDATE,
    StepKind.FILE,
)
"""数据收集、考核评分、现场核验、汇总整理、审核报送."""


class StepStanding(StrEnum):
    """How a step of the year stands."""

    DONE = "done"
    OVERDUE = "overdue"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class YearStep:
    """One of the five steps.

    Attributes:
        due: its last day; None where no deadline is set.
        days: working days left after today; below zero, how many it is overdue.
        is_overdue: past its last day and not done.
        done, total: how much of it is done: units, sheets, indicators.
    """

    kind: StepKind
    due: date | None
    days: int
    is_overdue: bool
    standing: StepStanding
    done: int
    total: int


def due_of(assessment: Assessment, kind: StepKind) -> date | None:
    """The deadline in force of a step."""
    versions = assessment.deadlines.get(kind)
    return versions[-1].until if versions else None


def working_days_left(day: date, due: date, calendar: Calendar) -> int:
    """Working days after a day up to a deadline; below zero, how many have passed since."""
    if due >= day:
        return calendar.working_days(day + timedelta(days=1), due)
    return -calendar.working_days(due + timedelta(days=1), day)


def steps_of_year(
    state: State, assessment: str, at: str, calendar: Calendar
) -> tuple[YearStep, ...]:
    """The five steps of a year; at most one of them is NOW.

    Args:
        state: where everything stands.
        assessment: id of the year.
        at: the time, as acts carry it.
        calendar: says which days are worked.
    """
    year, day = state.get(Assessment, assessment), day_of(at)
    progress = {kind: progress_of(state, year, kind) for kind in FIVE_STEPS}
    dues = {kind: due_of(year, kind) for kind in FIVE_STEPS}
    now = _current(progress, dues, day)
    return tuple(
        _step(kind, dues[kind], progress[kind], day=day, is_now=kind is now, calendar=calendar)
        for kind in FIVE_STEPS
    )


def _step(
    kind: StepKind,
    due: date | None,
    progress: tuple[int, int],
    *,
    day: date,
    is_now: bool,
    calendar: Calendar,
) -> YearStep:
    done, total = progress
    is_done = 0 < total <= done
    is_overdue = not is_done and due is not None and due < day
    if is_done:
        standing = StepStanding.DONE
    elif is_now:
        standing = StepStanding.NOW
    else:
        standing = StepStanding.OVERDUE if is_overdue else StepStanding.AHEAD
    days = working_days_left(day, due, calendar) if due else 0
    return YearStep(kind, due, days, is_overdue, standing, done, total)


def _current(
    progress: dict[StepKind, tuple[int, int]], dues: dict[StepKind, date | None], day: date
) -> StepKind | None:
    """The first open step whose time is not over; where all are overdue, the first of them."""
    left = [kind for kind, (done, total) in progress.items() if not 0 < total <= done]
    in_time = [kind for kind in left if (dues[kind] or day) >= day]
    return next(iter(in_time or left), None)


def progress_of(state: State, year: Assessment, kind: StepKind) -> tuple[int, int]:
    """How much of a step is done, and how much there is."""
    indicators = [one.indicator for one in indicators_of(state, year.id)]
    match kind:
        case StepKind.COLLECT:
            units = assessed_units(state, year.id)
            ledgers = (ledger_of(state, year.id, unit) for unit in units)
            return sum(one.standing is Standing.CONFIRMED for one in ledgers), len(units)
        case StepKind.SCORE:
            sheets = (sheet_of(state, year.id, one) for one in indicators)
            signed = sum(sheet is not None and sheet.standing not in OPEN_SHEET for sheet in sheets)
            return signed, len(indicators)
        case StepKind.VERIFY:
            places = (Place(assessment=year.id, indicator=one) for one in indicators)
            return sum(verification_finished(state, place) for place in places), len(indicators)
        case StepKind.CONSOLIDATE:
            report = state.find(Report, year.report)
            is_done = report is not None and report.standing is not Standing.RETURNED
            return int(is_done), 1
        case _:
            report = state.find(Report, year.report)
            return int(report is not None and report.standing is Standing.SENT), 1
