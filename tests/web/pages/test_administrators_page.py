"""三员: one asks, another approves, neither is the one concerned; none has a business duty."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaoping.core.acts.setting_up import PersonRegistered
from kaoping.core.workflow.questions import holds_office
from kaoping.web.models import Appointment
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "registered"
OTHERS = ("青禾县联络员", "综合科经办人", "评估督导科科长", "监督员", "主要领导")
SECURITY = "任职 安全管理员"


@pytest.fixture
def free(site):
    """Somebody without duty and office."""
    content = PersonRegistered("候任者", None, None, "9" * 64)
    site.do("系统管理员", uid("候任者"), content)
    return uid("候任者")


def asked_for(person, office="audit_admin"):
    return fresh(person=person, office=office)


def appointment_page(identity):
    return f"/administrators/{identity}"


def ask(site, name, person, office="audit_admin"):
    form = asked_for(person, office)
    sent = site.client(name).post("/administrators/ask", form)
    assert sent.status_code == 303
    return form["act"]


def answer(site, name, identity, key, **fields):
    return site.client(name).post(appointment_page(identity), fresh(answer=key, **fields))


def test_the_page_says_who_holds_which_office_and_what_was_done(site):
    for name in ("系统管理员", "安全管理员", "审计管理员乙"):
        page = text_of(site.client(name).get("/administrators"))
        for words in ("审计管理员乙", "在任", "已免任", "管理员任命提请", "工作调动"):
            assert words in page


def test_one_asks_and_another_approves(site, free):
    identity = ask(site, "系统管理员", free)
    page = text_of(site.client("安全管理员").get("/administrators"))
    assert "待批准的提请" in page
    assert "候任者" in page
    sent = answer(site, "安全管理员", identity, "give")
    assert sent["Location"] == "/administrators"
    assert holds_office(site.state, free)
    assert Appointment.objects.get(id=identity).office == "audit_admin"


def test_who_asked_does_not_approve_and_is_told_why(site, free):
    identity = ask(site, "系统管理员", free)
    page = text_of(site.client("系统管理员").get(appointment_page(identity)))
    assert "批准任命" in page
    assert "须由一名管理员提请、另一名批准" in page
    assert "撤回提请" in page
    before = site.size
    assert answer(site, "系统管理员", identity, "give").status_code == 409
    assert site.size == before
    assert not holds_office(site.state, free)


def test_who_asked_takes_it_back_and_another_declines(site, free):
    own = ask(site, "系统管理员", free)
    assert answer(site, "系统管理员", own, "decline").status_code == 422
    assert answer(site, "系统管理员", own, "decline", reason="另有安排").status_code == 303
    other = ask(site, "系统管理员", free)
    assert "不予批准" in text_of(site.client("审计管理员乙").get(appointment_page(other)))
    assert answer(site, "审计管理员乙", other, "decline", reason="经验不足").status_code == 303
    page = text_of(site.client("系统管理员").get("/administrators"))
    for words in ("未获批准", "另有安排", "经验不足"):
        assert words in page


def test_an_office_ends_when_another_approves_and_two_must_be_left(site, free):
    identity = ask(site, "系统管理员", free)
    answer(site, "安全管理员", identity, "give")
    sent = answer(site, "系统管理员", uid(SECURITY), "ask_end", reason="轮岗")
    assert sent.status_code == 303
    assert holds_office(site.state, uid("安全管理员"))
    assert answer(site, "系统管理员", uid(SECURITY), "end").status_code == 409
    assert answer(site, "审计管理员乙", uid(SECURITY), "end").status_code == 303
    assert not holds_office(site.state, uid("安全管理员"))
    assert site.client("安全管理员").get("/administrators").status_code == 403


def test_the_last_two_stay_and_the_page_says_why(site):
    answer(site, "系统管理员", uid(SECURITY), "ask_end", reason="轮岗")
    answer(site, "审计管理员乙", uid(SECURITY), "end")
    page = text_of(site.client("系统管理员").get(appointment_page(uid("任职 审计管理员乙"))))
    assert "不足两名" in page


def test_nobody_asks_for_herself_or_for_somebody_with_a_duty_or_an_office(site):
    browser, before = site.client("系统管理员"), site.size
    for name in ("系统管理员", "综合科经办人", "安全管理员"):
        sent = browser.post("/administrators/ask", asked_for(uid(name)))
        assert sent.status_code in (403, 409), name
    assert site.size == before
    offered = text_of(browser.get("/administrators/ask"))
    assert "综合科经办人" not in offered


def test_nobody_decides_about_her_own_office(site):
    page = text_of(site.client("安全管理员").get(appointment_page(uid(SECURITY))))
    assert "二人均非被任免者本人" in page
    before = site.size
    assert answer(site, "安全管理员", uid(SECURITY), "ask_end", reason="想走").status_code == 409
    assert site.size == before


def test_a_form_that_is_sent_twice_asks_once(site, free):
    browser, form = site.client("系统管理员"), asked_for(free)
    for _ in range(2):
        assert browser.post("/administrators/ask", form).status_code == 303
    assert Appointment.objects.filter(person=free).count() == 1


def test_all_faults_are_told_at_once(site, free):
    before = site.size
    sent = site.client("系统管理员").post("/administrators/ask", fresh(office="皇帝"))
    assert sent.status_code == 422
    assert "人员" in text_of(sent)
    assert "职位" in text_of(sent)
    unknown = site.client("系统管理员").post("/administrators/ask", asked_for(uid("没有")))
    assert unknown.status_code == 422
    assert answer(site, "系统管理员", uid(SECURITY), "什么").status_code == 422
    assert site.size == before


def test_an_administrator_never_gets_a_duty_whatever_account_she_uses(site, free):
    answer(site, "安全管理员", ask(site, "系统管理员", free), "give")
    second = PersonRegistered("候任者", None, uid("综合科"), "9" * 64)
    site.do("系统管理员", uid("候任者二"), second)
    form = fresh(person=uid("候任者二"), role="handler", from_date="2024-10-08")
    before = site.size
    assert site.client("安全管理员").post("/duties/new", form).status_code == 403
    assert site.size == before


@pytest.mark.parametrize("name", OTHERS)
def test_the_pages_are_the_administrators(site, free, name):
    identity, before = ask(site, "系统管理员", free), site.size + 0
    browser = site.client(name)
    for address in ("/administrators", "/administrators/ask", appointment_page(identity)):
        assert browser.get(address).status_code == 403
        assert browser.post(address, fresh(answer="give")).status_code in (403, 405)
    assert site.size == before


def test_strangers_are_sent_to_the_door(site):
    for address in ("/administrators", "/administrators/ask", appointment_page(uid(SECURITY))):
        assert site.nobody.get(address)["Location"].startswith("/sign-in")


def test_a_change_of_offices_wants_a_fresh_proof(site, free):
    identity = ask(site, "系统管理员", free)
    browser = site.client("安全管理员")
    site.clock.now += timedelta(minutes=6)
    before = site.size
    for address in ("/administrators/ask", appointment_page(identity)):
        assert browser.get(address)["Location"].startswith("/confirm")
        assert browser.post(address, fresh(answer="give"))["Location"].startswith("/confirm")
    assert site.size == before


def test_what_is_not_there_is_not_found(site):
    assert site.client("系统管理员").get(appointment_page(uid("没有"))).status_code == 404
