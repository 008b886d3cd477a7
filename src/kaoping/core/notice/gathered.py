"""What is gathered of one duty: values by role, each with its place, and which words were used.

The words that no rule used are what is shown as unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import Role, find_labels, role_of, tokens
from kaoping.core.notice.offices import find_offices
from kaoping.core.notice.passage import Found, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaoping.core.notice.passage import Source

Words = tuple[Found[str], ...]

_SHORTEST_CLAUSE = 2
_KEEPS_OUT = re.compile(
    r"不得?(?:直接)?(?:参[与加]|经手|承担|给|接触)[^,。;\n]{0,16}(?:[评打定]分|签字|核[验查]|考[核评]|评[估价议定])"
    r"|名单为|负责解释|需要联系的|勿外传|每[项个](?:指标|任务)[^。;,]{0,4}由?一[个家]|如下表?(?:[,。]|$)|下表(?:所列|载明|列明)|由该[科处股室]|仅供|出面|不[在属是][^,。;\n]{0,10}(?:对象|之列|之中|范围)|(?:均|都)(?:不是|为[省市县区]级)|应当?(?:主动)?退出"
)
_ACTS_FOR = re.compile(
    r"(?:空缺|外出|出差|请假|不在岗|缺位)(?:的|时|期间),?[^。;\n]{0,8}由|(?:到任|到岗|上任|补齐|配备|任命)(?:之)?前,[^。;\n]{0,24}由"
)
_COORDINATES = re.compile(
    r"[^,。;\n]{0,12}(?:归口|统筹|总?协调|牵头)(?:(?:科室|处室|股室|部门|处|科)?:|(?:科室|处室|股室|部门)[为是])|[^,。;\n]{0,24}(?:均|都|一律|只|也)[由走经找][^,。;\n]{1,16}(?:经办|进出|办理|口子|$)"
    r"|[^,。;\n]{2,14}[科处股室部办](?:是|为)[^,。;]{0,10}(?:牵头|统筹|总?协调)"
    r"|[^,。;\n]{0,4}(?:整个工作|整项工作|考核|考评|评价|评估|评定|评议|测评)(?:工作|事务|全程|的[^。;]{2,30})?由[^,。;]{2,14}(?:牵头|统筹|总?协调)"
    r"|[^,。;\n]{0,12}(?:组织协调|统筹协调|综合协调|日常工作)(?:工作)?由[^,。;]{2,14}(?:牵头|统筹|负责|承担)"
    r"|[^,。;\n]{0,12}归[^,。;\n]{2,12}[科处股室部办](?:管|负责|归口|(?=[,。;]|$))"
    r"|[^;]{2,40}由[^,。;\n]{2,12}(?:下发|发放|制发|合成|统分|收转|传递|经手)"
    r"| *[^,。;:\n]{2,12}?[科处股室部办](?:总协调|(?:牵头)?抓总|总牵头|统筹协调|牵头(?:组织|协调|整个|本次|此次))"
)
_KEEPS_SECRET = re.compile(
    r"(?:人员|姓名|电话|通知|信息|联系方式)[^。;\n]{0,24}"
    r"(?:使用|(?:只|仅)用于|公开|外传|登载|刊登|上网|外泄|泄露|对外提供)"
)
_OF_POINTS = re.compile(
    r"合计|[得计记][0零满]分|得分|总分|扣分|满分|加分|四舍五入|名次|位次|不涉及|分值|附件|数值|小数|记为"
)
_OF_DUTIES = re.compile(r"负责|牵头|承办|配合|协[助同办作]|电话|联[络系]|领导|责任人")
_FORMULA = re.compile(
    r"[一-鿿)]=|^ *(?:并|共同|一并)?(?:提供|协助|参与|参加|核对|出具)[^,。;由]{1,20}$"
)
_ELSEWHERE = re.compile(r"(?:见|列于|列在|载于|如)(?:下表|附表|附件)")
_SENTENCE, _PART, _CLAUSE = (re.compile(f"[^{stops}\n]+") for stops in ("。", ";", ",;"))


def rules_aside(text: str) -> Iterator[tuple[int, int]]:
    """The spans of what stands among duties and tells none.

    Who keeps out, acts for others or coordinates, what is not made public, and rules of points.
    """
    for sentence in _SENTENCE.finditer(text):
        if "回避" in sentence[0]:
            yield sentence.span()
            continue
        for part in _PART.finditer(text, *sentence.span()):
            if _tells_no_duty(part[0]):
                yield part.span()
                continue
            for clause in _CLAUSE.finditer(text, *part.span()):
                elsewhere = _ELSEWHERE.search(clause[0]) and ":" not in clause[0]
                if elsewhere or _FORMULA.search(clause[0]):
                    yield clause.span()


def _tells_no_duty(part: str) -> bool:
    if any(rule.search(part) for rule in (_KEEPS_OUT, _ACTS_FOR, _KEEPS_SECRET)):
        return True
    return bool(
        _COORDINATES.match(part) or (_OF_POINTS.search(part) and not _OF_DUTIES.search(part))
    )


POINTS_ONLY = re.compile(
    r" *(?:(?:责任|任务|职责|工作)?分工|职责) *| *(?:各|均|[此该本]项(?:指标)?)?(?:分值|满分|为|占|计)*:? ?[0-9.]+ ?分 *"
)
"""A clause that only tells points, or that duties follow."""


@dataclass
class Gathered:
    """What was read of one duty so far, by role, and which words of it were used.

    Attributes:
        missed: words that stood where a value was expected and were not understood.
        subject_follows: whether the subject was found only behind the verb, `…科负责…`.
        parted: whether its source tells helping sections and units apart itself.
    """

    passage: Passage
    values: dict[Role, list[Found[str]]] = field(default_factory=dict)
    used: list[tuple[int, int]] = field(default_factory=list)
    missed: list[tuple[int, int]] = field(default_factory=list)
    subject_follows: bool = False
    parted: bool = False

    def add(self, role: Role, start: int, end: int, value: str = "") -> None:
        """Keep a value once, with the words it stands in."""
        found = self.passage.words(start, end)
        found = Found(value or found.value, found.source)
        kept = self.values.setdefault(role, [])
        if all(other.value != found.value for other in kept):
            kept.append(found)

    def use(self, start: int, end: int) -> None:
        """Note that words were understood."""
        self.used.append((start, end))

    def of(self, role: Role) -> Words:
        """The values of a role in the order read."""
        return tuple(self.values.get(role, ()))

    def first(self, role: Role) -> Found[str] | None:
        """The first value of a role."""
        return next(iter(self.of(role)), None)

    def unread(self) -> Iterator[Source]:
        """Labels whose value was not understood, and clauses of which no word was."""
        aside = list(rules_aside(self.passage.text))
        missed = [*self.missed, *(s for s in self._missed_labels() if not meets(s, aside))]
        clauses = (span for span in self._unused_clauses() if not meets(span, missed))
        for start, end in sorted((*missed, *clauses)):
            if len(re.findall(r"\w", self.passage.text[start:end])) >= _SHORTEST_CLAUSE:
                yield self.passage.source(start, end)

    def unread_labels(self) -> Iterator[Source]:
        """Labels whose value was not understood."""
        return (self.passage.source(*span) for span in self._missed_labels())

    def unread_beside_read(self) -> Iterator[Source]:
        """What is unread in those sentences of which something was read."""
        told = [
            self.passage.source(*span)
            for span in tokens(self.passage.text, "。\n")
            if meets(span, self.used)
        ]
        for source in self.unread():
            if any(t.line == source.line and t.start <= source.start < t.end for t in told):
                yield source

    def _missed_labels(self) -> Iterator[tuple[int, int]]:
        text = self.passage.text
        for label in find_labels(text):
            first = next(tokens(text[label.value_start : label.value_end], ","), (0, 0))
            span = (label.start, label.value_start + first[1])
            opens = label.has_colon or opens_clause(text, label.start)
            if opens and Role.OTHER not in label.roles and not meets(span, self.used):
                yield span

    def _unused_clauses(self) -> Iterator[tuple[int, int]]:
        """Clauses without a used word; where one holds a colon, its parts are told apart."""
        text = self.passage.text
        aside = list(rules_aside(text))
        for start, end in tokens(text, ",。;\n"):
            if meets((start, end), aside):
                continue
            parts = [(start + first, start + last) for first, last in tokens(text[start:end], ":")]
            free = [part for part in parts if not meets(part, self.used)]
            free = [part for part in free if not POINTS_ONLY.fullmatch(text[slice(*part)])]
            if len(free) < len(parts):
                free = [part for part in free if role_of(text[slice(*part)]) is None]
            yield from [(start, end)] if len(free) == len(parts) else free


def meets(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether a span shares a character with one of the others."""
    return any(first < span[1] and span[0] < last for first, last in others)


def opens_clause(text: str, start: int) -> bool:
    """Whether a label stands where a clause begins, or directly behind the office it is told of."""
    if start == 0 or text[start - 1] in ",。;:\n( 、).|找":
        return True
    office = _CLAUSE_OFFICE.search(text, max(0, start - _LONGEST_OFFICE), start)
    return office is not None and find_offices(office[0]) is not None


_LONGEST_OFFICE = 24
_CLAUSE_OFFICE = re.compile(r"(?:(?<=[,。;\n])|^)[^,。;:\n()]{1,20}[科处股室局委办]$")
