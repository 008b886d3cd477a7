"""A real browser (Debian's chromium) in front of a real server, each once for a process of tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.seeing import Watched
from tests.browser.server import built, copy_of, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SCREENS = Path(__file__).parents[2] / "out" / "screens"


@pytest.fixture(scope="session")
def chromium():
    """The browser; where all tests must run, one that is missing is a fault."""
    if CHROMIUM is None:
        assert os.environ.get("CI") != "true", "chromium is missing; setup.sh installs it"
        pytest.skip("没有 chromium：浏览器测试需要它（apt-get install chromium）")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory, chromium):
    """Where the example city is served."""
    base = tmp_path_factory.getbasetemp()
    is_one_of_many = "PYTEST_XDIST_WORKER" in os.environ
    done = built((base.parent if is_one_of_many else base) / "example")
    with serving(copy_of(done, tmp_path_factory.mktemp("served") / "data")) as where:
        yield where


@pytest.fixture
def visit(chromium, address):
    """Open a window, signed in as somebody or not; what went wrong in it fails the test at its end."""
    opened = []

    def window(login="", width=1366, language="zh-CN"):
        watched = Watched(chromium, address, width, language)
        opened.append(watched)
        if login:
            watched.sign_in(login)
        return watched

    yield window
    faults = [fault for watched in opened for fault in watched.close()]
    assert faults == []


@pytest.fixture(scope="session")
def screens():
    """Where pictures of pages are kept, as an artefact of the run."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    return SCREENS
