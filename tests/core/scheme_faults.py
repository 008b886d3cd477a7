"""A fault of a scheme beside the nearest scheme without it, and what builds the two."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.core.schemes import GONE, task

if TYPE_CHECKING:
    from datetime import date

ONE = "indicator/0/task/0"
TWO = "indicator/0/task/1"
AT_ONE = "indicator[1].task[1.1]"
AT_TWO = "indicator[1].task[1.2]"

Changes = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A fault with its place, and the nearest scheme that has not got it."""

    name: str
    code: str
    where: str
    wrong: Changes
    sound: Changes = field(default_factory=dict)
    also: tuple[str, ...] = ()
    """Codes that belong to the scheme beside the one shown."""


def rule(kind: str, at: str = ONE, **parameters: Any) -> Changes:
    return {f"{at}/rule": {"kind": kind, **parameters}}


def bands(*rows: tuple[str | None, str | None, str], **others: Any) -> Changes:
    names = ("from", "below", "points")
    tables = [{n: v for n, v in zip(names, row, strict=True) if v is not None} for row in rows]
    return rule("bands", bands=tables) | others


def per_unit(*rows: Changes) -> Changes:
    return {"assignment": list(rows)}


def own(unit: str, at: str = "1.1", **values: Any) -> Changes:
    return {"unit": unit, "task": at, **values}


EACH = ("甲局", "乙局", "丙局")
RATIO = {"kind": "ratio", "target": "100"}
YES = {"kind": "yes-no"}
RANK: Changes = {"kind": "rank", "step": "1"}
STEP: Changes = {"kind": "step", "target": "8", "down": {"per": "1", "points": "1"}}
ABSENT = {"state": "not-applicable"}
EXTRA = {"unit/#new": {"id": "丁局"}}
DEPUTY = {**EXTRA, "indicator/0/cooperating_units": ["丁局"]}
GRADES = [{"name": "优", "from": "90"}, {"name": "良", "from": "60"}]


def graded(*rows: Changes) -> Changes:
    """Grades of a scheme that has totals; without them grades are of no use."""
    return {"totals": "sum", "grade": list(rows)}


def third(**changes: Any) -> Changes:
    return {"indicator/0/task/#new": task("1.3", "加分", "1", "每项加分。", YES, "文件") | changes}


def vetoed(**changes: Any) -> Changes:
    veto = {"name": "造假", "effect": "zero-task", "authority": "党组会议"} | changes
    return {f"{ONE}/veto": [{k: v for k, v in veto.items() if v is not GONE}]}


def due(position: int, day: date) -> Changes:
    return {f"step/{position}/due": day}
