"""二次验证: who scores, signs or administers needs more than a password, and nothing goes around it."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from kaoping.web.models import Account, EventKind, SecurityEvent, Session
from tests.web.every_page.cast import addresses
from tests.web.every_page.things import THINGS
from tests.web.pages.test_sign_in_page import RIGHT, is_in, tried, with_password
from tests.web.routes import routes
from tests.web.site import text_of

STAGE = "collected"
FACTORS = "/account/factors"
SIGNING = ("综合科经办人", "综合科科长", "青禾县负责人", "核验员甲", "分管领导", "主要领导",
           "系统管理员", "安全管理员", "审计管理员乙")  # fmt: skip
OPEN = {"second_factor", "new_passkey", "add_passkey", "confirm", "confirm_passkey", "sign_out"}
"""The addresses that open to who has still to set a factor up."""


def code_of(secret, later=0):
    """What an authenticator shows for a secret, some half minutes later."""
    step = int(time.time()) // 30 + later
    return format_hotp_value(hotp_value(secret.replace(" ", ""), step))


def offered(page):
    """The token and the secret of an enrolment page."""
    text = page.content.decode()
    token = re.search(r'name="token" value="([^"]+)"', text)
    secret = re.search(r'class="mono">((?:[A-Z2-7]{4} ?)+)<', text)
    assert token
    assert secret
    return token[1], secret[1]


def enrol(browser):
    """Set an authenticator up; its secret, for codes of half a minute later."""
    token, secret = offered(browser.get(FACTORS))
    sent = browser.post(FACTORS, {"token": token, "code": code_of(secret)})
    assert sent.status_code == 303
    return secret


@pytest.fixture
def handler(site):
    return with_password("综合科经办人")


@pytest.fixture
def enrolled(handler):
    """A handler with an authenticator, and its secret; signed out."""
    browser = Client()
    tried(handler, browser=browser)
    secret = enrol(browser)
    browser.post("/sign-out")
    handler.refresh_from_db()
    return handler, secret


def ended(address):
    return Session.objects.filter(session_key=address).exists()


# --- having to ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SIGNING)
def test_who_signs_gets_no_further_than_setting_one_up(site, name):
    browser = Client()
    tried(with_password(name), browser=browser)
    for where in ("/", "/account", "/receipts/1", "/sign-ins"):
        sent = browser.get(where)
        assert sent.status_code == 303
        assert sent["Location"].startswith(f"{FACTORS}?next="), where


@pytest.mark.parametrize("name", ["青禾县联络员"])
def test_who_neither_signs_nor_scores_may_go_on_with_a_password(site, name):
    browser = Client()
    tried(with_password(name), browser=browser)
    assert is_in(browser)


def test_the_installation_may_leave_it_off(site, handler, settings):
    settings.SECOND_FACTOR = "off"
    browser = Client()
    tried(handler, browser=browser)
    assert is_in(browser)
    assert "本系统没有要求" in text_of(browser.get("/account"))


def test_with_a_password_alone_no_address_opens(site, handler):
    browser = Client()
    tried(handler, browser=browser)
    views = {route.name: route.view for route in routes()}
    asked = 0
    for row, where in addresses(site, THINGS):
        if not getattr(views[row.route], "login_required", True) or row.route in OPEN:
            continue
        for send in (browser.get, browser.post):
            sent = send(where)
            assert sent.status_code == 303, where
            assert sent["Location"].startswith(FACTORS), where
            asked += 1
    assert asked > 20


def test_somebody_who_is_given_a_signing_duty_is_asked_at_the_next_page(site, monkeypatch):
    browser = Client()
    tried(with_password("青禾县联络员"), browser=browser)
    assert is_in(browser)
    from kaoping.web.viewer import Viewer

    monkeypatch.setattr(Viewer, "needs_second_factor", property(lambda _viewer: True))
    assert browser.get("/account")["Location"].startswith(FACTORS)


# --- setting up -----------------------------------------------------------------------------------


def test_setting_up_an_authenticator_opens_the_house_and_gives_recovery_codes(site, handler):
    browser, other = Client(), Client()
    tried(handler, browser=browser)
    tried(handler, browser=other)
    key = browser.session.session_key
    token, secret = offered(browser.get(FACTORS))
    sent = browser.post(FACTORS, {"token": token, "code": code_of(secret), "next": "/account"})
    assert sent["Location"] == "/account/factors/codes?next=%2Faccount"
    assert len(re.findall(r"<li>\d{8}</li>", browser.get(sent["Location"]).content.decode())) == 10
    assert is_in(browser)
    assert browser.session.session_key != key
    assert other.get("/account").status_code == 302, "sessions of a password alone have ended"
    assert SecurityEvent.objects.filter(kind=EventKind.FACTOR_CHANGED.value).count() == 1


@pytest.mark.parametrize("code", ["", "000000", "abc", "1" * 20, "12 34"])
def test_a_wrong_number_sets_nothing_up_and_keeps_the_secret(site, handler, code):
    browser = Client()
    tried(handler, browser=browser)
    token, secret = offered(browser.get(FACTORS))
    page = browser.post(FACTORS, {"token": token, "code": code})
    assert page.status_code == 422
    assert offered(page)[1] == secret
    assert not Authenticator.objects.exists()
    assert not is_in(browser)


def test_the_offer_of_somebody_else_is_worth_nothing(site, handler):
    browser, other = Client(), Client()
    tried(handler, browser=browser)
    tried(with_password("综合科科长"), browser=other)
    token, secret = offered(other.get(FACTORS))
    for bad in (token, token[:-2], "x"):
        assert browser.post(FACTORS, {"token": bad, "code": code_of(secret)}).status_code == 422
    assert not Authenticator.objects.exists()


def test_the_secret_is_stored_under_a_key_that_is_not_in_the_database(site, enrolled):
    _, secret = enrolled
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret.replace(" ", "") not in stored
    assert "gAAAA" in stored


def test_setting_up_needs_a_proof_that_is_minutes_old(site):
    browser = site.client("青禾县联络员")
    site.clock.now += timedelta(minutes=6)
    for where in (FACTORS, "/account/factors/codes"):
        assert browser.get(where)["Location"].startswith("/confirm?")
    for where in (FACTORS, "/account/factors/passkey", "/account/factors/passkey/new",
                  "/account/factors/1/remove"):  # fmt: skip
        assert browser.post(where)["Location"].startswith("/confirm?")


# --- the second step ------------------------------------------------------------------------------


def test_the_password_alone_is_half_a_sign_in(site, enrolled):
    handler, secret = enrolled
    browser = Client()
    sent = tried(handler, browser=browser, next="/account")
    assert sent["Location"] == "/sign-in/second?next=%2Faccount"
    assert browser.get("/account").status_code == 302
    assert not Session.objects.filter(account=handler).exists()
    half = browser.session.session_key
    page = browser.post("/sign-in/second", {"code": code_of(secret, 1), "next": "/account"})
    assert (page.status_code, page["Location"]) == (303, "/account")
    assert is_in(browser)
    assert browser.session.session_key != half
    assert "密码，动态口令" in SecurityEvent.objects.latest("id").detail


def test_the_code_may_be_typed_along_with_the_password(site, enrolled):
    handler, secret = enrolled
    browser = Client()
    assert tried(handler, browser=browser, code=code_of(secret, 1))["Location"] == "/"
    assert is_in(browser)
    other = Client()
    sent = tried(handler, browser=other, code="000000")
    assert sent["Location"] == "/sign-in/second?next=%2F&wrong=1"
    assert "动态口令不对，请再填一次。" in text_of(other.get(sent["Location"]))
    assert not is_in(other)


def test_a_code_is_good_once_and_so_are_older_ones(site, enrolled):
    handler, secret = enrolled
    assert tried(handler, code=code_of(secret)).status_code == 303, "used at the enrolment"
    browser = Client()
    tried(handler, browser=browser, code=code_of(secret, 1))
    assert is_in(browser)
    for later in (1, 0, -1):
        other = Client()
        tried(handler, browser=other, code=code_of(secret, later))
        assert not is_in(other)


def test_five_wrong_codes_close_the_door_for_right_ones_too(site, enrolled):
    handler, secret = enrolled
    browser = Client()
    tried(handler, browser=browser)
    for left in (4, 3, 2, 1):
        page = browser.post("/sign-in/second", {"code": "000000"})
        assert page.status_code == 422
        assert f"还可以再试 {left} 次" in text_of(page)
        tried(handler, browser=browser)
    assert browser.post("/sign-in/second", {"code": "000000"}).status_code == 429
    assert browser.post("/sign-in/second", {"code": code_of(secret, 1)}).status_code == 429
    assert tried(handler).status_code == 429
    assert not is_in(browser)


def test_half_a_sign_in_does_not_wait_for_long(site, enrolled):
    handler, secret = enrolled
    browser = Client()
    tried(handler, browser=browser)
    site.clock.now += timedelta(minutes=6)
    sent = browser.post("/sign-in/second", {"code": code_of(secret, 1)})
    assert sent["Location"].startswith("/sign-in?")
    assert not is_in(browser)


def test_without_the_first_step_there_is_no_second(site, enrolled):
    _, secret = enrolled
    browser = Client()
    assert browser.get("/sign-in/second")["Location"].startswith("/sign-in?")
    sent = browser.post("/sign-in/second", {"code": code_of(secret, 1)})
    assert sent["Location"].startswith("/sign-in?")
    assert browser.post("/sign-in/second/passkey").json() == {}


def test_another_ones_code_does_not_help(site, enrolled):
    handler, _ = enrolled
    browser, other = Client(), Client()
    tried(with_password("综合科科长"), browser=other)
    foreign = enrol(other)
    tried(handler, browser=browser)
    assert browser.post("/sign-in/second", {"code": code_of(foreign, 1)}).status_code == 422


def test_an_account_disabled_between_the_steps_is_out(site, enrolled):
    handler, secret = enrolled
    browser = Client()
    tried(handler, browser=browser)
    Account.objects.filter(pk=handler.pk).update(is_active=False)
    assert browser.post("/sign-in/second", {"code": code_of(secret, 1)}).status_code == 303
    assert not is_in(browser)


def test_a_session_of_a_password_alone_is_stopped_once_there_is_a_factor(site, settings):
    """Whatever made it: the doors ask the account, not the way the session was made."""
    settings.SECOND_FACTOR = "off"
    liaison = with_password("青禾县联络员")
    browser = Client()
    tried(liaison, browser=browser)
    Account.objects.filter(pk=liaison.pk).update(has_second_factor=True)
    assert browser.get("/account")["Location"].startswith("/confirm?")


def test_a_recovery_code_is_good_once(site, enrolled):
    handler, secret = enrolled
    browser = Client()
    tried(handler, browser=browser, code=code_of(secret, 1))
    codes = re.findall(r"<li>(\d{8})</li>", browser.get("/account/factors/codes").content.decode())
    first, again = Client(), Client()
    tried(handler, browser=first, code=codes[0])
    assert is_in(first)
    assert "还剩 9 个" in text_of(first.get("/account"))
    tried(handler, browser=again, code=codes[0])
    assert not is_in(again)
    renewed = first.post("/account/factors/codes")
    assert renewed.status_code == 303
    tried(handler, browser=again, code=codes[1])
    assert not is_in(again), "old codes are worth nothing"


# --- taking away ----------------------------------------------------------------------------------


def test_without_the_last_factor_one_must_set_one_up_again(site, enrolled):
    handler, secret = enrolled
    browser = Client()
    tried(handler, browser=browser, code=code_of(secret, 1))
    own = Authenticator.objects.get(type="totp").pk
    assert browser.post(f"/account/factors/{own}/remove")["Location"] == "/account"
    assert not Authenticator.objects.exists(), "the recovery codes, too"
    assert browser.get("/account")["Location"].startswith(FACTORS)


def test_nobody_takes_anothers_factor_away(site, enrolled):
    own = Authenticator.objects.get(type="totp").pk
    assert site.client("综合科科长").post(f"/account/factors/{own}/remove").status_code == 303
    assert Authenticator.objects.filter(pk=own).exists()
    codes = Authenticator.objects.get(type="recovery_codes").pk
    handler, secret = enrolled
    browser = Client()
    tried(handler, browser=browser, code=code_of(secret, 1))
    browser.post(f"/account/factors/{codes}/remove")
    assert Authenticator.objects.filter(pk=codes).exists()


# --- passkeys (the browser's side is tested in tests/browser) -------------------------------------


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "x", '{"id": 1}', '{"response": {}}', "null"]
)
def test_what_is_no_passkey_is_refused(site, enrolled, credential):
    handler, secret = enrolled
    browser = Client()
    tried(handler, browser=browser)
    assert browser.post("/sign-in/second/passkey").json()["publicKey"]["challenge"]
    page = browser.post("/sign-in/second", {"credential": credential})
    assert page.status_code == 422
    tried(handler, browser=browser, code=code_of(secret, 1))
    browser.post("/account/factors/passkey/new")
    before = Authenticator.objects.count()
    assert browser.post("/account/factors/passkey", {"credential": credential}).status_code == 422
    assert Authenticator.objects.count() == before


def test_every_form_wants_our_token(site, enrolled):
    _, secret = enrolled
    browser = Client(enforce_csrf_checks=True)
    for where in ("/sign-in/second", "/sign-in/second/passkey", "/confirm", FACTORS,
                  "/account/factors/passkey", "/account/factors/codes", "/account/password",
                  "/account/email", "/account/sessions/end", "/sign-ins/unlock", "/language"):  # fmt: skip
        assert browser.post(where, {"code": code_of(secret, 1)}).status_code == 403, where


def test_the_codes_page_shows_nothing_to_who_has_no_factor(site):
    page = site.client("青禾县联络员").get("/account/factors/codes")
    assert "还没有恢复码" in text_of(page)
    sent = site.client("青禾县联络员").post("/account/factors/codes")
    assert sent.status_code == 200
    assert not Authenticator.objects.exists()


def test_the_password_that_opened_half_is_forgotten_by_the_other_browser(site, enrolled):
    """The half that one browser holds is of no use in another."""
    handler, secret = enrolled
    browser, other = Client(), Client()
    tried(handler, RIGHT, browser)
    other.get("/sign-in")
    other.post("/sign-in/second", {"code": code_of(secret, 1)})
    assert not is_in(other)
