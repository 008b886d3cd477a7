"""The list of annexes, in the ways offices write it."""

import pytest

from tests.core.notice.written import SIGNED, notice_of


def annexes(*lines):
    notice = notice_of("一、工作要求", "按时报送。", *lines)
    return [(annex.number, annex.title.value) for annex in notice.annexes]


TWO = [("1", "评分细则"), ("2", "样表")]


@pytest.mark.parametrize(
    "lines",
    [
        ("附件：1．评分细则", "　　　2．样表"),
        ("附件：", "1、评分细则", "2、样表"),
        ("附件：1. 评分细则；2. 样表",),
        ("附件：1. 评分细则 2. 样表",),
        ("附件1：评分细则", "附件2：样表"),
        ("附件1 评分细则", "附件2 样表"),
        ("附件1.评分细则", "附件2.样表"),
        ("附件：（1）评分细则", "（2）样表"),
        ("附件", "1.评分细则", "2.样表"),
    ],
)
def test_ways_to_list_annexes(lines):
    assert annexes(*lines) == TWO


@pytest.mark.parametrize("lines", [("附件：评分细则",), ("附：评分细则",), ("附件：", "评分细则")])
def test_an_annex_without_number(lines):
    assert annexes(*lines) in ([("", "评分细则")], [])


@pytest.mark.parametrize("dot", [".", "．", "、"])
def test_a_title_that_begins_with_a_year(dot):
    found = annexes(f"附件：1{dot}2024年度评分细则", f"　　　2{dot}2023年度样表")
    assert found == [("1", "2024年度评分细则"), ("2", "2023年度样表")]


def test_three_annexes_in_one_line_with_a_number_in_a_title():
    found = annexes("附件：1. 评分细则（第2. 版）；2. 样表；3. 汇总表（样式）")
    assert found[-1] == ("3", "汇总表（样式）")
    assert len(found) == 3


def test_titles_that_go_on_in_the_next_line():
    long = "2024年度林业考核指标评分细则和各项指标"
    assert annexes(f"附件：1.{long}", "说明", "2.样表") == [("1", f"{long}说明"), ("2", "样表")]
    assert annexes(f"附件：1.{long}", "　　　　的说明") == [("1", f"{long}的说明")]


def test_the_office_that_signs_is_no_part_of_a_title():
    long = "2024年度林业考核指标评分细则和各项指标"
    notice = notice_of(f"附件：1.{long}", foot=("　　　　某市林业局", "　　　　2024年3月1日"))
    assert [annex.title.value for annex in notice.annexes] == [long]
    assert notice.issuer.value == SIGNED[0]


@pytest.mark.parametrize(
    "line", ["附件1、附件2所列指标由各科室评分。", "附件所列指标由各科室评分。", "附件1"]
)
def test_words_about_annexes_list_none(line):
    assert annexes(line) == []


def test_marks_of_the_original_stay():
    notice = notice_of("附件：1.评分细则（试行），含样表；", "2.考核办法（某林发〔2024〕3号）")
    first, second = notice.annexes
    assert first.title.value == "评分细则（试行），含样表"
    assert second.document_number.value == "某林发〔2024〕3号"


def test_an_annex_is_cited_by_the_text_that_is_an_annex_itself():
    notice = notice_of(
        "现将实施方案（附件1）印发给你们。",
        "附件：1.实施方案",
        "2.评分细则",
        "某市林业局",
        "2024年3月1日",
        "附件1",
        "实施方案",
        "一、评分",
        "评分按照附件2执行。",
        "附件2",
        "评分细则",
        foot=(),
    )
    assert [(annex.number, annex.cited) for annex in notice.annexes] == [("1", True), ("2", True)]


def test_the_head_of_an_annex_page_cites_nothing():
    notice = notice_of(
        "请遵照执行。", "附件：评分细则", "某市林业局", "2024年3月1日", "附件", "评分细则", foot=()
    )
    assert [annex.cited for annex in notice.annexes] == [False]
