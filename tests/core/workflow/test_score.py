"""Scoring: lines, adjustments, vetoes, opinions, and two signatures over the same content."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from kaoping.core.acts.collecting import ValueDecided
from kaoping.core.acts.scoring import (
    DisciplineUndertaken,
    OpinionGiven,
    ScoreAdjusted,
    ScoresProposed,
    SheetPaperConfirmed,
    SheetReceived,
    SheetReopened,
    SheetReturned,
    SheetSignedByHandler,
    SheetSignedByHead,
    SheetSignedOnPaper,
    SheetSubmitted,
    VetoDeclared,
    VetoLifted,
)
from kaoping.core.acts.setting_up import DutyEnded, Role
from kaoping.core.workflow.questions import valid
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.taking import available
from kaoping.core.workflow.things import Sheet, Standing
from tests.core.workflow.stages import at_stage, near, refused, second_account
from tests.world_set_up import (
    SECTIONS,
    UNITS,
    handler,
    liaison,
    section_head,
    section_of,
    tasks_of,
    uid,
)

if TYPE_CHECKING:
    from tests.worlds import World

SECTION, OTHER_SECTION = section_of("1"), section_of("2")
HANDLER, HEAD = handler(SECTION), section_head(SECTION)
SHEET = uid("评分表 1")
UNIT = UNITS[1]
TASK, SECOND = tasks_of("1")


def sheet(world: World) -> Sheet:
    return world.state.get(Sheet, SHEET)


def adjusted(points: str = "-0.20", unit: str = UNIT, task: str = TASK) -> ScoreAdjusted:
    return ScoreAdjusted(uid(unit), task, Decimal(points), "迟报", "平时记录")


def proposed(world: World, **change: Any) -> ScoresProposed:
    whole = ScoresProposed(world.year, "1", "", world.lines("1"))
    return replace(whole, **change)


def veto(world: World, **change: Any) -> VetoDeclared:
    whole = VetoDeclared(
        world.year, uid(UNIT), "1", None, "安全事故", "应急部门", world.blob("通报"), "事故"
    )
    return replace(whole, **change)


# --- the undertaking ------------------------------------------------------------------------------


def test_nobody_scores_or_signs_without_the_undertaking():
    world = at_stage("collected")
    refused(world, Reason.NO_UNDERTAKING, HANDLER, SHEET, proposed(world))
    world.do(HANDLER, HANDLER, DisciplineUndertaken("本人承诺"))
    world.do(HANDLER, SHEET, proposed(world))
    refused(world, Reason.NO_UNDERTAKING, HEAD, SHEET, adjusted())


def test_the_undertaking_is_given_once_and_by_oneself():
    world = at_stage("undertaken")
    refused(world, Reason.UNDERTAKEN, HANDLER, HANDLER, DisciplineUndertaken("本人承诺"))
    other = handler(SECTIONS[0])
    refused(world, Reason.UNKNOWN_THING, other, HEAD, DisciplineUndertaken("代为承诺"))


# --- lines ----------------------------------------------------------------------------------------


def test_only_the_handler_of_the_responsible_section_scores():
    world = at_stage("verified")
    actors = (handler(OTHER_SECTION), handler(SECTIONS[0]), HEAD, liaison(UNIT), uid("系统管理员"))
    for actor in actors:
        refused(world, Reason.NO_ROLE, actor, SHEET, proposed(world))
    refused(world, Reason.UNKNOWN_THING, HANDLER, SHEET, proposed(world, indicator="99"))


def test_lines_are_there_once_and_about_what_is_assessed():
    world = at_stage("verified")
    first = world.lines("1")[0]
    for lines in ((), (first, first)):
        refused(world, Reason.NO_LINES, HANDLER, SHEET, proposed(world, lines=lines))
    cells = ((uid("没有的单位"), TASK), (uid(UNIT), "2.1"), (uid(UNITS[-1]), SECOND))
    for unit, task in cells:
        wrong = (replace(first, unit=unit, task=task),)
        refused(world, Reason.NOT_ASSESSED, HANDLER, SHEET, proposed(world, lines=wrong))


def test_a_later_proposal_names_the_last_one_and_replaces_only_its_own_lines():
    world = at_stage("proposed")
    lines = (replace(world.lines("1")[0], points=Decimal("0.5")),)
    refused(world, Reason.NOT_SUPERSEDING, HANDLER, SHEET, proposed(world, lines=lines))
    before = sheet(world).lines
    world.do(HANDLER, SHEET, proposed(world, lines=lines), sheet(world).act)
    changed = {cell for cell, score in sheet(world).lines.items() if score != before[cell]}
    assert changed == {(lines[0].unit, lines[0].task)}


def test_an_indicator_has_one_sheet():
    world = at_stage("proposed")
    refused(world, Reason.SHEET_TAKEN, HANDLER, uid("另一张表"), proposed(world))


def test_an_adjustment_says_something_about_a_line_that_is_there():
    world = at_stage("proposed")
    refused(world, Reason.ADJUSTMENT_ZERO, HANDLER, SHEET, adjusted("0.00"))
    refused(world, Reason.NOT_ASSESSED, HANDLER, SHEET, adjusted(task="2.1"))
    before = sheet(world).lines[uid(UNIT), TASK].points
    world.do(HEAD, SHEET, adjusted())
    score = sheet(world).lines[uid(UNIT), TASK]
    assert score.points == before - Decimal("0.20")
    assert score.line.points == before


def test_a_veto_is_about_a_unit_that_is_there_and_an_indicator_that_it_is_assessed_on():
    world = at_stage("proposed")
    for change in ({"unit": uid("没有的单位"), "indicator": None}, {"unit": uid("牵头局")},
                   {"indicator": "99"}, {"assessment": uid("2031")}):  # fmt: skip
        refused(world, Reason.UNKNOWN_THING, HANDLER, uid("否决"), veto(world, **change))


# --- being apart ----------------------------------------------------------------------------------


def test_nobody_scores_a_unit_that_is_too_near_but_may_score_the_others():
    world = at_stage("verified")
    near(world, HANDLER, UNIT)
    refused(world, Reason.RECUSAL, HANDLER, SHEET, proposed(world))
    others = tuple(line for line in world.lines("1") if line.unit != uid(UNIT))
    world.do(HANDLER, SHEET, proposed(world, lines=others))


def test_nobody_scores_the_own_unit_whatever_account_is_used():
    world = at_stage("verified")
    second_account(world, "兼任", f"{SECTION}经办人", Role.UNIT_HEAD, unit=UNIT)
    refused(world, Reason.RECUSAL, HANDLER, SHEET, proposed(world))


def test_nobody_signs_a_sheet_with_a_unit_that_is_too_near():
    world = at_stage("proposed")
    near(world, HANDLER, UNITS[0])
    signature = SheetSignedByHandler(world.digest("1"))
    refused(world, Reason.RECUSAL, HANDLER, SHEET, signature)
    adjustment = adjusted(unit=UNITS[0])
    refused(world, Reason.RECUSAL, HANDLER, SHEET, adjustment)
    world.do(HANDLER, SHEET, adjusted())


def test_who_is_near_gives_no_opinion_and_takes_no_sheet():
    world = at_stage("proposed")
    near(world, handler(OTHER_SECTION), UNIT)
    opinion = OpinionGiven(uid(OTHER_SECTION), world.digest("1"), True, "")
    refused(world, Reason.RECUSAL, handler(OTHER_SECTION), SHEET, opinion)
    world = at_stage("signed")
    world.hand_in("1")
    coordinator = handler(SECTIONS[0])
    near(world, coordinator, UNIT)
    refused(world, Reason.RECUSAL, coordinator, SHEET, SheetReceived(world.digest("1")))
    refused(world, Reason.RECUSAL, coordinator, SHEET, SheetReturned("理由"))


@pytest.mark.parametrize("signer", [HANDLER, HEAD])
def test_an_interest_that_is_declared_later_voids_the_signatures(signer):
    world = at_stage("signed")
    near(world, signer, "牵头局")
    assert len(valid(sheet(world).signatures)) == 2
    near(world, signer, UNIT)
    assert valid(sheet(world).signatures) == ()
    refused(world, Reason.WRONG_STATE, HANDLER, SHEET, SheetSubmitted(world.digest("1")))
    signature = SheetSignedByHandler(world.digest("1"))
    if signer == HANDLER:
        refused(world, Reason.RECUSAL, HANDLER, SHEET, signature)
    else:
        world.do(HANDLER, SHEET, signature)
        refused(world, Reason.RECUSAL, HEAD, SHEET, SheetSignedByHead(world.digest("1")))


def test_a_submitted_sheet_keeps_its_signatures_until_it_comes_back():
    world = at_stage("signed")
    world.hand_in("1")
    near(world, HANDLER, UNIT)
    assert len(valid(sheet(world).signatures)) == 2


# --- signatures -----------------------------------------------------------------------------------


def test_a_sheet_is_signed_only_when_every_unit_is_scored():
    world = at_stage("verified")
    world.propose("3", world.lines("3")[:-1])
    three = uid("评分表 3")
    actor = handler(section_of("3"))
    refused(world, Reason.SHEET_INCOMPLETE, actor, three, SheetSignedByHandler(world.digest("3")))
    world.propose("3", world.lines("3")[-1:])
    world.do(actor, three, SheetSignedByHandler(world.digest("3")))


def test_cooperating_sections_speak_before_anybody_signs():
    world = at_stage("verified")
    world.propose("1")
    digest = world.digest("1")
    refused(world, Reason.OPINION_MISSING, HANDLER, SHEET, SheetSignedByHandler(digest))
    opinion = OpinionGiven(uid(OTHER_SECTION), digest, False, "有不同意见")
    refused(world, Reason.NO_ROLE, HANDLER, SHEET, opinion)
    foreign = replace(opinion, section=uid(SECTION))
    refused(world, Reason.NO_ROLE, handler(OTHER_SECTION), SHEET, foreign)
    stale = replace(opinion, sheet_digest="0" * 64)
    refused(world, Reason.OTHER_CONTENT, handler(OTHER_SECTION), SHEET, stale)
    world.do(section_head(OTHER_SECTION), SHEET, opinion)
    world.do(HANDLER, SHEET, SheetSignedByHandler(digest))


def test_an_opinion_on_earlier_content_does_not_count():
    world = at_stage("proposed")
    world.do(HANDLER, SHEET, adjusted())
    signature = SheetSignedByHandler(world.digest("1"))
    refused(world, Reason.OPINION_MISSING, HANDLER, SHEET, signature)
    world.give_opinion("1")
    world.do(HANDLER, SHEET, signature)


def test_verification_is_finished_before_anybody_signs():
    world = at_stage("undertaken")
    world.propose("4")
    four, actor = uid("评分表 4"), handler(section_of("4"))
    signature = SheetSignedByHandler(world.digest("4"))
    refused(world, Reason.VERIFICATION_OPEN, actor, four, signature)
    world.decide("4")
    world.do(actor, four, signature)


def test_the_handler_signs_first_and_the_head_afterwards():
    world = at_stage("proposed")
    digest = world.digest("1")
    refused(world, Reason.WRONG_STATE, HEAD, SHEET, SheetSignedByHead(digest))
    refused(world, Reason.NO_ROLE, HEAD, SHEET, SheetSignedByHandler(digest))
    world.do(HANDLER, SHEET, SheetSignedByHandler(digest))
    refused(world, Reason.WRONG_STATE, HANDLER, SHEET, SheetSignedByHandler(digest))
    refused(world, Reason.NO_ROLE, HANDLER, SHEET, SheetSignedByHead(digest))
    world.do(HEAD, SHEET, SheetSignedByHead(digest))
    assert [one.role for one in sheet(world).signatures] == [Role.HANDLER, Role.SECTION_HEAD]


def test_handler_and_head_are_two_persons():
    world = at_stage("proposed")
    world.give(f"{SECTION}经办人", Role.SECTION_HEAD, section=SECTION)
    world.do(HANDLER, SHEET, SheetSignedByHandler(world.digest("1")))
    refused(world, Reason.SAME_SIGNER, HANDLER, SHEET, SheetSignedByHead(world.digest("1")))


def test_handler_and_head_are_two_human_beings():
    """A second account with the same staff number is the same person (I27)."""
    world = at_stage("proposed")
    double = second_account(world, "小号", f"{SECTION}经办人", Role.SECTION_HEAD, section=SECTION)
    world.do(double, double, DisciplineUndertaken("本人承诺"))
    world.do(HANDLER, SHEET, SheetSignedByHandler(world.digest("1")))
    refused(world, Reason.SAME_SIGNER, double, SHEET, SheetSignedByHead(world.digest("1")))


def test_a_signature_binds_the_present_content():
    world = at_stage("proposed")
    refused(world, Reason.OTHER_CONTENT, HANDLER, SHEET, SheetSignedByHandler("0" * 64))
    other = SheetSignedByHandler(world.digest("2"))
    refused(world, Reason.OTHER_CONTENT, HANDLER, SHEET, other)


@pytest.mark.parametrize("kind", ["proposed", "adjusted", "veto", "whole unit"])
def test_any_change_voids_the_signature_and_it_is_not_used_again(kind):
    world = at_stage("proposed")
    signature = SheetSignedByHandler(world.digest("1"))
    world.do(HANDLER, SHEET, signature)
    if kind == "proposed":
        world.propose("1")
    elif kind == "whole unit":
        world.do(handler(SECTIONS[0]), uid("否决"), veto(world, indicator=None))
    elif kind == "adjusted":
        world.do(HANDLER, SHEET, adjusted())
    else:
        world.do(HANDLER, uid("否决"), veto(world))
    assert sheet(world).standing is Standing.SCORED
    assert [one.is_void for one in sheet(world).signatures] == [True]
    refused(world, Reason.OPINION_MISSING, HANDLER, SHEET, signature)
    world.give_opinion("1")
    refused(world, Reason.OTHER_CONTENT, HANDLER, SHEET, signature)
    refused(world, Reason.WRONG_STATE, HEAD, SHEET, SheetSignedByHead(world.digest("1")))


def test_content_that_comes_back_does_not_bring_its_signature_back():
    """The revision is part of what is signed (I30)."""
    world = at_stage("proposed")
    old = world.digest("1")
    world.do(HANDLER, SHEET, adjusted("-0.10"))
    world.propose("1")
    world.give_opinion("1")
    refused(world, Reason.OTHER_CONTENT, HANDLER, SHEET, SheetSignedByHandler(old))


def test_after_both_signatures_nothing_changes_unless_the_sheet_is_reopened():
    world = at_stage("signed")
    act = sheet(world).act
    refused(world, Reason.WRONG_STATE, HANDLER, SHEET, adjusted())
    refused(world, Reason.WRONG_STATE, HANDLER, SHEET, proposed(world), act)
    refused(world, Reason.SHEET_CLOSED, HANDLER, uid("否决"), veto(world))
    refused(world, Reason.NO_ROLE, HANDLER, SHEET, SheetReopened("理由"))
    before = sheet(world).signatures
    world.do(HEAD, SHEET, SheetReopened("补写依据"))
    assert sheet(world).signatures == tuple(replace(one, is_void=True) for one in before)
    world.do(HANDLER, SHEET, adjusted())
    world.give_opinion("1")
    world.sign("1")
    assert len(sheet(world).signatures) == 4
    assert len(valid(sheet(world).signatures)) == 2


def test_a_reopened_sheet_may_be_signed_anew_as_it_is():
    world = at_stage("signed")
    world.do(HEAD, SHEET, SheetReopened("误签"))
    world.give_opinion("1")
    world.sign("1")


def test_what_a_sheet_rests_on_is_closed_from_the_first_signature_on():
    """Otherwise it would change under a signature that stays (P13)."""
    world = at_stage("proposed")
    evidence = world.evidence(UNIT, TASK)
    decided = ValueDecided(world.year, uid(UNIT), TASK, "其他", None, "未报", "方案")
    world.do(HANDLER, SHEET, SheetSignedByHandler(world.digest("1")))
    for actor, content in ((liaison(UNIT), evidence), (HANDLER, decided)):
        refused(world, Reason.SHEET_HALF_SIGNED, actor, uid("新件"), content)
    world.propose("1")  # which voids the signature
    world.do(liaison(UNIT), uid("新件"), evidence)


# --- on paper -------------------------------------------------------------------------------------


def on_paper(world: World, **change: Any) -> SheetSignedOnPaper:
    whole = SheetSignedOnPaper(world.digest("1"), world.blob("扫描"), HANDLER, HEAD)
    return replace(whole, **change)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"handler": HEAD}, Reason.SAME_SIGNER),
        ({"handler": handler(OTHER_SECTION)}, Reason.NOT_ON_PAPER),
        ({"section_head": section_head(OTHER_SECTION)}, Reason.SIGNER_ROLE),
        ({"section_head": section_head(SECTIONS[0])}, Reason.SIGNER_ROLE),
        ({"section_head": uid("路人")}, Reason.SIGNER_ROLE),
        ({"sheet_digest": "0" * 64}, Reason.OTHER_CONTENT),
    ],
)
def test_on_paper_the_same_rules_hold(change, reason):
    world = at_stage("proposed")
    refused(world, reason, HANDLER, SHEET, on_paper(world, **change))


def test_the_handler_on_paper_is_one_of_the_section():
    world = at_stage("proposed")
    stranger = on_paper(world, handler=handler(OTHER_SECTION))
    refused(world, Reason.SIGNER_ROLE, HEAD, SHEET, stranger)


def test_on_paper_too_who_is_near_must_step_aside():
    world = at_stage("proposed")
    near(world, HEAD, UNIT)
    refused(world, Reason.SIGNER_ROLE, HANDLER, SHEET, on_paper(world))


def test_a_signature_on_paper_counts_only_once_its_signer_confirms_it():
    world = at_stage("proposed")
    paper = world.do(HANDLER, SHEET, on_paper(world))
    assert [one.person for one in valid(sheet(world).signatures)] == [HANDLER]
    refused(world, Reason.WRONG_STATE, HANDLER, SHEET, SheetSubmitted(world.digest("1")))
    refused(world, Reason.WRONG_STATE, HEAD, SHEET, SheetSignedByHead(world.digest("1")))
    confirmed = SheetPaperConfirmed(world.digest("1"), paper.id)
    refused(world, Reason.NOT_ON_PAPER, HANDLER, SHEET, confirmed)
    refused(world, Reason.NO_ROLE, section_head(OTHER_SECTION), SHEET, confirmed)
    act = world.do(HEAD, SHEET, confirmed)
    assert [(one.person, one.act) for one in valid(sheet(world).signatures)] == [
        (HANDLER, paper.id),
        (HEAD, act.id),
    ]
    world.hand_in("1")


def test_either_signer_may_enter_the_paper_and_nobody_else():
    world = at_stage("proposed")
    other = second_account(world, "经办人二", "经办人二", Role.HANDLER, section=SECTION)
    refused(world, Reason.NO_UNDERTAKING, other, SHEET, on_paper(world))
    world.do(other, other, DisciplineUndertaken("本人承诺"))
    refused(world, Reason.NOT_ON_PAPER, other, SHEET, on_paper(world))
    paper = world.do(HEAD, SHEET, on_paper(world))
    confirmed = SheetPaperConfirmed(world.digest("1"), paper.id)
    for actor in (HEAD, other):
        refused(world, Reason.NOT_ON_PAPER, actor, SHEET, confirmed)
    world.do(HANDLER, SHEET, confirmed)
    assert sheet(world).standing is Standing.SIGNED


def test_what_is_confirmed_is_the_paper_that_was_entered_last():
    world = at_stage("proposed")
    first = world.do(HANDLER, SHEET, on_paper(world))
    second = world.do(HANDLER, SHEET, on_paper(world, scan=world.blob("重新扫描")))
    assert len(valid(sheet(world).signatures)) == 1
    old = SheetPaperConfirmed(world.digest("1"), first.id)
    refused(world, Reason.OTHER_CONTENT, HEAD, SHEET, old)
    world.do(HEAD, SHEET, SheetPaperConfirmed(world.digest("1"), second.id))


def test_a_change_voids_a_paper_that_waits():
    world = at_stage("proposed")
    paper = world.do(HANDLER, SHEET, on_paper(world))
    digest = world.digest("1")
    world.propose("1")
    assert sheet(world).awaited is None
    assert valid(sheet(world).signatures) == ()
    refused(world, Reason.WRONG_STATE, HEAD, SHEET, SheetPaperConfirmed(digest, paper.id))


def test_a_paper_that_waits_may_give_way_to_signatures_on_the_screen():
    world = at_stage("proposed")
    paper = world.do(HANDLER, SHEET, on_paper(world))
    world.do(HANDLER, SHEET, SheetSignedByHandler(world.digest("1")))
    assert len(valid(sheet(world).signatures)) == 1
    confirmed = SheetPaperConfirmed(world.digest("1"), paper.id)
    refused(world, Reason.WRONG_STATE, HEAD, SHEET, confirmed)
    world.do(HEAD, SHEET, SheetSignedByHead(world.digest("1")))


def test_who_has_lost_the_duty_confirms_no_paper():
    """He has another one in the section, but not the one he signed in."""
    world = at_stage("proposed")
    paper = world.do(HANDLER, SHEET, on_paper(world))
    world.give(f"{SECTION}科长", Role.HANDLER, None, SECTION)
    world.do(uid("安全管理员"), uid(f"职责 {SECTION}科长 section_head"), DutyEnded("免职"))
    confirmed = SheetPaperConfirmed(world.digest("1"), paper.id)
    refused(world, Reason.SIGNER_ROLE, HEAD, SHEET, confirmed)


def test_who_declares_an_interest_meanwhile_confirms_no_paper():
    world = at_stage("proposed")
    paper = world.do(HANDLER, SHEET, on_paper(world))
    near(world, HEAD, UNIT)
    confirmed = SheetPaperConfirmed(world.digest("1"), paper.id)
    refused(world, Reason.RECUSAL, HEAD, SHEET, confirmed)


# --- handing on -----------------------------------------------------------------------------------


def test_a_sheet_is_submitted_only_with_both_signatures():
    world = at_stage("proposed")
    submitted = SheetSubmitted(world.digest("1"))
    refused(world, Reason.WRONG_STATE, HANDLER, SHEET, submitted)
    world.do(HANDLER, SHEET, SheetSignedByHandler(world.digest("1")))
    refused(world, Reason.WRONG_STATE, HANDLER, SHEET, submitted)


def test_the_coordinating_section_receives_or_returns():
    world = at_stage("signed")
    received = SheetReceived(world.digest("1"))
    coordinator = handler(SECTIONS[0])
    refused(world, Reason.WRONG_STATE, coordinator, SHEET, received)
    world.hand_in("1")
    refused(world, Reason.NO_ROLE, HANDLER, SHEET, received)
    refused(world, Reason.NO_ROLE, HEAD, SHEET, SheetReturned("理由"))
    refused(world, Reason.OTHER_CONTENT, coordinator, SHEET, SheetReceived("0" * 64))
    world.do(coordinator, SHEET, SheetReturned("理由"))
    refused(world, Reason.WRONG_STATE, HANDLER, SHEET, SheetSubmitted(world.digest("1")))
    refused(world, Reason.WRONG_STATE, coordinator, SHEET, received)
    world.do(HEAD, SHEET, SheetReopened("补写依据"))
    world.give_opinion("1")
    world.sign("1")
    world.hand_in("1")
    world.do(coordinator, SHEET, SheetReceived(world.digest("1")))


# --- vetoes ---------------------------------------------------------------------------------------


def test_a_veto_names_a_unit_and_a_task_of_the_indicator():
    world = at_stage("proposed")
    refused(world, Reason.NOT_ASSESSED, HANDLER, uid("否决"), veto(world, task="2.1"))
    nowhere = veto(world, unit=uid("牵头局"))
    refused(world, Reason.UNKNOWN_THING, HANDLER, uid("否决"), nowhere)
    refused(world, Reason.NO_ROLE, handler(OTHER_SECTION), uid("否决"), veto(world))
    whole = veto(world, indicator=None)
    refused(world, Reason.NO_ROLE, HANDLER, uid("否决"), whole)
    world.do(handler(SECTIONS[0]), uid("否决"), whole)


def test_nobody_declares_or_lifts_a_veto_on_a_unit_that_is_too_near():
    world = at_stage("proposed")
    world.do(HEAD, uid("否决"), veto(world))
    near(world, HANDLER, UNIT)
    refused(world, Reason.RECUSAL, HANDLER, uid("否决二"), veto(world))
    lifted = VetoLifted(world.blob("更正"), "更正")
    refused(world, Reason.RECUSAL, HANDLER, uid("否决"), lifted)
    world.do(HEAD, uid("否决"), lifted)
    refused(world, Reason.WRONG_STATE, HEAD, uid("否决"), lifted)


def test_buttons_follow_the_sheet():
    world = at_stage("proposed")

    def buttons(person):
        places = available(world.state, person, world.at)
        return {one.step.type for one in places if one.place.thing == SHEET}

    assert "sheet.signed_by_handler/1" in buttons(HANDLER)
    assert "sheet.submitted/1" not in buttons(HANDLER)
    world.sign("1")
    assert buttons(HANDLER) == {"sheet.submitted/1"}
    assert buttons(HEAD) == {"sheet.submitted/1", "sheet.reopened/1"}
