"""单位评分单: what one unit is told: its standards, its results, and how every point came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.canonical import exactly
from kaoping.core.report.assessed import basis_of, indicator_label
from kaoping.core.report.document import (
    Align,
    Block,
    Column,
    Document,
    Paragraph,
    Part,
    SignatureLine,
    TableBlock,
    body_rows,
    chinese_day,
    figure,
    points_text,
    printed,
)
from kaoping.core.report.scoring_report import COMPILED_BY, report_facts
from kaoping.core.report.tables import findings_table, unit_table
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.scheme import Scheme, Unit


@exactly
def build_unit_sheet(assessed: Assessed, unit: Unit) -> Document:
    """One unit's sheet: what it was measured by, what it did, and how every point came about."""
    scheme = assessed.scheme
    blocks: list[Block] = [
        Paragraph(_opening(assessed, unit)),
        *_total(assessed, unit),
        _result_table(assessed, unit),
        unit_table(assessed, unit, with_standards=True),
        *_ledger(assessed, unit),
        *_remedy(scheme),
        *(() if assessed.is_issued else (SignatureLine(COMPILED_BY),)),
    ]
    return Document(
        issuer=scheme.issuer,
        title=f"{unit.name}{scheme.year}年度考评指标评分单",
        mark=assessed.mark,
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
    place = f"，{where}" if (where := assessed.total_place(total)) else ""
    grade = f"，等次为{total.grade}" if total.grade else ""
    working = f"得分过程：{printed(total.working)}。" if total.working else ""
    steps = "".join(f"{printed(step).rstrip('。')}。" for step in total.steps)
    points = points_text(total.published, total.state)
    measure = "" if total.published is None else "分"
    yield Paragraph(
        f"总分{points}{measure}（可得分{figure(total.applicable_points)}分）{place}{grade}。{working}{steps}"
    )


def _result_table(assessed: Assessed, unit: Unit) -> TableBlock:
    """The unit's result on each indicator, before the details."""
    columns = (
        Column("指标", 8),
        Column("可得分", 2, Align.RIGHT),
        Column("得分", 2, Align.RIGHT),
        Column("位次", 6),
        Column("责任科室", 5),
    )
    rows = (
        (
            indicator_label(indicator),
            figure(row.reachable_points),
            points_text(row.published, row.state),
            assessed.indicator_place(row) or "—",
            assessed.office_name(indicator.responsible_section),
        )
        for indicator in assessed.scheme.indicators
        if (row := assessed.scores.indicators.get((unit.id, indicator.id))) is not None
    )
    return TableBlock("各项指标得分", columns, body_rows(rows))


def _ledger(assessed: Assessed, unit: Unit) -> Iterator[Block]:
    summary = assessed.ledger.summaries.get(unit.id)
    if summary is not None and not summary.asked:
        yield Paragraph("方案没有要求你单位报送台账材料。")
    elif summary is not None:
        yield Paragraph(
            f"台账目录{summary.asked}项，其中必备{summary.required}项；已报{summary.filed}项，"
            f"必备材料未报{summary.missing}项，逾期{summary.late}项。"
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
