"""附件所载: what annex tables tell, every value with the cell it stands in.

Nothing here is used before a person confirms it. What no rule understood is `unread`; what was
understood and still leaves a choice is a `Decision`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaoping.core.notice.passage import Found, Source

Words = tuple["Found[str]", ...]


def each_once(found: Iterable[Found[str]]) -> Words:
    """Each value once, where it was found first."""
    first: dict[str, Found[str]] = {}
    for one in found:
        first.setdefault(one.value, one)
    return tuple(first.values())


class AsideKind(StrEnum):
    """What a cell is that tells of no task: DITTO repeats the cell above, BLANK is a mere stroke."""

    TITLE = "title"
    HEADING = "heading"
    NOTE = "note"
    TOTAL = "total"
    NUMBER = "number"
    DITTO = "ditto"
    BLANK = "blank"


ASIDE_NAMES = {
    AsideKind.TITLE: "表题",
    AsideKind.HEADING: "表头",
    AsideKind.NOTE: "表注",
    AsideKind.TOTAL: "合计",
    AsideKind.NUMBER: "序号",
    AsideKind.DITTO: "同上",
    AsideKind.BLANK: "空缺",
}


@dataclass(frozen=True, slots=True)
class Aside:
    """A cell that is no part of a task."""

    kind: AsideKind
    source: Source


@dataclass(frozen=True, slots=True)
class Decision:
    """待定: what a person must decide, and the words that leave it open."""

    message: str
    source: Source


@dataclass(frozen=True, slots=True)
class Remark:
    """Words of a column that a scheme has no field for, under their heading: 备注, 完成时限."""

    heading: str
    words: Found[str]


@dataclass(frozen=True, slots=True)
class AnnexTask:
    """任务 as a table tells it.

    Attributes:
        order: its place among all tasks of the reading, from 0.
        number: as written: 1.1, 3, ①.
        points: 分值 as decimal text, where its own plain points are written.
        points_told: words on points that are no plain points: a weight, a range, a damaged number.
        shared_points: points in a cell that is merged over several tasks.
        standard: 完成标准, the parts of several columns or rows apart.
        units: 被考评单位 by name; `open_units` are words that leave open whom they mean.
        data_source: 数据来源. `target`: 年度目标. `measure`: 计量单位.
        bonus: whether it is said to be 加分.
        place: the cell that names it.
    """

    order: int
    number: Found[str] | None
    name: Found[str]
    points: Found[str] | None
    points_told: Found[str] | None
    shared_points: Found[str] | None
    standard: Words
    catalogue: Words
    units: Words
    open_units: Words
    data_source: Words
    target: Words
    measure: Found[str] | None
    remarks: tuple[Remark, ...]
    bonus: bool
    place: Source


@dataclass(frozen=True, slots=True)
class AnnexIndicator:
    """指标 as tables tell it; `name` is None where no table names it."""

    number: Found[str] | None
    name: Found[str] | None
    points: Found[str] | None
    points_told: Found[str] | None
    lead_units: Words
    sections: Words
    cooperating: Words
    remarks: tuple[Remark, ...]
    tasks: tuple[AnnexTask, ...]
    place: Source


@dataclass(frozen=True, slots=True)
class AnnexTarget:
    """A unit's own target on a task; `value` is decimal text, None where it does not apply (不涉及).

    Attributes:
        order: the place of the task among all tasks of the reading.
        own_points: whether the number is the unit's own 分值, not its target.
    """

    unit: Found[str]
    order: int
    value: Found[str] | None
    own_points: bool
    source: Source


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """合计: points that a row or a heading states for the tasks it covers, by their order.

    Attributes:
        covers: the tasks it may sum up.
        since: the first of them after the total before it, where it may sum up no more.
    """

    points: Found[str]
    covers: tuple[int, ...]
    since: int


@dataclass(frozen=True, slots=True)
class AnnexReading:
    """All that the tables of the annexes tell."""

    indicators: tuple[AnnexIndicator, ...]
    targets: tuple[AnnexTarget, ...]
    totals: tuple[StatedTotal, ...]
    decisions: tuple[Decision, ...]
    asides: tuple[Aside, ...]
    unread: tuple[Source, ...]

    @property
    def tasks(self) -> tuple[AnnexTask, ...]:
        """The tasks of all indicators, in the order of the tables."""
        return tuple(task for indicator in self.indicators for task in indicator.tasks)

    @property
    def units(self) -> Words:
        """Every unit named, once, where it is named first."""
        found = [unit for task in self.tasks for unit in task.units]
        found += [target.unit for target in self.targets]
        return each_once(found)

    def units_of(self, task: AnnexTask) -> Words:
        """The units assessed on a task: those it lists, else those that have a target on it."""
        if task.units:
            return task.units
        return each_once(t.unit for t in self.targets if t.order == task.order)
