"""Names of offices compared: the same body, another one, or one body written in two ways.

An office is known by its level (省 市 县 区), its stem and its ending. `望海市财政局` and `市财政局`
are one name in a text of 望海市; `财政局` without level, `市发改委` beside `市发展改革委`, or 评督科
beside 评估督导科 may be one body or two: that is asked, never decided.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from kaoping.core.notice.passage import plain_width

if TYPE_CHECKING:
    from kaoping.core.notice.reading import Notice

_LEVEL = re.compile(
    r"(?:自治区|省|市(?!场|政(?![府务协法])|容)|县(?!域)|区(?!域|划|直)|州|旗|盟|镇|乡(?!村))"
)
_PLACE = re.compile(
    r"^(?P<name>[一-鿿]{1,8}?)(?P<level>自治区|自治州|自治县|省|市(?!场|政(?![府务协法])|容)|县(?!域)|区(?!域|划)|州|旗|盟|镇|乡(?!村))(?=[一-鿿]{2})"
)
_ENDINGS = (
    "委员会", "管理委员会", "管委会", "办公室", "办公厅", "人民政府", "政府", "分局", "中心", "总队", "支队", "大队",
    "科", "处", "股", "室", "局", "委", "厅", "办", "院", "会", "站", "所", "队", "组", "部", "署", "社", "行", "馆",
)  # fmt: skip
_LONGEST_FIRST = sorted(_ENDINGS, key=len, reverse=True)
_SAME_ENDING = {
    "委员会": "委",
    "管理委员会": "管委",
    "管委会": "管委",
    "办公室": "办",
    "办公厅": "办",
    "人民政府": "政府",
}
_NUMERALS = re.compile(r"[一二三四五六七八九十0-9]")


@dataclass(frozen=True, slots=True)
class Office:
    """A name taken apart; `level` is "" where none is written."""

    name: str
    level: str
    stem: str
    ending: str


@dataclass(frozen=True, slots=True)
class Naming:
    """How one notice names offices: its own place, by which `望海市…` is `市…`."""

    place: str
    issuer: str

    def office(self, name: str) -> Office:
        """A name taken apart, the notice's own place left out."""
        return _parsed(self._without_place(plain_width(name)))

    def _without_place(self, name: str) -> str:
        bare = re.sub(r"[\s“”]", "", name).strip(",。;:、")
        if self.place and bare.startswith(self.place) and len(bare) > len(self.place) + 1:
            return bare[len(self.place) - 1 :]
        return bare

    def same(self, one: str, other: str) -> bool:
        """Whether two names are one and the same, but for the notice's own place."""
        return self._without_place(plain_width(one)) == self._without_place(plain_width(other))

    def same_level(self, name: str, klass: str) -> bool:
        """Whether an office may belong to a class of offices: 市统计局 to 市直各部门."""
        level = self.office(name).level
        told = re.search(r"([省市县区州])[直级属]", klass)
        return not level or not told or level == told[1]


def naming_of(notice: Notice) -> Naming:
    """How a notice names offices, by the place in its issuer's name."""
    issuer = plain_width(notice.issuer.value) if notice.issuer else ""
    place = _PLACE.match(issuer)
    return Naming(place["name"] + place["level"] if place else "", issuer)


@lru_cache(maxsize=2048)
def _parsed(name: str) -> Office:
    bare = re.sub(r"\([^()]*\)", "", name)
    level = _LEVEL.match(bare)
    rest = bare[level.end() :] if level and len(bare) > level.end() + 1 else bare
    found = level[0] if level and rest != bare else ""
    ending = next((e for e in _LONGEST_FIRST if rest.endswith(e) and len(rest) > len(e)), "")
    stem = rest[: len(rest) - len(ending)] if ending else rest
    return Office(name, found, stem, _SAME_ENDING.get(ending, ending))


def short_form(short: str, long: str) -> bool:
    """Whether every character of one name stands in the other in the same order, as in 发改/发展改革."""
    rest = iter(long)
    return short != long and all(sign in rest for sign in short)


_SHORTEST_STEM = 2
_LONG_STEM = 3


def may_be_one(one: Office, other: Office) -> bool:
    """Whether two different names may well mean one office."""
    if one.ending != other.ending or one.level != other.level:
        return False
    left, right = sorted((one.stem, other.stem), key=len)
    if _of_two_places(left, right):
        return False
    if left == right or len(left) < _SHORTEST_STEM or _only_numbers_differ(left, right):
        return False
    if short_form(left, right) and left[0] == right[0]:
        return True
    if sorted(left) == sorted(right) and len(left) >= _LONG_STEM:
        return True
    if _reworded(left, right):
        return True
    one_sign = (
        len(left) == len(right) and sum(a != b for a, b in zip(left, right, strict=True)) == 1
    )
    return one_sign and len(left) >= _LONG_STEM


_REWORDED_FROM = 4


def _reworded(left: str, right: str) -> bool:
    """Whether two long stems begin alike and share all signs but one: 市场管理, 市场监管."""
    if len(left) != len(right) or len(left) < _REWORDED_FROM or left[:2] != right[:2]:
        return False
    return sum((Counter(left) & Counter(right)).values()) >= len(left) - 1


_OF_A_PLACE = re.compile(r"(?P<place>[一-鿿]{1,6}?[市县区州旗])(?P<body>[一-鿿]{2,})")


def _of_two_places(left: str, right: str) -> bool:
    """Whether two stems are one body of two places: 东溪区水利, 西溪区水利."""
    one, other = _OF_A_PLACE.fullmatch(left), _OF_A_PLACE.fullmatch(right)
    return bool(one and other and one["body"] == other["body"] and one["place"] != other["place"])


def _only_numbers_differ(left: str, right: str) -> bool:
    return _NUMERALS.sub("#", left) == _NUMERALS.sub("#", right)


def closeness(one: str, other: str) -> int:
    """How much of the shorter stem stands in the other in order, in percent."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    common = sum(block.size for block in blocks)
    return common * 100 // min(len(one), len(other)) if common >= _SHORTEST_STEM else 0
