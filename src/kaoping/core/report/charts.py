"""图表: what the charts of a report show, before anything is drawn; `files.charts` draws it.

A value in a chart and the same value in a table come from one place.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from kaoping.core.canonical import round_half_up
from kaoping.core.report.assessed import DISTRIBUTION
from kaoping.core.report.document import Bar, BarChart, HeatMap, figure
from kaoping.core.scoring.scores import ScoreState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.scheme import Indicator, Unit

Item = TypeVar("Item")
UNITS_BELOW = 24
"""Rows of one chart that still can be read on a landscape page."""
INDICATORS_ABREAST = 12
_RATE_PLACES = 1


def result_charts(assessed: Assessed) -> Iterator[BarChart | HeatMap]:
    """Where the units stand: totals where there are any, classes of the rates, units × indicators."""
    yield from _totals(assessed)
    classes = _classes(assessed)
    if any(bar.value for bar in classes.bars):
        yield classes
    yield from _heat_maps(assessed)


def completion_charts(assessed: Assessed) -> Iterator[BarChart | HeatMap]:
    """How far the year's work has come: rates of the indicators, completion of what has a target."""
    rates = [
        (indicator, assessed.summary(indicator).rate) for indicator in assessed.scheme.indicators
    ]
    bars = tuple(
        Bar(indicator.name, rate, f"{figure(rate)}%")
        for indicator, rate in rates
        if rate is not None
    )
    if bars:
        yield BarChart("各项指标得分率（%）", bars)
    completed = [
        Bar(task.label, done.rate, f"{figure(done.rate)}%")
        for task in assessed.scheme.task_by_id.values()
        if (done := assessed.completion(task)).rate is not None
    ]
    for bars in _runs(completed):
        yield BarChart("任务目标完成率（%，竖线为目标）", bars, round_half_up(Fraction(100), 0))


def _totals(assessed: Assessed) -> Iterator[BarChart]:
    totals = [(unit, total) for unit in assessed.units if (total := assessed.total(unit))]
    known = [
        Bar(unit.name, total.published, figure(total.published))
        for unit, total in totals
        if total.published is not None
    ]
    known.sort(key=lambda bar: bar.value, reverse=True)
    for bars in _runs(known):
        yield BarChart("各单位总分（分）", bars)


def _classes(assessed: Assessed) -> BarChart:
    counts: Counter[int] = Counter()
    for indicator in assessed.scheme.indicators:
        counts.update(dict(enumerate(assessed.summary(indicator).classes)))
    bars = tuple(
        Bar(name, round_half_up(Fraction(counts[index]), 0), f"{counts[index]}")
        for index, (name, _) in enumerate(DISTRIBUTION)
    )
    return BarChart("得分率分布（单位项次）", bars)


def _heat_maps(assessed: Assessed) -> Iterator[HeatMap]:
    indicators = assessed.scheme.indicators
    abreast = [
        indicators[at : at + INDICATORS_ABREAST]
        for at in range(0, len(indicators), INDICATORS_ABREAST)
    ]
    for some in abreast:
        for units in _runs(assessed.units):
            rows = tuple(
                (unit.name, tuple(_rate(assessed, unit, indicator) for indicator in some))
                for unit in units
            )
            if any(value is not None for _, values in rows for value in values):
                yield HeatMap("各单位各项指标得分率（%）", tuple(one.name for one in some), rows)


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
