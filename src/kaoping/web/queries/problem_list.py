"""问题清单 of a draft as files to pass on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kaoping.core.calendar import SHANGHAI
from kaoping.core.report.document import (
    Align,
    Column,
    Document,
    Part,
    TableBlock,
    body_rows,
    chinese_moment,
)
from kaoping.files.docx import document_docx
from kaoping.files.listing import listing_workbook

if TYPE_CHECKING:
    from kaoping.web.queries.drafts import Checked, ProblemShown

_TITLE = "方案问题清单"
_HEADS = (("序号", 6), ("级别", 6), ("位置", 30), ("行", 6), ("问题", 50), ("建议", 40), ("处理", 34), ("代码", 26))  # fmt: skip
_NARROW = (6, 6, 24, 34, 26, 20)


def problems_xlsx(name: str, found: Checked) -> bytes:
    """All problems of a draft, to filter and to fill in."""
    rows = (
        (
            str(one.number),
            one.problem.severity.value,
            one.place,
            str(one.line or ""),
            one.problem.message,
            one.problem.suggestion,
            _dealt_with(one),
            one.problem.code,
        )
        for one in found.problems
    )
    return listing_workbook(_TITLE, _HEADS, rows, name)


def problems_docx(name: str, found: Checked, at: str) -> bytes:
    """All problems of a draft, to print and to discuss.

    Args:
        name: the draft's name.
        found: the draft, checked.
        at: when the list is made, as acts carry it.
    """
    rows = (
        (
            str(one.number),
            one.problem.severity.value,
            one.place,
            f"{one.problem.message}\n〔{one.problem.code}〕",
            one.problem.suggestion,
            _dealt_with(one),
        )
        for one in found.problems
    )
    heads = ("序号", "级别", "位置", "问题", "建议", "处理")
    aligned = (Align.CENTRE, Align.CENTRE, *[Align.LEFT] * 4)
    columns = tuple(map(Column, heads, _NARROW, aligned))
    note = "" if found.problems else "没有发现问题。"
    table = TableBlock("", columns, body_rows(rows), note)
    made_at = datetime.fromisoformat(at).astimezone(SHANGHAI)
    facts = (
        ("草稿", name),
        ("共", f"{len(found.problems)} 个，其中须改正的 A 级 {len(found.blocking)} 个"),
        ("生成时间", chinese_moment(made_at)),
    )
    issuer = found.loaded.scheme.issuer if found.loaded.scheme else ""
    parts = (Part((table,), landscape=True),)
    document = Document(issuer, _TITLE, "草稿", facts, parts, made_at)
    return document_docx(document)


def _dealt_with(one: ProblemShown) -> str:
    return f"已接受：{one.problem.acceptance}" if one.problem.accepted else ""
