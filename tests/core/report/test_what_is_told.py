"""What a reader is told beside the figures: why, against what, on whose word, and by which measure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from kaoping.core.ledger import check_ledger
from kaoping.core.problems import Problem
from kaoping.core.report.assessed import actual_text, grounds_text, target_text
from kaoping.core.report.document import (
    Heading,
    Paragraph,
    SignatureLine,
    TableBlock,
    figure,
)
from kaoping.core.report.problem_list import problems_markdown
from kaoping.core.report.scoring_report import build_report
from kaoping.core.report.tables import completion_table, unit_table
from kaoping.core.report.unit_sheet import build_unit_sheet
from kaoping.core.results import Entries
from kaoping.core.scoring.assessment import score
from kaoping.core.scoring.scores import ScoreState
from tests.core.report.test_scoring_report import assessed_of, blocks_of, table_of
from tests.examples import CITY, COUNTY

BOTH = pytest.mark.parametrize("folder", [CITY, COUNTY], ids=lambda folder: folder.name)


def score_of(folder, unit, task):
    return assessed_of(folder).scores.tasks[unit, task]


def words_of(document):
    return "\n".join(block.text for block in blocks_of(document, Paragraph))


@BOTH
def test_every_score_below_full_marks_has_reason_and_basis_also_for_programs(folder):
    assessed = assessed_of(folder)
    short = [row for row in assessed.task_scores if assessed.lost(row)]
    assert len(short) > 20
    for row in short:
        assert row.reason, row
        assert row.basis, row


@pytest.mark.parametrize(
    ("unit", "task", "told"),
    [
        ("文旅局", "1.1", "完成率约59.90%，低于60%，不得分"),
        ("交通局", "1.1", "完成率约93.70%"),
        ("交通局", "1.2", "比目标6个低1个"),
        ("交通局", "1.3", "实际80.0%，属“80%（含）至100%（不含）”一档"),
        ("交通局", "1.4", "应完成7项，完成5项，差2项"),
        ("住建局", "2.4", "增速2.55%，比目标8%低5.45个百分点"),
        ("住建局", "3.2", "4个单位中第2名（2个单位并列）"),
        ("住建局", "3.4", "结果为“否”"),
        ("百东新区", "4.1", "扣完为止，按0分计"),
        ("百东新区", "4.3", "没有可计分的事实"),
        ("百东新区", "4.4", "缺报，计0分"),
        ("住建局", "5.5", "比同组平均84.98分低2.58分"),
        ("交通局", "5.2", "清理完成率：完成率88%"),
        ("农业农村局", "1.1", "一票否决“投资数据不实”：核验发现一个项目虚报完成投资0.86亿元"),
    ],
)
def test_a_reason_says_what_decided(unit, task, told):
    assert told in score_of(CITY, unit, task).reason


def test_a_growth_is_measured_in_percent_not_in_money():
    row = score_of(CITY, "住建局", "2.4")
    assert target_text(row) == "增速8%"
    assert actual_text(row) == "41.02亿元（上期40.00亿元，增速2.55%）"
    assert "(41.02 − 40.00) ÷ 40.00 × 100" in row.working


def test_facts_are_counted_in_their_own_measure():
    assert "应审未审1件" in actual_text(score_of(CITY, "住建局", "5.1"))
    assert "退库2家" in actual_text(score_of(CITY, "住建局", "2.3"))


def test_a_value_a_person_decided_is_shown_as_such():
    assert "认定走访率 47.5%" in actual_text(score_of(CITY, "卫健委", "2.2"))


def test_a_value_that_is_not_final_says_so():
    scheme = assessed_of(CITY).scheme
    assert "快报" in grounds_text(scheme, score_of(CITY, "卫健委", "1.1"))
    assert "正式" not in grounds_text(scheme, score_of(CITY, "交通局", "1.1"))


def test_completion_adds_up_only_what_can_be_added():
    assessed = assessed_of(CITY)
    done = assessed.completion(assessed.scheme.task_by_id["1.1"])
    rows = [
        row
        for row in assessed.task_scores
        if row.task == "1.1" and row.state is not ScoreState.NOT_APPLICABLE
    ]
    assert done.scored == len(rows)
    assert done.goal == sum(row.goal for row in rows if row.goal is not None)
    assert done.value == sum(row.value for row in rows if isinstance(row.value, Decimal))
    assert done.full == sum(row.published == assessed.own(row) for row in rows)
    assert assessed.completion(assessed.scheme.task_by_id["1.3"]).goal is None, "rates have no sum"
    assert assessed.completion(assessed.scheme.task_by_id["1.5"]).goal is None
    table = completion_table(assessed)
    assert sum(len(row.cells) > 1 for row in table.rows) == len(assessed.scheme.task_by_id)


def test_the_report_tells_in_words_where_points_went():
    words = words_of(build_report(assessed_of(CITY)))
    assert "年度投资计划目标231亿元，实际213.44亿元，完成率92.4%" in words
    assert "失分较多的任务：" in words
    assert "得分高于指标满分的（含超额加分）：市住房和城乡建设局“重大项目提升行动”10.20分" in words


def test_every_veto_in_force_is_told_with_its_effect_and_its_document():
    assert (
        "一票否决：市农业农村局“投资数据不实”，“1.1 完成市层面重大项目年度投资计划”本项任务计0分（否决前3.60分），"
        "依据市发展改革委办公会议纪要〔2025〕2号；市交通运输局“被国家通报典型案例”，所列任务计0分（5.1、5.2、5.3），"
        "依据市发展改革委党组会议纪要〔2025〕3号。"
    ) in words_of(build_report(assessed_of(CITY))), "and what was lifted is not"
    words = words_of(build_report(assessed_of(COUNTY)))
    assert "南坪镇人民政府“发生较大事故”，定为最低等次，依据临安委〔2025〕1号" in words
    assert "东岭镇人民政府“环境测评弄虚作假”，“和美乡村”本项指标计0分（否决前34.15分）" in words
    assert "中寨乡人民政府“瞒报造成严重后果”，总分计0分（否决前34.20分）" in words


def test_what_is_issued_is_neither_signed_nor_told_when_it_was_made():
    issued = replace(assessed_of(CITY), mark="随青绩办〔2025〕3号印发")
    for given, is_there in ((assessed_of(CITY), True), (issued, False)):
        document = build_report(given)
        words = words_of(document)
        assert ("本报告生成于" in words) is is_there
        assert ("随附的问题清单" in words) is is_there
        assert bool(blocks_of(document, SignatureLine)) is is_there


def test_lost_points_are_told_on_the_scale_of_the_indicator():
    """Points of a task out of 100 weigh as much as they cost the indicator out of 8."""
    assessed = assessed_of(CITY)
    rows = [row for row in assessed.task_scores if row.task == "3.2"]
    lost = sum((Fraction(assessed.lost(row)) for row in rows), Fraction(0)) * 8 / 100
    assert f"共{lost.numerator / lost.denominator:.2f}分" in words_of(build_report(assessed))


def test_where_nothing_was_handed_in_nobody_is_said_to_lack_anything():
    assessed = assessed_of(COUNTY)
    report = build_report(assessed)
    assert not assessed.ledger.is_checked
    assert assessed.ledger.summaries == {}
    assert words_of(report).count("台账未核对") == 2
    assert "必备材料未报" not in words_of(report)
    for unit in assessed.units:
        assert "台账" not in words_of(build_unit_sheet(assessed, unit))


def test_an_empty_evidence_folder_is_not_the_same_as_none():
    scheme = assessed_of(COUNTY).scheme
    assert check_ledger(scheme, (), ()).is_checked
    assert len(check_ledger(scheme, (), ()).problems) > 5
    assert len(check_ledger(scheme, (), (), has_folder=False).problems) == 1


@BOTH
def test_a_place_names_the_number_of_units_and_ties(folder):
    assessed = assessed_of(folder)
    places = [assessed.indicator_place(row) for row in assessed.scores.indicators.values()]
    ranked = [place for place in places if place]
    assert ranked
    assert all("个单位中" in place for place in ranked)
    assert all(place.startswith("同组") for place in ranked) == assessed.has_groups


def test_every_unit_and_every_section_s_sheet_begin_a_page_and_stand_in_the_contents():
    assessed = assessed_of(CITY)
    report = build_report(assessed)
    heads = [
        next(block.text for block in part.blocks if isinstance(block, Heading) and block.level == 2)
        for part in report.parts
        if part.landscape and any(isinstance(b, Heading) and b.level == 2 for b in part.blocks)
    ]
    assert heads[-len(assessed.units) :] == [unit.name for unit in assessed.units]
    assert len(heads) == len(assessed.units) + len(assessed.scheme.indicators)


def test_a_section_signs_only_its_own_sheet():
    for part in build_report(assessed_of(CITY)).parts:
        captions = [b.caption for b in part.blocks if isinstance(b, TableBlock)]
        assert sum("任务得分表" in caption for caption in captions) <= 1


def test_points_that_are_another_unit_s_are_noted():
    notes = [b.note for b in blocks_of(build_report(assessed_of(CITY)), TableBlock)]
    assert any("本单位分值另定的" in note and "市水利局" in note for note in notes)
    assert any("100分制评分" in note for note in notes)
    assert any("可得分低于指标满分的" in note and "市教育局" in note for note in notes)


def test_what_does_not_apply_has_no_points_at_stake():
    assessed = assessed_of(CITY)
    (unit,) = [unit for unit in assessed.units if unit.id == "自然资源局"]
    rows = [row.cells for row in unit_table(assessed, unit, with_standards=False).rows]
    (row,) = [cells for cells in rows if cells[0].startswith("1.1 ")]
    assert row[3:5] == ("—", "不涉及")


def test_a_veto_s_effect_and_the_score_before_it_are_told():
    assessed = assessed_of(CITY)
    decided = table_of(build_report(assessed), "负责人作出的决定")
    kinds = [row.cells[2].split("\n")[0] for row in decided.rows]
    assert kinds == sorted(kinds, key=list(dict.fromkeys(kinds)).index), "of one kind together"
    assert any("（本项任务计0分）" in row.cells[2] for row in decided.rows)
    whole = assessed.scores.indicators["交通局", "5"]
    assert whole.without_veto is not None
    assert any(f"一票否决前，指标得分 {whole.without_veto}" in step for step in whole.steps)


def test_a_spared_task_that_waits_for_its_peers_keeps_the_sheet_open():
    """不涉及 by the mean of scores that are provisional: nobody may sign as if all were settled."""
    assessed = assessed_of(CITY)
    waiting = Problem("GROUP-INCOMPLETE", "科技局 4.3", "同组有单位得分暂定", "请补报")
    key = ("科技局", "4.3")
    tasks = {**assessed.scores.tasks, key: replace(assessed.scores.tasks[key], problems=(waiting,))}
    open_one = replace(assessed, scores=replace(assessed.scores, tasks=tasks))
    table = table_of(build_report(open_one), "待定和暂定事项")
    assert [(row.cells[0], row.cells[3]) for row in table.rows] == [
        ("市科技局", "同组有单位得分暂定")
    ]
    assert "各项任务均已计分" not in words_of(build_report(open_one))
    assert "各项任务均已计分" in words_of(build_report(assessed))


def test_an_accepted_problem_says_why_and_by_whom():
    accepted = replace(
        Problem("SCHED-RETROACTIVE", "issue_date", "10月才印发", "请写明"),
        accepted=True,
        acceptance="市里统一规定（蓝既白）",
    )
    text = problems_markdown("清单", [accepted], "说明。")
    assert "接受理由：市里统一规定（蓝既白）" in text
    assert "共 1 个。说明。" in text
    assert accepted.as_json()["acceptance"] == "市里统一规定（蓝既白）"


def only(assessed, *units):
    """The assessment of some units alone."""
    scores = assessed.scores
    kept = {
        name: {key: row for key, row in getattr(scores, name).items() if key[0] in units}
        for name in ("tasks", "indicators")
    }
    return replace(assessed, scores=replace(scores, **kept))


def test_of_one_unit_no_mean_is_spoken_of():
    assessed = assessed_of(COUNTY)
    unit = assessed.units[0]
    words = words_of(build_report(only(assessed, unit.id)))
    assert "被考评单位1个" in words
    assert "平均得分" not in words
    assert "各单位均为" not in words
    for indicator in assessed.scheme.indicators:
        row = assessed.scores.indicators[unit.id, indicator.id]
        if row.published is not None:
            assert f"{unit.name}得{figure(row.published)}分，得分率" in words


def test_where_nobody_lost_a_point_it_says_so_and_annexes_nothing_about_it():
    assessed = assessed_of(COUNTY)
    full = {
        key: replace(row, published=row.applicable_points)
        for key, row in assessed.scores.tasks.items()
    }
    report = build_report(replace(assessed, scores=replace(assessed.scores, tasks=full)))
    assert "均得满分，没有失分事项" in words_of(report)
    assert "未得满分的共0项次" not in words_of(report)


def test_an_indicator_that_concerns_nobody_is_not_said_to_wait_for_points():
    assessed = assessed_of(COUNTY)
    indicator = assessed.scheme.indicators[0]
    rows = {
        key: replace(row, state=ScoreState.NOT_APPLICABLE, published=None)
        if key[1] == indicator.id
        else row
        for key, row in assessed.scores.indicators.items()
    }
    words = words_of(
        build_report(replace(assessed, scores=replace(assessed.scores, indicators=rows)))
    )
    assert "各被考评单位均不涉及该指标" in words
    assert "被考评单位0个" not in words


def test_what_there_is_none_of_is_said_in_words():
    assessed = assessed_of(COUNTY)
    empty = Entries()
    nothing = replace(assessed, entries=empty, scores=score(assessed.scheme, empty))
    words = words_of(build_report(nothing))
    assert "没有收到数据，没有扣分和加分事实，没有由负责人作出的决定。" in words
    assert "0条" not in words
    assert "共0项" not in words
