"""工作台: each finds what is his to do, and nobody another's."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.core.acts.collecting import EvidenceReturned
from kaoping.core.acts.scoring import DisciplineUndertaken
from kaoping.core.acts.setting_up import (
    AdministratorEndingAsked,
    DeadlineExtended,
    DutyEnded,
    StepKind,
)
from kaoping.core.workflow.things import Assessment, Filing, Person
from kaoping.web.models import (
    Account,
    Delivery,
    DeliveryState,
    Entry,
    JobRun,
    JobState,
    Message,
    ReadMark,
)
from kaoping.web.queries.undertaking import UNDERTAKING
from tests.web.site import fresh, text_of
from tests.world_set_up import UNITS, uid

STAGE = "collected"
PAGES = ("/", "/desk/section", "/desk/done", "/notices", "/calendar")
EVERYBODY = (
    "系统管理员", "安全管理员", "审计管理员乙", "评估督导科经办人", "评估督导科科长", "综合科经办人",
    "综合科科长", "青禾县联络员", "青禾县负责人", "监督员", "分管领导", "主要领导", "核验员甲",
)  # fmt: skip


def page(site, name, path="/"):
    response = site.client(name).get(path)
    assert response.status_code == 200, text_of(response)
    return text_of(response)


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_has_a_desk_with_the_years_steps(site, name):
    for path in PAGES:
        said = page(site, name, path)
        assert name in said
    said = page(site, name)
    assert "一 数据收集" in said
    assert "五 审核报送" in said
    assert "1月5日" in said


def test_the_headline_counts_what_is_due_today_and_what_is_overdue(site):
    site.at("2025-01-05T01:00:00+00:00")
    assert "青禾县联络员， 今天有 4 件事到期" in page(site, "青禾县联络员")
    site.at("2025-01-07T01:00:00+00:00")
    said = page(site, "青禾县联络员")
    assert "青禾县联络员， 有 4 件事逾期" in said
    assert "逾期 2 个工作日" in said


def test_a_todo_says_what_is_missing_and_leads_to_its_page(site):
    browser = site.client("青禾县联络员")
    said = text_of(browser.get("/"))
    assert "任务 1.2 还没有报齐" in said
    assert "1/2" in said
    links = [line.href for line in browser.get("/").context["lines"]]
    for link in links:
        matter = browser.get(link)
        assert matter.status_code == 200
        assert "任务" in text_of(matter)


def test_what_came_back_shows_the_reason_that_was_given(site):
    filing = next(
        one
        for one in site.state.every(Filing)
        if one.unit == uid("青禾县") and one.indicator == "1" and one.standing.value == "filed"
    )
    site.do("综合科经办人", filing.id, EvidenceReturned("缺少开工令，请补"))
    said = page(site, "青禾县联络员")
    assert "补正被退回的材料" in said
    assert "缺少开工令，请补" in said
    assert "缺少开工令" not in page(site, "白石县联络员")


def test_nobody_sees_the_todos_of_another_unit(site):
    canaries = [f"{unit}{role}" for unit in UNITS[1:] for role in ("联络员", "负责人")]
    for name in ("青禾县联络员", "青禾县负责人"):
        browser = site.client(name)
        for path in (*PAGES, "/desk/todos.xlsx", "/desk/section.xlsx"):
            response = browser.get(path)
            said = cells_of(response) if path.endswith("xlsx") else text_of(response)
            assert not [one for one in (*UNITS[1:], *canaries) if one in said], path


def test_a_matter_of_others_is_not_found(site):
    line = site.client("白石县联络员").get("/").context["lines"][0]
    other = f"/desk/matters/{line.key}"
    assert site.client("青禾县联络员").get(other).status_code == 404
    assert site.client("青禾县负责人").get(other).status_code == 404
    assert site.client("白石县负责人").get(other).status_code == 200
    assert site.client("青禾县联络员").get("/desk/matters/nothing").status_code == 404


def test_the_section_sees_the_matters_of_its_people_with_their_names(site):
    said = page(site, "综合科经办人", "/desk/section")
    assert "综合科科长" in said
    assert "决定是否现场核验" in said
    assert "产业科" not in said.replace("产业科经办人", "产业科")


def test_what_was_done_stands_with_its_receipts(site):
    said = page(site, "青禾县联络员", "/desk/done")
    done = Entry.objects.filter(actor=uid("青禾县联络员"))
    assert f"已办 {done.count()}" in said
    response = site.client("青禾县联络员").get("/desk/done")
    assert f"/receipts/{done.latest('index').index}" in response.content.decode()
    assert site.client("青禾县联络员").get("/desk/done?page=999").status_code == 200
    assert site.client("青禾县联络员").get("/desk/done?page=x").status_code == 200


def cells_of(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return " ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )


def test_todos_go_out_as_a_workbook(site):
    response = site.client("综合科经办人").get("/desk/todos.xlsx")
    said = cells_of(response)
    assert "作出廉政纪律承诺" in said
    assert "填写评分表" in said
    assert "综合科科长" in cells_of(site.client("综合科经办人").get("/desk/section.xlsx"))


def test_own_tasks_are_counted(site):
    said = page(site, "综合科经办人")
    assert "我的指标" in said
    assert "6/6" in said
    assert "本单位台账" in page(site, "青禾县联络员")
    assert "各指标进度" in page(site, "分管领导")


def test_who_has_nothing_to_do_is_told_what_will_come(site):
    said = page(site, "监督员")
    assert "现在没有要办的事" in said
    assert "逾期的排在最前" in said


def test_the_number_of_queries_does_not_grow_with_rows(site):
    for name in ("综合科经办人", "分管领导", "青禾县联络员"):
        browser = site.client(name)
        browser.get("/")
        with CaptureQueriesContext(
            connection,
        ) as before:
            browser.get("/")
        for number in range(5):
            filings = [one for one in site.state.every(Filing) if one.standing.value == "filed"]
            site.do("综合科经办人" if filings[number].indicator in "13" else "产业科经办人",
                    filings[number].id, EvidenceReturned(f"理由 {number}"))  # fmt: skip
        Message.objects.bulk_create(
            Message(person=uid(name), kind="reminder", at="2024-12-20T00:00:00Z", subject=str(n), text="t")
            for n in range(20)
        )  # fmt: skip
        browser.get("/")
        with CaptureQueriesContext(connection) as after:
            browser.get("/")
        assert len(after) <= len(before) + 1  # why things came back is asked in one query


def test_a_stranger_is_sent_to_the_door(site):
    for path in (*PAGES, "/discipline", "/desk/todos.xlsx"):
        response = site.nobody.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in")


def test_looking_changes_nothing(site):
    size = site.size
    for name in EVERYBODY:
        for path in PAGES:
            site.client(name).get(path)
    assert site.size == size
    assert not ReadMark.objects.exists()
    assert site.client("监督员").post("/").status_code == 405


# --- notices --------------------------------------------------------------------------------------


def extend(site):
    year = next(site.state.every(Assessment))
    content = DeadlineExtended(StepKind.SCORE, site.day, "汇总时间后移")
    return site.do("分管领导", year.id, content, year.deadlines[StepKind.SCORE][-1].act)


@pytest.fixture
def extended(site):
    from datetime import date

    site.day = date(2025, 1, 17)
    extend(site)
    return site


def test_a_changed_deadline_is_told_with_its_reason_to_who_works_and_not_to_administrators(
    extended,
):
    for name in ("青禾县联络员", "综合科经办人", "监督员"):
        said = page(extended, name, "/notices")
        assert "考核评分截止日期由1月16日改为1月17日" in said
        assert "理由：汇总时间后移" in said
    assert "汇总时间后移" not in page(extended, "系统管理员", "/notices")


def test_a_notice_is_marked_as_read_by_oneself_only(extended):
    browser = extended.client("青禾县联络员")
    unread = browser.get("/notices").context["unread"]
    key = browser.get("/notices").context["notices"][0].key
    assert browser.post("/notices/read", {"notice": key}).status_code == 303
    assert browser.get("/notices").context["unread"] == unread - 1
    assert extended.client("白石县联络员").get("/notices").context["unread"] == unread
    browser.post("/notices/read", {"all": "1"})
    assert browser.get("/notices").context["unread"] == 0


def test_what_is_not_ones_own_notice_is_not_marked(site):
    other = Message.objects.create(
        person=uid("白石县联络员"), kind="reminder", at="2024-12-20T00:00:00Z", subject="金丝雀", text="密"
    )  # fmt: skip
    browser = site.client("青禾县联络员")
    browser.post("/notices/read", {"notice": [f"message/{other.pk}", "x" * 500]})
    assert not ReadMark.objects.exists()
    assert browser.get(f"/notices/messages/{other.pk}").status_code == 404
    assert "金丝雀" not in page(site, "青禾县联络员", "/notices")
    own = site.client("白石县联络员").get(f"/notices/messages/{other.pk}")
    assert "金丝雀" in text_of(own)


def test_a_failed_job_is_told_to_the_system_administrator_alone(site):
    JobRun.objects.create(
        name="remind", slot="2024-12-20T00:00:00Z", state=JobState.FAILED, attempts=2, failure="OSError ab12"
    )  # fmt: skip
    message = Message.objects.create(
        person=uid("监督员"), kind="reminder", at="2024-12-20T00:00:00Z", subject="s", text="t"
    )
    Delivery.objects.create(
        message=message, channel="mail", state=DeliveryState.GIVEN_UP, failure="OSError"
    )
    said = page(site, "系统管理员")
    assert "定时任务失败：remind" in said
    assert "1 条提醒未能送出：电子邮件" in said
    for name in ("安全管理员", "评估督导科科长"):
        assert "定时任务失败" not in page(site, name, "/notices")


# --- the undertaking ------------------------------------------------------------------------------


def test_the_undertaking_is_given_once_and_stands_in_the_journal(site):
    browser = site.client("综合科经办人")
    assert "作出廉政纪律承诺" in page(site, "综合科经办人")
    assert "本人参加绩效考评" in text_of(browser.get("/discipline"))
    size = site.size
    form = fresh()
    response = browser.post("/discipline", form)
    assert response.status_code == 303
    assert browser.post("/discipline", form).status_code == 303  # the same form again: the same act
    assert site.size == size + 1
    assert site.state.get(Person, uid("综合科经办人")).has_undertaken
    said = page(site, "综合科经办人")
    assert "已承诺" in said
    assert "作出廉政纪律承诺" not in said
    entry = Entry.objects.latest("index")
    assert entry.type == DisciplineUndertaken.wire
    assert UNDERTAKING[2][:20] in entry.body


def test_a_second_undertaking_is_refused_and_changes_nothing(site):
    browser = site.client("综合科经办人")
    browser.post("/discipline", fresh())
    size = site.size
    response = browser.post("/discipline", fresh())
    assert response.status_code == 409
    assert "没有任何数据被改动" in text_of(response)
    assert site.size == size


def test_administrators_owe_no_undertaking(site):
    size = site.size
    assert site.client("系统管理员").get("/discipline").status_code == 403
    assert site.client("系统管理员").post("/discipline", fresh()).status_code == 403
    assert site.size == size


def test_a_form_without_its_number_does_nothing(site):
    size = site.size
    assert site.client("综合科经办人").post("/discipline", {"act": "1"}).status_code == 422
    assert site.size == size


def test_an_account_of_an_ended_duty_finds_an_empty_desk(site):
    Account.objects.get_or_create(
        person=uid("综合科副科长"), defaults={"login": "former", "password": "!"}
    )
    assert "现在没有要办的事" in page(site, "综合科副科长")


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_todo_leads_to_a_page_that_opens(site, name):
    site.do("系统管理员", uid("新人"), site.world.person("新人"))
    site.do("安全管理员", uid("职责 白石县联络员 liaison"), DutyEnded("调离"))
    site.do("系统管理员", uid("任职 审计管理员乙"), AdministratorEndingAsked("调离"))
    site.at("2025-02-10T01:00:00+00:00")
    browser = site.client(name)
    for line in browser.get("/").context["lines"]:
        assert browser.get(line.href).status_code == 200, (line.title, line.href)
