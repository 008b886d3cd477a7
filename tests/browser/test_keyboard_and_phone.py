"""Everybody's first minutes: by keyboard alone, and on a phone."""

from __future__ import annotations

import pytest

from tests.browser.seeing import PASSWORD
from tests.browser.test_every_page_is_seen import LOGINS

pytestmark = pytest.mark.slow

MOST_STOPS = 250
"""More stops of the Tab key than any page has."""


def stops(watched):
    """Everything that the Tab key comes to on a page, in its order, back to the beginning."""
    found: list[dict[str, str]] = []
    for _ in range(MOST_STOPS):
        watched.page.keyboard.press("Tab")
        focus = watched.focus()
        if focus is None or (found and focus["name"] == found[0]["name"]):
            return found
        found.append(focus)
    raise AssertionError("the focus never comes back")


def test_one_signs_in_and_out_by_keyboard_alone(visit):
    watched = visit()
    page = watched.page
    assert watched.go("/sign-in") == 200
    assert page.evaluate("() => document.activeElement.name") == "login"
    page.keyboard.type("lingdao1")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.keyboard.press("Tab")
    assert "#main" in watched.focus()["name"], "the first stop leads past the navigation"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    watched.go("/")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("() => !!document.activeElement.closest('form[action=\"/sign-out\"]')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in*")


@pytest.mark.parametrize("who", ["联络员", "汇总科长", "系统管理员", "安全管理员", "审计管理员"])
def test_the_focus_is_seen_at_every_stop_of_every_part(visit, who):
    watched = visit(LOGINS[who])
    parts = watched.page.eval_on_selector_all(
        ".k-nav a", "all => all.map((one) => one.getAttribute('href'))"
    )
    assert parts
    for where in parts:
        assert watched.go(where) == 200
        found = stops(watched)
        assert len(found) > len(parts)
        # Within a date there are several stops; where the browser marks its own parts, it is enough
        # that the field is marked at one of them.
        marked = {one["name"] for one in found if one["shown"] and one["seen"]}
        assert {one["name"] for one in found} - marked == set(), where


@pytest.mark.parametrize("who", LOGINS)
def test_each_part_is_reached_by_hand_on_a_phone(visit, who):
    watched = visit(LOGINS[who], width=390, signs_out=True)
    page = watched.page
    menu = page.locator(".k-menu")
    menu.locator("summary").click()
    count = menu.locator("nav > a").count()
    assert count >= 2
    for number in range(count):
        if number:
            menu.locator("summary").click()
        menu.locator("nav > a").nth(number).click()
        page.wait_for_load_state()
        assert page.locator("h1").count() == 1
        assert watched.overflows() == []
    menu.locator("summary").click()
    menu.locator("form button", has_text="退出").click()
    page.wait_for_url("**/sign-in*")
