"""Rules and effects of collecting: filings, reported values, notes, decisions on gaps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import EvidenceFiledOnBehalf, ResultReported
from kaoping.core.acts.setting_up import Role
from kaoping.core.workflow.questions import (
    HALF_SIGNED,
    OPEN_SHEET,
    assessed_tasks,
    data_owner,
    duties_on,
    indicator_duty,
    ledger_digest,
    ledger_of,
    must_step_aside,
    sheet_of,
)
from kaoping.core.workflow.reasons import Reason, Refusal, StepRefused
from kaoping.core.workflow.scoring import changed
from kaoping.core.workflow.things import (
    Applicability,
    Assessment,
    DailyNote,
    DecidedValue,
    Filing,
    Ledger,
    Result,
    Standing,
)

if TYPE_CHECKING:
    from kaoping.core.workflow.case import Case
    from kaoping.core.workflow.things import Thing


_REPORTERS = (Role.LIAISON, Role.HANDLER)

# --- when and what --------------------------------------------------------------------------------


def facts_are_open(case: Case) -> Refusal:
    """What a sheet rests on is closed from the first signature on: it would change under it."""
    sheet = sheet_of(case.state, case.place.assessment, case.place.indicator)
    is_signed = sheet is not None and sheet.standing in HALF_SIGNED
    return StepRefused(Reason.SHEET_HALF_SIGNED) if is_signed else sheet_is_open(case)


def sheet_is_open(case: Case) -> Refusal:
    """What voids signatures may be done until both are given, and then once it is reopened."""
    sheet = sheet_of(case.state, case.place.assessment, case.place.indicator)
    is_closed = sheet is not None and sheet.standing not in OPEN_SHEET
    return StepRefused(Reason.SHEET_CLOSED) if is_closed else None


def unit_is_assessed(case: Case) -> Refusal:
    """The unit is assessed on the indicator, on one task at least."""
    return None if _tasks(case) else StepRefused(Reason.NOT_ASSESSED)


def unit_is_listed(case: Case) -> Refusal:
    """The scheme lists the unit under the indicator, whether or not the task applies to it."""
    duty = indicator_duty(case.state, case.place.assessment, case.place.indicator)
    is_listed = duty is not None and case.place.unit in duty.assessed_units
    return None if is_listed else StepRefused(Reason.NOT_ASSESSED)


def task_is_assessed(case: Case) -> Refusal:
    """The unit is assessed on the task."""
    return None if case.content.task in _tasks(case) else StepRefused(Reason.NOT_ASSESSED)


def _tasks(case: Case) -> list[str]:
    place = case.place
    return assessed_tasks(case.state, place.assessment, place.indicator, place.unit)


def from_its_owner(case: Case) -> Refusal:
    """Data that somebody owns come from that owner alone (P12); others step aside from their own unit."""
    place, state = case.place, case.state
    owner = data_owner(state, place.assessment, case.content.task)
    duty = indicator_duty(state, place.assessment, place.indicator)
    houses = {owner} if owner else {place.unit, duty.responsible_section if duty else ""}
    works_for = {
        one.unit or one.section
        for one in duties_on(state, case.actor, case.day)
        if one.role in _REPORTERS and one.indicator in (None, place.indicator)
    }
    if not houses & works_for:
        return StepRefused(Reason.OTHERS_DATA)
    judges = not owner and place.unit not in works_for
    is_near = judges and must_step_aside(state, case.actor, place.unit)
    return StepRefused(Reason.RECUSAL) if is_near else None


def has_files(case: Case) -> Refusal:
    """Evidence has a file at least."""
    return None if case.content.files else StepRefused(Reason.NO_FILES)


def dates_possible(case: Case) -> Refusal:
    """A period does not end before it begins; what came on paper came before it is entered."""
    one = case.content
    is_backward = (
        one.period_from is not None
        and one.period_to is not None
        and one.period_from > one.period_to
    )
    is_ahead = isinstance(one, EvidenceFiledOnBehalf) and one.received_at > case.at
    if is_backward or is_ahead:
        return StepRefused(Reason.DATES_WRONG)
    return None


def present_content(case: Case) -> str:
    """The act that gave the thing its present content; none for a new thing."""
    thing = case.state.things.get(case.place.thing)
    has_act = Filing | Result | DecidedValue | Applicability
    return thing.act if isinstance(thing, has_act) else ""


# --- filings and values ---------------------------------------------------------------------------


def _in_ledger(case: Case, assessment: str, unit: str) -> Ledger:
    """The ledger with the act in force for its subject; a change takes its confirmation away."""
    ledger = ledger_of(case.state, assessment, unit)
    in_force = {**ledger.in_force, case.subject: case.act_id}
    return replace(ledger, in_force=in_force, standing=Standing.OPEN)


def file_evidence(case: Case) -> tuple[Thing, ...]:
    """佐证材料报送."""
    place, task = case.place, case.content.task
    filing = Filing(case.subject, place.assessment, place.unit, place.indicator, task, case.act_id)
    return filing, _in_ledger(case, place.assessment, place.unit)


def file_on_behalf(case: Case) -> tuple[Thing, ...]:
    """佐证材料代录: outside the ledger until the unit accepts it."""
    filing, _ = file_evidence(case)
    return (replace(filing, standing=Standing.AWAITING_UNIT),)


def accept_filing(case: Case) -> tuple[Thing, ...]:
    """代录确认."""
    filing = case.thing(Filing)
    ledger = ledger_of(case.state, filing.assessment, filing.unit)
    in_force = {**ledger.in_force, filing.id: filing.act}
    return (
        replace(filing, standing=Standing.FILED),
        replace(ledger, in_force=in_force, standing=Standing.OPEN),
    )


def accept_evidence(case: Case) -> tuple[Thing, ...]:
    """佐证材料审核通过: the unit's ledger, and what its head confirms, stays as it is."""
    return (replace(case.thing(Filing), standing=Standing.ACCEPTED),)


def present_filing(case: Case) -> Refusal:
    """What is accepted is what is filed now."""
    is_same = case.content.looked_at == case.thing(Filing).act
    return None if is_same else StepRefused(Reason.NOT_SUPERSEDING)


def return_evidence(case: Case) -> tuple[Thing, ...]:
    """佐证材料退回."""
    return (replace(case.thing(Filing), standing=Standing.RETURNED),)


def correct_evidence(case: Case) -> tuple[Thing, ...]:
    """佐证材料补正."""
    filing = case.thing(Filing)
    return (
        replace(filing, act=case.act_id, standing=Standing.FILED),
        _in_ledger(case, filing.assessment, filing.unit),
    )


def withdraw_evidence(case: Case) -> tuple[Thing, ...]:
    """佐证材料撤回."""
    filing = case.thing(Filing)
    ledger = ledger_of(case.state, filing.assessment, filing.unit)
    left = {key: act for key, act in ledger.in_force.items() if key != filing.id}
    return (
        replace(filing, standing=Standing.WITHDRAWN),
        replace(ledger, in_force=left, standing=Standing.OPEN),
    )


def report_result(case: Case) -> tuple[Thing, ...]:
    """实际完成情况上报."""
    place, one = case.place, case.content
    ledger = _in_ledger(case, place.assessment, place.unit)
    key = (one.task, one.input)
    values = (*ledger.reported.get(key, ()), one.value)
    return (
        Result(case.subject, place.assessment, place.unit, place.indicator, one, case.act_id),
        replace(
            ledger,
            reported={**ledger.reported, key: values},
            results={**ledger.results, key: case.subject},
        ),
    )


def confirm_ledger(case: Case) -> tuple[Thing, ...]:
    """台账确认."""
    return (replace(case.thing(Ledger), standing=Standing.CONFIRMED),)


def ledger_unchanged(case: Case) -> Refusal:
    """What is confirmed is what is filed now."""
    is_same = case.content.ledger_digest == ledger_digest(case.thing(Ledger))
    return None if is_same else StepRefused(Reason.OTHER_LEDGER)


# --- what a section says --------------------------------------------------------------------------


def make_note(case: Case) -> tuple[Thing, ...]:
    """平时记录."""
    place = case.place
    return (DailyNote(case.subject, place.assessment, place.unit, place.indicator),)


def withdraw_note(case: Case) -> tuple[Thing, ...]:
    """平时记录撤销: a note of its own; the other one is not known where its text was removed by law."""
    note = case.state.find(DailyNote, case.content.note)
    gone = (replace(note, standing=Standing.WITHDRAWN),) if note else ()
    return *make_note(case), *gone


def note_stands(case: Case) -> Refusal:
    """The note is about the same unit and indicator, and was not taken back; nothing where it is not known."""
    note = case.state.find(DailyNote, case.content.note)
    if note is None:
        return None
    place = case.place
    cell = (place.assessment, place.unit, place.indicator)
    if (note.assessment, note.unit, note.indicator) != cell:
        return StepRefused(Reason.UNKNOWN_THING)
    return None if note.standing is Standing.IN_FORCE else StepRefused(Reason.WRONG_STATE)


def decide_value(case: Case) -> tuple[Thing, ...]:
    """认定值."""
    place, one = case.place, case.content
    ledger = ledger_of(case.state, place.assessment, place.unit)
    decided = {**ledger.decided, (one.task, one.input): case.subject}
    return (
        DecidedValue(case.subject, place.assessment, place.unit, place.indicator, case.act_id),
        replace(ledger, decided=decided),
    )


def one_for_each_input(case: Case) -> Refusal:
    """There is one result, and one decision, on each input of a task; another one replaces it."""
    one = case.content
    ledger = ledger_of(case.state, case.place.assessment, case.place.unit)
    known = ledger.results if isinstance(one, ResultReported) else ledger.decided
    there = known.get((one.task, one.input), "")
    return None if there == case.place.thing else StepRefused(Reason.NOT_SUPERSEDING)


def decide_applicability(case: Case) -> tuple[Thing, ...]:
    """不涉及认定: what is scored changes, and so does the sheet."""
    place, task = case.place, case.content.task
    whole = case.state.get(Assessment, place.assessment)
    decided = {**whole.applicability, (place.unit, task): case.content.applies}
    sheet = sheet_of(case.state, whole.id, place.indicator)
    sheets = (changed(sheet),) if sheet else ()
    return (
        Applicability(case.subject, whole.id, place.unit, place.indicator, task, case.act_id),
        replace(whole, applicability=decided),
        *sheets,
    )


def applicability_decided_once(case: Case) -> Refusal:
    """There is one decision on a unit's task; another one about the same task replaces it."""
    whole = case.state.get(Assessment, case.place.assessment)
    before = case.state.find(Applicability, case.place.thing)
    is_decided = (case.place.unit, case.content.task) in whole.applicability
    fits = before.task == case.content.task if before else not is_decided
    return None if fits else StepRefused(Reason.NOT_SUPERSEDING)
