"""Where a notice tells its steps: below headings, in the rows of a table, or in running text.

Each step is found as its kind, its name and the passage that tells of it. A part that sets a time
and does no step's work has no kind: it is left to a person.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import cells_of, tokens
from kaoping.core.notice.deadlines import deadline_places, has_deadline, has_other_time, terms
from kaoping.core.notice.offices import is_section
from kaoping.core.notice.outline import Block, Rank
from kaoping.core.notice.passage import Found, Passage, joined, plain_width
from kaoping.core.notice.step_kinds import (
    CHECKS,
    kind_of,
    kind_of_review,
    kind_of_sentence,
    kind_of_step,
)
from kaoping.core.notice.step_names import (
    act_name,
    announces,
    can_name,
    is_name,
    label_of,
    name_in_title,
    opening_name,
)
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

StepPlace = tuple[StepKind | None, Found[str], Passage]
"""The kind of a step, its name and its words; no kind where a person must look."""

_PROCEDURE = re.compile(r"程序|步骤|流程|安排|时限|日程|阶段")
_FEWEST_STEPS = 2
ENOUGH_STEPS = 3
"""Kinds of step told below a heading from which on the steps are looked for nowhere else."""


def step_passages(block: Block) -> Iterator[StepPlace]:
    """The steps under a heading: its children, or the sentences of its own text."""
    if not block.children:
        yield from _steps_in_text(block.text)
        return
    told = list(islice(_steps_in_text(block.text), _LOOKED_AT))
    before = list(_steps_in_text(block.text)) if len(_kinds(told)) >= _FEWEST_STEPS else []
    yield from before
    holding = [child for child in block.children if _holds_steps(child)]
    for child in block.children:
        whole = child.whole()
        if child in holding or (child.children and _PROCEDURE.search(child.heading)):
            yield from step_passages(child)
        elif holding:
            if has_deadline(whole) or _tells_appeal(whole):
                yield from _steps_of_heading(child, whole)
        elif not before or _sets_time(whole):
            yield from _steps_of_heading(child, whole)


def _holds_steps(child: Block) -> bool:
    """Whether the headings below one are steps of their own: `实施阶段` with 自评, 评分 …."""
    if not child.children or kind_of(child.heading):
        return False
    below = (_kinds_timed(_beginning(each)) for each in child.children[:_MOST_PARTS])
    return len(set().union(*below)) >= _FEWEST_STEPS


def _kinds(told: Iterable[StepPlace]) -> set[StepKind]:
    return {kind for kind, _, _ in told if kind}


def _sets_time(passage: Passage) -> bool:
    return has_deadline(passage) or any(True for _ in terms(passage))


def find_step_block(blocks: Iterable[Block]) -> Block | None:
    """The part of a text that tells most steps, where no heading speaks of them; None below two kinds.

    Headings that are no steps are left out before the first and after the last that is one. A part
    of which one heading tells nearly all is passed by for that heading.
    """
    best: tuple[int, Block | None] = (_FEWEST_STEPS - 1, None)
    for block in blocks:
        telling = [_kinds_timed(_beginning(child)) for child in block.children]
        at = [index for index, kinds in enumerate(telling) if kinds]
        count = len(set().union(*telling))
        most = max(map(len, telling), default=0)
        alone = most == count > _FEWEST_STEPS or most >= max(_MOST_OF_ALL, count - 1)
        if count > best[0] and not alone:
            kept = [
                child
                for index, child in enumerate(block.children)
                if at[0] <= index <= at[-1] or (block.label and has_deadline(child.whole()))
            ]
            best = count, Block(block.rank, block.label, block.title, block.text, block.text, kept)
    return best[1]


_MOST_OF_ALL = 5
"""From so many kinds on, a heading that tells all but one of them is where the steps are told."""


def _kinds_timed(child: Block) -> set[StepKind]:
    """The kinds of step that a numbered paragraph sets a time for."""
    whole = child.whole()
    if not _sets_time(whole) or len(child.children) > _MOST_PARTS:
        return set()
    if child.children and _holds_steps(child):
        return set().union(*(_kinds_timed(each) for each in child.children))
    return _kinds(islice(_steps_of_heading(child, whole), _LOOKED_AT))


_LOOKED_AT = 30
"""So many steps are looked at to tell whether a part of a text tells steps at all."""
_MOST_PARTS = 12
"""Most headings below that of one step."""


def count_steps(block: Block) -> int:
    """How many kinds of step a part of a text tells of."""
    return len(_kinds(islice(step_passages(_beginning(block)), _LOOKED_AT)))


def _beginning(block: Block) -> Block:
    """A block cut to what is looked at to tell whether it tells steps at all."""
    body, text = block.body.cut(0, _BEGINNING), block.text.cut(0, _BEGINNING)
    children = [_beginning(child) for child in block.children[:_LOOKED_AT]]
    return Block(block.rank, block.label, block.title, body, text, children)


_BEGINNING = 1500
"""How much of a paragraph is looked at to tell whether it tells steps at all, in characters."""


def _tells_steps(line: Passage) -> bool:
    """Whether a line of running text sets a time or opens with the name of a step."""
    if has_deadline(line):
        return True
    if opening_name(line):
        return announces(line) or _sets_time(line) or len(line.text.strip()) <= _LONGEST_NAME
    return _tells_appeal(line)


def _steps_of_heading(child: Block, whole: Passage) -> Iterator[StepPlace]:
    """The step of a numbered paragraph, or the several that its parts between semicolons tell of."""
    parts = [(kind_of_sentence(part.text), part) for part in _segments(whole, ";")]
    kinds = [kind for kind, _ in parts]
    if len(parts) > 1 and None not in kinds and len(set(kinds)) == len(kinds):
        for kind, part in parts:
            if kind:
                yield kind, act_name(kind, part), part
        return
    if _LISTS_STEPS.match(whole.text) and not _sets_time(whole):
        return
    if _OF_CASES.search(child.heading) if child.title else _RULES_CASES.match(whole.text):
        return
    opened = None if child.title else opening_name(whole)
    title = opened.value if opened else child.heading
    kind = kind_of_step(title, whole.text[:_LONGEST_TELLING])
    if kind is None:
        yield None, whole.words(0, 0), whole
        return
    name = (name_in_title(child.title) or opening_name(whole)) if child.title else opened
    first = whole
    if kind is StepKind.CONSOLIDATE and _PUBLISHES.search(child.heading):
        first = _without_publicity(whole)
    yield kind, name or act_name(kind, first), first
    if kind is StepKind.CONSOLIDATE and _PUBLISHES.search(child.heading):
        yield from _second_step(whole)


def _publicity(whole: Passage) -> tuple[int, int] | None:
    """The sentences that tell, with days of their own, when the merged results are made public."""
    spans = list(tokens(whole.text, "。;\n"))
    for number, (start, end) in enumerate(spans):
        part = whole.cut(start, end)
        told = number and has_deadline(part) and has_deadline(whole.cut(0, start))
        if told and kind_of_sentence(part.text) is StepKind.PUBLIC_NOTICE:
            return start, spans[-1][1]
    return None


def _without_publicity(whole: Passage) -> Passage:
    span = _publicity(whole)
    return whole.cut(0, span[0]) if span else whole


def _second_step(whole: Passage) -> Iterator[StepPlace]:
    """The publicity told in a step that merges; left to a person where it has no days of its own."""
    span = _publicity(whole)
    if span is None:
        yield None, whole.words(0, 0), whole
        return
    part = whole.cut(*span)
    yield StepKind.PUBLIC_NOTICE, act_name(StepKind.PUBLIC_NOTICE, part), part


_RULES_CASES = re.compile(
    r"[^。;]{0,40}(?:对不上|不一致|不相符|不符|有出入|有差异|不同)[^。;]{0,10},?[^。;]{0,4}(?:以|按|采[用信]|听|认|从)"
    r"|[^。;]{0,30}(?:的|者)?(?:为|按|算作?)(?:迟报|逾期|晚报)"
)
"""A numbered sentence that rules a case: which of two papers counts, or what is late."""
_OF_CASES = re.compile(
    r"迟报|逾期|超期|晚[交到报]|迟[交到]|不符|不一致|例外|特殊情|改[数分](?!$)|异常|锁定|补报"
)
"""In a title of what is ruled for cases, and is no step."""
_LISTS_STEPS = re.compile(
    r"[^。;:\n]{0,16}(?:按照?|分为?|依次|包括)[^。;\n]{2,80}?(?:顺序|步骤|程序|环节|阶段|步)(?:依次)?(?:进行|实施|开展|推进|组织|走)?[。:]?"
)
"""Words that only say which steps there are: `按照自查、评分、汇总的顺序进行`."""
_LONGEST_TELLING = 400
_PUBLISHES = re.compile("公示|公布")
"""In the title of a step that merges the results: a second step in one, which a person must part."""


def _segments(passage: Passage, stops: str) -> list[Passage]:
    """The text cut before each part with a deadline of its own; one piece where there is one."""
    places = deadline_places(passage)
    begins = [
        start
        for start, end in tokens(passage.text, stops)
        if any(start <= place < end for place in places)
    ]
    cuts = [0, *begins[1:], len(passage.text)]
    return [passage.cut(start, end) for start, end in pairwise(cuts)]


# --- running text --------------------------------------------------------------------------------


def _steps_in_text(passage: Passage) -> Iterator[StepPlace]:
    """Steps told in running text or rows: each part that has a date and does a step's work."""
    group = _Group()
    column: int | None = None
    rows: dict[str, StepKind] = {}
    for line in passage.each_line():
        if "|" in line.text:
            yield from group.steps()
            group = _Group()
            head = _name_column(line)
            column = head if head is not None else column
            for kind, name, row in _step_of_row(line, column) if head is None else ():
                rows |= {name.value: kind} if kind else {}
                yield kind, name, row
            continue
        if rows and (noted := opening_name(line)) and noted.value in rows:
            yield from group.steps()
            group = _Group()
            yield rows[noted.value], noted, line
            continue
        if not group.goes_on:
            yield from group.steps()
            group = _Group()
        for start, end in tokens(line.text, "。;"):
            sentence = _Sentence(line.cut(start, end))
            if not group.takes(sentence):
                yield from group.steps()
                group = _Group()
            group.add(sentence)
    yield from group.steps()


class _Sentence:
    """A sentence of running text and what it says of time."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.days = len(deadline_places(passage))
        self.dated = self.days > 0
        self.name = opening_name(passage)
        self.announced = self.name is not None and announces(passage)
        self.appeals = not self.dated and _tells_appeal(passage)
        bare = len(passage.text.strip()) <= _LONGEST_BARE
        self.bare = bare and (self.name is not None or self.dated)


class _Group:
    """Sentences that tell of one step: the one with its name or its day, and what follows."""

    def __init__(self) -> None:
        self.sentences: list[_Sentence] = []

    @property
    def goes_on(self) -> bool:
        """Whether the next line may belong to it: so far it is only a name or a day."""
        return bool(self.sentences) and all(each.bare for each in self.sentences)

    @property
    def _timed(self) -> bool:
        return any(each.dated or each.appeals for each in self.sentences)

    @property
    def _named(self) -> Found[str] | None:
        """The name told before all else; another word for an act that opens a sentence is none."""
        first = self.sentences[0] if self.sentences else None
        return first.name if first else None

    def takes(self, sentence: _Sentence) -> bool:
        """Whether a sentence goes on telling of the same step."""
        if not self.sentences:
            return True
        if sentence.announced or (sentence.name and self._timed):
            return False
        if not (sentence.dated or sentence.appeals):
            return True
        if not self._timed:
            return (
                self._named is not None
                or _ONLY_A_TIME.fullmatch(sentence.passage.text) is not None
                or self.sentences[-1].bare
            )
        return self._named is not None and not sentence.appeals and self._same_kind(sentence)

    def _same_kind(self, sentence: _Sentence) -> bool:
        """Whether a further day is told of what the group is named after."""
        name = self._named
        kind = kind_of_sentence(sentence.passage.text)
        return name is not None and kind in (None, kind_of(name.value))

    def add(self, sentence: _Sentence) -> None:
        self.sentences.append(sentence)

    def steps(self) -> Iterator[StepPlace]:
        """The step it tells of, or the several whose days one sentence sets."""
        if not self._timed and not (self._named and self.sentences[0].announced):
            for each in self.sentences:
                if has_other_time(each.passage):
                    yield None, each.passage.words(0, 0), each.passage
            return
        first = next((n for n, each in enumerate(self.sentences) if each.dated), 0)
        sentence = self.sentences[first]
        parts = _segments(sentence.passage, ",") if sentence.days > 1 else [sentence.passage]
        parts[0] = joined([*(each.passage for each in self.sentences[:first]), parts[0]])
        parts[-1] = joined([parts[-1], *(each.passage for each in self.sentences[first + 1 :])])
        for index, part in enumerate(parts):
            yield _step_of_part(part, self._named if index == 0 else None)


_LONGEST_NAME = 16
_LONGEST_BARE = 28
"""Longest line that holds no more than a name and its days, in characters."""
_ONLY_A_TIME = re.compile(r"\([^()]*\)")


def _tells_appeal(passage: Passage) -> bool:
    """Whether words without a day tell within which term the assessed side may object."""
    timed = any(True for _ in terms(passage))
    return timed and kind_of_sentence(passage.text) is StepKind.APPEAL


def _step_of_part(part: Passage, name: Found[str] | None) -> StepPlace:
    text = part.text[:_LONGEST_TELLING]
    kind = kind_of_step(name.value, text) if name else kind_of_sentence(text)
    if kind is StepKind.VERIFY and not name and not CHECKS.search(part.text):
        kind = kind_of_review(part.text, part.text)
    if kind is None:
        return None, part.words(0, 0), part
    return kind, name or label_of(part) or act_name(kind, part), part


# --- tables --------------------------------------------------------------------------------------

_NAME_HEAD = re.compile(
    r"(?:考[核评]|工作|评分|实施|主要)?(?:环节|步骤|阶段|程序|流程|工序|事项|进程|节点|任务)(?:名称)?"
)
_OTHER_HEAD = re.compile(
    r".{0,6}(?:时间|时限|日期|期限|内容|要求|责任|单位|科室|部门|说明|要点|备注|序号).{0,4}"
)


def _name_column(row: Passage) -> int | None:
    """The column that names the steps, of a row that is the head of a table of steps."""
    heads = [row.text[slice(*span)].strip() for span in cells_of(row)]
    named = [number for number, head in enumerate(heads) if _NAME_HEAD.fullmatch(head)]
    others = [head for head in heads if _OTHER_HEAD.fullmatch(head)]
    return named[0] if named and others and not has_deadline(row) else None


def _step_of_row(row: Passage, column: int | None) -> Iterator[StepPlace]:
    name = _named_cell(row, column)
    kind = kind_of_step(name.value, row.text[:_LONGEST_TELLING]) if name else None
    if kind is None:
        kind = kind_of_sentence(row.text[:_LONGEST_TELLING]) if has_deadline(row) else None
    if kind:
        yield kind, name or act_name(kind, row), row
    elif has_deadline(row):
        yield None, row.words(0, 0), row


_NUMBERED = re.compile(r"(?:[①-⑳]|[0-9]{1,2}[.、 ]|\(?[一二三四五六七八九十0-9]{1,2}[)、.])\s*")


def _named_cell(row: Passage, column: int | None) -> Found[str] | None:
    """The cell of a table row that names its step: that of its column, else the first short one."""
    cells = cells_of(row)
    if column is not None and column < len(cells):
        cells = [cells[column]]
    for start, end in cells:
        text = row.text[start:end]
        blank = len(text) - len(text.lstrip())
        number = _NUMBERED.match(text, blank)
        cell = row.words(start + (number.end() if number else blank), end)
        if len(cell.value) > _LONGEST_NAME or has_deadline(row.cut(start, end)):
            continue
        words = plain_width(cell.value)
        if is_name(words) and not is_section(words):
            return cell
        if column is not None and words and kind_of(words) is None and can_name(words):
            return cell
    return None


def running_steps(lines: Sequence[Passage]) -> Block | None:
    """The lines that tell steps in running text, from the first to the last; None where none does."""
    first = next((index for index, line in enumerate(lines) if _tells_steps(line)), None)
    if first is None:
        return None
    last = next(index for index in reversed(range(len(lines))) if _tells_steps(lines[index]))
    text = joined(lines[first : last + 1])
    return Block(Rank.TEXT, "", None, text, text)
