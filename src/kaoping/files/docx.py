"""Documents as docx, for offices that edit them before they are signed."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
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
from kaoping.files.docx_official import set_official, set_official_styles
from kaoping.files.docx_pages import add_watermark, begin_section
from kaoping.files.docx_tables import Tables, add_chart, add_signatures, add_table
from kaoping.files.docx_text import (
    BODY_FACE,
    HEAD_FACE,
    MUTED,
    RED,
    TITLE_FACE,
    add_code,
    add_field,
    add_run,
    font_table,
    put_property,
    rule_below,
    set_head_and_foot_styles,
    set_lines,
    set_off_text,
    set_style,
    set_table_styles,
)
from kaoping.files.layout import PLAIN_TITLE_SIZE, PLAIN_WIDTHS, cells_of, lines_of_title

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.section import Section, _Footer
    from docx.shared import Length


_INK = RGBColor(0x1B, 0x21, 0x28)
_LONGEST_PROPERTY = 255
"""Most characters of a title that a docx keeps among its properties."""
_MARGINS = {False: (25, 21, 24), True: (20, 16, 15)}
"""Top, bottom and sides, in millimetres."""
_PITCH = 19
"""From line to line of the text, in points."""
_FACT_SIZE = 10.5


def document_docx(document: Document) -> bytes:
    """One document as docx bytes; equal content and date, and faces where it has charts, give equal bytes.

    Raises:
        EnvironmentFault: where it has charts, which are pictures, and no Chinese face is installed.
    """
    out, tables = (
        docx.Document(io.BytesIO(_styled(is_official=document.letterhead is not None))),
        Tables(),
    )
    _properties(out, document)
    if document.letterhead is None:
        _set_plain(out, document, tables)
    else:
        set_official(out, document, document.letterhead, tables)
    stream = io.BytesIO()
    out.save(stream)
    changes = {"word/document.xml": tables.filled_in, "word/fontTable.xml": font_table}
    return rewritten(stream.getvalue(), document.made_at, changes)


@cache
def _styled(*, is_official: bool) -> bytes:
    """An empty docx with the styles that all documents of a kind have: sheets of units are made by the hundred."""
    out = docx.Document()
    _speak_chinese(out)
    if is_official:
        set_official_styles(out)
    else:
        _style(out)
    stream = io.BytesIO()
    out.save(stream)
    return stream.getvalue()


def _set_plain(out: Docx, document: Document, tables: Tables) -> None:
    """Title and facts on top, and at the head of every further page what it is."""
    section = out.sections[0]
    landscape = document.parts[0].landscape
    _set_page(section, landscape=landscape)
    section.different_first_page_header_footer = True
    if document.is_draft:
        add_watermark(section.first_page_header, 0)
    for footer in (section.first_page_footer, section.footer):
        _number_pages(footer)
        if document.is_paper:
            _tell_content(footer, document)
    _run_head(section, document, len(out.sections), landscape=landscape)
    _front(out, document)
    for index, part in enumerate(document.parts):
        if index > 0:
            section = begin_section(out, WD_SECTION.NEW_PAGE)
            section.different_first_page_header_footer = False
            _set_page(section, landscape=part.landscape)
            if part.landscape != landscape:
                landscape = part.landscape
                _run_head(section, document, len(out.sections), landscape=landscape)
        for block in part.blocks:
            _add(out, block, tables, landscape=part.landscape)


def _speak_chinese(out: Docx) -> None:
    # Without a Chinese language an office suite may pick faces whose marks sit as in Taiwan.
    settings = out.settings.element
    for languages, name in ((out.styles.element, "w:lang"), (settings, "w:themeFontLang")):
        for language in languages.iter(qn(name)):
            language.set(qn("w:eastAsia"), "zh-CN")
    for marks in settings.iter(qn("w:characterSpacingControl")):
        marks.set(qn("w:val"), "compressPunctuation")
    for mode in settings.iter(
        qn("w:compatSetting")
    ):  # an older one would stand in the title of the window
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")


def _style(out: Docx) -> None:
    set_style(out.styles["Normal"], BODY_FACE, 12, colour=_INK)
    set_lines(out.styles["Normal"].paragraph_format, _PITCH)
    for level, size in ((1, 14), (2, 11.5), (3, 11.5)):
        style = out.styles[f"Heading {level}"]
        set_style(style, HEAD_FACE, size, bold=level == 1, colour=_INK)
        set_lines(style.paragraph_format, size * 1.3, before=14, after=8)
        style.paragraph_format.keep_with_next = True
    title = out.styles["Title"]
    set_off_text(title)
    set_style(title, TITLE_FACE, PLAIN_TITLE_SIZE, colour=_INK)
    set_lines(title.paragraph_format, PLAIN_TITLE_SIZE * 1.5, after=4)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_table_styles(out)
    set_head_and_foot_styles(out, HEAD_FACE, 8.5)


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
    top, bottom, side = map(Mm, _MARGINS[landscape])
    section.left_margin = section.right_margin = side
    section.top_margin, section.bottom_margin = top, bottom
    section.header_distance, section.footer_distance = top - Mm(9), bottom - Mm(10)


def _number_pages(footer: _Footer) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        add_run(paragraph, text, size=8.5, face=HEAD_FACE, colour=MUTED)
        if field:
            add_field(paragraph, field, size=8.5, face=HEAD_FACE, colour=MUTED)


def _tell_content(footer: _Footer, document: Document) -> None:
    """To which content every page of a paper to sign belongs, below its number."""
    paragraph = footer.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    words = f"内容摘要 {spaced_digest(document_digest(document))}"
    add_run(paragraph, words, size=8.5, face=HEAD_FACE, colour=MUTED)


def _run_head(section: Section, document: Document, number: int, *, landscape: bool) -> None:
    """Title and standing at the head of every page, up to the next section, by its number, that has its own."""
    section.header.is_linked_to_previous = False
    if document.is_draft:
        add_watermark(section.header, number)
    paragraph = section.header.paragraphs[0]
    width = Mm(PLAIN_WIDTHS[landscape])
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    add_run(paragraph, printable(document.title), size=8, face=HEAD_FACE, colour=MUTED)
    add_run(paragraph, f"\t{document.mark}", size=8, face=HEAD_FACE, colour=RED)
    rule_below(paragraph, "B9C0C9", 3, 3)


def _front(out: Docx, document: Document) -> None:
    """Standing, issuer, title and facts; of a paper to sign, its code at their right."""
    mark = out.add_paragraph()
    mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    set_lines(mark.paragraph_format, 12)
    add_run(mark, document.mark, size=9, face=HEAD_FACE, colour=RED)
    issuer = out.add_paragraph()
    issuer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(issuer, printable(document.issuer), size=11, face=HEAD_FACE, colour=MUTED)
    title = out.add_paragraph(style="Title")
    add_run(title, "\n".join(lines_of_title(document)), size=None, face=TITLE_FACE)
    rule_below(title, str(RED), 10, 4)
    room = _code(out, document) if document.is_paper else None
    hang = Pt((max((cells_of(label) for label, _ in document.facts), default=0) + 1) * _FACT_SIZE)
    for label, text in document.facts:
        paragraph = out.add_paragraph()
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = (
            hang,
            -hang,
        )
        paragraph.paragraph_format.right_indent = room
        add_run(paragraph, f"{label}\t", size=10, face=HEAD_FACE, colour=MUTED)
        add_run(paragraph, printable(text), size=_FACT_SIZE)
    if document.facts:
        beside_code = (room or 0) - Pt(_PITCH * len(document.facts))
        paragraph.paragraph_format.space_after = max(Pt(8), beside_code + Pt(14))


def _code(out: Docx, document: Document) -> Length:
    """The code of a paper's digest, in a frame at the right; returns the room it takes."""
    paragraph = out.add_paragraph()
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE  # as high as the code is
    side = add_code(paragraph.add_run(), paper_code(document_digest(document)), "内容摘要的二维码")
    frame = (
        f'w:w="{side.twips}" w:hSpace="0" w:wrap="around" w:vAnchor="text" w:hAnchor="margin" '
        'w:xAlign="right" w:y="1"'
    )
    put_property(paragraph, "framePr", frame)
    return side


def _add(out: Docx, block: Block, tables: Tables, *, landscape: bool) -> None:
    width = PLAIN_WIDTHS[landscape]
    match block:
        case Heading():
            out.add_heading(printable(block.text), level=block.level)
        case Paragraph():
            paragraph = out.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(24)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            add_run(paragraph, printable(block.text))
        case SignatureLine():
            add_signatures(out, block, width)
        case TableBlock():
            add_table(out, block, width, tables)
        case BarChart() | HeatMap():
            add_chart(out, block, width)
