"""人员: registered and given an account by the system administrator, seen by the three alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.core.acts.setting_up import DutyEnded
from kaoping.files.people import read_people
from kaoping.web.models import Account, Entry, EventKind, Person, SecurityEvent
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "registered"
OTHERS = ("青禾县联络员", "青禾县负责人", "综合科经办人", "评估督导科科长", "监督员", "主要领导")


def person_page(name):
    return f"/people/{uid(name)}"


def newcomer(**fields):
    given = {"name": "新来的人", "staff_number": "N-900", "login": "xinlai", "house": uid("综合科")}
    return fresh(**(given | fields))


def events(kind):
    return SecurityEvent.objects.filter(kind=kind.value)


# --- the list -------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_words_house_and_account(site):
    browser = site.client("系统管理员")
    whole = text_of(browser.get("/people"))
    assert "青禾县联络员" in whole
    assert "部门负责人" in whole
    by_words = text_of(browser.get("/people", {"words": "青禾"}))
    assert "青禾县负责人" in by_words
    assert "白石县负责人" not in by_words
    by_house = text_of(browser.get("/people", {"house": uid("综合科")}))
    assert "综合科科长" in by_house
    assert "产业科科长" not in by_house
    Account.objects.filter(person=uid("监督员")).update(is_active=False)
    disabled = text_of(browser.get("/people", {"account": "disabled"}))
    assert "监督员" in disabled
    assert "共 1 人" in disabled
    assert "没有符合条件的人员" in text_of(browser.get("/people", {"words": "%没有此人%"}))


def test_nonsense_in_the_address_is_no_fault(site):
    browser = site.client("系统管理员")
    for query in ({"page": "０"}, {"page": "999999999"}, {"house": "x" * 500}, {"account": "?"}):
        assert browser.get("/people", query).status_code == 200


def test_the_list_asks_the_database_as_often_for_many_people_as_for_few(site):
    browser = site.client("系统管理员")
    counts = []
    for house in (uid("综合科"), ""):
        browser.get("/people", {"house": house})
        with CaptureQueriesContext(connection) as asked:
            browser.get("/people", {"house": house})
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_workbook_can_be_read_as_a_list_and_runs_no_formula(site):
    site.client("系统管理员").post("/people/new", newcomer(name="=HYPERLINK(1)"))
    answer = site.client("审计管理员乙").get("/people/export")
    assert answer["Content-Disposition"].startswith("attachment")
    sheets = read_people(answer.content, "人员.xlsx")
    names = [row.cells["name"] for row in sheets.tables["people"].rows]
    assert "=HYPERLINK(1)" in names
    assert {"people", "units", "sections"} == set(sheets.tables)
    assert b"<f>" not in answer.content
    assert events(EventKind.DOWNLOADED).count() == 1


# --- registering ----------------------------------------------------------------------------------


def test_a_person_is_registered_once_with_an_account_nobody_can_sign_in_with_yet(site):
    browser, form = site.client("系统管理员"), newcomer()
    for _ in range(2):
        sent = browser.post("/people/new", form)
        assert (sent.status_code, sent["Location"]) == (303, f"/people/{form['act']}")
    (person,) = Person.objects.filter(name="新来的人")
    account = Account.objects.get(person=person.id)
    assert (account.login, account.has_usable_password()) == ("xinlai", False)
    assert events(EventKind.ACCOUNT_OPENED).count() == 1
    page = text_of(browser.get(sent["Location"]))
    assert "未发口令" in page
    assert "综合科" in page


def test_the_staff_number_stands_nowhere(site):
    form = newcomer(staff_number="CANARY-4711")
    site.client("系统管理员").post("/people/new", form)
    entry = Entry.objects.latest("index")
    assert "CANARY" not in entry.body + entry.content
    assert not [e for e in SecurityEvent.objects.all() if "CANARY" in f"{e.detail}{e.path}"]
    assert Person.objects.get(id=form["act"]).human == site.installation.staff_number_digest(
        "CANARY-4711"
    )


def test_all_faults_of_the_form_are_told_at_once(site):
    before = site.size
    form = newcomer(name="", staff_number="", login="有 空格", house="nowhere")
    sent = site.client("系统管理员").post("/people/new", form)
    assert sent.status_code == 422
    for word in ("姓名", "工号", "账号", "单位或科室"):
        assert word in text_of(sent)
    assert site.size == before


@pytest.mark.parametrize("login", ["N-900", "login-0", "LOGIN-0"])
def test_an_account_that_is_the_number_or_somebody_elses_is_refused(site, login):
    before = site.size
    sent = site.client("系统管理员").post("/people/new", newcomer(login=login))
    assert sent.status_code == 422
    assert site.size == before


def test_the_same_form_with_another_account_is_refused(site):
    """Who is registered keeps the account that was opened then; saying “done” would be untrue."""
    browser, form = site.client("系统管理员"), newcomer()
    assert browser.post("/people/new", form).status_code == 303
    before = site.size
    assert browser.post("/people/new", form).status_code == 303, "the same again is the same"
    told = browser.post("/people/new", form | {"login": "xinlai2"})
    assert told.status_code == 422
    assert "此人已有账号 xinlai" in text_of(told)
    assert site.size == before
    assert not Account.objects.filter(login="xinlai2").exists()


def test_the_same_number_twice_must_be_meant(site):
    browser = site.client("系统管理员")
    browser.post("/people/new", newcomer())
    before = site.size
    again = newcomer(login="xinlai2", house=uid("产业科"))
    told = browser.post("/people/new", again)
    assert told.status_code == 422
    assert "新来的人" in text_of(told)
    assert site.size == before
    meant = browser.post("/people/new", again | {"again": "1"})
    assert meant.status_code == 303
    assert "同一个人的其他登记" in text_of(browser.get(meant["Location"]))


def test_a_name_with_something_unseen_in_it_is_refused(site):
    before = site.size
    sent = site.client("系统管理员").post("/people/new", newcomer(name="新来\u200b的人"))
    assert sent.status_code == 422
    assert (site.size, Account.objects.filter(login="xinlai").count()) == (before, 0)


# --- one person -----------------------------------------------------------------------------------


def test_a_person_shows_duties_of_now_and_of_before_and_what_was_done(site):
    site.do("安全管理员", uid("职责 综合科经办人 handler"), DutyEnded("岗位调整"))
    page = text_of(site.client("安全管理员").get(person_page("综合科经办人")))
    for words in ("已结束的职责", "已终止", "岗位调整", "人员登记", "职责授予"):
        assert words in page
    assert "在任" in text_of(site.client("安全管理员").get(person_page("综合科科长")))


def test_an_administrator_shows_her_office_and_gets_no_duty(site):
    browser = site.client("安全管理员")
    page = browser.get(person_page("审计管理员乙"))
    assert "审计管理员" in text_of(page)
    assert "授予职责" not in text_of(page)


# --- accounts -------------------------------------------------------------------------------------


def test_a_disabled_account_is_out_at_once_and_can_come_back(site):
    admin, person = site.client("系统管理员"), site.client("监督员")
    assert person.get("/").status_code == 200
    address = f"{person_page('监督员')}/account"
    sent = admin.post(address, {"to": "disabled", "reason": "调离"})
    assert sent.status_code == 303
    assert person.get("/").status_code == 302
    (event,) = events(EventKind.ACCOUNT_DISABLED)
    assert "调离" in event.detail
    assert "已停用" in text_of(admin.get(person_page("监督员")))
    admin.post(address, {"to": "enabled", "reason": "返岗"})
    assert Account.objects.get(person=uid("监督员")).is_active
    assert events(EventKind.ACCOUNT_ENABLED).count() == 1


def test_disabling_wants_a_reason_and_never_concerns_oneself(site):
    admin = site.client("系统管理员")
    assert admin.post(f"{person_page('监督员')}/account", {"to": "disabled"}).status_code == 422
    own = admin.post(f"{person_page('系统管理员')}/account", {"to": "disabled", "reason": "无"})
    assert own.status_code == 409
    assert Account.objects.filter(is_active=False).count() == 0


def test_an_account_is_opened_later(site):
    Account.objects.filter(person=uid("监督员")).delete()
    admin, address = site.client("系统管理员"), f"{person_page('监督员')}/account"
    assert admin.post(address, {"login": "a b"}).status_code == 422
    assert admin.post(address, {"login": "jiandu"}).status_code == 303
    assert Account.objects.get(person=uid("监督员")).login == "jiandu"


# --- first passwords ------------------------------------------------------------------------------


def slip_of(page):
    (password,) = re.findall(r"临时口令 ([a-z0-9-]{14,})", text_of(page))
    return password


def test_a_first_password_is_shown_once_and_works_until_tomorrow(site):
    browser, form = site.client("系统管理员"), newcomer()
    browser.post("/people/new", form)
    assert "新来的人" in text_of(browser.get("/people/slips"))
    page = browser.post("/people/slips", {"person": [form["act"]]})
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    password = slip_of(page)
    account = Account.objects.get(login="xinlai")
    assert account.check_password(password)
    assert account.must_change_password(site.clock())
    assert (account.temporary_until - site.clock()).total_seconds() == 24 * 3600
    (event,) = events(EventKind.PASSWORD_ISSUED)
    assert password not in event.detail
    assert password not in text_of(browser.get("/people/slips"))
    assert password not in text_of(browser.get(f"/people/{form['act']}"))
    assert "新来的人" not in text_of(browser.get("/people/slips"))
    nobody = browser.get("/people/slips", {"house": uid("牵头局")})
    assert "没有待发放的口令" in text_of(nobody)


def test_the_other_administrators_are_told_whose_password_was_given(site):
    """Who gives a password could come in with it: he does not do so unseen."""
    admin = site.client("系统管理员")
    admin.post("/people/slips", {"person": [uid("监督员")]})
    for who, is_told in (
        ("安全管理员", True),
        ("审计管理员乙", True),
        ("系统管理员", False),
        ("青禾县联络员", False),
    ):
        page = text_of(site.client(who).get("/notices"))
        assert ("临时口令已发放：监督员" in page) is is_told, who


def test_a_new_temporary_password_ends_the_old_one_and_every_session(site):
    person = site.client("监督员")
    admin = site.client("系统管理员")
    first = slip_of(admin.post("/people/slips", {"person": [uid("监督员")]}))
    assert person.get("/").status_code == 302
    second = slip_of(admin.post("/people/slips", {"person": [uid("监督员")]}))
    account = Account.objects.get(person=uid("监督员"))
    assert (account.check_password(first), account.check_password(second)) == (False, True)


def test_nobody_ticked_or_too_many_is_told(site):
    admin = site.client("系统管理员")
    assert admin.post("/people/slips").status_code == 422
    many = [f"{n}" for n in range(51)]
    assert admin.post("/people/slips", {"person": many}).status_code == 422
    none = admin.post("/people/slips", {"person": ["nobody"]})
    assert "没有发放口令" in text_of(none)
    assert events(EventKind.PASSWORD_ISSUED).count() == 0


def test_a_disabled_account_gets_no_password(site):
    Account.objects.filter(person=uid("监督员")).update(is_active=False)
    page = site.client("系统管理员").post("/people/slips", {"person": [uid("监督员")]})
    assert "没有发放口令" in text_of(page)


# --- who ------------------------------------------------------------------------------------------


def addresses():
    return ["/people", "/people/export", person_page("青禾县联络员")]


def registrar_only():
    return ["/people/new", "/people/slips", f"{person_page('青禾县联络员')}/account"]


@pytest.mark.parametrize("name", OTHERS)
def test_none_of_it_is_open_to_the_business(site, name):
    browser, before = site.client(name), Account.objects.filter(is_active=True).count()
    for address in (*addresses(), *registrar_only()):
        assert browser.get(address).status_code == 403
        assert browser.post(address, newcomer(to="disabled", reason="x")).status_code in (403, 405)
    assert Account.objects.filter(is_active=True).count() == before


@pytest.mark.parametrize("name", ["安全管理员", "审计管理员乙"])
def test_the_other_two_administrators_only_read(site, name):
    browser, before = site.client(name), site.size
    for address in addresses():
        assert browser.get(address).status_code == 200
    for address in registrar_only():
        assert browser.get(address).status_code == 403
        assert browser.post(address, newcomer(person=uid("监督员"))).status_code == 403
    assert site.size == before
    assert events(EventKind.PASSWORD_ISSUED).count() == 0
    shown = b"".join(browser.get(address).content for address in ("/people", addresses()[2]))
    assert [address for address in registrar_only() if address.encode() in shown] == []


def test_strangers_are_sent_to_the_door(site):
    for address in (*addresses(), *registrar_only()):
        assert site.nobody.get(address)["Location"].startswith("/sign-in")


def test_accounts_and_passwords_want_a_fresh_proof(site):
    browser = site.client("系统管理员")
    site.clock.now += timedelta(minutes=6)
    assert browser.get("/people").status_code == 200
    for address in ("/people/slips", f"{person_page('监督员')}/account"):
        assert browser.get(address)["Location"].startswith("/confirm")
        asked = {"person": uid("监督员"), "to": "disabled", "reason": "x"}
        assert browser.post(address, asked)["Location"].startswith("/confirm")
    assert Account.objects.get(person=uid("监督员")).is_active
    assert events(EventKind.PASSWORD_ISSUED).count() == 0
