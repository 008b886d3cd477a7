"""What units report and persons decide: results, deductions and decisions as frozen records.

Rows come from tables that officials edit (csv or xlsx); reading them lists every fault with its row
and column and never repairs a value silently.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.canonical import decimals_of, parse_date, parse_decimal, plain
from kaoping.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from kaoping.core.rules import Rule
    from kaoping.core.scheme import InputForm, Scheme, Task


class Status(StrEnum):
    """数据状态, in order of precedence: a verified value counts before any other."""

    VERIFIED = "核验"
    FINAL = "正式"
    PRELIMINARY = "初步"
    FLASH = "快报"


class DecisionKind(StrEnum):
    """决定的种类: what a person decided."""

    JUDGEMENT = "judgement"
    ADJUST = "adjust"
    VETO = "veto"
    LIFT = "lift"
    MISSING = "missing"
    ABSENT = "absent"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Result:
    """上报值 or 核验值 of one input of one task; `input` is empty for the main value."""

    unit: str
    task: str
    input: str
    value: Decimal | bool
    unit_of_measure: str
    as_of: date
    status: Status
    data_source: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Deduction:
    """How often a counted line occurred, with its reason; `line` is `part.line` inside parts."""

    unit: str
    task: str
    line: str
    count: Decimal
    reason: str
    basis: str
    evidence: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision; `name` is the veto's name, or the input a missing value is for."""

    unit: str
    indicator: str
    task: str
    kind: DecisionKind
    name: str
    value: Decimal | bool | None
    reason: str
    basis: str
    author: str
    document: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Entries:
    """Everything that is scored in one assessment."""

    results: tuple[Result, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    decisions: tuple[Decision, ...] = ()


BEYOND_COLUMNS = "（多出的列）"
"""The name of a cell that stands beyond the headings."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its place as a person finds it, and its cells as text by column name."""

    place: str
    cells: dict[str, str] = field(default_factory=dict)


# --- reading rows ----------------------------------------------------------------------------------

RESULT_COLUMNS = (
    "unit",
    "task",
    "input",
    "value",
    "unit_of_measure",
    "as_of",
    "status",
    "data_source",
)
DEDUCTION_COLUMNS = ("unit", "task", "line", "count", "reason", "basis", "evidence")
DECISION_COLUMNS = (
    "unit",
    "indicator",
    "task",
    "kind",
    "name",
    "value",
    "reason",
    "basis",
    "author",
    "document",
)

_TRUE = frozenset({"是", "true", "1"})
_FALSE = frozenset({"否", "false", "0"})


class _Reader:
    """One row being read: cells by column, problems placed by row and column."""

    def __init__(self, scheme: Scheme, row: Row, problems: list[Problem]) -> None:
        self.scheme = scheme
        self.row = row
        self._problems = problems
        self._before = len(problems)
        beyond = row.cells.get(BEYOND_COLUMNS)
        if beyond:
            hint = "请删去，或加表头；单元格里的逗号要放在引号内"
            self.problem("COLUMN-UNKNOWN", "", f"表头之外还有内容“{beyond[:40]}”", hint)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was wrong with this row so far."""
        return len(self._problems) == self._before

    def problem(self, code: str, column: str, message: str, suggestion: str = "") -> None:
        """Note a problem of one cell."""
        where = f"{self.row.place} {column}".strip()
        self._problems.append(Problem(code, where, message, suggestion))

    def text(self, column: str, *, required: bool = False) -> str:
        """A cell as text."""
        value = self.row.cells.get(column, "").strip()
        if required and not value:
            self.problem("CELL-EMPTY", column, f"{column} 不能为空", "请补填")
        return value

    def unit(self) -> str:
        """The id of the unit named by id, name or alias."""
        name = self.text("unit", required=True)
        identity = self.scheme.unit_ids_by_name.get(name, "")
        if name and not identity:
            self.problem(
                "UNIT-UNKNOWN", "unit", f"方案里没有单位“{name}”", "请用方案中的编号、名称或简称"
            )
        return identity

    def task(self, unit: str, *, required: bool = True) -> Task | None:
        """The task, which the unit must have."""
        name = self.text("task", required=required)
        task = self.scheme.task_by_id.get(name)
        if name and task is None:
            self.problem("TASK-UNKNOWN", "task", f"方案里没有任务“{name}”", "请用方案中的任务编号")
        if task and unit and unit not in self.scheme.units_of_task[task.id]:
            self.problem(
                "ASSIGNMENT-UNKNOWN", "task", f"单位“{unit}”没有任务 {task.id}", "请核对任务分解"
            )
        return task

    def number(self, column: str, *, required: bool = True) -> Decimal | None:
        """A cell as an exact number."""
        text = self.text(column, required=required)
        value = parse_decimal(text)
        if text and value is None:
            self.problem(
                "NUMBER-INVALID",
                column,
                f"“{text[:40]}”不是数字",
                "只写数字，如 25.30；不用千分位、百分号",
            )
        return value

    def day(self, column: str) -> date | None:
        """A cell as a day."""
        text = self.text(column, required=True)
        day = parse_date(text.replace("/", "-"))
        if text and day is None:
            self.problem("DATE-INVALID", column, f"“{text[:40]}”不是日期", "请写成 2024-12-31")
        return day

    def truth_or_number(self, column: str, rule: Rule | None) -> Decimal | bool | None:
        """A cell as yes or no where the rule asks for that, else as a number."""
        if not isinstance(rule, rules.YesNo):
            return self.number(column)
        text = self.text(column, required=True).lower()
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        if text:
            self.problem("NUMBER-INVALID", column, f"“{text[:40]}”不是“是”或“否”", "请写 是 或 否")
        return None


def _columns_problem(table: str, columns: Sequence[str], wanted: Sequence[str]) -> list[Problem]:
    missing = [name for name in wanted if name not in columns]
    unknown = [name for name in columns if name not in wanted]
    listed = "、".join(wanted)
    problems = [
        Problem("COLUMN-MISSING", f"{table} {name}", f"缺少列 {name}", f"应有的列：{listed}")
        for name in missing
    ]
    problems += [
        Problem("COLUMN-UNKNOWN", f"{table} {name}", f"不认识的列“{name}”", f"可用的列：{listed}")
        for name in unknown
    ]
    return problems


_OPTIONAL = frozenset({"input", "unit_of_measure", "data_source", "evidence", "basis", "document"})


def check_columns(table: str, columns: Sequence[str], wanted: Sequence[str]) -> list[Problem]:
    """Columns that are missing or unknown; columns that may be empty may also be left out."""
    present = [*columns, *(name for name in wanted if name in _OPTIONAL and name not in columns)]
    doubled = [name for name, count in Counter(columns).items() if count > 1]
    problems = _columns_problem(table, present, wanted)
    problems += [
        Problem("ROW-DUPLICATE", f"{table} {name}", f"列 {name} 出现多次", "请只留一列")
        for name in doubled
    ]
    return problems


def read_results(
    rows: Iterable[Row], scheme: Scheme
) -> tuple[tuple[Result, ...], tuple[Problem, ...]]:
    """Results rows as records, and everything wrong with any row."""
    problems: list[Problem] = []
    results = []
    self_reported: set[str] = set()
    for row in rows:
        reader = _Reader(scheme, row, problems)
        result = _read_result(reader)
        if result is None:
            continue
        results.append(result)
        if _is_own_denominator(scheme, result) and result.task not in self_reported:
            self_reported.add(result.task)
            message = f"任务 {result.task} 的应完成项数由被考评单位自报"
            hint = "请由责任科室给出（assignment 的 of），或写明提供数据的其他单位（data_owner）"
            problems.append(Problem("OF-SELF-REPORTED", f"{row.place} input", message, hint))
    return tuple(results), tuple(problems)


def _is_own_denominator(scheme: Scheme, result: Result) -> bool:
    """Whether a unit itself says how many items were due: nobody else does, or it owns the data."""
    is_of = result.input == "of" or result.input.endswith(".of")
    assigned = scheme.assignment(result.unit, result.task).of
    owner = scheme.task_by_id[result.task].data_owner
    return is_of and assigned is None and _owning_unit(scheme, owner) in ("", result.unit)


def _owning_unit(scheme: Scheme, owner: str) -> str:
    """The id of the unit that a data owner is or belongs to, else the owner as it is written."""
    of_section = {name: row.unit for row in scheme.sections for name in (row.id, row.name)}
    office = of_section.get(owner) or owner
    return scheme.unit_ids_by_name.get(office, office)


def _read_result(reader: _Reader) -> Result | None:
    unit = reader.unit()
    task = reader.task(unit)
    name = reader.text("input")
    if task is not None and task.rule is not None and name not in rules.all_inputs(task.rule):
        known = "、".join(item or "（空）" for item in rules.all_inputs(task.rule)) or "无"
        reader.problem(
            "INPUT-UNKNOWN", "input", f"任务 {task.id} 没有输入项“{name}”", f"可用：{known}"
        )
    rule = rules.rule_at(task.rule, name) if task and task.rule else None
    value = reader.truth_or_number("value", rule)
    measure = reader.text("unit_of_measure")
    as_of = reader.day("as_of")
    status = _read_status(reader)
    if task is not None:
        _check_form(reader, task.form(name), value, measure)
    source = reader.text("data_source")
    if not reader.is_sound or task is None or value is None or as_of is None or status is None:
        return None
    return Result(unit, task.id, name, value, measure, as_of, status, source, reader.row.place)


def _read_status(reader: _Reader) -> Status | None:
    text = reader.text("status", required=True)
    try:
        return Status(text)
    except ValueError:
        if text:
            known = "、".join(status.value for status in Status)
            reader.problem("STATUS-UNKNOWN", "status", f"不认识的状态“{text}”", f"可用：{known}")
        return None


def _check_form(
    reader: _Reader, form: InputForm, value: Decimal | bool | None, measure: str
) -> None:
    """The declared unit of measure, decimals and greatest value; nothing is converted silently."""
    if measure and form.unit_of_measure and measure != form.unit_of_measure:
        reader.problem(
            "MEASURE-MISMATCH",
            "unit_of_measure",
            f"计量单位写“{measure}”，方案规定为“{form.unit_of_measure}”",
            "请换算后填报；系统不自动换算",
        )
    if isinstance(value, bool) or value is None:
        return
    _check_size(reader, "value", value, form)


def _check_size(reader: _Reader, column: str, value: Decimal, form: InputForm) -> None:
    """A number against its declared decimals and maximum; nothing is rounded silently."""
    if form.decimals is not None and decimals_of(value) > form.decimals:
        message = f"“{plain(value)}”超过 {form.decimals} 位小数"
        reader.problem(
            "DECIMALS-EXCEEDED", column, message, "请按规定的小数位数填报；系统不自动舍入"
        )
    if form.max is not None and value > form.max:
        message = f"“{plain(value)}”超过规定的最大值 {plain(form.max)}"
        reader.problem("VALUE-ABOVE-MAX", column, message, "请核对是否多写了位数或用错了单位")


def read_deductions(
    rows: Iterable[Row], scheme: Scheme
) -> tuple[tuple[Deduction, ...], tuple[Problem, ...]]:
    """Deduction rows as records; rows of one line add up, identical rows are a problem."""
    problems: list[Problem] = []
    deductions = []
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        reader = _Reader(scheme, row, problems)
        deduction = _read_deduction(reader)
        key = tuple(row.cells.get(name, "") for name in DEDUCTION_COLUMNS)
        if key in seen:
            reader.problem("ROW-DUPLICATE", "", "与前面某一行完全相同", "同一事实只记一行")
        seen.add(key)
        if deduction is not None:
            deductions.append(deduction)
    return tuple(deductions), tuple(problems)


def _read_deduction(reader: _Reader) -> Deduction | None:
    unit = reader.unit()
    task = reader.task(unit)
    line = reader.text("line", required=True)
    if (
        task is not None
        and task.rule is not None
        and line
        and line not in rules.all_lines(task.rule)
    ):
        known = "、".join(rules.all_lines(task.rule)) or "无"
        reader.problem(
            "LINE-UNKNOWN", "line", f"任务 {task.id} 没有“{line}”这一项", f"可用：{known}"
        )
    count = reader.number("count")
    if count is not None and count < 0:
        reader.problem("NUMBER-INVALID", "count", "次数不能小于零", "请改正")
    if task is not None and count is not None:
        _check_size(reader, "count", count, task.form(line))
    reason, basis = reader.text("reason", required=True), reader.text("basis")
    evidence = reader.text("evidence")
    if not reader.is_sound or task is None or count is None:
        return None
    return Deduction(unit, task.id, line, count, reason, basis, evidence, reader.row.place)


def read_decisions(
    rows: Iterable[Row], scheme: Scheme
) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """Decision rows as records, in their order: a later one of a kind replaces an earlier one."""
    problems: list[Problem] = []
    decisions = []
    for row in rows:
        decision = _read_decision(_Reader(scheme, row, problems))
        if decision is not None:
            decisions.append(decision)
    return tuple(decisions), tuple(problems)


_WITH_VALUE = frozenset({DecisionKind.JUDGEMENT, DecisionKind.ADJUST, DecisionKind.MISSING})
_ABOUT_VETO = frozenset({DecisionKind.VETO, DecisionKind.LIFT})


def _read_decision(reader: _Reader) -> Decision | None:
    unit = reader.unit()
    kind = _read_kind(reader)
    task = reader.task(unit, required=kind not in _ABOUT_VETO)
    indicator = reader.text("indicator")
    if indicator and indicator not in reader.scheme.indicator_by_id:
        reader.problem("INDICATOR-UNKNOWN", "indicator", f"方案里没有指标“{indicator}”", "请改正")
    if indicator and task and reader.scheme.indicator_of[task.id].id != indicator:
        message = f"任务 {task.id} 不属于指标“{indicator}”"
        reader.problem("INDICATOR-UNKNOWN", "indicator", message, "请改正其中一个")
    name = reader.text("name", required=kind in _ABOUT_VETO)
    author = reader.text("author", required=True)
    value = _decision_value(reader, kind, task, name)
    reason = reader.text("reason", required=True)
    document = reader.text("document", required=kind in _ABOUT_VETO)
    if kind in _ABOUT_VETO and name:
        _check_veto(reader, name, task)
    elif kind in _WITH_VALUE and task and task.rule and name:
        _check_decided_name(reader, kind, task.rule, name)
    basis = reader.text("basis")
    if not reader.is_sound or kind is None:
        return None
    identity = task.id if task else ""
    owner = reader.scheme.indicator_of[identity].id if task else indicator
    return Decision(
        unit, owner, identity, kind, name, value, reason, basis, author, document, reader.row.place
    )


_KIND_WORDS = {
    "评议": DecisionKind.JUDGEMENT,
    "调整": DecisionKind.ADJUST,
    "一票否决": DecisionKind.VETO,
    "撤销否决": DecisionKind.LIFT,
    "缺值认定": DecisionKind.MISSING,
    "缺报": DecisionKind.ABSENT,
    "缺席": DecisionKind.ABSENT,
    "不涉及": DecisionKind.NOT_APPLICABLE,
}


def _read_kind(reader: _Reader) -> DecisionKind | None:
    text = reader.text("kind", required=True)
    if text in _KIND_WORDS:
        return _KIND_WORDS[text]
    try:
        return DecisionKind(text)
    except ValueError:
        if text:
            known = "、".join(f"{kind.value}({word})" for word, kind in _KIND_WORDS.items())
            reader.problem("KIND-UNKNOWN", "kind", f"不认识的决定种类“{text}”", f"可用：{known}")
        return None


def _decision_value(
    reader: _Reader, kind: DecisionKind | None, task: Task | None, name: str
) -> Decimal | bool | None:
    if kind not in _WITH_VALUE:
        return None
    if kind is not DecisionKind.MISSING or task is None:
        return reader.number("value")
    rule = rules.rule_at(task.rule, name) if task.rule else None
    value = reader.truth_or_number("value", rule)
    _check_form(reader, task.form(name), value, measure="")
    return value


def _check_decided_name(reader: _Reader, kind: DecisionKind, rule: Rule, name: str) -> None:
    if kind is DecisionKind.MISSING and name not in rules.all_inputs(rule):
        reader.problem("INPUT-UNKNOWN", "name", f"没有输入项“{name}”", "请写输入项的名称，主值留空")
    if kind is DecisionKind.JUDGEMENT and not isinstance(
        rules.rule_at(rule, name), rules.Judgement
    ):
        reader.problem("INPUT-UNKNOWN", "name", f"没有评议分项“{name}”", "请写评议分项的名称")


def _check_veto(reader: _Reader, name: str, task: Task | None) -> None:
    tasks = [task] if task else list(reader.scheme.task_by_id.values())
    if not any(veto.name == name for each in tasks for veto in each.veto):
        reader.problem("VETO-UNKNOWN", "name", f"方案里没有一票否决“{name}”", "请用方案中的名称")
