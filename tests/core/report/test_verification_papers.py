"""现场核验: what the plan, the record and the opinion say, blank and filled in, and of one or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.acts.verifying import (
    FindingRecorded,
    TeamFormed,
    VerificationDecided,
    VerificationMode,
    VerificationOpinionDeclined,
    VerificationOpinionSigned,
)
from kaoping.core.blob import Blob
from kaoping.core.calendar import SHANGHAI
from kaoping.core.report.document import DRAFT_MARK, Heading, Paragraph, TableBlock
from kaoping.core.report.finding_record import OPEN_MARK, build_finding_record
from kaoping.core.report.verification import (
    Answer,
    Checked,
    Measured,
    Photo,
    Team,
    Verification,
    Visit,
    difference_text,
    tasks_to_verify,
    undecided,
    visits_due,
    visits_held,
)
from kaoping.core.report.verification_opinion import build_verification_opinion
from kaoping.core.report.verification_plan import DISCIPLINE, build_verification_plan
from kaoping.core.results import Status
from kaoping.core.scoring.scores import ScoreState
from tests.core.report.papers import TEAM, certificate, decided, filled
from tests.core.report.test_scoring_report import assessed_of, blocks_of, table_of
from tests.examples import CITY, COUNTY

POPULATION = ("工信局", "交通局", "住建局", "农业农村局", "教育局")


def text_of(document):
    return "\n".join(document.texts())


def paragraphs(document):
    return "\n".join(block.text for block in blocks_of(document, Paragraph))


# --- the plan --------------------------------------------------------------------------------------


def test_a_plan_lists_every_indicator_with_standards_and_every_unit_assessed_on_them():
    assessed = assessed_of(CITY)
    plan = build_verification_plan(assessed, undecided(assessed))
    rows = table_of(plan, "核验范围和方式").rows
    named = [one for one in assessed.scheme.indicators if tasks_to_verify(one)]
    assert [row.cells[0].split("\n")[0] for row in rows] == [one.name for one in named]
    for row, indicator in zip(rows, named, strict=True):
        for unit in assessed.units:
            scores = (
                assessed.scores.tasks.get((unit.id, t.id)) for t in tasks_to_verify(indicator)
            )
            is_due = any(s and s.state is not ScoreState.NOT_APPLICABLE for s in scores)
            assert (unit.name in row.cells[3]) == is_due, (indicator.id, unit.id)


def test_what_nobody_decided_is_a_box_to_tick_or_a_place_to_write():
    assessed = assessed_of(CITY)
    plan = build_verification_plan(assessed, undecided(assessed))
    for row in table_of(plan, "核验范围和方式").rows:
        assert row.cells[2] == "□ 全面检查\n□ 重点检查\n□ 随机抽查"
        assert row.cells[4] == ""
    for row in table_of(plan, "工作组人员").rows:
        assert row.cells[1:] == ("", "1．\n2．", "", "")
    assert "☑" not in text_of(plan)
    assert plan.mark == DRAFT_MARK


def test_every_standard_and_the_discipline_stand_in_it():
    assessed = assessed_of(CITY)
    plan = build_verification_plan(assessed, undecided(assessed))
    for task in assessed.scheme.task_by_id.values():
        if task.verification_standard:
            assert task.verification_standard in text_of(plan)
    for text in DISCIPLINE:
        assert text in paragraphs(plan)
    assert "2025年1月10日至2025年1月14日" in paragraphs(plan)
    stages = [row.cells[0][:2] for row in table_of(plan, "审批意见和签字").rows]
    assert stages == ["拟制", "审核", "批准"]


def test_a_decided_plan_says_how_and_why_and_by_which_draw():
    assessed, draw = assessed_of(CITY), certificate(POPULATION, must=["水利局"])
    plan = build_verification_plan(assessed, decided(draw))
    scope = [row.cells for row in table_of(plan, "核验范围和方式").rows]
    assert [cells[2] for cells in scope] == ["随机抽查", "重点检查", "全面检查"]
    assert "完成额占分值大" in scope[0][4]
    assert "“贯彻落实建设全国统一大市场”经责任科室决定不进行现场核验，理由：" in paragraphs(plan)
    said = paragraphs(plan)
    assert draw.digits in said
    assert draw.plan_sha256[:16] in said
    assert draw.digest[:16] in said
    drawn = [row.cells for row in table_of(plan, "抽签结果").rows if len(row.cells) > 1]
    tickets = [*draw.results[0].sample, *draw.results[0].reserve]
    assert [cells[2] for cells in drawn] == [one.ticket[:16] for one in tickets]
    assert [cells[0] for cells in drawn] == ["抽中", "抽中", "备选1"]
    assert [row.cells for row in table_of(plan, "必查单位（不参加抽签）").rows] == [
        ("市水利局", "上年度核验发现数据不实")
    ]
    teams = [row.cells for row in table_of(plan, "工作组人员").rows]
    assert "王喆（市统计局投资科）" in teams[0][2]
    assert "王喆：无利害关系" in teams[0][3]
    assert teams[1][1] == "其余2个单位"
    assert "“优化营商环境”没有核验标准" in said


def test_a_planned_draw_says_that_it_is_still_to_come():
    assessed, draw = assessed_of(CITY), certificate(POPULATION)
    one = replace(decided(draw)[0], draw=draw.plan, units=POPULATION, teams=())
    plan = build_verification_plan(assessed, (one,))
    assert "名单5个，抽取2个，备选1个" in paragraphs(plan)
    assert "尚未抽签" in paragraphs(plan)
    assert draw.plan.digest[:16] in paragraphs(plan)
    assert "抽签结果" not in [block.caption for block in blocks_of(plan, TableBlock)]


def test_a_scheme_without_standards_gets_a_plan_that_says_so():
    assessed = assessed_of(COUNTY)
    assert undecided(assessed) == ()
    assert visits_due(assessed) == visits_held(assessed) == {}
    plan = build_verification_plan(assessed, ())
    assert "本次没有列入现场核验的指标" in paragraphs(plan)
    assert "方案没有规定核验标准" in paragraphs(plan)
    assert all(block.text for block in blocks_of(plan, Heading))
    assert [block.caption for block in blocks_of(plan, TableBlock)] == ["审批意见和签字"]


@pytest.mark.parametrize(
    ("lack", "said"), [("start", "在2025年1月14日前完成"), ("due", "没有规定核验时限")]
)
def test_a_plan_says_when_as_far_as_the_scheme_does(lack, said):
    assessed = assessed_of(CITY)
    steps = tuple(replace(step, **{lack: None}) for step in assessed.scheme.steps)
    assessed = replace(assessed, scheme=replace(assessed.scheme, steps=steps))
    assert said in paragraphs(build_verification_plan(assessed, undecided(assessed)))


def test_one_unit_is_named_and_not_counted():
    assessed = assessed_of(CITY)
    one = Verification("2", True, VerificationMode.TARGETED, ("民政局",), "数据不全")
    plan = build_verification_plan(assessed, (one,))
    assert table_of(plan, "核验范围和方式").rows[0].cells[3] == "市民政局"
    assert "列入现场核验的指标1项，涉及被考评单位1个。" in paragraphs(plan)


# --- the record ------------------------------------------------------------------------------------


def test_a_blank_record_shows_what_was_reported_and_a_place_for_what_is_found():
    assessed = assessed_of(CITY)
    visits = visits_due(assessed)["教育局"]
    record = build_finding_record(assessed, visits)
    assert record.mark == OPEN_MARK
    (first, *_) = (row.cells for row in table_of(record, "一、数值核对").rows)
    assert first == ("1.1 完成市层面重大项目年度投资计划", "3.60亿元", "亿元", "", "")
    for row in table_of(record, "二、按核验标准逐项核对").rows:
        assert row.cells[2] == "□ 符合\n□ 不符合"
        assert row.room >= 9
    assert "☑" not in text_of(record)


def test_a_value_that_is_known_before_the_visit_says_nothing_of_what_the_team_saw():
    assessed = assessed_of(CITY)
    (visit,) = (one for one in visits_due(assessed)["水利局"] if one.indicator == "1")
    record = build_finding_record(assessed, [visit])
    assert table_of(record, "一、数值核对").rows[0].cells[1:4] == (
        "17.95亿元",
        "17.42亿元",
        "−0.53亿元",
    )
    assert record.mark == OPEN_MARK
    assert "☑" not in text_of(record)
    assert len(table_of(record, "五、照片").rows) == 2


def test_every_reported_value_of_a_task_with_a_standard_stands_on_its_record():
    assessed = assessed_of(CITY)
    due = visits_due(assessed)
    for result in assessed.entries.results:
        task = assessed.scheme.task_by_id[result.task]
        if not task.verification_standard or result.status is Status.VERIFIED:
            continue
        found = [m for v in due[result.unit] for m in v.measured if m.task == result.task]
        used = assessed.scores.tasks[result.unit, result.task].used
        if result in used:
            assert (result.input, result.value) in [(m.input, m.reported) for m in found]


def test_counted_lines_stand_as_they_were_recorded_and_zero_where_none_was():
    assessed = assessed_of(CITY)
    (visit,) = (v for v in visits_due(assessed)["司法局"] if v.indicator == "5")
    counts = {(m.task, m.input): m.reported for m in visit.measured}
    for line in ("应审未审", "审查有误"):
        facts = [
            f.count
            for f in assessed.entries.deductions
            if (f.unit, f.task, f.line) == ("司法局", "5.1", line)
        ]
        assert counts["5.1", line] == sum(facts)


def test_nothing_is_asked_of_a_unit_on_a_task_that_does_not_concern_it():
    due = visits_due(assessed_of(CITY))
    assert "1" not in [visit.indicator for visit in due.get("林业局", ())]


def test_a_filled_record_ticks_what_was_found_and_names_who_signs():
    assessed = assessed_of(CITY)
    record = build_finding_record(assessed, [filled(assessed)])
    assert record.mark == DRAFT_MARK
    first = table_of(record, "一、数值核对").rows[0].cells
    assert first[1:] == ("17.95亿元", "17.42亿元", "−0.53亿元", "两笔款次年支付")
    marks = [row.cells[2] for row in table_of(record, "二、按核验标准逐项核对").rows]
    assert marks == ["□ 符合\n☑ 不符合", "☑ 符合\n□ 不符合"]
    signers = [row.cells[0] for row in table_of(record, "六、签字确认").rows]
    assert signers == ["核验人员\n王喆", "核验人员\n李祎", "被核验单位代表\n市水利局"]
    (photo,) = (row.cells for row in table_of(record, "五、照片").rows)
    assert photo == ("1", "2025年1月11日 10:05", "右江堤防", "护坡", "5f2a" * 4)
    assert table_of(record, "七、异议和拒签说明").rows[1].cells[1] == "代表称需请示，当场未签。"


@pytest.mark.parametrize("members", [(), TEAM[:1], TEAM, (*TEAM, *TEAM)])
def test_at_least_two_of_the_team_and_the_unit_have_places_to_sign(members):
    assessed = assessed_of(CITY)
    visit = replace(visits_due(assessed)["水利局"][0], members=members)
    for document in (
        build_finding_record(assessed, [visit]),
        build_verification_opinion(assessed, [visit]),
    ):
        places = [row for table in blocks_of(document, TableBlock) for row in table.rows]
        signers = [row for row in places if row.cells[0].startswith("核验人员")]
        assert len(signers) == max(2, len(members))
        assert all(row.room >= 12 for row in signers)


def test_each_indicator_of_a_unit_stands_on_pages_of_its_own():
    assessed = assessed_of(CITY)
    visits = visits_due(assessed)["百东新区"]
    record = build_finding_record(assessed, visits)
    assert len(record.parts) == len(visits) > 2
    for part, visit in zip(record.parts, visits, strict=True):
        name = assessed.scheme.indicator_by_id[visit.indicator].name
        assert isinstance(part.blocks[0], Heading)
        assert name in part.blocks[0].text


@given(
    reported=st.decimals(-(10**12), 10**12, places=4),
    verified=st.decimals(-(10**12), 10**12, places=4),
)
def test_the_difference_is_exact_and_says_which_way(reported, verified):
    one = Measured("1.1", "", reported, verified)
    assert one.difference is not None
    assert Fraction(one.difference) == Fraction(verified) - Fraction(reported)
    said = difference_text(assessed_of(CITY).scheme, one)
    if verified == reported:
        assert said == "一致"
    else:
        assert said[0] == ("+" if verified > reported else "−")
        assert Decimal(said[1:].removesuffix("亿元")) == abs(one.difference)


def test_yes_and_no_have_no_difference_but_agree_or_not():
    scheme = assessed_of(CITY).scheme
    assert difference_text(scheme, Measured("3.4", "", True, False)) == "不一致"
    assert difference_text(scheme, Measured("3.4", "", Decimal(1), Decimal(0))) == "不一致"
    assert difference_text(scheme, Measured("3.4", "", True, True)) == "一致"
    assert difference_text(scheme, Measured("3.4", "", True)) == ""


# --- the opinion -----------------------------------------------------------------------------------


def test_there_is_an_opinion_on_every_unit_of_which_a_value_was_verified():
    assessed = assessed_of(CITY)
    verified = {(r.unit, r.task) for r in assessed.entries.results if r.status is Status.VERIFIED}
    held = visits_held(assessed)
    assert {
        (v.unit, m.task) for some in held.values() for v in some for m in v.measured
    } == verified
    for unit, visits in held.items():
        opinion = build_verification_opinion(assessed, visits)
        for row in table_of(opinion, "上报与核验对照").rows:
            assert row.cells[1:3] != ("", "")
            assert row.cells[4], "why they differ"
        assert assessed.unit_name(unit) in opinion.title
        proposals = [row.cells[0] for row in table_of(opinion, "一、核验工作组意见").rows]
        assert all(text.startswith("□") for text in proposals)


M = Measured
YES_NO = M("3.4", "", True, False)


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        ((), "尚无核验值。"),
        ((M("1.1", "", Decimal(1)),), "尚无核验值。"),
        ((M("1.1", "", Decimal(1), Decimal(1)),), "核验数值1项，与上报一致。"),
        ((M("1.1", "", Decimal(1), Decimal(1)),) * 2, "核验数值2项，均与上报一致。"),
        ((M("1.1", "", Decimal(2), Decimal(1)),), "核验数值1项，核验值低于上报值。"),
        ((M("1.1", "", Decimal(1), Decimal(2)),), "核验数值1项，核验值高于上报值。"),
        ((M("1.1", "", None, Decimal(2)),), "核验数值1项，未上报、以核验值补齐。"),
        ((YES_NO,), "核验数值1项，核验结果与上报不一致。"),
        (
            (M("1.1", "", Decimal(2), Decimal(1)), YES_NO, M("1.2", "", Decimal(1), Decimal(1))),
            "核验数值3项，其中与上报一致的1项，核验值低于上报值的1项，核验结果与上报不一致的1项。",
        ),
    ],
)
def test_an_opinion_says_in_words_what_was_found(measured, said):
    opinion = build_verification_opinion(assessed_of(CITY), [Visit("水利局", "1", measured)])
    assert paragraphs(opinion) == said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, ["□ 采纳", "□ 不采纳，理由："]),
        (Answer(adopted=True), ["☑ 采纳", "□ 不采纳，理由："]),
        (Answer(False, "凭证不足"), ["□ 采纳", "☑ 不采纳，理由：凭证不足"]),
    ],
)
def test_the_section_adopts_or_says_why_not(answer, said):
    assessed = assessed_of(CITY)
    visit = replace(filled(assessed), answer=answer)
    opinion = build_verification_opinion(assessed, [visit])
    assert [row.cells[0] for row in table_of(opinion, "二、责任科室意见").rows] == said
    assert [row.cells[0] for row in table_of(opinion, "一、核验工作组意见").rows] == [visit.opinion]
    assert table_of(opinion, "责任科室签字").rows[0].cells[0] == "投资科负责人"


# --- from acts -------------------------------------------------------------------------------------


def test_all_of_it_can_be_made_from_the_acts_of_verifying():
    """Nothing on the papers but what acts and the names of persons and units say."""
    unit, people = "水利局", ("p1", "p2")
    names = {"p1": TEAM[0], "p2": TEAM[1]}
    need = VerificationDecided("a", "1", True, VerificationMode.TARGETED, (unit,), "完成额占分值大")
    formed = TeamFormed("v", unit, people)
    blob = Blob("5f2a" * 16, "0" * 64, 1)
    finding = FindingRecorded(
        "1.1", "", Decimal("17.95"), Decimal("17.42"), Decimal("-0.53"), "两笔款次年支付",
        (blob,), "右江堤防", "2025-01-11T02:05:00Z",
    )  # fmt: skip
    opinion = VerificationOpinionSigned("0" * 64, "建议按核验值计分")
    answer = VerificationOpinionDeclined("0" * 64, "请补充核对")
    members = tuple(names[one] for one in formed.members)
    verification = Verification(
        need.indicator, need.needed, need.mode, need.units, need.reason,
        teams=(Team(formed.unit, members),),
    )  # fmt: skip
    measured = Measured(
        finding.task, finding.input, finding.reported, finding.verified, finding.reason
    )
    assert measured.difference == finding.difference
    taken = datetime_of(finding.device_at)
    visit = Visit(
        formed.unit,
        need.indicator,
        (measured,),
        (Checked("1.1", "抽查凭证", met=False),),
        need.mode,
        members,
        photos=tuple(Photo(taken, finding.place, "", one.sha256) for one in finding.photos),
        opinion=opinion.opinion,
        answer=Answer(adopted=False, reason=answer.reason),
    )
    assessed = assessed_of(CITY)
    plan = text_of(build_verification_plan(assessed, (verification,)))
    assert need.reason in plan
    assert all(one.name in plan for one in members)
    record = text_of(build_finding_record(assessed, [visit]))
    assert "2025年1月11日 10:05" in record
    for text in (finding.reason, finding.place, "−0.53亿元"):
        assert text in record
    said = text_of(build_verification_opinion(assessed, [visit]))
    for text in (opinion.opinion, answer.reason, "☑ 不采纳"):
        assert text in said


def datetime_of(moment):
    return datetime.fromisoformat(moment).astimezone(SHANGHAI)
