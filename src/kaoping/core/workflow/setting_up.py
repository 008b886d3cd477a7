"""Rules and effects of setting a year up: persons, duties, administrators, scheme, deadlines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Late, Office, Role, StepKind
from kaoping.core.workflow.case import Place, day_of
from kaoping.core.workflow.questions import (
    HALF_SIGNED,
    OPEN_SHEET,
    accounts,
    coordinating_section,
    delegated_duty,
    duties_on,
    founding,
    holds_office,
    indicator_of_task,
    indicators_of,
    is_over,
    offices,
    same_human,
    scheme_of,
)
from kaoping.core.workflow.reasons import Reason, Refusal, StepRefused
from kaoping.core.workflow.things import (
    Appointment,
    Assessment,
    Deadline,
    Duty,
    Human,
    Person,
    Record,
    Scheme,
    Section,
    Sheet,
    Standing,
    Unit,
    Verification,
)
from kaoping.core.workflow.vacancies import said, vacancies

if TYPE_CHECKING:
    from kaoping.core.acts.setting_up import IndicatorDuty
    from kaoping.core.workflow.case import Case
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Thing

_OF_A_UNIT = (Role.LIAISON, Role.UNIT_HEAD)
_OF_A_SECTION = (Role.HANDLER, Role.SECTION_HEAD)
_MOST_EYES = 2
"""How many administrators it takes to appoint another."""


# --- units, sections, persons ---------------------------------------------------------------------


def register_unit(case: Case) -> tuple[Thing, ...]:
    """单位登记."""
    return Unit(case.subject, case.content.code, case.content.name), Record(_code(case))


def register_section(case: Case) -> tuple[Thing, ...]:
    """科室登记."""
    section = Section(case.subject, case.content.code, case.content.name, case.content.unit)
    return section, Record(_code(case))


def code_free(case: Case) -> Refusal:
    """No other unit, or no other section, has the code."""
    is_taken = _code(case) in case.state.things
    return StepRefused(Reason.CODE_TAKEN) if is_taken else None


def _code(case: Case) -> str:
    return f"{case.step.type}/{case.content.code}"


def register_person(case: Case) -> tuple[Thing, ...]:
    """人员登记; one more account of a human being who may have others."""
    content = case.content
    human = case.state.find(Human, content.staff_number_digest)
    human = human or Human(content.staff_number_digest)
    return (
        Person(case.subject, content.name, content.unit, content.section, human.id),
        replace(human, accounts=(*human.accounts, case.subject)),
    )


def houses_known(case: Case) -> Refusal:
    """Unit and section named are registered."""
    content = case.content
    unit, section = content.unit, getattr(content, "section", None)
    is_known = (unit is None or case.state.find(Unit, unit)) and (
        section is None or case.state.find(Section, section)
    )
    return None if is_known else StepRefused(Reason.UNKNOWN_THING)


def one_house(case: Case) -> Refusal:
    """A person belongs to a unit or to a section."""
    both = case.content.unit is not None and case.content.section is not None
    return StepRefused(Reason.ONE_HOUSE) if both else None


def newcomer_alone(case: Case) -> Refusal:
    """Before the administrators are in office, one registers oneself and nobody else."""
    is_newcomer = case.state.find(Person, case.actor) is None
    if is_newcomer and case.subject != case.actor:
        return StepRefused(Reason.UNKNOWN_PERSON)
    return None


# --- duties ---------------------------------------------------------------------------------------


def give_duty(case: Case) -> tuple[Thing, ...]:
    """职责授予."""
    one = case.content
    duty = Duty(
        case.subject,
        one.person,
        one.role,
        one.unit,
        one.section,
        one.indicator,
        one.from_date,
        one.until_date,
        one.on_behalf_of,
    )
    person = case.state.get(Person, one.person)
    return duty, replace(person, duties=(*person.duties, duty.id))


def end_duty(case: Case) -> tuple[Thing, ...]:
    """职责终止."""
    return (replace(case.thing(Duty), standing=Standing.ENDED, ended_on=case.day),)


def person_known(case: Case) -> Refusal:
    """The person named is registered."""
    is_known = case.state.find(Person, case.content.person)
    return None if is_known else StepRefused(Reason.UNKNOWN_PERSON)


def in_own_house(case: Case) -> Refusal:
    """A role of a unit or section is held in one's own, the others in none."""
    one = case.content
    person = case.state.get(Person, one.person)
    if one.role in _OF_A_UNIT:
        fits = one.unit is not None and one.unit == person.unit and one.section is None
    elif one.role in _OF_A_SECTION:
        fits = one.section is not None and one.section == person.section and one.unit is None
    else:
        fits = one.unit is None and one.section is None
    return None if fits else StepRefused(Reason.DUTY_SCOPE)


def days_possible(case: Case) -> Refusal:
    """The last day is not before the first; a delegated duty has a last day."""
    one = case.content
    is_endless = one.until_date is None
    if is_endless and one.on_behalf_of is not None:
        return StepRefused(Reason.DUTY_DATES)
    if not is_endless and one.until_date < one.from_date:
        return StepRefused(Reason.DUTY_DATES)
    return None


def delegation_possible(case: Case) -> Refusal:
    """A duty is delegated by another human being who has the same one, and not beyond that."""
    one = case.content
    if one.on_behalf_of is None:
        return None
    own = delegated_duty(case.state, one, one.from_date)
    has_it = own is not None and (own.until_date is None or one.until_date <= own.until_date)
    if not has_it or same_human(case.state, one.person, one.on_behalf_of):
        return StepRefused(Reason.DELEGATION)
    return None


def no_administrator(case: Case) -> Refusal:
    """三员分立: whoever holds an office gets no business duty."""
    is_one = holds_office(case.state, case.content.person)
    return StepRefused(Reason.ADMIN_AND_DUTY) if is_one else None


# --- administrators -------------------------------------------------------------------------------


def ask_office(case: Case) -> tuple[Thing, ...]:
    """管理员任命提请."""
    return (Appointment(case.subject, case.content.person, case.content.office, case.actor),)


def give_office(case: Case) -> tuple[Thing, ...]:
    """管理员任命."""
    one = case.thing(Appointment)
    person = case.state.get(Person, one.person)
    so_far = founding(case.state)
    filled = so_far.filled | {one.office}
    return (
        replace(one, standing=Standing.IN_FORCE),
        replace(person, offices=(*person.offices, one.id)),
        replace(
            so_far,
            in_office=(*so_far.in_office, one.id),
            filled=filled,
            is_over=so_far.is_over or filled == set(Office),
        ),
    )


def ask_to_end_office(case: Case) -> tuple[Thing, ...]:
    """管理员免任提请; who holds the office keeps it meanwhile."""
    asked = replace(case.thing(Appointment), asked_by=case.actor, standing=Standing.ENDING_ASKED)
    return (asked,)


def end_office(case: Case) -> tuple[Thing, ...]:
    """管理员免任."""
    so_far = founding(case.state)
    left = tuple(one for one in so_far.in_office if one != case.place.thing)
    return (
        replace(case.thing(Appointment), standing=Standing.ENDED),
        replace(so_far, in_office=left),
    )


def decline_asking(case: Case) -> tuple[Thing, ...]:
    """管理员任免提请不予批准: everything is as it was before."""
    one = case.thing(Appointment)
    was_to_end = one.standing is Standing.ENDING_ASKED
    return (replace(one, standing=Standing.IN_FORCE if was_to_end else Standing.DECLINED),)


def asked_for_another(case: Case) -> Refusal:
    """Nobody asks for an office for himself."""
    is_own = same_human(case.state, case.actor, case.content.person)
    return StepRefused(Reason.FOUR_EYES) if is_own else None


def free_for_office(case: Case) -> Refusal:
    """三员分立: who is asked for holds no office, and no duty now or later."""
    return _neither_office_nor_duty(case, case.content.person)


def still_free_for_office(case: Case) -> Refusal:
    """三员分立: who comes into office has got no other one since, and no duty."""
    return _neither_office_nor_duty(case, case.thing(Appointment).person)


def _neither_office_nor_duty(case: Case, person: str) -> Refusal:
    for account in accounts(case.state, person):
        duties = [case.state.get(Duty, duty) for duty in account.duties]
        has_duty = any(
            duty.standing is Standing.IN_FORCE and not is_over(duty, case.day) for duty in duties
        )
        if has_duty or any(offices(case.state, account.id)):
            return StepRefused(Reason.ADMIN_AND_DUTY)
    return None


def four_eyes(case: Case) -> Refusal:
    """One asks, another approves, and neither is the one concerned, whatever accounts they use.

    Who asked still holds an office, unless the first three are still to come.
    """
    one, state = case.thing(Appointment), case.state
    if founding(state).is_over and not any(offices(state, one.asked_by)):
        return StepRefused(Reason.FOUR_EYES)
    is_apart = not any(
        same_human(case.state, case.actor, other) for other in (one.asked_by, one.person)
    )
    return None if is_apart else StepRefused(Reason.FOUR_EYES)


def enough_left(case: Case) -> Refusal:
    """Two administrators at least are left, so that others can be appointed."""
    left = len(founding(case.state).in_office) - 1
    return StepRefused(Reason.LAST_ADMINISTRATORS) if left < _MOST_EYES else None


def not_oneself(case: Case) -> Refusal:
    """Nobody decides about his own office."""
    is_own = same_human(case.state, case.actor, case.thing(Appointment).person)
    return StepRefused(Reason.FOUR_EYES) if is_own else None


# --- the scheme -----------------------------------------------------------------------------------


def publish_scheme(case: Case) -> tuple[Thing, ...]:
    """实施方案发布."""
    before = case.state.find(Scheme, case.subject)
    assessments = before.assessments if before else ()
    return (Scheme(case.subject, case.content, case.act_id, assessments),)


def scheme_in_force(case: Case) -> str:
    """The act that published the version in force."""
    scheme = case.state.find(Scheme, case.place.thing)
    return scheme.act if scheme else ""


def next_version(case: Case) -> Refusal:
    """Versions count from 1; a later one gives a reason and keeps the coordinating section."""
    before = case.state.find(Scheme, case.place.thing)
    if before is None:
        is_next = case.content.version == 1
    else:
        is_next = (
            case.content.version == before.content.version + 1
            and case.content.reason.strip() != ""
            and case.content.coordinating_section == before.content.coordinating_section
        )
    return None if is_next else StepRefused(Reason.SCHEME_VERSION)


def scheme_sound(case: Case) -> Refusal:
    """Indicators and tasks stand once; units and sections are registered."""
    indicators = case.content.indicators
    tasks = [task for one in indicators for task in one.tasks]
    names = [one.indicator for one in indicators]
    is_sound = (
        indicators
        and len(set(names)) == len(names)
        and len(set(tasks)) == len(tasks)
        and all(_indicator_sound(case.state, one) for one in indicators)
    )
    return None if is_sound else StepRefused(Reason.SCHEME_CONTENT)


def _indicator_sound(state: State, one: IndicatorDuty) -> bool:
    sections = (one.responsible_section, *one.cooperating_sections)
    cells = {(cell.unit, cell.task) for cell in one.not_applicable}
    return bool(
        one.tasks
        and one.assessed_units
        and len(set(sections)) == len(sections)
        and all(state.find(Section, section) for section in sections)
        and len(set(one.assessed_units)) == len(one.assessed_units)
        and all(state.find(Unit, unit) for unit in one.assessed_units)
        and all(unit in one.assessed_units and task in one.tasks for unit, task in cells)
    )


def name_owners(case: Case) -> tuple[Thing, ...]:
    """数据提供单位认定."""
    owners = {one.task: one.owner for one in case.content.owners}
    return (replace(case.thing(Assessment), data_owners=owners, owners_act=case.act_id),)


def owners_in_force(case: Case) -> str:
    """The act that named the owners before."""
    return case.thing(Assessment).owners_act


def owners_sound(case: Case) -> Refusal:
    """Every task is of the year and stands once, with a unit or a section that is registered."""
    owners = case.content.owners
    tasks = [one.task for one in owners]
    is_sound = len(set(tasks)) == len(tasks) and all(
        indicator_of_task(case.state, case.place.assessment, one.task)
        and (case.state.find(Unit, one.owner) or case.state.find(Section, one.owner))
        for one in owners
    )
    return None if is_sound else StepRefused(Reason.OWNERS_WRONG)


def no_sheet_signed(case: Case) -> Refusal:
    """A scheme is not changed under a signature."""
    scheme = case.state.find(Scheme, case.place.thing)
    for assessment in scheme.assessments if scheme else ():
        for sheet in case.state.get(Assessment, assessment).sheets.values():
            standing = case.state.get(Sheet, sheet).standing
            if standing in HALF_SIGNED or standing not in OPEN_SHEET:
                return StepRefused(Reason.SCHEME_IN_USE)
    return None


def late_not_loosened(case: Case) -> Refusal:
    """What came too late and was refused is not let in afterwards by another version."""
    before = case.state.find(Scheme, case.place.thing)
    if before is None or before.content.late is case.content.late:
        return None
    for assessment in before.assessments:
        versions = case.state.get(Assessment, assessment).deadlines.get(StepKind.COLLECT)
        if case.content.late is Late.FLAG and versions and versions[-1].until < case.day:
            return StepRefused(Reason.SCHEME_LATE)
    return None


def drawn_units_unchanged(case: Case) -> Refusal:
    """Once a draw of units is planned, the units that it was made from stay the same."""
    before = case.state.find(Scheme, case.place.thing)
    if before is None:
        return None
    old, new = (
        {one.indicator: set(one.assessed_units) for one in content.indicators}
        for content in (before.content, case.content)
    )
    for assessment in before.assessments:
        for indicator, found in case.state.get(Assessment, assessment).verifications.items():
            has_draw = case.state.get(Verification, found).unit_draw != ""
            if has_draw and new.get(indicator) != old.get(indicator):
                return StepRefused(Reason.SCHEME_DRAWN, indicator)
    return None


# --- the year and its deadlines -------------------------------------------------------------------


def open_assessment(case: Case) -> tuple[Thing, ...]:
    """考评启动."""
    scheme = case.parent(Scheme)
    assessment = Assessment(case.subject, scheme.id, case.content.year, case.content.name)
    return assessment, replace(scheme, assessments=(*scheme.assessments, assessment.id))


def no_duty_vacant(case: Case) -> Refusal:
    """Every indicator has handler and head in its sections, every unit liaison and head (P20)."""
    found = vacancies(case.state, case.parent(Scheme).content, case.day)
    return StepRefused(Reason.DUTY_VACANT, *said(found)) if found else None


def year_unopened(case: Case) -> Refusal:
    """No assessment of that year was opened under the scheme."""
    is_open = any(
        case.state.get(Assessment, one).year == case.content.year
        for one in case.parent(Scheme).assessments
    )
    return StepRefused(Reason.YEAR_OPENED) if is_open else None


def set_deadline(case: Case) -> tuple[Thing, ...]:
    """时限设定, or another version of it."""
    assessment, step = case.thing(Assessment), case.content.step
    versions = (*assessment.deadlines.get(step, ()), Deadline(case.content.until, case.act_id))
    return (replace(assessment, deadlines={**assessment.deadlines, step: versions}),)


def some_deadline_unset(case: Case) -> Refusal:
    """There is a step without a deadline."""
    is_left = len(case.thing(Assessment).deadlines) < len(StepKind)
    return None if is_left else StepRefused(Reason.DEADLINE_UNKNOWN)


def deadline_unset(case: Case) -> Refusal:
    """The step has no deadline yet."""
    is_set = case.content.step in case.thing(Assessment).deadlines
    return StepRefused(Reason.DEADLINE_UNKNOWN) if is_set else None


def some_deadline_extendable(case: Case) -> Refusal:
    """There is a deadline, and it is not of one's own duty."""
    steps = case.thing(Assessment).deadlines
    if not steps:
        return StepRefused(Reason.DEADLINE_UNKNOWN)
    is_free = any(not _has_duty(case, step) for step in steps)
    return None if is_free else StepRefused(Reason.OWN_DEADLINE)


def later_deadline(case: Case) -> Refusal:
    """The step has a deadline, and the new one is later."""
    versions = case.thing(Assessment).deadlines.get(case.content.step)
    if not versions:
        return StepRefused(Reason.DEADLINE_UNKNOWN)
    is_later = case.content.until > versions[-1].until
    return None if is_later else StepRefused(Reason.DEADLINE_ORDER)


def deadline_ahead(case: Case) -> Refusal:
    """A deadline is not over on the day it is set."""
    is_past = case.content.until < case.day
    return StepRefused(Reason.DEADLINE_PAST) if is_past else None


def deadline_in_force(case: Case) -> str:
    """The act that set the deadline that is extended."""
    versions = case.thing(Assessment).deadlines.get(case.content.step, ())
    return versions[-1].act if versions else ""


def not_own_deadline(case: Case) -> Refusal:
    """Whoever has the duty of a step does not extend it."""
    is_own = _has_duty(case, case.content.step)
    return StepRefused(Reason.OWN_DEADLINE) if is_own else None


def _has_duty(case: Case, step: StepKind) -> bool:
    """Whether the human being who acts has the duty that a deadline presses."""
    duties = (
        duty
        for account in accounts(case.state, case.actor)
        for duty in duties_on(case.state, account.id, case.day)
    )
    return any(_presses(case, step, duty) for duty in duties)


def _presses(case: Case, step: StepKind, duty: Duty) -> bool:
    assessment = case.place.assessment
    scoring = {one.responsible_section for one in indicators_of(case.state, assessment)}
    match step:
        case StepKind.COLLECT:
            return duty.role in _OF_A_UNIT
        case StepKind.SCORE:
            return duty.role in _OF_A_SECTION and duty.section in scoring
        case StepKind.VERIFY:
            is_scoring = duty.role in _OF_A_SECTION and duty.section in scoring
            return is_scoring or duty.role is Role.INSPECTOR
        case _:
            coordinating = coordinating_section(case.state, Place(assessment=assessment))
            return duty.role in _OF_A_SECTION and duty.section == coordinating


def late_by(case: Case) -> int:
    """How many days after the deadline of its step this comes; 0 where in time, or none is set."""
    if case.step.due is None or not case.place.assessment:
        return 0
    versions = case.state.get(Assessment, case.place.assessment).deadlines.get(case.step.due, ())
    return max(0, (day_of(case.at) - versions[-1].until).days) if versions else 0


def refuses_late(case: Case) -> bool:
    """Whether the scheme refuses what comes late: filings only."""
    is_collecting = case.step.due is StepKind.COLLECT
    return (
        is_collecting and scheme_of(case.state, case.place.assessment).content.late is Late.REFUSE
    )
