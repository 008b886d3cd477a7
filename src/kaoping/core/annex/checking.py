"""What is wrong or open in what annex tables say, before anything is made of it (P06)."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import bare
from kaoping.core.annex.standards import (
    damaged_numbers,
    leaves_cap_open,
    leaves_floor_open,
    leaves_step_open,
)
from kaoping.core.canonical import shown
from kaoping.core.notice.passage import shortened
from kaoping.core.problems import Problem, Severity
from kaoping.core.wording import BURDEN, PERCENT_MEASURES, PERCENT_STEP, squeezed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kaoping.core.annex.records import AnnexReading, AnnexTask
    from kaoping.core.notice.passage import Found, Source


def check_annex(reading: AnnexReading) -> tuple[Problem, ...]:
    """All problems of what the tables of the annexes say; each points at a cell."""
    return tuple(dict.fromkeys(p for check in _CHECKS for p in check(reading)))


def _label(task: AnnexTask) -> str:
    number = f"{task.number.value} " if task.number else ""
    return f"任务“{number}{shortened(task.name.value)}”"


# --- cells ---------------------------------------------------------------------------------------


def _check_unread(reading: AnnexReading) -> Iterator[Problem]:
    for source in reading.unread:
        message = f"没有读懂：“{shortened(source.text)}”"
        yield Problem("ANNEX-UNREAD", source.place, message, "请对照原表，把这一格人工补入方案草稿")


def _check_undecided(reading: AnnexReading) -> Iterator[Problem]:
    for decision in reading.decisions:
        yield Problem(
            "ANNEX-UNDECIDED", decision.source.place, decision.message, "请人工判断后写入方案"
        )


# --- points --------------------------------------------------------------------------------------


def _check_points(reading: AnnexReading) -> Iterator[Problem]:
    for indicator in reading.indicators:
        total = _sum_of_tasks([task for task in indicator.tasks if not task.bonus])
        if indicator.points is None or total is None or total == Fraction(indicator.points.value):
            continue
        name = indicator.name.value if indicator.name else ""
        message = (
            f"指标“{name}”的任务分值合计 {shown(total, 30)}，表中写 {indicator.points.value} 分"
        )
        where, hint = indicator.points.source.place, "请核对各任务分值和指标分值"
        weighed = None
        if total == _OUT_OF_HUNDRED:
            weighed, hint = (
                Severity.B,
                "像是按百分制打分再折算：是的请在方案写 scale，不是的请核对分值",
            )
        yield Problem("POINTS-SUM", where, message, hint, weighed=weighed)


_OUT_OF_HUNDRED = 100
"""Tasks worth so much in all may be scored out of a hundred and converted, whatever the indicator is worth."""


def _sum_of_tasks(tasks: Iterable[AnnexTask]) -> Fraction | None:
    """The exact sum; points in one cell for several tasks count once. None where some are unknown."""
    total, any_task = Fraction(0), False
    shared: set[Source] = set()
    for task in tasks:
        any_task = True
        if task.points is not None:
            total += Fraction(task.points.value)
        elif task.shared_points is not None:
            if task.shared_points.source not in shared:
                total += Fraction(task.shared_points.value)
                shared.add(task.shared_points.source)
        else:
            return None
    return total if any_task else None


def _check_totals(reading: AnnexReading) -> Iterator[Problem]:
    tasks = {task.order: task for task in reading.tasks}
    for total in reading.totals:
        stated = Fraction(total.points.value)
        spans = (total.covers, tuple(order for order in total.covers if order >= total.since))
        sums = [_sum_of(reading, [tasks[order] for order in span]) for span in spans if span]
        if None in sums or stated in sums:
            continue
        found = "、".join(dict.fromkeys(shown(each, 30) for each in sums if each is not None))
        message = f"表中合计写 {total.points.value} 分，所列分值相加为 {found} 分"
        yield Problem("POINTS-SUM", total.points.source.place, message, "请核对各项分值和合计")


def _sum_of(reading: AnnexReading, tasks: list[AnnexTask]) -> Fraction | None:
    """The points of some tasks, or of the indicators they make up where the tasks have none."""
    own = _sum_of_tasks(task for task in tasks if not task.bonus)
    if own is not None:
        return own
    orders = {task.order for task in tasks}
    whole = [i for i in reading.indicators if orders >= {task.order for task in i.tasks}]
    points = [i.points.value for i in whole if i.points is not None]
    complete = sum(len(i.tasks) for i in whole) == len(tasks) and len(points) == len(whole)
    return sum(map(Fraction, points), Fraction(0)) if complete and points else None


# --- names, units, materials ---------------------------------------------------------------------


def _check_ids(reading: AnnexReading) -> Iterator[Problem]:
    """Numbers that stand twice: 1.1 in the whole annex, 1 within an indicator."""
    yield from _twice(task for task in reading.tasks if _is_full_number(task))
    for indicator in reading.indicators:
        yield from _twice(task for task in indicator.tasks if not _is_full_number(task))


def _is_full_number(task: AnnexTask) -> bool:
    return task.number is not None and any(sign in task.number.value for sign in ".-—")


def _twice(tasks: Iterable[AnnexTask]) -> Iterator[Problem]:
    numbered = [task for task in tasks if task.number is not None]
    counts = Counter(task.number.value for task in numbered if task.number)
    seen: set[str] = set()
    for task in numbered:
        number = task.number.value if task.number else ""
        if counts[number] > 1 and number in seen:
            message = f"任务编号“{number}”出现 {counts[number]} 次"
            yield Problem("ID-DUPLICATE", task.place.place, message, "每个编号只能用一次")
        seen.add(number)


def _check_tasks(reading: AnnexReading) -> Iterator[Problem]:
    for task in reading.tasks:
        where = task.place.place
        if not task.catalogue:
            message = f"{_label(task)}没有台账目录"
            yield Problem("CATALOGUE-EMPTY", where, message, "请列出应报材料")
        if not reading.units_of(task) and not task.open_units:
            message = f"{_label(task)}没有被考评单位"
            yield Problem("TASK-NO-UNITS", where, message, "请写明由哪些单位承担")
        measure = task.measure.value if task.measure else _measure_of(task)
        if measure in PERCENT_MEASURES and PERCENT_STEP.search(_standard(task)):
            message = f"数值的单位是 {measure}，标准写“每…%”，分不清是相差几个百分点还是相对变化"
            yield Problem("UNITS-OF-MEASURE", _standard_place(task), message, "相差用“个百分点”")


def _measure_of(task: AnnexTask) -> str:
    """The measure that a task's target is written in, where it is a percentage."""
    words = bare(task.target[0].value) if task.target else ""
    return "%" if words.endswith("%") else ""


def _standard(task: AnnexTask) -> str:
    return "\n".join(found.value for found in task.standard)


def _standard_place(task: AnnexTask) -> str:
    return task.standard[0].source.place if task.standard else task.place.place


def _share_units(reading: AnnexReading, left: AnnexTask, right: AnnexTask) -> bool:
    """Whether two tasks have a unit in common, or leave it open in the same words."""
    names = [
        {one.value for one in (*reading.units_of(task), *task.open_units)} for task in (left, right)
    ]
    return bool(names[0] & names[1])


def _check_double_count(reading: AnnexReading) -> Iterator[Problem]:
    same: dict[str, list[AnnexTask]] = defaultdict(list)
    for task in reading.tasks:
        if squeezed(_standard(task)):
            same[squeezed(_standard(task))].append(task)
    for tasks in same.values():
        for left, right in pairwise(tasks):
            merged = left.standard[0].source == right.standard[0].source
            if not merged and _share_units(reading, left, right):
                message = f"{_label(left)}与{_label(right)}的完成标准相同"
                place = right.standard[0].source.place
                yield Problem("DOUBLE-COUNT", place, message, "同一事实只计一次，请删并")


def _check_burden(reading: AnnexReading) -> Iterator[Problem]:
    asked: dict[str, list[tuple[AnnexTask, Found[str]]]] = defaultdict(list)
    for task in reading.tasks:
        for found in (*task.standard, *task.catalogue):
            if match := BURDEN.search(found.value):
                message = f"“{match.group()}”列入考评，可能加重基层负担"
                yield Problem("BURDEN", found.source.place, message, "请按减负规定改为看实际成效")
        for item in task.catalogue:
            asked[squeezed(item.value)].append((task, item))
    for uses in asked.values():
        for (left, _), (right, item) in pairwise(uses):
            if left is not right and _share_units(reading, left, right):
                message = f"材料“{item.value}”在{_label(left)}与{_label(right)}中要了两次"
                hint = "同一材料只报一次，由系统引用"
                yield Problem("BURDEN", item.source.place, message, hint)


# --- standards -----------------------------------------------------------------------------------


def _check_standards(reading: AnnexReading) -> Iterator[Problem]:
    for task in reading.tasks:
        text, where = _standard(task), _standard_place(task)
        if leaves_floor_open(text):
            message = f"{_label(task)}的标准没有写明扣到多少为止"
            yield Problem("FLOOR-UNSTATED", where, message, "请写明“扣完为止”或最低分")
        if leaves_cap_open(text):
            message = f"{_label(task)}的标准没有写明最高加多少分"
            yield Problem("CAP-UNSTATED", where, message, "请写明加分的上限")
        if leaves_step_open(text):
            message = f"{_label(task)}的标准没有写明不足一个档次的部分怎么计"
            yield Problem("STEP-UNSTATED", where, message, "请写明只计整数，还是按比例计")


def _check_numbers(reading: AnnexReading) -> Iterator[Problem]:
    for task in reading.tasks:
        for found in (*task.standard, *task.target):
            for start, end in damaged_numbers(found.value):
                message = f"数字像是写坏了：“{found.value[max(0, start - 6) : end + 4]}”"
                yield Problem("NUMBER-DAMAGED", found.source.place, message, "请对照原文改正")


_CHECKS: tuple[Callable[[AnnexReading], Iterator[Problem]], ...] = (
    _check_points,
    _check_totals,
    _check_ids,
    _check_tasks,
    _check_double_count,
    _check_burden,
    _check_standards,
    _check_numbers,
    _check_undecided,
    _check_unread,
)
