"""Tables, charts and places to sign of a docx: tables as XML, since cell by cell those of a city would take minutes."""

from __future__ import annotations

import io
import re
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from lxml.etree import ProcessingInstruction

from kaoping.core.report.document import (
    Align,
    RowKind,
    SignatureLine,
    TableBlock,
    TableRow,
    chart_texts,
    printable,
)
from kaoping.files.charts import chart_png
from kaoping.files.docx_text import (
    BODY_FACE,
    CELL_PITCH,
    CELL_STYLE,
    CELL_STYLE_NAME,
    HEAD_FACE,
    MUTED,
    NOTE_STYLE,
    add_run,
    set_lines,
)
from kaoping.files.fonts import find_faces
from kaoping.files.layout import must_break, room_of, stays_whole, tightness

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from lxml.etree import _ProcessingInstruction

    from kaoping.core.report.document import Chart

_TINT, _INK = "F0F2F5", "1B2128"
_LAST_SIZE = 8
"""Thickness of the rule below the last row, in eighths of a point."""
_LAST_RULE = f'w:sz="{_LAST_SIZE}" w:space="0" w:color="{_INK}"'
_CELL_MARGINS = {"top": 26, "left": 70, "bottom": 26, "right": 70}
"""Room between text and rules of a cell, in twips; a row of one line is as high as in the PDF."""
_PLAIN, _SMALL, _HEAD = 234, 218, 208
"""From line to line of plain text, small text and heads, in twips, as in the PDF."""
_BELOW = 9
"""Room below a table, in points."""
_KEPT = 2
"""Rows that stand on one page with what follows: a note, places to sign."""
_PLACE = "＿" * 8
_TWIPS_PER_MM = 56.7
_MARK = "kaoping-table"
_MARKED = re.compile(rb"<\?kaoping-table (\d+)\?>")


class Tables:
    """The tables of a docx, kept as text until all else is saved.

    As a tree of elements those of a city would take half a gigabyte: a mark stands for each, and the text
    takes its place in the end (`filled_in`).
    """

    def __init__(self) -> None:
        """No table yet."""
        self._texts: list[str] = []

    def mark(self, table: str) -> _ProcessingInstruction:
        """A mark that stands for a table, given as XML."""
        self._texts.append(table)
        return ProcessingInstruction(_MARK, str(len(self._texts) - 1))

    def filled_in(self, document: bytes) -> bytes:
        """The saved document with the tables in the places of their marks."""
        return _MARKED.sub(lambda found: self._texts[int(found[1])].encode(), document)


def add_table(out: Docx, block: TableBlock, width: int, tables: Tables) -> None:
    """A table with its caption in the heading rows; where it has no rows, caption and （无）.

    Args:
        out: the document at whose end it is added.
        block: its content.
        width: in millimetres.
        tables: keeps its text until all is saved.
    """
    _leave_room(out)
    if block.rows:
        body = out.element.body
        body.insert(len(body) - 1, tables.mark(_table_xml(block, width)))
        below = out.add_paragraph(
            style=CELL_STYLE_NAME
        )  # two tables with nothing between would be one
        set_lines(below.paragraph_format, _BELOW)
        return
    caption = out.add_paragraph(style="Caption")
    caption.paragraph_format.keep_with_next = True
    add_run(caption, printable(block.caption), size=None, face=HEAD_FACE)
    nothing = out.add_paragraph(style=CELL_STYLE_NAME)
    nothing.alignment = WD_ALIGN_PARAGRAPH.CENTER
    nothing.paragraph_format.space_after = Pt(CELL_PITCH)
    said = f"（无）{_note_of(block)}"
    add_run(nothing, said, size=9, colour=MUTED)


def _leave_room(out: Docx) -> None:
    """Between a paragraph of text and a table or chart below it."""
    before = _last_paragraph(out)
    if before is not None and before.text and before.style in (None, out.styles["Normal"]):
        room = before.paragraph_format.space_after or 0
        before.paragraph_format.space_after = max(room, Pt(10))


def _last_paragraph(out: Docx) -> Paragraph | None:
    body = out.element.body
    last = body[-2] if len(body) > 1 else None
    return Paragraph(last, out) if last is not None and last.tag == qn("w:p") else None


_ROOM_TO_SIGN = Mm(9).pt
"""Above a line to sign on, in points."""


def add_signatures(out: Docx, line: SignatureLine, width: int) -> None:
    """Places to sign, spread over the width, which is in millimetres, on the page of what they are for."""
    before = _last_paragraph(out)
    if before is not None:
        before.paragraph_format.keep_with_next = True
    paragraph = out.add_paragraph(style=CELL_STYLE_NAME)
    set_lines(paragraph.paragraph_format, 14, before=_ROOM_TO_SIGN)
    for number in range(1, len(line.roles)):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(width * number / len(line.roles)))
    places = "\t".join(f"{role}：{_PLACE}" for role in line.roles)
    add_run(paragraph, places, size=10.5)


def add_chart(out: Docx, chart: Chart, width: int) -> None:
    """A chart as a picture; its words stand in its description, too, for those who cannot see it.

    Args:
        out: the document at whose end it is added.
        chart: what it shows.
        width: in millimetres.

    Raises:
        EnvironmentFault: where no Chinese face is installed.
    """
    _leave_room(out)
    paragraph = out.add_paragraph(style=CELL_STYLE_NAME)
    paragraph.paragraph_format.line_spacing = 1.0  # as high as the picture
    picture = paragraph.add_run().add_picture(
        io.BytesIO(chart_png(chart, find_faces())), width=Mm(width)
    )
    picture._inline.docPr.set("descr", "；".join(chart_texts(chart)))  # noqa: SLF001 - python-docx offers none


def _note_of(block: TableBlock) -> str:
    return f"注：{printable(block.note)}" if block.note else ""


def _table_xml(block: TableBlock, width: int) -> str:
    total = sum(column.width for column in block.columns)
    widths = [int(width * _TWIPS_PER_MM * column.width / total) for column in block.columns]
    grid = "".join(f'<w:gridCol w:w="{twips}"/>' for twips in widths)
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
        for edge, size, colour in (
            ("top", 10, _INK),
            ("bottom", _LAST_SIZE, _INK),
            ("insideH", 3, "B9C0C9"),
            ("insideV", 2, "B9C0C9"),
        )
    )
    heads = _caption_xml(block, widths) + _heads_xml(block, widths)
    kept = 0 if stays_whole(block) else len(block.rows) - _KEPT
    rows = "".join(
        _row_xml(block, row, widths, keep=number >= kept) for number, row in enumerate(block.rows)
    )
    tight = tightness(block.columns)
    margins = "".join(
        f'<w:{side} w:w="{round(twips * tight)}" w:type="dxa"/>'
        for side, twips in _CELL_MARGINS.items()
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"{heads}{rows}{_note_xml(block, widths)}</w:tbl>"
    )


_HEAD_ROW = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_WHOLE_ROW = "<w:trPr><w:cantSplit/></w:trPr>"


def _caption_xml(block: TableBlock, widths: list[int]) -> str:
    """The caption as a first heading row, so that every page of a long table says what it is."""
    edges = f'<w:top w:val="nil"/><w:bottom w:val="single" w:sz="10" w:space="0" w:color="{_INK}"/>'
    return f"<w:tr>{_HEAD_ROW}{_open_cell_xml(block.caption, widths, edges, 'Caption')}</w:tr>"


def _note_xml(block: TableBlock, widths: list[int]) -> str:
    """The note as a last row: kept with the rows before it, it never stands alone on a page."""
    if not block.note:
        return ""
    edges = f'<w:top w:val="single" {_LAST_RULE}/>'
    edges += '<w:bottom w:val="nil"/>'
    return f"<w:tr>{_open_cell_xml(_note_of(block), widths, edges, NOTE_STYLE)}</w:tr>"


def _open_cell_xml(text: str, widths: list[int], edges: str, style: str) -> str:
    """A cell as wide as the table, with rules of its own."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" w:type="dxa"/><w:gridSpan w:val="{len(widths)}"/>'
        f"<w:tcBorders>{edges}</w:tcBorders></w:tcPr>"
        + "".join(
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r>'
            f'<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
            for line in printable(text).split("\n")
        )
        + "</w:tc>"
    )


def _heads_xml(block: TableBlock, widths: list[int]) -> str:
    """One heading row, or two where columns stand under common headings."""
    pairs, tight = list(zip(block.columns, widths, strict=True)), tightness(block.columns)
    if not block.has_common_heads:
        cells = "".join(_head_xml(column.head, twips, tight) for column, twips in pairs)
        return f"<w:tr>{_HEAD_ROW}{cells}</w:tr>"
    upper, lower = [], []
    for over, group in groupby(pairs, lambda pair: pair[0].over):
        members = list(group)
        if over:
            span = f'<w:gridSpan w:val="{len(members)}"/>'
            upper.append(_head_xml(over, sum(twips for _, twips in members), tight, span))
            lower += [_head_xml(column.head, twips, tight) for column, twips in members]
        else:
            for column, twips in members:
                upper.append(_head_xml(column.head, twips, tight, '<w:vMerge w:val="restart"/>'))
                lower.append(_head_xml("", twips, tight, "<w:vMerge/>"))
    return "".join(f"<w:tr>{_HEAD_ROW}{''.join(cells)}</w:tr>" for cells in (upper, lower))


def _head_xml(text: str, twips: int, tight: float, merged: str = "") -> str:
    rule = f'<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="{_INK}"/></w:tcBorders>'
    below = "" if "restart" in merged or "gridSpan" in merged else rule
    return _cell_xml(text, twips, "center", tight=tight, face=HEAD_FACE, merged=merged + below)


def _row_xml(block: TableBlock, row: TableRow, widths: list[int], *, keep: bool) -> str:
    tight = tightness(block.columns)
    if row.kind is RowKind.GROUP:
        span = f'<w:gridSpan w:val="{len(widths)}"/>'
        text = row.cells[0]
        cells = _cell_xml(
            text,
            sum(widths),
            "left",
            tight=tight,
            face=HEAD_FACE,
            merged=span,
            fill=_TINT,
            keep=True,
        )
        return f"<w:tr>{_WHOLE_ROW}{cells}</w:tr>"
    total = row.kind is RowKind.TOTAL
    cells = "".join(
        _cell_xml(
            text,
            twips,
            column.align.value,
            tight=tight,
            face=HEAD_FACE if total and column.align is Align.RIGHT else BODY_FACE,
            fill=_TINT if total else "",
            titled=column.titles,
            keep=keep,
        )
        for text, column, twips in zip(row.cells, block.columns, widths, strict=True)
    )
    whole = "" if must_break(row, block.columns) else "<w:cantSplit/>"
    if room := room_of(row, block):
        whole += f'<w:trHeight w:val="{int(room * _TWIPS_PER_MM)}" w:hRule="atLeast"/>'
    properties = f"<w:trPr>{whole}</w:trPr>" if whole else ""
    return f"<w:tr>{properties}{cells}</w:tr>"


def _cell_xml(
    text: str,
    width: int,
    side: str,
    *,
    tight: float,
    face: str,
    merged: str = "",
    fill: str = "",
    titled: bool = False,
    keep: bool = False,
) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    paragraphs = "".join(
        _line_xml(line, side, face, small=titled and index > 0, keep=keep, tight=tight)
        for index, line in enumerate(printable(text).split("\n"))
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'
    )


def _line_xml(line: str, side: str, face: str, *, small: bool, keep: bool, tight: float) -> str:
    # A row kept with the next one never stands last on a page.
    kept = "<w:keepNext/>" if keep else ""
    colour = '<w:color w:val="5D6773"/>' if small else ""
    pitch = round((_SMALL if small else _HEAD if face == HEAD_FACE else _PLAIN) * tight)
    lines = f'<w:spacing w:line="{pitch}" w:lineRule="exact"/>' if pitch != _PLAIN else ""
    size = round((15 if small else 17) * tight)
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{CELL_STYLE}"/>{kept}{lines}<w:jc w:val="{side}"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="{face}" w:hAnsi="{face}" '
        f'w:eastAsia="{face}"/>{colour}<w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
    )
