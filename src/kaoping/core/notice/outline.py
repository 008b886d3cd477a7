"""The outline of a Chinese official text: its numbered headings as a tree.

Official texts number by rank: 章, 节, 条, then 一、 (一) 1. (1) ① (GB/T 9704); 第一步 and 1.1 occur. A heading's rank is
told by its style alone, so that a list restarted or a rank left out does no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import LABEL
from kaoping.core.notice.passage import Passage, Piece, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.notice.passage import Found


class Rank(IntEnum):
    """The style of a number, the highest rank first; TEXT is text before any heading."""

    TEXT = 0
    CHAPTER = 1
    PART = 2
    ARTICLE = 3
    FIRST = 4
    STAGE = 5
    SECOND = 6
    THIRD = 7
    DECIMAL = 8
    SUBDECIMAL = 9
    FOURTH = 10
    FIFTH = 11


NO_DECIMAL = r"(?:(?![0-9])|(?=[0-9]{1,2}月)|(?=[0-9]{4,6}[一-鿿])(?![0-9]+(?:[万亿元倍吨米亩户人公平]|个百分点)))"
"""After a number and its dot: a title, also one that begins with a year or a hotline's number."""

_DECIMAL = "[1-9][0-9]?"
_NO_AMOUNT = r"(?:[、. ]{1,2}|(?=[一-鿿《“\"(]))(?=[^0-9.%\s])(?!(?:[万亿元倍吨米亩年月日号]|公[里斤顷]|平方|个?百分))"
"""After a number like 2.1: words, and no unit that makes an amount of it."""

_NUMERAL = "一二三四五六七八九十百〇零"
_MARKS: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (Rank.CHAPTER, re.compile(rf"第[{_NUMERAL}0-9]{{1,5}}章[ 、:]?")),
    (Rank.PART, re.compile(rf"第[{_NUMERAL}0-9]{{1,5}}节[ 、:]?")),
    (Rank.ARTICLE, re.compile(rf"第[{_NUMERAL}0-9]{{1,5}}条[ 、:]?")),
    (Rank.FIRST, re.compile(rf"[{_NUMERAL}]{{1,4}}[、.]")),
    (Rank.STAGE, re.compile(rf"第[{_NUMERAL}0-9]{{1,3}}(?:步|阶段|环节)[、,:. ]?(?!的)")),
    (Rank.SECOND, re.compile(rf"\([{_NUMERAL}]{{1,4}}\)[、.]?|[㈠-㈩]")),
    (Rank.SUBDECIMAL, re.compile(rf"{_DECIMAL}(?:\.[0-9]{{1,2}}){{2}}{_NO_AMOUNT}")),
    (Rank.DECIMAL, re.compile(rf"{_DECIMAL}\.[0-9]{{1,2}}{_NO_AMOUNT}")),
    (Rank.THIRD, re.compile(rf"[0-9]{{1,2}}(?:、|\.{NO_DECIMAL})|[⒈-⒛]")),
    (Rank.THIRD, re.compile(r"[0-9]{1,2} {1,2}(?=[一-鿿、和与及]{2,16} *$)")),
    (Rank.THIRD, re.compile(rf"(?:指标|任务|项目)(?:[{_NUMERAL}]{{1,3}}|[0-9]{{1,2}})[:、.] ?")),
    (Rank.FOURTH, re.compile(r"\(?[0-9]{1,2}\)[、.]?|[⑴-⒇]")),
    (Rank.FIFTH, re.compile(r"[①-⑳]")),
)
_ORDINAL = re.compile(rf"(?:指标|任务|项目|事项)(?:[{_NUMERAL}]{{1,3}}|[0-9]{{1,2}})[:、] ?")
"""A second number behind the first: `2.1 指标一:`."""
_BRACKETED = re.compile(r"\s*【(?P<title>[^【】]{2,20})】\s*")
"""A heading without a number: `【评议时限】`."""
_TITLE_IN_BRACKETS = re.compile(
    r"[(【〔](?P<title>[^()【】〔〕0-9,。;:]{2,20})[)】〕] {0,2}(?=[^ ])"
)
"""A title set in brackets behind the number: `第五条(对象)本办法…`."""
_LONGEST_TITLE = 40
_LONGEST_TITLE_PART = 12
_SENTENCE = re.compile(r"[。:;]")
_PROSE = re.compile(
    r"由.{1,30}(?:负责|牵头|承担|承办|主办|考核|考评|评分)|[日月底]之?前|以前|包括|共计|(?:对象|范围|指标|单位|领导|人员?|数据)为|负责[^人]|牵头.{0,6}负责|配合|应当"
    r"|由.{1,20}(?:主抓|归口|办理)|[科处股室局委办心会院站所队](?:协同|协助|协办|负责|主抓|承办|提供)"
)
_LAST_LABEL = re.compile(rf"[, ][^,]{{0,2}}(?:{LABEL.pattern})$")
"""The label of what follows a colon: `…指标,牵头单位:` has the title `…指标`."""
_NOTE = re.compile(r"\([^()]{1,40}\)\s*$")


@dataclass
class Block:
    """A heading with its text and the headings below it.

    Attributes:
        rank: the style of its number.
        label: the number as written, empty for text before any heading.
        title: the heading's words without number; None where the number is followed by prose.
        body: all words after the number, title included, up to the next number.
        text: the words after the title.
    """

    rank: Rank
    label: str
    title: Found[str] | None
    body: Passage
    text: Passage
    children: list[Block] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """The title for matching, half-width; empty where there is none."""
        return self.body.text[: len(self.title.value)].strip() if self.title else ""

    def whole(self) -> Passage:
        """The body with all that stands below."""
        return joined([self.body, *(child.whole() for child in self.children)])

    def walk(self, depth: int = 1) -> Iterator[tuple[int, Block]]:
        """This block and all below it, each with its depth from 1."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


def _mark(text: str) -> tuple[Rank, int, int] | None:
    """The rank of the number a line begins with, and the columns of that number."""
    indent = len(text) - len(text.lstrip())
    for rank, pattern in _MARKS:
        match = pattern.match(text, indent)
        if match:
            return rank, indent, match.end()
    return None


def is_numbered(text: str) -> bool:
    """Whether a line begins with the number of a heading, or is one in brackets."""
    return _mark(text) is not None or _BRACKETED.fullmatch(text) is not None


def _title_end(text: str) -> int:
    """How many characters of a heading's words are its title; 0 where they are prose."""
    stop = _title_stop(text[: _LONGEST_TITLE + 1])
    end = len(text.rstrip()) if stop is None else stop
    title = _NOTE.sub("", text[:end]) if end <= _LONGEST_TITLE else ""
    if text[end : end + 1] == ":":
        title = _LAST_LABEL.sub("", title)
    parts = title.split(",")
    if not title.strip() or _PROSE.search(title):
        return 0
    if len(parts) > 1 and max(len(part) for part in parts) > _LONGEST_TITLE_PART:
        return 0
    alone = text[end : end + 1] == "。" and not text[end + 1 :].strip()
    return 0 if alone and len(title) > _LONGEST_TITLE_PART else len(title.rstrip())


def _title_stop(text: str) -> int | None:
    """Where a sentence ends, or a note in brackets begins that tells sentences of its own."""
    depth, opened = 0, 0
    for index, sign in enumerate(text):
        if sign == "(":
            opened = opened if depth else index
            depth += 1
        elif sign == ")":
            depth = max(0, depth - 1)
        elif _SENTENCE.match(sign):
            return opened if depth else index
    return None


def _headed(line: Passage) -> Block | None:
    if bracketed := _BRACKETED.fullmatch(line.text):
        words = line.words(*bracketed.span("title"))
        body = line.cut(*bracketed.span("title"))
        return Block(Rank.FIRST, "", words, body, body.cut(len(words.value)))
    mark = _mark(line.text)
    if mark is None:
        return None
    rank, start, end = mark
    while end < len(line.text) and line.text[end].isspace():
        end += 1
    if ordinal := _ORDINAL.match(line.text, end):
        end = ordinal.end()
    if named := _TITLE_IN_BRACKETS.match(line.text, end):
        rest = line.cut(named.end())
        body = joined([line.cut(*named.span("title")), rest])
        words = line.words(*named.span("title"))
        return Block(rank, line.source(start, end).text, words, body, rest)
    body = line.cut(end)
    length = _title_end(body.text)
    title = body.words(0, length) if length else None
    return Block(rank, line.source(start, end).text, title, body, body.cut(length))


def _attach(stack: list[Block], block: Block) -> None:
    while stack[-1].rank >= block.rank:
        stack.pop()
    stack[-1].children.append(block)
    stack.append(block)


def read_outline(lines: Iterable[Passage]) -> Block:
    """The tree of headings over some lines; its root holds the text before the first heading."""
    root = Block(Rank.TEXT, "", None, Passage(()), Passage(()))
    stack = [root]
    pending: list[Piece] = []

    def close() -> None:
        """Give the lines since the last heading to it, all at once."""
        if pending:
            rest = Passage(tuple(pending))
            block = stack[-1]
            block.body, block.text = joined([block.body, rest]), joined([block.text, rest])
            pending.clear()

    for line in lines:
        block = _headed(line)
        if block is None:
            pending.extend(line.pieces)
        else:
            close()
            _attach(stack, block)
    close()
    return root


def as_lines(lines: Sequence[str], places: Sequence[str] = ()) -> list[Passage]:
    """Each line as a passage, numbered from 1; `places` names each where its number does not."""
    named = places or [""] * len(lines)
    return [
        Passage((Piece(number, 0, raw, where),))
        for number, (raw, where) in enumerate(zip(lines, named, strict=True), 1)
    ]
