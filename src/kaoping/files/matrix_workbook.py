"""任务分解 as a workbook: one sheet an indicator, units × the numbers of its tasks, to be filled in.

What is written is read again as it was. A unit or task that a file leaves out stays as it is; an
empty cell says that the unit has no number of its own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.check.places import units_of
from kaoping.core.errors import InputError
from kaoping.core.matrix import (
    NOT_APPLICABLE,
    Field,
    assigned,
    cell_fields,
    changed_from,
    number_at,
    read_number,
)
from kaoping.core.problems import Problem
from kaoping.files.book import Book, Cell, Column, Look
from kaoping.files.sheets import sheets_as_typed
from kaoping.files.workbooks import column_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kaoping.core.scheme import Assignment, Indicator, Scheme, Task, Unit

    _Columns = list[tuple[Task, list[tuple[int, Field]]]]
    """The columns of each task, with their fields."""

NOT_ASSESSED = "不考评"
MAX_BYTES = 20_000_000
_TASK_ROW, _FIELD_ROW, _FIRST_ROW = 2, 3, 4
"""Below the title and the note: task, field, then the units."""
_UNIT, _NAME, _FIRST = 0, 1, 2
"""Columns: the unit's id, its name, then the numbers."""
_EXACT_DIGITS = 15
"""A spreadsheet keeps this many digits of a number; a longer one is written as text."""
_MOST_PROBLEMS = 500
_MAX_SHEET_NAME = 28
_NOTE = (
    "空格表示按任务规定；不涉及的，在该任务第一列填“不涉及”。灰色为不考评，不填。"
    "单位编号、任务和栏目名称请勿改动；不需要的行、列、工作表可以整个删去，删去的保持原样。"
)
_DASHES = ("—", "-", "－")
_WHETHER = Field("", "是否涉及")
"""The column of a task that has no numbers: it takes 不涉及, or nothing."""


def _everything(_unit: str, _indicator: str) -> bool:
    return True


# --- writing --------------------------------------------------------------------------------------


def matrix_workbook(scheme: Scheme, sees: Callable[[str, str], bool] = _everything) -> bytes:
    """The matrix, filled in as the scheme says.

    Args:
        scheme: a draft or a version.
        sees: asked with a unit and an indicator, whether these cells go into the file.
    """
    made = Book(f"{scheme.year}年度任务分解", read_again=True)
    with made as book:
        empty = True
        for indicator in scheme.indicators:
            units = [one for one in units_of(scheme, indicator) if sees(one.id, indicator.id)]
            if units:
                _write(book, scheme, indicator, units)
                empty = False
        if empty:
            book.blank_sheet("任务分解")
    return made.content


_UNIT_COLUMNS = (Column("单位编号", 14), Column("单位", 26))
_OFF = Look(grey=True, faint=True)


def _write(book: Book, scheme: Scheme, indicator: Indicator, units: Sequence[Unit]) -> None:
    """The sheet of an indicator: its units below the numbers of its tasks."""
    columns = [(task, field) for task in indicator.tasks for field in _fields(task)]
    heads = [Column(field.head, 13, over=_heading(task)) for task, field in columns]
    sheet = book.sheet(
        f"{indicator.id} {indicator.name}",
        f"{scheme.year}年度任务分解：{indicator.name}",
        [*_UNIT_COLUMNS, *heads],
        _NOTE,
        frozen=len(_UNIT_COLUMNS),
        filtered=False,
    )
    for unit in units:
        sheet.add([unit.id, unit.name, *_cells(scheme, unit.id, columns)])


def _cells(scheme: Scheme, unit: str, columns: Sequence[tuple[Task, Field]]) -> Iterator[Cell]:
    last: Task | None = None
    for task, field in columns:
        is_first, last = task is not last, task
        one = scheme.assignment(unit, task.id)
        if unit not in scheme.units_of_task[task.id]:
            yield (NOT_ASSESSED if is_first else ""), _OFF
        elif one.not_applicable:
            yield NOT_APPLICABLE if is_first else ""
        else:
            yield number_at(one, field.key) if field.key else None


def _heading(task: Task) -> str:
    return f"{task.id} {task.name}"


def _fields(task: Task) -> tuple[Field, ...]:
    return cell_fields(task) or (_WHETHER,)


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MatrixFile:
    """What a workbook says: the cells that differ from the scheme, and how many it has in all."""

    changed: tuple[Assignment, ...]
    read: int


def read_matrix(content: bytes, name: str, scheme: Scheme) -> MatrixFile:
    """The cells of a workbook, compared with a scheme.

    Raises:
        InputError: with every cell that is wrong, each with its place; or where the file is no
            sound workbook, or has no sheet of a matrix.
    """
    reader = _Reader(scheme)
    for sheet in sheets_as_typed(content, name, MAX_BYTES):
        reader.add(sheet.name, sheet.cells, sheet.empty_formulas)
    if not reader.sheets:
        raise InputError(
            f"{name}：没有找到任务分解表。请下载本页的表格，在里面填写后再导入。",
            f"{name}: no matrix found. Download the workbook of this page, fill it in and import it.",
        )
    if reader.problems:
        raise _refused(name, reader.problems)
    return MatrixFile(reader.changed(), len(reader.cells))


def _refused(name: str, problems: Sequence[Problem]) -> InputError:
    more = f"，下面列出前 {_MOST_PROBLEMS} 处" if len(problems) > _MOST_PROBLEMS else ""
    return InputError(
        f"{name}：有 {len(problems)} 处要改正{more}。改好后重新导入。",
        f"{name}: {len(problems)} places to correct. Mend them and import again.",
        problems[:_MOST_PROBLEMS],
    )


class _Reader:
    """The sheets read so far: their cells, and everything wrong with them."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._tasks = {_heading(task): task for task in scheme.task_by_id.values()}
        self.problems: list[Problem] = []
        self.cells: dict[tuple[str, str], Assignment] = {}
        self.sheets = 0

    def changed(self) -> tuple[Assignment, ...]:
        """Cells that say something else than the scheme does."""
        found = []
        for (unit, task), one in self.cells.items():
            before = self._scheme.assignment(unit, task)
            after = changed_from(before, one)
            if after != before:
                found.append(after)
        return tuple(found)

    def add(
        self, sheet: str, grid: Sequence[Sequence[str]], formulas: frozenset[tuple[int, int]]
    ) -> None:
        """Read a sheet; one without the heading of a matrix is none."""
        head = next(
            (at for at, row in enumerate(grid[:12]) if row and row[_UNIT].strip() == "单位编号"),
            None,
        )
        if head is None or head == 0:
            return
        self.sheets += 1
        columns = self._columns(sheet, grid[head - 1], grid[head], head)
        units: Counter[str] = Counter()
        for at, row in enumerate(grid[head + 1 :], head + 1):
            if not any(cell.strip() for cell in row):
                continue
            unit = self._unit(sheet, at, row, units)
            if unit:
                self._row(_Line(sheet, at, row, formulas), unit, columns)

    def _columns(
        self, sheet: str, tasks: Sequence[str], fields: Sequence[str], head: int
    ) -> _Columns:
        """The columns of each task."""
        found: dict[str, list[tuple[int, Field]]] = {}
        for column in range(_FIRST, max(len(tasks), len(fields))):
            task_words, words = (
                row[column].strip() if column < len(row) else "" for row in (tasks, fields)
            )
            if not task_words and not words:
                continue
            task = self._tasks.get(task_words)
            field = (
                next((one for one in _fields(task) if one.head == words), None) if task else None
            )
            if task is None or field is None:
                self._note(
                    "COLUMN-UNKNOWN",
                    _place(sheet, head - 1 if task is None else head, column),
                    f"方案没有任务“{task_words[:40]}”"
                    if task is None
                    else f"任务 {task.id} 没有栏目“{words[:40]}”",
                    "请用本页下载的表格，不要改动表头",
                )
                continue
            found.setdefault(task.id, []).append((column, field))
        return [(self._scheme.task_by_id[task], columns) for task, columns in found.items()]

    def _unit(self, sheet: str, at: int, row: Sequence[str], units: Counter[str]) -> str:
        code = row[_UNIT].strip()
        place = _place(sheet, at, _UNIT)
        unit = self._scheme.unit_ids_by_name.get(code, "")
        if not unit:
            what = f"方案没有单位“{code[:40]}”" if code else "没有写单位编号"
            self._note("UNIT-UNKNOWN", place, what, "请按方案中的单位编号填写，或删去这一行")
            return ""
        units[unit] += 1
        if units[unit] > 1:
            self._note("ROW-DUPLICATE", place, f"单位“{code[:40]}”出现了两次", "请只留一行")
            return ""
        return unit

    def _row(self, line: _Line, unit: str, columns: _Columns) -> None:
        for task, fields in columns:
            texts = [line.text(column) for column, _ in fields]
            if unit not in self._scheme.units_of_task[task.id]:
                self._require_blank(line, task, fields, texts)
            elif texts[0] == NOT_APPLICABLE or texts[0] in _DASHES:
                self._not_applicable(line, unit, task, fields, texts)
            else:
                self._numbers(line, unit, task, fields)

    def _require_blank(
        self, line: _Line, task: Task, fields: Sequence[tuple[int, Field]], texts: Sequence[str]
    ) -> None:
        for (column, _), text in zip(fields, texts, strict=True):
            if text not in ("", NOT_ASSESSED, NOT_APPLICABLE):
                self._note(
                    "ASSIGNMENT-UNKNOWN",
                    line.place(column),
                    f"该单位不考评任务 {task.id}，却填了“{text[:40]}”",
                    "请清空这一格；确应考评的，先在方案的任务中补列该单位",
                )

    def _not_applicable(
        self,
        line: _Line,
        unit: str,
        task: Task,
        fields: Sequence[tuple[int, Field]],
        texts: Sequence[str],
    ) -> None:
        for (column, _), text in zip(fields[1:], texts[1:], strict=True):
            if text:
                self._note(
                    "NUMBER-INVALID",
                    line.place(column),
                    f"任务 {task.id} 已填不涉及，这一格却有“{text[:40]}”",
                    "请清空这一格，或去掉“不涉及”",
                )
        self.cells[unit, task.id] = assigned(unit, task.id, {}, not_applicable=True)

    def _numbers(
        self, line: _Line, unit: str, task: Task, fields: Sequence[tuple[int, Field]]
    ) -> None:
        before = self._scheme.assignment(unit, task.id)
        numbers = {field.key: number_at(before, field.key) for field in cell_fields(task)}
        for column, field in fields:
            if line.is_empty_formula(column):
                hint = "请用表格软件打开、保存后再导入，或把公式粘贴为数值"
                self._note("NUMBER-INVALID", line.place(column), "公式没有算出的值", hint)
                continue
            number = read_number(line.text(column), field)
            if number is not None and not field.key:
                number = "这一列只填“不涉及”，或空着"
            if isinstance(number, str):
                hint = "请改正；不涉及的，在该任务第一列填“不涉及”"
                self._note("NUMBER-INVALID", line.place(column), number, hint)
            else:
                numbers[field.key] = number
        self.cells[unit, task.id] = assigned(unit, task.id, numbers, not_applicable=False)

    def _note(self, code: str, place: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code, place, message, hint))


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a sheet."""

    sheet: str
    at: int
    cells: Sequence[str]
    formulas: frozenset[tuple[int, int]]

    def text(self, column: int) -> str:
        return self.cells[column].strip() if column < len(self.cells) else ""

    def place(self, column: int) -> str:
        return _place(self.sheet, self.at, column)

    def is_empty_formula(self, column: int) -> bool:
        return (self.at, column) in self.formulas


def _place(sheet: str, row: int, column: int) -> str:
    return f"工作表“{sheet}”{column_letters(column + 1)}{row + 1}"
