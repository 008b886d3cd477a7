"""科室评分表: what one section scored, in its own indicators alone, with places for its two signatures (P13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.canonical import exactly
from kaoping.core.report.assessed import indicator_label
from kaoping.core.report.document import (
    PAPER_MARK,
    Block,
    Document,
    Paragraph,
    Part,
    SignatureLine,
)
from kaoping.core.report.scoring_report import SIGNED_BY, report_facts
from kaoping.core.report.tables import lost_table, standards_table, task_matrices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.scheme import Indicator


def scoring_sections(assessed: Assessed) -> tuple[str, ...]:
    """The ids of the sections that score an indicator, in the order of the indicators."""
    found = (indicator.responsible_section for indicator in assessed.scheme.indicators)
    return tuple(dict.fromkeys(section for section in found if section))


@exactly
def build_section_sheet(assessed: Assessed, section: str) -> Document:
    """The scores of one section's indicators, each on pages of its own with places to sign.

    Args:
        assessed: the whole assessment.
        section: one of `scoring_sections`.
    """
    scheme, name = assessed.scheme, assessed.office_name(section)
    own = [one for one in scheme.indicators if one.responsible_section == section]
    return Document(
        issuer=scheme.issuer,
        title=f"{name}{scheme.year}年度考评指标评分表",
        mark=PAPER_MARK,
        facts=(
            ("责任科室", name),
            ("负责指标", "、".join(indicator_label(one) for one in own)),
            *report_facts(assessed),
        ),
        parts=tuple(_parts(assessed, own)),
        made_at=assessed.made_at,
    )


def _parts(assessed: Assessed, own: Sequence[Indicator]) -> Iterator[Part]:
    for number, indicator in enumerate(own):
        blocks: list[Block] = []
        if not number:
            blocks.append(
                Paragraph(
                    "每项指标由经办人评分、部门负责人复核，两人分别签字，签字人对得分和理由负责。"
                    "签字前请核对完成标准、得分和失分理由；需要更正的，在系统内更正后重新生成本表。"
                )
            )
        blocks += [standards_table(assessed, indicator), *task_matrices(assessed, indicator)]
        lost = lost_table(assessed, indicator)
        blocks += [] if lost is None else [lost]
        yield Part((*blocks, SignatureLine(SIGNED_BY)), landscape=True)
