"""Rules and effects of scoring: sheets and their lines, vetoes, opinions, signatures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Role
from kaoping.core.workflow.drawing import FINISHED, unsigned
from kaoping.core.workflow.questions import (
    HALF_SIGNED,
    assessed_cells,
    duties_on,
    holders,
    indicator_duty,
    must_step_aside,
    present_lines,
    same_human,
    sheet_digest,
    valid,
)
from kaoping.core.workflow.reasons import Reason, Refusal, StepRefused
from kaoping.core.workflow.things import (
    Adjustment,
    Assessment,
    Person,
    Report,
    Score,
    Sheet,
    Signature,
    Standing,
    Unit,
    Veto,
    Visit,
)
from kaoping.core.workflow.verifying import verification_finished

if TYPE_CHECKING:
    from kaoping.core.workflow.case import Case
    from kaoping.core.workflow.things import Thing


_SIGNED_AND_HERE = (*HALF_SIGNED, Standing.SIGNED, Standing.RETURNED)
"""States of a sheet that somebody signed, and that the coordinating section does not have."""


def changed(sheet: Sheet) -> Sheet:
    """A sheet after any change: its signatures are void, and opinions on it no longer count."""
    return replace(_unsigned(sheet), revision=sheet.revision + 1)


def _unsigned(sheet: Sheet) -> Sheet:
    """A sheet to be signed anew: its signatures stay visible and are void."""
    voided = tuple(replace(one, is_void=True) for one in sheet.signatures)
    return replace(sheet, signatures=voided, awaited=None, standing=Standing.SCORED)


# --- undertaking and interests --------------------------------------------------------------------


def undertake(case: Case) -> tuple[Thing, ...]:
    """廉政纪律承诺."""
    return (replace(case.thing(Person), has_undertaken=True),)


def not_undertaken_yet(case: Case) -> Refusal:
    """The undertaking is given once."""
    return StepRefused(Reason.UNDERTAKEN) if case.thing(Person).has_undertaken else None


def has_undertaken(case: Case) -> Refusal:
    """Nobody scores or visits without the undertaking to discipline (P21)."""
    is_given = case.state.get(Person, case.actor).has_undertaken
    return None if is_given else StepRefused(Reason.NO_UNDERTAKING)


def declare_interest(case: Case) -> tuple[Thing, ...]:
    """利害关系申报; sheets and visits of that unit that the person has signed are signed anew."""
    person, unit = case.thing(Person), case.content.unit
    visits = (
        unsigned(visit)
        for visit in case.state.every(Visit)
        if visit.unit == unit
        and visit.standing not in FINISHED
        and any(same_human(case.state, person.id, one.person) for one in valid(visit.signatures))
    )
    sheets = (
        _unsigned(sheet)
        for sheet in case.state.every(Sheet)
        if sheet.standing in _SIGNED_AND_HERE
        and any(same_human(case.state, person.id, one.person) for one in valid(sheet.signatures))
        and _concerns(case, sheet.assessment, sheet.indicator, unit)
    )
    return replace(person, interests=(*person.interests, unit)), *sheets, *visits


def unit_known(case: Case) -> Refusal:
    """The unit named is registered."""
    is_known = case.state.find(Unit, case.content.unit)
    return None if is_known else StepRefused(Reason.UNKNOWN_THING)


def _concerns(case: Case, assessment: str, indicator: str, unit: str) -> bool:
    """Whether a unit is assessed on an indicator."""
    duty = indicator_duty(case.state, assessment, indicator)
    return duty is not None and unit in duty.assessed_units


# --- scores ---------------------------------------------------------------------------------------


def propose_scores(case: Case) -> tuple[Thing, ...]:
    """评分填报: each line takes the place of the one for the same unit and task."""
    place = case.place
    assessment = case.state.get(Assessment, place.assessment)
    sheet = case.state.find(Sheet, place.thing)
    sheet = sheet or Sheet(case.subject, assessment.id, place.indicator, case.act_id)
    lines = {(line.unit, line.task): Score(line) for line in case.content.lines}
    return (
        replace(changed(sheet), act=case.act_id, lines={**sheet.lines, **lines}),
        replace(assessment, sheets={**assessment.sheets, place.indicator: sheet.id}),
    )


def proposed_last(case: Case) -> str:
    """The act that proposed scores on the sheet last; none for a new sheet."""
    sheet = case.state.find(Sheet, case.place.thing)
    return sheet.act if sheet else ""


def something_to_score(case: Case) -> Refusal:
    """There is something to score that is not too near."""
    cells = assessed_cells(case.state, case.place.assessment, case.place.indicator)
    return _one_apart(case, {unit for unit, _ in cells})


def something_to_adjust(case: Case) -> Refusal:
    """There is a line to adjust that is not too near."""
    return _one_apart(case, {unit for unit, _ in present_lines(case.state, case.thing(Sheet))})


def _one_apart(case: Case, units: set[str]) -> Refusal:
    is_left = any(not must_step_aside(case.state, case.actor, unit) for unit in units)
    return None if is_left else StepRefused(Reason.NOT_ASSESSED)


def lines_possible(case: Case) -> Refusal:
    """There are lines, one for each unit and task, all of them assessed."""
    cells = [(line.unit, line.task) for line in case.content.lines]
    if not cells or len(set(cells)) < len(cells):
        return StepRefused(Reason.NO_LINES)
    due = assessed_cells(case.state, case.place.assessment, case.place.indicator)
    return None if set(cells) <= set(due) else StepRefused(Reason.NOT_ASSESSED)


def adjust_score(case: Case) -> tuple[Thing, ...]:
    """得分调整 on top of what is there."""
    sheet, one = case.thing(Sheet), case.content
    cell = (one.unit, one.task)
    score = sheet.lines[cell]
    adjustment = Adjustment(case.act_id, one.points, one.reason, one.basis)
    score = replace(score, adjustments=(*score.adjustments, adjustment))
    return (replace(changed(sheet), lines={**sheet.lines, cell: score}),)


def line_is_there(case: Case) -> Refusal:
    """What is adjusted has been scored, and the adjustment says something."""
    sheet, one = case.thing(Sheet), case.content
    if (one.unit, one.task) not in present_lines(case.state, sheet):
        return StepRefused(Reason.NOT_ASSESSED)
    return None if one.points else StepRefused(Reason.ADJUSTMENT_ZERO)


# --- vetoes ---------------------------------------------------------------------------------------


def declare_veto(case: Case) -> tuple[Thing, ...]:
    """一票否决; it changes every sheet that it concerns."""
    place = case.place
    veto = Veto(case.subject, place.assessment, place.unit, place.indicator)
    return veto, *_with_vetoes(case, add=(veto.id,))


def lift_veto(case: Case) -> tuple[Thing, ...]:
    """一票否决解除."""
    veto = case.thing(Veto)
    return replace(veto, standing=Standing.ENDED), *_with_vetoes(case, remove=veto.id)


def _with_vetoes(case: Case, add: tuple[str, ...] = (), remove: str = "") -> tuple[Thing, ...]:
    assessment = case.state.get(Assessment, case.place.assessment)
    indicator, unit = case.place.indicator, case.place.unit
    left = tuple(one for one in assessment.vetoes.get(indicator, ()) if one != remove)
    sheets = (
        changed(case.state.get(Sheet, sheet))
        for name, sheet in assessment.sheets.items()
        if indicator in ("", name) and _concerns(case, assessment.id, name, unit)
    )
    return replace(assessment, vetoes={**assessment.vetoes, indicator: (*left, *add)}), *sheets


def veto_task_listed(case: Case) -> Refusal:
    """A veto of one task names the indicator of the task."""
    one = case.content
    duty = indicator_duty(case.state, case.place.assessment, case.place.indicator)
    is_listed = one.task is None or (duty is not None and one.task in duty.tasks)
    return None if is_listed else StepRefused(Reason.NOT_ASSESSED)


def report_not_frozen(case: Case) -> Refusal:
    """Nothing that the report was made from is changed while the report stands."""
    report = case.state.find(Report, case.state.get(Assessment, case.place.assessment).report)
    stands = report is not None and report.standing is not Standing.RETURNED
    return StepRefused(Reason.REPORT_FROZEN) if stands else None


# --- opinions -------------------------------------------------------------------------------------


def give_opinion(case: Case) -> tuple[Thing, ...]:
    """配合科室意见."""
    sheet = case.thing(Sheet)
    opinions = {**sheet.opinions, case.content.section: case.content.sheet_digest}
    return (replace(sheet, opinions=opinions),)


def own_cooperating_section(case: Case) -> Refusal:
    """The opinion is that of a cooperating section in which one has a duty."""
    duty = indicator_duty(case.state, case.place.assessment, case.place.indicator)
    section = case.content.section
    own = {one.section for one in duties_on(case.state, case.actor, case.day)}
    is_own = duty is not None and section in duty.cooperating_sections and section in own
    return None if is_own else StepRefused(Reason.NO_ROLE)


def opinions_given(case: Case) -> Refusal:
    """Every cooperating section has spoken on the sheet as it is before anybody signs (P13)."""
    duty = indicator_duty(case.state, case.place.assessment, case.place.indicator)
    sheet = case.thing(Sheet)
    digest = sheet_digest(case.state, sheet)
    due = duty.cooperating_sections if duty else ()
    is_given = all(sheet.opinions.get(section) == digest for section in due)
    return None if is_given else StepRefused(Reason.OPINION_MISSING)


# --- signatures -----------------------------------------------------------------------------------


def sheet_complete(case: Case) -> Refusal:
    """Every assessed unit has a score in every task that applies to it."""
    sheet = case.thing(Sheet)
    due = assessed_cells(case.state, sheet.assessment, sheet.indicator)
    is_complete = bool(due) and set(due) <= sheet.lines.keys()
    return None if is_complete else StepRefused(Reason.SHEET_INCOMPLETE)


def verified(case: Case) -> Refusal:
    """Verification on site is decided, and nothing of it is open (P15)."""
    is_finished = verification_finished(case.state, case.place)
    return None if is_finished else StepRefused(Reason.VERIFICATION_OPEN)


def present_sheet(case: Case) -> Refusal:
    """What is signed or handed on is the sheet's present content."""
    is_present = case.content.sheet_digest == sheet_digest(case.state, case.thing(Sheet))
    return None if is_present else StepRefused(Reason.OTHER_CONTENT)


def other_than_handler(case: Case) -> Refusal:
    """经办人 and 部门负责人 are two human beings, whatever accounts they use."""
    signed = valid(case.thing(Sheet).signatures)
    is_same = any(same_human(case.state, case.actor, one.person) for one in signed)
    return StepRefused(Reason.SAME_SIGNER) if is_same else None


def sign_as_handler(case: Case) -> tuple[Thing, ...]:
    """经办人签字; what stood on a paper that nobody confirmed is void."""
    own = _signature(case, Role.HANDLER, case.actor)
    return (_signed(_unsigned(case.thing(Sheet)), own, Standing.HANDLER_SIGNED),)


def sign_as_head(case: Case) -> tuple[Thing, ...]:
    """部门负责人签字."""
    own = _signature(case, Role.SECTION_HEAD, case.actor)
    return (_signed(case.thing(Sheet), own, Standing.SIGNED),)


def sign_on_paper(case: Case) -> tuple[Thing, ...]:
    """纸质签字: one's own signature counts, that of the other waits to be confirmed."""
    one = case.content
    handler = _signature(case, Role.HANDLER, one.handler)
    head = _signature(case, Role.SECTION_HEAD, one.section_head)
    own, other = (handler, head) if case.actor == one.handler else (head, handler)
    sheet = _signed(_unsigned(case.thing(Sheet)), own, Standing.ON_PAPER)
    return (replace(sheet, awaited=other),)


def confirm_paper(case: Case) -> tuple[Thing, ...]:
    """纸质签字确认: the other signature counts, too."""
    sheet = case.thing(Sheet)
    assert sheet.awaited is not None
    own = replace(sheet.awaited, act=case.act_id)
    return (replace(_signed(sheet, own, Standing.SIGNED), awaited=None),)


def _signature(case: Case, role: Role, person: str) -> Signature:
    return Signature(role, person, case.act_id, case.content.sheet_digest)


def _signed(sheet: Sheet, own: Signature, standing: Standing) -> Sheet:
    return replace(sheet, signatures=(*sheet.signatures, own), standing=standing)


def paper_signers(case: Case) -> Refusal:
    """Two signers on paper, each of whom could have signed here, and one of them enters it."""
    handler, head = case.content.handler, case.content.section_head
    if same_human(case.state, handler, head):
        return StepRefused(Reason.SAME_SIGNER)
    if case.actor not in (handler, head):
        return StepRefused(Reason.NOT_ON_PAPER)
    may_sign = _may_sign(case, handler, Role.HANDLER) and _may_sign(case, head, Role.SECTION_HEAD)
    return None if may_sign else StepRefused(Reason.SIGNER_ROLE)


def is_awaited(case: Case) -> Refusal:
    """The paper waits for this very signer, who could still sign here."""
    awaited = case.thing(Sheet).awaited
    if awaited is None or awaited.person != case.actor:
        return StepRefused(Reason.NOT_ON_PAPER)
    is_able = _may_sign(case, case.actor, awaited.role)
    return None if is_able else StepRefused(Reason.SIGNER_ROLE)


def present_paper(case: Case) -> Refusal:
    """The paper that is confirmed is the one that was entered last."""
    awaited = case.thing(Sheet).awaited
    is_present = awaited is not None and awaited.act == case.content.paper
    return None if is_present else StepRefused(Reason.OTHER_CONTENT)


def _may_sign(case: Case, person: str, role: Role) -> bool:
    duty = indicator_duty(case.state, case.place.assessment, case.place.indicator)
    account = case.state.find(Person, person)
    if duty is None or account is None or not account.has_undertaken:
        return False
    section = duty.responsible_section
    is_apart = not any(must_step_aside(case.state, person, unit) for unit in duty.assessed_units)
    return is_apart and person in holders(case.state, role, case.day, section, duty.indicator)


# --- to the coordinating section ------------------------------------------------------------------


def pass_on(case: Case) -> tuple[Thing, ...]:
    """报送、接收、退回评分表: only its state changes."""
    return (replace(case.thing(Sheet), standing=case.step.after[0]),)


def reopen_sheet(case: Case) -> tuple[Thing, ...]:
    """评分表重新打开."""
    return (replace(changed(case.thing(Sheet)), standing=Standing.REOPENED),)
