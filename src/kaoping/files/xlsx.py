"""Scores as workbooks: matrix, one sheet an indicator, details with working, problems; and plain tables.

Figures are the decimals that were published. Totals and means are live formulas with their values
stored beside them, so that a reader that does not calculate shows them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell

from kaoping.core.canonical import exactly, parse_decimal, plain, terminating
from kaoping.core.draft.work_list import HEADS, PERSONS_HEADS, count_words
from kaoping.core.problems import CATALOGUE, Problem, Severity, by_severity
from kaoping.core.report.assessed import (
    Assessed,
    actual_text,
    basis_of,
    basis_text,
    counts,
    indicator_label,
    mean_of,
    target_text,
    task_points,
    used_text,
    working_text,
)
from kaoping.core.report.document import DRAFT_MARK, figure, printed
from kaoping.core.report.tables import scale_note
from kaoping.core.scheme import Totals
from kaoping.core.scoring.scores import ROW_HEADS, ScoreState
from kaoping.files.book import (
    CENTRED,
    PLAIN,
    STRONG,
    Book,
    Cell,
    Column,
    Look,
    Value,
    formula,
    mean_formula,
    ranges,
    summed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kaoping.core.draft.work_list import Item
    from kaoping.core.report.entry_table import EntryTable
    from kaoping.core.scheme import Indicator, Scheme, Task, Unit
    from kaoping.core.scoring.scores import IndicatorScore, TaskScore, UnitTotal
    from kaoping.files.book import Sheet

__all__ = [
    "Column",
    "PlainTable",
    "entry_workbook",
    "rows_workbook",
    "scores_workbook",
    "tables_workbook",
    "work_list_workbook",
]

_MARKS = "“—”不考评该项；“不涉及”不计分；“待定”缺少数据，尚不能计分。"
_NONE = "—"


# --- scores ----------------------------------------------------------------------------------------


@exactly
def scores_workbook(assessed: Assessed) -> bytes:
    """`scores.xlsx`: everything about the scores, for people who work in a spreadsheet."""
    scheme = assessed.scheme
    title = f"{scheme.year}年度绩效考评指标考核得分"
    made = Book(title, assessed.made_at, scheme.issuer, seal=_seal(assessed), mark=assessed.mark)
    with made as book:
        _matrix(book, assessed)
        _task_matrix(book, assessed)
        for indicator in scheme.indicators:
            _IndicatorSheet(book, assessed, indicator).write()
        _problems(book, (*assessed.problems, *assessed.scores.problems, *assessed.ledger.problems))
        _explanation(book, assessed)
    return made.content


def _seal(assessed: Assessed) -> str:
    return f"存证：{assessed.seal_text}" if assessed.sealed else ""


def _points(value: Decimal | None, state: ScoreState | None, look: Look) -> Cell:
    """Points as a number, or a word where there are none."""
    if value is None:
        return _no_points(state), CENTRED
    if state is ScoreState.NOT_APPLICABLE:
        return value, Look(places=look.places, after="（不涉及）")
    return value, look


def _no_points(state: ScoreState | None) -> str:
    """What stands where there are no points."""
    if state is None:
        return _NONE
    return "不涉及" if state is ScoreState.NOT_APPLICABLE else "待定"


def _rank(rank: str | None) -> Cell:
    """A rank as a number, so that it sorts."""
    return (Decimal(rank) if rank else _NONE), CENTRED


def _figure(scheme: Scheme, *, strong: bool = False) -> Look:
    return Look(strong=strong, places=scheme.places)


def _first_cells(unit: Unit) -> list[Cell]:
    return [unit.name, (unit.group or _NONE, CENTRED)]


_FIRST_POINTS, _COLUMNS_EACH = 2, 3
"""Where the indicators begin in the matrix, and how many columns each takes."""


def _matrix(book: Book, assessed: Assessed) -> None:
    scheme = assessed.scheme
    title = f"{scheme.year}年度绩效考评指标考核得分汇总表"
    columns = [Column("单位", 24), Column("组别", 12)]
    for indicator in scheme.indicators:
        columns += [
            Column(f"{indicator.name}\n（{figure(indicator.points)}分）", 12),
            Column("可得分", 8),
            Column("名次", 6),
        ]
    if assessed.has_totals:
        columns += [Column("总分", 10), Column("名次", 6), Column("等次", 14)]
    sheet = book.sheet("汇总表", title, columns, _MARKS)
    first = sheet.next_row()
    for unit in assessed.units:
        cells = [*_first_cells(unit), *_matrix_cells(assessed, unit)]
        if assessed.has_totals:
            cells += _total_cells(assessed, unit, sheet.next_row())
        sheet.add(cells)
    if assessed.units:
        sheet.add_below(_mean_cells(assessed, first))


def _matrix_cells(assessed: Assessed, unit: Unit) -> list[Cell]:
    cells: list[Cell] = []
    look = _figure(assessed.scheme)
    for indicator in assessed.scheme.indicators:
        score = assessed.scores.indicators.get((unit.id, indicator.id))
        if score is None:
            cells += [(_NONE, CENTRED)] * _COLUMNS_EACH
        else:
            cells += [
                _points(score.published, score.state, look),
                _points(score.reachable_points, None, look),
                _rank(score.rank),
            ]
    return cells


def _total_cells(assessed: Assessed, unit: Unit, row: int) -> list[Cell]:
    total = assessed.scores.totals.get(unit.id)
    if total is None or total.published is None:
        return [(_no_points(total.state if total else None), CENTRED), "", ""]
    value: Value = total.published
    if total.published == total.without_veto:
        # A veto follows from more than this row; the value is then the score's own.
        value = formula(_total_formula(assessed, unit, row), total.published)
    barred = "（取消评先评优资格）" if total.awards_barred else ""
    strong = _figure(assessed.scheme, strong=True)
    return [(value, strong), _rank(total.rank), (total.grade + barred, CENTRED)]


def _total_formula(assessed: Assessed, unit: Unit, row: int) -> str:
    """The sum of the row's indicators, scaled up where some do not concern the unit."""
    scheme = assessed.scheme
    columns = range(_FIRST_POINTS, _FIRST_POINTS + _COLUMNS_EACH * len(scheme.indicators), 3)
    total = summed([xl_rowcol_to_cell(row, column) for column in columns])
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
    if scheme.totals is Totals.RESCALE and own != everything:
        total = f"{plain(everything)}*{total}/{plain(own)}"
    return f"ROUND({total},{scheme.places})"


def _mean_cells(assessed: Assessed, first: int) -> list[Cell]:
    """The means of the matrix, below its units."""
    cells: list[Cell] = [_MEAN, ""]
    for indicator in assessed.scheme.indicators:
        scores = [assessed.scores.indicators.get((u.id, indicator.id)) for u in assessed.units]
        cells += [_mean(assessed, scores, len(cells), first), "", ""]
    if assessed.has_totals:
        totals = [assessed.scores.totals.get(unit.id) for unit in assessed.units]
        cells += [_mean(assessed, totals, len(cells), first), "", ""]
    return cells


_MEAN = "平均分（不含不涉及、待定）"


def _mean(
    assessed: Assessed,
    scores: Sequence[TaskScore | IndicatorScore | UnitTotal | None],
    column: int,
    first: int,
) -> Cell:
    """The mean of a column of points as a live formula; nothing where there are no points."""
    places = assessed.scheme.places
    mean = mean_of(scores, places)
    if mean is None:
        return _NONE, STRONG
    rows = [first + at for at, score in enumerate(scores) if counts(score)]
    return mean_formula(column, rows, mean, places), _figure(assessed.scheme, strong=True)


def _task_matrix(book: Book, assessed: Assessed) -> None:
    """Points of every unit on every task of all indicators, side by side."""
    tasks = list(assessed.scheme.task_by_id.values())
    heads = [Column(f"{task.label}\n（{task_points(task)}）", 13) for task in tasks]
    columns = [Column("单位", 24), Column("组别", 12), *heads]
    sheet = book.sheet("任务得分", "各单位各项任务得分", columns, _MARKS)
    first, look = sheet.next_row(), _figure(assessed.scheme)
    found = assessed.scores.tasks
    for unit in assessed.units:
        scores = [found.get((unit.id, task.id)) for task in tasks]
        points = [
            _points(score.published, score.state, look) if score else (_NONE, CENTRED)
            for score in scores
        ]
        sheet.add([*_first_cells(unit), *points])
    if assessed.units:
        means = [
            _mean(assessed, [found.get((unit.id, task.id)) for unit in assessed.units], at, first)
            for at, task in enumerate(tasks, 2)
        ]
        sheet.add_below([_MEAN, "", *means])


_DETAIL_COLUMNS = (
    Column("单位", 18),
    Column("组别", 10),
    Column("任务", 22),
    Column("年度目标", 14),
    Column("实际完成", 18),
    Column("分值", 8),
    Column("得分", 10),
    Column("失分", 8),
    Column("得分过程", 36),
    Column("扣分（加分）理由", 36),
    Column("评分依据", 22),
    Column("数据来源", 22),
)
_POINTS_COLUMN = 6


class _IndicatorSheet:
    """A row for each unit and task, with working and reasons, and each unit's result below them."""

    def __init__(self, book: Book, assessed: Assessed, indicator: Indicator) -> None:
        self._assessed, self._indicator = assessed, indicator
        self._figure = _figure(assessed.scheme)
        self._total = _figure(assessed.scheme, strong=True)
        section = assessed.office_name(indicator.responsible_section)
        note = f"责任科室：{section or _NONE}　{scale_note(indicator)}"
        title = f"{indicator_label(indicator)}得分明细"
        name = f"{indicator.id} {indicator.name}"
        self._sheet: Sheet = book.sheet(name, title, _DETAIL_COLUMNS, note)

    def write(self) -> None:
        """The rows of all units."""
        scores = self._assessed.scores
        for unit in self._assessed.units:
            whole = scores.indicators.get((unit.id, self._indicator.id))
            if whole is None:
                continue
            rows: dict[int, TaskScore] = {}
            for task in self._indicator.tasks:
                score = scores.tasks.get((unit.id, task.id))
                if score is not None:
                    rows[self._sheet.next_row()] = score
                    self._sheet.add(self._details(unit, task, score))
            self._sheet.add(self._result(unit, whole, rows), STRONG)

    def _details(self, unit: Unit, task: Task, score: TaskScore) -> list[Cell]:
        assessed = self._assessed
        lost = assessed.lost(score)
        source = "；".join(text for text in (score.data_source, used_text(score.used)) if text)
        own = None if score.published is None else score.applicable_points
        return [
            unit.name,
            unit.group or _NONE,
            task.label,
            target_text(score),
            actual_text(score),
            _points(own, None, self._figure),
            _points(score.published, score.state, self._figure),
            (lost, self._figure),
            working_text(score),
            assessed.reason(score) if score.reason or lost else "",
            basis_text(task, score),
            printed(source),
        ]

    def _result(
        self, unit: Unit, whole: IndicatorScore, rows: Mapping[int, TaskScore]
    ) -> list[Cell]:
        place = self._assessed.indicator_place(whole)
        own = whole.reachable_points
        points: Cell = _no_points(whole.state), CENTRED
        if whole.published is not None:
            points = self._indicator_value(whole, whole.published, rows), self._total
        return [
            unit.name,
            unit.group or _NONE,
            "指标得分" + (f"（{place}）" if place else ""),
            "",
            "",
            (_points(own, whole.state, self._figure)),
            points,
            "",
            working_text(whole),
            printed(whole.reason),
            printed(whole.basis),
            "",
        ]

    def _indicator_value(
        self, whole: IndicatorScore, published: Decimal, rows: Mapping[int, TaskScore]
    ) -> Value:
        """The published points as the arithmetic of the rows above; alone where a veto decided."""
        bonus = {
            row: score
            for row, score in rows.items()
            if self._assessed.scheme.task_by_id[score.task].bonus
        }
        ordinary = {row: score for row, score in rows.items() if row not in bonus}
        scaled = self._scaled(whole, ordinary, bonus)
        if not scaled or whole.raw is None or published != whole.rounded:
            return published
        if bonus:
            scaled += f"+{_sum_of(bonus)}"
        if whole.capped is not None and whole.capped != whole.raw:
            bound = terminating(whole.capped)
            if bound is None:
                return published
            scaled = f"{'MIN' if whole.capped < whole.raw else 'MAX'}({scaled},{plain(bound)})"
        return formula(f"ROUND({scaled},{self._assessed.scheme.places})", published)

    def _scaled(
        self,
        whole: IndicatorScore,
        ordinary: Mapping[int, TaskScore],
        bonus: Mapping[int, TaskScore],
    ) -> str:
        """The points of the tasks on the scale of the indicator; "" where they do not make its points."""
        points, extra = _exact_sum(ordinary), _exact_sum(bonus)
        base = (whole.raw or Fraction(0)) - extra
        if base == points:
            return _sum_of(ordinary) if ordinary else "0"
        if not points or not base:
            return ""
        top = self._indicator.points
        divisor = terminating(Fraction(top) * points / base)
        return "" if divisor is None else f"{plain(top)}*{_sum_of(ordinary)}/{plain(divisor)}"


def _exact_sum(scores: Mapping[int, TaskScore]) -> Fraction:
    values = (Fraction(one.published) for one in scores.values() if one.published is not None)
    return sum(values, Fraction(0))


def _sum_of(rows: Mapping[int, TaskScore]) -> str:
    return summed(ranges(_POINTS_COLUMN, list(rows)))


_ENTRY_COLUMNS = (
    Column("序号", 6),
    Column("单位", 26),
    Column("组别", 12),
    Column("指标编号", 9),
    Column("指标", 26),
    Column("满分", 9),
    Column("可得分", 9),
    Column("录入分数", 11),
    Column("失分、加分原因", 70),
    Column("已录入", 8),
)


@exactly
def entry_workbook(table: EntryTable, places: int, made_at: datetime) -> bytes:
    """平台录入表 to type from, with a column to tick; the points to type have all their places."""
    title = f"{table.year}年度绩效考评平台录入表"
    note = "按指标、单位顺序逐行录入，录入后在最后一列打勾。“待定”“不涉及”的不录入分数。"
    seal = f"存证：{table.seal}" if table.seal else ""
    made = Book(title, made_at, table.issuer, seal=seal, mark=table.mark)
    look, strong = Look(places=places), Look(strong=True, places=places)
    with made as book:
        sheet = book.sheet("录入表", title, _ENTRY_COLUMNS, note, frozen=2)
        for line in table.lines:
            sheet.add(
                [
                    (Decimal(line.number), CENTRED),
                    line.unit_name,
                    (line.group or _NONE, CENTRED),
                    (line.indicator, CENTRED),
                    line.indicator_name,
                    (line.full, look),
                    (line.reachable, look),
                    _points(line.published, line.state, strong),
                    line.reason,
                    "",
                ]
            )
    return made.content


def _problems(book: Book, problems: Sequence[Problem]) -> None:
    columns = (
        Column("级", 6),
        Column("代码", 28),
        Column("含义", 30),
        Column("位置", 36),
        Column("问题", 60),
        Column("建议", 44),
        Column("接受理由", 30),
    )
    sheet = book.sheet("问题", "问题清单", columns, frozen=0)
    for problem in by_severity(problems):
        sheet.add(
            [
                (problem.severity.value, CENTRED),
                problem.code,
                CATALOGUE[problem.code].zh,
                printed(problem.where),
                printed(problem.message),
                printed(problem.suggestion),
                problem.acceptance,
            ]
        )


def _explanation(book: Book, assessed: Assessed) -> None:
    scheme = assessed.scheme
    sheet = book.sheet("说明", "说明", [Column("本工作簿的说明", 110)], frozen=0, filtered=False)
    for line in (
        f"依据：{basis_of(scheme)}",
        f"每项任务和每项指标的得分各在末尾舍入一次，四舍五入到 {scheme.places} 位小数；此前全部精确计算。",
        "得分过程写在“=”之前的部分可以逐步复算，“…”表示后面还有数字。",
        "总分、平均分和各指标得分是公式，可以点开查看怎样算出；受一票否决影响的得分是数值。",
        "本表由系统生成，未经签字，不作正式依据；精确数值见 scores.json。",
        *([f"存证：{assessed.seal_text}。"] if assessed.sealed else []),
    ):
        sheet.add([line])


# --- tables ----------------------------------------------------------------------------------------


_ROW_WIDTHS = {"unit": 18, "working": 36, "reason": 36, "basis": 20, "data_source": 22}
_FIGURES = frozenset({"applicable_points", "raw", "capped", "rounded", "adjustment", "published"})


def rows_workbook(scheme: Scheme, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Scores as `score_rows` gives them, one a row, below the names that csv and json have, too."""
    title = f"{scheme.year}年度绩效考评得分表"
    columns = [
        Column(name, _ROW_WIDTHS.get(name, 12), over=head) for name, head in ROW_HEADS.items()
    ]
    note = "一行一个得分；任务一栏空着的是指标得分。“…”表示后面还有数字。表头第二行是供程序读取的列名。"
    made = Book(title, author=scheme.issuer, mark=DRAFT_MARK)
    with made as book:
        sheet = book.sheet("得分", title, columns, note)
        for row in rows:
            sheet.add([_row_cell(name, row[name]) for name in ROW_HEADS])
    return made.content


def _row_cell(name: str, text: str) -> Cell:
    if name == "state":
        return text, CENTRED
    value = parse_decimal(text) if name in _FIGURES else None
    return text if value is None else (value, Look(places=len(text.partition(".")[2])))


@dataclass(frozen=True, slots=True)
class PlainTable:
    """One sheet: its name, a note above, its columns, its rows; `blank` rows to fill in."""

    name: str
    note: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    blank: int = 0


def tables_workbook(title: str, tables: Sequence[PlainTable]) -> bytes:
    """Tables as pages export them; every text is text, whatever it begins with."""
    made = Book(title, read_again=any(table.blank for table in tables))
    with made as book:
        for table in tables:
            sheet = book.sheet(table.name, title, table.columns, table.note)
            for row in table.rows:
                sheet.add(row)
            if table.blank:
                sheet.leave_blank(table.blank)
    return made.content


_WORK_WIDTHS = (6, 9, 5, 15, 42, 19, 28, 20, 9, 10)


def work_list_workbook(items: Sequence[Item]) -> bytes:
    """工作清单 to print and to fill in: what was read, what was not, what must be decided."""
    zh, _ = count_words(items)
    heads = zip((*HEADS, *PERSONS_HEADS), _WORK_WIDTHS, strict=True)
    made = Book("工作清单")
    with made as book:
        columns = [Column(head, width) for head, width in heads]
        sheet = book.sheet("工作清单", "从通知到方案：工作清单", columns, zh)
        for item in items:
            _, part, grade, *others = item.cells
            cells: list[Cell] = [(Decimal(item.number), CENTRED), part, (grade, CENTRED), *others]
            cells += [""] * len(PERSONS_HEADS)
            sheet.add(cells, STRONG if item.severity is Severity.A else PLAIN)
    return made.content
