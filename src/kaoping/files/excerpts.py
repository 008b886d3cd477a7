"""What an office file says, cut short for a page: passages of text, and tables, in their order.

How much of each was left out is told, so that nobody takes an excerpt for the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from kaoping.files.contents import decoded
from kaoping.files.sheets import read_csv, read_xlsx
from kaoping.files.slides import read_pptx
from kaoping.files.word import read_docx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kaoping.core.original import Cell, Grid, Original

MOST_LINES, MOST_ROWS, MOST_COLUMNS = 1_500, 200, 30
"""Lines of a passage; rows and columns of a table."""
MOST_CELLS, MOST_CHARACTERS = 9_000, 300_000
"""Of the whole file: what a browser lays out without anybody waiting for it."""
LONGEST = 2_000
"""Characters of a line or a cell; a longer one ends in …"""
_TABLE = re.compile(r"表(\d+)第")
_SLIDE = re.compile(r"第(\d+)张")
_Part = TypeVar("_Part")

Row = tuple[tuple[str, int], ...]
"""The cells of a row: their words, and over how many columns each goes."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Text or a table.

    Attributes:
        heading: a sheet's name, a slide's number, the words above a table; "" if none.
        lines: of text.
        rows: of a table; there are either these or lines.
        left_out: how many lines or rows more there are.
        narrowed: how many columns more there are.
    """

    heading: str
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    left_out: int = 0
    narrowed: int = 0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A file's words; `left_out` tells how many passages and tables more there are."""

    passages: tuple[Passage, ...]
    left_out: int = 0


def excerpt_of(ending: str, content: bytes, name: str) -> Excerpt:
    """What a file says.

    Args:
        ending: of its name: docx, xlsx, pptx, csv or txt.
        content: the file.
        name: what messages call it.

    Raises:
        InputError: where it cannot be read, or says nothing.
    """
    room = _Room()
    shown, left_out = [], 0
    for passage in _PASSAGES[ending](content, name):
        cut = room.cut(passage)
        if cut.lines or cut.rows:
            shown.append(cut)
        else:
            left_out += 1
    return Excerpt(tuple(shown), left_out)


class _Room:
    """How much a page still takes."""

    def __init__(self) -> None:
        self._cells, self._characters = MOST_CELLS, MOST_CHARACTERS

    def cut(self, passage: Passage) -> Passage:
        """As much of a passage as there is room for."""
        lines = tuple(self._while_it_fits(passage.lines[:MOST_LINES], len, lambda _: 0))
        rows = tuple(self._while_it_fits(passage.rows, _length, len))
        cut = len(passage.lines) - len(lines) + len(passage.rows) - len(rows)
        return Passage(passage.heading, lines, rows, passage.left_out + cut, passage.narrowed)

    def _while_it_fits(
        self, parts: Iterable[_Part], length: Callable[[_Part], int], cells: Callable[[_Part], int]
    ) -> Iterator[_Part]:
        for part in parts:
            self._characters -= length(part)
            self._cells -= cells(part)
            if self._characters < 0 or self._cells < 0:
                self._characters = self._cells = 0  # full: nothing that follows slips in
                return
            yield part


# --- each format ----------------------------------------------------------------------------------


def _text(content: bytes, _name: str) -> Iterator[Passage]:
    yield Passage("", tuple(map(_short, decoded(content).splitlines())))


def _sheets(original: Original) -> Iterator[Passage]:
    return (_table(grid) for grid in original.grids)


def _document(original: Original) -> Iterator[Passage]:
    """Text and tables as they follow each other; the lines that a table's rows make are not repeated."""
    pairs = zip(original.places, original.lines, strict=True)
    for number, found in groupby(pairs, key=lambda pair: _number(_TABLE, pair[0])):
        if number:
            yield _table(original.grids[number - 1])
        else:
            yield Passage("", tuple(_short(line) for _, line in found))


def _slides(original: Original) -> Iterator[Passage]:
    """Slide by slide, its text before its tables."""
    lines: dict[int, list[str]] = {}
    for place, line in zip(original.places, original.lines, strict=True):
        lines.setdefault(_number(_SLIDE, place), []).append(_short(line))
    tables: dict[int, list[Grid]] = {}
    for grid in original.grids:
        tables.setdefault(_number(_SLIDE, grid.place), []).append(grid)
    for number in sorted({*lines, *tables}):
        if number in lines:
            yield Passage(f"第{number}张", tuple(lines[number]))
        yield from map(_table, tables.get(number, ()))


_PASSAGES: Mapping[str, Callable[[bytes, str], Iterator[Passage]]] = {
    "txt": _text,
    "csv": lambda content, name: _sheets(read_csv(content, name)),
    "xlsx": lambda content, name: _sheets(read_xlsx(content, name)),
    "docx": lambda content, name: _document(read_docx(content, name)),
    "pptx": lambda content, name: _slides(read_pptx(content, name)),
}


def _number(pattern: re.Pattern[str], place: str) -> int:
    """The number that a place begins with; 0 where it does not."""
    found = pattern.match(place)
    return int(found[1]) if found else 0


def _table(grid: Grid) -> Passage:
    width = max(map(len, grid.rows), default=0)
    rows = tuple(_row(at, row[:MOST_COLUMNS]) for at, row in enumerate(grid.rows[:MOST_ROWS]))
    title = grid.title.replace("\n", " ")
    return Passage(title, (), rows, len(grid.rows) - len(rows), max(0, width - MOST_COLUMNS))


def _row(at: int, row: Sequence[Cell]) -> Row:
    """A row; an area that was merged across is one cell, one merged downwards says its words once."""
    return tuple(
        (_short(cells[0].text) if area[0] == at else "", len(cells))
        for area, cells in ((area, list(found)) for area, found in groupby(row, lambda c: c.area))
    )


def _length(row: Row) -> int:
    return sum(len(words) for words, _ in row)


def _short(text: str) -> str:
    text = text.expandtabs(4).replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
