"""Pages of refusals and faults: they lead on, and say nothing that is not so."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from kaoping.core.errors import TamperError
from kaoping.web.models import Entry
from kaoping.web.sealer import InlineSealer
from tests.web.site import fresh, text_of

HANDLER = "综合科经办人"
NOTHING = "没有任何数据被改动"


def broken(error):
    def fails(*_args, **_more):
        raise error

    return fails


@pytest.mark.parametrize("where", ["/notices/read", "/language"])
def test_an_address_that_only_takes_forms_has_a_page_that_leads_on(site, where):
    page = site.client(HANDLER).get(where)
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "请从工作台重新进入" in text_of(page)


def test_the_other_language_is_spoken_on_the_page_of_the_form_that_was_refused(site):
    page = site.client(HANDLER).post(
        "/discipline", {}, HTTP_REFERER="http://testserver/discipline?x=1"
    )
    assert page.status_code == 422
    assert 'name="next" value="/discipline?x=1"' in page.content.decode()


# --- what was taken before the error came ---------------------------------------------------------


@pytest.mark.parametrize("error", [TamperError("不符", "differs"), ValueError("a fault of ours")])
def test_an_act_that_was_taken_before_the_error_is_named(site, monkeypatch, error):
    browser = site.client(HANDLER)
    size = site.size
    monkeypatch.setattr(InlineSealer, "seal", broken(error))
    page = browser.post("/discipline", fresh())
    assert page.status_code == 500
    assert site.size == size + 1
    assert NOTHING not in text_of(page)
    assert f"请不要重复办理： 条目 {Entry.objects.latest('index').index}" in text_of(page)


def test_where_nothing_was_taken_it_says_so(site, monkeypatch):
    browser = site.client(HANDLER)
    monkeypatch.setattr("kaoping.web.actions.taking.perform", broken(ValueError("ours")))
    page = browser.post("/discipline", fresh())
    assert page.status_code == 500
    assert NOTHING in text_of(page)


# --- faults outside every view --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("away"), 503, "数据库现在没有应答"),
        (ValueError("ours"), 500, "程序内部出错"),
    ],
)
def test_a_fault_that_the_layout_shares_still_has_a_page(site, monkeypatch, error, status, words):
    browser = site.client(HANDLER)
    browser.raise_request_exception = False
    monkeypatch.setattr("kaoping.web.chrome.soundness", broken(error))
    page = browser.get("/account")
    assert page.status_code == status
    assert words in text_of(page)
    assert NOTHING not in text_of(page)
