"""Points, targets, bands, grades, limits and measures that contradict each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.bounds import declared_bounds
from kaoping.core.canonical import plain, shown
from kaoping.core.check.places import all_rules, place, some, units_of
from kaoping.core.problems import Problem
from kaoping.core.scheme import InputForm, Totals
from kaoping.core.wording import PERCENT_MEASURES, PERCENT_STEP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kaoping.core.rules import Rule
    from kaoping.core.scheme import Scheme, Task


# --- targets ----------------------------------------------------------------------------------------


def _check_targets(scheme: Scheme) -> Iterator[Problem]:
    for task, path, rule in all_rules(scheme):
        if rules.takes_target(rule):
            yield from _check_target(scheme, task, path, rule)


def _check_target(scheme: Scheme, task: Task, path: str, rule: Rule) -> Iterator[Problem]:
    where = f"{place(task, path)}.target"
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
        message = f"任务 {task.id} 没有统一目标值，下列单位也没有自己的目标值：{some(without)}"
        yield Problem("TARGET-ZERO", where, message, "请在 [[assignment]] 中补写 target")


# --- points and weights --------------------------------------------------------------------------


def _check_points(scheme: Scheme) -> Iterator[Problem]:
    for indicator in scheme.indicators:
        plain_tasks = [task for task in indicator.tasks if not task.bonus]
        wrong: dict[Fraction, list[str]] = defaultdict(list)
        assessed = units_of(scheme, indicator)
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
            message = f"指标“{indicator.name}”的任务分值{sums}（{some(names)}）"
            hint = "请核对各任务分值；按百分制打分再折算的，写 scale"
            yield Problem("POINTS-SUM", f"{indicator.place}.points", message, hint)
    yield from _check_part_points(scheme)


def _total(numbers: Iterable[Decimal | None]) -> Fraction:
    """An exact sum: decimal arithmetic would round it to 28 digits."""
    return sum((Fraction(number) for number in numbers if number is not None), Fraction(0))


def _check_part_points(scheme: Scheme) -> Iterator[Problem]:
    for task, path, rule in all_rules(scheme):
        where = place(task, path)
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


# --- bands, grades, bounds -----------------------------------------------------------------------


def _check_bands(scheme: Scheme) -> Iterator[Problem]:
    for task, path, rule in all_rules(scheme):
        if isinstance(rule, rules.Bands) and rule.bands:
            where = f"{place(task, path)}.bands"
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
    for task, path, rule in all_rules(scheme):
        if _is_crossed(rule, _points_at(task, path)):
            yield _crossed(place(task, path))
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
            yield Problem("BONUS-UNBOUNDED", place(task, path), message, hint)


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


# --- units of measure -------------------------------------------------------------------------------


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
        if main in PERCENT_MEASURES and PERCENT_STEP.search(task.standard):
            message = f"数值的单位是 {main}，标准写“每…%”，分不清是相差几个百分点还是相对变化"
            yield Problem("UNITS-OF-MEASURE", f"{task.place}.standard", message, "相差用“个百分点”")


POINTS: tuple[Callable[[Scheme], Iterator[Problem]], ...] = (
    _check_targets,
    _check_points,
    _check_bands,
    _check_grades,
    _check_bounds,
    _check_bonus,
    _check_measures,
)
