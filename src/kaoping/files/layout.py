"""What both typesetters must agree on about the layout of titles, tables and the text of official documents."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from kaoping.core.report.document import Heading, Paragraph, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.report.document import (
        Block,
        Column,
        Document,
        Letterhead,
        Part,
        TableBlock,
        TableRow,
    )

_CHARACTERS: Final = 50
"""Of a table's size beside each other on an upright page, room between columns left out."""
_COLUMNS: Final = 26
"""Of a table that is set in its usual size."""
_WORD: Final = re.compile(
    "关于|年度|绩效|考评|考核|评分|评价|指标|任务|得分|名次|情况|结果|报告|通报|通知|汇报|审议|提请|方案|实施|工作|领导|小组|办公室"
    "|委员会|人民政府|部门|各单位|单位|科室|会议|现场|核验|记录|意见书|意见|明细|完成|理由|依据|需要|说明|具体|事项|决定|会签单|发展|改革"
)
"""Words of titles, none of which goes over two lines."""
TITLE_SIZE, ANNEX_SIZE, PLAIN_TITLE_SIZE = 22, 18, 19
"""Of the title of an official document, of its annexes, and of another document, in points."""
WIDTHS: Final = {False: 156, True: 225}
PLAIN_WIDTHS: Final = {False: 162, True: 267}
"""Of the text on upright and on landscape pages of an official and of another document, in millimetres."""
_TORN_WORD, _TORN_NUMBER = 40.0, 1000.0
"""How bad a torn word is, in squared characters by which lines differ; and what is never torn."""
_NOT_FIRST, _NOT_LAST = "，。、；：？！）》〉】〕”’…％%,.;:?!)]", "（《〈【〔“‘(["
_MOST_LINES: Final = 15
"""Of a row that stays on one page; a landscape page holds about twice as many."""
_WRITTEN_LINE: Final = 9
"""Millimetres that a line written by hand takes."""
_FEW_ROWS, _LOW_ROW = 4, 4
"""Rows of a table that stays whole, and lines of the highest of them."""
_LOW_FORM: Final = 60
"""Millimetres of rows that stay together."""
_POINTS_IN_MM: Final = 72 / 25.4
LINES_OF_PAGE: Final = 22
CHARACTERS_OF_LINE: Final = 28
"""Of the text of an official document (GB/T 9704-2012, 5.2.3)."""
_LINES_OF_HEAD: Final = 12
"""Taken by what stands above the text of an official document, up to the line below its title."""


def room_of(row: TableRow, table: TableBlock) -> int:
    """The least height of a row in millimetres; 0 where its text alone decides."""
    return max(row.room, _WRITTEN_LINE) if table.form else row.room


def stays_whole(table: TableBlock) -> bool:
    """Whether a table is so low that it goes to the next page rather than being divided."""
    if table.form:
        height = sum(room_of(row, table) for row in table.rows)
        return height <= _LOW_FORM and not any(must_break(row, table.columns) for row in table.rows)
    return len(table.rows) <= _FEW_ROWS and all(
        _height(row, table.columns) <= _LOW_ROW for row in table.rows
    )


def cells_of(words: str) -> float:
    """How wide words are, in Chinese characters: a Latin letter or digit takes about half of one."""
    return sum(0.55 if one.isascii() else 1.0 for one in words)


def lines_of_title(document: Document) -> tuple[str, ...]:
    """The title of a document as it is broken into lines."""
    words = printable(document.title)
    if document.letterhead:
        return title_lines(words, TITLE_SIZE, WIDTHS[False])
    return title_lines(words, PLAIN_TITLE_SIZE, PLAIN_WIDTHS[document.parts[0].landscape])


def lines_of_annex(part: Part) -> tuple[str, ...]:
    """The name of an annex as it is broken into lines."""
    return title_lines(printable(part.annex), ANNEX_SIZE, WIDTHS[part.landscape])


def title_lines(words: str, size: float, room: float) -> tuple[str, ...]:
    """A title in as few lines as there must be, of nearly equal length, that tear no word (GB/T 9704-2012, 7.3.1).

    Args:
        words: the title.
        size: of its characters, in points.
        room: most width there is, in millimetres.
    """
    most = room // (size / _POINTS_IN_MM)
    fewest = max(1, ceil(cells_of(words) / most))
    for count in range(fewest, len(words) + 1):
        breaks = _best_breaks(words, count, most)
        if breaks:
            return tuple(words[begin:end] for begin, end in pairwise((0, *breaks)))
    return (words,)


def _best_breaks(words: str, count: int, most: float) -> tuple[int, ...]:
    """Where so many lines end best; () where they cannot hold the words."""
    wide = tuple(accumulate(map(cells_of, words), initial=0.0))
    even, torn = wide[-1] / count, _torn(words)
    ends: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for _ in range(count):
        further: dict[int, tuple[float, tuple[int, ...]]] = {}
        for begin, (harm, breaks) in ends.items():
            for end in range(begin + 1, len(wide)):
                if wide[end] - wide[begin] > most:
                    break
                more = harm + (wide[end] - wide[begin] - even) ** 2 + torn.get(end, 0)
                if end not in further or more < further[end][0]:
                    further[end] = (more, (*breaks, end))
        ends = further
    return ends.get(len(words), (0.0, ()))[1]


def _torn(words: str) -> dict[int, float]:
    """What it harms to end a line somewhere: inside a word, inside a number, at the wrong side of a mark."""
    harm: dict[int, float] = {}
    for found in _WORD.finditer(words):
        harm |= dict.fromkeys(range(found.start() + 1, found.end()), _TORN_WORD)
    for at in range(1, len(words)):
        before, after = words[at - 1], words[at]
        if (before.isascii() and after.isascii()) or after in _NOT_FIRST or before in _NOT_LAST:
            harm[at] = _TORN_NUMBER
    return harm


def tightness(columns: Sequence[Column]) -> float:
    """By what a table is set smaller: with very many columns, so that their figures stay apart."""
    return min(1.0, _COLUMNS / len(columns))


def must_break(row: TableRow, columns: Sequence[Column]) -> bool:
    """Whether a row is so high that it may have to go on on the next page."""
    return _height(row, columns) > _MOST_LINES


def _height(row: TableRow, columns: Sequence[Column]) -> int:
    """Lines of the highest cell of a row."""
    total = sum(column.width for column in columns)
    return max(
        lines_of(text, _CHARACTERS * column.width / total)
        for text, column in zip(row.cells, columns, strict=False)
    )


def lines_of(text: str, characters: float) -> int:
    """Lines that a text takes where so many characters stand on one."""
    room = max(int(characters), 1)
    return sum(max(1, ceil(len(line) / room)) for line in text.split("\n"))


def lines_of_text(document: Document, head: Letterhead) -> int | None:
    """Lines from the top of the first page to the end of an official document before its annexes.

    An office suite breaks lines of its own accord: it may come to one more or less on a page.

    Returns:
        None where tables or charts stand in the text, whose height depends on the faces there are.
    """
    blocks = list(_text_blocks(document))
    if not all(isinstance(block, Heading | Paragraph) for block in blocks):
        return None
    indented = [f"　　{block.text}" for block in blocks if isinstance(block, Heading | Paragraph)]
    names = document.annexes
    paragraphs = [
        *([f"{head.addressed_to}："] if head.addressed_to else []),
        *indented,
        *(["", *(f"　　附件：1．{name}" for name in names)] if names else []),
        *("", "", head.signed_by, ""),
        *([f"　　（{head.remark}）"] if head.remark else []),
    ]
    return _LINES_OF_HEAD + sum(
        lines_of("字" * ceil(cells_of(text)), CHARACTERS_OF_LINE) for text in paragraphs
    )


def _text_blocks(document: Document) -> Iterator[Block]:
    for part in document.parts:
        if part.annex:
            return
        yield from part.blocks
