"""A notice's text as its checks walk it: line by line, sentence by sentence, each with its place."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import cells_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.notice.passage import Found, Passage, Source
    from kaoping.core.notice.reading import Notice

_SENTENCE = re.compile(r"[^。;!?]+[。;!?]*")
_SENTENCE_WHOLE = re.compile(r"[^。!?]+[。!?]*")


class Words:
    """The text of one notice.

    Attributes:
        notice: what was read from it.
        body: the lines below the addressees, without the list of annexes.
    """

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        first = max((found.source.line for found in notice.addressees), default=0)
        if not first and notice.title:
            first = notice.title.source.line
        annexes = {annex.title.source.line for annex in notice.annexes}
        self.body: Sequence[Passage] = tuple(
            line
            for line in notice.lines
            if line.pieces[0].line > first and line.pieces[0].line not in annexes
        )

    @cached_property
    def sentences(self) -> tuple[Passage, ...]:
        """The sentences of the body; `;` ends one, too."""
        return tuple(part for line in self.body for part in _cut(line, _SENTENCE))

    @cached_property
    def whole_sentences(self) -> tuple[Passage, ...]:
        """The sentences of the body up to their full stop."""
        return tuple(part for line in self.body for part in _cut(line, _SENTENCE_WHOLE))

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """The lines of the body that are no rows of a table."""
        return tuple(line for line in self.body if not cells_of(line))

    @cached_property
    def text(self) -> str:
        """The body, half-width."""
        return "\n".join(line.text for line in self.body)

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether the body says something of this form."""
        return bool(pattern.search(self.text))

    def says_anywhere(self, pattern: re.Pattern[str]) -> bool:
        """Whether any line does, the frame of the document included: 此件不公开."""
        return any(pattern.search(line.text) for line in self.notice.lines)

    def find(self, pattern: re.Pattern[str]) -> Iterator[Found[str]]:
        """Every place in the body that has this form."""
        for line in self.body:
            for match in pattern.finditer(line.text):
                yield line.words(match.start(), match.end())

    def first(self, pattern: re.Pattern[str]) -> Source | None:
        """The first place in the body that has this form."""
        return next((found.source for found in self.find(pattern)), None)


def _cut(line: Passage, pattern: re.Pattern[str]) -> Iterator[Passage]:
    return (line.cut(match.start(), match.end()) for match in pattern.finditer(line.text))
