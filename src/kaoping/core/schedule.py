"""时限: the checks on dates, the same for a notice and for a confirmed scheme (codes `SCHED-…`).

Thresholds, chosen so that a sound plan stays silent:

* a step needs at least three working days where its start is stated;
* rules issued after half of the assessed year has passed are retroactive for the rest of it;
* steps of the chain score → consolidate → file that end on one day leave no slack.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from kaoping.core.problems import Problem
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.calendar import Calendar
    from kaoping.core.notice import Notice
    from kaoping.core.scheme import Scheme

FEWEST_WORKING_DAYS = 3
MIDDLE_OF_YEAR = (6, 30)
_CHAIN = frozenset({StepKind.SCORE, StepKind.CONSOLIDATE, StepKind.FILE})


@dataclass(frozen=True, slots=True)
class DatedStep:
    """A step with what the checks need; `inputs` are names of steps whose results it uses."""

    name: str
    kind: StepKind
    start: date | None
    due: date | None
    inputs: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """The steps of one assessment in the order written."""

    steps: tuple[DatedStep, ...]
    issue_date: date | None
    year: int
    issue_where: str


def check_scheme_dates(scheme: Scheme, calendar: Calendar) -> list[Problem]:
    """Every problem of a scheme's dates."""
    steps = tuple(
        DatedStep(step.name, step.kind, step.start, step.due, step.inputs, f"{step.place}.due")
        for step in scheme.steps
    )
    return check_schedule(Schedule(steps, scheme.issue_date, scheme.year, "issue_date"), calendar)


def check_schedule(schedule: Schedule, calendar: Calendar) -> list[Problem]:
    """Every problem of the dates, in the order of the table of codes."""
    steps = schedule.steps
    return [
        *_inputs_after_consumers(steps),
        *_out_of_order(steps),
        *_without_slack(steps),
        *_on_days_off(steps, calendar),
        *_short_windows(steps, calendar),
        *_retroactive(schedule),
        *_unknown_years(steps, calendar),
    ]


def chinese_date(day: date) -> str:
    """A day as an official writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


_WEEKDAYS = "一二三四五六日"


def _inputs_after_consumers(steps: Sequence[DatedStep]) -> Iterator[Problem]:
    by_name = {step.name: step for step in steps}
    for step in steps:
        for name in step.inputs:
            needed = by_name.get(name)
            if needed and needed.due and step.due and needed.due > step.due:
                yield Problem(
                    "SCHED-INPUT-AFTER-CONSUMER",
                    step.where,
                    f"“{step.name}”{chinese_date(step.due)}前完成,却要用"
                    f"{chinese_date(needed.due)}才到期的“{needed.name}”结果",
                    f"请把“{needed.name}”提前到“{step.name}”之前,或推后“{step.name}”",
                )


def _out_of_order(steps: Sequence[DatedStep]) -> Iterator[Problem]:
    dated = [step for step in steps if step.due]
    for earlier, later in pairwise(dated):
        if earlier.due and later.due and later.due < earlier.due:
            yield Problem(
                "SCHED-ORDER",
                later.where,
                f"“{later.name}”列在“{earlier.name}”之后,时限{chinese_date(later.due)}却早于"
                f"{chinese_date(earlier.due)}",
                "请按先后调整时限,或调整环节次序",
            )


def _without_slack(steps: Sequence[DatedStep]) -> Iterator[Problem]:
    by_day: dict[date, list[DatedStep]] = defaultdict(list)
    for step in steps:
        if step.due and step.kind in _CHAIN:
            by_day[step.due].append(step)
    for day, together in by_day.items():
        if len(together) > 1:
            names = "、".join(f"“{step.name}”" for step in together)
            yield Problem(
                "SCHED-NO-SLACK",
                together[-1].where,
                f"{names}都在{chinese_date(day)}到期,前一环节一拖,后面就没有时间",
                "请给评分、汇总、审定、签字和报送各留出工作日",
            )


def _on_days_off(steps: Sequence[DatedStep], calendar: Calendar) -> Iterator[Problem]:
    for step in steps:
        if step.due and calendar.knows(step.due) and not calendar.is_working(step.due):
            before = calendar.working_day_before(step.due)
            holiday = "法定节假日" if step.due in calendar.holidays else ""
            what = holiday or f"星期{_WEEKDAYS[step.due.weekday()]}"
            yield Problem(
                "SCHED-NON-WORKING-DAY",
                step.where,
                f"“{step.name}”的时限{chinese_date(step.due)}是{what}",
                f"最近的工作日是{chinese_date(before)}",
            )


def _short_windows(steps: Sequence[DatedStep], calendar: Calendar) -> Iterator[Problem]:
    for step in steps:
        if not (step.start and step.due) or step.start > step.due:
            continue
        days = calendar.working_days(step.start, step.due)
        if days < FEWEST_WORKING_DAYS:
            yield Problem(
                "SCHED-SHORT-WINDOW",
                step.where,
                f"“{step.name}”从{chinese_date(step.start)}到{chinese_date(step.due)}只有 {days} 个工作日",
                f"请至少留 {FEWEST_WORKING_DAYS} 个工作日,或提早开始",
            )


def _retroactive(schedule: Schedule) -> Iterator[Problem]:
    issued = schedule.issue_date
    if issued is None or not schedule.year:
        return
    middle = date(schedule.year, *MIDDLE_OF_YEAR)
    if issued > middle:
        yield Problem(
            "SCHED-RETROACTIVE",
            schedule.issue_where,
            f"{chinese_date(issued)}才印发,却考核 {schedule.year} 年全年",
            "请说明印发前的工作按什么标准考核",
        )


def _unknown_years(steps: Sequence[DatedStep], calendar: Calendar) -> Iterator[Problem]:
    seen: set[int] = set()
    for step in steps:
        if step.due and not calendar.knows(step.due) and step.due.year not in seen:
            seen.add(step.due.year)
            yield Problem(
                "HOLIDAYS-UNKNOWN",
                step.where,
                f"日历还没有 {step.due.year} 年的节假日安排,只能按周末判断",
                "国务院办公厅公布放假安排后请更新日历",
            )


def check_notice_dates(notice: Notice, calendar: Calendar) -> list[Problem]:
    """Every problem of a notice's dates, placed by line."""
    name_of = {step.kind: step.name.value for step in notice.steps}
    steps = tuple(
        DatedStep(
            step.name.value,
            step.kind,
            step.start.value if step.start else None,
            step.due.value if step.due else None,
            tuple(name_of[kind] for kind in step.inputs if kind in name_of),
            step.due.source.where if step.due else step.name.source.where,
        )
        for step in notice.steps
    )
    issued = notice.issue_date
    schedule = Schedule(
        steps,
        issued.value if issued else None,
        notice.year,
        issued.source.where if issued else "",
    )
    return check_schedule(schedule, calendar)


def check_notice(notice: Notice, calendar: Calendar) -> tuple[Problem, ...]:
    """What this version checks on a notice: its dates, and what was not read."""
    unread = [
        Problem(
            "NOTICE-UNREAD",
            found.source.where,
            f"没有读懂:“{' '.join(found.value.split())[:40]}”",
            "请人工核对这一段,把内容补进方案",
        )
        for found in notice.unread
    ]
    return (*check_notice_dates(notice, calendar), *unread)
