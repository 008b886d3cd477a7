"""The scheme as a page shows it: indicators and tasks with their rules in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from kaoping.core.canonical import plain
from kaoping.core.report.assessed import EFFECT_NAMES
from kaoping.core.rule_words import rule_words
from kaoping.core.rules import takes_target
from kaoping.core.scheme import Late, Totals, Treatment
from kaoping.web.queries.scheme import own_codes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaoping.core.scheme import Indicator, NotApplicable, Scheme, Step, Task
    from kaoping.web.viewer import Viewer

_SHOWN_UNITS = 8
_LATE = {Late.FLAG: __("注明逾期，仍然接收"), Late.REFUSE: __("逾期不再接收")}
_TOTALS = {
    Totals.NONE: __("不计总分，由市绩效办汇总"),
    Totals.SUM: __("各指标得分相加"),
    Totals.RESCALE: __("各指标得分相加，不涉及的按比例折算"),
}
_TREATMENTS = {
    Treatment.RESCALE: __("按比例折算"),
    Treatment.FULL: __("计满分"),
    Treatment.SHARE: __("按分值的比例计分"),
    Treatment.MEAN: __("按同组平均得分率计分"),
    Treatment.DROP: __("不计分，应得分相应减少"),
}
_CONTACTS = (
    (__("责任领导"), "responsible_leader"),
    (__("责任人"), "responsible_person"),
    (__("联络员"), "liaison"),
    (__("电话"), "telephone"),
    (__("邮箱"), "mailbox"),
)


@dataclass(frozen=True, slots=True)
class TaskShown:
    """任务.

    Attributes:
        facts: label and text, those that have one.
        rule_kind, rule: its rule's kind, and what it says in a sentence; empty where it has none.
        catalogue: 台账目录, each with whether it is required.
        concerns_me: whether a unit of the viewer is assessed on it.
        own: what is asked of the viewer's own unit.
    """

    id: str
    label: str
    points: str
    is_bonus: bool
    standard: str
    rule_kind: str
    rule: str
    facts: tuple[tuple[str, str], ...]
    catalogue: tuple[tuple[str, bool], ...]
    concerns_me: bool
    own: str


@dataclass(frozen=True, slots=True)
class IndicatorShown:
    """指标."""

    id: str
    name: str
    points: str
    facts: tuple[tuple[str, str], ...]
    tasks: tuple[TaskShown, ...]
    concerns_me: bool


@dataclass(frozen=True, slots=True)
class SchemeShown:
    """方案, as everybody with a duty may read it."""

    title: str
    facts: tuple[tuple[str, str | date | None], ...]
    rules: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    requirements: tuple[str, ...]
    annexes: tuple[str, ...]
    indicators: tuple[IndicatorShown, ...]
    has_own: bool


def shown(scheme: Scheme, viewer: Viewer) -> SchemeShown:
    """A scheme for who reads it; what is asked of other units by name is not in it."""
    mine = own_codes(viewer, scheme)
    indicators = tuple(_indicator(scheme, one, mine) for one in scheme.indicators)
    return SchemeShown(
        scheme.title,
        (
            (_("发文单位"), scheme.issuer),
            (_("成文日期"), scheme.issue_date),
            (_("考评年度"), str(scheme.year)),
            (_("数据截止"), scheme.data_cutoff),
        ),
        tuple(_general(scheme)),
        scheme.steps,
        scheme.requirements,
        scheme.annexes,
        indicators,
        bool(mine),
    )


def _general(scheme: Scheme) -> Iterator[tuple[str, str]]:
    yield _("逾期材料"), str(_LATE[scheme.late])
    yield _("不涉及"), _treated(scheme.not_applicable)
    yield _("总分"), str(_TOTALS[scheme.totals])
    yield _("小数位数"), str(scheme.places)
    if scheme.grades:
        told = _("{name}（{lowest} 分起）")
        named = (told.format(name=g.name, lowest=plain(g.lowest)) for g in scheme.grades)
        yield _("等次"), "、".join(named)


def _treated(one: NotApplicable) -> str:
    words = str(_TREATMENTS[one.treatment])
    return f"{words}（{plain(one.share)}）" if one.treatment is Treatment.SHARE else words


def _indicator(scheme: Scheme, one: Indicator, mine: frozenset[str]) -> IndicatorShown:
    tasks = tuple(_task(scheme, task, mine) for task in one.tasks)
    facts = tuple((label, text) for label, text in _duties(scheme, one) if text)
    concerns = any(task.concerns_me for task in tasks)
    return IndicatorShown(one.id, one.name, plain(one.points), facts, tasks, concerns)


def _duties(scheme: Scheme, one: Indicator) -> Iterator[tuple[str, str]]:
    yield _("牵头单位"), _unit(scheme, one.lead_unit)
    yield _("牵头范围"), one.scope
    yield _("责任科室"), _section(scheme, one.responsible_section)
    yield _("配合科室"), "、".join(_section(scheme, name) for name in one.cooperating_sections)
    yield _("配合单位"), "、".join(_unit(scheme, name) for name in one.cooperating_units)
    for label, key in _CONTACTS:
        yield str(label), "、".join(getattr(one.contact, key))
    if one.scale != one.points:
        yield _("任务分值合计"), plain(one.scale)
    if one.cap is not None:
        yield _("最高"), _("{points} 分").format(points=plain(one.cap))
    if one.floor is not None:
        yield _("最低"), _("{points} 分").format(points=plain(one.floor))


def _unit(scheme: Scheme, name: str) -> str:
    found = scheme.unit_by_id.get(scheme.unit_ids_by_name.get(name, ""))
    return found.name if found else name


def _section(scheme: Scheme, name: str) -> str:
    found = scheme.section_by_id.get(name)
    return found.name if found else name


def _task(scheme: Scheme, task: Task, mine: frozenset[str]) -> TaskShown:
    units = scheme.units_of_task[task.id]
    own = [unit for unit in units if unit in mine]
    words = rule_words(task.rule) if task.rule else ()
    return TaskShown(
        task.id,
        task.label,
        plain(task.points),
        task.bonus,
        task.standard,
        words[0] if words else "",
        f"{'；'.join(words[1:])}。" if words else "",
        tuple((label, text) for label, text in _task_facts(scheme, task) if text),
        tuple((item.name, item.required) for item in task.catalogue),
        bool(own),
        "；".join(_own(scheme, task, unit, several=len(own) > 1) for unit in own),
    )


def _task_facts(scheme: Scheme, task: Task) -> Iterator[tuple[str, str]]:
    units = scheme.units_of_task[task.id]
    names = "、".join(scheme.unit_by_id[unit].name for unit in units[:_SHOWN_UNITS])
    yield (
        _("被考评单位"),
        _("{names}等 {count} 个").format(names=names, count=len(units))
        if len(units) > _SHOWN_UNITS
        else names,
    )
    if task.value is not None:
        yield _("计量单位"), task.value.unit_of_measure
    if task.period is not None:
        yield (
            _("考核期间"),
            _("{first} 至 {last}").format(first=task.period.first, last=task.period.last),
        )
    yield _("数据来源"), _unit(scheme, task.data_owner) or _("被考评单位填报")
    yield _("核验标准"), task.verification_standard
    if task.not_applicable is not None:
        yield _("不涉及"), _treated(task.not_applicable)
    told = _("{name}：{effect}（{authority}认定）")
    yield (
        _("一票否决"),
        "；".join(
            told.format(name=one.name, effect=EFFECT_NAMES[one.effect], authority=one.authority)
            for one in task.veto
        ),
    )


def _own(scheme: Scheme, task: Task, unit: str, *, several: bool) -> str:
    """What is asked of one's own unit: its target and points, or that the task does not apply."""
    row = scheme.assignment(unit, task.id)
    before = f"{scheme.unit_by_id[unit].name}：" if several else ""
    if row.not_applicable:
        return before + _("不涉及")
    measure = task.form("").unit_of_measure
    words = [_("分值 {}").format(plain(row.points))] if row.points is not None else []
    if row.target is not None:
        words.append(_("目标 {}").format(f"{plain(row.target)} {measure}".rstrip()))
    words += [f"{part} " + _("目标 {}").format(plain(goal)) for part, goal in row.targets.items()]
    if row.of is not None:
        words.append(_("应完成 {} 项").format(plain(row.of)))
    if not words:
        takes = task.rule is not None and takes_target(task.rule)
        return before + (_("按任务统一目标") if takes else _("涉及"))
    return before + "，".join(words)
