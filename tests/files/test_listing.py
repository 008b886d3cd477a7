"""Lists as workbooks: texts stay texts."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from kaoping.files.listing import listing_workbook

HEADS = (("序号", 6), ("内容", 40))


def sheet_of(content):
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return sheet


def test_cells_are_texts_whatever_they_look_like():
    rows = [("1", "=1+1"), ("2", "http://x.example"), ("3", "007"), ("4", "长" * 40_000)]
    sheet = sheet_of(listing_workbook("清单", HEADS, rows, "说明"))
    assert (sheet["A1"].value, sheet["A2"].value) == ("清单", "说明")
    cells = [sheet.cell(row, 2) for row in range(4, 8)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[:3]] == ["=1+1", "http://x.example", "007"]
    assert cells[0].hyperlink is None


def test_a_list_without_rows_has_its_headings():
    sheet = sheet_of(listing_workbook("清单", HEADS, []))
    assert [cell.value for cell in sheet[3]] == ["序号", "内容"]


def test_the_same_list_is_the_same_file():
    assert listing_workbook("清单", HEADS, [("1", "甲")]) == listing_workbook(
        "清单", HEADS, [("1", "甲")]
    )
