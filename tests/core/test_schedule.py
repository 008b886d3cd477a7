"""The checks on dates: each code shown by a plan that has the fault, silent on one that has not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kaoping.core.calendar import Calendar
from kaoping.core.notice.reading import notice_problems, read_notice
from kaoping.core.problems import Severity
from kaoping.core.schedule import (
    DatedStep,
    Due,
    Schedule,
    check_notice_dates,
    check_schedule,
    check_scheme_dates,
)
from kaoping.core.scheme import StepKind, load_scheme
from tests.core.notice.facts import NAMES, lines_of
from tests.core.schemes import faults

REAL = Path(__file__).parents[3] / "shared" / "notices" / "baise-2024.txt"

# New Year 2025 was a holiday on 1 January; 26 January and 8 February were worked in exchange for
# the Spring Festival, 28 January to 4 February.
CALENDAR = Calendar(
    frozenset({2024, 2025, 2026}),
    frozenset(
        {date(2025, 1, 1), *(date(2025, 1, day) for day in (28, 29, 30, 31))}
        | {date(2025, 2, day) for day in (1, 2, 3, 4)}
        | {date(2026, 1, d) for d in (1, 2, 3)}
    ),
    frozenset({date(2025, 1, 26), date(2025, 2, 8), date(2026, 1, 4)}),
)


def step(name, kind, due, *, start=None, inputs=(), acts=(), exact=True):
    dues = (Due(due, f"step[{name}].due", exact),) if due else ()
    return DatedStep(name, kind, start, dues, tuple(inputs), f"step[{name}]", tuple(acts))


COLLECT = step("收集", StepKind.COLLECT, date(2025, 1, 8))
SCORE = step("评分", StepKind.SCORE, date(2025, 1, 14), inputs=["收集"])
VERIFY = step("核验", StepKind.VERIFY, date(2025, 1, 17), inputs=["评分"])
CONSOLIDATE = step("汇总", StepKind.CONSOLIDATE, date(2025, 1, 22), inputs=["评分", "核验"])
FILE = step(
    "报送", StepKind.FILE, date(2025, 1, 27), inputs=["汇总"], acts=["会签", "会议审定", "报送"]
)
SOUND = Schedule(
    (COLLECT, SCORE, VERIFY, CONSOLIDATE, FILE),
    start=None,
    cutoff=date(2024, 12, 31),
    issue_date=date(2024, 3, 1),
    issue_where="issue_date",
    period=(date(2024, 1, 1), date(2024, 12, 31)),
)


def codes(schedule):
    return [problem.code for problem in check_schedule(schedule, CALENDAR)]


def with_step(changed):
    steps = tuple(changed if old.name == changed.name else old for old in SOUND.steps)
    return replace(SOUND, steps=steps)


def moved(old, day):
    return with_step(replace(old, dues=(Due(day, old.dues[0].where),)))


def test_a_sound_plan_is_silent():
    assert codes(SOUND) == []


# --- SCHED-INPUT-AFTER-CONSUMER ------------------------------------------------------------------


def test_an_input_due_after_its_consumer():
    found = check_schedule(moved(VERIFY, date(2025, 1, 24)), CALENDAR)
    problem = next(p for p in found if p.code == "SCHED-INPUT-AFTER-CONSUMER")
    assert problem.where == "step[汇总].due"
    assert "2025年1月22日" in problem.message
    assert "2025年1月24日" in problem.message
    assert problem.suggestion


def test_an_input_due_on_the_same_day_is_not_after():
    assert "SCHED-INPUT-AFTER-CONSUMER" not in codes(moved(VERIFY, date(2025, 1, 22)))


def test_data_that_end_after_they_are_collected():
    late = replace(SOUND, cutoff=date(2025, 1, 31))
    assert "SCHED-INPUT-AFTER-CONSUMER" in codes(late)


def test_only_the_last_collecting_must_follow_the_cutoff():
    quarter = step("三季度收集", StepKind.COLLECT, date(2024, 10, 15))
    assert codes(replace(SOUND, steps=(quarter, *SOUND.steps))) == []


def test_an_unknown_input_is_not_the_dates_fault():
    assert codes(with_step(replace(SCORE, inputs=("收集", "没有的环节")))) == []


# --- SCHED-ORDER ---------------------------------------------------------------------------------


def test_steps_out_of_order():
    swapped = replace(SOUND, steps=(replace(SCORE, inputs=()), COLLECT))
    (problem,) = [p for p in check_schedule(swapped, CALENDAR) if p.code == "SCHED-ORDER"]
    assert problem.where == "step[收集].due"
    assert "2025年1月8日却早于2025年1月14日" in problem.message


def test_verifying_before_the_scores_are_there():
    schedule = with_step(replace(VERIFY, inputs=(), dues=(Due(date(2025, 1, 13), "核验处"),)))
    (problem,) = [p for p in check_schedule(schedule, CALENDAR) if p.code == "SCHED-ORDER"]
    assert problem.where == "核验处"
    assert "无从核验" in problem.message


def test_one_fault_is_told_once():
    """A late input is not told a second time as a fault of order."""
    assert codes(moved(CONSOLIDATE, date(2025, 1, 16))).count("SCHED-ORDER") == 0
    assert "SCHED-INPUT-AFTER-CONSUMER" in codes(moved(CONSOLIDATE, date(2025, 1, 16)))


def test_steps_of_one_day_and_steps_without_day_are_in_order():
    parallel = with_step(replace(VERIFY, inputs=(), dues=(Due(date(2025, 1, 14), "x"),)))
    assert "SCHED-ORDER" not in codes(parallel)
    undated = with_step(replace(VERIFY, dues=()))
    assert "SCHED-ORDER" not in codes(undated)


# --- SCHED-NO-SLACK ------------------------------------------------------------------------------


def test_scoring_and_filing_on_one_day():
    found = check_schedule(moved(SCORE, date(2025, 1, 27)), CALENDAR)
    problem = next(p for p in found if p.code == "SCHED-NO-SLACK")
    assert "评分、会签、会议审定、报送都在2025年1月27日到期" in problem.message


def test_three_successive_steps_on_one_day():
    day = (Due(date(2025, 1, 22), "x"),)
    steps = (replace(COLLECT, dues=day), replace(SCORE, dues=day), CONSOLIDATE)
    assert "SCHED-NO-SLACK" in codes(replace(SOUND, steps=steps))


def test_parallel_scoring_and_verifying_have_slack():
    parallel = with_step(replace(VERIFY, inputs=(), dues=SCORE.dues))
    assert codes(parallel) == []


# --- SCHED-NON-WORKING-DAY -----------------------------------------------------------------------


def test_a_deadline_on_a_sunday():
    (problem,) = check_schedule(moved(COLLECT, date(2025, 1, 5)), CALENDAR)[:1]
    assert problem.code == "SCHED-NON-WORKING-DAY"
    assert "星期日" in problem.message
    assert "2025年1月3日（星期五）" in problem.suggestion


def test_a_deadline_on_a_holiday():
    found = check_schedule(moved(FILE, date(2025, 1, 29)), CALENDAR)
    assert ["法定节假日" in p.message for p in found] == [True]


@pytest.mark.parametrize("day", [date(2025, 1, 26), date(2025, 2, 8)])
def test_a_makeup_workday_is_a_workday(day):
    assert codes(moved(FILE, day)) == []


def test_month_end_is_no_fixed_day():
    schedule = with_step(replace(FILE, dues=(Due(date(2025, 3, 30), "x", exact=False),)))
    assert codes(schedule) == []


def test_every_deadline_of_a_step_is_looked_at():
    dues = (Due(date(2025, 1, 25), "第一处"), *FILE.dues)
    found = check_schedule(with_step(replace(FILE, dues=dues)), CALENDAR)
    assert [(p.code, p.where) for p in found] == [("SCHED-NON-WORKING-DAY", "第一处")]


# --- SCHED-SHORT-WINDOW --------------------------------------------------------------------------


def test_too_few_days_after_the_cutoff():
    found = check_schedule(moved(COLLECT, date(2025, 1, 3)), CALENDAR)
    (problem,) = [p for p in found if p.code == "SCHED-SHORT-WINDOW"]
    assert "只有 2 个工作日" in problem.message
    assert "从2025年1月1日到2025年1月3日" in problem.message


def test_its_own_start_counts_first():
    own = replace(COLLECT, start=date(2024, 12, 20), dues=(Due(date(2025, 1, 3), "x"),))
    assert codes(with_step(own)) == []


def test_three_working_days_are_enough():
    assert codes(moved(SCORE, date(2025, 1, 13))) == []
    assert codes(moved(SCORE, date(2025, 1, 10))) == ["SCHED-SHORT-WINDOW"]


def test_a_plan_without_beginnings_is_not_judged():
    bare = replace(with_step(replace(VERIFY, inputs=())), cutoff=None, issue_date=None)
    assert codes(bare) == []


def test_a_notice_issued_days_before_its_deadline():
    late = replace(SOUND, issue_date=date(2025, 1, 7), period=None)
    assert codes(late) == ["SCHED-SHORT-WINDOW"]


def test_an_input_that_is_due_on_the_very_day_leaves_no_window():
    found = check_schedule(moved(SCORE, date(2025, 1, 8)), CALENDAR)
    (problem,) = [p for p in found if p.code == "SCHED-SHORT-WINDOW"]
    assert "要用的结果或数据到2025年1月8日当天才齐" in problem.message
    assert "从" not in problem.message


def test_a_step_that_begins_after_its_deadline():
    late = replace(SCORE, start=date(2025, 1, 15))
    (problem,) = check_schedule(with_step(late), CALENDAR)
    assert "2025年1月15日才开始，时限却是2025年1月14日" in problem.message


def test_a_window_in_an_unknown_year_knows_only_weekends():
    own = replace(COLLECT, start=date(2031, 1, 4), dues=(Due(date(2031, 1, 7), "x"),))
    found = check_schedule(replace(SOUND, steps=(own,)), CALENDAR)
    (problem,) = [p for p in found if p.code == "SCHED-SHORT-WINDOW"]
    assert problem.severity is Severity.B
    assert "只除去了周末" in problem.message
    known = check_schedule(moved(COLLECT, date(2025, 1, 3)), CALENDAR)
    (problem,) = [p for p in known if p.code == "SCHED-SHORT-WINDOW"]
    assert problem.severity is Severity.A
    assert "周末" not in problem.message


def test_several_days_leave_open_which_one_others_wait_for():
    dues = (Due(date(2025, 1, 20), "x"), Due(date(2025, 1, 24), "y"))
    assert codes(with_step(replace(VERIFY, dues=dues))) == []


def test_messages_have_full_width_commas():
    found = check_schedule(replace(SOUND, cutoff=date(2025, 1, 31)), CALENDAR)
    assert not any("," in problem.message + problem.suggestion for problem in found)


# --- SCHED-RETROACTIVE, HOLIDAYS-UNKNOWN ---------------------------------------------------------


def test_rules_issued_late_in_the_year():
    (problem,) = check_schedule(replace(SOUND, issue_date=date(2024, 10, 23)), CALENDAR)
    assert (problem.code, problem.where) == ("SCHED-RETROACTIVE", "issue_date")
    assert "2024年10月23日" in problem.message


@pytest.mark.parametrize("day", [date(2023, 12, 20), date(2024, 1, 15), date(2024, 6, 28)])
def test_rules_issued_early_are_in_time(day):
    assert codes(replace(SOUND, issue_date=day)) == []


def test_a_year_without_known_holidays():
    far = replace(SOUND, steps=(replace(FILE, dues=(Due(date(2031, 1, 4), "x"),)),))
    assert codes(far) == ["HOLIDAYS-UNKNOWN"]


def test_an_unknown_year_is_told_once():
    dues = (Due(date(2031, 1, 4), "x"), Due(date(2031, 1, 8), "y"))
    assert codes(replace(SOUND, steps=(replace(FILE, dues=dues),))) == ["HOLIDAYS-UNKNOWN"]


# --- notices and schemes -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_sound_notices_are_silent(name):
    notice = read_notice(lines_of(name))
    assert check_notice_dates(notice, CALENDAR) == []
    assert notice_problems(notice) == ()


@pytest.mark.skipif(not REAL.exists(), reason="the real notice is not here")
def test_the_real_notice_shows_every_fault():
    found = check_notice_dates(read_notice(REAL.read_text(encoding="utf-8").splitlines()), CALENDAR)
    assert [(p.code, p.where) for p in found] == [
        ("SCHED-INPUT-AFTER-CONSUMER", "第 24 行"),
        ("SCHED-ORDER", "第 23 行"),
        ("SCHED-NO-SLACK", "第 25 行"),
        ("SCHED-NON-WORKING-DAY", "第 21 行"),
        ("SCHED-NON-WORKING-DAY", "第 24 行"),
        ("SCHED-SHORT-WINDOW", "第 21 行"),
        ("SCHED-SHORT-WINDOW", "第 25 行"),
        ("SCHED-RETROACTIVE", "第 1 行"),
    ]
    assert all(problem.suggestion for problem in found)
    assert "2025年1月20日" in found[0].message
    assert "2025年1月18日" in found[0].message


SCHEME = """
format = "kaoping-scheme/1"
title = "某县考评方案"
issuer = "某县"
year = 2024
issue_date = 2024-02-01
data_cutoff = 2024-12-31
step = [
    { kind = "collect", name = "收集", due = 2025-01-08 },
    { kind = "score", name = "评分", due = 2025-01-20, inputs = ["收集"] },
    { kind = "consolidate", name = "汇总", due = 2025-01-17, inputs = ["评分"] },
    { kind = "file", name = "报送", due = 2025-01-20, inputs = ["汇总"] },
]
"""


def scheme_problems(text):
    scheme = load_scheme(text).scheme
    assert scheme is not None
    return [(p.code, p.where) for p in check_scheme_dates(scheme, CALENDAR)]


def test_a_scheme_is_checked_by_the_same_rules():
    assert scheme_problems(SCHEME) == [
        ("SCHED-INPUT-AFTER-CONSUMER", "step[汇总].due"),
        ("SCHED-NO-SLACK", "step[报送].due"),
        ("SCHED-SHORT-WINDOW", "step[报送].due"),
    ]


def test_a_mended_scheme_is_silent():
    mended = SCHEME.replace('2025-01-20, inputs = ["收集"]', '2025-01-14, inputs = ["收集"]')
    mended = mended.replace("due = 2025-01-20", "due = 2025-01-22")
    assert scheme_problems(mended) == []


def test_a_half_year_is_judged_by_its_own_length():
    lines = lines_of("province")
    text = (
        "\n".join(lines)
        .replace("关于印发2023年度", "关于印发2023年下半年")
        .replace("2023年4月18日", "2023年8月18日")
    )
    assert [p.code for p in check_notice_dates(read_notice(text.split("\n")), CALENDAR)] == []


@pytest.mark.parametrize(
    ("part", "issued", "late"),
    [
        ("2024年度上半年", "2024年5月20日", True),
        ("2024年度上半年", "2024年3月20日", False),
        ("2024年第一季度", "2024年3月20日", True),
        ("2024年一季度", "2024年2月5日", False),
        ("2024年前三季度", "2024年6月20日", True),
        ("2024年度", "2024年5月20日", False),
    ],
)
def test_the_period_that_the_title_names(part, issued, late):
    lines = [f"某市某局关于{part}绩效考评工作的通知", "各单位：", "一、工作要求", "严格考评。"]
    notice = read_notice([*lines, "某市某局", issued])
    found = [problem.code for problem in check_notice_dates(notice, CALENDAR)]
    assert found == (["SCHED-RETROACTIVE"] if late else [])


# --- the ends of the calendar --------------------------------------------------------------------


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1899-12-31", "2201-01-01"])
def test_a_day_beyond_the_accepted_years_is_a_fault_of_the_scheme(day):
    changes = {"step/0/due": day, "step/1/from": day, "data_cutoff": day}
    places = {where for code, where in faults(changes) if code == "VALUE-UNKNOWN"}
    assert places == {"step[收集].due", "step[评分].from", "data_cutoff"}


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2200, 12, 31)])
def test_the_first_and_last_accepted_day_are_reckoned_with(day):
    found = faults({f"step/{at}/due": day for at in range(5)} | {"data_cutoff": day})
    assert "VALUE-UNKNOWN" not in [code for code, _ in found]
    assert "HOLIDAYS-UNKNOWN" in [code for code, _ in found]


@pytest.mark.parametrize(
    "day", ["9999年12月31日", "0001年1月1日", "〇〇〇一年一月一日", "9999年底", "9999-12-31"]
)
def test_a_day_beyond_the_accepted_years_stays_unread_in_a_notice(day):
    text = (
        "关于做好2024年度考评工作的通知\n各单位：\n一、工作步骤\n"
        f"（一）数据收集。各单位报送数据，截止时间为{day}。\n"
        "（二）考核评分。责任科室于2025年1月14日前完成评分。\n"
        f"某县考评办\n{day}"
    )
    notice = read_notice(text.split("\n"))
    assert [len(step.deadlines) for step in notice.steps] == [0, 1]
    unread = [problem.where for problem in notice_problems(notice)]
    assert "第 4 行" in unread
