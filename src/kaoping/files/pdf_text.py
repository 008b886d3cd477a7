"""Lines and paragraphs of a pdf, which knows characters and their places only.

A paragraph (自然段) is told as a reader tells it in an official text: its first line stands two
characters in, its last line ends short; titles are centred; a list's items begin with a number.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaoping.files.pdf_marks import Glyph

_SAME_LINE = 0.45
"""Characters whose heights differ by less than this part of their size stand on one line."""
_TWICE = 0.15
"""The same character printed again within this part of its size is one, printed bold."""
_WIDE_GAP = 0.9
"""A gap between Chinese characters from this part of their size on is a blank (a tab, mostly)."""
_LATIN_GAP = 0.17
"""The same between Latin letters, whose blanks some programs leave out."""
_SPACED_OUT = 2.0
"""Where the widest gap is at most this many times the narrowest, a line is set with even gaps."""
_AUTOMATIC = 0.25
"""The gap programs leave between Chinese and Latin characters, in parts of their size."""
_SLACK = 0.35
"""Part of a character's size by which places may be off."""
_LITTLE_SLACK = 0.05
_INDENT = 1.2
"""From this many characters on a line stands in."""
_FIRST_LINE = 2.8
"""Up to this many characters in it is the first line of a paragraph; further in, something else."""
_FAR_IN = 6.0
"""From this many characters on, lines that are not centred stand on their own (落款)."""
_SAME_SIZE = 0.08
_UNEVEN = 0.8
"""Characters by which the room beside a centred line may differ from side to side."""
_CLEAR = 0.5
"""Characters a centred line stays clear of both sides."""
_LARGE = 1.1
"""Lines from this many times the usual size on are titles."""
_AIRY = 1.45
"""A distance between lines of this many times the usual one is an empty line."""

_BLANKS = " \u00a0\u3000\t"
_LATIN = re.compile(r"[!-~]")
_WORD_END = re.compile(r"[0-9A-Za-z%)\],.;:!?]$")
_WORD_START = re.compile(r"[0-9A-Za-z(\[]")
_NO_START = "，。、；：？！）》〉】〕』」”’％…,.;:?!)]}%"
"""What may not begin a line, so that the character before it goes along."""
_HALF_EMPTY_BEFORE = "（《〈【〔『「“‘"
_HALF_EMPTY_BEHIND = "，。、；：？！）》〉】〕』」”’"
_NO_END = "（《〈【〔『「“‘([{"

ITEM = re.compile(
    r"(?:第[〇零一二三四五六七八九十百\d]+[章节条款项]|[（(][一二三四五六七八九十\d]{1,3}[)）]"
    r"|[一二三四五六七八九十]{1,3}、|\d{1,2}(?:[、)）]|[.．](?!\d))|[①-⑳㈠-㈩●■◆◇○□▪•·]"
    r"|附\s*件\s*\d*\s*[:：]|抄\s*送\s*[:：])"
)
"""How an item of a list or a numbered heading begins."""
_DATE = re.compile(
    r"[\d〇○零一二三四五六七八九]{4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月.{0,6}日?"
)
_ANNEX = re.compile(r"附\s*件\s*[\d一二三四五六七八九十]*")
_SENTENCE_END = "。；！？;："


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line.

    Attributes:
        text: its words, without blanks around.
        page: its page, from 1.
        x0: where it begins, in points from the left.
        x1: where it ends.
        y: how far down it stands.
        size: of most of its characters, in points.
        first: how much room its first word needs, in points: what cannot be broken between lines.
        hang: where its words begin behind its item's number.
        red: whether it is printed red.
        single: whether it is one Latin word or number, broken perhaps only because of its length.
        left: where lines of its place begin.
        right: where they end at most.
    """

    text: str
    page: int
    x0: float
    x1: float
    y: float
    size: float
    first: float
    hang: float
    red: bool
    single: bool
    left: float = 0.0
    right: float = 0.0

    @property
    def inset(self) -> float:
        """How many characters in it begins."""
        return (self.x0 - self.left) / self.size

    @property
    def room(self) -> float:
        """How many characters it ends before the end of lines."""
        return (self.right - self.x1) / self.size

    @property
    def sticks_out(self) -> bool:
        """Whether a full-width bracket or stop at its ends makes it look longer than it is."""
        return self.text[0] in _HALF_EMPTY_BEFORE or self.text[-1] in _HALF_EMPTY_BEHIND

    @property
    def is_even(self) -> bool:
        """Whether it leaves as much room on its left as on its right, perhaps none."""
        return abs(self.inset - self.room) < _UNEVEN

    @property
    def is_centred(self) -> bool:
        """Whether it stands in the middle, clear of both sides."""
        return self.is_even and min(self.inset, self.room) > _CLEAR

    def leaves_room_for(self, after: Line) -> bool:
        """Whether the next line's first word would have fitted, so that this one ends by itself."""
        mixed = bool(_LATIN.match(self.text[-1])) != bool(_LATIN.match(after.text[0]))
        between = _AUTOMATIC if mixed else 0.0
        slack = _LITTLE_SLACK if self.text[-1] in "；;" else _SLACK  # it ends most items
        return self.x1 + after.first + (between + slack) * self.size < self.right


# --- characters to lines -------------------------------------------------------------------------


def printed_lines(glyphs: Iterable[Glyph], page: int) -> list[Line]:
    """The lines that characters stand on, top to bottom; margins are not known yet."""
    glyphs = list(glyphs)
    lines = [*_rows([g for g in glyphs if g.turn == 0], page)]
    if turned := [glyph for glyph in glyphs if glyph.turn]:
        lines += _turned_rows(turned, page)
        lines.sort(key=lambda line: line.y)
    return lines


def _rows(glyphs: list[Glyph], page: int) -> list[Line]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y):
        if rows and glyph.y - rows[-1][0].y <= _SAME_LINE * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [line for row in rows if (line := _line(sorted(row, key=lambda g: g.x0), page))]


def _turned_rows(glyphs: list[Glyph], page: int) -> list[Line]:
    """Characters turned against the page: one line for each turn, as the file orders them."""
    found = []
    for turn in sorted({glyph.turn for glyph in glyphs}):
        row = [glyph for glyph in glyphs if glyph.turn == turn]
        text = "".join(glyph.text for glyph in row).strip(_BLANKS)
        if text:
            x0, x1 = min(glyph.x0 for glyph in row), max(glyph.x1 for glyph in row)
            y = min(glyph.y for glyph in row)
            size = max(1.0, row[0].size)
            found.append(Line(text, page, x0, x1, y, size, size, x0, red=False, single=False))
    return found


def _line(row: list[Glyph], page: int) -> Line | None:
    row = _printed_once(row)
    while row and row[0].text in _BLANKS:
        row = row[1:]
    while row and row[-1].text in _BLANKS:
        row = row[:-1]
    if not row:
        return None
    text = _spelt(row)
    sizes = Counter(round(glyph.size, 1) for glyph in row)
    first = _unbreakable(row)
    return Line(
        text=text,
        page=page,
        x0=row[0].x0,
        x1=max(glyph.x1 for glyph in row),
        y=Counter(round(glyph.y, 1) for glyph in row).most_common(1)[0][0],
        size=max(1.0, sizes.most_common(1)[0][0]),
        first=row[first - 1].x1 - row[0].x0,
        hang=_hang(row),
        red=sum(glyph.red for glyph in row) * 2 > len(row),
        single=first == len(row) and bool(_LATIN.match(row[0].text)),
    )


def _printed_once(row: list[Glyph]) -> list[Glyph]:
    """A row without the second print of characters that are printed twice to look bold.

    Equal Latin letters at exactly one place are no second print but parts of a ligature.
    """
    kept: list[Glyph] = []
    for glyph in row:
        apart = glyph.x0 - kept[-1].x0 if kept and kept[-1].text == glyph.text else glyph.size
        ligature = apart == 0 and _LATIN.match(glyph.text)
        if apart >= _TWICE * glyph.size or ligature:
            kept.append(glyph)
    return kept


def _spelt(row: list[Glyph]) -> str:
    """The words of a row, with a blank where a gap is one."""
    even = _is_spaced_out(row)
    words = [row[0].text]
    for one, other in pairwise(row):
        gap = (other.x0 - one.x1) / max(one.size, other.size, 1.0)
        latin = _LATIN.match(one.text) and _LATIN.match(other.text)
        blank = gap >= (_LATIN_GAP if latin else _WIDE_GAP) and not even
        if blank and one.text not in _BLANKS and other.text not in _BLANKS:
            words.append(" ")
        words.append(other.text)
    return "".join(words)


def _is_spaced_out(row: list[Glyph]) -> bool:
    """Whether a row is set with even gaps (分散对齐), which are no blanks."""
    gaps = [other.x0 - one.x1 for one, other in pairwise(row)]
    size = max(1.0, row[0].size)
    return len(gaps) > 1 and min(gaps) > _LATIN_GAP * size and max(gaps) <= _SPACED_OUT * min(gaps)


def _unbreakable(row: list[Glyph]) -> int:
    """How many characters from the start cannot be divided between two lines."""
    count = 1
    while count < len(row):
        one, other = row[count - 1], row[count]
        latin = _LATIN.match(one.text) and _LATIN.match(other.text)
        gap = other.x0 - one.x1 > _LATIN_GAP * one.size
        if not ((latin and not gap) or other.text in _NO_START or one.text in _NO_END):
            break
        count += 1
    return count


def _hang(row: list[Glyph]) -> float:
    """Where the words behind an item's number begin; where the row begins if it is no item."""
    text = "".join(glyph.text[:1] for glyph in row)
    found = ITEM.match(text)
    if not found:
        return row[0].x0
    behind = [glyph for glyph in row[found.end() :] if glyph.text not in _BLANKS]
    return behind[0].x0 if behind else row[0].x0


# --- lines to paragraphs -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setting:
    """How the lines of a text are set.

    Attributes:
        leads: the usual distance from line to line, by size of characters, in points.
        stands_in: whether paragraphs begin with a line that stands in.
        body: the size of most characters, in points.
    """

    leads: dict[int, float]
    stands_in: bool
    body: float


def with_margins(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Lines page by page that know where lines of their page begin and end."""
    lines = [line for page in pages for line in page]
    left, right = _margins(lines)
    found = []
    for page in pages:
        own_left, own_right = _margins(page)
        width = own_right - own_left
        # A page may be shifted against the others (left and right pages), or hold a title only.
        is_like = abs(width - (right - left)) < 2 * max((line.size for line in page), default=1)
        shift = own_left - left if is_like else 0.0
        at = (left + shift, max(right + shift, own_right if is_like else right))
        found.append([replace(line, left=at[0], right=at[1]) for line in page])
    return found


def _margins(lines: Sequence[Line]) -> tuple[float, float]:
    """Where lines begin and end: the outermost places that several of them share."""
    if not lines:
        return 0.0, 0.0
    few = max(2, len(lines) // 20)
    left = _shared([line.x0 for line in lines], few)
    right = -_shared([-line.x1 for line in lines], few)
    return left, right


_SHARED_WITHIN = 5.0
"""Points by which ends of lines may differ that end at one place."""


def _shared(places: list[float], few: int) -> float:
    """The smallest of places that `few` of them share; the smallest of all if there is none."""
    places = sorted(places)
    for index, place in enumerate(places[: len(places) - few + 1]):
        if places[index + few - 1] - place <= _SHARED_WITHIN:
            return place
    return places[0]


def setting_of(pages: Sequence[Sequence[Line]]) -> Setting:
    """How a text is set, from all its lines."""
    steps: dict[int, list[float]] = {}
    first_lines = 0
    for page in pages:
        for one, other in pairwise(page):
            if _same_size(one, other) and 0 < other.y - one.y < 3 * one.size:
                steps.setdefault(round(one.size), []).append(other.y - one.y)
        first_lines += sum(_INDENT <= line.inset <= _FIRST_LINE for line in page)
    sizes: Counter[float] = Counter()
    for line in (line for page in pages for line in page):
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    leads = {size: median(step) for size, step in steps.items()}
    return Setting(leads, first_lines > 1, body)


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def begins_paragraph(above: Sequence[Line], line: Line, setting: Setting) -> bool:
    """Whether a line begins a paragraph, given the lines of the one above it."""
    before = above[-1]
    if not _same_size(before, line) or before.red or line.red or _ANNEX.fullmatch(line.text):
        return True
    if line.page == before.page and line.y - before.y > _AIRY * _lead(line, setting):
        return True
    if _may_be_one_title(before, line, setting):
        return _begins_title(before, line)
    if before.leaves_room_for(line) or (before.inset > _FAR_IN and line.inset < _FIRST_LINE):
        return True
    item = bool(ITEM.match(line.text))
    if _hangs(above, line) and not item:
        return False
    if line.inset < _INDENT:
        return item and not setting.stands_in
    if line.inset <= _FIRST_LINE and setting.stands_in:
        return True
    beneath = abs(line.inset - before.inset) < _SLACK
    return item or not beneath or line.inset > _FAR_IN


def _lead(line: Line, setting: Setting) -> float:
    return setting.leads.get(round(line.size), 1.6 * line.size)


def _may_be_one_title(before: Line, line: Line, setting: Setting) -> bool:
    """Whether two lines are centred; one of a title's may be as wide as the page allows."""
    if before.is_centred and line.is_centred:
        return True
    is_large = line.size > _LARGE * setting.body
    return is_large and before.is_even and line.is_even and (before.is_centred or line.is_centred)


def _begins_title(before: Line, line: Line) -> bool:
    """Whether a centred line below a centred one says something of its own."""
    return (
        before.text[-1] in _SENTENCE_END
        or bool(ITEM.match(line.text) or ITEM.match(before.text) or _DATE.match(line.text))
        or line.text[0] in "（(—"
    )


def _hangs(above: Sequence[Line], line: Line) -> bool:
    """Whether a line stands below the words of its item, clear of the number (悬挂缩进)."""
    first = above[0]
    at = (first.hang - first.left) / first.size
    return first.hang > first.x0 and abs(line.inset - at) < _SLACK


def joined(lines: Sequence[Line]) -> str:
    """The words of lines as one: a blank between Latin words, none between Chinese characters."""
    text = lines[0].text
    for before, line in pairwise(lines):
        if text.endswith("\u00ad"):
            text = text[:-1] + line.text
        elif _WORD_END.search(text) and _WORD_START.match(line.text) and not before.single:
            text += " " + line.text
        else:
            text += line.text
    return text


def cell_text(lines: Sequence[Line]) -> str:
    """The words of a table's cell: a wrapped line joined, an item of a list a line of its own."""
    if not lines:
        return ""
    if all(len(line.text) == 1 and not _LATIN.match(line.text) for line in lines):
        return joined(lines)  # one character below the other: upright writing
    paragraphs = [[lines[0]]]
    for line in lines[1:]:
        if _begins_in_cell(paragraphs[-1], line):
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    return "\n".join(joined(paragraph) for paragraph in paragraphs)


def _begins_in_cell(above: Sequence[Line], line: Line) -> bool:
    before = above[-1]
    stands_in = _INDENT <= line.inset <= _FIRST_LINE and before.inset < _INDENT
    return (
        bool(ITEM.match(line.text))
        or before.leaves_room_for(line)
        or (stands_in and not line.is_centred and not _hangs(above, line))
    )
