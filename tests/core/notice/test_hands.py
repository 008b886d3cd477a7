"""Forms of real offices that a notice is read in: headings, windows, lists, duties in other hands."""

from dataclasses import replace
from datetime import date

import pytest

from kaoping.core.notice.reading import notice_problems, read_notice
from kaoping.core.problems import Severity
from kaoping.core.scheme import StepKind

HEAD = [
    "某市林业局关于做好2025年度林业考核工作的通知",
    "东溪县林业局、西溪县林业局、南溪县林业局，局机关各科室：",
]
FOOT = ["某市林业局", "2025年2月10日"]


def read(*lines):
    return read_notice([*HEAD, *lines, *FOOT])


def names(notice):
    return [indicator.name.value for indicator in notice.indicators]


def steps(notice):
    return [(s.kind, s.name.value, s.start and s.start.value, s.due) for s in notice.steps]


# --- headings ------------------------------------------------------------------------------------


def test_a_heading_may_stand_in_brackets_on_its_own_line():
    notice = read(
        "【考核对象】",
        "东溪县林业局、西溪县林业局、南溪县林业局。",
        "【考核指标】",
        "造林，60分；防火，40分。",
    )
    assert [each.value for each in notice.assessed] == [
        "东溪县林业局",
        "西溪县林业局",
        "南溪县林业局",
    ]
    assert names(notice) == ["造林", "防火"]


@pytest.mark.parametrize("marks", ["（{}）", "【{}】"])
def test_the_title_of_an_article_may_stand_in_brackets_behind_its_number(marks):
    def titled(number, title):
        return f"第{number}条" + marks.format(title)

    notice = read(
        titled("一", "考核指标") + "考核指标为造林、防火两项，造林60分，防火40分。",
        titled("二", "科室评分") + "2026年1月5日至1月14日，科室依据自查表评分，交综合科。",
        titled("三", "现场核验") + "2026年1月15日至1月23日，综合科组织核验。",
        titled("四", "汇总") + "2026年1月30日前，综合科汇总评分。",
    )
    assert names(notice) == ["造林", "防火"]
    assert [name for _, name, _, _ in steps(notice)] == ["科室评分", "现场核验", "汇总"]


def test_a_numbered_sentence_about_the_assessed_lists_nobody():
    notice = read(
        "1.考核对象：东溪县林业局、西溪县林业局、南溪县林业局。",
        "2.考核对象按总分排次序；总分相同的，次序并列。",
    )
    assert len(notice.assessed) == 3


def test_who_is_said_not_to_be_assessed_is_left_out():
    notice = read(
        "一、对象",
        "考核东溪县林业局、西溪县林业局、南溪县林业局。",
        "市统计局、市财政局参与评分，不在考核之列。",
    )
    assert [each.value for each in notice.assessed] == [
        "东溪县林业局",
        "西溪县林业局",
        "南溪县林业局",
    ]


# --- steps ---------------------------------------------------------------------------------------

STEPS = "一、考核程序"


def test_a_day_within_the_window_sets_no_other_deadline():
    notice = read(
        STEPS, "（一）现场核验。2026年1月22日至30日，综合科核验评分；名单于1月22日上午抽签产生。"
    )
    assert steps(notice)[0][2:] == (date(2026, 1, 22), date(2026, 1, 30))
    assert notice.unread == ()


@pytest.mark.parametrize(
    "closing", ["平台开放到1月20日，届时空缺的计零分", "系统于1月20日锁定", "平台1月20日关闭"]
)
def test_the_day_a_platform_closes_for_the_late_is_no_deadline(closing):
    notice = read(STEPS, f"（一）自查填报。2026年1月5日至14日，各单位填报自查材料。{closing}。")
    assert steps(notice)[0][3] == date(2026, 1, 14)


def test_an_appeal_ends_when_it_is_answered():
    notice = read(
        STEPS, "（一）申诉。2026年2月4日至2月6日，各单位可书面申诉。2026年2月10日前书面答复。"
    )
    assert steps(notice)[0] == (StepKind.APPEAL, "申诉", date(2026, 2, 4), date(2026, 2, 10))


def test_a_note_may_stand_between_the_ends_of_a_window():
    notice = read(STEPS, "（一）自查。2026年1月4日（调休上班）至1月14日，各单位自查并报自查表。")
    assert steps(notice)[0][2:] == (date(2026, 1, 4), date(2026, 1, 14))


def test_words_below_a_table_of_steps_explain_its_rows():
    notice = read(
        STEPS,
        "环节 | 时间 | 责任单位",
        "科室评分 | 2026年1月12日至1月20日 | 各科室",
        "申诉处理 | 2026年2月4日至2月10日 | 综合科",
        "科室评分：填写评分表，经办人签字。",
        "申诉处理：各单位于2月6日前书面申诉，综合科2月10日前答复。",
    )
    assert [(name, due) for _, name, _, due in steps(notice)] == [
        ("科室评分", date(2026, 1, 20)),
        ("申诉处理", date(2026, 2, 10)),
    ]


def test_filing_away_is_told_and_weighs_little():
    notice = read(
        STEPS,
        "（一）评分。2026年1月12日前，科室评分。",
        "（二）归档。2026年3月31日前，综合科将材料归档。",
    )
    problems = notice_problems(notice)
    assert [p.severity for p in problems] == [Severity.C]
    assert "归档" in problems[0].message


def test_what_was_not_understood_is_one_problem_a_paragraph():
    notice = read("一、职责分工", "（一）造林由造林科负责；联络员：待定；联系电话：另行通知。")
    assert len(notice.unread) > 1
    assert len(notice_problems(notice)) == 1


# --- lists of indicators -------------------------------------------------------------------------

PEOPLE = "责任领导：王林，责任人：李木，联络员：张森，电话：0000-0000301"


@pytest.mark.parametrize(
    "lines",
    [
        [
            "指标名称：造林质量",
            "指标分值：60分",
            "责任科室：造林科",
            "指标名称：森林防火",
            "指标分值：40分",
            "责任科室：防火科",
        ],
        [
            "一、造林质量（60分）由造林科承办。",
            "二、森林防火（40分）由防火科承办。",
            "三、合计100分。",
        ],
        ["“造林质量”指标计60分，由造林科评定。", "“森林防火”指标计40分，由防火科评定。"],
        [
            "（一）造林质量",
            "分值：60分",
            "责任科室：造林科",
            "（二）森林防火",
            "分值：40分",
            "责任科室：防火科",
        ],
    ],
)
def test_indicators_are_found_in_many_forms(lines):
    assert names(read("考核两项指标，满分100分。", *lines)) == ["造林质量", "森林防火"]


@pytest.mark.parametrize(
    "rule",
    [
        "综合科总协调，负责收件、汇总、报送。",
        "市财政局人员不得参与本单位的评分。",
        "以上人员信息只供工作联系，不得对外公开。",
        "每项得分＝分值×完成率，四舍五入保留两位小数。",
        "科长外出的，由副科长代为签字。",
    ],
)
def test_rules_among_the_duties_are_no_duties(rule):
    notice = read("一、职责分工", f"（一）造林由造林科负责，{PEOPLE}。", rule)
    assert notice.unread == ()


def test_an_inner_office_helps_as_the_table_says():
    notice = read(
        "考核指标 | 责任部门 | 协助部门 | 外部协助单位 | 联络员 | 电话",
        "造林质量 | 造林局 | 综合局 | 林业协会中心 | 张森 | 0000-0000301",
        "森林防火 | 防火局 | 造林局 | 气象监测中心 | 李木 | 0000-0000302",
    )
    first = notice.indicators[0]
    assert [s.value for s in first.responsible_section] == ["造林局"]
    assert [s.value for s in first.cooperating_sections] == ["综合局"]
    assert [s.value for s in first.cooperating_units] == ["林业协会中心"]


# --- further hands -------------------------------------------------------------------------------


def test_who_sends_somebody_to_take_part_cooperates():
    notice = read(
        "二、指标分工", "（一）造林，60分。具体由造林科主办，财务科协办，市财政局派员参加。"
    )
    (one,) = notice.indicators
    assert [each.value for each in one.cooperating_units] == ["市财政局"]
    assert notice.unread == ()


def test_an_arrangement_may_tell_who_is_assessed_and_no_steps():
    notice = read(
        "1.考核安排",
        "1.1考核对象：东溪县林业局、西溪县林业局。",
        "1.2组织方式：综合科牵头组织，责任科室分项评分。",
        "2.工作进程（日期均为2026年）",
        "2.1自查申报（1月6日至14日）。各单位自查，填写申报表。",
        "2.2科室评分（1月16日至23日）。责任科室根据申报表评分。",
    )
    assert [each.value for each in notice.assessed] == ["东溪县林业局", "西溪县林业局"]
    assert [name for _, name, _, _ in steps(notice)] == ["自查申报", "科室评分"]


def test_a_note_and_a_start_word_may_stand_between_the_ends_of_a_range():
    notice = read(
        "三、工作安排",
        "1.自查申报。自2026年1月4日（元旦假期调休，正常上班）起至1月13日止，各单位自查，填写申报表。",
        "2.科室评分。1月21日前，责任科室根据申报表评分。",
    )
    assert steps(notice)[0][2:] == (date(2026, 1, 4), date(2026, 1, 13))


def test_requirements_may_be_told_in_lines_that_begin_with_their_title():
    notice = read(
        "六、工作要求",
        "统一尺度：责任科室在打分前要组织学习附件1。",
        "务实节俭：实地查验不搞迎送陪同。",
    )
    assert [(each.title.value, each.text) for each in notice.requirements] == [
        ("统一尺度", "责任科室在打分前要组织学习附件1"),
        ("务实节俭", "实地查验不搞迎送陪同"),
    ]


def test_an_indicator_is_no_assessed_object_whatever_its_last_sign():
    notice = read(
        "一、基本情况",
        "（一）参评单位。东溪县林业局、西溪县林业局，共2个。",
        "（二）评估指标。共2项：",
        "1.事项网上可办（60分）；",
        "2.造林（40分）。",
    )
    assert [each.value for each in notice.assessed] == ["东溪县林业局", "西溪县林业局"]


def test_paragraphs_unread_in_one_form_are_told_once_with_every_place():
    source = read("二、指标分工", "造林，60分。").title.source
    notice = read("二、指标分工", "造林，60分。")
    unread = tuple(
        replace(source, line=line, text=text)
        for line, text in ((14, "市财政局候场"), (15, "市教育局候场"), (16, "另有安排若干"))
    )
    problems = notice_problems(replace(notice, unread=unread))
    assert [problem.where for problem in problems] == ["第 14 行", "第 16 行"]
    assert "第 15 行写法相同" in problems[0].message
