"""Pages of an official docx: their size, their numbers on the outer side, 草稿 across a draft.

An annex of tables stands on a turned sheet, and its number at the foot of the upright one: no foot of
a page reaches there, so it stands in a box of turned text that hangs on the head of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from kaoping.files.docx_text import add_field, add_run, set_lines

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.enum.section import WD_SECTION
    from docx.section import Section, _Footer, _Header

PITCH: Final = 579
"""From line to line of the text, in twips: 225 mm / 22."""
HEIGHT: Final = 225
"""Of the upright text block, in millimetres."""
NUMBER_SIZE: Final = 14
NUMBER_FACE: Final = "宋体"
_SHORT, _LONG = 210, 297
_MARGINS: Final = {
    False: (37, 35, 28, 26),
    True: (28, 26, 35, 37),
}
"""Top, bottom, left, right in millimetres."""
_NUMBER_LINE = 1.3 * NUMBER_SIZE / 72 * 25.4
"""Height of the line of a number, in millimetres."""
_HEAD, _FOOT = 37 - _NUMBER_LINE, 21.4
"""From the edges of the sheet to head and foot, in millimetres. The head ends where the text begins and the
foot begins where it ends, since on pages that must be even LibreOffice forgets what room there is between;
the number stands 7 mm below the text."""
_ABOVE_NUMBER = 35 - _FOOT - _NUMBER_LINE - 0.1
_BOX = (21.2, 6.4, 40)
"""The box of a turned number: its distance from the edge, its breadth and length, in millimetres."""
_POINT = 72 / 25.4
"""How many of them go into a millimetre."""
_IN = NUMBER_SIZE / _POINT
"""一字: how far a number stands in from the edge of the text block, in millimetres."""
_SHAPES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    f"{nsdecls('w')}"
)


def begin_section(out: Docx, start: WD_SECTION) -> Section:
    """A new section; the one before ends in its last paragraph, since one more may not fit on its page."""
    section: Section = out.add_section(start)
    break_ = out.element.body[-2]
    before = break_.getprevious()
    if before is not None and before.tag == qn("w:p"):
        before.get_or_add_pPr().append(break_.pPr.sectPr)
        out.element.body.remove(break_)
        if not before.text:
            set_lines(Paragraph(before, out).paragraph_format, 1)
    else:
        set_lines(Paragraph(break_, out).paragraph_format, 1)
    return section


def set_page(section: Section, *, landscape: bool) -> None:
    """Size, margins and grid of the pages of a section."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    short, long = Mm(_SHORT), Mm(_LONG)
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    top, bottom, left, right = map(Mm, _MARGINS[landscape])
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right
    section.header_distance = Mm(15 if landscape else _HEAD)
    section.footer_distance = Mm(10 if landscape else _FOOT)
    for grid in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001 - python-docx offers no grid
        section._sectPr.remove(grid)  # noqa: SLF001
    kind = "" if landscape else f'w:type="lines" w:linePitch="{PITCH}"'
    section._sectPr.append(parse_xml(f"<w:docGrid {nsdecls('w')} {kind}/>"))  # noqa: SLF001


def set_heads_and_feet(section: Section, *, landscape: bool, is_draft: bool, number: int) -> None:
    """What every page of a section has above and below its text; sections that follow have the same.

    Args:
        section: whose pages they are.
        landscape: whether the pages are.
        is_draft: whether 草稿 stands across them.
        number: differs from that of every other section which is given heads and feet.
    """
    sides = (
        (section.header, section.footer, True),
        (section.even_page_header, section.even_page_footer, False),
    )
    for header, footer, is_odd in sides:
        header.is_linked_to_previous = footer.is_linked_to_previous = False
        shape = 2 * number + is_odd
        if is_draft:
            add_watermark(header, shape)
        if landscape:
            _add_shape(header, _turned_number_xml(shape, is_odd=is_odd))
        else:
            _number(footer, is_odd=is_odd)


def add_watermark(header: _Header, shape: int) -> None:
    """草稿 across the pages that have this head; its number differs from that of every other shape."""
    _add_shape(header, _watermark_xml(shape))


def _number(footer: _Footer, *, is_odd: bool) -> None:
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_odd else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before = Mm(_ABOVE_NUMBER)
    paragraph.paragraph_format.left_indent = Pt(NUMBER_SIZE)
    paragraph.paragraph_format.right_indent = Pt(NUMBER_SIZE)
    add_run(paragraph, "— ", size=NUMBER_SIZE, face=NUMBER_FACE)
    add_field(paragraph, "PAGE", size=NUMBER_SIZE, face=NUMBER_FACE)
    add_run(paragraph, " —", size=NUMBER_SIZE, face=NUMBER_FACE)


def _add_shape(header: _Header, xml: str) -> None:
    header.paragraphs[0]._p.append(parse_xml(xml))  # noqa: SLF001 - python-docx offers no shapes


def _watermark_xml(shape: int) -> str:
    """草稿 across a page, as office suites put it there."""
    return (
        f'<w:r {_SHAPES}><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" '
        'adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"/>'
        f'<v:shape id="draft{shape}" type="#_x0000_t136" alt="草稿" style="position:absolute;'
        "margin-left:0;margin-top:0;width:300pt;height:130pt;rotation:325;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" '
        'fillcolor="#e2e2e2" stroked="f"><v:textpath style="font-family:&quot;黑体&quot;" '
        'string="草稿"/></v:shape></w:pict></w:r>'
    )


def _turned_number_xml(shape: int, *, is_odd: bool) -> str:
    """— 1 — at the foot of the upright sheet: on the left of the turned one, odd ones low, even ones high."""
    away, breadth, length = _BOX
    top, bottom, _, _ = _MARGINS[True]
    down = _SHORT - bottom - _IN - length if is_odd else top + _IN
    box = Box("页码", away, down, breadth, length, shape)
    return box_xml(box, _number_xml(is_odd=is_odd), is_turned=True)


def _number_xml(*, is_odd: bool) -> str:
    look = (
        f'<w:rPr><w:rFonts w:ascii="{NUMBER_FACE}" w:hAnsi="{NUMBER_FACE}" w:eastAsia="{NUMBER_FACE}"/>'
        f'<w:sz w:val="{2 * NUMBER_SIZE}"/></w:rPr>'
    )
    side = "right" if is_odd else "left"
    return (
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="{side}"/></w:pPr>'
        f'<w:r>{look}<w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r>{look}'
        f'<w:t>1</w:t></w:r></w:fldSimple><w:r>{look}<w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    )


# --- boxes that hang on a paragraph and stand at a place of the page ---------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """Where a box stands: from the left and the top edge of the sheet, its width and height; in millimetres.

    Attributes:
        name: what it holds.
        number: differs from that of every other box.
    """

    name: str
    left: float
    top: float
    width: float
    height: float
    number: int = 0


def box_xml(box: Box, content: str, *, is_turned: bool = False, at_foot: bool = False) -> str:
    """A run with a box, without rule or fill.

    It is written as Word did before 2010, which every office suite reads: of the later form LibreOffice
    mistakes the place on the first page of a section.

    Args:
        box: where it stands.
        content: what stands in it, as XML.
        is_turned: whether its lines run from above.
        at_foot: it and what is in it stand at the foot of the text block instead, from its left edge on.
    """
    left, above, wide, high = (
        round(mm * _POINT, 1) for mm in (box.left, box.top, box.width, box.height)
    )
    place = f"margin-left:{left}pt;margin-top:{above}pt;mso-wrap-distance-left:0;mso-wrap-distance-right:0;"
    from_ = "margin" if at_foot else "page"
    if at_foot:
        place += "mso-position-horizontal:left;mso-position-vertical:bottom;v-text-anchor:bottom;"
    flow = ' style="layout-flow:vertical"' if is_turned else ""
    return (
        f'<w:r {_SHAPES}><w:pict><v:rect id="box{box.number}" alt="{box.name}" style="position:absolute;'
        f"{place}width:{wide}pt;height:{high}pt;z-index:251659264;mso-position-horizontal-relative:{from_};"
        f'mso-position-vertical-relative:{from_}" filled="f" stroked="f">'
        f'<v:textbox{flow} inset="0,0,0,0"><w:txbxContent>{content}</w:txbxContent></v:textbox>'
        "</v:rect></w:pict></w:r>"
    )
