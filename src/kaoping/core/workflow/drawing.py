"""Rules and effects of public draws (公开抽签): plans, digits, exemptions; and who inspects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Role
from kaoping.core.acts.verifying import Drawn, VerificationMode
from kaoping.core.draw.plans import changed_population, plan_faults
from kaoping.core.draw.rolling import draw
from kaoping.core.errors import TamperError
from kaoping.core.journal import parse_checkpoint
from kaoping.core.note import divided
from kaoping.core.workflow.questions import (
    duties_on,
    holders,
    holds_office,
    indicator_duty,
    is_of_assessed_unit,
    must_step_aside,
    same_human,
)
from kaoping.core.workflow.reasons import Reason, Refusal, StepRefused
from kaoping.core.workflow.things import Draw, Standing, Verification, Visit, Witnessed

if TYPE_CHECKING:
    from kaoping.core.draw.records import DrawPlan
    from kaoping.core.workflow.case import Case
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Thing

FEWEST_DIGITS = 6
"""With fewer, a plan could be tried out on every outcome before it is made known."""
_WATCHERS = 2
FINISHED = (Standing.ADOPTED, Standing.DECLINED)
"""States of a visit that was answered."""


def unsigned(visit: Visit) -> Visit:
    """A visit whose team signs anew: the signatures stay visible and are void."""
    voided = tuple(replace(one, is_void=True) for one in visit.signatures)
    standing = Standing.INSPECTED if visit.findings else Standing.TEAM_FORMED
    return replace(visit, opinion="", signatures=voided, standing=standing)


# --- inspectors -----------------------------------------------------------------------------------


def appoint_inspector(case: Case) -> tuple[Thing, ...]:
    """核验人员指定; where they were drawn, in place of one who cannot come."""
    found, one = case.thing(Verification), case.content
    found = replace(found, appointed=(*found.appointed, one.person))
    if one.in_place_of is None:
        return (found,)
    visits = (case.state.get(Visit, visit) for visit in found.visits.values())
    signed = (
        unsigned(visit)
        for visit in visits
        if one.in_place_of in visit.members and visit.standing not in FINISHED
    )
    return replace(found, replaced=(*found.replaced, one.in_place_of)), *signed


def some_inspector_due(case: Case) -> Refusal:
    """Inspectors are not drawn, or one who was drawn could be replaced."""
    found = case.thing(Verification)
    is_open = not found.inspector_draw or inspectors(case.state, found)
    return None if is_open else StepRefused(Reason.INSPECTORS)


def not_planner_of_inspectors(case: Case) -> Refusal:
    """Whoever planned the draw of inspectors puts nobody in the place of one who was drawn."""
    one = case.state.find(Draw, case.thing(Verification).inspector_draw)
    is_same = one is not None and same_human(case.state, case.actor, one.planned_by)
    return StepRefused(Reason.DRAW_PLANNER) if is_same else None


def no_administrator_appointed(case: Case) -> Refusal:
    """三员分立: an administrator inspects nothing."""
    is_one = holds_office(case.state, case.content.person)
    return StepRefused(Reason.ADMIN_AND_DUTY) if is_one else None


def appointed_or_drawn(case: Case) -> Refusal:
    """Nobody is appointed beside a draw, but only in place of who cannot come: the reserve first."""
    state, found, one = case.state, case.thing(Verification), case.content
    if not found.inspector_draw:
        return None if one.in_place_of is None else StepRefused(Reason.INSPECTORS)
    present = inspectors(state, found)
    following = _next_in_reserve(state, found, one.in_place_of)
    roster = holders(state, Role.INSPECTOR, case.day, "", found.indicator)
    fits = (
        one.in_place_of in present
        and one.person not in (*present, *found.replaced)
        and (one.person == following if following else one.person in roster)
    )
    return None if fits else StepRefused(Reason.INSPECTORS)


def inspectors(state: State, found: Verification) -> set[str]:
    """Who may be in a team: who was drawn or appointed, and not replaced."""
    one = state.find(Draw, found.inspector_draw)
    drawn = drawn_units(one) if one else ()
    return {*found.appointed, *drawn} - {*found.replaced}


def _next_in_reserve(state: State, found: Verification, replaced: str) -> str | None:
    """Who moves up for an inspector: the first left in the reserve of his stratum, then of the others."""
    known = {*found.appointed, *found.replaced}
    results = state.get(Draw, found.inspector_draw).results
    in_order = sorted(
        results,
        key=lambda one: replaced not in {ticket.id for ticket in (*one.sample, *one.reserve)},
    )
    reserve = (ticket.id for result in in_order for ticket in result.reserve)
    return next((identity for identity in reserve if identity not in known), None)


# --- draws ----------------------------------------------------------------------------------------


def plan_draw(case: Case) -> tuple[Thing, ...]:
    """抽查方案."""
    place, one = case.place, case.content
    found = case.parent(Verification)
    if one.drawn is Drawn.UNITS:
        found = replace(found, unit_draw=case.subject)
    else:
        found = replace(found, inspector_draw=case.subject)
    plan = Draw(case.subject, place.assessment, place.indicator, one, case.actor, case.state.size)
    return plan, found


def withdraw_plan(case: Case) -> tuple[Thing, ...]:
    """抽查方案撤回: another may be made."""
    one = case.thing(Draw)
    found = case.state.get(Verification, one.content.verification)
    if one.content.drawn is Drawn.UNITS:
        found = replace(found, unit_draw="")
    else:
        found = replace(found, inspector_draw="")
    return replace(one, standing=Standing.WITHDRAWN), found


def time_is_ahead(case: Case) -> Refusal:
    """A plan stands from the time on that was announced for the rolling."""
    is_ahead = case.at < case.thing(Draw).content.roll_at
    return None if is_ahead else StepRefused(Reason.DRAW_SECOND)


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
    """Population and must-check list together are all who could be drawn, and nobody else.

    Inspectors are drawn from their whole roster: there is none who must be passed over.
    """
    plan: DrawPlan = case.content.plan
    listed = {one for stratum in plan.strata for one in stratum.population}
    if case.content.drawn is Drawn.UNITS:
        listed |= {one.id for one in plan.must_check}
        duty = indicator_duty(case.state, case.place.assessment, case.place.indicator)
        due = set(duty.assessed_units) if duty else set()
    else:
        due = holders(case.state, Role.INSPECTOR, case.day, "", case.place.indicator)
    return None if listed == due else StepRefused(Reason.DRAW_POPULATION)


def witness_digits(case: Case) -> tuple[Thing, ...]:
    """抽签见证."""
    one = case.thing(Draw)
    roles = {duty.role for duty in duties_on(case.state, case.actor, case.day)}
    seen = Witnessed(
        case.act_id,
        case.content.digits,
        is_supervisor=Role.SUPERVISOR in roles,
        is_representative=is_of_assessed_unit(case.state, case.actor, one.assessment),
    )
    return (replace(one, witnessed={**one.witnessed, case.actor: seen}),)


def witnessed_last(case: Case) -> str:
    """The act by which the same person entered digits before; none for the first time."""
    seen = case.thing(Draw).witnessed.get(case.actor)
    return seen.act if seen else ""


def plan_is_sealed(case: Case) -> Refusal:
    """The checkpoint that is named covers the plan, and was there before this act."""
    try:
        size = parse_checkpoint(divided(case.content.sealed)[0]).size
    except TamperError:
        return StepRefused(Reason.DRAW_UNSEALED)
    is_sealed = case.thing(Draw).planned_at < size <= case.state.size
    return None if is_sealed else StepRefused(Reason.DRAW_UNSEALED)


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
    """A supervisor and a representative of the assessed units watched, and neither of them rolls."""
    state, one, witnessed = case.state, case.content, case.thing(Draw).witnessed
    watchers = (one.supervisor, one.representative)
    is_apart = not (
        same_human(state, *watchers)
        or any(same_human(state, case.actor, watcher) for watcher in watchers)
    )
    supervisor, representative = (witnessed.get(watcher) for watcher in watchers)
    as_whom = (supervisor is None or supervisor.is_supervisor) and (
        representative is None or representative.is_representative
    )
    return None if is_apart and as_whom else StepRefused(Reason.DRAW_WATCHERS)


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
