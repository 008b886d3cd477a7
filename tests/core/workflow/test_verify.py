"""Verifying on site: the need, provable draws, teams, findings, opinions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kaoping.core.acts.collecting import ApplicabilityDecided
from kaoping.core.acts.scoring import DisciplineUndertaken
from kaoping.core.acts.setting_up import Role
from kaoping.core.acts.verifying import (
    DrawWithdrawn,
    InspectorAppointed,
    InterestDeclared,
    TeamChanged,
    TeamFormed,
    VerificationDecided,
    VerificationMode,
    VerificationOpinionAdopted,
    VerificationOpinionDeclined,
)
from kaoping.core.workflow.drawing import drawn_units
from kaoping.core.workflow.questions import valid
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.things import Draw, Standing, Verification, Visit
from kaoping.core.workflow.verifying import units_to_visit
from tests.core.workflow.stages import at_stage, near, refused, second_account
from tests.core.workflow.verifying import (
    ALL,
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
    signed,
    visited,
)
from tests.world_set_up import (
    DIGITS,
    INSPECTORS,
    UNITS,
    section_head,
    section_of,
    tasks_of,
    uid,
)

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
    refused(world, Reason.NOT_SUPERSEDING, HEAD, ONE, decided(world))


def test_a_decision_is_corrected_as_long_as_nothing_rests_on_it():
    world = at_stage("undertaken")
    first = world.do(HEAD, ONE, decided(world, needed=False, mode=None))
    second = world.do(HEAD, ONE, decided(world), first.id)
    refused(world, Reason.NOT_SUPERSEDING, HEAD, ONE, decided(world), first.id)
    world.do(HANDLER, PLAN, replace(planned(world), roll_at="2052-01-09T02:00:00Z"))
    refused(world, Reason.VERIFICATION_BEGUN, HEAD, ONE, decided(world), second.id)
    world.do(HEAD, PLAN, DrawWithdrawn("掷骰时间定错"))
    third = world.do(HEAD, ONE, decided(world, mode=VerificationMode.FULL), second.id)
    world.appoint("1")
    refused(world, Reason.VERIFICATION_BEGUN, HEAD, ONE, decided(world), third.id)


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


def test_a_wholly_new_team_finds_for_itself():
    world = visited(at_stage("undertaken"))
    for person in (THIRD, FOURTH):
        world.do(HEAD, ONE, InspectorAppointed(person, None, "增加力量"))
    world.do(FIRST, VISIT, found(world))
    world.do(HANDLER, VISIT, TeamChanged((THIRD, FOURTH), "原成员均因公外出"))
    visit = world.state.get(Visit, VISIT)
    assert (visit.findings, visit.standing) == ((), Standing.TEAM_FORMED)
    refused(world, Reason.WRONG_STATE, THIRD, VISIT, signed(world, "可信"))


def test_an_interest_declared_after_signing_voids_the_opinion_on_the_visit():
    world = visited(at_stage("undertaken"))
    world.do(FIRST, VISIT, found(world))
    for member in (FIRST, SECOND):
        world.do(member, VISIT, signed(world))
    unit = world.state.get(Visit, VISIT).unit
    world.do(FIRST, FIRST, InterestDeclared(unit, "亲属任职"))
    assert valid(world.state.get(Visit, VISIT).signatures) == ()
    adopted = VerificationOpinionAdopted(signed(world).visit_digest)
    refused(world, Reason.WRONG_STATE, HEAD, VISIT, adopted)


@pytest.mark.parametrize("mode", [VerificationMode.FULL, VerificationMode.TARGETED])
def test_a_unit_to_which_nothing_applies_any_more_is_not_visited(mode):
    world = at_stage("undertaken")
    units = (ALL[0], ALL[1]) if mode is VerificationMode.TARGETED else ()
    world.do(HEAD, ONE, decided(world, mode=mode, units=units))
    for task in tasks_of("1"):
        content = ApplicabilityDecided(world.year, ALL[0], task, False, "无此职能", "三定方案")
        world.do(HEAD, uid(f"不涉及 {task}"), content)
    due = units_to_visit(world.state, world.state.get(Verification, ONE))
    assert due == (set(units) or set(ALL)) - {ALL[0]}
    world.appoint("1")
    team = TeamFormed(ONE, ALL[0], (FIRST, SECOND))
    refused(world, Reason.NOT_TO_VISIT, HEAD, VISIT, team)


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
