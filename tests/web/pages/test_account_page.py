"""我的账号: everybody sees and changes her own, and only her own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from kaoping.web.models import Account, EventKind, SecurityEvent, Session
from tests.web.pages.test_sign_in_page import RIGHT, WRONG, is_in, tried, with_password
from tests.web.site import sign_in, text_of
from tests.world_set_up import uid

NEW = "Luhua-Qiushui-77"


def change(browser, old=RIGHT, new=NEW, again=None):
    form = {"password": old, "new": new, "again": new if again is None else again}
    return browser.post("/account/password", form)


@pytest.fixture
def liaison(site):
    return with_password("青禾县联络员")


@pytest.fixture
def browser(site, liaison):
    one = Client()
    sign_in(one, liaison)
    return one


def test_it_shows_name_duties_with_days_and_how_long_a_session_lasts(site):
    said = text_of(site.client("综合科经办人").get("/account"))
    for words in ("我的职责", "经办人", "综合科", "30 分钟不操作自动退出，最长 8 小时", "二次验证"):
        assert words in said


def test_administrators_have_no_business_duty(site):
    said = text_of(site.client("系统管理员").get("/account"))
    assert "今天没有业务职责" in said


def test_a_stranger_is_sent_to_the_door(site):
    for where in ("/account", "/account/password"):
        assert site.nobody.get(where)["Location"].startswith("/sign-in")
    for where in ("/account/password", "/account/email", "/account/sessions/end"):
        assert site.nobody.post(where)["Location"].startswith("/sign-in")


# --- the password ---------------------------------------------------------------------------------


def test_a_new_password_is_no_proof_where_a_second_factor_is_asked_for(site, liaison, browser):
    Account.objects.filter(pk=liaison.pk).update(has_second_factor=True)
    site.clock.now += timedelta(minutes=6)
    assert change(browser)["Location"] == "/account"
    assert browser.get("/account/factors")["Location"].startswith("/confirm")


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(site, liaison, browser):
    other = Client()
    tried(liaison, browser=other)
    key = browser.session.session_key
    assert change(browser)["Location"] == "/account"
    assert is_in(browser)
    assert browser.session.session_key != key
    assert not is_in(other)
    assert Session.objects.filter(account=liaison).count() == 1
    assert tried(liaison, RIGHT).status_code == 422
    assert tried(liaison, NEW).status_code == 303
    assert SecurityEvent.objects.filter(kind=EventKind.PASSWORD_CHANGED.value).count() == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"old": WRONG}, "现在的密码不对"),
        ({"new": "Kurz-2024"}, "12"),
        ({"new": "password1234"}, "太常见"),
        ({"new": "青禾县联络员青禾县联络员"}, "太相似"),
        ({"new": RIGHT}, "不能和现在的一样"),
        ({"again": "Luhua-Qiushui-78"}, "两次填写的新密码不一样"),
        ({"new": ""}, "请填写新密码"),
        ({"old": ""}, "请填写现在的密码"),
    ],
)
def test_a_bad_new_password_is_refused_and_nothing_changes(site, liaison, browser, form, said):
    page = change(browser, **form)
    assert page.status_code == 422
    assert said in text_of(page)
    before = liaison.password
    liaison.refresh_from_db()
    assert liaison.password == before
    assert is_in(browser)


def test_composition_is_asked_for_where_the_installation_says_so(site, browser, settings):
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": "kaoping.web.passwords.Composition"}]
    assert "三种" in text_of(change(browser, new="luhuaqiushuiqiutian"))
    assert change(browser, new="Luhuaqiushuiqiutian7").status_code == 303


def test_guessing_the_old_password_closes_the_door(site, liaison, browser):
    for _ in range(4):
        assert change(browser, old=WRONG).status_code == 422
    assert change(browser, old=WRONG).status_code == 429
    assert change(browser).status_code == 429
    liaison.refresh_from_db()
    assert liaison.check_password(RIGHT)


# --- sessions -------------------------------------------------------------------------------------


def test_the_own_sessions_are_listed_and_the_others_can_be_ended(site, liaison, browser):
    other, strange = Client(), site.client("白石县联络员")
    other.post(
        "/sign-in",
        {"login": liaison.login, "password": RIGHT},
        HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Edg/120",
        REMOTE_ADDR="10.1.1.9",
    )
    said = text_of(browser.get("/account"))
    assert "Edge · Windows" in said
    assert "10.1.1.9" in said
    assert said.count("（本次）") == 1
    assert browser.post("/account/sessions/end").status_code == 303
    assert is_in(browser)
    assert not is_in(other)
    assert is_in(strange)


# --- reminders ------------------------------------------------------------------------------------


def test_the_address_for_reminders_is_kept_or_refused(site, liaison, browser):
    assert browser.post("/account/email", {"email": "qinghe@example.gov.cn"}).status_code == 303
    liaison.refresh_from_db()
    assert liaison.email == "qinghe@example.gov.cn"
    page = browser.post("/account/email", {"email": "qinghe"})
    assert page.status_code == 422
    assert "邮箱写法不对" in text_of(page)
    liaison.refresh_from_db()
    assert liaison.email == "qinghe@example.gov.cn"
    browser.post("/account/email", {"email": ""})
    liaison.refresh_from_db()
    assert liaison.email == ""


def test_nothing_else_of_the_account_can_be_sent_along(site, liaison, browser):
    hostile = {"email": "a@example.gov.cn", "login": "dieb", "person": uid("系统管理员"),
               "is_active": "", "has_second_factor": "", "temporary_until": ""}  # fmt: skip
    browser.post("/account/email", hostile)
    after = Account.objects.get(pk=liaison.pk)
    assert (after.login, after.person, after.is_active) == (liaison.login, liaison.person, True)


def test_looking_costs_the_same_however_many_duties_and_sessions(
    site, liaison, browser, django_assert_max_num_queries
):
    for _ in range(12):
        tried(liaison)
    with django_assert_max_num_queries(12):
        browser.get("/account")
