"""占位符: what an office may write into its own template, what each means and where it may stand.

This table is the only one: the check of a template, its filling, `kaoping template list` and the guide
read it. A placeholder gives text and nothing else; figures are those of the report, through the same
functions. What there is nothing of, is an empty text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.problems import CATALOGUE
from kaoping.core.report.assessed import (
    actual_text,
    basis_of,
    basis_text,
    evidence_text,
    standing_text,
    target_text,
    working_text,
)
from kaoping.core.report.document import (
    DRAFT_MARK,
    chinese_day,
    chinese_moment,
    enclosed,
    figure,
    points_text,
    printed,
)
from kaoping.core.scheme import StepKind
from kaoping.core.scoring.scores import STATE_NAMES, ScoreState

if TYPE_CHECKING:
    from decimal import Decimal

    from kaoping.core.ledger import UnitSummary
    from kaoping.core.problems import Problem
    from kaoping.core.report.assessed import Assessed, Completion, Summary
    from kaoping.core.scheme import Indicator, Task, Unit
    from kaoping.core.scoring.scores import IndicatorScore, TaskScore, UnitTotal


class Level(StrEnum):
    """层次: what a place of a template is about; a loop says it of all that stands in it."""

    GROUP = "组别"
    UNIT = "单位"
    INDICATOR = "指标"
    TASK = "任务"
    FINDING = "台账问题"
    TURN = "循环"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one place of a document is about: everything, narrowed by the loops around it.

    `number` counts the turns of the innermost loop from 1; `is_last` says whether it is its last.
    """

    assessed: Assessed
    group: str | None = None
    unit: Unit | None = None
    indicator: Indicator | None = None
    task: Task | None = None
    finding: Problem | None = None
    number: int = 0
    is_last: bool = True

    @property
    def one_unit(self) -> Unit:
        """The unit, where the place is about one."""
        assert self.unit is not None
        return self.unit

    @property
    def one_indicator(self) -> Indicator:
        """The indicator, where the place is about one."""
        assert self.indicator is not None
        return self.indicator

    @property
    def one_task(self) -> Task:
        """The task, where the place is about one."""
        assert self.task is not None
        return self.task

    @property
    def one_finding(self) -> Problem:
        """The finding, where the place is about one."""
        assert self.finding is not None
        return self.finding

    @property
    def total(self) -> UnitTotal | None:
        """The unit's total."""
        return self.assessed.total(self.one_unit)

    @property
    def indicator_score(self) -> IndicatorScore | None:
        """The unit's score on the indicator."""
        return self.assessed.scores.indicators.get((self.one_unit.id, self.one_indicator.id))

    @property
    def task_score(self) -> TaskScore | None:
        """The unit's score on the task."""
        return self.assessed.scores.tasks.get((self.one_unit.id, self.one_task.id))

    @property
    def summary(self) -> Summary:
        """The indicator's results over its units."""
        return self.assessed.summary(self.one_indicator)

    @property
    def completion(self) -> Completion:
        """How far the units came on the task."""
        return self.assessed.completion(self.one_task)

    def key(self, levels: frozenset[Level]) -> tuple[str | None, ...]:
        """What the place is about on some levels: equal for places of which the same is said."""
        return (
            self.group if Level.GROUP in levels else None,
            self.unit.id if self.unit and Level.UNIT in levels else None,
            self.indicator.id if self.indicator and Level.INDICATOR in levels else None,
            self.task.id if self.task and Level.TASK in levels else None,
        )

    def for_unit(self, unit: Unit) -> Scope:
        """The same place, about one unit."""
        return replace(self, unit=unit, group=unit.group)

    def for_score(self, row: TaskScore) -> Scope:
        """The same place, about one unit's score on a task."""
        scheme = self.assessed.scheme
        task = replace(
            self, indicator=scheme.indicator_of[row.task], task=scheme.task_by_id[row.task]
        )
        return task.for_unit(scheme.unit_by_id[row.unit])


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder: its name, what it gives, what its place must be about, how it is got."""

    name: str
    meaning: str
    needs: frozenset[Level]
    value: Callable[[Scope], str]


@dataclass(frozen=True, slots=True)
class Loop:
    """循环: what stands in it is repeated for each of its items.

    Attributes:
        name: as it is written.
        noun: of what there is one in each turn; `有` before it asks whether there are any.
        meaning: what it goes through, and in which order.
        binds: what the places within are about, beside what they are about anyway.
        items: the places of its turns, not numbered.
    """

    name: str
    noun: str
    meaning: str
    binds: frozenset[Level]
    items: Callable[[Scope], Iterable[Scope]]

    def turns(self, scope: Scope) -> Iterable[Scope]:
        """The place of each turn, numbered."""
        items = list(self.items(scope))
        for number, item in enumerate(items, 1):
            yield replace(item, number=number, is_last=number == len(items))


@dataclass(frozen=True, slots=True)
class Condition:
    """条件: what stands in it appears where it holds."""

    name: str
    needs: frozenset[Level]
    holds: Callable[[Scope], bool]


# --- loops -----------------------------------------------------------------------------------------


def _groups(scope: Scope) -> Iterable[Scope]:
    names = dict.fromkeys(unit.group for unit in scope.assessed.units)
    return [replace(scope, group=name) for name in names]


def _units(scope: Scope) -> list[Unit]:
    """The assessed units of a place: of its group, its indicator, its task."""
    scores = scope.assessed.scores
    return [
        unit
        for unit in scope.assessed.units
        if scope.group in (None, unit.group)
        and (scope.indicator is None or (unit.id, scope.indicator.id) in scores.indicators)
        and (scope.task is None or (unit.id, scope.task.id) in scores.tasks)
    ]


def _each_unit(scope: Scope) -> Iterable[Scope]:
    return map(scope.for_unit, _units(scope))


def _each_unit_by_rank(scope: Scope) -> Iterable[Scope]:
    def points(unit: Unit) -> Decimal | None:
        place = scope.for_unit(unit)
        if scope.task is not None:
            row = place.task_score
            return row.published if row else None
        found = place.total if scope.indicator is None else place.indicator_score
        return found.published if found else None

    return map(scope.for_unit, scope.assessed.best_first(_units(scope), points))


def _each_indicator(scope: Scope) -> Iterable[Scope]:
    assessed = scope.assessed
    return [
        replace(scope, indicator=indicator)
        for indicator in assessed.scheme.indicators
        if scope.unit is None or (scope.unit.id, indicator.id) in assessed.scores.indicators
    ]


def _each_task(scope: Scope) -> Iterable[Scope]:
    places = [scope] if scope.indicator is not None else _each_indicator(scope)
    return [
        replace(place, task=task)
        for place in places
        for task in place.one_indicator.tasks
        if scope.unit is None or (scope.unit.id, task.id) in scope.assessed.scores.tasks
    ]


def _lost(scope: Scope) -> list[TaskScore]:
    """The scores below full marks of a place, in the order of tasks and units."""
    assessed = scope.assessed
    tasks = [place.one_task for place in _each_task(scope)] if scope.task is None else [scope.task]
    units = _units(scope) if scope.unit is None else [scope.unit]
    return [
        row
        for task in tasks
        for unit in units
        if (row := assessed.scores.tasks.get((unit.id, task.id))) is not None
        and assessed.lost(row) > 0
    ]


def _each_lost(scope: Scope) -> Iterable[Scope]:
    return map(scope.for_score, _lost(scope))


def _each_finding(scope: Scope) -> Iterable[Scope]:
    ledger = scope.assessed.ledger
    found: Iterable[Problem]
    if not ledger.is_checked:
        found = ()
    elif scope.unit is not None:
        found = ledger.problems_of.get(scope.unit.id, ())
    elif scope.group is not None:
        found = [one for unit in _units(scope) for one in ledger.problems_of.get(unit.id, ())]
    else:
        found = ledger.problems
    return [replace(scope, finding=problem) for problem in found]


def _binds(*levels: Level) -> frozenset[Level]:
    return frozenset({Level.TURN, *levels})


_LOOPS = (
    Loop("每个组别", "组别", "方案里的各个组别", _binds(Level.GROUP), _groups),
    Loop(
        "每个单位",
        "单位",
        "被考评单位，按方案的次序；在组别、指标、任务里，只有该组的、考评该指标（任务）的单位",
        _binds(Level.GROUP, Level.UNIT),
        _each_unit,
    ),
    Loop(
        "每个单位按名次",
        "单位",
        "同上，各组内得分高的在前：在指标（任务）里按该项得分，否则按总得分；没有得分的在后",
        _binds(Level.GROUP, Level.UNIT),
        _each_unit_by_rank,
    ),
    Loop(
        "每项指标",
        "指标",
        "考评指标；在单位里，只有考评该单位的指标",
        _binds(Level.INDICATOR),
        _each_indicator,
    ),
    Loop(
        "每项任务",
        "任务",
        "任务；在指标里，只有该指标的；在单位里，只有考评该单位的",
        _binds(Level.INDICATOR, Level.TASK),
        _each_task,
    ),
    Loop(
        "每项失分",
        "失分",
        "没有得满分的，一个单位一项任务一行；在单位、指标、任务里，只有该单位、该指标、该任务的",
        _binds(Level.GROUP, Level.UNIT, Level.INDICATOR, Level.TASK),
        _each_lost,
    ),
    Loop(
        "每个台账问题",
        "台账问题",
        "台账核对发现的问题；在组别、单位里，只有该组、该单位的",
        _binds(Level.FINDING),
        _each_finding,
    ),
)
LOOPS: Mapping[str, Loop] = {loop.name: loop for loop in _LOOPS}
"""Loops by name."""

# --- placeholders ----------------------------------------------------------------------------------


def _shown(value: Decimal | None) -> str:
    return "" if value is None else figure(value)


def _step_day(kind: StepKind) -> Callable[[Scope], str]:
    def day(scope: Scope) -> str:
        step = scope.assessed.scheme.step_of(kind)
        return chinese_day(step.due) if step else ""

    return day


def _of_total(said: Callable[[UnitTotal], str]) -> Callable[[Scope], str]:
    def value(scope: Scope) -> str:
        return said(total) if (total := scope.total) is not None else ""

    return value


def _of_indicator(said: Callable[[IndicatorScore], str]) -> Callable[[Scope], str]:
    def value(scope: Scope) -> str:
        return said(row) if (row := scope.indicator_score) is not None else ""

    return value


def _of_task(said: Callable[[Scope, TaskScore], str]) -> Callable[[Scope], str]:
    def value(scope: Scope) -> str:
        return said(scope, row) if (row := scope.task_score) is not None else ""

    return value


def _of_ledger(said: Callable[[UnitSummary], int]) -> Callable[[Scope], str]:
    def value(scope: Scope) -> str:
        summary = scope.assessed.ledger.summaries.get(scope.one_unit.id)
        return "" if summary is None else str(said(summary))

    return value


def _unit_indicators(scope: Scope) -> str:
    return str(len(list(_each_indicator(replace(scope, indicator=None, task=None)))))


def _unit_tasks(scope: Scope) -> str:
    return str(len(list(_each_task(replace(scope, indicator=None, task=None)))))


def _total_notes(total: UnitTotal) -> str:
    notes = [printed(step) for step in total.steps]
    if total.awards_barred and not any("评先" in note for note in notes):
        notes.append("取消评先评优资格")
    return "\n".join(notes)


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{figure(value)}%"


def _amount(scope: Scope, value: Decimal | None) -> str:
    return "" if value is None else figure(value) + scope.one_task.form("").unit_of_measure


def _lost_points(scope: Scope, row: TaskScore) -> str:
    lost = scope.assessed.lost(row)
    return figure(lost) if lost else ""


def _reason(scope: Scope, row: TaskScore) -> str:
    assessed = scope.assessed
    return assessed.reason(row) if row.reason or assessed.lost(row) else ""


def _source(scope: Scope, row: TaskScore) -> str:
    return printed(row.data_source + enclosed(standing_text(scope.assessed.scheme, row)))


def _without_dash(text: str) -> str:
    return "" if text == "—" else text


Row = tuple[str, str, Callable[[Scope], str]]

_ANYWHERE: tuple[Row, ...] = (
    ("年度", "考评年度，如 2024", lambda s: str(s.assessed.scheme.year)),
    ("方案名称", "考评方案（通知）的标题", lambda s: s.assessed.scheme.title),
    ("方案文号", "考评方案的发文字号", lambda s: s.assessed.scheme.document_number),
    (
        "考评依据",
        "方案的标题和文号，如《……》（××〔2024〕1号）",
        lambda s: basis_of(s.assessed.scheme),
    ),
    ("考评机关", "组织考评、印发方案的机关", lambda s: s.assessed.scheme.issuer),
    ("印发日期", "方案的印发日期", lambda s: chinese_day(s.assessed.scheme.issue_date)),
    (
        "数据截止日期",
        "数据截止时间，如 2024年12月31日",
        lambda s: chinese_day(s.assessed.scheme.data_cutoff),
    ),
    ("反馈截止日期", "反馈意见的时限", _step_day(StepKind.FEEDBACK)),
    ("公示截止日期", "公示的时限", _step_day(StepKind.PUBLIC_NOTICE)),
    ("申诉截止日期", "提出申诉的时限", _step_day(StepKind.APPEAL)),
    ("生成日期", "生成文件的日期", lambda s: chinese_day(s.assessed.made_at.date())),
    ("生成时间", "生成文件的日期和时刻", lambda s: chinese_moment(s.assessed.made_at)),
    ("存证", "存证日志的条数和根；只试填模板时为空", lambda s: s.assessed.seal_text),
    (
        "文件状态",
        f"“{DRAFT_MARK}”；正式文件是“随〔文号〕印发”",
        lambda scope: scope.assessed.mark,
    ),
    ("单位总数", "被考评单位的个数", lambda s: str(len(s.assessed.units))),
    ("指标总数", "指标的项数", lambda s: str(len(s.assessed.scheme.indicators))),
    ("任务总数", "任务的项数", lambda s: str(len(s.assessed.scheme.task_by_id))),
    ("计分总数", "计分的项次（单位×任务）", lambda s: str(len(s.assessed.task_scores))),
    (
        "失分项数",
        "没有得满分的项次；写在组别、单位、指标、任务里，只数该组、该单位、该指标、该任务的",
        lambda s: str(len(_lost(s))),
    ),
)
_OF_TURN: tuple[Row, ...] = (
    ("序号", "在最里面一层循环里是第几个，从 1 起", lambda s: str(s.number)),
)
_OF_GROUP: tuple[Row, ...] = (
    ("组别名称", "单位所在的组；方案没有分组时为空", lambda s: s.group or ""),
    (
        "组内单位数",
        "该组的被考评单位个数",
        lambda s: str(len(_units(Scope(s.assessed, group=s.group)))),
    ),
)
_OF_UNIT: tuple[Row, ...] = (
    ("单位名称", "被考评单位的名称", lambda s: s.one_unit.name),
    (
        "总得分",
        "公布的总得分；缺数据时为“待定”，方案不计总分时为空",
        _of_total(lambda t: points_text(t.published, t.state)),
    ),
    ("可得总分", "该单位最多可得的总分", _of_total(lambda t: figure(t.applicable_points))),
    ("总分名次", "总得分在组内的名次", _of_total(lambda t: t.rank or "")),
    (
        "总分位次",
        "名次的整句写法，如 同组9个单位中第4名",
        lambda s: s.assessed.total_place(total) if (total := s.total) else "",
    ),
    ("等次", "等次", _of_total(lambda t: t.grade)),
    ("总分计算过程", "总得分的算式", _of_total(working_text)),
    ("总分说明", "一票否决等对总分、等次的影响", _of_total(_total_notes)),
    ("单位指标数", "该单位参加考评的指标项数", _unit_indicators),
    ("单位任务数", "该单位参加考评的任务项数", _unit_tasks),
    ("台账应报数", "台账目录的项数；没有核对台账时，这五项为空", _of_ledger(lambda u: u.asked)),
    ("台账必备数", "其中必备的项数", _of_ledger(lambda u: u.required)),
    ("台账已报数", "已报的项数", _of_ledger(lambda u: u.filed)),
    ("台账未报数", "必备而未报的项数", _of_ledger(lambda u: u.missing)),
    ("台账逾期数", "逾期报送的项数", _of_ledger(lambda u: u.late)),
)
_OF_INDICATOR: tuple[Row, ...] = (
    ("指标编号", "指标的编号", lambda s: s.one_indicator.id),
    ("指标名称", "指标的名称", lambda s: s.one_indicator.name),
    ("指标分值", "指标的满分", lambda s: figure(s.one_indicator.points)),
    ("牵头单位", "指标的牵头单位", lambda s: s.assessed.office_name(s.one_indicator.lead_unit)),
    (
        "责任科室",
        "指标的责任科室",
        lambda s: s.assessed.office_name(s.one_indicator.responsible_section),
    ),
    ("责任领导", "指标的责任领导", lambda s: "、".join(s.one_indicator.contact.responsible_leader)),
    ("责任人", "指标的责任人", lambda s: "、".join(s.one_indicator.contact.responsible_person)),
    ("指标单位数", "考评该指标的单位个数，不涉及的不算", lambda s: str(s.summary.units)),
    ("指标平均分", "各单位得分的平均", lambda s: _shown(s.summary.mean)),
    ("指标得分率", "得分合计与可得分合计之比，如 93.7%", lambda s: _percent(s.summary.rate)),
    ("指标最高分", "最高的得分", lambda s: _shown(s.summary.best)),
    ("指标最低分", "最低的得分", lambda s: _shown(s.summary.worst)),
)
_OF_UNIT_INDICATOR: tuple[Row, ...] = (
    (
        "指标得分",
        "单位在指标上公布的得分；“待定”“不涉及”写成文字",
        _of_indicator(lambda r: points_text(r.published, r.state)),
    ),
    ("指标可得分", "单位在指标上最多可得的分", _of_indicator(lambda r: figure(r.reachable_points))),
    ("指标名次", "指标得分在组内的名次", _of_indicator(lambda r: r.rank or "")),
    (
        "指标位次",
        "名次的整句写法，如 同组9个单位中第4名",
        lambda s: s.assessed.indicator_place(row) if (row := s.indicator_score) else "",
    ),
    ("指标计算过程", "指标得分的算式", _of_indicator(working_text)),
)
_OF_TASK: tuple[Row, ...] = (
    ("任务编号", "任务的编号", lambda s: s.one_task.id),
    ("任务名称", "任务的名称", lambda s: s.one_task.name),
    ("任务分值", "任务的分值", lambda s: figure(s.one_task.points)),
    ("加分项", "加分的任务写“加分项”，其他为空", lambda s: "加分项" if s.one_task.bonus else ""),
    ("完成标准", "方案规定的完成标准", lambda s: s.one_task.standard),
    ("任务评分单位数", "已有得分的单位个数，不涉及的不算", lambda s: str(s.completion.scored)),
    ("任务满分单位数", "得满分的单位个数", lambda s: str(s.completion.full)),
    (
        "任务目标合计",
        "各单位年度目标之和，带计量单位；不宜相加的为空",
        lambda s: _amount(s, s.completion.goal),
    ),
    ("任务完成合计", "各单位实际完成之和，同上", lambda s: _amount(s, s.completion.value)),
    ("任务完成率", "两者之比，同上", lambda s: _percent(s.completion.rate)),
)
_OF_UNIT_TASK: tuple[Row, ...] = (
    (
        "任务得分",
        "单位在任务上公布的得分；“待定”“不涉及”写成文字",
        _of_task(lambda _, r: points_text(r.published, r.state)),
    ),
    ("任务可得分", "单位在任务上最多可得的分", _of_task(lambda _, r: figure(r.applicable_points))),
    ("任务失分", "比满分少的分；没有失分时为空", _of_task(_lost_points)),
    (
        "评分状态",
        f"{'、'.join(STATE_NAMES[state] for state in ScoreState)}之一",
        _of_task(lambda _, r: STATE_NAMES[r.state]),
    ),
    ("年度目标", "单位在任务上的目标", _of_task(lambda _, r: _without_dash(target_text(r)))),
    (
        "实际完成",
        "上报、核验、认定的数值和扣分加分的次数",
        _of_task(lambda _, r: _without_dash(actual_text(r))),
    ),
    ("上报值", "单位上报的数值", _of_task(lambda _, r: printed(r.reported))),
    ("核验值", "核验的数值；没有核验时为空", _of_task(lambda _, r: printed(r.verified))),
    ("得分过程", "可以逐步复算的算式", _of_task(lambda _, r: working_text(r))),
    ("扣分理由", "扣分（加分）的理由", _of_task(_reason)),
    ("评分依据", "评分的依据", _of_task(lambda s, r: basis_text(s.one_task, r))),
    ("数据来源", "数据由谁提供，不是正式数据的写明", _of_task(_source)),
    ("佐证材料", "扣分加分所依据的材料", _of_task(lambda s, r: evidence_text(s.one_task, r))),
)
_OF_FINDING: tuple[Row, ...] = (
    ("问题类别", "台账问题的种类", lambda s: CATALOGUE[s.one_finding.code].zh),
    ("问题情况", "具体情况", lambda s: printed(s.one_finding.message)),
    ("处理建议", "怎样处理", lambda s: printed(s.one_finding.suggestion)),
)

PLACES: Mapping[str, tuple[frozenset[Level], tuple[Row, ...]]] = {
    "任何地方": (frozenset(), _ANYWHERE),
    "任何循环里": (frozenset({Level.TURN}), _OF_TURN),
    "组别里（单位也属于一个组别）": (frozenset({Level.GROUP}), _OF_GROUP),
    "单位里": (frozenset({Level.UNIT}), _OF_UNIT),
    "指标里": (frozenset({Level.INDICATOR}), _OF_INDICATOR),
    "单位的指标里": (frozenset({Level.UNIT, Level.INDICATOR}), _OF_UNIT_INDICATOR),
    "任务里": (frozenset({Level.TASK}), _OF_TASK),
    "单位的任务里": (frozenset({Level.UNIT, Level.TASK}), _OF_UNIT_TASK),
    "台账问题里": (frozenset({Level.FINDING}), _OF_FINDING),
}
"""Where placeholders may stand, as the guide calls it, and those that may stand there."""

PLACEHOLDERS: Mapping[str, Placeholder] = {
    name: Placeholder(name, meaning, needs, value)
    for needs, rows in PLACES.values()
    for name, meaning, value in rows
}
"""Placeholders by name."""

# --- conditions ------------------------------------------------------------------------------------


def _has_text(placeholder: Placeholder) -> Condition:
    return Condition(
        f"有{placeholder.name}", placeholder.needs, lambda scope: bool(placeholder.value(scope))
    )


def _has_any(loop: Loop) -> Condition:
    return Condition(
        f"有{loop.noun}", frozenset(), lambda scope: any(True for _ in loop.items(scope))
    )


_CONDITIONS = (
    *map(_has_text, PLACEHOLDERS.values()),
    *map(_has_any, LOOPS.values()),
    Condition("有下一个", frozenset({Level.TURN}), lambda scope: not scope.is_last),
)
CONDITIONS: Mapping[str, Condition] = {one.name: one for one in _CONDITIONS}
"""Conditions by name: `有` before a placeholder (its text is not empty), before what a loop goes
through (there is one at least), and 有下一个 (this is not the last turn)."""
