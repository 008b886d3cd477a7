"""Places of a scheme: found in its text, and said in words."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.check.checking import check_scheme
from kaoping.core.scheme import load_scheme
from kaoping.core.scheme_places import Mark, SchemeLines, marks_of, place_words
from kaoping.files.holidays import holiday_calendar

EXAMPLES = Path(__file__).parents[2] / "examples"
BAISE = (EXAMPLES / "baise-2024" / "scheme.toml").read_text("utf-8")
LINES = SchemeLines(BAISE)


def line_at(place):
    line = LINES.line_of(place)
    return None if line is None else BAISE.split("\n")[line - 1].strip()


@pytest.mark.parametrize(
    ("place", "begins"),
    [
        ("issue_date", "issue_date ="),
        ("step[考核评分].due", '{ kind = "score"'),
        ("step[#3]", '{ kind = "verify"'),
        ("unit[市教育局]", '{ id = "教育局"'),
        ("unit[教育局].group", '{ id = "教育局"'),
        ("assignment[水利局 1.2].points", '{ unit = "水利局", task = "1.2"'),
        ("indicator[1].points", 'points = "10"'),
        ("indicator[1].contact.telephone", "telephone ="),
        ("indicator[3].cooperating_units", 'cooperating_units = ["财政局"'),
        ("indicator[1].task[1.2].rule.up.cap", 'rule = { kind = "step", up'),
        ("indicator[1].task[1.1].catalogue[1.1-2]", '{ id = "1.1-2"'),
        ("accepted[BONUS-UNBOUNDED indicator[2].task[2.1].rule]", '{ code = "BONUS-UNBOUNDED"'),
        ("第 12 行", "not_applicable ="),
    ],
)
def test_a_place_is_found_in_its_line(place, begins):
    assert line_at(place).startswith(begins)


def test_a_task_named_alone_is_found_where_it_begins():
    line = LINES.line_of("task[2.1]")
    assert line is not None
    assert BAISE.split("\n")[line - 1 : line + 1] == ["[[indicator.task]]", 'id = "2.1"']


def test_what_is_missing_is_found_at_what_it_is_missing_from():
    assert LINES.line_of("indicator[1].task[1.1].period.from") == LINES.line_of(
        "indicator[1].task[1.1]"
    )
    assert LINES.line_of("") is None
    assert LINES.line_of("nowhere[1]") is None


def test_the_block_around_a_line_is_its_table():
    line = LINES.line_of("indicator[1].task[1.2].rule")
    assert line is not None
    first, last = LINES.block_at(line)
    block = "\n".join(BAISE.split("\n")[first - 1 : last])
    assert tomllib.loads(block)["indicator"]["task"][0]["id"] == "1.2"


def test_every_problem_of_the_example_has_a_line():
    text = BAISE.replace('points = "4"', "points = 4", 1).replace("2025-01-10", "2025-01-17")
    lines = SchemeLines(text)
    problems = check_scheme(load_scheme(text), holiday_calendar())
    assert problems
    assert [one for one in problems if lines.line_of(one.where) is None] == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("", "全文"),
        ("第 3 行", "第 3 行"),
        ("indicator[1].task[1.1].rule", "指标 1 › 任务 1.1 › 评分办法"),
        ("steps[数据收集].due", "环节 数据收集 › 截止日期"),
        ("units[U9].name", "单位 U9 › 名称"),
        ("indicator[1].task[1.1].units", "指标 1 › 任务 1.1 › 被考评单位"),
        (
            "indicator[1].task[#2].rule.bands[#3].from",
            "指标 1 › 任务第2条 › 评分办法 › 分档第3条 › 起",
        ),
    ],
)
def test_a_place_is_said_in_words(place, words):
    assert place_words(place) == words


def test_labels_may_hold_dots_and_brackets():
    assert marks_of("accepted[A b[1].c[2.3]].reason") == (
        Mark("accepted", "A b[1].c[2.3]"),
        Mark("reason"),
    )


@given(st.text(max_size=300))
def test_whatever_the_text_it_is_walked_to_its_end(text):
    lines = SchemeLines(text)
    first, last = lines.block_at(1)
    assert 1 <= first <= last + 1
    place_words(text)
    line = lines.line_of(text)
    assert line is None or 1 <= line <= lines.count


@given(
    st.lists(st.sampled_from(['"', "'", '"""', "[", "[[", "]", "{", "}", "=", ",", "a", "\n", "#"]))
)
def test_signs_in_any_order_end_as_well(signs):
    SchemeLines("".join(signs)).line_of("a.a[a]")
