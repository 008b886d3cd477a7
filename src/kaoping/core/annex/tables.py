"""A grid divided into tables, and the rows that are no tasks: titles, blocks, totals, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import Row, Spot, bare, distinct
from kaoping.core.annex.headings import NAMES, Heading, Kind, find_heading
from kaoping.core.annex.numbering import SERIAL, leading_number
from kaoping.core.annex.points import PointsKind, points_beside, read_points

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class Table:
    """One table of a grid: rows above it, its heading, its rows, and headings repeated in it."""

    heading: Heading
    lead: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    repeated: list[Spot] = field(default_factory=list)


def divide(rows: Sequence[Row]) -> tuple[list[Table], list[int]]:
    """The tables of a grid, and the rows of a grid without any heading."""
    tables: list[Table] = []
    above: list[int] = []
    at = 0
    while at < len(rows):
        heading = find_heading(rows, at)
        if heading is None:
            if distinct(rows[at]):
                (tables[-1].body if tables else above).append(at)
            at += 1
            continue
        if tables and _same(tables[-1].heading, heading):
            tables[-1].repeated += heading.spots
        else:
            lead = _taken_from(tables[-1], rows) if tables else above
            tables.append(Table(heading, lead))
        at = heading.bottom
    return tables, ([] if tables else above)


def _same(one: Heading, other: Heading) -> bool:
    """Whether a heading only repeats the one before, as on a later page."""
    told = [[(c.kind, [bare(s.text) for s in c.path]) for c in h.columns] for h in (one, other)]
    return told[0] == told[1]


def _taken_from(table: Table, rows: Sequence[Row]) -> list[int]:
    """The last rows of a table that are titles of the next one."""
    taken: list[int] = []
    while table.body and len(distinct(rows[table.body[-1]])) == 1:
        spot = distinct(rows[table.body[-1]])[0]
        if is_note(spot) or (spot.right == spot.column and not is_block(spot)):
            break
        taken.insert(0, table.body.pop())
    return taken


class RowKind(Enum):
    """What a row of a table's body is."""

    TASKS = auto()
    BLOCK = auto()
    TOTAL = auto()
    NOTE = auto()


_TOTAL = re.compile(r"(?:总?合计|小计|总计|共计|总分|合计分值|分值合计|累计)(?:[(:]?.{0,8}[)分]?)?")
_NOTE = re.compile(
    r"(?:注|备注|附注|说明|填表说明|填报说明|填报单位|填报时间|填报人|填表人|填表单位|审核人|制表|单位|联系人|联系电话)(?:[0-9一二三])?:"
    r"|\((?:注|备注|说明|单位):|[※*★]|单位:"
)
_LONGEST_BLOCK = 60


def is_note(spot: Spot) -> bool:
    """Whether a cell is a note to the table: `注：…`, `填报单位：`, a long sentence."""
    words = bare(spot.text)
    return bool(_NOTE.match(words)) or (len(words) > _LONGEST_BLOCK and words[-1] in "。;")


def is_block(spot: Spot) -> bool:
    """Whether a cell alone in its row has the form of a block's title: numbered or with points."""
    number = leading_number(spot.plain)
    return bool(number and number.depth <= 3) or points_beside(spot.plain).number is not None  # noqa: PLR2004


def is_total(words: str) -> bool:
    """Whether a cell begins a row that only sums up: 合计, 小计（30分）."""
    return bool(_TOTAL.fullmatch(bare(words)))


def kind_of_row(row: Row, heading: Heading) -> RowKind:
    """What a row of a table's body is."""
    spots = distinct(row)
    if any(is_total(spot.text) for spot in spots[:3]):
        return RowKind.TOTAL
    if len(spots) == 1:
        return _kind_alone(spots[0], heading)
    if _is_numbered_block(row, heading):
        return RowKind.BLOCK
    wide = [spot for spot in spots if _covers_names_and_more(spot, heading)]
    others = [spot for spot in spots if spot not in wide]
    if len(wide) == 1 and all(_goes_with_block(spot, heading) for spot in others):
        return RowKind.NOTE if is_note(wide[0]) else RowKind.BLOCK
    return RowKind.TASKS


def _kind_alone(spot: Spot, heading: Heading) -> RowKind:
    if is_note(spot):
        return RowKind.NOTE
    width = len({column.at for column in heading.columns})
    covers = spot.right - spot.column + 1
    if covers > width // 2 and covers > 1:
        return RowKind.BLOCK
    number = leading_number(spot.plain)
    numbered = number is not None and number.depth <= 2  # noqa: PLR2004
    if spot.column <= 1 and covers == 1 and (numbered or points_beside(spot.plain).number):
        return RowKind.BLOCK
    return RowKind.TASKS


_BESIDE_BLOCK = frozenset({Kind.NUMBER, Kind.POINTS, *NAMES})
_CHINESE_NUMBER = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)]?、?")


def _is_numbered_block(row: Row, heading: Heading) -> bool:
    """Whether a row has nothing but 一, a name and points: `一 | 经济建设 | | 60`."""
    kinds = {spot: heading.columns[spot.column].kind for spot in distinct(row)}
    numbers = [spot for spot, kind in kinds.items() if kind is Kind.NUMBER]
    names = [spot for spot, kind in kinds.items() if kind in NAMES]
    chinese = bool(numbers) and bool(_CHINESE_NUMBER.fullmatch(numbers[0].plain.strip()))
    fresh = all(spot.row == spot.bottom for spot in kinds)
    return chinese and fresh and len(names) == 1 and set(kinds.values()) <= _BESIDE_BLOCK


def _covers_names_and_more(spot: Spot, heading: Heading) -> bool:
    """Whether a merged cell lies over the task's column and over one that holds no name."""
    kinds = {column.kind for column in heading.columns[spot.column : spot.right + 1]}
    return bool(kinds & NAMES) and bool(kinds - NAMES - {Kind.NUMBER})


def _goes_with_block(spot: Spot, heading: Heading) -> bool:
    """Whether a cell beside a block's title is its number or its points."""
    kind = heading.columns[spot.column].kind
    if kind is Kind.NUMBER:
        return bool(SERIAL.fullmatch(spot.plain.strip()))
    told = read_points(spot.plain)
    return kind is Kind.POINTS and told is not None and told.kind is PointsKind.POINTS


_GENERIC = re.compile(
    r"附[件表]|[Ss]heet|[Tt]able|工作表|表|[0-9一二三四五六七八九十]+|年度?|[上下]半年|季度|月份?|绩效|考核|考评|评分|评价|评估|指标|任务|清单|标准|细则"
    r"|台账|目录|完成|分解|明细|汇总|内容|体系|方案|办法|安排|责任|情况|结果|工作|事项|实施|和|及|与|的|各|单位|部门|目标|分值|计划|[()\[\]《》、,.:;\s_-]"
)
_WHOLE_TABLE = re.compile(
    r"(?:表|清单|细则|办法|方案|标准|目录|体系|一览|附件 ?[0-9一二三四五六七八九十]*)$|^附[件表]|牵头的|[省市县区州]直|[委局厅办](?:20|负责|牵头)|年度"
)


def names_indicator(plain: str) -> bool:
    """Whether a title has the form of an indicator's name, not that of a table's."""
    words = bare(plain)
    left = _GENERIC.sub("", words)
    return len(left) > 1 and not _WHOLE_TABLE.search(words) and len(words) <= _LONGEST_BLOCK
