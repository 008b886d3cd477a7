"""Names of offices: one body written alike, in two ways, or two bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.notice_check.offices import Naming, closeness, may_be_one

NAMING = Naming("临江市", "临江市水利局")


def pair(one, other):
    return NAMING.office(one), NAMING.office(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("市发改委", "市发展改革委"),
        ("市住建局", "市住房和城乡建设局"),
        ("市大数据局", "市大数据发展局"),
        ("市市场监管局", "市市场监督管理局"),
        ("综合督查科", "督查综合科"),
        ("市卫健委", "市卫生健康委员会"),
        ("市应急管理局", "市应急官理局"),
        ("综合科", "综合协调科"),
    ],
)
def test_two_ways_to_write_one_office(one, other):
    assert may_be_one(*pair(one, other))
    assert may_be_one(*pair(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("投资一科", "投资二科"),
        ("市财政局", "市统计局"),
        ("市水利局", "省水利厅"),
        ("市教育局", "县教育局"),
        ("市政府", "市政府办公室"),
        ("监测处", "监测中心"),
        ("市财政局", "市财政局"),
        ("市委", "市发展改革委"),
        ("第一考核组", "第二考核组"),
    ],
)
def test_two_offices(one, other):
    assert not may_be_one(*pair(one, other))


def test_the_notices_own_place_is_left_out():
    assert NAMING.same("临江市财政局", "市财政局")
    assert not NAMING.same("望海市财政局", "市财政局")
    assert not NAMING.same("财政局", "市财政局")


def test_level_of_a_class():
    assert NAMING.same_level("市财政局", "市直各部门")
    assert not NAMING.same_level("县财政局", "市直各部门")
    assert NAMING.same_level("财政局", "市直各部门")


NAMES = st.text("市县发展改革财政教育水利一二综合督查科局委办(高新区) 、", max_size=12)


@given(NAMES, NAMES)
def test_order_does_not_matter(one, other):
    assert may_be_one(*pair(one, other)) == may_be_one(*pair(other, one))
    assert not may_be_one(*pair(one, one))


@given(NAMES.filter(bool), NAMES.filter(bool))
def test_closeness_is_a_share(one, other):
    assert 0 <= closeness(one, other) <= 100
