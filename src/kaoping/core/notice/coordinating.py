"""牵头科室: the sections that lead an assessment as a whole or merge its results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.notice.offices import is_section
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kaoping.core.notice.outline import Block
    from kaoping.core.notice.passage import Found, Passage
    from kaoping.core.notice.procedure import NoticeStep

_LEADS_WORK = re.compile(
    r"(?:由|(?:^|[。;\n(]))(?P<office>[^,。;:、|由0-9\n]{1,20}?)(?:负责)?(?:统筹|总?牵头)(?:组织|实施|会同|汇总|负责组织|抓总|统筹|协调|承办|负责(?=[,。;]|$)|,|。|;)"
    r"|(?P<named>(?:(?<=^)|(?<=[,。;\n]))[^,。;:、|由0-9是\n]{2,20}?)(?:是|为|作为|担任)[^,。;]{0,12}?(?:牵头|统筹|综合协调)(?:科室|处室|股室|单位|部门|机构|局)"
)
_LEADS = (
    re.compile(
        r"(?:由|(?:^|[,。;\n(]))(?P<office>[^,。;:、|由0-9\n]{1,20}?)(?:总?牵头|归口|统一|具体|总体|全面)?(?:负责|承担|承办|主办|主持|统筹|组织|抓总)"
        r"(?:本次|这次|此次|全部|整个|各项|日常|年度)?(?:考核|考评|评价|评估|评议|测评|评定|绩效)(?:工作)?的?(?:组织|统筹|协调|日常|牵头|汇总|实施|全过程|总协调|全程)"
    ),
    re.compile(
        r"(?:^|[,。;\n])(?P<office>[^,。;:、|由0-9\n]{1,20}?)(?:统一|具体|总体)组织(?=[、,。;]|考[核评]|$)"
    ),
    re.compile(r"(?:^|[。;\n])(?P<office>[^,。;:、|由0-9\n]{1,20}?):(?:总?牵头|统筹|负责统筹)"),
    re.compile(
        r"(?:牵头|统筹|总?协调|汇总|组织)(?:科室|处室|股室|部门|机构|单位)[为是:]{1,2}(?P<office>[^,。;:、|0-9\n]{1,20}?)(?=[,。;\n]|$)"
    ),
)
_ALL_WORK = (
    r"(?:^|[,。;\n:])(?:本次|此次|这次|全部|整个|年度|本年度|[0-9]{4}年度?|绩效){0,2}(?:考[核评]|评[价估议定]|测评|评分)(?:计分|打分|评分)?"
    r"(?:的?(?:日常)?(?:工作|活动|事务|事宜|组织))?"
)
"""The subject of a sentence that speaks of the assessment as a whole."""
_WORK_LED = (
    re.compile(
        rf"{_ALL_WORK}(?:[^,。;\n]{{0,8}},)?(?:统一|总体|具体|日常)?由(?P<office>[^,。;:、|由0-9\n]{{1,20}}?)"
        r"(?:总?牵头|统筹|负责|组织|承办|承担|归口|抓总|主办|实施|具体|统一)"
    ),
    re.compile(
        rf"{_ALL_WORK}归(?:口(?=[^,。;\n]*(?:管理|办理|负责|统筹|组织)))?(?P<office>[^,。;:、|由0-9\n]{{1,20}}?)(?:管理|办理|负责|统筹|组织|管|(?=[,。;\n]|$))"
    ),
    re.compile(
        r"(?:组织协调|汇总|统筹)[^,。;\n由归]{0,8}[归由](?P<office>[^,。;:、|由0-9\n]{1,20}?)(?:负责|承担|办理|统一)?(?=[,。;\n]|$)"
    ),
)
_MERGES = (
    re.compile(
        r"[报送交](?:送|至|给|到|由|回){0,2}[本我]?(?:[委局厅]|办(?!公))?(?P<office>[^,。;:、|报送交0-9\n]{1,20}?)(?:统一)?(?:汇总|统稿|审核|备案|[,。]|$)"
    ),
    re.compile(
        r"(?:^|[,。;:、由|\n ])(?P<office>[^,。;:、|由的将把会结报送交0-9\n]{1,20}?)(?:负责|将|把)?(?:统一)?(?:汇总|统筹)"
    ),
)
_WRITES_REPORT = re.compile(
    r"(?:^|[,。;:|\n ])(?P<office>[^,。;:、|由的将把报0-9\n]{1,20}?)(?:结合|根据|依据|会同|牵头会同)"
)


_INNER_ROOM = re.compile(r"[省市县区州](?:委|政府)(?!办公室)[一-鿿]{2,6}室")
"""A room within a committee or a government: 区委督查室."""
_NO_OFFICE = re.compile(
    r"(?:评分|打分|考核|考评|承办|主办|主责|牵头|业务|责任|配合)(?:科室|处室|股室|部门)$|(?:评分|承办|主办|主责|牵头|责任|配合)[科处股]$|[^、]{0,20}?(?:各|有关|相关|责任|由)|经|回|[一二三四五六七八九十0-9]+个|[上下][述列]|会议"
)


def find_coordinating(
    blocks: Iterable[Block], steps: Iterable[NoticeStep], like: str = ""
) -> tuple[Found[str], ...]:
    """The sections that lead the work as a whole or merge its results; `like` is one they resemble."""
    passages = [block.whole() for block in blocks]
    merging = {step.source.line for step in steps if step.kind is StepKind.CONSOLIDATE}
    reports = [
        line for whole in passages for line in whole.each_line() if line.source().line in merging
    ]
    tries = [
        (_LEADS_WORK, passages),
        *((p, passages) for p in _LEADS),
        *((p, passages) for p in _MERGES),
        (_WRITES_REPORT, reports),
    ]
    return _offices_in(tries, like)


def find_leading(blocks: Iterable[Block], like: str = "") -> tuple[Found[str], ...]:
    """The sections that a text says, wherever it stands, lead the assessment as a whole."""
    lines = [line for block in blocks for line in block.whole().each_line()]
    return _offices_in([(pattern, lines) for pattern in (*_WORK_LED, *_LEADS)], like)


def _offices_in(
    tries: Iterable[tuple[re.Pattern[str], Sequence[Passage]]], like: str
) -> tuple[Found[str], ...]:
    found: dict[str, Found[str]] = {}
    for pattern, places in tries:
        for passage in places:
            for match in pattern.finditer(passage.text):
                words = passage.words(*match.span(match.lastgroup or "office"))
                inner = is_section(words.value, like) or _INNER_ROOM.fullmatch(words.value)
                if inner and not _NO_OFFICE.match(words.value):
                    found.setdefault(words.value, words)
    return tuple(words for words in found.values() if not _is_told_better(words.value, found))


def _is_told_better(name: str, others: Collection[str]) -> bool:
    """Whether a name is another one with its unit before it, or the office of 局办公室 alone."""
    if name == _OFFICE_ALONE and any(_OWN_OFFICE.fullmatch(other) for other in others):
        return True
    own = _OWN_OFFICE.fullmatch(name)
    return not own and any(name.endswith(other) for other in others if other != name)


_OFFICE_ALONE = "办公室"
_OWN_OFFICE = re.compile("[局委厅]办公室")
