"""Text of a docx: faces, runs, fields and styles, for documents of every layout.

Faces are named as the offices that open the file have them; theme faces are dropped, since they would
silently win over names.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from kaoping.files.qr import qr_png

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run
    from lxml.etree import _Element

BODY_FACE: Final = "仿宋"
HEAD_FACE: Final = "黑体"
RED: Final = RGBColor(0xB5, 0x12, 0x1B)
MUTED: Final = RGBColor(0x5D, 0x67, 0x73)
CELL_STYLE: Final = "TableText"
"""Id of the style of paragraphs in and around tables, whatever Normal is."""
CELL_STYLE_NAME: Final = "表格文字"
_THEMES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
_SCRIPTS = ("ascii", "hAnsi", "eastAsia", "cs")


def name_face(properties: _Element, face: str) -> None:
    """Set everything these run properties are about in one face, Latin letters and digits, too."""
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]  # of python-docx's own class
    for theme in _THEMES:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in _SCRIPTS:
        fonts.set(qn(f"w:{script}"), face)


def add_run(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = 12,
    face: str = BODY_FACE,
    bold: bool = False,
    colour: RGBColor | None = None,
) -> None:
    """Text at the end of a paragraph.

    Args:
        paragraph: where it is added.
        text: what is said.
        size: in points; None as the paragraph's style has it.
        face: by the name under which offices have it.
        bold: whether it is.
        colour: black without it.
    """
    run = paragraph.add_run(text)
    if size is not None:
        run.font.size = Pt(size)
    run.font.bold = bold
    name_face(run._r.get_or_add_rPr(), face)  # noqa: SLF001 - python-docx names no Chinese face
    if colour is not None:
        run.font.color.rgb = colour


def add_field(paragraph: Paragraph, code: str, *, size: float, face: str) -> None:
    """What the office suite works out, like PAGE."""
    xml = (
        f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:rPr>'
        f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}"/>'
        f'<w:sz w:val="{round(size * 2)}"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
    )
    paragraph._p.append(parse_xml(xml))  # noqa: SLF001 - python-docx offers no field


def add_code(run: Run, text: str, described: str) -> Length:
    """The QR code of a text as a picture in a run, with words for those who cannot see it; returns its side."""
    content, side = qr_png(text)
    picture = run.add_picture(io.BytesIO(content), width=Mm(side))
    picture._inline.docPr.set("descr", described)  # noqa: SLF001 - python-docx offers none
    return Mm(side)


def set_style(
    style: ParagraphStyle, face: str, size: float, *, bold: bool = False, colour: RGBColor
) -> None:
    """How paragraphs of a style look."""
    name_face(style.element.get_or_add_rPr(), face)
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = colour


def add_cell_style(out: Document) -> None:
    """Lines as close as their size asks, off the grid of the page, without indent."""
    style = out.styles.add_style(CELL_STYLE_NAME, WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), CELL_STYLE)
    style.base_style = None
    set_style(style, BODY_FACE, 8.5, colour=RGBColor(0, 0, 0))
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
    style.paragraph_format.line_spacing = 1.0
    style.element.pPr.insert(0, parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>'))
