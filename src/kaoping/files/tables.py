"""Tables that officials edit: csv in any encoding offices use, and xlsx, as rows of text.

Every cell becomes text: a number its shortest decimal (at most 15 significant digits, as a
spreadsheet shows it), a date YYYY-MM-DD, a truth value 是 or 否. Column headings may be the English
names of the format or the Chinese ones of `COLUMN_NAMES`. What cannot be a table is refused with a
sentence that says what to do.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

import python_calamine

from kaoping.core.errors import InputError
from kaoping.core.problems import Problem
from kaoping.core.results import BEYOND_COLUMNS, Row
from kaoping.files.contents import LOST, read_bytes
from kaoping.files.sheets import MAX_SHEETS, cell_text, check_rows, csv_rows, csv_text
from kaoping.files.structure import Fault
from kaoping.files.workbooks import MAX_CELLS, plain_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    Rows = Sequence[Sequence[object]]
    """The cells of a sheet as the workbook holds them: text, number, truth value or time."""

MAX_BYTES = 50_000_000
HEADER_WITHIN = 10
"""A heading row stands among this many first rows, below titles and notes."""

COLUMN_NAMES: Mapping[str, str] = {
    "单位": "unit",
    "被考评单位": "unit",
    "任务": "task",
    "任务编号": "task",
    "指标": "indicator",
    "指标编号": "indicator",
    "输入项": "input",
    "数值": "value",
    "值": "value",
    "计量单位": "unit_of_measure",
    "数据日期": "as_of",
    "截至日期": "as_of",
    "数据状态": "status",
    "数据来源": "data_source",
    "扣分项": "line",
    "计次项": "line",
    "次数": "count",
    "理由": "reason",
    "扣分理由": "reason",
    "依据": "basis",
    "评分依据": "basis",
    "佐证": "evidence",
    "佐证材料": "evidence",
    "种类": "kind",
    "决定种类": "kind",
    "名称": "name",
    "姓名": "name",
    "决定人": "author",
    "文件依据": "document",
    "台账项": "item",
    "目录编号": "item",
    "文件": "file",
    "文件名": "file",
    "事件日期": "event_date",
    "期间起": "period_from",
    "期间止": "period_to",
    "收到时间": "received_at",
    "职责": "duty",
    "科室": "section",
    "电话": "telephone",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: its file's name, its columns by English name, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def damaged_cells(self) -> tuple[Problem, ...]:
        """Cells whose text did not survive: bytes of no encoding, or lost in an earlier export."""
        return tuple(
            Problem(
                "TABLE-UNREADABLE",
                f"{row.place} {column}",
                f"单元格里有无法辨认的字节：“{cell[:40]}”",
                "请按原件改正这一格，或从原来的系统重新导出",
            )
            for row in self.rows
            for column, cell in row.cells.items()
            if LOST in cell
        )


def read_table(path: Path, wanted: Sequence[str]) -> Table:
    """Read a csv or xlsx file; `wanted` are the columns by which the heading row is recognised.

    Raises:
        InputError: where the file is missing, empty, broken, unsafe, or no table.
    """
    content = read_bytes(path, MAX_BYTES)
    if not content.strip():
        raise InputError(f"{path.name}：文件是空的。", f"{path.name}: the file is empty.")
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        grid = _xlsx_grid(content, path.name, wanted)
    elif suffix in (".csv", ".txt"):
        grid = _csv_grid(content, path.name, wanted)
    else:
        raise _no_table(path.name)
    return _table(grid, path.name, wanted)


def _no_table(name: str) -> InputError:
    return InputError(
        f"{name}：只能读 csv 和 xlsx 表格。请另存为 xlsx。",
        f"{name}: only csv and xlsx tables can be read. Save it as xlsx.",
    )


@dataclass(frozen=True, slots=True)
class Sheets:
    """The tables of one file by their kind, and the names of sheets that are of none."""

    tables: Mapping[str, Table]
    unread: tuple[str, ...]


def read_sheets(
    content: bytes, name: str, kinds: Mapping[str, Sequence[str]], words: Mapping[str, str]
) -> Sheets:
    """Read every table of a csv or xlsx file.

    Args:
        content: the file.
        name: its name, for places and messages; its ending says what it is.
        kinds: the columns by which a table is known to be of a kind, the most telling kind first.
        words: further headings with the columns they stand for.

    Raises:
        InputError: where the file is empty, broken, unsafe, or has two tables of one kind or none.
    """
    if len(content) > MAX_BYTES or not content.strip():
        raise InputError(
            f"{name}：文件是空的，或超过 {MAX_BYTES // 1_000_000} MB。",
            f"{name}: the file is empty, or larger than {MAX_BYTES // 1_000_000} MB.",
        )
    words = {**COLUMN_NAMES, **words}
    tables: dict[str, Table] = {}
    unread = []
    for sheet, grid in _grids(content, name, [*dict.fromkeys(chain(*kinds.values()))]):
        found = _kind_of(grid, kinds, words)
        if found is None:
            unread += [sheet] if any(map(any, grid)) else []
            continue
        kind, at = found
        if kind in tables:
            raise InputError(
                f"{name}：有两个工作表的表头相同（{tables[kind].name}、{sheet}）。请只留一个。",
                f"{name}: two sheets have the same headings. Keep one of them.",
            )
        tables[kind] = _table_below(grid, at, f"{name}“{sheet}”" if sheet else name, words)
    if not tables:
        heads = {column: word for word, column in reversed(words.items())}
        listed = "；".join("、".join(heads.get(one, one) for one in kinds[kind]) for kind in kinds)
        raise InputError(
            f"{name}：前 {HEADER_WITHIN} 行里没有找到表头。表头至少应有：{listed}。",
            f"{name}: no heading row in the first {HEADER_WITHIN} rows.",
        )
    return Sheets(tables, tuple(unread))


def _grids(
    content: bytes, name: str, wanted: Sequence[str]
) -> Iterator[tuple[str, list[list[str]]]]:
    """The sheets of a file with their names; a csv file is one without a name."""
    suffix = name.lower().rpartition(".")[2]
    if suffix in ("csv", "txt"):
        yield "", _csv_grid(content, name, wanted)
        return
    if suffix != "xlsx":
        raise _no_table(name)
    book = _book(content, name)
    cells = 0
    for sheet in book.sheet_names[:MAX_SHEETS]:
        grid = _sheet_grid(book, sheet, name)
        cells += sum(map(len, grid))
        if cells > MAX_CELLS:
            raise InputError(
                f"{name}：各工作表合计过大。请只留要交的表。",
                f"{name}: its sheets are too large together. Keep only what is asked for.",
            )
        yield sheet, grid


def _kind_of(
    grid: Sequence[Sequence[str]], kinds: Mapping[str, Sequence[str]], words: Mapping[str, str]
) -> tuple[str, int] | None:
    """The kind of a table, and where its heading row stands."""
    for index, row in enumerate(grid[:HEADER_WITHIN]):
        names = {_column(cell, words) for cell in row if cell}
        for kind, wanted in kinds.items():
            if names.issuperset(wanted):
                return kind, index
    return None


def _csv_grid(content: bytes, name: str, wanted: Sequence[str]) -> list[list[str]]:
    text = csv_text(content, name)
    return list(csv_rows(text, name, _delimiter(text, wanted)))


def _delimiter(text: str, wanted: Sequence[str]) -> str:
    """What parts the cells: that of `,` `;` tab by which a row names most of the headings.

    Where none names any, the most frequent one of the first rows: what is wrong is then told of
    the rows as their writer saw them.
    """
    head = "".join(islice(io.StringIO(text), HEADER_WITHIN))
    return max(",;\t", key=lambda one: (_headings_named(text, one, wanted), head.count(one)))


def _headings_named(text: str, delimiter: str, wanted: Sequence[str]) -> int:
    most = 0
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    with suppress(csv.Error):  # told where the table is read
        for row in islice(rows, HEADER_WITHIN):
            most = max(most, len({_column(cell) for cell in row} & set(wanted)))
    return most


def _xlsx_grid(content: bytes, name: str, wanted: Sequence[str]) -> list[list[str]]:
    return _first_table(_book(content, name), name, wanted)


def _book(content: bytes, name: str) -> python_calamine.CalamineWorkbook:
    plain = plain_workbook(content)
    if isinstance(plain, Fault):
        raise InputError(
            f"{name}：{plain.zh}。请另存为普通的 xlsx 文件。",
            f"{name}: {plain.en}. Save it as a plain xlsx file.",
        )
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(plain))
    except _UNSOUND:
        raise _unsound(name) from None


_UNSOUND = (python_calamine.CalamineError, ValueError, OSError, KeyError)
"""What reading a damaged workbook may raise."""


def _unsound(name: str) -> InputError:
    return InputError(
        f"{name}：不是完好的 xlsx 文件。请用表格软件打开后另存一次。",
        f"{name}: not a sound xlsx file. Open it in a spreadsheet program and save it again.",
    )


def _first_table(
    book: python_calamine.CalamineWorkbook, name: str, wanted: Sequence[str]
) -> list[list[str]]:
    """The first sheet with a heading row, else the first sheet.

    One sheet may be listed under many names; what all of them hold together is bounded, too.
    """
    first: Rows | None = None
    cells = 0
    for sheet in book.sheet_names[:MAX_SHEETS]:
        rows = _sheet_rows(book, sheet, name)
        if _header_row(_texts(rows[:HEADER_WITHIN]), wanted) is not None:
            return _texts(rows)
        first = rows if first is None else first
        cells += sum(map(len, rows))
        if cells > MAX_CELLS:
            raise InputError(
                f"{name}：前面的工作表过大，又都没有表头。请把要交的表放在第一个工作表。",
                f"{name}: its first sheets are too large and have no heading row. "
                "Put the table on the first sheet.",
            )
    return _texts(first or [])


def _sheet_grid(book: python_calamine.CalamineWorkbook, sheet: str, name: str) -> list[list[str]]:
    return _texts(_sheet_rows(book, sheet, name))


def _sheet_rows(book: python_calamine.CalamineWorkbook, sheet: str, name: str) -> Rows:
    """The cells of a sheet as the workbook holds them."""
    try:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except _UNSOUND:
        raise _unsound(name) from None
    check_rows(len(rows), name)
    return rows


def _texts(rows: Rows) -> list[list[str]]:
    return [[cell_text(cell) for cell in row] for row in rows]


def _column(heading: str, words: Mapping[str, str] = COLUMN_NAMES) -> str:
    plain = re.sub(r"[\s*\uff08(].*$", "", heading.strip()) or heading.strip()
    return words.get(plain, plain.lower())


def _header_row(grid: Sequence[Sequence[str]], wanted: Sequence[str]) -> int | None:
    for index, row in enumerate(grid[:HEADER_WITHIN]):
        names = {_column(cell) for cell in row if cell}
        if len(names & set(wanted)) * 2 >= len(wanted):
            return index
    return None


def _table(grid: Sequence[Sequence[str]], name: str, wanted: Sequence[str]) -> Table:
    at = _header_row(grid, wanted)
    if at is None:
        listed = "、".join(wanted)
        raise InputError(
            f"{name}：前 {HEADER_WITHIN} 行里没有找到表头。应有这些列：{listed}。",
            f"{name}: no heading row in the first {HEADER_WITHIN} rows. Expected: {listed}.",
        )
    return _table_below(grid, at, name, COLUMN_NAMES)


def _table_below(
    grid: Sequence[Sequence[str]], at: int, name: str, words: Mapping[str, str]
) -> Table:
    """The table whose heading row stands at an index."""
    columns = tuple(_column(cell, words) for cell in grid[at])
    rows = []
    for index, cells in enumerate(grid[at + 1 :], at + 2):
        if any(cells):
            named = {c: cell for c, cell in zip(columns, cells, strict=False) if c}
            pairs = zip_longest(columns, cells, fillvalue="")
            extra = [cell for column, cell in pairs if cell and not column]
            if extra:
                named[BEYOND_COLUMNS] = extra[0]
            rows.append(Row(f"{name} 第 {index} 行", named))
    return Table(name, tuple(c for c in columns if c), tuple(rows))


_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A csv with UTF-8 mark; text a spreadsheet would run as a formula gets an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _guarded(cell: str) -> str:
    if cell.startswith(_DANGEROUS) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell
