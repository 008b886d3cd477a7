"""Workbooks and csv files as offices send them: sheets, merged areas, values, places."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kaoping.core.errors import InputError
from kaoping.files.sheets import read_csv, read_xlsx
from kaoping.files.tables import csv_bytes
from tests.files.samples import archive, workbook, xlsx

NAME = "附件1.xlsx"


def texts(grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def sheet_of(*rows) -> list[list[str]]:
    return texts(read_xlsx(xlsx(rows), NAME).grids[0])


def test_a_sheet_is_a_grid_with_addresses():
    def write(book, sheet):
        sheet.name = "任务表"
        sheet.write_row(0, 0, ["序号", "任务"])
        sheet.write_row(2, 0, [1, "甲\n乙|丙"])

    read = read_xlsx(workbook(write), NAME)
    assert read.name == NAME
    assert read.lines == ("序号 | 任务", "1 | 甲 乙/丙")
    assert read.places == ("“任务表”第1行", "“任务表”第3行")
    (grid,) = read.grids
    assert (grid.place, grid.title) == ("附件1.xlsx“任务表”", "任务表")
    assert grid.rows[1][1].text == "甲\n乙|丙"
    assert grid.rows[1][1].address == "附件1.xlsx“任务表”B3"
    assert grid.rows[1][1].area == (1, 1)


def test_merged_areas_repeat_the_first_cell():
    def write(book, sheet):
        sheet.merge_range("A1:C1", "任务清单")
        sheet.merge_range("A2:A3", "共性")
        sheet.write("B2", "甲")
        sheet.write("C3", "乙")

    read = read_xlsx(workbook(write), NAME)
    (grid,) = read.grids
    assert texts(grid) == [["任务清单"] * 3, ["共性", "甲", ""], ["共性", "", "乙"]]
    assert {cell.address for cell in grid.rows[0]} == {"附件1.xlsx“Sheet1”A1"}
    assert grid.rows[2][0].area == (1, 0)
    assert grid.rows[2][0].address.endswith("A2")
    assert read.lines == ("任务清单", "共性 | 甲 | ", "共性 |  | 乙")


def test_hidden_sheets_are_read_and_said_to_be_hidden():
    def write(book, sheet):
        sheet.write(0, 0, "看得见")
        other = book.add_worksheet("底稿")
        other.write(0, 0, "看不见")
        other.hide()
        book.add_worksheet("空表")

    read = read_xlsx(workbook(write), NAME)
    assert [grid.title for grid in read.grids] == ["Sheet1", "底稿（隐藏）"]
    assert read.lines == ("看得见", "看不见")


def test_values_are_those_a_person_sees():
    def write(book, sheet):
        percent, hundredths = (
            book.add_format({"num_format": "0.0%"}),
            book.add_format({"num_format": 10}),
        )
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        named = book.add_format({"num_format": '0.0"%"'})
        sheet.write_row(0, 0, [0.1 + 0.2, 86.5, True, "007"])
        sheet.write(1, 0, 0.855, percent)
        sheet.write(1, 1, 1, hundredths)
        sheet.write(1, 2, 0.07, percent)
        sheet.write(1, 3, 5, named)
        sheet.write_datetime(2, 0, datetime(2024, 12, 31), day)
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 2, "=A1", None, "结果")
        sheet.write_formula(2, 3, "=B1", percent, 0.3)

    assert texts(read_xlsx(workbook(write), NAME).grids[0]) == [
        ["0.3", "86.5", "是", "007"],
        ["85.5%", "100%", "7%", "5"],
        ["2024-12-31", "#DIV/0!", "结果", "30%"],
    ]


def test_percents_of_the_right_sheet():
    def write(book, sheet):
        sheet.write(0, 0, 0.5)
        book.add_worksheet("二").write(0, 0, 0.5, book.add_format({"num_format": "0%"}))

    assert [texts(grid) for grid in read_xlsx(workbook(write), NAME).grids] == [
        [["0.5"]],
        [["50%"]],
    ]


def test_a_workbook_of_another_library():
    book = Workbook()
    sheet = book.create_sheet("清单")
    sheet["B2"] = "甲"
    sheet["C3"] = date(2024, 3, 1)
    sheet.merge_cells("B2:C2")
    stream = io.BytesIO()
    book.save(stream)
    (grid,) = read_xlsx(stream.getvalue(), NAME).grids
    assert texts(grid) == [["", "甲", "甲"], ["", "", "2024-03-01"]]
    assert grid.rows[1][2].address == "附件1.xlsx“清单”C3"


def test_empty_columns_at_the_right_are_left_out():
    assert sheet_of(["甲", " "], ["乙", None, "  "]) == [["甲"], ["乙"]]


@pytest.mark.parametrize("content", [xlsx([]), xlsx([[" "]])])
def test_a_workbook_without_words_is_refused(content):
    with pytest.raises(InputError) as caught:
        read_xlsx(content, NAME)
    assert "没有文字" in caught.value.zh


def test_a_damaged_workbook_is_refused():
    whole = xlsx([["甲"]])
    with zipfile.ZipFile(io.BytesIO(whole)) as old:
        parts = [(name, old.read(name)) for name in old.namelist() if "workbook.xml" not in name]
    for content in (whole[:-30], archive(parts)):
        with pytest.raises(InputError) as caught:
            read_xlsx(content, NAME)
        assert NAME in caught.value.zh


# --- csv -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file(encoding, delimiter):
    text = f"序号{delimiter}任务\r\n\r\n1{delimiter}甲\r\n"
    read = read_csv(text.encode(encoding), "附件1.csv")
    assert read.lines == ("序号 | 任务", "1 | 甲")
    assert read.places == ("第1行", "第3行")
    assert read.grids[0].rows[1][1].address == "附件1.csv 第3行第2列"
    assert (read.grids[0].place, read.grids[0].title) == ("附件1.csv", "")


def test_cells_of_several_lines_in_a_csv_file():
    read = read_csv('序号,任务\n1,"甲\n乙,丙"\n'.encode(), "a.csv")
    assert read.grids[0].rows[1][1].text == "甲\n乙,丙"
    assert read.lines[1] == "1 | 甲 乙,丙"


@pytest.mark.parametrize("content", [b",,\n", b'"' + b"a" * 200_000, b"\0"])
def test_a_csv_file_that_is_none(content):
    with pytest.raises(InputError) as caught:
        read_csv(content, "a.csv")
    assert "a.csv" in caught.value.zh
    assert caught.value.zh != caught.value.en


WORDS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp"), exclude_characters=";'"
    ),
    min_size=1,
)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_is_written_as_csv_is_read_back(rows):
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    read = read_csv(csv_bytes([f"列{at}" for at in range(width)], rows), "a.csv")
    assert texts(read.grids[0])[1:] == padded
