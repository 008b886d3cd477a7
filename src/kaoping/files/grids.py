"""Tables laid out: from the cells a file has to rows of equally many, and to lines of text.

A file writes a merged area once; in the grid every cell of it repeats the words. Spans are what a
file claims, so that all sizes are bounded here, for every format alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.original import Cell, Grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MAX_COLUMNS = 500
"""Most columns of a table; an office suite's text program allows 63."""
MAX_CELLS = 300_000
"""Most cells of one document's tables, merged ones counted wherever they are repeated."""
MAX_CHARACTERS = 20_000_000
"""Most characters of a document's lines and tables, merged cells counted wherever repeated."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell as a file has it: its upper left corner, counted from 0, its spans, its words."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


class Budget:
    """What the tables and lines of one document may still take; asked before anything is made."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._cells = MAX_CELLS
        self._characters = MAX_CHARACTERS

    def spend_text(self, text: str) -> str:
        """The text itself, once it is counted.

        Raises:
            InputError: where a document's text grows beyond `MAX_CHARACTERS`.
        """
        self._characters -= len(text)
        if self._characters < 0:
            raise InputError(
                f"{self._name}：文字超过 {MAX_CHARACTERS // 10_000} 万字。请分成几个文件。",
                f"{self._name}: more than {MAX_CHARACTERS} characters. Split it into several files.",
            )
        return text

    def spend_cells(self, cells: Sequence[Placed]) -> None:
        """Count a table with all that its spans repeat.

        Raises:
            InputError: where it is too wide, or the document's tables too large.
        """
        if any(cell.column + cell.columns > MAX_COLUMNS for cell in cells):
            raise InputError(
                f"{self._name}：有一张表格超过 {MAX_COLUMNS} 列。请删去多余的列。",
                f"{self._name}: one table has more than {MAX_COLUMNS} columns. Delete needless ones.",
            )
        height = max((cell.row + cell.rows for cell in cells), default=0)
        width = max((cell.column + cell.columns for cell in cells), default=0)
        self._cells -= max(height * width, sum(cell.rows * cell.columns for cell in cells))
        if self._cells < 0:
            raise InputError(
                f"{self._name}：表格过大，合计超过 {MAX_CELLS // 10_000} 万格。请分成几个文件。",
                f"{self._name}: its tables have more than {MAX_CELLS} cells. Split it into several.",
            )
        for cell in cells:
            self._characters -= len(cell.text) * (cell.rows * cell.columns)
        self.spend_text("")


def laid_out(
    cells: Sequence[Placed], place: str, title: str, address: Callable[[int, int], str]
) -> tuple[Grid, tuple[int, ...]]:
    """The grid of a table's cells, and which row of the file each row of the grid is, from 0.

    Rows without any words are left out, as are empty columns at the right end; where no cell
    stands, or two claim one place, the grid has an empty cell or the first of the two.

    Args:
        cells: the cells, spans within what `Budget.spend_cells` allows.
        place: the grid as a person finds it.
        title: the words above it.
        address: tells row and column, from 0, as a person finds them.
    """
    height = max((cell.row + cell.rows for cell in cells), default=0)
    width = max((cell.column + cell.columns for cell in cells if cell.text), default=0)
    owners: list[list[Placed | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, min(cell.column + cell.columns, width)):
                if owners[row][column] is None:
                    owners[row][column] = cell
    kept = tuple(row for row, line in enumerate(owners) if any(one and one.text for one in line))
    made: dict[int, Cell] = {}
    rows = []
    for at, row in enumerate(kept):
        line = []
        for column, owner in enumerate(owners[row]):
            if owner is None:
                line.append(Cell("", address(row, column), (at, column)))
                continue
            if (
                owner.rows == owner.columns == 1
            ):  # nearly all; the others are one cell in many places
                line.append(Cell(owner.text, address(owner.row, owner.column), (at, column)))
                continue
            if id(owner) not in made:
                corner = address(owner.row, owner.column)
                made[id(owner)] = Cell(owner.text, corner, (at, column))
            line.append(made[id(owner)])
        rows.append(tuple(line))
    return Grid(place, title, tuple(rows)), kept


def row_line(row: Iterable[Cell]) -> str:
    """A row as one line, `cell | cell`; a merged cell's words once, line breaks as blanks."""
    words, last = [], None
    for cell in row:
        if cell.area != last:
            words.append(" ".join(cell.text.split()).replace("|", "/"))
        last = cell.area
    return " | ".join(words) if len(words) > 1 else "".join(words)


LONGEST_TITLE_LINE = 40
"""A longer line above a table, in characters, is text and no title."""
_SENTENCE_ENDS = "。；;，,：:、"


def title_above(lines: Sequence[str]) -> str:
    """The title of a table from the lines right above it: the last one or two, where short."""
    taken: list[str] = []
    for line in reversed([line.strip() for line in lines if line.strip()][-2:]):
        if len(line) > LONGEST_TITLE_LINE or line.endswith(tuple(_SENTENCE_ENDS)):
            break
        taken.insert(0, line)
    return "\n".join(taken)
