"""Numbers before words: `1.`, `（1）`, `①`, `一、`, `1.1`; and lists told apart by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_CHINESE = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NO_MEASURE = r"(?![0-9亿万元%个米公吨分年月])"
_LEADING = re.compile(
    rf" *(?:(?P<dotted>[A-Za-z]?[0-9]{{1,2}}(?:[.\-—][0-9]{{1,2}}){{1,3}})(?:[.、:]|(?= |[^\x00-\x7f])){_NO_MEASURE}"
    r"|(?P<plain>[0-9]{1,3})[.、:](?![0-9])|\((?P<round>[0-9]{1,3})\)[.、]?"
    rf"|(?P<circled>[{_CIRCLED}])|(?P<chinese>[{_CHINESE}]{{1,3}})、|\((?P<bracketed>[{_CHINESE}]{{1,3}})\)[.、]?"
    rf"|(?:指标|任务)(?P<word>[{_CHINESE}]{{1,3}}|[0-9]{{1,2}})[:、. ]) *"
)
_DEPTHS = {
    "chinese": 1,
    "word": 1,
    "bracketed": 2,
    "plain": 3,
    "dotted": 3,
    "round": 4,
    "circled": 5,
}

SERIAL = re.compile(
    rf"(?:第? ?)?\(?(?:[A-Za-z]?[0-9]{{1,4}}(?:[.\-—_][0-9]{{1,3}})*|[{_CHINESE}]{{1,3}}|[{_CIRCLED}])\)?(?: ?[项号])?[.、]?"
)
"""A cell that is nothing but a number in a list."""


@dataclass(frozen=True, slots=True)
class Leading:
    """A number before words: as written without its marks, where the words begin, how deep it is.

    `depth` is 1 for 一、, 2 for （一）, 3 for 1., 4 for （1）, 5 for ①.
    """

    number: str
    end: int
    depth: int


def leading_number(plain: str) -> Leading | None:
    """The number that words begin with."""
    match = _LEADING.match(plain)
    if match is None or not match.lastgroup or match.end() == len(plain):
        return None
    return Leading(match[match.lastgroup], match.end(), _DEPTHS[match.lastgroup])


def bare_number(plain: str) -> str:
    """A number in a cell of its own without brackets and marks: `（1）` as 1."""
    return re.sub(r"[\s()第项号、]|\.$", "", plain)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a numbered list: its number from 1, and the span of its words."""

    number: int
    start: int
    end: int


_STYLES = (
    r"(?<![0-9.]){0}[.、](?![0-9])|(?<=[;。\n]) *{0}[.、](?![0-9]+(?:\.|亿|万|元|%|个|分|倍))",
    r"\({0}\)[.、]?",
    r"{1}[.、]?",
    r"(?<![一二三四五六七八九十第]){2}、",
    r"\({2}\)[.、]?",
)
_MOST_ITEMS = 20
_LEAD_IN = re.compile(r"[^;。\n]{0,30}:\s*")


def numbered_items(plain: str) -> list[Item]:
    """The items of a list whose numbers rise by one from 1; [] where there are fewer than two.

    Words before the first item are none of it; they must end with a colon.
    """
    opening = _LEAD_IN.match(plain)
    starts = {len(plain) - len(plain.lstrip()), opening.end() if opening else 0}
    for style in _STYLES:
        found = _items_of_style(plain, style, starts)
        if len(found) > 1:
            return found
    return []


def _items_of_style(plain: str, style: str, starts: set[int]) -> list[Item]:
    marks: list[re.Match[str]] = []
    for number in range(1, _MOST_ITEMS + 1):
        numeral = _CHINESE[number - 1] if number <= len(_CHINESE) else "十" + _CHINESE[number - 11]
        pattern = style.format(number, _CIRCLED[number - 1], numeral)
        match = re.compile(pattern).search(plain, marks[-1].end() if marks else 0)
        if match is None or (not marks and match.start() not in starts):
            break
        marks.append(match)
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    return [
        Item(number, mark.end(), end)
        for number, (mark, end) in enumerate(zip(marks, ends, strict=False), 1)
    ]


def lines_of(plain: str) -> list[tuple[int, int]]:
    """The spans of the lines that hold words."""
    breaks = [-1, *(at for at, sign in enumerate(plain) if sign == "\n"), len(plain)]
    spans = ((left + 1, right) for left, right in pairwise(breaks))
    return [(start, end) for start, end in spans if plain[start:end].strip()]
