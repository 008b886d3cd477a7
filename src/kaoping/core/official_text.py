"""公文: the lines of an official text, their numbering, and the dates in them.

Every piece found keeps its `Source`, so that a person can see the words a field came from. Text is
normalised one character for one (full-width punctuation and digits to their plain forms), so that
columns of the normalised line are columns of the line as written.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

MAX_LINES = 20_000
MAX_LINE = 20_000
"""Longest line looked at, in characters; the rest of a longer line is not an official text."""

_FULL = "\uff0c\uff1a\uff1b\uff08\uff09\uff0e\uff01\uff1f\u3000\u00a0\uff0d\uff5e\uff20\uff3f\u2014\u2013\u2015"
_HALF = ",:;().!?  -~@_---"
_PLAIN = str.maketrans(
    _FULL + "".join(chr(0xFF10 + n) for n in range(10))
    + "".join(chr(0xFF21 + n) + chr(0xFF41 + n) for n in range(26)),
    _HALF + "0123456789" + "".join(chr(65 + n) + chr(97 + n) for n in range(26)),
)


def normalised(text: str) -> str:
    """The text with full-width punctuation, digits and letters in their plain forms."""
    return text.translate(_PLAIN)


@dataclass(frozen=True, slots=True)
class Source:
    """出处: a line (from 1), the columns start ≤ c < end (from 0), and the words there."""

    line: int
    start: int
    end: int
    text: str

    @property
    def where(self) -> str:
        """The place as problems name it."""
        return f"第 {self.line} 行"


@dataclass(frozen=True, slots=True)
class Found:
    """A value read from a text, with its source."""

    value: str
    source: Source


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day read from a text, with its source."""

    value: date
    source: Source


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of lines read as one text; any place in it can be traced to its line."""

    text: str
    raw: str
    origins: tuple[tuple[int, int, int], ...]
    """For each line: its offset in the text, its number, and the column it begins at."""

    def source(self, start: int, end: int) -> Source:
        """The source of text[start:end], which lies within one line."""
        offset, line, column = max(o for o in self.origins if o[0] <= max(start, 0))
        first = start - offset + column
        return Source(line, first, first + end - start, self.raw[start:end])

    def found(self, start: int, end: int) -> Found:
        """The words text[start:end] without white space around them."""
        raw = self.raw[start:end]
        start += len(raw) - len(raw.lstrip())
        end = start + len(raw.strip())
        return Found(self.text[start:end], self.source(start, end))


def passage(lines: Sequence[tuple[int, int, str]]) -> Passage:
    """A passage of (line number, first column, text) pieces, joined by line breaks."""
    origins, texts, offset = [], [], 0
    for line, column, text in lines:
        origins.append((offset, line, column))
        texts.append(text)
        offset += len(text) + 1
    raw = "\n".join(texts)
    return Passage(normalised(raw), raw, tuple(origins) or ((0, 1, 0),))


class Level(IntEnum):
    """How deep a numbering style stands: 第X章, 一、 and 第X条, (一), 1., (1), ①."""

    CHAPTER = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4
    FIFTH = 5


_DIGITS = "〇零一二三四五六七八九十百两"
_NUMBERINGS = (
    (Level.CHAPTER, re.compile(rf"\s*第[{_DIGITS}0-9]{{1,4}}[章节编]\s*")),
    (Level.FIRST, re.compile(rf"\s*第[{_DIGITS}0-9]{{1,4}}条\s*")),
    (Level.FIRST, re.compile(rf"\s*[{_DIGITS}]{{1,4}}\s*[、.,:]\s*")),
    (Level.SECOND, re.compile(rf"\s*\(\s*[{_DIGITS}]{{1,4}}\s*\)\s*[、.]?\s*")),
    (Level.THIRD, re.compile(r"\s*[0-9]{1,2}\s*(?:[、]|\.(?![0-9]))\s*")),
    (Level.FOURTH, re.compile(r"\s*\(?\s*[0-9]{1,2}\s*\)\s*")),
    (Level.FIFTH, re.compile(r"\s*[①-⑳]\s*")),
)


@dataclass
class Node:
    """A numbered paragraph with the unnumbered lines after it and the paragraphs below it."""

    level: int
    number: str
    lines: list[tuple[int, int, str]]
    children: list[Node] = field(default_factory=list)
    parents: tuple[Node, ...] = ()

    @property
    def passage(self) -> Passage:
        """Its own text, without its number and its children."""
        return passage(self.lines)

    @property
    def heading(self) -> str:
        """The words before the first full stop or line break, or all of a short first line."""
        return re.split(r"[。\n]", self.passage.text, maxsplit=1)[0].strip().rstrip(":")

    @property
    def first_line(self) -> int:
        """The number of its first line."""
        return self.lines[0][0] if self.lines else 1

    def walk(self) -> Iterator[Node]:
        """Itself and everything below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def numbering(text: str) -> tuple[Level, str, int] | None:
    """The level, the number and the length of a line's numbering; None where it has none."""
    plain = normalised(text[:40])
    for level, pattern in _NUMBERINGS:
        match = pattern.match(plain)
        if match and match.end() < len(text.rstrip()) + 1:
            return level, match.group().strip(), match.end()
    return None


def outline(lines: Sequence[str]) -> Node:
    """The text as a tree: the root holds the lines before the first numbered one.

    A line's place in the tree follows from its style alone, never from the words in it.
    """
    root = Node(-1, "", [])
    stack = [root]
    for number, line in enumerate(lines[:MAX_LINES], 1):
        text = line[:MAX_LINE]
        if not text.strip():
            continue
        mark = numbering(text)
        if mark is None:
            stack[-1].lines.append((number, 0, text))
            continue
        level, label, length = mark
        while stack[-1].level >= level:
            stack.pop()
        node = Node(level, label, [(number, length, text[length:])], parents=tuple(stack))
        stack[-1].children.append(node)
        stack.append(node)
    return root


# --- dates -----------------------------------------------------------------------------------------

_DATE = re.compile(
    r"(?:(?P<year>[0-9]{4})\s*年度?|(?P<word>次年|翌年|今年|当年|本年|明年|去年)度?)?\s*"
    r"(?P<month>[0-9]{1,2})\s*月(?:份)?\s*"
    r"(?:(?P<day>[0-9]{1,2})\s*[日号]|(?P<part>上旬|中旬|下旬|底|末))?"
)
_LONE_DAY = re.compile(r"(?P<day>[0-9]{1,2})\s*[日号]")
_BEFORE = re.compile(r"\s*(?:\(含当日\)|\(含\))?\s*(?:之前|以前|前|止|截止|内)")
_RANGE = re.compile(r"\s*(?:起)?\s*(?:至|到|-+|~)\s*")
_FROM = re.compile(r"\s*(?:起|开始)")


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date in a text and the part it plays there."""

    day: date
    start: int
    end: int
    is_deadline: bool
    is_start: bool
    begins: date | None
    """The first day, where the phrase is a range."""


@dataclass(frozen=True, slots=True)
class YearFrame:
    """What a date without its year is read by: the year assessed and the day of issue."""

    assessed: int
    issued: date | None


def date_phrases(text: str, frame: YearFrame, context: int | None = None) -> list[DatePhrase]:
    """Every date phrase of a normalised text, ranges as one phrase ending at their last day.

    Args:
        text: the text, normalised.
        frame: what a missing year is read by.
        context: the last year named before this text, if any.
    """
    phrases: list[DatePhrase] = []
    position = 0
    while match := _DATE.search(text, position):
        position = match.end()
        first = _day(match, frame, context, end=False)
        last = _day(match, frame, context, end=True)
        if first is None or last is None:
            continue
        context = last.year if match["year"] else context
        ranged = _range_end(text, position, first, frame)
        if ranged is not None:
            last, position = ranged
        is_range = ranged is not None or match["part"] is not None
        phrases.append(
            DatePhrase(
                last,
                match.start(),
                position,
                ranged is not None or bool(_BEFORE.match(text, position)),
                ranged is None and bool(_FROM.match(text, position)),
                first if ranged is not None or (is_range and match["part"] != "底") else None,
            )
        )
    return phrases


def first_of(match_text: str, frame: YearFrame) -> date | None:
    """The first day of the first date in a text: a month without a day is its first day."""
    match = _DATE.search(match_text)
    return _day(match, frame, None, end=False) if match else None


def _range_end(text: str, position: int, first: date, frame: YearFrame) -> tuple[date, int] | None:
    joint = _RANGE.match(text, position)
    if not joint:
        return None
    match = _DATE.match(text, joint.end())
    if match:
        day = _day(match, frame, first.year, end=True)
        return (day, match.end()) if day and day >= first else None
    lone = _LONE_DAY.match(text, joint.end())
    if lone:
        day = _existing(first.year, first.month, int(lone["day"]))
        return (day, lone.end()) if day and day >= first else None
    return None


_PART_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (31, 31), "末": (31, 31)}


def _day(
    match: re.Match[str], frame: YearFrame, context: int | None, *, end: bool
) -> date | None:
    month = int(match["month"])
    year = _year(match, month, frame, context)
    if year is None or not 1 <= month <= 12:  # noqa: PLR2004 - months
        return None
    last = monthrange(year, month)[1]
    if match["day"]:
        return _existing(year, month, int(match["day"]))
    low, high = _PART_DAYS.get(match["part"] or "", (1, 31))
    return _existing(year, month, min(high if end else low, last))


def _year(
    match: re.Match[str], month: int, frame: YearFrame, context: int | None
) -> int | None:
    if match["year"]:
        return int(match["year"])
    word = match["word"]
    base = frame.assessed or (frame.issued.year if frame.issued else 0)
    if word in ("次年", "翌年", "明年"):
        return base + 1 if base else None
    if word == "去年":
        return base - 1 if base else None
    if word:
        return base or None
    if context:
        return context
    if frame.issued and frame.assessed == frame.issued.year and month < frame.issued.month:
        return frame.assessed + 1
    return base or None


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
