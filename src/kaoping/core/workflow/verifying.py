"""Rules and effects of verifying on site: need, draws, teams, findings, opinions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Role
from kaoping.core.acts.verifying import VerificationMode
from kaoping.core.workflow.drawing import FINISHED, drawn_units, inspectors, unsigned
from kaoping.core.workflow.questions import (
    assessed_tasks,
    holds_office,
    indicator_duty,
    ledger_of,
    must_step_aside,
    same_human,
    valid,
    visit_digest,
)
from kaoping.core.workflow.reasons import Reason, Refusal, StepRefused
from kaoping.core.workflow.things import (
    Assessment,
    Draw,
    Signature,
    Standing,
    Verification,
    Visit,
)

if TYPE_CHECKING:
    from kaoping.core.workflow.case import Case, Place
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Thing

SMALLEST_TEAM = 2


# --- the need -------------------------------------------------------------------------------------


def decide_verification(case: Case) -> tuple[Thing, ...]:
    """核验决定."""
    place, one = case.place, case.content
    assessment = case.state.get(Assessment, place.assessment)
    found = Verification(
        case.subject,
        assessment.id,
        place.indicator,
        one.needed,
        one.mode,
        one.units,
        case.act_id,
    )
    known = {**assessment.verifications, place.indicator: found.id}
    return found, replace(assessment, verifications=known)


def decided_last(case: Case) -> str:
    """The act that decided about the verification last; none for the first time."""
    found = case.state.find(Verification, case.place.thing)
    return found.act if found else ""


def nothing_begun(case: Case) -> Refusal:
    """A decision is corrected only as long as nothing rests on it."""
    found = case.state.find(Verification, case.place.thing)
    has_begun = found is not None and (
        found.unit_draw or found.inspector_draw or found.appointed or found.visits
    )
    return StepRefused(Reason.VERIFICATION_BEGUN) if has_begun else None


def mode_fits(case: Case) -> Refusal:
    """A needed verification has a mode; only a targeted one names the units, all of them assessed."""
    one = case.content
    duty = indicator_duty(case.state, case.place.assessment, case.place.indicator)
    fits = (
        one.needed == (one.mode is not None)
        and bool(one.units) == (one.mode is VerificationMode.TARGETED)
        and len(set(one.units)) == len(one.units)
        and duty is not None
        and set(one.units) <= set(duty.assessed_units)
    )
    return None if fits else StepRefused(Reason.VERIFICATION_MODE)


def is_needed(case: Case) -> Refusal:
    """Verification was decided to be needed."""
    identity = case.place.parent or case.place.thing
    found = case.state.get(Verification, identity)
    return None if found.needed else StepRefused(Reason.VERIFICATION_MODE)


# --- visits ---------------------------------------------------------------------------------------


def units_to_visit(state: State, found: Verification) -> set[str]:
    """Which units a verification visits: those of its mode that are assessed on anything still.

    In a random one none before the draw.
    """
    return {
        unit
        for unit in _units_of_mode(state, found)
        if assessed_tasks(state, found.assessment, found.indicator, unit)
    }


def _units_of_mode(state: State, found: Verification) -> set[str]:
    if found.mode is VerificationMode.TARGETED:
        return set(found.units)
    if found.mode is VerificationMode.FULL:
        duty = indicator_duty(state, found.assessment, found.indicator)
        return set(duty.assessed_units) if duty else set()
    one = _unit_draw(state, found)
    return {*drawn_units(one), *(must.id for must in one.content.plan.must_check)} if one else set()


def _unit_draw(state: State, found: Verification) -> Draw | None:
    one = state.find(Draw, found.unit_draw)
    return one if one is not None and one.standing is Standing.DRAWN else None


def verification_finished(state: State, place: Place) -> bool:
    """Whether verification of an indicator was decided, and all its visits are dealt with."""
    assessment = state.get(Assessment, place.assessment)
    found = state.find(Verification, assessment.verifications.get(place.indicator))
    if found is None or not found.needed:
        return found is not None
    if found.mode is VerificationMode.RANDOM and _unit_draw(state, found) is None:
        return False
    visits = {unit: state.get(Visit, visit) for unit, visit in found.visits.items()}
    return all(
        unit in visits and visits[unit].standing in FINISHED
        for unit in units_to_visit(state, found)
    )


def form_team(case: Case) -> tuple[Thing, ...]:
    """核验工作组组成."""
    place, found = case.place, case.parent(Verification)
    members = case.content.members
    visit = Visit(case.subject, place.assessment, place.indicator, found.id, place.unit, members)
    return visit, replace(found, visits={**found.visits, place.unit: visit.id})


def unit_is_due(case: Case) -> Refusal:
    """The unit is to be visited, and nobody has formed a team for it yet."""
    found = case.parent(Verification)
    unit = case.place.unit
    is_due = unit in units_to_visit(case.state, found) and unit not in found.visits
    return None if is_due else StepRefused(Reason.NOT_TO_VISIT)


def team_possible(case: Case) -> Refusal:
    """Two human beings at least, drawn or appointed, none of whom must step aside."""
    state, members = case.state, case.content.members
    found = state.find(Verification, case.place.parent)
    found = found or state.get(Verification, case.thing(Visit).verification)
    is_possible = (
        len(members) >= SMALLEST_TEAM
        and set(members) <= inspectors(state, found)
        and not any(
            must_step_aside(state, member, case.place.unit) or holds_office(state, member)
            for member in members
        )
        and not any(
            same_human(state, member, other)
            for number, member in enumerate(members)
            for other in members[number + 1 :]
        )
    )
    return None if is_possible else StepRefused(Reason.TEAM)


def change_team(case: Case) -> tuple[Thing, ...]:
    """核验工作组调整; where nobody stays, the new team finds for itself."""
    visit, members = case.thing(Visit), case.content.members
    gone = {*visit.former, *visit.members} - {*members}
    findings = visit.findings if {*visit.members} & {*members} else ()
    changed = replace(visit, members=members, former=tuple(sorted(gone)), findings=findings)
    return (unsigned(changed),)


def another_team(case: Case) -> Refusal:
    """The team is not the one that there is."""
    is_same = set(case.content.members) == set(case.thing(Visit).members)
    return StepRefused(Reason.TEAM) if is_same else None


def not_replaced(case: Case) -> Refusal:
    """Whoever was replaced as unable to come does nothing more, until the team is changed, too."""
    found = case.state.get(Verification, case.thing(Visit).verification)
    return StepRefused(Reason.TEAM) if case.actor in found.replaced else None


def record_finding(case: Case) -> tuple[Thing, ...]:
    """核验发现; the team signs anew after it."""
    visit = unsigned(case.thing(Visit))
    findings = (*visit.findings, (case.act_id, case.content))
    return (replace(visit, findings=findings, standing=Standing.INSPECTED),)


def values_fit(case: Case) -> Refusal:
    """The reported value is one that was reported, and the difference is that of the two values."""
    one, place = case.content, case.place
    ledger = ledger_of(case.state, place.assessment, place.unit)
    reported = ledger.reported.get((one.task, one.input), ())
    if one.reported is None:
        fits = not reported and one.difference is None
    else:
        fits = one.reported in reported and one.difference == one.verified - one.reported
    return None if fits else StepRefused(Reason.FINDING)


def sign_opinion(case: Case) -> tuple[Thing, ...]:
    """核验意见签字."""
    visit, one = case.thing(Visit), case.content
    signature = Signature(Role.INSPECTOR, case.actor, case.act_id, one.visit_digest)
    return (
        replace(
            visit,
            opinion=one.opinion,
            signatures=(*visit.signatures, signature),
            standing=Standing.OPINION_SIGNED,
        ),
    )


def not_signed_yet(case: Case) -> Refusal:
    """Each member signs once."""
    signers = {one.person for one in valid(case.thing(Visit).signatures)}
    return StepRefused(Reason.SIGNED_ALREADY) if case.actor in signers else None


def same_opinion(case: Case) -> Refusal:
    """All members sign one text."""
    opinion = case.thing(Visit).opinion
    is_same = opinion in ("", case.content.opinion)
    return None if is_same else StepRefused(Reason.OTHER_OPINION)


def present_findings(case: Case) -> Refusal:
    """What is signed, adopted or declined rests on the present findings."""
    is_present = case.content.visit_digest == visit_digest(case.thing(Visit))
    return None if is_present else StepRefused(Reason.OTHER_CONTENT)


def team_has_signed(case: Case) -> Refusal:
    """Every member of the team has signed."""
    visit = case.thing(Visit)
    signers = {one.person for one in valid(visit.signatures)}
    return None if set(visit.members) <= signers else StepRefused(Reason.TEAM_UNSIGNED)


def not_of_the_team(case: Case) -> Refusal:
    """Nobody decides about an opinion of his own: who answers never was in the team."""
    visit = case.thing(Visit)
    is_own = any(
        same_human(case.state, case.actor, member) for member in (*visit.members, *visit.former)
    )
    return StepRefused(Reason.OWN_OPINION) if is_own else None


def answer_opinion(case: Case) -> tuple[Thing, ...]:
    """核验意见采纳或不采纳."""
    return (replace(case.thing(Visit), standing=case.step.after[0]),)
