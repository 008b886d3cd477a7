"""职责: given, delegated and ended by the security administrator; the vacant ones stand out."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kaoping.core.acts.setting_up import DutyEnded
from kaoping.core.workflow.things import Duty
from kaoping.web.models import Duty as DutyRow
from kaoping.web.models import EventKind, SecurityEvent
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "opened"
OTHERS = ("青禾县联络员", "综合科经办人", "评估督导科科长", "监督员", "主要领导", "系统管理员")
HEAD = "职责 综合科科长 section_head"


def duty_page(name=HEAD):
    return f"/duties/{uid(name)}"


def given(person="综合科副科长", role="handler", **fields):
    asked = {"person": uid(person), "role": role, "from_date": "2024-11-01"}
    return fresh(**(asked | fields))


def test_the_matrix_says_who_holds_what_for_each_indicator(site):
    page = text_of(site.client("安全管理员").get("/duties"))
    for words in ("综合科 责任", "产业科 配合", "综合科经办人", "联络员 6/6", "分管领导", "监督员"):
        assert words in page
    assert "没有空缺" in page


def test_a_vacancy_stands_out_with_the_way_to_fill_it(site):
    site.do("安全管理员", uid(HEAD), DutyEnded("调离"))
    site.do("安全管理员", uid("职责 青禾县联络员 liaison"), DutyEnded("调离"))
    browser = site.client("安全管理员")
    page = browser.get("/duties")
    words = text_of(page)
    for said in ("有 2 处职责空缺", "综合科缺部门负责人", "青禾县缺联络员", "联络员 5/6"):
        assert said in words
    link = f"/duties/new?role=section_head&amp;house={uid('综合科')}"
    assert link in page.content.decode()
    form = browser.get("/duties/new", {"role": "section_head", "house": uid("综合科")})
    assert "只列出“综合科”的人员" in text_of(form)
    assert "产业科经办人" not in text_of(form)


def test_a_supervisor_of_the_journal_reads_without_buttons(site):
    page = site.client("审计管理员乙").get("/duties")
    assert page.status_code == 200
    assert "/duties/new" not in page.content.decode()
    assert "终止" not in text_of(
        site.client("审计管理员乙").get(duty_page("职责 监督员 supervisor"))
    )


def test_before_the_first_scheme_the_page_says_what_will_be_here(site, monkeypatch):
    from kaoping.web.queries import duties

    monkeypatch.setattr(duties, "scheme_in_force", lambda _state: None)
    assert "方案还没有发布" in text_of(site.client("安全管理员").get("/duties"))


def test_the_list_is_narrowed(site):
    browser = site.client("安全管理员")
    assert "共 1 项" in text_of(browser.get("/duties/all", {"role": "supervisor"}))
    of_house = text_of(browser.get("/duties/all", {"house": uid("综合科")}))
    assert "共 2 项" in of_house
    with_past = text_of(browser.get("/duties/all", {"house": uid("综合科"), "past": "1"}))
    assert "已终止" in with_past
    assert "没有符合条件的职责" in text_of(browser.get("/duties/all", {"words": "没有此人"}))


def test_a_duty_is_given_once_however_often_the_form_is_sent(site):
    browser, form = site.client("安全管理员"), given(indicator="1", until_date="2025-01-31")
    for _ in range(2):
        sent = browser.post("/duties/new", form)
        assert (sent.status_code, sent["Location"]) == (303, f"/duties/{form['act']}")
    row = DutyRow.objects.get(id=form["act"])
    assert (row.person_id, row.role, row.section_id, row.unit_id) == (
        uid("综合科副科长"),
        "handler",
        uid("综合科"),
        None,
    )
    assert (row.indicator, row.from_date, row.until_date) == ("1", "2024-11-01", "2025-01-31")
    assert "职责授予" in text_of(browser.get(sent["Location"]))


def test_all_faults_of_the_form_are_told_at_once(site):
    before = site.size
    form = fresh(person="", role="局长", from_date="2024-13-01", until_date="明天")
    sent = site.client("安全管理员").post("/duties/new", form)
    assert sent.status_code == 422
    for label in ("人员", "角色", "自", "至"):
        assert f"{label} " in text_of(sent)
    assert site.size == before


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"role": "liaison"}, "职责范围"),
        ({"person": "系统管理员", "role": "supervisor"}, "三员互不兼任"),
        ({"until_date": "2024-10-01"}, "起止日期不成立"),
    ],
)
def test_what_the_rules_refuse_is_said_with_its_reason(site, form, said):
    before = site.size
    sent = site.client("安全管理员").post("/duties/new", given(**form))
    assert sent.status_code in (403, 409)
    assert said in text_of(sent)
    assert site.size == before


def test_somebody_unknown_gets_nothing(site):
    before = site.size
    sent = site.client("安全管理员").post("/duties/new", given(person="没有这个人"))
    assert sent.status_code == 422
    assert site.size == before


def test_a_duty_ends_with_a_reason(site):
    browser = site.client("安全管理员")
    assert "岗位调整" in text_of(browser.get(f"{duty_page()}/end"))
    without = browser.post(f"{duty_page()}/end", fresh(reason=" "))
    assert without.status_code == 422
    sent = browser.post(f"{duty_page()}/end", fresh(reason="岗位调整"))
    assert sent["Location"] == duty_page()
    page = text_of(browser.get(duty_page()))
    assert "已终止" in page
    assert "岗位调整" in page
    assert site.state.get(Duty, uid(HEAD)).ended_on is not None
    again = browser.post(f"{duty_page()}/end", fresh(reason="再来一次"))
    assert again.status_code == 409


def test_a_duty_is_delegated_for_a_time_to_somebody_of_the_house(site):
    browser = site.client("安全管理员")
    form = text_of(browser.get(f"{duty_page()}/delegate"))
    assert "综合科副科长" in form
    assert "产业科经办人" not in form
    asked = fresh(person=uid("综合科副科长"), from_date="2024-11-01", until_date="2024-12-31")
    sent = browser.post(f"{duty_page()}/delegate", asked)
    assert sent.status_code == 303
    assert "代理 综合科科长" in text_of(browser.get("/duties/all", {"words": "副科长"}))
    assert "代 综合科科长 至 12月31日" in text_of(browser.get("/duties"))
    browser.post(f"{duty_page()}/end", fresh(reason="调离"))
    assert "代理已失效" in text_of(browser.get(sent["Location"]))


def test_a_delegation_needs_its_last_day(site):
    before = site.size
    asked = fresh(person=uid("综合科副科长"), from_date="2024-11-01")
    assert site.client("安全管理员").post(f"{duty_page()}/delegate", asked).status_code == 422
    assert site.size == before


def test_the_workbook_holds_duties_matrix_and_vacancies(site):
    site.do("安全管理员", uid(HEAD), DutyEnded("=HYPERLINK(1)"))
    answer = site.client("审计管理员乙").get("/duties/export")
    book = load_workbook(io.BytesIO(answer.content))
    vacant = [[cell.value for cell in row] for row in book["空缺"].iter_rows(min_row=4)]
    assert vacant[0][:2] == ["综合科", "部门负责人"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert SecurityEvent.objects.filter(kind=EventKind.DOWNLOADED.value).count() == 1


@pytest.mark.parametrize("name", OTHERS)
def test_the_pages_are_for_two_administrators(site, name):
    browser, before = site.client(name), site.size
    for address in ("/duties", "/duties/all", "/duties/export", "/duties/new", duty_page()):
        assert browser.get(address).status_code == 403
    for address in ("/duties/new", f"{duty_page()}/end", f"{duty_page()}/delegate"):
        assert browser.post(address, given(reason="x", until_date="2024-12-31")).status_code == 403
    assert site.size == before


def test_the_audit_administrator_gives_and_ends_nothing(site):
    browser, before = site.client("审计管理员乙"), site.size
    for address in ("/duties/new", f"{duty_page()}/end", f"{duty_page()}/delegate"):
        assert browser.get(address).status_code == 403
        assert browser.post(address, given(reason="x")).status_code == 403
    assert site.size == before


def test_strangers_are_sent_to_the_door(site):
    for address in ("/duties", "/duties/all", "/duties/new", duty_page(), f"{duty_page()}/end"):
        assert site.nobody.get(address)["Location"].startswith("/sign-in")


def test_a_change_of_roles_wants_a_fresh_proof(site):
    browser, before = site.client("安全管理员"), site.size
    site.clock.now += timedelta(minutes=6)
    assert browser.get("/duties").status_code == 200
    for address in ("/duties/new", f"{duty_page()}/end", f"{duty_page()}/delegate"):
        assert browser.get(address)["Location"].startswith("/confirm")
        assert browser.post(address, given(reason="x"))["Location"].startswith("/confirm")
    assert site.size == before


def test_what_is_not_there_is_not_found(site):
    browser = site.client("安全管理员")
    for ending in ("", "/end", "/delegate"):
        assert browser.get(f"/duties/{uid('没有')}{ending}").status_code == 404


def test_the_matrix_asks_the_database_as_often_whoever_holds_what(site):
    browser = site.client("安全管理员")
    counts = []
    for number in (1, 12):
        for one in range(number):
            browser.post("/duties/new", given(role="inspector", indicator=f"{number}-{one}"))
        browser.get("/duties")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/duties")
        counts.append(len(asked))
    assert counts[0] == counts[1]
