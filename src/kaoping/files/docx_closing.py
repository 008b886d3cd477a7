"""版记 of an official docx, at the foot of the text block of its last page (GB/T 9704-2012, 7.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph
from lxml import etree

from kaoping.core.report.document import chinese_day, printable
from kaoping.files.docx_pages import HEIGHT, Box, box_xml
from kaoping.files.docx_text import CELL_STYLE, add_code
from kaoping.files.layout import WIDTHS, cells_of, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document as Docx
    from docx.oxml.text.paragraph import CT_P

    from kaoping.core.report.document import CheckpointMark, Document, Letterhead

FANGSONG: Final = "仿宋_GB2312"
SIZE: Final = 14
PITCH: Final = 20
"""From line to line, in points."""
NO_DAY: Final = "　　　　年　　月　　日"
_CHARACTERS = 29
"""Of its size beside each other."""
_ABOVE, _BELOW = 35, 25
"""Room above and below the lines of a row, in twips."""
_TWIPS_PER_MM = 56.7
_BROAD, _HIGH = round(WIDTHS[False] * _TWIPS_PER_MM), round(HEIGHT * _TWIPS_PER_MM)
_BESIDE = SIZE * 20
"""一字 at each side, in twips."""
_OUTER, _INNER = 8, 6
"""Thickness of its rules, in eighths of a point: 0.35 and 0.25 mm."""
_NO_ROOM = f'<w:p><w:pPr><w:pStyle w:val="{CELL_STYLE}"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
_LOOK = (
    f'<w:rPr><w:rFonts w:ascii="{FANGSONG}" w:hAnsi="{FANGSONG}" w:eastAsia="{FANGSONG}"/>'
    f'<w:sz w:val="{2 * SIZE}"/></w:rPr>'
)


def height_of_closing(head: Letterhead) -> float:
    """Most room that 版记 without a code takes, in points."""
    lines = [lines_of(head.printed_by, _CHARACTERS - cells_of(f"{NO_DAY}印发"))]
    if head.copied_to:
        lines.append(lines_of(f"抄送：{head.copied_to}。", _CHARACTERS - 3))
    return PITCH * sum(lines) + ((_ABOVE + _BELOW) / 20 + 1) * len(lines) + 2


def add_closing(out: Docx, document: Document, head: Letterhead, *, below_text: bool) -> None:
    """版记 at the end of a document.

    A frame of paragraphs would be simpler, but each office suite has its own rules for what stands in
    one; on the foot of a cell and of a box they agree.

    Args:
        out: the docx.
        document: the document, for the checkpoint that stands in it.
        head: what it says.
        below_text: whether text stands above it on its page, where it hangs in a box; else the page holds
            nothing but it, and it stands in a cell as high as the page.
    """
    rows = [_copied_xml(head.copied_to)] if head.copied_to else []
    if document.checkpoint:
        rows.append(_checkpoint_xml(out, document.checkpoint))
    rows.append(_printed_xml(head))
    closing = _closing_xml(rows)
    # Some office suites lose a section that begins with a table; none may end with one.
    blocks = [_NO_ROOM, _page_xml(closing), _NO_ROOM]
    if below_text:
        box = Box("版记", 0, 0, WIDTHS[False], height_of_closing(head) / 72 * 25.4)
        blocks = [_NO_ROOM.replace("</w:p>", f"{box_xml(box, closing, at_foot=True)}</w:p>")]
    body = out.element.body
    for block in blocks:
        body.insert(len(body) - 1, parse_xml(block.replace(">", f" {nsdecls('w')}>", 1)))


def _page_xml(closing: str) -> str:
    """A cell as high as a page, with 版记 at its foot."""
    row = (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{_HIGH - 60}" w:hRule="exact"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{_BROAD}" w:type="dxa"/><w:vAlign w:val="bottom"/></w:tcPr>'
        f"{closing}</w:tc></w:tr>"
    )
    return _table_xml("", (0, 0, 0, 0), row)


def _closing_xml(rows: Iterable[str]) -> str:
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for side, size in (("top", _OUTER), ("bottom", _OUTER), ("insideH", _INNER))
    )
    borders = f"<w:tblBorders>{rules}</w:tblBorders>"
    table = _table_xml(borders, (_ABOVE, _BESIDE, _BELOW, _BESIDE), "".join(map(_row_xml, rows)))
    return f"{table}{_NO_ROOM}"  # neither a cell nor a box ends with a table


def _table_xml(borders: str, margins: tuple[int, int, int, int], rows: str) -> str:
    sides = zip(("top", "left", "bottom", "right"), margins, strict=True)
    inner = "".join(f'<w:{side} w:w="{twips}" w:type="dxa"/>' for side, twips in sides)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_BROAD}" w:type="dxa"/>{borders}<w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar>{inner}</w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="{_BROAD}"/></w:tblGrid>'
        f"{rows}</w:tbl>"
    )


def _row_xml(line: str) -> str:
    return (
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{_BROAD}" w:type="dxa"/></w:tcPr>'
        f"{line}</w:tc></w:tr>"
    )


_EXACT = f'<w:spacing w:line="{PITCH * 20}" w:lineRule="exact"/>'
_SIDES = f'<w:tabs><w:tab w:val="right" w:pos="{_BROAD - 2 * _BESIDE}"/></w:tabs>'
"""What comes after a tab stands at right."""


def _line_xml(properties: str, said: str, right: str | None = None) -> str:
    """A line; what stands at its right end may be added later."""
    after = "" if right is None else f"<w:r>{_LOOK}<w:tab/>{_text_xml(right)}</w:r>"
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{CELL_STYLE}"/>{properties}</w:pPr>'
        f"<w:r>{_LOOK}{_text_xml(said)}</w:r>{after}</w:p>"
    )


def _text_xml(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def _copied_xml(copied_to: str) -> str:
    """抄送 with its further lines under the first name."""
    hang = f'<w:ind w:left="{3 * _BESIDE}" w:hanging="{3 * _BESIDE}"/>'
    return _line_xml(f"{_EXACT}{hang}", f"抄送：{printable(copied_to)}。")


def _printed_xml(head: Letterhead) -> str:
    """印发机关 left and the day right."""
    day = f"{chinese_day(head.printed_on) or NO_DAY}印发"
    return _line_xml(f"{_SIDES}{_EXACT}", printable(head.printed_by), day)


def _checkpoint_xml(out: Docx, mark: CheckpointMark) -> str:
    """The words left in the middle of their code's height, the code right."""
    as_high_as_it_is = (
        '<w:spacing w:line="240" w:lineRule="auto"/><w:textAlignment w:val="center"/>'
    )
    line = _line_xml(_SIDES + as_high_as_it_is, mark.words, "")
    spelt = cast("CT_P", parse_xml(line.replace(">", f" {nsdecls('w')}>", 1)))
    add_code(Paragraph(spelt, out._body).add_run(), mark.code, "存证检查点的二维码")  # noqa: SLF001 - a picture belongs to its document
    return etree.tostring(spelt, encoding="unicode")
