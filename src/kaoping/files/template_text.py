"""The paragraphs of a template with their places, and marks taken out of the runs they are spread over.

Word spreads what looks like one word over many runs: where spelling is in doubt, where somebody has
corrected a letter. So a paragraph is read as one text, and a mark found in it is put into a run of its
own, in the format of the run it begins in.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from kaoping.core.report.template_marks import Box, Passage
from kaoping.files.word_styles import W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.report.template_check import Region
    from kaoping.core.report.template_marks import Mark, Path

_PARAGRAPH, _TABLE, _ROW, _CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_RUN, _TEXT, _FORMAT, _BOX = f"{W}r", f"{W}t", f"{W}rPr", f"{W}txbxContent"
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_NO_TEXT = frozenset(
    f"{W}{name}" for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr", "tblPr", "trPr", "tcPr")
)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(slots=True)
class _Piece:
    """An element with text, and where in its paragraph this begins and ends."""

    element: etree._Element
    start: int
    end: int


@dataclass(slots=True)
class _Paragraph:
    """A paragraph being read."""

    pieces: list[_Piece] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    length: int = 0
    holders: list[tuple[int, int]] = field(default_factory=list)
    boxes: list[tuple[int, etree._Element]] = field(default_factory=list)

    def add(self, text: str, element: etree._Element | None, holder: int) -> None:
        if not self.holders or self.holders[-1][1] != holder:
            self.holders.append((self.length, holder))
        if element is not None:
            self.pieces.append(_Piece(element, self.length, self.length + len(text)))
        self.texts.append(text)
        self.length += len(text)


class TemplateText:
    """All paragraphs of a template, story by story.

    Attributes:
        passages: the paragraphs as the check wants them.
        elements: what a number of a path stands for: a paragraph, table, row, cell.
    """

    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.elements: list[etree._Element] = []
        self._pieces: dict[tuple[int, ...], list[_Piece]] = {}
        self._holders: dict[etree._Element, int] = {}
        self._read: set[etree._Element] = set()

    def read(self, story: etree._Element, name: str) -> None:
        """A part of the document that holds paragraphs: its body, a header, a footnote.

        Args:
            story: the element that holds them.
            name: what places in it begin with; empty for the body.
        """
        number = self._number(story)
        self._read_blocks(story, _Place(((Box.STORY, number),), (number,), name))

    def _number(self, element: etree._Element) -> int:
        self.elements.append(element)
        return len(self.elements) - 1

    def _read_blocks(self, container: etree._Element, place: _Place) -> None:
        for child in container.iterchildren(etree.Element):
            if child.tag == _PARAGRAPH:
                self._read_paragraph(child, place)
            elif child.tag == _TABLE:
                self._read_table(child, place)
            elif child.tag not in _NO_TEXT:
                inner = place.inside(Box.CONTROL, self._number(child))
                inner.counts = place.counts  # its paragraphs are counted with those around it
                self._read_blocks(child, inner)

    def _read_table(self, table: etree._Element, place: _Place) -> None:
        place.counts.tables += 1
        words = f"{place.name}{'的' if place.is_cell else ''}表{place.counts.tables}"
        of_table = place.inside(Box.TABLE, self._number(table))
        for at, (row, of_row) in enumerate(self._found(table, _ROW, Box.ROW, of_table), 1):
            for column, (cell, of_cell) in enumerate(self._found(row, _CELL, Box.CELL, of_row), 1):
                of_cell.name = f"{words}第{at}行第{column}列"
                of_cell.is_cell = True
                self._read_blocks(cell, of_cell)

    def _found(
        self, parent: etree._Element, tag: str, box: Box, place: _Place
    ) -> Iterator[tuple[etree._Element, _Place]]:
        """The rows of a table or cells of a row, those in content controls, too."""
        for child in parent.iterchildren(etree.Element):
            if child.tag == tag:
                yield child, place.inside(box, self._number(child))
            elif child.tag not in _NO_TEXT:
                inner = place.inside(Box.CONTROL, self._number(child))
                yield from self._found(child, tag, box, inner)

    def _read_paragraph(self, element: etree._Element, place: _Place) -> None:
        number = self._number(element)
        read = _Paragraph()
        self._read_words(element, read)
        text = "".join(read.texts)
        if text.strip():
            place.counts.paragraphs += 1
        where = (
            place.name if place.is_cell else f"{place.name}第{max(place.counts.paragraphs, 1)}段"
        )
        order = (*place.order, number)
        if text:
            path: Path = (*place.path, (Box.PARAGRAPH, number))
            holders = tuple(read.holders)
            self.passages.append(Passage(text, where, path, order, holders))
            self._pieces[order] = read.pieces
            self._read.update(piece.element for piece in read.pieces)
        for position, box in read.boxes:
            inner = place.inside(Box.PARAGRAPH, number).inside(Box.BOX, self._number(box))
            inner.order = (*order, 2 * position - 1)
            inner.name, inner.is_cell = f"{where}的文本框", True
            self._read_blocks(box, inner)

    def _read_words(self, parent: etree._Element, read: _Paragraph) -> None:
        for child in parent.iterchildren(etree.Element):
            tag = child.tag
            if tag == _TEXT and parent.tag == _RUN:
                read.add(child.text or "", child, self._holder(parent))
            elif tag in _SIGNS:
                read.add(_SIGNS[tag], None, self._holder(parent))
            elif tag == _BOX:
                read.boxes.append((read.length, child))
            elif tag not in _NO_TEXT:
                self._read_words(child, read)

    def _holder(self, run: etree._Element) -> int:
        """A number for what holds a run: its paragraph, a link, a content control."""
        holder = run.getparent()
        assert holder is not None
        return self._holders.setdefault(holder, len(self._holders))

    def can_fill(self, element: etree._Element) -> bool:
        """Whether an element's text is part of a paragraph that was read."""
        return element in self._read

    def between(self, region: Region) -> Iterator[etree._Element]:
        """The paragraphs or rows of a region, from its first to its last."""
        element: etree._Element | None = self.elements[region.first]
        while element is not None:
            yield element
            element = element.getnext() if element is not self.elements[region.last] else None

    def isolated(self, mark: Mark) -> etree._Element:
        """A run that holds one mark and nothing else, in the mark's place.

        Marks of one paragraph are to be asked for from the last to the first.
        """
        pieces = self._pieces[mark.passage.order]
        first, *more = [p for p in pieces if p.start < mark.end and mark.start < p.end]
        text = first.element.text or ""
        behind = text[mark.end - first.start :] if mark.end < first.end else ""
        _set(first.element, text[: mark.start - first.start])
        for piece in more:
            _set(piece.element, (piece.element.text or "")[mark.end - piece.start :])
            _remove_empty(piece.element.getparent())
        run = first.element.getparent()
        assert run is not None
        alone = _run_like(run)
        run.addnext(alone)
        _move_behind(first.element, behind, alone)
        _remove_empty(run)
        return alone


@dataclass(slots=True)
class _Counts:
    paragraphs: int = 0
    tables: int = 0


@dataclass(slots=True)
class _Place:
    """Where blocks stand: the boxes around them, their order, and how their places are called."""

    path: Path
    order: tuple[int, ...]
    name: str
    is_cell: bool = False
    counts: _Counts = field(default_factory=_Counts)

    def inside(self, box: Box, number: int) -> _Place:
        return _Place((*self.path, (box, number)), self.order, self.name, self.is_cell)


def _set(element: etree._Element, text: str) -> None:
    element.text = text
    element.set(_SPACE, "preserve")


def _run_like(run: etree._Element) -> etree._Element:
    """An empty run in the format of another."""
    parent = run.getparent()
    assert parent is not None
    made = etree.SubElement(parent, _RUN)  # where it goes, the caller says
    formats = run.find(_FORMAT)
    if formats is not None:
        made.append(deepcopy(formats))
    return made


def _move_behind(element: etree._Element, text: str, mark: etree._Element) -> None:
    """Put what follows an element in its run, and a text before it, into a run behind the mark."""
    following = list(element.itersiblings())
    if not text and not following:
        return
    run = element.getparent()
    assert run is not None
    tail = _run_like(run)
    if text:
        _set(etree.SubElement(tail, _TEXT), text)
    tail.extend(following)
    mark.addnext(tail)


def _remove_empty(run: etree._Element | None) -> None:
    """Take a run away that shows nothing any more."""
    if run is None or any(c.tag != _FORMAT and (c.tag != _TEXT or c.text) for c in run):
        return
    parent = run.getparent()
    if parent is not None:
        parent.remove(run)
