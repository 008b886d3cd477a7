"""安全密钥 in a real browser: made, asked for at the next sign-in, and asked for before what signs."""

from __future__ import annotations

import pytest

from tests.browser.seeing import PASSWORD

pytestmark = pytest.mark.slow

LOGIN = "heyan3"
"""Somebody whom no other test of the browser signs in as."""
VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def watched(visit):
    """A window with a passkey device, at an address that has a name."""
    one = visit()
    one.address = one.address.replace("127.0.0.1", "localhost")
    devices = one.context.new_cdp_session(one.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
    return one


def type_password(watched):
    page = watched.page
    page.goto(f"{watched.address}/sign-in")
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def test_a_passkey_is_made_and_opens_the_door_from_then_on(watched, screens):
    page = watched.page
    type_password(watched)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    watched.go("/account/factors")
    assert watched.barriers() == []
    page.fill("#name", "测试用密钥")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/account/factors/codes*")
    assert page.locator(".k-cmd li").count() == 10
    assert watched.barriers() == []
    watched.go("/account")
    assert page.locator("text=测试用密钥").count() == 1
    page.locator("form[action='/sign-out'] button:visible").first.click()
    page.wait_for_url("**/sign-in?over=out")

    type_password(watched)
    page.wait_for_url("**/sign-in/second*")
    assert watched.barriers() == []
    page.screenshot(path=screens / "sign-in-second-1366.png", full_page=True)
    page.click("form[data-passkey] button")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    assert watched.go("/account") == 200


def test_at_an_address_in_digits_the_page_says_what_to_do_instead(visit):
    watched = visit("heyan4")
    watched.go("/account/factors")
    assert watched.page.locator("[data-no-passkey]").is_visible()
    assert watched.page.locator("form[data-passkey]").is_hidden()
