"""What charts show is what the tables say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kaoping.core.report.charts import UNITS_BELOW, _bar_charts, completion_charts, result_charts
from kaoping.core.report.document import Bar, BarChart, HeatMap, figure
from kaoping.core.report.scoring_report import build_report
from kaoping.core.results import Entries
from kaoping.core.scoring.assessment import score
from kaoping.core.scoring.scores import ScoreState
from tests.core.report.test_scoring_report import BOTH, assessed_of, blocks_of, table_of
from tests.examples import CITY, COUNTY


def named(charts, title):
    return [one for one in charts if one.title.startswith(title)]


@BOTH
def test_rates_are_those_of_the_table(folder):
    assessed = assessed_of(folder)
    (chart,) = named(completion_charts(assessed), "各项指标得分率")
    rows = table_of(build_report(assessed), "各项指标得分情况").rows
    assert [bar.said for bar in chart.bars] == [row.cells[4] for row in rows]


def test_totals_are_ranked_where_the_scheme_has_them():
    assessed = assessed_of(COUNTY)
    (chart,) = named(result_charts(assessed), "各单位总分（分）")
    assert [bar.value for bar in chart.bars] == sorted(
        (assessed.total(unit).published for unit in assessed.units), reverse=True
    )
    assert not named(result_charts(assessed_of(CITY)), "各单位总分")


def test_units_are_ranked_within_their_groups_on_one_scale():
    assessed = assessed_of(COUNTY)
    units = assessed.scheme.units
    grouped = tuple(replace(one, group="甲组" if n % 2 else "乙组") for n, one in enumerate(units))
    both = replace(assessed, scheme=replace(assessed.scheme, units=grouped))
    charts = named(result_charts(both), "各单位总分")
    assert {chart.title for chart in charts} == {
        "各单位总分（甲组）（分）",
        "各单位总分（乙组）（分）",
    }
    for chart in charts:
        values = [bar.value for bar in chart.bars]
        assert values == sorted(values, reverse=True)


def test_many_units_stand_in_charts_of_one_scale_that_are_numbered():
    bars = [Bar(str(n), Decimal(n), str(n)) for n in range(1, 61)]
    charts = list(_bar_charts("总分", bars, Decimal(0)))
    assert [chart.title for chart in charts] == ["总分（1／3）", "总分（2／3）", "总分（3／3）"]
    assert {chart.full for chart in charts} == {Decimal(60)}
    assert [bar for chart in charts for bar in chart.bars] == bars
    assert max(len(chart.bars) for chart in charts) <= UNITS_BELOW


@BOTH
def test_the_classes_add_up_to_all_scores(folder):
    assessed = assessed_of(folder)
    (chart,) = named(result_charts(assessed), "得分率分布")
    scored = sum(assessed.summary(one).scored for one in assessed.scheme.indicators)
    assert sum(bar.value for bar in chart.bars) == scored
    assert [bar.said for bar in chart.bars] == [str(bar.value) for bar in chart.bars]


@BOTH
def test_each_field_is_the_share_of_what_the_unit_can_reach(folder):
    assessed = assessed_of(folder)
    found: dict[tuple[str, str], Decimal | None] = {}
    for chart in result_charts(assessed):
        if isinstance(chart, HeatMap):
            assert len(chart.rows) <= UNITS_BELOW
            found |= {
                (unit, head): value
                for unit, values in chart.rows
                for head, value in zip(chart.columns, values, strict=True)
            }
    for indicator in assessed.scheme.indicators:
        for row in assessed.indicator_scores(indicator):
            value = found[assessed.unit_name(row.unit), indicator.name]
            if row.published is None or row.state is ScoreState.NOT_APPLICABLE:
                assert value is None
            elif row.reachable_points:
                share = row.published / row.reachable_points * 100
                assert value is not None
                assert abs(value - share) <= Decimal("0.05")


def test_a_target_is_a_line_at_100():
    charts = named(completion_charts(assessed_of(CITY)), "任务目标完成率")
    assert charts
    assert all(chart.mark == 100 for chart in charts)
    done = [bar for chart in charts for bar in chart.bars]
    assert all(bar.said == f"{figure(bar.value)}%" for bar in done)


def test_where_nothing_is_scored_nothing_is_drawn():
    assessed = assessed_of(COUNTY)
    empty = Entries()
    nothing = replace(assessed, entries=empty, scores=score(assessed.scheme, empty))
    assert list(result_charts(nothing)) == []
    assert list(completion_charts(nothing)) == []


@pytest.mark.parametrize("kind", [BarChart, HeatMap])
def test_they_stand_in_annexes_of_the_report(kind):
    report = build_report(assessed_of(CITY))
    assert blocks_of(report, kind)
    assert not [block for block in report.parts[0].blocks if isinstance(block, kind)]
