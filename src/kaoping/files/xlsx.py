"""Scores as workbooks: matrix, one sheet an indicator, details with working, problems.

Figures are numeric cells; text that begins with = + - @ stays text. Totals are live formulas with
their values stored beside them, so that a reader that does not calculate shows them too.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, TYPE_CHECKING

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from kaoping.core.canonical import exactly, parse_decimal, plain
from kaoping.core.draft.work_list import HEADS, PERSONS_HEADS, count_words
from kaoping.core.problems import CATALOGUE, Problem, Severity, by_severity
from kaoping.core.report.assessed import (
    Assessed,
    actual_text,
    basis_of,
    basis_text,
    indicator_label,
    target_text,
    task_points,
    used_text,
    working_text,
)
from kaoping.core.report.document import DRAFT_MARK, printed
from kaoping.core.report.tables import scale_note
from kaoping.core.scheme import Totals
from kaoping.core.scoring.scores import ScoreState
from kaoping.files.archive import EARLIEST, office_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from kaoping.core.draft.work_list import Item
    from kaoping.core.scheme import Indicator, Unit
    from kaoping.core.scoring.scores import IndicatorScore, TaskScore

_FACE = "宋体"
_LINE_HEIGHT = 13.5
_HIGHEST_ROW = 400
"""In points, as every height here; a spreadsheet allows 409."""
_A3, _A4 = 8, 9
_MAX_SHEET_NAME = 28


def blank_book(
    stream: IO[bytes], title: str, made_at: datetime | None = None, author: str = ""
) -> Workbook:
    """A workbook to be written, in which no text ever becomes a formula, a link or a number (O15).

    Args:
        stream: where its bytes go as it is closed.
        title: in its properties.
        made_at: in its properties; without a time of its own it is the same whenever it is written.
        author: in its properties.
    """
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    created = EARLIEST if made_at is None else office_time(made_at)
    book.set_properties({"created": created, "title": title, "author": author})
    return book


class _Book:
    """A workbook being written, with the few cell formats it uses."""

    def __init__(
        self, made_at: datetime | None = None, title: str = "", author: str = "", seal: str = ""
    ) -> None:
        self.stream = io.BytesIO()
        self.book: Workbook = blank_book(self.stream, title, made_at, author)
        base = {"font_name": _FACE, "font_size": 10, "valign": "vcenter"}
        edged = base | {"border": 1, "border_color": "#B9C0C9"}
        self.title: Format = self.book.add_format(base | {"font_size": 15, "bold": True})
        self.note: Format = self.book.add_format(base | {"font_color": "#5D6773"})
        self.head: Format = self.book.add_format(
            edged | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#F0F2F5"}
        )
        self.text: Format = self.book.add_format(edged | {"text_wrap": True})
        tinted = {"bold": True, "bg_color": "#F0F2F5"}
        self.strong: Format = self.book.add_format(edged | tinted | {"text_wrap": True})
        self.centre: Format = self.book.add_format(edged | {"align": "center"})
        self.figure: Format = self.book.add_format(edged | {"num_format": "0.00"})
        self.beside: Format = self.book.add_format(edged | {"num_format": '0.00"（不涉及）"'})
        self.rank: Format = self.book.add_format(edged | {"align": "center", "num_format": "0.##"})
        self.total: Format = self.book.add_format(edged | tinted | {"num_format": "0.00"})
        self._names: set[str] = set()
        self._seal = f"&R&8存证：{seal}" if seal else ""

    def sheet(self, name: str, title: str, note: str = "", paper: int = _A4) -> Worksheet:
        """A new landscape sheet with a title; the table's heading goes to row 3."""
        sheet = self.book.add_worksheet(self._free_name(name))
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        # No size before the title: a year at its beginning would be read as part of the size.
        sheet.set_header(f"&L{title.replace('&', '&&')}&R&9{DRAFT_MARK}")
        sheet.set_footer(f"&C第 &P 页　共 &N 页{self._seal}")
        sheet.repeat_rows(2)
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, note, self.note)
        return sheet

    def _free_name(self, name: str) -> str:
        clean = re.sub(r"[\[\]:*?/\\']", "", name)[:_MAX_SHEET_NAME] or "表"
        free, number = clean, 2
        while free.lower() in self._names:
            free, number = f"{clean[: _MAX_SHEET_NAME - 3]}{number}", number + 1
        self._names.add(free.lower())
        return free

    def heads(self, sheet: Worksheet, columns: Sequence[tuple[str, int]]) -> None:
        """The heading row with column widths in characters; frozen and filterable."""
        sheet.set_row(2, 48)
        for index, (head, width) in enumerate(columns):
            sheet.write_string(2, index, head, self.head)
            sheet.set_column(index, index, width)
        sheet.freeze_panes(3, 1)

    def texts(
        self,
        sheet: Worksheet,
        row: int,
        cells: Mapping[int, str],
        widths: Sequence[int],
        style: Format | None = None,
    ) -> None:
        """Wrapped texts by column; the row becomes as high as the longest of them needs."""
        for column, text in cells.items():
            sheet.write_string(row, column, text, style or self.text)
        lines = max(_lines_needed(text, widths[column]) for column, text in cells.items())
        sheet.set_row(row, min(_HIGHEST_ROW, 4 + lines * _LINE_HEIGHT))

    def points(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: Decimal | None,
        state: ScoreState | None = ScoreState.SCORED,
    ) -> None:
        """Points as a number, or a word where there are none."""
        if value is None:
            sheet.write_string(row, column, _empty(state), self.centre)
        else:
            # A spreadsheet stores binary numbers; the exact text stands in scores.json.
            beside = state is ScoreState.NOT_APPLICABLE
            sheet.write_number(row, column, float(value), self.beside if beside else self.figure)

    def rank_at(self, sheet: Worksheet, row: int, column: int, rank: str | None) -> None:
        """A rank as a number, so that it sorts; nothing where there is none."""
        if rank:
            sheet.write_number(row, column, float(rank), self.rank)
        else:
            sheet.write_string(row, column, "—", self.centre)

    def close(self) -> bytes:
        """The finished workbook."""
        self.book.close()
        return self.stream.getvalue()


def _lines_needed(text: str, width: int) -> int:
    """Lines a text takes in a column; a Chinese character is two characters wide."""
    usable = max(1, width - 1)
    widths = (sum(1 if c.isascii() else 2 for c in line) for line in text.split("\n"))
    return sum(max(1, -(-wide // usable)) for wide in widths)


@exactly
def scores_workbook(assessed: Assessed) -> bytes:
    """`scores.xlsx`: everything about the scores, for people who work in a spreadsheet."""
    scheme = assessed.scheme
    title = f"{scheme.year}年度绩效考评指标考核得分"
    book = _Book(assessed.made_at, title, scheme.issuer, assessed.seal_text)
    _matrix(book, assessed)
    _task_matrix(book, assessed)
    for indicator in assessed.scheme.indicators:
        _indicator_sheet(book, assessed, indicator)
    _problems(book, (*assessed.problems, *assessed.scores.problems, *assessed.ledger.problems))
    _explanation(book, assessed)
    return book.close()


def rows_workbook(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Rows of text as a plain workbook; cells that are numbers become numbers."""
    book = _Book()
    sheet = book.book.add_worksheet("scores")
    for index, column in enumerate(columns):
        sheet.write_string(0, index, column, book.head)
    for number, row in enumerate(rows, 1):
        for index, cell in enumerate(row):
            value = (
                parse_decimal(cell) if columns[index].endswith(("points", "ed", "raw")) else None
            )
            if value is None:
                sheet.write_string(number, index, cell, book.text)
            else:
                sheet.write_number(number, index, float(value), book.figure)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 16)
    return book.close()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a plain table: its heading, its width in characters, the words to choose from."""

    head: str
    width: int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlainTable:
    """One sheet: its name, a note above, its columns, its rows of text; `blank` rows to fill in."""

    name: str
    note: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    blank: int = 0


def tables_workbook(title: str, tables: Sequence[PlainTable]) -> bytes:
    """Tables of text, as pages export them; every cell is text, whatever it begins with."""
    book = _Book(title=title)
    as_typed = book.book.add_format({"num_format": "@"})
    for table in tables:
        sheet = book.sheet(table.name, title, table.note)
        book.heads(sheet, [(one.head, one.width) for one in table.columns])
        sheet.set_row(2, 20)
        widths = [one.width for one in table.columns]
        for row, cells in enumerate(table.rows, 3):
            book.texts(sheet, row, dict(enumerate(cells)), widths)
        last = 2 + len(table.rows) + table.blank
        for index, column in enumerate(table.columns):
            if table.blank:  # what is typed stays as it is: 007 is no 7
                sheet.set_column(index, index, column.width, as_typed)
            if table.blank and column.choices:
                listed = {"validate": "list", "source": list(column.choices)}
                sheet.data_validation(3, index, last, index, listed)
        if table.columns:
            sheet.autofilter(2, 0, max(last, 3), len(table.columns) - 1)
    return book.close()


_WORK_WIDTHS = (5, 9, 4, 15, 42, 19, 28, 20, 8, 10)


def work_list_workbook(items: Sequence[Item]) -> bytes:
    """工作清单 to print and to fill in: what was read, what was not, what must be decided."""
    book = _Book(title="工作清单")
    zh, _ = count_words(items)
    sheet = book.sheet("工作清单", "从通知到方案：工作清单", zh)
    heads = (*HEADS, *PERSONS_HEADS)
    book.heads(sheet, list(zip(heads, _WORK_WIDTHS, strict=True)))
    sheet.set_row(2, 20)
    for row, item in enumerate(items, 3):
        cells = [*item.cells, *("" for _ in PERSONS_HEADS)]
        style = book.strong if item.severity is Severity.A else book.text
        book.texts(sheet, row, dict(enumerate(cells)), _WORK_WIDTHS, style)
        sheet.write_number(row, 0, item.number, book.centre)
        sheet.write_string(row, 2, cells[2], book.centre)
    sheet.autofilter(2, 0, 2 + len(items), len(heads) - 1)
    return book.close()


def _empty(state: ScoreState | None) -> str:
    """What stands where there are no points."""
    if state is None:
        return "—"
    return "不涉及" if state is ScoreState.NOT_APPLICABLE else "待定"


_FIRST_POINTS, _COLUMNS_EACH = 2, 3
"""Where the indicators begin in the matrix, and how many columns each takes."""


def _matrix(book: _Book, assessed: Assessed) -> None:
    scheme = assessed.scheme
    title = f"{scheme.year}年度绩效考评指标考核得分汇总表"
    sheet = book.sheet("汇总表", title, _MARKS)
    columns = [("单位", 26), ("组别", 12)]
    for indicator in scheme.indicators:
        columns += [(indicator_label(indicator), 14), ("可得分", 7), ("名次", 7)]
    with_totals = scheme.totals is not Totals.NONE
    if with_totals:
        columns += [("总分", 10), ("名次", 7), ("等次", 14)]
    book.heads(sheet, columns)
    for row, unit in enumerate(assessed.units, 3):
        sheet.write_string(row, 0, unit.name, book.text)
        sheet.write_string(row, 1, unit.group or "—", book.centre)
        _matrix_row(book, sheet, row, assessed, unit)
        if with_totals:
            _total_cells(book, sheet, row, assessed, unit)
    sheet.autofilter(2, 0, 2 + len(assessed.units), len(columns) - 1)


def _matrix_row(book: _Book, sheet: Worksheet, row: int, assessed: Assessed, unit: Unit) -> None:
    for index, indicator in enumerate(assessed.scheme.indicators):
        score = assessed.scores.indicators.get((unit.id, indicator.id))
        column = _FIRST_POINTS + _COLUMNS_EACH * index
        state = score.state if score else None
        book.points(sheet, row, column, score.published if score else None, state)
        book.points(sheet, row, column + 1, score.reachable_points if score else None, None)
        book.rank_at(sheet, row, column + 2, score.rank if score else None)


def _total_cells(book: _Book, sheet: Worksheet, row: int, assessed: Assessed, unit: Unit) -> None:
    scheme = assessed.scheme
    column = _FIRST_POINTS + _COLUMNS_EACH * len(scheme.indicators)
    total = assessed.scores.totals.get(unit.id)
    if total is None or total.published is None:
        sheet.write_string(row, column, _empty(total.state if total else None), book.centre)
        for extra in (1, 2):
            sheet.write_string(row, column + extra, "", book.centre)
        return
    value = float(total.published)
    if total.published == total.without_veto:
        formula = _total_formula(assessed, unit, row)
        sheet.write_formula(row, column, formula, book.total, value)
    else:
        # A veto follows from more than this row; the value is the score's own.
        sheet.write_number(row, column, value, book.total)
    book.rank_at(sheet, row, column + 1, total.rank)
    barred = "（取消评先评优资格）" if total.awards_barred else ""
    sheet.write_string(row, column + 2, total.grade + barred, book.centre)


def _total_formula(assessed: Assessed, unit: Unit, row: int) -> str:
    """The sum of the row's indicators, scaled up where some do not concern the unit."""
    scheme = assessed.scheme
    places = scheme.places
    columns = (_FIRST_POINTS + _COLUMNS_EACH * n for n in range(len(scheme.indicators)))
    cells = [xl_rowcol_to_cell(row, column) for column in columns]
    total = f"SUM({','.join(cells)})"
    if scheme.totals is not Totals.RESCALE:
        return f"=ROUND({total},{places})"
    everything = sum((indicator.points for indicator in scheme.indicators), Decimal(0))
    own = sum(
        (
            indicator.points
            for indicator in scheme.indicators
            if (score := assessed.scores.indicators.get((unit.id, indicator.id))) is not None
            and score.state is not ScoreState.NOT_APPLICABLE
        ),
        Decimal(0),
    )
    return f"=ROUND({plain(everything)}*{total}/{plain(own)},{places})"


def _task_matrix(book: _Book, assessed: Assessed) -> None:
    """Points of every unit on every task of all indicators, side by side."""
    tasks = list(assessed.scheme.task_by_id.values())
    sheet = book.sheet("任务得分", "各单位各项任务得分", _MARKS, _A3)
    heads = [(f"{task.label}（{task_points(task)}）", _TASK_WIDTH) for task in tasks]
    book.heads(sheet, [("单位", 26), ("组别", 12), *heads])
    for row, unit in enumerate(assessed.units, 3):
        sheet.write_string(row, 0, unit.name, book.text)
        sheet.write_string(row, 1, unit.group or "—", book.centre)
        for column, task in enumerate(tasks, 2):
            score = assessed.scores.tasks.get((unit.id, task.id))
            state = score.state if score else None
            book.points(sheet, row, column, score.published if score else None, state)
    sheet.autofilter(2, 0, 2 + len(assessed.units), 1 + len(tasks))


_TASK_WIDTH = 13
_MARKS = "“—”不考评该项；“不涉及”不计分；“待定”缺少数据，尚不能计分。"
_DETAIL_COLUMNS = (
    ("单位", 18),
    ("组别", 10),
    ("任务", 22),
    ("年度目标", 14),
    ("实际完成", 18),
    ("分值", 7),
    ("得分", 10),
    ("失分", 7),
    ("得分过程", 36),
    ("扣分（加分）理由", 36),
    ("评分依据", 22),
    ("数据来源", 22),
)
_WIDTHS = [width for _, width in _DETAIL_COLUMNS]


def _indicator_sheet(book: _Book, assessed: Assessed, indicator: Indicator) -> None:
    """A row for each unit and task, with working and reasons, and each unit's result below them."""
    section = assessed.office_name(indicator.responsible_section)
    note = f"责任科室：{section or '—'}　{scale_note(indicator)}"
    title = f"{indicator_label(indicator)}得分明细"
    sheet = book.sheet(f"{indicator.id} {indicator.name}", title, note)
    book.heads(sheet, _DETAIL_COLUMNS)
    row = 3
    for unit in assessed.units:
        whole = assessed.scores.indicators.get((unit.id, indicator.id))
        if whole is None:
            continue
        for task in indicator.tasks:
            score = assessed.scores.tasks.get((unit.id, task.id))
            if score is not None:
                _detail_row(book, sheet, row, assessed, score)
                row += 1
        _result_row(book, sheet, row, assessed, whole)
        row += 1
    sheet.autofilter(2, 0, max(row - 1, 3), len(_DETAIL_COLUMNS) - 1)


def _detail_row(
    book: _Book, sheet: Worksheet, row: int, assessed: Assessed, score: TaskScore
) -> None:
    task = assessed.scheme.task_by_id[score.task]
    told = score.reason or assessed.lost(score)
    texts = {
        **_who(assessed, score.unit),
        2: task.label,
        3: target_text(score),
        4: actual_text(score),
        8: working_text(score),
        9: assessed.reason(score) if told else "",
        10: basis_text(task, score),
        11: printed("；".join(text for text in (score.data_source, used_text(score.used)) if text)),
    }
    book.texts(sheet, row, texts, _WIDTHS)
    book.points(sheet, row, 5, None if score.published is None else score.applicable_points, None)
    book.points(sheet, row, 6, score.published, score.state)
    book.points(sheet, row, 7, assessed.lost(score))


def _result_row(
    book: _Book, sheet: Worksheet, row: int, assessed: Assessed, whole: IndicatorScore
) -> None:
    place = assessed.indicator_place(whole)
    texts = {
        **_who(assessed, whole.unit),
        2: "指标得分" + (f"（{place}）" if place else ""),
        3: "",
        4: "",
        7: "",
        8: working_text(whole),
        9: printed(whole.reason),
        10: printed(whole.basis),
        11: "",
    }
    book.texts(sheet, row, texts, _WIDTHS, book.strong)
    book.points(sheet, row, 5, whole.reachable_points, whole.state)
    if whole.published is None:
        sheet.write_string(row, 6, _empty(whole.state), book.centre)
    else:
        sheet.write_number(row, 6, float(whole.published), book.total)


def _who(assessed: Assessed, unit: str) -> dict[int, str]:
    """A unit's name and group in the first two columns."""
    return {0: assessed.unit_name(unit), 1: assessed.scheme.unit_by_id[unit].group or "—"}


def _problems(book: _Book, problems: Sequence[Problem]) -> None:
    sheet = book.sheet("问题", "问题清单")
    columns = (
        ("级", 6),
        ("代码", 28),
        ("含义", 30),
        ("位置", 36),
        ("问题", 60),
        ("建议", 44),
        ("接受理由", 30),
    )
    book.heads(sheet, columns)
    for row, problem in enumerate(by_severity(problems), 3):
        cells = (
            problem.severity.value,
            problem.code,
            CATALOGUE[problem.code].zh,
            printed(problem.where),
            printed(problem.message),
            printed(problem.suggestion),
            problem.acceptance,
        )
        book.texts(sheet, row, dict(enumerate(cells)), [width for _, width in columns])


def _explanation(book: _Book, assessed: Assessed) -> None:
    sheet = book.sheet("说明", "说明")
    scheme = assessed.scheme
    lines = (
        f"依据：{basis_of(scheme)}",
        f"每项任务和每项指标的得分各在末尾舍入一次，四舍五入到 {scheme.places} 位小数；此前全部精确计算。",
        "得分过程写在“=”之前的部分可以逐步复算，“…”表示后面还有数字。",
        "本表由系统生成，未经签字，不作正式依据；精确数值见 scores.json。",
        *([f"存证：{assessed.seal_text}。"] if assessed.sealed else []),
    )
    sheet.set_column(0, 0, 110)
    for row, line in enumerate(lines, 2):
        sheet.write_string(row, 0, line, book.text)
