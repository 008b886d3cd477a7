"""What both typesetters must agree on about the layout of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaoping.core.report.document import Column, TableBlock, TableRow

_CHARACTERS: Final = 50
"""Of a table's size beside each other on an upright page, room between columns left out."""
_MOST_LINES: Final = 15
"""Of a row that stays on one page; a landscape page holds about twice as many."""
_WRITTEN_LINE: Final = 9
"""Millimetres that a line written by hand takes."""
_LOW_FORM: Final = 60
"""Millimetres of rows that stay together."""


def room_of(row: TableRow, table: TableBlock) -> int:
    """The least height of a row in millimetres; 0 where its text alone decides."""
    return max(row.room, _WRITTEN_LINE) if table.form else row.room


def stays_whole(table: TableBlock) -> bool:
    """Whether a form is so low that it goes to the next page rather than being divided: signatures, mostly."""
    height = sum(room_of(row, table) for row in table.rows)
    return (
        table.form
        and height <= _LOW_FORM
        and not any(must_break(row, table.columns) for row in table.rows)
    )


def cells_of(words: str) -> float:
    """How wide words are, in Chinese characters: a Latin letter or digit takes about half of one."""
    return sum(0.55 if one.isascii() else 1.0 for one in words)


def must_break(row: TableRow, columns: Sequence[Column]) -> bool:
    """Whether a row is so high that it may have to go on on the next page."""
    total = sum(column.width for column in columns)
    return any(
        _lines(text, _CHARACTERS * column.width / total) > _MOST_LINES
        for text, column in zip(row.cells, columns, strict=False)
    )


def _lines(text: str, characters: float) -> int:
    """Lines that a text takes where so many characters stand on one."""
    room = max(int(characters), 1)
    return sum(max(1, -(-len(line) // room)) for line in text.split("\n"))
