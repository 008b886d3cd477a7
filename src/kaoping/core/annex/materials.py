"""台账目录: the materials that a cell lists, numbered, line by line, or divided by marks."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from kaoping.core.annex.numbering import lines_of, numbered_items
from kaoping.core.notice.contacts import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.annex.cells import Spot
    from kaoping.core.notice.passage import Found

_MATERIAL = re.compile(
    r"(?:表|清单|文件|报告|记录|方案|总结|凭证|证明|截图|台账|台帐|纪要|照片|影像|材料|通知|合同|协议|名单|日志|说明|资料"
    r"|单|册|书|证|函|批复|图片|图纸|目录|简报|通报|手册|票据|发票|回执|数据|信息|令|文本|图|账|库|稿|件|报|照|等)(?:\([^()]*\))?$"
)
"""How the name of a material ends."""
_FULL_LINE = Fraction(4, 5)
"""A line this long, beside the longest of its cell, may have been wrapped."""
_ENDS = " \n;。,、.;"


def read_materials(spot: Spot, start: int = 0, end: int | None = None) -> list[Found[str]]:
    """The materials of a cell's span, each with its own words."""
    stop = len(spot.text) if end is None else end
    plain = spot.plain[start:stop]
    spans = [(item.start, item.end) for item in numbered_items(plain)]
    if not spans:
        spans = [part for line in _unwrapped(plain) for part in _parts(plain, *line)]
    trimmed = (_trimmed(plain, first, last) for first, last in spans)
    return [spot.line(start + first, start + last) for first, last in trimmed if first < last]


def _unwrapped(plain: str) -> Iterator[tuple[int, int]]:
    """The lines; a full one that ends neither with a mark nor as a material goes on in the next."""
    begun: int | None = None
    lines = lines_of(plain)
    full = max((end - start for start, end in lines), default=0) * _FULL_LINE
    for start, end in lines:
        begun = start if begun is None else begun
        words = plain[start:end].strip()
        if words[-1] in ";。,、" or _MATERIAL.search(words) or end - start < full:
            yield begun, end
            begun = None
    if begun is not None:
        yield begun, len(plain)


def _parts(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a line between semicolons, or between 、 where each part is a material."""
    for first, last in tokens(plain[start:end], ";。"):
        clause = plain[start + first : start + last]
        spans = list(tokens(clause, "、,"))
        listed = all(_MATERIAL.search(clause[slice(*span)]) for span in spans)
        for left, right in spans if len(spans) > 1 and listed else [(0, len(clause))]:
            yield start + first + left, start + first + right


_NUMBER = re.compile(r"\s*(?:[0-9]{1,2}[.、](?![0-9])|\([0-9]{1,2}\)|[①-⑳])\s*")


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    number = _NUMBER.match(plain, start, end)
    start = number.end() if number else start
    while end > start and plain[end - 1] in _ENDS:
        end -= 1
    while start < end and plain[start] in _ENDS:
        start += 1
    return start, end
