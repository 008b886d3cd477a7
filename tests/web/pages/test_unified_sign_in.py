"""统一身份认证, against a real provider on loopback: who it names comes in, and nothing else does."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from kaoping.web import oidc
from kaoping.web.models import Account, EventKind, SecurityEvent, Session
from tests.web.oidc_provider import CLIENT, SECRET, Provider, fresh_key
from tests.web.pages.test_second_factor_pages import code_of, enrol
from tests.web.pages.test_sign_in_page import is_in, with_password
from tests.web.site import sign_in, text_of
from tests.world_set_up import uid

ME = "青禾县联络员"


@pytest.fixture
def provider(settings):
    one = Provider()
    settings.OIDC_ISSUER = one.issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
    yield one
    one.close()


@pytest.fixture
def account(site):
    return with_password(ME)


def leave(browser, back="/account"):
    """Press the button; the provider's address."""
    page = browser.post("/sign-in/unified", {"next": back})
    assert page.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert found
    return unescape(found[1])


def come_back(browser, address):
    return browser.get(address.removeprefix("http://testserver"))


def through(provider, browser, person=ME, back="/account"):
    """The whole way there and back."""
    return come_back(browser, provider.visit(leave(browser, back), person))


def refused(answer, browser, status=409):
    assert answer.status_code == status
    assert not is_in(browser)
    assert not Session.objects.exclude(account=None).exists()
    return text_of(answer)


# --- it works -------------------------------------------------------------------------------------


def test_the_button_stands_on_the_page_where_it_is_set_up(site, provider, settings):
    assert "用政务统一身份认证登录" in text_of(site.nobody.get("/sign-in"))
    settings.OIDC_ISSUER = ""
    assert "用政务统一身份认证登录" not in text_of(site.nobody.get("/sign-in"))
    assert site.nobody.post("/sign-in/unified").status_code == 404
    assert site.nobody.get("/sign-in/unified/back?code=x&state=y").status_code == 404


def test_who_is_named_comes_in_and_goes_on(site, provider, account):
    browser = Client()
    browser.get("/sign-in")
    before = browser.session.session_key
    sent = through(provider, browser)
    assert (sent.status_code, sent["Location"]) == (302, "/account")
    assert is_in(browser)
    assert browser.session.session_key != before
    assert SecurityEvent.objects.get(kind=EventKind.SIGNED_IN.value).detail == "统一身份认证"


def test_a_staff_number_names_as_well(site, provider, account, settings):
    settings.OIDC_MATCH, settings.OIDC_CLAIM = "staff_number", "staff"
    from kaoping.core.acts.setting_up import PersonRegistered

    digest = site.installation.staff_number_digest("Z-777")
    site.do("系统管理员", uid("新人"), PersonRegistered("新人", None, None, digest))
    Account.objects.create(login="xinren", person=uid("新人"), password="!")
    provider.claims["staff"] = "Z-777"
    browser = Client()
    assert through(provider, browser).status_code == 302
    assert is_in(browser)
    provider.claims["staff"] = "Z-778"
    refused_one = Client()
    assert through(provider, refused_one).status_code == 409


def test_a_first_password_that_is_not_used_need_not_be_changed(site, provider, account):
    account.temporary_until = site.clock.now - timedelta(days=2)
    account.save()
    browser = Client()
    through(provider, browser)
    assert is_in(browser)


def test_the_second_factor_is_still_asked_for(site, provider):
    handler = with_password("综合科经办人")
    first = Client()
    through(provider, first, handler.login)
    assert first.get("/account")["Location"].startswith("/account/factors")
    secret = enrol(first)
    browser = Client()
    sent = through(provider, browser, handler.login)
    assert sent["Location"] == "/sign-in/second?next=%2Faccount"
    assert not is_in(browser)
    browser.post("/sign-in/second", {"code": code_of(secret, 1)})
    assert is_in(browser)


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "javascript:alert(7)"]
)
def test_nobody_is_led_to_another_server_afterwards(site, provider, account, target):
    assert through(provider, Client(), back=target)["Location"] == "/"


# --- nobody else ----------------------------------------------------------------------------------


def test_somebody_without_an_account_is_told_and_not_registered(site, provider):
    browser, before = Client(), Account.objects.count()
    said = refused(through(provider, browser, "陌生的人"), browser)
    assert "没有您的可用账号" in said
    assert Account.objects.count() == before
    assert SecurityEvent.objects.filter(login="陌生的人").exists()


def test_a_disabled_account_stays_out(site, provider, account):
    account.is_active = False
    account.save()
    browser = Client()
    refused(through(provider, browser), browser)


NOW = int(time.time())
BENT = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another"},
    "many audiences, for another": {"aud": [CLIENT, "another"], "azp": "another"},
    "another issuer": {"iss": "http://127.0.0.1:1"},
    "expired": {"exp": NOW - 3600},
    "without end": {"exp": None},
    "not yet": {"nbf": NOW + 7200},
    "of the future": {"iat": NOW + 7200},
    "nobody's": {"preferred_username": None},
    "no text": {"preferred_username": 7},
    "empty": {"preferred_username": ""},
}


@pytest.mark.parametrize("bent", BENT)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(site, provider, account, bent):
    provider.claims.update(BENT[bent])
    browser = Client()
    said = refused(through(provider, browser), browser)
    assert "统一身份认证没有成功" in said


def test_a_token_signed_by_another_key_opens_nothing(site, provider, account):
    provider.key = fresh_key()
    browser = Client()
    refused(through(provider, browser), browser)


def test_a_token_signed_by_the_shared_secret_or_by_nobody_opens_nothing(site, provider, account):
    for provider.algorithm, provider.key in (("HS256", SECRET * 3), ("none", None)):
        browser = Client()
        refused(through(provider, browser), browser)


def test_a_token_of_an_unknown_key_opens_nothing(site, provider, account):
    provider.headers = {"kid": "2"}
    browser = Client()
    refused(through(provider, browser), browser)


def test_an_answer_that_was_not_asked_for_opens_nothing(site, provider, account):
    """Somebody else's answer, slipped to a victim: the state is not that of her session."""
    attacker, victim = Client(), Client()
    answer = provider.visit(leave(attacker), ME)
    refused(come_back(victim, answer), victim)
    leave(victim)
    refused(come_back(victim, answer), victim)
    assert len(provider.codes) == 1, "a foreign state is noticed before anything is exchanged"


def test_an_answer_is_good_once(site, provider, account):
    browser = Client()
    answer = provider.visit(leave(browser), ME)
    come_back(browser, answer)
    browser.post("/sign-out")
    refused(come_back(browser, answer), browser)
    assert len(provider.exchanged) == 1


def test_an_answer_that_comes_late_opens_nothing(site, provider, account):
    browser = Client()
    answer = provider.visit(leave(browser), ME)
    site.clock.now += timedelta(minutes=11)
    refused(come_back(browser, answer), browser)
    assert provider.exchanged == []


def test_a_code_of_another_flow_is_not_exchanged(site, provider, account):
    """Without the verifier of the session that asked, a stolen code is worth nothing (PKCE)."""
    thief, victim = Client(), Client()
    stolen = parse_qs(urlsplit(provider.visit(leave(victim), ME)).query)["code"][0]
    own = parse_qs(urlsplit(provider.visit(leave(thief), "x")).query)["state"][0]
    answer = thief.get("/sign-in/unified/back", {"code": stolen, "state": own})
    refused(answer, thief)
    assert provider.exchanged == []


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied&state={}", "?state={}", "?code=x&state=é"]
)
def test_a_refusal_or_nonsense_opens_nothing(site, provider, query):
    browser = Client()
    state = parse_qs(urlsplit(leave(browser)).query)["state"][0]
    refused(browser.get(f"/sign-in/unified/back{query.format(state)}"), browser)


# --- it does not answer ---------------------------------------------------------------------------


def test_a_provider_that_is_down_is_said_and_the_password_still_opens(site, settings, account):
    one = Provider()
    one.close()
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = one.issuer, CLIENT
    page = site.nobody.post("/sign-in/unified")
    assert page.status_code == 503
    assert "统一身份认证现在没有应答" in text_of(page)
    assert site.nobody.get("/sign-in").status_code == 200


def test_a_provider_that_breaks_in_the_middle_is_said(site, provider, account):
    provider.is_broken = True
    browser = Client()
    refused(through(provider, browser), browser, 503)


def test_a_provider_that_calls_itself_otherwise_is_not_believed(site, provider, settings):
    real = provider.issuer
    settings.OIDC_ISSUER = real.replace("127.0.0.1", "localhost")
    assert site.nobody.post("/sign-in/unified").status_code == 503


# --- proving again --------------------------------------------------------------------------------


def test_proving_again_asks_anew_and_only_the_same_person(site, provider, account):
    browser = Client()
    through(provider, browser)
    site.clock.now += timedelta(minutes=6)
    address = leave(browser)
    assert parse_qs(urlsplit(address).query)["prompt"] == ["login"]
    with_password("白石县联络员")
    other = come_back(browser, provider.visit(address, "白石县联络员"))
    assert other.status_code == 409
    assert not oidc_fresh(site, browser)
    assert come_back(browser, provider.visit(leave(browser), ME))["Location"] == "/account"
    assert oidc_fresh(site, browser)


def test_a_proof_of_the_morning_is_no_proof_of_now(site, provider, account):
    browser = Client()
    sign_in(browser, account)
    site.clock.now += timedelta(minutes=6)
    for stale in (int(time.time()) - 3600, None, "x"):
        provider.claims["auth_time"] = stale
        assert come_back(browser, provider.visit(leave(browser), ME)).status_code == 409
        assert not oidc_fresh(site, browser)


def test_it_is_no_second_factor(site, provider):
    handler = with_password("综合科经办人")
    browser = Client()
    through(provider, browser, handler.login)
    enrol(browser)
    site.clock.now += timedelta(minutes=6)
    answer = come_back(browser, provider.visit(leave(browser), handler.login))
    assert answer.status_code == 409
    assert not oidc_fresh(site, browser)


def oidc_fresh(site, browser):
    return browser.get("/account/factors").status_code == 200


def test_the_provider_is_asked_for_its_configuration_once(site, provider, account):
    oidc._read.cache_clear()
    for _ in range(3):
        through(provider, Client())
    assert oidc._read.cache_info().misses == 1
