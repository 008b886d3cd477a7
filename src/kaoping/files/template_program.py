"""A part of a template as text with gaps, and the gaps filled in.

The marks of a part become processing instructions in its tree, which nothing that is read from a file
can hold (they are dropped as it is parsed). The tree is written out once and cut at them: what is
filled a thousand times is joined text, never a tree; a value stands between two pieces of it, escaped,
and is never looked at again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar, cast
from xml.sax.saxutils import escape

from lxml import etree

from kaoping.core.errors import InputError
from kaoping.core.report.document import printable
from kaoping.core.report.placeholders import Condition, Level, Loop, Placeholder
from kaoping.core.report.template_check import Shape
from kaoping.files.word_styles import W

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kaoping.core.report.placeholders import Scope
    from kaoping.core.report.template_check import Checked, Region
    from kaoping.core.report.template_marks import Mark
    from kaoping.files.template_text import TemplateText

MOST_WRITTEN = 100_000_000
"""Most bytes that one template is filled into."""
MOST_OF_A_COPY = 1_000_000
"""Most bytes of each of its copies on the average, where there are many."""
_LEAST_STEP = 200
"""Bytes that a value or a condition counts as at least, so that many that write nothing come to an end, too."""
_MOST_KNOWN = 20_000
"""Most values that are kept in case they are asked for again."""
_OF_ONE_TURN = frozenset({Level.TURN, Level.FINDING})
_EVERYTHING = frozenset(Level)
_PIECE = 65_536
"""Bytes that are handed on at a time."""
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_PI = "kaoping"
_FRESH = "\tkaoping"
"""The id of a drawing until it is written: each needs its own. Only attributes show a tab as `&#9;`."""
_GAP = re.compile(r"<\?kaoping (\d+)\?>|(?<= id=\")&#9;kaoping(?=\")")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_PARAGRAPH, _TABLE, _ROW, _TEXT = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}t"
_FORMATS = frozenset(f"{W}{name}" for name in ("pPr", "rPr", "tcPr", "trPr", "tblPrEx"))
_BOOKMARKS = (f"{W}bookmarkStart", f"{W}bookmarkEnd")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class _Value:
    """A gap for a value; `line_break` and `tab` end a text element, stand for the sign, and begin another."""

    placeholder: Placeholder
    line_break: str
    tab: str


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A gap for a number that nothing else has."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A loop or condition; `empty` is written where it gives nothing at all."""

    what: Loop | Condition
    inner: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    empty: str


Node = str | _Value | _Fresh | _Section
Program = tuple[Node, ...]
Said = TypeVar("Said", str, bool)


# --- compiling -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Start:
    """The beginning of a region; how an empty one is filled is known in the end."""

    what: Loop | Condition
    empty: str = ""


class _Turn:
    """Where the other half of a condition begins."""


class _Close:
    """The end of a region."""


class Compiler:
    """Turns the marks of a checked template into gaps of its trees; then each tree can be cut.

    Args:
        text: the template's paragraphs; its elements are changed.
        checked: its marks and regions, without a fault.
    """

    def __init__(self, text: TemplateText, checked: Checked) -> None:
        self._text = text
        self._gaps: list[_Start | _Turn | _Close | _Value] = []
        self._place_marks(checked)

    def _place_marks(self, checked: Checked) -> None:
        places = sorted(checked.marks, key=lambda mark: (mark.passage.order, -mark.start))
        runs = {mark.order: self._text.isolated(mark) for mark in places}
        for region in checked.regions:
            self._place_region(region, runs)
        for mark in places:
            if isinstance(mark.meaning, Placeholder):
                self._place_value(runs[mark.order], mark.meaning)
        for region in checked.regions:
            if region.shape is not Shape.WORDS:
                for mark in (region.begin, region.end):
                    self._drop_part(mark, region)

    def _gap(self, gap: _Start | _Turn | _Close | _Value) -> etree._ProcessingInstruction:
        self._gaps.append(gap)
        return etree.ProcessingInstruction(_PI, str(len(self._gaps) - 1))

    def _place_value(self, run: etree._Element, placeholder: Placeholder) -> None:
        text = etree.SubElement(run, _TEXT)
        text.set(_SPACE, "preserve")
        prefix = f"{text.prefix}:" if text.prefix else ""
        begin = f'<{prefix}t xml:space="preserve">'
        value = _Value(
            placeholder,
            f"</{prefix}t><{prefix}br/>{begin}",
            f"</{prefix}t><{prefix}tab/>{begin}",
        )
        text.append(self._gap(value))

    def _place_region(self, region: Region, runs: dict[tuple[int, ...], etree._Element]) -> None:
        marks = [region.begin, region.end]
        gaps = [self._gap(_Start(region.what)), self._gap(_Close())]
        if region.otherwise is not None:
            marks.append(region.otherwise)
            gaps.append(self._gap(_Turn()))
        for mark, gap in zip(marks, gaps, strict=True):
            run = runs[mark.order]
            if region.shape is Shape.WORDS:
                run.addprevious(gap)
            elif mark is region.otherwise:
                self._divide(self._part(mark, region), gap)
            elif mark is region.begin:
                self._part(mark, region).addprevious(gap)
            else:
                self._part(mark, region).addnext(gap)
            _remove(run)

    def _part(self, mark: Mark, region: Region) -> etree._Element:
        """The paragraph or row that a mark stands in, among the parts of its region."""
        return self._text.elements[mark.passage.path[len(region.container)][1]]

    def _drop_part(self, mark: Mark, region: Region) -> None:
        """Take away a paragraph or row that held nothing but marks."""
        part = self._part(mark, region)
        if part.getparent() is None or not _is_bare(part):
            return
        # Two tables without a paragraph between them would become one.
        may_join = _is_beside_table(part, behind=True) and (
            mark is region.end or _is_beside_table(part, behind=False)
        )
        if not may_join:
            _remove(part)

    def _divide(self, part: etree._Element, gap: etree._ProcessingInstruction) -> None:
        """Let a condition's other half begin where a paragraph or row says so, which is taken away."""
        part.addnext(gap)
        if not _is_beside_table(part, behind=True):
            _remove(part)

    def cut(self, root: etree._Element) -> Program:
        """A part's tree, written out and cut at its gaps."""
        self._drop_repeated_bookmarks(root)
        for drawing in root.iter(_DRAWING):
            drawing.set("id", _FRESH)
        self._fill_empty(root)
        written = _DECLARATION + etree.tostring(root, encoding="unicode")
        nodes, _, _ = self._nodes(_pieces(written))
        return nodes

    def _fill_empty(self, root: etree._Element) -> None:
        """What would leave a cell without a paragraph, or a table without a row, gives an empty one."""
        for tags, part in (
            (("tc", "txbxContent", "hdr", "ftr", "footnote", "endnote"), _PARAGRAPH),
            (("tbl",), _ROW),
        ):
            for container in root.iter(*(f"{W}{tag}" for tag in tags)):
                starts = self._starts_in(container, part)
                if not starts:
                    continue
                prefix = f"{container.prefix}:" if container.prefix else ""
                paragraph = f"<{prefix}p/>"
                row = f"<{prefix}tr><{prefix}tc>{paragraph}</{prefix}tc></{prefix}tr>"
                for start in starts:
                    start.empty = paragraph if part == _PARAGRAPH else row

    def _starts_in(self, container: etree._Element, part: str) -> list[_Start]:
        """The regions directly in a container that may leave it without a part, or at a table's end."""
        depth, starts = 0, list[_Start]()
        has_part = False
        for child in container:
            gap = self._gap_of(child)
            if isinstance(gap, _Start) and not depth:
                starts.append(gap)
            depth += isinstance(gap, _Start) - isinstance(gap, _Close)
            if child.tag == _TABLE and not depth:
                has_part, starts = False, []
            has_part = has_part or (child.tag == part and not depth)
        return [] if has_part else starts

    def _gap_of(self, element: etree._Element) -> _Start | _Turn | _Close | _Value | None:
        is_gap = isinstance(element, etree._ProcessingInstruction)  # noqa: SLF001 - lxml's own name for it
        return self._gaps[int(element.text or "")] if is_gap else None

    def _drop_repeated_bookmarks(self, root: etree._Element) -> None:
        """Take away bookmarks that a loop would repeat: a name may stand once only."""
        depth, repeated = 0, set()
        for element in root.iter():
            gap = self._gap_of(element)
            depth += isinstance(gap, _Start) - isinstance(gap, _Close)
            if depth and element.tag in _BOOKMARKS:
                repeated.add(element.get(f"{W}id"))
        for element in list(root.iter(*_BOOKMARKS)):
            if element.get(f"{W}id") in repeated:
                _remove(element)

    def _nodes(
        self, pieces: Iterator[str | int | None]
    ) -> tuple[Program, Program, _Turn | _Close | None]:
        """The nodes up to the end of a section, those of its other half, and what ended it."""
        halves: tuple[list[Node], list[Node]] = ([], [])
        half = 0
        for piece in pieces:
            if isinstance(piece, str):
                halves[half].append(piece)
                continue
            gap = _Fresh() if piece is None else self._gaps[piece]
            match gap:
                case _Start(what=what):
                    inner, otherwise, _ = self._nodes(pieces)
                    halves[half].append(_Section(what, inner, otherwise, gap.empty))
                case _Turn():
                    half = 1
                case _Close():
                    return tuple(halves[0]), tuple(halves[1]), gap
                case _:
                    halves[half].append(gap)
        return tuple(halves[0]), tuple(halves[1]), None


def _pieces(written: str) -> Iterator[str | int | None]:
    """Text, and the numbers of gaps between; None for a fresh number."""
    at = 0
    for found in _GAP.finditer(written):
        if at < found.start():
            yield written[at : found.start()]
        yield int(found[1]) if found[1] else None
        at = found.end()
    yield written[at:]


_SHOW_NOTHING = frozenset(
    f"{W}{name}"
    for name in (
        *("tr", "tc", "p", "r", "trPr", "tcPr", "pPr", "rPr", "tblPrEx"),
        *("bookmarkStart", "bookmarkEnd", "proofErr", "lastRenderedPageBreak"),
    )
)


def _is_bare(part: etree._Element) -> bool:
    """Whether a paragraph or row shows nothing: no words, no gap, no picture, no section's end."""
    for child in part:
        if child.tag == _TEXT and not len(child) and not (child.text or "").strip():
            continue
        if child.tag not in _SHOW_NOTHING or child.find(f"{W}sectPr") is not None:
            return False
        if child.tag not in _FORMATS and not _is_bare(child):
            return False
    return True


def _is_beside_table(part: etree._Element, *, behind: bool) -> bool:
    """Whether a paragraph stands right behind a table, or right before one, gaps left out."""
    siblings = part.itersiblings(etree.Element, preceding=behind)
    return part.tag == _PARAGRAPH and next((one.tag for one in siblings), "") == _TABLE


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


# --- filling ---------------------------------------------------------------------------------------


class Budget:
    """What may still be written.

    Args:
        name: of the template, for messages.
        copies: how many it is filled into.
    """

    def __init__(self, name: str, copies: int = 1) -> None:
        self._name = name
        self._most = self._left = max(MOST_WRITTEN, copies * MOST_OF_A_COPY)

    def spend(self, size: int) -> None:
        """Write so many bytes.

        Raises:
            InputError: where it has become too much.
        """
        self._left -= size
        if self._left < 0:
            megabytes = self._most / 1_000_000
            raise InputError(
                f"{self._name}：套用出来的文件超过 {megabytes:g} MB，已停止，没有写入。"
                "请减少循环的层数或循环里的文字；模板里有大图片的，请先压缩。",
                f"{self._name}: filled in, it comes to more than {megabytes:g} MB; nothing was written. "
                "Use fewer loops inside each other, less text in them, or smaller pictures.",
            )


class Filling:
    """Programs being filled in for one document.

    Args:
        write: takes what is written, piece by piece.
        budget: bounds it.
    """

    def __init__(self, write: Callable[[bytearray], object], budget: Budget) -> None:
        self._write = write
        self._budget = budget
        self._fresh = 0
        self._waiting = bytearray()
        self._known: dict[tuple[str | None, ...], str | bool] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._flush()

    def fill(self, nodes: Sequence[Node], scope: Scope) -> bool:
        """Write nodes for what a place is about; whether anything was written."""
        has_written = False
        for node in nodes:
            match node:
                case str():
                    self._put(node)
                    has_written = has_written or not node.isspace()
                case _Value():
                    text = self._said(node.placeholder, _shown(node.placeholder), scope)
                    self._put(_in_text_element(text, node))
                    self._budget.spend(_LEAST_STEP)
                    has_written = True
                case _Fresh():
                    self._fresh += 1
                    self._put(str(self._fresh))
                case _Section():
                    has_written = self._section(node, scope) or has_written
        return has_written

    def _section(self, section: _Section, scope: Scope) -> bool:
        has_written = False
        self._budget.spend(_LEAST_STEP)
        if isinstance(section.what, Condition):
            holds = self._said(section.what, section.what.holds, scope)
            chosen = section.inner if holds else section.otherwise
            has_written = self.fill(chosen, scope)
        else:
            for turn in section.what.turns(scope):
                has_written = self.fill(section.inner, turn) or has_written
        return has_written or (bool(section.empty) and self._put(section.empty))

    def _said(
        self, what: Placeholder | Condition, ask: Callable[[Scope], Said], scope: Scope
    ) -> Said:
        """What a name says of a place; what was worked out for an equal place is said again."""
        if what.needs & _OF_ONE_TURN:
            return ask(scope)
        key = (what.name, *scope.key(what.needs or _EVERYTHING))
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[key] = ask(scope)
        return cast(Said, self._known[key])

    def _put(self, text: str) -> bool:
        content = text.encode()
        self._budget.spend(len(content))
        self._waiting += content
        if len(self._waiting) > _PIECE:
            self._flush()
        return True

    def _flush(self) -> None:
        self._write(self._waiting)
        self._waiting = bytearray()


def _shown(placeholder: Placeholder) -> Callable[[Scope], str]:
    """What a placeholder gives, without what no typesetter shows; line feeds and tabs stay."""

    def text(scope: Scope) -> str:
        given = placeholder.value(scope).replace("\r\n", "\n").replace("\r", "\n")
        return "\t".join(map(printable, given.split("\t")))

    return text


def _in_text_element(text: str, gap: _Value) -> str:
    """A value as it stands in a text element."""
    return escape(text).replace("\t", gap.tab).replace("\n", gap.line_break)
