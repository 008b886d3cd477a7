"""The same five indicators in three hands tell the same."""

import pytest

from kaoping.core.annex.checking import check_annex
from kaoping.core.annex.reading import read_annex
from kaoping.core.problems import blocking
from tests.core.annex.annex1 import INDICATORS, LAYOUTS, TASKS
from tests.core.annex.grids import grid_of, told, value, values


def read(layout):
    tables = LAYOUTS[layout]()
    grids = [grid_of(rows, f"附件1.xlsx“{title or '表'}”", title) for rows, title in tables]
    return read_annex(grids)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_indicators_tasks_and_points(layout):
    reading = read(layout)
    expected = [
        (name, points, [(n, t, p) for n, p, t, *_ in tasks]) for name, points, tasks in INDICATORS
    ]
    assert told(reading) == expected
    assert reading.unread == ()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_standards_materials_and_units(layout):
    for task, (_, _, _, standard, catalogue, units) in zip(read(layout).tasks, TASKS, strict=True):
        assert values(task.standard) == [standard]
        assert values(task.catalogue) == catalogue.split("；")
        assert values(task.units) == units.split("、")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_in_it_blocks(layout):
    assert blocking(check_annex(read(layout))) == ()


def test_a_heading_states_the_total_of_its_sheet():
    totals = [(value(total.points), total.covers) for total in read("sheets").totals]
    assert totals[0] == ("10", (0, 1, 2, 3, 4))
    assert [points for points, _ in totals] == [points for _, points, _ in INDICATORS]


def test_every_value_stands_where_it_says():
    reading = read("merged")
    task = reading.tasks[1]
    assert task.name.source.where == "附件1.xlsx“表”C4"
    assert task.points is not None
    assert task.points.source.where == "附件1.xlsx“表”D4"
    assert task.units[0].source.text == "市工业和信息化局"
