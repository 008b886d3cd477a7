"""Documents as docx, for offices that edit them before they are signed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from kaoping.core.report.document import (
    BarChart,
    Block,
    Document,
    Heading,
    HeatMap,
    Paragraph,
    SignatureLine,
    TableBlock,
    printable,
)
from kaoping.core.report.hand_signing import document_digest, paper_code, spaced_digest
from kaoping.files.archive import office_time, rewritten
from kaoping.files.docx_official import set_official
from kaoping.files.docx_tables import Tables, add_chart, add_table
from kaoping.files.docx_text import (
    BODY_FACE,
    HEAD_FACE,
    MUTED,
    RED,
    add_cell_style,
    add_code,
    add_field,
    add_run,
    set_style,
)

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.section import Section
    from docx.shared import Length


_INK = RGBColor(0x1B, 0x21, 0x28)
_LONGEST_PROPERTY = 255
"""Most characters of a title that a docx keeps among its properties."""
_PORTRAIT_WIDTH, _LANDSCAPE_WIDTH = 162, 261
"""Width between the margins, in millimetres."""


def document_docx(document: Document) -> bytes:
    """One document as docx bytes; equal content and date, and faces where it has charts, give equal bytes.

    Raises:
        EnvironmentFault: where it has charts, which are pictures, and no Chinese face is installed.
    """
    out, tables = docx.Document(), Tables()
    _speak_chinese(out)
    add_cell_style(out)
    _properties(out, document)
    if document.letterhead is None:
        _set_plain(out, document, tables)
    else:
        set_official(out, document, document.letterhead, tables)
    stream = io.BytesIO()
    out.save(stream)
    changes = {"word/document.xml": tables.filled_in}
    return rewritten(stream.getvalue(), document.made_at, changes)


def _set_plain(out: Docx, document: Document, tables: Tables) -> None:
    """Title and facts on top, and at the head of every page what it is."""
    _style(out)
    section = out.sections[0]
    landscape = document.parts[0].landscape
    _set_page(section, landscape=landscape)
    _number_pages(section)
    if document.is_paper:
        _tell_content(section, document)
    _run_head(section, document, landscape=landscape)
    _front(out, document)
    for index, part in enumerate(document.parts):
        if index > 0:
            section = out.add_section()
            _set_page(section, landscape=part.landscape)
            if part.landscape != landscape:
                landscape = part.landscape
                _run_head(section, document, landscape=landscape)
        for block in part.blocks:
            _add(out, block, tables, landscape=part.landscape)


def _speak_chinese(out: Docx) -> None:
    # Without a Chinese language an office suite may pick faces whose marks sit as in Taiwan.
    for language in out.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _style(out: Docx) -> None:
    set_style(out.styles["Normal"], BODY_FACE, 12, colour=_INK)
    for level, size in ((1, 14), (2, 12)):
        style = out.styles[f"Heading {level}"]
        set_style(style, HEAD_FACE, size, bold=level == 1, colour=_INK)
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
    for text, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        add_run(paragraph, text, size=9)
        if field:
            add_field(paragraph, field, size=9, face=BODY_FACE)


def _tell_content(section: Section, document: Document) -> None:
    """To which content every page of a paper to sign belongs, below its number."""
    paragraph = section.footer.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    words = f"内容摘要 {spaced_digest(document_digest(document))}"
    add_run(paragraph, words, size=8.5, face=HEAD_FACE, colour=MUTED)


def _run_head(section: Section, document: Document, *, landscape: bool) -> None:
    """Title and standing at the head of every page, up to the next section that has its own."""
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style = "Normal"  # the style of headers has tab stops of its own
    width = Mm(_LANDSCAPE_WIDTH if landscape else _PORTRAIT_WIDTH)
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    add_run(paragraph, printable(document.title), size=8.5, face=HEAD_FACE, colour=MUTED)
    add_run(paragraph, f"\t{document.mark}", size=8.5, face=HEAD_FACE, colour=RED)


def _front(out: Docx, document: Document) -> None:
    """Issuer, title and facts; of a paper to sign, its code at their right."""
    lines = (
        (document.issuer, 14.0, HEAD_FACE, MUTED),
        (document.title, 22.0, "宋体", None),
    )
    for text, size, face, colour in lines:
        paragraph = out.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(4)
        paragraph.paragraph_format.space_after = Pt(8)
        add_run(
            paragraph, printable(text), size=size, face=face, bold=colour is None, colour=colour
        )
    room = _code(out, document) if document.is_paper else None
    for label, text in document.facts:
        paragraph = out.add_paragraph()
        paragraph.paragraph_format.right_indent = room
        paragraph.paragraph_format.space_after = Pt(2)
        add_run(paragraph, f"{label}：", size=10.5, face=HEAD_FACE, colour=MUTED)
        add_run(paragraph, printable(text), size=10.5)


def _code(out: Docx, document: Document) -> Length:
    """The code of a paper's digest, in a frame at the right; returns the room it takes."""
    paragraph = out.add_paragraph()
    side = add_code(paragraph.add_run(), paper_code(document_digest(document)), "内容摘要的二维码")
    frame = (
        f'<w:framePr {nsdecls("w")} w:w="{side.twips}" w:hSpace="120" w:wrap="around" '
        'w:vAnchor="text" w:hAnchor="margin" w:xAlign="right" w:y="1"/>'
    )
    paragraph._p.get_or_add_pPr().insert(0, parse_xml(frame))  # noqa: SLF001 - python-docx offers no frame
    return side


def _add(out: Docx, block: Block, tables: Tables, *, landscape: bool) -> None:
    width = _LANDSCAPE_WIDTH if landscape else _PORTRAIT_WIDTH
    match block:
        case Heading():
            out.add_heading(printable(block.text), level=block.level)
        case Paragraph():
            paragraph = out.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(24)
            paragraph.paragraph_format.line_spacing = 1.5
            add_run(paragraph, printable(block.text))
        case SignatureLine():
            paragraph = out.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(18)
            places = "　　　".join(f"{role}：＿＿＿＿＿＿＿＿" for role in block.roles)
            add_run(paragraph, places, size=10.5)
        case TableBlock():
            add_table(out, block, width, tables)
        case BarChart() | HeatMap():
            add_chart(out, block, width)
