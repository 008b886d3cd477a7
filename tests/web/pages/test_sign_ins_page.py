"""登录管理: closed doors are opened by the security administrator alone, and it is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from kaoping.web.models import Account, EventKind, SecurityEvent
from tests.web.pages.test_second_factor_pages import code_of, enrol
from tests.web.pages.test_sign_in_page import lock, tried, with_password
from tests.web.site import text_of
from tests.world_set_up import uid

ALL = ("系统管理员", "安全管理员", "审计管理员乙")
ACTS = {
    "/sign-ins/unlock": {"login": "青禾县联络员", "address": "127.0.0.1"},
    "/sign-ins/wake": {"login": "青禾县联络员"},
    "/sign-ins/factors": {"login": "综合科经办人"},
}


@pytest.fixture
def liaison(site):
    return with_password("青禾县联络员")


def unlocked():
    return SecurityEvent.objects.filter(kind=EventKind.UNLOCKED.value)


@pytest.mark.parametrize("name", ALL)
def test_each_administrator_sees_who_is_locked(site, liaison, name):
    lock(liaison)
    lock("niemand")
    said = text_of(site.client(name).get("/sign-ins"))
    assert "青禾县联络员 青禾县联络员 127.0.0.1" in said
    assert "niemand 没有这个账号" in said
    assert (
        "解除锁定 青禾" in said or "解除锁定 niemand" in said or said.count(" 解除锁定 ") == 2
    ) is (name == "安全管理员")


def test_without_locks_it_says_what_will_be_here(site):
    said = text_of(site.client("安全管理员").get("/sign-ins"))
    assert "现在没有锁定的登录" in said
    assert "没有长期未使用的账号" in said


def test_the_security_administrator_opens_a_door_again(site, liaison):
    lock(liaison)
    assert tried(liaison).status_code == 429
    sent = site.client("安全管理员").post("/sign-ins/unlock", ACTS["/sign-ins/unlock"])
    assert (sent.status_code, sent["Location"]) == (303, "/sign-ins")
    assert tried(liaison).status_code == 303
    event = unlocked().get()
    assert event.person == uid("安全管理员")
    assert "青禾县联络员" in event.detail


def test_a_door_that_is_open_is_not_opened_again(site, liaison):
    page = site.client("安全管理员").post("/sign-ins/unlock", ACTS["/sign-ins/unlock"])
    assert page.status_code == 422
    assert not unlocked().exists()


@pytest.mark.parametrize("where", ACTS)
@pytest.mark.parametrize("name", ["系统管理员", "审计管理员乙", "青禾县联络员", "综合科科长"])
def test_nobody_else_does(site, liaison, where, name):
    lock(liaison)
    assert site.client(name).post(where, ACTS[where]).status_code == 403
    assert tried(liaison).status_code == 429
    assert not unlocked().exists()


@pytest.mark.parametrize("name", ["青禾县联络员", "综合科科长", "监督员", "主要领导"])
def test_the_page_is_for_administrators(site, name):
    assert site.client(name).get("/sign-ins").status_code == 403


@pytest.mark.parametrize("where", ACTS)
def test_a_proof_must_be_minutes_old(site, liaison, where):
    lock(liaison)
    browser = site.client("安全管理员")
    site.clock.now += timedelta(minutes=6)
    sent = browser.post(where, ACTS[where], HTTP_REFERER="http://testserver/sign-ins")
    assert sent["Location"] == "/confirm?next=%2Fsign-ins"
    assert "刚才提交的内容没有办理" in text_of(browser.get(sent["Location"]))
    assert not unlocked().exists()


@pytest.mark.parametrize("where", ACTS)
def test_an_empty_form_does_nothing(site, where):
    assert site.client("安全管理员").post(where).status_code == 422
    assert site.client("安全管理员").post(where, {"login": "niemand"}).status_code == 422


def test_sleeping_accounts_are_listed_and_woken(site, liaison):
    tried(liaison)
    site.clock.now += timedelta(days=91)
    for name in ALL:
        assert "青禾县联络员" in text_of(site.client(name).get("/sign-ins"))
    assert tried(liaison).status_code == 422
    browser = site.client("安全管理员")
    assert browser.post("/sign-ins/wake", {"login": liaison.login}).status_code == 303
    assert "青禾县联络员" not in text_of(browser.get("/sign-ins")).split("长期未使用")[1]
    assert browser.post("/sign-ins/wake", {"login": liaison.login}).status_code == 422
    assert tried(liaison).status_code == 303
    assert unlocked().count() == 1


def test_a_lost_telephone_is_taken_out_and_all_sessions_end(site):
    handler, browser = with_password("综合科经办人"), Client()
    tried(handler, browser=browser)
    secret = enrol(browser)
    sent = site.client("安全管理员").post("/sign-ins/factors", {"login": handler.login})
    assert sent.status_code == 303
    assert browser.get("/account").status_code == 302
    assert not Account.objects.get(pk=handler.pk).has_second_factor
    again = Client()
    tried(handler, browser=again, code=code_of(secret, 1))
    assert again.get("/account")["Location"].startswith("/account/factors")
    page = site.client("安全管理员").post("/sign-ins/factors", {"login": handler.login})
    assert page.status_code == 422


def test_nobody_takes_her_own_factor_out_here(site):
    admin = with_password("安全管理员")
    browser = Client()
    tried(admin, browser=browser)
    enrol(browser)
    page = browser.post("/sign-ins/factors", {"login": admin.login})
    assert page.status_code == 409
    assert Account.objects.get(pk=admin.pk).has_second_factor
