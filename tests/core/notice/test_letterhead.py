"""The frame of a document: title, issuers, addressees, signature, and what is only the page."""

from datetime import date

import pytest

from kaoping.core.notice.reading import read_notice
from tests.core.notice.facts import value
from tests.core.notice.written import SIGNED, TITLE, notice_of, unread

TEXT = ("一、考核对象", "各县区。")


@pytest.mark.parametrize("rule", ["────────────", "═══════", "*******", "- - - - -"])
def test_a_rule_is_no_part_of_the_title(rule):
    title = TITLE.removeprefix("某市林业局")
    notice = read_notice(["某林发〔2024〕1号", rule, title, "各县区：", *TEXT, *SIGNED])
    assert value(notice.title) == title


def test_joint_issuers_on_lines_of_their_own():
    offices = ("某市林业局", "某市财政局")
    title = "关于做好2024年度林业考核工作的通知"
    notice = notice_of(*TEXT, head=(*offices, title, "各县区："), foot=(*offices, "2024年3月1日"))
    assert value(notice.title) == "".join((*offices, title))
    assert value(notice.issuer) == "某市林业局、某市财政局"


def test_joint_issuers_on_one_line():
    notice = notice_of(*TEXT, foot=("某市林业局　　某市财政局", "2024年3月1日"))
    assert value(notice.issuer) == "某市林业局、某市财政局"


def test_an_office_above_the_issuer_that_does_not_sign_stays_in_the_text():
    notice = notice_of("一、考核对象", "甲县林业局", *SIGNED)
    assert value(notice.issuer) == "某市林业局"
    assert [found.value for found in notice.assessed] == ["甲县林业局"]


def test_a_day_below_the_heading_of_a_step_is_no_signature():
    notice = notice_of(
        "一、工作安排", "（一）各单位自评", "2025年1月10日", "（二）考核评分", "2025年1月20日"
    )
    assert value(notice.signed) == date(2024, 3, 1)
    assert value(notice.issuer) == "某市林业局"
    assert [step.due for step in notice.steps] == [date(2025, 1, 10), date(2025, 1, 20)]


@pytest.mark.parametrize(
    "foot",
    [
        ("某市林业局", "二〇二四年三月一日"),
        ("某市林业局", "二O二四年三月一日"),
        ("某市林业局", "二0二四年三月一日"),
        ("某市林业局　2024年3月1日",),
        ("某市林业局", "（2024年3月1日）"),
        ("2024年3月1日",),
        ("某市林业局", "2024年3月1日", "（此件公开发布）", "某市林业局办公室　　2024年3月4日印发"),
    ],
)
def test_ways_to_sign(foot):
    notice = notice_of(*TEXT, foot=foot)
    assert value(notice.signed) == date(2024, 3, 1)
    assert value(notice.issuer) == "某市林业局"
    assert unread(notice) == []


def test_a_day_within_the_text_signs_nothing():
    notice = notice_of("一、考核对象", "2024年3月5日", "各县区。", foot=())
    assert notice.signed is None


def test_a_last_day_below_the_heading_of_a_step_signs_nothing_either():
    steps = ("一、工作安排", "（一）各单位自评", "2025年1月10日", "（二）考核评分", "2025年1月20日")
    signed_first = notice_of("现印发给你们。", *SIGNED, *steps, foot=())
    assert value(signed_first.signed) == date(2024, 3, 1)
    for notice in (signed_first, notice_of(*steps, foot=())):
        assert [step.due for step in notice.steps] == [date(2025, 1, 10), date(2025, 1, 20)]
    assert notice_of(*steps, foot=()).signed is None


def test_an_issuer_spread_with_blanks_has_the_name_of_the_title():
    assert value(notice_of(*TEXT, foot=("某 市 林 业 局", "2024年3月1日")).issuer) == "某市林业局"


def test_lines_of_the_page_are_neither_title_nor_addressee():
    page = ("首页", "当前位置：", "首页 > 通知公告", "分享到：", "字体：[大 中 小]")
    foot = (*SIGNED, "责任编辑：王五", "上一篇：关于2023年度考核的通知")
    notice = notice_of(*TEXT, head=(*page, TITLE, "各县区："), foot=foot)
    assert value(notice.title) == TITLE
    assert [found.value for found in notice.addressees] == ["各县区"]
    assert unread(notice) == []


def test_addressees_over_two_lines():
    head = (TITLE, "各县（市、区）人民政府，高新区管委会，", "各有关企业：")
    expected = ["各县（市、区）人民政府", "高新区管委会", "各有关企业"]
    assert [found.value for found in notice_of(*TEXT, head=head).addressees] == expected


@pytest.mark.parametrize(
    "label", ["文号：", "文　　号：", "文 号 ：", "发 文 字 号：| ", "发文字号 | "]
)
def test_labels_spread_with_blanks(label):
    notice = notice_of(*TEXT, head=(f"{label}某林发〔2024〕1号", TITLE, "各县区："))
    assert value(notice.document_number) == "某林发〔2024〕1号"


def test_a_spread_label_of_a_day():
    head = ("索 引 号：1234", "成 文 日 期：2024年2月28日", TITLE, "各县区：")
    assert value(notice_of(*TEXT, head=head).document_date) == date(2024, 2, 28)
