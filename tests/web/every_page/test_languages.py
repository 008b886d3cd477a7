"""No English in the Chinese pages, no Chinese in the English ones but for names and official words."""

from __future__ import annotations

import re
import tomllib
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.architecture.pages import HAN
from tests.web.every_page.cast import CAST, FEW, STRANGER, browser
from tests.web.every_page.crawling import kind_of, walk
from tests.web.year_scheme import scheme_text

STAGE = "collected"
NAMES_OF_FORMS = {
    "AB", "CSV", "FIDO", "HTTP", "HTTPS", "ID", "IP", "JSON", "OIDC", "PDF", "PIN", "QR", "SHA-256",
    "SM3", "TOML", "TOTP", "URL", "UTF-8", "UTC", "VIP", "Excel", "WPS", "English", "csv", "docx",
    "ics", "iCalendar", "json", "pdf", "toml", "tlog-proof", "xlsx", "login", "Ed25519", "Chrome",
    "Edge", "Firefox", "Windows", "Hello", "Outlook", "kaoping", "journal", "receipt", "verify",
    "Esc", "USB", "Internet", "Word", "https", "witnesses", "docs", "guide", "oversight", "checkpoint",
}  # fmt: skip
"""Latin words that Chinese officials read as they are."""
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}")
DIGITS = re.compile(r"(?=.*\d)[0-9a-f-]+|login-\d+")
OFFICIAL = {"matter", "scheme_trial", "journal_entry", "ledger", "ledger_task"}
"""Pages whose heads are official words themselves (what is to be done, a rule's values, an act's
fields): the core speaks them in Chinese only, like the names of units."""
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


def pages(site, who, language):
    for where, page in walk(site, who, language).items():
        if page.kind.startswith("text/html"):
            yield where, Words(page.text)


def words_of(table):
    """Every text in a parsed scheme."""
    if isinstance(table, str):
        return {table}
    inner = table.values() if isinstance(table, dict) else table if isinstance(table, list) else ()
    return {word for one in inner for word in words_of(one)}


def known_names(site):
    """What things of the year are called: data, which is not translated."""
    names = words_of(tomllib.loads(scheme_text(site.world.indicators)))
    for thing in site.state.things.values():
        for one in (thing, getattr(thing, "content", None)):
            for attribute in ("name", "document_number", "title", "reason", "code"):
                value = getattr(one, attribute, None)
                if isinstance(value, str):
                    names |= {value, value.partition("年度")[2] or value}
    return names


@pytest.mark.parametrize("who", CAST)
def test_no_english_in_chinese_pages(site, who):
    leaks = {
        (word, where)
        for where, words in pages(site, who, "zh-hans")
        for said in words.said
        for word in LATIN.findall(said)
        if word not in NAMES_OF_FORMS and not DIGITS.fullmatch(word)
    }
    assert leaks == set()


@pytest.mark.parametrize("who", FEW)
def test_no_chinese_in_the_frame_of_english_pages(site, who):
    """Navigation, titles, buttons, labels and heads of tables; names of things stay as they are."""
    names = sorted(known_names(site), key=len, reverse=True)
    leaks = set()
    for where, words in pages(site, who, "en"):
        if kind_of(where)[0] in OFFICIAL:
            continue
        for said in words.frame:
            rest = said
            for name in names:
                rest = rest.replace(name, "")
            if HAN.search(rest) and rest != "中文":
                leaks.add((where, rest))
    assert leaks == set()


def test_the_language_is_chosen_here_and_kept(site):
    for who, where in ((STRANGER, "/sign-in"), ("联络员", "/")):
        visitor = browser(site, who)
        assert 'lang="zh-CN"' in visitor.get(where, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        for language, told in (("en", "en"), ("zh-hans", "zh-CN")):
            sent = visitor.post("/language", {"language": language, "next": where})
            assert sent.status_code in (302, 303)
            assert f'lang="{told}"' in visitor.get(where).content.decode()
