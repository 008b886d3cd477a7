"""Rules and effects of verifying on site: need, draws, teams, findings, opinions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Role
from kaoping.core.acts.verifying import Drawn, VerificationMode
from kaoping.core.draw.plans import changed_population, plan_faults
from kaoping.core.draw.rolling import draw
from kaoping.core.workflow.questions import (
    duties_on,
    holders,
    indicator_duty,
    is_of_assessed_unit,
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
    Witnessed,
)

if TYPE_CHECKING:
    from kaoping.core.draw.records import DrawPlan
    from kaoping.core.workflow.case import Case, Place
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Thing

SMALLEST_TEAM = 2
_WATCHERS = 2
FEWEST_DIGITS = 6
"""With fewer, a plan could be tried out on every outcome before it is made known."""
_FINISHED = (Standing.ADOPTED, Standing.DECLINED)


# --- the need -------------------------------------------------------------------------------------


def decide_verification(case: Case) -> tuple[Thing, ...]:
    """核验决定."""
    place, one = case.place, case.content
    assessment = case.state.get(Assessment, place.assessment)
    found = Verification(
        case.subject, assessment.id, place.indicator, one.needed, one.mode, one.units
    )
    known = {**assessment.verifications, place.indicator: found.id}
    return found, replace(assessment, verifications=known)


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


# --- inspectors -----------------------------------------------------------------------------------


def appoint_inspector(case: Case) -> tuple[Thing, ...]:
    """核验人员指定; where they were drawn, in place of one who cannot come."""
    found, one = case.thing(Verification), case.content
    gone = (one.in_place_of,) if one.in_place_of else ()
    return (
        replace(
            found,
            appointed=(*found.appointed, one.person),
            replaced=(*found.replaced, *gone),
        ),
    )


def some_inspector_due(case: Case) -> Refusal:
    """Inspectors are not drawn, or one who was drawn could be replaced."""
    found = case.thing(Verification)
    is_open = not found.inspector_draw or inspectors(case.state, found)
    return None if is_open else StepRefused(Reason.INSPECTORS)


def appointed_or_drawn(case: Case) -> Refusal:
    """Nobody is appointed beside a draw, but only in place of who cannot come: the reserve first."""
    found, one = case.thing(Verification), case.content
    if not found.inspector_draw:
        return None if one.in_place_of is None else StepRefused(Reason.INSPECTORS)
    present = inspectors(case.state, found)
    fits = (
        one.in_place_of in present
        and one.person not in (*present, *found.replaced)
        and one.person == (_next_in_reserve(case.state, found, one.in_place_of) or one.person)
    )
    return None if fits else StepRefused(Reason.INSPECTORS)


def inspectors(state: State, found: Verification) -> set[str]:
    """Who may be in a team: who was drawn or appointed, and not replaced."""
    one = state.find(Draw, found.inspector_draw)
    drawn = drawn_units(one) if one else ()
    return {*found.appointed, *drawn} - {*found.replaced}


def _next_in_reserve(state: State, found: Verification, replaced: str) -> str | None:
    """Who moves up for an inspector of a draw: the first of his stratum's reserve who is left."""
    known = {*found.appointed, *found.replaced}
    for result in state.get(Draw, found.inspector_draw).results:
        reserve = [ticket.id for ticket in result.reserve]
        if replaced in (*(ticket.id for ticket in result.sample), *reserve):
            return next((identity for identity in reserve if identity not in known), None)
    return None


# --- draws ----------------------------------------------------------------------------------------


def plan_draw(case: Case) -> tuple[Thing, ...]:
    """抽查方案."""
    place, one = case.place, case.content
    found = case.parent(Verification)
    if one.drawn is Drawn.UNITS:
        found = replace(found, unit_draw=case.subject)
    else:
        found = replace(found, inspector_draw=case.subject)
    return Draw(case.subject, place.assessment, place.indicator, one, case.actor), found


def some_draw_open(case: Case) -> Refusal:
    """Units or inspectors are still to be drawn."""
    found = case.parent(Verification)
    is_open = _may_draw(found, Drawn.UNITS) or _may_draw(found, Drawn.INSPECTORS)
    return None if is_open else StepRefused(Reason.DRAW_SECOND)


def not_drawn_yet(case: Case) -> Refusal:
    """There is one draw of units for a verification, and one of inspectors; nobody draws twice."""
    is_open = _may_draw(case.parent(Verification), case.content.drawn)
    return None if is_open else StepRefused(Reason.DRAW_SECOND)


def _may_draw(found: Verification, drawn: Drawn) -> bool:
    if drawn is Drawn.INSPECTORS:  # they are drawn or appointed, not both
        return not (found.inspector_draw or found.appointed)
    return found.mode is VerificationMode.RANDOM and not found.unit_draw


def plan_sound(case: Case) -> Refusal:
    """The plan keeps the rules of a draw and is made before the digits are rolled."""
    plan: DrawPlan = case.content.plan
    fault = next(iter(plan_faults(plan)), None) or changed_population(plan)
    if fault is not None:
        return StepRefused(Reason.DRAW_PLAN, f"{fault[0]}；{fault[1]}")
    if plan.digit_count < FEWEST_DIGITS:
        said = f"至少 {FEWEST_DIGITS} 位数字；{FEWEST_DIGITS} digits at least"
        return StepRefused(Reason.DRAW_PLAN, said)
    is_early = case.content.roll_at >= case.at
    return None if is_early else StepRefused(Reason.DRAW_PLAN)


def nobody_left_out(case: Case) -> Refusal:
    """Population and must-check list together are all who could be drawn, and nobody else."""
    plan: DrawPlan = case.content.plan
    listed = {one for stratum in plan.strata for one in stratum.population}
    listed |= {one.id for one in plan.must_check}
    if case.content.drawn is Drawn.UNITS:
        duty = indicator_duty(case.state, case.place.assessment, case.place.indicator)
        due = set(duty.assessed_units) if duty else set()
    else:
        due = holders(case.state, Role.INSPECTOR, case.day, "", case.place.indicator)
    return None if listed == due else StepRefused(Reason.DRAW_POPULATION)


def witness_digits(case: Case) -> tuple[Thing, ...]:
    """抽签见证."""
    one = case.thing(Draw)
    seen = Witnessed(case.act_id, case.content.digits)
    return (replace(one, witnessed={**one.witnessed, case.actor: seen}),)


def witnessed_last(case: Case) -> str:
    """The act by which the same person entered digits before; none for the first time."""
    seen = case.thing(Draw).witnessed.get(case.actor)
    return seen.act if seen else ""


def digits_as_planned(case: Case) -> Refusal:
    """There are as many digits as the plan says."""
    is_count = len(case.content.digits) == case.thing(Draw).content.plan.digit_count
    return None if is_count else StepRefused(Reason.DRAW_RESULT)


def record_digits(case: Case) -> tuple[Thing, ...]:
    """抽签数字及结果."""
    return (replace(case.thing(Draw), results=case.content.results, standing=Standing.DRAWN),)


def time_has_come(case: Case) -> Refusal:
    """Digits are not rolled before the time that the plan announced."""
    is_early = case.at < case.thing(Draw).content.roll_at
    return StepRefused(Reason.DRAW_EARLY) if is_early else None


def result_follows(case: Case) -> Refusal:
    """The result is what plan and digits give, ticket for ticket."""
    plan, one = case.thing(Draw).content.plan, case.content
    follows = len(one.digits) == plan.digit_count and one.results == draw(plan, one.digits)
    return None if follows else StepRefused(Reason.DRAW_RESULT)


def two_have_witnessed(case: Case) -> Refusal:
    """Two who watched have entered the same digits."""
    seen = [one.digits for one in case.thing(Draw).witnessed.values()]
    is_seen = any(seen.count(digits) >= _WATCHERS for digits in seen)
    return None if is_seen else StepRefused(Reason.DRAW_UNWITNESSED)


def witnessed_alike(case: Case) -> Refusal:
    """The digits are those that supervisor and representative have entered themselves."""
    one, witnessed = case.content, case.thing(Draw).witnessed
    seen = [witnessed.get(person) for person in (one.supervisor, one.representative)]
    is_alike = all(what is not None and what.digits == one.digits for what in seen)
    return None if is_alike else StepRefused(Reason.DRAW_UNWITNESSED)


def watched_by_two(case: Case) -> Refusal:
    """A supervisor and a representative of the assessed units watch, and neither of them rolls."""
    state, one = case.state, case.content
    watchers = (one.supervisor, one.representative)
    is_apart = not (
        same_human(state, *watchers)
        or any(same_human(state, case.actor, watcher) for watcher in watchers)
    )
    roles = {duty.role for duty in duties_on(state, one.supervisor, case.day)}
    represents = is_of_assessed_unit(state, one.representative, case.place.assessment)
    if is_apart and Role.SUPERVISOR in roles and represents:
        return None
    return StepRefused(Reason.DRAW_WATCHERS)


def exempt(case: Case) -> tuple[Thing, ...]:
    """抽中免查."""
    return (_without(case.thing(Draw), case.content.unit),)


def is_draw_of_units(case: Case) -> Refusal:
    """Units are exempted; an inspector who cannot come is replaced by appointing another."""
    is_of_units = case.thing(Draw).content.drawn is Drawn.UNITS
    return None if is_of_units else StepRefused(Reason.NOT_DRAWN)


def some_may_be_exempted(case: Case) -> Refusal:
    """A drawn unit is still to be visited, and one may decide about it."""
    due = _may_be_left_out(case)
    is_left = any(not must_step_aside(case.state, case.actor, unit) for unit in due)
    return None if is_left else StepRefused(Reason.NOT_DRAWN)


def may_be_exempted(case: Case) -> Refusal:
    """The unit was drawn and is still to be visited, and it is not the last one of its stratum."""
    if case.content.unit not in _drawn_and_unvisited(case):
        return StepRefused(Reason.NOT_DRAWN)
    is_possible = case.content.unit in _may_be_left_out(case)
    return None if is_possible else StepRefused(Reason.NOBODY_LEFT)


def not_planner(case: Case) -> Refusal:
    """Whoever planned the draw exempts nobody from it."""
    is_same = same_human(case.state, case.actor, case.thing(Draw).planned_by)
    return StepRefused(Reason.DRAW_PLANNER) if is_same else None


def _drawn_and_unvisited(case: Case) -> set[str]:
    one = case.thing(Draw)
    found = case.state.get(Verification, one.content.verification)
    return set(drawn_units(one)) - found.visits.keys()


def _may_be_left_out(case: Case) -> set[str]:
    """Drawn and unvisited units without which somebody is still drawn in every stratum."""
    one = case.thing(Draw)
    filled = [bool(left) for left in _drawn_by_stratum(one)]
    return {
        unit
        for unit in _drawn_and_unvisited(case)
        if filled == [bool(left) for left in _drawn_by_stratum(_without(one, unit))]
    }


def _without(one: Draw, unit: str) -> Draw:
    return replace(one, exempted=(*one.exempted, unit))


def drawn_units(one: Draw) -> list[str]:
    """Who was drawn and not exempted; for each exempted one the next of the reserve moves up."""
    return [identity for left in _drawn_by_stratum(one) for identity in left]


def _drawn_by_stratum(one: Draw) -> list[list[str]]:
    due: list[list[str]] = []
    for result in one.results:
        in_order = [ticket.id for ticket in (*result.sample, *result.reserve)]
        left = [identity for identity in in_order if identity not in one.exempted]
        due.append(left[: len(result.sample)])
    return due


# --- visits ---------------------------------------------------------------------------------------


def units_to_visit(state: State, found: Verification) -> set[str]:
    """Which units a verification visits; in a random one none before the draw."""
    if found.mode is VerificationMode.TARGETED:
        return set(found.units)
    if found.mode is VerificationMode.FULL:
        duty = indicator_duty(state, found.assessment, found.indicator)
        return set(duty.assessed_units) if duty else set()
    one = state.find(Draw, found.unit_draw)
    if one is None or one.standing is not Standing.DRAWN:
        return set()
    return set(drawn_units(one)) | {must.id for must in one.content.plan.must_check}


def verification_finished(state: State, place: Place) -> bool:
    """Whether verification of an indicator was decided, and all its visits are dealt with."""
    assessment = state.get(Assessment, place.assessment)
    found = state.find(Verification, assessment.verifications.get(place.indicator))
    if found is None or not found.needed:
        return found is not None
    visits = {unit: state.get(Visit, visit) for unit, visit in found.visits.items()}
    due = units_to_visit(state, found)
    return (
        bool(due)
        and due <= visits.keys()
        and all(visit.standing in _FINISHED for visit in visits.values())
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
        and not any(must_step_aside(state, member, case.place.unit) for member in members)
        and not any(
            same_human(state, member, other)
            for number, member in enumerate(members)
            for other in members[number + 1 :]
        )
    )
    return None if is_possible else StepRefused(Reason.TEAM)


def change_team(case: Case) -> tuple[Thing, ...]:
    """核验工作组调整."""
    visit, members = case.thing(Visit), case.content.members
    gone = {*visit.former, *visit.members} - {*members}
    standing = Standing.INSPECTED if visit.findings else Standing.TEAM_FORMED
    changed = replace(_unsigned(visit), members=members, former=tuple(sorted(gone)))
    return (replace(changed, standing=standing),)


def another_team(case: Case) -> Refusal:
    """The team is not the one that there is."""
    is_same = set(case.content.members) == set(case.thing(Visit).members)
    return StepRefused(Reason.TEAM) if is_same else None


def _unsigned(visit: Visit) -> Visit:
    """A visit whose team signs anew: the signatures stay visible and are void."""
    voided = tuple(replace(one, is_void=True) for one in visit.signatures)
    return replace(visit, opinion="", signatures=voided)


def record_finding(case: Case) -> tuple[Thing, ...]:
    """核验发现; the team signs anew after it."""
    visit = _unsigned(case.thing(Visit))
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
