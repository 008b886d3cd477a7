"""Documents as docx, for offices that edit them before they are signed."""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from kaoping.core.report.document import (
    Align,
    Block,
    Document,
    Heading,
    Paragraph,
    RowKind,
    SignatureLine,
    TableBlock,
    TableRow,
    printable,
)
from kaoping.files.archive import office_time, rewritten

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.section import Section
    from docx.text.paragraph import Paragraph as DocxParagraph

_BODY_FACE = "仿宋"
_HEAD_FACE = "黑体"
_RED = RGBColor(0xB5, 0x12, 0x1B)
_MUTED = RGBColor(0x5D, 0x67, 0x73)
_TINT = "F0F2F5"
_LONGEST_PROPERTY = 255
"""Most characters of a title that a docx keeps among its properties."""
_TWIPS_PER_MM = 56.7
_PORTRAIT_WIDTH, _LANDSCAPE_WIDTH = 162, 261
"""Width between the margins, in millimetres."""


def document_docx(document: Document) -> bytes:
    """One document as docx bytes; equal content and date give equal bytes."""
    out = docx.Document()
    _style(out)
    _properties(out, document)
    section = out.sections[0]
    landscape = not document.cover and document.parts[0].landscape
    _set_page(section, landscape=landscape)
    _number_pages(section)
    _run_head(section, document, landscape=landscape)
    _front(out, document)
    for index, part in enumerate(document.parts):
        if document.cover or index > 0:
            section = out.add_section()
            _set_page(section, landscape=part.landscape)
            if part.landscape != landscape:
                landscape = part.landscape
                _run_head(section, document, landscape=landscape)
        for block in part.blocks:
            _add(out, block, landscape=part.landscape)
    stream = io.BytesIO()
    out.save(stream)
    return rewritten(stream.getvalue(), document.made_at)


def _style(out: Docx) -> None:
    # Without a Chinese language an office suite may pick faces whose marks sit as in Taiwan.
    for language in out.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    normal = out.styles["Normal"]
    normal.font.name = _BODY_FACE
    normal.font.size = Pt(12)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BODY_FACE)
    for level, size in ((1, 14), (2, 12)):
        style = out.styles[f"Heading {level}"]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{name}"), None)
        style.font.name = _HEAD_FACE
        fonts.set(qn("w:eastAsia"), _HEAD_FACE)
        style.font.size = Pt(size)
        style.font.bold = level == 1
        style.font.color.rgb = RGBColor(0x1B, 0x21, 0x28)
        style.paragraph_format.space_before = Pt(12)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.keep_with_next = True


def _properties(out: Docx, document: Document) -> None:
    properties = out.core_properties
    properties.title = printable(document.title)[:_LONGEST_PROPERTY]
    properties.author = printable(document.issuer)[:_LONGEST_PROPERTY]
    properties.comments = ""
    moment = office_time(document.made_at)
    properties.created = properties.modified = moment
    properties.last_modified_by = ""
    properties.language = "zh-CN"


def _set_page(section: Section, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    short, long = Mm(210), Mm(297)
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.left_margin = section.right_margin = Mm(18 if landscape else 24)
    section.top_margin, section.bottom_margin = Mm(20 if landscape else 26), Mm(20)


def _number_pages(section: Section) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    fonts = f'<w:rFonts w:ascii="{_BODY_FACE}" w:hAnsi="{_BODY_FACE}" w:eastAsia="{_BODY_FACE}"/>'
    for text, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        _run(paragraph, text, size=9)
        if field:
            xml = (
                f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:rPr>{fonts}'
                f'<w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
            )
            paragraph._p.append(parse_xml(xml))  # noqa: SLF001 - python-docx offers no field


def _run(
    paragraph: DocxParagraph,
    text: str,
    *,
    size: float = 12,
    face: str = _BODY_FACE,
    bold: bool = False,
    colour: RGBColor | None = None,
) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.name = face
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)  # noqa: SLF001
    if colour is not None:
        run.font.color.rgb = colour


def _run_head(section: Section, document: Document, *, landscape: bool) -> None:
    """Title and standing at the head of every page, up to the next section that has its own."""
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style = "Normal"  # the style of headers has tab stops of its own
    width = Mm(_LANDSCAPE_WIDTH if landscape else _PORTRAIT_WIDTH)
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    _run(paragraph, printable(document.title), size=8.5, face=_HEAD_FACE, colour=_MUTED)
    _run(paragraph, f"\t{document.mark}", size=8.5, face=_HEAD_FACE, colour=_RED)


def _front(out: Docx, document: Document) -> None:
    """Issuer, title and facts; on a page of their own with the contents where there is a cover."""
    lines = (
        (document.issuer, 14.0, _HEAD_FACE, _MUTED),
        (document.title, 22.0, "宋体", None),
    )
    for text, size, face, colour in lines:
        paragraph = out.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(60 if document.cover else 4)
        paragraph.paragraph_format.space_after = Pt(8)
        _run(paragraph, printable(text), size=size, face=face, bold=colour is None, colour=colour)
    for label, text in document.facts:
        paragraph = out.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.left_indent = Pt(36 if document.cover else 0)
        _run(paragraph, f"{label}：", size=10.5, face=_HEAD_FACE, colour=_MUTED)
        _run(paragraph, printable(text), size=10.5)
    if document.cover:
        _contents(out, document)


def _contents(out: Docx, document: Document) -> None:
    """The headings of the document, in their order."""
    paragraph = out.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(40)
    _run(paragraph, "目　录", size=14, face=_HEAD_FACE)
    blocks = [block for part in document.parts for block in part.blocks]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            line = out.add_paragraph()
            line.paragraph_format.left_indent = Pt(36)
            line.paragraph_format.space_after = Pt(4)
            _run(line, printable(block.text), size=12)


def _add(out: Docx, block: Block, *, landscape: bool) -> None:
    match block:
        case Heading():
            out.add_heading(printable(block.text), level=block.level)
        case Paragraph():
            paragraph = out.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(24)
            paragraph.paragraph_format.line_spacing = 1.5
            _run(paragraph, printable(block.text))
        case SignatureLine():
            paragraph = out.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(18)
            places = "　　　".join(f"{role}：＿＿＿＿＿＿＿＿" for role in block.roles)
            _run(paragraph, places, size=10.5)
        case TableBlock():
            _add_table(out, block, landscape=landscape)


def _add_table(out: Docx, block: TableBlock, *, landscape: bool) -> None:
    if not block.rows:
        caption = out.add_paragraph()
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before = Pt(8)
        _run(caption, printable(block.caption), size=10.5, face=_HEAD_FACE)
    else:
        width = _LANDSCAPE_WIDTH if landscape else _PORTRAIT_WIDTH
        body = out.element.body
        body.insert(len(body) - 1, parse_xml(_table_xml(block, width)))
    after = out.add_paragraph()
    after.paragraph_format.space_after = Pt(0)
    if not block.rows:
        after.alignment = WD_ALIGN_PARAGRAPH.CENTER
    note = f"注：{block.note}" if block.note else ""
    _run(after, printable(note if block.rows else "（无）"), size=9, colour=_MUTED)


def _table_xml(block: TableBlock, width: int) -> str:
    """The table as one XML text: python-docx cell by cell would take minutes for a city."""
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
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
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
        block.caption, sum(widths), "center", face=_HEAD_FACE, merged=merged, large=True
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
    return _cell_xml(text, twips, "center", face=_HEAD_FACE, merged=merged, fill=_TINT)


def _row_xml(block: TableBlock, row: TableRow, widths: list[int]) -> str:
    if row.kind is RowKind.GROUP:
        span = f'<w:gridSpan w:val="{len(widths)}"/>'
        text = row.cells[0]
        cells = _cell_xml(
            text, sum(widths), "left", face=_HEAD_FACE, merged=span, fill=_TINT, keep=True
        )
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
    total = row.kind is RowKind.TOTAL
    cells = "".join(
        _cell_xml(
            text,
            twips,
            column.align.value,
            face=_HEAD_FACE if total and column.align is Align.RIGHT else _BODY_FACE,
            fill=_TINT if total else "",
            titled=column.titles,
        )
        for text, column, twips in zip(row.cells, block.columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


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
        f'<w:p><w:pPr>{kept}<w:snapToGrid w:val="0"/><w:spacing w:before="20" w:after="20"/>'
        f'<w:jc w:val="{side}"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="{face}" w:hAnsi="{face}" '
        f'w:eastAsia="{face}"/>{colour}<w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
    )
