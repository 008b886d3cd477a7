"""Checking what a scheme means: every contradiction and gap, before anyone works (P06).

`check_scheme` lists all problems at once: the faults of form found while reading, those of meaning
found here, and those of its dates. A problem named by `[[accepted]]` stays in the list, marked.
Nothing is corrected. Each check is one small function from a scheme to problems.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.bounds import declared_bounds
from kaoping.core.canonical import plain, shown
from kaoping.core.fields import UNKNOWN_KEY
from kaoping.core.problems import Problem
from kaoping.core.schedule import check_scheme_dates
from kaoping.core.scheme import InputForm, Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kaoping.core.calendar import Calendar
    from kaoping.core.fields import Findings
    from kaoping.core.rules import Rule
    from kaoping.core.scheme import Accepted, Assignment, Indicator, Loaded, Scheme, Task, Unit

FEWEST_TO_RANK = 3
SHOWN_NAMES = 5
DISTINCT_LENGTH = 4
"""A line's name this long says one definite fact; shorter ones (迟报) recur for different facts."""

_BURDEN = re.compile(
    r"领导[^，。；、]{0,8}批示|批示件|(?:肯定|表扬)性批示|媒体(?:宣传|报道|刊发)|新闻稿|留痕"
    r"|会议(?:(?:召开|组织|举办)的?)?[次场]数|每(?:召开|组织|举办)[^，。；、]{0,4}[次场][^，。；、]{0,6}会"
    r"|(?:召开|组织|举办)会议[^，。；、]{0,6}[次场]"
)
_PERCENT = ("%", "\uff05", "个百分点", "百分点")
_PERCENT_STEP = re.compile(
    "每(?:高|低|增|减|升|降|超|少|提|下)[^\u3002\uff1b\uff0c;,]{0,6}[0-9.]+\\s*[%\uff05]"
)


def check_scheme(loaded: Loaded, calendar: Calendar) -> tuple[Problem, ...]:
    """All problems of a scheme, accepted ones marked; in the order of the file, form first."""
    scheme = loaded.scheme
    if scheme is None:
        return loaded.problems
    found = [*loaded.problems]
    for check in _CHECKS:
        found.extend(check(scheme))
    found.extend(check_scheme_dates(scheme, calendar))
    unique = dict.fromkeys(_without_echoes(found, loaded.findings))
    unclear = _unclear(loaded.problems, scheme)
    return tuple(_mark_accepted(unique, scheme.accepted, unclear))


def _without_echoes(problems: Iterable[Problem], findings: Findings) -> Iterator[Problem]:
    """Leave out what a check says about a value that is itself only a stand-in."""
    reported = set(findings.problems)
    for problem in problems:
        where = problem.where
        echoes = findings.is_broken(where) or findings.is_inside_broken(where)
        if problem in reported or not (echoes or _sums_stand_ins(problem, findings)):
            yield problem


def _sums_stand_ins(problem: Problem, findings: Findings) -> bool:
    """Whether a sum is wrong only because some points in it could not be read."""
    indicator = problem.where.removesuffix(".points") + ".task["
    return problem.code == "POINTS-SUM" and any(
        place.startswith(indicator) and place.endswith("].points") for place in findings.broken
    )


def _unclear(of_form: Iterable[Problem], scheme: Scheme) -> set[Problem]:
    """Problems of what is scored: values that could not be read, and names that mean two things.

    Of the first a stand-in would be scored, of the second one of the two. A key nobody knows is
    neither: nothing is scored from it.
    """
    unread = {problem for problem in of_form if problem.code != UNKNOWN_KEY}
    return unread | set(_check_ids(scheme))


def _mark_accepted(
    problems: Iterable[Problem], accepted: Iterable[Accepted], unclear: set[Problem]
) -> Iterator[Problem]:
    """Mark what a person accepted, but for `unclear` ones: nobody has said what is to be scored."""
    words = {(row.code, row.where): f"{row.reason}（{row.by}）" for row in accepted}
    unused = dict(words)
    for problem in problems:
        place = (problem.code, problem.where)
        if place in words and problem not in unclear:
            unused.pop(place, None)
            yield replace(problem, accepted=True, acceptance=words[place])
        else:
            yield problem
    for code, where in unused:
        message = f"所接受的问题 {code}（{where}）并未出现"
        hint = "请核对代码与位置；问题已经改正的，删去这一条"
        yield Problem("ACCEPTED-UNUSED", f"accepted[{code} {where}]", message, hint)


# --- ids and references --------------------------------------------------------------------------


def _duplicates(names: Iterable[str], place: Callable[[str], str], what: str) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            message = f"{what}“{name}”出现 {count} 次"
            yield Problem("ID-DUPLICATE", place(name), message, "每个编号只能用一次")


def _check_ids(scheme: Scheme) -> Iterator[Problem]:
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
    if row.points is not None and _has_fixed_points(rule):
        yield refuse("points", f"任务 {task.id} 的评分办法写定了分数，不能另给单位分值")


def _has_fixed_points(rule: Rule) -> bool:
    """Whether a rule states scores itself, so that a unit's own points would change nothing."""
    match rule:
        case rules.Bands() | rules.Interpolate() | rules.Sum() | rules.Formula():
            return True
        case rules.Rank():
            return bool(rule.bands) or rule.first != rules.FULL_POINTS
        case _:
            return any(_has_fixed_points(part.rule) for part in rules.parts_of(rule))


def _check_targets(scheme: Scheme) -> Iterator[Problem]:
    for task, path, rule in _all_rules(scheme):
        if rules.takes_target(rule):
            yield from _check_target(scheme, task, path, rule)


def _check_target(scheme: Scheme, task: Task, path: str, rule: Rule) -> Iterator[Problem]:
    where = f"{_place(task, path)}.target"
    common = rule.target if isinstance(rule, rules.Ratio | rules.Step) else None
    must_be_positive = isinstance(rule, rules.Ratio)
    if isinstance(common, Decimal) and must_be_positive and common <= 0:
        yield Problem("TARGET-ZERO", where, f"目标值 {common} 不大于零", "请改正目标值")
    without = []
    for unit in scheme.units_of_task[task.id]:
        row = scheme.assignment(unit, task.id)
        own = row.targets.get(path) if path else row.target
        if row.not_applicable:
            continue
        if own is None and common is None:
            without.append(unit)
        if own is not None and must_be_positive and own <= 0:
            key = f"targets.{path}" if path else "target"
            message = f"目标值 {own} 不大于零"
            yield Problem("TARGET-ZERO", f"{row.place}.{key}", message, "请改正目标值")
    if without:
        message = f"任务 {task.id} 没有统一目标值，下列单位也没有自己的目标值：{_some(without)}"
        yield Problem("TARGET-ZERO", where, message, "请在 [[assignment]] 中补写 target")


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" 等 {len(listed)} 个" if len(listed) > SHOWN_NAMES else ""
    return "、".join(listed[:SHOWN_NAMES]) + more


# --- points and weights --------------------------------------------------------------------------


def _check_points(scheme: Scheme) -> Iterator[Problem]:
    for indicator in scheme.indicators:
        plain_tasks = [task for task in indicator.tasks if not task.bonus]
        wrong: dict[Fraction, list[str]] = defaultdict(list)
        assessed = _units_of(scheme, indicator)
        for unit in assessed:
            everything = _total(scheme.points_of(unit.id, task) for task in plain_tasks)
            own = _total(
                scheme.points_of(unit.id, task)
                for task in plain_tasks
                if unit.id in scheme.units_of_task[task.id]
            )
            if indicator.scale not in (everything, own):
                wrong[everything].append(unit.name)
        if not assessed:
            total = _total(task.points for task in plain_tasks)
            wrong |= {total: ["所有单位"]} if total != indicator.scale else {}
        for total, names in wrong.items():
            sums = f"合计 {shown(total, 30)}，应为 {plain(indicator.scale)}"
            message = f"指标“{indicator.name}”的任务分值{sums}（{_some(names)}）"
            hint = "请核对各任务分值；按百分制打分再折算的，写 scale"
            yield Problem("POINTS-SUM", f"{indicator.place}.points", message, hint)
    yield from _check_part_points(scheme)


def _total(numbers: Iterable[Decimal | None]) -> Fraction:
    """An exact sum: decimal arithmetic would round it to 28 digits."""
    return sum((Fraction(number) for number in numbers if number is not None), Fraction(0))


def _units_of(scheme: Scheme, indicator: Indicator) -> list[Unit]:
    assessed = {unit for task in indicator.tasks for unit in scheme.units_of_task[task.id]}
    return [unit for unit in scheme.units if unit.id in assessed]


def _check_part_points(scheme: Scheme) -> Iterator[Problem]:
    for task, path, rule in _all_rules(scheme):
        where = _place(task, path)
        if isinstance(rule, rules.Weighted):
            total = _total(part.weight for part in rule.parts)
            if total != 1:
                message = f"任务 {task.id} 的权重合计 {shown(total, 30)}，应为 1"
                yield Problem("WEIGHT-SUM", where, message, "请改正权重")
        if isinstance(rule, rules.Sum) and not path and rule.cap == rules.UNLIMITED:
            total = _total(part.points for part in rule.parts)
            if total != task.points:
                sums = f"分项分值合计 {shown(total, 30)}，任务分值 {plain(task.points)}"
                message = f"任务 {task.id} 的{sums}"
                yield Problem("POINTS-SUM", where, message, "请核对分项分值，或写明 cap")


def _all_rules(scheme: Scheme) -> Iterator[tuple[Task, str, Rule]]:
    for task in scheme.task_by_id.values():
        for path, rule in rules.walk(task.rule) if task.rule else ():
            yield task, path, rule


def _place(task: Task, path: str) -> str:
    """The place of a rule or, inside it, of a part's rule."""
    return f"{task.place}.rule{'.' + path if path else ''}"


# --- bands, grades, bounds -----------------------------------------------------------------------


def _check_bands(scheme: Scheme) -> Iterator[Problem]:
    for task, path, rule in _all_rules(scheme):
        if isinstance(rule, rules.Bands) and rule.bands:
            where = f"{_place(task, path)}.bands"
            yield from _check_band_list(rule.bands, where, task.form(path))


def _check_band_list(
    bands: tuple[rules.Band, ...], where: str, form: InputForm
) -> Iterator[Problem]:
    first, *others = sorted(bands, key=lambda band: (band.lower is not None, band.lower or 0))
    if first.lower is not None and first.lower > 0:
        message = f"低于 {plain(first.lower)} 没有分档"
        yield Problem("BANDS-GAP", where, message, "请补一档，可写 0 分")
    highest = first  # of those so far, the band that reaches up farthest
    for band in others:
        if highest.upper is None or band.lower is None or highest.upper > band.lower:
            message = f"分档 {_band(highest)} 与 {_band(band)} 重叠"
            yield Problem("BANDS-OVERLAP", where, message, "请写明边界值属于哪一档（含/不含）")
        elif _holds_value(highest.upper, band.lower, form):
            message = f"{plain(highest.upper)} 至 {plain(band.lower)} 之间没有分档"
            yield Problem("BANDS-GAP", where, message, "请补一档，或改正边界")
        if highest.upper is not None and (band.upper is None or band.upper > highest.upper):
            highest = band
    if highest.upper is not None and _holds_value(highest.upper, None, form):
        yield Problem("BANDS-GAP", where, f"{plain(highest.upper)} 及以上没有分档", "请补一档")


def _holds_value(start: Decimal, end: Decimal | None, form: InputForm) -> bool:
    """Whether a value that may be reported lies in [start, end): the decimals and max allowed."""
    least = Fraction(start)
    if form.decimals is not None:
        least = Fraction(ceil(least * 10**form.decimals), 10**form.decimals)
    return (end is None or least < end) and (form.max is None or least <= form.max)


def _band(band: rules.Band) -> str:
    lower = "-∞" if band.lower is None else plain(band.lower)
    upper = "+∞" if band.upper is None else plain(band.upper)
    return f"[{lower}, {upper})"


def _check_grades(scheme: Scheme) -> Iterator[Problem]:
    if not scheme.grades:
        return
    if scheme.totals is Totals.NONE:
        message = "方案不计总分（totals = none），等次用不上"
        yield Problem("NO-EFFECT", "grade", message, "请写 totals，或删去 [[grade]]")
        return
    starts = [grade.lowest for grade in scheme.grades]
    if min(starts) > 0:
        message = f"低于 {plain(min(starts))} 分不属于任何等次"
        yield Problem("GRADE-GAP", "grade", message, '请补一个 from = "0" 的等次')
    for start, count in Counter(starts).items():
        if count > 1:
            message = f"有 {count} 个等次都从 {plain(start)} 分起"
            yield Problem("GRADE-GAP", "grade", message, "每个等次的起始分应不同")


def _check_bounds(scheme: Scheme) -> Iterator[Problem]:
    for indicator in scheme.indicators:
        if None not in (indicator.cap, indicator.floor) and indicator.floor > indicator.cap:  # type: ignore[operator]
            yield _crossed(indicator.place)
    for task, path, rule in _all_rules(scheme):
        if _is_crossed(rule, _points_at(task, path)):
            yield _crossed(_place(task, path))
    for row in scheme.assignments:
        owner = scheme.task_by_id.get(row.task)
        if owner and owner.rule and row.points is not None and _is_crossed(owner.rule, row.points):
            yield _crossed(f"{row.place}.points")


def _is_crossed(rule: Rule, points: Decimal) -> bool:
    floor, cap = declared_bounds(rule, points)
    return floor is not None and cap is not None and floor > cap


def _points_at(task: Task, path: str) -> Decimal:
    """The points at stake in a part: its own in a sum, those of the whole in other rules."""
    points, rule = task.points, task.rule
    for name in path.split(".") if path else ():
        parts = rules.parts_of(rule) if rule else ()
        part = next((part for part in parts if part.name == name), None)
        if part is None:  # its name could not be read
            return points
        points, rule = part.points or points, part.rule
    return points


def _crossed(where: str) -> Problem:
    return Problem("BOUNDS-CROSSED", where, "下限高于上限，计分时以上限为准", "请改正下限或上限")


def _check_bonus(scheme: Scheme) -> Iterator[Problem]:
    for task in scheme.task_by_id.values():
        if task.rule is None or scheme.indicator_of[task.id].cap is not None:
            continue
        message = f"任务 {task.id} 的加分没有上限"
        for path in _endless(task.rule):
            hint = "请写明最多加多少分（cap）"
            yield Problem("BONUS-UNBOUNDED", _place(task, path), message, hint)


def _endless(rule: Rule, path: str = "") -> list[str]:
    """The paths of the rules through which a score has no upper end; none where something caps it."""
    inner = [
        _endless(part.rule, f"{path}.{part.name}".lstrip(".")) for part in rules.parts_of(rule)
    ]
    match rule:
        case rules.Count():
            is_open = rule.cap == rules.UNLIMITED and any(line.each > 0 for line in rule.lines)
        case rules.Step():
            is_open = rule.up is not None and rule.up.cap is None and rule.up.points > 0
        case rules.Formula() | rules.Sum():
            is_open = rule.cap == rules.UNLIMITED
        case rules.Least():
            is_open = all(inner)
        case _:
            is_open = bool(inner)
    if not is_open:
        return []
    return [deep for paths in inner for deep in paths] if inner else [path]


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


def _check_measures(scheme: Scheme) -> Iterator[Problem]:
    for task in scheme.task_by_id.values():
        main = task.form("").unit_of_measure
        for name, form in task.inputs.items():
            head, _, kind = name.rpartition(".")
            now, before = task.form(head).unit_of_measure, form.unit_of_measure
            if kind == "previous" and now and before not in ("", now):
                where = f"{task.place}.inputs.{name}"
                message = f"本期用“{now}”，上期用“{before}”"
                yield Problem("UNITS-OF-MEASURE", where, message, "两期应用同一计量单位")
        if main in _PERCENT and _PERCENT_STEP.search(task.standard):
            message = f"数值的单位是 {main}，标准写“每…%”，分不清是相差几个百分点还是相对变化"
            yield Problem("UNITS-OF-MEASURE", f"{task.place}.standard", message, "相差用“个百分点”")


def _check_double_count(scheme: Scheme) -> Iterator[Problem]:
    for left, right in combinations(scheme.task_by_id.values(), 2):
        if not set(scheme.units_of_task[left.id]) & set(scheme.units_of_task[right.id]):
            continue
        if left.standard and _squeezed(left.standard) == _squeezed(right.standard):
            message = f"任务 {left.id} 与 {right.id} 的完成标准相同"
            yield Problem("DOUBLE-COUNT", right.place, message, "同一事实只计一次，请删并")
        shared = set(_definite_lines(left)) & set(_definite_lines(right))
        for name in sorted(shared):
            message = f"“{name}”在任务 {left.id} 与 {right.id} 中都计分"
            yield Problem("DOUBLE-COUNT", f"{right.place}.rule", message, "同一事实只计一次")


def _definite_lines(task: Task) -> Iterator[str]:
    names = (name.rpartition(".")[2] for name in rules.all_lines(task.rule)) if task.rule else ()
    return (name for name in names if len(name) >= DISTINCT_LENGTH)


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _units_at_work(scheme: Scheme, names: str | tuple[str, ...]) -> Iterator[str]:
    """The ids of the units named, themselves or by one of their sections."""
    of_section = {name: row.unit for row in scheme.sections for name in (row.id, row.name)}
    for name in (names,) if isinstance(names, str) else names:
        identity = scheme.unit_ids_by_name.get(of_section.get(name, name))
        if identity:
            yield identity


def _check_recusal(scheme: Scheme) -> Iterator[Problem]:
    for indicator in scheme.indicators:
        assessed = {unit.id: unit.name for unit in _units_of(scheme, indicator)}
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
                message = f"{_some(both)}参加指标“{indicator.name}”的考评，又是其被考评单位"
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
            match = _BURDEN.search(text)
            if match:
                message = f"“{match.group()}”列入考评，可能加重基层负担"
                where = f"{task.place}.{key}"
                yield Problem("BURDEN", where, message, "请按减负规定改为看实际成效")
        for name in {_squeezed(item.name) for item in task.catalogue}:
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


_CHECKS: tuple[Callable[[Scheme], Iterator[Problem]], ...] = (
    _check_ids,
    _check_other_names,
    _check_units,
    _check_sections,
    _check_steps,
    _check_task_references,
    _check_assignments,
    _check_targets,
    _check_points,
    _check_bands,
    _check_grades,
    _check_bounds,
    _check_bonus,
    _check_vetoes,
    _check_duties,
    _check_matrix,
    _check_groups,
    _check_measures,
    _check_double_count,
    _check_recusal,
    _check_burden,
)
