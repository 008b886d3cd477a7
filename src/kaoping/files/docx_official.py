"""Official documents as docx (GB/T 9704-2012), laid out as their PDF is, for offices that edit them.

22 lines come from the grid of the page, 28 characters from a spacing of the style Normal: a grid of
characters would be ignored by other office suites. What stands where is described in the PDF's template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor

from kaoping.core.report.document import (
    BarChart,
    Block,
    CheckpointMark,
    Document,
    Heading,
    HeatMap,
    Letterhead,
    Paragraph,
    SignatureLine,
    TableBlock,
    chinese_day,
    printable,
)
from kaoping.files.docx_tables import add_chart, add_table
from kaoping.files.docx_text import HEAD_FACE, add_code, add_field, add_run, set_style
from kaoping.files.layout import cells_of

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.section import Section
    from docx.shared import Length
    from docx.text.paragraph import Paragraph as DocxParagraph
    from docx.text.parfmt import ParagraphFormat

    from kaoping.files.docx_tables import Tables

FANGSONG: Final = "仿宋_GB2312"
_KAITI, _SONGTI, _TITLE_FACE = "楷体_GB2312", "宋体", "方正小标宋简体"
_BLACK, _OFFICIAL_RED = RGBColor(0, 0, 0), RGBColor(0xE6, 0, 0x12)
_SIZE, _FOOT_SIZE, _TITLE_SIZE, _ANNEX_SIZE = 16, 14, 22, 18
_PITCH = 579
"""From line to line, in twips: 225 mm / 22."""
_SQUEEZE = -5
"""Added between characters, in twips, so that 28 of 16 pt stand on 156 mm."""
_CELL = 5.571
"""Width of a character with what is between two, in millimetres."""
_MARGINS: Final = {
    False: (37, 35, 28, 26),
    True: (28, 26, 35, 37),
}
"""Top, bottom, left, right in millimetres: upright, and landscape, which is the upright page turned."""
_ANNEX_WIDTH: Final = {False: 156, True: 225}
_NO_DAY = "　　　　年　　月　　日"
_BROADEST = 24
"""Characters of a name over the day; a longer one takes several lines."""
_NUMBER_BELOW = 7
"""From the text block down to the number of the page, in millimetres."""
_NAME_GAP = "\u3000"
_BLOCK_WIDTH = 8844
"""Width of the text block, in twips."""
_AFTER_RULES = ("w:pBdr", "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
"""What comes after rules among the properties of a paragraph, in the order of the schema."""


def set_official(out: Docx, document: Document, head: Letterhead, tables: Tables) -> None:
    """Set a document with a letterhead into an empty docx."""
    _styles(out)
    out.settings.odd_and_even_pages_header_footer = True
    section = out.sections[0]
    _set_page(section, landscape=False)
    _number_pages(section)
    if document.is_draft:
        _watermark(section)
    _top(out, document, head)
    for part in document.parts[: _first_annex(document)]:
        for block in part.blocks:
            _add(out, block, tables, width=_ANNEX_WIDTH[False], in_annex=False)
    _list_annexes(out, document)
    _sign(out, head)
    _add_annexes(out, document, tables)
    if not head.printed_by:
        return
    if document.annexes:
        _set_page(out.add_section(WD_SECTION.EVEN_PAGE), landscape=False)
    _foot(out, head, document.checkpoint)


def _first_annex(document: Document) -> int:
    found = (number for number, part in enumerate(document.parts) if part.annex)
    return next(found, len(document.parts))


def _styles(out: Docx) -> None:
    normal = out.styles["Normal"]
    set_style(normal, FANGSONG, _SIZE, colour=_BLACK)
    normal.element.rPr.insert_element_before(
        parse_xml(f'<w:spacing {nsdecls("w")} w:val="{_SQUEEZE}"/>'),
        *("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang"),
    )
    _keep_to_lines(normal.paragraph_format)
    for edge in ("E", "N"):  # no room of its own between Chinese and Latin letters or digits
        normal.element.get_or_add_pPr().insert_element_before(
            parse_xml(f'<w:autoSpaceD{edge} {nsdecls("w")} w:val="0"/>'),
            *("w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"),
        )
    normal.paragraph_format.first_line_indent = Mm(2 * _CELL)
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for level, face in ((1, HEAD_FACE), (2, _KAITI), (3, FANGSONG)):
        style = out.styles[f"Heading {level}"]
        set_style(style, face, _SIZE, colour=_BLACK)
        _keep_to_lines(style.paragraph_format)
        style.paragraph_format.keep_with_next = True


def _keep_to_lines(paragraphs: ParagraphFormat) -> None:
    paragraphs.space_before = paragraphs.space_after = Pt(0)
    paragraphs.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraphs.line_spacing = Pt(_PITCH / 20)


def _set_page(section: Section, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    short, long = Mm(210), Mm(297)
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    top, bottom, left, right = map(Mm, _MARGINS[landscape])
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right
    section.header_distance = Mm(15)
    section.footer_distance = Mm(_MARGINS[landscape][1] - _NUMBER_BELOW) - Pt(_FOOT_SIZE)
    for grid in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001 - python-docx offers no grid
        section._sectPr.remove(grid)  # noqa: SLF001
    kind = "" if landscape else f'w:type="lines" w:linePitch="{_PITCH}"'
    section._sectPr.append(parse_xml(f"<w:docGrid {nsdecls('w')} {kind}/>"))  # noqa: SLF001


def _number_pages(section: Section) -> None:
    """— 1 — on the outer side; sections that follow have the same."""
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.space_before = Mm(_NUMBER_BELOW)
        paragraph.paragraph_format.line_spacing = Pt(_FOOT_SIZE)
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph.paragraph_format.left_indent = Pt(_FOOT_SIZE)
        paragraph.paragraph_format.right_indent = Pt(_FOOT_SIZE)
        add_run(paragraph, "— ", size=_FOOT_SIZE, face=_SONGTI)
        add_field(paragraph, "PAGE", size=_FOOT_SIZE, face=_SONGTI)
        add_run(paragraph, " —", size=_FOOT_SIZE, face=_SONGTI)


def _watermark(section: Section) -> None:
    """草稿 across every page, as office suites put it there: a shape in the heads of the pages."""
    shape = (
        '<w:r {}><w:pict xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"/>'
        '<v:shape id="draft{}" type="#_x0000_t136" alt="草稿" style="position:absolute;'
        "margin-left:0;margin-top:0;width:300pt;height:130pt;rotation:325;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" '
        'fillcolor="#f1f1f1" stroked="f"><v:textpath style="font-family:&quot;黑体&quot;" '
        'string="草稿"/></v:shape></w:pict></w:r>'
    )
    for number, header in enumerate((section.header, section.even_page_header)):
        header.is_linked_to_previous = False
        header.paragraphs[0]._p.append(parse_xml(shape.format(nsdecls("w"), number)))  # noqa: SLF001


# --- above and below the text ----------------------------------------------------------------------


def _plain(out: Docx, style: str = "Normal") -> DocxParagraph:
    """An empty paragraph without indent."""
    paragraph = out.add_paragraph(style=style)
    paragraph.paragraph_format.first_line_indent = Pt(0)
    return paragraph


def _centred(
    out: Docx, text: str, size: float, face: str, colour: RGBColor = _BLACK
) -> DocxParagraph:
    paragraph = _plain(out)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    paragraph.paragraph_format.line_spacing = Pt(size * 1.45)
    paragraph.paragraph_format.left_indent = _balancing(text, size)
    paragraph.paragraph_format.right_indent = _balancing(text, size)
    add_run(paragraph, printable(text), size=size, face=face, colour=colour)
    return paragraph


def _balancing(text: str, size: float) -> Length:
    """The indent on both sides that breaks a text into lines of nearly the same length, as in the PDF."""
    block, whole = Mm(156), Pt(size * cells_of(text))
    lines = max(1, -(-whole // block))
    return Emu(max(0, block - whole // lines - Pt(2.5 * size)) // 2 if lines > 1 else 0)


def _top(out: Docx, document: Document, head: Letterhead) -> None:
    corner = document.corner or ("",)
    for line in corner:
        add_run(_plain(out), printable(line), size=None, face=HEAD_FACE)
    if head.authority:
        _red_head(out, head, len(corner))
    else:
        _plain(out)
    _centred(out, document.title, _TITLE_SIZE, _TITLE_FACE)
    _plain(out)
    if head.addressed_to:
        add_run(_plain(out), f"{printable(head.addressed_to)}：", size=None, face=FANGSONG)


def _red_head(out: Docx, head: Letterhead, lines_above: int) -> None:
    letters = max(1, len(printable(head.authority)))
    size = max(26.0, min(62.0, 156 / 25.4 * 72 / letters))
    authority = _centred(out, head.authority, size, _TITLE_FACE, _OFFICIAL_RED)
    authority.paragraph_format.space_before = max(Mm(35) - lines_above * Pt(_PITCH / 20), Pt(0))
    _plain(out)
    _plain(out)
    number = _number_line(out, head)
    _rule(number, ("bottom", "E60012", 12, 11))
    _plain(out)
    _plain(out)


def _number_line(out: Docx, head: Letterhead) -> DocxParagraph:
    """发文字号 in the middle; of what goes up at left, and 签发人 at right, two names in a row."""
    paragraph = _plain(out)
    rows = head.signer_rows
    if not rows:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(paragraph, printable(head.number), size=None, face=FANGSONG)
    names = [_NAME_GAP.join(map(printable, row)) for row in rows]
    begin = Mm(156 - _CELL) - Mm(_CELL * max(map(cells_of, names), default=0))
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


def _rule(paragraph: DocxParagraph, *edges: tuple[str, str, int, int]) -> None:
    """Rules along a paragraph: side, colour, thickness in eighths of a point, distance in points."""
    drawn = "".join(
        f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'
        for side, colour, eighths, space in edges
    )
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - python-docx offers no rule
        parse_xml(f"<w:pBdr {nsdecls('w')}>{drawn}</w:pBdr>"), *_AFTER_RULES[1:]
    )


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
    texts = (printable(head.signed_by), chinese_day(head.signed_on) or _NO_DAY)
    broad = min(_BROADEST, max(map(cells_of, texts)))
    for number, text in enumerate(texts):
        paragraph = _plain(out)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = not number
        paragraph.paragraph_format.left_indent = Mm(156 - (broad + 2) * _CELL)
        paragraph.paragraph_format.right_indent = Mm(2 * _CELL)
        add_run(paragraph, text, size=None, face=FANGSONG)
    if head.remark:
        add_run(out.add_paragraph(), f"（{printable(head.remark)}）", size=None, face=FANGSONG)


def _foot(out: Docx, head: Letterhead, checkpoint: CheckpointMark | None) -> None:
    """版记 at the foot of the text block, whatever stands above: lines in one frame."""
    day = chinese_day(head.printed_on) or _NO_DAY
    if head.copied_to:
        copied = _foot_line(out, f"抄送：{printable(head.copied_to)}。")
        copied.paragraph_format.left_indent = Pt(4 * _FOOT_SIZE)
        copied.paragraph_format.first_line_indent = Pt(-3 * _FOOT_SIZE)
        _rule_between(out)
    if checkpoint:
        _checkpoint_line(out, checkpoint)
        _rule_between(out)
    _foot_line(out, f"{printable(head.printed_by)}\t{day}印发")
    anchor = _plain(out)  # some office suites drop a frame after which nothing comes
    anchor.paragraph_format.line_spacing = Pt(1)
    add_run(anchor, "", size=1, face=FANGSONG)


def _checkpoint_line(out: Docx, checkpoint: CheckpointMark) -> None:
    """The words at left in the middle of their code's height, the code at right."""
    line = _foot_line(out, f"{checkpoint.words}\t")
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    add_code(line.add_run(), checkpoint.code, "存证检查点的二维码")
    line._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - python-docx offers no such alignment
        parse_xml(f'<w:textAlignment {nsdecls("w")} w:val="center"/>'), "w:outlineLvl", "w:rPr"
    )


def _foot_line(out: Docx, text: str) -> DocxParagraph:
    """A line in the frame; only lines with equal frames and rules stand in one."""
    paragraph = _plain(out)
    paragraph.paragraph_format.left_indent = Pt(_FOOT_SIZE)
    paragraph.paragraph_format.right_indent = Pt(_FOOT_SIZE)
    stop = Mm(156) - Pt(_FOOT_SIZE)
    paragraph.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT)
    add_run(paragraph, text, size=_FOOT_SIZE, face=FANGSONG)
    frame = (
        f'<w:framePr {nsdecls("w")} w:w="{_BLOCK_WIDTH}" w:hSpace="0" w:wrap="around" '
        'w:vAnchor="margin" w:hAnchor="margin" w:xAlign="left" w:yAlign="bottom"/>'
    )
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - python-docx offers no frame
        parse_xml(frame), "w:widowControl", "w:numPr", "w:suppressLineNumbers", *_AFTER_RULES
    )
    _rule(paragraph, ("top", "000000", 8, 1), ("bottom", "000000", 8, 1))
    return paragraph


def _rule_between(out: Docx) -> None:
    """An underlined tab: a border between would take the lines out of their frame in some office suites."""
    line = _foot_line(out, "")
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(0)
    line.paragraph_format.tab_stops.clear_all()
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156))
    line.paragraph_format.line_spacing = Pt(4)
    run = line.add_run("\t")
    run.font.size = Pt(2)
    run.font.underline = True


# --- text and annexes ------------------------------------------------------------------------------


def _add(out: Docx, block: Block, tables: Tables, *, width: int, in_annex: bool) -> None:
    match block:
        case Heading() if in_annex:
            heading = out.add_heading(level=block.level)
            heading.paragraph_format.first_line_indent = Pt(0)
            add_run(heading, printable(block.text), face=HEAD_FACE)
        case Heading():
            out.add_heading(printable(block.text), level=block.level)
        case Paragraph():
            add_run(out.add_paragraph(), printable(block.text), size=None, face=FANGSONG)
        case SignatureLine():
            places = "　　　".join(f"{role}：＿＿＿＿＿＿" for role in block.roles)
            add_run(_plain(out), places, size=10.5, face=FANGSONG)
        case TableBlock():
            add_table(out, block, width, tables)
        case BarChart() | HeatMap():
            add_chart(out, block, width)


def _add_annexes(out: Docx, document: Document, tables: Tables) -> None:
    number, several = 0, len(document.annexes) > 1
    for part in document.parts[_first_annex(document) :]:
        _set_page(out.add_section(WD_SECTION.NEW_PAGE), landscape=part.landscape)
        if part.annex:
            number += 1
            label = f"附件{number if several else ''}"
            add_run(_plain(out), label, size=None, face=HEAD_FACE)
            name = _centred(out, part.annex, _ANNEX_SIZE, _TITLE_FACE)
            name.paragraph_format.space_before = Pt(_PITCH / 20)
            name._p.get_or_add_pPr().append(  # noqa: SLF001 - python-docx offers no outline
                parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="0"/>')
            )
        for block in part.blocks:
            _add(out, block, tables, width=_ANNEX_WIDTH[part.landscape], in_annex=True)
