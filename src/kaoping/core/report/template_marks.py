"""标记: names in braces in the paragraphs of a template, and braces that make none.

Pure: a paragraph is a text with its place; what a mark means the catalogue says (`placeholders`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from kaoping.core.problems import Problem
from kaoping.core.report.document import printable
from kaoping.core.report.placeholders import (
    CONDITIONS,
    LOOPS,
    PLACEHOLDERS,
    Condition,
    Loop,
    Placeholder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_AROUND = 12
"""Characters quoted on each side of a mark."""
LONGEST_QUOTED = 30


class Box(StrEnum):
    """What paragraphs of a template stand in, from outside."""

    STORY = "story"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    BOX = "text box"
    CONTROL = "content control"
    PARAGRAPH = "paragraph"


Path = tuple[tuple[Box, int], ...]
"""The boxes around a paragraph from outside, the paragraph itself last; numbers in document order."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of a template.

    Attributes:
        text: its words without those of text boxes fixed to it; tabs and line breaks as such.
        where: its place as a reader of the page finds it: 第3段, 表1第2行第3列, 页眉第1段.
        path: the boxes around it.
        order: sorts paragraphs and what is within them; see `Mark.order`.
        holders: where in the text another element of the paragraph begins to hold the words (a link,
            a content control), with a number for it.
    """

    text: str
    where: str
    path: Path
    order: tuple[int, ...]
    holders: tuple[tuple[int, int], ...] = ((0, 0),)

    def holder_at(self, position: int) -> int:
        """The number of what holds the word at a position."""
        starts = [start for start, _ in self.holders]
        return self.holders[bisect_right(starts, position) - 1][1]


class Word(Enum):
    """Marks that only belong to another."""

    END = "结束"
    OTHERWISE = "否则"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A mark that is no name of the catalogue; `opens` where it would begin a loop or condition."""

    opens: bool


Meaning = Placeholder | Loop | Condition | Word | Unknown


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in its passage: from `start` to `end`, braces included; `order` sorts all marks."""

    passage: Passage
    start: int
    end: int
    meaning: Meaning

    @property
    def name(self) -> str:
        """What stands between its braces."""
        return self.passage.text[self.start + 2 : self.end - 2]

    @property
    def order(self) -> tuple[int, ...]:
        """Its place among all marks: text boxes count where they are fixed."""
        return (*self.passage.order, 2 * self.start)

    @property
    def is_value(self) -> bool:
        """Whether it shows text."""
        return isinstance(self.meaning, Placeholder)


# --- marks and slips in a text -----------------------------------------------------------------------

_MARK = re.compile(r"\{\{([^{}｛｝\n\t]{0,100})\}\}")
_SLIP = re.compile(r"[{｛] ?[{｛][^{}｛｝]{0,30}(?:[}｝] ?[}｝]?)?|[}｝] ?[}｝]")
_SINGLE = re.compile(r"[{｛]([^{}｛｝]{1,30})[}｝]")
_MASK = "\0"
_BESIDE_MARK = re.compile(rf"\{{(?={_MASK})|(?<={_MASK})\}}")


def marks_of(passage: Passage) -> Iterator[Mark]:
    """All names in two braces, known or not, in their order."""
    for found in _MARK.finditer(passage.text):
        yield Mark(passage, found.start(), found.end(), _meaning(plain_name(found[1])))


def plain_name(name: str) -> str:
    """A name without the blanks and unseen signs that typing leaves in it."""
    return "".join(printable(name).split())


def _meaning(name: str) -> Meaning:
    for word in Word:
        if name == word.value:
            return word
    condition = name.removeprefix("如果")
    if condition != name:
        return CONDITIONS.get(condition) or Unknown(opens=True)
    known = PLACEHOLDERS.get(name) or LOOPS.get(name)
    return known or Unknown(opens=name.startswith("每"))


def slips_of(passage: Passage) -> Iterator[tuple[tuple[int, ...], Problem]]:
    """Braces that make no mark: unfinished, full-width, single, one too many."""
    masked = _MARK.sub(lambda found: _MASK * len(found[0]), passage.text)
    if not any(brace in masked for brace in "{}｛｝"):
        return
    for start, end, words in _slip_spans(masked):
        message = f"{words}：{quoted(passage.text, start, end)}"
        suggestion = "请写成半角的两层花括号，如 {{年度}}；整个标记写在同一段里"
        problem = Problem("TEMPLATE-BRACES", passage.where, message, suggestion)
        yield (*passage.order, 2 * start), problem


def _slip_spans(masked: str) -> Iterator[tuple[int, int, str]]:
    """Where braces make no mark, and why, in a text whose marks are masked."""
    for found in _SLIP.finditer(masked):
        yield (*found.span(), _slip_words(found[0]))
    rest = _SLIP.sub(lambda found: " " * len(found[0]), masked)
    for found in _SINGLE.finditer(rest):
        if not isinstance(_meaning(plain_name(found[1])), Unknown):
            yield (*found.span(), "花括号少了一层，要写两层")
    for found in _BESIDE_MARK.finditer(rest):
        yield (*found.span(), "花括号多了一个")


def _slip_words(text: str) -> str:
    if any(brace in text for brace in "｛｝"):
        return "用了全角花括号"
    if text[0] == "}":
        return "只有右边的花括号，左边的没有"
    if not text.endswith("}"):
        return "花括号没有写完，右边的两个没有"
    return "花括号不成对"


def quoted(text: str, start: int, end: int) -> str:
    """A place of a text with the words around it."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    marked = text[start:end]
    if len(marked) > LONGEST_QUOTED:
        marked, after = marked[:LONGEST_QUOTED], "…"
    shown = f"{'…' if start > _AROUND else ''}{before}{marked}{after}"
    shown += "…" if len(text) > end + _AROUND and not shown.endswith("…") else ""
    return "“" + " ".join(printable(shown.replace("\t", " ")).split()) + "”"
