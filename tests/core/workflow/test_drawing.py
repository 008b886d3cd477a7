"""Public draws: plans, digits, exemptions; and who inspects, drawn or appointed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kaoping.core.acts.setting_up import DutyEnded, Office, Role
from kaoping.core.acts.verifying import (
    DigitsRecorded,
    DigitsWitnessed,
    DrawExempted,
    Drawn,
    DrawWithdrawn,
    InspectorAppointed,
    InterestDeclared,
    TeamChanged,
    TeamFormed,
    VerificationMode,
    VerificationOpinionAdopted,
)
from kaoping.core.draw.plans import plan_stratum
from kaoping.core.draw.records import MustCheck
from kaoping.core.draw.rolling import draw
from kaoping.core.workflow.drawing import drawn_units, inspectors
from kaoping.core.workflow.questions import valid
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.things import Draw, Verification, Visit
from kaoping.core.workflow.verifying import units_to_visit
from tests.core.workflow.stages import at_stage, refused, second_account
from tests.world_set_up import (
    DIGITS,
    SECTIONS,
    UNITS,
    liaison,
    section_head,
    uid,
)
from tests.worlds import WATCHERS

if TYPE_CHECKING:
    from tests.worlds import World

from tests.core.workflow.verifying import (
    ALL,
    ASKS_AND_APPROVES,
    FIRST,
    FOURTH,
    HANDLER,
    HEAD,
    ONE,
    PLAN,
    SECOND,
    SECTION,
    THIRD,
    VISIT,
    decided,
    drawn_one,
    found,
    planned,
    random_one,
    recorded,
    rolled,
    signed,
)

# --- draws ----------------------------------------------------------------------------------------


def test_units_are_drawn_once_and_only_for_a_random_verification():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    refused(world, Reason.DRAW_SECOND, HANDLER, uid("再抽"), planned(world))
    rolled(world)
    refused(world, Reason.DRAW_SECOND, HANDLER, uid("再抽"), planned(world))
    refused(world, Reason.WRONG_STATE, HANDLER, PLAN, recorded(world, DIGITS[::-1]))


def test_a_full_verification_draws_no_units():
    world = at_stage("undertaken")
    world.do(HEAD, ONE, decided(world, mode=VerificationMode.FULL))
    refused(world, Reason.DRAW_SECOND, HANDLER, PLAN, planned(world))
    assert units_to_visit(world.state, world.state.get(Verification, ONE)) == set(ALL)


def test_nobody_is_left_out_of_the_population():
    world = random_one(at_stage("undertaken"))
    for population in (ALL[1:], [*ALL, uid("牵头局")]):
        refused(world, Reason.DRAW_POPULATION, HANDLER, PLAN, planned(world, population=population))
    roster = [FIRST, SECOND, THIRD]
    inspectors = planned(world, Drawn.INSPECTORS, roster)
    refused(world, Reason.DRAW_POPULATION, HANDLER, PLAN, inspectors)
    must = (MustCheck(ALL[0], "上年度问题较多"),)
    world.do(HANDLER, PLAN, planned(world, population=ALL[1:], must_check=must))


def test_a_plan_keeps_the_rules_of_a_draw():
    world = random_one(at_stage("undertaken"))
    stratum = plan_stratum("全部", ALL, 2, 1)
    changed = replace(stratum, population_sha256="0" * 64)
    error = refused(world, Reason.DRAW_PLAN, HANDLER, PLAN, planned(world, strata=(changed,)))
    assert "全部" in error.zh
    unsorted = replace(stratum, population=tuple(reversed(stratum.population)))
    refused(world, Reason.DRAW_PLAN, HANDLER, PLAN, planned(world, strata=(unsorted,)))
    for count in (0, 1, 5):
        few = planned(world, digit_count=count)
        refused(world, Reason.DRAW_PLAN, HANDLER, PLAN, few)
    late = replace(planned(world), roll_at="2024-12-01T00:00:00Z")
    refused(world, Reason.DRAW_PLAN, HANDLER, PLAN, late)


def test_digits_come_after_the_plan_and_not_before_their_time():
    world = random_one(at_stage("undertaken"))
    early = DigitsRecorded(DIGITS, uid("监督员"), liaison(UNITS[0]), world.blob("照片"), ())
    refused(world, Reason.UNKNOWN_THING, HANDLER, PLAN, early)
    world.do(HANDLER, PLAN, replace(planned(world), roll_at="2025-01-09T02:00:00Z"))
    refused(world, Reason.DRAW_EARLY, uid("监督员"), PLAN, DigitsWitnessed(world.sealed(), DIGITS))
    refused(world, Reason.DRAW_EARLY, HANDLER, PLAN, recorded(world))
    world.until("2025-01-09T02:00")
    rolled(world)


def test_the_result_is_what_plan_and_digits_give():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    world.witness(PLAN, DIGITS)
    good = recorded(world)
    result = good.results[0]
    swapped = replace(result, sample=result.reserve, reserve=result.sample)
    for wrong in (
        replace(good, results=(swapped,)),
        replace(good, results=()),
    ):
        refused(world, Reason.DRAW_RESULT, HANDLER, PLAN, wrong)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"supervisor": uid("主要领导")}, Reason.DRAW_UNWITNESSED),
        ({"supervisor": uid("路人")}, Reason.DRAW_UNWITNESSED),
        ({"supervisor": liaison(UNITS[1])}, Reason.DRAW_WATCHERS),
        ({"representative": uid("监督员")}, Reason.DRAW_WATCHERS),
        ({"representative": uid("监督员二")}, Reason.DRAW_WATCHERS),
        ({"representative": section_head(SECTIONS[0])}, Reason.DRAW_UNWITNESSED),
    ],
)
def test_a_supervisor_and_a_representative_watch(change, reason):
    world = random_one(at_stage("undertaken"))
    world.staff("监督员二", Role.SUPERVISOR)
    world.do(HANDLER, PLAN, planned(world))
    world.witness(PLAN, DIGITS)
    for actor in (liaison(UNITS[1]), uid("监督员二")):
        world.do(actor, PLAN, DigitsWitnessed(world.sealed(), DIGITS))
    refused(world, reason, HANDLER, PLAN, recorded(world, **change))


def test_who_watched_as_supervisor_may_retire_before_it_is_recorded():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    world.witness(PLAN, DIGITS)
    world.do(uid("安全管理员"), uid("职责 监督员 supervisor"), DutyEnded("退休"))
    world.do(HANDLER, PLAN, recorded(world))


@pytest.mark.parametrize("sealed", ["x", "kaoping.example/2024\n0\n", "plan", "ahead"])
def test_nobody_says_digits_before_the_plan_is_sealed(sealed):
    """The checkpoint that is named has the plan in it, and is not one of the future."""
    world = random_one(at_stage("undertaken"))
    before = world.sealed()
    world.do(HANDLER, PLAN, planned(world))
    note = {"plan": before, "ahead": world.sealed().replace(str(len(world.acts)), "999")}
    content = DigitsWitnessed(note.get(sealed, sealed), DIGITS)
    refused(world, Reason.DRAW_UNSEALED, uid("监督员"), PLAN, content)


def test_no_administrator_watches_or_inspects():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    admin = uid("审计管理员丙")
    world.do(uid("系统管理员"), admin, world.person("审计管理员丙", UNITS[2]))
    world.bring_into_office("审计管理员丙", Office.AUDIT_ADMIN, *ASKS_AND_APPROVES)
    content = DigitsWitnessed(world.sealed(), DIGITS)
    refused(world, Reason.ADMIN_AND_DUTY, admin, PLAN, content)
    appointed = InspectorAppointed(uid("系统管理员"), None, "人手不足")
    refused(world, Reason.ADMIN_AND_DUTY, HEAD, ONE, appointed)


def test_a_plan_is_withdrawn_only_before_the_time_that_it_announced():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, replace(planned(world), roll_at="2025-01-09T02:00:00Z"))
    refused(world, Reason.NO_ROLE, HANDLER, PLAN, DrawWithdrawn("掷骰时间定错"))
    world.do(HEAD, PLAN, DrawWithdrawn("掷骰时间定错"))
    content = DigitsWitnessed(world.sealed(), DIGITS)
    again = uid("重新编制")
    world.do(HANDLER, again, replace(planned(world), roll_at="2025-01-09T02:00:00Z"))
    world.until("2025-01-09T02:00")
    refused(world, Reason.WRONG_STATE, uid("监督员"), PLAN, content)
    refused(world, Reason.DRAW_SECOND, HEAD, again, DrawWithdrawn("结果不合意"))


def test_each_watcher_enters_the_digits_himself_before_they_are_recorded():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    supervisor, representative = WATCHERS
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, recorded(world))
    for actor in (HANDLER, HEAD, FIRST, uid("主要领导")):
        refused(world, Reason.NO_ROLE, actor, PLAN, DigitsWitnessed(world.sealed(), DIGITS))
    refused(
        world, Reason.DRAW_RESULT, supervisor, PLAN, DigitsWitnessed(world.sealed(), DIGITS[:-1])
    )
    world.do(supervisor, PLAN, DigitsWitnessed(world.sealed(), DIGITS))
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, recorded(world))
    world.do(representative, PLAN, DigitsWitnessed(world.sealed(), DIGITS))
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, recorded(world, DIGITS[::-1]))
    other = recorded(world, representative=liaison(UNITS[1]))
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, other)
    world.do(HANDLER, PLAN, recorded(world))
    refused(world, Reason.WRONG_STATE, supervisor, PLAN, DigitsWitnessed(world.sealed(), DIGITS))


def test_a_slip_of_a_watcher_is_corrected_by_another_act_that_names_it():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    supervisor, representative = WATCHERS
    world.do(supervisor, PLAN, DigitsWitnessed(world.sealed(), DIGITS))
    slip = world.do(representative, PLAN, DigitsWitnessed(world.sealed(), DIGITS[::-1]))
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, recorded(world))
    refused(
        world, Reason.NOT_SUPERSEDING, representative, PLAN, DigitsWitnessed(world.sealed(), DIGITS)
    )
    world.do(representative, PLAN, DigitsWitnessed(world.sealed(), DIGITS), slip.id)
    world.do(HANDLER, PLAN, recorded(world))


def test_neither_watcher_is_the_one_who_rolls_or_the_other():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    double = second_account(world, "小号", f"{SECTION}经办人", Role.LIAISON, unit=UNITS[2])
    by_double = recorded(world, representative=double)
    world.do(double, PLAN, DigitsWitnessed(world.sealed(), DIGITS))
    world.witness(PLAN, DIGITS)
    refused(world, Reason.RECUSAL, HANDLER, PLAN, by_double)
    refused(world, Reason.DRAW_WATCHERS, HEAD, PLAN, recorded(world, supervisor=HEAD))
    both = second_account(world, "监督员二号", "监督员", Role.LIAISON, unit=UNITS[2])
    by_both = recorded(world, representative=both)
    world.do(both, PLAN, DigitsWitnessed(world.sealed(), DIGITS))
    refused(world, Reason.DRAW_WATCHERS, HEAD, PLAN, by_both)
    world.do(HEAD, PLAN, recorded(world))


def test_only_drawn_units_are_visited_and_an_exemption_moves_the_reserve_up():
    world = drawn_one(at_stage("undertaken"))
    one = world.state.get(Draw, PLAN)
    sample, reserve = (
        [ticket.id for ticket in tickets]
        for tickets in (one.results[0].sample, one.results[0].reserve)
    )
    undrawn = next(unit for unit in ALL if unit not in (*sample, *reserve))
    for unit in (reserve[0], undrawn):
        team = TeamFormed(ONE, unit, (FIRST, SECOND))
        refused(world, Reason.NOT_TO_VISIT, HEAD, uid("核验"), team)
        refused(world, Reason.NOT_DRAWN, HEAD, PLAN, DrawExempted(unit, "理由"))
    refused(world, Reason.NO_ROLE, HANDLER, PLAN, DrawExempted(sample[0], "理由"))
    world.do(HEAD, PLAN, DrawExempted(sample[0], "受灾停工"))
    gone = TeamFormed(ONE, sample[0], (FIRST, SECOND))
    refused(world, Reason.NOT_TO_VISIT, HEAD, uid("核验"), gone)
    refused(world, Reason.NOT_DRAWN, HEAD, PLAN, DrawExempted(sample[0], "理由"))
    assert drawn_units(world.state.get(Draw, PLAN)) == [sample[1], reserve[0]]
    world.do(HEAD, uid("核验"), TeamFormed(ONE, reserve[0], (FIRST, SECOND)))
    refused(world, Reason.NOT_DRAWN, HEAD, PLAN, DrawExempted(reserve[0], "理由"))
    again = TeamFormed(ONE, reserve[0], (FIRST, SECOND))
    refused(world, Reason.NOT_TO_VISIT, HEAD, uid("再核验"), again)


def test_somebody_is_left_to_visit_in_every_stratum():
    world = drawn_one(at_stage("undertaken"))
    for _ in range(2):
        due = drawn_units(world.state.get(Draw, PLAN))
        world.do(HEAD, PLAN, DrawExempted(due[0], "受灾停工"))
    (last,) = drawn_units(world.state.get(Draw, PLAN))
    refused(world, Reason.NOT_DRAWN, HEAD, PLAN, DrawExempted(last, "受灾停工"))


def test_a_stratum_is_not_emptied_while_another_has_units_left():
    world = random_one(at_stage("undertaken"))
    strata = (plan_stratum("县", ALL[:3], 1, 0), plan_stratum("区", ALL[3:], 2, 0))
    world.do(HANDLER, PLAN, planned(world, strata=strata))
    rolled(world)
    first, second, _ = drawn_units(world.state.get(Draw, PLAN))
    refused(world, Reason.NOBODY_LEFT, HEAD, PLAN, DrawExempted(first, "受灾停工"))
    world.do(HEAD, PLAN, DrawExempted(second, "受灾停工"))


def test_who_planned_a_draw_exempts_nobody_from_it():
    world = random_one(at_stage("undertaken"))
    world.do(HEAD, PLAN, planned(world))
    rolled(world)
    unit = drawn_units(world.state.get(Draw, PLAN))[0]
    refused(world, Reason.DRAW_PLANNER, HEAD, PLAN, DrawExempted(unit, "理由"))


def test_who_is_near_does_not_exempt():
    world = drawn_one(at_stage("undertaken"))
    unit = drawn_units(world.state.get(Draw, PLAN))[0]
    world.do(HEAD, HEAD, InterestDeclared(unit, "亲属任职"))
    refused(world, Reason.RECUSAL, HEAD, PLAN, DrawExempted(unit, "理由"))


# --- inspectors -----------------------------------------------------------------------------------


def inspectors_drawn(world: World, reserve: int = 1) -> tuple[list[str], list[str]]:
    """Two inspectors are drawn for indicator 1; who, and who is in reserve."""
    random_one(world)
    strata = (plan_stratum("全部", [FIRST, SECOND, THIRD, FOURTH], 2, reserve),)
    world.do(HANDLER, PLAN, planned(world, Drawn.INSPECTORS, strata=strata))
    rolled(world)
    (result,) = world.state.get(Draw, PLAN).results
    return [one.id for one in result.sample], [one.id for one in result.reserve]


def test_an_inspector_is_not_exempted_but_replaced():
    world = at_stage("undertaken")
    inspectors_drawn(world)
    refused(world, Reason.NOT_DRAWN, HEAD, PLAN, DrawExempted(ALL[0], "理由"))


def test_nobody_is_appointed_beside_a_draw_of_inspectors():
    world = at_stage("undertaken")
    _, (next_one,) = inspectors_drawn(world)
    for person in (next_one, uid("分管领导")):
        beside = InspectorAppointed(person, None, "熟悉业务")
        refused(world, Reason.INSPECTORS, HEAD, ONE, beside)


def test_between_plan_and_digits_nobody_is_appointed_either():
    world = random_one(at_stage("undertaken"))
    roster = [FIRST, SECOND, THIRD, FOURTH]
    world.do(HANDLER, PLAN, planned(world, Drawn.INSPECTORS, roster))
    for gone in (None, FIRST):
        content = InspectorAppointed(SECOND, gone, "熟悉业务")
        refused(world, Reason.INSPECTORS, HEAD, ONE, content)


def test_inspectors_who_were_appointed_are_not_drawn_as_well():
    world = random_one(at_stage("undertaken"))
    refused(world, Reason.INSPECTORS, HEAD, ONE, InspectorAppointed(SECOND, FIRST, "接替"))
    world.appoint("1")
    roster = [FIRST, SECOND, THIRD, FOURTH]
    content = planned(world, Drawn.INSPECTORS, roster)
    refused(world, Reason.DRAW_SECOND, HANDLER, PLAN, content)


def test_the_reserve_moves_up_in_its_order_and_then_anybody():
    world = at_stage("undertaken")
    (first, second), (third, fourth) = inspectors_drawn(world, reserve=2)
    fifth = uid("核验员戊")
    world.staff("核验员戊", Role.INSPECTOR)
    for person, gone in ((fourth, first), (fifth, first), (second, first), (third, fourth)):
        content = InspectorAppointed(person, gone, "因病")
        refused(world, Reason.INSPECTORS, HEAD, ONE, content)
    world.do(HEAD, ONE, InspectorAppointed(third, first, "因病"))
    for person, gone in ((fourth, first), (first, second)):
        content = InspectorAppointed(person, gone, "因病")
        refused(world, Reason.INSPECTORS, HEAD, ONE, content)
    world.do(HEAD, ONE, InspectorAppointed(fourth, third, "因病"))
    refused(world, Reason.INSPECTORS, HEAD, ONE, InspectorAppointed(first, fourth, "病愈"))
    for stranger in (uid("分管领导"), HANDLER, uid("系统管理员")):
        content = InspectorAppointed(stranger, fourth, "备选用完")
        reason = Reason.INSPECTORS if stranger != uid("系统管理员") else Reason.ADMIN_AND_DUTY
        refused(world, reason, HEAD, ONE, content)
    world.do(HEAD, ONE, InspectorAppointed(fifth, fourth, "备选用完"))
    assert inspectors(world.state, world.state.get(Verification, ONE)) == {second, fifth}


def test_the_reserve_of_another_stratum_moves_up_before_anybody_else():
    world = random_one(at_stage("undertaken"))
    strata = (
        plan_stratum("甲组", [FIRST], 1, 0),
        plan_stratum("乙组", [SECOND, THIRD, FOURTH], 1, 2),
    )
    world.do(HANDLER, PLAN, planned(world, Drawn.INSPECTORS, strata=strata))
    rolled(world)
    _, other = world.state.get(Draw, PLAN).results
    third, fourth = (ticket.id for ticket in other.reserve)
    refused(world, Reason.INSPECTORS, HEAD, ONE, InspectorAppointed(fourth, FIRST, "因病"))
    world.do(HEAD, ONE, InspectorAppointed(third, FIRST, "因病"))


def test_inspectors_have_no_list_of_those_who_must_be_passed_over():
    world = random_one(at_stage("undertaken"))
    must = (MustCheck(FIRST, "不想用他"),)
    content = planned(world, Drawn.INSPECTORS, [SECOND, THIRD, FOURTH], must_check=must)
    refused(world, Reason.DRAW_POPULATION, HANDLER, PLAN, content)


def test_who_planned_the_draw_of_inspectors_replaces_nobody():
    world = random_one(at_stage("undertaken"))
    strata = (plan_stratum("全部", [FIRST, SECOND, THIRD, FOURTH], 2, 1),)
    world.do(HEAD, PLAN, planned(world, Drawn.INSPECTORS, strata=strata))
    rolled(world)
    (result,) = world.state.get(Draw, PLAN).results
    content = InspectorAppointed(result.reserve[0].id, result.sample[0].id, "因病")
    refused(world, Reason.DRAW_PLANNER, HEAD, ONE, content)


def visited_by_drawn(world: World) -> tuple[str, str, str]:
    """Two drawn inspectors are on a visit; they, and who is in reserve."""
    (first, second), (third,) = inspectors_drawn(world)
    units = uid("抽单位")
    world.do(HANDLER, units, planned(world))
    world.witness(units, DIGITS)
    results = draw(world.state.get(Draw, units).content.plan, DIGITS)
    world.do(HANDLER, units, recorded(world, results=results))
    unit = drawn_units(world.state.get(Draw, units))[0]
    world.do(HEAD, VISIT, TeamFormed(ONE, unit, (first, second)))
    return first, second, third


def test_who_was_replaced_during_a_visit_does_nothing_more():
    world = at_stage("undertaken")
    first, second, third = visited_by_drawn(world)
    world.do(first, VISIT, found(world))
    for member in (first, second):
        world.do(member, VISIT, signed(world))
    world.do(HEAD, ONE, InspectorAppointed(third, first, "因病"))
    assert valid(world.state.get(Visit, VISIT).signatures) == ()
    for content in (found(world), signed(world)):
        refused(world, Reason.TEAM, first, VISIT, content)
    world.do(HEAD, VISIT, TeamChanged((second, third), "因病"))
    for member in (second, third):
        world.do(member, VISIT, signed(world))
    world.do(HEAD, VISIT, VerificationOpinionAdopted(signed(world).visit_digest))


def test_who_was_replaced_is_in_no_team():
    world = at_stage("undertaken")
    (first, second), (third,) = inspectors_drawn(world)
    world.do(HEAD, ONE, InspectorAppointed(third, first, "因病"))
    units = uid("抽单位")
    world.do(HANDLER, units, planned(world))
    world.witness(units, DIGITS)
    results = draw(world.state.get(Draw, units).content.plan, DIGITS)
    world.do(HANDLER, units, recorded(world, results=results))
    unit = drawn_units(world.state.get(Draw, units))[0]
    team = TeamFormed(ONE, unit, (first, second))
    refused(world, Reason.TEAM, HEAD, uid("核验"), team)
    world.do(HEAD, uid("核验"), replace(team, members=(second, third)))
