"""Steps: what each is, when it is due, and what is left to a person because the words do not say."""

import time
from datetime import date

import pytest

from kaoping.core.draft.summary import summary_rows
from kaoping.core.notice.dates import Reckoning, find_dates
from kaoping.core.notice.procedure import MAX_STEPS
from kaoping.core.notice.reading import notice_problems, read_notice
from kaoping.core.notice.step_kinds import kind_of
from kaoping.core.scheme import StepKind
from tests.core.notice.facts import value

HEAD = "某市林业局关于做好2024年度林业考核工作的通知\n各县区林业局:\n"


def notice_of(body, issued="2024年12月1日"):
    return read_notice(f"{HEAD}{body}\n某市林业局\n{issued}".split("\n"))


def steps_of(*steps, issued="2024年12月1日"):
    lines = [f"({number}){words}" for number, words in zip("一二三四五六", steps, strict=False)]
    return notice_of("\n".join(["一、考核程序", *lines]), issued)


def kinds(notice):
    return [step.kind for step in notice.steps]


def dues(notice):
    return [step.due for step in notice.steps]


def unread(notice):
    return [source.text for source in notice.unread]


# --- the year of a date --------------------------------------------------------------------------


def test_the_end_of_a_range_follows_its_beginning():
    reckoning = Reckoning(2024, date(2024, 12, 1))
    (phrase,) = find_dates("2024年1月1日至12月31日", reckoning)
    assert (phrase.first, phrase.last) == (date(2024, 1, 1), date(2024, 12, 31))
    (phrase,) = find_dates("12月25日至1月5日", reckoning)
    assert (phrase.first, phrase.last) == (date(2024, 12, 25), date(2025, 1, 5))


@pytest.mark.parametrize("words", ["2025年1月15日至2025年1月10日", "1月15日至1月10日"])
def test_a_range_that_ends_before_it_begins_is_not_guessed(words):
    notice = steps_of(f"收集资料。{words}报送资料。")
    assert dues(notice) == [None]
    assert unread(notice) == [words]


def test_a_range_of_what_is_assessed_is_no_deadline_and_moves_no_year():
    notice = steps_of(
        "数据收集。收集2024年1月1日至12月31日的数据,于1月5日前报送。",
        "考核评分。1月15日前评分。",
    )
    assert dues(notice) == [date(2025, 1, 5), date(2025, 1, 15)]
    assert unread(notice) == []


def test_no_date_is_reckoned_before_the_issue_date():
    notice = steps_of(
        "季度监测。4月10日前报送一季度资料。",
        "数据收集。12月31日前收集资料。",
        "考核评分。1月20日前评分。",
        issued="2024年3月3日",
    )
    assert dues(notice) == [date(2024, 4, 10), date(2024, 12, 31), date(2025, 1, 20)]


# --- the cut-off ---------------------------------------------------------------------------------


def test_the_period_of_the_data_ends_with_the_cutoff():
    notice = steps_of("数据收集。考核数据统计期为2024年1月1日至12月31日,1月10日前报送。")
    assert value(notice.data_cutoff) == date(2024, 12, 31)
    assert dues(notice) == [date(2025, 1, 10)]


@pytest.mark.parametrize("words", ["台账资料截止日期1月8日", "佐证材料的截止时间为1月8日"])
def test_a_filing_deadline_is_no_cutoff(words):
    notice = steps_of(f"数据收集。{words}。")
    assert notice.data_cutoff is None
    assert dues(notice) == [date(2025, 1, 8)]


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("数据报送时间节点为1月8日", date(2025, 1, 8)),
        ("2025年1月8日前报送截至2024年12月31日的数据", date(2025, 1, 8)),
        ("资料报送以1月8日为准", None),
    ],
)
def test_words_of_filing_near_a_word_of_cutoff(words, due):
    notice = steps_of(f"数据收集。{words}。")
    assert notice.data_cutoff is None
    assert dues(notice) == [due]


def test_the_cutoff_and_the_deadline_in_one_clause():
    notice = steps_of("数据收集。将截至2024年12月31日的资料于1月8日前报送。")
    assert value(notice.data_cutoff) == date(2024, 12, 31)
    assert dues(notice) == [date(2025, 1, 8)]


def test_several_cutoffs_are_left_to_a_person():
    notice = steps_of(
        "数据收集。指标数据截至2024年11月30日。1月8日前报送。",
        "考核评分。1月20日前评分,统计数据截至2024年12月31日。",
    )
    assert notice.data_cutoff is None
    assert dues(notice) == [date(2025, 1, 8), date(2025, 1, 20)]
    assert unread(notice) == ["2024年11月30日", "2024年12月31日"]


def test_a_day_gone_by_without_a_year_is_no_cutoff():
    assert steps_of("数据收集。指标数据截至1月8日,各单位报送。").data_cutoff is None
    told = steps_of("数据收集。指标数据截至2024年9月30日,各单位报送。").data_cutoff
    assert value(told) == date(2024, 9, 30)
    assert value(steps_of("数据收集。考核数据以12月31日为准。").data_cutoff) == date(2024, 12, 31)


# --- dates that set nobody a time ----------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "统计时段为2024年1月1日至2024年12月31日,1月10日前完成",
        "考核期间:2024年1月1日至12月31日,1月10日前完成",
        "数据统计时间为2024年1月1日至12月31日,报送时间为1月5日至1月10日",
        "考核年度为2024年1月1日至12月31日,1月10日前报送",
        "对1月5日前报送的资料,于1月10日前收集",
        "数据所属期为2024年1月1日至12月31日,1月10日前完成",
        "对2024年12月31日前竣工的项目,收集资料,1月10日前完成",
        "根据2024年3月5日前印发的文件,于1月10日前报送",
        "1月10日前收集,对9月1日前备案的项目重点收集",
        "根据2023年1月5日印发的办法报送,1月10日前完成",
        "1月10日前报送(逾期至1月18日不再受理)",
        "1月10日前由各单位将收集的资料报送",
    ],
)
def test_only_the_deadline_is_read(words):
    notice = steps_of(f"收集资料。{words}。", "考核评分。1月20日前评分。")
    assert dues(notice) == [date(2025, 1, 10), date(2025, 1, 20)]
    assert unread(notice) == []


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("1月5日前后完成", "1月5日前后"),
        ("对9月1日前备案的项目收集资料", "9月1日前"),
        ("按照1月5日会议要求报送", "1月5日"),
        ("1月第2周完成", "1月第2周"),
        ("下月5日前完成", "下月5日前"),
        ("每月10日前报送", "每月10日前"),
        ("春节前完成", "春节前"),
        ("2025年一季度前完成", "一季度前"),
        ("25年1月5日前完成", "1月5日前"),
        ("2025年1月完成收集", "1月完成"),
        ("2025年1月10日前收集的资料作为依据", "2025年1月10日前"),
    ],
)
def test_a_time_that_is_no_day_is_shown(words, shown):
    notice = steps_of(f"收集资料。{words}。")
    assert dues(notice) == [None]
    assert unread(notice) == [shown]
    assert [p.code for p in notice_problems(notice)] == ["NOTICE-UNREAD"]


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("2025年元月10日前", date(2025, 1, 10)),
        ("1月5-10日", date(2025, 1, 10)),
        ("2025/1/5—2025/1/10", date(2025, 1, 10)),
        ("二O二五年一月十日前", date(2025, 1, 10)),
    ],
)
def test_more_ways_to_say_a_day(words, due):
    notice = steps_of(f"收集资料。{words}报送资料。")
    assert dues(notice) == [due]
    assert unread(notice) == []


def test_days_in_brackets_after_a_title():
    notice = steps_of("收集资料(1.5-1.10)。各单位报送。")
    assert (value(notice.steps[0].start), notice.steps[0].due) == (
        date(2025, 1, 5),
        date(2025, 1, 10),
    )
    assert list(find_dates("每项1.5-1.10分", Reckoning(2024))) == []


# --- several deadlines ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "第一批12月20日前,第二批1月5日前",
        "12月20日、1月5日前分两批报送",
        "12月20日前报送资料,1月5日前补正",
    ],
)
def test_several_deadlines_are_left_to_a_person(words):
    notice = steps_of(f"收集资料。{words}。")
    assert dues(notice) == [None]
    assert len(notice.steps[0].deadlines) == 2
    assert len(unread(notice)) == 2


def test_the_same_day_twice_is_one_deadline():
    notice = steps_of("收集资料(2025年1月10日前)。各单位于1月10日前报送。")
    assert dues(notice) == [date(2025, 1, 10)]
    assert unread(notice) == []


def test_parts_between_semicolons_are_steps_of_their_own():
    notice = steps_of(
        "年终考核。12月10日前报送自评材料;12月11日至25日组织考核组实地考核评分;12月31日前汇总。"
    )
    assert list(zip(kinds(notice), dues(notice), strict=True)) == [
        (StepKind.COLLECT, date(2024, 12, 10)),
        (StepKind.SCORE, date(2024, 12, 25)),
        (StepKind.CONSOLIDATE, date(2024, 12, 31)),
    ]


# --- the kind ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("复核。1月10日前,各科室对自评材料进行复核,提出初步评分意见。", StepKind.SCORE),
        ("复核。1月10日前,考核组复核打分。", StepKind.SCORE),
        ("人工复核。1月10日前,各科室对系统打分结果进行复核。", StepKind.VERIFY),
        ("复核。1月10日前,考核组对自评材料复核。", StepKind.VERIFY),
        ("复核。1月10日前,被考核单位对得分有异议的可申请复核。", StepKind.APPEAL),
        ("申诉复核。1月10日前提出。", StepKind.APPEAL),
        ("异议处理。1月10日前,可向科室提出复核申请。", StepKind.APPEAL),
        ("审核。1月10日前,各科室审核自评材料并打分。", StepKind.SCORE),
        ("各科室根据统计部门正式公布的年度数据,于1月10日前完成各指标计分。", StepKind.SCORE),
        ("1月10日前,领导小组会议审定考评结果,并予以通报。", StepKind.FILE),
        ("考核办于审定后1月10日前公布考核结果。", StepKind.PUBLIC_NOTICE),
        ("审定公布。考核报告经会议审定后,于1月10日前公布。", StepKind.PUBLIC_NOTICE),
        ("平时监测。1月10日前监测,并反馈问题。", StepKind.COLLECT),
        ("1月10日前将评分结果反馈各被考核单位。", StepKind.FEEDBACK),
        ("年终检查考核。1月10日前,考核组现场打分。", StepKind.SCORE),
        ("1月10日前将评分结果及核验情况报送市考核办。", StepKind.FILE),
        ("1月10日前将完成情况及佐证材料报送我局。", StepKind.COLLECT),
        ("1月10日前,各牵头部门将评分表及佐证资料报市绩效办。", StepKind.FILE),
        ("公示无异议后,1月10日前报市绩效办。", StepKind.FILE),
        ("1月10日前,经公示无异议后,报市绩效办。", StepKind.FILE),
        ("1月10日前,考核办对各乡镇自评情况进行核查。", StepKind.VERIFY),
        ("1月10日前按照印发的方案评分。", StepKind.SCORE),
        ("1月10日前,各科室完成指标评分并报送综合科。", StepKind.SCORE),
        ("1月10日前,公示初评结果并接受申诉。", StepKind.PUBLIC_NOTICE),
        ("根据初步评分及核验情况,1月10日前形成评分报告。", StepKind.CONSOLIDATE),
    ],
)
def test_what_a_step_is(step, kind):
    notice = steps_of(step)
    assert kinds(notice) == [kind]
    assert dues(notice) == [date(2025, 1, 10)]


@pytest.mark.parametrize(
    "step",
    [
        "制定细则。12月10日前,制定评分细则。",
        "评分标准。12月10日前,各科室制定评分标准。",
        "公布方案。12月10日前公布考核方案。",
        "动员部署。12月10日前召开考核动员会。",
        "12月10日前,各科室印发评分办法。",
        "兑现。审定结果反馈企业,作为兑现依据。",
        "考核办于12月20日前对各单位报送的计分结果进行审核。",
        "12月20日前,各考评对象补充材料。",
        "12月20日前,各单位整理好台账。",
        "核验结束后,12月20日前完成整改。",
        "12月20日前补充材料,逾期不予评分。",
        "12月20日前各单位报送。",
        "12月20日前将审定后的考核结果书面通知被考核单位。",
    ],
)
def test_what_is_no_step_of_an_assessment_is_shown(step):
    notice = steps_of(step)
    assert kinds(notice) == []
    assert len(unread(notice)) == 1


def test_merging_and_publishing_in_one_is_left_to_a_person():
    notice = steps_of("汇总公示。1月20日前,汇总得分并公示。")
    assert kinds(notice) == [StepKind.CONSOLIDATE]
    assert len(unread(notice)) == 1


def test_a_title_of_rules_is_no_scoring():
    assert kind_of("评分标准") is None
    assert kind_of("考核评分") is StepKind.SCORE


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("收集资料 2025年1月5日至10日", "收集资料"),
        ("自评材料网上填报截止时间为2025年1月10日18:00。", "自评材料网上填报"),
        ("集中评分(2025年1月13日至17日)", "集中评分"),
        ("收集资料。2025年1月10日前报送。", "收集资料"),
    ],
)
def test_names_hold_no_dates(step, name):
    (read,) = steps_of(step).steps
    assert read.name.value == name
    assert read.name.source.text == name


def test_steps_of_one_kind_have_names_of_their_own():
    notice = steps_of("1月10日前各科室打分。", "1月20日前考核组打分。")
    assert [step.name.value for step in notice.steps] == ["打分", "打分（2）"]


# --- running text --------------------------------------------------------------------------------


def test_steps_without_a_heading():
    notice = notice_of(
        "请各县区于2025年1月6日前将完成情况及佐证材料报送我局;我局将于1月15日前完成资料审核和打分,"
        "1月16日至20日组织现场抽查,1月24日前将评分结果报送市考核办。逾期未报送的,按零分处理。"
    )
    assert list(zip(kinds(notice), dues(notice), strict=True)) == [
        (StepKind.COLLECT, date(2025, 1, 6)),
        (StepKind.SCORE, date(2025, 1, 15)),
        (StepKind.VERIFY, date(2025, 1, 20)),
        (StepKind.FILE, date(2025, 1, 24)),
    ]
    assert unread(notice) == []


def test_a_time_in_running_text_that_is_no_step_is_shown():
    notice = notice_of("请各村于1月3日前把台账准备好。1月10日前由考核办报党委会议审定。")
    assert kinds(notice) == [StepKind.FILE]
    assert unread(notice) == ["请各村于1月3日前把台账准备好"]


def test_a_text_without_times_has_no_steps():
    notice = notice_of(
        "根据2023年1月5日印发的办法和2024年12月31日前完成任务的要求,请各单位认真组织自评。"
    )
    assert kinds(notice) == []
    assert unread(notice) == []


def test_a_plain_day_opens_a_step_of_a_list():
    notice = notice_of("一、时间安排\n1月10日前:各单位自评;\n1月25日:公示;\n1月底前:会议审定。")
    assert list(zip(kinds(notice), dues(notice), strict=True)) == [
        (StepKind.COLLECT, date(2025, 1, 10)),
        (StepKind.PUBLIC_NOTICE, date(2025, 1, 25)),
        (StepKind.FILE, date(2025, 1, 31)),
    ]


def test_phases_in_running_text_are_known_by_all_their_sentences():
    notice = notice_of(
        "一、方法步骤\n第一阶段:自评阶段(2025年1月10日前)。各单位自评。\n"
        "第二阶段:复核阶段(2025年1月20日前)。考核组复核打分。"
    )
    assert kinds(notice) == [StepKind.COLLECT, StepKind.SCORE]


# --- assessed objects ----------------------------------------------------------------------------


def test_indicators_are_no_assessed_objects():
    notice = notice_of(
        "一、考评对象和指标\n考评对象为各县区和各乡镇;考评指标为:造林面积、防火巡查2项。"
    )
    assert [found.value for found in notice.assessed] == ["各县区", "各乡镇"]
    plain = notice_of("一、考评对象\n考评对象为甲县、乙县。")
    assert [found.value for found in plain.assessed] == ["甲县", "乙县"]


# --- bounds --------------------------------------------------------------------------------------


def test_more_steps_than_any_procedure_has_are_kept_as_unread():
    notice = notice_of("一、考核程序\n" + "1月5日前评分;根据评分结果,1月6日前汇总;\n" * 1000)
    assert len(notice.steps) == MAX_STEPS
    assert len(unread(notice)) == 2000 - MAX_STEPS


@pytest.mark.parametrize(
    "words",
    ["1月5日前复核。", "1月5日前评分;", "指标数据截至2024年12月31日,", "《", "每月", "1月5日报送"],
)
def test_hostile_lines_of_steps_end_quickly(words):
    line = (words * 10_000)[:9_900]
    started = time.process_time()
    notice_of("\n".join([line] * 10))
    notice_of("一、考核程序\n" + "\n".join([f"(一)数据收集。{line}"] * 10))
    assert time.process_time() - started < 10


def test_the_summary_says_why_a_step_has_no_day():
    notice = steps_of(
        "收集资料。12月20日前报送资料,1月5日前补正。",
        "考核评分。各科室评分。",
        "申诉处理。有异议的，在5个工作日内书面申诉。",
    )
    rows = [text for label, text, _ in summary_rows(notice) if label == "环节"]
    assert rows == [
        "收集资料：写了几个时限，请确认",
        "考核评分：没有读到时限，请对照原文",
        "申诉处理：写了“5个工作日内”，是相对的时限，没有具体日期",
    ]
