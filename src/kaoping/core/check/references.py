"""Ids that stand twice, names that lead nowhere, rows of the matrix that fit no task."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kaoping.core.rules import Rule
    from kaoping.core.scheme import Assignment, Scheme, Task


# --- ids and references --------------------------------------------------------------------------


def _duplicates(names: Iterable[str], place: Callable[[str], str], what: str) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            message = f"{what}“{name}”出现 {count} 次"
            yield Problem("ID-DUPLICATE", place(name), message, "每个编号只能用一次")


def check_ids(scheme: Scheme) -> Iterator[Problem]:
    """Ids that stand twice: nobody knows which of the two is meant."""
    """Ids by which scores are found."""
    tasks = [task.id for indicator in scheme.indicators for task in indicator.tasks]
    yield from _duplicates((i.id for i in scheme.indicators), "indicator[{}]".format, "指标编号")
    yield from _duplicates(tasks, "task[{}]".format, "任务编号")
    cells = (f"{row.unit} {row.task}" for row in scheme.assignments)
    yield from _duplicates(cells, "assignment[{}]".format, "任务分解")
    yield from _check_unit_names(scheme)


def _check_other_names(scheme: Scheme) -> Iterator[Problem]:
    yield from _duplicates((s.id for s in scheme.sections), "section[{}]".format, "科室编号")
    yield from _duplicates((s.name for s in scheme.steps), "step[{}]".format, "环节名称")
    yield from _duplicates((g.name for g in scheme.grades), "grade[{}]".format, "等次名称")
    for task in scheme.task_by_id.values():
        items = (item.id for item in task.catalogue)
        yield from _duplicates(items, f"{task.place}.catalogue[{{}}]".format, "台账目录编号")


def _check_unit_names(scheme: Scheme) -> Iterator[Problem]:
    """Every id, name and alias must mean one unit, and no id may read as a group."""
    names = (name for unit in scheme.units for name in {unit.id, unit.name, *unit.aliases})
    yield from _duplicates(names, "unit[{}]".format, "单位编号、名称或简称")
    groups = {unit.group for unit in scheme.units if unit.group} | {"all"}
    for unit in scheme.units:
        if unit.id in groups:
            message = f"单位编号“{unit.id}”与组别同名"
            yield Problem("ID-DUPLICATE", f"unit[{unit.id}]", message, "请改其中一个")


def _unknown_unit(where: str, name: str) -> Problem:
    message = f"单位“{name}”不在 [[unit]] 中"
    return Problem("UNIT-UNKNOWN", where, message, "请改正名称，或在 [[unit]] 中补列")


def _check_units(scheme: Scheme) -> Iterator[Problem]:
    listed = set(scheme.unit_by_id) | {unit.group for unit in scheme.units if unit.group} | {"all"}
    named = scheme.unit_ids_by_name
    for task in scheme.task_by_id.values():
        yield from (
            _unknown_unit(f"{task.place}.units", name) for name in task.units if name not in listed
        )
    for row in scheme.assignments:
        if row.unit and row.unit not in scheme.unit_by_id:
            yield _unknown_unit(f"{row.place}.unit", row.unit)
    for section in scheme.sections:
        if section.unit and section.unit not in named:
            yield _unknown_unit(f"section[{section.id}].unit", section.unit)
    for indicator in scheme.indicators:
        if indicator.lead_unit and indicator.lead_unit not in named:
            yield _unknown_unit(f"{indicator.place}.lead_unit", indicator.lead_unit)
        for name in indicator.cooperating_units:
            if name not in named:
                yield _unknown_unit(f"{indicator.place}.cooperating_units", name)


def _check_sections(scheme: Scheme) -> Iterator[Problem]:
    known = set(scheme.section_by_id) | {section.name for section in scheme.sections}
    for indicator in scheme.indicators:
        named = [("responsible_section", indicator.responsible_section)]
        named += [("cooperating_sections", name) for name in indicator.cooperating_sections]
        for key, name in named:
            if name and name not in known:
                message = f"科室“{name}”不在 [[section]] 中"
                hint = "请改正名称，或在 [[section]] 中补列"
                yield Problem("SECTION-UNKNOWN", f"{indicator.place}.{key}", message, hint)
    owners = known | set(scheme.unit_ids_by_name)
    for task in scheme.task_by_id.values():
        if task.data_owner and task.data_owner not in owners:
            yield _unknown_unit(f"{task.place}.data_owner", task.data_owner)


def _check_steps(scheme: Scheme) -> Iterator[Problem]:
    names = {step.name for step in scheme.steps}
    for step in scheme.steps:
        for name in step.inputs:
            if name not in names:
                where = f"{step.place}.inputs"
                message = f"环节“{step.name}”所用的环节“{name}”不存在"
                yield Problem("STEP-UNKNOWN", where, message, "inputs 写其他环节的 name")


def _check_task_references(scheme: Scheme) -> Iterator[Problem]:
    for task in scheme.task_by_id.values():
        for veto in task.veto:
            for name in veto.tasks:
                if name not in scheme.task_by_id:
                    where = f"{task.place}.veto[{veto.name}].tasks"
                    yield Problem("TASK-UNKNOWN", where, f"任务“{name}”不存在", "请改正任务编号")
        known: set[str] = set()
        if task.rule:
            known |= {*rules.all_inputs(task.rule), *rules.all_lines(task.rule)}
        for name in task.inputs:
            if task.rule and name not in known:
                where, message = f"{task.place}.inputs.{name}", f"评分办法没有输入项“{name}”"
                allowed = "、".join(sorted(known - {""})) or "无"
                yield Problem("INPUT-UNKNOWN", where, message, f"可写的输入项：{allowed}")


# --- assignments ---------------------------------------------------------------------------------


def _check_assignments(scheme: Scheme) -> Iterator[Problem]:
    for row in scheme.assignments:
        task = scheme.task_by_id.get(row.task)
        if task is None:
            if row.task:
                where = f"{row.place}.task"
                yield Problem("TASK-UNKNOWN", where, f"任务“{row.task}”不存在", "请改正任务编号")
            continue
        assessed = scheme.units_of_task[task.id]
        if row.unit in scheme.unit_by_id and row.unit not in assessed:
            message = f"任务 {task.id} 的 units 没有单位“{row.unit}”"
            hint = "请在任务的 units 中补列该单位，或删去这一条"
            yield Problem("ASSIGNMENT-UNKNOWN", row.place, message, hint)
        if task.rule is not None:
            yield from _check_assignment_rule(row, task, task.rule)


def _check_assignment_rule(row: Assignment, task: Task, rule: Rule) -> Iterator[Problem]:
    def refuse(key: str, message: str) -> Problem:
        hint = "请删去，或改用能按单位区分的评分办法"
        return Problem("PARAMETER-UNKNOWN", f"{row.place}.{key}", message, hint)

    if row.target is not None and not rules.takes_target(rule):
        yield refuse("target", f"任务 {task.id} 的评分办法没有目标值")
    for name in row.targets:
        part = rules.rule_at(rule, name)
        if part is None or part is rule or not rules.takes_target(part):
            yield refuse(f"targets.{name}", f"任务 {task.id} 没有带目标值的分项“{name}”")
    if row.of is not None and "of" not in rules.inputs_of(rule):
        yield refuse("of", f"任务 {task.id} 的评分办法没有“应完成项数”")
    if row.points is not None and rules.has_fixed_points(rule):
        yield refuse("points", f"任务 {task.id} 的评分办法写定了分数，不能另给单位分值")


REFERENCES: tuple[Callable[[Scheme], Iterator[Problem]], ...] = (
    check_ids,
    _check_other_names,
    _check_units,
    _check_sections,
    _check_steps,
    _check_task_references,
    _check_assignments,
)
