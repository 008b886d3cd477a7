"""A window that is watched: messages of the console, requests to elsewhere, dialogs, faults of axe."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Request, StorageState

PASSWORD = "Yanshi-2024-kaoping"
AXE = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1366, 390)
HEIGHT = 768
_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error("policy: " + event.violatedDirective + " " + event.blockedURI));
"""
_WIDER_THAN_THE_WINDOW = """
() => document.documentElement.scrollWidth > document.documentElement.clientWidth
    ? [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).concat("wider than the window")
    : []
"""
_FOCUS = """
() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one);
    const shown = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none"
        || style.boxShadow !== "none";
    const box = one.getBoundingClientRect();
    return { name: one.outerHTML.slice(0, 100), shown, seen: box.width > 0 && box.height > 0 };
}
"""


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's chromium; where all tests must run, one that is missing is a fault."""
    if CHROMIUM is None:
        assert os.environ.get("CI") != "true", "chromium is missing; setup.sh installs it"
        pytest.skip("没有 chromium：浏览器测试需要它（apt-get install chromium）")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            # Without a graphics card its work would be done by a program that plays one, slowly.
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"},
        )
        yield browser
        browser.close()


@cache
def axe() -> str:
    """The program that looks for barriers."""
    return AXE.read_text("utf-8")


class Watched:
    """One window of a browser, with everything that went wrong in it."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        width: int = 1366,
        language: str = "zh-CN",
        cookies: StorageState | None = None,
    ) -> None:
        self.address = address
        self.faults: list[str] = []
        self.expected: set[int] = set()
        self.context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale=language,
            reduced_motion="reduce",
            storage_state=cookies,
        )
        self.context.set_default_timeout(20_000)
        self.context.add_init_script(_VIOLATIONS)
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("request", self._requested)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("dialog", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            is_expected = any(f"status of {status}" in message.text for status in self.expected)
            if not is_expected:
                self.faults.append(f"console of {self.page.url}: {message.text}")

    def _requested(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.faults.append(f"{self.page.url} asks {request.url}")

    def _asked(self, dialog: Any) -> None:
        self.faults.append(f"dialog of {self.page.url}: {dialog.message}")
        dialog.dismiss()

    def close(self) -> list[str]:
        """Close the window and tell what went wrong in it."""
        self.context.close()
        return self.faults

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """By the page, as everybody does."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def go(self, where: str) -> int:
        """Go to an address; its status."""
        answer = self.page.goto(self.address + where, wait_until="load")
        assert answer is not None
        return answer.status

    def get(self, where: str) -> Any:
        """As the client of the crawler: the answer without following where it leads."""
        answer = self.context.request.get(self.address + where, max_redirects=0)
        headers = {
            "-".join(part.capitalize() for part in name.split("-")): value
            for name, value in answer.headers.items()
        }
        return SimpleNamespace(
            status_code=answer.status, headers=headers, content=answer.body(), streaming=False
        )

    def barriers(self) -> list[str]:
        """What axe finds on the page, each with the element it concerns."""
        is_first = not self.page.evaluate("() => 'axe' in window")
        if is_first:
            self.page.evaluate(axe())
        # Style sheets are looked through once for a page: they are the same at every width.
        found = self.page.evaluate(
            "([rules, preload]) => axe.run(document,"
            " {runOnly: rules, resultTypes: ['violations'], preload})",
            [RULES, is_first],
        )
        return [
            f"{one['id']}: {one['help']}: {node['html'][:160]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def overflows(self) -> list[str]:
        """What makes the page scroll sideways."""
        found: list[str] = self.page.evaluate(_WIDER_THAN_THE_WINDOW)
        return found

    def focus(self) -> Any:
        """What has the focus, and whether one sees it."""
        return self.page.evaluate(_FOCUS)
