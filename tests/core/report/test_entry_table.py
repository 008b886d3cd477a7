"""What is typed into the city's platform: every score of an indicator, once, with why."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from kaoping.core.report.entry_table import build_entry_table, entry_table_json
from kaoping.core.scoring.scores import ScoreState
from tests.examples import CITY, COUNTY
from tests.files.test_outputs import assessed_of


def test_the_small_example_gives_the_table_that_is_kept():
    kept = Path(__file__).with_name("entry-table.json").read_bytes()
    assert entry_table_json(build_entry_table(assessed_of(COUNTY))) == kept


def test_every_score_of_an_indicator_has_one_line_in_the_order_of_the_scheme():
    assessed = assessed_of(CITY)
    lines = build_entry_table(assessed).lines
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert {(line.unit, line.indicator) for line in lines} == set(assessed.scores.indicators)
    order = [one.id for one in assessed.scheme.indicators]
    places = [order.index(line.indicator) for line in lines]
    assert places == sorted(places)
    for line in lines:
        row = assessed.scores.indicators[line.unit, line.indicator]
        assert (line.published, line.state) == (row.published, row.state)


def test_whoever_lost_points_is_told_why_on_one_line():
    assessed = assessed_of(CITY)
    for line in build_entry_table(assessed).lines:
        assert "\n" not in line.reason
        for score in assessed.task_scores:
            mine = (score.unit, score.indicator) == (line.unit, line.indicator)
            if mine and assessed.lost(score):
                assert f"{assessed.scheme.task_by_id[score.task].label}失" in line.reason


def test_a_veto_is_named():
    lines = build_entry_table(assessed_of(COUNTY)).lines
    vetoed = [line for line in lines if line.published == 0]
    assert vetoed
    assert all("一票否决" in line.reason for line in vetoed)


def test_what_is_open_has_no_points():
    assessed = assessed_of(COUNTY)
    key, row = next(iter(assessed.scores.indicators.items()))
    still = replace(row, published=None, state=ScoreState.INCOMPLETE)
    scores = replace(assessed.scores, indicators={**assessed.scores.indicators, key: still})
    told = json.loads(entry_table_json(build_entry_table(replace(assessed, scores=scores))))
    line = next(one for one in told["lines"] if (one["unit"], one["indicator"]) == key)
    assert (line["published"], line["state"]) == ("", "incomplete")
