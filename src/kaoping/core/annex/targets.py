"""任务分解表: units and tasks that meet in a cell with a number; units down or across."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import Row, Spot, bare, distinct
from kaoping.core.annex.gathering import TargetCell
from kaoping.core.annex.headings import Column, Heading, Kind, heading_words, kind_of_words
from kaoping.core.annex.numbering import SERIAL, leading_number
from kaoping.core.annex.records import AnnexTarget, AsideKind, Decision
from kaoping.core.annex.tables import is_note, is_total
from kaoping.core.annex.units import is_unit
from kaoping.core.notice.names import key_of
from kaoping.core.notice.passage import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaoping.core.annex.gathering import Gathering
    from kaoping.core.annex.records import AnnexTask

_NUMBER = re.compile(
    r"(?:[≥>]=? ?)?(?P<number>-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?) ?(?:%|个?百分点|[一-鿿]{0,3})"
)
_NOT_APPLICABLE = re.compile(r"不涉及|不适用|不考核")
_NONE = re.compile(r"[—\-/\\_ ]+|无|暂无")
_UNIT_HEADS = re.compile(
    r"(?:[一-鿿]*(?:单位|部门|主体|对象)(?:名称)?|县|县区|县市区|乡镇|区县|地区|名称)"
)
_SHARE = Fraction(4, 5)


def read_units_down(rows: Sequence[Row], gathering: Gathering) -> bool:
    """Read a grid whose rows are units and whose columns are tasks; whether it was one."""
    for top in range(len(rows)):
        column = _unit_column(rows[top])
        if column is None:
            continue
        bottom = top + 1
        while bottom < len(rows) and _is_heading_row(rows[bottom], column):
            bottom += 1
        body = _body(rows, bottom, column)
        if not _is_matrix(rows, body, column):
            continue
        _read_down(rows, range(top, bottom), body, column, gathering)
        return True
    return False


def _unit_column(row: Row) -> int | None:
    """The column headed 单位 that only a number stands before."""
    for at, spot in enumerate(row[:3]):
        words = heading_words(spot.text) if spot else ""
        if _UNIT_HEADS.fullmatch(words):
            others = [s for s in distinct(row[at + 1 :]) if s is not spot]
            return at if others else None
        if spot is not None and kind_of_words(spot.text) is not Kind.NUMBER:
            return None
    return None


def _is_heading_row(row: Row, column: int) -> bool:
    """Whether a row below the first is a second row of the heading: no unit, no number."""
    unit = row[column]
    names_unit = unit is not None and (is_unit(unit.plain) or is_total(unit.text))
    return not names_unit and not any(_NUMBER.fullmatch(spot.plain) for spot in distinct(row))


def _body(rows: Sequence[Row], bottom: int, column: int) -> list[int]:
    return [
        at
        for at in range(bottom, len(rows))
        if (spot := rows[at][column]) is not None and is_unit(spot.plain)
    ]


def _is_matrix(rows: Sequence[Row], body: list[int], column: int) -> bool:
    """Whether most cells beside the units are numbers or say that there is none."""
    cells = [spot for at in body for spot in distinct(rows[at][column + 1 :])]
    told = [spot for spot in cells if _tells_target(spot)]
    return bool(told) and len(told) >= _SHARE * len(cells)


def _tells_target(spot: Spot) -> bool:
    words = spot.plain.strip()
    return any(pattern.fullmatch(words) for pattern in (_NUMBER, _NOT_APPLICABLE, _NONE))


def _read_down(
    rows: Sequence[Row], head: range, body: list[int], column: int, gathering: Gathering
) -> None:
    for row in (*range(head.start), *range(head.stop, len(rows))):
        if row not in body:
            _keep_aside(rows[row], gathering, above=row < head.start)
    for row in head:
        gathering.aside(AsideKind.HEADING, *distinct(rows[row]))
    for row in body:
        for at, spot in enumerate(rows[row][:column]):
            if spot is not None and at < column and SERIAL.fullmatch(spot.plain.strip()):
                gathering.aside(AsideKind.NUMBER, spot)
        unit = rows[row][column]
        for at in range(column + 1, len(rows[row])):
            path = distinct(rows[number][at] for number in head)
            cell = rows[row][at]
            if unit is not None and cell is not None and path:
                task, own_points = _task_of(path)
                gathering.targets.append(TargetCell(unit.line(), task, cell, own_points))


def _keep_aside(row: Row, gathering: Gathering, *, above: bool) -> None:
    """Titles, notes and totals around a matrix; anything else is left as unread."""
    spots = distinct(row)
    if len(spots) == 1 and (above or is_note(spots[0])):
        kind = AsideKind.NOTE if is_note(spots[0]) else AsideKind.TITLE
        gathering.aside(kind, spots[0])
    elif any(is_total(spot.text) for spot in spots[:3]):
        gathering.aside(AsideKind.TOTAL, *spots)


def _task_of(path: Sequence[Spot]) -> tuple[Spot, bool]:
    """The heading cell that names the task, and whether 分值 below it says that points follow."""
    last = kind_of_words(path[-1].text)
    if len(path) > 1 and last in (Kind.POINTS, Kind.TARGET):
        return path[-2], last is Kind.POINTS
    return path[-1], False


def is_target_table(heading: Heading) -> bool:
    """Whether an ordinary heading has units across and nothing else that a task is told by."""
    own = (Kind.STANDARD, Kind.CATALOGUE, Kind.ASSESSED, Kind.POINTS)
    return bool(heading.of(Kind.UNIT)) and not heading.of(*own)


def read_across(
    row: Row, columns: Iterable[Column], task: Spot, order: int | None, gathering: Gathering
) -> None:
    """The targets that stand in one row below units across."""
    for column in columns:
        cell = row[column.at]
        if cell is not None:
            unit = column.path[-1].line()
            gathering.targets.append(TargetCell(unit, task, cell, own_points=False, order=order))


# --- which task is meant -------------------------------------------------------------------------


def settle_targets(gathering: Gathering, tasks: Sequence[AnnexTask]) -> tuple[AnnexTarget, ...]:
    """Each number with its task, where the words of its heading name one surely."""
    found: list[AnnexTarget] = []
    unsure: dict[Decision, None] = {}
    meant: dict[str, int | None] = {}
    for target in gathering.targets:
        words = target.task.plain
        if target.order is None and words not in meant:
            meant[words] = _order_of(words, tasks)
        order = meant[words] if target.order is None else target.order
        if order is None:
            message = (
                f"目标分解表中的“{bare(target.task.text)}”对不上哪一项任务，其各单位目标没有采用"
            )
            unsure[Decision(message, target.task.source())] = None
            continue
        words = target.cell.plain.strip()
        number = _NUMBER.fullmatch(words)
        source = target.cell.source()
        if number:
            value = Found(number["number"], source)
            found.append(AnnexTarget(target.unit, order, value, target.own_points, source))
        elif _NOT_APPLICABLE.fullmatch(words):
            found.append(AnnexTarget(target.unit, order, None, target.own_points, source))
        elif _NONE.fullmatch(words):
            gathering.aside(AsideKind.BLANK, target.cell)
            unsure[Decision("没有写目标值，请确认是否不涉及", source)] = None
    gathering.decisions |= unsure
    return tuple(found)


_TAIL = re.compile(r"(?:年度)?(?:目标(?:任务|值)?|任务数|计划数|任务|指标|计划)+$")


def _order_of(words: str, tasks: Sequence[AnnexTask]) -> int | None:
    """The one task that words name: by its number, by its name, or by part of its name."""
    number = leading_number(words)
    name = _key(words[number.end :] if number else words)
    names = {task.order: _key(task.name.value) for task in tasks}
    equal = [order for order, other in names.items() if other == name]
    if len(equal) == 1:
        return equal[0]
    if number:
        numbered = [t.order for t in tasks if t.number and t.number.value == number.number]
        same = [at for at in numbered if name and (name in names[at] or names[at] in name)]
        return same[0] if len(same) == 1 else None
    by_number = [t.order for t in tasks if t.number and t.number.value == bare(words)]
    if len(by_number) == 1:
        return by_number[0]
    near = [at for at, other in names.items() if len(name) > 2 and (name in other or other in name)]  # noqa: PLR2004
    return near[0] if len(near) == 1 else None


def _key(words: str) -> str:
    return _TAIL.sub("", key_of(heading_words(words)))
