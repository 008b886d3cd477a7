"""Documents as PDF, typeset by Typst with embedded Chinese fonts (PDF/A-2b)."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import typst

from kaoping.core.errors import EnvironmentFault
from kaoping.core.report.document import (
    Block,
    Document,
    Heading,
    Paragraph,
    SignatureLine,
    TableBlock,
    TableRow,
    printable,
)

if TYPE_CHECKING:
    from kaoping.files.fonts import Faces

_TEMPLATE = "document.typ"
_LONG_CELL = 600
"""A row with a longer text than this, in characters, may be split between pages."""


def document_pdf(document: Document, faces: Faces) -> bytes:
    """One document as PDF bytes; equal content and date give equal bytes.

    Raises:
        EnvironmentFault: where a character has no face that can show it.
    """
    template = resources.files("kaoping.files.typst").joinpath(_TEMPLATE).read_bytes()
    inputs = {
        "document": json.dumps(_content(document), ensure_ascii=False),
        "serif": json.dumps([*faces.serif, *faces.sans]),
        "sans": json.dumps([*faces.sans, *faces.serif]),
    }
    try:
        pdf, warnings = typst.compile_with_warnings(
            template,
            font_paths=faces.fonts,
            sys_inputs=inputs,
            pdf_standards=["a-2b"],
            timestamp=int(document.made_at.timestamp()),
        )
    except typst.TypstError as error:
        _refuse_missing_face(str(error))
        raise
    for warning in warnings:
        _refuse_missing_face(str(warning))
    return bytes(pdf)


def _refuse_missing_face(told: str) -> None:
    """Where Typst speaks of a face or glyph, the machine lacks a font; anything else is a bug."""
    if "font" in told or "glyph" in told:
        raise EnvironmentFault(
            f"字体缺少文档中的字：{told}。请安装 fonts-noto-cjk，或改用常用字。",
            f"A character has no font: {told}. Install fonts-noto-cjk, or use another character.",
        )


def _content(document: Document) -> dict[str, object]:
    return {
        "issuer": printable(document.issuer),
        "title": printable(document.title),
        "mark": document.mark,
        "facts": [[label, printable(text)] for label, text in document.facts],
        "cover": document.cover,
        "parts": [
            {"landscape": part.landscape, "blocks": [_block(block) for block in part.blocks]}
            for part in document.parts
        ],
    }


def _block(block: Block) -> dict[str, object]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": printable(block.text)}
        case Paragraph():
            return {"kind": "paragraph", "text": printable(block.text)}
        case SignatureLine():
            return {"kind": "signature", "roles": list(block.roles)}
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
                "rows": [_row(row) for row in block.rows],
                "note": printable(block.note),
            }


def _row(row: TableRow) -> dict[str, object]:
    cells = [printable(cell) for cell in row.cells]
    return {
        "kind": row.kind.value,
        "cells": cells,
        "breakable": max(map(len, cells), default=0) > _LONG_CELL,
    }
