"""安全记录: who came in, what was refused, what was taken along; sealed up to where."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kaoping.core.acts.terms import EVENT_KINDS
from kaoping.web.actions.sealing_security_log import seal_security_log
from kaoping.web.models import EventKind, SecurityEvent
from kaoping.web.queries.security import TERMS
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "registered"


@pytest.fixture
def log(site):
    """One event of each kind that matters here."""
    for kind, person, detail in (
        (EventKind.SIGNED_IN, "青禾县联络员", "密码"),
        (EventKind.SIGN_IN_FAILED, "", "口令不对"),
        (EventKind.REFUSED, "综合科经办人", "这一步现在不能办理"),
        (EventKind.DOWNLOADED, "监督员", "journal.xlsx"),
    ):
        SecurityEvent.objects.create(
            at=site.installation.now(),
            kind=kind.value,
            person=uid(person) if person else "",
            login="" if person else "mingtian",
            address="10.0.0.7",
            path="/somewhere",
            detail=detail,
        )
    return site


@pytest.mark.parametrize("name", ["安全管理员", "审计管理员乙"])
def test_guards_see_everything(log, name):
    said = text_of(log.client(name).get("/security-log"))
    for words in (
        "登录",
        "登录未成功",
        "mingtian",
        "办理被拒绝",
        "这一步现在不能办理",
        "10.0.0.7",
        "R-2024",
    ):
        assert words in said


def test_a_supervisor_sees_refusals_and_not_how_people_sign_in(log):
    said = text_of(log.client("监督员").get("/security-log"))
    assert "这一步现在不能办理" in said
    assert "journal.xlsx" in said
    assert "mingtian" not in said
    assert "口令不对" not in said


@pytest.mark.parametrize("name", ["系统管理员", "青禾县联络员", "综合科经办人", "主要领导"])
def test_others_find_a_closed_door(log, name):
    browser = log.client(name)
    for address in ("/security-log", "/security-log.xlsx"):
        page = browser.get(address)
        assert page.status_code == 403
        assert "mingtian" not in text_of(page)


def test_a_stranger_is_sent_to_the_door(site):
    assert site.nobody.get("/security-log")["Location"].startswith("/sign-in")


def test_refusals_stand_apart(log):
    said = text_of(log.client("审计管理员乙").get("/security-log?kind=refusals"))
    assert "这一步现在不能办理" in said
    assert "mingtian" not in said


@pytest.mark.parametrize(
    ("query", "found", "hidden"),
    [
        ("q=综合科经办人", "这一步现在不能办理", "mingtian"),
        ("q=mingtian", "mingtian", "这一步现在不能办理"),
        ("q=10.0.0.7", "mingtian", "没有符合条件的记录"),
        ("kind=downloaded", "journal.xlsx", "mingtian"),
        ("from=2000-01-01&to=2000-01-02", "没有符合条件的记录", "mingtian"),
    ],
)
def test_one_narrows_it_down(log, query, found, hidden):
    said = text_of(log.client("审计管理员乙").get(f"/security-log?{query}"))
    assert found in said
    assert hidden not in said


def test_an_event_is_found_by_the_number_that_somebody_quotes(log):
    event = SecurityEvent.objects.get(kind=EventKind.REFUSED.value)
    said = text_of(log.client("审计管理员乙").get(f"/security-log?q={event.number}"))
    assert "这一步现在不能办理" in said
    assert "mingtian" not in said


@pytest.mark.parametrize("query", ["kind=nothing", "from=x", "below=-1"])
def test_what_cannot_be_asked_is_said_plainly(log, query):
    assert log.client("审计管理员乙").get(f"/security-log?{query}").status_code == 422


def test_it_says_up_to_where_it_is_sealed_and_by_which_entry(log):
    browser = log.client("审计管理员乙")
    assert "还没有封存过" in text_of(browser.get("/security-log"))
    seal_security_log(log.installation)
    index = log.size - 1
    page = browser.get("/security-log")
    assert "已封存至" in text_of(page)
    assert f"/journal/{index}" in page.content.decode()
    other = log.client("安全管理员").get("/security-log")
    assert f"条目 {index}" in text_of(other)
    assert f"/journal/{index}" not in other.content.decode(), "a door that is closed to her"
    assert "待封存 0 条" in text_of(page)
    SecurityEvent.objects.create(at=log.installation.now(), kind=EventKind.LOCKED.value)
    assert "待封存 1 条" in text_of(browser.get("/security-log"))


def test_the_number_of_questions_does_not_grow_with_the_events(log):
    browser, counts = log.client("审计管理员乙"), []
    browser.get("/security-log")
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            browser.get("/security-log")
        counts.append(len(caught))
        at = log.installation.now()
        SecurityEvent.objects.bulk_create(
            SecurityEvent(at=at, kind="signed_in", person=uid("监督员")) for _ in range(40)
        )
    assert counts[0] == counts[1] <= 12


def test_one_goes_to_older_ones_and_back(log):
    at = log.installation.now()
    SecurityEvent.objects.bulk_create(
        SecurityEvent(at=at, kind="signed_in", person=uid("监督员")) for _ in range(120)
    )
    browser, seen, address = log.client("安全管理员"), [], "/security-log"
    while address:
        page = browser.get(address).context["page"]
        seen += [one.row.pk for one in page.events]
        address = f"/security-log?below={page.older}" if page.older else ""
    every = list(SecurityEvent.objects.order_by("-pk").values_list("pk", flat=True))
    assert seen == every
    back = browser.get(f"/security-log?above={page.newer}").context["page"]
    assert [one.row.pk for one in back.events][-1] == min(pk for pk in every if pk > page.newer)


def test_what_somebody_typed_does_not_deceive(log):
    SecurityEvent.objects.create(
        at=log.installation.now(), kind="sign_in_failed", login="root\u202etxt", detail="<script>x"
    )
    text = log.client("安全管理员").get("/security-log").content.decode()
    assert "⟨U+202E⟩" in text
    assert "\u202e" not in text
    assert "<script>x" not in text


def test_it_goes_into_a_workbook_where_nothing_is_a_formula(log):
    SecurityEvent.objects.create(
        at=log.installation.now(), kind="sign_in_failed", login="=1+1", detail="=cmd|' /C calc'!A0"
    )
    page = log.client("安全管理员").get("/security-log.xlsx")
    sheet = load_workbook(BytesIO(page.content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


def test_every_kind_of_event_has_a_term():
    assert set(TERMS) == {kind.value for kind in EventKind}
    assert {kind: str(term) for kind, term in TERMS.items()} == EVENT_KINDS
