"""Workbooks and csv files as grids, whatever stands in them; the values of cells as text.

A number becomes its shortest decimal (at most 15 significant digits, as a spreadsheet shows it), a
share shown in percent stays in percent, a date is YYYY-MM-DD, a truth value 是 or 否.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

import python_calamine

from kaoping.core.canonical import plain
from kaoping.core.errors import InputError
from kaoping.core.original import Original
from kaoping.files.cell_formats import empty_formulas, shown_otherwise
from kaoping.files.contents import decoded
from kaoping.files.grids import MAX_CELLS, MAX_CHARACTERS, Budget, Placed, laid_out, row_line
from kaoping.files.office_parts import MAX_PART, Parts
from kaoping.files.structure import Fault
from kaoping.files.workbooks import (
    MAX_COLUMNS,
    MAX_ROWS,
    USUAL_LIMITS,
    Limits,
    column_letters,
    plain_workbook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kaoping.core.original import Grid

MAX_SHEETS = 255
MAX_SHEET_MARKS = 2_000_000
"""Most `<` of a workbook; a cell with a number takes four."""
_DELIMITERS = ",;\t"
_HEAD = 10
"""The delimiter of a csv file is looked for in this many first lines."""


def read_xlsx(content: bytes, name: str) -> Original:
    """A workbook as read: every sheet a grid, hidden ones too, with `（隐藏）` in their title.

    Args:
        content: the file.
        name: its name, for places and messages.

    Raises:
        InputError: where it is damaged, unsafe, too large, or without any words.
    """
    parts = Parts(content, name)
    plain_content = plain_workbook(
        content, Limits(cells=MAX_CELLS, text=MAX_CHARACTERS, part=MAX_PART, marks=MAX_SHEET_MARKS)
    )
    if isinstance(plain_content, Fault):
        raise _refused(name, plain_content)
    reader = _Sheets(name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(plain_content))
        if len(book.sheet_names) > MAX_SHEETS:
            raise _too_many_sheets(name)
        for sheet in book.sheets_metadata:
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
                hidden = sheet.visible != python_calamine.SheetVisibleEnum.Visible
                exceptions = shown_otherwise(parts, sheet.name)
                reader.add(book.get_sheet_by_name(sheet.name), exceptions, hidden=hidden)
    except (python_calamine.CalamineError, ValueError, OSError, KeyError):
        raise _refused(name, Fault("不是完好的 xlsx 文件", "it is no sound xlsx file")) from None
    return reader.made()


class _Sheets:
    """The sheets of a workbook read so far."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._budget = Budget(name)
        self._grids: list[Grid] = []
        self._lines: list[str] = []
        self._places: list[str] = []

    def add(
        self,
        sheet: python_calamine.CalamineSheet,
        exceptions: Mapping[tuple[int, int], str],
        *,
        hidden: bool,
    ) -> None:
        """Read one sheet; `exceptions` are cells, from 0, that show other words than the value."""
        rows = sheet.to_python(skip_empty_area=False)
        placed = list(_placed(rows, sheet.merged_cell_ranges or [], exceptions))
        self._budget.spend_cells(placed)
        place = f"{self._name}“{sheet.name}”"
        title = f"{sheet.name}（隐藏）" if hidden else sheet.name
        grid, kept = laid_out(
            placed,
            place,
            title,
            lambda row, column: f"{place}{column_letters(column + 1)}{row + 1}",
        )
        if grid.rows:
            self._grids.append(grid)
        for at, row in zip(kept, grid.rows, strict=True):
            self._lines.append(self._budget.spend_text(row_line(row)))
            self._places.append(f"“{sheet.name}”第{at + 1}行")

    def made(self) -> Original:
        return _original(self._name, self._lines, self._places, self._grids)


def _placed(
    rows: Sequence[Sequence[object]],
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    exceptions: Mapping[tuple[int, int], str],
) -> Iterator[Placed]:
    """The cells of a sheet, the corner of a merged area with its spans within the used area."""
    height, width = len(rows), max(map(len, rows), default=0)
    areas = dict(merged)
    for (top, left), (bottom, right) in areas.items():
        if top < height and left < width:
            text = exceptions.get((top, left)) or cell_text(rows[top][left])
            spans = min(bottom, height - 1) - top + 1, min(right, width - 1) - left + 1
            yield Placed(top, left, text, *spans)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            text = exceptions.get((at, column)) or cell_text(cell)
            if text and (at, column) not in areas:
                yield Placed(at, column, text)


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """A sheet of a workbook that was given out to be filled in.

    Attributes:
        name: of the sheet.
        cells: by row, each as the text that its reader sees; percents and errors as they are shown.
        empty_formulas: cells, by row and column from 0, with a formula that no program has reckoned.
    """

    name: str
    cells: list[list[str]]
    empty_formulas: frozenset[tuple[int, int]]


def sheets_as_typed(
    content: bytes, name: str, most: int, limits: Limits = USUAL_LIMITS
) -> Iterator[TypedSheet]:
    """The sheets of a workbook cell by cell, one after the other.

    Args:
        content: the file.
        name: its name, for messages.
        most: bytes of the largest file that is taken.
        limits: of what is in it.

    Raises:
        InputError: where it is too large, damaged, unsafe, or no workbook.
    """
    if len(content) > most:
        raise InputError(
            f"{name}：文件超过 {most // 1_000_000} MB。请检查是否选错了文件。",
            f"{name}: the file is larger than {most // 1_000_000} MB. Check whether it is the right one.",
        )
    plain_content = plain_workbook(content, limits)
    if isinstance(plain_content, Fault):
        raise InputError(
            f"{name}：{plain_content.zh}。请选用 xlsx 表格，或另存为普通的 xlsx 文件。",
            f"{name}: {plain_content.en}. Save it as a plain xlsx file.",
        )
    parts = Parts(content, name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(plain_content))
        for sheet in book.sheet_names[:MAX_SHEETS]:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            check_rows(len(rows), name)
            shown = shown_otherwise(parts, sheet)  # errors and percents, which no value tells
            cells = [
                [shown.get((at, column)) or cell_text(cell) for column, cell in enumerate(row)]
                for at, row in enumerate(rows)
            ]
            yield TypedSheet(sheet, cells, empty_formulas(parts, sheet))
    except (python_calamine.CalamineError, ValueError, OSError, KeyError):
        raise InputError(
            f"{name}：不是完好的 xlsx 文件。请用表格软件打开后另存一次。",
            f"{name}: not a sound xlsx file. Open it in a spreadsheet program and save it again.",
        ) from None


def read_csv(content: bytes, name: str) -> Original:
    """A csv file as read; its cells are parted by the most frequent of comma, semicolon, tab.

    Args:
        content: the file, in any encoding offices use.
        name: its name, for places and messages.

    Raises:
        InputError: where it is no text, no valid csv, too large, or without any words.
    """
    text = csv_text(content, name)
    head = "".join(islice(io.StringIO(text), _HEAD))
    budget = Budget(name)
    placed: list[Placed] = []
    for at, row in enumerate(csv_rows(text, name, max(_DELIMITERS, key=head.count))):
        if len(row) > MAX_COLUMNS or len(placed) > MAX_CELLS:
            budget.spend_cells([Placed(at, len(row), ""), *placed])
        placed.extend(Placed(at, column, cell) for column, cell in enumerate(row) if cell)
    budget.spend_cells(placed)
    grid, kept = laid_out(
        placed, name, "", lambda row, column: f"{name} 第{row + 1}行第{column + 1}列"
    )
    lines = [budget.spend_text(row_line(row)) for row in grid.rows]
    return _original(name, lines, [f"第{at + 1}行" for at in kept], [grid])


def _original(name: str, lines: list[str], places: list[str], grids: list[Grid]) -> Original:
    if not lines:
        raise InputError(f"{name}：表里没有文字。", f"{name}: the table holds no text.")
    return Original(name, tuple(lines), tuple(places), tuple(grids))


def csv_text(content: bytes, name: str) -> str:
    """The text of a csv file.

    Raises:
        InputError: where it holds zero bytes, as no text does.
    """
    text = decoded(content)
    if "\x00" in text:
        raise InputError(
            f"{name}：不是文本表格（含有零字节）。请重新导出 csv。",
            f"{name}: not a text table (it holds zero bytes). Export the csv again.",
        )
    return text


def csv_rows(text: str, name: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of a csv file, cells without blanks around and without guarding apostrophes.

    Raises:
        InputError: where it is no valid csv, or has more than `MAX_ROWS` rows.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for count, row in enumerate(reader, 1):
            check_rows(count, name)
            yield [_unguarded(cell.strip()) for cell in row]
    except csv.Error as error:
        raise InputError(
            f"{name}：第 {reader.line_num} 行不是有效的 csv({error})。",
            f"{name}: line {reader.line_num} is no valid csv ({error}).",
        ) from None


def check_rows(rows: int, name: str) -> None:
    """Refuse a table of more than `MAX_ROWS` rows.

    Raises:
        InputError: where it has more.
    """
    if rows > MAX_ROWS:
        raise InputError(
            f"{name}：超过 {MAX_ROWS} 行。请分成几个文件。",
            f"{name}: more than {MAX_ROWS} rows. Split it into several files.",
        )


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


def cell_text(cell: object) -> str:
    """The value of a workbook's cell as text."""
    if isinstance(cell, str):  # as most are
        return _unguarded(cell.strip())
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        if cell.time() == time():
            return cell.date().isoformat()
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return _unguarded(str(cell).strip())


def _number_text(value: float) -> str:
    """A spreadsheet's binary number as the decimal it shows: 15 significant digits at most."""
    text = format(value, ".15g")
    if "n" in text:
        return text
    text = plain(Decimal(text))
    return "0" if text == "-0" else text


def _refused(name: str, fault: Fault) -> InputError:
    return InputError(
        f"{name}：{fault.zh}。请另存为普通的 xlsx 文件。",
        f"{name}: {fault.en}. Save it as a plain xlsx file.",
    )


def _too_many_sheets(name: str) -> InputError:
    return InputError(
        f"{name}：超过 {MAX_SHEETS} 个工作表。请只保留要交的。",
        f"{name}: more than {MAX_SHEETS} sheets. Keep only those that are asked for.",
    )
