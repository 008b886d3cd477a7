"""Names of indicators: which listed one some words mean, what part of it, with how many points.

A name is given as it stands in the notice, without the marks around it and the words of the work
behind it (`…指标考核工作`); words that only tell of the work are no name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.passage import Found, Passage, Piece, plain_width

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORTEST_QUOTED = 3
_SUBJECT_TAIL = re.compile(
    r"指标的[^,。]{0,30}$|(?:(?:指标)?的?(?:年度|绩效)?(?:考核|考评|评分|评价|打分)(?:评分)?(?:工作|任务|事项)?|指标|[:,、 ])+$"
)
_SUBJECT_HEAD = re.compile(r"^(?:[ ,、:]|关于|对于|其中|[0-9]{1,2}[.、])+")
_QUOTES = {"“": "”", "《": "》", "‘": "’", '"': '"', "'": "'", "「": "」"}
_PART = re.compile(
    r"(?:指标)?的?(?:考核|考评|评分)?(?:工作)?(?:中的|中,|内的)"
    r"|,?(?:指标)?(?:仅|只|主要)?(?:考核|考评|评|承担|负责|涉及)?其中的?"
)
_PART_NOTE = re.compile(r"\(([^()]{2,30}?)(?:部分|方面)\)")
_WEIGHT = re.compile(r" ?\((?:权重|占比?)[^()]*\)$")
_POINTS = re.compile(r"[,:]? ?\(?(?:分值)?[: ]?([0-9]{1,4}(?:\.[0-9]{1,4})?) ?分\)?$")


_WORK_ALONE = re.compile(
    r"(?:[ 的、和与及等]|年度|绩效|日常|有关|各项|全部|上述|指标|考核|考评|评分|评价|打分|检查|工作|任务|事项|实施|组织"
    r"|落实|推进|汇总|审核|核验|核查|复核|抽查|收集|报送|公示|审定|数据|资料|材料|结果|牵头|单位|科室|处室)+"
)
"""Words of the work itself, which name no indicator: 考核, 评分工作."""


def key_of(name: str) -> str:
    """An indicator's name for comparing: without blanks and quotation marks."""
    return re.sub(r"[\s“”\"《》‘’]", "", name)


def is_work(words: str) -> bool:
    """Whether words only tell of the work itself: 考核组织, 数据收集."""
    return bool(_WORK_ALONE.fullmatch(words))


def named_indicator(
    subject: Found[str], listed: Sequence[Found[str]]
) -> tuple[Found[str], Found[str] | None]:
    """The indicator a subject means and the part of it, `…指标考核工作中的…`."""
    passage = _passage_of(subject)
    text = passage.text
    if name := listed_in(subject, listed):
        at = text.find(plain_width(name.value))
        return name, _narrowed(passage, at + len(name.value))
    part = _PART.search(text, 2)
    end = part.start() if part else len(text)
    scope = _narrowed(passage, end) if part else None
    return _bare_name(passage, end), scope


def listed_in(words: Found[str], listed: Sequence[Found[str]]) -> Found[str] | None:
    """The listed indicator that some words name, the longest where they name several."""
    text = plain_width(words.value)
    named = [name for name in listed if len(name.value) > 1 and _plain(name.value) in text]
    return max(named, key=lambda name: len(name.value), default=None)


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return plain_width(name)


def split_names(subject: Found[str]) -> list[Found[str]] | None:
    """The names a subject lists; None where one name may hold the commas.

    They are told apart where all end alike, as in `…增速、…增速`.
    """
    name, scope = named_indicator(subject, [])
    passage = _passage_of(name)
    spans = list(tokens(passage.text, "、"))
    if scope or len(spans) == 1:
        return [subject]
    endings = {passage.text[end - 2 : end] for _, end in spans}
    return [passage.words(*span) for span in spans] if len(endings) == 1 else None


def _passage_of(found: Found[str]) -> Passage:
    source = found.source
    return Passage((Piece(source.line, source.start, source.text, source.where),))


def _bare_name(passage: Passage, end: int) -> Found[str]:
    """An indicator's name without 《》, 指标 and 考核工作."""
    text = passage.text[:end]
    head = _SUBJECT_HEAD.match(text)
    start = head.end() if head else 0
    tail = _SUBJECT_TAIL.search(text, start + 1)
    return passage.words(*_unquoted(text, start, tail.start() if tail else len(text)))


def _unquoted(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the quotation marks that stand around all of it."""
    while start < end and text[start].isspace():
        start += 1
    while end - start > _SHORTEST_QUOTED and text[start] in _QUOTES:
        closing = text.find(_QUOTES[text[start]], start + 1, end)
        if closing < 0 or text[closing + 1 : end].strip(" 。"):
            break
        start, end = start + 1, closing
    return start, end


def without_quotes(name: Found[str]) -> Found[str]:
    """A listed name without the quotation marks around it."""
    passage = _passage_of(name)
    return passage.words(*_unquoted(passage.text, 0, len(passage.text)))


def _narrowed(passage: Passage, start: int) -> Found[str] | None:
    """The words after an indicator's name that narrow it."""
    part = _PART.match(passage.text, start) or _PART_NOTE.match(passage.text, start)
    if part is None:
        return None
    if part.re is _PART_NOTE:
        return passage.words(*part.span(1))
    tail = _SUBJECT_TAIL.search(passage.text, part.end() + 1)
    scope = passage.words(part.end(), tail.start() if tail else len(passage.text))
    return scope if scope.value else None


def points_of(name: Found[str]) -> tuple[Found[str], Found[str] | None]:
    """A listed name without its `(20分)`, and those points."""
    passage = _passage_of(name)
    if weight := _WEIGHT.search(passage.text):
        return passage.words(0, weight.start()), None
    match = _POINTS.search(passage.text)
    if not match or not match.start():
        return name, None
    points = passage.words(*match.span(1))
    return passage.words(0, match.start()), Found(plain_width(points.value), points.source)
