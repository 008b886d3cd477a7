"""What scoring gives: the score of each task, indicator and unit, with working and all its steps.

Nothing overwrites anything: reported → verified → raw → capped → rounded → adjusted → published
all stay in the record (design: the chain of values of one score).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.canonical import plain, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction

    from kaoping.core.problems import Problem
    from kaoping.core.results import Result
    from kaoping.core.scheme import Scheme


class ScoreState(StrEnum):
    """评分状态: PROVISIONAL while the group is incomplete, INCOMPLETE while an input is missing."""

    SCORED = "scored"
    PROVISIONAL = "provisional"
    INCOMPLETE = "incomplete"
    NOT_APPLICABLE = "not-applicable"


STATE_NAMES: Mapping[ScoreState, str] = {
    ScoreState.SCORED: "已评",
    ScoreState.PROVISIONAL: "暂定",
    ScoreState.INCOMPLETE: "待定",
    ScoreState.NOT_APPLICABLE: "不涉及",
}


@dataclass(frozen=True, slots=True)
class LostPoint:
    """扣分(加分)理由: one recorded fact; `points` are signed, None where a formula weighs it."""

    line: str
    count: Decimal
    measure: str
    points: Fraction | None
    reason: str
    basis: str
    evidence: str


@dataclass(frozen=True, slots=True)
class TaskScore:
    """得分 of one unit on one task. Points are exact; None where nothing can be said yet.

    Attributes:
        applicable_points: the points that could be reached.
        reported, verified: the values used, as text with their unit; empty where none.
        decided: the values a person decided where none was reported, as text.
        target: what the rule asks, as text; empty where the rule does not say.
        raw: the rule's score before floor and cap, unrounded.
        capped: after the rule's floor and cap, unrounded.
        rounded: after the one rounding.
        adjustment: signed points added by a person; 0 where none.
        published: what counts.
        without_veto: what would count without a veto; equals `published` where none acts.
        working: arithmetic a unit can redo by hand.
        steps: what happened after the rule, in order: cap, floor, adjustment, veto.
        value, goal: the main value used and the amount it was to reach, where there are such.
        why: what the rule itself says of points lost; `reason` holds it and what persons wrote.
        used: the results whose values count, with their status, date and source.
    """

    unit: str
    indicator: str
    task: str
    applicable_points: Decimal
    reported: str
    verified: str
    decided: str
    target: str
    raw: Fraction | None
    capped: Fraction | None
    rounded: Decimal | None
    adjustment: Decimal
    published: Decimal | None
    without_veto: Decimal | None
    state: ScoreState
    working: str
    steps: tuple[str, ...]
    reason: str
    basis: str
    data_source: str
    value: Decimal | bool | None = None
    goal: Decimal | None = None
    why: str = ""
    used: tuple[Result, ...] = ()
    deductions: tuple[LostPoint, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """得分 of one unit on one indicator.

    Attributes:
        applicable_points: what the unit's applicable task points add up to.
        reachable_points: the indicator points the unit can reach; lower where tasks are dropped.
        rank: 1 for the best within the unit's group; None where not ranked.
    """

    unit: str
    indicator: str
    applicable_points: Decimal
    reachable_points: Decimal
    raw: Fraction | None
    capped: Fraction | None
    rounded: Decimal | None
    published: Decimal | None
    without_veto: Decimal | None
    state: ScoreState
    working: str
    steps: tuple[str, ...]
    reason: str = ""
    basis: str = ""
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """总分 of one unit, where the scheme has totals; `rank` as text, `2.5` under average ties."""

    unit: str
    applicable_points: Decimal
    published: Decimal | None
    without_veto: Decimal | None
    state: ScoreState
    working: str
    steps: tuple[str, ...]
    rank: str | None
    grade: str
    awards_barred: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one assessment, keyed by (unit id, task id) and (unit id, indicator id)."""

    tasks: Mapping[tuple[str, str], TaskScore]
    indicators: Mapping[tuple[str, str], IndicatorScore]
    totals: Mapping[str, UnitTotal]
    problems: tuple[Problem, ...]


# --- as rows ---------------------------------------------------------------------------------------

ROW_HEADS: Mapping[str, str] = {
    "unit": "单位",
    "indicator": "指标",
    "task": "任务",
    "applicable_points": "分值",
    "reported": "上报值",
    "verified": "核验值",
    "raw": "规则得分",
    "capped": "限幅后得分",
    "rounded": "舍入后得分",
    "adjustment": "调整",
    "published": "公布得分",
    "state": "评分状态",
    "working": "得分过程",
    "reason": "理由",
    "basis": "依据",
    "data_source": "数据来源",
}
"""The columns of scores as rows, by name, with the headings that people read."""

ROW_COLUMNS = tuple(ROW_HEADS)


def score_rows(scheme: Scheme, scores: Scores) -> list[dict[str, str]]:
    """Every score as a row of text, in the scheme's order; rows of an indicator have no task.

    Unrounded values that do not end are cut and marked with `…`.
    """
    rows = []
    for unit in scheme.units:
        for indicator in scheme.indicators:
            tasks = [scores.tasks.get((unit.id, task.id)) for task in indicator.tasks]
            rows += [_task_row(row) for row in tasks if row is not None]
            whole = scores.indicators.get((unit.id, indicator.id))
            if whole is not None:
                rows.append(_indicator_row(whole))
    return rows


def _points(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _unrounded(value: Fraction | None) -> str:
    return "" if value is None else shown(value, 6)


def _task_row(row: TaskScore) -> dict[str, str]:
    return {
        "unit": row.unit,
        "indicator": row.indicator,
        "task": row.task,
        "applicable_points": plain(row.applicable_points),
        "reported": row.reported,
        "verified": row.verified,
        "raw": _unrounded(row.raw),
        "capped": _unrounded(row.capped),
        "rounded": _points(row.rounded),
        "adjustment": plain(row.adjustment),
        "published": _points(row.published),
        "state": row.state.value,
        "working": row.working,
        "reason": row.reason,
        "basis": row.basis,
        "data_source": row.data_source,
    }


def _indicator_row(row: IndicatorScore) -> dict[str, str]:
    blank = dict.fromkeys(ROW_COLUMNS, "")
    return blank | {
        "unit": row.unit,
        "indicator": row.indicator,
        "applicable_points": plain(row.applicable_points),
        "raw": _unrounded(row.raw),
        "capped": _unrounded(row.capped),
        "rounded": _points(row.rounded),
        "adjustment": "0",
        "published": _points(row.published),
        "state": row.state.value,
        "working": row.working,
        "reason": row.reason,
        "basis": row.basis,
    }
