"""Text of a docx: faces, runs, fields and styles, for documents of every layout.

Faces are named as the offices that open the file have them; theme faces are dropped, since they would
silently win over names.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kaoping.files.qr import qr_png

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length
    from docx.styles.style import ParagraphStyle
    from docx.text.parfmt import ParagraphFormat
    from docx.text.run import Run
    from lxml.etree import _Element

BODY_FACE: Final = "仿宋"
HEAD_FACE: Final = "黑体"
TITLE_FACE: Final = "方正小标宋简体"
RED: Final = RGBColor(0xB5, 0x12, 0x1B)
MUTED: Final = RGBColor(0x5D, 0x67, 0x73)
BLACK: Final = RGBColor(0, 0, 0)
CELL_STYLE: Final = "TableText"
"""Id of the style of paragraphs in and around tables, whatever Normal is."""
CELL_STYLE_NAME: Final = "表格文字"
NOTE_STYLE: Final = "TableNote"
"""Id of the style of the note below a table."""
CELL_SIZE: Final = 8.5
CELL_PITCH: Final = 11.7
"""Of text in tables: its size, and from line to line, in points."""
STAND_INS: Final = {
    "仿宋": ("modern", "FangSong,仿宋_GB2312"),
    "仿宋_GB2312": ("modern", "仿宋,FangSong"),
    "楷体_GB2312": ("modern", "楷体,KaiTi"),
    "黑体": ("modern", "SimHei"),
    "宋体": ("auto", "SimSun"),
    "方正小标宋简体": ("auto", "FZXiaoBiaoSong-B05S,华文中宋,STZhongsong"),
}
"""Faces a docx names, with their kind and what an office suite may take for one that it lacks."""
_THEMES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
_PARAGRAPH_ORDER: Final = (
    *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr"),
    *("suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap"),
    *("overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd"),
    *(
        "snapToGrid",
        "spacing",
        "ind",
        "contextualSpacing",
        "mirrorIndents",
        "suppressOverlap",
        "jc",
    ),
    *("textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle"),
    *("rPr", "sectPr", "pPrChange"),
)
"""Properties of a paragraph in the order of the schema (ECMA-376, 17.3.1.26)."""
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


def add_field(
    paragraph: Paragraph, code: str, *, size: float, face: str, colour: RGBColor = BLACK
) -> None:
    """What the office suite works out, like PAGE."""
    xml = (
        f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:rPr>'
        f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}"/>'
        f'<w:color w:val="{colour}"/><w:sz w:val="{round(size * 2)}"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
    )
    paragraph._p.append(parse_xml(xml))  # noqa: SLF001 - python-docx offers no field


def add_code(run: Run, text: str, described: str) -> Length:
    """The QR code of a text as a picture in a run, with words for those who cannot see it; returns its side."""
    content, side = qr_png(text)
    picture = run.add_picture(io.BytesIO(content), width=Mm(side))
    picture._inline.docPr.set("descr", described)  # noqa: SLF001 - python-docx offers none
    for edge in "TBLR":  # where it is not said, some office suites keep others at a distance
        picture._inline.set(f"dist{edge}", "0")  # noqa: SLF001
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


def put_property(
    owner: Paragraph | ParagraphStyle, name: str, attributes: str = "", content: str = ""
) -> None:
    """A property that python-docx does not offer, in its place among those of a paragraph or style."""
    element = owner._p if isinstance(owner, Paragraph) else owner.element  # noqa: SLF001
    after = _PARAGRAPH_ORDER[_PARAGRAPH_ORDER.index(name) + 1 :]
    xml = f"<w:{name} {nsdecls('w')} {attributes}>{content}</w:{name}>"
    element.get_or_add_pPr().insert_element_before(parse_xml(xml), *(f"w:{one}" for one in after))


def rule_below(paragraph: Paragraph, colour: str, eighths: int, space: int) -> None:
    """A rule below a paragraph: its thickness in eighths of a point, its distance in points."""
    rule = f'<w:bottom w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'
    put_property(paragraph, "pBdr", content=rule)


def set_lines(
    paragraphs: ParagraphFormat, pitch: float, before: float = 0, after: float = 0
) -> None:
    """Lines of one height whatever the face, and the room above and below a paragraph; all in points.

    With lines as high as a face asks, pages would break elsewhere on a machine with other faces.
    """
    paragraphs.space_before, paragraphs.space_after = Pt(before), Pt(after)
    paragraphs.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraphs.line_spacing = Pt(pitch)


def set_off_text(style: ParagraphStyle) -> None:
    """Take indents, stops, rules and the grid of the page from a style of what is no running text."""
    properties = style.element.get_or_add_pPr()
    for name in ("pBdr", "tabs", "contextualSpacing", "snapToGrid"):
        for found in properties.findall(qn(f"w:{name}")):
            properties.remove(found)
    style.paragraph_format.first_line_indent = Pt(0)
    put_property(style, "snapToGrid", 'w:val="0"')


def add_style(out: Document, name: str, identity: str, based_on: str = "") -> ParagraphStyle:
    """A new style of paragraphs, of nothing or of another one.

    Args:
        out: whose style it is.
        name: how it is called in lists of styles.
        identity: its id.
        based_on: the name of a style that it refines.
    """
    style: ParagraphStyle = out.styles.add_style(
        name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc ")
    )
    style.element.set(qn("w:styleId"), identity)
    style.base_style = out.styles[based_on] if based_on else None
    return style


def set_table_styles(out: Document) -> None:
    """Caption, text and note of tables: off the grid of the page, without indent."""
    cell = add_style(out, CELL_STYLE_NAME, CELL_STYLE)
    set_style(cell, BODY_FACE, CELL_SIZE, colour=BLACK)
    set_lines(cell.paragraph_format, CELL_PITCH)
    note = add_style(out, "表格附注", NOTE_STYLE)
    set_style(note, BODY_FACE, CELL_SIZE, colour=MUTED)
    set_lines(note.paragraph_format, CELL_PITCH, before=4)
    caption = out.styles["Caption"]
    caption.base_style = None
    set_style(caption, HEAD_FACE, 10, colour=BLACK)
    set_lines(caption.paragraph_format, 12, after=1)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for style in (cell, note, caption):
        set_off_text(style)


def set_head_and_foot_styles(out: Document, face: str, size: float) -> None:
    """Heads and feet of pages, without the stops that their styles have in Word."""
    for name in ("Header", "Footer"):
        style = out.styles[name]
        set_style(style, face, size, colour=BLACK)
        set_lines(style.paragraph_format, size * 1.3)
        set_off_text(style)


def font_table(_: bytes) -> bytes:
    """The part of a docx that says what may stand for a face, in place of the one there was."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{kind}"/><w:pitch w:val="default"/></w:font>'
        for name, (kind, others) in STAND_INS.items()
    )
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{declared}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()
