"""附件表格: the tables of all annex files read into indicators and tasks (P05).

A cell with words that is the source of nothing told is unread: so no cell's words are lost, however
strange the table is.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from kaoping.core.annex.besides import Setting
from kaoping.core.annex.cells import Row, Spot, bare, distinct, rows_of
from kaoping.core.annex.gathering import Gathering, IndicatorDraft, Named, read_name
from kaoping.core.annex.groups import Group, Section, groups_of, read_lead, sections_of
from kaoping.core.annex.headings import Heading, Kind
from kaoping.core.annex.levels import levels_of, names_indicators, points_columns, settled
from kaoping.core.annex.points import PointsKind, points_beside, read_points
from kaoping.core.annex.records import AnnexReading, AsideKind, StatedTotal
from kaoping.core.annex.tables import (
    RowKind,
    divide,
    is_block,
    is_note,
    kind_of_row,
    names_indicator,
)
from kaoping.core.annex.targets import is_target_table, read_across, read_units_down, settle_targets
from kaoping.core.annex.tasks import read_group
from kaoping.core.notice.passage import Found, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.annex.tables import Table
    from kaoping.core.original import Grid


def read_annex(grids: Sequence[Grid]) -> AnnexReading:
    """Read the tables of the annexes.

    Args:
        grids: the tables of all annex files, in order.

    Returns:
        What they tell. Every cell with words is the source of something in it, or is `unread`.
    """
    gathering = Gathering()
    for grid in grids:
        _read_grid(grid, gathering)
    indicators = tuple(draft.done() for draft in gathering.indicators)
    tasks = [task for indicator in indicators for task in indicator.tasks]
    targets = settle_targets(gathering, tasks)
    told = AnnexReading(
        tuple(i for i in indicators if i.tasks or i.name),
        targets,
        tuple(gathering.totals),
        tuple(gathering.decisions),
        tuple(gathering.asides),
        (),
    )
    places = {source.where for source in sources_of(told)}
    unread = dict.fromkeys(
        spot.source()
        for grid in grids
        for row in rows_of(grid)
        for spot in distinct(row)
        if spot.address not in places
    )
    return AnnexReading(
        told.indicators, targets, told.totals, told.decisions, told.asides, tuple(unread)
    )


def sources_of(value: object) -> Iterator[Source]:
    """Every source in what was read."""
    if isinstance(value, Source):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from sources_of(item)
    elif is_dataclass(value):
        for item in fields(value):
            yield from sources_of(getattr(value, item.name))


def _read_grid(grid: Grid, gathering: Gathering) -> None:
    rows = rows_of(grid)
    if read_units_down(rows, gathering):
        return
    tables, without = divide(rows)
    for row in without:
        spots = distinct(rows[row])
        if spots and all(is_note(spot) for spot in spots):
            gathering.aside(AsideKind.NOTE, *spots)
    named, sure = _named_by_title(grid)
    for table in tables:
        _read_table(rows, table, named, gathering, sure=sure)


def _named_by_title(grid: Grid) -> tuple[Named | None, bool]:
    """The indicator that the words above a grid name, and whether they surely do."""
    for line in reversed(grid.title.splitlines()):
        if line.strip():
            spot = Spot(0, 0, 0, 0, line.strip(), grid.place)
            named = read_name(spot, title=True)
            sure = is_block(spot) and names_indicator(named.name.value)
            return (named, sure) if sure or names_indicator(spot.plain) else (None, False)
    return None, False


# --- one table -----------------------------------------------------------------------------------


def _read_table(
    rows: Sequence[Row], table: Table, titled: Named | None, gathering: Gathering, *, sure: bool
) -> None:
    gathering.aside(AsideKind.HEADING, *table.heading.spots, *table.repeated)
    lead, lead_sure = read_lead(rows, table, gathering)
    title, title_sure = (lead, lead_sure) if lead else (titled, sure)
    kinds = {row: kind_of_row(rows[row], table.heading) for row in table.body}
    of_tasks = [rows[row] for row, kind in kinds.items() if kind is RowKind.TASKS]
    heading = settled(table.heading, of_tasks)
    title_sure = title_sure and not names_indicators(heading, of_tasks)
    in_blocks = title_sure or RowKind.BLOCK in kinds.values()
    levels = levels_of(heading, of_tasks, in_blocks=in_blocks, titled=title is not None)
    setting = Setting(rows, heading, levels, points_columns(heading, levels), gathering)
    sections = sections_of(rows, table, heading, title if title_sure else None, gathering)
    begun = gathering.next_order
    for section in sections:
        _read_section(setting, section, title, gathering, begun)
    _heading_total(heading, range(begun, gathering.next_order), gathering)


def _read_section(
    setting: Setting,
    section: Section,
    title: Named | None,
    gathering: Gathering,
    table_begun: int,
) -> None:
    groups = list(groups_of(setting.rows, section, setting.levels, gathering))
    if is_target_table(setting.heading):
        _read_target_rows(setting, groups, gathering)
        return
    drafts = _drafts(setting, section, groups, title, gathering)
    members: dict[int, set[int]] = {}
    for draft, group in zip(drafts, groups, strict=True):
        members.setdefault(id(draft), set()).update(group.rows)
    units = setting.heading.of(Kind.UNIT)
    ends: list[tuple[int, int]] = []
    begun = gathering.next_order
    for draft, group in zip(drafts, groups, strict=True):
        order = gathering.next_order
        read_group(setting, group, draft, frozenset(members[id(draft)]))
        if setting.levels.indicator is not None and setting.levels.indicator == setting.levels.task:
            _give_own_points(draft)
        if group.name is not None and gathering.next_order == order + 1:
            read_across(setting.rows[group.rows[0]], units, group.name, order, gathering)
        ends.append((len(group.rows) + (ends[-1][0] if ends else 0), gathering.next_order))
    _stated_totals(setting.heading, section, ends, (begun, table_begun), gathering)


def _give_own_points(draft: IndicatorDraft) -> None:
    """An indicator that is its own only task has that task's points."""
    if draft.points is None and len(draft.tasks) == 1:
        draft.points = draft.tasks[0].points


def _drafts(
    setting: Setting,
    section: Section,
    groups: Sequence[Group],
    title: Named | None,
    gathering: Gathering,
) -> list[IndicatorDraft]:
    """The indicator of each group: its column's, its block's, its table's, or a nameless one."""
    if setting.levels.indicator is not None:
        drafts: list[IndicatorDraft] = []
        for group in groups:
            spot = group.indicator
            if spot is not None:
                drafts.append(gathering.indicator(read_name(spot)))
            else:
                drafts.append(drafts[-1] if drafts else _nameless(setting, group, gathering))
        return drafts
    named = section.seed or title
    if named is None:
        if not groups:
            return []
        return [_nameless(setting, groups[0], gathering)] * len(groups)
    draft = gathering.indicator(named)
    if section.seed and section.points is not None:
        gathering.take_points(draft, section.points, percent=False)
    if section.seed is None:
        message = f"指标名称“{named.name.value}”取自表题，请确认"
        gathering.decide(message, named.spot.source())
    return [draft] * len(groups)


def _nameless(setting: Setting, group: Group, gathering: Gathering) -> IndicatorDraft:
    row = setting.rows[group.rows[0]]
    return gathering.nameless(distinct(row)[0].source())


def _read_target_rows(setting: Setting, groups: Sequence[Group], gathering: Gathering) -> None:
    """A table of tasks down and units across; its tasks are told elsewhere."""
    units = setting.heading.of(Kind.UNIT)
    for group in groups:
        if group.name is not None:
            read_across(setting.rows[group.rows[0]], units, group.name, None, gathering)


# --- totals --------------------------------------------------------------------------------------


def _stated_totals(
    heading: Heading,
    section: Section,
    ends: Sequence[tuple[int, int]],
    first_orders: tuple[int, int],
    gathering: Gathering,
) -> None:
    """The rows of totals of a section, each with the tasks it sums up.

    Args:
        heading: the table's heading.
        section: the section.
        ends: for each group how many rows of the section and tasks of the reading end with it.
        first_orders: the first task of the section, and that of the table.
        gathering: what is gathered.
    """
    begun, table_begun = first_orders
    start = begun
    for above, row in section.totals:
        spots = distinct(row)
        gathering.aside(AsideKind.TOTAL, *spots)
        stop = max((order for count, order in ends if count <= above), default=begun)
        is_part = any("小计" in bare(spot.text) for spot in spots)
        found = _points_of_total(heading, spots)
        first = start if is_part else table_begun
        if found is not None and first < stop:
            gathering.totals.append(StatedTotal(found, tuple(range(first, stop)), start))
        start = stop


def _points_of_total(heading: Heading, spots: Sequence[Spot]) -> Found[str] | None:
    for spot in spots:
        if heading.columns[spot.column].kind is Kind.POINTS:
            told = read_points(spot.plain)
            if told and told.kind is PointsKind.POINTS:
                return Found(told.number, spot.source())
    for spot in spots:
        if span := points_beside(spot.plain).number:
            return Found(spot.plain[slice(*span)], spot.source(*span))
    return None


def _heading_total(heading: Heading, orders: range, gathering: Gathering) -> None:
    """`分值（100分）` states the total of the table's tasks."""
    for column in heading.of(Kind.POINTS):
        for spot in column.path:
            span = points_beside(spot.plain).number
            if span and orders:
                found = Found(spot.plain[slice(*span)], spot.source(*span))
                gathering.totals.append(StatedTotal(found, tuple(orders), orders.start))
                _give_to_only_one(found, orders, gathering)
                return


def _give_to_only_one(points: Found[str], orders: range, gathering: Gathering) -> None:
    """A table of one indicator states the indicator's points in its heading."""
    drafts = [d for d in gathering.indicators if any(task.order in orders for task in d.tasks)]
    if len(drafts) == 1 and drafts[0].points is None and drafts[0].points_told is None:
        drafts[0].points = points
