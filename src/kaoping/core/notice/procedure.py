"""工作程序: the steps of an assessment with their deadlines and what each one needs (P10 to P17).

A step is known by its title (数据收集, 现场核验 …) or by what its words do. What it needs is told by
its words (`根据初步评分及核验情况`): the product of another step after a word of use, in one clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import cells_of, tokens
from kaoping.core.notice.dates import DatePhrase, DateRole, Reckoning, find_dates
from kaoping.core.notice.offices import is_section
from kaoping.core.notice.passage import Found, Passage, Source, plain_width
from kaoping.core.notice.step_kinds import (
    ANY_YEAR,
    CHECKS,
    kind_of,
    kind_of_review,
    kind_of_sentence,
    kind_of_step,
)
from kaoping.core.scheme import STEP_NAMES, StepKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.notice.outline import Block


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


_PRODUCTS: tuple[tuple[StepKind, str], ...] = (
    (StepKind.APPEAL, "(?:申诉|复核|复议)(?:处理)?(?:结果|情况|意见)"),
    (StepKind.PUBLIC_NOTICE, "公示(?:结果|情况|无异议)"),
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

_CUTOFF = re.compile(r"截[止至]|时点|统计(?:时间)?节点|(?<!时间)节点|为准|统计期")
_CUTOFF_OF = re.compile(r"数据|指标|统计|完成情况|业绩|佐证|台账|资料|材料|考核|信息")
_CUTOFF_NOT = re.compile(
    r"(?:报送|上报|提交|申报|受理|填报|收集|采集|反馈|公示|申诉|报名|完成(?!情况|数)|时间安排)[^,。;]{0,6}"
    r"(?:截[止至]|时点|节点|以)"
    r"|(?:台账|资料|材料|佐证|报告)[^,。;数]{0,4}截止(?!到)"
)
_AT = re.compile(
    r"(?:[于在至到]|截止(?:时间|日期)?[为是:]?|截至|不[晚迟]于|最迟|时限[为是:]?|时间(?:节点)?[为是:]|\() ?$"
)
_NEAR = 12
_TERM = re.compile(
    r"(?:不少于|不超过|为期)? ?(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3}) ?(?:个)?(?:工作日|自然日|天|日)(?:以内|之内|内)?"
)
_DAY_BEFORE = re.compile(r"[0-9一二三四五六七八九十]月 ?$|[0-9至到—~-] ?$")
_ODD_DATE = re.compile(
    r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月[^,。;\n]{0,6}(?:前|底|旬|初|内|止)"
)
_ODD_TIME = re.compile(
    r"""[0-9一二三四五六七八九十]{1,2}月份?的?第[一二三四五1-5]周
    |(?:每|当|本|下|次)个?[季]?[月季](?:度?末)?(?:月)?[0-9一二三四五六七八九十底末初上中下]{1,3}[日号旬前]?前?
    |[^,。;:()\n0-9]{1,2}节[之以]?前|(?:第?[一二三四1-4])季度末?[之以]?前
    |[0-9一二三四五六七八九十]{1,2}月份?(?:内|中|进行|完成|组织|开展|,|$)""",
    re.VERBOSE,
)
"""Times told by a week, a feast or a month that is not named: no day is reckoned from them."""
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


def find_cutoffs(
    passage: Passage, reckoning: Reckoning
) -> Iterator[tuple[Found[date], tuple[int, int]]]:
    """数据截止时间: each such day and its span, so that it is taken for no deadline."""
    year = reckoning.year
    own = Reckoning(year, issued=date(year, 1, 1) if year else None)
    for start, end in tokens(passage.text, ",。;\n"):
        clause = passage.text[start:end]
        if (
            not _CUTOFF.search(clause)
            or not _CUTOFF_OF.search(clause)
            or _CUTOFF_NOT.search(clause)
        ):
            continue
        phrase = _beside_cutoff(clause, list(find_dates(clause, own)))
        if phrase and phrase.last and _can_be_cutoff(phrase, clause, reckoning.issued):
            span = start + phrase.start, start + phrase.end
            yield Found(phrase.last, passage.source(*span)), span


def _beside_cutoff(clause: str, phrases: Sequence[DatePhrase]) -> DatePhrase | None:
    """The date a word of cut-off speaks of: the one after it, else the one before it."""
    word = _CUTOFF.search(clause)
    at = word.start() if word else 0
    after = [p for p in phrases if p.start >= at and not clause.startswith("为准", at)]
    before = [p for p in phrases if p.start < at]
    return next(iter(after), None) or next(reversed(before), None)


_YEAR_SAID = re.compile(r"[0-9〇零O一二三四五六七八九]{4} ?[年./-]|[今本当去上次明]年")
_YEAR_ENDS = (12, 31)


def _can_be_cutoff(phrase: DatePhrase, clause: str, issued: date | None) -> bool:
    """Whether a day can end the data: a day gone by needs its year or to be the year's last."""
    if phrase.last is None or (phrase.mentioned and phrase.role is DateRole.BEFORE):
        return False
    gone = issued is not None and phrase.last < issued
    said = _YEAR_SAID.search(clause, phrase.start, phrase.end)
    return not gone or bool(said) or (phrase.last.month, phrase.last.day) == _YEAR_ENDS


def _is_deadline(phrase: DatePhrase, text: str) -> bool:
    if phrase.mentioned or phrase.role is DateRole.FROM:
        return False
    if phrase.role is not DateRole.ON:
        return True
    near = max(0, phrase.start - _NEAR)
    return bool(_AT.search(text, near, phrase.start) or _OPENS.search(text, near, phrase.start))


_OPENS = re.compile(r"(?:^|[,。;:(|\n]|(?<=\S) ) *$")
"""A plain day sets a time where it opens its clause."""


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
    masked = _without_cutoff(passage, reckoning)
    phrases = list(find_dates(masked, reckoning))
    told = [phrase for phrase in phrases if _is_deadline(phrase, masked)]
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
        terms=tuple(_terms(passage)),
        inputs=(),
        acts=_acts(kind, passage),
        source=passage.source(),
    )
    last = max((deadline.day for deadline in step.deadlines), default=None)
    return _Draft(step, passage, _unclear(passage, masked, phrases), last)


def _without_cutoff(passage: Passage, reckoning: Reckoning) -> str:
    """The text with the data cut-off blanked, so that its day is no deadline."""
    signs = list(passage.text)
    for _, (start, end) in find_cutoffs(passage, reckoning):
        signs[start:end] = "。" * (end - start)
    return "".join(signs)


def _unclear(passage: Passage, masked: str, phrases: Sequence[DatePhrase]) -> tuple[Source, ...]:
    """Words of time that set no day, or of which the text leaves open which one counts."""
    told = {phrase: None for phrase in phrases if phrase.last and _is_deadline(phrase, masked)}
    open_ones = told if len({phrase.last for phrase in told}) > 1 else []
    unused = [
        phrase
        for phrase in phrases
        if not phrase.last
        or (not told if phrase.mentioned else phrase.role is DateRole.ON and phrase not in told)
    ]
    spans = [(phrase.start, phrase.end) for phrase in (*open_ones, *unused)]
    odd = [match.span() for match in _ODD_DATE.finditer(masked)]
    odd += [] if told else [match.span() for match in _ODD_TIME.finditer(masked)]
    spans += [
        (start, end)
        for start, end in odd
        if not any(phrase.start <= end and start <= phrase.end for phrase in phrases)
    ]
    return tuple(passage.source(*span) for span in sorted(spans))


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
    short = re.compile(r"(评分|打分|初评|核验|核查|抽查|自评)(?:[、及和与])")
    for match in short.finditer(passage.text, start, end):
        kind = StepKind.SCORE if match[1] in ("评分", "打分", "初评") else kind_of(match[1])
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


MAX_STEPS = 200
"""Far more steps than any procedure has; what follows them is kept as unread."""


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
            if kind is None or len(drafts) == MAX_STEPS:
                unread.append(passage.source())
                continue
            draft = _read_step(kind, name, passage, reckoning)
            reckoning = reckoning.after(draft.last)
            drafts.append(draft)
            unread.extend(draft.unclear)
    return Procedure(tuple(_with_inputs(_named_apart(drafts))), start, tuple(unread))


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
        if child.children and _PROCEDURE.search(child.heading):
            yield from _step_passages(child)
        else:
            yield from _steps_of_heading(child, whole)


def _steps_of_heading(
    child: Block, whole: Passage
) -> Iterator[tuple[StepKind | None, Found[str], Passage]]:
    """The step of a numbered paragraph, or the several that its parts between semicolons tell of."""
    parts = [(kind_of_sentence(part.text), part) for part in _segments(whole, ";")]
    kinds = [kind for kind, _ in parts]
    if len(parts) > 1 and None not in kinds and len(set(kinds)) == len(kinds):
        for kind, part in parts:
            if kind:
                yield kind, Found(STEP_NAMES[kind], part.source()), part
        return
    kind = kind_of_step(child.heading, whole.text[:_LONGEST_TELLING])
    if kind is None:
        yield None, whole.words(0, 0), whole
        return
    name = _step_name(child.title) if child.title else None
    yield kind, name or Found(STEP_NAMES[kind], whole.source()), whole
    if kind is StepKind.CONSOLIDATE and _PUBLISHES.search(child.heading):
        yield None, whole.words(0, 0), whole


_LONGEST_TELLING = 400
_PUBLISHES = re.compile("公示|公布")
"""In the title of a step that merges the results: a second step in one, which a person must part."""
_AFTER_NAME = re.compile(
    r"[ ,(的于在:]*(?:的?(?:截止|截至|完成|报送)?(?:时间|日期|时限)[为是:]?)?[ ,(的于在自从为是:]*$"
)


def _step_name(title: Found[str]) -> Found[str] | None:
    """The title without the time that stands in it; None where nothing else is left."""
    text = plain_width(title.value)
    phrase = next(find_dates(text, Reckoning(ANY_YEAR)), None)
    if phrase is None:
        return title
    source = title.source
    end = _AFTER_NAME.sub("", text[: phrase.start])
    if not end:
        return None
    words = title.value[: len(end)]
    return Found(words, replace(source, end=source.start + len(words), text=words))


def _deadline_places(passage: Passage) -> list[int]:
    """Where the deadlines of a text begin, one for each day told."""
    masked = _without_cutoff(passage, Reckoning(ANY_YEAR))
    phrases = find_dates(masked, Reckoning(ANY_YEAR))
    return [phrase.start for phrase in phrases if _is_deadline(phrase, masked)]


def has_deadline(passage: Passage) -> bool:
    """Whether a text sets a time by a day."""
    return bool(_deadline_places(passage))


def _segments(passage: Passage, stops: str) -> list[Passage]:
    """The text cut before each part with a deadline of its own; one piece where there is one."""
    places = _deadline_places(passage)
    begins = [
        start
        for start, end in tokens(passage.text, stops)
        if any(start <= place < end for place in places)
    ]
    cuts = [0, *begins[1:], len(passage.text)]
    return [passage.cut(start, end) for start, end in pairwise(cuts)]


def _steps_in_text(passage: Passage) -> Iterator[tuple[StepKind | None, Found[str], Passage]]:
    """Steps told in running text or rows: each part that has a date and does a step's work."""
    sentences = [passage.cut(start, end) for start, end in tokens(passage.text, "。;\n")]
    for index, sentence in enumerate(sentences):
        row = "|" in sentence.text
        if not row and not has_deadline(sentence):
            if _has_other_time(sentence):
                yield None, sentence.words(0, 0), sentence
            continue
        for part in [sentence] if row else _segments(sentence, ","):
            named = _named_cell(part)
            kind = kind_of_sentence(part.text)
            if named:
                kind = kind_of(named.value)
            elif kind is StepKind.VERIFY and not CHECKS.search(part.text):
                kind = kind_of_review(part.text, _told_of(sentences, index, part))
            if kind:
                yield kind, named or Found(STEP_NAMES[kind], part.source()), part
            elif not row:
                yield None, part.words(0, 0), part


def _told_of(sentences: Sequence[Passage], index: int, part: Passage) -> str:
    """What is told of a step: its own words and the sentences after it that set no time."""
    later = (sentences[at] for at in range(index + 1, len(sentences)))
    after = takewhile(lambda sentence: not has_deadline(sentence), later)
    same_line = (s.text for s in after if s.source().line == part.source().line)
    return "。".join([part.text, *same_line])


def _has_other_time(passage: Passage) -> bool:
    """Whether a sentence without a deadline speaks of a time that a person must look at."""
    masked = _without_cutoff(passage, Reckoning(ANY_YEAR))
    phrases = find_dates(masked, Reckoning(ANY_YEAR))
    plain = any(not p.mentioned and p.role is not DateRole.FROM for p in phrases)
    return plain or bool(_ODD_DATE.search(masked) or _ODD_TIME.search(masked))


def _named_cell(row: Passage) -> Found[str] | None:
    """The cell of a table row that names its step: the first short one that speaks of one."""
    for start, end in cells_of(row):
        cell = row.words(start, end)
        if "|" in row.text and len(cell.value) <= _LONGEST_NAME and kind_of(cell.value):
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
