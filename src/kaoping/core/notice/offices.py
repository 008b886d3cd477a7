"""Offices named in a notice: lists of sections and units, told apart by their form.

A section (科室) belongs to the lead unit, a unit (单位) stands beside it. The form decides: a place
or level before it (市…, 县…) makes a unit, an ending like 科 or 处 a section; where sections are
called 局, as in a management committee, those called alike are sections too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDINGS = (
    r"(?:科|处|室|股|局|委|厅|办|院|部|署|会|站|所|中心|队|组|政府|公司|银行|分行|支行|卫生院|服务站|管理站|中心校|台|场馆|林场|农场|海关|集团|大学|学校|中学|小学|学院|幼儿园|联|校|馆"
    r"|社|团|机关|基地|法院|军分区|分局|司|专班|工委|机构)"
)
_OFFICE = re.compile(rf"[^,。;:\s]{{1,40}}{_ENDINGS}(?:\([^()]{{1,20}}\))?")
_SECTION_ALWAYS = re.compile(r"(?:科|(?<!办事)处|股|科室|处室)$")
_SECTION_ALONE = re.compile(r"(?:室|队|中心|站|所|组|部|专班)$")
_OF_THE_BODY = re.compile(r"机关(?!事务)")
"""机关党委, 机关工会: offices within the body itself; 机关事务局 is a unit beside it."""

_UNIT_START = re.compile(
    r"(?:省(?![际直级内外])|市(?![场容域民际]|政(?!务|府|协|法))|县(?![域级])|区(?![域划直块位级])|州|旗|盟|镇|乡(?!村))(?=[一-鿿]{2})|自治|国家|中央|驻|[一-鿿]{2,6}[省市县]"
)
_HEAD = re.compile(
    r"^(?:[ ,、]|具体|并由|并|同时|另外?|以及|会同|联合|协调|其中|商(?![贸务业标])|由|[本我][委局厅办院区](?!(?:统一|共同|具体|总|负责|[、,和及与 ])*$|[、,和及与])"
    r"|[委局厅]内|外?请|请由|机关(?=各|相关|有关|内设)|本单位|相关|有关|各有关)+"
)
_TAIL = re.compile(
    r"(?:等)?(?:[0-9一二三四五六七八九十]{1,3}个)?(?:相关|有关|其他)?"
    r"(?:科室|处室|单位|部门|股室|部门和单位|单位和部门|科室和单位|内设机构)?"
    r"(?:[ ,]|共同|联合|分别|具体|统一|按职责(?:分工)?|积极|密切|主动|按照职责分工|做好|给予|予以|一并|一同|全程|同步|派员|派人|派出人员|负责人?)*$"
)
_SPLIT = re.compile(r"(?<=[科处室股局委厅办院部会站所心队组府关])[和及与]")
_WHOLE_UNIT = re.compile(
    r"(.{1,30}?(?:委员会|管委会|委(?!会)|局|厅|政府))([^局委厅]{1,12}(?:科|处|股|(?<!办公)室))"
)
_OWN_BODY = re.compile(r"[本我](?:[委局厅办院会]|单位|中心|管委会|区管委会)")


def find_offices(text: str) -> Iterator[tuple[int, int]] | None:
    """The spans of the offices a list names, None where some item is no office."""
    spans = _offices_of(text)
    return None if spans is None else iter(spans)


@lru_cache(maxsize=2048)
def _offices_of(text: str) -> tuple[tuple[int, int], ...] | None:
    """All offices of a text: several rules ask for those of the same words."""
    head = _HEAD.match(text)
    start = head.end() if head else 0
    tail = _TAIL.search(text, start)
    end = tail.start() if tail else len(text)
    spans: list[tuple[int, int]] = []
    for first, last in tokens(text[start:end], "、,/"):
        cuts = [m.start() for m in _SPLIT.finditer(text, start + first, start + last)]
        bounds = [start + first, *(cut + 1 for cut in cuts)]
        spans += list(zip(bounds, [*cuts, start + last], strict=True))
    if not spans or not all(_OFFICE.fullmatch(text, *span) for span in spans):
        return None
    if any(_OF_A_SENTENCE.search(text, *span) for span in spans):
        return None
    return tuple(spans)


_OF_A_SENTENCE = re.compile(r"后[送交报]|签署|^和?外部$|^整个|工作由|分值|得分|比例|[它其]所$|按比")
"""Words of rules, which are no office though they end like one: `相应分值…摊入它所(承担的…)`."""


def split_unit(name: str) -> tuple[str, str]:
    """`市某局综合科` as unit and section; the section is empty where there is only a unit."""
    match = _WHOLE_UNIT.fullmatch(name)
    return (match[1], match[2]) if match else (name, "")


def is_office_note(words: str) -> bool:
    """Whether words in brackets behind an office are part of its name: 处, 省能源局."""
    return bool(re.fullmatch(_ENDINGS, words) or _OFFICE.fullmatch(words))


def is_own_body(name: str) -> bool:
    """Whether words mean the office that issues the notice: 我局, 本委."""
    return bool(_OWN_BODY.fullmatch(name))


def is_unit_called_like_a_section(name: str, like: str = "") -> bool:
    """Whether a name ends in 处 but is a unit's, by its place: 县公证处 beside 股 or 科."""
    return name.endswith("处") and not like.endswith("处") and bool(_UNIT_START.match(name))


def is_inner(name: str) -> bool:
    """Whether a name has no place or level, so that it may be an office within another: 监督评价局."""
    return not _UNIT_START.match(name) and not is_own_body(name) and len(name) > _SHORTEST_UNIT


_SHORTEST_UNIT = 2


def is_alike(name: str, like: str) -> bool:
    """Whether a name without place or level is called like a section: 局 beside 局, or beside 处."""
    if not like or not is_inner(name) or len(name) <= _SHORTEST_INNER:
        return False
    return name.endswith("局") and like.endswith(("局", "处"))


_SHORTEST_INNER = 4


def is_unit(name: str, like: str = "") -> bool:
    """Whether a name is a unit's by the place or level it begins with: 市财政局, no section's."""
    return bool(_UNIT_START.match(name)) and not is_section(name, like)


def is_section(name: str, like: str = "") -> bool:
    """Whether a name is that of a section; `like` is a section it may be called alike."""
    if is_own_body(name):
        return False
    if _SECTION_ALWAYS.search(name) or _OF_THE_BODY.match(name):
        return True
    if _UNIT_START.match(name) or name.endswith("政府办公室"):
        return False
    if _SECTION_ALONE.search(name):
        return True
    return bool(like) and not _SECTION_ALONE.search(like) and name[-1] == like[-1]
