"""Documents as PDF, typeset by Typst with embedded Chinese fonts (PDF/A-2b)."""

from __future__ import annotations

import json
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING

import typst

from kaoping.core.errors import EnvironmentFault
from kaoping.core.report import (
    Block,
    Document,
    Heading,
    Paragraph,
    SignatureLine,
    TableBlock,
    chinese_day,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaoping.files.fonts import Faces

_TEMPLATE = "document.typ"


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
    pdf, warnings = typst.compile_with_warnings(
        template,
        font_paths=faces.fonts,
        sys_inputs=inputs,
        pdf_standards=["a-2b"],
        timestamp=int(document.made_at.timestamp()),
    )
    _refuse_missing_faces(warnings)
    return bytes(pdf)


def _refuse_missing_faces(warnings: Sequence[object]) -> None:
    for warning in warnings:
        text = str(warning)
        if "font" in text or "glyph" in text:
            raise EnvironmentFault(
                f"字体缺少文档中的字：{text}。请安装 fonts-noto-cjk。",
                f"A character has no font: {text}. Install fonts-noto-cjk.",
            )


def _content(document: Document) -> dict[str, object]:
    return {
        "title": document.title,
        "mark": document.mark,
        "subtitle": document.subtitle,
        "made": f"生成日期：{chinese_day(document.made_at.date())}",
        "runs": [
            {"wide": wide, "blocks": [_block(block) for block in blocks]}
            for wide, blocks in oriented_runs(document.blocks)
        ],
    }


def oriented_runs(blocks: Sequence[Block]) -> list[tuple[bool, list[Block]]]:
    """Blocks in runs of one page orientation.

    A heading goes with the table that follows it, a signature line with the table before it, so
    that neither stands alone on a page.
    """
    wide = [isinstance(block, TableBlock) and block.wide for block in blocks]
    for index in range(len(blocks) - 2, -1, -1):
        if isinstance(blocks[index], Heading):
            wide[index] = wide[index + 1]
    for index in range(1, len(blocks)):
        if isinstance(blocks[index], SignatureLine):
            wide[index] = wide[index - 1]
    paired = zip(wide, blocks, strict=True)
    return [(key, [block for _, block in run]) for key, run in groupby(paired, lambda p: p[0])]


def _block(block: Block) -> dict[str, object]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            return {"kind": "paragraph", "text": block.text}
        case SignatureLine():
            return {"kind": "signature", "roles": list(block.roles)}
        case TableBlock():
            return {
                "kind": "table",
                "caption": block.caption,
                "columns": [
                    {"head": c.head, "width": c.width, "figures": c.figures} for c in block.columns
                ],
                "rows": [list(row) for row in block.rows],
            }
