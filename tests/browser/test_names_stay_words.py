"""O09: what an enemy is called runs nowhere; pages as they are, shown to a browser without a server."""

from __future__ import annotations

import mimetypes
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from tests.browser.seeing import Watched, launched
from tests.web.every_page.cast import browser
from tests.web.every_page.crawling import crawl
from tests.web.every_page.enemy import ESCAPED, name_things
from tests.web.pages.conftest import built, site

__all__ = ["built", "site"]

pytestmark = pytest.mark.slow

STAGE = "collected"
HOST = "http://localhost"
"""A name that browsers trust as they do https: all headers count."""
READERS = ("汇总科长", "系统管理员", "安全管理员", "审计管理员")
"""Those who see what others are called."""


def test_o09_no_name_is_run_by_a_browser(site):
    name_things(site)
    told = {}
    for who in READERS:
        for where, page in crawl(browser(site, who), of_each_kind=1).items():
            if page.kind.startswith("text/html") and ESCAPED in page.text:
                told[f"{HOST}{where}"] = page
    assert told

    def answer(route):
        page = told.get(route.request.url)
        path = urlsplit(route.request.url).path
        file = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if page is not None:
            route.fulfill(status=page.status, headers=page.headers, body=page.text)
        elif file is not None:
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            route.fulfill(path=str(file), content_type=kind)
        else:
            route.fulfill(status=404, body="")

    with launched() as chromium:
        watched = Watched(chromium, HOST)
        watched.context.route("**/*", answer)
        for where in told:
            watched.page.goto(where)
            assert (
                watched.page.evaluate("() => document.querySelectorAll('img[src=x]').length") == 0
            )
        assert watched.close() == []
