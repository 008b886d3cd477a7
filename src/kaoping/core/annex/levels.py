"""Which column names the indicator, which the task, and whose points a column holds.

Headings alone do not say it: 考核内容 is an indicator in one office's table and a task in another's. The
structure does: a name that spans several rows stands above those that do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import bare, distinct
from kaoping.core.annex.headings import NAMES, Column, Heading, Kind
from kaoping.core.annex.points import points_beside
from kaoping.core.annex.units import is_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaoping.core.annex.cells import Row


@dataclass(frozen=True, slots=True)
class Levels:
    """The columns of names: of indicators, of tasks, those between, and those that tell more."""

    indicator: Column | None
    task: Column | None
    between: tuple[Column, ...] = ()
    details: tuple[Column, ...] = ()


_OWN_WORK = re.compile("任务|事项|工作|措施")


def levels_of(heading: Heading, rows: Sequence[Row], *, in_blocks: bool, titled: bool) -> Levels:
    """The levels of a table.

    Args:
        heading: its heading.
        rows: its rows of tasks.
        in_blocks: whether rows or a numbered title above name the indicators.
        titled: whether its title may be the name of its indicator.
    """
    names = heading.of(*NAMES)
    if not names:
        return Levels(None, None)
    if len(names) == 1:
        return _one_column(heading, names[0], rows, named=in_blocks or titled)
    first, *others = names
    spread = any(_spans_rows(column, rows) for column in names[:-1])
    if not spread and (in_blocks or titled or _is_own_work(first)):
        return Levels(None, first, (), tuple(others))
    if in_blocks:
        return Levels(None, names[-1], tuple(names[:-1]))
    return Levels(first, names[-1], tuple(names[1:-1]))


def _is_own_work(column: Column) -> bool:
    return column.kind is Kind.TASK and bool(_OWN_WORK.search(column.label))


def _one_column(heading: Heading, column: Column, rows: Sequence[Row], *, named: bool) -> Levels:
    """A table with one column of names: its cells are indicators where they span several points."""
    if named:
        return Levels(None, column)
    points = [each.at for each in heading.of(Kind.POINTS)]
    for spot in distinct(row[column.at] for row in rows):
        own = [row for row in rows if row[column.at] is spot]
        told = distinct(row[at] for row in own for at in points)
        if len(own) > 1 and len(told) > 1:
            return Levels(column, None)
    return Levels(column if column.kind is Kind.INDICATOR else None, column)


def _spans_rows(column: Column, rows: Sequence[Row]) -> bool:
    """Whether a column's cells stand beside several rows: merged, repeated, or blank below."""
    spots = [row[column.at] for row in rows]
    words = {bare(spot.text) for spot in spots if spot is not None}
    return len(words) < len(spots)


def names_indicators(heading: Heading, rows: Sequence[Row]) -> bool:
    """Whether the first of several columns of names holds indicators: most cells tell their points."""
    names = heading.of(*NAMES)
    if len(names) == 1 or not names or not _spans_rows(names[0], rows):
        return False
    spots = distinct(row[names[0].at] for row in rows)
    told = [spot for spot in spots if points_beside(spot.plain).number is not None]
    return len(told) * 2 > len(spots)


@dataclass(frozen=True, slots=True)
class PointsColumns:
    """The columns of points: the indicators', the tasks', and those that are neither."""

    indicator: tuple[Column, ...] = ()
    task: tuple[Column, ...] = ()
    others: tuple[Column, ...] = ()


_OF_INDICATOR = re.compile("一级|指标(?:总?分|分值|权重)|项目(?:总?分|分值)|大项|总分")
_OF_TASK = re.compile("[二三四]级|任务|小项|子项|分项|要点|内容|标准分")


def points_columns(heading: Heading, levels: Levels) -> PointsColumns:
    """Whose points each column holds, by its heading, else by where it stands."""
    columns = heading.of(Kind.POINTS)
    if levels.task is None or levels.indicator is None or levels.indicator == levels.task:
        weights = [c for c in columns if c.percent or "权重" in c.label]
        own = [c for c in columns if c not in weights] or weights
        others = tuple(c for c in columns if c not in own)
        return PointsColumns((), tuple(own[:1]), (*own[1:], *others))
    own_levels = (0, levels.task.level, levels.indicator.level)
    between = [c for c in columns if c.level not in own_levels]
    above = [c for c in columns if c.at < levels.task.at or len(columns) > 1]
    upper = [c for c in above if _speaks_of(c, _OF_INDICATOR) and not _speaks_of(c, _OF_TASK)]
    lower = [c for c in columns if _speaks_of(c, _OF_TASK) and c not in between]
    unsaid = [c for c in columns if c not in upper and c not in lower and c not in between]
    if not upper and unsaid and (len(columns) > 1 or unsaid[0].at < levels.task.at):
        upper, unsaid = unsaid[:1], unsaid[1:]
    lower += unsaid
    return PointsColumns(tuple(upper[:1]), tuple(lower[:1]), (*upper[1:], *lower[1:], *between))


def _speaks_of(column: Column, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(bare(spot.text)) for spot in column.path)


_SHORT = 3


def settled(heading: Heading, rows: Sequence[Row]) -> Heading:
    """The heading with those columns settled that only their cells or neighbours tell.

    单位 is a unit of measure where no cell is an office; 责任单位 leads where the assessed units have a
    column of their own, and is assessed itself where they have none.
    """
    columns = [_settled_measure(column, rows) for column in heading.columns]
    has_assessed = any(column.kind is Kind.ASSESSED for column in columns)
    role = Kind.LEAD if has_assessed else Kind.ASSESSED
    columns = [replace(c, kind=role) if c.kind is Kind.RESPONSIBLE else c for c in columns]
    return replace(heading, columns=tuple(columns))


def _settled_measure(column: Column, rows: Sequence[Row]) -> Column:
    if column.kind is not Kind.RESPONSIBLE or column.label != "单位":
        return column
    words = _words_below(column, rows)
    if words and all(len(word) <= _SHORT and not is_unit(word) for word in words):
        return replace(column, kind=Kind.MEASURE)
    return column


def _words_below(column: Column, rows: Sequence[Row]) -> Iterable[str]:
    return [bare(spot.text) for spot in distinct(row[column.at] for row in rows)]
