"""模板检查: the marks of an office's own template, found in its paragraphs, paired and judged.

Pure: the paragraphs of a template come in with their places, all marks with their meanings and all
faults go out, every fault with where it stands, the words around it and a way on. Nothing in a mark is
ever executed; a mark is a name of the catalogue (`placeholders`) or a fault.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import groupby, islice, takewhile
from typing import TYPE_CHECKING

from kaoping.core.problems import Problem
from kaoping.core.report.placeholders import (
    CONDITIONS,
    LOOPS,
    PLACEHOLDERS,
    Condition,
    Level,
    Loop,
    Placeholder,
)
from kaoping.core.report.template_marks import (
    LONGEST_QUOTED,
    Box,
    Mark,
    Unknown,
    Word,
    marks_of,
    plain_name,
    quoted,
    slips_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaoping.core.report.template_marks import Meaning, Passage, Path

MAX_MARKS = 2_000
"""Most marks of a template, faults of braces included; one of forty pages has some hundred."""
MAX_DEPTH = 12
"""Most loops and conditions inside each other; loops alone come to four."""


class Shape(StrEnum):
    """What is repeated or left out: words of one paragraph, whole paragraphs, or rows of a table."""

    WORDS = "words"
    BLOCKS = "blocks"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Region:
    """A loop or condition with its marks."""

    what: Loop | Condition
    shape: Shape
    begin: Mark
    otherwise: Mark | None
    end: Mark

    @property
    def container(self) -> Path:
        """The boxes that hold its parts."""
        return _common(self.begin.passage.path, self.end.passage.path, self.shape)

    @property
    def first(self) -> int:
        """The number of its first part in its container."""
        return self.begin.passage.path[len(self.container)][1]

    @property
    def last(self) -> int:
        """The number of its last part in its container."""
        return self.end.passage.path[len(self.container)][1]


@dataclass(frozen=True, slots=True)
class Checked:
    """A template's marks in their order, its loops and conditions from outside in, and all faults."""

    marks: tuple[Mark, ...]
    regions: tuple[Region, ...]
    problems: tuple[Problem, ...]


def check_template(passages: Sequence[Passage], about: frozenset[Level]) -> Checked:
    """Find all marks of a template and everything wrong with them.

    Args:
        passages: its paragraphs.
        about: what the whole template is about; a unit and its group where one is filled for each unit.
    """
    marks: list[Mark] = []
    slips: list[tuple[tuple[int, ...], Problem]] = []
    for passage in passages:
        marks += islice(marks_of(passage), MAX_MARKS + 1)
        slips += islice(slips_of(passage), MAX_MARKS + 1)
        if len(marks) + len(slips) > MAX_MARKS:
            return Checked((), (), (_too_many(),))
    marks.sort(key=lambda mark: mark.order)
    pairing = _Pairing(marks, passages, about)
    for _, of_story in groupby(marks, lambda mark: mark.passage.path[0]):
        pairing.read(list(of_story))
    found = [*slips, *pairing.problems]
    found.sort(key=lambda pair: pair[0])
    problems = dict.fromkeys(problem for _, problem in found)  # a text box stands twice in its file
    regions = sorted(pairing.regions, key=lambda region: region.begin.order)
    return Checked(tuple(marks), tuple(regions), tuple(problems))


def _too_many() -> Problem:
    return Problem(
        "TEMPLATE-CONTENT",
        "全文",
        f"花括号标记超过 {MAX_MARKS} 处，不像一份模板",
        "重复的内容请用循环（如 {{每项任务}}……{{结束}}）来写",
    )


# --- pairing and levels ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A loop or condition that has begun."""

    mark: Mark
    about: frozenset[Level]
    otherwise: Mark | None = None


_ALL = frozenset(Level)
"""What a place in an unknown loop is taken to be about, so that one fault gives no others."""
_LOOP_FOR: dict[Level, str] = {
    Level.GROUP: "每个组别",
    Level.UNIT: "每个单位",
    Level.INDICATOR: "每项指标",
    Level.TASK: "每项任务",
    Level.FINDING: "每个台账问题",
    Level.TURN: "每……",
}
"""The loop that gives a level."""


class _Pairing:
    """Marks being paired, story by story: a loop never goes beyond a header or the text."""

    def __init__(
        self, marks: Sequence[Mark], passages: Sequence[Passage], about: frozenset[Level]
    ) -> None:
        self.regions: list[Region] = []
        self.problems: list[tuple[tuple[int, ...], Problem]] = []
        self._about = about
        self._open: list[_Open] = []
        self._full = _Fullness(marks, passages)

    def read(self, marks: Sequence[Mark]) -> None:
        """The marks of one story, in order."""
        for mark in marks:
            self._read(mark)
        for opened in self._open:
            what = _kind(opened.mark.meaning)
            self._say(
                opened.mark,
                "TEMPLATE-LOOP",
                f"{what}没有结束",
                "请在要重复（有条件出现）的内容后面写 {{结束}}，与它在同一处（正文、同一表格或同一单元格）",
            )
        self._open.clear()

    def _read(self, mark: Mark) -> None:
        match mark.meaning:
            case Word.END:
                self._end(mark)
            case Word.OTHERWISE:
                self._turn(mark)
            case Unknown(opens=opens):
                self._say(mark, "TEMPLATE-NAME", *_unknown_words(mark))
                if opens:
                    self._begin(mark, _ALL)
            case Placeholder(name=name, needs=needs):
                self._require(mark, f"“{name}”", needs)
            case Condition(name=name, needs=needs):
                self._require(mark, f"“{name}”", needs)
                self._begin(mark, self._now())
            case Loop():
                self._begin_loop(mark, mark.meaning)

    def _now(self) -> frozenset[Level]:
        """What the present place is about."""
        return self._open[-1].about if self._open else self._about

    def _begin_loop(self, mark: Mark, loop: Loop) -> None:
        now = self._now()
        if loop.binds - {Level.TURN} <= now and now is not _ALL:
            self._say(
                mark,
                "TEMPLATE-LEVEL",
                f"这里已经在{loop.noun}里，不能再写“{loop.name}”",
                _TWICE.get(loop.noun, "请去掉这一层循环"),
            )
        self._begin(mark, now if now is _ALL else now | loop.binds)

    def _begin(self, mark: Mark, about: frozenset[Level]) -> None:
        self._open.append(_Open(mark, about))
        if len(self._open) == MAX_DEPTH + 1:
            self._say(
                mark,
                "TEMPLATE-LOOP",
                f"循环和条件套了超过 {MAX_DEPTH} 层",
                "请减少层数，或分成几份模板",
            )

    def _require(self, mark: Mark, what: str, needs: frozenset[Level]) -> None:
        missing = [level for level in Level if level in needs - self._now()]
        if not missing:
            return
        loops = "、".join(f"{{{{{_LOOP_FOR[level]}}}}}" for level in missing)
        lacking = "、".join(level.value for level in missing)
        message = f"{what}写在了{lacking}之外，不知道说的是哪一个"
        suggestion = f"请写在 {loops} 与 {{{{结束}}}} 之间"
        if Level.UNIT in missing and Level.UNIT not in self._about:
            suggestion += (
                "；一个单位一份的模板，按 template-unit.docx 使用（检查、试填时加 --each-unit）"
            )
        self._say(mark, "TEMPLATE-LEVEL", message, suggestion)

    def _turn(self, mark: Mark) -> None:
        opened = self._open[-1] if self._open else None
        if opened is None or isinstance(opened.mark.meaning, Loop):
            self._say(
                mark,
                "TEMPLATE-LOOP",
                "“否则”不在条件里",
                "请写在 {{如果 ……}} 与 {{结束}} 之间，或去掉",
            )
        elif opened.otherwise is not None:
            self._say(mark, "TEMPLATE-LOOP", "一个条件里写了两次“否则”", "请只留一个")
        else:
            opened.otherwise = mark

    def _end(self, mark: Mark) -> None:
        if not self._open:
            message = "“结束”多了一个，前面没有与它配对的循环或条件"
            self._say(mark, "TEMPLATE-LOOP", message, "请去掉，或补上漏写的 {{每…}} 或 {{如果 ……}}")
            return
        depth = len(self._open)
        opened = self._open.pop()
        shape = self._shape(opened.mark, opened.otherwise, mark)
        what = opened.mark.meaning
        if shape is None or not isinstance(what, Loop | Condition) or depth > MAX_DEPTH:
            return
        self._add(Region(what, shape, opened.mark, opened.otherwise, mark))

    def _add(self, region: Region) -> None:
        """Keep a region, unless it shares a paragraph or row with one that ended just there."""
        if region.shape is not Shape.WORDS:
            for former in reversed(self.regions):
                if former.end.order > region.begin.order:
                    continue  # it lies within
                if former.shape is region.shape and former.container == region.container:
                    if former.last == region.first:
                        part = "行" if region.shape is Shape.ROWS else "段"
                        message = f"上一个循环（条件）在这一{part}结束，下一个又从这一{part}开始"
                        suggestion = f"请各用各的{part}，把两个标记分开写"
                        self._say(region.begin, "TEMPLATE-CROSSED", message, suggestion)
                    break
        self.regions.append(region)

    # --- what is repeated ------------------------------------------------------------------------

    def _shape(self, begin: Mark, otherwise: Mark | None, end: Mark) -> Shape | None:
        """What lies between two marks; None, and a fault, where it is no whole."""
        shape = _shape_between(begin, end)
        if shape is Shape.WORDS and self._fills_paragraph(begin, otherwise, end):
            shape = Shape.BLOCKS
        if shape is None:
            self._crossed(begin, end)
            return None
        if otherwise is not None and not self._divides(otherwise, begin, end, shape):
            self._crossed(otherwise, end)
            return None
        if shape is Shape.BLOCKS and begin.passage is not end.passage:
            self._require_edges(begin, end)
        return shape

    def _fills_paragraph(self, begin: Mark, otherwise: Mark | None, end: Mark) -> bool:
        """Whether a condition without otherwise is all of its paragraph, so that this goes with it."""
        is_condition = isinstance(begin.meaning, Condition)
        is_all = not (self._full.before(begin) or self._full.after(end))
        return is_condition and otherwise is None and is_all

    def _divides(self, otherwise: Mark, begin: Mark, end: Mark, shape: Shape) -> bool:
        if shape is Shape.WORDS:
            return _shape_between(begin, otherwise) is Shape.WORDS
        is_inside = _shape_between(begin, otherwise) is _shape_between(otherwise, end) is shape
        return is_inside and self._full.is_alone(otherwise, shape)

    def _crossed(self, mark: Mark, end: Mark) -> None:
        what = _kind(mark.meaning)
        self._say(
            mark,
            "TEMPLATE-CROSSED",
            f"{what}和它的“结束”（{end.passage.where}）不在同一处，中间跨过了表格、单元格或文本框的边界",
            "请把两个标记写在同一段里，或各自单独成段，或写在同一个表格的行里；“否则”单独占一段或一行",
        )

    def _require_edges(self, begin: Mark, end: Mark) -> None:
        """Whole paragraphs are repeated: nothing may stand outside the marks in the first and last."""
        for mark, is_full, side in (
            (begin, self._full.before(begin), "前"),
            (end, self._full.after(end), "后"),
        ):
            if is_full:
                what = _kind(mark.meaning)
                message = f"{what}要重复（取舍）的是整段，这个标记{side}面却还有别的字"
                self._say(mark, "TEMPLATE-CROSSED", message, "请让这个标记单独成一段")

    def _say(self, mark: Mark, code: str, message: str, suggestion: str) -> None:
        words = quoted(mark.passage.text, mark.start, mark.end)
        problem = Problem(code, mark.passage.where, f"{message}：{words}", suggestion)
        self.problems.append((mark.order, problem))


_TWICE = {
    "单位": "请去掉这一层循环；一个单位一份的模板，整份都在单位里，不用再写",
    "指标": "请去掉这一层循环；写在任务里的，把指标一层移到任务外面",
}


def _kind(meaning: Meaning) -> str:
    match meaning:
        case Loop(name=name):
            return f"循环“{name}”"
        case Condition(name=name):
            return f"条件“如果{name}”"
        case Word():
            return f"“{meaning.value}”"
        case _:
            return "这个循环或条件"


def _unknown_words(mark: Mark) -> tuple[str, str]:
    name = plain_name(mark.name)
    if not name:
        return "花括号里是空的", "请写上名称，或去掉花括号"
    condition = name.removeprefix("如果")
    if condition == name:
        names = [*PLACEHOLDERS, *LOOPS, *(word.value for word in Word)]
        near = _nearest(name, names)
    else:
        near = [f"如果 {one}" for one in _nearest(condition, list(CONDITIONS), shared=2)]
    is_it = f"是不是{'、'.join(f'“{one}”' for one in near)}？" if near else ""
    every = "全部名称见 kaoping template list，或指南《套用本单位模板》"
    return f"没有“{name[:LONGEST_QUOTED]}”这个名称", is_it or every


def _nearest(name: str, names: Sequence[str], shared: int = 1) -> list[str]:
    """The names most like one, else some that begin alike."""
    alike = [one for one in names if one[:shared] == name[:shared]]
    return get_close_matches(name[:LONGEST_QUOTED], names) or alike[:3]


class _Fullness:
    """Whether words or values stand beside marks, in their paragraphs and rows."""

    def __init__(self, marks: Sequence[Mark], passages: Sequence[Passage]) -> None:
        self._edges: dict[tuple[int, ...], tuple[int, int]] = {}
        self._full_rows: set[Path] = set()
        self._marks_of_row = Counter(
            row for mark in marks for row in _rows_around(mark.passage.path)
        )
        others: dict[tuple[int, ...], list[Mark]] = defaultdict(list)
        for mark in marks:
            if not mark.is_value:
                others[mark.passage.order].append(mark)
        for passage in passages:
            text = _without(passage.text, others[passage.order])
            if text.strip():
                edges = len(text) - len(text.lstrip()), len(text.rstrip())
                self._edges[passage.order] = edges
                self._full_rows.update(_rows_around(passage.path))

    def before(self, mark: Mark) -> bool:
        """Whether anything but loop marks stands before a mark in its paragraph."""
        edges = self._edges.get(mark.passage.order)
        return edges is not None and edges[0] < mark.start

    def after(self, mark: Mark) -> bool:
        """Whether anything but loop marks stands behind it in its paragraph."""
        edges = self._edges.get(mark.passage.order)
        return edges is not None and edges[1] > mark.end

    def is_alone(self, mark: Mark, shape: Shape) -> bool:
        """Whether a mark is all that its paragraph holds, or its row."""
        if shape is Shape.ROWS:
            row = _rows_around(mark.passage.path)[-1]
            return row not in self._full_rows and self._marks_of_row[row] == 1
        return mark.passage.text.strip() == mark.passage.text[mark.start : mark.end]


def _without(text: str, marks: Sequence[Mark]) -> str:
    """A text with blanks in the places of some of its marks, which stand in order."""
    pieces, at = [], 0
    for mark in marks:
        pieces += [text[at : mark.start], " " * (mark.end - mark.start)]
        at = mark.end
    return "".join((*pieces, text[at:]))


def _rows_around(path: Path) -> list[Path]:
    return [path[: at + 1] for at, (box, _) in enumerate(path) if box is Box.ROW]


def _shared(one: Path, other: Path) -> int:
    """How many boxes from outside two paths share."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _common(one: Path, other: Path, shape: Shape) -> Path:
    """The boxes that hold the parts between two marks."""
    shared = one[: _shared(one, other)]
    if shape is Shape.ROWS:
        return shared[:-1] if shared[-1][0] is Box.ROW else shared
    return shared[:-1] if shared[-1][0] is Box.PARAGRAPH else shared


_TO_PARAGRAPH = ((Box.PARAGRAPH,), (Box.PARAGRAPH,))
_ACROSS_CELLS = ((Box.CELL, Box.PARAGRAPH), (Box.CELL, Box.PARAGRAPH))
_ACROSS_ROWS = ((Box.ROW, Box.CELL, Box.PARAGRAPH), (Box.ROW, Box.CELL, Box.PARAGRAPH))


def _shape_between(begin: Mark, end: Mark) -> Shape | None:
    """What lies between two marks as far as their boxes tell; None where it is no whole."""
    one, other = begin.passage, end.passage
    if one is other:
        is_whole = one.holder_at(begin.start) == one.holder_at(end.start)
        return Shape.WORDS if is_whole else None
    shared = _shared(one.path, other.path)
    left = (
        tuple(box for box, _ in one.path[shared:]),
        tuple(box for box, _ in other.path[shared:]),
    )
    if left == _TO_PARAGRAPH:
        return Shape.BLOCKS
    return Shape.ROWS if left in (_ACROSS_CELLS, _ACROSS_ROWS) else None
