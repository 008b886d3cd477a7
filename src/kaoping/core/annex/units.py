"""责任单位: the units that a cell lists, and the words of it that name nobody (各有关单位).

Units are told by the form of their names. A list that is open, or words that are no office, are kept
for a person to decide; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import bare, one_line
from kaoping.core.annex.numbering import numbered_items
from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.offices import find_offices, is_section
from kaoping.core.notice.passage import Found

if TYPE_CHECKING:
    from kaoping.core.annex.cells import Spot

_LABEL = re.compile(
    r"(?:^|(?<=[\s;。,、]))(?:[一-鿿]{0,4}(?:牵头|配合|责任|协办|主办|参与|主责|承办|落实)(?:单位|部门|科室)?) ?: ?"
)
_OPEN = re.compile(
    r"各(?!界)|有关|相关|全部|所有|全体|其他|其它|承担.{0,12}任务|任务的|涉及|下达|负责的|等(?:\d{1,3}[个家])?(?:单位|部门|科室)?$"
    r"|^(?:单位|部门|市直|县区|乡镇|成员单位|责任单位|牵头|配合|牵头单位|配合单位)$|同(?:第)?[0-9一二三四五六七八九十]"
)
_ETC = re.compile(r"等(?:\d{1,3}[个家])?(?:相关|有关)?(?:单位|部门|科室|地)?$")
_PLACE = re.compile(
    r"[一-鿿]{1,8}(?:新区|开发区|高新区|园区|街道|自治[县州]|[县区市旗州镇乡盟])(?:政府)?"
)
_NOTE = re.compile(r"\((?:牵头|配合|主办|协办|主责|参与|牵头单位|配合单位)\)$")
_INNER = re.compile(r"^([^()]*)\(([^()]+)\)(等?)$")
_SEPARATORS = "、,;/|\n"
_WRAPPED = re.compile(r"(?<=[^\s、,;/|。:])\s*\n\s*(?=[^\s、,;/|。:])")
_DIVIDES = re.compile(r"[、,;/|\n。:]")
_LONGEST_NAME = 30


@dataclass
class Listed:
    """Units that a cell names, and its words that leave open whom they mean."""

    units: list[Found[str]] = field(default_factory=list)
    open: list[Found[str]] = field(default_factory=list)
    labelled: bool = False


def is_unit(words: str) -> bool:
    """Whether half-width words have the form of one unit's name."""
    name = bare(words)
    if not name or len(name) > _LONGEST_NAME or name[0].isdigit() or _OPEN.search(name):
        return False
    spans = find_offices(name)
    return (spans is not None and len(list(spans)) == 1) or bool(_PLACE.fullmatch(name))


def read_units(spot: Spot) -> Listed:
    """The units a cell lists, and what it leaves open."""
    listed = Listed()
    plain = _rejoined(spot.plain)
    labels = list(_LABEL.finditer(plain))
    listed.labelled = len(labels) > 1
    bounds = [0, *(at for label in labels for at in label.span()), len(plain)]
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        items = [(item.start, item.end) for item in numbered_items(plain[start:end])]
        for left, right in items or [(0, end - start)]:
            for first, last in tokens(plain[start + left : start + right], _SEPARATORS):
                at = start + left
                _read_one(spot, plain, (at + first, at + last), listed)
    return listed


def _rejoined(plain: str) -> str:
    """The words with those line breaks as blanks that only wrap a name: `市住房和城乡⏎建设局`."""

    def told(match: re.Match[str]) -> str:
        near = max(0, match.start() - _LONGEST_NAME), match.end() + _LONGEST_NAME
        before = _DIVIDES.split(plain[near[0] : match.start()])[-1]
        behind = _DIVIDES.split(plain[match.end() : near[1]])[0]
        wraps = not is_unit(before) and not _OPEN.search(before) and is_unit(before + behind)
        return (" " if wraps else "\n") * len(match[0])

    return _WRAPPED.sub(told, plain)


def _read_one(spot: Spot, plain: str, span: tuple[int, int], listed: Listed) -> None:
    start, end = _stripped(plain, *span)
    words = plain[start:end]
    if not words:
        return
    if note := _NOTE.search(words):
        end = start + note.start()
        words = plain[start:end]
    inner = _INNER.match(words)
    if inner and _holds_units(inner[1], inner[2]):
        for first, last in tokens(inner[2], _SEPARATORS):
            at = start + inner.start(2)
            _read_one(spot, plain, (at + first, at + last), listed)
        if inner[3]:
            listed.open.append(spot.line(start, end))
    elif _is_open(words):
        _read_open(spot, plain, (start, end), listed)
    elif spans := _offices(words):
        listed.units += [_named(spot, start + first, start + last) for first, last in spans]
    else:
        listed.open.append(spot.line(start, end))


def _stripped(plain: str, start: int, end: int) -> tuple[int, int]:
    """A span without a list number before it and the full stop behind it."""
    number = re.compile(r"\s*(?:[0-9]{1,2}[.、]|\([0-9]{1,2}\)|[①-⑳])\s*").match(plain, start, end)
    start = number.end() if number else start
    while end > start and plain[end - 1] in "。.;: ":
        end -= 1
    return start, end


def _is_open(words: str) -> bool:
    return bool(_OPEN.search(bare(words)))


def _holds_units(head: str, inner: str) -> bool:
    """Whether the words in brackets are units that the words before only sum up."""
    names = [inner[slice(*span)] for span in tokens(inner, _SEPARATORS)]
    told = [name for name in names if is_unit(name) or _ETC.search(name)]
    several = len(names) > 1 and len(told) == len(names)
    return (_is_open(head) or several) and bool(told)


def _read_open(spot: Spot, plain: str, span: tuple[int, int], listed: Listed) -> None:
    """`市商务局等单位` names one unit and leaves the others open."""
    start, end = span
    rest = _ETC.search(plain[start:end])
    spans = _offices(plain[start : start + rest.start()]) if rest and rest.start() else None
    if spans and not _is_open(plain[start : start + (rest.start() if rest else 0)]):
        listed.units += [_named(spot, start + first, start + last) for first, last in spans]
    listed.open.append(spot.line(start, end))


def _offices(words: str) -> list[tuple[int, int]]:
    """The spans of the units that words without separators name; blanks may divide them."""
    name = bare(words)
    if _PLACE.fullmatch(name) or (" " not in words.strip() and is_unit(words)):
        return [(0, len(words))]
    divided = [(match.start(), match.end()) for match in re.finditer(r"\S+", words)]
    if len(divided) > 1:
        if all(is_unit(words[slice(*span)]) for span in divided):
            return divided
        return [(0, len(words))] if is_unit(words) else []
    spans = find_offices(words)
    return list(spans) if spans and len(name) <= _LONGEST_NAME * 4 else []


def _named(spot: Spot, start: int, end: int) -> Found[str]:
    source = spot.source(start, end)
    return Found(one_line(source.text), source)


def sections_and_units(found: list[Found[str]]) -> tuple[list[Found[str]], list[Found[str]]]:
    """Offices told apart by form: sections (科室) and units."""
    sections = [one for one in found if is_section(one.value)]
    return sections, [one for one in found if one not in sections]
