"""提请会议审议的汇报: the figures of the report, what must be decided, and the words for one or none of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaoping.core.report.document import DRAFT_MARK, Heading, Paragraph, TableBlock
from kaoping.core.report.meeting_submission import (
    Countersigned,
    Matters,
    build_meeting_submission,
)
from kaoping.core.report.scoring_report import build_report
from kaoping.core.results import DecisionKind, Entries
from kaoping.core.scheme import StepKind
from tests.core.report.papers import city_without, known, scored
from tests.core.report.test_scoring_report import BOTH, assessed_of, blocks_of, table_of
from tests.examples import CITY, COUNTY, batch_of


def said(document):
    return "\n".join(block.text for block in blocks_of(document, Paragraph))


def captions(document):
    return [block.caption for block in blocks_of(document, TableBlock)]


@BOTH
def test_it_is_a_draft_without_red_head_in_the_order_a_meeting_reads(folder):
    document = build_meeting_submission(assessed_of(folder))
    assert document.mark == DRAFT_MARK
    assert document.letterhead is not None
    assert document.letterhead.authority == document.letterhead.printed_by == ""
    heads = [b.text[:2] for b in blocks_of(document, Heading) if b.level == 1]
    assert heads == ["一、", "二、", "三、", "四、", "五、", "六、", "七、"]
    for number, annex in enumerate(document.annexes, 1):
        assert f"{annex}见附件{number}。" in said(document)


@BOTH
def test_its_tables_are_those_of_the_report(folder):
    assessed = assessed_of(folder)
    report, document = build_report(assessed), build_meeting_submission(assessed)
    shared = set(captions(document)) - {"一票否决事项"}
    assert len(shared) >= 2
    for caption in shared:
        assert table_of(document, caption) == table_of(report, caption)
    for indicator in assessed.scheme.indicators:
        rate = assessed.summary(indicator).rate
        assert f"得分率{rate}%" in said(document)


@BOTH
def test_it_counts_what_the_meeting_must_decide(folder):
    assessed = assessed_of(folder)
    document = build_meeting_submission(assessed)
    vetoes = [r for r in assessed.entries.decisions if r.kind is DecisionKind.VETO]
    lifted = [r for r in assessed.entries.decisions if r.kind is DecisionKind.LIFT]
    assert f"一票否决{len(vetoes)}项" in said(document)
    assert len(table_of(document, "一票否决事项").rows) == len(vetoes) + len(lifted)
    assert ("撤销" in said(document)) == bool(lifted)
    others = len(assessed.entries.decisions) - len(vetoes) - len(lifted)
    assert f"共{others}项，已计入得分" in said(document)
    assert "对第四部分所列事项作出决定" in said(document)


def test_totals_and_grades_are_approved_where_the_scheme_has_them():
    assert "6个被考评单位3项指标的得分、总分和等次。" in said(
        build_meeting_submission(assessed_of(COUNTY))
    )
    assert "26个被考评单位5项指标的得分。" in said(build_meeting_submission(assessed_of(CITY)))


def test_what_nobody_knows_yet_is_left_to_be_filled_in():
    document = build_meeting_submission(assessed_of(CITY))
    assert said(document).count("（会前由汇总科室填写）") == 2
    assert "办公会议（党组会议）" in said(document)
    assert document.letterhead is not None
    assert document.letterhead.signed_by == "汇总科室"


def test_what_is_known_is_told():
    assessed = assessed_of(CITY)
    document = build_meeting_submission(assessed, known(assessed))
    text = said(document)
    assert "提请党组会议审议" in text
    assert "2025年1月6日，收齐各单位数据；2025年1月14日，完成现场核验。" in text
    assert "：同意1个，有异议1个，尚未会签10个。" in text
    assert [row.cells for row in table_of(document, "会签异议和处理情况").rows] == [
        ("营商科", "3.2名次并列的算法有误", "已按方案核对，算法无误")
    ]
    assert "收到申诉2件，已答复1件。" in text
    appeals = [row.cells[2] for row in table_of(document, "申诉和复核情况").rows]
    assert appeals == ["维持", "待复核"]
    assert "尚未复核的，复核后另行提请审议" in text
    assert [row.cells[1:] for row in table_of(document, "回避情况").rows] == [
        ("韦清和", "百东新区（高新区）管委会", "兼任管委会委员")
    ]
    assert document.letterhead is not None
    assert document.letterhead.signed_by == "评估督导科"
    assert "（会前" not in text


def test_nothing_to_decide_is_said_as_such():
    batch = batch_of(CITY)
    gone = (DecisionKind.VETO, DecisionKind.LIFT)
    entries = Entries(
        tuple(one for one in batch.entries.results if one.status.name != "VERIFIED"),
        batch.entries.deductions,
        tuple(one for one in batch.entries.decisions if one.kind not in gone),
    )
    document = build_meeting_submission(scored(batch.scheme, entries), Matters(appeals=()))
    text = said(document)
    assert "没有需要会议另行决定的事项" in text
    assert "作出决定。" not in text.split("二、")[0]
    for none in (
        "没有一票否决事项",
        "没有核验值与上报值不一致的数据",
        "没有收到申诉",
        "没有待定事项",
    ):
        assert none in text
    assert "需要会议决定的具体事项" not in document.annexes


@pytest.mark.parametrize(
    ("kind", "gone"),
    [("verified", "核验与上报不一致"), ("veto", "一票否决："), ("decisions", "已计入得分")],
)
def test_what_there_is_none_of_is_not_counted(kind, gone):
    assert gone in said(build_meeting_submission(assessed_of(CITY))).replace("不一致的", "不一致")
    document = build_meeting_submission(city_without(kind))
    asked = said(document).replace("没有核验值与上报值不一致的数据", "")
    assert gone not in asked.replace("不一致的", "不一致")


def countersign(sections, agrees):
    return Matters(countersigned=tuple(Countersigned(one, agrees) for one in sections))


@pytest.mark.parametrize(
    ("kept", "agrees", "expected"),
    [
        (None, True, "12个，已会签，均无异议。"),
        (None, None, "12个：尚未会签12个。"),
        (1, True, "1个，已会签，无异议。"),
        (0, True, "没有需要会签的科室。"),
    ],
)
def test_countersigning_is_told_of_all_of_one_and_of_none(kept, agrees, expected):
    assessed = assessed_of(CITY)
    if kept is not None:
        indicators = tuple(
            replace(one, cooperating_sections=(), responsible_section="投资科" if kept else "")
            for one in assessed.scheme.indicators
        )
        assessed = replace(assessed, scheme=replace(assessed.scheme, indicators=indicators))
    sections = dict.fromkeys(
        name
        for one in assessed.scheme.indicators
        for name in (one.responsible_section, *one.cooperating_sections)
    )
    document = build_meeting_submission(assessed, countersign(filter(None, sections), agrees))
    assert expected in said(document)


def test_recusals_are_open_or_none_or_named():
    assessed = assessed_of(CITY)
    assert "没有需要回避的与会人员" in said(
        build_meeting_submission(assessed, Matters(recusals=()))
    )
    assert "需要回避的与会人员1人次" in said(build_meeting_submission(assessed, known(assessed)))


def test_appeals_are_open_where_the_scheme_has_them_and_nobody_counted():
    county = assessed_of(COUNTY)
    assert county.scheme.step_of(StepKind.APPEAL) is not None
    assert "截至会议召开时收到的申诉" in said(build_meeting_submission(county))
    assert "方案没有规定申诉程序" in said(build_meeting_submission(assessed_of(CITY)))


def test_scores_that_wait_are_put_to_the_meeting():
    batch = batch_of(CITY)
    document = build_meeting_submission(scored(batch.scheme, Entries()))
    count = len(table_of(document, "待定和暂定事项").rows)
    assert f"待定和暂定{count}项次" in said(document)
    assert f"所列{count}项次待定和暂定事项" in said(document)
    assert "尚无可公布的得分" in said(document)
