"""Text of a notice that remembers where every character stands.

A notice is read by its words, but everything read must be shown in its place (P05). A `Passage` is
a run of lines, or parts of lines, as one text for matching: full-width letters, digits and
punctuation are read as their half-width forms, one for one, so that columns stay true.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALIKE = {
    ord(odd): ord(usual)
    for usual, odds in {
        " ": "\u3000\u00a0\u200b\ufeff\u2002\u2003\u2009\t\v\f\r\x1c\x1d\x1e\x85\u2028\u2029",
        "—": "–―─﹣−‐‑‒",
        "〔": "﹝",
        "〕": "﹞",
        "〇": "○◯",
        ":": "︰﹕∶",
        ";": "﹔",
    }.items()
    for odd in odds
}
_TABLE = _WIDTH | _ALIKE


_STOP_TYPED_AS_DOT = re.compile(r"(?<=[一-鿿\"”》〉)\]])\.(?=\s*$)")


_DASH = re.compile(r"(?<=[一-鿿)])——(?=[一-鿿“《])")


def plain_width(text: str) -> str:
    """The text with full-width forms made half-width, character for character."""
    return text.translate(_TABLE)


@lru_cache(maxsize=2048)
def _for_matching(line: str) -> str:
    """A line half-width; a dot that ends it after a Chinese word is the full stop it stands for.

    A dash between words (`综合科——节水`) is the colon it stands for.
    """
    return _DASH.sub(": ", _STOP_TYPED_AS_DOT.sub("。", plain_width(line)))


@dataclass(frozen=True, slots=True)
class Source:
    """出处: where words stand in a notice.

    Attributes:
        line: the line, counted from 1.
        start: the column of the first character, counted from 0.
        end: the column after the last character.
        text: the words as written.
        where: how a person finds the line in a file that has no numbered lines; else "".
    """

    line: int
    start: int
    end: int
    text: str
    where: str = ""

    @property
    def place(self) -> str:
        """The place as problems name it."""
        return self.where or f"第 {self.line} 行"


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value read from a notice, and the words it was read from."""

    value: T
    source: Source


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of one line: its number, the column it begins at, its words as written.

    `where` is how a person finds the line, where that is not its number.
    """

    line: int
    column: int
    raw: str
    where: str = ""


@dataclass(frozen=True)
class Passage:
    """A run of pieces read as one text, with a line break between pieces."""

    pieces: tuple[Piece, ...]

    @cached_property
    def text(self) -> str:
        """The text for matching: half-width, as long as what was written."""
        if len(self.pieces) == 1:  # as most are
            return _for_matching(self.pieces[0].raw)
        return "\n".join([_for_matching(piece.raw) for piece in self.pieces])

    @cached_property
    def written(self) -> str:
        """The text as it was written, as long as `text`."""
        return "\n".join(piece.raw for piece in self.pieces)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for piece in self.pieces:
            starts.append(at)
            at += len(piece.raw) + 1
        return starts

    def _piece_at(self, at: int) -> tuple[Piece, int]:
        """The piece that a place of the text belongs to, and where that piece begins."""
        if len(self.pieces) == 1:
            return self.pieces[0], 0
        index = max(0, bisect_right(self._starts, at) - 1)
        return self.pieces[index], self._starts[index]

    def source(self, start: int = 0, end: int | None = None) -> Source:
        """The place of a span without the blanks around it; of its first line if it has several."""
        if not self.pieces:
            return Source(1, 0, 0, "")
        stop = len(self.text) if end is None else end
        span = self.text[start:stop]
        bare = span.lstrip()
        start += len(span) - len(bare)
        stop = start + len(bare.rstrip())
        piece, offset = self._piece_at(start)
        first = min(start - offset, len(piece.raw))
        last = max(first, min(stop - offset, len(piece.raw)))
        place = piece.column
        return Source(piece.line, place + first, place + last, piece.raw[first:last], piece.where)

    def words(self, start: int, end: int) -> Found[str]:
        """The words of a span as they were written."""
        source = self.source(start, end)
        return Found(source.text, source)

    def cut(self, start: int, end: int | None = None) -> Passage:
        """The part of the passage from `start` up to `end`."""
        stop = len(self.text) if end is None else end
        kept = []
        # Only the pieces that the span touches: a passage of thousands is cut thousands of times.
        touched = slice(
            max(0, bisect_right(self._starts, start) - 1), bisect_right(self._starts, stop)
        )
        for piece, offset in zip(self.pieces[touched], self._starts[touched], strict=True):
            first, last = max(start - offset, 0), min(stop - offset, len(piece.raw))
            if first <= last and start <= offset + len(piece.raw):
                part = piece.raw[first:last]
                kept.append(Piece(piece.line, piece.column + first, part, piece.where))
        return Passage(tuple(kept))

    def each_line(self) -> Iterator[Passage]:
        """Every piece as a passage of its own."""
        return (Passage((piece,)) for piece in self.pieces)


def joined(passages: Iterable[Passage]) -> Passage:
    """Several passages as one."""
    return Passage(tuple(piece for passage in passages for piece in passage.pieces))


SHOWN_LENGTH = 60
"""How much of a long text a message repeats, in characters."""


def shortened(text: str) -> str:
    """The first words of a text, as a table can show them."""
    return text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…"
