"""Which tables tell of tasks: those within a notice's own file, and those that tell nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.annex.reading import read_annex, sources_of
from kaoping.core.annex.records import AnnexReading, AsideKind
from kaoping.core.notice.contacts import PEOPLE, Role, role_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.annex.records import AnnexIndicator
    from kaoping.core.original import Grid

_HEAD = 4
"""Rows of a table within which its heading stands."""
_REACHED = PEOPLE | {Role.TELEPHONE, Role.MAILBOX}


def task_tables(grids: Sequence[Grid]) -> tuple[Grid, ...]:
    """The tables of a file that tell how tasks are scored, and whose targets belong to those.

    A table of duties or of deadlines is none, though its rows look like tasks: nothing in it is
    scored.
    """
    alone = {id(grid): read_annex([grid]) for grid in grids}
    own = [grid for grid in grids if _is_scored(grid, alone[id(grid)])]
    for grid in grids:
        reading = alone[id(grid)]
        if reading.decisions and not reading.indicators and _adds_targets(own, grid):
            own.append(grid)
    return tuple(grid for grid in grids if any(grid is each for each in own))


def _is_scored(grid: Grid, reading: AnnexReading) -> bool:
    """Whether a table has standards or materials; or points, and is no table of duties with them."""
    if any(task.standard or task.catalogue for task in reading.tasks):
        return True
    return not names_people(grid) and any(
        (task.points or task.points_told) and task.name.value != _name(indicator)
        for indicator in reading.indicators
        for task in indicator.tasks
    )


def _name(indicator: AnnexIndicator) -> str:
    return indicator.name.value if indicator.name else ""


def _adds_targets(own: Sequence[Grid], grid: Grid) -> bool:
    return bool(own) and len(read_annex([*own, grid]).targets) > len(read_annex(own).targets)


def names_people(grid: Grid) -> bool:
    """Whether a table's heading asks for people, telephones or mailboxes: then duties stand in it."""
    return any(role_of(cell.text) in _REACHED for row in grid.rows[:_HEAD] for cell in row)


def addresses(grid: Grid) -> set[str]:
    """The places of its cells with words."""
    return {cell.address for row in grid.rows for cell in row if cell.text.strip()}


def silent_tables(grids: Sequence[Grid], reading: AnnexReading) -> Iterator[Grid]:
    """The tables no cell of which was understood, notes left aside."""
    unread = {source.where for source in reading.unread}
    notes = {a.source.where for a in reading.asides if a.kind is AsideKind.NOTE}
    for grid in grids:
        places = addresses(grid)
        if places & unread and places <= unread | notes:
            yield grid


def places_of_tasks(reading: AnnexReading) -> set[str]:
    """Every place that a task or a target was read from."""
    return {source.where for source in sources_of((reading.indicators, reading.targets))}
