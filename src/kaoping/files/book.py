"""A workbook being written, sheet after sheet and row after row: to be read, followed and printed.

Rows go to temporary files as they are added, so that a million cells take the memory of one row and
of the finished file. Every text stays a text (O15); a figure is stored as the decimal that it is. A
text that its cell cannot show or hold stands whole on the sheet 长文, and its cell says so. Nothing
but plain OOXML is used, since the programs of offices know little more.
"""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kaoping.core.canonical import decimals_of, plain
from kaoping.core.errors import EnvironmentFault, InputError
from kaoping.core.report.document import printable
from kaoping.files.archive import EARLIEST, office_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from xlsxwriter.format import Format

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet holds."""
MOST_SIGNS = 32_767
"""What a cell holds, counted as spreadsheets do: in UTF-16."""
MOST_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; a longer one is written as text."""
FULL_TEXTS = "长文"
"""The sheet of texts that their cells cannot show or hold."""
PAGE_WIDTH = 264
"""Widths of columns that come to one page; more would make letters of less than 6 points."""

_FACE = "宋体"
_GREY, _RULE, _FAINT = "#F0F2F5", "#B9C0C9", "#5D6773"
_A4 = 9
_MAX_SHEET_NAME = 28
_MOST_HEADER = 240
"""A header of more than 255 characters is left out by who reads it; its codes take some."""
_MOST_CHOICES = 255
"""Of all choices of a cell, with commas between them; with more there is no list to choose from."""
_MOST_FORMULA, _MOST_ARGUMENTS = 8_000, 250
_TITLE_ROW, _NOTE_ROW, _HEAD_ROW = range(3)
_LINE_HEIGHT, _MOST_LINES = 13.5, 29
"""In points: a spreadsheet allows rows of 409."""
_HEAD_LINES, _MOST_HEAD_LINES, _WIDEST_HEAD = 6, 14, 40
"""A column grows until its heading takes so many lines, as far as it may; then its row does."""
_TITLE_SIZE, _SIZE = 15, 10
_UNUSUAL = re.compile("[^ -~\\n·×–—‘’“”…→①-⑳、-】〔〕㐀-䶿一-鿿！-￠]")
"""A text without such characters has nothing that cannot be written."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_RESERVED_NAME = "history"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, the words to choose from.

    Attributes:
        over: a second heading above the first.
        hidden: it is there for programs.
    """

    head: str
    width: int
    choices: tuple[str, ...] = ()
    over: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell is shown.

    Attributes:
        strong: bold on grey, as totals are.
        grey: on grey, as what is not to be changed.
        faint: without rule, in faint letters.
        places: decimals that a number has at least.
        after: words behind a number.
        as_typed: what is typed into it stays text.
        is_day: it holds a day, or waits for one.
    """

    strong: bool = False
    grey: bool = False
    faint: bool = False
    centred: bool = False
    places: int = 0
    after: str = ""
    as_typed: bool = False
    is_day: bool = False


PLAIN, CENTRED, STRONG = Look(), Look(centred=True), Look(strong=True)
AS_TYPED, DAY = Look(as_typed=True), Look(is_day=True)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, and its value for who does not calculate."""

    text: str
    value: Decimal


Value = str | Decimal | date | Formula | None
Cell = Value | tuple[Value, Look]


def summed(cells: Sequence[str]) -> str:
    """The sum of any number of cells or ranges in a formula, though a function takes 255."""
    if len(cells) <= _MOST_ARGUMENTS:
        return f"SUM({','.join(cells)})"
    runs = range(0, len(cells), _MOST_ARGUMENTS)
    return f"SUM({','.join(summed(cells[at : at + _MOST_ARGUMENTS]) for at in runs)})"


def ranges(column: int, rows: Sequence[int]) -> list[str]:
    """Cells of a column in ascending rows, those that follow each other as one range."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        first = runs.pop()[0] if runs and runs[-1][1] == row - 1 else row
        runs.append((first, row))
    return [
        xl_rowcol_to_cell(first, column)
        + (f":{xl_rowcol_to_cell(last, column)}" if last > first else "")
        for first, last in runs
    ]


def mean_formula(column: int, rows: Sequence[int], mean: Decimal, places: int) -> Value:
    """The mean of some rows of a column as a formula; the mean itself where it would be too long."""
    listed = ranges(column, rows)
    if len(listed) > _MOST_ARGUMENTS:
        return mean
    return formula(f"ROUND(AVERAGE({','.join(listed)}),{places})", mean)


def formula(text: str, value: Decimal) -> Value:
    """A formula with its value; the value alone where a spreadsheet cannot take the formula."""
    return Formula(f"={text}", value) if len(text) <= _MOST_FORMULA else value


# --- books -----------------------------------------------------------------------------------------


class Book:
    """A workbook being written: sheets are begun one after another, `content` is there at the end.

    Args:
        title: in its properties.
        made_at: in its properties; without a time of its own it is the same whenever it is written.
        author: in its properties.
        seal: at the foot of every page.
        mark: at the head of every page.
        read_again: it is a form that is filled in and read again: texts stay exactly as they are.
    """

    def __init__(
        self,
        title: str = "",
        made_at: datetime | None = None,
        author: str = "",
        *,
        seal: str = "",
        mark: str = "",
        read_again: bool = False,
    ) -> None:
        self.content = b""
        self.foot = f'&C&"{_FACE},常规"&9第 &P 页　共 &N 页' + (f"&R&8{seal}" if seal else "")
        self.mark = f'&R&"{_FACE},常规"&9{mark}' if mark else ""
        self.read_again = read_again
        self._stream = io.BytesIO()
        self._scratch = tempfile.TemporaryDirectory(prefix="kaoping-")
        options = {
            "constant_memory": True,
            "tmpdir": self._scratch.name,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": dict(_LETTERS),
        }
        self._book = xlsxwriter.Workbook(self._stream, options)
        created = EARLIEST if made_at is None else office_time(made_at)
        told = {"title": shown_text(title)[:255], "author": shown_text(author)[:255]}
        self._book.set_properties({"created": created, **told})
        self._names: set[str] = {FULL_TEXTS}
        self._formats: dict[object, Format] = {}
        self._sheets: list[_Worksheet] = []
        self._open: Sheet | None = None
        self._aside: dict[str, tuple[int, str, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._scratch:
            if error is None:
                self._close()
            for sheet in self._sheets:
                sheet.rest()

    def _close(self) -> None:
        if not self._sheets:
            self.sheet("表", "", [Column("", 20)])
        self._write_aside()
        self._finish_sheet()
        try:
            self._book.close()
        except FileCreateError as error:
            raise EnvironmentFault(
                "工作簿没有写成：临时文件夹写不下，请清理磁盘后再试。",
                f"The workbook could not be written: {error}. Make room on the disk and try again.",
            ) from error
        self.content = self._stream.getvalue()

    def sheet(
        self,
        name: str,
        title: str,
        columns: Sequence[Column],
        note: str = "",
        *,
        frozen: int = 1,
        filtered: bool = True,
        remark: str = "",
    ) -> Sheet:
        """Begin a sheet with a title, a note and headings; the one before it is finished.

        Args:
            name: on its tab, without what a name may not hold, and shortened where it is long.
            title: above the table, and at the head of every printed page.
            columns: at most as many as a sheet holds.
            note: below the title.
            frozen: so many first columns stay in sight, and stand on every page of a wide table.
            filtered: its rows can be filtered.
            remark: for programs, in the last column of the title's row.

        Raises:
            InputError: where there are more columns than a sheet holds.
        """
        if len(columns) > MOST_COLUMNS:
            raise InputError(
                f"“{title}”有 {len(columns)} 列，一张工作表最多 {MOST_COLUMNS} 列，没有写出。请分开导出。",
                f"“{title}” has {len(columns)} columns, a sheet holds {MOST_COLUMNS}. Export it in parts.",
            )
        self._finish_sheet()
        self._open = Sheet(
            self, name, title, columns, note=note, frozen=frozen, filtered=filtered, remark=remark
        )
        return self._open

    def blank_sheet(self, name: str) -> _Worksheet:
        """A new sheet of paper under a name like this; for `Sheet` alone."""
        sheet: _Worksheet = self._book.add_worksheet(self._free_name(name), _Worksheet)
        self._sheets.append(sheet)
        return sheet

    def _finish_sheet(self) -> None:
        if self._open is not None:
            self._open.finish()
            self._open = None

    def _free_name(self, name: str) -> str:
        clean = _NOT_IN_NAMES.sub("", shown_text(name).replace("\n", " ")).strip()
        clean = cut(clean, _MAX_SHEET_NAME).strip() or "表"
        if clean.lower() == _RESERVED_NAME:
            clean += "1"
        free, number = clean, 2
        while free.lower() in self._names:
            free, number = f"{cut(clean, _MAX_SHEET_NAME - 3)}{number}", number + 1
        self._names.add(free.lower())
        return free

    def put_aside(self, sheet: str, cell: str, text: str) -> int:
        """Keep a text for the sheet 长文, once however often it comes; its number there."""
        return self._aside.setdefault(text, (len(self._aside) + 1, sheet, cell))[0]

    def _write_aside(self) -> None:
        """The texts that their cells cannot show or hold, in rows as high as a page allows."""
        if not self._aside:
            return
        columns = [Column("条", 6), Column("所在表", 22), Column("单元格", 10), Column("内容", 110)]
        self._names.discard(FULL_TEXTS)
        note = "各表单元格中显示不下的文字，全文在此，所在表和单元格是第一次出现的地方；一条分几行的，依次连读。"
        sheet = self.sheet(FULL_TEXTS, "长文全文", columns, note)
        for text, (number, name, cell) in list(self._aside.items()):
            for piece in _pieces(text, columns[-1].width):
                sheet.add([(Decimal(number), CENTRED), name, (cell, CENTRED), piece])

    def format(self, look: Look, decimals: int | None = None) -> Format:
        """How a cell is written: a text, a number with decimals, or a day."""
        key = (look, decimals)
        found = self._formats.get(key)
        if found is None:
            found = self._formats[key] = self._book.add_format(_properties(look, decimals))
        return found

    def heading(self, kind: str) -> Format:
        """How a `title`, a `note`, a `head` or a column that is `typed` into is written."""
        if kind not in self._formats:
            self._formats[kind] = self._book.add_format(_HEADINGS[kind])
        return self._formats[kind]


_LETTERS: dict[str, Any] = {
    "font_name": _FACE,
    "font_size": _SIZE,
    "font_color": "#000000",
    "font_charset": 134,
    "font_family": 3,
    "font_scheme": None,  # with one, the theme of a program would replace the face
}
_BASE = _LETTERS | {"valign": "vcenter"}
_EDGED = _BASE | {"border": 1, "border_color": _RULE}
_HEADINGS: dict[str, dict[str, Any]] = {
    "title": _BASE | {"font_size": _TITLE_SIZE, "bold": True, "text_wrap": False},
    "titles": _BASE | {"font_size": _TITLE_SIZE, "bold": True, "text_wrap": True},
    "note": _BASE | {"font_color": _FAINT},
    "notes": _BASE | {"font_color": _FAINT, "text_wrap": True},
    "typed": _BASE | {"num_format": "@"},
    "head": _EDGED | {"bold": True, "align": "center", "text_wrap": True, "bg_color": _GREY},
}


def _properties(look: Look, decimals: int | None) -> dict[str, Any]:
    made = dict(_BASE if look.faint else _EDGED)
    if look.faint:
        made["font_color"] = _FAINT
    if look.strong or look.grey:
        made |= {"bold": look.strong, "bg_color": _GREY}
    if decimals is not None and not look.centred:
        made |= {"align": "right", "indent": 1}
    if look.centred or look.is_day:
        made["align"] = "center"
    if look.is_day:
        return made | {"num_format": "yyyy-mm-dd"}
    if decimals is None:
        return made | {"text_wrap": True} | ({"num_format": "@"} if look.as_typed else {})
    shown = "0." + "0" * decimals if decimals else "0"
    return made | {"num_format": f'{shown}"{look.after}"' if look.after else shown}


class _Worksheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet of the library that takes every text for a text."""

    def _xml_rich_inline_string(self, string: str, attributes: Sequence[tuple[str, Any]]) -> None:
        """The library takes a text from <r> to </r> for one with marks of its own."""
        self._xml_inline_string(string, True, attributes)  # noqa: FBT003 - the library's way

    def _write_single_row(self, current_row_num: int = 0) -> None:
        """A row that is written needs no memory."""
        written = self.previous_row
        super()._write_single_row(current_row_num)
        self.row_info.pop(written, None)
        self.row_sizes.pop(written, None)

    def rest(self) -> None:
        """Let go of its temporary file: there may be more sheets than files may be open."""
        self._opt_close()


# --- sheets ----------------------------------------------------------------------------------------


class Sheet:
    """A table on a sheet of its own: headings that stay and are printed on each page, rows below.

    It is made by `Book.sheet`. Where it is full, it goes on on a further sheet.
    """

    def __init__(
        self,
        book: Book,
        name: str,
        title: str,
        columns: Sequence[Column],
        *,
        note: str,
        frozen: int,
        filtered: bool,
        remark: str,
    ) -> None:
        self._book, self._name, self._title = book, name, shown_text(title)
        self._note, self._remark = shown_text(note), remark
        self._frozen, self._filtered = min(frozen, len(columns)), filtered
        self._columns = [_with_room(one) for one in columns]
        self._widths = [one.width for one in self._columns]
        self._parts = self._last_listed = 0
        self._begin()

    # --- rows ---

    def next_row(self) -> int:
        """The row, from 0, that is added next."""
        if self._row == MOST_ROWS:
            self._begin()
        return self._row

    def add(self, cells: Sequence[Cell], look: Look = PLAIN) -> None:
        """A row; it becomes as high as its texts need.

        Args:
            cells: by column; a pair is a value with a look of its own.
            look: of all others.
        """
        at, lines = self.next_row(), 1
        for column, cell in enumerate(cells):
            value, own = cell if isinstance(cell, tuple) else (cell, look)
            if isinstance(value, str) and value:
                lines = max(lines, self._text(at, column, value, own))
            else:
                self._value(at, column, value, own)
        if not self._book.read_again:
            self._sheet.set_row(at, 4 + lines * _LINE_HEIGHT)
        self._row = at + 1

    def add_below(self, cells: Sequence[Cell], look: Look = STRONG) -> None:
        """A row that belongs to no list: filters and sorting leave it where it is."""
        self._last_listed = self._last_listed or self.next_row() - 1
        self.add(cells, look)

    def leave_blank(self, rows: int) -> None:
        """Rows to be filled in: what is typed stays as it is, 007 is no 7."""
        typed = self._book.heading("typed")
        for at, column in enumerate(self._columns):
            self._sheet.set_column(at, at, column.width, typed)
        self._last_listed = self._row + rows - 1

    def _text(self, at: int, column: int, given: str, look: Look) -> int:
        """Write a text; the lines that it takes."""
        text, lines = self._fitted(at, column, shown_text(given), _MOST_LINES)
        self._sheet.write_string(at, column, text, self._book.format(look))
        return lines

    def _fitted(self, at: int, column: int, text: str, most: int) -> tuple[str, int]:
        """A text with the lines it takes: as it is, or its beginning and where the whole stands."""
        width = self._widths[column]
        lines = lines_needed(text, width)
        if lines <= most and _is_short(text):
            return text, lines
        cell = xl_rowcol_to_cell(at, column)
        if self._book.read_again:
            if not _is_short(text):
                raise InputError(
                    f"“{self._name}”{cell} 的文字超过 {MOST_SIGNS} 字，单元格装不下。请缩短后再导出。",
                    f"“{self._name}” {cell}: a cell holds {MOST_SIGNS} characters. Shorten the text.",
                )
            return text, min(lines, most)
        number = self._book.put_aside(self._sheet.get_name(), cell, text)
        told = f"（全文见“{FULL_TEXTS}”表第{number}条）"
        begun = _beginning(text, width, max(1, most - lines_needed(told, width)))
        return f"{told}\n{begun[:-2]}……", most

    def _value(self, at: int, column: int, value: Value, look: Look) -> None:
        sheet, book = self._sheet, self._book
        match value:
            case Decimal():
                self._number(at, column, value, look)
            case Formula():
                decimals = max(look.places, decimals_of(value.value))
                sheet.write_formula(
                    at, column, value.text, book.format(look, decimals), value.value
                )
            case date():
                sheet.write_datetime(at, column, value, book.format(DAY))
            case _:
                sheet.write_blank(at, column, None, book.format(look))

    def _number(self, at: int, column: int, value: Decimal, look: Look) -> None:
        if is_exact(value):
            style = self._book.format(look, max(look.places, decimals_of(value)))
            exact: Any = value  # the library writes a decimal as it is, a float with 16 digits
            self._sheet.write_number(at, column, exact, style)
        else:
            self._sheet.write_string(at, column, plain(value), self._book.format(look))

    # --- the sheet ---

    def _begin(self) -> None:
        """A sheet of paper with title and headings, where the one before it is full or there is none."""
        if self._parts:
            self.finish()
        self._parts += 1
        more = f"（续{self._parts - 1}）" if self._parts > 1 else ""
        self._sheet = self._book.blank_sheet(self._name + more)
        self._last_listed = 0
        self._set_page(self._title + more)
        self._above(_TITLE_ROW, self._title + more, "title", _TITLE_SIZE / _SIZE)
        if self._remark:
            faint = self._book.format(Look(faint=True))
            self._sheet.write_string(_TITLE_ROW, len(self._columns) - 1, self._remark, faint)
        self._above(_NOTE_ROW, self._note, "note", 1)
        rows = [[one.head for one in self._columns]]
        if any(one.over for one in self._columns):
            rows.insert(0, [one.over for one in self._columns])
        self._row = _HEAD_ROW
        for heads in rows:
            self._heads(heads)
        self._first = self._row
        for at, column in enumerate(self._columns):
            self._sheet.set_column(at, at, column.width, None, {"hidden": column.hidden})
        self._sheet.repeat_rows(_HEAD_ROW, self._first - 1)
        self._sheet.freeze_panes(self._first, self._frozen)
        if self._frozen:
            self._sheet.repeat_columns(0, self._frozen - 1)

    def _set_page(self, title: str) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(self._pages_abreast(), 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        # A face but no size before the title: a year at its beginning would be read as part of it.
        said = cut(title.replace("\n", " "), _MOST_HEADER - len(self._book.mark) - 16)
        while len(said) + said.count("&") > _MOST_HEADER - len(self._book.mark) - 16:
            said = said[:-1]
        sheet.set_header(f'&L&"{_FACE},常规"{said.replace("&", "&&")}{self._book.mark}')
        sheet.set_footer(self._book.foot)

    def _pages_abreast(self) -> int:
        """How many pages a row takes: one, unless its letters would be too small to read."""
        widths = [0 if one.hidden else one.width for one in self._columns]
        fixed = min(sum(widths[: self._frozen]), PAGE_WIDTH // 2)
        return max(1, -(-(sum(widths) - fixed) // (PAGE_WIDTH - fixed)))

    def _above(self, row: int, text: str, kind: str, size: float) -> None:
        """The title or the note: across the columns of a page where it is longer than they are."""
        if not text:
            return
        last, width = 0, self._widths[0]
        for at, column in enumerate(self._columns[1:], 1):
            if column.hidden or width + column.width > PAGE_WIDTH:
                break
            last, width = at, width + column.width
        lines = lines_needed(text, int(width / size))
        if lines > 1:
            text, lines = _held(text), min(lines, _MOST_LINES)
            style = self._book.heading(f"{kind}s")
            if last:
                self._sheet.merge_range(row, 0, row, last, "", style)
            self._sheet.write_string(row, 0, text, style)
        else:
            self._sheet.write_string(row, 0, text, self._book.heading(kind))
        self._sheet.set_row(row, min(405, (4 + lines * _LINE_HEIGHT) * size))

    def _heads(self, heads: Sequence[str]) -> None:
        style, lines = self._book.heading("head"), 1
        for column, head in enumerate(heads):
            text, needed = self._fitted(self._row, column, shown_text(head), _MOST_HEAD_LINES)
            lines = max(lines, needed)
            self._sheet.write_string(self._row, column, text, style)
        self._sheet.set_row(self._row, 8 + lines * _LINE_HEIGHT)
        self._row += 1

    def finish(self) -> None:
        """What concerns all rows: filters, words to choose from."""
        last = max(self._last_listed or self._row - 1, self._first)
        for at, column in enumerate(self._columns):
            if column.choices and len(",".join(column.choices)) <= _MOST_CHOICES:
                told = cut(f"请选：{'、'.join(column.choices)}", 250)
                listed = {"validate": "list", "source": list(column.choices)}
                listed |= {"error_title": cut(column.head, 30), "error_message": told}
                self._sheet.data_validation(self._first, at, last, at, listed)
        if self._filtered and self._columns:
            self._sheet.autofilter(self._first - 1, 0, last, len(self._columns) - 1)
        self._sheet.rest()


def _with_room(column: Column) -> Column:
    """A column wide enough for its heading to take a few lines only."""
    width = column.width
    heads = (column.head, column.over)
    while width < _WIDEST_HEAD and any(lines_needed(one, width) > _HEAD_LINES for one in heads):
        width += 2
    return replace(column, width=width)


# --- texts -----------------------------------------------------------------------------------------


def shown_text(text: str) -> str:
    """A text as a cell can hold it: without control characters, its lines ended in one way."""
    if not _UNUSUAL.search(text):
        return text
    return printable(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def is_exact(value: Decimal) -> bool:
    """Whether a spreadsheet keeps all digits of a number."""
    return len(plain(abs(value)).replace(".", "")) <= MOST_DIGITS


def lines_needed(text: str, width: int) -> int:
    """Lines a text takes in a column; a Chinese character is two characters wide."""
    usable = max(2, (width - 1) // 2 * 2)
    if 2 * len(text) <= usable and "\n" not in text:
        return 1
    return sum(max(1, -(-_wide(line) // usable)) for line in text.split("\n"))


def _wide(line: str) -> int:
    if line.isascii():
        return len(line)
    return 2 * len(line) - len(line.encode("ascii", "ignore"))


def _is_short(text: str) -> bool:
    """Whether a cell holds it."""
    return len(text) <= MOST_SIGNS // 2 or _signs(text) <= MOST_SIGNS


def _signs(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """The beginning of a text, in the characters of a spreadsheet; none is cut in two."""
    if len(text) * 2 <= most:
        return text
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _held(text: str) -> str:
    return text if _is_short(text) else cut(text, MOST_SIGNS - 2) + "……"


def _beginning(text: str, width: int, lines: int) -> str:
    """As much of a text as some lines show."""
    return next(_pieces(text, width, lines), "")


def _pieces(text: str, width: int, most: int = _MOST_LINES - 1) -> Iterator[str]:
    """A text in pieces of some lines each, nothing left out."""
    fitting = max(1, (width - 1) // 2)
    piece: list[str] = []
    used = 0
    for whole in text.split("\n"):
        line = whole
        while used + (needed := lines_needed(line, width)) > most:
            room = (most - used) * fitting
            if room:
                piece.append(line[:room])
                line = line[room:]
            yield "\n".join(piece)
            piece, used = [], 0
        piece.append(line)
        used += needed
    if piece:
        yield "\n".join(piece)
