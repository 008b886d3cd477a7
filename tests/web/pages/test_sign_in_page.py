"""登录: who knows the password comes in, and nobody else learns, guesses or keeps anything."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaoping.web.models import Account, EventKind, SecurityEvent, Session
from tests.web.site import text_of
from tests.world_set_up import uid

RIGHT, WRONG = "Zhuoer-Mingyue-2024", "Zhuoer-Mingyue-2023"


@pytest.fixture
def liaison(site):
    """Somebody who only reports: her password is enough."""
    return with_password("青禾县联络员")


def with_password(name, password=RIGHT):
    account = Account.objects.get(person=uid(name))
    account.login = name
    account.set_password(password)
    account.save()
    return account


def typed(account, password=RIGHT, **more):
    return {"login": getattr(account, "login", account), "password": password, **more}


def tried(account, password=RIGHT, browser=None, **more):
    return (browser or Client()).post("/sign-in", typed(account, password, **more))


def events(kind):
    return SecurityEvent.objects.filter(kind=kind.value)


def is_in(browser):
    return browser.get("/account").status_code == 200


# --- the page -------------------------------------------------------------------------------------


def test_it_says_the_year_the_step_and_by_which_key_to_check(site):
    page = site.nobody.get("/sign-in")
    said = text_of(page)
    key = site.installation.journal.key
    assert page.status_code == 200
    for words in ("2024年度", "当前环节", "通知公告", "暂无公告", "English", "忘记密码"):
        assert words in said
    assert f"{key.id.hex()[:4]} {key.id.hex()[4:]}" in said, "begins as the line of the key does"


def test_it_says_how_many_working_days_are_left(site):
    from kaoping.web.queries.front_page import front_page

    front = front_page(site.installation)
    assert front.step
    site.at(f"{front.until}T03:00:00+00:00")
    last = front_page(site.installation)
    assert (last.step, last.days_left) == (front.step, 0)
    assert "今天是最后一个工作日" in text_of(site.nobody.get("/sign-in"))


def test_who_is_signed_in_is_led_on(site):
    page = site.client("青禾县联络员").get("/sign-in?next=/account")
    assert (page.status_code, page["Location"]) == (302, "/account")


# --- coming in ------------------------------------------------------------------------------------


def test_the_right_password_opens_and_leads_back(site, liaison):
    browser = Client()
    sent = tried(liaison, browser=browser, next="/account?x=1")
    assert (sent.status_code, sent["Location"]) == (303, "/account?x=1")
    assert is_in(browser)
    assert events(EventKind.SIGNED_IN).get().person == liaison.person


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(7)",
        "evil",
        "",
    ],
)
def test_nobody_is_led_to_another_server(site, liaison, target):
    assert tried(liaison, next=target)["Location"] == "/"


def test_a_wrong_password_opens_nothing_and_says_how_many_tries_are_left(site, liaison):
    browser = Client()
    page = tried(liaison, WRONG, browser)
    assert page.status_code == 422
    assert "账号或密码不对，还可以再试 4 次。" in text_of(page)
    assert "还可以再试 3 次" in text_of(tried(liaison, WRONG, browser))
    assert not is_in(browser)
    assert events(EventKind.SIGN_IN_FAILED).count() == 2
    assert not Session.objects.filter(account=liaison).exists()


def test_an_empty_form_is_no_try(site, liaison):
    for form in (
        {},
        {"login": liaison.login},
        {"password": RIGHT},
        {"login": "a\0b", "password": "x"},
    ):
        assert Client().post("/sign-in", form).status_code == 422
    assert not AccessAttempt.objects.exists()


def test_another_token_than_that_of_our_page_is_refused(site, liaison):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/sign-in", typed(liaison)).status_code == 403
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/sign-in").content.decode()
    )
    assert token
    sent = browser.post("/sign-in", typed(liaison, csrfmiddlewaretoken=token[1]))
    assert sent.status_code == 303


# --- nobody learns who has an account -------------------------------------------------------------


@pytest.fixture
def counted(monkeypatch, settings):
    """How often a password was hashed, by the real hasher."""
    settings.PASSWORD_HASHERS = ["kaoping.web.passwords.Hasher"]
    from kaoping.web.passwords import Hasher

    calls = []

    def counting(name, real):
        def call(self, *given):
            calls.append(name)
            return real(self, *given)

        return call

    for name in ("encode", "verify"):
        monkeypatch.setattr(Hasher, name, counting(name, getattr(Hasher, name)))
    return calls


def told(page):
    return re.sub(r'value="[^"]*"|时间 \S+ \S+', "", page.content.decode())


def test_unknown_and_wrong_and_disabled_are_told_and_cost_the_same(site, counted):
    known, disabled = with_password("青禾县联络员"), with_password("白石县联络员")
    disabled.is_active = False
    disabled.save()
    locked_out = Account.objects.get(person=uid("临溪区联络员"))  # no password was ever set
    pages, costs, queries = [], [], []
    from django.db import connection

    for account, password in (
        (known, WRONG), ("niemand", WRONG), (disabled, RIGHT), (locked_out, WRONG)
    ):  # fmt: skip
        before = len(counted)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = tried(account, password)
        pages.append(told(page).replace(str(account), ""))
        costs.append(len(counted) - before)
        queries.append(len(asked))
        assert page.status_code == 422
    assert len(set(pages)) == 1
    assert costs == [1, 1, 1, 1]
    assert len(set(queries)) == 1


# --- lock-out -------------------------------------------------------------------------------------


def lock(account, **headers):
    for _ in range(4):
        Client().post("/sign-in", typed(account, WRONG), **headers)
    return Client().post("/sign-in", typed(account, WRONG), **headers)


def test_five_wrong_ones_close_the_door_for_a_quarter_of_an_hour(site, liaison):
    page = lock(liaison)
    assert page.status_code == 429
    opens = (site.clock.now + timedelta(minutes=15, hours=8)).strftime("%H:%M:%S")
    assert f"登录已锁定，{opens} 以后可以再试。" in text_of(page)
    browser = Client()
    assert tried(liaison, RIGHT, browser).status_code == 429
    assert not is_in(browser)
    site.clock.now += timedelta(minutes=14)
    assert tried(liaison).status_code == 429
    site.clock.now += timedelta(minutes=2)
    assert tried(liaison).status_code == 303, "what was tried meanwhile has not put it off"


def test_a_login_that_nobody_has_is_locked_alike(site):
    assert lock("niemand").status_code == 429


def test_others_and_other_addresses_are_not_locked(site, liaison):
    lock(liaison)
    assert tried(with_password("白石县联络员")).status_code == 303
    assert Client().post("/sign-in", typed(liaison), REMOTE_ADDR="10.1.1.9").status_code == 303


def test_a_made_up_address_opens_no_other_door(site, liaison):
    for number in range(8):
        page = Client().post(
            "/sign-in", typed(liaison, WRONG), HTTP_X_FORWARDED_FOR=f"10.9.9.{number}",
            HTTP_FORWARDED=f"for=10.9.9.{number}", HTTP_X_REAL_IP=f"10.9.9.{number}",
        )  # fmt: skip
    assert page.status_code == 429
    assert {one.address for one in events(EventKind.SIGN_IN_FAILED)} == {"127.0.0.1"}


def test_our_own_proxy_is_believed_and_only_its_last_word(site, liaison, settings):
    settings.TRUSTED_PROXIES = frozenset({"127.0.0.1"})
    page = lock(liaison, HTTP_X_FORWARDED_FOR="8.8.8.8, 10.1.1.7")
    assert page.status_code == 429
    assert events(EventKind.LOCKED).get().address == "10.1.1.7"
    other = Client(HTTP_X_FORWARDED_FOR="10.1.1.7, 10.1.1.8")
    assert other.post("/sign-in", typed(liaison)).status_code == 303
    nonsense = Client(HTTP_X_FORWARDED_FOR="not an address")
    nonsense.post("/sign-in", typed(liaison, WRONG))
    assert events(EventKind.SIGN_IN_FAILED).last().address == "127.0.0.1"


def test_a_hundred_guesses_are_five_guesses(site, counted):
    liaison = with_password("青禾县联络员")
    counted.clear()
    for number in range(100):
        tried(liaison, f"{WRONG}{number}")
    assert counted.count("verify") == 5
    assert events(EventKind.LOCKED).count() == 1
    assert events(EventKind.SIGN_IN_FAILED).count() == 100
    assert tried(liaison).status_code == 429


def test_who_comes_in_has_all_tries_again(site, liaison):
    for _ in range(4):
        tried(liaison, WRONG)
    assert tried(liaison).status_code == 303
    assert "还可以再试 4 次" in text_of(tried(liaison, WRONG))


def test_old_failures_are_forgotten(site, liaison):
    tried(liaison, WRONG)
    site.clock.now += timedelta(minutes=16)
    for _ in range(3):
        tried(liaison, WRONG)
    assert "还可以再试 1 次" in text_of(tried(liaison, WRONG))


# --- what is written down -------------------------------------------------------------------------


def test_no_password_stands_in_any_table_or_log(site, liaison, caplog):
    from django.db import connection

    canaries = ("Kanarie-Wrong-2024", RIGHT, "271828")
    lock(liaison)
    tried("niemand", canaries[0], code=canaries[2])
    tried(with_password("白石县联络员"), RIGHT, code=canaries[2])
    told = caplog.text
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            told += repr(cursor.fetchall())
    assert "niemand" in told
    assert [one for one in canaries if one in told] == []


def test_an_old_hash_becomes_a_new_one_at_the_sign_in(site, liaison, settings):
    settings.PASSWORD_HASHERS = [
        "kaoping.web.passwords.Hasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    liaison.password = hashers.make_password(RIGHT, hasher="pbkdf2_sha256")
    liaison.save()
    browser = Client()
    assert tried(liaison, browser=browser).status_code == 303
    liaison.refresh_from_db()
    assert liaison.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_in(browser)


# --- sessions -------------------------------------------------------------------------------------


def test_a_session_key_that_was_there_before_opens_nothing(site, liaison):
    victim, attacker = Client(), Client()
    attacker.get("/sign-in")
    session = attacker.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key
    victim.cookies["sessionid"] = str(planted)
    tried(liaison, browser=victim)
    assert victim.session.session_key != planted
    assert "planted" not in victim.session
    attacker.cookies["sessionid"] = str(planted)
    assert is_in(victim)
    assert not is_in(attacker)


def test_signing_in_over_another_session_leaves_nothing_of_it(site, liaison):
    browser = site.client("安全管理员")
    old = browser.session.session_key
    tried(liaison, browser=browser)
    assert browser.session.session_key != old
    assert not Session.objects.filter(session_key=old).exists()
    assert browser.get("/sign-ins").status_code == 403


def test_an_idle_session_ends_says_why_and_leads_back(site):
    browser = site.client("青禾县联络员")
    site.clock.now += timedelta(minutes=29)
    assert is_in(browser)
    site.clock.now += timedelta(minutes=31)
    sent = browser.get("/account?x=1")
    assert (sent.status_code, sent["Location"]) == (
        303,
        "/sign-in?next=%2Faccount%3Fx%3D1&over=idle",
    )
    assert "长时间没有操作，已自动退出。" in text_of(browser.get(sent["Location"]))
    assert not is_in(browser)
    assert "长时间未操作" in events(EventKind.SIGNED_OUT).get().detail


def test_a_form_sent_too_late_does_nothing_and_leads_back_to_its_page(site):
    browser = site.client("青禾县联络员")
    site.clock.now += timedelta(minutes=31)
    sent = browser.post(
        "/account/email", {"email": "a@example.gov.cn"}, HTTP_REFERER="http://testserver/account"
    )
    assert sent["Location"].startswith("/sign-in?next=%2Faccount&")
    assert Account.objects.get(person=uid("青禾县联络员")).email == ""
    assert "刚才提交的内容没有办理。" in text_of(browser.get(sent["Location"]))


def test_a_form_sent_after_the_session_was_ended_elsewhere_says_so_and_leads_back_to_its_page(site):
    sent = site.nobody.post("/notices/read", {"all": "1"}, HTTP_REFERER="http://testserver/notices")
    assert sent["Location"] == "/sign-in?next=%2Fnotices&over=gone&untaken=1"
    assert "刚才提交的内容没有办理。" in text_of(site.nobody.get(sent["Location"]))


def test_who_is_out_already_signs_out_without_a_word_about_forms(site):
    assert site.nobody.post("/sign-out")["Location"] == "/sign-in?over=out"


def test_a_part_of_a_page_sends_the_whole_page_to_the_door(site):
    browser = site.client("青禾县联络员")
    site.clock.now += timedelta(minutes=31)
    sent = browser.get("/", HTTP_HX_REQUEST="true", HTTP_REFERER="http://testserver/account")
    assert sent.status_code == 204
    assert sent["HX-Redirect"] == "/sign-in?next=%2Faccount&over=idle"


def test_the_longest_session_ends_however_it_is_used(site):
    browser = site.client("青禾县联络员")
    for _ in range(24):
        site.clock.now += timedelta(minutes=20)
        assert is_in(browser)
    site.clock.now += timedelta(minutes=1)
    assert browser.get("/account")["Location"].endswith("over=long")


def test_a_session_without_a_beginning_is_none(site):
    browser = Client()
    browser.force_login(Account.objects.get(person=uid("青禾县联络员")))
    assert browser.get("/account").status_code == 303


def test_signing_out_ends_the_session_on_the_server(site):
    browser = site.client("青禾县联络员")
    key = browser.session.session_key
    sent = browser.post("/sign-out")
    assert (sent.status_code, sent["Location"]) == (303, "/sign-in?over=out")
    thief = Client()
    thief.cookies["sessionid"] = str(key)
    assert not is_in(thief)
    assert not Session.objects.filter(session_key=key).exists()
    assert events(EventKind.SIGNED_OUT).get().person == uid("青禾县联络员")


def test_a_disabled_account_is_out_at_once(site, liaison):
    browser = Client()
    tried(liaison, browser=browser)
    assert is_in(browser)
    Account.objects.filter(pk=liaison.pk).update(is_active=False)
    assert browser.get("/account").status_code == 302
    assert tried(liaison).status_code == 422


# --- accounts that sleep, passwords for a day -----------------------------------------------------


def test_an_account_that_was_not_used_for_long_is_locked(site, liaison):
    tried(liaison)
    site.clock.now += timedelta(days=89)
    assert tried(liaison).status_code == 303
    site.clock.now += timedelta(days=91)
    page = tried(liaison)
    assert page.status_code == 422
    assert "账号长期未使用，已锁定" in text_of(page)
    assert "账号长期未使用" not in text_of(tried(liaison, WRONG)), (
        "only who knows the password is told"
    )


def test_a_password_for_a_day_opens_its_own_change_and_nothing_else(site, liaison):
    liaison.temporary_until = site.clock.now + timedelta(hours=24)
    liaison.save()
    browser = Client()
    assert tried(liaison, browser=browser)["Location"] == "/"
    for where in ("/", "/account", "/account/factors", "/receipts/1"):
        sent = browser.get(where)
        assert sent.status_code == 303
        assert sent["Location"].startswith("/account/password?next="), where
    sent = browser.post("/account/email", {"email": "a@example.gov.cn"})
    assert sent["Location"].startswith("/account/password")
    assert "请先改成自己的密码" in text_of(browser.get("/account/password"))
    new = "Luhua-Qiushui-77"
    sent = browser.post(
        "/account/password?next=/account", {"password": RIGHT, "new": new, "again": new}
    )
    assert sent["Location"] == "/account"
    assert is_in(browser)
    assert tried(liaison).status_code == 422
    assert tried(liaison, new).status_code == 303


def test_a_password_for_a_day_is_worth_nothing_on_the_next(site, liaison):
    liaison.temporary_until = site.clock.now + timedelta(hours=24)
    liaison.save()
    site.clock.now += timedelta(hours=25)
    browser = Client()
    page = tried(liaison, browser=browser)
    assert "临时口令已过期" in text_of(page)
    assert not is_in(browser)


def test_a_password_may_be_made_to_end(site, liaison, settings):
    settings.PASSWORD_DAYS = 90
    liaison.password_set_at = site.clock.now
    liaison.save()
    browser = Client()
    tried(liaison, browser=browser)
    assert is_in(browser)
    Account.objects.filter(pk=liaison.pk).update(
        password_set_at=site.clock.now - timedelta(days=91)
    )
    assert browser.get("/account")["Location"].startswith("/account/password")


# --- the language ---------------------------------------------------------------------------------


def test_the_language_changes_on_the_page_where_one_is(site):
    browser = site.client("青禾县联络员")
    sent = browser.post("/language", {"language": "en", "next": "/account?x=1"})
    assert (sent.status_code, sent["Location"]) == (303, "/account?x=1")
    assert 'lang="en"' in browser.get("/account").content.decode()
    assert Account.objects.get(person=uid("青禾县联络员")).language == "en"
    browser.post("/language", {"language": "xx"})
    assert 'lang="en"' in browser.get("/account").content.decode()


def test_a_new_browser_speaks_the_language_of_the_account(site, liaison):
    Account.objects.filter(pk=liaison.pk).update(language="en")
    browser = Client()
    assert tried(liaison, browser=browser).cookies["language"].value == "en"
    stubborn = Client()
    stubborn.post("/language", {"language": "zh-hans"})
    assert "language" not in tried(liaison, browser=stubborn).cookies
