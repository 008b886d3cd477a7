"""The example city's notice and annex in every format offices send, as small real files."""

from __future__ import annotations

import csv
import io
from html import escape
from typing import TYPE_CHECKING

from kaoping.files.documents import read_original
from tests.examples import CITY
from tests.files.pdf_bytes import typeset
from tests.files.samples import put, workbook
from tests.files.word_samples import DOWN, DOWN_FROM, across, document, paragraph, row, table

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from kaoping.core.original import Grid

NOTICE = CITY / "notice.txt"
ANNEX = CITY / "annex-1.xlsx"
LINES = [line for line in NOTICE.read_text("utf-8").splitlines() if line.strip()]
FORMATS = ("txt", "html", "docx", "pdf", "xlsx", "csv")


def annex_grid() -> Grid:
    """The one table of the example's annex."""
    (grid,) = read_original(ANNEX).grids
    return grid


def notice_file(folder: Path, ending: str) -> Path:
    """The example's notice in a format."""
    return put(folder / f"notice.{ending}", _NOTICES[ending]())


def annex_file(folder: Path, ending: str, stem: str = "annex-1") -> Path:
    """The example's annex in a format that has tables."""
    return put(folder / f"{stem}.{ending}", _ANNEXES[ending]())


def both_in_one(folder: Path, ending: str) -> Path:
    """A notice with its annex behind it in one file."""
    return put(folder / f"notice.{ending}", _BOTH[ending]())


# --- notices -------------------------------------------------------------------------------------


def _html_page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body><div>{body}</div></body></html>".encode()


def _html_lines() -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in LINES)


def _docx_lines() -> str:
    return "".join(paragraph(escape(line)) for line in LINES)


def _typst_lines() -> str:
    return "\n\n".join(_typst(line) for line in LINES)


def _typst(text: str) -> str:
    words = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'#text("{words}")'


def _cells(line: str) -> list[str]:
    return [words.strip() for words in line.split("|") if words.strip()]


def _sheet_lines(_: Workbook, sheet: Worksheet) -> None:
    for at, line in enumerate(LINES):
        sheet.write_row(at, 0, _cells(line))


def _csv_bytes(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


_NOTICES = {
    "txt": NOTICE.read_bytes,
    "html": lambda: _html_page(_html_lines()),
    "docx": lambda: document(_docx_lines()),
    "pdf": lambda: typeset(_typst_lines()),
    "xlsx": lambda: workbook(_sheet_lines),
    "csv": lambda: _csv_bytes([_cells(line) for line in LINES]),
}


# --- annexes -------------------------------------------------------------------------------------


def _spans() -> list[list[tuple[str, int, int]]]:
    """The words of each row's own cells with how many rows and columns they take."""
    rows = annex_grid().rows
    spread: dict[tuple[int, int], list[int]] = {}
    for at, cells in enumerate(rows):
        for column, one in enumerate(cells):
            reach = spread.setdefault(one.area, [at, column])
            reach[0], reach[1] = max(reach[0], at), max(reach[1], column)
    return [
        [
            (one.text, spread[one.area][0] - at + 1, spread[one.area][1] - column + 1)
            for column, one in enumerate(cells)
            if one.area == (at, column)
        ]
        for at, cells in enumerate(rows)
    ]


def _html_table() -> str:
    made = ""
    for cells in _spans():
        columns = "".join(
            f'<td rowspan="{down}" colspan="{right}">{escape(text).replace(chr(10), "<br>")}</td>'
            for text, down, right in cells
        )
        made += f"<tr>{columns}</tr>"
    return f"<table>{made}</table>"


def _docx_table() -> str:
    rows = annex_grid().rows
    made = []
    for at, cells in enumerate(rows):
        line = []
        column = 0
        while column < len(cells):
            one, begun = cells[column], column
            while column < len(cells) and cells[column].area == one.area:
                column += 1
            begins = one.area == (at, begun)
            goes_on = at + 1 < len(rows) and rows[at + 1][begun].area == one.area
            first = DOWN_FROM if goes_on else ""
            merged = first if begins else DOWN
            properties = (across(column - begun) if column - begun > 1 else "") + merged
            words = one.text.splitlines() if begins else [""]
            inside = "".join(paragraph(escape(each)) for each in words)
            line.append(f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>")
        made.append(row(*line))
    return table(*made)


def _typst_table() -> str:
    cells = ", ".join(
        f"table.cell(rowspan: {down}, colspan: {right}, breakable: false)[{_typst(text)}]"
        for cells in _spans()
        for text, down, right in cells
    )
    widths = "(8%, 9%, 11%, 7%, 22%, 17%, 18%, 8%)"
    return f"#table(columns: {widths}, {cells})"


def _csv_table() -> bytes:
    rows = annex_grid().rows
    return _csv_bytes(
        [
            [one.text if one.area == (at, column) else "" for column, one in enumerate(cells)]
            for at, cells in enumerate(rows)
        ]
    )


_ANNEXES = {
    "xlsx": ANNEX.read_bytes,
    "csv": _csv_table,
    "html": lambda: _html_page(f"<p>附件1</p>{_html_table()}"),
    "docx": lambda: document(paragraph("附件1") + _docx_table()),
    "pdf": lambda: typeset(_typst_table(), page="a3"),
}
_BOTH = {
    "html": lambda: _html_page(f"{_html_lines()}<p>附件1</p>{_html_table()}"),
    "docx": lambda: document(_docx_lines() + paragraph("附件1") + _docx_table()),
    "pdf": lambda: typeset(f"{_typst_lines()}\n#pagebreak()\n附件1\n\n{_typst_table()}", page="a3"),
}
ANNEX_FORMATS = tuple(_ANNEXES)
BOTH_FORMATS = tuple(_BOTH)
