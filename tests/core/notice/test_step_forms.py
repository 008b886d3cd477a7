"""The forms in which offices tell their steps: prose, tables, articles, short lines; and their inputs.

Every case is read as one list of steps: kind, name, first day, last day, and what the step uses.
"""

import time
from datetime import date

import pytest

from kaoping.core.notice.step_kinds import kind_of
from kaoping.core.scheme import StepKind
from tests.core.notice.facts import value
from tests.core.notice.written import notice_of, unread

HEAD = ("某市林业局关于做好2025年度林业考核工作的通知", "各林场：")
SIGNED = ("某市林业局", "2025年3月10日")


def read(*lines):
    return notice_of(*lines, head=HEAD, foot=SIGNED)


def steps(notice):
    return [
        (step.kind.value, step.name.value, value(step.start), step.due) for step in notice.steps
    ]


def kinds_and_names(notice):
    return [f"{step.kind.value} {step.name.value}" for step in notice.steps]


def inputs(notice):
    return {step.name.value: [i.value for i in step.inputs] for step in notice.steps if step.inputs}


def day(month, number, year=2025):
    return date(year, month, number)


# --- prose ---------------------------------------------------------------------------------------


def test_lines_that_announce_each_step():
    notice = read(
        "先是林场自查。2025年12月1日至12日，各林场填自查表，交督导室。",
        "其次是股室量分。12月15日至24日，各股室根据自查表量分，填写量分单，签字后交督导室。",
        "接下来是入户回访。12月25日至31日，督导室派人核对量分单，写出回访记录。",
        "然后要告知。次年1月7日前，督导室把量分单和回访记录告知各林场。",
        "之后是申辩。收到告知后3个工作日内，各林场可以申辩，督导室2个工作日内答复。",
        "申辩结束以后是合分。1月20日前，督导室根据量分单、回访记录和申辩答复编写考核报告。",
        "合分之后是张榜公示。1月23日至29日，考核报告贴在公示栏。",
        "最后是呈报。2月6日前，考核报告经局务会审定后报市考核办。",
    )
    assert steps(notice) == [
        ("collect", "林场自查", day(12, 1), day(12, 12)),
        ("score", "股室量分", day(12, 15), day(12, 24)),
        ("verify", "入户回访", day(12, 25), day(12, 31)),
        ("feedback", "告知", None, day(1, 7, 2026)),
        ("appeal", "申辩", None, None),
        ("consolidate", "合分", None, day(1, 20, 2026)),
        ("notice", "张榜公示", day(1, 23, 2026), day(1, 29, 2026)),
        ("file", "呈报", None, day(2, 6, 2026)),
    ]
    assert inputs(notice) == {
        "股室量分": ["林场自查"],
        "入户回访": ["股室量分"],
        "告知": ["股室量分", "入户回访"],
        "申辩": ["告知"],
        "合分": ["股室量分", "入户回访", "申辩"],
        "张榜公示": ["合分"],
        "呈报": ["合分"],
    }
    assert unread(notice) == []


def test_one_paragraph_whose_steps_are_named_by_their_acts():
    notice = read(
        "三、时间安排",
        "12月9日至17日，各林场做好自检，将自检表交考评股；12月18日至26日，各业务股进行赋分，赋分单报考评股；"
        "12月29日至次年1月9日，考评股搞好实地查验，核对赋分，形成查验结论；1月14日前，考评股告知各林场赋分和查验结论；"
        "告知后5日内，各林场可以提出申诉；1月23日前，考评股根据赋分、查验结论、申诉结果进行统分，写出考评报告。",
    )
    assert steps(notice) == [
        ("collect", "自检", day(12, 9), day(12, 17)),
        ("score", "赋分", day(12, 18), day(12, 26)),
        ("verify", "实地查验", day(12, 29), day(1, 9, 2026)),
        ("feedback", "告知", None, day(1, 14, 2026)),
        ("appeal", "申诉", None, None),
        ("consolidate", "统分", None, day(1, 23, 2026)),
    ]
    assert inputs(notice) == {
        "实地查验": ["赋分"],
        "告知": ["赋分", "实地查验"],
        "申诉": ["告知"],
        "统分": ["赋分", "实地查验", "申诉"],
    }


def test_steps_counted_within_one_sentence():
    notice = read(
        "三、实施步骤",
        "考核分四个环节：一是自查，12月12日前各林场上报自查报告；二是评分，12月24日前业务股依据自查报告评分；"
        "三是抽检，12月31日前督导室抽检评分；四是汇总，次年1月16日前督导室汇总形成考核报告。",
    )
    assert kinds_and_names(notice) == [
        "collect 自查",
        "score 评分",
        "verify 抽检",
        "consolidate 汇总",
    ]
    assert inputs(notice) == {"评分": ["自查"], "抽检": ["评分"]}


def test_sentences_that_say_who_does_a_step():
    notice = read(
        "考核工作由督导室负责。自查从2025年12月1日开始，12月12日结束，由各林场组织，结果填入自查表。"
        "评分在12月15日至24日进行，由业务股依据自查表完成，结果填入评分表。"
        "抽查在12月25日至31日进行，由督导室组织，形成抽查意见。评分表和抽查意见于次年1月7日前反馈各林场。",
    )
    assert steps(notice) == [
        ("collect", "自查", day(12, 1), day(12, 12)),
        ("score", "评分", day(12, 15), day(12, 24)),
        ("verify", "抽查", day(12, 25), day(12, 31)),
        ("feedback", "反馈", None, day(1, 7, 2026)),
    ]
    assert [found.value for found in notice.coordinating] == ["督导室"]


def test_what_no_step_says_within_running_text_is_shown():
    notice = read("一、时间安排", "12月12日前，各林场自查；12月20日前，业务股把柜子搬走。")
    assert kinds_and_names(notice) == ["collect 自查"]
    assert unread(notice) == ["12月20日前，业务股把柜子搬走"]


# --- headings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("（一）（材料集中） 12月12日前，各林场报材料。", "collect 材料集中"),
        ("（一）【林场自评】12月12日前，各林场自评。", "collect 林场自评"),
        ("（一）量分，由各业务股负责，12月12日前办结。", "score 量分"),
        ("（一）12月1日—12月12日：林场自评。各林场填表。", "collect 林场自评"),
        ("（一）次年1月20日前，结果审定。报局务会审定。", "file 结果审定"),
        ("（一）打初分。12月12日前，各业务股形成初步得分。", "score 打初分"),
        ("（一）意见交换。12月12日前，督导室就评分意见与各林场交换意见。", "feedback 意见交换"),
        ("（一）报送。12月12日前，各林场把台账、佐证材料报送督导室。", "collect 报送"),
        ("（一）报送。12月12日前，考核报告经局务会审定后报送市考核办。", "file 报送"),
        ("（一）亮分。12月12日前，总分在公示栏公示。", "notice 亮分"),
        ("（一）报市考核办。12月12日前，考核报告报市考核办。", "file 报市考核办"),
        ("（一）各业务股应当于12月12日前审阅自查报告，逐条赋分。", "score 赋分"),
    ],
)
def test_how_a_numbered_paragraph_names_its_step(line, step):
    assert kinds_and_names(read("三、考核程序", line)) == [step]


def test_articles_without_titles_are_named_by_their_acts():
    notice = read(
        "第一条 为做好考核，制定本办法。",
        "第二条 被考核单位应当于2025年12月15日前完成自查，将自查报告报督导室。",
        "第三条 各业务股应当于2025年12月25日前根据自查报告评分，评分卡报督导室。",
        "第四条 督导室应当于2026年1月9日前对评分情况进行抽验，出具抽验意见。",
        "第五条 督导室应当于2026年1月14日前将评分卡和抽验意见反馈被考核单位。",
        "第六条 被考核单位可在收到反馈后3个工作日内申诉，督导室2个工作日内答复。",
        "第七条 督导室应当于2026年1月27日前汇总评分卡、抽验意见和答复，形成考核报告。",
        "第八条 在2026年1月15日之后才报的，不再受理。",
    )
    assert steps(notice) == [
        ("collect", "自查", None, day(12, 15)),
        ("score", "评分", None, day(12, 25)),
        ("verify", "抽验", None, day(1, 9, 2026)),
        ("feedback", "反馈", None, day(1, 14, 2026)),
        ("appeal", "申诉", None, None),
        ("consolidate", "汇总", None, day(1, 27, 2026)),
    ]
    assert inputs(notice)["汇总"] == ["评分", "抽验", "申诉"]


def test_steps_below_the_phases_of_a_plan():
    notice = read(
        "四、推进次序",
        "（一）实施阶段（2025年12月1日至2026年1月16日）",
        "1.自评（12月1日至12月12日）。各林场填写自评表。",
        "2.评分（12月15日至12月24日）。业务股根据自评表评分。",
        "3.核查（12月25日至2026年1月16日）。督导室核查评分，形成核查意见。",
        "（二）总结阶段（2026年1月30日前）。督导室根据评分和核查意见汇总形成考核报告。",
    )
    assert kinds_and_names(notice) == [
        "collect 自评",
        "score 评分",
        "verify 核查",
        "consolidate 总结阶段",
    ]
    assert inputs(notice)["总结阶段"] == ["评分", "核查"]


def test_words_that_only_list_the_steps_are_no_step():
    notice = read(
        "三、考核程序",
        "（一）考核按照自查、评分、申诉、汇总的顺序进行。",
        "（二）自查由各林场负责，2025年12月12日前完成，填写自查表。",
        "（三）评分由业务股负责，2025年12月24日前完成，以自查表为依据。",
    )
    assert kinds_and_names(notice) == ["collect 自查", "score 评分"]
    assert inputs(notice) == {"评分": ["自查"]}


def test_short_lines_without_any_heading():
    notice = read(
        "考核由督导室牵头。",
        "自评：12月15日前。各林场写自评报告。",
        "核实：1月5日至9日。督导室到各林场核实，出核实意见。",
        "●上报：2月10日前。考核报告经局务会审定后报市考核办。",
    )
    assert steps(notice) == [
        ("collect", "自评", None, day(12, 15)),
        ("verify", "核实", day(1, 5, 2026), day(1, 9, 2026)),
        ("file", "上报", None, day(2, 10, 2026)),
    ]


def test_a_name_and_its_days_on_a_line_of_their_own():
    notice = read(
        "四、考核安排",
        "自查自评 12月1日—12月12日",
        "各林场开展自查自评，形成自评报告",
        "打分赋值 12月15日—12月24日",
        "业务股依据自评报告打分赋值",
    )
    assert steps(notice) == [
        ("collect", "自查自评", day(12, 1), day(12, 12)),
        ("score", "打分赋值", day(12, 15), day(12, 24)),
    ]
    assert inputs(notice) == {"打分赋值": ["自查自评"]}


# --- tables --------------------------------------------------------------------------------------


def test_a_table_whose_column_names_the_steps():
    notice = read(
        "三、工作环节",
        "时间 | 步骤 | 谁来做 | 做什么",
        "12月1日至12日 | ①填表 | 各林场 | 填写自评表",
        "12月15日至24日 | ②量分 | 考评科 | 根据自评表量分，填量分单",
        "12月25日至31日 | ③暗访 | 督查室 | 核对量分单，写暗访报告",
        "告知后5个工作日内 | ④复议 | 督查室 | 受理各林场申请",
        "1月20日前 | ⑤会审统分 | 督查室 | 根据量分单、暗访报告统分，写出考核报告",
        "2月6日前 | ⑥定案 | 督查室 | 考核报告报局务会审定",
    )
    assert steps(notice) == [
        ("collect", "填表", day(12, 1), day(12, 12)),
        ("score", "量分", day(12, 15), day(12, 24)),
        ("verify", "暗访", day(12, 25), day(12, 31)),
        ("appeal", "复议", None, None),
        ("consolidate", "会审统分", None, day(1, 20, 2026)),
        ("file", "定案", None, day(2, 6, 2026)),
    ]
    assert inputs(notice) == {
        "量分": ["填表"],
        "暗访": ["量分"],
        "会审统分": ["量分", "暗访"],
        "定案": ["会审统分"],
    }


def test_a_table_that_tells_its_steps_in_sentences():
    notice = read(
        "三、日程表",
        "时间 | 工作 | 责任",
        "12月1日至10日 | 各林场报送证明材料 | 各林场",
        "12月11日至20日 | 业务股评分，形成评分表 | 造林股",
        "12月21日至31日 | 督查室对评分表开展核查 | 督查室",
    )
    assert kinds_and_names(notice) == ["collect 报送", "score 评分", "verify 核查"]
    assert inputs(notice) == {"核查": ["评分"]}


# --- inputs --------------------------------------------------------------------------------------

BEFORE = (
    "（一）自查。2025年12月12日前，各林场自查，写出自查报告。",
    "（二）报材料。2025年12月15日前，各林场把自查报告和照片送督导室。",
    "（三）业务打分。2025年12月24日前，业务股参照送来的材料打分，制作打分卡。",
    "（四）实地回访。2026年1月7日前，督导室查打分准不准，填写回访册。",
)


@pytest.mark.parametrize(
    ("line", "used"),
    [
        ("（五）反馈。2026年1月12日前反馈打分和回访情况。", ["业务打分", "实地回访"]),
        ("（五）反馈。2026年1月12日前把打分卡、回访册反馈各林场。", ["业务打分", "实地回访"]),
        ("（五）汇总。2026年1月12日前根据回访册汇总。", ["实地回访"]),
        ("（五）汇总。2026年1月12日前根据业务打分汇总。", ["业务打分"]),
        ("（五）汇总。2026年1月12日前汇总。", []),
        ("（五）公示。2026年1月12日前公示年度得分。", []),
        ("（五）上报。2026年1月12日前将打分卡报市考核办。", ["业务打分"]),
    ],
)
def test_what_a_step_uses(line, used):
    notice = read("三、考核程序", *BEFORE, line)
    found = inputs(notice)
    assert found.get(notice.steps[-1].name.value, []) == used
    assert found["业务打分"] == ["报材料"]
    assert found["报材料"] == ["自查"]
    assert found["实地回访"] == ["业务打分"]


def test_a_check_before_the_scores_uses_what_was_handed_in():
    notice = read(
        "三、考核程序",
        "（一）自评。12月12日前，各林场写自评报告。",
        "（二）查证。12月24日前，督导室到林场核对自评报告，写出查证意见。",
        "（三）评分。12月31日前，业务股根据查证意见评分。",
    )
    assert inputs(notice) == {"查证": ["自评"], "评分": ["查证"]}


def test_a_step_uses_none_that_comes_after_it():
    notice = read(
        "三、考核程序",
        "（一）自评。12月12日前，各林场填写自评打分表。",
        "（二）评审。12月24日前，业务股评审，填写评审表。",
    )
    assert "自评" not in inputs(notice)


# --- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "start", "due"),
    [
        ("1月5日系统开放，1月16日系统关闭，期间填报", day(1, 5, 2026), day(1, 16, 2026)),
        ("12月29日启动，次年1月9日前完成填报", day(12, 29), day(1, 9, 2026)),
        ("1月5日至16日填报，其中1月10日集中受理", day(1, 5, 2026), day(1, 16, 2026)),
        ("1月5日至16日填报，1月10日调休上班，照常受理", day(1, 5, 2026), day(1, 16, 2026)),
        ("1月16日前填报，过了1月18日就算迟报", None, day(1, 16, 2026)),
        ("1月16日前填报，1月19日仍没有填的记0分", None, day(1, 16, 2026)),
        ("不迟于1月16日填报", None, day(1, 16, 2026)),
    ],
)
def test_the_days_of_a_step(words, start, due):
    notice = read("三、考核程序", f"（一）填报。{words}。")
    assert steps(notice) == [("collect", "填报", start, due)]
    assert unread(notice) == []


@pytest.mark.parametrize(
    "words",
    [
        "各项指标数据以2025年12月31日为时点",
        "统计截点：2025年12月31日24时",
        "数据统计至2025年12月31日，此后的数据不计入",
        "考核数据的取数时间为2025年12月31日",
    ],
)
def test_the_day_the_data_end(words):
    assert value(read("一、时间要求", f"{words}。").data_cutoff) == day(12, 31)


# --- who leads -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "督导室：牵头组织考核，收发材料。",
        "本次考核总协调科室：督导室。",
        "考核的日常工作由督导室承担。",
        "督导室总牵头，负责收集材料。",
        "考核归口督导室管理。",
        "考核的组织协调、结果汇总归督导室。",
        "督导室负责考核的组织协调、汇总和报送。",
        "督导室统一组织、业务股分头评分。",
    ],
)
def test_who_leads_the_whole_work(words):
    notice = read("二、内部分工", words, "三、考核程序", "（一）自查。12月12日前自查。")
    assert [found.value for found in notice.coordinating] == ["督导室"]


# --- kinds by their titles -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "titles"),
    [
        (StepKind.COLLECT, "交材料 报数 自我评价 亮家底 述职 填单"),
        (StepKind.SCORE, "量分 判分 初核打分 部门评议 赋值"),
        (StepKind.VERIFY, "回访 暗访 回头看 互查 抽验 查证"),
        (StepKind.FEEDBACK, "告知 结果送达 见面 意见交换 结果推送"),
        (StepKind.APPEAL, "申辩 复议 申请复核 申诉答复"),
        (StepKind.CONSOLIDATE, "统分 会审 合议定分 拢分 定等"),
        (StepKind.PUBLIC_NOTICE, "亮分 晒单 张榜 上墙"),
        (StepKind.FILE, "上会 呈报 报批 报省考核办"),
    ],
)
def test_the_kind_a_title_tells(kind, titles):
    assert {title: kind_of(title) for title in titles.split()} == dict.fromkeys(
        titles.split(), kind
    )


@pytest.mark.parametrize("office", ["督查考核科", "考评督导室", "核验组", "考核工作领导小组"])
def test_an_office_called_by_an_act_does_not_do_it(office):
    assert kind_of(office) is None


# --- bounds --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    ["考核督查", "首先是", "完成", "将意见", "自查报告", "督查科负责考核", "初核表和", "（评分）"],
)
def test_hostile_lines_end_quickly(words):
    line = (words * 10_000)[:9_900]
    started = time.process_time()
    read(*[line] * 10)
    read("三、考核程序", *[f"（一）自查。1月5日前报自查表。{line}"] * 10)
    read("三、考核程序", "环节 | 时间 | 内容", *[f"评分 | 1月5日前 | {line}"] * 10)
    assert time.process_time() - started < 10
