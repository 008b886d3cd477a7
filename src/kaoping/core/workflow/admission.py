"""What must hold for every step alike: who acts, being apart, the state, the year, the deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Office, Role
from kaoping.core.workflow.case import House, Phase, Recusal, Seat
from kaoping.core.workflow.places import standing_at
from kaoping.core.workflow.questions import (
    coordinating_section,
    duties_on,
    founding,
    holds_office,
    indicator_duty,
    is_of_assessed_unit,
    must_step_aside,
    offices,
    owners_in,
)
from kaoping.core.workflow.reasons import Reason, Refusal, StepRefused
from kaoping.core.workflow.setting_up import late_by, refuses_late
from kaoping.core.workflow.things import Assessment, Person, Standing, Visit

if TYPE_CHECKING:
    from datetime import date

    from kaoping.core.workflow.case import Case, Step
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Duty


_REPORTING = (Seat.LIAISON, Seat.OWNER_LIAISON, Seat.OWNER_HANDLER)
"""Who reports what is so, and judges nobody."""


def admission(case: Case) -> Refusal:
    """Whether this person may do this step at this place now, whatever the act will say."""
    general = (
        who_acts,
        no_administrator,
        apart,
        state_fits,
        assessment_is_open,
        in_time,
        *case.step.rules,
    )
    return next((refusal for rule in general if (refusal := rule(case))), None)


# --- who ------------------------------------------------------------------------------------------


def who_acts(case: Case) -> Refusal:
    """The one who acts sits in one of the seats of the step."""
    if any(_sits(case, seat) for seat in case.step.by):
        return None
    is_known = case.state.find(Person, case.actor) is not None
    return StepRefused(Reason.NO_ROLE if is_known else Reason.UNKNOWN_PERSON)


def no_administrator(case: Case) -> Refusal:
    """三员分立: administrators have no part in the business, by whatever seat (P34)."""
    if case.step.phase in (Phase.SET_UP, Phase.JOURNAL):
        return None
    is_one = holds_office(case.state, case.actor)
    return StepRefused(Reason.ADMIN_AND_DUTY) if is_one else None


def in_question(state: State, step: Step, person: str, day: date) -> bool:
    """Whether a person holds any role or office that a step asks for, wherever: a quick first look."""
    held = {duty.role for duty in duties_on(state, person, day)}
    held_offices = {one.office for one in offices(state, person)}
    return any(
        not isinstance(seat.value[0], Role | Office) or seat.value[0] in (held | held_offices)
        for seat in step.by
    )


def _sits(case: Case, seat: Seat) -> bool:
    state = case.state
    match seat.value:
        case (Role() as role, House() as house):
            duties = duties_on(state, case.actor, case.day)
            return any(duty.role is role and _fits(case, house, duty) for duty in duties)
        case (Office() as office,):
            return any(held.office is office for held in offices(state, case.actor))
        case _:
            return _sits_otherwise(case, seat)


def _sits_otherwise(case: Case, seat: Seat) -> bool:
    """A seat that needs neither duty nor office."""
    state = case.state
    is_person = state.find(Person, case.actor) is not None
    match seat:
        case Seat.TEAM:
            return case.actor in case.thing(Visit).members
        case Seat.REPRESENTATIVE:
            return is_of_assessed_unit(state, case.actor, case.place.assessment)
        case Seat.ANYBODY:
            return is_person
        case Seat.FOUNDER:
            return is_person and not founding(state).is_over
        case Seat.NEWCOMER:
            return not is_person and not founding(state).is_over
        case _:
            return not is_person


def _fits(case: Case, house: House, duty: Duty) -> bool:
    """Whether a duty is held in the house that the step asks for, and covers its indicator."""
    place = case.place
    if duty.indicator not in (None, place.indicator):
        return False
    one = indicator_duty(case.state, place.assessment, place.indicator)
    match house:
        case House.UNIT:
            return duty.unit == place.unit
        case House.SECTION:
            return one is not None and duty.section == one.responsible_section
        case House.COOPERATING:
            return one is not None and duty.section in one.cooperating_sections
        case House.COORDINATING:
            return duty.section == coordinating_section(case.state, place)
        case House.OWNER:
            owners = owners_in(case.state, place.assessment, place.indicator)
            return (duty.unit or duty.section) in owners
        case House.ANY:
            return True


# --- being apart ----------------------------------------------------------------------------------


def apart(case: Case) -> Refusal:
    """回避: nobody scores, verifies or decides on a unit that is too near."""
    recusal = case.step.recusal
    is_own = recusal is Recusal.OTHERS_UNIT and any(_sits(case, seat) for seat in _REPORTING)
    if recusal is Recusal.NONE or is_own:
        return None
    near = [unit for unit in _units(case) if must_step_aside(case.state, case.actor, unit)]
    if recusal is Recusal.NAMED and case.act is None:
        return StepRefused(Reason.RECUSAL) if near and near == _units(case) else None
    return StepRefused(Reason.RECUSAL) if near else None


def _units(case: Case) -> list[str]:
    """The units that a step is about; those that the act names, once there is an act."""
    one = indicator_duty(case.state, case.place.assessment, case.place.indicator)
    of_sheet = list(one.assessed_units) if one else []
    match case.step.recusal:
        case Recusal.UNIT | Recusal.OTHERS_UNIT:
            return [case.place.unit]
        case Recusal.NAMED if case.act is not None:
            return _named(case)
        case _:
            return of_sheet


def _named(case: Case) -> list[str]:
    content = case.content
    if hasattr(content, "lines"):
        return [line.unit for line in content.lines]
    return list(content.units) if hasattr(content, "units") else [content.unit]


# --- when -----------------------------------------------------------------------------------------


def state_fits(case: Case) -> Refusal:
    """The thing is in a state from which the step leads on."""
    fits = standing_at(case.state, case.place) in case.step.before
    return None if fits else StepRefused(Reason.WRONG_STATE)


def assessment_is_open(case: Case) -> Refusal:
    """Nothing more is done in a year that has been filed."""
    assessment = case.state.find(Assessment, case.place.assessment)
    is_closed = assessment is not None and assessment.standing is Standing.ENDED
    return StepRefused(Reason.ASSESSMENT_CLOSED) if is_closed else None


def in_time(case: Case) -> Refusal:
    """Lateness is refused only where the scheme says so, and only for filings."""
    is_refused = late_by(case) > 0 and refuses_late(case)
    return StepRefused(Reason.LATE) if is_refused else None
