"""Going through the pages as somebody does who tries every link."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.web.every_page.cast import browser

OF_EACH_KIND = 2
"""Pages of the same route with the same parameters differ in their rows only: some of each are enough."""
MOST = 400


@dataclass
class Page:
    """What was answered at an address.

    Attributes:
        came_from: where the link stands; a form's address that exists nowhere is a link, too.
    """

    status: int
    came_from: str
    text: str = ""
    kind: str = ""
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)


class _Links(HTMLParser):
    """Addresses that a page leads to, and those its forms are sent to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if given.get("hx-get"):
            self.links.append(given["hx-get"] or "")
        if tag == "form":
            is_get = (given.get("method") or "get").lower() == "get"
            (self.links if is_get else self.forms).append(given.get("action") or "")


def crawl(visitor: Any, *starts: str, of_each_kind: int = OF_EACH_KIND) -> dict[str, Page]:
    """Every page that can be reached by links, by its address.

    Of pages of the same kind only the first few are asked. An address of a form that resolves to no view is among them with the status 404.
    """
    found: dict[str, Page] = {}
    waiting = deque((start, "") for start in starts or ("/",))
    seen: Counter[Any] = Counter()
    while waiting and len(found) < MOST:
        where, source = waiting.popleft()
        if where in found:
            continue
        kind = kind_of(where)
        seen[kind] += 1
        if seen[kind] > of_each_kind:
            continue
        page = _asked(visitor, where, source)
        found[where] = page
        if not page.kind.startswith("text/html"):
            continue
        links = _Links(page.text)
        page.forms = [own for own in (_own(where, one) for one in links.forms) if own]
        for form in page.forms:
            if kind_of(form) is None:
                found[form] = Page(404, where)
        waiting += [(own, where) for own in (_own(where, one) for one in links.links) if own]
        if page.status in (301, 302, 303):
            waiting.append((page.headers.get("Location", ""), where))
    return found


_WALKS: dict[tuple[str, str], dict[str, Page]] = {}


def walk(site: Any, who: str, language: str = "zh-hans") -> dict[str, Page]:
    """Every page that one of the cast can reach in the small year as it was built.

    The world is the same for every test of this folder that leaves it alone, and so are its pages:
    they are gone through once in a process.
    """
    if (who, language) not in _WALKS:
        visitor = browser(site, who)
        visitor.cookies["language"] = language
        _WALKS[who, language] = crawl(visitor)
    return _WALKS[who, language]


def kind_of(where: str) -> Any:
    """Which view with which names of parameters; None where there is no view."""
    parts = urlsplit(where)
    try:
        view = resolve(parts.path).view_name
    except Resolver404:
        return None
    return view, tuple(sorted(key for key, _ in parse_qsl(parts.query)))


def _own(where: str, link: str) -> str:
    """A link of this server without its anchor; empty for any other."""
    if link.startswith(("mailto:", "tel:", "#")):
        return ""
    parts = urlsplit(urljoin(f"http://testserver{where}", link))
    if parts.netloc != "testserver" or parts.path.startswith("/static/"):
        return ""
    return parts._replace(scheme="", netloc="", fragment="").geturl()


def _asked(visitor: Any, where: str, source: str) -> Page:
    response = visitor.get(where)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    is_text = kind.startswith(("text/", "application/json"))
    text = content.decode() if is_text else ""
    headers = dict(response.headers)
    return Page(response.status_code, source, text, kind, content, headers)
