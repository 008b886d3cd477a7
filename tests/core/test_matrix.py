"""任务分解: which numbers a cell takes, what a person typed, and what a cell says in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.canonical import plain
from kaoping.core.matrix import (
    Field,
    assigned,
    cell_fields,
    changed_from,
    fingerprint,
    missing,
    number_at,
    read_number,
    words_of,
)
from kaoping.core.scheme import Assignment
from tests.schemes import indicator, scheme_of, task

RATIO, DEFAULT = 'kind = "ratio"', 'kind = "ratio", target = "10"'
PARTS = (
    'kind = "least", parts = [{ name = "甲", rule = { kind = "ratio" } }, '
    '{ name = "乙", rule = { kind = "ratio", target = "1" } }]'
)
RULES = {
    RATIO: ["target", "points"],
    PARTS: ["targets.甲", "targets.乙", "points"],
    'kind = "checklist"': ["of", "points"],
    'kind = "count", start = "full", lines = [{ name = "迟报", each = "-1" }]': ["points"],
    'kind = "bands", bands = [{ from = "0", points = "10" }]': [],
    'kind = "rank", first = "10", step = "1"': [],
    'kind = "judgement"': ["points"],
    'kind = "formula", score = "points * value / target"': ["target"],
}
ANY = Field("target", "目标值")
POSITIVE = Field("target", "目标值", lowest=0)
POINTS = Field("points", "分值", lowest=0, may_be_lowest=True)


def only_task(rule, extra=""):
    return scheme_of(indicator(task("1.1", rule, extra=extra))).task_by_id["1.1"]


@pytest.mark.parametrize(("rule", "keys"), RULES.items())
def test_a_cell_takes_the_numbers_that_its_rule_knows(rule, keys):
    assert [field.key for field in cell_fields(only_task(rule))] == keys


def test_a_target_is_needed_where_the_task_has_none():
    assert [field.label for field in missing(only_task(RATIO), Assignment("a", "1.1"))] == [
        "目标值"
    ]
    assert missing(only_task(DEFAULT), Assignment("a", "1.1")) == ()
    half = Assignment("a", "1.1", targets={"乙": Decimal(3)})
    assert [field.label for field in missing(only_task(PARTS), half)] == ["甲目标值"]
    assert missing(only_task(RATIO), Assignment("a", "1.1", not_applicable=True)) == ()


SLIPS = {
    "1e999": "指数写法",
    "1E5": "指数写法",
    "１２": "全角数字",
    "１2.５": "全角数字",
    "1,200": "千分位",
    "1，200": "千分位",
    "12%": "百分号",
    "八": "不是数字",
    "1.2.3": "不是数字",
    "NaN": "不是数字",
    "Infinity": "不是数字",
    "--1": "不是数字",
    ".5": "不是数字",
    "5.": "不是数字",
    "٣": "不是数字",
    "=1+1": "不是数字",
    "9" * 41: "过长",
}


@pytest.mark.parametrize(("text", "says"), SLIPS.items())
def test_what_is_no_number_is_told_by_how_it_was_typed(text, says):
    found = read_number(text, ANY)
    assert isinstance(found, str)
    assert says in found


def test_a_number_may_have_bounds():
    assert read_number("-3.5", ANY) == Decimal("-3.5")
    assert read_number("\u22123.5", ANY) == Decimal("-3.5")
    assert read_number("0", POINTS) == 0
    assert read_number("0", POSITIVE) == "目标值应大于 0"
    assert read_number("-0.1", POINTS) == "分值不能小于 0"
    assert read_number("  ", POSITIVE) is None


def test_a_cell_is_told_in_words():
    ratio = only_task(RATIO, 'value = { unit_of_measure = "亿元" }')
    said = Assignment("a", "1.1", Decimal("27.00"), points=Decimal(3))
    assert words_of(said, ratio) == "目标值 27.00 亿元，分值 3 分"
    assert words_of(Assignment("a", "1.1"), ratio) == "缺目标值"
    assert words_of(Assignment("a", "1.1"), only_task(DEFAULT)) == "按任务规定"
    assert words_of(Assignment("a", "1.1", not_applicable=True), ratio) == "不涉及"


def test_the_same_number_is_no_change_however_it_is_written():
    before = Assignment("a", "1.1", Decimal("6.00"), {"甲": Decimal("1.0")}, points=Decimal(3))
    after = Assignment("a", "1.1", Decimal(6), {"甲": Decimal(1)}, points=Decimal("3.0"))
    kept = changed_from(before, after)
    assert (f"{kept.target:f}", plain(kept.targets["甲"])) == ("6.00", "1.0")
    assert fingerprint(kept) == fingerprint(before)


numbers = st.decimals("-1e9", "1e9", allow_nan=False, places=3)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["target", "targets.甲", "of", "points"]), numbers),
    st.booleans(),
)
def test_what_is_assigned_is_found_again(given_numbers, off):
    one = assigned("a", "1.1", given_numbers, not_applicable=off)
    for key in ("target", "targets.甲", "of", "points"):
        assert number_at(one, key) == (None if off else given_numbers.get(key))
    assert one.not_applicable is off


@settings(deadline=None)
@given(numbers, numbers)
def test_two_cells_have_one_mark_only_where_they_say_the_same(first, second):
    marks = {fingerprint(Assignment("a", "1.1", number)) for number in (first, second)}
    assert (len(marks) == 1) is (plain(first) == plain(second))
