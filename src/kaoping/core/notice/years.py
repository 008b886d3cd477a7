"""考评年度: the year an assessment is about, told apart from the years of documents and results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.notice.dates import numeral
from kaoping.core.notice.passage import plain_width

if TYPE_CHECKING:
    from collections.abc import Iterator

Year = tuple[int, int, int]
"""A year and the span of its words."""

_NUMBER = r"(?P<year>20[0-9]{2}|二[〇零O0][〇零O0一二三四五六七八九]{2})"
_EARLIER = r"(?:(?P<from>20[0-9]{2}|二[〇零O0][〇零O0一二三四五六七八九]{2}) ?(?:年度?)? ?[至到—~-]{1,2} ?)?"
_OF_YEAR = re.compile(rf"(?<![0-9]){_EARLIER}{_NUMBER} ?年度")
_YEAR = re.compile(
    rf"(?<![0-9]){_EARLIER}{_NUMBER} ?年(?! ?[0-9一二三四五六七八九十元]{{1,2}} ?月(?! ?[至到—~-]{{1,2}} ?[0-9一二三四五六七八九十]{{1,3}} ?月))"
)
_ASIDE = re.compile(r"《[^《》]*》|\([^()]*\)|〔[^〔〕]*〕|【[^【】]*】|\[[^\[\]]*\]")
_OWN_TITLE = re.compile(
    r"(?:印发|公布|下达|制[定订]|施行|试行)[^《》]{0,6}《(?P<title>[^《》]*)》?"
)
_ASSESSES = re.compile(r"[^,。;:\n]{0,12}(?:考核|考评|绩效|评[价估])")


def years_of_title(title: str) -> list[Year]:
    """The years a title names; those of another document it cites do not count."""
    text = plain_width(title)
    outside = _blanked(text)
    own = _OWN_TITLE.search(text)
    inside = " " * own.start("title") + own["title"] if own else ""
    for words in (outside, inside):
        for pattern in (_OF_YEAR, _YEAR):
            if found := list(_years(pattern, words)):
                return found
    return []


def years_of_text(text: str) -> list[Year]:
    """The years running text says it is about; without 度 only right before what is assessed."""
    words = _blanked(text)
    found = list(_years(_OF_YEAR, words))
    return found or [year for year in _years(_YEAR, words) if _ASSESSES.match(words, year[2])]


def _blanked(text: str) -> str:
    """The text without cited titles and what stands in brackets, every other sign in its place."""
    return _ASIDE.sub(lambda match: " " * len(match.group()), text)


def _years(pattern: re.Pattern[str], text: str) -> Iterator[Year]:
    for match in pattern.finditer(text):
        for group in ("from", "year"):
            year = numeral(match[group]) if match[group] else None
            if year:
                yield year, *match.span()
