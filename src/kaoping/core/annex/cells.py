"""The cells of a grid, a merged area as one cell, whose words remember where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kaoping.core.notice.passage import Found, Source, plain_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaoping.core.original import Grid

_BREAK = re.compile(r"\s*\n\s*")
_BLANK_AT_WORD = re.compile(r"(?<=[^\x00-\x7f])[ \u3000]+|[ \u3000]+(?=[^\x00-\x7f])")


def one_line(text: str) -> str:
    """Words that a cell broke into lines, as one; a blank stays only between letters or digits."""
    return _BLANK_AT_WORD.sub("", _BREAK.sub(" ", text.strip()))


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """Words for comparing: half-width, without any blank."""
    return re.sub(r"\s+", "", plain_width(text))


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell with words, merged or not: its rows and columns, counted from 0, both included."""

    row: int
    bottom: int
    column: int
    right: int
    text: str
    address: str

    @property
    def plain(self) -> str:
        """The words half-width, as long as they were written."""
        return plain_width(self.text)

    @property
    def rows(self) -> range:
        """The rows it stands in."""
        return range(self.row, self.bottom + 1)

    def source(self, start: int = 0, end: int | None = None) -> Source:
        """A span of its words without the blanks around them; columns count from the cell's begin."""
        stop = len(self.text) if end is None else end
        while start < stop and self.text[start].isspace():
            start += 1
        while stop > start and self.text[stop - 1].isspace():
            stop -= 1
        return Source(self.row + 1, start, stop, self.text[start:stop], self.address)

    def found(self, start: int = 0, end: int | None = None, value: str | None = None) -> Found[str]:
        """The words of a span, lines kept; or the value read from them."""
        source = self.source(start, end)
        return Found(source.text if value is None else value, source)

    def line(self, start: int = 0, end: int | None = None) -> Found[str]:
        """The words of a span as one line, as a name is written."""
        source = self.source(start, end)
        return Found(one_line(source.text), source)


Row = tuple[Spot | None, ...]
"""The cells of a row, None where there are no words; a merged cell stands in each of its columns."""


def rows_of(grid: Grid) -> tuple[Row, ...]:
    """The rows of a grid with each merged area as one cell."""
    spread: dict[tuple[tuple[int, int], str, str], list[int]] = {}
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            key = (cell.area, cell.address, cell.text)
            reach = spread.setdefault(key, [row, row, column, column])
            reach[1] = row
            reach[2], reach[3] = min(reach[2], column), max(reach[3], column)
    spots = {
        key: Spot(top, bottom, left, right, text=key[2], address=key[1])
        for key, (top, bottom, left, right) in spread.items()
        if key[2].strip()
    }
    width = max((len(cells) for cells in grid.rows), default=0)
    return tuple(
        tuple(spots.get((cell.area, cell.address, cell.text)) for cell in cells)
        + (None,) * (width - len(cells))
        for cells in grid.rows
    )


def distinct(spots: Iterable[Spot | None]) -> list[Spot]:
    """The cells with words, each once, in order."""
    return list(dict.fromkeys(spot for spot in spots if spot is not None))
