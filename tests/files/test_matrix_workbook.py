"""任务分解 as a workbook: what is written is read again, and every slip of a hand is told with its cell."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from itertools import product

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.errors import InputError
from kaoping.core.matrix import assigned, cell_fields, is_assessed
from kaoping.core.scheme import Assignment, Scheme, load_scheme
from kaoping.files.matrix_workbook import matrix_workbook, read_matrix
from kaoping.files.scheme_text import set_assignments
from tests.core.schemes import BAISE
from tests.schemes import indicator, scheme_of, task


def sound(text):
    """A text as records; it must be readable."""
    found = load_scheme(text).scheme
    assert found is not None
    return found


SCHEME: Scheme = sound(BAISE)
CELLS = [
    (unit.id, name)
    for unit, name in product(SCHEME.units, SCHEME.task_by_id)
    if is_assessed(SCHEME, unit.id, name)
]
PARTS = (
    'kind = "least", parts = [{ name = "甲", rule = { kind = "ratio" } }, '
    '{ name = "乙", rule = { kind = "ratio", target = "1" } }]'
)
SMALL = scheme_of(
    indicator(
        task("1.1", 'kind = "ratio"', "3"),
        task("1.2", PARTS, "3"),
        task("1.3", 'kind = "checklist"', "2", units='["a", "b"]'),
        task("1.4", 'kind = "bands", bands = [{ from = "0", points = "2" }]', "2"),
    )
)
PLAIN = matrix_workbook(SMALL)


def edited(*cells, content=PLAIN, title=0):
    """The workbook after somebody has typed into it: cell names and values."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[title]
    for where, value in cells:
        sheet[where] = value
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content):
    found = read_matrix(content, "任务分解.xlsx", SMALL)
    return {(one.unit, one.task): one for one in found.changed}


def refused(content, scheme=SMALL):
    with pytest.raises(InputError) as caught:
        read_matrix(content, "任务分解.xlsx", scheme)
    return [(one.code, one.where, one.message) for one in caught.value.problems]


def test_the_sheet_stands_as_an_official_expects_it():
    sheet = openpyxl.load_workbook(io.BytesIO(PLAIN)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [str(one or "").split(" ")[0] for one in rows[0]] == [
        "", "", "1.1", "1.1", "1.2", "1.2", "1.2", "1.3", "1.3", "1.4",
    ]  # fmt: skip
    assert rows[1] == [
        "单位编号", "单位", "目标值", "分值（分）", "甲目标值", "乙目标值", "分值（分）",
        "应完成项数（项）", "分值（分）", "是否涉及",
    ]  # fmt: skip
    assert [row[0] for row in rows[2:]] == ["a", "b", "c"]
    assert rows[4][7] == "不考评"


def test_nothing_changed_is_no_change():
    found = read_matrix(PLAIN, "任务分解.xlsx", SMALL)
    assert (found.changed, found.read) == ((), 11)


def test_what_is_filled_in_is_read():
    content = edited(("C5", 12.5), ("E5", "3"), ("F6", 7), ("H6", 9), ("J7", "不涉及"), ("C7", "—"))
    assert read(content) == {
        ("a", "1.1"): Assignment("a", "1.1", Decimal("12.5")),
        ("a", "1.2"): Assignment("a", "1.2", targets={"甲": Decimal(3)}),
        ("b", "1.2"): Assignment("b", "1.2", targets={"乙": Decimal(7)}),
        ("b", "1.3"): Assignment("b", "1.3", of=Decimal(9)),
        ("c", "1.1"): Assignment("c", "1.1", not_applicable=True),
        ("c", "1.4"): Assignment("c", "1.4", not_applicable=True),
    }


def test_rows_and_sheets_that_are_left_out_stay_as_they_are():
    book = openpyxl.load_workbook(io.BytesIO(matrix_workbook(SCHEME)))
    for sheet in book.worksheets[1:]:
        book.remove(sheet)
    book.worksheets[0].delete_rows(5, 3)
    found = read_matrix(saved(book), "x.xlsx", SCHEME)
    assert found.changed == ()
    assert 0 < found.read < len(CELLS)


def test_columns_that_are_left_out_keep_their_numbers():
    scheme = replace(SMALL, assignments=(Assignment("a", "1.1", Decimal(5), points=Decimal(2)),))
    book = openpyxl.load_workbook(io.BytesIO(matrix_workbook(scheme)))
    book.worksheets[0].delete_cols(4)
    found = read_matrix(edited(("C5", 6), content=saved(book)), "x.xlsx", scheme)
    assert found.changed == (Assignment("a", "1.1", Decimal(6), points=Decimal(2)),)


def test_what_somebody_may_not_see_is_not_in_the_file():
    content = matrix_workbook(SCHEME, lambda unit, indicator: unit == "交通局" and indicator != "2")
    book = openpyxl.load_workbook(io.BytesIO(content))
    units = {sheet.cell(row, 1).value for sheet in book for row in range(5, sheet.max_row + 1)}
    assert units == {"交通局"}
    assert not any(sheet.title.startswith("2 ") for sheet in book)
    nothing = openpyxl.load_workbook(io.BytesIO(matrix_workbook(SCHEME, lambda *_: False)))
    assert [sheet.max_row for sheet in nothing] == [1]


SLIPS = [
    (("C5", "1e999"), "C5", "指数写法"),
    (("C5", "１２"), "C5", "全角数字"),
    (("C5", "1,200"), "C5", "千分位"),
    (("C5", "八十"), "C5", "不是数字"),
    (("C5", "12.5.1"), "C5", "不是数字"),
    (("C5", "NaN"), "C5", "不是数字"),
    (("C5", "9" * 41), "C5", "过长"),
    (("C5", "85%"), "C5", "百分号"),
    (("C5", 0), "C5", "应大于 0"),
    (("C5", -3), "C5", "应大于 0"),
    (("D5", -1), "D5", "不能小于 0"),
    (("H5", 0), "H5", "应大于 0"),
    (("C5", "=1+1"), "C5", "公式没有算出的值"),
    (("J5", "3"), "J5", "只填“不涉及”"),
    (("H7", 3), "H7", "不考评任务 1.3"),
    (("A5", "财政厅"), "A5", "没有单位“财政厅”"),
    (("A5", "b"), "A6", "出现了两次"),
    (("C3", "9.9 别的任务"), "C3", "没有任务“9.9 别的任务”"),
    (("C4", "目标"), "C4", "没有栏目“目标”"),
]


@pytest.mark.parametrize(("cell", "where", "says"), SLIPS)
def test_each_slip_is_told_with_its_cell(cell, where, says):
    found = refused(edited(cell))
    assert [place for _, place, _ in found] == [f"工作表“1 指标1”{where}"]
    assert says in found[0][2]


def test_a_number_beside_not_applicable_is_told():
    found = refused(edited(("C5", "不涉及"), ("D5", 2)))
    assert [where for _, where, _ in found] == ["工作表“1 指标1”D5"]


def test_all_slips_are_told_at_once_in_their_order():
    found = refused(edited(("C5", "x"), ("D6", -1), ("A7", "谁")))
    assert [where[-2:] for _, where, _ in found] == ["C5", "D6", "A7"]


def test_an_error_of_a_spreadsheet_is_no_empty_cell():
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("1")
    sheet.write_row(0, 0, ["", "", "1.1 任务1.1", "1.1 任务1.1"])
    sheet.write_row(1, 0, ["单位编号", "单位", "目标值", "分值（分）"])
    sheet.write_row(2, 0, ["a", "a局"])
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    sheet.write_formula(2, 3, "=1+1", None, 2)
    book.close()
    assert [(where, "#DIV/0!" in said) for _, where, said in refused(out.getvalue())] == [
        ("工作表“1”C3", True)
    ]


def test_a_formula_with_its_value_counts_as_the_value():
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("1")
    sheet.write_row(0, 0, ["", "", "1.1 任务1.1"])
    sheet.write_row(1, 0, ["单位编号", "单位", "目标值"])
    sheet.write_row(2, 0, ["a", "a局"])
    sheet.write_formula(2, 2, "=5*5", None, 25)
    book.close()
    assert read(out.getvalue()) == {("a", "1.1"): Assignment("a", "1.1", Decimal(25))}


def test_ten_thousand_strange_rows_are_counted_and_the_first_are_shown():
    book = openpyxl.load_workbook(io.BytesIO(PLAIN))
    for number in range(10_000):
        book.worksheets[0].append([f"外单位{number}", "", 1])
    with pytest.raises(InputError, match="有 10000 处要改正") as caught:
        read_matrix(saved(book), "x.xlsx", SMALL)
    assert len(caught.value.problems) == 500


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"a,b\n1,2\n", PLAIN[:800]])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(InputError, match="xlsx"):
        read_matrix(content, "x.xlsx", SMALL)


def test_another_workbook_is_not_taken_for_a_matrix():
    book = openpyxl.Workbook()
    book.worksheets[0].append(["姓名", "单位"])
    with pytest.raises(InputError, match="没有找到任务分解表"):
        read_matrix(saved(book), "x.xlsx", SMALL)


positive = st.decimals("0.001", 10**12, allow_nan=False, allow_infinity=False, places=3)


@st.composite
def matrices(draw):
    """Some cells of the example with any numbers that they may have."""
    found = {}
    for unit, name in draw(st.sets(st.sampled_from(CELLS), max_size=12)):
        fields = cell_fields(SCHEME.task_by_id[name])
        numbers = {field.key: draw(st.none() | positive) for field in fields}
        off = draw(st.booleans())
        found[unit, name] = assigned(unit, name, numbers, not_applicable=off)
    return found


@settings(deadline=None, max_examples=25)
@given(matrices())
def test_a_matrix_written_and_read_is_the_same_matrix(cells):
    """Written from the changed scheme and read against the old one, it says exactly the change."""
    text = set_assignments(BAISE, cells.values())
    changed = sound(text)
    content = matrix_workbook(changed)
    again = set_assignments(BAISE, read_matrix(content, "x.xlsx", SCHEME).changed)
    assert_same(sound(again), changed)
    assert read_matrix(content, "x.xlsx", changed).changed == ()


def assert_same(one, other):
    assert all(one.assignment(*cell) == other.assignment(*cell) for cell in CELLS)
