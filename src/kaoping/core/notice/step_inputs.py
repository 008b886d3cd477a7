"""What a step needs: the products of the steps before it, as its words tell (P10 to P17).

A step uses another where its words speak of it by its name (`核对科室打分`), of a thing that was
first told of there (`初核表`, `暗访意见`), or of the product of its kind (`核验结论`). What a kind of
step can use is told by the order of the work: a report goes up, it is not scored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.passage import Found, Passage, plain_width
from kaoping.core.notice.step_kinds import ACTS, CHECKED, SCORES, VISITS, kind_of
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Told:
    """A step as far as its inputs need it: its kind, its name and the words that tell of it."""

    kind: StepKind
    name: str
    passage: Passage


# --- products by their kind ----------------------------------------------------------------------

_SCORE_ACTS = f"{SCORES}|初核|考评"
_CHECK_ACTS = f"{CHECKED}|检查|检验|{VISITS}"
_APPEAL_ACTS = "申诉|复核|复议|申辩|异议|裁定|裁决"
_PRODUCTS: tuple[tuple[StepKind, str], ...] = (
    (StepKind.APPEAL, f"(?:{_APPEAL_ACTS})(?:处理)?(?:结果|情况|意见|结论|答复)"),
    (StepKind.PUBLIC_NOTICE, "公示(?:结果|情况|无异议)"),
    (StepKind.FEEDBACK, "反馈(?:意见|结果|情况)?之日|收到反馈|反馈(?:意见|情况)"),
    (
        StepKind.VERIFY,
        f"(?:现场|实地)?(?:{_CHECK_ACTS})的?(?:结果|情况|意见|结论|数据(?!的)|得分|分数|数(?![据字量额]))",
    ),
    (
        StepKind.CONSOLIDATE,
        r"""(?:评分|考核|考评|评价|评估|综合|总结)报告
        |(?:汇总|综合)(?:后的)?(?:评分|得分)?(?:结果|情况|表|报告)|评定结果""",
    ),
    (
        StepKind.SCORE,
        rf"""(?:初步|初评)的?(?:评分|得分|结果)(?:结果|情况|意见)?
        |(?:{_SCORE_ACTS}|得分)的?(?:结果|情况|意见|表)|(?:各项|指标)得分""",
    ),
    (
        StepKind.COLLECT,
        r"""(?:收集|采集|填报|申报|报送|上报|提交|提供|自评|自查|归集)(?:到|上来)?的?(?:有关|相关)?
        (?:资料|数据|材料|台账|情况|报告|佐证|结果|信息)""",
    ),
)
_PRODUCT_PATTERNS = [(kind, re.compile(pattern, re.VERBOSE)) for kind, pattern in _PRODUCTS]
_USES = re.compile(
    r"根据|依据|按照|结合|基于|参考|参照|对照|通过|汇总|利用|凭|[在将把对自以]|收到|审核|合并"
)
_MAKES = re.compile(
    r"""形成|出具|提出|编制|撰写|起草|制作|生成|得出|确定|公布|完成(?!情况)|开展|明确
    |(?:提交|报送|填报)(?!的|数据|材料|资料|情况|台账|信息)|(?<![填申上])报(?!告|送|表)""",
    re.VERBOSE,
)


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
_SHORT = re.compile(rf"({_SCORE_ACTS}|{_CHECK_ACTS}|自[评查])(?:[、及和与])")


def _listed_products(
    passage: Passage, start: int, end: int
) -> Iterator[tuple[StepKind, Found[str]]]:
    """`评分及核验情况` names the products of both: the first shares the last one's noun."""
    for match in _SHORT.finditer(passage.text, start, end):
        kind = kind_of(match[1])
        if kind:
            yield kind, passage.words(*match.span(1))


# --- what a step cannot speak of without using it ------------------------------------------------

_SCORES_MEANT = (
    f"(?:初步|科室|股室|处室|部门|分项|各项)(?:{_SCORE_ACTS}|评审分?|得分)|评审分"
    f"|(?:{_SCORE_ACTS})(?:结果|表|单(?!位)|底稿)|初[评核](?:得?分|分数)"
)
_FINDINGS_MEANT = f"(?:{_CHECK_ACTS})(?:意见|结论|结果|情况|得分|分数|数(?![据字量额]))"
_REPORT_MEANT = "(?:评分|考核|考评|评价|评估)报告|汇总(?:结果|得分|情况|表)"
_TOTALS_MEANT = (
    "总分|综合得分|年度得分|(?:得分|成绩)(?:和|及|与|以及|、)(?:排名|名次|位次|排序|档次|等次)"
)
_PAPERS_MEANT = (
    "自[查评](?:表|报告|材料|情况)|(?:填报|报送|上报|归集|收集|提交|申报|交来|报来|送来|录入|采集|上传)的?(?:数据|资料|材料|情况|清单|佐证|指标)"
    "|(?:佐证|支撑|证明)材料|台账"
)
_RECEIVED_MEANT = "反馈|告知|送达|(?:收到|接到)[^,。;]{2,12}(?:后|之日|当[日天])|(?:收到|接到)(?:通知|结果|书面|之日|之后|后)|自收到"
_MEANT: dict[StepKind, dict[StepKind, re.Pattern[str]]] = {
    consumer: {kind: re.compile(pattern) for kind, pattern in products.items()}
    for consumer, products in {
        StepKind.COLLECT: {StepKind.COLLECT: "自[查评](?:表|报告|材料|情况)"},
        StepKind.SCORE: {StepKind.COLLECT: _PAPERS_MEANT},
        StepKind.VERIFY: {StepKind.SCORE: _SCORES_MEANT},
        StepKind.FEEDBACK: {StepKind.SCORE: _SCORES_MEANT, StepKind.VERIFY: _FINDINGS_MEANT},
        StepKind.APPEAL: {StepKind.FEEDBACK: _RECEIVED_MEANT},
        StepKind.CONSOLIDATE: {
            StepKind.SCORE: _SCORES_MEANT,
            StepKind.VERIFY: _FINDINGS_MEANT,
            StepKind.APPEAL: f"(?:{_APPEAL_ACTS})(?:处理)?(?:结果|意见|结论|决定|情况|答复|回复)|复查答复|[、和及与](?:书面)?[答回]复",
        },
        StepKind.PUBLIC_NOTICE: {
            StepKind.CONSOLIDATE: f"{_REPORT_MEANT}|{_TOTALS_MEANT}",
            StepKind.APPEAL: "经(?:申诉|申辩|复[查核议])",
        },
        StepKind.FILE: {StepKind.CONSOLIDATE: _REPORT_MEANT},
    }.items()
}
"""The products that a kind of step speaks of only to use them, by the kind that makes them."""
_INSTEAD: dict[StepKind, tuple[tuple[StepKind, StepKind], ...]] = {
    StepKind.SCORE: ((StepKind.VERIFY, StepKind.VERIFY),),
    StepKind.VERIFY: ((StepKind.SCORE, StepKind.COLLECT),),
    StepKind.FEEDBACK: ((StepKind.CONSOLIDATE, StepKind.CONSOLIDATE),),
    StepKind.CONSOLIDATE: ((StepKind.SCORE, StepKind.COLLECT),),
    StepKind.PUBLIC_NOTICE: (
        (StepKind.CONSOLIDATE, StepKind.SCORE),
        (StepKind.CONSOLIDATE, StepKind.VERIFY),
    ),
    StepKind.FILE: (
        (StepKind.CONSOLIDATE, StepKind.SCORE),
        (StepKind.CONSOLIDATE, StepKind.VERIFY),
        (StepKind.CONSOLIDATE, StepKind.APPEAL),
    ),
}
"""Kinds used where the work has another order, as pairs of a kind and the one used in its absence."""


def _usable(step: Told, before: Sequence[Told]) -> set[StepKind]:
    """The kinds of step whose products a step can use, among those before it."""
    kinds = {other.kind for other in before}
    usable = set(_MEANT.get(step.kind, {}))
    for kind, used in _INSTEAD.get(step.kind, ()):
        if (kind is used) or kind not in kinds:
            usable.add(used)
    return usable & kinds


# --- things told of in an earlier step -----------------------------------------------------------

_THING = re.compile(
    "报告|意见|结论|清单|台账|材料|资料|总结|记录|决定|答复|情况|稿|名单|底稿|[表书账卡册]|单(?!位)"
)
"""Nouns of what a step makes; the words before one tell which it is."""
_LONGEST_THING = 8
_SHORTEST_ALONE = 2
_ONLY_POINTS = re.compile(
    "^(?:的|有关|相关|所有|全部|上述|各项|其他|该|各|按|照|据|和|、|及|与|把|将|本)"
)


def _things(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the nouns of things in a text."""
    return (match.span() for match in _THING.finditer(text))


def _producer(text: str, span: tuple[int, int], before: Sequence[Told]) -> tuple[Told, int] | None:
    """The step that first told of a thing, by the longest words for it, and where those begin."""
    start, end = span
    for begin in range(max(0, start - _LONGEST_THING), start):
        words = text[begin:end]
        if not _CHINESE.fullmatch(words) or _ONLY_POINTS.match(words):
            continue
        if end - begin <= _SHORTEST_ALONE or (start - begin == 1 and end - start > 1):
            continue
        for other in before:
            if words in other.passage.text:
                return other, begin
    return None


_CHINESE = re.compile("[一-鿿]+")


def _told_before(step: Told, before: Sequence[Told]) -> Iterator[tuple[Told, Found[str]]]:
    """The steps that first told of a thing which this one speaks of."""
    usable = _usable(step, before)
    text = step.passage.text[:_LONGEST_TELLING]
    for span in _things(text):
        found = _producer(text, span, before)
        if found and found[0].kind in usable:
            yield found[0], step.passage.words(found[1], span[1])


_LONGEST_TELLING = 1000
"""How much of a step's words is looked at for things, in characters."""

# --- names of steps ------------------------------------------------------------------------------

_LONG_NAME = 4
_A_PRODUCT = "(?:结果|情况|结论|意见|表|单(?!位)|报告|答复|决定|记录)"
_AS_THING_AFTER = "(?=[、和与及,。;]|是否|的|结果|意见|情况|有误|无误|之后|以后|后|起|$)"
_AS_THING_BEFORE = (
    "(?:^|[、和与及,。;\n]|根据|依据|按照|结合|综合|核对|反馈|告知|对|将|把|汇总|对照|公示|以|经|收到|接到|自|不服"
    f"|{_CHECK_ACTS})"
)


def _named(step: Told, other: Told, own: int) -> tuple[int, int] | None:
    """Where a step speaks of another by its name, after its own."""
    name = plain_width(other.name)
    if len(name) >= _LONG_NAME:
        at = step.passage.text.find(name, own)
        return (at, at + len(name)) if at >= 0 else None
    return _as_thing(step, name, own)


def _as_thing(step: Told, words: str, own: int) -> tuple[int, int] | None:
    """Where short words stand as a thing that is spoken of, not as an act that is done."""
    escaped = re.escape(words)
    for pattern in (
        f"{_AS_THING_BEFORE}({escaped}){_AS_THING_AFTER}",
        f"({escaped})(?=[、和与及][^,。;]{{1,8}}{_A_PRODUCT})",
    ):
        match = re.compile(pattern).search(step.passage.text, own)
        if match:
            return match.span(1)
    return None


_ALL_WORK = ("考核", "考评")
"""Acts that are the whole work as well: 考核报告 is no product of 科室考核."""


def _stems(step: Told) -> list[str]:
    """The acts in the name of a step: 回访 of 实地回访."""
    return [stem for stem in re.findall(ACTS[step.kind], step.name) if stem not in _ALL_WORK]


def _of_stem(step: Told, other: Told, own: int) -> tuple[int, int] | None:
    """Where a step speaks of the product of another by its act: `回访意见` of 实地回访."""
    for stem in _stems(other):
        match = re.compile(
            f"{re.escape(stem)}(?:结果|情况|结论|意见|表|单(?!位)|报告|答复|决定|分数)"
        ).search(step.passage.text, own)
        span = match.span() if match else _as_thing(step, stem, own)
        if span:
            return span
    return None


def _meant(step: Told, before: Sequence[Told]) -> Iterator[tuple[Told, Found[str]]]:
    """Steps before this one whose product, or whose own name, its words speak of."""
    passage, own = step.passage, _own_title(step)
    usable = _usable(step, before)
    for other in before:
        if other.kind not in usable:
            continue
        span = _named(step, other, own) or _of_stem(step, other, own)
        if span and not _is_made(passage.text, span[0]):
            yield other, passage.words(*span)
    for kind in usable - {step.kind}:
        meant = _MEANT[step.kind].get(kind)
        match = (meant and meant.search(passage.text, own)) or _act_spoken_of(step, kind, own)
        if match and not _is_made(passage.text, match.start()):
            for other in _makers(kind, match[0], before):
                yield other, passage.words(*match.span())


_SPOKEN_OF = {
    kind: re.compile(
        f"{_AS_THING_BEFORE}(?:{acts})(?=[、和与及]|是否|情况|结果|意见|有误|无误)"
        f"|(?:核对|复核|看|查|根据|依据|反馈|对|{_CHECK_ACTS})(?:{acts})(?=[,。;]|逐|进行|开展|再|作|准|属实|对不对|是不是)"
    )
    for kind, acts in {
        StepKind.COLLECT: "自查|自评",
        StepKind.SCORE: SCORES,
        StepKind.VERIFY: f"{CHECKED}|{VISITS}",
    }.items()
}


def _act_spoken_of(step: Told, kind: StepKind, own: int) -> re.Match[str] | None:
    """Where the act of a kind of step is a thing that is spoken of: `核对评分是否…`."""
    pattern = _SPOKEN_OF.get(kind)
    return pattern.search(step.passage.text, own) if pattern else None


def _own_title(step: Told) -> int:
    """How many characters a step's own name takes where its words begin with it."""
    name = plain_width(step.name)
    return step.passage.text.startswith(name) * len(name)


def _is_made(text: str, at: int) -> bool:
    """Whether words of a clause before a place in it say that what follows is only made there."""
    clause = re.split(r"[,。;:\n]", text[max(0, at - _LONGEST_CLAUSE) : at])[-1]
    return bool(_MAKES.search(clause))


_LONGEST_CLAUSE = 40


def _makers(kind: StepKind, words: str, steps: Sequence[Told]) -> list[Told]:
    """The steps of a kind that words for their product mean.

    Those with an act in their name that the words speak of; else of steps that gather papers the
    last, of others all.
    """
    alike = [step for step in steps if step.kind is kind]
    named = [step for step in alike if any(stem in words for stem in _stems(step))]
    if named and len(named) < len(alike):
        return named
    return alike[-1:] if kind is StepKind.COLLECT else alike


_OF_APPEALS = (StepKind.SCORE, StepKind.VERIFY)
"""What is looked at anew when the assessed side objects: the appeal's own work, `复查结论`."""


def inputs_of(steps: Sequence[Told]) -> Iterator[tuple[Found[str], ...]]:
    """The inputs of each step, in the order of the steps, with the words that say so."""
    order = {step.name: number for number, step in enumerate(steps)}
    for number, step in enumerate(steps):
        before = steps[:number]
        inputs: dict[str, Found[str]] = {}
        for other, words in (*_meant(step, before), *_told_before(step, before)):
            inputs.setdefault(other.name, Found(other.name, words.source))
        for kind, words in _used_products(step.passage):
            if kind is step.kind or (step.kind is StepKind.APPEAL and kind in _OF_APPEALS):
                continue
            for other in _makers(kind, words.value, before):
                inputs.setdefault(other.name, Found(other.name, words.source))
        yield tuple(sorted(inputs.values(), key=lambda item: order[item.value]))
