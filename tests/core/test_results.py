"""Reading what officials typed: every fault with its row and column, nothing repaired silently."""

from decimal import Decimal

import pytest

from kaoping.core.results import (
    DECISION_COLUMNS,
    DEDUCTION_COLUMNS,
    RESULT_COLUMNS,
    DecisionKind,
    Row,
    Status,
    check_columns,
    read_decisions,
    read_deductions,
    read_results,
)
from tests.schemes import indicator, scheme_of, task

SCHEME = scheme_of(
    indicator(
        task(
            "1.1",
            'kind = "ratio", target = "10"',
            "4",
            'value = { unit_of_measure = "亿元", decimals = 2, max = "1000" }\n'
            'veto = [{ name = "造假", effect = "zero-task", authority = "纪委" }]',
        ),
        task("1.2", 'kind = "yes-no"', "2"),
        task(
            "1.3", 'kind = "count", start = "full", lines = [{ name = "迟报", each = "-1" }]', "2"
        ),
        task("1.4", 'kind = "checklist"', "1"),
        task("1.5", 'kind = "judgement"', "1", units='["a"]'),
    ),
)

RESULT = {
    "unit": "a",
    "task": "1.1",
    "input": "",
    "value": "9.50",
    "unit_of_measure": "亿元",
    "as_of": "2024-12-31",
    "status": "正式",
    "data_source": "系统",
}
DEDUCTION = {
    "unit": "a",
    "task": "1.3",
    "line": "迟报",
    "count": "2",
    "reason": "三月迟报",
    "basis": "台账",
    "evidence": "",
}
DECISION = {
    "unit": "a",
    "indicator": "",
    "task": "1.5",
    "kind": "judgement",
    "name": "",
    "value": "0.8",
    "reason": "有实效",
    "basis": "办法",
    "author": "岳科长",
    "document": "记录1号",
}


def rows(*cells):
    return [Row(f"表 第 {number} 行", row) for number, row in enumerate(cells, 2)]


def test_a_sound_row_is_read_exactly():
    ((result,), problems) = read_results(rows(RESULT), SCHEME)
    assert problems == ()
    assert (result.unit, result.task, result.value) == ("a", "1.1", Decimal("9.50"))
    assert str(result.value) == "9.50"
    assert result.status is Status.FINAL
    assert result.place == "表 第 2 行"


@pytest.mark.parametrize("name", ["a", "a局", " a "])
def test_a_unit_goes_by_id_or_name(name):
    ((result,), problems) = read_results(rows(RESULT | {"unit": name}), SCHEME)
    assert problems == ()
    assert result.unit == "a"


@pytest.mark.parametrize(
    ("text", "value"),
    [("是", True), ("否", False), ("TRUE", True), ("false", False), ("1", True), ("0", False)],
)
def test_yes_and_no_as_people_write_them(text, value):
    row = RESULT | {"task": "1.2", "value": text, "unit_of_measure": ""}
    ((result,), _) = read_results(rows(row), SCHEME)
    assert result.value is value


@pytest.mark.parametrize("text", ["2024-12-31", "2024/12/31"])
def test_days_as_people_write_them(text):
    ((result,), _) = read_results(rows(RESULT | {"as_of": text}), SCHEME)
    assert result.as_of.isoformat() == "2024-12-31"


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"unit": "某局"}, "UNIT-UNKNOWN", "unit"),
        ({"unit": ""}, "CELL-EMPTY", "unit"),
        ({"task": "9.9"}, "TASK-UNKNOWN", "task"),
        ({"task": ""}, "CELL-EMPTY", "task"),
        ({"unit": "b", "task": "1.5"}, "ASSIGNMENT-UNKNOWN", "task"),
        ({"input": "previous"}, "INPUT-UNKNOWN", "input"),
        ({"value": ""}, "CELL-EMPTY", "value"),
        ({"value": "九"}, "NUMBER-INVALID", "value"),
        ({"value": "1,000"}, "NUMBER-INVALID", "value"),
        ({"value": "95%"}, "NUMBER-INVALID", "value"),
        ({"value": "1e3"}, "NUMBER-INVALID", "value"),
        ({"value": "NaN"}, "NUMBER-INVALID", "value"),
        ({"value": "９.5"}, "NUMBER-INVALID", "value"),
        ({"value": "9" * 60}, "NUMBER-INVALID", "value"),
        ({"value": "9.505"}, "DECIMALS-EXCEEDED", "value"),
        ({"value": "1000.01"}, "VALUE-ABOVE-MAX", "value"),
        ({"unit_of_measure": "万元"}, "MEASURE-MISMATCH", "unit_of_measure"),
        ({"as_of": "2024-02-30"}, "DATE-INVALID", "as_of"),
        ({"as_of": "去年"}, "DATE-INVALID", "as_of"),
        ({"as_of": ""}, "CELL-EMPTY", "as_of"),
        ({"status": "估计"}, "STATUS-UNKNOWN", "status"),
        ({"status": ""}, "CELL-EMPTY", "status"),
        ({"task": "1.2", "value": "也许", "unit_of_measure": ""}, "NUMBER-INVALID", "value"),
    ],
)
def test_a_fault_of_a_result_is_told_with_row_and_column(change, code, column):
    read, problems = read_results(rows(RESULT, RESULT | change), SCHEME)
    assert len(read) == 1, "a faulty row is not read"
    assert (code, f"表 第 3 行 {column}") in [(p.code, p.where) for p in problems]


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"line": "早退"}, "LINE-UNKNOWN", "line"),
        ({"line": ""}, "CELL-EMPTY", "line"),
        ({"count": "-1"}, "NUMBER-INVALID", "count"),
        ({"count": "两次"}, "NUMBER-INVALID", "count"),
        ({"reason": ""}, "CELL-EMPTY", "reason"),
        ({}, "ROW-DUPLICATE", ""),
    ],
)
def test_a_fault_of_a_deduction(change, code, column):
    _, problems = read_deductions(rows(DEDUCTION, DEDUCTION | change), SCHEME)
    assert (code, f"表 第 3 行 {column}".strip()) in [(p.code, p.where) for p in problems]


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"kind": "赦免"}, "KIND-UNKNOWN", "kind"),
        ({"kind": ""}, "CELL-EMPTY", "kind"),
        ({"value": ""}, "CELL-EMPTY", "value"),
        ({"reason": ""}, "CELL-EMPTY", "reason"),
        ({"author": ""}, "CELL-EMPTY", "author"),
        ({"indicator": "9"}, "INDICATOR-UNKNOWN", "indicator"),
        ({"name": "分项"}, "INPUT-UNKNOWN", "name"),
        ({"kind": "veto", "task": "1.1", "name": "造假", "document": ""}, "CELL-EMPTY", "document"),
        ({"kind": "veto", "task": "1.1", "name": ""}, "CELL-EMPTY", "name"),
        ({"kind": "veto", "task": "1.1", "name": "偷懒"}, "VETO-UNKNOWN", "name"),
        ({"kind": "lift", "task": "1.2", "name": "造假"}, "VETO-UNKNOWN", "name"),
        ({"kind": "missing", "task": "1.4", "name": "没有的"}, "INPUT-UNKNOWN", "name"),
    ],
)
def test_a_fault_of_a_decision(change, code, column):
    read, problems = read_decisions(rows(DECISION, DECISION | change), SCHEME)
    assert len(read) == 1
    assert (code, f"表 第 3 行 {column}") in [(p.code, p.where) for p in problems]


@pytest.mark.parametrize(
    ("word", "kind"), [("评议", "judgement"), ("不涉及", "not-applicable"), ("调整", "adjust")]
)
def test_decisions_may_be_written_in_chinese(word, kind):
    ((decision,), problems) = read_decisions(rows(DECISION | {"kind": word}), SCHEME)
    assert problems == ()
    assert decision.kind is DecisionKind(kind)
    assert decision.indicator == "1"


def test_a_veto_may_speak_of_all_its_tasks():
    row = DECISION | {"kind": "veto", "task": "", "name": "造假", "value": ""}
    ((decision,), problems) = read_decisions(rows(row), SCHEME)
    assert problems == ()
    assert (decision.task, decision.value) == ("", None)


def test_who_reports_the_denominator_is_asked():
    of = RESULT | {"task": "1.4", "input": "of", "value": "12", "unit_of_measure": ""}
    _, problems = read_results(rows(of, of | {"unit": "b"}), SCHEME)
    assert [p.code for p in problems] == ["OF-SELF-REPORTED"], "once a task"


def test_a_thousand_bad_rows_are_all_listed():
    bad = RESULT | {"value": "x", "as_of": "y"}
    read, problems = read_results(rows(*[bad] * 1000), SCHEME)
    assert read == ()
    assert [p.where for p in problems if p.code == "NUMBER-INVALID"] == [
        f"表 第 {number} 行 value" for number in range(2, 1002)
    ]
    assert len(problems) == 2000


@pytest.mark.parametrize("columns", [RESULT_COLUMNS, DEDUCTION_COLUMNS, DECISION_COLUMNS])
def test_columns(columns):
    assert check_columns("表", columns, columns) == []
    assert check_columns("表", columns[::-1], columns) == []
    assert [p.code for p in check_columns("表", columns[1:], columns)] == ["COLUMN-MISSING"]
    assert [p.code for p in check_columns("表", (*columns, "备注"), columns)] == ["COLUMN-UNKNOWN"]
    assert [p.code for p in check_columns("表", (*columns, "unit"), columns)] == ["ROW-DUPLICATE"]


def test_columns_that_may_be_empty_may_be_left_out():
    needed = ("unit", "task", "value", "as_of", "status")
    assert check_columns("表", needed, RESULT_COLUMNS) == []
    cells = {name: RESULT[name] for name in needed}
    ((result,), problems) = read_results(rows(cells), SCHEME)
    assert problems == ()
    assert result.data_source == ""
