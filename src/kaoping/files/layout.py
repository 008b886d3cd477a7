"""What both typesetters must agree on about the layout of titles, tables and the text of official documents."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from kaoping.core.report.document import Heading, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.report.document import (
        Block,
        Column,
        Document,
        Letterhead,
        TableBlock,
        TableRow,
    )

_CHARACTERS: Final = 50
"""Of a table's size beside each other on an upright page, room between columns left out."""
_COLUMNS: Final = 26
"""Of a table that is set in its usual size."""
_SPARE: Final = 1.5
"""Characters that a line of a title may be longer than the others, since no line begins with a mark."""
_MOST_LINES: Final = 15
"""Of a row that stays on one page; a landscape page holds about twice as many."""
_WRITTEN_LINE: Final = 9
"""Millimetres that a line written by hand takes."""
_LOW_FORM: Final = 60
"""Millimetres of rows that stay together."""
_POINTS_IN_MM: Final = 72 / 25.4
LINES_OF_PAGE: Final = 22
CHARACTERS_OF_LINE: Final = 28
"""Of the text of an official document (GB/T 9704-2012, 5.2.3)."""
_LINES_OF_HEAD: Final = 12
"""Taken by what stands above the text of an official document, up to the line below its title."""


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


def balanced(words: str, size: float, room: float) -> float:
    """The width on which a title is broken into lines of nearly equal length, in millimetres.

    Args:
        words: the title.
        size: of its characters, in points.
        room: most width there is, in millimetres.
    """
    cell = size / _POINTS_IN_MM
    lines = ceil(cells_of(words) / (room // cell))
    return room if lines <= 1 else min(room, (cells_of(words) / lines + _SPARE) * cell)


def tightness(columns: Sequence[Column]) -> float:
    """By what a table is set smaller: with very many columns, so that their figures stay apart."""
    return min(1.0, _COLUMNS / len(columns))


def must_break(row: TableRow, columns: Sequence[Column]) -> bool:
    """Whether a row is so high that it may have to go on on the next page."""
    total = sum(column.width for column in columns)
    return any(
        lines_of(text, _CHARACTERS * column.width / total) > _MOST_LINES
        for text, column in zip(row.cells, columns, strict=False)
    )


def lines_of(text: str, characters: float) -> int:
    """Lines that a text takes where so many characters stand on one."""
    room = max(int(characters), 1)
    return sum(max(1, ceil(len(line) / room)) for line in text.split("\n"))


def lines_of_text(document: Document, head: Letterhead) -> int | None:
    """Lines from the top of the first page to the end of an official document before its annexes.

    An office suite breaks lines of its own accord: it may come to one more or less on a page.

    Returns:
        None where tables or charts stand in the text, whose height depends on the faces there are.
    """
    blocks = list(_text_blocks(document))
    if not all(isinstance(block, Heading | Paragraph) for block in blocks):
        return None
    indented = [f"　　{block.text}" for block in blocks if isinstance(block, Heading | Paragraph)]
    names = document.annexes
    paragraphs = [
        *([f"{head.addressed_to}："] if head.addressed_to else []),
        *indented,
        *(["", *(f"　　附件：1．{name}" for name in names)] if names else []),
        *("", "", head.signed_by, ""),
        *([f"　　（{head.remark}）"] if head.remark else []),
    ]
    return _LINES_OF_HEAD + sum(
        lines_of("字" * ceil(cells_of(text)), CHARACTERS_OF_LINE) for text in paragraphs
    )


def _text_blocks(document: Document) -> Iterator[Block]:
    for part in document.parts:
        if part.annex:
            return
        yield from part.blocks
