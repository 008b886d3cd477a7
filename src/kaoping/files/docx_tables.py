"""Tables and charts of a docx: tables as XML, since cell by cell those of a city would take minutes."""

from __future__ import annotations

import io
import re
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from lxml.etree import ProcessingInstruction

from kaoping.core.report.document import (
    Align,
    RowKind,
    TableBlock,
    TableRow,
    chart_texts,
    printable,
)
from kaoping.files.charts import chart_png
from kaoping.files.docx_text import (
    BODY_FACE,
    CELL_STYLE,
    CELL_STYLE_NAME,
    HEAD_FACE,
    MUTED,
    add_run,
)
from kaoping.files.fonts import find_faces
from kaoping.files.layout import must_break, room_of

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from lxml.etree import _ProcessingInstruction

    from kaoping.core.report.document import Chart

_TINT = "F0F2F5"
_TWIPS_PER_MM = 56.7
_MARK = "kaoping-table"
_MARKED = re.compile(rb"<\?kaoping-table (\d+)\?>")


class Tables:
    """The tables of a docx, kept as text until all else is saved.

    As a tree of elements those of a city would take half a gigabyte: a mark stands for each, and the text
    takes its place in the end (`filled_in`).
    """

    def __init__(self) -> None:
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
    if not block.rows:
        caption = out.add_paragraph(style=CELL_STYLE_NAME)
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before = Pt(8)
        add_run(caption, printable(block.caption), size=10.5, face=HEAD_FACE)
    else:
        body = out.element.body
        body.insert(len(body) - 1, tables.mark(_table_xml(block, width)))
    after = out.add_paragraph(style=CELL_STYLE_NAME)
    after.paragraph_format.space_after = Pt(0)
    if not block.rows:
        after.alignment = WD_ALIGN_PARAGRAPH.CENTER
    note = f"注：{block.note}" if block.note else ""
    said = note if block.rows else f"（无）{note}"
    add_run(after, printable(said), size=9, colour=MUTED)


def add_chart(out: Docx, chart: Chart, width: int) -> None:
    """A chart as a picture; its words stand in its description, too, for those who cannot see it.

    Args:
        out: the document at whose end it is added.
        chart: what it shows.
        width: in millimetres.

    Raises:
        EnvironmentFault: where no Chinese face is installed.
    """
    paragraph = out.add_paragraph(style=CELL_STYLE_NAME)
    picture = paragraph.add_run().add_picture(
        io.BytesIO(chart_png(chart, find_faces())), width=Mm(width)
    )
    picture._inline.docPr.set("descr", "；".join(chart_texts(chart)))  # noqa: SLF001 - python-docx offers none


def _table_xml(block: TableBlock, width: int) -> str:
    total = sum(column.width for column in block.columns)
    widths = [int(width * _TWIPS_PER_MM * column.width / total) for column in block.columns]
    grid = "".join(f'<w:gridCol w:w="{twips}"/>' for twips in widths)
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
        for edge, size, colour in (
            ("top", 10, "1B2128"),
            ("left", 2, "B9C0C9"),
            ("bottom", 8, "1B2128"),
            ("right", 2, "B9C0C9"),
            ("insideH", 3, "B9C0C9"),
            ("insideV", 2, "B9C0C9"),
        )
    )
    heads = _caption_xml(block, widths) + _heads_xml(block, widths)
    rows = "".join(_row_xml(block, row, widths) for row in block.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"{heads}{rows}</w:tbl>"
    )


_HEAD_ROW = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"


def _caption_xml(block: TableBlock, widths: list[int]) -> str:
    """The caption as a first heading row, so that every page of a long table says what it is."""
    no_edges = "".join(f'<w:{edge} w:val="nil"/>' for edge in ("top", "left", "right"))
    merged = f'<w:gridSpan w:val="{len(widths)}"/><w:tcBorders>{no_edges}</w:tcBorders>'
    cell = _cell_xml(
        block.caption, sum(widths), "center", face=HEAD_FACE, merged=merged, large=True
    )
    return f"<w:tr>{_HEAD_ROW}{cell}</w:tr>"


def _heads_xml(block: TableBlock, widths: list[int]) -> str:
    """One heading row, or two where columns stand under common headings."""
    pairs = list(zip(block.columns, widths, strict=True))
    if not block.has_common_heads:
        cells = "".join(_head_xml(column.head, twips) for column, twips in pairs)
        return f"<w:tr>{_HEAD_ROW}{cells}</w:tr>"
    upper, lower = [], []
    for over, group in groupby(pairs, lambda pair: pair[0].over):
        members = list(group)
        if over:
            span = f'<w:gridSpan w:val="{len(members)}"/>'
            upper.append(_head_xml(over, sum(twips for _, twips in members), span))
            lower += [_head_xml(column.head, twips) for column, twips in members]
        else:
            for column, twips in members:
                upper.append(_head_xml(column.head, twips, '<w:vMerge w:val="restart"/>'))
                lower.append(_head_xml("", twips, "<w:vMerge/>"))
    return "".join(f"<w:tr>{_HEAD_ROW}{''.join(cells)}</w:tr>" for cells in (upper, lower))


def _head_xml(text: str, twips: int, merged: str = "") -> str:
    return _cell_xml(text, twips, "center", face=HEAD_FACE, merged=merged, fill=_TINT)


def _row_xml(block: TableBlock, row: TableRow, widths: list[int]) -> str:
    if row.kind is RowKind.GROUP:
        span = f'<w:gridSpan w:val="{len(widths)}"/>'
        text = row.cells[0]
        cells = _cell_xml(
            text, sum(widths), "left", face=HEAD_FACE, merged=span, fill=_TINT, keep=True
        )
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
    total = row.kind is RowKind.TOTAL
    cells = "".join(
        _cell_xml(
            text,
            twips,
            column.align.value,
            face=HEAD_FACE if total and column.align is Align.RIGHT else BODY_FACE,
            fill=_TINT if total else "",
            titled=column.titles,
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
    face: str,
    merged: str = "",
    fill: str = "",
    titled: bool = False,
    keep: bool = False,
    large: bool = False,
) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    paragraphs = "".join(
        _line_xml(line, side, face, small=titled and index > 0, large=large, keep=keep)
        for index, line in enumerate(printable(text).split("\n"))
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'
    )


def _line_xml(line: str, side: str, face: str, *, small: bool, large: bool, keep: bool) -> str:
    # A row kept with the next one never stands last on a page.
    kept = "<w:keepNext/>" if keep else ""
    colour = '<w:color w:val="5D6773"/>' if small else ""
    size = "15" if small else "21" if large else "17"
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{CELL_STYLE}"/>{kept}<w:jc w:val="{side}"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="{face}" w:hAnsi="{face}" '
        f'w:eastAsia="{face}"/>{colour}<w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
    )
