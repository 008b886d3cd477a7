"""工作程序: the steps of an assessment with their deadlines and what each one needs (P10 to P17).

A step is known by its title (数据收集, 现场核验 …) or by what its words do. What it needs is told by
its words (`根据初步评分及核验情况`): the product of another step after a word of use, in one clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import cells_of, tokens
from kaoping.core.notice.dates import DatePhrase, DateRole, Reckoning, find_dates
from kaoping.core.notice.offices import is_section
from kaoping.core.notice.passage import Found, Passage
from kaoping.core.scheme import STEP_NAMES, StepKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.notice.outline import Block
    from kaoping.core.notice.passage import Source


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
        """The last deadline, None where the notice gives no day."""
        return max((deadline.day for deadline in self.deadlines), default=None)


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


_KINDS: tuple[tuple[StepKind, str], ...] = (
    (StepKind.APPEAL, "申诉|复议|异议|复核"),
    (StepKind.FEEDBACK, "反馈"),
    (StepKind.NOTICE, "公示|公布|通报"),
    (
        StepKind.COLLECT,
        r"""(?:资料|材料|数据|台账|佐证|信息|情况|自评|自查|指标)的?
        (?:收集|采集|报送|上报|申报|填报|提供|提交|整理上报|归集)
        |收集|采集|填报|自评|自查|申报|日常监测""",
    ),
    (StepKind.VERIFY, "核验|核查|实地|现场|抽查|查验|核实|检查"),
    (StepKind.FILE, "报送|上报|审定|报审|审议|审批|提交|审核报|报批|呈报"),
    (StepKind.CONSOLIDATE, "汇总|整理|综合评定|综合评价|统稿|形成报告|评分报告|统分|合分"),
    (
        StepKind.SCORE,
        r"""评分|打分|赋分|评审|初评|计分|量化|考评|评定|评价|测评
        |(?:科室|部门|集中|指标|组织|年终|年度)考核""",
    ),
)
_KIND_PATTERNS = [(kind, re.compile(pattern, re.VERBOSE)) for kind, pattern in _KINDS]

_PRODUCTS: tuple[tuple[StepKind, str], ...] = (
    (StepKind.APPEAL, "(?:申诉|复核|复议)(?:处理)?(?:结果|情况|意见)"),
    (StepKind.NOTICE, "公示(?:结果|情况|无异议)"),
    (StepKind.FEEDBACK, "反馈(?:意见|结果|情况)?之日|收到反馈|反馈(?:意见|情况)"),
    (
        StepKind.VERIFY,
        "(?:现场|实地)?(?:核验|核查|抽查|检查|查验|核实)的?(?:结果|情况|意见|结论|数据(?!的))",
    ),
    (
        StepKind.CONSOLIDATE,
        r"""(?:评分|考核|考评|评价|综合|总结)报告
        |(?:汇总|综合)(?:后的)?(?:评分|得分)?(?:结果|情况|表|报告)|评定结果""",
    ),
    (
        StepKind.SCORE,
        r"""(?:初步|初评)的?(?:评分|得分|结果)(?:结果|情况|意见)?
        |(?:评分|打分|得分|评审|初评|考评)的?(?:结果|情况|意见|表)|(?:各项|指标)得分""",
    ),
    (
        StepKind.COLLECT,
        r"""(?:收集|采集|填报|申报|报送|上报|提交|提供|自评|自查|归集)(?:到|上来)?的?(?:有关|相关)?
        (?:资料|数据|材料|台账|情况|报告|佐证|结果|信息)""",
    ),
)
_PRODUCT_PATTERNS = [(kind, re.compile(pattern, re.VERBOSE)) for kind, pattern in _PRODUCTS]
_USES = re.compile(
    r"根据|依据|按照|结合|基于|参考|参照|对照|通过|汇总|利用|[在将把对自以]|收到|审核|合并"
)
_MAKES = re.compile(
    r"""形成|出具|提出|编制|撰写|起草|制作|生成|得出|确定|公布|完成(?!情况)|开展|明确
    |(?:提交|报送|填报)(?!的|数据|材料|资料|情况|台账|信息)|(?<![填申上])报(?!告|送|表)""",
    re.VERBOSE,
)

_CUTOFF = re.compile(r"截[止至]|时点|节点|为准|统计期")
_CUTOFF_OF = re.compile(r"数据|指标|统计|完成情况|业绩|佐证|台账|资料|材料|考核|信息")
_CUTOFF_NOT = re.compile(
    r"(?:报送|上报|提交|申报|受理|填报|收集|反馈|公示|申诉|报名|完成|时间安排)[^,。;]{0,6}截[止至]"
)
_AT = re.compile(
    r"(?:[于在至到]|截止(?:时间|日期)?[为是:]?|截至|不[晚迟]于|最迟|时限[为是:]?|时间[为是:]|\() ?$"
)
_NEAR = 12
_TERM = re.compile(
    r"(?:不少于|不超过|为期)? ?(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3}) ?(?:个)?(?:工作日|自然日|天|日)(?:以内|之内|内)?"
)
_DAY_BEFORE = re.compile(r"[0-9一二三四五六七八九十]月 ?$|[0-9至到—~-] ?$")
_ODD_DATE = re.compile(
    r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月[^,。;\n]{0,6}(?:前|底|旬|初|内|止)"
)
_ACTS: tuple[tuple[str, str], ...] = (
    ("审核会签", "会签|审核|会[^,。;议]{0,12}科室|征求意见"),
    ("会议审定", "会议?(?:审定|审议|研究|通过|讨论)|办公会|党组会|党委会|党工委|常务会|审定"),
    ("签字", "签字|签发|签批|签署"),
    (
        "报送",
        "报送|上报|报市|报县|报区|报省|提交[^,。;]{0,12}(?:考核办|绩效办|考评办)|报[^,。;告]{0,8}(?:办|委|部)",
    ),
)
_LEADS_WORK = re.compile(
    r"由(?P<office>[^,。;:、|由0-9\n]{1,20}?)(?:负责)?(?:统筹|牵头)(?:组织|实施|会同|汇总|负责组织|,)"
)
_MERGES = (
    re.compile(
        r"[报送交](?:送|至|给|到|由)?[本我]?[委局厅办]?(?P<office>[^,。;:、|报送交0-9\n]{1,20}?)(?:统一)?(?:汇总|统稿|审核|备案|[,。]|$)"
    ),
    re.compile(
        r"(?:^|[,。;:、由|\n ])(?P<office>[^,。;:、|由的将把会结报送交0-9\n]{1,20}?)(?:负责|将|把)?(?:统一)?(?:汇总|统筹)"
    ),
)
_WRITES_REPORT = re.compile(
    r"(?:^|[,。;:|\n ])(?P<office>[^,。;:、|由的将把报0-9\n]{1,20}?)(?:结合|根据|依据|会同|牵头会同)"
)


def kind_of(words: str) -> StepKind | None:
    """The kind of step a title or sentence speaks of."""
    for kind, pattern in _KIND_PATTERNS:
        if pattern.search(words):
            return kind
    return None


def find_cutoff(passage: Passage, year: int | None) -> tuple[Found[date], tuple[int, int]] | None:
    """数据截止时间: the day and the span of its clause, so that it is taken for no deadline."""
    reckoning = Reckoning(year, issued=date(year, 1, 1) if year else None)
    for start, end in tokens(passage.text, ",。;\n"):
        clause = passage.text[start:end]
        if (
            not _CUTOFF.search(clause)
            or not _CUTOFF_OF.search(clause)
            or _CUTOFF_NOT.search(clause)
        ):
            continue
        for phrase in find_dates(clause, reckoning):
            if phrase.last:
                words = passage.words(start + phrase.start, start + phrase.end)
                return Found(phrase.last, words.source), (start, end)
    return None


def _is_deadline(phrase: DatePhrase, text: str) -> bool:
    if phrase.role in (DateRole.BEFORE, DateRole.RANGE):
        return True
    return phrase.role is DateRole.ON and bool(
        _AT.search(text, max(0, phrase.start - _NEAR), phrase.start)
    )


def _terms(passage: Passage) -> Iterator[Found[str]]:
    for match in _TERM.finditer(passage.text):
        if not _DAY_BEFORE.search(passage.text, max(0, match.start() - _NEAR), match.start()):
            yield passage.words(*match.span())


@dataclass(frozen=True, slots=True)
class _Draft:
    """A step before its inputs are known, and the date phrases that could not be told."""

    step: NoticeStep
    passage: Passage
    unclear: tuple[Source, ...]
    last: date | None


def _read_step(kind: StepKind, name: Found[str], passage: Passage, reckoning: Reckoning) -> _Draft:
    text = passage.text
    cutoff = find_cutoff(passage, reckoning.year)
    hidden = cutoff[1] if cutoff else (0, 0)
    masked = _masked(text, hidden)
    phrases = list(find_dates(masked, reckoning))
    told = [phrase for phrase in phrases if _is_deadline(phrase, text)]
    if not told:
        told = [phrase for phrase in phrases if phrase.role is DateRole.ON][-1:]
    starts = [phrase for phrase in phrases if phrase.role in (DateRole.RANGE, DateRole.FROM)]
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
        terms=tuple(_terms(passage)),
        inputs=(),
        acts=_acts(kind, passage),
        source=passage.source(),
    )
    return _Draft(step, passage, _unclear(passage, masked, phrases), step.due)


def _masked(text: str, span: tuple[int, int]) -> str:
    return text[: span[0]] + "。" * (span[1] - span[0]) + text[span[1] :]


def _unclear(passage: Passage, masked: str, phrases: Sequence[DatePhrase]) -> tuple[Source, ...]:
    """Words that look like a date and name no day."""
    unresolved = [(phrase.start, phrase.end) for phrase in phrases if not phrase.last]
    odd = [match.span() for match in _ODD_DATE.finditer(masked)]
    missed = [
        (start, end)
        for start, end in odd
        if not any(phrase.start <= end and start <= phrase.end for phrase in phrases)
    ]
    return tuple(passage.source(*span) for span in (*unresolved, *missed))


def _acts(kind: StepKind, passage: Passage) -> tuple[Found[str], ...]:
    """What is done one after the other in a filing step; other steps are one act each."""
    if kind is not StepKind.FILE:
        return ()
    matches = ((name, re.search(pattern, passage.text)) for name, pattern in _ACTS)
    return tuple(Found(name, passage.source(*match.span())) for name, match in matches if match)


def _used_products(passage: Passage) -> Iterator[tuple[StepKind, Found[str]]]:
    """The products of other steps that the words of a step use."""
    for start, end in tokens(passage.text, ",。;\n"):
        clause = passage.text[start:end]
        use = _USES.search(clause)
        if not use:
            yield from _handled_product(passage, start, clause)
            continue
        makes = _MAKES.search(clause, use.end())
        limit = makes.start() if makes else len(clause)
        for kind, pattern in _PRODUCT_PATTERNS:
            match = pattern.search(clause, use.start(), limit)
            if match:
                yield kind, passage.words(start + match.start(), start + match.end())
        yield from _listed_products(passage, start + use.end(), start + limit)


_HANDLED = re.compile(r"[^经提报会送]{0,4}?(?:后)?(?:经|提交|提请|报(?!告)|呈|会(?!议)|送)")


def _handled_product(
    passage: Passage, start: int, clause: str
) -> Iterator[tuple[StepKind, Found[str]]]:
    """A product a clause begins with and then handles: `评分报告经…审定`."""
    for kind, pattern in _PRODUCT_PATTERNS:
        match = pattern.search(clause, 0, _LONGEST_OPENING)
        if match and _HANDLED.match(clause, match.end()):
            yield kind, passage.words(start + match.start(), start + match.end())
            return


_LONGEST_OPENING = 16
_LONGEST_NAME = 16


def _listed_products(
    passage: Passage, start: int, end: int
) -> Iterator[tuple[StepKind, Found[str]]]:
    """`评分及核验情况` names the products of both: the first shares the last one's noun."""
    short = re.compile(r"(评分|打分|核验|核查|抽查|自评)(?:[、及和与])")
    for match in short.finditer(passage.text, start, end):
        kind = StepKind.SCORE if match[1] in ("评分", "打分") else kind_of(match[1])
        if kind:
            yield kind, passage.words(*match.span(1))


def _with_inputs(drafts: Sequence[_Draft]) -> Iterator[NoticeStep]:
    by_kind: dict[StepKind, list[str]] = {}
    for draft in drafts:
        by_kind.setdefault(draft.step.kind, []).append(draft.step.name.value)
    for draft in drafts:
        inputs: dict[str, Found[str]] = {}
        for kind, words in _used_products(draft.passage):
            for name in by_kind.get(kind, ()) if kind is not draft.step.kind else ():
                inputs.setdefault(name, Found(name, words.source))
        order = [other.step.name.value for other in drafts]
        yield replace(
            draft.step,
            inputs=tuple(sorted(inputs.values(), key=lambda item: order.index(item.value))),
        )


def read_procedure(blocks: Iterable[Block], reckoning: Reckoning) -> Procedure:
    """The steps below the headings that speak of the procedure."""
    drafts: list[_Draft] = []
    unread: list[Source] = []
    start: Found[date] | None = None
    for block in blocks:
        start = start or _overall_start(block.text, reckoning)
        found = list(_step_passages(block))
        if not found and block.text.text.strip(" 。:\n") and not SEE.search(block.text.text):
            unread.append(block.text.source())
        for kind, name, passage in found:
            if kind is None:
                unread.append(passage.source())
                continue
            draft = _read_step(kind, name, passage, reckoning)
            reckoning = reckoning.after(draft.last)
            drafts.append(draft)
            unread.extend(draft.unclear)
    return Procedure(tuple(_with_inputs(drafts)), start, tuple(unread))


def _overall_start(passage: Passage, reckoning: Reckoning) -> Found[date] | None:
    for phrase in find_dates(passage.text, reckoning):
        if phrase.role is DateRole.FROM and phrase.first:
            return Found(phrase.first, passage.source(phrase.start, phrase.end))
    return None


SEE = re.compile(r"详?见(?:附件|附表|下表|表)|(?:如下|下表)[::]?$")
"""Words that only point to another place."""

_PROCEDURE = re.compile(r"程序|步骤|流程|安排|时限|日程|阶段")


def _step_passages(block: Block) -> Iterator[tuple[StepKind | None, Found[str], Passage]]:
    """The steps under a heading: its children, or the sentences of its own text."""
    if not block.children:
        yield from _steps_in_text(block.text)
        return
    for child in block.children:
        whole = child.whole()
        kind = kind_of(child.heading) or kind_of(whole.text[:80])
        if child.children and _PROCEDURE.search(child.heading):
            yield from _step_passages(child)
        elif child.title and kind:
            yield kind, child.title, whole
        elif kind:
            yield kind, Found(STEP_NAMES[kind], whole.source()), whole
        else:
            yield None, whole.words(0, 0), whole


def _steps_in_text(passage: Passage) -> Iterator[tuple[StepKind | None, Found[str], Passage]]:
    """Steps told in running text or rows: each sentence that has a date and does a step's work."""
    for start, end in tokens(passage.text, "。;\n"):
        sentence = passage.cut(start, end)
        cutoff = find_cutoff(sentence, 2000)
        text = _masked(sentence.text, cutoff[1] if cutoff else (0, 0))
        dated = any(_is_deadline(phrase, text) for phrase in find_dates(text, Reckoning(2000)))
        if not dated and "|" not in text:
            continue
        named = _named_cell(sentence)
        kind = kind_of(named.value if named else sentence.text)
        if kind:
            yield kind, named or Found(STEP_NAMES[kind], sentence.source()), sentence
        elif "|" not in sentence.text:
            yield None, sentence.words(0, 0), sentence


def _named_cell(row: Passage) -> Found[str] | None:
    """The cell of a table row that names its step: the first short one that speaks of one."""
    for start, end in cells_of(row):
        cell = row.words(start, end)
        if len(cell.value) <= _LONGEST_NAME and kind_of(cell.value):
            return cell
    return None


_NO_OFFICE = re.compile(r"[^、]{0,20}?(?:各|有关|相关|责任|由)|经")


def find_coordinating(
    blocks: Iterable[Block], steps: Iterable[NoticeStep]
) -> tuple[Found[str], ...]:
    """The sections that lead the work as a whole or merge its results."""
    passages = [block.whole() for block in blocks]
    merging = {step.source.line for step in steps if step.kind is StepKind.CONSOLIDATE}
    reports = [
        line for whole in passages for line in whole.each_line() if line.source().line in merging
    ]
    tries = [(_LEADS_WORK, passages), *((p, passages) for p in _MERGES), (_WRITES_REPORT, reports)]
    found: dict[str, Found[str]] = {}
    for pattern, places in tries:
        for passage in places:
            for match in pattern.finditer(passage.text):
                words = passage.words(*match.span("office"))
                if is_section(words.value) and not _NO_OFFICE.match(words.value):
                    found.setdefault(words.value, words)
    return tuple(found.values())
