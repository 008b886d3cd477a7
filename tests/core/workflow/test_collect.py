"""Collecting: who files for whom, until when, and what a change does to what was confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kaoping.core.acts.collecting import (
    ApplicabilityDecided,
    DailyNoteMade,
    DailyNoteWithdrawn,
    EvidenceAccepted,
    EvidenceCorrected,
    EvidenceFiledOnBehalf,
    EvidenceReturned,
    EvidenceWithdrawn,
    FilingAcceptedByUnit,
    FilingConfirmed,
    ResultReported,
    ValueDecided,
)
from kaoping.core.acts.scoring import SheetReopened
from kaoping.core.acts.setting_up import DataOwner, DataOwnersNamed, Role
from kaoping.core.workflow.questions import (
    assessed_cells,
    data_owner,
    ledger_digest,
    ledger_of,
    valid,
)
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.things import (
    Assessment,
    DailyNote,
    Filing,
    Ledger,
    Result,
    Sheet,
    Standing,
)
from tests.core.workflow.stages import at_stage, near, refused, second_account
from tests.world_set_up import (
    OWNED_TASK,
    OWNER,
    SECTIONS,
    UNITS,
    handler,
    liaison,
    section_head,
    section_of,
    tasks_of,
    uid,
    unit_head,
)

if TYPE_CHECKING:
    from tests.worlds import World

UNIT, OTHER = UNITS[0], UNITS[1]
TASK, SECOND = tasks_of("1")
SECTION = section_of("1")
FILING = uid(f"材料 {OTHER} {TASK}")
RESULT = uid(f"上报 {OTHER} {TASK}")


def content_of(world: World, thing: str) -> Any:
    """The content of the act that is in force for a thing."""
    act = world.state.things[thing].act  # type: ignore[union-attr]
    return next(one.content for one in world.acts if one.id == act)


def act_of(world: World, thing: str) -> str:
    return str(world.state.things[thing].act)  # type: ignore[union-attr]


def corrected(world: World) -> EvidenceCorrected:
    return EvidenceCorrected((world.blob("新件.pdf"),), None, None, None)


# --- filings --------------------------------------------------------------------------------------


def test_only_a_liaison_files_and_only_for_the_own_unit():
    world = at_stage("opened")
    content = world.evidence(UNIT, TASK)
    for actor in (liaison(OTHER), unit_head(UNIT), handler(SECTION), uid("系统管理员")):
        refused(world, Reason.NO_ROLE, actor, uid("材料"), content)
    world.do(liaison(UNIT), uid("材料"), content)


def test_nothing_is_filed_for_what_is_not_assessed():
    world = at_stage("opened")
    last = UNITS[-1]
    out = world.evidence(last, tasks_of("1")[-1])
    refused(world, Reason.NOT_ASSESSED, liaison(last), uid("材料"), out)
    unknown = world.evidence(UNIT, "9.9")
    refused(world, Reason.NOT_ASSESSED, liaison(UNIT), uid("材料"), unknown)
    elsewhere = replace(world.evidence(UNIT, TASK), assessment=uid("2031"))
    refused(world, Reason.UNKNOWN_THING, liaison(UNIT), uid("材料"), elsewhere)


def test_evidence_has_a_file_and_possible_dates():
    world = at_stage("opened")
    good = world.evidence(UNIT, TASK)
    refused(world, Reason.NO_FILES, liaison(UNIT), uid("材料"), replace(good, files=()))
    backward = replace(good, period_from=date(2024, 12, 31), period_to=date(2024, 1, 1))
    refused(world, Reason.DATES_WRONG, liaison(UNIT), uid("材料"), backward)


def test_paper_and_mail_were_received_before_they_are_filed():
    world = at_stage("collected")
    paper: Any = next(
        act.content for act in world.acts if isinstance(act.content, EvidenceFiledOnBehalf)
    )
    later = replace(paper, received_at="2030-01-01T00:00:00Z")
    refused(world, Reason.DATES_WRONG, handler(SECTION), uid("代录"), later)
    world.do(handler(SECTION), uid("代录"), paper)


def test_a_correction_names_what_it_replaces_and_both_stay():
    world = at_stage("collected")
    refused(world, Reason.NOT_SUPERSEDING, liaison(OTHER), FILING, corrected(world))
    first = act_of(world, FILING)
    second = world.do(liaison(OTHER), FILING, corrected(world), first)
    refused(world, Reason.NOT_SUPERSEDING, liaison(OTHER), FILING, corrected(world), first)
    assert act_of(world, FILING) == second.id
    assert first in {act.id for act in world.acts}


def test_a_new_filing_replaces_nothing():
    world = at_stage("collected")
    content = world.evidence(UNIT, TASK)
    refused(world, Reason.NOT_SUPERSEDING, liaison(UNIT), uid("新"), content, act_of(world, FILING))


def test_what_was_withdrawn_stays_withdrawn():
    world = at_stage("collected")
    refused(world, Reason.NO_ROLE, liaison(UNIT), FILING, EvidenceWithdrawn("理由"))
    world.do(liaison(OTHER), FILING, EvidenceWithdrawn("理由"))
    act = act_of(world, FILING)
    refused(world, Reason.WRONG_STATE, liaison(OTHER), FILING, corrected(world), act)
    refused(world, Reason.WRONG_STATE, handler(SECTION), FILING, EvidenceReturned("理由"))
    assert world.state.get(Filing, FILING).standing is Standing.WITHDRAWN


def test_the_responsible_section_returns_and_no_other():
    world = at_stage("collected")
    for actor in (handler("产业科"), section_head(SECTION), liaison(OTHER)):
        refused(world, Reason.NO_ROLE, actor, FILING, EvidenceReturned("理由"))
    world.do(handler(SECTION), FILING, EvidenceReturned("理由"))
    refused(world, Reason.WRONG_STATE, handler(SECTION), FILING, EvidenceReturned("理由"))


def test_what_is_filed_on_behalf_counts_only_once_the_unit_accepts_it():
    world = at_stage("collected")
    one = next(act.content for act in world.acts if isinstance(act.content, EvidenceFiledOnBehalf))
    paper: Any = one
    refused(world, Reason.NO_ROLE, liaison(OTHER), uid("代录"), paper)
    world.do(handler(SECTION), uid("代录"), paper)
    assert uid("代录") not in ledger_of(world.state, world.year, uid(OTHER)).in_force
    accepted = FilingAcceptedByUnit()
    refused(world, Reason.NO_ROLE, handler(SECTION), uid("代录"), accepted)
    refused(world, Reason.NO_ROLE, liaison(UNIT), uid("代录"), accepted)
    world.do(unit_head(OTHER), uid("代录"), accepted)
    assert uid("代录") in ledger_of(world.state, world.year, uid(OTHER)).in_force
    refused(world, Reason.WRONG_STATE, unit_head(OTHER), uid("代录"), accepted)


# --- values ---------------------------------------------------------------------------------------


def test_a_value_reported_again_names_the_earlier_one():
    world = at_stage("collected")
    content = replace(content_of(world, RESULT), value=Decimal(99))
    refused(world, Reason.NOT_SUPERSEDING, liaison(OTHER), RESULT, content)
    moved = replace(content, unit=uid(UNIT))
    refused(world, Reason.UNKNOWN_THING, liaison(UNIT), RESULT, moved, act_of(world, RESULT))
    world.do(liaison(OTHER), RESULT, content, act_of(world, RESULT))
    reported = ledger_of(world.state, world.year, uid(OTHER)).reported[TASK, ""]
    assert reported[-1] == 99
    assert len(reported) == 2


def test_there_is_one_result_for_each_input_and_it_stays_in_its_cell():
    world = at_stage("collected")
    content = replace(content_of(world, RESULT), value=Decimal(99))
    refused(world, Reason.NOT_SUPERSEDING, liaison(OTHER), uid("再报"), content)
    act = act_of(world, RESULT)
    for change in ({"task": SECOND}, {"input": "previous"}):
        moved = replace(content, **change)
        refused(world, Reason.NOT_SUPERSEDING, liaison(OTHER), RESULT, moved, act)


def test_a_section_enters_what_a_third_party_supplies():
    """统计部门的数据 comes from its owner, not from the unit (P12)."""
    world = at_stage("collected")
    content = replace(content_of(world, RESULT), input="previous")
    assert isinstance(content, ResultReported)
    world.do(handler(SECTION), uid("统计数据"), content)
    refused(world, Reason.NO_ROLE, handler("产业科"), uid("统计数据二"), content)


# --- confirming -----------------------------------------------------------------------------------


def test_the_head_confirms_exactly_what_is_filed():
    world = at_stage("collected")
    ledger = world.state.get(Ledger, f"{world.year}/{uid(OTHER)}")
    assert ledger.standing is Standing.CONFIRMED
    old = FilingConfirmed(world.year, ledger_digest(ledger))
    refused(world, Reason.WRONG_STATE, unit_head(OTHER), uid(OTHER), old)
    world.do(liaison(OTHER), uid("再报"), world.evidence(OTHER, TASK))
    assert world.state.get(Ledger, ledger.id).standing is Standing.OPEN
    refused(world, Reason.OTHER_LEDGER, unit_head(OTHER), uid(OTHER), old)
    new = FilingConfirmed(world.year, ledger_digest(world.state.get(Ledger, ledger.id)))
    refused(world, Reason.NO_ROLE, liaison(OTHER), uid(OTHER), new)
    refused(world, Reason.NO_ROLE, unit_head(UNIT), uid(OTHER), new)
    world.confirm(OTHER)


def test_a_unit_that_filed_nothing_has_nothing_to_confirm():
    world = at_stage("opened")
    content = FilingConfirmed(world.year, "0" * 64)
    refused(world, Reason.UNKNOWN_THING, unit_head(UNIT), uid(UNIT), content)


# --- being apart, and being closed ----------------------------------------------------------------


def said_by_the_section(world: World) -> dict[str, Any]:
    """One act of each kind by which a section says something about a unit."""
    cell = (world.year, uid(OTHER), TASK)
    return {
        handler(SECTION): [
            DailyNoteMade(*cell, date(2024, 12, 2), "迟报一次", ()),
            ValueDecided(*cell, "", Decimal(1), "未报", "方案"),
            next(a.content for a in world.acts if isinstance(a.content, EvidenceFiledOnBehalf)),
        ],
        section_head(SECTION): [ApplicabilityDecided(*cell, False, "无此职能", "方案")],
    }


def test_nobody_decides_about_a_unit_that_is_too_near():
    world = at_stage("collected")
    near(world, handler(SECTION), OTHER)
    near(world, section_head(SECTION), OTHER)
    for actor, contents in said_by_the_section(world).items():
        for content in contents:
            refused(world, Reason.RECUSAL, actor, uid("新事项"), content)
    refused(world, Reason.RECUSAL, handler(SECTION), FILING, EvidenceReturned("理由"))
    value = content_of(world, RESULT)
    act = act_of(world, RESULT)
    refused(world, Reason.RECUSAL, handler(SECTION), RESULT, value, act)
    world.do(liaison(OTHER), RESULT, value, act)


def test_a_second_account_in_the_unit_is_near_enough():
    world = at_stage("collected")
    second_account(world, "兼任", f"{SECTION}经办人", Role.LIAISON, unit=OTHER)
    refused(world, Reason.RECUSAL, handler(SECTION), FILING, EvidenceReturned("理由"))


def test_after_the_sheet_is_signed_its_filings_are_closed_until_it_is_reopened():
    world = at_stage("signed")
    act = act_of(world, FILING)
    filed = world.evidence(OTHER, TASK)
    refused(world, Reason.SHEET_CLOSED, liaison(OTHER), uid("新"), filed)
    refused(world, Reason.SHEET_CLOSED, liaison(OTHER), FILING, corrected(world), act)
    refused(world, Reason.SHEET_CLOSED, liaison(OTHER), FILING, EvidenceWithdrawn("理由"))
    refused(world, Reason.SHEET_CLOSED, handler(SECTION), FILING, EvidenceReturned("理由"))
    value = content_of(world, RESULT)
    refused(world, Reason.SHEET_CLOSED, liaison(OTHER), RESULT, value, act_of(world, RESULT))
    for actor, contents in said_by_the_section(world).items():
        for content in contents:
            refused(world, Reason.SHEET_CLOSED, actor, uid("新事项"), content)
    world.do(section_head(SECTION), uid("评分表 1"), SheetReopened("补充材料"))
    world.do(liaison(OTHER), uid("新"), world.evidence(OTHER, TASK))


def test_what_does_not_apply_is_not_scored_and_the_signature_falls():
    world = at_stage("proposed")
    from kaoping.core.acts.scoring import SheetSignedByHandler

    sheet = uid("评分表 1")
    world.do(handler(SECTION), sheet, SheetSignedByHandler(world.digest("1")))
    content = ApplicabilityDecided(world.year, uid(OTHER), TASK, False, "无此职能", "方案")
    decision = world.do(section_head(SECTION), uid("不涉及"), content)
    assert (uid(OTHER), TASK) not in assessed_cells(world.state, world.year, "1")
    after = world.state.get(Sheet, sheet)
    assert after.standing is Standing.SCORED
    assert len(after.signatures) == 1
    assert valid(after.signatures) == ()
    back = replace(content, applies=True)
    refused(world, Reason.NOT_SUPERSEDING, section_head(SECTION), uid("不涉及"), back)
    world.do(section_head(SECTION), uid("不涉及"), back, decision.id)
    assert (uid(OTHER), TASK) in assessed_cells(world.state, world.year, "1")


def test_a_unit_that_the_scheme_does_not_list_is_not_decided_about():
    world = at_stage("collected")
    content = ApplicabilityDecided(world.year, uid("没有的单位"), TASK, True, "理由", "方案")
    refused(world, Reason.NOT_ASSESSED, section_head(SECTION), uid("不涉及"), content)


def test_a_gap_is_decided_once_and_anew_only_by_naming_the_decision():
    world = at_stage("collected")
    value = ValueDecided(world.year, uid(OTHER), TASK, "", Decimal(1), "未报", "方案")
    first = world.do(handler(SECTION), uid("认定"), value)
    refused(world, Reason.NOT_SUPERSEDING, handler(SECTION), uid("再认定"), value)
    other_task = replace(value, input="previous")
    world.do(handler(SECTION), uid("另一认定"), other_task)
    for moved in (replace(value, task=SECOND), other_task, replace(value, input="another")):
        refused(world, Reason.NOT_SUPERSEDING, handler(SECTION), uid("认定"), moved, first.id)
    world.do(handler(SECTION), uid("认定"), replace(value, value=Decimal(2)), first.id)
    out = ApplicabilityDecided(world.year, uid(OTHER), TASK, False, "无此职能", "方案")
    decided = world.do(section_head(SECTION), uid("不涉及"), out)
    refused(world, Reason.NOT_SUPERSEDING, section_head(SECTION), uid("再不涉及"), out)
    elsewhere = replace(out, task=SECOND)
    head = section_head(SECTION)
    refused(world, Reason.NOT_SUPERSEDING, head, uid("不涉及"), elsewhere, decided.id)


# --- accepted ---------------------------------------------------------------------------------------


def test_a_handler_accepts_what_was_filed_and_the_heads_confirmation_stays():
    world = at_stage("collected")
    before = ledger_of(world.state, world.year, uid(OTHER))
    world.do(handler(SECTION), FILING, EvidenceAccepted(act_of(world, FILING)))
    assert world.state.get(Filing, FILING).standing is Standing.ACCEPTED
    after = ledger_of(world.state, world.year, uid(OTHER))
    assert after == before
    refused(
        world, Reason.WRONG_STATE, handler(SECTION), FILING, EvidenceAccepted(act_of(world, FILING))
    )


def test_nobody_but_the_responsible_handler_accepts_and_not_what_concerns_the_own_unit():
    world = at_stage("collected")
    for actor in (liaison(OTHER), unit_head(OTHER), section_head(SECTION), handler("评估督导科")):
        refused(world, Reason.NO_ROLE, actor, FILING, EvidenceAccepted(act_of(world, FILING)))
    near(world, handler(SECTION), OTHER)
    refused(
        world, Reason.RECUSAL, handler(SECTION), FILING, EvidenceAccepted(act_of(world, FILING))
    )


def test_what_was_accepted_can_still_be_returned_corrected_and_withdrawn():
    for actor, content in (
        (handler(SECTION), EvidenceReturned("看错了，缺公章")),
        (liaison(OTHER), None),
        (liaison(OTHER), EvidenceWithdrawn("报错了")),
    ):
        world = at_stage("collected")
        world.do(handler(SECTION), FILING, EvidenceAccepted(act_of(world, FILING)))
        one = content or corrected(world)
        world.do(actor, FILING, one, None if content else act_of(world, FILING))
        expected = {
            EvidenceReturned: Standing.RETURNED,
            EvidenceCorrected: Standing.FILED,
            EvidenceWithdrawn: Standing.WITHDRAWN,
        }[type(one)]
        assert world.state.get(Filing, FILING).standing is expected


def test_what_was_corrected_since_one_looked_is_not_accepted():
    world = at_stage("collected")
    seen = EvidenceAccepted(act_of(world, FILING))
    world.do(liaison(OTHER), FILING, corrected(world), act_of(world, FILING))
    refused(world, Reason.NOT_SUPERSEDING, handler(SECTION), FILING, seen)


def test_what_came_back_or_waits_is_not_accepted():
    world = at_stage("collected")
    world.do(handler(SECTION), FILING, EvidenceReturned("缺公章"))
    refused(
        world, Reason.WRONG_STATE, handler(SECTION), FILING, EvidenceAccepted(act_of(world, FILING))
    )


# --- data of third parties --------------------------------------------------------------------------


def supplied(world: World, unit: str = UNITS[2]) -> ResultReported:
    return replace(world.supplied(), unit=uid(unit))


def test_data_that_somebody_owns_come_from_the_owner_alone():
    world = at_stage("collected")
    content = supplied(world)
    responsible = section_of("2")
    for actor in (liaison(UNITS[2]), handler(responsible)):
        refused(world, Reason.OTHERS_DATA, actor, uid("数据"), content)
    for actor in (section_head(OWNER), liaison(UNITS[3]), unit_head(UNITS[2])):
        refused(world, Reason.NO_ROLE, actor, uid("数据"), content)
    world.do(handler(OWNER), uid("数据"), content)
    assert world.state.get(Result, uid("数据")).content == content


def test_an_owner_enters_nothing_that_is_not_his():
    world = at_stage("collected")
    other = replace(supplied(world), task=tasks_of("2")[0], input="另一项")
    refused(world, Reason.OTHERS_DATA, handler(OWNER), uid("数据"), other)


def test_a_unit_that_owns_data_reports_them_of_itself_and_of_others():
    world = at_stage("collected")
    owner = UNITS[5]
    named = DataOwnersNamed((DataOwner(OWNED_TASK, uid(owner)),))
    before = world.state.get(Assessment, world.year).owners_act
    world.do(section_head(SECTIONS[0]), world.year, named, before)
    assert data_owner(world.state, world.year, OWNED_TASK) == uid(owner)
    world.do(liaison(owner), uid("数据"), supplied(world))
    other = supplied(world, UNITS[3])
    refused(world, Reason.NO_ROLE, handler(OWNER), uid("数据二"), other)
    refused(world, Reason.OTHERS_DATA, handler(section_of("2")), uid("数据二"), other)


def test_an_owner_may_belong_to_the_unit_that_the_data_are_about():
    """To report what is so is not to judge: recusal is for who judges."""
    world = at_stage("collected")
    near(world, handler(OWNER), UNITS[2])
    world.do(handler(OWNER), uid("数据"), supplied(world))


def test_who_enters_what_nobody_owns_steps_aside_from_the_own_unit():
    """Also where the section owns the data of another task of the indicator."""
    world = at_stage("collected")
    responsible = handler(section_of("2"))
    named = DataOwnersNamed((DataOwner(OWNED_TASK, uid(section_of("2"))),))
    before = world.state.get(Assessment, world.year).owners_act
    world.do(section_head(SECTIONS[0]), world.year, named, before)
    near(world, responsible, UNITS[2])
    other = replace(supplied(world), task=tasks_of("2")[0], input="另一项")
    refused(world, Reason.RECUSAL, responsible, uid("数据"), other)
    world.do(responsible, uid("数据"), supplied(world))


def test_where_no_owner_is_named_the_responsible_section_enters_as_before():
    world = at_stage("collected")
    before = world.state.get(Assessment, world.year).owners_act
    world.do(handler(SECTIONS[0]), world.year, DataOwnersNamed(()), before)
    refused(world, Reason.NO_ROLE, handler(OWNER), uid("数据"), supplied(world))
    world.do(handler(section_of("2")), uid("数据"), supplied(world))


# --- notes ------------------------------------------------------------------------------------------


def test_a_note_is_taken_back_by_another_note_of_the_same_section():
    world = at_stage("collected")
    gone = DailyNoteWithdrawn(world.year, uid(OTHER), TASK, uid("平时记录"), "记错了")
    for actor in (liaison(OTHER), handler(SECTIONS[2]), section_head(SECTION)):
        refused(world, Reason.NO_ROLE, actor, uid("撤销"), gone)
    elsewhere = replace(gone, unit=uid(UNITS[2]))
    refused(world, Reason.UNKNOWN_THING, handler(SECTION), uid("撤销"), elsewhere)
    world.do(handler(SECTION), uid("撤销"), gone)
    assert world.state.get(DailyNote, uid("平时记录")).standing is Standing.WITHDRAWN
    refused(world, Reason.WRONG_STATE, handler(SECTION), uid("又撤销"), gone)
