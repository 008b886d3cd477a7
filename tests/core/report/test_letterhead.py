"""What an office decides about the head of its report: read whole, all faults told at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kaoping.core.journal import Checkpoint
from kaoping.core.report.countersign_sheet import build_countersign_sheet
from kaoping.core.report.document import DRAFT_MARK, Genre, Letterhead, Paragraph
from kaoping.core.report.letterhead import read_letterhead, usual_letterhead
from kaoping.core.report.scoring_report import build_report
from tests.core.report.test_scoring_report import assessed_of, blocks_of
from tests.examples import COUNTY

TODAY = date(2025, 2, 21)
SCHEME = assessed_of(COUNTY).scheme
FINAL = {
    "number": '"青绩办〔2025〕3号"',
    "signed_on": "2025-02-21",
    "approved_by": '["甲某某", "乙某"]',
    "addressed_to": '"青川市绩效考评领导小组"',
}
ALL = FINAL | {
    "genre": '"报告"',
    "authority": '"青川市绩效考评领导小组文件"',
    "signed_by": '"青川市绩效考评领导小组"',
    "copied_to": '"市委组织部。"',
    "remark": '"（联系人：丙某某）"',
    "printed_by": '"青川市绩效办"',
    "printed_on": "2025-02-22",
    "copy_number": '"000001"',
    "secrecy": '"秘密★1年"',
    "urgency": '"加急"',
}


def toml(table):
    return "".join(f"{key} = {value}\n" for key, value in table.items())


def read(table):
    head, problems = read_letterhead(toml(table), SCHEME, TODAY)
    assert problems == ()
    return head


def faults(table):
    """Places of all faults, the file's name left out."""
    _, problems = read_letterhead(toml(table), SCHEME, TODAY)
    for one in problems:
        assert one.where.startswith("letterhead.toml ")
        assert one.suggestion
    return sorted(one.where.removeprefix("letterhead.toml ") for one in problems)


def test_every_element_is_read():
    assert read(ALL) == Letterhead(
        authority="青川市绩效考评领导小组文件",
        signed_by="青川市绩效考评领导小组",
        number="青绩办〔2025〕3号",
        addressed_to="青川市绩效考评领导小组",
        signed_on=date(2025, 2, 21),
        remark="联系人：丙某某",
        copied_to="市委组织部",
        printed_by="青川市绩效办",
        printed_on=date(2025, 2, 22),
        genre=Genre.REPORT,
        approved_by=("甲某某", "乙某"),
        copy_number="000001",
        secrecy="秘密★1年",
        urgency="加急",
    )


def test_without_number_day_and_who_approved_it_is_a_draft_that_has_none_of_them():
    assert read({}) == usual_letterhead(SCHEME)
    head = read({"copied_to": '"市委组织部"', "urgency": '"特急"'})
    report = build_report(assessed_of(COUNTY), head)
    assert report.mark == DRAFT_MARK
    assert report.is_draft
    assert report.checkpoint is None
    assert (head.number, head.signed_on, head.printed_on, head.signer_rows) == ("", None, None, ())
    assert report.corner == (DRAFT_MARK, "特急")


def test_with_all_three_it_is_the_final_form_and_a_witness_of_its_journal():
    sealed = Checkpoint("kaoping-run/00", 1, bytes(32))
    note = f"{sealed.text}\n— kaoping-run/00 signature\n"
    assessed = replace(assessed_of(COUNTY), sealed=sealed, sealed_note=note)
    report = build_report(assessed, read(ALL))
    assert report.mark == ""
    assert not report.is_draft
    assert report.corner == ("000001", "秘密★1年", "加急")
    assert report.checkpoint is not None
    assert report.checkpoint.code == note
    assert sealed.root_prefix in report.checkpoint.words


def test_what_is_not_written_is_as_usual():
    head = read(FINAL)
    assert head.signed_by == head.printed_by == SCHEME.issuer
    assert head.authority == f"{SCHEME.issuer}文件"
    assert head.printed_on == head.signed_on
    assert read(FINAL | {"signed_by": '"某办"'}).authority == "某办文件"


@pytest.mark.parametrize("genre", Genre)
def test_title_text_and_countersign_sheet_name_it_alike(genre):
    assessed = assessed_of(COUNTY)
    report = build_report(assessed, read(FINAL | {"genre": f'"{genre}"'}))
    title = f"关于{SCHEME.year}年度绩效考评指标考核评分情况的{genre}"
    assert report.title == title
    sheet = build_countersign_sheet(assessed, genre)
    assert sheet.title == f"《{title}》会签单"
    opening = blocks_of(sheet, Paragraph)[0].text
    assert f"《{title}》" in opening
    said = [block.text for block in report.parts[0].blocks if isinstance(block, Paragraph)]
    assert said[0].endswith(f"{genre}如下。")
    assert said[-1] == f"特此{genre}。"


def test_only_what_goes_up_shows_who_approved_it():
    assert read(FINAL).signer_rows == (("甲某某", "乙\u3000某"),)
    assert read(FINAL | {"genre": '"通报"'}).signer_rows == ()


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["甲某"], [["甲某"]]),
        (["甲某", "乙某"], [["甲某", "乙某"]]),
        (["甲某", "乙某某", "丙某"], [["甲\u3000某", "乙某某"], ["丙\u3000某"]]),
        (["甲某某", "阿某某·乙某某"], [["甲某某"], ["阿某某·乙某某"]]),
    ],
)
def test_names_stand_two_in_a_row_and_as_wide_as_each_other(names, rows):
    head = Letterhead("某文件", "某", genre=Genre.REPORT, approved_by=tuple(names))
    assert head.signer_rows == tuple(map(tuple, rows))


@pytest.mark.parametrize(
    "number",
    [
        *("青绩办[2025]3号", "青绩办（2025）3号", "青绩办〔2025〕03号", "青绩办〔2025〕第3号"),
        *(
            "青绩办〔25〕3号",
            "青绩办〔2025〕0号",
            "青绩办〔2025〕3",
            "〔2025〕3号",
            "青绩办 〔2025〕3号",
        ),
        *("青绩办〔2025〕3号。", "青绩办〔２０２５〕３号"),
    ],
)
def test_a_number_of_another_form_is_a_fault(number):
    assert faults(FINAL | {"number": f'"{number}"'}) == ["number"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"signed_on": "2025-02-22", "printed_on": "2025-02-23"}, "signed_on"),
        ({"number": '"青绩办〔2019〕3号"'}, "number"),
        ({"number": '"青绩办〔2024〕3号"'}, "number"),
        ({"number": '"青绩办〔2026〕3号"'}, "number"),
        ({"printed_on": "2025-02-20"}, "printed_on"),
        ({"genre": '"通知"'}, "genre"),
        ({"copy_number": '"1"'}, "copy_number"),
        ({"copy_number": '"000001"', "secrecy": '"保密"'}, "secrecy"),
        ({"secrecy": '"机密★1年"'}, "copy_number"),
        ({"urgency": '"急"'}, "urgency"),
        ({"approved_by": '["甲某某", "甲某某"]'}, "approved_by"),
        ({"approved_by": '["甲某某", ""]'}, "approved_by"),
        ({"approved_by": "[]"}, "approved_by"),
        ({"approved_by": "3"}, "approved_by"),
        ({"addressed_to": '""'}, "addressed_to"),
        ({"copied_to": '"市委\\n组织部"'}, "copied_to"),
        ({"signed_on": '"今天"'}, "signed_on"),
        ({"numer": '"x"'}, "numer"),
    ],
)
def test_each_fault_is_told_at_its_place(change, where):
    assert faults(FINAL | change) == [where]


def test_a_day_before_the_data_are_closed_is_a_fault():
    early = {"number": '"青绩办〔2024〕3号"', "signed_on": "2024-12-30"}
    assert faults(FINAL | early) == ["signed_on"]


def test_the_year_of_the_number_is_told_beside_the_day():
    _, (problem,) = read_letterhead(toml(FINAL | {"number": '"青绩办〔2019〕3号"'}), SCHEME, TODAY)
    assert "〔2025〕" in problem.suggestion
    assert "2025年2月21日" in problem.suggestion


@pytest.mark.parametrize("lacking", ["number", "signed_on", "approved_by"])
def test_number_day_and_who_approved_stand_together_or_not_at_all(lacking):
    table = {key: value for key, value in FINAL.items() if key != lacking}
    assert faults(table) == [lacking]


@pytest.mark.parametrize("key", ["printed_on", "copy_number"])
def test_a_draft_has_nothing_that_only_a_final_form_has(key):
    assert faults({key: ALL[key]}) == [key]


def test_all_faults_are_told_at_once():
    table = {"number": '"3号"', "genre": '"函"', "urgency": "5", "colour": '"red"'}
    lacking = ["addressed_to", "approved_by", "signed_on"]
    assert faults(table) == sorted([*table, *lacking])


@pytest.mark.parametrize(
    "text", ["number = 青绩办", "= 3", "a = [[[", "number = “青绩办〔2025〕3号”"]
)
def test_what_is_no_toml_is_told_with_its_line(text):
    _, (problem,) = read_letterhead(text, SCHEME, TODAY)
    assert problem.where.startswith("letterhead.toml ")
    assert "读不下去" in problem.message
