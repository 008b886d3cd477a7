"""公文的内容: headings, paragraphs, tables and signature lines, before anything is typeset.

A document is content only; `files` turns it into docx and pdf, and nothing here knows a font. Also
here: how figures, days and sentences are written in print.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.canonical import plain
from kaoping.core.scoring.scores import ScoreState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime
    from decimal import Decimal

DRAFT_MARK = "草稿，未签字，不作正式依据"
PAPER_MARK = "签字稿，未签字无效"
"""Of what is printed and signed by hand: every page carries the digest of its content."""

# --- blocks ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is 一、, level 2 is （一）, level 3 stands above a table of an annex."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    text: str


class Align(StrEnum):
    """How a column is set."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its heading, its share of the width, how it is set.

    Neighbouring columns with the same `over` stand under one common heading. In a column of
    `titles` the first line of a cell is a name and the lines below explain it.
    """

    head: str
    width: int
    align: Align = Align.LEFT
    over: str = ""
    titles: bool = False


class RowKind(StrEnum):
    """行的种类: GROUP spans the table and names the rows below it, TOTAL sums rows up."""

    BODY = "body"
    GROUP = "group"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; one of kind GROUP has a single cell. A line feed in a cell begins a new line.

    `room` is the least height in millimetres, for what is written by hand; 0 asks for none.
    """

    cells: tuple[str, ...]
    kind: RowKind = RowKind.BODY
    room: int = 0


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its caption, and a note that stands below it.

    A `form` is filled in by hand: it is boxed and set larger, and every row has room for a written line.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    note: str = ""
    form: bool = False

    @property
    def has_common_heads(self) -> bool:
        """Whether the heading takes two rows."""
        return any(column.over for column in self.columns)


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Places for signatures, left blank: a batch signs nothing for anybody."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is about, how long it is, and what is written at its end."""

    label: str
    value: Decimal
    said: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars of one measure, below each other.

    Attributes:
        title: what is shown, with its unit of measure.
        bars: from above.
        full: the value of a bar of full length, at least that of the longest.
        mark: a value at which a line stands, like 100% of a target.
    """

    title: str
    bars: tuple[Bar, ...]
    full: Decimal
    mark: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Units × indicators, each field the darker the higher its value, in percent.

    Attributes:
        title: what is shown, with its unit of measure.
        columns: their heads.
        rows: a label, and for each column a value or None where there is none.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Decimal | None, ...]], ...]


Chart = BarChart | HeatMap
Block = Heading | Paragraph | TableBlock | SignatureLine | Chart


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks on pages of one orientation; every part begins a new page.

    Attributes:
        annex: 附件名称 where an annex of an official document begins with it; a part without goes on
            with the annex before it.
    """

    blocks: tuple[Block, ...]
    landscape: bool = False
    annex: str = ""


class Genre(StrEnum):
    """文种: a 报告 goes up to a higher office, a 通报 does not."""

    REPORT = "报告"
    CIRCULAR = "通报"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """公文格式要素: what stands above and below the text of an official document (GB/T 9704-2012, 7).

    Attributes:
        authority: 发文机关标志, in red; empty in a paper for a meeting, which has no red head.
        signed_by: 发文机关署名.
        number: 发文字号; empty in a draft, which carries none.
        addressed_to: 主送机关; empty where there is none.
        signed_on: 成文日期; None leaves room to write it.
        remark: 附注, in brackets below the day.
        copied_to: 抄送机关.
        printed_by: 印发机关, empty where there is no 版记; `printed_on`: 印发日期, None leaves room for it.
        genre: 文种.
        approved_by: 签发人; they stand in the head of what goes up, and of nothing else.
        copy_number: 份号; `secrecy`: 密级和保密期限; `urgency`: 紧急程度.
    """

    authority: str
    signed_by: str
    number: str = ""
    addressed_to: str = ""
    signed_on: date | None = None
    remark: str = ""
    copied_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    genre: Genre = Genre.CIRCULAR
    approved_by: tuple[str, ...] = ()
    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""

    @property
    def is_final(self) -> bool:
        """Whether it was approved and numbered: then it is no draft."""
        return bool(self.number and self.signed_on and self.approved_by)

    @property
    def standing(self) -> str:
        """What the results are that go with the document: a draft, or issued with it."""
        return f"随{self.number}印发" if self.is_final else DRAFT_MARK

    @property
    def signer_rows(self) -> tuple[tuple[str, ...], ...]:
        """签发人 as they stand in the head: two in a row, names of two characters as wide as the others."""
        names = self.approved_by if self.genre is Genre.REPORT else ()
        longest = max(map(len, names), default=0)
        even = [f"{n[0]}\u3000{n[1]}" if len(n) < longest == _USUAL_NAME else n for n in names]
        each = _SIGNERS_IN_A_ROW if longest <= _SHORT_NAME else 1
        return tuple(tuple(even[at : at + each]) for at in range(0, len(even), each))

    def texts(self) -> Iterator[str]:
        """What stands of it in the document, in the order of reading."""
        yield from (self.copy_number, self.secrecy, self.urgency)
        yield from (self.authority, self.number)
        for row in self.signer_rows:
            yield from row
        yield from (self.addressed_to, self.signed_by)
        yield from (chinese_day(self.signed_on), self.remark, self.copied_to)
        yield from (self.printed_by, chinese_day(self.printed_on))


_SIGNERS_IN_A_ROW, _USUAL_NAME, _SHORT_NAME = 2, 3, 4
"""Names in a row of 签发人 (7.2.6), unless one is longer than four characters; most have two or three."""


@dataclass(frozen=True, slots=True)
class CheckpointMark:
    """What makes a paper a witness of a journal: words, and what stands in the code beside them."""

    words: str
    code: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document's content.

    Attributes:
        issuer: who makes it; stands above the title.
        mark: its standing; repeated at the head of every page.
        facts: label and text, in a list below the title.
        made_at: when it was made.
        letterhead: makes it an official document; facts are not set then.
        checkpoint: of its final form, stands in 版记.
    """

    issuer: str
    title: str
    mark: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    made_at: datetime
    letterhead: Letterhead | None = None
    checkpoint: CheckpointMark | None = None

    @property
    def is_draft(self) -> bool:
        """Whether it is one: it is watermarked, and carries no number."""
        return self.mark == DRAFT_MARK

    @property
    def is_paper(self) -> bool:
        """Whether it is signed by hand: each of its pages carries the digest of its content."""
        return self.mark == PAPER_MARK

    @property
    def corner(self) -> tuple[str, ...]:
        """What stands above the head, one below the other; in a draft its standing instead of 份号."""
        head = self.letterhead
        lines = (self.mark, *((head.copy_number, head.secrecy, head.urgency) if head else ()))
        return tuple(line for line in lines if line)

    @property
    def annexes(self) -> tuple[str, ...]:
        """The names of its annexes, in their order."""
        return tuple(part.annex for part in self.parts if part.annex)

    def texts(self) -> Iterator[str]:
        """Every text of the document, in the order of reading."""
        yield from (self.issuer, self.title, self.mark)
        if self.letterhead is not None:
            yield from self.letterhead.texts()
        for fact in self.facts:
            yield from fact
        for part in self.parts:
            yield part.annex
            for block in part.blocks:
                yield from _texts(block)
        if self.checkpoint is not None:
            yield self.checkpoint.words


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph():
            yield block.text
        case SignatureLine():
            yield from block.roles
        case BarChart() | HeatMap():
            yield from chart_texts(block)
        case TableBlock():
            yield block.caption
            for column in block.columns:
                yield from (column.over, column.head)
            for row in block.rows:
                yield from row.cells
            yield block.note


def chart_texts(chart: Chart) -> Iterator[str]:
    """Every text of a chart, in the order of reading, as it can be shown."""
    yield from map(printable, _chart_words(chart))


def _chart_words(chart: Chart) -> Iterator[str]:
    yield chart.title
    match chart:
        case BarChart():
            for bar in chart.bars:
                yield from (bar.label, bar.said)
        case HeatMap():
            yield from chart.columns
            for label, values in chart.rows:
                yield from (label, *(figure(value) for value in values if value is not None))


def annex_label(number: int, total: int) -> str:
    """附件2; where there is only one annex it has no number (GB/T 9704-2012, 7.3.4)."""
    return f"附件{number}" if total > 1 else "附件"


def body_rows(rows: Iterable[tuple[str, ...]], room: int = 0) -> tuple[TableRow, ...]:
    """Plain rows of a table, each with so many millimetres of height at least."""
    return tuple(TableRow(cells, room=room) for cells in rows)


# --- figures, days, sentences ----------------------------------------------------------------------


def chinese_day(day: date | None) -> str:
    """2024年12月31日; empty where there is no day."""
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"


def chinese_moment(moment: datetime) -> str:
    """2025年1月20日 17:05."""
    return f"{chinese_day(moment.date())} {moment:%H:%M}"


def figure(value: Decimal) -> str:
    """A number with the minus sign of print."""
    text = plain(value)
    return "−" + text[1:] if text.startswith("-") else text


def signed(value: Decimal) -> str:
    """A number with its sign, also where it is positive."""
    return f"+{figure(value)}" if value > 0 else figure(value)


def points_text(value: Decimal | None, state: ScoreState) -> str:
    """Points as tables show them: 待定 and 不涉及 as words, 暂定 beside the figure."""
    match state:
        case ScoreState.SCORED:
            return "待定" if value is None else figure(value)
        case ScoreState.PROVISIONAL:
            return "待定" if value is None else f"{figure(value)}（暂定）"
        case ScoreState.INCOMPLETE:
            return "待定"
        case ScoreState.NOT_APPLICABLE:
            return "不涉及" if value is None else f"{figure(value)}（不涉及）"


def ticked(text: str, *, is_so: bool) -> str:
    """A box with what it stands for, ticked or empty: ☑ 符合."""
    return f"{'☑' if is_so else '□'} {text}"


def enclosed(text: str) -> str:
    """A text in brackets; empty stays empty."""
    return f"（{text}）" if text else ""


_CHINESE = r"\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef\u2018-\u201d"
_ISO_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_HYPHEN_MINUS = re.compile(r"(?<![\w.\-])-(?=\d)")
_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_MARK_BEFORE = re.compile(rf"([,;:?!]) *(?=[{_CHINESE}])")
_MARK_AFTER = re.compile(rf"(?<=[{_CHINESE}])([,;:?!]) *")
_BRACKETS = re.compile(rf"(?<=[{_CHINESE}])\(([^()]*)\)|\(([{_CHINESE}][^()]*)\)")


def printed(text: str) -> str:
    """A sentence made by the program as it stands in a document.

    Days as 2024年12月31日, minus as −, and beside Chinese the full-width marks of Chinese print.
    Arithmetic stays as it is, and so do the words.
    """
    text = _ISO_DAY.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", text)
    text = _HYPHEN_MINUS.sub("−", text)
    text = _BRACKETS.sub(lambda m: f"（{m[1] or m[2]}）", text)
    text = _MARK_BEFORE.sub(lambda m: _MARKS[m[1]], text)
    return _MARK_AFTER.sub(lambda m: _MARKS[m[1]], text)


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that no typesetter shows: controls, marks of direction, halves of pairs."""
_NONCHARACTERS = 0xFFFE


def printable(text: str) -> str:
    """A text without the control characters that no typesetter can show; line feeds stay.

    A character that this Python does not know yet stays, too: rare ones of names are such, and a font may
    have them; where none has, the typesetter says so.
    """
    return "".join(c for c in text if c == "\n" or _is_shown(c))


def _is_shown(character: str) -> bool:
    is_character = ord(character) & _NONCHARACTERS != _NONCHARACTERS
    return is_character and unicodedata.category(character) not in _UNSEEN


def sentence(*clauses: str) -> str:
    """Clauses joined to one sentence; empty ones are left out."""
    said = [clause.rstrip("。；") for clause in clauses if clause]
    return "；".join(said) + "。" if said else ""
