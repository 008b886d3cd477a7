"""What was typed is not lost: a form that was sent back is filled in again, for its writer alone."""

from __future__ import annotations

import pytest

from tests.browser.seeing import PASSWORD

pytestmark = pytest.mark.slow


def typed(visit, login="xitong"):
    """A form with a login that cannot be one."""
    watched = visit(login)
    watched.expected |= {403, 422}
    watched.go("/people/new")
    page = watched.page
    page.fill("[name=name]", "柳青")
    page.fill("[name=staff_number]", "T-4711")
    page.check("[name=again]")
    page.fill("[name=login]", "liu qing")
    return page


def send(page):
    page.click("form.k-block button.btn-primary")
    page.wait_for_load_state()


def values(page):
    return [page.input_value(f"[name={name}]") for name in ("name", "staff_number", "login")]


def test_after_a_fault_the_form_is_as_it_was_typed(visit):
    page = typed(visit)
    act = page.input_value("[name=act]")
    send(page)
    page.click("main a.btn-primary")
    page.wait_for_selector("text=已填回刚才填写的内容")
    assert values(page) == ["柳青", "T-4711", "liu qing"]
    assert page.is_checked("[name=again]")
    assert page.input_value("[name=act]") == act, "the same act, or it could be done twice"
    page.goto(page.url)
    assert values(page) == ["", "", ""], "it comes back once"


def test_after_the_session_was_over_the_form_is_as_it_was_typed(visit):
    page = typed(visit)
    page.context.clear_cookies(name="sessionid")
    send(page)
    page.fill("#login", "xitong")
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_selector("text=已填回刚才填写的内容")
    assert values(page) == ["柳青", "T-4711", "liu qing"]


def test_another_person_finds_nothing_of_it(visit):
    page = typed(visit)
    page.context.clear_cookies(name="sessionid")
    send(page)
    page.fill("#login", "anquan")
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    assert page.evaluate("() => sessionStorage.getItem('kaoping.typed')") is None


def test_what_was_taken_is_not_filled_in_again(visit):
    page = typed(visit)
    page.fill("[name=login]", "")
    page.uncheck("[name=again]")
    send(page)
    page.goto(page.url)
    assert page.evaluate("() => sessionStorage.getItem('kaoping.typed')") is None


def test_passwords_are_never_kept(visit):
    watched = visit("xitong")
    watched.expected.add(422)
    watched.go("/account/password")
    page = watched.page
    for name in ("password", "new", "again"):
        page.fill(f"[name={name}]", "Falsch-2024-falsch")
    page.press("[name=again]", "Enter")
    page.wait_for_load_state()
    assert page.evaluate("() => sessionStorage.getItem('kaoping.typed')") is None
