"""Totals and grades in words, bound to the same values as the table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kaoping.core.report.standing import standing
from kaoping.core.scoring.scores import ScoreState
from tests.core.report.test_scoring_report import assessed_of
from tests.examples import CITY, COUNTY

WITHOUT = {"grade": "", "awards_barred": False, "state": ScoreState.SCORED}


def told(points, **every):
    """What is said of as many units of the county with these totals."""
    assessed = assessed_of(COUNTY)
    units = assessed.units[: len(points)]
    totals = {
        unit.id: replace(assessed.scores.totals[unit.id], published=value, **{**WITHOUT, **every})
        for unit, value in zip(units, points, strict=True)
    }
    assessed = replace(assessed, scores=replace(assessed.scores, totals=totals))
    return [paragraph.text for paragraph in standing(assessed)]


def test_the_example_tells_ends_grades_and_who_is_barred():
    assert [paragraph.text for paragraph in standing(assessed_of(COUNTY))] == [
        (
            "6个单位平均总分65.17分，最高90.95分（西河镇人民政府），最低0.00分（中寨乡人民政府）。"
            "按总分评定等次：优秀1个（西河镇人民政府），合格3个（东岭镇人民政府、北塘乡人民政府、"
            "河口镇人民政府），不合格2个（南坪镇人民政府、中寨乡人民政府）。"
        ),
        "取消评先评优资格的：西河镇人民政府。",
    ]


def test_nothing_is_said_where_there_are_no_totals():
    assert list(standing(assessed_of(CITY))) == []


@pytest.mark.parametrize(
    ("points", "every", "words"),
    [
        ([Decimal("80.50")], {}, "东岭镇人民政府总分80.50分。"),
        ([Decimal("80.50")], {"grade": "优秀"}, "东岭镇人民政府总分80.50分。按总分评定等次：优秀1个（东岭镇人民政府）。"),
        ([None], {}, "东岭镇人民政府总分待定。"),
        ([None, None], {}, "各单位总分待定。"),
        ([Decimal(80), Decimal(80)], {}, "2个单位总分均为80分。"),
        (
            [Decimal(80), Decimal(70), None],
            {},
            "2个单位平均总分75.00分，最高80分（东岭镇人民政府），最低70分（西河镇人民政府）。另有1个单位总分待定。",
        ),
        (
            [Decimal(-1), Decimal(1)],
            {"state": ScoreState.PROVISIONAL},
            "2个单位平均总分0.00分，最高1分（西河镇人民政府），最低−1分（东岭镇人民政府）。其中2个单位的总分为暂定。",
        ),
    ],
)  # fmt: skip
def test_singular_cases_are_worded_as_such(points, every, words):
    assert told(points, **every) == [words]


def test_units_are_told_of_within_their_groups():
    assessed = assessed_of(COUNTY)
    first = assessed.units[0]
    units = tuple(
        replace(unit, group="城关" if unit == first else "乡镇") for unit in assessed.scheme.units
    )
    grouped = replace(assessed, scheme=replace(assessed.scheme, units=units))
    openings = [paragraph.text.partition("总分")[0] for paragraph in standing(grouped)]
    assert openings[:2] == [f"城关：{first.name}", "乡镇：5个单位平均"]
