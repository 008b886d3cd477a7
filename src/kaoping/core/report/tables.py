"""得分表: the tables of points that the report, its annexes and the unit sheets share."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from kaoping.core.problems import CATALOGUE
from kaoping.core.report.assessed import (
    actual_text,
    grounds_text,
    indicator_label,
    target_text,
    task_points,
    working_text,
)
from kaoping.core.report.document import (
    Align,
    Column,
    RowKind,
    TableBlock,
    TableRow,
    body_rows,
    figure,
    points_text,
    printed,
)
from kaoping.core.rules import Judgement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from kaoping.core.problems import Problem
    from kaoping.core.report.assessed import Assessed
    from kaoping.core.scheme import Indicator, Task, Unit
    from kaoping.core.scoring.scores import TaskScore

INDICATORS_ABREAST = 5
"""Indicators that fit side by side on a portrait page, each with points and rank."""
TASKS_ABREAST = 10
"""Tasks that fit side by side on a landscape page."""
NOT_ASSESSED = "—"

Item = TypeVar("Item")


def _abreast(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """Items in runs of nearly equal length that fit side by side."""
    runs = -(-len(items) // most) or 1
    size = -(-len(items) // runs) or 1
    return [items[start : start + size] for start in range(0, len(items), size)]


def part_of(caption: str, number: int, runs: int) -> str:
    """A caption that says which part of a split table this is."""
    return caption if runs == 1 else f"{caption}（{number}／{runs}）"


def _by_group(assessed: Assessed, units: Iterable[Unit]) -> Iterator[Unit | TableRow]:
    """Units, before each group of them a row that names it."""
    for group, members in groupby(units, lambda unit: unit.group):
        if assessed.has_groups:
            yield TableRow((group or "其他单位",), RowKind.GROUP)
        yield from members


# --- units and indicators --------------------------------------------------------------------------


def indicator_matrices(assessed: Assessed) -> Iterator[TableBlock]:
    """Points and rank of every unit on every indicator, split where there are many indicators."""
    runs = _abreast(assessed.scheme.indicators, INDICATORS_ABREAST)
    for number, indicators in enumerate(runs, 1):
        columns = [Column("单位", 8)]
        for indicator in indicators:
            over = indicator_label(indicator)
            columns += [
                Column("得分", 4, Align.RIGHT, over),
                Column("名次", 2, Align.CENTRE, over),
            ]
        rows = tuple(
            entry if isinstance(entry, TableRow) else _matrix_row(assessed, entry, indicators)
            for entry in _by_group(assessed, assessed.units)
        )
        caption = part_of("各单位指标得分汇总表", number, len(runs))
        yield TableBlock(caption, tuple(columns), rows, _reach_note(assessed, indicators))


def _reach_note(assessed: Assessed, indicators: Sequence[Indicator]) -> str:
    """Who can reach fewer points than the indicator has, because a task does not concern them."""
    found = [
        f"{assessed.unit_name(row.unit)}{indicator.name}{figure(row.reachable_points)}分"
        for indicator in indicators
        for row in assessed.indicator_scores(indicator)
        if row.published is not None and row.reachable_points < indicator.points
    ]
    return f"可得分低于指标满分的：{'、'.join(found)}。" if found else ""


def _matrix_row(assessed: Assessed, unit: Unit, indicators: Sequence[Indicator]) -> TableRow:
    cells = [unit.name]
    for indicator in indicators:
        row = assessed.scores.indicators.get((unit.id, indicator.id))
        if row is None:
            cells += [NOT_ASSESSED, NOT_ASSESSED]
        else:
            cells += [points_text(row.published, row.state), row.rank or NOT_ASSESSED]
    return TableRow(tuple(cells))


def totals_table(assessed: Assessed) -> TableBlock:
    """Totals, ranks and grades, the best unit of each group first."""
    columns = (
        Column("名次", 2, Align.CENTRE),
        Column("单位", 8),
        Column("可得分", 3, Align.RIGHT),
        Column("总分", 3, Align.RIGHT),
        Column("等次", 3, Align.CENTRE),
        Column("说明", 8),
    )
    entries = _by_group(assessed, _ranked(assessed))
    rows = tuple(
        entry if isinstance(entry, TableRow) else _total_row(assessed, entry) for entry in entries
    )
    return TableBlock("总分、名次和等次", columns, rows)


def _ranked(assessed: Assessed) -> list[Unit]:
    """Units of each group by total, those without one last."""
    totals = {unit.id: assessed.total(unit) for unit in assessed.units}

    def points(unit: Unit) -> Decimal | None:
        total = totals[unit.id]
        return total.published if total else None

    return assessed.best_first(assessed.units, points)


def _total_row(assessed: Assessed, unit: Unit) -> TableRow:
    total = assessed.total(unit)
    if total is None:
        return TableRow((NOT_ASSESSED, unit.name, "", "", "", ""))
    notes = [printed(step) for step in total.steps]
    if total.awards_barred and not any("评先" in note for note in notes):
        notes.append("取消评先评优资格")
    return TableRow(
        (
            total.rank or NOT_ASSESSED,
            unit.name,
            figure(total.applicable_points),
            points_text(total.published, total.state),
            total.grade or NOT_ASSESSED,
            "\n".join(notes),
        )
    )


# --- units and tasks -------------------------------------------------------------------------------


def task_matrices(assessed: Assessed, indicator: Indicator) -> Iterator[TableBlock]:
    """Points of every unit on every task of an indicator, split where there are many tasks."""
    runs = _abreast(indicator.tasks, TASKS_ABREAST)
    for number, tasks in enumerate(runs, 1):
        ends = number == len(runs)
        columns = [Column("单位", 5)]
        columns += [Column(f"{task.label}\n{task_points(task)}", 3, Align.RIGHT) for task in tasks]
        if ends:
            columns += [
                Column("涉及分值", 2, Align.RIGHT),
                Column("指标得分", 3, Align.RIGHT),
                Column("名次", 2, Align.CENTRE),
            ]
        units = [u for u in assessed.units if (u.id, indicator.id) in assessed.scores.indicators]
        rows = tuple(
            entry
            if isinstance(entry, TableRow)
            else TableRow(tuple(_task_cells(assessed, entry, indicator, tasks, ends=ends)))
            for entry in _by_group(assessed, units)
        )
        caption = part_of(f"{indicator.name}任务得分表", number, len(runs))
        note = " ".join((scale_note(indicator), _own_points_note(assessed, tasks))).strip()
        yield TableBlock(caption, tuple(columns), rows, note)


def scale_note(indicator: Indicator) -> str:
    """How task points become indicator points, where the two scales differ."""
    if indicator.scale == indicator.points:
        return ""
    scale, points = figure(indicator.scale), figure(indicator.points)
    return f"本指标各项任务按{scale}分制评分，指标得分＝任务得分合计×{points}÷{scale}。"


def _own_points_note(assessed: Assessed, tasks: Sequence[Task]) -> str:
    """Units whose points of a task are not those at the head of its column."""
    found = []
    for row in assessed.task_scores:
        task = assessed.scheme.task_by_id[row.task]
        if task in tasks and assessed.own(row) != task.points and row.published is not None:
            own = figure(assessed.own(row))
            found.append(f"{assessed.unit_name(row.unit)}{task.label}{own}分")
    return f"本单位分值另定的：{'、'.join(found)}。" if found else ""


def _task_cells(
    assessed: Assessed, unit: Unit, indicator: Indicator, tasks: Sequence[Task], *, ends: bool
) -> Iterator[str]:
    yield unit.name
    for task in tasks:
        row = assessed.scores.tasks.get((unit.id, task.id))
        yield NOT_ASSESSED if row is None else points_text(row.published, row.state)
    if ends:
        whole = assessed.scores.indicators[unit.id, indicator.id]
        yield figure(whole.applicable_points)
        yield points_text(whole.published, whole.state)
        yield whole.rank or NOT_ASSESSED


def standards_table(assessed: Assessed, indicator: Indicator) -> TableBlock:
    """The tasks of an indicator with points, completion standard and who supplies the data."""
    columns = (
        Column("任务", 6),
        Column("分值", 3, Align.CENTRE),
        Column("完成标准", 16),
        Column("数据提供", 4),
    )
    rows = (
        (
            task.label,
            task_points(task),
            task.standard,
            _data_owner(assessed, indicator, task),
        )
        for task in indicator.tasks
    )
    return TableBlock(f"{indicator.name}任务和完成标准", columns, body_rows(rows))


def _data_owner(assessed: Assessed, indicator: Indicator, task: Task) -> str:
    if task.data_owner:
        return assessed.office_name(task.data_owner)
    if isinstance(task.rule, Judgement):
        return assessed.office_name(indicator.responsible_section) or "评议人"
    return "被考评单位"


def completion_table(assessed: Assessed) -> TableBlock:
    """Task by task: how many units have full marks, and target against result where both add up."""
    columns = (
        Column("任务", 9),
        Column("评分单位", 2, Align.RIGHT),
        Column("得满分", 2, Align.RIGHT),
        Column("未得满分", 2, Align.RIGHT),
        Column("年度目标合计", 4, Align.RIGHT),
        Column("实际完成合计", 4, Align.RIGHT),
        Column("完成率", 3, Align.RIGHT),
    )
    rows: list[TableRow] = []
    for indicator in assessed.scheme.indicators:
        rows.append(TableRow((indicator_label(indicator),), RowKind.GROUP))
        rows += [_completion_row(assessed, task) for task in indicator.tasks]
    note = "计量单位不同或不宜相加的（比率、位次、扣分等），不列合计；“得满分”含超额加分。"
    return TableBlock("各项任务完成情况", columns, tuple(rows), note)


def _completion_row(assessed: Assessed, task: Task) -> TableRow:
    done = assessed.completion(task)
    measure = task.form("").unit_of_measure
    amounts = (
        NOT_ASSESSED if amount is None else figure(amount) + measure
        for amount in (done.goal, done.value)
    )
    rate = NOT_ASSESSED if done.rate is None else f"{figure(done.rate)}%"
    counts = (str(done.scored), str(done.full), str(done.scored - done.full))
    return TableRow((task.label, *counts, *amounts, rate))


# --- reasons ---------------------------------------------------------------------------------------

_LOST_COLUMNS = (
    Column("单位", 5),
    Column("年度目标", 4),
    Column("实际完成", 5),
    Column("分值", 2, Align.RIGHT),
    Column("得分", 2, Align.RIGHT),
    Column("失分", 2, Align.RIGHT),
    Column("失分理由", 10),
    Column("依据、数据来源和佐证", 10),
)


def lost_table(assessed: Assessed, indicator: Indicator) -> TableBlock | None:
    """Every score below full marks, task by task, with reason and basis; None where there is none."""
    rows: list[TableRow] = []
    for task_id, scores in groupby(assessed.lost_rows(indicator), lambda row: row.task):
        task = assessed.scheme.task_by_id[task_id]
        rows.append(TableRow((f"{task.label}（{task_points(task)}）",), RowKind.GROUP))
        rows += [_lost_row(assessed, row) for row in scores]
    if not rows:
        return None
    caption = f"{indicator.name}失分事项"
    return TableBlock(caption, _LOST_COLUMNS, tuple(rows), scale_note(indicator))


def _lost_row(assessed: Assessed, row: TaskScore) -> TableRow:
    return TableRow(
        (
            assessed.unit_name(row.unit),
            target_text(row),
            actual_text(row),
            figure(row.applicable_points),
            points_text(row.published, row.state),
            figure(assessed.lost(row)),
            assessed.reason(row),
            grounds_text(assessed.scheme, row),
        )
    )


# --- one unit --------------------------------------------------------------------------------------

_DETAIL_COLUMNS = (
    Column("任务", 7, titles=True),
    Column("年度目标", 4),
    Column("实际完成", 5),
    Column("分值", 2, Align.RIGHT),
    Column("得分", 3, Align.RIGHT),
    Column("得分过程", 9),
    Column("扣分（加分）理由", 7),
    Column("依据、数据来源和佐证", 7),
)


def unit_table(assessed: Assessed, unit: Unit, *, with_standards: bool) -> TableBlock:
    """A unit's targets, results, score in detail, working, reasons and basis, task by task."""
    rows: list[TableRow] = []
    for indicator in assessed.scheme.indicators:
        if (unit.id, indicator.id) not in assessed.scores.indicators:
            continue
        rows.append(TableRow((_result_line(assessed, unit, indicator),), RowKind.GROUP))
        for task in indicator.tasks:
            row = assessed.scores.tasks.get((unit.id, task.id))
            if row is not None:
                rows.append(_detail_row(assessed, task, row, with_standard=with_standards))
        rows.append(_indicator_row(assessed, unit, indicator))
    return TableBlock(f"{unit.name}评分明细", _DETAIL_COLUMNS, tuple(rows))


def _result_line(assessed: Assessed, unit: Unit, indicator: Indicator) -> str:
    row = assessed.scores.indicators[unit.id, indicator.id]
    section = assessed.office_name(indicator.responsible_section)
    place = f"，{where}" if (where := assessed.indicator_place(row)) else ""
    by = f"，责任科室：{section}" if section else ""
    result = f"得分 {points_text(row.published, row.state)}"
    return f"{indicator_label(indicator)}：{result}{place}{by}。{scale_note(indicator)}"


def _detail_row(assessed: Assessed, task: Task, row: TaskScore, *, with_standard: bool) -> TableRow:
    name = task.label + ("（加分项）" if task.bonus and "加分" not in task.name else "")
    return TableRow(
        (
            f"{name}\n{task.standard}" if with_standard and task.standard else name,
            target_text(row),
            actual_text(row),
            figure(row.applicable_points) if row.published is not None else NOT_ASSESSED,
            points_text(row.published, row.state),
            working_text(row) or NOT_ASSESSED,
            assessed.reason(row) if row.reason or assessed.lost(row) else "",
            grounds_text(assessed.scheme, row),
        )
    )


def _indicator_row(assessed: Assessed, unit: Unit, indicator: Indicator) -> TableRow:
    row = assessed.scores.indicators[unit.id, indicator.id]
    return TableRow(
        (
            "指标得分",
            "",
            "",
            figure(row.reachable_points),
            points_text(row.published, row.state),
            working_text(row),
            printed(row.reason),
            printed(row.basis),
        ),
        RowKind.TOTAL,
    )


# --- findings --------------------------------------------------------------------------------------


def findings_table(caption: str, problems: Iterable[Problem]) -> TableBlock:
    """Findings about the ledger: what kind, what exactly, what to do."""
    columns = (
        Column("序号", 1, Align.CENTRE),
        Column("类别", 4),
        Column("具体情况", 11),
        Column("处理建议", 5),
    )
    kinds = list(CATALOGUE)
    listed = sorted(problems, key=lambda problem: kinds.index(problem.code))
    rows = (
        (str(number), CATALOGUE[p.code].zh, printed(p.message), printed(p.suggestion))
        for number, p in enumerate(listed, 1)
    )
    return TableBlock(caption, columns, body_rows(rows))
