"""Questions that several rules ask of the state: who is who, who scores what of whom, what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.acts.codec import record_table
from kaoping.core.canonical import encode, sha256
from kaoping.core.workflow.things import (
    Appointment,
    Assessment,
    Draw,
    Duty,
    Founding,
    Human,
    Ledger,
    Person,
    Scheme,
    Section,
    Sheet,
    Standing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaoping.core.acts.setting_up import DutyGiven, IndicatorDuty, Role
    from kaoping.core.workflow.case import Place
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import DailyNote, Score, Signature, Visit

HALF_SIGNED = (Standing.HANDLER_SIGNED, Standing.ON_PAPER)
"""States of a sheet that one has signed and another has yet to sign."""
OPEN_SHEET = (Standing.SCORED, *HALF_SIGNED, Standing.REOPENED)
"""States of a sheet that may still be changed."""
_IN_OFFICE = (Standing.IN_FORCE, Standing.ENDING_ASKED)


# --- persons --------------------------------------------------------------------------------------


def founding(state: State) -> Founding:
    """How far the three administrators have come into office."""
    return state.find(Founding, "founding") or Founding()


def accounts(state: State, person: str) -> tuple[Person, ...]:
    """All accounts of the human being behind one of them; none for an unknown person."""
    one = state.find(Person, person)
    if one is None:
        return ()
    return tuple(state.get(Person, account) for account in state.get(Human, one.human).accounts)


def same_human(state: State, one: str, other: str) -> bool:
    """Whether two accounts belong to one human being: one account, or one staff number."""
    return one == other or other in {account.id for account in accounts(state, one)}


def duties_on(state: State, person: str, day: date) -> Iterator[Duty]:
    """The duties that an account has on a day, delegated ones included."""
    account = state.find(Person, person)
    for identity in account.duties if account else ():
        duty = state.get(Duty, identity)
        if is_valid(state, duty, day):
            yield duty


def is_valid(state: State, duty: Duty, day: date) -> bool:
    """Whether a duty holds on a day; a delegated one only while the duty it comes from does."""
    if duty.standing is not Standing.IN_FORCE or duty.from_date > day or is_over(duty, day):
        return False
    return duty.on_behalf_of is None or delegated_duty(state, duty, day) is not None


def held_duties(state: State, person: str, day: date) -> Iterator[Duty]:
    """The duties that an account had on a day gone by, whatever became of them since."""
    account = state.find(Person, person)
    for identity in account.duties if account else ():
        duty = state.get(Duty, identity)
        was_ended = duty.ended_on is not None and duty.ended_on < day
        if duty.from_date <= day and not is_over(duty, day) and not was_ended:
            yield duty


def holds_office(state: State, person: str) -> bool:
    """Whether a human being holds the office of an administrator, by whatever account."""
    return any(any(offices(state, account.id)) for account in accounts(state, person))


def delegated_duty(state: State, one: Duty | DutyGiven, day: date) -> Duty | None:
    """The duty that is delegated: the same one, of the person on whose behalf, not itself delegated."""
    same = ("role", "unit", "section", "indicator")
    person = state.find(Person, one.on_behalf_of)
    own = (state.get(Duty, duty) for duty in person.duties) if person else ()
    fits = (
        duty
        for duty in own
        if duty.on_behalf_of is None
        and is_valid(state, duty, day)
        and all(getattr(duty, name) == getattr(one, name) for name in same)
    )
    return next(fits, None)


def is_in_force(one: Duty | Person | DailyNote) -> bool:
    """Whether a duty was given and not ended, whatever its days; a person is registered; a note stands."""
    return one.standing is Standing.IN_FORCE


def is_over(duty: Duty, day: date) -> bool:
    """Whether the last day of a duty is past."""
    return duty.until_date is not None and duty.until_date < day


def holders(state: State, role: Role, day: date, house: str, indicator: str) -> set[str]:
    """The persons with a role in a unit or section, for an indicator, on a day."""
    return {
        duty.person
        for duty in state.every(Duty)
        if duty.role is role
        and is_valid(state, duty, day)
        and house in (duty.unit or "", duty.section or "")
        and duty.indicator in (None, indicator)
    }


def offices(state: State, person: str) -> Iterator[Appointment]:
    """The offices that an account holds now."""
    account = state.find(Person, person)
    for identity in account.offices if account else ():
        appointment = state.get(Appointment, identity)
        if appointment.standing in _IN_OFFICE:
            yield appointment


def must_step_aside(state: State, person: str, unit: str) -> bool:
    """回避: whether a human being belongs to a unit, or has declared an interest in it."""
    for account in accounts(state, person):
        section = state.find(Section, account.section)
        houses = (account.unit, section.unit if section else None, *account.interests)
        if unit in houses:
            return True
    return False


# --- the scheme -----------------------------------------------------------------------------------


def is_open(assessment: Assessment) -> bool:
    """Whether a year is under way: opened, and not filed yet."""
    return assessment.standing is Standing.OPEN


def is_announced(draw: Draw) -> bool:
    """Whether a public draw is planned and its digits are still to come."""
    return draw.standing is Standing.PLANNED


def scheme_of(state: State, assessment: str) -> Scheme:
    """The scheme of a year, in its version in force."""
    return state.get(Scheme, state.get(Assessment, assessment).scheme)


def indicators_of(state: State, assessment: str) -> tuple[IndicatorDuty, ...]:
    """The indicators of a year's scheme."""
    return scheme_of(state, assessment).content.indicators


def indicator_duty(state: State, assessment: str, indicator: str) -> IndicatorDuty | None:
    """What the scheme says of an indicator: who scores what of whom."""
    if not assessment:
        return None
    return next(
        (one for one in indicators_of(state, assessment) if one.indicator == indicator), None
    )


def indicator_of_task(state: State, assessment: str, task: str) -> str:
    """The indicator that a task belongs to; empty where the scheme has no such task."""
    return next(
        (one.indicator for one in indicators_of(state, assessment) if task in one.tasks), ""
    )


def assessed_units(state: State, assessment: str) -> set[str]:
    """Every unit that is assessed in a year on anything."""
    return {unit for one in indicators_of(state, assessment) for unit in one.assessed_units}


def is_of_assessed_unit(state: State, person: str, assessment: str) -> bool:
    """Whether a human being belongs to a unit that is assessed in a year."""
    units = {account.unit for account in accounts(state, person)}
    return bool(units & assessed_units(state, assessment))


def assessed_cells(state: State, assessment: str, indicator: str) -> list[tuple[str, str]]:
    """Every unit and task of an indicator that are scored; 不涉及 left out."""
    duty = indicator_duty(state, assessment, indicator)
    units = duty.assessed_units if duty else ()
    return [
        (unit, task)
        for unit in units
        for task in assessed_tasks(state, assessment, indicator, unit)
    ]


def assessed_tasks(state: State, assessment: str, indicator: str, unit: str) -> list[str]:
    """The tasks of an indicator on which a unit is scored; none for a unit that is not assessed."""
    duty = indicator_duty(state, assessment, indicator)
    if duty is None or unit not in duty.assessed_units:
        return []
    left_out = {cell.task for cell in duty.not_applicable if cell.unit == unit}
    decided = state.get(Assessment, assessment).applicability
    return [task for task in duty.tasks if decided.get((unit, task), task not in left_out)]


def coordinating_section(state: State, place: Place) -> str:
    """The section that coordinates at a place: of its year, or of the scheme it is about."""
    if place.section:
        return place.section
    scheme = (
        scheme_of(state, place.assessment) if place.assessment else state.find(Scheme, place.parent)
    )
    return scheme.content.coordinating_section if scheme else ""


def data_owner(state: State, assessment: str, task: str) -> str:
    """The unit or section that owns the data of a task (P12); empty where none was named."""
    year = state.find(Assessment, assessment)
    return year.data_owners.get(task, "") if year else ""


def supplier(state: State, assessment: str, task: str) -> str:
    """Who enters data that a unit does not report itself: its owner, else the responsible section."""
    indicator = indicator_of_task(state, assessment, task)
    duty = indicator_duty(state, assessment, indicator)
    responsible = duty.responsible_section if duty else ""
    return data_owner(state, assessment, task) or responsible


def owners_in(state: State, assessment: str, indicator: str) -> set[str]:
    """Every unit and section that owns data of a task of an indicator."""
    duty = indicator_duty(state, assessment, indicator)
    tasks = duty.tasks if duty else ()
    return {owner for task in tasks if (owner := data_owner(state, assessment, task))}


# --- ledgers, sheets, visits ----------------------------------------------------------------------


def ledger_id(assessment: str, unit: str) -> str:
    """Under which name a unit's ledger of a year is found."""
    return f"{assessment}/{unit}"


def ledger_of(state: State, assessment: str, unit: str) -> Ledger:
    """A unit's ledger of a year; an empty one where nothing was filed yet."""
    identity = ledger_id(assessment, unit)
    return state.find(Ledger, identity) or Ledger(identity, assessment, unit)


def ledger_digest(ledger: Ledger) -> str:
    """What the head of a unit confirms: SHA-256 of the acts in force of all that was filed."""
    content = {
        "assessment": ledger.assessment,
        "unit": ledger.unit,
        "in_force": dict(ledger.in_force),
    }
    return sha256(encode(content))


def sheet_of(state: State, assessment: str, indicator: str) -> Sheet | None:
    """The sheet of an indicator, where there is one."""
    whole = state.find(Assessment, assessment)
    return state.find(Sheet, whole.sheets.get(indicator)) if whole else None


def present_lines(state: State, sheet: Sheet) -> dict[tuple[str, str], Score]:
    """The lines of a sheet that count: those of units and tasks that are assessed now."""
    cells = assessed_cells(state, sheet.assessment, sheet.indicator)
    return {cell: sheet.lines[cell] for cell in sorted(cells) if cell in sheet.lines}


def sheet_digest(state: State, sheet: Sheet) -> str:
    """What is signed: SHA-256 of a sheet's present content, docs/formats/acts.md says of what."""
    content = {
        "assessment": sheet.assessment,
        "indicator": sheet.indicator,
        "sheet": sheet.id,
        "revision": sheet.revision,
        "lines": [_line(score) for score in present_lines(state, sheet).values()],
        "vetoes": list(state.get(Assessment, sheet.assessment).vetoes.get(sheet.indicator, ())),
    }
    return sha256(encode(content))


def _line(score: Score) -> dict[str, object]:
    adjustments = [
        {"act": one.act, "points": one.points, "reason": one.reason, "basis": one.basis}
        for one in score.adjustments
    ]
    return record_table(score.line) | {"adjustments": adjustments}


def visit_digest(visit: Visit) -> str:
    """What a team signs: SHA-256 of the findings of its visit."""
    findings = [{"act": act} | record_table(finding) for act, finding in visit.findings]
    return sha256(encode({"visit": visit.id, "unit": visit.unit, "findings": findings}))


def valid(signatures: tuple[Signature, ...]) -> tuple[Signature, ...]:
    """Those signatures that no change has voided."""
    return tuple(one for one in signatures if not one.is_void)
