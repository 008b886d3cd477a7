"""Official documents as docx (GB/T 9704-2012), laid out as their PDF is, for offices that edit them.

22 lines come from the grid of the page, 28 characters from a spacing of the style Normal: a grid of
characters would be ignored by other office suites. What stands where is described in the PDF's template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor

from kaoping.core.report.document import (
    BarChart,
    Block,
    Document,
    Heading,
    HeatMap,
    Letterhead,
    Paragraph,
    SignatureLine,
    TableBlock,
    annex_label,
    chinese_day,
    printable,
)
from kaoping.files.docx_closing import FANGSONG, NO_DAY, add_closing, height_of_closing
from kaoping.files.docx_contents import DEEPEST, PITCHES, Contents
from kaoping.files.docx_pages import (
    NUMBER_FACE,
    NUMBER_SIZE,
    PITCH,
    begin_section,
    set_heads_and_feet,
    set_page,
)
from kaoping.files.docx_tables import add_chart, add_signatures, add_table
from kaoping.files.docx_text import (
    BLACK,
    HEAD_FACE,
    TITLE_FACE,
    add_run,
    add_style,
    put_property,
    rule_below,
    set_head_and_foot_styles,
    set_lines,
    set_off_text,
    set_style,
    set_table_styles,
)
from kaoping.files.layout import (
    ANNEX_SIZE,
    LINES_OF_PAGE,
    TITLE_SIZE,
    WIDTHS,
    cells_of,
    lines_of_annex,
    lines_of_text,
    lines_of_title,
    title_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph as DocxParagraph

    from kaoping.files.docx_tables import Tables

_KAITI = "楷体_GB2312"
_LEVELS = {1: HEAD_FACE, 2: _KAITI, 3: FANGSONG}
"""Faces of headings (7.3.3)."""
_OFFICIAL_RED = RGBColor(0xE6, 0, 0x12)
_SIZE = 16
_LINE = PITCH / 20
"""From line to line of the text, in points."""
_SQUEEZE = -5
"""Added between characters, in twips, so that 28 of 16 pt stand on 156 mm."""
_CELL = 5.571
"""Width of a character with what is between two, in millimetres."""
_BROADEST = 24
"""Characters of a name over the day; a longer one takes several lines."""
_NAME_GAP = "\u3000"
_ANNEX_TITLE = "附件标题"
_LONG = 10
"""Pages of a document that needs no table of contents."""
_SHORT = 2 * 28 - 2
"""Characters of last words that stay with the signature: two lines."""
_KEPT = 7
"""Lines that stay together at the end of a text without annexes: last words, signature, 附注."""
_UNSURE = 2
"""Lines by which an office suite may set the text longer or shorter than it is counted."""


def set_official(out: Docx, document: Document, head: Letterhead, tables: Tables) -> None:
    """Set a document with a letterhead into an empty docx with the styles of such."""
    out.settings.odd_and_even_pages_header_footer = True
    set_page(out.sections[0], landscape=False)
    set_heads_and_feet(out.sections[0], landscape=False, is_draft=document.is_draft, number=0)
    contents = Contents(document)
    _top(out, document, head)
    for part in document.parts[: _first_annex(document)]:
        for block in part.blocks:
            _add(out, block, tables, contents, width=WIDTHS[False], in_annex=False)
    texts = out.paragraphs
    above = len(texts) - (cells_of(texts[-1].text) <= _SHORT)
    _list_annexes(out, document)
    _sign(out, head)
    _keep_together(out.paragraphs[above:])
    has_contents = _is_long(document, head)
    if has_contents:
        contents.add(out)
    _add_annexes(out, document, tables, contents)
    if not head.printed_by:
        return
    below_text = not has_contents and _has_room_for_closing(document, head)
    if not below_text:
        _begin(out, document, WD_SECTION.EVEN_PAGE, landscape=False)
    add_closing(out, document, head, below_text=below_text)


def _first_annex(document: Document) -> int:
    found = (number for number, part in enumerate(document.parts) if part.annex)
    return next(found, len(document.parts))


def _is_long(document: Document, head: Letterhead) -> bool:
    """Whether it has more than ten pages: those of the text, and one at least for each part of an annex."""
    text = -(-(lines_of_text(document, head) or LINES_OF_PAGE) // LINES_OF_PAGE)
    return text + len(document.parts) - _first_annex(document) > _LONG


def _has_room_for_closing(document: Document, head: Letterhead) -> bool:
    """Whether the text surely ends on an even page, high enough for 版记 below it.

    With a code in it, it always takes a page of its own.
    """
    lines = lines_of_text(document, head)
    if document.annexes or document.checkpoint or lines is None:
        return False
    pages, on_last = divmod(lines - 1, LINES_OF_PAGE)
    room = (LINES_OF_PAGE - on_last - 1 - 1 - _UNSURE) * _LINE
    is_sure = on_last >= _KEPT + _UNSURE
    return pages % 2 == 1 and is_sure and room >= height_of_closing(head)


def set_official_styles(out: Docx) -> None:
    """The styles of an official document."""
    normal = out.styles["Normal"]
    set_style(normal, FANGSONG, _SIZE, colour=BLACK)
    normal.element.rPr.insert_element_before(
        parse_xml(f'<w:spacing {nsdecls("w")} w:val="{_SQUEEZE}"/>'),
        *("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang"),
    )
    set_lines(normal.paragraph_format, _LINE)
    for edge in ("E", "N"):  # no room of its own between Chinese and Latin letters or digits
        put_property(normal, f"autoSpaceD{edge}", 'w:val="0"')
    normal.paragraph_format.first_line_indent = Mm(2 * _CELL)
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for level, face in _LEVELS.items():
        style = out.styles[f"Heading {level}"]
        set_style(style, face, _SIZE, colour=BLACK)
        set_lines(style.paragraph_format, _LINE)
        style.paragraph_format.keep_with_next = True
    set_table_styles(out)
    set_head_and_foot_styles(out, NUMBER_FACE, NUMBER_SIZE)
    _title_styles(out)


def _title_styles(out: Docx) -> None:
    """The title, two lines below the rule and one above the text; names of annexes; 目录 and its entries."""
    annex = add_style(out, _ANNEX_TITLE, "AnnexTitle", based_on="Normal")
    put_property(annex, "outlineLvl", 'w:val="0"')
    title, contents = out.styles["Title"], out.styles["TOC Heading"]
    contents.paragraph_format.page_break_before = True
    for style, size, before, after in (
        (title, TITLE_SIZE, Mm(18.4).pt, Mm(10.2).pt),
        (annex, ANNEX_SIZE, 15, 3),
        (contents, TITLE_SIZE, 0, _LINE),
    ):
        set_off_text(style)
        set_style(style, TITLE_FACE, size, colour=BLACK)
        set_lines(style.paragraph_format, 1.55 * size, before, after)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        style.paragraph_format.keep_with_next = style is not title
    for level, size in ((1, 15), (2, 12)):
        entry = add_style(out, f"toc {level}", f"TOC{level}", based_on="Normal")
        set_style(entry, FANGSONG, size, colour=BLACK)
        set_lines(entry.paragraph_format, PITCHES[level])
        set_off_text(entry)
        entry.paragraph_format.left_indent = Mm((level - 1) * 2 * _CELL)
        entry.paragraph_format.tab_stops.add_tab_stop(
            Mm(WIDTHS[False]), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )


# --- above and below the text ----------------------------------------------------------------------


def _plain(out: Docx, style: str = "Normal") -> DocxParagraph:
    """An empty paragraph without indent."""
    paragraph = out.add_paragraph(style=style)
    paragraph.paragraph_format.first_line_indent = Pt(0)
    return paragraph


def _titled(out: Docx, lines: Iterable[str], style: str) -> DocxParagraph:
    paragraph = out.add_paragraph(style=style)
    add_run(paragraph, "\n".join(lines), size=None, face=TITLE_FACE)
    return paragraph


def _top(out: Docx, document: Document, head: Letterhead) -> None:
    corner = document.corner or ("",)
    for line in corner:
        add_run(_plain(out), printable(line), size=None, face=HEAD_FACE)
    if head.authority:
        _red_head(out, head, len(corner))
    _titled(out, lines_of_title(document), "Title")
    if head.addressed_to:
        add_run(_plain(out), f"{printable(head.addressed_to)}：", size=None, face=FANGSONG)


def _red_head(out: Docx, head: Letterhead, lines_above: int) -> None:
    """The office's mark, below so many lines in the corner; the number, and the rule."""
    letters = max(1, len(printable(head.authority)))
    size = max(26.0, min(62.0, WIDTHS[False] / 25.4 * 72 / letters))
    authority = _plain(out)
    authority.alignment = WD_ALIGN_PARAGRAPH.CENTER
    put_property(authority, "snapToGrid", 'w:val="0"')
    before = max(0.0, Mm(24.2).pt - (lines_above - 1) * _LINE)
    set_lines(authority.paragraph_format, 1.3 * size, before=before)
    lines = title_lines(printable(head.authority), size, WIDTHS[False])
    add_run(authority, "\n".join(lines), size=size, face=TITLE_FACE, colour=_OFFICIAL_RED)
    rule_below(_number_line(out, head), str(_OFFICIAL_RED), 12, 3)


def _number_line(out: Docx, head: Letterhead) -> DocxParagraph:
    """发文字号 in the middle; of what goes up at left, and 签发人 at right, two names in a row."""
    paragraph = _plain(out)
    paragraph.paragraph_format.space_before = Mm(16)
    rows = head.signer_rows
    if not rows:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(paragraph, printable(head.number), size=None, face=FANGSONG)
    names = [_NAME_GAP.join(map(printable, row)) for row in rows]
    begin = Mm(WIDTHS[False] - _CELL) - Mm(_CELL * max(map(cells_of, names), default=0))
    for number, row in enumerate(names):
        paragraph = paragraph if number == 0 else _plain(out)
        is_first, is_last = number == 0, number == len(names) - 1
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(begin - Mm(4 * _CELL) if is_first else begin)
        said = f"{_NAME_GAP + printable(head.number) if is_last else ''}\t{'签发人：' if is_first else ''}"
        add_run(paragraph, said, size=None, face=FANGSONG)
        add_run(paragraph, row, size=None, face=_KAITI)
    return paragraph


def _list_annexes(out: Docx, document: Document) -> None:
    """附件说明: one name on each line, the lines after the first under its beginning."""
    names = document.annexes
    if names:
        _plain(out)
    for number, name in enumerate(names, 1):
        paragraph = _plain(out)
        label = f"{number}．" if len(names) > 1 else ""
        begin = 2 * _CELL if number == 1 else 5 * _CELL
        hang = (4.5 if label else 3) * _CELL if number == 1 else 1.5 * _CELL
        paragraph.paragraph_format.left_indent = Mm(begin + hang)
        paragraph.paragraph_format.first_line_indent = -Mm(hang)
        said = f"{'附件：' if number == 1 else ''}{label}{printable(name)}"
        add_run(paragraph, said, size=None, face=FANGSONG)


def _sign(out: Docx, head: Letterhead) -> None:
    """发文机关署名 and the day, centred on each other, two characters from the edge."""
    for _ in range(2):
        _plain(out)
    texts = (printable(head.signed_by), chinese_day(head.signed_on) or NO_DAY)
    broad = min(_BROADEST, max(map(cells_of, texts)))
    for number, text in enumerate(texts):
        paragraph = _plain(out)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = not number
        paragraph.paragraph_format.left_indent = Mm(WIDTHS[False] - (broad + 2) * _CELL)
        paragraph.paragraph_format.right_indent = Mm(2 * _CELL)
        add_run(paragraph, text, size=None, face=FANGSONG)
    if head.remark:
        add_run(out.add_paragraph(), f"（{printable(head.remark)}）", size=None, face=FANGSONG)


def _keep_together(paragraphs: Sequence[DocxParagraph]) -> None:
    """Short last words of the text, what is annexed and who signs: no page holds a signature alone."""
    for paragraph in paragraphs[:-1]:
        paragraph.paragraph_format.keep_with_next = True


# --- text and annexes ------------------------------------------------------------------------------


def _add(
    out: Docx, block: Block, tables: Tables, contents: Contents, *, width: int, in_annex: bool
) -> None:
    match block:
        case Heading():
            heading = out.add_heading(level=block.level)
            face = HEAD_FACE if in_annex else _LEVELS[block.level]
            add_run(heading, printable(block.text), size=12 if in_annex else None, face=face)
            if in_annex:
                heading.paragraph_format.first_line_indent = Pt(0)
                set_lines(heading.paragraph_format, 14, after=8)
            if block.level <= DEEPEST:
                contents.mark(heading)
        case Paragraph():
            add_run(out.add_paragraph(), printable(block.text), size=None, face=FANGSONG)
        case SignatureLine():
            add_signatures(out, block, width)
        case TableBlock():
            add_table(out, block, width, tables)
        case BarChart() | HeatMap():
            add_chart(out, block, width)


def _add_annexes(out: Docx, document: Document, tables: Tables, contents: Contents) -> None:
    number, total = 0, len(document.annexes)
    for part in document.parts[_first_annex(document) :]:
        width = WIDTHS[part.landscape]
        _begin(out, document, WD_SECTION.NEW_PAGE, landscape=part.landscape)
        if part.annex:
            number += 1
            label = _plain(out)
            set_lines(label.paragraph_format, 1.3 * _SIZE)
            label.paragraph_format.keep_with_next = True
            add_run(label, annex_label(number, total), size=None, face=HEAD_FACE)
            contents.mark(_titled(out, lines_of_annex(part), _ANNEX_TITLE))
        for block in part.blocks:
            _add(out, block, tables, contents, width=width, in_annex=True)


def _begin(out: Docx, document: Document, start: WD_SECTION, *, landscape: bool) -> None:
    """A new section, with heads and feet of its own where its pages are turned otherwise."""
    section = begin_section(out, start)
    was_landscape = section.orientation == WD_ORIENT.LANDSCAPE
    set_page(section, landscape=landscape)
    if landscape != was_landscape:
        number = len(out.sections)
        set_heads_and_feet(section, landscape=landscape, is_draft=document.is_draft, number=number)
