"""时限: the checks on dates, the same for a notice and for a confirmed scheme (codes `SCHED-…`).

A date is never moved; each problem names the dates and suggests a way. Sound plans stay silent:

* what a step needs may be due on the same day as the step itself, not later;
* a window is judged only where its beginning is told: by the step, by what it needs, or, for the
  first step, by the start of the work, the data cut-off or the issue date;
* a deadline on a make-up workday is fine; one told only as 月底 or 上旬 is not a fixed day;
* rules issued in the first half of the assessed period are in time.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from kaoping.core.problems import Problem, Severity
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kaoping.core.calendar import Calendar
    from kaoping.core.notice.reading import Notice
    from kaoping.core.scheme import Scheme

FEWEST_WORKING_DAYS: Mapping[StepKind, int] = {
    StepKind.COLLECT: 3,
    StepKind.SCORE: 3,
    StepKind.VERIFY: 3,
    StepKind.APPEAL: 3,
    StepKind.CONSOLIDATE: 2,
    StepKind.FILE: 2,
}
"""Working days below which a step's window is too short; other kinds have no least window."""

MOST_ACTS_A_DAY = 2
"""More acts than this, one needing the other, ending on one day leave no slack."""

FILING_ACTS = ("会签", "会议审定", "签字", "报送")
"""What every filing consists of (P17), where a scheme has no words of its own for it."""

_STAGE: Mapping[StepKind, int] = {
    StepKind.COLLECT: 0,
    StepKind.SCORE: 1,
    StepKind.VERIFY: 1,
    StepKind.FEEDBACK: 2,
    StepKind.CONSOLIDATE: 3,
    StepKind.PUBLIC_NOTICE: 4,
    StepKind.FILE: 5,
}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: its last day, inclusive, and where it is written; not exact for 月底 or 上旬."""

    day: date
    where: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class DatedStep:
    """A step with what the checks need.

    Attributes:
        dues: its deadlines; where they name several days, only a person can say which one counts.
        inputs: names of the steps whose product it uses.
        where: its place, where it has no deadline.
        acts: what is done one after the other within it.
    """

    name: str
    kind: StepKind
    start: date | None
    dues: tuple[Due, ...]
    inputs: tuple[str, ...]
    where: str
    acts: tuple[str, ...] = ()

    @property
    def last(self) -> Due | None:
        """The deadline that counts for others; None where several days leave it open."""
        return self.dues[-1] if len({due.day for due in self.dues}) == 1 else None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The steps of one assessment in the order written, with the dates around them.

    Attributes:
        start: the day the work begins as a whole, where the text says so.
        period: the first and last day of what is assessed.
    """

    steps: tuple[DatedStep, ...]
    start: date | None
    cutoff: date | None
    issue_date: date | None
    issue_where: str
    period: tuple[date, date] | None


def check_schedule(schedule: Schedule, calendar: Calendar) -> list[Problem]:
    """Every problem of the dates, in the order of the table of codes."""
    steps = schedule.steps
    return [
        *_inputs_after_consumers(schedule),
        *_out_of_order(steps),
        *_without_slack(steps),
        *_on_days_off(steps, calendar),
        *_short_windows(schedule, calendar),
        *_retroactive(schedule),
        *_unknown_years(steps, calendar),
    ]


def check_scheme_dates(scheme: Scheme, calendar: Calendar) -> list[Problem]:
    """Every problem of a scheme's dates, placed by path.

    In a scheme, only an input that comes after its consumer stops the work: the other dates are
    facts of the notice that a person has read and cannot move.
    """
    steps = tuple(
        DatedStep(
            step.name,
            step.kind,
            step.start,
            (Due(step.due, f"{step.place}.due"),) if step.due else (),
            step.inputs,
            f"{step.place}.due",
            FILING_ACTS if step.kind is StepKind.FILE else (),
        )
        for step in scheme.steps
    )
    period = _whole_year(scheme.year)
    schedule = Schedule(steps, None, scheme.data_cutoff, scheme.issue_date, "issue_date", period)
    return [_weighed_in_scheme(problem) for problem in check_schedule(schedule, calendar)]


def _weighed_in_scheme(problem: Problem) -> Problem:
    if problem.severity is not Severity.A or problem.code == "SCHED-INPUT-AFTER-CONSUMER":
        return problem
    return replace(problem, weighed=Severity.B)


def check_notice_dates(notice: Notice, calendar: Calendar) -> list[Problem]:
    """Every problem of a notice's dates, placed by line."""
    steps = tuple(
        DatedStep(
            step.name.value,
            step.kind,
            step.start.value if step.start else None,
            tuple(Due(d.day, d.source.place, d.exact) for d in step.deadlines),
            tuple(item.value for item in step.inputs),
            step.source.place,
            tuple(act.value for act in step.acts),
        )
        for step in notice.steps
    )
    issued, cutoff = notice.issue_date, notice.data_cutoff
    schedule = Schedule(
        steps,
        notice.start.value if notice.start else None,
        cutoff.value if cutoff else None,
        issued.value if issued else None,
        issued.source.place if issued else "",
        notice_period(notice),
    )
    return check_schedule(schedule, calendar)


_PART_OF_YEAR = re.compile(r"年度?的? ?第?(上半年|下半年|前三季度|[一二三四1-4]季度)")
_MONTHS = {"上半年": (1, 6), "下半年": (7, 12), "前三季度": (1, 9)} | {
    f"{sign}季度": (3 * number + 1, 3 * number + 3)
    for number, signs in enumerate(("一1", "二2", "三3", "四4"))
    for sign in signs
}


def _whole_year(year: int) -> tuple[date, date] | None:
    return (date(year, 1, 1), date(year, 12, 31)) if year else None


def notice_period(notice: Notice) -> tuple[date, date] | None:
    """The assessed year, or the part of it that the title names."""
    if notice.year is None:
        return None
    part = _PART_OF_YEAR.search(notice.title.value) if notice.title else None
    if part is None:
        return _whole_year(notice.year.value)
    first, last = _MONTHS[part[1]]
    end = monthrange(notice.year.value, last)[1]
    return date(notice.year.value, first, 1), date(notice.year.value, last, end)


def chinese_date(day: date) -> str:
    """A day as an official writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


# --- each code -----------------------------------------------------------------------------------


def _late_inputs(steps: Sequence[DatedStep]) -> Iterator[tuple[DatedStep, Due, DatedStep, Due]]:
    """Steps whose input is due after them: input, its deadline, consumer, its deadline.

    What is made public must be there on the first day.
    """
    by_name = {step.name: step for step in steps}
    for consumer in steps:
        for name in consumer.inputs:
            needed = by_name.get(name)
            if not (needed and needed.last and consumer.last):
                continue
            shown = consumer.start if consumer.kind is StepKind.PUBLIC_NOTICE else None
            if needed.last.day > (shown or consumer.last.day):
                yield needed, needed.last, consumer, consumer.last


def _inputs_after_consumers(schedule: Schedule) -> Iterator[Problem]:
    for needed, needed_due, consumer, due in _late_inputs(schedule.steps):
        yield Problem(
            "SCHED-INPUT-AFTER-CONSUMER",
            due.where,
            f"“{consumer.name}”要在{chinese_date(due.day)}前完成，却要用"
            f"{chinese_date(needed_due.day)}才到期的“{needed.name}”结果",
            f"请把“{needed.name}”提前到{chinese_date(due.day)}之前，"
            f"或把“{consumer.name}”推后到{chinese_date(needed_due.day)}之后",
        )
    yield from _collected_before_cutoff(schedule)


def _collected_before_cutoff(schedule: Schedule) -> Iterator[Problem]:
    """The last collecting cannot be due before the data are complete."""
    dues = [step.last for step in schedule.steps if step.kind is StepKind.COLLECT and step.last]
    last, cutoff = max(dues, key=lambda due: due.day, default=None), schedule.cutoff
    if last and cutoff and last.day < cutoff:
        yield Problem(
            "SCHED-INPUT-AFTER-CONSUMER",
            last.where,
            f"数据收集{chinese_date(last.day)}就到期，数据却截止到{chinese_date(cutoff)}，"
            "截止前的数据还没有产生",
            f"请把收集时限推后到{chinese_date(cutoff)}之后，或提前数据截止时间",
        )


def _out_of_order(steps: Sequence[DatedStep]) -> Iterator[Problem]:
    told = {(needed.name, consumer.name) for needed, _, consumer, _ in _late_inputs(steps)}
    dated = [(step, step.last) for step in steps if step.last]
    for (earlier, first), (later, second) in pairwise(dated):
        scored_later = earlier.kind is StepKind.SCORE and later.kind is StepKind.VERIFY
        known = (earlier.name, later.name) in told and not scored_later
        if second.day < first.day and not known:
            yield Problem(
                "SCHED-ORDER",
                second.where,
                f"“{later.name}”排在“{earlier.name}”之后，时限{chinese_date(second.day)}"
                f"却早于{chinese_date(first.day)}{_why(earlier, later)}",
                "请按先后次序调整时限；本来就该先做的，请调整环节次序",
            )


def _why(earlier: DatedStep, later: DatedStep) -> str:
    if earlier.kind is StepKind.SCORE and later.kind is StepKind.VERIFY:
        return "，核验结束时评分还没有完成，无从核验"
    return ""


def _without_slack(steps: Sequence[DatedStep]) -> Iterator[Problem]:
    by_day: dict[date, list[DatedStep]] = {}
    for step in steps:
        if step.last and step.kind in _STAGE:
            by_day.setdefault(step.last.day, []).append(step)
    for day, together in by_day.items():
        acts = [act for step in together for act in (step.acts or (step.name,))]
        successive = len({_STAGE[step.kind] for step in together}) > 1
        if successive and len(acts) > MOST_ACTS_A_DAY and together[-1].last:
            yield Problem(
                "SCHED-NO-SLACK",
                together[-1].last.where,
                f"{'、'.join(acts)}都在{chinese_date(day)}到期，前一项一拖，后面就没有时间",
                "请给评分、汇总、会签、会议审定、签字和报送分别留出工作日",
            )


def _on_days_off(steps: Sequence[DatedStep], calendar: Calendar) -> Iterator[Problem]:
    for step in steps:
        start = step.start
        told = bool(step.dues) and step.dues[0].exact
        visits = step.kind is StepKind.VERIFY and told and start and calendar.knows(start)
        if visits and start and not calendar.is_working(start):
            yield Problem(
                "SCHED-NON-WORKING-DAY",
                step.dues[0].where if step.dues else step.where,
                f"“{step.name}”从{chinese_date(start)}开始，这一天是"
                f"{'法定节假日' if start in calendar.holidays else f'星期{_WEEKDAYS[start.weekday()]}'}，"
                "被考评单位不上班",
                f"之后最近的工作日是{chinese_date(_working_day_after(start, calendar))}",
            )
        for due in step.dues:
            if not due.exact or not calendar.knows(due.day) or calendar.is_working(due.day):
                continue
            kind = "法定节假日，" if due.day in calendar.holidays else ""
            before = calendar.working_day_before(due.day)
            yield Problem(
                "SCHED-NON-WORKING-DAY",
                due.where,
                f"“{step.name}”的时限{chinese_date(due.day)}是{kind}"
                f"星期{_WEEKDAYS[due.day.weekday()]}，不上班",
                f"之前最近的工作日是{chinese_date(before)}（星期{_WEEKDAYS[before.weekday()]}）",
            )


def _working_day_after(day: date, calendar: Calendar) -> date:
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day


def _short_windows(schedule: Schedule, calendar: Calendar) -> Iterator[Problem]:
    for index, step in enumerate(schedule.steps):
        begin, due = _beginning(schedule, step, first=index == 0), step.last
        fewest = FEWEST_WORKING_DAYS.get(step.kind, 0)
        if begin is None or due is None or begin > due.day + timedelta(days=1):
            continue
        if not due.exact and begin > due.day:
            continue
        days = calendar.working_days(begin, due.day)
        if days < fewest:
            known = calendar.knows(begin) and calendar.knows(due.day)
            yield Problem(
                "SCHED-SHORT-WINDOW",
                due.where,
                _window_told(step, begin, due.day, days) + ("" if known else _WEEKENDS_ONLY),
                f"请至少留 {fewest} 个工作日：推后时限，或让前一环节提早完成",
                weighed=None if known else Severity.B,
            )


_WEEKENDS_ONLY = "（日历没有这一年的放假安排，只除去了周末，请核对）"


def _window_told(step: DatedStep, begin: date, due: date, days: int) -> str:
    """How short a window is; one that opens after it closes is no span of days."""
    if begin <= due:
        return f"“{step.name}”从{chinese_date(begin)}到{chinese_date(due)}只有 {days} 个工作日"
    if begin == step.start:
        return f"“{step.name}”{chinese_date(begin)}才开始，时限却是{chinese_date(due)}"
    return f"“{step.name}”要用的结果或数据到{chinese_date(due)}当天才齐，没有留出工作日"


def _beginning(schedule: Schedule, step: DatedStep, *, first: bool) -> date | None:
    """The first day a step can be worked on, None where nothing tells it."""
    if step.start:
        return step.start
    dues = [other.last.day for other in schedule.steps if other.name in step.inputs and other.last]
    if dues:
        return max(dues) + timedelta(days=1)
    if not first:
        return None
    after_cutoff = schedule.cutoff + timedelta(days=1) if schedule.cutoff else None
    told = [schedule.start, after_cutoff if step.kind is StepKind.COLLECT else None]
    days = [day for day in (*told, schedule.issue_date) if day]
    return max(days) if days else None


def _retroactive(schedule: Schedule) -> Iterator[Problem]:
    issued, period = schedule.issue_date, schedule.period
    if issued is None or period is None:
        return
    first, last = period
    length = (last - first).days + 1
    passed = min((issued - first).days, length)
    if passed * 2 > length:
        yield Problem(
            "SCHED-RETROACTIVE",
            schedule.issue_where,
            f"{chinese_date(issued)}才印发，考核期{chinese_date(first)}至{chinese_date(last)}"
            f"已过 {passed} 天（共 {length} 天）",
            "请写明印发之前的工作按什么标准考核；下一考核期请在期初印发",
        )


def _unknown_years(steps: Sequence[DatedStep], calendar: Calendar) -> Iterator[Problem]:
    seen: set[int] = set()
    for step in steps:
        for due in step.dues:
            if not calendar.knows(due.day) and due.day.year not in seen:
                seen.add(due.day.year)
                yield Problem(
                    "HOLIDAYS-UNKNOWN",
                    due.where,
                    f"日历没有 {due.day.year} 年的放假和调休安排，没有检查这一年的时限是否落在非工作日",
                    "国务院办公厅公布放假安排后请更新日历，再检查一次",
                )
