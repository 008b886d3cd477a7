"""算例: rule test files, examples that run (`kaoping rule test FILE`).

A `[[case]]` gives a rule, its points and inputs, and the expected score; or `values` and `expect`
per unit for rules over a group; or `expect_error = true` where rule or input must be refused. A
clerk can write one; a malformed case is a failure that says why.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kaoping.core.canonical import plain
from kaoping.core.fields import Fields, Findings
from kaoping.core.rule_reading import read_rule
from kaoping.core.rules import Rule, Ties, all_lines, parts_of
from kaoping.core.scoring.comparison import Group, Inputs
from kaoping.core.scoring.evaluation import Cell, Outcome, Unscorable, evaluate_rule
from kaoping.core.toml_slips import slip_in
from kaoping.core.working import written

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_UNIT = "单位"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: whether it passed, and what it gave instead where it did not."""

    name: str
    passed: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class CaseReport:
    """All cases of a file."""

    results: tuple[CaseResult, ...]

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that did not give what they expect."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def summary(self) -> str:
        """The last line: how many passed and failed."""
        return f"{len(self.results) - len(self.failed)} passed, {len(self.failed)} failed"


def run_cases(text: str) -> CaseReport:
    """Run the cases of a TOML text.

    A file that is no TOML, or has no cases, is one failed case that says so.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = "：".join(slip_in(text, error))
        return CaseReport((CaseResult("（文件）", passed=False, message=message),))
    except (ValueError, RecursionError):
        message = "嵌套过深或数字过长，请检查文件是否损坏"
        return CaseReport((CaseResult("（文件）", passed=False, message=message),))
    rows = table.get("case")
    if not isinstance(rows, list) or not rows:
        return CaseReport((CaseResult("（文件）", passed=False, message="没有 [[case]]"),))
    return CaseReport(tuple(_run_case(row, number) for number, row in enumerate(rows, 1)))


def _run_case(row: object, position: int) -> CaseResult:
    if not isinstance(row, dict):
        return CaseResult(f"第 {position} 例", passed=False, message="不是表")
    findings = Findings()
    fields = Fields(row, "", findings)
    name = fields.text("name", "名称") or f"第 {position} 例"
    points = fields.number("points", "分值", required=True) or Decimal(0)
    places = fields.whole("places", "小数位数", default=2, low=0, high=6)
    rule_fields = fields.table_of("rule", "PARAMETER-UNKNOWN")
    expects_error = fields.flag("expect_error")
    rule = read_rule(rule_fields) if rule_fields else None
    if rule_fields is None and not findings.problems:
        fields.missing("rule", "评分办法")
    cells = _cells(fields, rule, points) if rule else {}
    expected = _expected(fields) if not expects_error else {}
    fields.finish()
    if findings.problems:
        return _refused(name, findings, expected=expects_error)
    assert rule is not None
    outcomes = {unit: evaluate_rule(rule, cell) for unit, cell in cells.items()}
    return _compare(name, outcomes, expected, places, expects_error=expects_error)


def _refused(name: str, findings: Findings, *, expected: bool) -> CaseResult:
    """A case whose rule or inputs cannot be read: right only where the rule itself is at fault."""
    at_fault = all(
        problem.where.split(".")[0].split("[")[0] in _MAY_BE_REFUSED
        for problem in findings.problems
    )
    if expected and at_fault:
        return CaseResult(name, passed=True)
    message = "；".join(f"{problem.where}：{problem.message}" for problem in findings.problems)
    return CaseResult(name, passed=False, message=message)


_MAY_BE_REFUSED = frozenset(
    {"rule", "value", "previous", "of", "counts", "parts", "values", "target"}
)


def _cells(fields: Fields, rule: Rule, points: Decimal) -> dict[str, Cell]:
    values = fields.table_of("values")
    if values is None:
        members = {ONE_UNIT: _inputs(fields, rule)}
    else:
        members = {unit: Inputs(value=_value(values, unit)) for unit in values.table}
        previous = fields.table_of("previous_values")
        if previous is not None:
            members = {
                unit: Inputs(value=given.value, previous=previous.number(unit, "上期数"))
                for unit, given in members.items()
            }
    ties = fields.choice("ties", Ties, Ties.COMPETITION)
    group = Group(members, frozenset(fields.texts("absent")), ties)
    return {unit: Cell(unit, points, inputs, group) for unit, inputs in members.items()}


def _inputs(fields: Fields, rule: Rule) -> Inputs:
    counts_fields = fields.table_of("counts")
    counts = _counts(counts_fields, rule) if counts_fields else {}
    parts_fields = fields.table_of("parts")
    parts: dict[str, Inputs] = {}
    if parts_fields is not None:
        for part in parts_of(rule):
            table = parts_fields.table_of(part.name)
            if table is not None:
                parts[part.name] = _inputs(table, part.rule)
                table.finish()
        parts_fields.finish()
    return Inputs(
        value=_value(fields, "value"),
        previous=fields.number("previous", "上期数"),
        of=fields.number("of", "应完成项数"),
        counts=counts,
        target=fields.number("target", "目标值"),
        awarded=fields.number("awarded", "评议分"),
        parts=parts,
    )


def _value(fields: Fields, key: str) -> Decimal | bool | None:
    value = fields.raw(key)
    if isinstance(value, bool) or value is None:
        return value
    return fields.as_number(key, value)


def _counts(fields: Fields, rule: Rule) -> dict[str, Decimal]:
    known = set(all_lines(rule))
    counts = {}
    for name, value in fields.table.items():
        fields.raw(name)
        if name not in known:
            fields.wrong(name, name, f"其中之一：{'、'.join(sorted(known))}")
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        number = Decimal(int(str(value))) if is_whole else fields.as_number(name, value)
        if number is not None:
            counts[name] = number
            if number < 0:
                fields.wrong(name, value, "不小于零的次数")
    return counts


def _expected(fields: Fields) -> dict[str, Decimal]:
    value = fields.raw("expect")
    if isinstance(value, dict):
        table = Fields(value, "expect", fields.findings)
        numbers = {unit: table.number(unit, "应得分") for unit in value}
    else:
        numbers = {ONE_UNIT: fields.number("expect", "应得分", required=True)}
    return {unit: number for unit, number in numbers.items() if number is not None}


def _compare(
    name: str,
    outcomes: Mapping[str, Outcome],
    expected: Mapping[str, Decimal],
    places: int,
    *,
    expects_error: bool,
) -> CaseResult:
    if expects_error:
        refused = any(isinstance(outcome, Unscorable) for outcome in outcomes.values())
        return CaseResult(name, refused, "" if refused else "应当拒绝，却给出了得分")
    if set(expected) != set(outcomes):
        return CaseResult(name, passed=False, message="expect 与 values 的单位不一致")
    wrong = [
        message
        for unit, outcome in outcomes.items()
        if (message := _difference(unit, outcome, expected[unit], places))
    ]
    return CaseResult(name, not wrong, "；".join(wrong))


def _difference(unit: str, outcome: Outcome, expected: Decimal, places: int) -> str:
    if isinstance(outcome, Unscorable):
        return f"{unit}：应得 {plain(expected)}，却不能计分（{outcome.message}）"
    text, rounded = written(outcome.term, places)
    return "" if rounded == expected else f"{unit}：应得 {plain(expected)}，算得 {text}"
