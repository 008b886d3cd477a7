"""Tables made to harm: workbooks that exhaust memory or hide values, pipes and devices as files.

Reading must end by a refusal that names the file, whatever the reader below would do: it takes the
whole process down where memory does not suffice. So the workbooks are read in a process of their
own with two gigabytes.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kaoping.core.errors import InputError
from kaoping.core.results import RESULT_COLUMNS
from kaoping.files.documents import read_bytes
from kaoping.files.tables import read_table
from tests import forking
from tests.files.samples import put, workbook, xlsx

if TYPE_CHECKING:
    import subprocess

ROW = ("东岭镇", "1.1", "", "86.50", "万元", "2024-12-31", "正式", "收支表")
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAST_ROW = b'<row r="3"><c r="A3"><v>1</v></c></row></sheetData>'

_READ_WITH_TWO_GIGABYTES = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from kaoping.core.errors import InputError
from kaoping.core.results import RESULT_COLUMNS
from kaoping.files.tables import read_table
try:
    table = read_table(Path(sys.argv[1]), RESULT_COLUMNS)
except InputError as error:
    sys.stdout.buffer.write(error.zh.encode())
    sys.exit(1)
sys.stdout.buffer.write(table.rows[0].cells["data_source"].encode())
"""


def edited(content: bytes, part: str, *changes: tuple[bytes, bytes]) -> bytes:
    """A workbook with some bytes of one part replaced; they must be there."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            for before, after in changes if name == part else ():
                assert before in data
                data = data.replace(before, after)
            new.writestr(name, data)
    return made.getvalue()


def sheet_with(rows: bytes) -> bytes:
    """A sound table of one row, with more rows and the end of its data."""
    return edited(xlsx([RESULT_COLUMNS, ROW]), SHEET, (b"</sheetData>", rows))


def with_cell(cell: bytes) -> bytes:
    return sheet_with(LAST_ROW.replace(b'<c r="A3"><v>1</v></c>', cell))


def repeated(text: str, times: int) -> bytes:
    """One shared text, which thousands of cells of the last column refer to."""
    rows = [RESULT_COLUMNS, ROW, *([*ROW[:-1], text] for _ in range(times))]
    return xlsx(rows)


def read_apart(path: Path) -> subprocess.CompletedProcess[str]:
    return forking.run(["-c", _READ_WITH_TWO_GIGABYTES, path], os.environ, timeout=60)


FAR = {
    "blanks": b'<c r = "XFD1048576"><v>1</v></c>',
    "line breaks": b'<c\n  t="n"\n  r\n=\n"XFD1048576"\n><v>1</v></c>',
    "lower case": b'<c r="xfd1048576"><v>1</v></c>',
    "mixed case": b'<c r="Xfd1048576"><v>1</v></c>',
    "single quotes": b"<c r='XFD1048576'><v>1</v></c>",
    "references": b'<c r="XFD1&#48;48576"><v>1</v></c>',
    "prefix": b'<x:c xmlns:x="urn:x" r="XFD1048576"><x:v>1</x:v></x:c>',
    "a bracket in an attribute": b'<c x=">" r="XFD1048576"><v>1</v></c>',
    "inline": b'<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
    "unknown column": b'<c r="ZZZZ5"><v>1</v></c>',
    "row beyond": b'<c r="A99999999"><v>1</v></c>',
    "no row": b'<c r="A0"><v>1</v></c>',
}


@pytest.mark.parametrize("trick", FAR)
def test_a_far_cell_is_seen_however_it_is_written(tmp_path, trick):
    path = put(tmp_path / "results.xlsx", with_cell(FAR[trick]))
    ended = read_apart(path)
    assert ended.returncode == 1, ended.stderr[:300]
    assert "results.xlsx" in ended.stdout


ROWS = {
    "row": b'<row r="1048576"><c><v>1</v></c></row></sheetData>',
    "row with blanks": b"<row  r = '1048576' ><c><v>1</v></c></row></sheetData>",
    "second data": b'</sheetData><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    b"</sheetData>",
    "many cells without position": b"<row>" + b"<c><v>1</v></c>" * 600 + b"</row></sheetData>",
    "many rows without position": b"<row><c><v>1</v></c></row>" * 200_001 + b"</sheetData>",
    "wide and long": b'<row r="200000"><c r="SF200000"><v>1</v></c></row></sheetData>',
    "wide, then long": b'<row r="4"><c r="SF4"><v>1</v></c></row>'
    b'<row r="200000"><c r="A200000"><v>1</v></c></row></sheetData>',
    "long, then wide": b'<row r="200000"><c r="A200000"><v>1</v></c></row>'
    b'<row r="4"><c r="SF4"><v>1</v></c></row></sheetData>',
}


@pytest.mark.parametrize("trick", ROWS)
def test_an_area_too_large_is_seen_however_it_is_spread(tmp_path, trick):
    ended = read_apart(put(tmp_path / "results.xlsx", sheet_with(ROWS[trick])))
    assert ended.returncode == 1, ended.stderr[:300]
    assert "results.xlsx" in ended.stdout
    assert "另存" in ended.stdout, "it says what to do"


@pytest.mark.parametrize("size", [b"A1:XFD1048576", b"XFD1048576:A1", b"A1"])
def test_a_size_that_a_sheet_only_claims_costs_nothing(tmp_path, size):
    content = edited(xlsx([RESULT_COLUMNS, ROW]), SHEET, (b"A1:H2", size))
    ended = read_apart(put(tmp_path / "results.xlsx", content))
    assert (ended.returncode, ended.stdout) == (0, ROW[-1])


def test_cells_without_content_may_lie_far_away(tmp_path):
    """Borders drawn down to the last row leave such cells."""
    cells = b'<row r="1048576" s="1"><c r="A1048576" s="0"/><c r="XFD1048576"/></row></sheetData>'
    ended = read_apart(put(tmp_path / "results.xlsx", sheet_with(cells)))
    assert (ended.returncode, ended.stdout) == (0, ROW[-1])


def test_one_long_text_in_thousands_of_cells_does_not_exhaust_memory(tmp_path):
    content = repeated("x" * 32_000, 5_000)
    assert len(content) < 1_000_000
    ended = read_apart(put(tmp_path / "results.xlsx", content))
    assert ended.returncode == 1, ended.stderr[:300]
    assert "文字合计" in ended.stdout


def test_a_text_made_longer_than_any_program_writes(tmp_path):
    long = b"".join(b"%d" % number for number in range(170_000))
    content = edited(repeated("长文字", 16_000), TEXTS, ("长文字".encode(), long))
    assert len(long) > 900_000
    assert len(content) < 1_000_000
    ended = read_apart(put(tmp_path / "results.xlsx", content))
    assert ended.returncode == 1, ended.stderr[:300]
    assert "文字合计" in ended.stdout


def test_a_long_note_in_many_rows_is_read(tmp_path):
    path = put(tmp_path / "results.xlsx", repeated("注" * 2_000, 3_000))
    assert read_table(path, RESULT_COLUMNS).rows[-1].cells["data_source"] == "注" * 2_000


@pytest.mark.parametrize("count", [b"4294967295", b"99999999", b"+4294967295", b"-1"])
def test_a_false_count_of_shared_texts_sets_no_memory_aside(tmp_path, count):
    told = b'uniqueCount="15"'
    content = edited(xlsx([RESULT_COLUMNS, ROW]), TEXTS, (told, told.replace(b"15", count)))
    ended = read_apart(put(tmp_path / "results.xlsx", content))
    assert ended.returncode == 1, ended.stderr[:300]


@pytest.mark.parametrize(
    "value",
    [b"1&#50;", b"1<![CDATA[2]]>", b"1<!-- --><![CDATA[2]]>", b"&#49;2"],
    ids=["reference", "cdata", "comment", "reference first"],
)
def test_a_number_that_would_be_read_in_part_is_refused(tmp_path, value):
    """Twelve, to a spreadsheet; the reader below makes 1 or 2 of it."""
    path = put(tmp_path / "results.xlsx", with_cell(b'<c r="D3"><v>' + value + b"</v></c>"))
    with pytest.raises(InputError, match=r"results\.xlsx"):
        read_table(path, RESULT_COLUMNS)


def test_references_in_texts_are_read(tmp_path):
    content = with_cell(
        b'<c r="A3" t="str"><v>A&amp;B</v></c><c r="B3" t="inlineStr"><is><t>1&#50;</t></is></c>'
    )
    last = read_table(put(tmp_path / "results.xlsx", content), RESULT_COLUMNS).rows[-1]
    assert (last.cells["unit"], last.cells["task"]) == ("A&B", "12")


def with_row_again(content: bytes, times: int) -> bytes:
    """A workbook whose only row stands so many times, made quicker than a library writes it."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        (row,) = re.findall(rb"<row .*</row>", book.read(SHEET))
    before, *cells = re.split(rb'(?<= r=")([A-Z]*)1(?=")', row)
    pieces = [before, *(b"%s%%d%s" % pair for pair in zip(cells[::2], cells[1::2], strict=True))]
    again = b"".join(pieces)
    rows = b"".join(again % ((at,) * again.count(b"%d")) for at in range(1, times + 1))
    return edited(content, SHEET, (row, rows))


def test_one_sheet_under_many_names_is_not_read_for_ever(tmp_path):
    wide = with_row_again(xlsx([[f"无关{number}" for number in range(400)]]), 2_000)
    line = b'<sheet name="Sheet1" sheetId="1" r:id="rId1"/>'
    names = b"".join(line.replace(b"Sheet1", b"S%d" % number) for number in range(5_000))
    ended = read_apart(
        put(tmp_path / "results.xlsx", edited(wide, "xl/workbook.xml", (line, names)))
    )
    assert ended.returncode == 1, ended.stderr[:300]


def test_another_format_named_xlsx_is_not_read(tmp_path):
    """The reader would open an OpenDocument table, whose rows may be repeated by the million."""
    made = io.BytesIO()
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    with zipfile.ZipFile(made, "w") as document:
        document.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        document.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        document.writestr(
            "content.xml",
            '<office:document-content><office:body><office:spreadsheet><table:table table:name="a">'
            f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    path = put(tmp_path / "results.xlsx", made.getvalue())
    with pytest.raises(InputError):
        read_table(path, RESULT_COLUMNS)


@pytest.mark.parametrize("name", ["xl/worksheets/SHEET1.xml", "XL/sharedstrings.XML"])
def test_parts_whose_names_differ_by_case_only_are_refused(tmp_path, name):
    made = io.BytesIO(xlsx([RESULT_COLUMNS, ROW]))
    with zipfile.ZipFile(made, "a") as book:
        book.writestr(name, b"<worksheet/>")
    path = put(tmp_path / "results.xlsx", made.getvalue())
    with pytest.raises(InputError):
        read_table(path, RESULT_COLUMNS)


@pytest.mark.parametrize(
    "damage", [(b"<sheetData>", b"<sheetData"), (b"</row>", b""), (b"<c ", b"<c r='A1' r='XFD9' ")]
)
def test_a_sheet_that_is_no_sound_xml_is_refused(tmp_path, damage):
    content = edited(xlsx([RESULT_COLUMNS, ROW]), SHEET, damage)
    path = put(tmp_path / "results.xlsx", content)
    with pytest.raises(InputError):
        read_table(path, RESULT_COLUMNS)


def test_pictures_and_charts_in_a_workbook_do_no_harm(tmp_path):
    def write(book, sheet):
        sheet.write_row(0, 0, RESULT_COLUMNS)
        sheet.write_row(1, 0, ROW)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Sheet1!$D$2:$D$2"})
        sheet.insert_chart(5, 5, chart)
        other = book.add_chart({"type": "bar"})
        other.add_series({"values": "=Sheet1!$D$2:$D$2"})
        book.add_chartsheet("图").set_chart(other)

    path = put(tmp_path / "results.xlsx", workbook(write))
    assert read_table(path, RESULT_COLUMNS).rows[0].cells["data_source"] == ROW[-1]


# --- what is no plain file -------------------------------------------------------------------------

_READ = """
import sys
from pathlib import Path
from kaoping.core.errors import InputError
from kaoping.files.documents import read_bytes
try:
    read_bytes(Path(sys.argv[1]), 1000)
except InputError as error:
    sys.stdout.buffer.write(error.zh.encode())
"""


@pytest.mark.parametrize("kind", ["pipe", "socket", "/dev/zero", "/dev/tty", "link to /dev/zero"])
def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path, kind):
    path = tmp_path / "results.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        import socket

        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
    elif kind.startswith("link"):
        path.symlink_to("/dev/zero")
    else:
        path = Path(kind)
    ended = forking.run(["-c", _READ, path], os.environ, timeout=20)
    assert "特殊文件" in ended.stdout, ended.stderr[-300:]


def test_a_file_is_read_up_to_its_limit_and_a_link_to_it_too(tmp_path):
    path = put(tmp_path / "a", b"x" * 1000)
    (tmp_path / "b").symlink_to(path)
    assert read_bytes(path, 1000) == read_bytes(tmp_path / "b", 1000) == b"x" * 1000
    with pytest.raises(InputError):
        read_bytes(path, 999)
