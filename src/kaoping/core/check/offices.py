"""Duties without people, tasks without units, recusal, burden, and what is counted twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.check.places import some, units_of
from kaoping.core.problems import Problem
from kaoping.core.scheme import Totals
from kaoping.core.wording import BURDEN, squeezed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kaoping.core.scheme import Indicator, Scheme, Task

FEWEST_TO_RANK = 3
DISTINCT_LENGTH = 4
"""A line's name this long says one definite fact; shorter ones (迟报) recur for different facts."""


# --- completeness --------------------------------------------------------------------------------


def _check_vetoes(scheme: Scheme) -> Iterator[Problem]:
    for task in scheme.task_by_id.values():
        for veto in task.veto:
            if not veto.authority:
                where = f"{task.place}.veto[{veto.name}].authority"
                message = f"一票否决“{veto.name}”没有写明由谁认定"
                yield Problem("VETO-NO-AUTHORITY", where, message, "请写明认定机关和所凭文件")
            if not scheme.has_force(veto.effect):
                lacking = "等次" if scheme.totals is not Totals.NONE else "总分"
                message = f"一票否决“{veto.name}”作用于{lacking}，方案没有{lacking}"
                where = f"{task.place}.veto[{veto.name}].effect"
                yield Problem("NO-EFFECT", where, message, "请写 totals 和等次，或改写 effect")


_DUTIES = (
    ("responsible_leader", "责任领导"),
    ("responsible_person", "责任人"),
    ("liaison", "联络员"),
)


def _check_duties(scheme: Scheme) -> Iterator[Problem]:
    for indicator in scheme.indicators:
        for key, duty in (("lead_unit", "牵头单位"), ("responsible_section", "责任科室")):
            if not getattr(indicator, key):
                yield _vacant(f"{indicator.place}.{key}", indicator, duty)
        for key, duty in _DUTIES:
            if not any(getattr(indicator.contact, key)):
                yield _vacant(f"{indicator.place}.contact.{key}", indicator, duty)


def _vacant(where: str, indicator: Indicator, duty: str) -> Problem:
    message = f"指标“{indicator.name}”没有{duty}"
    return Problem("DUTY-VACANT", where, message, f"请落实{duty}并写明")


def _check_matrix(scheme: Scheme) -> Iterator[Problem]:
    for task in scheme.task_by_id.values():
        if not scheme.units_of_task[task.id]:
            message = f"任务 {task.id}“{task.name}”没有被考评单位"
            yield Problem("TASK-NO-UNITS", f"{task.place}.units", message, "请写明 units")
        if not task.catalogue:
            message = f"任务 {task.id}“{task.name}”没有台账目录"
            yield Problem("CATALOGUE-EMPTY", f"{task.place}.catalogue", message, "请列出应报材料")
    busy = {unit for units in scheme.units_of_task.values() for unit in units}
    busy |= {scheme.unit_ids_by_name.get(name, name) for name in _working_units(scheme)}
    for unit in scheme.units:
        if unit.id not in busy:
            message = f"单位“{unit.name}”没有任何任务"
            yield Problem("UNIT-NO-TASKS", f"unit[{unit.id}]", message, "请分配任务，或删去该单位")


def _working_units(scheme: Scheme) -> Iterator[str]:
    """Units that have a part in the work without being assessed."""
    for indicator in scheme.indicators:
        yield indicator.lead_unit
        yield from indicator.cooperating_units
    yield from (section.unit for section in scheme.sections)
    yield from (task.data_owner for task in scheme.task_by_id.values())


def _check_groups(scheme: Scheme) -> Iterator[Problem]:
    for task in scheme.task_by_id.values():
        if task.rule is None or not rules.uses_group(task.rule):
            continue
        sizes = Counter(
            scheme.unit_by_id[unit].group
            for unit in scheme.units_of_task[task.id]
            if not scheme.assignment(unit, task.id).not_applicable
        )
        for group, size in sizes.items():
            if size < FEWEST_TO_RANK:
                label = f"组别“{group}”" if group else "未分组的单位"
                message = f"任务 {task.id} 要在同组内比较，{label}只有 {size} 个单位"
                hint = "请合并组别，或改用不比较的评分办法"
                yield Problem("RANK-TOO-FEW", f"{task.place}.rule", message, hint)


def _check_double_count(scheme: Scheme) -> Iterator[Problem]:
    for left, right in combinations(scheme.task_by_id.values(), 2):
        if not set(scheme.units_of_task[left.id]) & set(scheme.units_of_task[right.id]):
            continue
        if left.standard and squeezed(left.standard) == squeezed(right.standard):
            message = f"任务 {left.id} 与 {right.id} 的完成标准相同"
            yield Problem("DOUBLE-COUNT", right.place, message, "同一事实只计一次，请删并")
        shared = set(_definite_lines(left)) & set(_definite_lines(right))
        for name in sorted(shared):
            message = f"“{name}”在任务 {left.id} 与 {right.id} 中都计分"
            yield Problem("DOUBLE-COUNT", f"{right.place}.rule", message, "同一事实只计一次")


def _definite_lines(task: Task) -> Iterator[str]:
    names = (name.rpartition(".")[2] for name in rules.all_lines(task.rule)) if task.rule else ()
    return (name for name in names if len(name) >= DISTINCT_LENGTH)


def _units_at_work(scheme: Scheme, names: str | tuple[str, ...]) -> Iterator[str]:
    """The ids of the units named, themselves or by one of their sections."""
    of_section = {name: row.unit for row in scheme.sections for name in (row.id, row.name)}
    for name in (names,) if isinstance(names, str) else names:
        identity = scheme.unit_ids_by_name.get(of_section.get(name, name))
        if identity:
            yield identity


def _check_recusal(scheme: Scheme) -> Iterator[Problem]:
    for indicator in scheme.indicators:
        assessed = {unit.id: unit.name for unit in units_of(scheme, indicator)}
        told: set[str] = set()
        for key in (
            "lead_unit",
            "responsible_section",
            "cooperating_units",
            "cooperating_sections",
        ):
            at_work = dict.fromkeys(_units_at_work(scheme, getattr(indicator, key)))
            both = [assessed[unit] for unit in at_work if unit in assessed and unit not in told]
            told.update(at_work)
            if both:
                message = f"{some(both)}参加指标“{indicator.name}”的考评，又是其被考评单位"
                hint = "上述单位不得对本单位评分、核验或审定"
                yield Problem("RECUSAL-NEEDED", f"{indicator.place}.{key}", message, hint)
        for task in indicator.tasks:
            owner = next(_units_at_work(scheme, task.data_owner), "")
            if owner in scheme.units_of_task[task.id]:
                message = f"{assessed[owner]}提供任务 {task.id} 的数据，又在该任务中被考评"
                where = f"{task.place}.data_owner"
                yield Problem("RECUSAL-NEEDED", where, message, "其本单位的数据须另行核实")


def _check_burden(scheme: Scheme) -> Iterator[Problem]:
    asked: dict[str, list[Task]] = defaultdict(list)
    for task in scheme.task_by_id.values():
        words = [("standard", task.standard), ("rule", " ".join(_line_names(task)))]
        words += [(f"catalogue[{item.id}]", item.name) for item in task.catalogue]
        for key, text in words:
            match = BURDEN.search(text)
            if match:
                message = f"“{match.group()}”列入考评，可能加重基层负担"
                where = f"{task.place}.{key}"
                yield Problem("BURDEN", where, message, "请按减负规定改为看实际成效")
        for name in {squeezed(item.name) for item in task.catalogue}:
            asked[name].append(task)
    yield from _check_asked_twice(scheme, asked)


def _line_names(task: Task) -> tuple[str, ...]:
    return rules.all_lines(task.rule) if task.rule else ()


def _check_asked_twice(scheme: Scheme, asked: dict[str, list[Task]]) -> Iterator[Problem]:
    for name, tasks in asked.items():
        for left, right in pairwise(tasks):
            both = set(scheme.units_of_task[left.id]) & set(scheme.units_of_task[right.id])
            if both:
                where, hint = f"{right.place}.catalogue", "同一材料只报一次，由系统引用"
                twice = f"在任务 {left.id} 与 {right.id} 中向 {len(both)} 个单位要了两次"
                yield Problem("BURDEN", where, f"材料“{name}”{twice}", hint)


OFFICES: tuple[Callable[[Scheme], Iterator[Problem]], ...] = (
    _check_vetoes,
    _check_duties,
    _check_matrix,
    _check_groups,
    _check_double_count,
    _check_recusal,
    _check_burden,
)
