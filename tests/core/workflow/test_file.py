"""Consolidating, approving, filing: no step is skipped; and the acts about the journal itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from kaoping.core.acts.collecting import DailyNoteMade
from kaoping.core.acts.filing import (
    MeetingDecided,
    MeetingKind,
    PackageSent,
    ReportFrozen,
    ReportSigned,
    Resolution,
)
from kaoping.core.acts.keeping import (
    PROGRAM,
    EventCount,
    RegisterMigrated,
    RunComputed,
    RunWritten,
    TextRedacted,
)
from kaoping.core.acts.scoring import SheetReopened, VetoDeclared
from kaoping.core.acts.setting_up import DutyEnded, Role
from kaoping.core.workflow.filing import REDACTABLE
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.taking import replay
from kaoping.core.workflow.things import Report, Standing
from tests.core.workflow.stages import at_stage, near, refused, second_account
from tests.world_set_up import SECTIONS, UNITS, handler, section_head, section_of, uid
from tests.worlds import finished_year, security_log_sealed

if TYPE_CHECKING:
    from tests.worlds import World

COORDINATOR = handler(SECTIONS[0])
LEADER = uid("主要领导")
MEMBERS = tuple(section_head(section) for section in SECTIONS[:2])
REPORT = uid("评分报告")
DIGEST = sha256("评分报告".encode()).hexdigest()
HEAD = section_head(section_of("1"))


def frozen(world: World) -> Any:
    """The act that freezes the report, as it would be in a world whose sheets are received."""
    done = at_stage("frozen")
    return done.acts[-1].content


def met(world: World, **change: Any) -> MeetingDecided:
    whole = MeetingDecided(
        MeetingKind.PARTY_GROUP_MEETING,
        date(2025, 1, 18),
        (LEADER, uid("分管领导"), *MEMBERS),
        (),
        Resolution.APPROVED,
        DIGEST,
        world.blob("纪要"),
    )
    return replace(whole, **change)


def sent(world: World) -> PackageSent:
    return PackageSent(DIGEST, "评字〔2025〕3号", "市绩效办", world.blob("package.zip"))


# --- the report -----------------------------------------------------------------------------------


def test_a_report_is_frozen_only_when_all_sheets_are_received():
    world = at_stage("signed")
    for indicator in world.indicators:
        world.hand_in(indicator)
    error = refused(world, Reason.SHEETS_OPEN, COORDINATOR, REPORT, frozen(world))
    assert "1" in error.zh


def test_a_report_lists_exactly_the_present_sheets():
    world = at_stage("received")
    good = frozen(world)
    first, *others = good.sheets
    wrong = replace(first, sheet_digest="0" * 64)
    for sheets in ((), tuple(others), (first, first, *others[1:]), (wrong, *others)):
        content = replace(good, sheets=sheets)
        refused(world, Reason.OTHER_SHEETS, COORDINATOR, REPORT, content)
    refused(world, Reason.NO_ROLE, LEADER, REPORT, good)
    world.do(COORDINATOR, REPORT, good)


def test_a_year_has_one_report():
    world = at_stage("frozen")
    refused(world, Reason.REPORT_TAKEN, COORDINATOR, uid("另一报告"), frozen(world))
    act = world.acts[-1].id
    refused(world, Reason.WRONG_STATE, COORDINATOR, REPORT, frozen(world), act)


def test_sheets_stay_closed_while_the_report_stands():
    world = at_stage("frozen")
    refused(world, Reason.REPORT_FROZEN, HEAD, uid("评分表 1"), SheetReopened("理由"))
    veto = VetoDeclared(
        world.year, uid(UNITS[0]), None, None, "安全事故", "应急部门", world.blob("通报"), "事故"
    )
    refused(world, Reason.REPORT_FROZEN, COORDINATOR, uid("否决"), veto)
    world.do(COORDINATOR, REPORT, met(world, resolution=Resolution.RETURNED))
    world.do(HEAD, uid("评分表 1"), SheetReopened("会议要求补正"))


def test_a_returned_report_is_frozen_anew_and_names_the_old_one():
    world = at_stage("frozen")
    old = world.acts[-1].id
    world.do(COORDINATOR, REPORT, met(world, resolution=Resolution.RETURNED))
    again = replace(frozen(world), report_digest="1" * 64)
    refused(world, Reason.NOT_SUPERSEDING, COORDINATOR, REPORT, again)
    world.do(COORDINATOR, REPORT, again, old)
    refused(world, Reason.OTHER_CONTENT, COORDINATOR, REPORT, met(world))
    world.do(COORDINATOR, REPORT, met(world, report_digest="1" * 64))


# --- meeting, signature, package ------------------------------------------------------------------


def test_no_step_is_skipped():
    world = at_stage("received")
    refused(world, Reason.UNKNOWN_THING, COORDINATOR, REPORT, met(world))
    world = at_stage("frozen")
    refused(world, Reason.WRONG_STATE, LEADER, REPORT, ReportSigned(DIGEST))
    refused(world, Reason.WRONG_STATE, COORDINATOR, REPORT, sent(world))
    world.do(COORDINATOR, REPORT, met(world))
    refused(world, Reason.WRONG_STATE, COORDINATOR, REPORT, sent(world))
    for actor in (uid("分管领导"), COORDINATOR, HEAD):
        refused(world, Reason.NO_ROLE, actor, REPORT, ReportSigned(DIGEST))
    refused(world, Reason.OTHER_CONTENT, LEADER, REPORT, ReportSigned("0" * 64))
    world.do(LEADER, REPORT, ReportSigned(DIGEST))
    refused(world, Reason.WRONG_STATE, COORDINATOR, REPORT, met(world))
    refused(world, Reason.NO_ROLE, LEADER, REPORT, sent(world))
    world.do(COORDINATOR, REPORT, sent(world))
    assert world.state.get(Report, REPORT).standing is Standing.SENT


@pytest.mark.parametrize(
    "change",
    [
        {"held_on": date(2025, 1, 17)},
        {"held_on": date(2025, 1, 19)},
        {"attendees": (LEADER, LEADER, *MEMBERS)},
        {"attendees": (LEADER, *MEMBERS, uid("路人"))},
        {"recusals": (LEADER, LEADER)},
        {"recusals": (uid("核验员丁"),)},
    ],
)
def test_a_meeting_is_possible_as_recorded(change):
    world = at_stage("frozen")
    refused(world, Reason.MEETING, COORDINATOR, REPORT, met(world, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"attendees": ()},
        {"attendees": (LEADER,)},
        {"attendees": (LEADER, uid("分管领导"))},
        {"attendees": (*MEMBERS, section_head(SECTIONS[2]))},
        {"recusals": (LEADER, uid("分管领导"))},
        {"recusals": (LEADER, *MEMBERS)},
        {"attendees": (LEADER,), "recusals": (LEADER,)},
    ],
)
def test_three_decide_and_a_leader_is_among_them(change):
    world = at_stage("frozen")
    refused(world, Reason.MEETING_QUORUM, COORDINATOR, REPORT, met(world, **change))


def test_two_accounts_of_one_human_being_decide_as_one():
    world = at_stage("frozen")
    double = second_account(world, "领导二号", "主要领导", Role.RESPONSIBLE_LEADER)
    change = {"attendees": (LEADER, double, MEMBERS[0])}
    refused(world, Reason.MEETING_QUORUM, COORDINATOR, REPORT, met(world, **change))


def test_a_leader_is_one_on_the_day_of_the_meeting():
    world = at_stage("frozen")
    for name, role in (("主要领导", "principal_leader"), ("分管领导", "responsible_leader")):
        world.do(uid("安全管理员"), uid(f"职责 {name} {role}"), DutyEnded("离任"))
    world.until("2025-01-20T01:00")
    later = met(world, held_on=date(2025, 1, 20))
    refused(world, Reason.MEETING_QUORUM, COORDINATOR, REPORT, later)
    world.do(COORDINATOR, REPORT, met(world))  # held while they were in office


def test_no_administrator_sits_in_a_meeting():
    world = at_stage("frozen")
    change = {"attendees": (LEADER, *MEMBERS, uid("审计管理员乙"))}
    refused(world, Reason.ADMIN_AND_DUTY, COORDINATOR, REPORT, met(world, **change))


def test_who_is_near_an_assessed_unit_steps_aside_in_the_meeting():
    world = at_stage("frozen")
    near(world, uid("分管领导"), UNITS[3])
    refused(world, Reason.MEETING, COORDINATOR, REPORT, met(world))
    world.do(COORDINATOR, REPORT, met(world, recusals=(uid("分管领导"),)))


# --- the journal itself ---------------------------------------------------------------------------


def redacted(index: int) -> TextRedacted:
    return TextRedacted(index, "个人信息保护法", "无关个人信息", "0" * 64)


def test_a_text_is_removed_once_where_there_is_one_and_by_the_security_administrator():
    world = at_stage("collected")
    note = next(n for n, act in enumerate(world.acts) if isinstance(act.content, DailyNoteMade))
    subject, size = world.acts[note].subject, len(world.acts)
    refused(world, Reason.REDACTION, uid("安全管理员"), subject, redacted(size))
    for actor in (uid("系统管理员"), uid("审计管理员乙"), COORDINATOR):
        refused(world, Reason.NO_ROLE, actor, subject, redacted(note))
    world.do(uid("安全管理员"), subject, redacted(note))
    refused(world, Reason.REDACTION, uid("安全管理员"), subject, redacted(note))


def test_nothing_is_removed_that_later_acts_rest_on():
    world = at_stage("collected")
    for index, act in enumerate(world.acts):
        if act.type not in REDACTABLE:
            reason = Reason.REDACTION_KIND
            refused(world, reason, uid("安全管理员"), act.subject, redacted(index))


def test_a_journal_is_clean_without_the_texts_that_may_be_removed():
    acts = finished_year(4)
    left = [(index, act) for index, act in enumerate(acts) if act.type not in REDACTABLE]
    indices = [index for index, _ in left]
    state, found = replay((act for _, act in left), indices)
    assert found is None
    assert len(left) < len(acts) == state.size


def test_an_index_that_is_named_is_that_of_the_journal():
    acts = finished_year(4)
    place = next(n for n, act in enumerate(acts) if act.type == "text.redacted/1")
    left = [(n, act) for n, act in enumerate(acts[: place + 1]) if act.type not in REDACTABLE]
    indices = [index for index, _ in left]
    last: Any = left[-1][1].content
    content = replace(last, index=place)
    wrong = replace(left[-1][1], content=content)
    _, found = replay([*(act for _, act in left[:-1]), wrong], indices)
    assert found is not None
    assert found.index == place
    assert found.refusal.reason is Reason.REDACTION
    acts_of_later = replace(left[-1][1], content=replace(content, index=place - 1))
    _, found = replay([*(act for _, act in left[:-1]), acts_of_later], indices)
    assert found is not None
    assert found.refusal.reason is Reason.REDACTION_KIND


def test_a_run_is_recorded_by_a_program_and_by_no_person():
    world = at_stage("empty")
    run = RunComputed("kaoping 0.1", DIGEST, (), DIGEST, ())
    early = RunWritten(uid("没有的运行"), ())
    refused(world, Reason.UNKNOWN_THING, uid("批量程序"), uid("批量计算"), early)
    computed = world.do(uid("批量程序"), uid("批量计算"), run)
    refused(world, Reason.UNKNOWN_THING, uid("批量程序"), computed.subject, early)
    written = RunWritten(computed.id, ())
    world.do(uid("批量程序"), computed.subject, written)
    refused(world, Reason.WRONG_STATE, uid("批量程序"), computed.subject, written)
    world = at_stage("registered")
    refused(world, Reason.NO_ROLE, LEADER, uid("批量计算"), run)


def test_the_security_log_is_sealed_without_gap_or_overlap():
    world, log = at_stage("registered"), uid("安全记录")
    world.do(PROGRAM, log, security_log_sealed(0, 3, world.at))
    for wrong in (
        security_log_sealed(0, 3, world.at),
        security_log_sealed(2, 3, world.at),
        security_log_sealed(4, 1, world.at),
    ):
        refused(world, Reason.SECURITY_LOG, PROGRAM, log, wrong)
    good = security_log_sealed(3, 2, world.at)
    for wrong in (
        replace(good, count=3),
        replace(good, until=6),
        replace(good, kinds=(EventCount("signed_in", 1),)),
        replace(good, marks=" ".join(reversed(good.marks.split(" ")))),
        replace(good, first_at="2099-01-01T00:00:00Z"),
    ):
        refused(world, Reason.SECURITY_LOG, PROGRAM, log, wrong)
    refused(world, Reason.UNKNOWN_THING, PROGRAM, uid("另一份安全记录"), good)
    refused(world, Reason.NO_ROLE, uid("安全管理员"), log, good)
    world.do(PROGRAM, log, good)


def test_a_migration_of_the_register_is_recorded_by_the_program_only():
    world = at_stage("registered")
    content = RegisterMigrated("0010", "kaoping 0.1", ())
    refused(world, Reason.NO_ROLE, uid("系统管理员"), uid("改版"), content)
    world.do(PROGRAM, uid("改版"), content)
    refused(world, Reason.THING_EXISTS, PROGRAM, uid("改版"), content)


def test_the_frozen_report_names_its_sheets():
    content = frozen(at_stage("received"))
    assert isinstance(content, ReportFrozen)
    assert len(content.sheets) == len(at_stage("received").indicators)
