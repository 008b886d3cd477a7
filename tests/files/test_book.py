"""Workbooks as they are written: nothing runs, nothing is lost, every figure is the decimal it is."""

from __future__ import annotations

import errno
import io
import re
import resource
import tempfile
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import EnvironmentFault, InputError
from kaoping.files import book as module
from kaoping.files.book import (
    CENTRED,
    Book,
    Column,
    Formula,
    Look,
    cut,
    formula,
    lines_needed,
    mean_formula,
    ranges,
    shown_text,
    summed,
)

AT = datetime(2025, 1, 20, 17, tzinfo=SHANGHAI)
TWO = (Column("单位", 20), Column("内容", 30))


def written(rows, columns=TWO, title="表", name="表", note="", **options):
    made = Book(title, AT, **options)
    with made as book:
        sheet = book.sheet(name, title, columns, note)
        for row in rows:
            sheet.add(row)
    return made.content


def opened(content) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


HOSTILE = ["=1+1", "+1", "-1", "−1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x.invalid")',
           "http://x.invalid", "007", "1e3", "<r><t>粗</t></r>", "</t></is></c>", "{=A1}", "&amp;", "#REF!"]  # fmt: skip


def test_text_stays_text_wherever_it_stands():
    for text in HOSTILE:
        columns = (Column(text, 20, over=text), Column("内容", 30, choices=(text,)))
        content = written([[text, (text, CENTRED)]], columns, title=text, name=text, note=text)
        book = opened(content)
        found = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
        assert {cell.data_type for cell in found} <= {"s", "inlineStr"}, text
        assert book.worksheets[0]["A5"].value == shown_text(text)
        assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")
        assert not any(cell.hyperlink for cell in found)


def test_what_no_file_can_hold_is_left_out_and_nothing_else():
    sheet = opened(written([["甲\x00\x0b\x1f乙\ud800丙\ufffe", "一\r\n二\r三\t四 𠮷"]])).worksheets[
        0
    ]
    assert cells(sheet) == [["甲乙丙", "一\n二\n三 四 𠮷"]]


@pytest.mark.parametrize("text", ["长" * 40_000, "𠮷" * 20_000, "行\n" * 900, "理由充分，" * 1000])
def test_a_text_that_its_cell_cannot_show_stands_whole_on_a_sheet_of_its_own(text):
    book = opened(written([["甲", text], ["乙", "短"], ["丙", text]]))
    assert book.sheetnames == ["表", "长文"]
    cell = book["表"]["B4"].value
    assert cell.startswith("（全文见“长文”表第1条）")
    assert cell.endswith("……")
    aside = cells(book["长文"])
    assert {tuple(row[:3]) for row in aside} == {(1, "表", "B4")}
    assert "".join(row[3] for row in aside).replace("\n", "") == text.replace("\n", "")
    heights = [row.height for sheet in book for row in sheet.row_dimensions.values() if row.height]
    assert max(heights) <= 409
    assert book["表"]["B5"].value == "短"
    assert book["表"]["B6"].value == cell


def test_rows_are_as_high_as_their_texts():
    sheet = opened(written([["甲", "字" * 60], ["乙", "字"]])).worksheets[0]
    high, low = sheet.row_dimensions[4].height, sheet.row_dimensions[5].height
    assert high >= 5 * 13
    assert low < 20


def test_a_form_keeps_texts_as_they_are_and_refuses_what_no_cell_holds():
    text = "长" * 20_000
    book = opened(written([["甲", text]], read_again=True))
    assert book.sheetnames == ["表"]
    assert book["表"]["B4"].value == text
    with pytest.raises(InputError, match="B4 的文字超过 32767 字"):
        written([["甲", "长" * 32_768]], read_again=True)


NAMES = [
    ("a" * 40, "a" * 28), ("[甲]:*?/\\'乙", "甲乙"), ("History", "History1"), ("", "表"), ("\x07", "表"),
    ("长文", "长文2"), ("𠮷" * 20, "𠮷" * 14), ("=1+1", "=1+1"), (" 甲\n乙 ", "甲 乙"),
]  # fmt: skip


@pytest.mark.parametrize(("given_name", "name"), NAMES)
def test_names_of_sheets(given_name, name):
    assert opened(written([], name=given_name)).sheetnames == [name]


def test_names_of_sheets_differ_also_for_who_sees_no_case():
    with Book() as book:
        for name in ("Abc", "ABC", "abc", "甲" * 40, "甲" * 41):
            book.sheet(name, "", TWO)
    found = opened(book.content).sheetnames
    assert found == ["Abc", "ABC2", "abc3", "甲" * 28, "甲" * 25 + "2"]


def test_what_does_not_fit_on_one_sheet_goes_on_on_the_next(monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 6)
    book = opened(written([[str(number), "x"] for number in range(7)]))
    assert book.sheetnames == ["表", "表（续1）", "表（续2）"]
    assert [row[0] for sheet in book for row in cells(sheet)] == list("0123456")
    assert {sheet["A3"].value for sheet in book} == {"单位"}
    assert [sheet.auto_filter.ref for sheet in book] == ["A3:B6", "A3:B6", "A3:B4"]


def test_more_columns_than_a_sheet_holds_are_refused_in_words():
    with pytest.raises(InputError, match="有 16385 列，一张工作表最多 16384 列"):
        written([], [Column("列", 5)] * 16_385)


def test_the_last_column_is_still_written():
    content = written([["x"] * 16_384], [Column("列", 5)] * 16_384)
    assert '<c r="XFD4"' in part(content, "xl/worksheets/sheet1.xml")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.decimals("-999999999", "999999999", places=6, allow_nan=False)
        | st.decimals("-99", "99", places=3, allow_nan=False),
        min_size=1,
        max_size=20,
    )
)
def test_a_figure_is_stored_as_the_decimal_that_it_is(figures):
    content = written([[one, Formula("=1", one)] for one in figures])
    stored = re.findall(r"<v>(.*?)</v>", part(content, "xl/worksheets/sheet1.xml"))
    assert [Decimal(text) for text in stored] == [one for one in figures for _ in range(2)]
    assert [row[0] for row in cells(opened(content).worksheets[0])] == [float(f) for f in figures]


def test_figures_show_their_places_and_long_ones_are_texts():
    look = Look(places=2)
    rows: Any = [
        [(Decimal("9.995"), look), (Decimal(3), look)],
        [(Decimal("0.3"), CENTRED), (Decimal("1.5"), Look(places=2, after="（不涉及）"))],
        [Decimal("12345678901234567.25"), date(2024, 12, 31)],
    ]
    sheet = opened(written(rows)).worksheets[0]
    shown = [[cell.number_format for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert shown == [["0.000", "0.00"], ["0.0", '0.00"（不涉及）"'], ["General", "yyyy-mm-dd"]]
    assert sheet["A6"].value == "12345678901234567.25"
    assert "<v>9.995</v>" in part(written(rows), "xl/worksheets/sheet1.xml")


def test_formulas_take_no_more_than_a_spreadsheet_does():
    assert ranges(2, [3, 4, 5, 7]) == ["C4:C6", "C8"]
    many = [f"A{number}" for number in range(600)]
    text = summed(many)
    assert max(len(run.split(",")) for run in re.findall(r"SUM\(([^()]*)\)", text)) <= 255
    assert re.findall(r"A\d+", text) == many
    assert isinstance(formula("1", Decimal(1)), Formula)
    assert formula("1+" * 5000 + "1", Decimal(5001)) == Decimal(5001)
    assert mean_formula(0, range(0, 2000, 2), Decimal(1), 2) == Decimal(1)


def test_every_sheet_is_ready_to_be_printed():
    columns = [Column("单位", 20), *[Column(f"任务{n}", 13) for n in range(60)]]
    made = Book("甲", AT, seal="存证：日志1条", mark="草稿")
    with made as book:
        book.sheet("窄", "窄表&“一”", TWO).add(["甲", "乙"])
        book.sheet("宽", "2024年" + "很长的单位名称&" * 60, columns).add(["甲"] * 61)
    found = opened(made.content)
    for sheet in found:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert not sheet.page_setup.fitToHeight
        assert (sheet.print_title_rows, sheet.print_title_cols) == ("$3:$3", "$A:$A")
        assert sheet.freeze_panes == "B4"
        assert sheet.oddFooter.center.text == "第 &P 页　共 &N 页"
        assert sheet.oddFooter.right.text == "存证：日志1条"
        assert sheet.oddHeader.right.text == "草稿"
        assert sheet.oddHeader.left.text
    # openpyxl reads no more than one page abreast as nothing
    assert [sheet.page_setup.fitToWidth or 1 for sheet in found] == [1, 4]
    assert found["窄"].oddHeader.left.text == "窄表&&“一”"
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        wide = archive.read("xl/worksheets/sheet2.xml").decode()
    header = re.search("<oddHeader>(.*?)</oddHeader>", wide)
    assert header
    assert len(header[1].replace("&amp;", "&")) <= 255


def test_only_plain_parts_and_faces_by_name():
    content = written([["甲", Decimal(1)]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        said = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name, text in said.items() if "x14" in text or "extLst" in text]
    assert not [name for name in said if "table" in name or "metadata" in name]
    styles = said["xl/styles.xml"]
    assert set(re.findall(r'<name val="(.*?)"', styles)) == {"宋体"}
    assert "theme=" not in styles
    assert "<scheme" not in styles


def test_long_headings_and_titles_are_whole():
    head, title = "单位名称" * 75, "某市" * 150
    book = opened(written([["甲", "乙"]], (Column(head, 13), Column("内容", 30)), title))
    sheet = book.worksheets[0]
    assert sheet["A1"].value == title
    assert sheet.row_dimensions[1].height > 100
    assert sheet.column_dimensions["A"].width >= 40
    shown = sheet["A3"].value
    assert shown == head or "".join(row[3] for row in cells(book["长文"])) == head


def test_words_to_choose_from():
    columns = (
        Column("性质", 10, ("快报", "终报")),
        Column("多", 10, tuple("字" * n for n in range(1, 40))),
    )
    sheet = opened(written([["快报", ""]] * 3, columns)).worksheets[0]
    listed = sheet.data_validations.dataValidation
    assert [(str(one.sqref), one.formula1) for one in listed] == [("A4:A6", '"快报,终报"')]


def test_equal_content_and_time_give_equal_bytes(monkeypatch):
    import time

    rows = [["甲", Decimal("1.5")], ["乙", "长" * 40_000]]
    one = written(rows)
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert written(rows) == one
    finally:
        monkeypatch.undo()
        time.tzset()
    assert written([["甲", Decimal("1.6")]]) != one


def test_nothing_stays_in_the_temporary_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written([["甲", "乙"]])
    with pytest.raises(InputError):
        written([["甲", "乙"], ["甲", "长" * 40_000]], read_again=True)
    assert list(tmp_path.iterdir()) == []


def test_there_may_be_more_sheets_than_files_may_be_open():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
    try:
        with Book() as book:
            for number in range(150):
                book.sheet(f"表{number}", "表", TWO).add(["甲", "乙"])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert len(opened(book.content).sheetnames) == 150


def test_a_row_that_is_written_takes_no_memory():
    with Book() as book:
        sheet = book.sheet("表", "表", TWO)
        for number in range(50):
            sheet.add([str(number), "乙"])
        paper = sheet._sheet
        assert len(paper.row_info) == len(paper.row_sizes) == len(paper.table) == 1


def test_rows_below_a_list_are_not_filtered():
    with Book() as book:
        sheet = book.sheet("表", "表", TWO)
        sheet.add(["甲", Decimal(1)])
        sheet.add_below(["平均", Decimal(1)])
        sheet.add_below(["合计", Decimal(1)])
    assert opened(book.content).worksheets[0].auto_filter.ref == "A3:B4"


@given(st.text(max_size=200), st.integers(1, 300))
def test_a_text_is_cut_between_its_characters(text, most):
    text = text.encode("utf-16-le", "ignore").decode("utf-16-le")
    beginning = cut(text, most)
    assert text.startswith(beginning)
    assert len(beginning.encode("utf-16-le")) // 2 <= most


def test_lines_that_a_text_takes():
    assert [lines_needed(text, 11) for text in ("", "五个汉字了", "六个汉字多了", "a" * 10, "a" * 11, "一\n二")] == [
        1, 1, 2, 1, 2, 2,
    ]  # fmt: skip


def test_a_full_disk_is_told_in_words(monkeypatch, tmp_path):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(xlsxwriter.Workbook, "_store_workbook", full)
    with pytest.raises(EnvironmentFault, match="请清理磁盘后再试"):
        written([["甲", "乙"]])
    assert list(tmp_path.iterdir()) == []
