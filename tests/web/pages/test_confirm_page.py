"""确认身份: what signs or administers asks again who one is, once the last proof is minutes old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from kaoping.web.models import EventKind, SecurityEvent
from kaoping.web.views.doors import own_path, with_fresh_sign_in
from tests.web.pages.test_second_factor_pages import code_of, enrol
from tests.web.pages.test_sign_in_page import RIGHT, WRONG, is_in, tried, with_password
from tests.web.site import sign_in, text_of

FRESH = "/account/factors"
"""A page that wants a fresh proof."""


@with_fresh_sign_in
def signs(_request):
    return HttpResponse("signed")


class Notes(list[str]):
    def add(self, _level, message, _extra):
        self.append(str(message))


def asked(browser, method="get", **headers):
    """What a view that signs answers, and what is noted for the next page."""
    request = getattr(RequestFactory(), method)("/signs?x=1", **headers)
    request.session = browser.session
    request._messages = Notes()
    return signs(request), request._messages


@pytest.fixture
def liaison(site):
    return with_password("青禾县联络员")


@pytest.fixture
def stale(site, liaison):
    """A browser whose person has proved who she is six minutes ago."""
    browser = Client()
    sign_in(browser, liaison)
    site.clock.now += timedelta(minutes=6)
    return browser


def is_fresh(browser):
    return browser.get(FRESH).status_code == 200


# --- being asked ----------------------------------------------------------------------------------


def test_who_has_just_signed_in_goes_on(site):
    answer, _ = asked(site.client("安全管理员"))
    assert answer.content == b"signed"


def test_after_some_minutes_one_is_asked_again_and_comes_back(stale):
    answer, notes = asked(stale)
    assert (answer.status_code, answer["Location"]) == (303, "/confirm?next=%2Fsigns%3Fx%3D1")
    assert not notes


def test_a_form_is_not_taken_and_leads_back_to_its_page_with_a_note(stale):
    answer, notes = asked(stale, "post", HTTP_REFERER="http://testserver/form?y=2")
    assert (answer.status_code, answer["Location"]) == (303, "/confirm?next=%2Fform%3Fy%3D2")
    assert ["没有办理" in note for note in notes] == [True]


@pytest.mark.parametrize("referrer", ["", "http://evil.example/x", "http://testserver.evil/x", "x"])
def test_a_form_from_elsewhere_leads_to_the_desk(stale, referrer):
    answer, _ = asked(stale, "post", HTTP_REFERER=referrer)
    assert answer["Location"] == "/confirm?next=%2F"


@pytest.mark.parametrize(
    ("given", "own"),
    [
        ("/a?b=1", "/a?b=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(7)", "/"),
        ("a", "/"),
        ("", "/"),
    ],
)
def test_only_paths_of_this_server_are_gone_to(given, own):
    assert own_path(given) == own


# --- proving --------------------------------------------------------------------------------------


def test_the_password_proves_it_under_another_session_key(site, stale):
    key = stale.session.session_key
    sent = stale.post("/confirm", {"password": RIGHT, "next": FRESH})
    assert (sent.status_code, sent["Location"]) == (303, FRESH)
    assert is_fresh(stale)
    assert stale.session.session_key != key
    assert SecurityEvent.objects.filter(kind=EventKind.CONFIRMED.value).count() == 1


@pytest.mark.parametrize("form", [{"password": WRONG}, {"password": ""}, {}, {"code": "000000"}])
def test_anything_else_does_not(site, stale, form):
    assert stale.post("/confirm", form).status_code == 422
    assert not is_fresh(stale)


def test_nobody_is_led_elsewhere_afterwards(stale):
    sent = stale.post("/confirm", {"password": RIGHT, "next": "//evil.example"})
    assert sent["Location"] == "/"


def test_guessing_at_an_open_desk_closes_the_door(site, stale, liaison):
    for left in (4, 3, 2, 1):
        assert f"还可以再试 {left} 次" in text_of(stale.post("/confirm", {"password": WRONG}))
    page = stale.post("/confirm", {"password": WRONG})
    assert page.status_code == 429
    assert stale.post("/confirm", {"password": RIGHT}).status_code == 429
    assert not is_fresh(stale)
    assert tried(liaison).status_code == 429
    assert SecurityEvent.objects.filter(kind=EventKind.LOCKED.value).count() == 1


def test_who_has_a_second_factor_proves_it_by_that_and_not_by_the_password(site):
    handler, browser = with_password("综合科经办人"), Client()
    tried(handler, browser=browser)
    secret = enrol(browser)
    site.clock.now += timedelta(minutes=6)
    assert browser.post("/confirm", {"password": RIGHT}).status_code == 422
    assert not is_fresh(browser)
    assert browser.post("/confirm", {"code": code_of(secret, 1)}).status_code == 303
    assert is_fresh(browser)
    site.clock.now += timedelta(minutes=6)
    assert browser.post("/confirm", {"code": code_of(secret, 1)}).status_code == 422


def test_a_stranger_is_sent_to_the_door(site):
    assert site.nobody.get("/confirm")["Location"].startswith("/sign-in")
    assert site.nobody.post("/confirm", {"password": RIGHT})["Location"].startswith("/sign-in")
    assert not is_in(site.nobody)
