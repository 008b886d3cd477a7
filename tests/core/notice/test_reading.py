"""Reading a notice: ways to say a duty, a step, a date; what is not understood is kept."""

import time
from datetime import date

import pytest

from kaoping.core.draft.summary import summary_rows
from kaoping.core.errors import InputError
from kaoping.core.notice.dates import DateRole, Reckoning, find_dates, whole_date
from kaoping.core.notice.duties import read_duty
from kaoping.core.notice.names import named_indicator
from kaoping.core.notice.outline import Rank, as_lines, read_outline
from kaoping.core.notice.passage import joined
from kaoping.core.notice.reading import MAX_LINE, MAX_LINES, notice_problems, read_notice
from kaoping.core.scheme import StepKind
from tests.core.notice.facts import value

RECKONING = Reckoning(2024, date(2024, 10, 23))

HEAD = """某市林业局关于做好2024年度林业考核工作的通知
各县区林业局:
一、考核指标
林业产业、森林防火。
二、责任分工
{duties}
三、考核程序
{steps}
四、有关要求
(一)实事求是。不得弄虚作假。
某市林业局
2024年3月1日
"""
DUTIES = "(一)林业产业由产业科负责。联系人:白桦\n(二)森林防火由防火科负责。联系人:林深"
STEPS = "(一)数据收集。2025年1月10日前,各单位报送材料。\n(二)考核评分。2025年1月17日前,完成评分。"


def notice_of(duties=DUTIES, steps=STEPS):
    return read_notice(HEAD.format(duties=duties, steps=steps).split("\n"))


def duty_of(text):
    gathered, subject = read_duty(joined(as_lines(text.split("\n"))))
    read = {role.value: [f.value for f in found] for role, found in gathered.values.items()}
    name = named_indicator(subject, [])[0].value if subject else None
    return name, read, [source.text for source in gathered.unread()]


# --- ways to say a duty --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lead", "sections", "units"),
    [
        (
            "林业产业指标由市林业局牵头,产业科具体负责,市财政局配合。",
            "市林业局",
            ["产业科"],
            ["市财政局"],
        ),
        (
            "林业产业指标考核由市林业局(产业科)牵头,市财政局配合。",
            "市林业局",
            ["产业科"],
            ["市财政局"],
        ),
        (
            "林业产业指标,牵头单位市林业局,责任科室产业科,配合单位市财政局。",
            "市林业局",
            ["产业科"],
            ["市财政局"],
        ),
        (
            "林业产业指标由市林业局产业科负责考核,市财政局提供数据。",
            "市林业局",
            ["产业科"],
            ["市财政局"],
        ),
        ("产业科负责林业产业指标的数据收集、评分和核验工作。", None, ["产业科"], []),
        ("林业产业指标的考评工作,由市林业局牵头,产业科承办。", "市林业局", ["产业科"], []),
        ("林业产业考核工作由市林业局负责,具体工作由产业科承担。", "市林业局", ["产业科"], []),
        (
            "林业产业由市林业局牵头(责任科室:产业科),市财政局协助。",
            "市林业局",
            ["产业科"],
            ["市财政局"],
        ),
        (
            "林业产业由市林业局牵头,具体产业科负责,市财政局等单位参与配合。",
            "市林业局",
            ["产业科"],
            ["市财政局"],
        ),
        (
            "林业产业:由产业科牵头负责,市自然资源和规划局和市财政局配合。",
            None,
            ["产业科"],
            ["市自然资源和规划局", "市财政局"],
        ),
        (
            "指标名称:林业产业\n牵头单位:市林业局\n承办科室:产业科\n协作单位:市财政局",
            "市林业局",
            ["产业科"],
            ["市财政局"],
        ),
    ],
)
def test_ways_to_name_offices(text, lead, sections, units):
    name, read, unread = duty_of(text)
    assert name == "林业产业"
    assert read.get("lead_unit", [None])[0] == lead
    assert read["responsible_section"] == sections
    assert read.get("cooperating_units", []) == units
    assert unread == []


@pytest.mark.parametrize(
    ("text", "role", "expected"),
    [
        ("责任领导:杨帆、白桦", "responsible_leader", ["杨帆", "白桦"]),
        ("分管领导:党组成员、副局长杨帆", "responsible_leader", ["杨帆"]),
        ("牵头领导:杨帆(副局长),联络员:白桦", "responsible_leader", ["杨帆"]),
        ("分管局领导杨帆,联络员白桦", "responsible_leader", ["杨帆"]),
        ("责任人:产业科科长林深", "responsible_person", ["林深"]),
        ("科室负责人:欧阳白桦同志", "responsible_person", ["欧阳白桦"]),
        ("联系人:白 桦 联系电话:0000-0000001", "liaison", ["白桦"]),
        ("联络人及电话:白桦 0000-0000001", "liaison", ["白桦"]),
        ("联系人及电话:白桦,0000-0000001", "telephone", ["0000-0000001"]),
        ("联络员:阿依古丽·买买提,电话:0000-0000001", "liaison", ["阿依古丽·买买提"]),
        ("办公电话:(0000)0000001、0000-0000002", "telephone", ["0000-0000001", "0000-0000002"]),
        ("电话:0000001,传真:0000-0000009", "telephone", ["0000001"]),
        ("手机10000000000", "telephone", ["10000000000"]),
        ("邮箱a.b@linye.example", "mailbox", ["a.b@linye.example"]),
        ("E-mail:ab@linye.example", "mailbox", ["ab@linye.example"]),
        ("电子信箱:ab_1@linye.example", "mailbox", ["ab_1@linye.example"]),
    ],
)
def test_ways_to_name_people(text, role, expected):
    _, read, _ = duty_of(text)
    assert read[role] == expected


def test_section_is_not_taken_for_a_person():
    _, read, unread = duty_of("林业产业由产业科负责。责任人:安全科")
    assert "responsible_person" not in read
    assert any("安全科" in words for words in unread)


def test_unread_clause_of_a_duty_is_kept():
    notice = notice_of(DUTIES + ",其余事项另行研究")
    assert [source.text for source in notice.unread] == ["其余事项另行研究"]
    (problem,) = notice_problems(notice)
    assert (problem.code, problem.where) == ("NOTICE-UNREAD", "第 7 行")


def test_duty_that_names_nobody_is_kept():
    notice = notice_of(DUTIES + "\n(三)其他事项视情况另定")
    assert [source.text for source in notice.unread] == ["其他事项视情况另定"]


# --- ways to say a step --------------------------------------------------------------------------


def steps_of(steps):
    notice = notice_of(steps=steps)
    return [(step.kind, step.due) for step in notice.steps], notice


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("2025年1月10日前", date(2025, 1, 10)),
        ("2025年1月10日之前", date(2025, 1, 10)),
        ("于1月10日以前", date(2025, 1, 10)),
        ("次年1月10日前", date(2025, 1, 10)),
        ("明年1月10日(星期五)前", date(2025, 1, 10)),
        ("今年12月底前", date(2024, 12, 31)),
        ("2025年1月上旬", date(2025, 1, 10)),
        ("1月6日至10日", date(2025, 1, 10)),
        ("2025年1月6日—1月10日", date(2025, 1, 10)),
        ("2024年12月25日-2025年1月10日", date(2025, 1, 10)),
        ("二〇二五年一月十日前", date(2025, 1, 10)),
        ("2025-01-10前", date(2025, 1, 10)),
        ("截止时间为2025年1月10日", date(2025, 1, 10)),
        ("2025年1月10日18:00前", date(2025, 1, 10)),
        ("不晚于2025年1月10日", date(2025, 1, 10)),
    ],
)
def test_ways_to_say_a_deadline(words, due):
    steps, notice = steps_of(f"(一)材料报送。{words},各单位报送材料。")
    assert steps == [(StepKind.COLLECT, due)]
    assert notice.unread == ()


@pytest.mark.parametrize("words", ["2025年1月初前", "2025年2月30日前", "2025年13月5日前"])
def test_a_date_that_names_no_day_is_not_guessed(words):
    steps, notice = steps_of(f"(一)材料报送。{words},各单位报送材料。")
    assert steps == [(StepKind.COLLECT, None)]
    assert len(notice.unread) == 1


def test_steps_in_one_paragraph():
    steps, _ = steps_of("2025年1月10日前完成数据收集;1月17日前完成评分;1月24日前报送市考核办。")
    assert steps == [
        (StepKind.COLLECT, date(2025, 1, 10)),
        (StepKind.SCORE, date(2025, 1, 17)),
        (StepKind.FILE, date(2025, 1, 24)),
    ]


def test_step_without_a_known_kind_is_kept():
    _, notice = steps_of(STEPS + "\n(三)另行通知。2025年3月1日前,视情况办理。")
    assert [source.line for source in notice.unread] == [11]


@pytest.mark.parametrize(
    ("words", "inputs"),
    [
        ("根据初步评分及核验情况,形成评分报告", ["考核评分", "现场核验"]),
        ("汇总各科室评分结果,形成评分报告", ["考核评分"]),
        ("在核查结果的基础上,形成评分报告", ["现场核验"]),
        ("对照核验标准,形成评分报告", []),
        ("形成评分结果和核验情况报告", []),
    ],
)
def test_what_a_step_says_it_uses(words, inputs):
    _, notice = steps_of(
        STEPS + "\n(三)现场核验。2025年1月24日前,开展核验。"
        f"\n(四)汇总整理。2025年1月27日前,{words}。"
    )
    assert [found.value for found in notice.steps[3].inputs] == inputs


@pytest.mark.parametrize(
    "words",
    [
        "数据截止时间为2024年12月31日",
        "指标数据截至2024年12月31日",
        "考核数据以12月31日为准",
        "数据统计时点为2024年12月31日24时",
    ],
)
def test_the_cutoff_is_no_deadline(words):
    steps, notice = steps_of(f"(一)数据收集。2025年1月10日前,各单位报送。{words}。")
    assert notice.data_cutoff.value == date(2024, 12, 31)
    assert steps == [(StepKind.COLLECT, date(2025, 1, 10))]


def test_a_filing_deadline_is_no_cutoff():
    steps, notice = steps_of("(一)数据收集。数据报送截止时间为2025年1月10日。")
    assert notice.data_cutoff is None
    assert steps == [(StepKind.COLLECT, date(2025, 1, 10))]


# --- dates, outline, sources ---------------------------------------------------------------------


def test_years_left_out_follow_what_was_read_before():
    text = "2025年3月20日前…,4月10日前…,12月31日前"
    assert [p.last for p in find_dates(text, RECKONING)] == [
        date(2025, 3, 20),
        date(2025, 4, 10),
        date(2024, 12, 31),
    ]


def test_roles_of_dates():
    text = "从2025年1月开始,2月6日至10日,3月1日前,4月1日"
    roles = [phrase.role for phrase in find_dates(text, RECKONING)]
    assert roles == [DateRole.FROM, DateRole.RANGE, DateRole.BEFORE, DateRole.ON]


@pytest.mark.parametrize("text", ["第12月报", "5个工作日内", "每100万元", "前10名", "3天内"])
def test_other_numbers_are_no_dates(text):
    assert list(find_dates(text, RECKONING)) == []


def test_whole_dates():
    assert whole_date("二〇二四年三月二十日") == date(2024, 3, 20)
    assert whole_date("2024年3月20日前") is None
    assert whole_date("3月20日") is None


def test_outline_by_rank():
    text = "一、甲\n(一)乙\n1.丙\n(1)丁\n①戊\n2.己\n二、庚\n第三章 辛\n第四条 壬"
    root = read_outline(as_lines(text.split("\n")))
    tree = [(depth, block.rank) for child in root.children for depth, block in child.walk()]
    assert tree == [
        (1, Rank.FIRST),
        (2, Rank.SECOND),
        (3, Rank.THIRD),
        (4, Rank.FOURTH),
        (5, Rank.FIFTH),
        (3, Rank.THIRD),
        (1, Rank.FIRST),
        (1, Rank.CHAPTER),
        (2, Rank.ARTICLE),
    ]


@pytest.mark.parametrize("line", ["2024年度工作", "1.5倍以上", "10个单位", "一是提高认识"])
def test_numbers_that_head_nothing(line):
    assert read_outline(as_lines([line])).children == []


def test_an_issuer_known_only_from_the_title():
    notice = read_notice(["某县统计局关于2024年度考核的通知", "各乡镇:", "一、考核对象", "各乡镇"])
    assert value(notice.issuer) == "某县统计局"


def test_the_summary_shows_every_part_with_its_place():
    rows = list(summary_rows(notice_of(DUTIES + ",其余事项另行研究")))
    assert ("指标", "林业产业", "第 4 行") in rows
    assert ("　责任科室", "产业科", "第 6 行") in rows
    assert ("环节", "数据收集：2025-01-10 前", "第 9 行") in rows
    assert ("发文字号", "没有读到，请对照原文", "") in rows
    assert ("没有读懂", "其余事项另行研究", "第 7 行") in rows


# --- bounds --------------------------------------------------------------------------------------


def test_an_empty_text_is_an_empty_notice():
    notice = read_notice([])
    assert notice.title is None
    assert notice.indicators == ()
    assert notice.steps == ()


def test_far_too_many_lines_are_refused():
    with pytest.raises(InputError):
        read_notice(["字"] * (MAX_LINES + 1))


def test_a_line_too_long_is_kept_as_unread():
    notice = read_notice(["某县统计局关于2024年度考核的通知", "字" * (MAX_LINE + 1)])
    assert [source.line for source in notice.unread] == [2]


HOSTILE = [
    "由",
    "牵头",
    "联系人:",
    "、",
    ", ",
    "(",
    "a@",
    "0-",
    "12月",
    "1月1日至",
    "〔2024〕",
    "等",
]
HOSTILE += ["配合", "附件1", "(一)", "根据评分结果", "责任科室|指标|", "市", "第一条", "截止数据"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_lines_end_quickly(words):
    line = (words * MAX_LINE)[: MAX_LINE - 50]
    started = time.process_time()
    notice_of(duties=f"(一){line}", steps=f"(一)数据收集。{line}")
    notice_of(duties="(一)" + f"{line[:900]}。\n" * 10)
    read_notice([words * (1_000_000 // len(words))])
    assert time.process_time() - started < 10
