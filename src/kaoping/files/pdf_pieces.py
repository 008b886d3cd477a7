"""大文件分段排印: a large official document is set piece by piece, and its pieces are joined to one PDF.

Typst keeps all that it has laid out, 1.1 MB for each page of tables, and gives its memory back only when
its process ends. So whoever sets a document takes the pieces of `parted` one after the other, each in a
process of its own, and joins them.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Final, cast

from kaoping.core.report.document import Block, Document, Heading, Part, TableBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pikepdf

MOST_CELLS: Final = 12_800
"""Cells of tables in one piece: up to 140 pages and 300 MB, of which 100 are the fonts."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of parts of a document that is set at once.

    Attributes:
        document: the document with these parts alone.
        annexes: names of the annexes of the whole document, of which it lists all below its text.
        annexes_before: how many of them stand in the pieces before.
        opens: whether head and text stand in it; closes: whether 版记 does.
    """

    document: Document
    annexes: tuple[str, ...]
    annexes_before: int = 0
    opens: bool = True
    closes: bool = True


def parted(document: Document, most_cells: int = MOST_CELLS) -> tuple[Piece, ...]:
    """The pieces of a document in their order; a single one where it is not large.

    A piece ends where a page ends anyhow, between two parts. An annex that is too large by itself is parted
    between its blocks; a single table is never parted.
    """
    if document.letterhead is None or sum(map(_cells, document.parts)) <= most_cells:
        return (Piece(document, document.annexes),)
    runs = tuple(_runs(document.parts, most_cells))
    pieces, before = [], 0
    for index, parts in enumerate(runs):
        run = replace(document, parts=parts)
        is_last = index == len(runs) - 1
        pieces.append(Piece(run, document.annexes, before, opens=not index, closes=is_last))
        before += len(run.annexes)
    return tuple(pieces)


def _cells(part: Part) -> int:
    tables = (block for block in part.blocks if isinstance(block, TableBlock))
    return sum(len(table.columns) * len(table.rows) for table in tables)


def _runs(parts: Iterable[Part], most_cells: int) -> Iterator[tuple[Part, ...]]:
    """Parts that are set together; the text and its first annex always are."""
    run: list[Part] = []
    has_annex, cells = False, 0
    for part in (small for large in parts for small in _small_enough(large, most_cells)):
        if has_annex and cells + _cells(part) > most_cells:
            yield tuple(run)
            run, cells = [], 0
        run.append(part)
        cells += _cells(part)
        has_annex = has_annex or bool(part.annex)
    yield tuple(run)


def _small_enough(part: Part, most_cells: int) -> Iterator[Part]:
    """A part, or several where it is too large; the first one keeps its name."""
    if _cells(part) <= most_cells:
        yield part
        return
    held: tuple[Block, ...] = ()
    name = part.annex
    for group in _groups(part.blocks):
        if held and _cells(replace(part, blocks=(*held, *group))) > most_cells:
            yield replace(part, blocks=held, annex=name)
            held, name = (), ""
        held = (*held, *group)
    yield replace(part, blocks=held, annex=name)


def _groups(blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
    """Blocks that belong together: a heading or a table, and what follows it."""
    group: tuple[Block, ...] = ()
    for block in blocks:
        begins = isinstance(block, Heading) or (
            isinstance(block, TableBlock) and not (group and isinstance(group[-1], Heading))
        )
        if begins and group:
            yield group
            group = ()
        group = (*group, block)
    yield group


# --- joining ---------------------------------------------------------------------------------------


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has."""
    import pikepdf  # noqa: PLC0415 - as in `joined`

    with pikepdf.open(BytesIO(pdf)) as piece:
        return len(piece.pages)


def joined(pdfs: Sequence[bytes], document: Document) -> bytes:
    """The pieces of a document as one PDF/A-2b; equal pieces give equal bytes.

    Args:
        pdfs: each piece as a PDF, in their order.
        document: the whole, whose headings are the bookmarks.
    """
    import pikepdf  # noqa: PLC0415 - a large library, for large documents alone

    whole = pikepdf.open(BytesIO(pdfs[0]))
    marks = list(_bookmarks(whole, 0))
    for pdf in pdfs[1:]:
        with pikepdf.open(BytesIO(pdf)) as piece:
            found = list(_bookmarks(piece, len(whole.pages)))
            whole.pages.extend(piece.pages)
            marks += found
    _set_bookmarks(whole, _levels(document), marks)
    _set_identity(whole, pdfs)
    written = BytesIO()
    whole.save(
        written,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        fix_metadata_version=False,
    )
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Bookmark:
    title: str
    page: int
    place: tuple[object, ...]


def _bookmarks(pdf: pikepdf.Pdf, pages_before: int) -> Iterator[_Bookmark]:
    """All bookmarks in the order of reading, whatever hangs below which."""
    numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages, pages_before)}
    with pdf.open_outline() as outline:
        waiting = list(reversed(outline.root))
        while waiting:
            item = waiting.pop()
            waiting += reversed(item.children)
            # Typst always writes a page and a place on it.
            page, *place = cast("Iterable[pikepdf.Object]", item.destination)
            yield _Bookmark(item.title, numbers[page.objgen], tuple(place))


def _levels(document: Document) -> Iterator[int]:
    """The level of each heading of an official document, in the order of reading."""
    for part in document.parts:
        if part.annex:
            yield 1
        yield from (block.level for block in part.blocks if isinstance(block, Heading))


def _set_bookmarks(pdf: pikepdf.Pdf, levels: Iterable[int], bookmarks: Sequence[_Bookmark]) -> None:
    """Bookmarks below those of a lower level before them, as the headings stand."""
    from pikepdf import Array, OutlineItem  # noqa: PLC0415 - as in `joined`

    with pdf.open_outline() as outline:
        outline.root.clear()
        above: list[tuple[int, list[OutlineItem]]] = [(0, outline.root)]
        for level, mark in zip(levels, bookmarks, strict=True):
            while above[-1][0] >= level:
                above.pop()
            item = OutlineItem(mark.title, Array([pdf.pages[mark.page].obj, *mark.place]))
            item.is_closed = True
            above[-1][1].append(item)
            above.append((level, item.children))


_PAGES = re.compile(rb"(<xmpTPg:NPages>)\d+(</xmpTPg:NPages>)")
_INSTANCE = re.compile(rb"<xmpMM:InstanceID>([^<]+)</xmpMM:InstanceID>")


def _set_identity(pdf: pikepdf.Pdf, pdfs: Iterable[bytes]) -> None:
    """The metadata of the first piece, with the pages of all and an identity of its own."""
    told = pdf.Root.Metadata.read_bytes()
    identity = b64encode(hashlib.sha256(b"".join(pdfs)).digest()[:16])
    instance = _INSTANCE.search(told)
    if instance:
        told = told.replace(instance[1], identity)
    pdf.Root.Metadata.write(_PAGES.sub(rb"\g<1>%d\g<2>" % len(pdf.pages), told))
