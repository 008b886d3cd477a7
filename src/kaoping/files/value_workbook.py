"""台账数据表 as a workbook: one row for each value that a unit is asked for, to be filled in and read again.

What is written is read as it was. Rows may be sorted, left out or copied together, columns moved and
added: a row is known by a hidden cell, or by task and value where it has none. Reading only finds the
cells; what they say is judged where forms are.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kaoping.core.canonical import encode, plain
from kaoping.core.errors import InputError
from kaoping.core.problems import Problem
from kaoping.files.book import AS_TYPED, CENTRED, DAY, Book, Cell, Column, Look
from kaoping.files.sheets import sheets_as_typed
from kaoping.files.workbooks import Limits, column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from kaoping.files.sheets import TypedSheet

MAX_BYTES = 5_000_000
_LIMITS = Limits(cells=200_000, text=5_000_000, part=60_000_000, marks=1_000_000)
SHEET = "台账数据"
TASK, NAME, LABEL, MEASURE, VALUE, AS_OF, STATUS, SOURCE, KEY = (
    "任务编号", "任务", "数据项", "计量单位", "数值", "数据时点", "数据性质", "数据来源", "识别码",
)  # fmt: skip
"""The headings, by which columns are found again wherever they stand."""
TYPED = (VALUE, AS_OF, STATUS, SOURCE)
"""What is filled in."""
_WIDTHS = {TASK: 10, NAME: 34, LABEL: 16, MEASURE: 10, VALUE: 16, AS_OF: 13, STATUS: 10, SOURCE: 42, KEY: 60}  # fmt: skip
_OTHER_HEADS = {
    "编号": TASK, "任务名称": NAME, "数据名称": LABEL, "输入项": LABEL, "单位": MEASURE, "值": VALUE,
    "数据日期": AS_OF, "截至日期": AS_OF, "性质": STATUS, "数据状态": STATUS, "来源": SOURCE,
}  # fmt: skip
_HEAD_ROW, _HEAD_WITHIN = 2, 12
_EXACT_DIGITS = 15
"""A spreadsheet keeps this many digits of a number; a longer one is written as text."""
_EDITION = "kaoping-values/1"
_NOTE = (
    "在白色各格填写；不报的留空或删去整行。数值只写数字。行可以排序、删减，列可以移动；"
    "任务编号、数据项和隐藏的识别码列请勿改动。"
)


@dataclass(frozen=True, slots=True)
class Edition:
    """For whom a workbook was made: ids of the year and of the unit."""

    year: str
    unit: str


@dataclass(frozen=True, slots=True)
class Key:
    """Which value a row is about: the task, the name of the value in its rule, the act in force when it was made."""

    task: str
    input: str
    act: str


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value that is asked for, with what is reported; a value that is not has none, and perhaps a day."""

    key: Key
    task_name: str
    label: str
    unit_of_measure: str
    value: Decimal | None
    as_of: date | None
    status: str
    source: str


# --- writing --------------------------------------------------------------------------------------


def value_workbook(
    title: str, edition: Edition, rows: Iterable[ValueRow], statuses: Sequence[str]
) -> bytes:
    """The rows as a workbook to fill in; no text becomes a formula, a link or a number.

    Args:
        title: says whose values of which year these are.
        edition: the same for the reader.
        rows: in the order of the scheme.
        statuses: words that 数据性质 may be.
    """
    columns = [
        Column(name, width, tuple(statuses) if name == STATUS else (), hidden=name == KEY)
        for name, width in _WIDTHS.items()
    ]
    made = Book(title, read_again=True)
    with made as book:
        remark = f"{_EDITION} {edition.year} {edition.unit}"
        frozen = list(_WIDTHS).index(VALUE)
        sheet = book.sheet(SHEET, title, columns, _NOTE, frozen=frozen, remark=remark)
        for row in rows:
            sheet.add(_cells(row))
    return made.content


_TOLD, _HIDDEN = Look(grey=True), Look(faint=True)


def _cells(row: ValueRow) -> list[Cell]:
    told = (row.key.task, row.task_name, row.label, row.unit_of_measure)
    return [
        *((text, _TOLD) for text in told),
        _number(row.value),
        (row.as_of, DAY),
        (row.status, CENTRED),
        (row.source, AS_TYPED),
        (encode([row.key.task, row.key.input, row.key.act]).decode(), _HIDDEN),
    ]


def _number(value: Decimal | None) -> Cell:
    """A number with as many decimals as it was reported with: 26.80 is shown as 26.80."""
    places = 0 if value is None else len(plain(value).partition(".")[2])
    return value, Look(places=places)


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A row with something in it.

    Attributes:
        sheet: its sheet.
        number: of the row, from 1.
        key: what its hidden cell says; None where there is none.
        texts: its cells by the headings that there are.
        columns: where these stand, from 0.
        unreckoned: headings of cells that hold a formula without a value.
    """

    sheet: str
    number: int
    key: Key | None
    texts: Mapping[str, str]
    columns: Mapping[str, int]
    unreckoned: frozenset[str]

    def text(self, head: str) -> str:
        """A cell; empty where there is no such column."""
        return self.texts.get(head, "")

    def place(self, head: str = "") -> str:
        """Where a cell, or the whole row, is found: “台账数据”第 7 行 数据时点（F7）."""
        row = f"“{self.sheet}”第 {self.number} 行"
        if head not in self.columns:
            return row
        return f"{row} {head}（{column_letters(self.columns[head] + 1)}{self.number}）"


@dataclass(slots=True)
class ValuesFile:
    """What was found in a workbook: for whom it was made (once, or not at all), rows, wrong headings."""

    editions: set[Edition] = field(default_factory=set)
    lines: list[ValueLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_values(content: bytes, name: str) -> ValuesFile:
    """The rows of a workbook, of whatever sheet has the headings of one.

    Raises:
        InputError: where it is too large, damaged, unsafe, no workbook, or has no such sheet.
    """
    found, tables = ValuesFile(), 0
    for sheet in sheets_as_typed(content, name, MAX_BYTES, _LIMITS):
        head = _head_row(sheet)
        if head is not None:
            tables += 1
            _read(sheet, head, found)
    if not tables:
        raise InputError(
            f"{name}：没有找到台账数据表（表头要有“{TASK}”和“{VALUE}”）。请下载本页的数据表，在里面填写后再上传。",
            f"{name}: no table of values found (with the headings “{TASK}” and “{VALUE}”). Download the "
            "workbook of this page and fill it in.",
        )
    return found


def _head_row(sheet: TypedSheet) -> int | None:
    rows = enumerate(sheet.cells[:_HEAD_WITHIN])
    return next((at for at, row in rows if {TASK, VALUE} <= {_head(cell) for cell in row}), None)


def _head(cell: str) -> str:
    """A heading without blanks and without what is explained in brackets."""
    words = re.sub(r"[（(].*$|\s", "", cell)
    return _OTHER_HEADS.get(words, words)


def _read(sheet: TypedSheet, head: int, found: ValuesFile) -> None:
    for row in sheet.cells[:head]:
        found.editions |= {edition for cell in row if (edition := _edition(cell))}
    columns: dict[str, int] = {}
    for column, cell in enumerate(sheet.cells[head]):
        name = _head(cell)
        if name in columns and name in _WIDTHS:
            found.problems.append(_twice(sheet, head, column, name))
        columns.setdefault(name, column)
    columns = {name: column for name, column in columns.items() if name in _WIDTHS}
    for name in TYPED:
        if name not in columns:
            found.problems.append(_missing(sheet, head, name))
    for at, row in enumerate(sheet.cells[head + 1 :], head + 1):
        texts = {name: row[column].strip() for name, column in columns.items() if column < len(row)}
        unreckoned = frozenset(
            name for name in TYPED if (at, columns.get(name, -1)) in sheet.empty_formulas
        )
        if any(texts.get(name) for name in _WIDTHS) or unreckoned:
            key = _key(texts.get(KEY, ""))
            found.lines.append(ValueLine(sheet.name, at + 1, key, texts, columns, unreckoned))


def _edition(cell: str) -> Edition | None:
    match cell.split():
        case [mark, year, unit] if mark == _EDITION:
            return Edition(year, unit)
        case _:
            return None


def _key(text: str) -> Key | None:
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match parts:
        case [str(task), str(name), str(act)]:
            return Key(task, name, act)
        case _:
            return None


def _twice(sheet: TypedSheet, head: int, column: int, name: str) -> Problem:
    return Problem(
        "COLUMN-UNKNOWN",
        f"“{sheet.name}”第 {head + 1} 行 {column_letters(column + 1)} 列",
        f"“{name}”列出现了两次",
        "只留一列，或把另一列的表头改名",
    )


def _missing(sheet: TypedSheet, head: int, name: str) -> Problem:
    return Problem(
        "COLUMN-MISSING",
        f"“{sheet.name}”第 {head + 1} 行",
        f"没有“{name}”列",
        "请用本页下载的数据表，不要删去这一列",
    )
