"""台账数据表 read again: whatever an official's spreadsheet makes of it, the number he sees is the number that is reported."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.acts.collecting import ResultReported
from kaoping.core.burden import burden_of
from kaoping.core.canonical import plain
from kaoping.core.errors import InputError
from kaoping.core.scheme import load_scheme
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.files.value_workbook import KEY
from kaoping.web.forms.value_import import proposed, reports_of
from kaoping.web.queries.ledger import STATUSES, TaskValue, UnitValues, ValueShown, values_workbook
from tests.core.schemes import BAISE

if TYPE_CHECKING:
    import random

CUTOFF = date(2024, 12, 31)
HEADS = ("任务编号", "任务", "数据项", "计量单位", "数值", "数据时点", "数据性质", "数据来源", KEY)
YEAR_ID, UNIT_ID = "5f0d3c1e-0000-4000-8000-000000000001", "5f0d3c1e-0000-4000-8000-000000000002"
ACT, THING = "5f0d3c1e-0000-4000-8000-000000000003", "5f0d3c1e-0000-4000-8000-000000000004"


def asked_of():
    """What the example asks of the unit that is asked for most."""
    scheme = load_scheme(BAISE).scheme
    assert scheme is not None
    burden = max(burden_of(scheme).units, key=lambda one: sum(len(r.values) for r in one.requests))
    values = tuple(
        TaskValue(one.task, ValueShown(asked, None, "", ""), None)
        for one in burden.requests
        for asked in one.values
    )
    owners = {one.task.id: one.data_owner for one in burden.requests if one.data_owner}
    tasks = frozenset(one.task.id for one in burden.requests)
    return UnitValues(
        YEAR_ID, UNIT_ID, 2024, burden.unit.name, values, owners, tasks, CUTOFF, None, ""
    )


ASKED = asked_of()
PLAIN = values_workbook(ASKED)
FIRST = 4
ROWS = {(one.task.id, one.shown.asked.name): FIRST + n for n, one in enumerate(ASKED.values)}
INVESTED, PERCENT = ROWS["1.1", ""], ROWS["1.3", ""]


def opened(content=PLAIN):
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(*cells, content=PLAIN):
    """The workbook after somebody has typed into it; a row with a value gets the rest, too."""
    book = opened(content)
    for where, value in cells:
        sheet, row = book.active, int(where[1:])
        if where.startswith("E"):
            sheet[f"G{row}"], sheet[f"H{row}"] = "正式", "月报"
        sheet[where] = value
    return saved(book)


def read(content, asked=ASKED):
    return proposed(content, "数据表.xlsx", asked)


def values_of(content, asked=ASKED):
    return [one.content.value for one in read(content, asked).changes]


def refused(content, asked=ASKED):
    with pytest.raises(InputError) as caught:
        read(content, asked)
    return [(one.code, one.where, one.message) for one in caught.value.problems]


def with_reported(asked=ASKED, amount="26.80", **more):
    """As if the first value were reported."""
    first, *others = asked.values
    about = first.shown.asked
    content = ResultReported(
        YEAR_ID, UNIT_ID, first.task.id, about.name, Decimal(amount), about.unit_of_measure,
        date(2024, 11, 30), STATUSES[2], "11月快报",
    )  # fmt: skip
    now = replace(first, shown=ValueShown(about, content, THING, ACT), **more)
    return replace(asked, values=(now, *others))


def test_the_example_asks_for_what_these_tests_need():
    assert len(ASKED.values) >= 6
    assert {one.shown.asked.unit_of_measure for one in ASKED.values} >= {"亿元", "%"}
    assert ASKED.owners


def test_untouched_it_says_nothing():
    found = read(PLAIN)
    assert (found.changes, found.unchanged, found.blank) == ((), 0, len(ASKED.values))


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (26.8, "26.8"), (0.1 + 0.2, "0.3"), (1234567.89, "1234567.89"), (-3, "-3"), (0, "0"),
        ("26.80", "26.80"), ("２６．８０", "26.80"), ("1,234,567.5", "1234567.5"),
        ("１，２３４", "1234"), ("12 345", "12345"), (" 7 ", "7"), ("-0", "0"), ("+5", "5"),
        ("123456789012345678.25", "123456789012345678.25"), (1e15, "1000000000000000"),
    ],
)  # fmt: skip
def test_the_number_that_is_seen_is_the_number_that_is_read(typed, number):
    (value,) = values_of(filled((f"E{INVESTED}", typed)))
    assert plain(value) == number


@pytest.mark.parametrize(
    "typed", ["26,80", "1,23", "26.8亿元", "约26", "1e5", "26.8.1", "--", "#DIV/0!", True, 1e40]
)
def test_what_is_no_number_is_told_with_its_cell(typed):
    ((code, where, message),) = refused(filled((f"E{INVESTED}", typed)))
    assert code == "NUMBER-INVALID"
    assert where == f"“台账数据”第 {INVESTED} 行 数值（E{INVESTED}）"
    assert message.endswith("不是数")


def test_a_cell_that_shows_percents_holds_a_share():
    book = opened()
    book.active[f"E{PERCENT}"].number_format = "0.0%"
    content = filled((f"E{PERCENT}", 0.268), content=saved(book))
    assert [plain(one) for one in values_of(content)] == ["26.8"]
    assert [plain(one) for one in values_of(filled((f"E{PERCENT}", "26.8％")))] == ["26.8"]
    assert [plain(one) for one in values_of(filled((f"E{PERCENT}", 26.8)))] == ["26.8"]


def test_percents_where_none_are_asked_for_are_told():
    book = opened()
    book.active[f"E{INVESTED}"].number_format = "0.00%"
    content = filled((f"E{INVESTED}", 0.268), content=saved(book))
    ((code, _, message),) = refused(content)
    assert code == "MEASURE-MISMATCH"
    assert message == "“26.8%”是百分数，而计量单位是“亿元”"


def test_formulas_count_by_what_they_gave():
    assert [one[2] for one in refused(filled((f"E{INVESTED}", "=1+1")))] == ["公式没有算出的值"]
    own = own_table([["1.1", "", "实际完成", "", ("=13.4*2", 26.8), CUTOFF, "正式", "月报"]])
    assert values_of(own) == [Decimal("26.8")]


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        date(2024, 12, 1), datetime(2024, 12, 1), "2024-12-01", "2024/12/1", "2024.12.1",
        "2024年12月1日", "２０２４－１２－０１",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(typed):
    (change,) = read(filled((f"E{INVESTED}", 1), (f"F{INVESTED}", typed))).changes
    assert change.content.as_of == date(2024, 12, 1)


@pytest.mark.parametrize("typed", ["2024-13-01", "2024-12/01", "去年", "45627", "12月1日", datetime(2024, 12, 1, 8), None])  # fmt: skip
def test_what_is_no_day_is_told_with_its_cell(typed):
    ((_, where, _),) = refused(filled((f"E{INVESTED}", 1), (f"F{INVESTED}", typed)))
    assert where.endswith(f"数据时点（F{INVESTED}）")


# --- rows and columns -----------------------------------------------------------------------------


def own_table(rows, heads=HEADS[:8], title=""):
    """A workbook that somebody made herself, as WPS would; a pair is a formula with its value."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(title or None)
    sheet.write_row(0, 0, heads)
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            match cell:
                case (formula, value):
                    sheet.write_formula(at, column, formula, None, value)
                case date():
                    sheet.write_datetime(at, column, cell)
                case _:
                    sheet.write(at, column, cell)
    book.close()
    return out.getvalue()


def test_a_table_of_ones_own_will_do_where_nothing_is_reported_yet():
    heads = ("备注", "来源", "数值（亿元）", "任务编号", "数据日期", "数据 性质")
    content = own_table([["x", "月报", 26.8, "1.1", CUTOFF, "快报"], []], heads, "投资")
    (change,) = read(content).changes
    assert (change.content.value, change.content.data_source) == (Decimal("26.8"), "月报")
    assert change.content.status.value == "快报"


def test_a_table_of_ones_own_replaces_nothing_unseen():
    content = own_table([["1.1", "", "", "", 27, CUTOFF, "正式", "月报"]])
    ((code, where, message),) = refused(content, with_reported())
    assert (code, where) == ("ROW-REFUSED", "“Sheet1”第 2 行")
    assert "已上报 26.80（2024-11-30，快报）" in message


def test_rows_may_be_sorted_and_left_out_and_columns_moved():
    book = opened()
    sheet = book.active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST)]
    rows[0][4:8] = [26.8, date(2024, 12, 1), "初步", "月报"]
    rows[-1][4:8] = [1, CUTOFF, "正式", "系统"]
    order = (8, 7, 4, 5, 6, 0, 2)  # hidden cell, source, number, day, state, task, value
    moved = openpyxl.Workbook()
    sheet = moved.create_sheet("某人的表", 0)
    sheet.append(["某人的表"])
    sheet.append([HEADS[one] for one in order] + ["核对"])
    for row in (rows[-1], rows[0]):
        sheet.append([row[one] for one in order] + ["是"])
    assert values_of(saved(moved)) == [Decimal(1), Decimal("26.8")]


def test_a_number_of_a_task_that_a_spreadsheet_made_another_is_noticed():
    rows = [["1.1", "完全是别的任务", "实际完成", "", 1, CUTOFF, "正式", "月报"]]
    ((_, where, message),) = refused(own_table(rows))
    assert where.endswith("任务（B2）")
    assert "应为“完成市层面重大项目年度投资计划”" in message
    ((_, where, _),) = refused(filled((f"E{INVESTED}", 1), (f"A{INVESTED}", "1.2")))
    assert where.endswith(f"任务编号（A{INVESTED}）")
    ((code, where, _),) = refused(filled((f"E{INVESTED}", 1), (f"D{INVESTED}", "万元")))
    assert (code, where[-7:]) == ("MEASURE-MISMATCH", f"计量单位（D{INVESTED}）"[-7:])


def test_rows_that_are_not_the_units_are_told():
    owned = next(iter(ASKED.owners))
    tail = [1, CUTOFF, "正式", "月报"]
    content = own_table(
        [
            ["9.9", "", "", "", *tail],
            [owned, "", "", "", *tail],
            ["1.1", "", "去年完成", "", *tail],
            ["", "", "实际完成", "", *tail],
            ["1.1", "", "", "", *tail],
            ["1.1", "", "实际完成", "", *tail],
        ]
    )
    assert [message for _, _, message in refused(content)] == [
        "本单位没有任务“9.9”",
        f"任务 {owned} 的数据由{ASKED.owners[owned]}提供，本单位不用报",
        "任务 1.1 不要求报“去年完成”",
        "没有写任务编号",
        "和“Sheet1”第 6 行是同一项数据",
    ]


def test_headings_that_are_missing_or_stand_twice_are_told():
    heads = ("任务编号", "数值", "数值", "数据时点", "数据性质")
    found = refused(own_table([["1.1", 1, 2, CUTOFF, "正式"]], heads))
    assert ("COLUMN-UNKNOWN", "“Sheet1”第 1 行 C 列", "“数值”列出现了两次") in found
    assert ("COLUMN-MISSING", "“Sheet1”第 1 行", "没有“数据来源”列") in found


def test_notes_below_the_table_are_no_values():
    book = opened()
    book.active.append([])
    book.active.append(["填表人：某某"])
    assert read(saved(book)).changes == ()


# --- what is reported already ---------------------------------------------------------------------


def test_what_is_reported_stands_in_it_and_unchanged_is_no_change():
    asked = with_reported()
    content = values_workbook(asked)
    cell = opened(content).active[f"E{FIRST}"]
    assert (cell.value, cell.number_format) == (26.8, "0.00")
    found = read(content, asked)
    assert (found.changes, found.unchanged) == ((), 1)
    assert values_of(filled((f"E{FIRST}", 27), content=content), asked) == [Decimal(27)]


def test_a_value_of_many_digits_is_written_as_text_and_read_exactly():
    asked = with_reported(amount="12345678901234567.89")
    content = values_workbook(asked)
    assert opened(content).active[f"E{FIRST}"].value == "12345678901234567.89"
    assert read(content, asked).unchanged == 1


def test_a_value_reported_since_and_one_that_may_not_be_are_told():
    before = values_workbook(with_reported())
    later = with_reported(amount="27")
    first, *others = later.values
    later = replace(later, values=(replace(first, shown=replace(first.shown, act=THING)), *others))
    ((_, _, message),) = refused(filled((f"E{FIRST}", 28), content=before), later)
    assert "下载以后又有人上报过，现在是 27（2024-11-30，快报）" in message
    closed = with_reported(refusal=StepRefused(Reason.LATE))
    content = values_workbook(closed)
    ((code, where, _),) = refused(filled((f"E{FIRST}", 28), content=content), closed)
    assert (code, where) == ("ROW-REFUSED", f"“台账数据”第 {FIRST} 行")
    assert read(content, closed).unchanged == 1


def test_formulas_links_and_marks_in_a_source_stay_words():
    asked = with_reported()
    first, *others = asked.values
    for source in ('=HYPERLINK("http://x.example","点")', "@SUM(A1)", "http://x.example", "<b>&"):
        assert first.shown.current is not None
        shown = replace(first.shown, current=replace(first.shown.current, data_source=source))
        now = replace(asked, values=(replace(first, shown=shown), *others))
        content = values_workbook(now)
        cell = opened(content).active[f"H{FIRST}"]
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", source, None)
        assert read(content, now).unchanged == 1


# --- whatever is filled in ------------------------------------------------------------------------

numbers = st.decimals(
    min_value=-(10**9), max_value=10**9, places=4, allow_nan=False, allow_infinity=False
)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
sources = st.text(
    st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="'_"), min_size=1, max_size=40
).filter(lambda text: any(sign.isalnum() for sign in text))  # fmt: skip
rows_filled = st.lists(
    st.none() | st.tuples(numbers, days, st.sampled_from(STATUSES), sources, st.booleans()),
    min_size=len(ASKED.values),
    max_size=len(ASKED.values),
)


@settings(max_examples=40, deadline=None)
@given(rows_filled, st.randoms(use_true_random=False))
def test_what_is_filled_in_is_what_is_read(rows, dice: random.Random):
    book = opened()
    lines = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=FIRST)]
    wanted = {}
    for line, row, value in zip(lines, rows, ASKED.values, strict=True):
        if row is not None:
            number, day, status, source, is_text = row
            line[4:8] = [
                plain(number) if is_text else float(number),
                day.isoformat() if is_text else day,
                status.value,
                source,
            ]
            wanted[value.task.id, value.shown.asked.name] = (number, day, status, source.strip())
    dice.shuffle(lines)
    again = openpyxl.Workbook()
    sheet = again.create_sheet("表", 0)
    for line in (list(HEADS), *lines):
        sheet.append(line)
    for cells in sheet.iter_rows(min_row=2):
        for cell in (cells[7], cells[8]):
            if cell.value is not None:
                cell.value, cell.data_type = str(cell.value), "s"
    found = read(saved(again))
    assert {
        (one.about.task.id, one.content.input): (
            one.content.value, one.content.as_of, one.content.status, one.content.data_source,
        )
        for one in found.changes
    } == wanted  # fmt: skip
    assert found.blank == len(ASKED.values) - len(wanted)


@given(st.text(max_size=200))
def test_no_text_of_a_preview_is_more_than_refused(text):
    with pytest.raises(InputError):
        reports_of(text, ASKED)
