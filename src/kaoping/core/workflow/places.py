"""Where each kind of step is done: found from an act, and listed for the buttons of a page.

Both ways must give the same places; `available` lists them, `take` locates them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaoping.core.workflow.case import Ground, Place
from kaoping.core.workflow.questions import (
    indicator_duty,
    indicator_of_task,
    indicators_of,
    ledger_id,
)
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.core.workflow.things import (
    Assessment,
    Ledger,
    Person,
    Scheme,
    Section,
    SecurityLog,
    Standing,
    Unit,
    Verification,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaoping.core.acts.envelope import Act
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Thing

    Located = Place | StepRefused


def _unknown() -> StepRefused:
    return StepRefused(Reason.UNKNOWN_THING)


def _is_free(state: State, act: Act) -> bool:
    return act.subject not in state.things


def _assessment_ids(state: State) -> list[str]:
    return [assessment.id for assessment in state.every(Assessment)]


# --- something new, belonging to nothing ----------------------------------------------------------


def _locate_new(state: State, act: Act) -> Located:
    return Place() if _is_free(state, act) else StepRefused(Reason.THING_EXISTS)


NEW_THING = Ground("a new id", _locate_new, lambda _state, _actor: (Place(),))
"""A new unit, section, person, duty, office, run."""


def _locate_any(_state: State, _act: Act) -> Located:
    return Place()


ANY_ENTRY = Ground("the subject of the entry", _locate_any, lambda _state, _actor: (Place(),))
"""An entry of the journal, whatever it is about."""


def _locate_security_log(state: State, act: Act) -> Located:
    log = state.find(SecurityLog, act.subject)
    if log is not None:
        return Place(thing=log.id)
    is_first = next(state.every(SecurityLog), None) is None
    return Place() if is_first and _is_free(state, act) else _unknown()


def _security_log(state: State, _actor: str) -> Iterable[Place]:
    return [Place(thing=log.id) for log in state.every(SecurityLog)] or [Place()]


SECURITY_LOG = Ground("the security log, known already or new", _locate_security_log, _security_log)
"""The one security log, from the first time on that any of it is sealed."""


# --- something that is there ----------------------------------------------------------------------


def _place_of(thing: Any) -> Place:  # noqa: ANN401 - any thing; most have a year, some a unit
    return Place(
        thing=thing.id,
        assessment=thing.id if isinstance(thing, Assessment) else getattr(thing, "assessment", ""),
        unit=getattr(thing, "unit", "") or "",
        indicator=getattr(thing, "indicator", "") or "",
    )


def on(kind: type[Thing]) -> Ground:
    """Something that is there already, of one kind."""

    def locate(state: State, act: Act) -> Located:
        thing: Thing | None = state.find(kind, act.subject)
        return _place_of(thing) if thing else _unknown()

    name = f"the {kind.__name__.lower()}"
    return Ground(name, locate, lambda state, _actor: map(_place_of, state.every(kind)))


def _locate_oneself(state: State, act: Act) -> Located:
    is_oneself = act.subject == act.actor and state.find(Person, act.actor) is not None
    return Place(thing=act.actor) if is_oneself else _unknown()


def _oneself(state: State, actor: str) -> Iterable[Place]:
    return (Place(thing=actor),) if state.find(Person, actor) else ()


ONESELF = Ground("oneself", _locate_oneself, _oneself)
"""The person who acts."""


# --- schemes and years ----------------------------------------------------------------------------


def _scheme_place(scheme: Scheme) -> Place:
    return Place(thing=scheme.id, section=scheme.content.coordinating_section)


def _locate_scheme(state: State, act: Act) -> Located:
    scheme = state.find(Scheme, act.subject)
    if scheme is not None:
        return _scheme_place(scheme)
    section: Any = getattr(act.content, "coordinating_section", "")
    if not _is_free(state, act):
        return StepRefused(Reason.THING_EXISTS)
    return Place(section=section) if state.find(Section, section) else _unknown()


def _schemes(state: State, _actor: str) -> Iterator[Place]:
    yield from map(_scheme_place, state.every(Scheme))
    yield from (Place(section=section.id) for section in state.every(Section))


SCHEME = Ground("the scheme, there already or new", _locate_scheme, _schemes)
"""A scheme, there already or new under its coordinating section."""


def _locate_new_assessment(state: State, act: Act) -> Located:
    scheme: Any = getattr(act.content, "scheme", "")
    if not _is_free(state, act):
        return StepRefused(Reason.THING_EXISTS)
    return Place(parent=scheme) if state.find(Scheme, scheme) else _unknown()


NEW_ASSESSMENT = Ground(
    "a new id, that of the assessment",
    _locate_new_assessment,
    lambda state, _: (Place(parent=scheme.id) for scheme in state.every(Scheme)),
)
"""A new assessment under a scheme."""


# --- a unit and an indicator within a year --------------------------------------------------------


def cell(kind: type[Thing], *, again: bool = False) -> Ground:
    """Something about a unit's task: new, or (`again`) in place of what is there."""

    def locate(state: State, act: Act) -> Located:
        content: Any = act.content
        if state.find(Assessment, content.assessment) is None:
            return _unknown()
        indicator = indicator_of_task(state, content.assessment, content.task)
        place = Place(assessment=content.assessment, unit=content.unit, indicator=indicator)
        thing: Any = state.find(kind, act.subject) if again else None
        if thing is not None:
            there = _place_of(thing)
            return there if there == _with(place, thing.id) else _unknown()
        return place if _is_free(state, act) else StepRefused(Reason.THING_EXISTS)

    def places(state: State, _actor: str) -> Iterator[Place]:
        for assessment in _assessment_ids(state):
            for one in indicators_of(state, assessment):
                for unit in one.assessed_units:
                    yield Place(assessment=assessment, unit=unit, indicator=one.indicator)
        if again:
            yield from map(_place_of, state.every(kind))

    subject = "a new id, or the thing that is replaced" if again else "a new id"
    return Ground(subject, locate, places)


def _with(place: Place, thing: str) -> Place:
    return Place(thing, place.parent, place.assessment, place.section, place.unit, place.indicator)


def _locate_ledger(state: State, act: Act) -> Located:
    content: Any = act.content
    ledger = state.find(Ledger, ledger_id(content.assessment, act.subject))
    return _place_of(ledger) if ledger else _unknown()


LEDGER = Ground("the unit", _locate_ledger, lambda state, _: map(_place_of, state.every(Ledger)))
"""All that a unit has filed in a year; the act is about the unit."""


def _locate_veto(state: State, act: Act) -> Located:
    content: Any = act.content
    place = Place(
        assessment=content.assessment, unit=content.unit, indicator=content.indicator or ""
    )
    if not _is_free(state, act):
        return StepRefused(Reason.THING_EXISTS)
    if not (state.find(Assessment, place.assessment) and state.find(Unit, place.unit)):
        return _unknown()
    duty = indicator_duty(state, place.assessment, place.indicator)
    is_there = not place.indicator or (duty is not None and place.unit in duty.assessed_units)
    return place if is_there else _unknown()


def _new_vetoes(state: State, _actor: str) -> Iterator[Place]:
    for assessment in _assessment_ids(state):
        for unit in state.every(Unit):
            yield Place(assessment=assessment, unit=unit.id)
        for one in indicators_of(state, assessment):
            for assessed in one.assessed_units:
                yield Place(assessment=assessment, unit=assessed, indicator=one.indicator)


NEW_VETO = Ground("a new id, that of the veto", _locate_veto, _new_vetoes)
"""A unit in one indicator, or in all."""


# --- one thing for each indicator or year ---------------------------------------------------------


def _locate_sheet(state: State, act: Act) -> Located:
    content: Any = act.content
    return _one_for_each(
        state, act, _sheets(state, act.actor), content.indicator, Reason.SHEET_TAKEN
    )


def _sheets(state: State, _actor: str) -> Iterator[Place]:
    for assessment in state.every(Assessment):
        for one in indicators_of(state, assessment.id):
            thing = assessment.sheets.get(one.indicator, "")
            yield Place(thing=thing, assessment=assessment.id, indicator=one.indicator)


SHEET = Ground("the sheet, there already or new", _locate_sheet, _sheets)
"""The sheet of an indicator, there already or new."""


def _locate_verification(state: State, act: Act) -> Located:
    content: Any = act.content
    places = _verifications(state, act.actor)
    return _one_for_each(state, act, places, content.indicator, Reason.VERIFICATION_TAKEN)


def _verifications(state: State, _actor: str) -> Iterator[Place]:
    for assessment in state.every(Assessment):
        for one in indicators_of(state, assessment.id):
            thing = assessment.verifications.get(one.indicator, "")
            yield Place(thing=thing, assessment=assessment.id, indicator=one.indicator)


VERIFICATION = Ground("a new id, that of the verification", _locate_verification, _verifications)
"""The verification of an indicator: decided once."""


def _locate_report(state: State, act: Act) -> Located:
    return _one_for_each(state, act, _reports(state, act.actor), "", Reason.REPORT_TAKEN)


def _reports(state: State, _actor: str) -> Iterator[Place]:
    return (
        Place(thing=assessment.report, assessment=assessment.id)
        for assessment in state.every(Assessment)
    )


REPORT = Ground("the report, there already or new", _locate_report, _reports)
"""The report of a year, there already or new."""


def _one_for_each(
    state: State, act: Act, places: Iterable[Place], indicator: str, taken: Reason
) -> Located:
    """The place of the act's year and indicator; its thing is the act's subject, or still to come."""
    content: Any = act.content
    wanted = (content.assessment, indicator)
    place = next((one for one in places if (one.assessment, one.indicator) == wanted), None)
    if place is None:
        return _unknown()
    if place.thing and place.thing != act.subject:
        return StepRefused(taken)
    if not place.thing and not _is_free(state, act):
        return StepRefused(Reason.THING_EXISTS)
    return place


# --- under a verification -------------------------------------------------------------------------


def _under(verification: Verification, unit: str = "") -> Place:
    return Place(
        parent=verification.id,
        assessment=verification.assessment,
        unit=unit,
        indicator=verification.indicator,
    )


def _locate_draw(state: State, act: Act) -> Located:
    content: Any = act.content
    verification = state.find(Verification, content.verification)
    if not _is_free(state, act):
        return StepRefused(Reason.THING_EXISTS)
    return _under(verification) if verification else _unknown()


NEW_DRAW = Ground(
    "a new id, that of the draw",
    _locate_draw,
    lambda state, _: map(_under, state.every(Verification)),
)
"""A new draw for a verification."""


def _locate_visit(state: State, act: Act) -> Located:
    content: Any = act.content
    verification = state.find(Verification, content.verification)
    if verification is None:
        return _unknown()
    if not _is_free(state, act):
        return StepRefused(Reason.THING_EXISTS)
    return _under(verification, content.unit)


def _visits(state: State, _actor: str) -> Iterator[Place]:
    for verification in state.every(Verification):
        duty = indicator_duty(state, verification.assessment, verification.indicator)
        for unit in duty.assessed_units if duty else ():
            yield _under(verification, unit)


NEW_VISIT = Ground("a new id, that of the visit", _locate_visit, _visits)
"""A new visit to a unit for a verification."""


def standing_at(state: State, place: Place) -> Standing:
    """The state of the thing at a place; NEW where it does not exist yet."""
    return state.things[place.thing].standing if place.thing else Standing.NEW
