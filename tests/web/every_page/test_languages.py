"""No English in the Chinese pages, no Chinese in the English ones but for names and official words."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.architecture.pages import HAN
from tests.web.every_page.cast import CAST, STRANGER, browser
from tests.web.every_page.crawling import crawl

STAGE = "collected"
NAMES_OF_FORMS = {
    "AB", "CSV", "FIDO", "HTTP", "HTTPS", "ID", "IP", "JSON", "OIDC", "PDF", "PIN", "QR", "SHA-256",
    "SM3", "TOML", "TOTP", "URL", "UTF-8", "UTC", "VIP", "Excel", "WPS", "English", "csv", "docx",
    "ics", "iCalendar", "json", "pdf", "toml", "tlog-proof", "xlsx", "login", "Ed25519", "Chrome",
    "Edge", "Firefox", "Windows", "Hello", "Outlook", "kaoping", "journal", "verify",
}  # fmt: skip
"""Latin words that Chinese officials read as they are."""
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}")
CODE = {"code", "samp", "kbd", "pre", "textarea", "script", "style", "option"}
FRAME = {"title", "nav", "button", "label", "summary", "legend", "footer", "h1", "h2", "h3", "th"}


class Words(HTMLParser):
    """What a page says: everything outside code, and what stands in its frame."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._open: list[tuple[str, bool]] = []
        self.said: list[str] = []
        self.frame: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("meta", "link", "input", "br", "img", "hr", "use", "path", "wbr", "col"):
            self.frame += [given[n] for n in ("placeholder", "title", "aria-label") if given.get(n)]
            return
        is_code = tag in CODE or "mono" in (given.get("class") or "").split()
        self._open.append((tag, is_code))
        self.said += [given[n] for n in ("aria-label", "title") if given.get(n)]

    def handle_endtag(self, tag):
        while self._open:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data):
        words = unescape(data).strip()
        if words and not any(is_code for _, is_code in self._open):
            self.said.append(words)
            if any(tag in FRAME for tag, _ in self._open):
                self.frame.append(words)


def pages(visitor):
    for where, page in crawl(visitor).items():
        if page.kind.startswith("text/html"):
            yield where, Words(page.text)


def known_names(site):
    """What things of the year are called: data, which is not translated."""
    names = set()
    for thing in site.state.things.values():
        for one in (thing, getattr(thing, "content", None)):
            for attribute in ("name", "document_number", "title", "reason", "code"):
                value = getattr(one, attribute, None)
                if isinstance(value, str):
                    names.add(value)
    return names


@pytest.mark.parametrize("who", CAST)
def test_no_english_in_chinese_pages(site, who):
    leaks = {
        (where, word)
        for where, words in pages(browser(site, who))
        for said in words.said
        for word in LATIN.findall(said)
        if word not in NAMES_OF_FORMS and not re.fullmatch(r"[0-9a-f-]{4,}|login-\d+", word)
    }
    assert leaks == set()


@pytest.mark.parametrize("who", CAST)
def test_no_chinese_in_the_frame_of_english_pages(site, who):
    """Navigation, titles, buttons, labels and heads of tables; names of things stay as they are."""
    visitor = browser(site, who)
    visitor.cookies["language"] = "en"
    names = sorted(known_names(site), key=len, reverse=True)
    leaks = set()
    for where, words in pages(visitor):
        for said in words.frame:
            rest = said
            for name in names:
                rest = rest.replace(name, "")
            if HAN.search(rest) and rest != "中文":
                leaks.add((where, rest))
    assert leaks == set()


def test_the_language_is_chosen_here_and_kept(site):
    for who in (STRANGER, "联络员"):
        visitor = browser(site, who)
        assert 'lang="zh-CN"' in visitor.get("/sign-in", HTTP_ACCEPT_LANGUAGE="en").content.decode()
        sent = visitor.post("/language", {"language": "en", "next": "/sign-in"})
        assert sent.status_code == 302
        assert 'lang="en"' in visitor.get("/sign-in").content.decode()
        visitor.post("/language", {"language": "zh-hans", "next": "/sign-in"})
        assert 'lang="zh-CN"' in visitor.get("/sign-in").content.decode()
