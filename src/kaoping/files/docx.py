"""Documents as docx, for offices that edit them before they are signed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from kaoping.core.report import (
    Document,
    Heading,
    Paragraph,
    SignatureLine,
    TableBlock,
    chinese_day,
)
from kaoping.files.archive import rewritten
from kaoping.files.pdf import oriented_runs

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.section import Section
    from docx.text.paragraph import Paragraph as DocxParagraph

    from kaoping.core.report import Block

_BODY_FACE = "仿宋"
_HEAD_FACE = "黑体"
_RED = RGBColor(0xB5, 0x12, 0x1B)
_MUTED = RGBColor(0x5D, 0x67, 0x73)
_TWIPS_PER_MM = 56.7
_PORTRAIT_WIDTH, _LANDSCAPE_WIDTH = 162, 261
"""Width between the margins, in millimetres."""


def document_docx(document: Document) -> bytes:
    """One document as docx bytes; equal content and date give equal bytes."""
    out = docx.Document()
    _style(out)
    _properties(out, document)
    section = out.sections[0]
    _set_page(section, wide=False)
    _number_pages(section)
    _title(out, document)
    previous = False
    for wide, blocks in oriented_runs(document.blocks):
        if wide != previous:
            section = out.add_section()
            _set_page(section, wide=wide)
            previous = wide
        for block in blocks:
            _add(out, block, wide=wide)
    stream = io.BytesIO()
    out.save(stream)
    return rewritten(stream.getvalue(), document.made_at)


def _style(out: Docx) -> None:
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
    properties.title = document.title
    properties.author = document.subtitle[:200]
    properties.comments = ""
    moment = document.made_at.replace(tzinfo=None)
    properties.created = properties.modified = moment
    properties.last_modified_by = ""
    properties.language = "zh-CN"


def _set_page(section: Section, *, wide: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    short, long = Mm(210), Mm(297)
    section.page_width, section.page_height = (long, short) if wide else (short, long)
    section.left_margin = section.right_margin = Mm(18 if wide else 24)
    section.top_margin, section.bottom_margin = Mm(20 if wide else 26), Mm(20)


def _number_pages(section: Section) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        _run(paragraph, text, size=9)
        if field:
            xml = f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
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


def _title(out: Docx, document: Document) -> None:
    mark = out.add_paragraph()
    mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(mark, document.mark, size=9.5, face=_HEAD_FACE, colour=_RED)
    lines = (
        (document.title, 20.0, "宋体", True, None),
        (document.subtitle, 10.0, _BODY_FACE, False, _MUTED),
        (f"生成日期：{chinese_day(document.made_at.date())}", 10.0, _BODY_FACE, False, _MUTED),
    )
    for text, size, face, bold, colour in lines:
        paragraph = out.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(6)
        _run(paragraph, text, size=size, face=face, bold=bold, colour=colour)


def _add(out: Docx, block: Block, *, wide: bool) -> None:
    match block:
        case Heading():
            out.add_heading(block.text, level=block.level)
        case Paragraph():
            paragraph = out.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(24)
            paragraph.paragraph_format.line_spacing = 1.5
            _run(paragraph, block.text)
        case SignatureLine():
            paragraph = out.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(18)
            _run(
                paragraph,
                "　　　".join(f"{role}：＿＿＿＿＿＿＿＿" for role in block.roles),
                size=10.5,
            )
        case TableBlock():
            _add_table(out, block, wide=wide)


def _add_table(out: Docx, block: TableBlock, *, wide: bool) -> None:
    caption = out.add_paragraph()
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(8)
    _run(caption, block.caption, size=10.5, face=_HEAD_FACE)
    if not block.rows:
        empty = out.add_paragraph()
        empty.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(empty, "（无）", size=9)
        return
    width = _LANDSCAPE_WIDTH if wide else _PORTRAIT_WIDTH
    body = out.element.body
    body.insert(len(body) - 1, parse_xml(_table_xml(block, width)))
    after = out.add_paragraph()
    after.paragraph_format.space_after = Pt(0)


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
    heads = "".join(
        _cell_xml(column.head, twips, "center", head=True)
        for column, twips in zip(block.columns, widths, strict=True)
    )
    rows = "".join(_row_xml(block, row, widths) for row in block.rows)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>{rows}</w:tbl>"
    )


def _row_xml(block: TableBlock, row: tuple[str, ...], widths: list[int]) -> str:
    cells = "".join(
        _cell_xml(text, twips, "right" if column.figures else "left", head=False)
        for text, column, twips in zip(row, block.columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell_xml(text: str, width: int, side: str, *, head: bool) -> str:
    face = _HEAD_FACE if head else _BODY_FACE
    clean = escape("".join(c for c in text if c.isprintable() or c == " "))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="30" w:after="30"/>'
        f'<w:jc w:val="{side}"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="{face}" w:hAnsi="{face}" '
        f'w:eastAsia="{face}"/><w:sz w:val="17"/></w:rPr>'
        f'<w:t xml:space="preserve">{clean}</w:t></w:r></w:p></w:tc>'
    )
