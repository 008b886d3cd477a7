"""确认身份: what signs or administers asks again who one is, once the last proof is minutes old."""

from __future__ import annotations

from datetime import timedelta

from django.test import RequestFactory

from kaoping.web.views.doors import own_path, with_fresh_sign_in
from tests.world_set_up import uid


@with_fresh_sign_in
def signs(request):
    return "signed"


def asked(site, browser, method="get", **headers):
    request = getattr(RequestFactory(), method)("/signs?x=1", **headers)
    request.session = browser.session
    request._messages = Notes()
    return signs(request), request._messages


class Notes(list):
    def add(self, _level, message, _extra):
        self.append(str(message))


def test_who_has_just_signed_in_goes_on(site):
    answer, _ = asked(site, site.client("安全管理员"))
    assert answer == "signed"


def test_after_some_minutes_one_is_asked_again_and_comes_back(site):
    browser = site.client("安全管理员")
    site.clock.now += timedelta(minutes=6)
    answer, notes = asked(site, browser)
    assert (answer.status_code, answer["Location"]) == (303, "/confirm?next=%2Fsigns%3Fx%3D1")
    assert not notes
