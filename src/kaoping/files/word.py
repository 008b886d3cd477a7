"""Text documents (docx) in reading order: paragraphs with their numbers, tables, notes.

Headers, footers and comments are left out. A place counts what a reader of the page sees: the
paragraphs with words outside tables (`第3段`), the rows of a table (`表1第2行`).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.original import Original
from kaoping.files.grids import Budget, Placed, laid_out, row_line, title_above
from kaoping.files.office_parts import Parts, refusal
from kaoping.files.structure import Fault
from kaoping.files.word_numbering import Numbering
from kaoping.files.word_styles import Styles, W, flag, number, value
from kaoping.files.word_text import Words, chosen_alternative

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml import etree

    from kaoping.core.original import Grid

MAX_PARAGRAPHS = 200_000
"""Most paragraphs of a document, those of table cells included."""

PICTURE = "〔图片〕"
"""Stands where a paragraph holds nothing but a picture that may hold text."""

_PARAGRAPH, _TABLE, _ROW, _CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_BLOCKS = frozenset({_PARAGRAPH, _TABLE})
_NO_BLOCKS = frozenset(
    f"{W}{name}"
    for name in (
        *("sectPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sdtPr", "sdtEndPr", "pPr"),
        *("customXmlPr", "del", "moveFrom", "rPr"),
    )
)
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_TEXT_OF_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_POINT = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}pt"
_NOTE_NAMES = {"footnotes": "脚注", "endnotes": "尾注"}
_SPAN_LIMIT = 1_000
_NEARLY_ONE_LINE = 100
"""Cell borders closer than this, in 1/20 point (1.8 mm together), are one line drawn unevenly."""


def read_docx(content: bytes, name: str) -> Original:
    """A docx file as read.

    Args:
        content: the file.
        name: its name, for places and messages.

    Raises:
        InputError: where it is damaged, unsafe, of another kind, too large, or without text.
    """
    parts = Parts(content, name)
    main = parts.related().get("officeDocument", "word/document.xml")
    root = parts.tree(main) if main in parts else None
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise refusal(name, Fault("里面没有文档正文", "it holds no text document"))
    reader = _Reader(parts, main)
    reader.read_body(body)
    reader.read_notes()
    return reader.made()


class _Reader:
    """A document being read: its lines, places and tables so far."""

    def __init__(self, parts: Parts, main: str) -> None:
        self._parts, self._main = parts, main
        self._name = parts.name
        self._related = parts.related(main)
        self._budget = Budget(self._name)
        styles = Styles.of(self._root("styles"))
        self._styles = styles
        self._numbering = Numbering(self._root("numbering"), styles)
        self._words = Words(styles, self._diagram)
        self._lines: list[str] = []
        self._places: list[str] = []
        self._grids: list[Grid] = []
        self._read_paragraphs = self._shown_paragraphs = 0
        self._title_from = 0
        self._has_picture = False

    def made(self) -> Original:
        if not any(line != PICTURE for line in self._lines):
            raise _without_text(self._name, only_pictures=self._has_picture)
        return Original(self._name, tuple(self._lines), tuple(self._places), tuple(self._grids))

    def read_body(self, container: etree._Element) -> None:
        """Paragraphs and tables of the body, or of a table that only lays out a page."""
        for block in self._blocks(container):
            if isinstance(block, list):
                self._shown_paragraphs += 1
                self._add(block, f"第{self._shown_paragraphs}段")
            else:
                self._read_table(block)

    def read_notes(self) -> None:
        """Footnotes and endnotes, in the order in which the text refers to them."""
        counts = dict.fromkeys(_NOTE_NAMES, 0)
        notes = {kind: self._notes(kind) for kind in _NOTE_NAMES}
        for kind, identity in list(self._words.notes):
            counts[kind] += 1
            note = notes[kind].get(identity)
            if note is not None:
                label = f"{_NOTE_NAMES[kind]}{counts[kind]}"
                text = " ".join(self._cell_lines(note))
                self._add([f"{label}：{text}"], label)

    def _notes(self, kind: str) -> Mapping[str, etree._Element]:
        root = self._root(kind)
        return {} if root is None else {note.get(f"{W}id", ""): note for note in root}

    def _root(self, relation: str) -> etree._Element | None:
        part = self._related.get(relation, "")
        return self._parts.tree(part) if part in self._parts else None

    def _diagram(self, relation: str) -> str:
        """The words of a diagram, a shape a line."""
        part = self._parts.related(self._main, by_name=True).get(relation, "")
        if part not in self._parts:
            return ""
        shapes = self._parts.tree(part).iter(_POINT)
        texts = (
            "".join(one.text or "" for one in shape.iter(_TEXT_OF_DRAWING)) for shape in shapes
        )
        return "\n".join(text for text in texts if text.strip())

    def _add(self, lines: Iterable[str], place: str) -> None:
        for line in lines:
            self._lines.append(self._budget.spend_text(line))
            self._places.append(place)

    # --- paragraphs ------------------------------------------------------------------------------

    def _blocks(self, container: etree._Element) -> Iterator[list[str] | etree._Element]:
        """Paragraphs as lines, and tables, in order; a text box follows its paragraph.

        A paragraph whose end was deleted or is hidden goes on in the next.
        """
        held = ""
        for block in _inside(container, _BLOCKS, self._name):
            if block.tag == _TABLE:
                if lines := _lines(held):
                    yield lines
                held = ""
                yield block
                continue
            self._count_paragraph()
            read = self._words.read(block)
            goes_on = self._goes_on(block)
            if not held and (read.text or not goes_on):
                held = self._numbering.before(block.find(f"{W}pPr"))
            held += read.text
            if not goes_on:
                if lines := _lines(held):
                    yield lines
                elif read.has_picture:
                    self._has_picture = True
                    yield [PICTURE]
                held = ""
            for box in read.boxes:
                yield from self._blocks(box)
        if lines := _lines(held):
            yield lines

    def _count_paragraph(self) -> None:
        self._read_paragraphs += 1
        if self._read_paragraphs > MAX_PARAGRAPHS:
            raise InputError(
                f"{self._name}：超过 {MAX_PARAGRAPHS // 10_000} 万段。请分成几个文件。",
                f"{self._name}: more than {MAX_PARAGRAPHS} paragraphs. Split it into several files.",
            )

    def _goes_on(self, paragraph: etree._Element) -> bool:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return self._styles.hides("")
        of_mark = properties.find(f"{W}rPr")
        vanish = of_mark.find(f"{W}vanish") if of_mark is not None else None
        if of_mark is not None and of_mark.find(f"{W}del") is not None:
            return True
        if vanish is not None:
            return flag(vanish)
        return self._styles.hides(value(properties.find(f"{W}pStyle")))

    def _cell_lines(self, container: etree._Element) -> list[str]:
        """All lines in a cell or note; a table inside gives a line for each of its rows."""
        lines: list[str] = []
        for block in self._blocks(container):
            if isinstance(block, list):
                lines.extend(block)
            else:
                grid, _ = laid_out(self._placed(block), "", "", _nowhere)
                lines.extend(row_line(row) for row in grid.rows)
        return lines

    # --- tables ----------------------------------------------------------------------------------

    def _read_table(self, table: etree._Element) -> None:
        rows = list(_rows(table, self._name))
        cells = [list(_inside(row, {_CELL}, self._name)) for row in rows]
        if max(map(len, cells), default=0) <= 1:
            for cell in (one for row in cells for one in row):
                self.read_body(cell)
            return
        number_of_table = len(self._grids) + 1
        title = title_above(self._lines[self._title_from :])
        place = f"{self._name} 表{number_of_table}"
        grid, kept = laid_out(
            self._placed(table),
            place,
            title,
            lambda row, column: f"{place}第{row + 1}行第{column + 1}列",
        )
        if not grid.rows:
            return
        for at, row in zip(kept, grid.rows, strict=True):
            self._add([row_line(row)], f"表{number_of_table}第{at + 1}行")
        self._grids.append(grid)
        self._title_from = len(self._lines)

    def _placed(self, table: etree._Element) -> list[Placed]:
        """The cells of a table, those merged downwards as one."""
        made: list[_Area] = []
        above: dict[int, _Area] = {}
        for at, row in enumerate(_rows(table, self._name)):
            here: dict[int, _Area] = {}
            for start, end, cell in _cells_of_row(row, self._name):
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                goes_on = merge is not None and value(merge) != "restart"
                area = above.get(start) if goes_on else None
                if area is not None:
                    area.rows += 1
                else:
                    area = _Area(at, start, end, "\n".join(self._cell_lines(cell)))
                    made.append(area)
                if merge is not None:
                    here[start] = area
            above = here
        column_of = _columns(made, _border_positions(table))
        placed = [
            Placed(
                *(one.row, column_of[one.start], one.text, one.rows),
                max(1, column_of[one.end] - column_of[one.start]),
            )
            for one in made
        ]
        self._budget.spend_cells(placed)
        return placed


@dataclass(slots=True)
class _Area:
    """A cell by the borders it reaches from and to, counted from 0 as the file counts them."""

    row: int
    start: int
    end: int
    text: str
    rows: int = 1


def _nowhere(*_: int) -> str:
    """The address of a cell of a table within a cell: it has none of its own."""
    return ""


def _lines(text: str) -> list[str]:
    """The lines of a paragraph, each blank but one left out, without empty ones."""
    return [line for raw in text.split("\n") if (line := " ".join(raw.split()))]


def _inside(
    container: etree._Element, wanted: frozenset[str] | set[str], name: str
) -> Iterator[etree._Element]:
    """The wanted elements, in order, also those inside wrappers such as content controls."""
    for child in container:
        if child.tag in wanted:
            yield child
        elif child.tag == f"{W}altChunk":
            raise refusal(
                name, Fault("里面嵌着另一个文件的正文", "it embeds the text of another file")
            )
        elif child.tag == _ALTERNATIVES:
            chosen = chosen_alternative(child)
            yield from _inside(chosen, wanted, name) if chosen is not None else ()
        elif child.tag not in _NO_BLOCKS:
            yield from _inside(child, wanted, name)


def _rows(table: etree._Element, name: str) -> Iterator[etree._Element]:
    for row in _inside(table, {_ROW}, name):
        if row.find(f"{W}trPr/{W}del") is None:
            yield row


def _cells_of_row(row: etree._Element, name: str) -> Iterator[tuple[int, int, etree._Element]]:
    """The cells of a row, each with the borders, counted from 0, where it begins and ends."""
    properties = row.find(f"{W}trPr")
    skipped = properties.find(f"{W}gridBefore") if properties is not None else None
    at = min(number(value(skipped), 0), _SPAN_LIMIT)
    held: tuple[int, int, etree._Element] | None = None
    for cell in _inside(row, {_CELL}, name):
        span = min(number(value(cell.find(f"{W}tcPr/{W}gridSpan")), 1) or 1, _SPAN_LIMIT)
        across = cell.find(f"{W}tcPr/{W}hMerge")
        if held is not None and across is not None and value(across) != "restart":
            held = (held[0], at + span, held[2])
        else:
            if held is not None:
                yield held
            held = (at, at + span, cell)
        at += span
    if held is not None:
        yield held


def _border_positions(table: etree._Element) -> list[int]:
    """Where the borders of a table stand, in 1/20 point from its left; [] where not told."""
    widths = [number(one.get(f"{W}w"), 0) for one in table.findall(f"{W}tblGrid/{W}gridCol")]
    return [0, *accumulate(widths)] if all(widths) else []


def _columns(areas: Sequence[_Area], positions: Sequence[int]) -> dict[int, int]:
    """The column, from 0, that begins at each border; borders at which no cell begins make none.

    Where the rows of a table were dragged apart a little, borders that nearly meet are one.
    """
    starts = sorted({area.start for area in areas})
    ends_of_start: dict[int, set[int]] = {}
    for area in areas:
        ends_of_start.setdefault(area.start, set()).add(area.end)
    column_of: dict[int, int] = {}
    group: list[int] = []
    count = 0
    for start in starts:
        near = (
            bool(group)
            and start < len(positions)
            and positions[start] - positions[group[0]] < _NEARLY_ONE_LINE
            and not any(start in ends_of_start[one] for one in group)
        )
        count += 0 if near else 1
        group = [*group, start] if near else [start]
        column_of[start] = count - 1
    for area in areas:
        if area.end not in column_of:
            next_start = bisect_left(starts, area.end)
            column_of[area.end] = (
                column_of[starts[next_start]] if next_start < len(starts) else count
            )
    return column_of


def _without_text(name: str, *, only_pictures: bool) -> InputError:
    if only_pictures:
        return InputError(
            f"{name}：里面只有图片（可能是扫描件），没有文字。请向发文单位要文字版。",
            f"{name}: it holds only pictures, perhaps scans, and no text. Ask for a text version.",
        )
    return InputError(f"{name}：文件里没有文字。", f"{name}: the file holds no text.")
