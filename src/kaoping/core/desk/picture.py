"""A state made ready for many questions: its things by kind, filings by unit and task."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from kaoping.core.workflow.questions import ledger_of
from kaoping.core.workflow.state import State
from kaoping.core.workflow.things import Filing, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kaoping.core.workflow.things import Thing

T = TypeVar("T", bound="Thing")
Cell = tuple[str, str]
"""A unit and a task."""


@dataclass(frozen=True, slots=True)
class Picture(State):
    """The same state, looked through once.

    Attributes:
        by_kind: all things of each kind.
        filings: by year, unit and task.
    """

    by_kind: Mapping[type, tuple[Thing, ...]] = field(default_factory=dict)
    filings: Mapping[tuple[str, str, str], tuple[Filing, ...]] = field(default_factory=dict)

    def every(self, kind: type[T]) -> Iterator[T]:
        """All things of a kind."""
        return iter(cast("tuple[T, ...]", self.by_kind.get(kind, ())))


def picture_of(state: State) -> Picture:
    """Look through a state; do it once for all questions about it."""
    by_kind: defaultdict[type, list[Thing]] = defaultdict(list)
    filings: defaultdict[tuple[str, str, str], list[Filing]] = defaultdict(list)
    for thing in state.things.values():
        by_kind[type(thing)].append(thing)
        if isinstance(thing, Filing):
            filings[thing.assessment, thing.unit, thing.task].append(thing)
    return Picture(
        state.last_at,
        state.seen,
        state.things,
        state.late,
        state.kinds,
        state.size,
        {kind: tuple(things) for kind, things in by_kind.items()},
        {cell: tuple(found) for cell, found in filings.items()},
    )


@dataclass(frozen=True, slots=True)
class Demand:
    """What the scheme asks for each unit's task, by unit and task.

    Attributes:
        values: the inputs that the unit itself reports.
        supplied: the inputs that somebody else owns (P12) and the responsible section enters.
        materials: the tasks for which the unit must file material.
    """

    values: Mapping[Cell, frozenset[str]] = field(default_factory=dict)
    supplied: Mapping[Cell, frozenset[str]] = field(default_factory=dict)
    materials: frozenset[Cell] = frozenset()


def cell_complete(
    picture: Picture, demand: Demand | None, assessment: str, cell: Cell
) -> tuple[bool, bool]:
    """Whether the values of a unit on a task are complete, and its materials.

    Without a demand nobody knows what is asked: anything filed or reported will do.
    """
    unit, task = cell
    ledger = ledger_of(picture, assessment, unit)
    filings = picture.filings.get((assessment, unit, task), ())
    has_filed = any(one.standing is not Standing.WITHDRAWN for one in filings)
    if demand is None:
        is_there = has_filed or any(key[0] == task for key in ledger.results)
        return is_there, is_there
    values = demand.values.get(cell, frozenset())
    return (
        all((task, name) in ledger.results for name in values),
        has_filed or cell not in demand.materials,
    )
