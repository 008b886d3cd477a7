"""目录 of a long official docx: a field that Word, WPS and LibreOffice know as a table of contents.

It takes one page: the chapters and annexes, and the headings below them where there is room for all. Its
entries stand in it already and lead to their headings. Page numbers do not: no page is known before
an office suite has set the document, and a wrong number is worse than none. Whoever wants them has the
field updated once, with the button above it; a docx that asked for that itself would greet everybody who
opens it with a question about fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kaoping.core.report.document import Heading, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

    from kaoping.core.report.document import Document

DEEPEST: Final = 2
"""Level of the headings that may stand in it."""
ROOM, PITCHES = 570, {1: 24, 2: 20}
"""Height of its page below the title, and from entry to entry of each level, in points."""


class Contents:
    """The headings of a document, marked in their order for the entries that lead to them."""

    def __init__(self, document: Document) -> None:
        """Take the headings from the content, before any of them is set."""
        self._entries = tuple(_headings(document))
        self._marked = 0

    def mark(self, heading: Paragraph) -> None:
        """Make the next heading one that its entry can lead to."""
        name = f'w:id="{self._marked}"'
        begin = f'<w:bookmarkStart {nsdecls("w")} {name} w:name="{_bookmark(self._marked)}"/>'
        p = heading._p  # noqa: SLF001 - python-docx offers no bookmark
        p.insert(1 if p.pPr is not None else 0, parse_xml(begin))
        p.append(parse_xml(f"<w:bookmarkEnd {nsdecls('w')} {name}/>"))
        self._marked += 1

    def add(self, out: Docx) -> None:
        """The table of contents at the end of what is set so far."""
        needed = sum(PITCHES[level] for level, _ in self._entries)
        deepest = DEEPEST if needed <= ROOM else 1
        shown = [entry for entry in enumerate(self._entries) if entry[1][0] <= deepest]
        begin = _field_xml("begin", f'TOC \\o "1-{deepest}" \\h \\z \\u')
        entries = "".join(
            _entry_xml(
                number,
                level,
                printable(text),
                begin if number == shown[0][0] else "",
                _field_xml("end") if number == shown[-1][0] else "",
            )
            for number, (level, text) in shown
        )
        xml = (
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:docPartObj>"
            '<w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr>'
            '<w:sdtContent><w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr><w:r><w:t>目录</w:t></w:r>'
            f"</w:p>{entries}</w:sdtContent></w:sdt>"
        )
        body = out.element.body
        body.insert(len(body) - 1, parse_xml(xml))


def _headings(document: Document) -> Iterator[tuple[int, str]]:
    for part in document.parts:
        if part.annex:
            yield 1, part.annex
        for block in part.blocks:
            if isinstance(block, Heading) and block.level <= DEEPEST:
                yield block.level, block.text


def _bookmark(number: int) -> str:
    return f"_Toc{number + 1:08}"


def _field_xml(end: str, code: str = "") -> str:
    """The begin of a field, up to what it shows; or its end."""
    told = (
        f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    return f'<w:r><w:fldChar w:fldCharType="{end}"/></w:r>{told if code else ""}'


def _entry_xml(number: int, level: int, text: str, before: str, after: str) -> str:
    return (
        f'<w:p><w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr>{before}'
        f'<w:hyperlink w:anchor="{_bookmark(number)}" w:history="1">'
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:hyperlink>{after}</w:p>'
    )
