"""单位评分单: what one unit is told: its standards, its results, and how every point came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.report.document import (
    DRAFT_MARK,
    Block,
    Document,
    Paragraph,
    Part,
    SignatureLine,
    chinese_day,
    figure,
    points_text,
    printed,
)
from kaoping.core.report.scoring_report import SIGNED_BY, basis_of, report_facts
from kaoping.core.report.tables import findings_table, unit_table
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.scheme import Scheme, Unit


def build_unit_sheet(assessed: Assessed, unit: Unit) -> Document:
    """One unit's sheet: what it was measured by, what it did, and how every point came about."""
    scheme = assessed.scheme
    blocks: list[Block] = [
        Paragraph(_opening(assessed, unit)),
        *_total(assessed, unit),
        unit_table(assessed, unit, with_standards=True),
        *_ledger(assessed, unit),
        *_remedy(scheme),
        SignatureLine(SIGNED_BY),
    ]
    return Document(
        issuer=scheme.issuer,
        title=f"{unit.name}{scheme.year}年度考评指标评分单",
        mark=DRAFT_MARK,
        facts=(("被考评单位", unit.name), *report_facts(assessed)),
        parts=(Part(tuple(blocks), landscape=True),),
        made_at=assessed.made_at,
    )


def _opening(assessed: Assessed, unit: Unit) -> str:
    scheme = assessed.scheme
    own = [i for i in scheme.indicators if (unit.id, i.id) in assessed.scores.indicators]
    tasks = sum((unit.id, task) in assessed.scores.tasks for task in scheme.task_by_id)
    return (
        f"现将你单位{scheme.year}年度考评指标评分情况告知如下，依据为{basis_of(scheme)}。"
        f"你单位参加{len(own)}项指标、{tasks}项任务的考评，每项任务的完成标准、得分过程、理由和依据"
        "逐项列在表内；得分过程中“=”以前的算式可以逐步复算。"
    )


def _total(assessed: Assessed, unit: Unit) -> Iterator[Block]:
    total = assessed.total(unit)
    if total is None:
        return
    rank = f"，同组第{total.rank}名" if total.rank else ""
    grade = f"，等次为{total.grade}" if total.grade else ""
    barred = "，取消评先评优资格" if total.awards_barred else ""
    working = f"（{printed(total.working)}）" if total.working else ""
    steps = "".join(f"{printed(step).rstrip('。')}。" for step in total.steps)
    yield Paragraph(
        f"总分{points_text(total.published, total.state)}{working}，"
        f"可得分{figure(total.applicable_points)}{rank}{grade}{barred}。{steps}"
    )


def _ledger(assessed: Assessed, unit: Unit) -> Iterator[Block]:
    summary = assessed.ledger.summaries.get(unit.id)
    if summary is not None:
        yield Paragraph(
            f"台账应报{summary.asked}项，已报{summary.filed}项，必备材料未报{summary.missing}项，"
            f"逾期{summary.late}项。"
        )
    problems = assessed.ledger.problems_of.get(unit.id, ())
    if problems:
        yield findings_table("台账问题", problems)


def _remedy(scheme: Scheme) -> Iterator[Block]:
    for kind, text in (
        (StepKind.FEEDBACK, "如有意见，请在{day}前书面反馈。"),
        (StepKind.APPEAL, "如有异议，可在{day}前提出申诉。"),
    ):
        step = scheme.step_of(kind)
        if step is not None:
            yield Paragraph(text.format(day=chinese_day(step.due)))
