"""A real browser (Debian's chromium) in front of a real server, each once for a process of tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser.seeing import CHROMIUM, Watched, launched
from tests.browser.server import built, copy_of, serving

SCREENS = Path(__file__).parents[2] / "out" / "screens"


@pytest.fixture(scope="module")
def chromium():
    """The browser; for one file of tests only, since it leaves an event loop behind in the thread."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the example city is served."""
    if CHROMIUM is None:
        pytest.skip("没有 chromium：浏览器测试需要它")
    base = tmp_path_factory.getbasetemp()
    is_one_of_many = "PYTEST_XDIST_WORKER" in os.environ
    done = built((base.parent if is_one_of_many else base) / "example")
    with serving(copy_of(done, tmp_path_factory.mktemp("served") / "data")) as where:
        yield where


@pytest.fixture(scope="session")
def sessions():
    """Cookies of those who have signed in, by their logins: nobody need do it for every window."""
    return {}


@pytest.fixture
def visit(chromium, address, sessions):
    """Open a window, signed in as somebody or not; what went wrong in it fails the test at its end.

    Who signs out in it comes in by the page, with a session of her own.
    """
    opened = []

    def window(login="", width=1366, language="zh-CN", *, signs_out=False):
        cookies = None if signs_out else sessions.get(login)
        watched = Watched(chromium, address, width, language, cookies)
        opened.append(watched)
        if cookies:
            watched.go("/")
        elif login:
            watched.sign_in(login)
            if not signs_out:
                sessions[login] = watched.context.storage_state()
        return watched

    yield window
    faults = [fault for watched in opened for fault in watched.close()]
    assert faults == []


@pytest.fixture(scope="session")
def screens():
    """Where pictures of pages are kept, as an artefact of the run."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    return SCREENS
