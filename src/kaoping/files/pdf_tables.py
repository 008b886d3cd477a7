"""Tables of a pdf as grids: the words of their cells, and pages put together to one table."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kaoping.core.original import Cell, Grid
from kaoping.files.pdf_ruling import common_columns
from kaoping.files.pdf_text import cell_text, printed_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.files.pdf_marks import Glyph
    from kaoping.files.pdf_ruling import Ruled
    from kaoping.files.pdf_text import Line

_NUMBER = re.compile(r"\d{1,4}(?:[.．-]\d{1,3})*[.．、]?|[一二三四五六七八九十]{1,3}、?")
"""What a row's number (序号) looks like."""
_NUMBERED = 0.9
"""Part of its rows that a column numbers if it is the column of numbers."""
_BELOW = 1.0
"""Points by which the beginnings of lines that stand below each other may differ."""
_LOOKED_AT = 60
"""How many of the last rows are looked at for their numbers."""
_MOST_HEADING_ROWS = 4


@dataclass(slots=True)
class Area:
    """A cell or merged area: its lines, and where it stands in the table on its page, from 0."""

    page: int
    table: int
    row: int
    column: int
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words."""
        return cell_text(self.lines)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: for each column the area it belongs to, and where the row stands."""

    page: int
    table: int
    number: int
    areas: list[Area]

    def place(self) -> str:
        """How a person finds it."""
        return f"第{self.page}页表{self.table}第{self.number}行"


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a table that stands on one page.

    Attributes:
        page: its page, from 1.
        widths: its column edges, measured from the first.
        closed: for each column whether its last row is ended by a rule.
        rows: its rows.
    """

    page: int
    widths: tuple[float, ...]
    closed: tuple[bool, ...]
    rows: list[TableRow]

    def divided(self, widths: Sequence[float]) -> Part:
        """The same part with the column edges of the whole table, of which its own are some."""
        middles = [(one + other) / 2 for one, other in pairwise(widths)]
        own = [min(bisect_right(self.widths, x), len(self.closed)) - 1 for x in middles]
        return Part(
            self.page,
            tuple(widths),
            tuple(self.closed[column] for column in own),
            [replace(row, areas=[row.areas[column] for column in own]) for row in self.rows],
        )


def table_part(ruled: Ruled, glyphs: Sequence[Glyph], page: int, table: int) -> Part:
    """A table on a page, its edges and the characters in it known; tables are counted from 1."""
    tops = ruled.areas()
    areas = {cell: Area(page, table, *cell) for row in tops for cell in row}
    inside: dict[_Cell, list[Glyph]] = {}
    for glyph in glyphs:
        row, column = ruled.cell_of(glyph)
        inside.setdefault(tops[row][column], []).append(glyph)
    lines = {cell: printed_lines(found, page) for cell, found in inside.items()}
    for cell, placed in _in_their_columns(lines, tops, ruled).items():
        areas[cell].lines = placed
    return Part(
        page,
        ruled.widths,
        tuple(ruled.is_closed_below(column) for column in range(ruled.columns)),
        [
            TableRow(page, table, number, [areas[cell] for cell in row])
            for number, row in enumerate(tops, start=1)
        ],
    )


def continues(table: Sequence[Part], part: Part) -> bool:
    """Whether a table at the top of the next page has the columns of one at a page's bottom."""
    widths = common_widths(table)
    return part.page == table[-1].page + 1 and common_columns(widths, part.widths) is not None


def common_widths(parts: Sequence[Part]) -> tuple[float, ...]:
    """The column edges of a whole table, measured from the first."""
    return max((part.widths for part in parts), key=len)


def table_rows(parts: Sequence[Part]) -> list[TableRow]:
    """The rows of a table from its parts on successive pages; rows without words are left out."""
    widths = common_widths(parts)
    divided = [part.divided(widths) for part in parts]
    rows = list(divided[0].rows)
    heading = [_words(row) for row in rows[:_MOST_HEADING_ROWS]]
    for before, part in pairwise(divided):
        _continue(rows, part.rows, heading, before)
    return [row for row in rows if any(area.lines for area in row.areas)]


_Cell = tuple[int, int]


def _in_their_columns(
    lines: dict[_Cell, list[Line]], tops: list[list[_Cell]], ruled: Ruled
) -> dict[_Cell, list[Line]]:
    """Lines that know where the lines of their cell may begin and end."""
    last = {cell: column for row in tops for column, cell in enumerate(row)}
    columns: dict[tuple[int, int], list[Line]] = {}
    for cell, found in lines.items():
        columns.setdefault((cell[1], last[cell]), []).extend(found)
    limits = {
        column: _limits(found, ruled.xs[column[0]], ruled.xs[column[1] + 1])
        for column, found in columns.items()
    }
    placed = {}
    for cell, found in lines.items():
        left, right = limits[cell[1], last[cell]]
        placed[cell] = [replace(line, left=left, right=right) for line in found]
    return placed


def _limits(lines: Sequence[Line], left: float, right: float) -> tuple[float, float]:
    """Where the lines of a column begin and end, between its rules.

    Both sides keep an equal margin from the rules. Where lines begin below each other their left
    side shows it, however far words stick out on the right; else the nearest line does.
    """
    if not lines:
        return left, right
    # Full-width brackets and stops may stick out with their empty half.
    lines = [line for line in lines if not line.sticks_out] or lines
    before = sorted(line.x0 - left for line in lines)
    behind = min(right - line.x1 for line in lines)
    below = before[len(before) // 2] - before[0] < _BELOW
    margin = before[0] if below and len(lines) > 1 else min(before[0], behind)
    margin = max(0.0, margin)
    return left + margin, right - margin


# --- over pages ----------------------------------------------------------------------------------


def _words(row: TableRow) -> str:
    return "|".join(area.text for area in row.areas)


def _continue(rows: list[TableRow], new: list[TableRow], heading: list[str], before: Part) -> None:
    """Add the rows of the next page, joining what the break has divided."""
    repeated = 0
    while repeated < min(len(heading), len(new)) and _words(new[repeated]) == heading[repeated]:
        repeated += 1
    if repeated < len(new):
        is_split = _is_split(rows, new[repeated], before)
        _join_merged(rows, new[repeated:], before)
        if is_split:
            _join_row(rows[-1], new, repeated)
    rows += new


def _is_split(rows: list[TableRow], top: TableRow, before: Part) -> bool:
    """Whether a page's top row is the rest of the last row of the page before.

    Its first cell is empty then. Either the last row was not ended by a rule, or the table numbers
    all its rows but this one, which has words only where the last row has some.
    """
    bottom = rows[-1]
    words = [area for area in top.areas if area.lines]
    if not words or top.areas[0].lines:
        return False
    if not any(before.closed):
        return True
    pairs = zip(top.areas, bottom.areas, strict=True)
    if any(mine.lines and not theirs.lines for mine, theirs in pairs):
        return False
    numbers = _numbers(rows)
    return numbers is not None and not top.areas[numbers].lines


def _numbers(rows: list[TableRow]) -> int | None:
    """The column that numbers the rows; None where there is none.

    Rows of the heading, on whichever page, and rows that are one cell have no number.
    """
    for column in range(min(2, len(rows[0].areas))):
        head = rows[0].areas[column].text
        texts = [row.areas[column].text for row in rows[-_LOOKED_AT:] if not _is_one_cell(row)]
        counted = [text for text in texts if text != head]
        numbered = sum(bool(_NUMBER.fullmatch(text)) for text in counted)
        if numbered and numbered >= _NUMBERED * len(counted):
            return column
    return None


def _is_one_cell(row: TableRow) -> bool:
    return all(area is row.areas[0] for area in row.areas)


def _join_merged(rows: list[TableRow], new: list[TableRow], before: Part) -> None:
    """Let merged areas run over the break: one of the two pages has their words only.

    One without words at the page's top is the rest of the area above where that or this one spans
    rows, or where no rule ended it; one without words at the bottom that spans rows begins the
    area below.
    """
    bottom, top = rows[-1], new[0]
    for column, mine in enumerate(top.areas):
        theirs = bottom.areas[column]
        if not _is_as_wide(bottom, top, column) or bool(mine.lines) == bool(theirs.lines):
            continue
        spans = _spans_rows(rows[:-3:-1], column)
        if theirs.lines:
            if spans or _spans_rows(new, column) or not before.closed[column]:
                _put_for(mine, theirs, new)
        elif spans:
            _put_for(theirs, mine, rows)


def _spans_rows(rows: list[TableRow], column: int) -> bool:
    return len(rows) > 1 and rows[0].areas[column] is rows[1].areas[column]


def _is_as_wide(one: TableRow, other: TableRow, column: int) -> bool:
    """Whether the areas of two rows at a column span the same columns."""
    spans = [
        [index for index, area in enumerate(row.areas) if area is row.areas[column]]
        for row in (one, other)
    ]
    return spans[0] == spans[1]


def _join_row(bottom: TableRow, new: list[TableRow], index: int) -> None:
    """Add a split row's rest to its beginning, and take it out of the next page's rows."""
    rest = new[index]
    for mine, theirs in zip(rest.areas, bottom.areas, strict=True):
        if mine is not theirs:
            theirs.lines.extend(mine.lines)
            mine.lines = []
            _put_for(mine, theirs, new[index:])
    del new[index]


def _put_for(old: Area, other: Area, rows: Sequence[TableRow]) -> None:
    for row in rows:
        row.areas[:] = [other if area is old else area for area in row.areas]


# --- as grids ------------------------------------------------------------------------------------


def grid(rows: Sequence[TableRow], name: str, title: str) -> Grid:
    """Rows as the form that readers hand on."""
    first: dict[int, tuple[int, int]] = {}
    texts: dict[int, str] = {}
    cells = []
    for number, row in enumerate(rows):
        line = []
        for column, area in enumerate(row.areas):
            at = first.setdefault(id(area), (number, column))
            text = texts.setdefault(id(area), area.text)
            place = f"第{area.page}页表{area.table}第{area.row + 1}行第{area.column + 1}列"
            line.append(Cell(text, f"{name} {place}", at))
        cells.append(tuple(line))
    place = f"{name} 第{rows[0].page}页表{rows[0].table}"
    return Grid(place, title, tuple(cells))


def row_lines(rows: Sequence[TableRow]) -> Iterator[tuple[str, str]]:
    """Each row as one line, a merged area's words once, with the row's place."""
    said: set[int] = set()
    for row in rows:
        words = []
        for area in row.areas:
            if id(area) not in said:
                said.add(id(area))
                words.append(" ".join(area.text.split("\n")).replace("|", "/"))
        if any(words):
            yield " | ".join(words), row.place()
