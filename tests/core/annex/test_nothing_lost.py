"""Whatever the table, reading it never fails and no cell's words are lost."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.annex.checking import check_annex
from kaoping.core.annex.reading import read_annex, sources_of
from kaoping.core.original import Cell, Grid
from kaoping.core.problems import CATALOGUE
from tests.core.annex.grids import grid_of

HEADS = ["序号", "一级指标", "二级指标", "考核内容", "任务", "完成标准", "评分标准", "扣分", "台账目录", "责任单位", "被考评单位", "单位", "牵头单位", "责任科室", "数据来源", "分值", "权重（%）", "分值（100分）", "年度目标", "备注", "自评得分", "计量单位"]  # fmt: skip
CONTENTS = ["1", "1.1", "（1）", "一、防汛（10分）", "（二）抗旱", "4", "4分", "30%", "±2", "05", "0. 5", "1.甲（1分）\n2.乙（2分）", "1.扣；2.加", "每少1个扣0.2分", "市教育局", "市教育局、市水利局", "各有关单位", "防汛科", "同上", "—", "无", "合计", "小计", "注：说明", "附件1", "加分项", "不涉及", "清单；报告", "某话", "\n", "^", "<", "", "", " 　"]  # fmt: skip
CELLS = st.one_of(st.sampled_from(HEADS), st.sampled_from(CONTENTS), st.text(max_size=6))
TITLES = st.sampled_from(["", "Sheet1", "防汛", "一、防汛（10分）", "附件1\n二、抗旱"])


@st.composite
def tables(draw):
    width = draw(st.integers(1, 6))
    head = draw(st.lists(st.sampled_from(HEADS), min_size=width, max_size=width))
    body = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=7))
    rows = [*([head] if draw(st.booleans()) else []), *body]
    for row in rows:
        row[0] = "甲" if row[0] == "<" else row[0]
    if rows:
        rows[0] = ["乙" if words in ("^", "<") else words for words in rows[0]]
    place = f"表{draw(st.integers(1, 10**6))} "
    return grid_of(rows, place, draw(TITLES)) if rows else Grid(place, "", ())


def told_places(reading):
    return {source.where for source in sources_of(reading)}


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(tables(), max_size=3, unique_by=lambda grid: grid.place))
def test_no_words_are_lost(grids):
    reading = read_annex(grids)
    places = told_places(reading)
    cells = {
        cell.address for grid in grids for row in grid.rows for cell in row if cell.text.strip()
    }
    assert cells <= places
    once = [source.where for source in reading.unread]
    assert len(once) == len(set(once))
    rest = {
        source.where
        for part in (reading.indicators, reading.targets, reading.totals, reading.decisions)
        for source in sources_of(part)
    }
    assert not set(once) & rest
    assert all(problem.code in CATALOGUE for problem in check_annex(reading))


@settings(max_examples=200, deadline=None)
@given(st.lists(tables(), max_size=2, unique_by=lambda grid: grid.place))
def test_every_source_holds_what_stands_in_its_cell(grids):
    texts = {cell.address: cell.text for grid in grids for row in grid.rows for cell in row}
    for source in sources_of(read_annex(grids)):
        if source.where in texts:
            assert texts[source.where][source.start : source.end] == source.text


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from([*HEADS, *CONTENTS]), st.integers(0, 5), st.integers(0, 5)),
            max_size=5,
        ),
        max_size=6,
    )
)
def test_merged_areas_may_be_as_they_like(rows):
    grid = Grid(
        "表",
        "",
        tuple(
            tuple(Cell(text, f"{text}{at}", (at, column)) for text, at, column in row)
            for row in rows
        ),
    )
    reading = read_annex([grid])
    words = {cell.address for row in grid.rows for cell in row if cell.text.strip()}
    assert words <= told_places(reading)


def big_table(count):
    rows = [["序号", "考核内容", "任务", "分值", "评分标准", "台账目录", "涉及单位", "数据来源"]]
    units = "、".join(f"市第{n}局" for n in range(12))
    for at in range(count):
        head = f"指标{at // 10}工作" if at % 10 == 0 else "^"
        standard = f"第{at}项每少1个扣0.2分，扣完为止；超额每1个加0.1分，加分不超过0.3分。"
        rows.append(
            [
                str(at + 1),
                head,
                f"任务{at}落实",
                "1",
                standard,
                f"清单{at}；报告{at}",
                units,
                "系统",
            ]
        )
    return grid_of(rows)


@pytest.mark.slow
def test_a_large_table_is_read_in_time():
    table = big_table(300)
    begun = time.process_time()
    reading = read_annex([table])
    problems = check_annex(reading)
    assert time.process_time() - begun < 2
    assert len(reading.tasks) == 300
    assert reading.unread == ()
    assert problems == ()


@pytest.mark.parametrize(
    "words",
    [
        "、" * 20_000,
        "（" * 20_000,
        "1." * 10_000,
        "市教育局" * 5_000,
        "加" * 20_000,
        "每" * 20_000,
        "\n市" * 10_000,
        " " * 9 + "分" * 20_000,
        "年度" * 10_000,
    ],
)
def test_long_cells_take_no_long_time(words):
    begun = time.process_time()
    head = ["考核内容", "任务", "分值", "标准", "台账", "涉及单位"]
    reading = read_annex([grid_of([head, ["甲", words, words, words, words, words]])])
    check_annex(reading)
    assert time.process_time() - begun < 2
