"""The pages of a pdf in reading order: paragraphs and tables, each with its place.

What repeats on every page (page numbers, running heads) is left out; a page that is only a picture
is named in its place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.original import Grid, Original
from kaoping.files.pdf_marks import ASLANT, page_marks
from kaoping.files.pdf_ruling import level_tables, ruled_tables
from kaoping.files.pdf_tables import Part, continues, grid, row_lines, table_part, table_rows
from kaoping.files.pdf_text import (
    Line,
    begins_paragraph,
    joined,
    printed_lines,
    setting_of,
    with_margins,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.files.pdf_marks import Glyph, Marks, Rule
    from kaoping.files.pdf_text import Setting


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its size, its lines outside of tables, its tables with their tops and bottoms.

    Attributes:
        number: from 1.
        size: width and height in points.
        lines: top to bottom.
        tables: each with how far down it begins and ends.
        rules: ruled lines across that belong to no table.
        slanted: words that stand aslant, as watermarks do; "" if none.
        pictured: the part of the page its largest picture covers, 0 to 1.
        is_picture: whether it holds a picture or drawing and next to no text.
    """

    number: int
    size: tuple[float, float]
    lines: list[Line]
    tables: list[tuple[float, float, Part]]
    rules: list[Rule]
    slanted: str
    pictured: float
    is_picture: bool


_FEW_CHARACTERS = 10
_PICTURE = 0.3
"""Part of a page without text that a picture covers if the page is a scan."""
_INSERTED = (0.2, 0.8)
"""Part of a page with text that a picture covers if it may hold words; more is a background."""
_MANY_DRAWINGS = 300
"""A page without text but with as many drawn shapes has its words drawn."""
_ILLEGIBLE = 0.3
"""Part of a page's characters without meaning from which on the page cannot be read."""


def read_pages(content: bytes, name: str) -> Original:
    """A pdf, page after page; for `kaoping.files.pdf_reading`, in a process of its own.

    Raises:
        InputError: where it is damaged, protected by a password, without text or readable fonts.
    """
    pages, illegible = [], []
    for marks in page_marks(content, name):
        if marks.unreadable > _ILLEGIBLE * len(marks.glyphs):
            illegible.append(marks.number)
        pages.append(_page(marks))
    if illegible:
        raise _no_encoding(name, illegible)
    pictures = [page.number for page in pages if page.is_picture]
    written = any(
        (page.lines or page.tables or page.slanted) and not page.is_picture for page in pages
    )
    if pictures and not written:
        raise _scan(name, pictures)
    if not written:
        raise _no_text(name)
    return _Writer(name, _without_furniture(pages)).original()


def _page(marks: Marks) -> _Page:
    """A page's characters sorted into its tables and the lines around them."""
    tables = ruled_tables(marks.level, marks.upright)
    inside: list[list[Glyph]] = [[] for _ in tables]
    outside: list[Glyph] = []
    # A table within a cell of another is the smaller one.
    order = sorted(range(len(tables)), key=lambda index: tables[index].area)
    straight = [glyph for glyph in marks.glyphs if glyph.turn != ASLANT]
    for glyph in straight:
        home = next((index for index in order if tables[index].holds(glyph)), None)
        (outside if home is None else inside[home]).append(glyph)
    rules = [rule for rule in marks.level if not any(table.touches(rule) for table in tables)]
    for table in level_tables(rules, outside):
        tables.append(table)
        inside.append([glyph for glyph in outside if table.holds(glyph)])
        outside = [glyph for glyph in outside if not table.holds(glyph)]
    filled = [(ruled, found) for ruled, found in zip(tables, inside, strict=True) if found]
    filled.sort(key=lambda pair: (pair[0].ys[0], pair[0].xs[0]))
    parts = [
        (ruled.ys[0], ruled.ys[-1], table_part(ruled, found, marks.number, number))
        for number, (ruled, found) in enumerate(filled, start=1)
    ]
    written = sum(not glyph.text.isspace() for glyph in straight)
    is_picture = written < _FEW_CHARACTERS and (
        marks.pictured > _PICTURE or marks.drawings > _MANY_DRAWINGS
    )
    lines = printed_lines(outside, marks.number)
    slanted = "".join(glyph.text for glyph in marks.glyphs if glyph.turn == ASLANT).strip()
    return _Page(marks.number, marks.size, lines, parts, rules, slanted, marks.pictured, is_picture)


def _numbers(pages: Iterable[int]) -> str:
    """Page numbers as a person writes them: 1—3、7."""
    runs = groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0])
    spans = [[page for _, page in run] for _, run in runs]
    return "、".join(f"{s[0]}—{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans)


def _no_text(name: str) -> InputError:
    return InputError(
        f"{name}：文件里没有文字。请检查是否选对了文件，或重新导出 pdf。",
        f"{name}: the file holds no text. Check that it is the right one, or export it anew.",
    )


def _scan(name: str, pages: list[int]) -> InputError:
    listed = _numbers(pages)
    return InputError(
        f"{name}：第{listed}页是扫描件，没有文字，不能读取。"
        "请用文字版，或先做文字识别（OCR）后另存，再试。",
        f"{name}: pages {listed} are scans without text. Use the text version, or have the text "
        "recognised (OCR) and saved first.",
    )


def _no_encoding(name: str, pages: list[int]) -> InputError:
    listed = _numbers(pages)
    return InputError(
        f"{name}：第{listed}页的字体没有可读的编码，读出来是乱码。"
        "请从原来的软件重新导出 pdf（嵌入字体），或提供 docx、xlsx 文件。",
        f"{name}: the fonts of pages {listed} have no readable encoding. Export the pdf anew with "
        "embedded fonts, or hand in docx or xlsx.",
    )


# --- what every page repeats -----------------------------------------------------------------------

_OUTER = 0.13
"""Part of a page's height, or width, at its edges in which page numbers and running heads stand."""
_EDGE_LINES = 3
_REPEATED = 3
"""A line that stands at one place on as many pages is a running head."""
_WITHIN = 3.0
_PAGE_NUMBER = re.compile(
    r"[-—–―－─·.\s]*(?:第\s*)?(?:\d{1,4}|[IVXivx]{1,6})\s*页?"
    r"(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–―－─·.\s]*"
)
_COUNTED = re.compile(r"第\s*\d+\s*页|共\s*\d+\s*页|\d+\s*[/／]\s*\d+")
_ANNEX = re.compile(r"附\s*件")


def _without_furniture(pages: list[_Page]) -> list[_Page]:
    """Pages without their numbers and running heads and feet."""
    running = _running(pages)
    kept_once: set[str] = set()
    found = []
    for page in pages:
        lines = []
        for line in page.lines:
            if _is_page_number(line, page):
                continue
            words = _COUNTED.sub("", line.text)
            if line in running[page.number] and (
                words in kept_once or not _titles_table(line, page)
            ):
                continue
            if line in running[page.number]:
                kept_once.add(words)
            lines.append(line)
        found.append(replace(page, lines=lines))
    return found


def _is_outer(line: Line, page: _Page) -> bool:
    width, height = page.size
    return (
        line.y < _OUTER * height
        or line.y > (1 - _OUTER) * height
        or line.x1 < _OUTER * width
        or line.x0 > (1 - _OUTER) * width
    )


def _is_page_number(line: Line, page: _Page) -> bool:
    """Whether a line is a page number: by its form, and outside of all the rest."""
    if not (_PAGE_NUMBER.fullmatch(line.text) and _is_outer(line, page)):
        return False
    tops = [top for top, _, _ in page.tables] + [other.y for other in page.lines if other != line]
    ends = [end for _, end, _ in page.tables] + [other.y for other in page.lines if other != line]
    is_first, is_last = line.y < min(tops, default=line.y + 1), line.y > max(ends, default=0)
    sideways = line.x1 < _OUTER * page.size[0] or line.x0 > (1 - _OUTER) * page.size[0]
    return is_first or is_last or sideways


def _running(pages: list[_Page]) -> dict[int, list[Line]]:
    """The lines of each page that are repeated at their place on many pages."""
    alike: dict[str, list[Line]] = defaultdict(list)
    for page in pages:
        edges = [*page.lines[:_EDGE_LINES], *page.lines[_EDGE_LINES:][-_EDGE_LINES:]]
        for line in edges:
            if _is_outer(line, page) and not _ANNEX.match(line.text):
                alike[_COUNTED.sub("", line.text)].append(line)
    found: dict[int, list[Line]] = defaultdict(list)
    for lines in alike.values():
        for line in lines:
            same = {other.page for other in lines if abs(other.y - line.y) <= _WITHIN}
            if len(same) >= _REPEATED:
                found[line.page].append(line)
    return found


def _titles_table(line: Line, page: _Page) -> bool:
    """Whether a table follows a line at once, so that it may be the table's title."""
    below = [other.y for other in page.lines if other.y > line.y]
    tops = [top for top, _, _ in page.tables if top > line.y]
    return bool(tops) and min(tops) < min(below, default=page.size[1])


# --- in reading order ------------------------------------------------------------------------------

_TITLE_LINES = 3
_LONGEST_TITLE = 60
_CONTINUED = re.compile(
    r"[（(]?\s*(?:续\s*表|续\s*上\s*表|接\s*上\s*表|续)\s*[\d一二三四五六]*\s*[)）]?"
)
_UNDERLINE = 0.35
"""A rule nearer below a line than this part of its size underlines it and divides nothing."""
_DIVIDES = 0.6
"""A rule across this part of the lines' width divides a text (版记)."""


class _Writer:
    """Puts lines to paragraphs and the parts of tables together, page after page."""

    def __init__(self, name: str, pages: list[_Page]) -> None:
        self._name = name
        lines = with_margins([page.lines for page in pages])
        self._pages = [replace(page, lines=own) for page, own in zip(pages, lines, strict=True)]
        self._setting: Setting = setting_of(lines)
        self._lines: list[tuple[str, str]] = []
        self._notes: list[tuple[str, str]] = []
        self._grids: list[Grid] = []
        self._paragraph: list[Line] = []
        self._table: list[Part] = []
        self._title: list[str] = []
        self._count: dict[int, int] = defaultdict(int)

    def original(self) -> Original:
        """The whole file."""
        for page in self._pages:
            if page.is_picture:
                self._end_paragraph()
                self._end_table()
                self._note(page, "只有图片，没有文字，未读取")
            elif _INSERTED[0] < page.pictured < _INSERTED[1]:
                self._note(page, "有图片，图片里的文字未读取")
            for block in _blocks(page):
                if isinstance(block, Line):
                    self._add_line(block, page)
                else:
                    self._add_table(block)
        self._end_paragraph()
        self._end_table()
        self._note_slanted()
        if not self._lines:
            raise _no_text(self._name)
        texts, places = zip(*self._lines, strict=True)
        return Original(self._name, texts, places, tuple(self._grids))

    def _note(self, page: _Page, words: str) -> None:
        """A line of our own about a page; it waits for the end of a paragraph or table."""
        self._notes.append((f"【第{page.number}页{words}】", f"第{page.number}页"))
        if not (self._paragraph or self._table):
            self._add_notes()

    def _add_notes(self) -> None:
        self._lines += self._notes
        self._notes = []

    def _note_slanted(self) -> None:
        """Watermarks, each once, behind all the rest, as they belong to no place in the text."""
        said: set[str] = set()
        for page in self._pages:
            if page.slanted and page.slanted not in said:
                said.add(page.slanted)
                self._note(page, f"有斜排的文字：{page.slanted}")

    def _add_line(self, line: Line, page: _Page) -> None:
        if self._table and _CONTINUED.fullmatch(line.text):
            return self._lines.append((line.text, self._next_place(line.page)))
        self._end_table()
        above = self._paragraph
        divided = above and _divided(above[-1], line, page.rules)
        if above and (divided or begins_paragraph(above, line, self._setting)):
            self._end_paragraph()
        self._paragraph.append(line)
        return None

    def _add_table(self, part: Part) -> None:
        self._end_paragraph()
        if self._table and not continues(self._table, part):
            self._end_table()
        if not self._table:
            self._title = self._words_above(part.page)
        self._table.append(part)

    def _end_paragraph(self) -> None:
        if self._paragraph:
            place = self._next_place(self._paragraph[0].page)
            self._lines.append((joined(self._paragraph), place))
            self._paragraph = []
            self._add_notes()

    def _next_place(self, page: int) -> str:
        self._count[page] += 1
        return f"第{page}页第{self._count[page]}段"

    def _end_table(self) -> None:
        if self._table:
            rows = table_rows(self._table)
            self._grids.append(grid(rows, self._name, "\n".join(self._title)))
            self._lines += row_lines(rows)
            self._table = []
            self._add_notes()

    def _words_above(self, page: int) -> list[str]:
        """The lines just above a table on its page that may be its title."""
        words: list[str] = []
        for text, place in reversed(self._lines[-_TITLE_LINES:]):
            is_prose = text.endswith(("。", "；", "，")) or len(text) > _LONGEST_TITLE
            if is_prose or not re.fullmatch(rf"第{page}页第\d+段", place):
                break
            words.insert(0, text)
        return words


def _blocks(page: _Page) -> Iterator[Line | Part]:
    """Lines and tables of a page, top to bottom."""
    blocks: list[tuple[float, Line | Part]] = [(line.y, line) for line in page.lines]
    blocks += [(top, part) for top, _, part in page.tables]
    for _, block in sorted(blocks, key=lambda pair: pair[0]):
        yield block


def _divided(one: Line, other: Line, rules: Sequence[Rule]) -> bool:
    """Whether a ruled line stands between two lines."""
    wide = _DIVIDES * (other.right - other.left)
    return one.page == other.page and any(
        one.y + _UNDERLINE * one.size < rule.at < other.y - other.size / 2
        and rule.end - rule.start > wide
        for rule in rules
    )
