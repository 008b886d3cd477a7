"""Rules and effects of consolidating, approving and filing; and those about the journal itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import DailyNoteMade
from kaoping.core.acts.filing import Resolution
from kaoping.core.acts.setting_up import Role
from kaoping.core.workflow.questions import (
    assessed_units,
    held_duties,
    holds_office,
    indicators_of,
    must_step_aside,
    sheet_digest,
    sheet_of,
)
from kaoping.core.workflow.reasons import Reason, Refusal, StepRefused
from kaoping.core.workflow.things import (
    Assessment,
    Person,
    Record,
    Report,
    Run,
    SecurityLog,
    Sheet,
    Standing,
)

if TYPE_CHECKING:
    from kaoping.core.workflow.case import Case
    from kaoping.core.workflow.things import Thing

_FEWEST_DECIDING = 3
_LEADERS = (Role.RESPONSIBLE_LEADER, Role.PRINCIPAL_LEADER)

REDACTABLE: frozenset[str] = frozenset({DailyNoteMade.wire})
"""Kinds of acts whose text may be removed by law: no later rule asks what they said or did."""


# --- the report -----------------------------------------------------------------------------------


def freeze_report(case: Case) -> tuple[Thing, ...]:
    """评分报告冻结."""
    assessment = case.state.get(Assessment, case.place.assessment)
    report = Report(case.subject, assessment.id, case.content.report_digest, case.act_id, case.day)
    return report, replace(assessment, report=report.id)


def frozen_last(case: Case) -> str:
    """The act that froze the report last; none for a new report."""
    report = case.state.find(Report, case.place.thing)
    return report.act if report else ""


def all_sheets_received(case: Case) -> Refusal:
    """The coordinating section has received the sheet of every indicator."""
    for one in indicators_of(case.state, case.place.assessment):
        sheet = sheet_of(case.state, case.place.assessment, one.indicator)
        if sheet is None or sheet.standing is not Standing.RECEIVED:
            return StepRefused(Reason.SHEETS_OPEN, one.indicator)
    return None


def present_sheets(case: Case) -> Refusal:
    """The report rests on the present content of exactly all sheets."""
    names = {one.indicator for one in indicators_of(case.state, case.place.assessment)}
    sheets = case.state.get(Assessment, case.place.assessment).sheets
    due = {
        (sheet, sheet_digest(case.state, case.state.get(Sheet, sheet)))
        for indicator, sheet in sheets.items()
        if indicator in names
    }
    listed = [(one.sheet, one.sheet_digest) for one in case.content.sheets]
    is_same = len(listed) == len(due) and set(listed) == due
    return None if is_same else StepRefused(Reason.OTHER_SHEETS)


def present_report(case: Case) -> Refusal:
    """What is decided, signed or sent is the report as it was frozen."""
    is_present = case.content.report_digest == case.thing(Report).digest
    return None if is_present else StepRefused(Reason.OTHER_CONTENT)


# --- meeting, signature, package ------------------------------------------------------------------


def decide_in_meeting(case: Case) -> tuple[Thing, ...]:
    """会议审定."""
    is_approved = case.content.resolution is Resolution.APPROVED
    standing = Standing.APPROVED if is_approved else Standing.RETURNED
    return (replace(case.thing(Report), standing=standing),)


def meeting_possible(case: Case) -> Refusal:
    """The meeting was held after the report was frozen, and who must step aside has done so."""
    one, report = case.content, case.thing(Report)
    attendees, recusals = set(one.attendees), set(one.recusals)
    units = assessed_units(case.state, report.assessment)
    concerned = {
        person
        for person in attendees
        if any(must_step_aside(case.state, person, unit) for unit in units)
    }
    is_possible = (
        report.frozen_on <= one.held_on <= case.day
        and len(attendees) == len(one.attendees)
        and len(recusals) == len(one.recusals)
        and all(case.state.find(Person, person) for person in attendees)
        and concerned <= recusals <= attendees
    )
    if not is_possible:
        return StepRefused(Reason.MEETING)
    if any(holds_office(case.state, person) for person in attendees):
        return StepRefused(Reason.ADMIN_AND_DUTY)
    return None if _is_quorate(case, attendees - recusals) else StepRefused(Reason.MEETING_QUORUM)


def _is_quorate(case: Case, deciding: set[str]) -> bool:
    """Whether three human beings decide, a leader among them, none of whom steps aside."""
    humans = {case.state.get(Person, person).human for person in deciding}
    duties = (
        duty
        for person in deciding
        for duty in held_duties(case.state, person, case.content.held_on)
    )
    return len(humans) >= _FEWEST_DECIDING and any(duty.role in _LEADERS for duty in duties)


def sign_report(case: Case) -> tuple[Thing, ...]:
    """主要领导签发."""
    return (replace(case.thing(Report), standing=Standing.SIGNED),)


def send_package(case: Case) -> tuple[Thing, ...]:
    """报送包报送: the year is closed."""
    report = case.thing(Report)
    assessment = case.state.get(Assessment, report.assessment)
    return (
        replace(report, standing=Standing.SENT),
        replace(assessment, standing=Standing.ENDED),
    )


# --- the journal itself ---------------------------------------------------------------------------


def redact(case: Case) -> tuple[Thing, ...]:
    """依法删除."""
    return (Record(_redaction(case)),)


def entry_there(case: Case) -> Refusal:
    """The entry stands before this one, and its text was not removed before."""
    is_there = case.content.index < case.state.size
    is_first = _redaction(case) not in case.state.things
    return None if is_there and is_first else StepRefused(Reason.REDACTION)


def may_be_removed(case: Case) -> Refusal:
    """Nothing later rests on the text; in a replay without it, its kind is not known here."""
    kind = case.state.kinds.get(case.content.index)
    is_free = kind is None or kind in REDACTABLE
    return None if is_free else StepRefused(Reason.REDACTION_KIND)


def some_entry_there(case: Case) -> Refusal:
    """There is an entry at all."""
    return None if case.state.size else StepRefused(Reason.REDACTION)


def _redaction(case: Case) -> str:
    return f"redaction/{case.content.index}"


def record_run(case: Case) -> tuple[Thing, ...]:
    """批量计算."""
    return (Run(case.subject, case.act_id),)


def record_written(case: Case) -> tuple[Thing, ...]:
    """批量结果写出."""
    return (replace(case.thing(Run), standing=Standing.WRITTEN),)


def of_this_run(case: Case) -> Refusal:
    """What was written came of the run that it is about."""
    is_same = case.content.run == case.thing(Run).act
    return None if is_same else StepRefused(Reason.UNKNOWN_THING)


def seal_security_log(case: Case) -> tuple[Thing, ...]:
    """安全记录封存."""
    return (SecurityLog(case.subject, case.content.until, case.act_id),)


def continues_log(case: Case) -> Refusal:
    """It begins where the one before ended, and its counts and marks are those of one set of rows."""
    one, log = case.content, case.state.find(SecurityLog, case.place.thing)
    numbers = [int(mark.partition(":")[0]) for mark in one.marks.split(" ")]
    follows = one.after == (log.until if log else 0)
    in_order = sorted(set(numbers)) == numbers and one.after < numbers[0]
    is_whole = numbers[-1] == one.until and len(numbers) == one.count
    adds_up = sum(part.count for part in one.kinds) == one.count
    is_sound = follows and in_order and is_whole and adds_up and one.first_at <= one.last_at
    return None if is_sound else StepRefused(Reason.SECURITY_LOG)


def migrate_register(case: Case) -> tuple[Thing, ...]:
    """登记表改版."""
    return (Record(case.subject),)
