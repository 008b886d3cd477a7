"""会签单: on which the sections concerned agree to the scoring report or object with a reason (P17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.canonical import exactly
from kaoping.core.report.document import (
    PAPER_MARK,
    Align,
    Column,
    Document,
    Genre,
    Paragraph,
    Part,
    SignatureLine,
    TableBlock,
    body_rows,
)
from kaoping.core.report.scoring_report import report_facts, report_title

if TYPE_CHECKING:
    from kaoping.core.report.assessed import Assessed

DECIDED_BY = ("汇总科室负责人", "分管领导", "主要领导")
"""Who signs below the sections, in this order."""
_COLUMNS = (
    Column("序号", 1, Align.CENTRE),
    Column("会签科室", 4),
    Column("负责或配合的指标", 8),
    Column("意见\n（同意／有异议）", 4),
    Column("异议及理由", 7),
    Column("处理情况", 6),
    Column("签字和日期", 4),
)


_TO_WRITE = "\n\n"
"""Room to write by hand: three lines."""


def sections_concerned(assessed: Assessed) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each section that scores or helps to score, with the names of its indicators."""
    found: dict[str, list[str]] = {}
    for indicator in assessed.scheme.indicators:
        for section in (indicator.responsible_section, *indicator.cooperating_sections):
            if section and indicator.name not in found.setdefault(section, []):
                found[section].append(indicator.name)
    return tuple((section, tuple(names)) for section, names in found.items())


@exactly
def build_countersign_sheet(assessed: Assessed, genre: Genre = Genre.REPORT) -> Document:
    """The sheet for a report, its opinions left blank."""
    scheme = assessed.scheme
    title = f"《{report_title(scheme, genre)}》"
    rows = (
        (str(number), assessed.office_name(section), "、".join(names), "", "", "", _TO_WRITE)
        for number, (section, names) in enumerate(sections_concerned(assessed), 1)
    )
    opening = (
        f"现将{title}送请会签。请核对本科室负责或配合的指标：同意的写“同意”；"
        "有异议的写明指标、单位、理由和建议，由汇总科室逐条写明处理情况。会签期间评分有变动的，重新会签。"
    )
    return Document(
        issuer=scheme.issuer,
        title=f"{title}会签单",
        mark=PAPER_MARK,
        facts=report_facts(assessed),
        parts=(
            Part(
                (
                    Paragraph(opening),
                    TableBlock("会签意见", _COLUMNS, body_rows(rows)),
                    SignatureLine(DECIDED_BY),
                ),
                landscape=True,
            ),
        ),
        made_at=assessed.made_at,
    )
