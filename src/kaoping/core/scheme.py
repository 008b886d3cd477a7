"""实施方案: a scheme file as frozen records, and reading one from its TOML text.

The format (`kaoping-scheme/1`) is specified in docs/formats/scheme.md. Reading never stops at the
first fault and never raises: it gives the scheme as far as it could be read, and every problem
with its place. What the scheme *means* (do points add up, do bands have gaps) is `check.py`'s.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from kaoping.core.fields import UNKNOWN_KEY, Fields, Findings
from kaoping.core.rule_reading import read_rule
from kaoping.core.rules import Rule, Ties
from kaoping.core.toml_slips import slip_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kaoping.core.problems import Problem

FORMAT = "kaoping-scheme/1"
MAX_TEXT = 4_000_000
"""Longest scheme file read, in characters."""

_NUMBERING = re.compile(r"[0-9A-Za-z]{0,2}[0-9]+(?:[.\-．－][0-9]+)*")
"""An id that is a number of the notice: 1.1, A3, 2-4."""
MAX_PLACES = 6
MAX_DECIMALS = 12


class StepKind(StrEnum):
    """环节: what is done in a step of the procedure (P10 to P17, P30)."""

    COLLECT = "collect"
    SCORE = "score"
    VERIFY = "verify"
    CONSOLIDATE = "consolidate"
    FILE = "file"
    FEEDBACK = "feedback"
    PUBLIC_NOTICE = "notice"
    APPEAL = "appeal"


STEP_NAMES: Mapping[StepKind, str] = {
    StepKind.COLLECT: "数据收集",
    StepKind.SCORE: "考核评分",
    StepKind.VERIFY: "现场核验",
    StepKind.CONSOLIDATE: "汇总整理",
    StepKind.FILE: "审核报送",
    StepKind.FEEDBACK: "结果反馈",
    StepKind.PUBLIC_NOTICE: "公示",
    StepKind.APPEAL: "申诉复核",
}


class Totals(StrEnum):
    """Whether indicators are added up to a total for each unit."""

    NONE = "none"
    SUM = "sum"
    RESCALE = "rescale"


class Late(StrEnum):
    """What happens to filings after the collecting deadline (P11)."""

    FLAG = "flag"
    REFUSE = "refuse"


class Treatment(StrEnum):
    """不涉及的处理: what a task that does not apply to a unit does to its score (P31)."""

    RESCALE = "rescale"
    FULL = "full"
    SHARE = "share"
    MEAN = "mean"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A treatment, with its `share` of the points (0 to 1) where the treatment is SHARE."""

    treatment: Treatment = Treatment.RESCALE
    share: Decimal = Decimal(0)


class Effect(StrEnum):
    """一票否决的效果."""

    ZERO_TASK = "zero-task"
    ZERO_TASKS = "zero-tasks"
    ZERO_INDICATOR = "zero-indicator"
    ZERO_TOTAL = "zero-total"
    LOWEST_GRADE = "lowest-grade"
    NO_AWARD = "no-award"


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决: what it is called, what it does, and who may declare it."""

    name: str
    effect: Effect
    tasks: tuple[str, ...]
    authority: str


@dataclass(frozen=True, slots=True)
class InputForm:
    """How an input is measured: its unit, the decimals allowed, the greatest value allowed."""

    unit_of_measure: str = ""
    decimals: int | None = None
    max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """台账目录项: one material that is asked for."""

    id: str
    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class Period:
    """The days a task is about, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Task:
    """任务: the smallest thing that is scored."""

    id: str
    name: str
    points: Decimal
    standard: str
    bonus: bool
    not_applicable: NotApplicable | None
    period: Period | None
    units: tuple[str, ...]
    data_owner: str
    rule: Rule | None
    veto: tuple[Veto, ...]
    verification_standard: str
    value: InputForm | None
    inputs: Mapping[str, InputForm]
    catalogue: tuple[CatalogueItem, ...]
    place: str

    @property
    def label(self) -> str:
        """1.1 完成年度投资计划; an id that is no number of the notice is left out."""
        return f"{self.id} {self.name}" if _NUMBERING.fullmatch(self.id) else self.name

    @property
    def standard_label(self) -> str:
        """How a basis cites the completion standard: 方案1.1完成标准."""
        cited = f"方案{self.id}" if _NUMBERING.fullmatch(self.id) else self.name
        return f"{cited}完成标准"

    def form(self, name: str) -> InputForm:
        """How an input or a counted line is measured; `name` is empty for the main value."""
        form = self.inputs.get(name) if name else self.value
        return form or InputForm()


@dataclass(frozen=True, slots=True)
class Contact:
    """责任分工: the people of an indicator (P02), each duty a list of names."""

    responsible_leader: tuple[str, ...] = ()
    responsible_person: tuple[str, ...] = ()
    liaison: tuple[str, ...] = ()
    telephone: tuple[str, ...] = ()
    mailbox: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """指标: tasks that are scored together; `scale` is what the task points add up to."""

    id: str
    name: str
    points: Decimal
    scale: Decimal
    cap: Decimal | None
    floor: Decimal | None
    lead_unit: str
    responsible_section: str
    cooperating_sections: tuple[str, ...]
    cooperating_units: tuple[str, ...]
    scope: str
    contact: Contact
    tasks: tuple[Task, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Step:
    """环节: its deadline `due` is inclusive, its `inputs` name the steps it needs."""

    kind: StepKind
    name: str
    due: date | None
    start: date | None
    inputs: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Section:
    """科室 of the lead unit or another one."""

    id: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Unit:
    """单位; `group` empty means the group of all that name none."""

    id: str
    name: str
    aliases: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Grade:
    """等次: published totals from `lowest` upwards, up to the next grade."""

    name: str
    lowest: Decimal


@dataclass(frozen=True, slots=True)
class Assignment:
    """被考评单位的一项任务, where it differs from the task itself."""

    unit: str
    task: str
    target: Decimal | None = None
    targets: Mapping[str, Decimal] = field(default_factory=dict)
    of: Decimal | None = None
    points: Decimal | None = None
    not_applicable: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A problem a person has looked at and accepts."""

    code: str
    where: str
    reason: str
    by: str


@dataclass(frozen=True)
class Scheme:
    """实施方案, frozen once published (P01)."""

    title: str
    document_number: str
    issuer: str
    issue_date: date | None
    year: int
    data_cutoff: date | None
    places: int
    ties: Ties
    not_applicable: NotApplicable
    totals: Totals
    late: Late
    addressees: tuple[str, ...]
    requirements: tuple[str, ...]
    annexes: tuple[str, ...]
    steps: tuple[Step, ...]
    sections: tuple[Section, ...]
    units: tuple[Unit, ...]
    grades: tuple[Grade, ...]
    indicators: tuple[Indicator, ...]
    assignments: tuple[Assignment, ...]
    accepted: tuple[Accepted, ...]
    cases: tuple[Mapping[str, object], ...] = ()

    @cached_property
    def unit_by_id(self) -> Mapping[str, Unit]:
        """Units by id."""
        return {unit.id: unit for unit in self.units}

    @cached_property
    def section_by_id(self) -> Mapping[str, Section]:
        """Sections by id."""
        return {section.id: section for section in self.sections}

    @cached_property
    def indicator_by_id(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def task_by_id(self) -> Mapping[str, Task]:
        """Tasks of all indicators by id."""
        return {task.id: task for indicator in self.indicators for task in indicator.tasks}

    @cached_property
    def indicator_of(self) -> Mapping[str, Indicator]:
        """The indicator of each task id."""
        return {task.id: indicator for indicator in self.indicators for task in indicator.tasks}

    @cached_property
    def unit_ids_by_name(self) -> Mapping[str, str]:
        """Unit ids by id, name and alias, as tables and notices may call them."""
        names = {alias: unit.id for unit in self.units for alias in unit.aliases}
        names |= {unit.name: unit.id for unit in self.units}
        return names | {unit.id: unit.id for unit in self.units}

    @cached_property
    def _assignment_by_cell(self) -> Mapping[tuple[str, str], Assignment]:
        return {(row.unit, row.task): row for row in self.assignments}

    def assignment(self, unit: str, task: str) -> Assignment:
        """What differs for a unit on a task; an empty assignment where nothing does."""
        return self._assignment_by_cell.get((unit, task)) or Assignment(unit, task)

    @cached_property
    def units_of_task(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the units assessed on each task, in the scheme's order.

        A list may name units, groups, or "all"; units declared not applicable are included.
        """
        return {task.id: self._expand(task.units) for task in self.task_by_id.values()}

    def _expand(self, names: tuple[str, ...]) -> tuple[str, ...]:
        wanted = set(names)
        return tuple(
            unit.id
            for unit in self.units
            if "all" in wanted or unit.id in wanted or (unit.group and unit.group in wanted)
        )

    def has_force(self, effect: Effect) -> bool:
        """Whether there is anything a veto's effect can act on: totals, and grades of them."""
        if effect in (Effect.ZERO_TASK, Effect.ZERO_TASKS, Effect.ZERO_INDICATOR):
            return True
        has_ground = effect is not Effect.LOWEST_GRADE or bool(self.grades)
        return has_ground and self.totals is not Totals.NONE

    def treatment(self, task: Task) -> NotApplicable:
        """How not-applicable is treated for a task."""
        return task.not_applicable or self.not_applicable

    def points_of(self, unit: str, task: Task) -> Decimal:
        """The task's points for a unit."""
        own = self.assignment(unit, task.id).points
        return task.points if own is None else own

    def step_of(self, kind: StepKind) -> Step | None:
        """The first step of a kind, None where the scheme has none."""
        return next((step for step in self.steps if step.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scheme as far as it could be read, with all problems of its form.

    `scheme` is None only where the text is no TOML at all. `broken` are places whose values are
    stand-ins, on which no further check should speak.
    """

    scheme: Scheme | None
    findings: Findings

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of form."""
        return tuple(self.findings.problems)


def load_scheme(text: str) -> Loaded:
    """Read a scheme file's text."""
    findings = Findings()
    if len(text) > MAX_TEXT:
        findings.add("FORMAT-UNKNOWN", "", f"方案文件超过 {MAX_TEXT} 字", "请检查是否选错了文件")
        return Loaded(None, findings)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place, slip = slip_in(text, error)
        findings.add("FORMAT-UNKNOWN", place, f"方案文件读不下去：{slip}", "请改正这一行后再检查")
        return Loaded(None, findings)
    except (RecursionError, ValueError):
        findings.add("FORMAT-UNKNOWN", "", "嵌套过深或数字过长", "请检查文件是否损坏")
        return Loaded(None, findings)
    return Loaded(_read_scheme(Fields(table, "", findings)), findings)


def _read_scheme(fields: Fields) -> Scheme:
    written = fields.raw("format")
    if written != FORMAT:
        fields.findings.add(
            "FORMAT-UNKNOWN",
            "format",
            f"格式标记不是 {FORMAT}",
            f'请在文件首行写 format = "{FORMAT}"',
        )
    scheme = Scheme(
        title=fields.text("title", "方案名称", required=True),
        document_number=fields.text("document_number", "发文字号"),
        issuer=fields.text("issuer", "发文单位", required=True),
        issue_date=fields.day("issue_date", "成文日期"),
        year=fields.whole("year", "考评年度", default=0, low=1990, high=2200),
        data_cutoff=fields.day("data_cutoff", "数据截止时间", required=True),
        places=fields.whole("places", "小数位数", default=2, low=0, high=MAX_PLACES),
        ties=fields.choice("ties", Ties, Ties.COMPETITION),
        not_applicable=_read_not_applicable(fields) or NotApplicable(),
        totals=fields.choice("totals", Totals, Totals.NONE),
        late=fields.choice("late", Late, Late.FLAG),
        addressees=fields.texts("addressees"),
        requirements=fields.texts("requirements"),
        annexes=fields.texts("annexes"),
        steps=tuple(_read_step(row) for row in fields.tables("step", "环节", label="name")),
        sections=tuple(_read_section(row) for row in fields.tables("section", "科室", label="id")),
        units=tuple(_read_unit(row) for row in fields.tables("unit", "单位", label="id")),
        grades=tuple(_read_grade(row) for row in fields.tables("grade", "等次", label="name")),
        indicators=tuple(
            _read_indicator(row) for row in fields.tables("indicator", "指标", label="id")
        ),
        assignments=tuple(_read_assignment(row) for row in fields.tables("assignment", "任务分解")),
        accepted=tuple(_read_accepted(row) for row in fields.tables("accepted", "已接受的问题")),
        cases=tuple(row.table for row in fields.tables("case", "算例", label="name")),
    )
    if not fields.has("year"):
        fields.missing("year", "考评年度")
    if not scheme.indicators and not fields.findings.is_broken("indicator"):
        fields.missing("indicator", "至少一个指标")
    fields.finish()
    return scheme


def _read_not_applicable(fields: Fields) -> NotApplicable | None:
    text = fields.text("not_applicable", "不涉及的处理")
    if not text:
        return None
    word, _, share = text.partition(":")
    if word == Treatment.SHARE:
        number = fields.as_number("not_applicable", share)
        if number is None or 0 <= number <= 1:
            return NotApplicable(Treatment.SHARE, number or Decimal(0))
    elif not share and word in tuple(Treatment):
        return NotApplicable(Treatment(word))
    fields.wrong("not_applicable", text, "其中之一：rescale、full、share:0.6、mean、drop")
    return None


def _read_step(fields: Fields) -> Step:
    step = Step(
        kind=fields.choice("kind", StepKind, StepKind.COLLECT),
        name=fields.name("name", "环节名称"),
        due=fields.day("due", "截止日期", required=True),
        start=fields.day("from", "开始日期"),
        inputs=fields.texts("inputs"),
        place=fields.place,
    )
    if not fields.has("kind"):
        fields.missing("kind", "环节种类")
    fields.finish()
    return step


def _read_section(fields: Fields) -> Section:
    identity = fields.name("id", "科室编号")
    section = Section(
        identity, fields.text("name", "科室名称", default=identity), fields.text("unit", "所属单位")
    )
    fields.finish()
    return section


def _read_unit(fields: Fields) -> Unit:
    identity = fields.name("id", "单位编号")
    name = fields.text("name", "单位名称", default=identity)
    unit = Unit(identity, name, fields.texts("aliases"), fields.text("group", "组别"))
    fields.finish()
    return unit


def _read_grade(fields: Fields) -> Grade:
    lowest = fields.number("from", "起始分（含）", required=True)
    grade = Grade(fields.name("name", "等次名称"), Decimal(0) if lowest is None else lowest)
    fields.finish()
    return grade


def _read_indicator(fields: Fields) -> Indicator:
    points = fields.number("points", "分值", required=True) or Decimal(0)
    indicator = Indicator(
        id=fields.name("id", "指标编号"),
        name=fields.name("name", "指标名称"),
        points=points,
        scale=fields.number("scale", "任务分值的合计", default=points) or Decimal(0),
        cap=fields.number("cap", "最高分"),
        floor=fields.number("floor", "最低分"),
        lead_unit=fields.text("lead_unit", "牵头单位"),
        responsible_section=fields.text("responsible_section", "责任科室"),
        cooperating_sections=fields.texts("cooperating_sections"),
        cooperating_units=fields.texts("cooperating_units"),
        scope=fields.text("scope", "牵头范围"),
        contact=_read_contact(fields),
        tasks=tuple(_read_task(row) for row in fields.tables("task", "任务", label="id")),
        place=fields.place,
    )
    if indicator.scale <= 0 and not fields.findings.is_broken(fields.at("points")):
        fields.wrong("scale", indicator.scale, "大于零的数")
    if not indicator.tasks and not fields.findings.is_broken(fields.at("task")):
        fields.missing("task", "至少一项任务")
    fields.finish()
    return indicator


def _read_contact(fields: Fields) -> Contact:
    table = fields.table_of("contact")
    if table is None:
        return Contact()
    keys = ("responsible_leader", "responsible_person", "liaison", "telephone", "mailbox")
    contact = Contact(*(table.texts(key) for key in keys))
    table.finish()
    return contact


def _read_task(fields: Fields) -> Task:
    points = fields.number("points", "分值", required=True)
    task = Task(
        id=fields.name("id", "任务编号"),
        name=fields.name("name", "任务名称"),
        points=Decimal(0) if points is None else points,
        standard=fields.text("standard", "完成标准"),
        bonus=fields.flag("bonus"),
        not_applicable=_read_not_applicable(fields),
        period=_read_period(fields),
        units=fields.texts("units"),
        data_owner=fields.text("data_owner", "数据提供单位"),
        rule=_read_task_rule(fields),
        veto=tuple(_read_veto(row) for row in fields.tables("veto", "一票否决", label="name")),
        verification_standard=fields.text("verification_standard", "核验标准"),
        value=_read_form(fields.table_of("value")),
        inputs=_read_inputs(fields),
        catalogue=tuple(
            _read_item(row) for row in fields.tables("catalogue", "台账目录", label="id")
        ),
        place=fields.place,
    )
    if task.points < 0:
        fields.wrong("points", task.points, "不小于零的数")
    fields.finish()
    return task


def _read_task_rule(fields: Fields) -> Rule | None:
    table = fields.table_of("rule", "PARAMETER-UNKNOWN")
    if table is None:
        if not fields.findings.is_broken(fields.at("rule")):
            fields.missing("rule", "评分办法")
        return None
    return read_rule(table)


def _read_period(fields: Fields) -> Period | None:
    """The period as a table { from, to } or as the text `2024-07-01..2024-12-31`."""
    value = fields.raw("period")
    if value is None:
        return None
    if isinstance(value, str) and ".." in value:
        first, _, last = value.partition("..")
        value = {"from": first.strip(), "to": last.strip()}
    if not isinstance(value, dict):
        fields.wrong("period", value, '起止日期，如 { from = "2024-07-01", to = "2024-12-31" }')
        return None
    table = Fields(value, fields.at("period"), fields.findings)
    first_day = table.day("from", "开始日期", required=True)
    last_day = table.day("to", "结束日期", required=True)
    table.finish()
    if first_day is None or last_day is None:
        return None
    if last_day < first_day:
        table.wrong("to", last_day, "不早于开始日期的日期")
    return Period(first_day, last_day)


def _read_veto(fields: Fields) -> Veto:
    veto = Veto(
        fields.name("name", "否决事项"),
        fields.choice("effect", Effect, Effect.ZERO_TASK),
        fields.texts("tasks"),
        fields.text("authority", "认定机关"),
    )
    if not fields.has("effect"):
        fields.missing("effect", "否决的效果")
    elif not any(map(fields.findings.is_broken, map(fields.at, ("effect", "tasks")))):
        _check_zeroed(fields, veto)
    fields.finish()
    return veto


def _check_zeroed(fields: Fields, veto: Veto) -> None:
    """The tasks to be zeroed stand where the effect is `zero-tasks`, and only there."""
    if veto.effect is Effect.ZERO_TASKS and not any(veto.tasks):
        fields.missing("tasks", "计零分的任务编号")
    elif veto.effect is not Effect.ZERO_TASKS and fields.has("tasks"):
        message = f"effect 是 {veto.effect} 时不写 tasks"
        fields.findings.add(UNKNOWN_KEY, fields.at("tasks"), message, "请删去 tasks，或改写 effect")


def _read_form(fields: Fields | None) -> InputForm | None:
    if fields is None:
        return None
    decimals = (
        fields.whole("decimals", "小数位数", default=0, low=0, high=MAX_DECIMALS)
        if fields.has("decimals")
        else None
    )
    form = InputForm(
        fields.text("unit_of_measure", "计量单位"), decimals, fields.number("max", "最大值")
    )
    fields.finish()
    return form


def _read_inputs(fields: Fields) -> Mapping[str, InputForm]:
    table = fields.table_of("inputs")
    if table is None:
        return {}
    forms = {name: _read_form(table.table_of(name)) for name in table.table}
    return {name: form for name, form in forms.items() if form is not None}


def _read_item(fields: Fields) -> CatalogueItem:
    identity = fields.name("id", "目录编号")
    item = CatalogueItem(
        identity, fields.name("name", "材料名称"), fields.flag("required", default=True)
    )
    fields.finish()
    return item


def _read_assignment(fields: Fields) -> Assignment:
    unit, task = fields.name("unit", "单位"), fields.name("task", "任务")
    place = f"assignment[{unit} {task}]"
    named = Fields(fields.table, place, fields.findings)
    targets_table = named.table_of("targets")
    targets: dict[str, Decimal] = {}
    if targets_table is not None:
        numbers = {name: targets_table.number(name, "目标值") for name in targets_table.table}
        targets = {name: number for name, number in numbers.items() if number is not None}
    state = named.text("state", "状态")
    if state not in ("", "not-applicable"):
        named.wrong("state", state, " not-applicable")
    assignment = Assignment(
        named.text("unit", "单位"),
        named.text("task", "任务"),
        named.number("target", "目标值"),
        targets,
        named.number("of", "应完成项数"),
        named.number("points", "分值"),
        state == "not-applicable",
        place,
    )
    named.finish()
    return assignment


def _read_accepted(fields: Fields) -> Accepted:
    accepted = Accepted(
        fields.text("code", "问题代码", required=True),
        fields.text("where", "位置"),
        fields.text("reason", "接受的理由", required=True),
        fields.text("by", "接受人", required=True),
    )
    fields.finish()
    return accepted
