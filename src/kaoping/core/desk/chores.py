"""Which steps are owed: of all that a person may do, what must be done, and how much is left of it.

A chore is asked about one place of its step. It knows nothing of roles, recusal or deadlines' rules:
the table of steps does. What is merely possible (withdraw, adjust, extend on a wish) has no chore.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from kaoping.core.acts import collecting as collected
from kaoping.core.acts import filing as filed
from kaoping.core.acts import scoring as scored
from kaoping.core.acts import setting_up as founded
from kaoping.core.acts import verifying as verified
from kaoping.core.acts.setting_up import Office, Role, StepKind
from kaoping.core.acts.verifying import VerificationMode
from kaoping.core.desk.picture import cell_complete
from kaoping.core.desk.year import FIVE_STEPS, due_of, progress_of
from kaoping.core.workflow.case import day_of
from kaoping.core.workflow.drawing import FINISHED, inspectors
from kaoping.core.workflow.questions import (
    OPEN_SHEET,
    assessed_cells,
    assessed_tasks,
    duties_on,
    indicator_duty,
    indicators_of,
    ledger_of,
    owners_in,
    sheet_digest,
    sheet_of,
    supplier,
    valid,
)
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.things import (
    Appointment,
    Assessment,
    Draw,
    Duty,
    Filing,
    Ledger,
    Person,
    Report,
    Scheme,
    Sheet,
    Standing,
    Unit,
    Verification,
    Visit,
)
from kaoping.core.workflow.vacancies import vacancies
from kaoping.core.workflow.verifying import SMALLEST_TEAM, units_to_visit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kaoping.core.acts.setting_up import IndicatorDuty
    from kaoping.core.acts.union import Content
    from kaoping.core.calendar import Calendar
    from kaoping.core.desk.picture import Demand, Picture
    from kaoping.core.workflow.case import Case


class Look(StrEnum):
    """How a matter stands, apart from its deadline."""

    OPEN = "open"
    PARTLY = "partly"
    FILED = "filed"
    RETURNED = "returned"


class Topic(StrEnum):
    """What a step is owed for, where that is not plain from the step."""

    VACANT = "vacant"
    IDLE = "idle"
    UNITS = "units"
    INSPECTORS = "inspectors"
    SUPPLIED = "supplied"


@dataclass(frozen=True, slots=True)
class Work:
    """What is left at one place.

    Attributes:
        done, total: how much of how much, where it can be counted.
        units, tasks: which ones it concerns, where not the whole place; also sections.
        topic: what the step is owed for.
        look: how the matter stands.
        due: its deadline, where that is not the deadline of the step.
    """

    done: int = 0
    total: int = 0
    units: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    topic: str = ""
    look: Look = Look.OPEN
    due: date | None = None


@dataclass(frozen=True)
class Asker:
    """Whose chores, out of which picture; what is asked often is found once."""

    picture: Picture
    person: str
    at: str
    calendar: Calendar
    demand: Demand | None
    visits_due: dict[str, set[str]] = field(default_factory=dict)

    @cached_property
    def day(self) -> date:
        """The day in Asia/Shanghai."""
        return day_of(self.at)

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """The duties of the day."""
        return tuple(duties_on(self.picture, self.person, self.day))

    @cached_property
    def units(self) -> frozenset[str]:
        """For which units the person reports."""
        return frozenset(one.unit for one in self.duties if one.unit)

    @cached_property
    def sections(self) -> frozenset[str]:
        """In which sections the person has a duty."""
        return frozenset(one.section for one in self.duties if one.section)

    @property
    def houses(self) -> frozenset[str]:
        """The units and sections in which the person has a duty."""
        return self.units | self.sections

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles of the day."""
        return frozenset(one.role for one in self.duties)

    @cached_property
    def near_indicators(self) -> frozenset[tuple[str, str]]:
        """Years and indicators in which one's houses have a part, the coordinating section in all."""
        return frozenset(
            (year.id, one.indicator)
            for year in self.picture.every(Assessment)
            for one in indicators_of(self.picture, year.id)
            if self.houses
            & {
                one.responsible_section,
                *one.cooperating_sections,
                *owners_in(self.picture, year.id, one.indicator),
                self.picture.get(Scheme, year.scheme).content.coordinating_section,
            }
        )

    def to_visit(self, found: Verification) -> set[str]:
        """Which units a verification visits."""
        if found.id not in self.visits_due:
            self.visits_due[found.id] = units_to_visit(self.picture, found)
        return self.visits_due[found.id]

    def year(self, case: Case) -> Assessment:
        """The year of a place."""
        return self.picture.get(Assessment, case.place.assessment)

    def due(self, case: Case, kind: StepKind) -> date | None:
        """The deadline of a step in the year of a place."""
        return due_of(self.year(case), kind)

    def is_collecting(self, case: Case) -> bool:
        """Whether units may still report in time."""
        due = self.due(case, StepKind.COLLECT)
        return due is not None and self.day <= due

    def duty(self, case: Case) -> IndicatorDuty | None:
        """What the scheme says of the indicator of a place."""
        return indicator_duty(self.picture, case.place.assessment, case.place.indicator)


Left = Callable[["Case", Asker], Iterator[Work]]


class By(StrEnum):
    """What is one matter: one place, all of an indicator, or all of a unit in an indicator."""

    PLACE = "place"
    INDICATOR = "indicator"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Chore:
    """When a step is owed.

    Attributes:
        left: what is left at a place; nothing where nothing is owed.
        by: which places make one matter.
        waits: the refusals that mean: not yet. Any other means that it is not one's matter.
        after_collecting: before the units' deadline it is not time for it yet, though allowed.
    """

    left: Left
    by: By = By.PLACE
    waits: tuple[Reason, ...] = ()
    after_collecting: bool = False


# --- set-up ---------------------------------------------------------------------------------------


def no_unit(case: Case, _: Asker) -> Iterator[Work]:
    """Nothing is registered yet."""
    if next(case.state.every(Unit), None) is None:
        yield Work()


def only_administrators(case: Case, _: Asker) -> Iterator[Work]:
    """There are units, but nobody to work."""
    state = case.state
    has_units = next(state.every(Unit), None) is not None
    if has_units and all(one.offices for one in state.every(Person)):
        yield Work()


def missing_duties(case: Case, asker: Asker) -> Iterator[Work]:
    """A seat that the scheme needs is vacant; somebody never had a duty, and is no administrator."""
    state = case.state
    schemes = list(state.every(Scheme))
    if schemes:
        vacant = vacancies(state, schemes[-1].content, asker.day)
        if vacant:
            houses = tuple(dict.fromkeys(one.house for one in vacant))
            yield Work(total=len(vacant), units=houses, topic=Topic.VACANT)
    asked = {one.person for one in state.every(Appointment)}
    idle = sum(not one.duties and one.id not in asked for one in state.every(Person))
    if idle:
        yield Work(total=idle, topic=Topic.IDLE)


def vacant_office(case: Case, _: Asker) -> Iterator[Work]:
    """An office that nobody holds and nobody is asked for."""
    gone = (Standing.ENDED, Standing.DECLINED)
    held = {one.office for one in case.state.every(Appointment) if one.standing not in gone}
    for office in Office:
        if office not in held:
            yield Work(topic=office.value)


def whatever_waits(case: Case, _: Asker) -> Iterator[Work]:
    """The thing at the place is in a state that the step leads on from, and nothing else is asked."""
    if case.state.things[case.place.thing].standing in case.step.before:
        yield Work()


def no_scheme(case: Case, _: Asker) -> Iterator[Work]:
    """No scheme was published yet."""
    if next(case.state.every(Scheme), None) is None:
        yield Work()


def not_opened(case: Case, _: Asker) -> Iterator[Work]:
    """The scheme has no year yet."""
    if not case.parent(Scheme).assessments:
        yield Work()


def owners_unnamed(case: Case, asker: Asker) -> Iterator[Work]:
    """Some data come from third parties (P12), and nobody has said who enters them."""
    demand = asker.demand.supplied if asker.demand else {}
    tasks = {task for (_unit, task), names in demand.items() if names}
    unnamed = tasks - asker.year(case).data_owners.keys()
    if unnamed:
        yield Work(total=len(unnamed), due=asker.due(case, StepKind.COLLECT))


def deadlines_unset(case: Case, asker: Asker) -> Iterator[Work]:
    """One of the five steps has no deadline."""
    count = sum(kind in asker.year(case).deadlines for kind in FIVE_STEPS)
    if count < len(FIVE_STEPS):
        yield Work(count, len(FIVE_STEPS), look=Look.PARTLY)


def steps_overdue(case: Case, asker: Asker) -> Iterator[Work]:
    """A step is past its deadline and not done; leaders see to it."""
    if not asker.roles & {Role.RESPONSIBLE_LEADER, Role.PRINCIPAL_LEADER}:
        return
    year = asker.year(case)
    for kind in FIVE_STEPS:
        due = due_of(year, kind)
        if due is None or due >= asker.day:
            continue
        done, total = progress_of(asker.picture, year, kind)
        if done < total:
            yield Work(done, total, topic=kind.value, look=Look.PARTLY)


# --- collect --------------------------------------------------------------------------------------


def _state_of_cell(case: Case, asker: Asker, task: str) -> tuple[bool, bool]:
    """Whether a unit's values on a task are complete, and its materials."""
    place = case.place
    return cell_complete(asker.picture, asker.demand, place.assessment, (place.unit, task))


def _unit_left(case: Case, asker: Asker) -> tuple[Work, bool] | None:
    """The tasks that a unit has still to fill in, and whether any value is among it."""
    place = case.place
    if place.thing or place.unit not in asker.units:
        return None
    tasks = assessed_tasks(asker.picture, place.assessment, place.indicator, place.unit)
    states = {task: _state_of_cell(case, asker, task) for task in tasks}
    left = tuple(task for task, state in states.items() if not all(state))
    if not left:
        return None
    done = len(tasks) - len(left)
    work = Work(done, len(tasks), tasks=left, look=Look.PARTLY if done else Look.OPEN)
    return work, any(not has_values for has_values, _ in states.values())


def values_unreported(case: Case, asker: Asker) -> Iterator[Work]:
    """A unit has tasks without values (and materials); or a section those that others own."""
    found = _unit_left(case, asker)
    if found and found[1]:
        yield found[0]
    yield from _supplied_left(case, asker)


def materials_unfiled(case: Case, asker: Asker) -> Iterator[Work]:
    """All values of a unit are reported, but materials are missing."""
    found = _unit_left(case, asker)
    if found and not found[1]:
        yield found[0]


def _supplied_left(case: Case, asker: Asker) -> Iterator[Work]:
    """Values of third parties that their owner has still to enter (P12), else the responsible section."""
    duty, place = asker.duty(case), case.place
    if asker.demand is None or place.thing or duty is None:
        return
    supplied = asker.demand.supplied
    tasks = [
        task
        for task in assessed_tasks(asker.picture, place.assessment, place.indicator, place.unit)
        if supplied.get((place.unit, task))
        and supplier(asker.picture, place.assessment, task) in asker.houses
    ]
    ledger = ledger_of(asker.picture, place.assessment, place.unit)
    left = tuple(
        task
        for task in tasks
        if not all((task, name) in ledger.results for name in supplied[place.unit, task])
    )
    if tasks:
        units = (place.unit,) if left else ()
        yield Work(len(tasks) - len(left), len(tasks), units, left, Topic.SUPPLIED)


def returned_filing(case: Case, _: Asker) -> Iterator[Work]:
    """A filing came back."""
    one = case.thing(Filing)
    if one.standing is Standing.RETURNED:
        yield Work(tasks=(one.task,), look=Look.RETURNED)


def entered_for_us(case: Case, _: Asker) -> Iterator[Work]:
    """A section entered paper or mail for the unit."""
    one = case.thing(Filing)
    if one.standing is Standing.AWAITING_UNIT:
        yield Work(total=1, tasks=(one.task,), look=Look.FILED)


def ledger_open(case: Case, asker: Asker) -> Iterator[Work]:
    """What the unit filed is not confirmed by its head, as it is now."""
    if case.thing(Ledger).standing is Standing.OPEN:
        yield ledger_work(case, asker)


def ledger_work(case: Case, asker: Asker) -> Work:
    """How many of a unit's tasks are complete."""
    place = case.place
    states = [
        all(_state_of_cell(case, asker, task))
        for one in indicators_of(asker.picture, place.assessment)
        for task in assessed_tasks(asker.picture, place.assessment, one.indicator, place.unit)
    ]
    is_complete = all(states)
    return Work(sum(states), len(states), look=Look.FILED if is_complete else Look.PARTLY)


def filings_to_review(case: Case, asker: Asker) -> Iterator[Work]:
    """Filed, and its task is not scored yet: it is to be accepted or returned."""
    one, place = case.thing(Filing), case.place
    sheet = sheet_of(asker.picture, place.assessment, place.indicator)
    is_scored = sheet is not None and (one.unit, one.task) in sheet.lines
    if one.standing is Standing.FILED and not is_scored:
        due = asker.due(case, StepKind.SCORE)
        yield Work(0, 1, (one.unit,), (one.task,), look=Look.FILED, due=due)


def values_undecided(case: Case, asker: Asker) -> Iterator[Work]:
    """After the deadline, a value is still missing: a person decides what that means."""
    place, demand = case.place, asker.demand
    if demand is None or place.thing or asker.is_collecting(case):
        return
    ledger = ledger_of(asker.picture, place.assessment, place.unit)
    missing, decided, tasks = 0, 0, []
    for task in assessed_tasks(asker.picture, place.assessment, place.indicator, place.unit):
        cell = (place.unit, task)
        for name in demand.values.get(cell, frozenset()) | demand.supplied.get(cell, frozenset()):
            if (task, name) in ledger.results:
                continue
            missing += 1
            if (task, name) in ledger.decided:
                decided += 1
            else:
                tasks.append(task)
    if missing:
        units = (place.unit,) if tasks else ()
        due = asker.due(case, StepKind.SCORE)
        yield Work(decided, missing, units, tuple(dict.fromkeys(tasks)), due=due)


# --- score ----------------------------------------------------------------------------------------


def undertaking_due(case: Case, asker: Asker) -> Iterator[Work]:
    """Somebody who will score or visit has not given the undertaking."""
    if case.thing(Person).has_undertaken:
        return
    years = [one for one in case.state.every(Assessment) if one.standing is Standing.OPEN]
    scoring = {
        one.responsible_section for year in years for one in indicators_of(case.state, year.id)
    }
    inspects = bool(years) and Role.INSPECTOR in asker.roles
    visits = any(
        asker.person in one.members and one.standing not in FINISHED
        for one in case.state.every(Visit)
    )
    if asker.sections & scoring or inspects or visits:
        dues = [due for year in years for kind in FIVE_STEPS[1:3] if (due := due_of(year, kind))]
        yield Work(due=min(dues, default=None))


def cells_unscored(case: Case, asker: Asker) -> Iterator[Work]:
    """A sheet has cells without a score."""
    place = case.place
    cells = assessed_cells(asker.picture, place.assessment, place.indicator)
    sheet = sheet_of(asker.picture, place.assessment, place.indicator)
    is_open = sheet is None or sheet.standing in OPEN_SHEET
    done = len(cells) - len(_unscored(case, asker))
    if is_open and done < len(cells):
        yield Work(done, len(cells), look=Look.PARTLY if done else Look.OPEN)


def _unscored(case: Case, asker: Asker) -> list[tuple[str, str]]:
    sheet = sheet_of(asker.picture, case.place.assessment, case.place.indicator)
    lines = sheet.lines if sheet else {}
    cells = assessed_cells(asker.picture, case.place.assessment, case.place.indicator)
    return [cell for cell in cells if cell not in lines]


def opinion_due(case: Case, asker: Asker) -> Iterator[Work]:
    """A complete sheet on which one's cooperating section has not spoken as it is now."""
    sheet, duty = case.thing(Sheet), asker.duty(case)
    if duty is None or sheet.standing not in OPEN_SHEET or _unscored(case, asker):
        return
    own = [one for one in duty.cooperating_sections if one in asker.sections]
    if own and any(sheet.opinions.get(one) != sheet_digest(case.state, sheet) for one in own):
        yield Work()


def handler_unsigned(case: Case, _: Asker) -> Iterator[Work]:
    """A sheet that its handler has not signed as it is."""
    sheet = case.thing(Sheet)
    if sheet.standing in (Standing.SCORED, Standing.REOPENED):
        yield Work()


def head_unsigned(case: Case, asker: Asker) -> Iterator[Work]:
    """A sheet that waits for its head, or soon will: it is complete."""
    standing = case.thing(Sheet).standing
    is_coming = standing in (Standing.SCORED, Standing.REOPENED) and not _unscored(case, asker)
    if standing is Standing.HANDLER_SIGNED or is_coming:
        yield Work()


def paper_unconfirmed(case: Case, asker: Asker) -> Iterator[Work]:
    """A scan bears one's signature, and one has not confirmed it."""
    awaited = case.thing(Sheet).awaited
    if awaited is not None and awaited.person == asker.person:
        yield Work(look=Look.FILED)


def sheet_to_receive(case: Case, asker: Asker) -> Iterator[Work]:
    """A section has handed its sheet in."""
    if case.thing(Sheet).standing is Standing.SUBMITTED:
        yield Work(look=Look.FILED, due=asker.due(case, StepKind.CONSOLIDATE))


def sheet_came_back(case: Case, asker: Asker) -> Iterator[Work]:
    """The coordinating section has returned the sheet."""
    if case.thing(Sheet).standing is Standing.RETURNED:
        yield Work(look=Look.RETURNED, due=asker.due(case, StepKind.CONSOLIDATE))


# --- verify ---------------------------------------------------------------------------------------


def verification_undecided(case: Case, _: Asker) -> Iterator[Work]:
    """Nobody has decided whether the indicator is verified on site."""
    if not case.place.thing:
        yield Work()


def draw_unplanned(case: Case, _: Asker) -> Iterator[Work]:
    """Units or inspectors are to be drawn."""
    found = case.parent(Verification)
    if found.needed and found.mode is VerificationMode.RANDOM and not found.unit_draw:
        yield Work(topic=Topic.UNITS)
    if found.needed and not found.inspector_draw and not found.appointed:
        yield Work(topic=Topic.INSPECTORS)


def one_inspector(case: Case, _: Asker) -> Iterator[Work]:
    """Inspectors are appointed, but too few for a team."""
    found = case.thing(Verification)
    if found.needed and not found.inspector_draw and 0 < len(found.appointed) < SMALLEST_TEAM:
        yield Work(len(found.appointed), SMALLEST_TEAM, look=Look.PARTLY)


def _roll_day(case: Case) -> date:
    return day_of(case.thing(Draw).content.roll_at)


def digits_unwitnessed(case: Case, asker: Asker) -> Iterator[Work]:
    """A supervisor watches every draw."""
    one = case.thing(Draw)
    is_planned = one.standing is Standing.PLANNED
    if is_planned and Role.SUPERVISOR in asker.roles and asker.person not in one.witnessed:
        yield Work(due=_roll_day(case))


def digits_unrecorded(case: Case, _: Asker) -> Iterator[Work]:
    """A draw is planned and not rolled."""
    if case.thing(Draw).standing is Standing.PLANNED:
        yield Work(due=_roll_day(case))


def team_unformed(case: Case, asker: Asker) -> Iterator[Work]:
    """A unit is to be visited and nobody goes; once there are inspectors enough."""
    found = case.parent(Verification)
    due = asker.to_visit(found)
    if case.place.unit not in due or len(inspectors(asker.picture, found)) < SMALLEST_TEAM:
        return
    is_formed = case.place.unit in found.visits
    yield Work(int(is_formed), 1, () if is_formed else (case.place.unit,))


def team_has_gap(case: Case, _: Asker) -> Iterator[Work]:
    """A member of a team was replaced and is still in it."""
    visit = case.thing(Visit)
    found = case.state.get(Verification, visit.verification)
    if visit.standing not in FINISHED and set(visit.members) & set(found.replaced):
        yield Work()


def unit_unvisited(case: Case, asker: Asker) -> Iterator[Work]:
    """One is of the team, and nothing was found yet."""
    visit = case.thing(Visit)
    if visit.standing is Standing.TEAM_FORMED and asker.person in visit.members:
        yield Work()


def opinion_unsigned(case: Case, asker: Asker) -> Iterator[Work]:
    """One is of the team and has not signed what it found."""
    visit = case.thing(Visit)
    signed = {one.person for one in valid(visit.signatures)}
    is_inspected = visit.standing in (Standing.INSPECTED, Standing.OPINION_SIGNED)
    if is_inspected and asker.person in visit.members and asker.person not in signed:
        yield Work(len(signed), len(visit.members), look=Look.PARTLY)


def opinion_unanswered(case: Case, _: Asker) -> Iterator[Work]:
    """A team has begun to sign, and the head has not answered."""
    visit = case.thing(Visit)
    if visit.standing is Standing.OPINION_SIGNED:
        yield Work(len(valid(visit.signatures)), len(visit.members), look=Look.FILED)


# --- consolidate and file -------------------------------------------------------------------------


def report_unfrozen(case: Case, asker: Asker) -> Iterator[Work]:
    """There is no report, or it was returned."""
    report = case.state.find(Report, case.place.thing)
    if report is not None and report.standing is not Standing.RETURNED:
        return
    year = asker.year(case)
    sheets = (sheet_of(case.state, year.id, one.indicator) for one in _indicators(case))
    received = sum(sheet is not None and sheet.standing is Standing.RECEIVED for sheet in sheets)
    look = Look.RETURNED if report else Look.PARTLY
    yield Work(received, len(_indicators(case)), look=look)


def _indicators(case: Case) -> tuple[IndicatorDuty, ...]:
    return indicators_of(case.state, case.place.assessment)


def report_undecided(case: Case, _: Asker) -> Iterator[Work]:
    """The report is frozen and no meeting has decided."""
    if case.thing(Report).standing is Standing.FROZEN:
        yield Work(look=Look.FILED)


def report_unsigned(case: Case, _: Asker) -> Iterator[Work]:
    """The report is approved, or soon will be, and not signed."""
    if case.thing(Report).standing in (Standing.FROZEN, Standing.APPROVED):
        yield Work()


_LATE = (Reason.LATE,)
_UNDERTAKING = (Reason.NO_UNDERTAKING,)
_UNFIT = (
    Reason.NO_UNDERTAKING,
    Reason.SHEET_INCOMPLETE,
    Reason.VERIFICATION_OPEN,
    Reason.OPINION_MISSING,
)

CHORES: Mapping[type[Content], Chore] = {
    founded.UnitRegistered: Chore(no_unit),
    founded.PersonRegistered: Chore(only_administrators),
    founded.DutyGiven: Chore(missing_duties),
    founded.AdministratorAsked: Chore(vacant_office),
    founded.AdministratorGiven: Chore(whatever_waits),
    founded.AdministratorEnded: Chore(whatever_waits),
    founded.SchemePublished: Chore(no_scheme),
    founded.AssessmentOpened: Chore(not_opened, waits=(Reason.DUTY_VACANT,)),
    founded.DataOwnersNamed: Chore(owners_unnamed),
    founded.DeadlineSet: Chore(deadlines_unset),
    founded.DeadlineExtended: Chore(steps_overdue),
    collected.ResultReported: Chore(values_unreported, By.UNIT, _LATE),
    collected.EvidenceFiled: Chore(materials_unfiled, By.UNIT, _LATE),
    collected.EvidenceCorrected: Chore(returned_filing, waits=_LATE),
    collected.FilingAcceptedByUnit: Chore(entered_for_us, By.UNIT, _LATE),
    collected.FilingConfirmed: Chore(ledger_open, waits=_LATE),
    collected.EvidenceAccepted: Chore(filings_to_review, By.INDICATOR),
    collected.ValueDecided: Chore(values_undecided, By.INDICATOR, _LATE),
    scored.DisciplineUndertaken: Chore(undertaking_due),
    scored.ScoresProposed: Chore(cells_unscored, waits=_UNDERTAKING, after_collecting=True),
    scored.OpinionGiven: Chore(opinion_due),
    scored.SheetSignedByHandler: Chore(handler_unsigned, waits=_UNFIT),
    scored.SheetSignedByHead: Chore(head_unsigned, waits=(Reason.WRONG_STATE, *_UNFIT)),
    scored.SheetPaperConfirmed: Chore(paper_unconfirmed, waits=_UNFIT),
    scored.SheetSubmitted: Chore(whatever_waits),
    scored.SheetReceived: Chore(sheet_to_receive),
    scored.SheetReopened: Chore(sheet_came_back),
    verified.VerificationDecided: Chore(verification_undecided, after_collecting=True),
    verified.DrawPlanned: Chore(draw_unplanned),
    verified.InspectorAppointed: Chore(one_inspector),
    verified.DigitsWitnessed: Chore(digits_unwitnessed, waits=(Reason.DRAW_EARLY,)),
    verified.DigitsRecorded: Chore(
        digits_unrecorded, waits=(Reason.DRAW_EARLY, Reason.DRAW_UNWITNESSED)
    ),
    verified.TeamFormed: Chore(team_unformed, By.INDICATOR),
    verified.TeamChanged: Chore(team_has_gap),
    verified.FindingRecorded: Chore(unit_unvisited, waits=_UNDERTAKING),
    verified.VerificationOpinionSigned: Chore(opinion_unsigned, waits=_UNDERTAKING),
    verified.VerificationOpinionAdopted: Chore(opinion_unanswered, waits=(Reason.TEAM_UNSIGNED,)),
    filed.ReportFrozen: Chore(report_unfrozen, waits=(Reason.SHEETS_OPEN,)),
    filed.MeetingDecided: Chore(report_undecided),
    filed.ReportSigned: Chore(report_unsigned, waits=(Reason.WRONG_STATE,)),
    filed.PackageSent: Chore(whatever_waits),
}
"""The steps that are owed, and when; any other step is done only where somebody wishes to."""
