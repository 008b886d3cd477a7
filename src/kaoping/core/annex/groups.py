"""The rows of a table as groups of one task each, below the indicator they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import Row, Spot, bare, distinct
from kaoping.core.annex.gathering import Named, read_name
from kaoping.core.annex.headings import NAMES, Heading, Kind
from kaoping.core.annex.records import AsideKind
from kaoping.core.annex.tables import (
    RowKind,
    Table,
    is_block,
    is_note,
    kind_of_row,
    names_indicator,
)
from kaoping.core.notice.contacts import DITTO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.annex.gathering import Gathering
    from kaoping.core.annex.levels import Levels


@dataclass
class Section:
    """Rows below one block's title; `groups_above` are titles between the block and its rows."""

    seed: Named | None
    points: Spot | None = None
    rows: list[int] = field(default_factory=list)
    groups_above: dict[int, Spot] = field(default_factory=dict)
    totals: list[tuple[int, Row]] = field(default_factory=list)
    """Rows of totals, with how many rows of the section stand above them."""


@dataclass
class Group:
    """The rows of one task.

    Attributes:
        name: the cell that names it, None where there is none.
        indicator: the cell that names its indicator, where a column does.
        between: the cells of the levels between, under their headings.
    """

    rows: list[int]
    name: Spot | None
    indicator: Spot | None
    between: list[tuple[str, Spot]] = field(default_factory=list)


def read_lead(rows: Sequence[Row], table: Table, gathering: Gathering) -> tuple[Named | None, bool]:
    """The rows above a table: the name they give, and whether it surely names an indicator."""
    strong: Named | None = None
    weak: Named | None = None
    for row in table.lead:
        spots = distinct(rows[row])
        if len(spots) != 1:
            if all(is_note(spot) for spot in spots):
                gathering.aside(AsideKind.NOTE, *spots)
            continue
        spot = spots[0]
        if is_note(spot):
            gathering.aside(AsideKind.NOTE, spot)
            continue
        gathering.aside(AsideKind.TITLE, spot)
        named = read_name(spot, title=True)
        if is_block(spot) and names_indicator(named.name.value):
            strong = named
        elif names_indicator(spot.plain):
            weak = named
    return (strong, True) if strong else (weak, False)


def sections_of(
    rows: Sequence[Row], table: Table, heading: Heading, first: Named | None, gathering: Gathering
) -> list[Section]:
    """The rows of a table below the titles that divide it; notes are kept aside."""
    sections = [Section(first)]
    group: Spot | None = None
    for row in table.body:
        current = sections[-1]
        match kind_of_row(rows[row], heading):
            case RowKind.NOTE:
                gathering.aside(AsideKind.NOTE, *distinct(rows[row]))
            case RowKind.TOTAL:
                current.totals.append((len(current.rows), rows[row]))
            case RowKind.BLOCK:
                spot, points = _title_and_points(rows[row], heading)
                named = read_name(spot)
                gathering.aside(AsideKind.HEADING, *distinct(rows[row]))
                if _is_below(named, current.seed):
                    group = spot
                else:
                    sections.append(Section(named, points))
                    group = None
            case RowKind.TASKS:
                current.rows.append(row)
                if group is not None:
                    current.groups_above[row] = group
    return [section for section in sections if section.rows or section.seed or section.totals]


def _title_and_points(row: Row, heading: Heading) -> tuple[Spot, Spot | None]:
    spots = distinct(row)
    named = [spot for spot in spots if heading.columns[spot.column].kind in NAMES] or spots
    title = max(named, key=lambda spot: (spot.right - spot.column, len(spot.text)))
    kinds = {spot: heading.columns[spot.column].kind for spot in spots if spot is not title}
    return title, next((spot for spot, kind in kinds.items() if kind is Kind.POINTS), None)


def _is_below(named: Named, seed: Named | None) -> bool:
    """Whether a title stands below the one before: deeper numbered, or unnumbered without points."""
    if seed is None or not seed.depth:
        return False
    return named.depth > seed.depth or (not named.depth and named.points is None)


def groups_of(
    rows: Sequence[Row], section: Section, levels: Levels, gathering: Gathering
) -> Iterator[Group]:
    """The groups of a section's rows; a blank below a name repeats it, as do the same words."""
    above: dict[int, Spot] = {}
    last: Group | None = None
    for number in section.rows:
        row = rows[number]
        fresh = _follow(row, levels, above, gathering)
        name = row[levels.task.at] if levels.task else None
        indicator = above.get(levels.indicator.at) if levels.indicator else None
        if last is not None and not fresh and _belongs(row, rows[last.rows[-1]], name, last):
            last.rows.append(number)
            continue
        if last is not None:
            yield last
        between = [(c.label, above[c.at]) for c in levels.between if c.at in above]
        if number in section.groups_above:
            between.insert(0, ("所属", section.groups_above[number]))
        last = Group([number], name, indicator, between)
    if last is not None:
        yield last


def _follow(row: Row, levels: Levels, above: dict[int, Spot], gathering: Gathering) -> bool:
    """Take over the names of a row's upper levels; whether one of them is new."""
    fresh = False
    columns = [*([levels.indicator] if levels.indicator else []), *levels.between]
    for place, column in enumerate(columns):
        spot = row[column.at]
        if spot is None or DITTO.fullmatch(spot.plain) or spot is above.get(column.at):
            continue
        known = above.get(column.at)
        if known is None or bare(known.text) != bare(spot.text):
            fresh = True
            for lower in columns[place + 1 :]:
                above.pop(lower.at, None)
            above[column.at] = spot
        else:
            gathering.aside(AsideKind.DITTO, spot)
    return fresh


def _belongs(row: Row, before: Row, name: Spot | None, last: Group) -> bool:
    """Whether a row goes on with the task of the row before it.

    Its name is the same cell; or it has none, and no number or points of its own.
    """
    if name is not None:
        return name is last.name
    if last.name is None:
        return False
    told = [(at, spot) for at, spot in enumerate(row) if spot is not None]
    return all(before[at] is spot or not _is_own(spot) for at, spot in told)


def _is_own(spot: Spot) -> bool:
    """Whether a cell without a name beside it begins a task: a short figure."""
    words = bare(spot.text)
    return words[:1].isdigit() and len(words.strip("0123456789.分%")) == 0
