"""Tables as offices hand them in: every encoding, every kind of cell, every kind of damage."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.errors import InputError
from kaoping.core.results import RESULT_COLUMNS
from kaoping.files.tables import Table, csv_bytes, read_table
from kaoping.files.workbooks import MAX_ROWS
from tests.files.samples import HTML, OLE, PNG, archive, docx, put, workbook, xlsx

ROW = ("东岭镇", "1.1", "", "86.50", "万元", "2024-12-31", "正式", "收支表")
TEXT = "\r\n".join([",".join(RESULT_COLUMNS), ",".join(ROW), ""])
CELLS = dict(zip(RESULT_COLUMNS, ROW, strict=True))


def read(tmp_path, content, name="results.csv") -> Table:
    path = put(tmp_path / name, content)
    table = read_table(path, RESULT_COLUMNS)
    assert path.read_bytes() == content
    return table


def refused(tmp_path, content, name) -> InputError:
    """Reading must fail as the writer's fault, naming the file in both languages."""
    path = put(tmp_path / name, content)
    with pytest.raises(InputError) as caught:
        read_table(path, RESULT_COLUMNS)
    assert path.read_bytes() == content
    assert name in caught.value.zh
    assert name in caught.value.en
    return caught.value


# --- csv -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb2312", "gb18030", "utf-16", "utf-16-le-mark"]
)
def test_every_encoding_reads_alike(tmp_path, encoding):
    if encoding == "utf-16-le-mark":
        content = b"\xff\xfe" + TEXT.encode("utf-16-le")
    else:
        content = TEXT.encode(encoding)
    table = read(tmp_path, content)
    assert table.columns == RESULT_COLUMNS
    assert [row.cells for row in table.rows] == [CELLS]
    assert table.rows[0].place == "results.csv 第 2 行"


def test_characters_only_gb18030_has_are_read(tmp_path):
    unit = "㐂䶮镇𠮷"
    table = read(tmp_path, TEXT.replace("东岭镇", unit).encode("gb18030"))
    assert table.rows[0].cells["unit"] == unit


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_other_delimiters(tmp_path, delimiter, encoding):
    table = read(tmp_path, TEXT.replace(",", delimiter).encode(encoding))
    assert table.rows[0].cells == CELLS


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "titles",
    [
        ["2024年度上报结果"],
        ["上报结果,第一批,乡镇", "填报说明：单位,任务"],
        ["2024;12;31", "a\tb"],
        ['"两行的', '标题"', "", "", "", "", "", ""],
    ],
    ids=["title", "commas", "semicolons and tabs", "quoted"],
)
def test_titles_above_do_not_hide_the_delimiter(tmp_path, delimiter, ending, titles):
    heads, row = delimiter.join(RESULT_COLUMNS), delimiter.join(ROW)
    table = read(tmp_path, ending.join([*titles, heads, row, ""]).encode())
    assert [row.cells for row in table.rows] == [CELLS]


def test_decimal_commas_do_not_stand_for_the_delimiter(tmp_path):
    """A spreadsheet of another country writes `;` between cells and `,` inside numbers."""
    row = ";".join(ROW).replace("86.50", "1,2,3,4,5,6,7,8,9")
    table = read(tmp_path, "\n".join([";".join(RESULT_COLUMNS), row]).encode())
    assert table.rows[0].cells == CELLS | {"value": "1,2,3,4,5,6,7,8,9"}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending(tmp_path, ending):
    table = read(tmp_path, TEXT.replace("\r\n", ending).encode())
    assert [row.cells for row in table.rows] == [CELLS]


def test_numbers_stay_as_typed(tmp_path):
    for typed in ("86.50", "0.10", "007", "+3", "-0.00", "1e5", "１２", "1,234", "25%"):
        content = TEXT.replace("86.50", f'"{typed}"').encode()
        assert read(tmp_path, content).rows[0].cells["value"] == typed


def test_quotes_commas_and_line_breaks_inside_a_cell(tmp_path):
    source = '收支表,"附件"\n第二行'
    content = csv_bytes(RESULT_COLUMNS, [(*ROW[:-1], source), ROW])
    rows = read(tmp_path, content).rows
    assert rows[0].cells["data_source"] == source
    assert rows[1].cells == CELLS


def test_titles_above_and_blank_rows_between_keep_the_row_numbers(tmp_path):
    lines = ["2024年度上报结果", "", TEXT.split("\r\n")[0], "", ",,,,,,,", ",".join(ROW), ""]
    table = read(tmp_path, "\n".join(lines).encode())
    assert [row.place for row in table.rows] == ["results.csv 第 6 行"]


def test_chinese_headings_in_another_order_with_notes(tmp_path):
    heads = "数值（万元）,被考评单位*,任务编号,输入项,计量单位,数据日期,数据状态,数据来源"
    row = "86.50,东岭镇,1.1,,万元,2024-12-31,正式,收支表"
    assert read(tmp_path, f"{heads}\n{row}\n".encode("gbk")).rows[0].cells == CELLS


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \r\n \r\n",
        "\ufeff".encode(),
        "没有表头，只有一句话".encode(),
        "甲,乙,丙\n1,2,3\n".encode("gbk"),
        TEXT.encode("utf-16-le"),  # no mark: zero bytes in a text
        TEXT.encode() + b"\x00" * 30,
        b"\x00" * 4000,
        b"\xff" * 4000,
        PNG * 20,
        (",".join(RESULT_COLUMNS) + '\n"' + "x" * 200_000 + '"\n').encode(),  # one endless cell
    ],
    ids=lambda content: f"{len(content)} bytes {content[:6]!r}",
)
def test_what_is_no_csv_table_is_refused(tmp_path, content):
    refused(tmp_path, content, "results.csv")


def test_a_line_of_two_hundred_thousand_columns_is_refused_or_read_quickly(tmp_path):
    refused(tmp_path, b"," * 200_000 + b"\n" + b"x," * 200_000, "results.csv")
    table = read(tmp_path, TEXT.encode() + b"a," * 200_000 + b"\n")
    assert len(table.rows) == 2


def test_too_many_rows_are_refused(tmp_path):
    refused(tmp_path, TEXT.encode() + b"x\n" * (MAX_ROWS + 1), "results.csv")


def test_every_cell_with_bytes_of_no_encoding_is_listed_and_the_rest_is_read(tmp_path):
    rows = [TEXT.encode("gbk")] * 2
    damaged = rows[1].replace("收支表".encode("gbk"), b"\xff\xff" + "表".encode("gbk"))
    damaged = damaged.replace("万元".encode("gbk"), "万".encode("gbk") + b"\xff")
    table = read(tmp_path, rows[0] + damaged.split(b"\r\n", 1)[1])
    assert table.rows[0].cells == CELLS
    assert table.rows[1].cells["unit"] == "东岭镇"
    assert [(problem.code, problem.where) for problem in table.damaged_cells()] == [
        ("TABLE-UNREADABLE", "results.csv 第 3 行 unit_of_measure"),
        ("TABLE-UNREADABLE", "results.csv 第 3 行 data_source"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_sound_bytes_are_no_damage(tmp_path, encoding):
    assert read(tmp_path, TEXT.encode(encoding)).damaged_cells() == ()


def test_a_mark_of_damage_that_an_earlier_program_left_is_seen(tmp_path):
    content = xlsx([RESULT_COLUMNS, [*ROW[:-1], "收支\ufffd"]])
    (problem,) = read(tmp_path, content, "results.xlsx").damaged_cells()
    assert problem.where == "results.xlsx 第 2 行 data_source"


@pytest.mark.parametrize("name", ["results.xls", "results.ods", "results.pdf", "results", "a.html"])
def test_other_kinds_are_refused_by_name(tmp_path, name):
    refused(tmp_path, HTML, name)


@pytest.mark.parametrize("make", ["missing", "folder", "through a file", "link to itself"])
def test_paths_that_are_no_files(tmp_path, make):
    path = tmp_path / "results.csv"
    if make == "folder":
        path.mkdir()
    elif make == "through a file":
        path.write_bytes(TEXT.encode())
        path /= "results.csv"
    elif make == "link to itself":
        path.symlink_to(path)
        with pytest.raises((InputError, OSError)):
            read_table(path, RESULT_COLUMNS)
        return
    with pytest.raises(InputError):
        read_table(path, RESULT_COLUMNS)


# --- xlsx ------------------------------------------------------------------------------------------


def test_a_workbook_reads_like_the_csv(tmp_path):
    rows = [RESULT_COLUMNS, [*ROW[:3], 86.5, "万元", "2024-12-31", "正式", "收支表"]]
    table = read(tmp_path, xlsx(rows), "results.xlsx")
    assert table.rows[0].cells == CELLS | {"value": "86.5"}
    assert table.rows[0].place == "results.xlsx 第 2 行"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (25.30, "25.3"),
        (1.005, "1.005"),
        (98.60, "98.6"),
        (24600, "24600"),
        (-0.0, "0"),
        (-12.5, "-12.5"),
        (1e15, "1000000000000000"),
        (999999999999999, "999999999999999"),
        (0.0000001, "0.0000001"),
        (123456.789012345, "123456.789012345"),
    ],
)
def test_a_number_is_the_decimal_that_was_typed(tmp_path, typed, shown):
    rows = [RESULT_COLUMNS, [*ROW[:3], typed, *ROW[4:]]]
    assert read(tmp_path, xlsx(rows), "results.xlsx").rows[0].cells["value"] == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (1.23456789e-10, "0.000000000123456789"),
        (1e23, "1" + "0" * 23),
        (2.5e-20, "0." + "0" * 19 + "25"),
    ],
)
def test_very_large_and_small_numbers_lose_no_digit_and_gain_none(tmp_path, typed, shown):
    rows = [RESULT_COLUMNS, [*ROW[:3], typed, *ROW[4:]]]
    assert read(tmp_path, xlsx(rows), "results.xlsx").rows[0].cells["value"] == shown


def test_dates_truth_values_and_text_that_looks_like_numbers(tmp_path):
    def write(book, sheet):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        minute = book.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.write_row(0, 0, RESULT_COLUMNS)
        sheet.write_string(1, 0, "007")
        sheet.write_boolean(1, 3, True)
        sheet.write_boolean(2, 3, False)
        sheet.write_datetime(1, 5, date(2024, 12, 31), day)
        sheet.write_datetime(2, 5, datetime(2024, 12, 31, 16, 20), minute)

    first, second = read(tmp_path, workbook(write), "results.xlsx").rows
    assert first.cells["unit"] == "007"
    assert (first.cells["value"], second.cells["value"]) == ("是", "否")
    assert first.cells["as_of"] == "2024-12-31"
    assert second.cells["as_of"] == "2024-12-31 16:20:00"


def test_formulas_give_their_stored_value_and_nothing_is_computed(tmp_path):
    def write(_, sheet):
        sheet.write_row(0, 0, RESULT_COLUMNS)
        sheet.write_formula(1, 3, "=1+1", None, 86.5)
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 7, '=WEBSERVICE("http://example.invalid")', None, "")
        for row in (1, 2, 3):
            sheet.write(row, 0, "东岭镇")

    rows = read(tmp_path, workbook(write), "results.xlsx").rows
    assert rows[0].cells["value"] == "86.5"
    assert rows[1].cells["value"] in ("", "#DIV/0!")
    assert rows[2].cells["data_source"] == ""


def test_merged_cells_are_not_guessed_and_blank_rows_keep_the_numbers(tmp_path):
    def write(_, sheet):
        sheet.merge_range(0, 0, 0, 7, "上报结果")
        sheet.write_row(2, 0, RESULT_COLUMNS)
        sheet.merge_range(4, 0, 5, 0, "东岭镇")
        for row in (4, 5):
            sheet.write_row(row, 1, ROW[1:])

    rows = read(tmp_path, workbook(write), "results.xlsx").rows
    assert [row.place for row in rows] == ["results.xlsx 第 5 行", "results.xlsx 第 6 行"]
    assert [row.cells["unit"] for row in rows] == ["东岭镇", ""]


def test_the_sheet_with_the_headings_is_read(tmp_path):
    def write(book, sheet):
        sheet.write(0, 0, "填表说明")
        book.add_worksheet("空")
        other = book.add_worksheet("结果")
        other.write_row(0, 0, RESULT_COLUMNS)
        other.write_row(1, 0, ROW)

    assert read(tmp_path, workbook(write), "results.xlsx").rows[0].cells == CELLS


WHOLE = xlsx([RESULT_COLUMNS, ROW])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        xlsx([]),
        xlsx([["说明"]]),
        PNG * 20,
        HTML,
        OLE,
        TEXT.encode(),
        b"\x00" * 3000,
        WHOLE[: len(WHOLE) // 2],
        WHOLE[:-1],
        WHOLE[100:],
        docx(),
        archive([("xl/workbook.xml", b"<workbook/>")]),
        archive([("xl/vbaProject.bin", b"x"), ("xl/workbook.xml", b"<workbook/>")]),
        archive([("../xl/workbook.xml", b"<workbook/>")]),
    ],
    ids=[
        *("empty", "no rows", "no headings", "png", "html", "old or encrypted", "csv", "zeros"),
        *("half", "last byte gone", "start gone", "docx", "no sheets", "macros", "climbing out"),
    ],
)
def test_what_is_no_sound_workbook_is_refused(tmp_path, content):
    refused(tmp_path, content, "results.xlsx")


def test_no_changed_byte_of_a_workbook_brings_more_than_a_refusal(tmp_path):
    path = tmp_path / "results.xlsx"
    for at in range(0, len(WHOLE), 23):
        changed = bytearray(WHOLE)
        changed[at] ^= 0xFF
        path.write_bytes(changed)
        with suppress(InputError):
            assert read_table(path, RESULT_COLUMNS).name == path.name


def test_a_bomb_of_a_workbook_is_refused(tmp_path):
    refused(
        tmp_path, archive([("xl/workbook.xml", b"<a/>"), ("x", bytes(40_000_000))]), "results.xlsx"
    )


def test_entities_in_a_workbook_are_not_expanded(tmp_path):
    entities = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"&l" + str(n - 1) + ";" if n else ""}">'
        for n in range(40)
    )
    sheet = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><worksheet>&l39;</worksheet>'
    content = archive([("xl/workbook.xml", sheet.encode()), ("[Content_Types].xml", b"<a/>")])
    refused(tmp_path, content, "results.xlsx")


# --- nothing is left out silently ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["results.csv", "results.xlsx"])
def test_a_cell_beyond_the_headings_is_not_dropped_silently(tmp_path, name):
    """An unquoted comma in the last column makes such a cell."""
    rows = [RESULT_COLUMNS, (*ROW, "补充")]
    content = xlsx(rows) if name.endswith("xlsx") else csv_bytes(rows[0], rows[1:])
    try:
        table = read(tmp_path, content, name)
    except InputError:
        return
    assert any("补充" in cell for cell in table.rows[0].cells.values())


# --- writing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        '=HYPERLINK("http://example.invalid","x")',
        "-",
        "+",
        "=",
        "-2+3;x",
        "--5",
        "+5.",
    ],
)
def test_text_that_would_run_is_kept_from_running(cell):
    written = csv_bytes(["a", "b"], [["甲", cell]]).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(written, newline="")))[1]
    assert not row[1].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert row[1].lstrip("'") == cell


@pytest.mark.parametrize("cell", ["-5", "+5", "-0.50", "12.00", "", "第3名", "a=b", "－5"])
def test_numbers_and_plain_text_are_written_as_they_are(cell):
    written = csv_bytes(["a", "b"], [["甲", cell]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written, newline="")))[1] == ["甲", cell]


def test_a_written_csv_has_the_mark_and_office_line_endings():
    written = csv_bytes(["单位"], [["东岭镇"]])
    assert written == "\ufeff单位\r\n东岭镇\r\n".encode()


_PRINTED = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=12)


@given(cells=st.lists(_PRINTED, min_size=len(RESULT_COLUMNS), max_size=len(RESULT_COLUMNS)))
def test_what_is_written_reads_back(tmp_path_factory, cells):
    cells = [cell.removeprefix("'").lstrip("\ufeff") for cell in cells]
    path = tmp_path_factory.mktemp("t") / "results.csv"
    path.write_bytes(csv_bytes(RESULT_COLUMNS, [("甲", *cells[1:])]))
    row = read_table(path, RESULT_COLUMNS).rows[0]
    assert [row.cells[column] for column in RESULT_COLUMNS] == ["甲", *cells[1:]]
