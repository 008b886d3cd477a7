"""What the words of a completion standard leave open, and numbers in them that look damaged.

This reads no rule. It only tells whether a standard that deducts says how far (floor), one that adds
says up to what (cap), and one that goes by steps of a divisible measure says what becomes of a part of
a step.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.notice.passage import plain_width

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_DEDUCTS_EACH = re.compile(
    rf"(?:每|一[次项个件起家处]|1[次项个件起家处])[^。;\n]{{0,40}}?(?:扣|减){_NUMBER} ?分|扣{_NUMBER} ?分?(?:/|每)[次个项件家起处天]|(?:逐[次项]|累计)扣"
)
_FLOOR = re.compile(
    r"扣完|扣至|扣到|扣光|直至0|为零为止|不(?:得|计|出现|设|倒扣)?负分|不得?倒扣|最低(?:得|计|为|扣)?|不低于[^。;,]{0,6}分|下限|封底"
    r"|扣分?[^。;,加]{0,14}?(?:不超过|最高|最多|为限|封顶)|(?:最高|最多|至多|累计|合计)[^。;,加]{0,6}?扣|扣分上限"
    r"|不超过(?:本项|该项|此项|单项)[^。;,]{0,4}分|(?:本项|该项)?分值为限|以[^。;,]{1,8}分为限|扣分不限|下不保底|加分(?:或者?|和|及|与|、|/)扣分[^。;]{0,6}不超过"
)
_NO_BONUS = re.compile(r"不(?:予|再|另|得|另行|重复|额外)?加分")
_ADDS = re.compile(
    rf"加{_NUMBER} ?分|加分|超(?:额|过|出|任务|目标)?[^。;\n]{{0,16}}?(?:加|奖){_NUMBER}? ?分?|超额[^。;\n]{{0,10}}?按比例"
)
_CAP = re.compile(
    r"加[^。;扣]{0,24}?(?:(?:或者?|和|及|与|、|/)(?:扣|减)分?)?[^。;扣]{0,8}?(?:不超过|最高|最多|至多|为限|封顶|上限)"
    r"|(?:最高|最多|至多|累计|合计|总共)[^。;扣]{0,8}?加|封顶|加满|(?:总分|总得分|得分|本项|该项)(?:最高)?不(?:得)?超过|上限|以满分为限|最高(?:得|计|不超过)[^。;]{0,6}分"
)
_DIVISIBLE = (
    r"(?:个?百分点|%|个?千分点|亿元|万元|元|公里|千米|米|亩|公顷|吨|万吨|度|千瓦时|小时|平方米)"
)
_STEP = re.compile(
    r"每(?:低|高|增|减|少|多|超|降|升|欠|差|下降|提高|上升|增加|减少|增长|低于|高于|超过|超出|提升)[^。;,\n]{0,12}?"
    rf"(?:(?P<much>{_NUMBER}) ?(?P<of>{_DIVISIBLE})|(?P<many>[2-9]|[1-9][0-9]+) ?[个家项件次户人])"
)
_PART_OF_STEP = re.compile(
    r"不足[^。;,]{0,12}(?:按|不|的|部分)|按比例|整数|整[个步]|不满[^。;,]{0,10}(?:按|不)|折算|内插|插值|等比例|同比例|四舍五入|依此类推按"
)


def leaves_floor_open(standard: str) -> bool:
    """Whether a standard deducts by each case and does not say how far."""
    text = plain_width(standard)
    return bool(_DEDUCTS_EACH.search(text)) and not _FLOOR.search(text)


def leaves_cap_open(standard: str) -> bool:
    """Whether a standard adds points and does not say up to how many."""
    text = _NO_BONUS.sub("", plain_width(standard))
    return bool(_ADDS.search(text)) and not _CAP.search(text)


def leaves_step_open(standard: str) -> bool:
    """Whether a standard goes by steps that a value may reach in part, and does not say how then.

    每少1个 of things that only come whole leaves nothing open; 每低1个百分点 and 每少10个 do.
    """
    text = plain_width(standard)
    return bool(_STEP.search(text)) and not _PART_OF_STEP.search(text)


_DAMAGED = re.compile(
    r"(?<![0-9.\-—~:/年月第A-Za-z])0[0-9]+(?= ?分)"  # 05分 for 0.5分
    r"|(?<![0-9.])[0-9]+(?: +\. *| *\. +)[0-9]+(?= *(?:分|%|个|元|亿|万))"  # 0. 5分
    r"|(?<![0-9A-Za-z])[OoQ]\.[0-9]+"  # O.5
    r"|(?<![0-9.一-鿿A-Za-z)])\.[0-9]+(?= ?分)"  # .5分
    r"|(?<![0-9])0[,。·][0-9]+(?= ?分)"  # 0,5分
    r"|(?<![0-9.])[0-9]+\.[0-9]+\.[0-9]+(?= ?[分%])"  # 0.5.5分
)
_RANGE = re.compile(
    r"(?<![0-9.])([0-9]{1,3}) ?(万|亿|%|个|家|项|分)?[元]? ?(?:—{1,2}|-|~|～|至) ?([0-9]{1,4}) ?(万|亿|%|个|家|项|分)"
)
_WHOLE = re.compile(r"(?<![0-9.])([1-9][0-9]{1,4}) ?(万|亿|%|个|家|项|分)")


def damaged_numbers(text: str) -> Iterator[tuple[int, int]]:
    """The spans of numbers that look damaged: 05分, 0. 5分, and 510万 beside the bands 1—5万."""
    plain = plain_width(text)
    yield from (match.span() for match in _DAMAGED.finditer(plain))
    ends = {(match[3], match[4]) for match in _RANGE.finditer(plain)}
    inside = [match.span() for match in _RANGE.finditer(plain)]
    for match in _WHOLE.finditer(plain):
        lost = any(_joins(match[1], end) for end, measure in ends if measure == match[2])
        if lost and not any(first <= match.start() < last for first, last in inside):
            yield match.span()


def _joins(number: str, end: str) -> bool:
    """Whether a number is the end of one band and a greater one with the dash between them lost."""
    rest = number.removeprefix(end)
    return rest != number and rest[:1].isdigit() and rest[0] != "0" and int(rest) > int(end)
