"""待办: what one person must do, by deadline, out of the table of steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import FilingConfirmed
from kaoping.core.acts.setting_up import Role
from kaoping.core.desk.chores import CHORES, Asker, By, Look, ledger_work
from kaoping.core.desk.picture import Picture, picture_of
from kaoping.core.desk.year import due_of, working_days_left
from kaoping.core.workflow.admission import admission, in_question
from kaoping.core.workflow.case import Case, House, Place
from kaoping.core.workflow.questions import assessed_units, ledger_id
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.core.workflow.table import STEP_OF, STEPS
from kaoping.core.workflow.things import Assessment, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaoping.core.calendar import Calendar
    from kaoping.core.desk.chores import Chore, Work
    from kaoping.core.desk.picture import Demand
    from kaoping.core.workflow.case import Step
    from kaoping.core.workflow.reasons import Refusal
    from kaoping.core.workflow.state import State


class Stage(StrEnum):
    """Whether it can be done."""

    READY = "ready"
    """Now."""
    EARLY = "early"
    """Now, too, but its time has not come."""
    WAITING = "waiting"
    """Not yet: something else comes first."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that a person must do.

    Attributes:
        step: the wire name of the act that does it.
        place: where it is done; of several like ones the first.
        due: its last day; None where it has none.
        days: working days left after today; below zero, how many it is overdue.
        is_overdue: its last day is past.
        stage: whether it can be done now.
        waits_for: where it cannot, what comes first.
        done, total: how much of it is done, where that can be counted.
        units, tasks: which ones it concerns.
        topic: what the step is owed for, where that is not plain.
        look: how it stands.
    """

    step: str
    place: Place
    due: date | None
    days: int
    is_overdue: bool
    stage: Stage
    waits_for: Reason | None
    done: int = 0
    total: int = 0
    units: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    topic: str = ""
    look: Look = Look.OPEN

    @property
    def key(self) -> str:
        """The same for the same matter, as long as its deadline is the same."""
        place = self.place
        where = (place.thing, place.parent, place.assessment, place.unit, place.indicator)
        due = self.due.isoformat() if self.due else ""
        return "|".join((self.step, self.topic, *where, due))


def todos(
    state: State, person: str, at: str, calendar: Calendar, demand: Demand | None = None
) -> list[Todo]:
    """What a person must do, overdue first, then by deadline.

    Args:
        state: where everything stands; a `Picture` of it where more than one person is asked about.
        person: id of the person.
        at: the time, as acts carry it.
        calendar: says which days are worked.
        demand: what the scheme asks of units; without it, anything filed or reported will do.
    """
    asker = Asker(_picture(state), person, at, calendar, demand)
    of_steps = (
        one
        for step in STEPS
        if step.kind in CHORES and in_question(asker.picture, step, person, asker.day)
        for one in _of_step(asker, step, CHORES[step.kind])
    )
    found = chain(of_steps, _ledgers_to_come(asker))
    order = {step.type: number for number, step in enumerate(STEPS)}
    return sorted(found, key=lambda one: _rank(one, order[one.step]))


def _ledgers_to_come(asker: Asker) -> Iterator[Todo]:
    """The confirmation of a ledger in which nothing was filed yet: there is no thing to confirm."""
    step = STEP_OF[FilingConfirmed]
    heads = {one.unit for one in asker.duties if one.role is Role.UNIT_HEAD}
    for year in asker.picture.every(Assessment):
        units = heads & assessed_units(asker.picture, year.id)
        for unit in sorted(filter(None, units)):
            if ledger_id(year.id, unit) in asker.picture.things or year.standing is Standing.ENDED:
                continue
            case = Case(
                asker.picture, step, Place(assessment=year.id, unit=unit), asker.person, asker.at
            )
            refusal = StepRefused(Reason.WRONG_STATE)
            yield _made(asker, case, ledger_work(case, asker), Stage.WAITING, refusal)


def _picture(state: State) -> Picture:
    return state if isinstance(state, Picture) else picture_of(state)


def _rank(one: Todo, order: int) -> tuple[object, ...]:
    due = one.due.isoformat() if one.due else "9999"
    return due, one.stage is Stage.WAITING, order, one.place.indicator, one.place.unit


def _of_step(asker: Asker, step: Step, chore: Chore) -> list[Todo]:
    """All matters of one step: places that belong together are one."""
    matters: dict[tuple[str, ...], Todo] = {}
    for place in _near_places(asker, step):
        case = Case(asker.picture, step, place, asker.person, asker.at)
        for work in chore.left(case, asker):
            group = _group(place, work, chore.by)
            before = matters.get(group)
            if before is not None:
                matters[group] = _with(before, work)
            elif (one := _todo(asker, case, chore, work)) is not None:
                matters[group] = one
    return [one for one in matters.values() if chore.by is By.PLACE or _is_left(one)]


def _group(place: Place, work: Work, by: By) -> tuple[str, ...]:
    if by is By.PLACE:
        return place.thing, place.parent, place.assessment, place.unit, place.indicator, work.topic
    unit = place.unit if by is By.UNIT and work.topic == "" else ""
    return place.assessment, place.indicator, unit, work.topic


def _is_left(one: Todo) -> bool:
    return one.total == 0 or one.done < one.total


def _with(one: Todo, work: Work) -> Todo:
    """One matter more, at another place."""
    return replace(
        one,
        done=one.done + work.done,
        total=one.total + work.total,
        units=tuple(dict.fromkeys((*one.units, *work.units))),
        tasks=tuple(dict.fromkeys((*one.tasks, *work.tasks))),
    )


def _todo(asker: Asker, case: Case, chore: Chore, work: Work) -> Todo | None:
    """The matter at a place, unless it is not this person's."""
    refusal = admission(case)
    if refusal is not None and refusal.reason not in chore.waits:
        return None
    is_early = chore.after_collecting and asker.is_collecting(case)
    stage = Stage.EARLY if is_early else Stage.READY
    return _made(asker, case, work, Stage.WAITING if refusal else stage, refusal)


def _made(asker: Asker, case: Case, work: Work, stage: Stage, refusal: Refusal) -> Todo:
    due = work.due or _due(asker, case)
    return Todo(
        case.step.type,
        case.place,
        due,
        working_days_left(asker.day, due, asker.calendar) if due else 0,
        due is not None and due < asker.day,
        stage,
        refusal.reason if refusal else None,
        work.done,
        work.total,
        work.units,
        work.tasks,
        work.topic,
        work.look,
    )


def _due(asker: Asker, case: Case) -> date | None:
    year = asker.picture.find(Assessment, case.place.assessment)
    return due_of(year, case.step.due) if year and case.step.due else None


def _near_places(asker: Asker, step: Step) -> Iterator[Place]:
    """Places of a step that could be this person's: those of one's own unit or section.

    Only to be quick: `admission` decides.
    """
    houses = {seat.value[1] for seat in step.by if isinstance(seat.value[0], Role)}
    is_open = House.ANY in houses or any(not isinstance(one.value[0], Role) for one in step.by)
    near = asker.near_indicators
    for place in step.ground.places(asker.picture, asker.person):
        if (
            is_open
            or place.unit in asker.units
            or (place.assessment, place.indicator) in near
            or not place.indicator
        ):
            yield place
