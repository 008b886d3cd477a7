"""Who leads all indicators, where a notice says so once: `上述指标均由市某局牵头`.

Only a unit leads; a section of which the same is said coordinates the work and is read elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import Role, tokens
from kaoping.core.notice.duties import read_duty
from kaoping.core.notice.offices import find_offices, is_own_body, is_section
from kaoping.core.notice.passage import Found

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kaoping.core.notice.passage import Passage

_OF_INDICATORS = re.compile(r"指标|任务|考[核评]")
"""What a sentence speaks of that says who leads the indicators, and not who leads a step."""
_UNIT = r"(?P<unit>[^,。;:由\n()、]{2,40}?)(?:\((?:以下|下)?(?:统称|简称)(?:为|:)?[“\"]?(?P<short>[^()“”\"]{2,20})[”\"]?\))?"
_SOME = r"(?:上述|以上|下列|以下|全部|所有|各|这|[0-9一二三四五六七八九十]{1,3})[项个]*"
_LABEL = r"(?:总|责任)?(?:牵头|主责|主管|总牵头|主办|责任)(?:责任)?(?:单位|部门|机关)"
_BEFORE = r"(?:由|[,;:、(]|^|实行|为|是|在|系|明确|确定|指定|委托|请|以)"
_TELLS = (
    re.compile(rf"{_BEFORE}{_UNIT}(?:总|统一)?承担[^,。;:]{{0,24}}牵头(?:工作|任务|职责|责任)?"),
    re.compile(rf"(?:交|交由|交给|明确|确定|委托){_UNIT}(?:总|统一|负责|作为)*牵头"),
    re.compile(
        rf"{_BEFORE}{_UNIT}(?:总|统一|负责|共同|一并|全面|担任|作为)*(?:牵头(?!科|处|股|单位|部门|人)|抓总|总牵头)"
    ),
    re.compile(
        rf"{_LABEL}(?:均|都|全部|统一|一律|皆|同)*(?:[为是系:]|是指) ?(?P<unit>[^,。;:()]{{2,40}})"
    ),
    re.compile(rf"{_BEFORE}{_UNIT}(?:均|都|统一)*(?:为|是|作为|系|担任)[^,。;:]{{0,16}}?{_LABEL}"),
    re.compile(
        rf"{_BEFORE}{_UNIT}(?:统一|总|全面|归口|具体)*负责(?:{_SOME})[^,。;:]{{0,16}}(?:指标|任务)"
    ),
    re.compile(
        rf"{_SOME}[^,。;:]{{0,16}}(?:指标|任务)[^,。;:由]{{0,8}}由{_UNIT}(?:统一|总|全面|归口)*负责"
    ),
    re.compile(
        rf"(?:均|都|全部|统一|一律)+(?:归口)?由{_UNIT}(?:统一|总|全面)*(?:负责|承担|归口|主管|组织)"
    ),
)
_NOT_SAID = re.compile(r"不|各自|分别|责任(?:科|处|股|单位)|原|^现[就将]")
_BRINGS = re.compile("现[就将]|通知如下|不再")
"""A sentence that says why the notice is written, or what no longer holds, leads nothing."""
_LONGEST_SENTENCE = 400


def lead_of_all(
    lines: Iterable[Passage], names: Collection[str], like: str = "", issuer: str = ""
) -> Found[str] | None:
    """The unit that leads every indicator; None where none, or several, are named.

    Args:
        lines: the lines that may say so.
        names: the indicators; a sentence that names some of them is about those alone.
        like: a section of the issuer, which others may be called like.
        issuer: who issues the notice; of several units it is meant.
    """
    found: dict[str, Found[str]] = {}
    for line in lines:
        if lead := is_lead_alone(line):
            found.setdefault(lead.value, lead)
        for start, end in tokens(line.text, "。;\n"):
            sentence = line.text[start:end]
            named = sum(name in sentence for name in names)
            if 0 < named < len(names) or end - start > _LONGEST_SENTENCE:
                continue
            if not _OF_INDICATORS.search(sentence):
                continue
            if unit := _told_in(line, start, end, like):
                found.setdefault(unit.value, unit)
    own = [unit for unit in found.values() if is_own_body(unit.value)]
    named_units = [unit for unit in found.values() if not is_own_body(unit.value)]
    issuing = [unit for unit in named_units if issuer and issuer.endswith(unit.value)]
    for units in (named_units, issuing, own):
        if len(units) == 1:
            return units[0]
    return None


def _told_in(line: Passage, start: int, end: int, like: str) -> Found[str] | None:
    for pattern in _TELLS:
        sentence, at = line.text[start:end], 0
        while match := pattern.search(sentence, at):
            first, last = match.span("unit")
            clause = next(s for s in tokens(sentence, ",") if s[0] <= first < s[1])
            at = match.start() + 1
            if _BRINGS.search(sentence[slice(*clause)]):
                continue
            if unit := _unit_in(line, start + first, start + last, like):
                short = match.groupdict().get("short")
                if not short:
                    return unit
                first, last = match.span("short")
                return line.words(start + first, start + last)
    return None


def _unit_in(line: Passage, start: int, end: int, like: str) -> Found[str] | None:
    words = line.text[start:end]
    if _NOT_SAID.search(words):
        return None
    offices = find_offices(words)
    spans = list(offices) if offices else []
    if len(spans) != 1:
        return None
    unit = line.words(start + spans[0][0], start + spans[0][1])
    return None if is_section(unit.value, like) or _NO_UNIT.search(unit.value) else unit


_NO_UNIT = re.compile(
    r"指标|任务|考核|考评|绩效|工作|纪委|监委|派驻|^(?:科室|处室|股室|各|有关|相关|责任|单位|部门)|组$"
)


def is_lead_alone(passage: Passage) -> Found[str] | None:
    """The unit of a line that only labels who leads, before any indicator: `牵头单位:市某局`."""
    if not _LABELLED.match(passage.text):
        return None
    gathered, subject = read_duty(passage)
    leads = gathered.of(Role.LEAD)
    only = set(gathered.values) == {Role.LEAD} and len(leads) == 1
    return leads[0] if only and subject is None else None


_LABELLED = re.compile(r"[ (\[【]*(?:指标|考[核评])?(?:总|责任)?牵头(?:责任)?(?:单位|部门)")


def named_as(lead: Found[str] | None, issuer: Found[str] | None) -> Found[str] | None:
    """A lead called 我局 or 本委 by the name of who issues the notice."""
    if lead is None or issuer is None or not is_own_body(lead.value):
        return lead
    return Found(issuer.value, lead.source)
