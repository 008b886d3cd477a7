"""现场核验意见书: what a team found and proposes, and how the section answered it (P15).

Both signatures stand below: those of the team under its proposal, that of the section under its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.canonical import exactly
from kaoping.core.report.document import (
    DRAFT_MARK,
    Align,
    Block,
    Column,
    Document,
    Paragraph,
    TableBlock,
    body_rows,
    points_text,
    printed,
    ticked,
)
from kaoping.core.report.verification import (
    difference_text,
    paper_of_unit,
    reported_text,
    said_value,
    signing_table,
    value_name,
    visit_places,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.report.verification import Measured, Visit

OPINION_NAME = "现场核验意见书"
_SIGN, _WRITE = 12, 10
"""Millimetres of height: for a signature, for a choice and its reason."""


@exactly
def build_verification_opinion(assessed: Assessed, visits: Sequence[Visit]) -> Document:
    """The opinion on one unit, each indicator on pages of its own.

    Args:
        assessed: the whole assessment.
        visits: at least one, all of the same unit.
    """
    return paper_of_unit(assessed, visits, OPINION_NAME, DRAFT_MARK, _blocks)


def _blocks(assessed: Assessed, visit: Visit) -> Iterator[Block]:
    yield Paragraph(_summary(visit))
    yield _comparison(assessed, visit)
    yield from _proposal(visit)
    yield from _answer(assessed, visit)


def _summary(visit: Visit) -> str:
    """How many values were verified, and how many differ which way."""
    found = [one for one in visit.measured if one.verified is not None]
    if not found:
        return "尚无核验值。"
    differing = [one for one in found if one.differs]
    same = len(found) - len(differing)
    if not differing:
        return "核验数值1项，与上报一致。" if same == 1 else f"核验数值{same}项，均与上报一致。"
    ways = _ways(differing)
    if len(found) == 1:
        return f"核验数值1项，{ways[0][1]}。"
    counts = "，".join(f"{way}的{number}项" for number, way in ways)
    agreeing = f"与上报一致的{same}项，" if same else ""
    return f"核验数值{len(found)}项，其中{agreeing}{counts}。"


def _ways(differing: Sequence[Measured]) -> list[tuple[int, str]]:
    """How often values differ which way."""
    fewer = sum(one.difference is not None and one.difference < 0 for one in differing)
    more = sum(one.difference is not None and one.difference > 0 for one in differing)
    unreported = sum(one.reported is None for one in differing)
    others = len(differing) - fewer - more - unreported
    ways = (
        (fewer, "核验值低于上报值"),
        (more, "核验值高于上报值"),
        (others, "核验结果与上报不一致"),
        (unreported, "未上报、以核验值补齐"),
    )
    return [(number, way) for number, way in ways if number]


def _comparison(assessed: Assessed, visit: Visit) -> TableBlock:
    columns = (
        Column("任务和数值", 5, titles=True),
        Column("上报值\n（登记值）", 3, Align.RIGHT),
        Column("核验值", 3, Align.RIGHT),
        Column("差额", 3, Align.RIGHT),
        Column("差异原因和凭据", 5),
        Column("任务得分", 3, Align.RIGHT),
    )
    scheme = assessed.scheme
    rows = (
        (
            value_name(scheme, one),
            reported_text(scheme, one),
            said_value(scheme, one, one.verified),
            difference_text(scheme, one),
            printed(one.reason),
            _points(assessed, visit.unit, one.task),
        )
        for one in visit.measured
    )
    note = "任务得分是按本文件生成时的全部数据和决定算出的，以审定的评分报告为准。"
    return TableBlock("上报与核验对照", columns, body_rows(rows), note, form=True)


def _points(assessed: Assessed, unit: str, task: str) -> str:
    row = assessed.scores.tasks.get((unit, task))
    return "" if row is None else points_text(row.published, row.state)


_CHOICES = tuple(
    (ticked(text, is_so=False),)
    for text in ("建议按核验值计分", "建议按上报值计分，理由：", "其他建议：")
)


def _proposal(visit: Visit) -> Iterator[Block]:
    columns = (Column("评分意见", 1),)
    rows = body_rows([(visit.opinion,)] if visit.opinion else _CHOICES, _WRITE)
    yield TableBlock("一、核验工作组意见", columns, rows, form=True)
    note = "全体核验人员签同一份意见；核验发现有变动的，重新签字。"
    yield signing_table("核验工作组签字", visit_places(visit.members), _SIGN, note)


def _answer(assessed: Assessed, visit: Visit) -> Iterator[Block]:
    indicator = assessed.scheme.indicator_by_id[visit.indicator]
    section = assessed.office_name(indicator.responsible_section) or "责任科室"
    answer = visit.answer
    is_declined = answer is not None and not answer.adopted
    reason = answer.reason if answer else ""
    choices = (
        ticked("采纳", is_so=answer is not None and answer.adopted),
        f"{ticked('不采纳', is_so=is_declined)}，理由：{reason}",
    )
    columns = (Column("是否采纳（不采纳的必须写明理由）", 1),)
    rows = body_rows(((choice,) for choice in choices), _WRITE)
    yield TableBlock("二、责任科室意见", columns, rows, form=True)
    note = "核验工作组成员不得对本组的意见作出答复。"
    yield signing_table("责任科室签字", [f"{section}负责人"], _SIGN, note)
