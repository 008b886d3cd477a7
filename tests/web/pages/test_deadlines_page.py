"""时限: set once from the scheme's days, extended by another role with a reason, every version kept."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.core.acts.setting_up import AssessmentOpened, DutyGiven, Role, StepKind
from kaoping.core.workflow.things import Assessment
from tests.web.site import fresh, text_of
from tests.world_set_up import UNITS, uid

HEAD, HANDLER, LEADER = "评估督导科科长", "评估督导科经办人", "分管领导"
EXTEND = "/deadlines/score/extend"
NEXT = uid("2025年度考评")


def versions(site, kind=StepKind.SCORE, year=None):
    return site.state.get(Assessment, year or site.world.year).deadlines.get(kind, ())


def in_force(site, kind=StepKind.SCORE):
    return versions(site, kind)[-1]


def extension(site, kind=StepKind.SCORE, **fields):
    """Past the step after it, and said so."""
    return fresh(
        until="2025-01-20", reason="报告后移", supersedes=in_force(site, kind).act, anyway="1"
    ) | fields  # fmt: skip


@pytest.fixture
def opened(site):
    """The next year, opened just now: no step of it has a deadline."""
    site.do(HEAD, NEXT, AssessmentOpened(uid("实施方案"), 2025, "2025年度绩效考评"))
    return site


def days(**more):
    fields = {"until-collect": "2025-01-03", "until-score": "2025-01-16"}
    return fresh(**fields) | {key.replace("_", "-"): value for key, value in more.items()}


# --- looking --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [HANDLER, LEADER, "监督员", "综合科经办人", f"{UNITS[0]}联络员"])
def test_everybody_with_a_duty_sees_until_when_each_step_is(site, name):
    words = text_of(site.client(name).get("/deadlines"))
    assert "2025年1月5日 星期日" in words
    assert "剩 44 个工作日" in words
    assert "当天是周末，不上班；最近的工作日是1月3日" in words
    assert "延期： 元旦假期顺延" in words
    assert words.count("设定") >= 5


def test_every_version_stays_to_be_seen(site):
    page = site.client(HANDLER).get("/deadlines").content.decode()
    assert "<s>1月3日</s>" in page


def test_who_did_it_finds_the_receipt(site):
    page = site.client(LEADER).get("/deadlines").content.decode()
    assert page.count("/receipts/") == 1
    assert "/receipts/" not in site.client(f"{UNITS[0]}联络员").get("/deadlines").content.decode()


@pytest.mark.parametrize("name", ["系统管理员", "安全管理员", "审计管理员乙"])
def test_administrators_have_no_part_in_it(site, name):
    browser, size = site.client(name), site.size
    for where in ("/deadlines", "/deadlines.xlsx", EXTEND):
        assert browser.get(where).status_code == 403
    assert browser.post("/deadlines/set", days()).status_code == 403
    assert browser.post(EXTEND, extension(site)).status_code == 403
    assert site.size == size


def test_strangers_are_sent_to_the_door(site):
    for where in ("/deadlines", "/deadlines.xlsx", EXTEND):
        assert site.nobody.get(where)["Location"].startswith("/sign-in")
    for where in ("/deadlines/set", EXTEND):
        assert site.nobody.post(where, days())["Location"].startswith("/sign-in")


def test_the_workbook_has_every_version(site):
    content = site.client(HANDLER).get("/deadlines.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[:3] for row in rows[:2]] == [
        ["数据收集", "2025-01-05", "现行"],
        ["数据收集", "2025-01-03", None],
    ]
    assert rows[0][5] == "元旦假期顺延"


def test_queries_do_not_grow_with_the_versions(site):
    browser, counts = site.client(HANDLER), []
    for day in range(20, 26):
        browser.get("/deadlines")
        with CaptureQueriesContext(connection) as found:
            browser.get("/deadlines")
        counts.append(len(found))
        until = date(2025, 1, day).isoformat()
        form = extension(site, until=until, anyway="1")
        assert site.client(LEADER).post(EXTEND, form).status_code == 303
    assert len(set(counts)) == 1


# --- setting --------------------------------------------------------------------------------------


def test_steps_without_a_deadline_are_offered_with_the_schemes_days(opened):
    page = opened.client(HANDLER).get("/deadlines")
    assert "还有 5 个环节没有时限" in text_of(page)
    assert 'value="2025-01-03"' in page.content.decode()
    others = opened.client("综合科经办人").get("/deadlines")
    assert "没有时限" not in text_of(others)
    assert "还没有设定" in text_of(others)


@pytest.mark.parametrize("name", [HANDLER, HEAD])
def test_the_coordinating_section_sets_them_in_one_go(opened, name):
    answer = opened.client(name).post("/deadlines/set", days())
    assert answer.status_code == 303
    assert versions(opened, StepKind.COLLECT, NEXT)[-1].until == date(2025, 1, 3)
    assert versions(opened, StepKind.SCORE, NEXT)[-1].until == date(2025, 1, 16)
    assert versions(opened, StepKind.FILE, NEXT) == ()
    page = text_of(opened.client(name).get("/deadlines"))
    assert "还有 3 个环节没有时限" in page


def test_a_second_click_sets_them_once(opened):
    browser, form = opened.client(HANDLER), days()
    assert browser.post("/deadlines/set", form).status_code == 303
    size = opened.size
    assert browser.post("/deadlines/set", form).status_code == 303
    assert opened.size == size


def test_a_day_off_is_set_only_where_somebody_says_so(opened):
    form, size = days(until_collect="2025-01-05"), opened.size
    answer = opened.client(HANDLER).post("/deadlines/set", form)
    assert answer.status_code == 422
    assert "当天是周末，不上班" in text_of(answer)
    assert 'value="2025-01-05"' in answer.content.decode()
    assert opened.size == size
    sure = opened.client(HANDLER).post("/deadlines/set", form | {"anyway": "1"})
    assert sure.status_code == 303
    assert versions(opened, StepKind.COLLECT, NEXT)[-1].until == date(2025, 1, 5)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"until_collect": "2025-01-17"}, "晚于后面的“考核评分”（1月16日）"),
        ({"until_verify": "2025-01-02"}, "早于前面的“数据收集”（1月3日）"),
    ],
)
def test_steps_out_of_order_are_set_only_where_somebody_says_so(opened, more, says):
    form, size = days(**more), opened.size
    answer = opened.client(HANDLER).post("/deadlines/set", form)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert opened.size == size
    sure = opened.client(HANDLER).post("/deadlines/set", form | {"anyway": "1"})
    assert sure.status_code == 303


def test_a_weekend_day_that_is_worked_is_a_day_like_others(opened):
    """2025年1月26日, a Sunday, was worked for the Spring Festival; the 29th was not."""
    form = days(until_collect="2025-01-26", until_score="2025-01-27")
    assert opened.client(HANDLER).post("/deadlines/set", form).status_code == 303
    assert "调休，当天上班" in text_of(opened.client(HANDLER).get("/deadlines"))
    festival = fresh(**{"until-verify": "2025-01-29"})
    answer = opened.client(HANDLER).post("/deadlines/set", festival)
    assert "当天是法定节假日" in text_of(answer)


@pytest.mark.parametrize(
    "typed", ["2024-10-31", "2025-02-30", "2025/1/6", "明天", "２０２５-01-06", "9999-12-31", "<b>"]
)
def test_a_day_that_cannot_be_is_told_beside_its_field(opened, typed):
    size = opened.size
    answer = opened.client(HANDLER).post("/deadlines/set", days(until_score=typed))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert "<b>" not in answer.content.decode().split("until-score")[1][:80]
    assert opened.size == size


def test_nothing_filled_in_sets_nothing(opened):
    answer = opened.client(HANDLER).post("/deadlines/set", fresh())
    assert answer.status_code == 422
    assert "一个日期也没有填" in text_of(answer)


@pytest.mark.parametrize("name", ["综合科科长", f"{UNITS[0]}负责人", LEADER, "监督员"])
def test_nobody_else_sets_a_deadline(opened, name):
    size = opened.size
    assert opened.client(name).post("/deadlines/set", days()).status_code == 403
    assert opened.size == size


def test_what_is_set_is_not_set_again(site):
    size = site.size
    answer = site.client(HANDLER).post("/deadlines/set", days())
    assert answer.status_code == 409
    assert "只能延期" in text_of(answer)
    assert site.size == size


# --- extending ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [LEADER, "主要领导", HEAD])
def test_another_role_extends_with_a_reason(site, name):
    before = in_force(site)
    page = site.client(name).get(EXTEND)
    assert before.act in page.content.decode()
    answer = site.client(name).post(EXTEND, extension(site))
    assert answer.status_code == 303
    assert [one.until for one in versions(site)] == [date(2025, 1, 16), date(2025, 1, 20)]
    words = text_of(site.client(f"{UNITS[0]}联络员").get("/deadlines"))
    assert f"延期： 报告后移 {name}" in words


def test_who_has_the_duty_of_the_step_does_not_extend_it(site):
    """The coordinating section consolidates: its head sees the button closed, with the reason."""
    page = text_of(site.client(HEAD).get("/deadlines"))
    assert page.count("承担该环节职责的人不能为自己延期") == 2
    form, size = extension(site, StepKind.CONSOLIDATE), site.size
    answer = site.client(HEAD).post("/deadlines/consolidate/extend", form)
    assert answer.status_code == 409
    assert "请由另一角色的领导办理" in text_of(answer)
    assert site.size == size


def test_a_leader_who_inspects_does_not_extend_verifying(site):
    duty = DutyGiven(uid(LEADER), Role.INSPECTOR, None, None, None, date(2024, 10, 1), None, None)
    site.do("安全管理员", uid("兼职"), duty)
    page = site.client(LEADER).get("/deadlines")
    assert "/deadlines/verify/extend" not in page.content.decode()
    assert "/deadlines/score/extend" in page.content.decode()
    assert "不能为自己延期" in text_of(site.client(LEADER).get("/deadlines/verify/extend"))


@pytest.mark.parametrize("name", [HANDLER])
def test_a_handler_sees_and_does_not_extend(site, name):
    size = site.size
    assert "没有办理这一步的职责" in text_of(site.client(name).get(EXTEND))
    assert site.client(name).post(EXTEND, extension(site)).status_code == 403
    assert site.size == size


@pytest.mark.parametrize("name", ["综合科科长", f"{UNITS[0]}负责人", "监督员"])
def test_it_is_no_page_of_others(site, name):
    size = site.size
    assert site.client(name).get(EXTEND).status_code == 403
    assert site.client(name).post(EXTEND, extension(site)).status_code == 403
    assert site.size == size


BAD = [
    ({"until": "2025-01-16"}, "应晚于现在的时限"),
    ({"until": "2025-01-10"}, "应晚于现在的时限"),
    ({"until": "2024-01-10"}, "早于今天"),
    ({"until": "后天"}, "请写成 2025-01-06 的样子"),
    ({"until": ""}, "请写成 2025-01-06 的样子"),
    ({"reason": ""}, "请写明为什么延期"),
    ({"reason": "——。"}, "请写明为什么延期"),
    ({"until": "2025-01-19", "anyway": ""}, "当天是周末，不上班"),
    ({"until": "2025-01-20", "anyway": ""}, "晚于后面的“汇总整理”（1月18日）"),
]


@pytest.mark.parametrize(("fields", "says"), BAD)
def test_what_cannot_be_is_told_and_what_was_typed_is_kept(site, fields, says):
    form, size = extension(site, **fields), site.size
    answer = site.client(LEADER).post(EXTEND, form)
    assert answer.status_code == 422
    assert says in text_of(answer)
    page = answer.content.decode()
    assert form["act"] in page
    assert form["reason"] in page
    assert site.size == size


def test_a_day_off_is_extended_to_where_somebody_says_so(site):
    form = extension(site, until="2025-01-19", anyway="1")
    assert site.client(LEADER).post(EXTEND, form).status_code == 303
    assert in_force(site).until == date(2025, 1, 19)


def test_a_second_click_extends_once(site):
    form, browser = extension(site), site.client(LEADER)
    assert browser.post(EXTEND, form).status_code == 303
    size = site.size
    assert browser.post(EXTEND, form).status_code == 303
    assert site.size == size
    assert len(versions(site)) == 2


def test_two_leaders_at_once_do_not_extend_over_each_other(site):
    first, second = extension(site), extension(site, until="2025-01-22")
    assert site.client(LEADER).post(EXTEND, first).status_code == 303
    size = site.size
    answer = site.client("主要领导").post(EXTEND, second)
    assert answer.status_code == 409
    assert "请刷新页面，在最新内容上办理" in text_of(answer)
    assert site.size == size


@pytest.mark.parametrize("supersedes", ["", "x", uid("别的办理")])
def test_an_extension_names_the_deadline_that_was_seen(site, supersedes):
    size = site.size
    answer = site.client(LEADER).post(EXTEND, extension(site, supersedes=supersedes))
    assert answer.status_code in (409, 422)
    assert site.size == size


@pytest.mark.parametrize("step", ["appeal", "x", "collect-x"])
def test_a_step_without_a_deadline_has_nothing_to_extend(site, step):
    assert site.client(LEADER).get(f"/deadlines/{step}/extend").status_code == 404


def test_an_old_proof_of_identity_extends_nothing(site):
    browser = site.client(LEADER)
    site.clock.now += timedelta(minutes=10)
    size = site.size
    answer = browser.post(EXTEND, extension(site))
    assert answer["Location"].startswith("/confirm")
    assert site.size == size
