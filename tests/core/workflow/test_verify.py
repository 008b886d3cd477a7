"""Verifying on site: the need, provable draws, teams, findings, opinions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from kaoping.core.acts.scoring import DisciplineUndertaken
from kaoping.core.acts.setting_up import Role
from kaoping.core.acts.verifying import (
    DigitsRecorded,
    DigitsWitnessed,
    DrawExempted,
    Drawn,
    DrawPlanned,
    FindingRecorded,
    InspectorAppointed,
    InterestDeclared,
    TeamChanged,
    TeamFormed,
    VerificationDecided,
    VerificationMode,
    VerificationOpinionAdopted,
    VerificationOpinionDeclined,
    VerificationOpinionSigned,
)
from kaoping.core.draw.plans import plan_stratum
from kaoping.core.draw.records import DrawPlan, MustCheck
from kaoping.core.draw.rolling import draw
from kaoping.core.workflow.questions import valid, visit_digest
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.things import Draw, Standing, Verification, Visit
from kaoping.core.workflow.verifying import drawn_units, inspectors, units_to_visit
from tests.core.workflow.stages import at_stage, near, refused, second_account
from tests.world_set_up import (
    DIGITS,
    INSPECTORS,
    SECTIONS,
    UNITS,
    handler,
    liaison,
    section_head,
    section_of,
    tasks_of,
    uid,
)
from tests.worlds import WATCHERS

if TYPE_CHECKING:
    from tests.worlds import World

SECTION = section_of("1")
HANDLER, HEAD = handler(SECTION), section_head(SECTION)
ONE = uid("核验 1")
PLAN = uid("抽签 1 units")
FIRST, SECOND, THIRD, FOURTH = (uid(name) for name in INSPECTORS)
ALL = [uid(unit) for unit in UNITS]
SEVEN = (3, 2)


def decided(world: World, **change: Any) -> VerificationDecided:
    whole = VerificationDecided(world.year, "1", True, VerificationMode.RANDOM, (), "理由")
    return replace(whole, **change)


def planned(world: World, drawn: Drawn = Drawn.UNITS, population: Any = None, **change: Any) -> Any:
    """A plan that would be accepted."""
    strata = (plan_stratum("全部", population or ALL, 2, 1),)
    plan = DrawPlan("抽查", strata, (), len(DIGITS), "当众掷骰")
    return DrawPlanned(ONE, drawn, world.at, replace(plan, **change))


def random_one(world: World) -> World:
    """Indicator 1 is to be verified by a random draw."""
    world.do(HEAD, ONE, decided(world))
    return world


def recorded(world: World, digits: str = DIGITS, **change: Any) -> DigitsRecorded:
    plan = world.state.get(Draw, PLAN).content.plan
    results = draw(plan, digits) if len(digits) == plan.digit_count else ()
    whole = DigitsRecorded(
        world.sealed(), digits, uid("监督员"), liaison(UNITS[0]), world.blob("照片"), results
    )
    return replace(whole, **change)


def rolled(world: World, actor: str = HANDLER, digits: str = DIGITS) -> None:
    """Both watchers enter the digits, and they are recorded."""
    world.witness(PLAN, digits)
    world.do(actor, PLAN, recorded(world, digits))


def drawn_one(world: World) -> World:
    """Indicator 1: two units drawn, one in reserve, the first two inspectors appointed."""
    random_one(world)
    world.do(HANDLER, PLAN, planned(world))
    rolled(world)
    world.appoint("1")
    return world


# --- the need -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"needed": False},
        {"mode": None},
        {"units": (uid(UNITS[0]),)},
        {"mode": VerificationMode.TARGETED},
        {"mode": VerificationMode.TARGETED, "units": (uid("没有的单位"),)},
        {"mode": VerificationMode.TARGETED, "units": (uid(UNITS[0]), uid(UNITS[0]))},
    ],
)
def test_the_mode_fits_what_is_decided(change):
    world = at_stage("undertaken")
    refused(world, Reason.VERIFICATION_MODE, HEAD, ONE, decided(world, **change))


def test_the_section_head_decides_once():
    world = at_stage("undertaken")
    refused(world, Reason.NO_ROLE, HANDLER, ONE, decided(world))
    random_one(world)
    refused(world, Reason.VERIFICATION_TAKEN, HEAD, uid("另一决定"), decided(world))
    refused(world, Reason.WRONG_STATE, HEAD, ONE, decided(world))


def test_who_is_near_does_not_pick_the_unit():
    world = at_stage("undertaken")
    near(world, HEAD, UNITS[1])
    chosen = {"mode": VerificationMode.TARGETED, "units": (uid(UNITS[1]),)}
    refused(world, Reason.RECUSAL, HEAD, ONE, decided(world, **chosen))


def test_who_is_near_decides_nothing_about_verifying():
    world = at_stage("undertaken")
    near(world, HEAD, UNITS[1])
    without = {"mode": VerificationMode.TARGETED, "units": (uid(UNITS[0]),)}
    for change in ({"needed": False, "mode": None}, {}, without):
        refused(world, Reason.RECUSAL, HEAD, ONE, decided(world, **change))
    world = random_one(at_stage("undertaken"))
    near(world, HEAD, UNITS[1])
    refused(world, Reason.RECUSAL, HEAD, ONE, InspectorAppointed(FIRST, None, "理由"))
    near(world, HANDLER, UNITS[1])
    refused(world, Reason.RECUSAL, HANDLER, PLAN, planned(world))
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    world.witness(PLAN, DIGITS)
    near(world, HANDLER, UNITS[1])
    refused(world, Reason.RECUSAL, HANDLER, PLAN, recorded(world))


def test_nothing_follows_where_verification_is_not_needed():
    world = at_stage("undertaken")
    world.do(HEAD, ONE, decided(world, needed=False, mode=None))
    refused(world, Reason.VERIFICATION_MODE, HEAD, ONE, InspectorAppointed(FIRST, None, "理由"))
    refused(world, Reason.VERIFICATION_MODE, HANDLER, PLAN, planned(world))
    team = TeamFormed(ONE, ALL[0], (FIRST, SECOND))
    refused(world, Reason.VERIFICATION_MODE, HEAD, uid("核验"), team)


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
    early = DigitsRecorded(
        world.sealed(), DIGITS, uid("监督员"), liaison(UNITS[0]), world.blob("照片"), ()
    )
    refused(world, Reason.UNKNOWN_THING, HANDLER, PLAN, early)
    world.do(HANDLER, PLAN, replace(planned(world), roll_at="2025-01-09T02:00:00Z"))
    refused(world, Reason.DRAW_EARLY, uid("监督员"), PLAN, DigitsWitnessed(DIGITS))
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
    "change",
    [
        {"supervisor": uid("主要领导")},
        {"supervisor": uid("路人")},
        {"representative": uid("监督员")},
        {"representative": section_head(SECTIONS[0])},
        {"representative": uid("路人")},
    ],
)
def test_a_supervisor_and_a_representative_watch(change):
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    world.witness(PLAN, DIGITS)
    refused(world, Reason.DRAW_WATCHERS, HANDLER, PLAN, recorded(world, **change))


def test_each_watcher_enters_the_digits_himself_before_they_are_recorded():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    supervisor, representative = WATCHERS
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, recorded(world))
    for actor in (HANDLER, HEAD, FIRST, uid("主要领导")):
        refused(world, Reason.NO_ROLE, actor, PLAN, DigitsWitnessed(DIGITS))
    refused(world, Reason.DRAW_RESULT, supervisor, PLAN, DigitsWitnessed(DIGITS[:-1]))
    world.do(supervisor, PLAN, DigitsWitnessed(DIGITS))
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, recorded(world))
    world.do(representative, PLAN, DigitsWitnessed(DIGITS))
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, recorded(world, DIGITS[::-1]))
    other = recorded(world, representative=liaison(UNITS[1]))
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, other)
    world.do(HANDLER, PLAN, recorded(world))
    refused(world, Reason.WRONG_STATE, supervisor, PLAN, DigitsWitnessed(DIGITS))


def test_a_slip_of_a_watcher_is_corrected_by_another_act_that_names_it():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    supervisor, representative = WATCHERS
    world.do(supervisor, PLAN, DigitsWitnessed(DIGITS))
    slip = world.do(representative, PLAN, DigitsWitnessed(DIGITS[::-1]))
    refused(world, Reason.DRAW_UNWITNESSED, HANDLER, PLAN, recorded(world))
    refused(world, Reason.NOT_SUPERSEDING, representative, PLAN, DigitsWitnessed(DIGITS))
    world.do(representative, PLAN, DigitsWitnessed(DIGITS), slip.id)
    world.do(HANDLER, PLAN, recorded(world))


def test_neither_watcher_is_the_one_who_rolls_or_the_other():
    world = random_one(at_stage("undertaken"))
    world.do(HANDLER, PLAN, planned(world))
    double = second_account(world, "小号", f"{SECTION}经办人", Role.LIAISON, unit=UNITS[2])
    by_double = recorded(world, representative=double)
    world.do(double, PLAN, DigitsWitnessed(DIGITS))
    world.witness(PLAN, DIGITS)
    refused(world, Reason.RECUSAL, HANDLER, PLAN, by_double)
    refused(world, Reason.DRAW_WATCHERS, HEAD, PLAN, recorded(world, supervisor=HEAD))
    both = second_account(world, "监督员二号", "监督员", Role.LIAISON, unit=UNITS[2])
    by_both = recorded(world, representative=both)
    world.do(both, PLAN, DigitsWitnessed(DIGITS))
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
    leader = uid("分管领导")
    for person, gone in ((fourth, first), (leader, first), (second, first), (third, fourth)):
        content = InspectorAppointed(person, gone, "因病")
        refused(world, Reason.INSPECTORS, HEAD, ONE, content)
    world.do(HEAD, ONE, InspectorAppointed(third, first, "因病"))
    for person, gone in ((fourth, first), (first, second)):
        content = InspectorAppointed(person, gone, "因病")
        refused(world, Reason.INSPECTORS, HEAD, ONE, content)
    world.do(HEAD, ONE, InspectorAppointed(fourth, third, "因病"))
    refused(world, Reason.INSPECTORS, HEAD, ONE, InspectorAppointed(first, fourth, "病愈"))
    world.do(HEAD, ONE, InspectorAppointed(leader, fourth, "备选用完"))
    assert inspectors(world.state, world.state.get(Verification, ONE)) == {second, leader}


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


# --- teams ----------------------------------------------------------------------------------------


def test_a_team_is_two_who_were_drawn_or_appointed():
    world = drawn_one(at_stage("undertaken"))
    unit = drawn_units(world.state.get(Draw, PLAN))[0]
    for members in ((), (FIRST,), (FIRST, FIRST), (FIRST, THIRD), (FIRST, uid("路人"))):
        refused(world, Reason.TEAM, HEAD, uid("核验"), TeamFormed(ONE, unit, members))
    refused(world, Reason.UNKNOWN_PERSON, HEAD, ONE, InspectorAppointed(uid("路人"), None, "理由"))
    refused(world, Reason.NO_ROLE, HANDLER, ONE, InspectorAppointed(THIRD, None, "理由"))
    world.do(HEAD, ONE, InspectorAppointed(THIRD, None, "熟悉业务"))
    world.do(HEAD, uid("核验"), TeamFormed(ONE, unit, (FIRST, THIRD)))


def test_nobody_of_a_team_is_near_the_unit_and_two_accounts_are_one_person():
    world = drawn_one(at_stage("undertaken"))
    unit = drawn_units(world.state.get(Draw, PLAN))[0]
    name = next(name for name in UNITS if uid(name) == unit)
    double = second_account(world, "小号", INSPECTORS[0], Role.INSPECTOR)
    world.do(HEAD, ONE, InspectorAppointed(double, None, "理由"))
    refused(world, Reason.TEAM, HEAD, uid("核验"), TeamFormed(ONE, unit, (FIRST, double)))
    second_account(world, "兼任", INSPECTORS[1], Role.LIAISON, unit=name)
    refused(world, Reason.TEAM, HEAD, uid("核验"), TeamFormed(ONE, unit, (FIRST, SECOND)))
    world.do(HANDLER, HANDLER, InterestDeclared(unit, "亲属任职"))
    refused(world, Reason.RECUSAL, HANDLER, uid("核验"), TeamFormed(ONE, unit, (FIRST, SECOND)))


# --- findings and opinions ------------------------------------------------------------------------

VISIT = uid("一次核验")


def visited(world: World) -> World:
    """A team of the first two is on its way to the first drawn unit."""
    drawn_one(world)
    unit = drawn_units(world.state.get(Draw, PLAN))[0]
    world.do(HEAD, VISIT, TeamFormed(ONE, unit, (FIRST, SECOND)))
    return world


def found(world: World, **change: Any) -> FindingRecorded:
    unit = world.state.get(Visit, VISIT).unit
    name = next(name for name in UNITS if uid(name) == unit)
    task = tasks_of("1")[0]
    reported = world.value_of(name, task)
    whole = FindingRecorded(
        task, "", reported, reported - 2, Decimal(-2), "缺台账", (), "政务中心", world.at
    )
    return replace(whole, **change)


def signed(world: World, opinion: str = "可信") -> VerificationOpinionSigned:
    return VerificationOpinionSigned(visit_digest(world.state.get(Visit, VISIT)), opinion)


def test_only_the_team_records_and_only_after_the_undertaking():
    world = visited(at_stage("undertaken"))
    for actor in (THIRD, HEAD, HANDLER):
        refused(world, Reason.NO_ROLE, actor, VISIT, found(world))
    fifth = second_account(world, "核验员戊", "核验员戊", Role.INSPECTOR)
    world.do(HEAD, ONE, InspectorAppointed(fifth, None, "理由"))
    unit = drawn_units(world.state.get(Draw, PLAN))[1]
    world.do(HEAD, uid("另一次"), TeamFormed(ONE, unit, (FIRST, fifth)))
    refused(world, Reason.NO_UNDERTAKING, fifth, uid("另一次"), found(world))
    world.do(fifth, fifth, DisciplineUndertaken("本人承诺"))


@pytest.mark.parametrize(
    "change",
    [
        {"difference": Decimal(2)},
        {"difference": None},
        {"reported": Decimal("1.5")},
        {"reported": None},
        {"reported": None, "difference": None},
        {"input": "previous"},
    ],
)
def test_the_difference_is_that_of_what_was_reported(change):
    world = visited(at_stage("undertaken"))
    refused(world, Reason.FINDING, FIRST, VISIT, found(world, **change))


def test_a_value_that_was_not_reported_may_be_found():
    world = visited(at_stage("undertaken"))
    content = found(world, input="previous", reported=None, difference=None)
    world.do(FIRST, VISIT, content)


def test_a_finding_is_about_what_is_assessed():
    world = visited(at_stage("undertaken"))
    refused(world, Reason.NOT_ASSESSED, FIRST, VISIT, found(world, task="2.1"))


def test_an_interest_that_comes_up_later_counts():
    world = visited(at_stage("undertaken"))
    world.do(FIRST, FIRST, InterestDeclared(world.state.get(Visit, VISIT).unit, "亲属任职"))
    refused(world, Reason.RECUSAL, FIRST, VISIT, found(world))


def test_an_interest_is_in_a_registered_unit_and_ones_own():
    world = at_stage("undertaken")
    unknown = InterestDeclared(uid("没有的单位"), "理由")
    refused(world, Reason.UNKNOWN_THING, FIRST, FIRST, unknown)
    refused(world, Reason.UNKNOWN_THING, FIRST, SECOND, InterestDeclared(ALL[0], "理由"))


def test_the_whole_team_signs_one_opinion_on_the_present_findings():
    world = visited(at_stage("undertaken"))
    refused(world, Reason.WRONG_STATE, FIRST, VISIT, signed(world))
    old = signed(world)
    world.do(FIRST, VISIT, found(world))
    refused(world, Reason.OTHER_CONTENT, FIRST, VISIT, old)
    refused(world, Reason.NO_ROLE, THIRD, VISIT, signed(world))
    world.do(FIRST, VISIT, signed(world))
    refused(world, Reason.SIGNED_ALREADY, FIRST, VISIT, signed(world))
    refused(world, Reason.OTHER_OPINION, SECOND, VISIT, signed(world, "不可信"))
    adopted = VerificationOpinionAdopted(signed(world).visit_digest)
    refused(world, Reason.TEAM_UNSIGNED, HEAD, VISIT, adopted)
    world.do(SECOND, VISIT, signed(world))
    world.do(HEAD, VISIT, adopted)
    assert world.state.get(Visit, VISIT).standing is Standing.ADOPTED


def test_nobody_decides_about_an_opinion_of_his_own_team():
    world = drawn_one(at_stage("undertaken"))
    world.do(HEAD, ONE, InspectorAppointed(HEAD, None, "人手不足"))
    unit = drawn_units(world.state.get(Draw, PLAN))[0]
    world.do(HANDLER, VISIT, TeamFormed(ONE, unit, (FIRST, HEAD)))
    world.do(HEAD, VISIT, found(world))
    for member in (FIRST, HEAD):
        world.do(member, VISIT, signed(world))
    digest = signed(world).visit_digest
    answers = (VerificationOpinionAdopted(digest), VerificationOpinionDeclined(digest, "理由"))
    double = second_account(world, "科长二号", f"{SECTION}科长", Role.SECTION_HEAD, section=SECTION)
    for actor in (HEAD, double):
        for answer in answers:
            refused(world, Reason.OWN_OPINION, actor, VISIT, answer)
    other = second_account(world, "副科长", "副科长", Role.SECTION_HEAD, section=SECTION)
    world.do(other, VISIT, answers[0])


def test_a_changed_team_signs_anew_and_who_left_still_does_not_decide():
    world = drawn_one(at_stage("undertaken"))
    world.do(HEAD, ONE, InspectorAppointed(HEAD, None, "人手不足"))
    unit = drawn_units(world.state.get(Draw, PLAN))[0]
    world.do(HANDLER, VISIT, TeamFormed(ONE, unit, (FIRST, HEAD)))
    world.do(HEAD, VISIT, found(world))
    for member in (FIRST, HEAD):
        world.do(member, VISIT, signed(world))
    for members in ((FIRST,), (FIRST, THIRD), (HEAD, FIRST)):
        refused(world, Reason.TEAM, HANDLER, VISIT, TeamChanged(members, "因公外出"))
    refused(world, Reason.NO_ROLE, FIRST, VISIT, TeamChanged((FIRST, SECOND), "因公外出"))
    world.do(HANDLER, VISIT, TeamChanged((FIRST, SECOND), "因公外出"))
    assert valid(world.state.get(Visit, VISIT).signatures) == ()
    assert world.state.get(Visit, VISIT).standing is Standing.INSPECTED
    refused(world, Reason.NO_ROLE, HEAD, VISIT, found(world))
    for member in (FIRST, SECOND):
        world.do(member, VISIT, signed(world, "另一意见"))
    adopted = VerificationOpinionAdopted(signed(world).visit_digest)
    refused(world, Reason.OWN_OPINION, HEAD, VISIT, adopted)


def test_a_team_without_findings_is_changed_before_it_goes():
    world = visited(at_stage("undertaken"))
    world.do(HEAD, ONE, InspectorAppointed(THIRD, None, "增加力量"))
    world.do(HEAD, VISIT, TeamChanged((FIRST, THIRD), "因病"))
    assert world.state.get(Visit, VISIT).standing is Standing.TEAM_FORMED
    refused(world, Reason.NO_ROLE, SECOND, VISIT, found(world))
    near(world, HANDLER, next(n for n in UNITS if uid(n) == world.state.get(Visit, VISIT).unit))
    refused(world, Reason.RECUSAL, HANDLER, VISIT, TeamChanged((FIRST, SECOND), "病愈"))


def test_a_finding_after_the_signatures_voids_them():
    world = visited(at_stage("undertaken"))
    world.do(FIRST, VISIT, found(world))
    for member in (FIRST, SECOND):
        world.do(member, VISIT, signed(world))
    declined = VerificationOpinionDeclined(signed(world).visit_digest, "理由")
    world.do(SECOND, VISIT, found(world, verified=Decimal(1), difference=1 - found(world).reported))  # type: ignore[operator]
    visit = world.state.get(Visit, VISIT)
    assert len(visit.signatures) == 2
    assert valid(visit.signatures) == ()
    refused(world, Reason.WRONG_STATE, HEAD, VISIT, declined)
    for member in (SECOND, FIRST):
        world.do(member, VISIT, signed(world, "另一意见"))
    refused(world, Reason.OTHER_CONTENT, HEAD, VISIT, declined)
    world.do(HEAD, VISIT, VerificationOpinionDeclined(signed(world).visit_digest, "理由"))


def test_verification_is_closed_once_the_sheet_is_signed():
    world = at_stage("signed")
    content = VerificationDecided(world.year, "4", False, None, (), "理由")
    refused(world, Reason.VERIFICATION_TAKEN, section_head(section_of("4")), uid("新"), content)
    refused(world, Reason.SHEET_CLOSED, HEAD, ONE, InspectorAppointed(THIRD, None, "理由"))
