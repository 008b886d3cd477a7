"""日历订阅: a secret address opens one person's deadlines and nothing else."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from kaoping.web.models import Account, CalendarToken
from tests.web.pages.conftest import built, site
from tests.web.site import text_of
from tests.world_set_up import UNITS, uid

__all__ = ["built", "site"]

STAGE = "opened"


def renewed(site, name):
    """The path of somebody's new calendar, as the page shows it."""
    said = site.client(name).post("/calendar/renew").content.decode()
    (path,) = set(re.findall(r"/calendar/[\w-]+\.ics", said))
    return path


@pytest.fixture
def address(site):
    """The path of the liaison's calendar."""
    return renewed(site, "青禾县联络员")


def unfolded(response):
    return response.content.decode().replace("\r\n ", "")


def test_the_calendar_opens_without_a_session_and_has_ones_own_deadlines(site, address):
    response = site.nobody.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    said = unfolded(response)
    assert said.count("BEGIN:VEVENT") == 4
    assert said.count("DTSTART;VALUE=DATE:20250105") == 4
    assert said.count("SUMMARY:填报台账：") == 4
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75
    assert "sessionid" not in response.cookies


def test_nothing_of_other_units_stands_in_it(site, address):
    said = unfolded(site.nobody.get(address))
    assert not [unit for unit in UNITS[1:] if unit in said]


def test_ids_stay_the_same_and_differ_between_persons(site, address):
    def ids(path):
        return re.findall(r"UID:(\S+)", unfolded(site.nobody.get(path)))

    first = ids(address)
    site.at("2024-12-01T01:00:00+00:00")
    assert ids(address) == first
    assert len(set(first)) == 4
    assert set(ids(renewed(site, "白石县联络员"))).isdisjoint(first)


def test_any_other_address_finds_nothing(site, address):
    for path in ("/calendar/x.ics", f"/calendar/{'a' * 43}.ics", address[:-5] + ".ics"):
        response = site.nobody.get(path)
        assert response.status_code == 404
        assert "青禾县" not in text_of(response)
    assert site.nobody.post(address).status_code in (403, 405)


def test_only_a_digest_is_kept(site, address):
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 43
    kept = CalendarToken.objects.get()
    assert kept.digest == sha256(token.encode()).hexdigest()
    assert token not in str(vars(kept))
    page = site.client("青禾县联络员").get("/calendar")
    assert token not in page.content.decode()
    assert "已开通" in text_of(page)


def test_a_new_address_closes_the_old_one(site, address):
    again = renewed(site, "青禾县联络员")
    assert site.nobody.get(address).status_code == 404
    assert again != address
    assert site.nobody.get(again).status_code == 200


def test_a_revoked_address_is_closed(site, address):
    assert site.client("青禾县联络员").post("/calendar/revoke").status_code == 303
    assert site.nobody.get(address).status_code == 404
    assert "未开通" in text_of(site.client("青禾县联络员").get("/calendar"))


def test_nobody_revokes_or_renews_anothers(site, address):
    site.client("白石县联络员").post("/calendar/revoke")
    site.client("白石县联络员").post("/calendar/renew")
    assert site.nobody.get(address).status_code == 200
    for path in ("/calendar/renew", "/calendar/revoke"):
        assert site.nobody.post(path).status_code == 303
        assert site.client("青禾县联络员").get(path).status_code == 405
    assert site.nobody.get(address).status_code == 200


def test_a_closed_account_has_no_calendar(site, address):
    Account.objects.filter(person=uid("青禾县联络员")).update(is_active=False)
    assert site.nobody.get(address).status_code == 404


def test_reading_a_calendar_changes_nothing(site, address):
    size, kept = site.size, list(CalendarToken.objects.values())
    site.nobody.get(address)
    assert (site.size, list(CalendarToken.objects.values())) == (size, kept)


def test_the_address_of_the_platform_is_in_it_where_it_is_known(site, address, settings):
    settings.ADDRESS = "https://kaoping.example"
    assert "URL:https://kaoping.example/ledger" in unfolded(site.nobody.get(address))
