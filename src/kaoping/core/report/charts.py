"""图表: what the charts of a report show, before anything is drawn; `files.charts` draws it.

A value in a chart and the same value in a table come from one place.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from kaoping.core.canonical import round_half_up
from kaoping.core.report.assessed import DISTRIBUTION
from kaoping.core.report.document import Bar, BarChart, HeatMap, enclosed, figure
from kaoping.core.report.tables import part_of
from kaoping.core.scoring.scores import ScoreState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.scheme import Indicator, Unit

Item = TypeVar("Item")
UNITS_BELOW = 24
"""Rows of one chart that still can be read on a landscape page."""
INDICATORS_ABREAST = 12
_RATE_PLACES = 1
_ALL = Decimal(100)


def result_charts(assessed: Assessed) -> Iterator[BarChart | HeatMap]:
    """Where the units stand: totals where there are any, classes of the rates, units × indicators."""
    yield from _totals(assessed)
    yield from _classes(assessed)
    yield from _heat_maps(assessed)


def completion_charts(assessed: Assessed) -> Iterator[BarChart]:
    """How far the year's work has come: rates of the indicators, completion of what has a target."""
    rates = [(one, assessed.summary(one).rate) for one in assessed.scheme.indicators]
    yield from _bar_charts(
        "各项指标得分率（%）",
        [_percent(one.name, rate) for one, rate in rates if rate is not None],
        _ALL,
    )
    done = [(task, assessed.completion(task).rate) for task in assessed.scheme.task_by_id.values()]
    yield from _bar_charts(
        "任务目标完成率（%，虚线为目标）",
        [_percent(task.label, rate) for task, rate in done if rate is not None],
        _ALL,
        mark=_ALL,
    )


def _percent(label: str, rate: Decimal) -> Bar:
    return Bar(label, rate, f"{figure(rate)}%")


def _bar_charts(
    title: str, bars: Sequence[Bar], full: Decimal, mark: Decimal | None = None
) -> Iterator[BarChart]:
    """Bars of one scale in charts that fit on a page; `full` is the least of a full length."""
    longest = max((full, *(bar.value for bar in bars)))
    runs = list(_runs(bars))
    for number, some in enumerate(runs, 1):
        yield BarChart(part_of(title, number, len(runs)), some, longest, mark)


def _totals(assessed: Assessed) -> Iterator[BarChart]:
    """Totals of each group, the best first: units are ranked within their groups."""
    for group, units in groupby(assessed.units, lambda unit: unit.group):
        totals = [(unit, total) for unit in units if (total := assessed.total(unit))]
        bars = [
            Bar(unit.name, total.published, figure(total.published))
            for unit, total in totals
            if total.published is not None
        ]
        bars.sort(key=lambda bar: bar.value, reverse=True)
        name = enclosed(group) if assessed.has_groups else ""
        yield from _bar_charts(f"各单位总分{name}（分）", bars, Decimal(0))


def _classes(assessed: Assessed) -> Iterator[BarChart]:
    counts: Counter[int] = Counter()
    for indicator in assessed.scheme.indicators:
        counts.update(dict(enumerate(assessed.summary(indicator).classes)))
    if counts.total():
        bars = [
            Bar(name, Decimal(counts[index]), str(counts[index]))
            for index, (name, _) in enumerate(DISTRIBUTION)
        ]
        yield from _bar_charts("得分率分布（单位项次）", bars, Decimal(0))


def _heat_maps(assessed: Assessed) -> Iterator[HeatMap]:
    indicators = assessed.scheme.indicators
    across = [
        indicators[at : at + INDICATORS_ABREAST]
        for at in range(0, len(indicators), INDICATORS_ABREAST)
    ]
    fields = [(some, units) for some in across for units in _runs(assessed.units)]
    for number, (some, units) in enumerate(fields, 1):
        rows = tuple(
            (unit.name, tuple(_rate(assessed, unit, indicator) for indicator in some))
            for unit in units
        )
        if any(value is not None for _, values in rows for value in values):
            title = part_of("各单位各项指标得分率（%）", number, len(fields))
            yield HeatMap(title, tuple(one.name for one in some), rows)


def _rate(assessed: Assessed, unit: Unit, indicator: Indicator) -> Decimal | None:
    """Published points in percent of what the unit can reach."""
    row = assessed.scores.indicators.get((unit.id, indicator.id))
    if row is None or row.published is None or row.state is ScoreState.NOT_APPLICABLE:
        return None
    if not row.reachable_points:
        return None
    return round_half_up(
        Fraction(row.published) / Fraction(row.reachable_points) * 100, _RATE_PLACES
    )


def _runs(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """Items in runs of nearly equal length that fit below each other."""
    count = -(-len(items) // UNITS_BELOW)
    size = -(-len(items) // count) if count else 0
    for at in range(0, len(items), size or 1):
        yield tuple(items[at : at + size])
