"""Documents made to harm: each is refused, or read, within five seconds and 300 MB.

Every file is read in a process of its own, which tells its processor time (`tests.pace`: a busy
machine is no fault of a file) and its greatest memory. What was loaded before it counts as its own.
"""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests import forking
from tests.files.samples import archive, encrypted, many_alike, put, xlsx
from tests.files.word_samples import (
    DOWN,
    DOWN_FROM,
    NAMESPACES,
    across,
    cell,
    document,
    level,
    listed,
    numbering,
    paragraph,
    relations,
    row,
    run,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECONDS, MEGABYTES = 5, 300
TRIES = 4
SHEET = "xl/worksheets/sheet1.xml"

_READ = """
import json, sys
from pathlib import Path
from kaoping.core.errors import InputError
from kaoping.files.documents import read_original
from tests.pace import timed
told = {"zh": "", "en": "", "lines": 0, "cells": 0}
with timed() as took:
    try:
        made = read_original(Path(sys.argv[1]))
        told["lines"] = len(made.lines)
        told["cells"] = sum(len(row) for grid in made.grids for row in grid.rows)
    except InputError as error:
        told["zh"], told["en"] = error.zh, error.en
told["seconds"] = round(took.seconds, 2)
# What getrusage tells includes the parent's memory at the fork.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
told["megabytes"] = int(peak.split()[1]) // 1000
print(json.dumps(told))
"""


@dataclass(frozen=True, slots=True)
class Told:
    """How reading a file ended: refused in two languages, or so many lines and cells."""

    zh: str
    en: str
    lines: int
    cells: int
    seconds: float
    megabytes: int


def read_apart(tmp_path, name: str, content: bytes) -> Told:
    """Read a file in a process of its own; it must neither fail nor take too long or too much.

    Others on the machine only ever add to the time: of a few tries the quickest counts.
    """
    path = put(tmp_path / name, content)
    told = _read_once(path)
    for _ in range(TRIES - 1):
        if told.seconds < SECONDS:
            break
        told = min(told, _read_once(path), key=lambda one: one.seconds)
    assert told.seconds < SECONDS, told
    assert told.megabytes < MEGABYTES, told
    return told


def _read_once(path: Path) -> Told:
    ended = forking.run(["-c", _READ, path], os.environ, timeout=60)
    assert ended.returncode == 0, ended.stderr[-500:]
    return Told(**json.loads(ended.stdout))


def refused(tmp_path, name: str, content: bytes) -> Told:
    told = read_apart(tmp_path, name, content)
    assert name in told.zh, told
    assert name in told.en
    return told


def main_part(text: bytes) -> bytes:
    return archive(
        [
            ("_rels/.rels", relations(("rId1", "officeDocument", "word/document.xml"))),
            ("word/document.xml", text),
        ]
    )


DOCX = document(paragraph("甲") + table(row(cell("乙"), cell("丙"))))


def with_bytes_changed(content: bytes, mark: bytes, offset: int, new: bytes) -> bytes:
    """A file with bytes changed at an offset from each mark."""
    changed = bytearray(content)
    at = changed.find(mark)
    while at >= 0:
        changed[at + offset : at + offset + len(new)] = new
        at = changed.find(mark, at + 4)
    return bytes(changed)


BILLION = (
    '<!DOCTYPE a [<!ENTITY a "字字字字字字字字字字">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def laughing(part: str) -> bytes:
    """A document of which one part grows without end."""
    bomb = f"{BILLION}<w:{part} {NAMESPACES}>&i;</w:{part}>".encode()
    parts: dict[str, Any] = {} if part == "document" else {part: ""}
    content = document(paragraph("甲"), **parts)
    return repacked(content, {f"word/{part}.xml": bomb}, zipfile.ZIP_DEFLATED)


# --- files that are refused before anything is parsed ------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = {
    "truncated": DOCX[: len(DOCX) // 2],
    "without its end": DOCX[:-22],
    "only a head": b"PK\x03\x04" + b"word/document.xml",
    "no main part": archive([("word/styles.xml", b"<a/>"), ("_rels/.rels", relations())]),
    "no body": main_part(f"<w:document {NAMESPACES}/>".encode()),
    "no xml": main_part(b"not xml at all"),
    "not closed": main_part(f"<w:document {NAMESPACES}><w:body>".encode()),
    "a lie about sizes": with_bytes_changed(DOCX, b"PK\x01\x02", 24, struct.pack("<I", 10)),
    "a claim of much": with_bytes_changed(DOCX, b"PK\x01\x02", 24, struct.pack("<I", 1 << 30)),
    "a wrong checksum": with_bytes_changed(DOCX, b"PK\x01\x02", 16, b"\1\2\3\4"),
    "encrypted members": encrypted(DOCX),
    "a bomb": many_alike(["word/document.xml"], 250_000_000),
    "a bomb of many": many_alike([f"word/{at}.xml" for at in range(4000)], 1_000_000),
    "the same name twice": archive(
        [("word/document.xml", b"<a/>"), ("WORD/document.xml", b"<a/>")]
    ),
    "macros": document(paragraph("甲"), more=(("word/vbaProject.bin", b"x"),)),
    "another encoding": main_part(
        f'<?xml version="1.0" encoding="utf-16"?><w:document {NAMESPACES}/>'.encode("utf-16")
    ),
    "a path outside": document(paragraph("甲"), more=(("../../x", b"x"),)),
}


@pytest.mark.parametrize("trick", BROKEN)
def test_a_broken_document_is_refused(tmp_path, trick):
    refused(tmp_path, "附件1.docx", BROKEN[trick])


@pytest.mark.parametrize("part", ["document", "styles", "numbering", "footnotes"])
def test_entities_that_explode_are_refused_in_every_part(tmp_path, part):
    told = refused(tmp_path, "附件1.docx", laughing(part))
    assert "文档类型" in told.zh


def test_nothing_outside_the_file_is_read(tmp_path):
    secret = put(tmp_path / "secret.txt", "秘密".encode())
    text = (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>'
        f"<w:document {NAMESPACES}><w:body>{paragraph('&x;')}</w:body></w:document>"
    )
    refused(tmp_path, "附件1.docx", main_part(text.encode()))


# --- documents too large, too deep, or growing -------------------------------------------------------


def body(inside: str, **parts: Any) -> bytes:
    """A document whose parts are stored as they are, so that it is no bomb."""
    return repacked(document(inside, **parts), {}, zipfile.ZIP_STORED)


def repacked(content: bytes, changed: Mapping[str, bytes], method: int) -> bytes:
    """An office file with some parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        return archive(
            [(name, changed.get(name) or old.read(name)) for name in old.namelist()], method
        )


def styles_in_a_chain(count: int) -> str:
    return "".join(
        f'<w:style w:type="paragraph" w:styleId="s{at}"><w:basedOn w:val="s{at + 1}"/></w:style>'
        for at in range(count)
    )


LARGE = {
    "a million paragraphs": lambda: body("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 1_000_000),
    "a million empty paragraphs": lambda: body("<w:p/>" * 1_000_000),
    "many elements": lambda: body("<w:p>" + "<a/>" * 950_000 + "</w:p>"),
    "many attributes": lambda: body(
        "<w:p>" + ("<w:r " + "".join(f'a{at}="" ' for at in range(700)) + "/>") * 2_500 + "</w:p>"
    ),
    "deep elements": lambda: body("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000),
    "deep tables": lambda: body(
        "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>" * 1_000 + "</w:tc></w:tr></w:tbl>" * 1_000
    ),
    "a span over all": lambda: body(
        table(*(row(cell("甲", across(999)), *[cell("乙")] * 600) for _ in range(3)))
    ),
    "merged cells of long text": lambda: body(
        table(
            row(cell("长" * 100_000, DOWN_FROM), cell("甲")),
            *(row(cell("", DOWN), cell("乙")) for _ in range(10_000)),
        )
    ),
    "wide and long": lambda: body(
        table(row(*[cell("甲")] * 400), *(row(cell("甲"), cell("乙")) for _ in range(5_000)))
    ),
    "a long number before each": lambda: body(
        listed("甲", 1) * 20_000, numbering=numbering(level(0, "decimal", "长" * 50_000))
    ),
    "a large part": lambda: body(paragraph("长" * 20_000_000)),
}


@pytest.mark.slow
@pytest.mark.parametrize("trick", LARGE)
def test_a_document_too_large_is_refused(tmp_path, trick):
    refused(tmp_path, "附件1.docx", LARGE[trick]())


READ = {
    "nested tables": lambda: body(
        "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>" * 60
        + paragraph("甲")
        + "</w:tc></w:tr></w:tbl>" * 60
    ),
    "nested boxes": lambda: body(
        "<w:p><w:r><w:txbxContent>" * 60 + paragraph("甲") + "</w:txbxContent></w:r></w:p>" * 60
    ),
    "styles in a chain": lambda: body(
        "".join(paragraph("甲", f'<w:pStyle w:val="s{at}"/>') for at in range(20_000)),
        styles=styles_in_a_chain(20_000),
    ),
    "styles in a circle": lambda: body(
        paragraph("甲", '<w:pStyle w:val="a"/>'),
        styles='<w:style w:styleId="a"><w:basedOn w:val="a"/></w:style>',
    ),
    "many lists of one scheme": lambda: body(
        "".join(listed("甲", at) for at in range(1, 20_000)),
        numbering=numbering(
            *(level(at % 9, "decimal", f"%{at % 9 + 1}") for at in range(5_000)),
            lists="".join(
                f'<w:num w:numId="{at}"><w:abstractNumId w:val="0"/></w:num>'
                for at in range(2, 20_000)
            ),
        ),
    ),
    "fields never ended": lambda: body(
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' * 40_000
        + paragraph("甲") * 40_000
    ),
    "notes referred to again and again": lambda: body(
        "<w:p>" + '<w:r><w:footnoteReference w:id="2"/></w:r>' * 50_000 + run("甲") + "</w:p>",
        footnotes=f'<w:footnote w:id="2">{paragraph("注")}</w:footnote>',
    ),
    "a long document": lambda: body(
        (
            paragraph("为了做好年度考评工作，现将有关事项通知如下。" * 5)
            + table(row(cell("甲"), cell("乙")))
        )
        * 15_000
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("trick", READ)
def test_a_strange_document_is_read(tmp_path, trick):
    told = read_apart(tmp_path, "附件1.docx", READ[trick]())
    assert told.lines > 0, told


# --- workbooks, csv, pages and texts -------------------------------------------------------------------


def sheet(inside: str) -> bytes:
    """A workbook with one cell and more rows."""
    content = xlsx([["甲"]])
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        part = old.read(SHEET).replace(b"</sheetData>", inside.encode() + b"</sheetData>")
    return repacked(content, {SHEET: part}, zipfile.ZIP_STORED)


def numbered_rows(rows: int, columns: int) -> str:
    return "".join(
        f'<row r="{at}">' + "<c><v>1</v></c>" * columns + "</row>" for at in range(2, rows + 2)
    )


WORKBOOKS = {
    "ten thousand columns": lambda: sheet('<row r="2">' + "<c><v>1</v></c>" * 10_000 + "</row>"),
    "too many cells": lambda: sheet(numbered_rows(30_000, 40)),
    "too many empty cells": lambda: sheet('<row r="2">' + '<c s="1"/>' * 2_000_000 + "</row>"),
    "a far cell": lambda: sheet('<row r="200000"><c r="Z200000"><v>1</v></c></row>'),
    "entities": lambda: repacked(
        xlsx([["甲"]]), {SHEET: f"{BILLION}<worksheet>&i;</worksheet>".encode()}, zipfile.ZIP_STORED
    ),
    "long shared text": lambda: xlsx([["x" * 32_000]] * 3_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("trick", WORKBOOKS)
def test_a_workbook_made_to_harm_is_refused(tmp_path, trick):
    refused(tmp_path, "附件1.xlsx", WORKBOOKS[trick]())


EMPTY = {
    "empty cells": '<row r="2">' + '<c s="1"/>' * 1_900_000 + "</row>",
    "rows in rows": "<row>" * 200_000 + "</row>" * 200_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("trick", EMPTY)
def test_a_workbook_of_nothing_is_read_in_time(tmp_path, trick):
    assert read_apart(tmp_path, "附件1.xlsx", sheet(EMPTY[trick])).lines == 1


@pytest.mark.slow
def test_a_large_workbook_is_read(tmp_path):
    told = read_apart(tmp_path, "附件1.xlsx", sheet(numbered_rows(14_000, 20)))
    assert told.cells == 14_001 * 20


@pytest.mark.slow
def test_merged_areas_larger_than_the_sheet(tmp_path):
    merged = "".join(f'<mergeCell ref="A1:XFD{at}"/>' for at in range(1, 50_000))
    content = xlsx([["甲", "乙"]])
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        part = old.read(SHEET).replace(
            b"</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>".encode()
        )
    content = repacked(content, {SHEET: part}, zipfile.ZIP_DEFLATED)
    told = read_apart(tmp_path, "附件1.xlsx", content)
    assert told.cells == 2


OTHERS = {
    "table.csv": lambda: b"a," * 200_000,
    "rows.csv": lambda: b"a\n" * 1_000_000,
    "cells.csv": lambda: (b"a," * 400 + b"\n") * 2_000,
    "long.csv": lambda: b'"' + b"a" * 1_000_000,
    "marks.html": lambda: b"<p>" * 2_000_000,
    "spans.html": lambda: (
        b"<table>" + b"<tr><td rowspan=500 colspan=500>a</td>" * 3_000 + b"</table>"
    ),
    "tables.html": lambda: b"a<table><tr><td>" * 5_000,
    "cells.html": lambda: b"<table>" + (b"<tr>" + b"<tD>a" * 100) * 1_001,
    "lines.txt": lambda: b"\n" * 5_000_000 + b"a",
    "zeros.txt": lambda: b"a\0" * 100,
    "large.txt": lambda: b"a" * 21_000_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_other_files_made_to_harm_are_refused(tmp_path, name):
    refused(tmp_path, name, OTHERS[name]())


PAGES = {
    "menus in menus": lambda: b'<div class="nav">' * 200 + "<p>甲。</p>".encode() * 200_000,
    "tables in tables": lambda: b"a<table><tr><td>" * 600,
    "links in links": lambda: b"<a>" * 100_000 + b"a",
    "nearly too many cells": lambda: (
        b"<table>" + (b"<tr>" + "<td>甲".encode() * 100) * 990 + b"</table>"
    ),
    "a row without end": lambda: b"<table><tr>" + b"<td>a" * 499 + b"</table>",
}


@pytest.mark.slow
@pytest.mark.parametrize("trick", PAGES)
def test_a_strange_page_is_read_in_time(tmp_path, trick):
    assert read_apart(tmp_path, "page.html", PAGES[trick]()).lines > 0


def test_a_stream_that_is_damaged_inside(tmp_path):
    """The directory is sound, the packed data are not."""
    content = bytearray(DOCX)
    at = content.find(b"word/document.xml") + len("word/document.xml")
    content[at + 4 : at + 24] = zlib.compress(b"x" * 40)[:20]
    refused(tmp_path, "附件1.docx", bytes(content))
