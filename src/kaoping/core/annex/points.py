"""分值: points as a cell writes them: `4`, `4分`, `（满分10分）`, `30%`, `±2`; damaged ones are not used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,4})?"
_WORDS = r"(?:本项|该项|本指标|满分|总分|标准分|基础分|分值|权重|合计|小计|共计?|计|为|:| )*"
_PLAIN = re.compile(rf"\(?{_WORDS}(?P<number>{_NUMBER}) ?分?\)?")
_PERCENT = re.compile(rf"\(?{_WORDS}(?P<number>{_NUMBER}) ?%\)?")
_LEADING_ZERO = re.compile(r"0[0-9]")
_RANGE = re.compile(
    rf"(?:[±+\-—−]|加|扣|减|倒扣|最高|最多|不超过|至多) ?{_NUMBER} ?分?|[+\-—−±]?{_NUMBER} ?分?(?:[~～\-—−至到]) ?[+\-—−]?{_NUMBER} ?分?"
    r"|(?:加|扣|减)分项?|倒扣|不计分|不限|否决(?:项)?|一票否决"
)
_DAMAGED = re.compile(r"[0-9OoIl .,。·]{1,12}分?")


class PointsKind(StrEnum):
    """How points are told: only POINTS are taken over, all others a person decides."""

    POINTS = "points"
    WEIGHT = "weight"
    RANGE = "range"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Told:
    """What a cell says of points; `number` is decimal text where it is a plain number or a weight."""

    kind: PointsKind
    number: str


def read_points(plain: str, *, percent: bool = False) -> Told | None:
    """What half-width words say of points, None where they say nothing of them.

    Args:
        plain: the words.
        percent: whether the heading of the column says that its numbers are per cent.
    """
    words = " ".join(plain.split())
    match = _PLAIN.fullmatch(words)
    if match and not _LEADING_ZERO.match(match["number"]):
        return Told(PointsKind.WEIGHT if percent else PointsKind.POINTS, match["number"])
    weight = _PERCENT.fullmatch(words)
    if weight and not _LEADING_ZERO.match(weight["number"]):
        return Told(PointsKind.WEIGHT, weight["number"])
    if _RANGE.fullmatch(words.strip("()")):
        return Told(PointsKind.RANGE, "")
    if _DAMAGED.fullmatch(words.strip("()")) and any(sign.isdigit() for sign in words):
        return Told(PointsKind.DAMAGED, "")
    return None


_BEHIND = re.compile(
    rf"[,: ]*(?:\({_WORDS}(?P<inner>{_NUMBER}) ?分\)|(?<![得扣加减到于过低高达为至第0-9.])(?P<open>{_NUMBER}) ?分)[:。]?\s*$"
)
_BEFORE = re.compile(rf"\s*\({_WORDS}(?P<inner>{_NUMBER}) ?分\)\s*(?=\S)")
_DAMAGED_BEHIND = re.compile(
    r"\([^()]{0,6}?(?:0[0-9]+|[0-9]+ +\.[ 0-9]*|[0-9]+\. +[0-9]+) ?分\)\s*$"
)


@dataclass(frozen=True, slots=True)
class NamePoints:
    """A name with points: the span of the name, and that of the number; `damaged` where it is none."""

    start: int
    end: int
    number: tuple[int, int] | None = None
    damaged: bool = False


def points_beside(plain: str, start: int = 0, end: int | None = None) -> NamePoints:
    """A name without the points that stand before or behind it, `重大项目（10分）`."""
    stop = len(plain) if end is None else end
    behind = _BEHIND.search(plain[:stop], start)
    if behind and behind.start() > start:
        group = "inner" if behind["inner"] else "open"
        if _LEADING_ZERO.match(behind[group]):
            return NamePoints(start, stop, damaged=True)
        return NamePoints(start, behind.start(), behind.span(group))
    if _DAMAGED_BEHIND.search(plain[:stop], start):
        return NamePoints(start, stop, damaged=True)
    before = _BEFORE.match(plain, start, stop)
    if before and not _LEADING_ZERO.match(before["inner"]):
        return NamePoints(before.end(), stop, before.span("inner"))
    return NamePoints(start, stop)
