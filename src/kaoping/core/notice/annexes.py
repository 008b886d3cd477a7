"""附件: the list of annexes below a text, in the ways offices write it.

`附件:1.…` with an item to a line or all in one line, `附件1:…` line by line, `附:…`. Numbers must
rise, so that a number within a title divides nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.notice.dates import whole_date
from kaoping.core.notice.offices import find_offices
from kaoping.core.notice.outline import NO_DECIMAL, is_numbered
from kaoping.core.notice.passage import Found, Passage, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NUMBER = re.compile(
    r"[一-鿿]{1,20} ?[〔\[(【〈] ?(?:19|20)[0-9]{2} ?[〕\])】〉] ?(?:第 ?)?[0-9]{1,5} ?号"
)
"""发文字号, as a document is cited by it."""

_NUMERALS = "一二三四五六七八九十"
_ORDINAL = rf"(?:[0-9]{{1,2}}|[{_NUMERALS}]{{1,3}})"
_HEAD = re.compile(
    rf" *附(?P<kind> ?[件表])?(?: ?(?P<number>{_ORDINAL})(?P<mark>[.、:]{NO_DECIMAL}| +(?=\S)|: *)"
    r"|(?P<colon> ?:)? *)"
)
_ITEM = re.compile(
    rf" *(?:附件)? ?(?:(?P<plain>{_ORDINAL}) ?(?:[.、:]{NO_DECIMAL}| )|\((?P<round>{_ORDINAL})\)[.、]?) *"
)
_FIRST_ITEM = re.compile(rf" *\(?[1一](?:[.、]{NO_DECIMAL}|\)| +(?=[^ ]))")
_LONGEST_LINE = 120
_LARGEST_STEP = 3
_LONG_ENOUGH_TO_WRAP = 18
_CITED = re.compile(
    r"附件 ?((?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})(?: ?[、,和及至—~-] ?(?:附件)? ?[0-9]{1,2})*)?"
)


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: `number` is empty where the only annex has none."""

    number: str
    title: Found[str]
    document_number: Found[str] | None
    cited: bool


Item = tuple[str, Passage]
"""An annex's number and its words."""


def find_annexes(body: Sequence[Passage]) -> tuple[set[int], list[Item]]:
    """The lines of the list of annexes, and each annex's number and words."""
    for index, line in enumerate(body):
        first = _first_items(body, index, line)
        if first is None:
            continue
        items, used = first, {index}
        below = index + 1
        while below < len(body) and (taken := _take_line(body, below, items)):
            used |= set(range(below, below + taken))
            below += taken
        if items:
            return used, items
    return set(), []


def _first_items(body: Sequence[Passage], index: int, line: Passage) -> list[Item] | None:
    """The items in the line that begins the list, None where the line begins none."""
    head = _HEAD.match(line.text)
    if head is None or len(line.text) > _LONGEST_LINE * 2:
        return None
    rest = line.cut(head.end())
    words = rest.text.strip()
    if head["number"]:
        prose = "。" in words.rstrip("。") or words.startswith("附件") or len(words) > _LONGEST_LINE
        return None if not words or prose else _divided(head["number"], rest)
    following = rest if words else next(iter(body[index + 1 : index + 2]), rest)
    listed = bool(head["kind"]) and bool(_FIRST_ITEM.match(following.text))
    if not (head["colon"] or listed):
        return None
    return _items_of(rest) if words else []


def _items_of(words: Passage) -> list[Item]:
    item = _ITEM.match(words.text)
    if item is None:
        return [("", words)]
    return _divided(item["plain"] or item["round"], words.cut(item.end()))


def _divided(number: str, words: Passage) -> list[Item]:
    """The items of one line, divided where the next number stands: `1.…;2.…`."""
    following = _ordinal(number) + 1
    same = str(following) if number.isdigit() else _NUMERALS[following - 1 : following] or "-"
    cut = re.compile(
        rf"(?:[;,。]| (?= *(?:附件)?\(?{same})) *(?:附件)? ?"
        rf"(?:{same} ?[.、:]{NO_DECIMAL}|\({same}\)[.、]?) *"
    ).search(words.text, 1)
    if cut is None:
        return [(number, words)]
    return [(number, words.cut(0, cut.start())), *_divided(same, words.cut(cut.end()))]


def _ordinal(number: str) -> int:
    """A list number as a whole number, 0 where there is none."""
    if number.isdigit():
        return int(number)
    return _NUMERALS.find(number) + 1 if number else 0


def _take_line(body: Sequence[Passage], at: int, items: list[Item]) -> int:
    """Take what belongs to the list at a line, and tell how many lines that is."""
    row = body[at]
    item = _ITEM.match(row.text)
    number = (item["plain"] or item["round"]) if item else ""
    if items and _is_open(items[-1][1].text) and row.text.strip():
        _go_on(items, row)
    elif item and _follows(number, items):
        items.extend(_divided(number, row.cut(item.end())))
    elif items and _goes_on(body, at, items[-1]):
        _go_on(items, row)
    else:
        return 0
    return 1


def _follows(number: str, items: Sequence[Item]) -> bool:
    """Whether a number may come next in the list; none follows an annex without number."""
    if items and not items[-1][0]:
        return False
    before = _ordinal(items[-1][0]) if items else 0
    return before < _ordinal(number) <= before + _LARGEST_STEP


def _go_on(items: list[Item], row: Passage) -> None:
    items[-1] = (items[-1][0], joined([items[-1][1], row]))


def _goes_on(body: Sequence[Passage], at: int, last: Item) -> bool:
    """Whether a line without number goes on with a long title.

    Then the next number follows it, or it stands indented and is neither an office nor a day.
    """
    row = body[at]
    text = row.text.strip()
    if is_numbered(text) or re.search(r"[。:;|]", text) or whole_date(text):
        return False
    later = [_ITEM.match(line.text) for line in body[at + 1 : at + 2]]
    numbers = [_ordinal(item["plain"] or item["round"]) for item in later if item]
    if last[0] and _ordinal(last[0]) + 1 in numbers:
        return True
    indented = len(row.text) - len(row.text.lstrip()) > 1
    long_title = len(last[1].text) >= _LONG_ENOUGH_TO_WRAP
    return indented and long_title and not _signs(text, body[at + 1 : at + 2])


def _signs(text: str, following: Sequence[Passage]) -> bool:
    """Whether words are the office that signs, or stand above the day."""
    offices = all(find_offices(name) is not None for name in text.split())
    return offices or any(whole_date(line.text.strip()) for line in following)


def _is_open(text: str) -> bool:
    """Whether brackets are still open, so that the title goes on in the next line."""
    return any(text.count(left) > text.count(right) for left, right in ("《》", "()", "〔〕"))


def with_citations(annexes: Sequence[Item], citing: Iterable[Passage]) -> Iterator[Annex]:
    """The annexes, each with whether one of the lines that may cite it does."""
    cited = _cited_numbers(line.text for line in citing)
    for number, words in annexes:
        title, document = _annex_words(words)
        known = number in cited or ("" in cited and len(annexes) == 1)
        yield Annex(number, title, document, known)


def _annex_words(words: Passage) -> tuple[Found[str], Found[str] | None]:
    """An annex's title and document number, a note like `(见附件)` left out."""
    text = words.text.rstrip(" ;。,\n")
    text = re.sub(r"\((?:另发|略|见附件|另附|此略)\)$", "", text)
    match = re.search(r"\( ?(" + NUMBER.pattern + r") ?\)$", text)
    end = match.start() if match else len(text)
    title = "".join(part.source().text for part in words.cut(0, end).each_line())
    return Found(title, words.source(0, end)), words.words(*match.span(1)) if match else None


def _cited_numbers(texts: Iterable[str]) -> set[str]:
    """The annex numbers a text cites; the empty one for 附件 without number."""
    cited: set[str] = set()
    for text in texts:
        for match in _CITED.finditer(text):
            cited |= _expanded(match[1] or "")
    return cited


def _expanded(numbers: str) -> set[str]:
    """`1、3` and `1-3` as single numbers."""
    found = re.findall(r"[0-9]{1,2}|[一二三四五六七八九十]{1,2}", numbers)
    if len(found) == 2 and re.search(r"[至—~-]", numbers) and all(n.isdigit() for n in found):  # noqa: PLR2004
        return {str(number) for number in range(int(found[0]), int(found[1]) + 1)}
    return set(found) or {""}
