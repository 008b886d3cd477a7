"""工作程序: the steps of an assessment with their deadlines and what each one needs (P10 to P17).

A step is known by its title (数据收集, 现场核验 …) or by what its words do. What it needs is told by
its words (`根据初步评分及核验情况`): the product of another step after a word of use, in one clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kaoping.core.notice.dates import DateRole, Reckoning, find_dates
from kaoping.core.notice.deadlines import (
    is_deadline,
    terms,
    unclear,
    without_cutoff,
    without_inner_days,
)
from kaoping.core.notice.passage import Found, Passage, Source, joined
from kaoping.core.notice.step_inputs import Told, inputs_of
from kaoping.core.notice.step_places import step_passages
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from kaoping.core.notice.dates import DatePhrase
    from kaoping.core.notice.outline import Block
    from kaoping.core.notice.step_places import StepPlace


@dataclass(frozen=True, slots=True)
class Deadline:
    """时限: the last day, inclusive; not exact where the words say only 底 or 旬."""

    day: date
    exact: bool
    source: Source


@dataclass(frozen=True, slots=True)
class NoticeStep:
    """环节, as far as a notice tells of it.

    Attributes:
        start: the day it begins, where the words say so.
        terms: deadlines relative to something else, `5个工作日内`.
        inputs: names of the steps whose product it says it uses, with the words that say so.
        acts: what is done one after the other within it (会签, 会议审定, 签字, 报送).
    """

    kind: StepKind
    name: Found[str]
    deadlines: tuple[Deadline, ...]
    start: Found[date] | None
    terms: tuple[Found[str], ...]
    inputs: tuple[Found[str], ...]
    acts: tuple[Found[str], ...]
    source: Source

    @property
    def due(self) -> date | None:
        """The deadline; None where the notice gives no day, or several and says not which counts."""
        days = {deadline.day for deadline in self.deadlines}
        return days.pop() if len(days) == 1 else None


@dataclass(frozen=True, slots=True)
class Procedure:
    """All that a notice tells of its steps.

    Attributes:
        start: the day the whole work begins (`从…开始`).
        coordinating: the sections that lead or merge, 牵头组织、汇总.
    """

    steps: tuple[NoticeStep, ...]
    start: Found[date] | None
    unread: tuple[Source, ...]


_ACTS: tuple[tuple[str, str], ...] = (
    ("审核会签", "会签|审核|会[^,。;议]{0,12}科室|征求意见"),
    ("会议审定", "会议?(?:审定|审议|研究|通过|讨论)|办公会|党组会|党委会|党工委|常务会|审定"),
    ("签字", "签字|签发|签批|签署"),
    (
        "报送",
        "报送|上报|报市|报县|报区|报省|提交[^,。;]{0,12}(?:考核办|绩效办|考评办)|报[^,。;告]{0,8}(?:办|委|部)",
    ),
)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A step before its inputs are known, and the date phrases that could not be told."""

    step: NoticeStep
    passage: Passage
    unclear: tuple[Source, ...]
    last: date | None


def _read_step(kind: StepKind, name: Found[str], passage: Passage, reckoning: Reckoning) -> _Draft:
    masked = without_cutoff(passage, reckoning)
    phrases = without_inner_days(list(find_dates(masked, reckoning)), masked)
    if kind is StepKind.APPEAL:
        phrases = _until_answered(phrases, masked)
    told = [phrase for phrase in phrases if is_deadline(phrase, masked)]
    starts = [
        phrase
        for phrase in phrases
        if phrase.role in (DateRole.RANGE, DateRole.FROM) and not phrase.mentioned
    ]
    step = NoticeStep(
        kind=kind,
        name=name,
        deadlines=tuple(
            Deadline(phrase.last, phrase.exact, passage.source(phrase.start, phrase.end))
            for phrase in told
            if phrase.last
        ),
        start=next(
            (
                Found(phrase.first, passage.source(phrase.start, phrase.end))
                for phrase in starts
                if phrase.first
            ),
            None,
        ),
        terms=tuple(terms(passage)),
        inputs=(),
        acts=_acts(kind, passage),
        source=passage.source(),
    )
    last = max((deadline.day for deadline in step.deadlines), default=None)
    return _Draft(step, passage, unclear(passage, masked, phrases), last)


_ANSWERS = re.compile(r"[^。;]{0,40}?(?:答复|回复|复[核查议]|告知|决定|回话)")


def _until_answered(phrases: list[DatePhrase], text: str) -> list[DatePhrase]:
    """The days of an appeal: when it may be made, and the day by which it is answered as the last."""
    told = [phrase for phrase in phrases if phrase.last and is_deadline(phrase, text)]
    if len(told) < 2 or not _ANSWERS.match(text, told[-1].end):  # noqa: PLR2004 - made and answered
        return phrases
    opens = [phrase for phrase in told[:-1] if phrase.first]
    last = told[-1]
    if opens and opens[0].first and last.last and opens[0].first <= last.last:
        last = replace(last, role=DateRole.RANGE, first=opens[0].first)
    return [phrase for phrase in phrases if phrase not in told] + [last]


def _acts(kind: StepKind, passage: Passage) -> tuple[Found[str], ...]:
    """What is done one after the other in a filing step; other steps are one act each."""
    if kind is not StepKind.FILE:
        return ()
    matches = ((name, re.search(pattern, passage.text)) for name, pattern in _ACTS)
    return tuple(Found(name, passage.source(*match.span())) for name, match in matches if match)


MAX_STEPS = 200
"""Far more steps than any procedure has; what follows them is kept as unread."""


def read_procedure(blocks: Iterable[Block], reckoning: Reckoning) -> Procedure:
    """The steps below the headings that speak of the procedure."""
    drafts: list[_Draft] = []
    unread: list[Source] = []
    start: Found[date] | None = None
    for block in blocks:
        start = start or _overall_start(block.text, reckoning)
        found = _with_notes(list(step_passages(block)))
        if not found and block.text.text.strip(" 。:\n") and not SEE.search(block.text.text):
            unread.append(block.text.source())
        for kind, name, passage, note in found:
            if kind is None or len(drafts) == MAX_STEPS:
                unread.append(passage.source())
                continue
            draft = _read_step(kind, name, passage, reckoning)
            draft = replace(draft, passage=joined([passage, *note]))
            reckoning = reckoning.after(draft.last)
            drafts.append(draft)
            unread.extend(draft.unclear)
    return Procedure(tuple(_with_inputs(_named_apart(drafts))), start, tuple(unread))


def _with_notes(
    found: Sequence[StepPlace],
) -> list[tuple[StepKind | None, Found[str], Passage, list[Passage]]]:
    """Each step with the words that stand below a table of steps and explain its row by its name."""
    rows = {name.value: passage for kind, name, passage in found if kind and "|" in passage.text}
    notes: dict[str, list[Passage]] = {name: [] for name in rows}
    kept = []
    for kind, name, passage in found:
        if kind and rows.get(name.value, passage) is not passage and "|" not in passage.text:
            notes[name.value].append(passage)
        else:
            kept.append((kind, name, passage))
    return [(*step, notes.get(step[1].value, []) if step[0] else []) for step in kept]


def _with_inputs(drafts: Sequence[_Draft]) -> Iterator[NoticeStep]:
    told = [Told(d.step.kind, d.step.name.value, d.passage) for d in drafts]
    for draft, inputs in zip(drafts, inputs_of(told), strict=True):
        yield replace(draft.step, inputs=inputs)


def _named_apart(drafts: Iterable[_Draft]) -> list[_Draft]:
    """The steps with a number after a name that another has, for steps are known by their names."""
    seen: dict[str, int] = {}
    apart = []
    for draft in drafts:
        name = draft.step.name
        seen[name.value] = count = seen.get(name.value, 0) + 1
        other = Found(f"{name.value}（{count}）", name.source)
        apart.append(draft if count == 1 else replace(draft, step=replace(draft.step, name=other)))
    return apart


def _overall_start(passage: Passage, reckoning: Reckoning) -> Found[date] | None:
    for phrase in find_dates(passage.text, reckoning):
        if phrase.role is DateRole.FROM and phrase.first and not phrase.mentioned:
            return Found(phrase.first, passage.source(phrase.start, phrase.end))
    return None


SEE = re.compile(
    r"详?见(?:附件|附表|下表|表)|列(?:于|入|在)?(?:下表|附表|附件)|列表(?:于下|如下)|(?:如下|下表)[::]?$"
)
"""Words that only point to another place."""
