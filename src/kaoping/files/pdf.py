"""Documents as PDF, typeset by Typst with embedded Chinese fonts (PDF/A-2b); large ones in pieces."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from kaoping.core.errors import EnvironmentFault
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
    TableRow,
    chinese_day,
    printable,
)
from kaoping.core.report.hand_signing import document_digest, paper_code, spaced_digest
from kaoping.files.alone import alone
from kaoping.files.charts import chart_svg
from kaoping.files.fonts import faces_in, refuse_missing_face
from kaoping.files.hand_signing import paper_keywords
from kaoping.files.layout import (
    lines_of_annex,
    lines_of_title,
    must_break,
    room_of,
    stays_whole,
    tightness,
)
from kaoping.files.pdf_pieces import MOST_CELLS, joined, pages_of, parted
from kaoping.files.qr import qr_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from kaoping.files.fonts import Faces
    from kaoping.files.pdf_pieces import Piece

_PLAIN, _OFFICIAL = "document.typ", "official.typ"


def document_pdf(document: Document, faces: Faces, most_cells: int = MOST_CELLS) -> bytes:
    """One document as PDF bytes; equal content and date give equal bytes.

    Args:
        document: what is set.
        faces: the fonts it may use.
        most_cells: of tables in one piece. A larger document takes processes of its own, one after the
            other, so that no more than some 320 MB of memory are in use at a time.

    Raises:
        EnvironmentFault: where a character has no face that can show it, or memory ends.
    """
    pieces = parted(document, most_cells)
    if len(pieces) == 1:
        return _piece_pdf(pieces[0], 0, faces)
    pdfs: list[bytes] = []
    pages = 0
    with alone(partial(faces_in, faces.folders)) as ask:
        for piece in pieces:
            pdfs.append(ask(_piece_alone, piece, pages, faces.folders))
            pages += pages_of(pdfs[-1])
    return joined(pdfs, document)


def _piece_alone(piece: Piece, pages_before: int, folders: tuple[str, ...]) -> bytes:
    return _piece_pdf(piece, pages_before, faces_in(folders))


def _piece_pdf(piece: Piece, pages_before: int, faces: Faces) -> bytes:
    document = piece.document
    template = _OFFICIAL if document.letterhead else _PLAIN
    content = _content(piece, pages_before, faces.families["黑体"][0])
    return typeset(
        template,
        content,
        faces,
        document.made_at,
        lambda what: _no_face(what, document),
        keywords=paper_keywords(document),
    )


def typeset(
    template: str,
    content: Mapping[str, object],
    faces: Faces,
    made_at: datetime,
    no_face: Callable[[str], EnvironmentFault],
    *,
    keywords: tuple[str, ...] = (),
) -> bytes:
    """A PDF (PDF/A-2b) from a template of ours; equal content, faces and time give equal bytes.

    Args:
        template: its file name.
        content: what it sets, as JSON.
        faces: the fonts it may use; which they are stands in the PDF's keywords.
        made_at: the time that stands in the PDF.
        no_face: the error to raise where no font has a character, which it is given.
        keywords: what else stands among the PDF's keywords.

    Raises:
        EnvironmentFault: where a character has no face that can show it.
    """
    inputs = {"document": content, "faces": faces.families, "told": [faces.told, *keywords]}
    try:
        pdf, warnings = typst.compile_with_warnings(
            Path(str(resources.files("kaoping.files.typst").joinpath(template))),
            font_paths=faces.fonts,
            sys_inputs={
                name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()
            },
            pdf_standards=["a-2b"],
            pdf_tags=False,  # five times the size and twice the time for tables of a city
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        refuse_missing_face(str(error), no_face)
        raise
    for warning in warnings:
        refuse_missing_face(str(warning), no_face)
    return bytes(pdf)


_SHOWN_PLACES = 3


def _no_face(what: str, document: Document) -> EnvironmentFault:
    # The typesetter may name characters together that stand in more than one text.
    named = what if any(what in text for text in document.texts()) else what[:1]
    texts = dict.fromkeys(text for text in document.texts() if named in text)
    listed = "、".join(f"“{_around(text, named)}”" for text in list(texts)[:_SHOWN_PLACES])
    return EnvironmentFault(
        f"现有字体都没有“{what}”这个字，不能生成 PDF。它出现在“{document.title}”的：{listed}。"
        "请改用常用字，或把含有该字的字体放进环境变量 KAOPING_FONTS 所指的文件夹。",
        f"No font here has “{what}”, so no PDF can be made. It stands in “{document.title}”: "
        f"{listed}. Use another character, or put a font that has it into the folder KAOPING_FONTS.",
    )


def _around(text: str, what: str) -> str:
    """The words around a character, on one line."""
    at = text.index(what)
    return " ".join(text[max(0, at - 20) : at + 20].split())


def _content(piece: Piece, pages_before: int, family: str) -> dict[str, object]:
    document = piece.document
    return {
        "opens": piece.opens,
        "closes": piece.closes,
        "pages_before": pages_before,
        "annexes": [printable(name) for name in piece.annexes],
        "annexes_before": piece.annexes_before,
        "issuer": printable(document.issuer),
        "title": printable(document.title),
        "title_lines": lines_of_title(document),
        "mark": document.mark,
        "corner": document.corner,
        "paper": _paper(document) if document.is_paper else None,
        "checkpoint": _checkpoint_mark(document.checkpoint),
        "facts": [[label, printable(text)] for label, text in document.facts],
        "draft": document.is_draft,
        "letterhead": _letterhead(document.letterhead),
        "parts": [
            {
                "landscape": part.landscape,
                "annex": printable(part.annex),
                "annex_lines": lines_of_annex(part),
                "blocks": _blocks(part.blocks, family),
            }
            for part in document.parts
        ],
    }


def _paper(document: Document) -> dict[str, object]:
    digest = document_digest(document)
    return {"short": spaced_digest(digest), "qr": qr_rows(paper_code(digest))}


def _checkpoint_mark(checkpoint: CheckpointMark | None) -> dict[str, object] | None:
    if checkpoint is None:
        return None
    return {"words": checkpoint.words, "qr": qr_rows(checkpoint.code)}


def _letterhead(head: Letterhead | None) -> dict[str, object] | None:
    if head is None:
        return None
    words = {name: value for name, value in asdict(head).items() if isinstance(value, str)}
    days = {"signed_on": head.signed_on, "printed_on": head.printed_on}
    return {
        **{name: printable(text) for name, text in words.items()},
        **{name: chinese_day(day) for name, day in days.items()},
        "signers": [list(map(printable, row)) for row in head.signer_rows],
    }


def _blocks(blocks: Sequence[Block], family: str) -> list[dict[str, object]]:
    """The blocks of a part; places to sign below a table go with it, so that they never stand alone."""
    found: list[dict[str, object]] = []
    for before, block in zip((None, *blocks), blocks, strict=False):
        if isinstance(block, SignatureLine) and isinstance(before, TableBlock):
            found[-1]["roles"] = list(block.roles)
        else:
            found.append(_block(block, family))
    return found


def _block(block: Block, family: str) -> dict[str, object]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": printable(block.text)}
        case Paragraph():
            return {"kind": "paragraph", "text": printable(block.text)}
        case SignatureLine():
            return {"kind": "signature", "roles": list(block.roles)}
        case BarChart() | HeatMap():
            return {"kind": "chart", "svg": chart_svg(block, family)}
        case TableBlock():
            return {
                "kind": "table",
                "caption": printable(block.caption),
                "columns": [
                    {
                        "head": printable(column.head),
                        "width": column.width,
                        "align": column.align.value,
                        "over": printable(column.over),
                        "titles": column.titles,
                    }
                    for column in block.columns
                ],
                "common": block.has_common_heads,
                "form": block.form,
                "whole": stays_whole(block),
                "rows": [_row(row, block) for row in block.rows],
                "note": printable(block.note),
                "roles": [],
                "tight": tightness(block.columns),
            }


def _row(row: TableRow, table: TableBlock) -> dict[str, object]:
    cells = [printable(cell) for cell in row.cells]
    return {
        "kind": row.kind.value,
        "cells": cells,
        "breakable": must_break(row, table.columns),
        "room": room_of(row, table),
    }
