"""For any step at any place: an act that a sensible person would do there, if there is one.

What a step needs besides its place (another person, a value, a digest) is looked up in the state.
Where the state has nothing fitting, there is no such act.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kaoping.core.acts import collecting, filing, keeping, scoring, setting_up, verifying
from kaoping.core.acts.setting_up import Office, Role, StepKind
from kaoping.core.acts.verifying import Drawn, VerificationMode
from kaoping.core.draw.plans import plan_stratum
from kaoping.core.draw.records import DrawPlan
from kaoping.core.draw.rolling import draw
from kaoping.core.workflow import drawing as draw_rules
from kaoping.core.workflow import setting_up as set_up_rules
from kaoping.core.workflow import things as t
from kaoping.core.workflow.case import Case, day_of
from kaoping.core.workflow.filing import REDACTABLE
from kaoping.core.workflow.questions import (
    accounts,
    assessed_cells,
    assessed_units,
    data_owner,
    duties_on,
    holders,
    indicator_duty,
    indicators_of,
    ledger_digest,
    ledger_of,
    must_step_aside,
    offices,
    present_lines,
    same_human,
    sheet_digest,
    visit_digest,
)
from tests.world_set_up import DIGITS, INSPECTORS, SECTIONS, UNITS, uid
from tests.worlds import security_log_sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kaoping.core.acts.envelope import Act
    from kaoping.core.acts.union import Content
    from kaoping.core.workflow.case import Place, Step
    from kaoping.core.workflow.taking import Possible
    from tests.worlds import World

NAMES = {uid(unit): unit for unit in UNITS}
REASON = ("理由", "方案")
DAY = date(2024, 10, 1)


class NothingFittingError(LookupError):
    """The state has nothing that such an act could name."""


def sensible_act(world: World, possible: Possible, person: str) -> Act | None:
    """An act for a step at a place, by a person; None where there is nothing fitting."""
    case = Case(world.state, possible.step, possible.place, person, world.at)
    try:
        content = CONTENTS[possible.step.kind](world, case)
    except NothingFittingError:
        return None
    subject = subject_of(world, possible.step, possible.place, person)
    return world.act(person, subject, content, supersedes(world, case, content))


def subject_of(world: World, step: Step, place: Place, person: str) -> str:
    if step.kind is collecting.FilingConfirmed:
        return place.unit
    is_newcomer = step.kind is setting_up.PersonRegistered and person not in world.state.things
    return place.thing or (person if is_newcomer else uid(f"新 {len(world.acts)}"))


def supersedes(world: World, case: Case, content: Content) -> str | None:
    """What the act must name: the table says it of the whole case."""
    act = world.act(case.actor, case.place.thing or uid("新"), content)
    whole = Case(case.state, case.step, case.place, case.actor, case.at, act)
    return case.step.supersedes(whole) or None


def one_of(things: Any) -> Any:
    """The first of some things."""
    found = next(iter(things), None)
    if found is None:
        raise NothingFittingError
    return found


def thing_of(world: World, case: Case) -> Any:
    return world.state.things[case.place.thing]


# --- set-up ---------------------------------------------------------------------------------------


def register_person(world: World, _case: Case) -> Content:
    return world.person(f"新人{len(world.acts)}")


def give_duty(world: World, _case: Case) -> Content:
    free = (
        person.id
        for person in world.state.every(t.Person)
        if not any(any(offices(world.state, a.id)) for a in accounts(world.state, person.id))
    )
    role, nowhere = Role.SUPERVISOR, (None, None, None)
    return setting_up.DutyGiven(one_of(free), role, *nowhere, DAY, None, None)


def ask_office(world: World, case: Case) -> Content:
    state = world.state
    free = (
        person.id
        for person in state.every(t.Person)
        if not same_human(state, person.id, case.actor)
        and not person.duties
        and not any(offices(state, person.id))
    )
    return setting_up.AdministratorAsked(one_of(free), Office.SYSTEM_ADMIN)


def publish(world: World, case: Case) -> Content:
    scheme = world.state.find(t.Scheme, case.place.thing)
    indicators = tuple(map(world.indicator_duty, world.indicators))
    if any(uid(name) not in world.state.things for name in (*UNITS, *SECTIONS)):
        raise NothingFittingError
    return setting_up.SchemePublished(
        scheme.content.version + 1 if scheme else 1,
        "评字〔2024〕9号",
        world.blob("新版方案"),
        case.place.section,
        setting_up.Late.FLAG,
        indicators,
        "理由",
    )


def name_owners(world: World, case: Case) -> Content:
    task = one_of(indicators_of(world.state, case.place.assessment)).tasks[0]
    owner = setting_up.DataOwner(task, uid(UNITS[0]))
    return setting_up.DataOwnersNamed((owner,) if len(world.acts) % 2 else ())


def set_deadline(world: World, case: Case) -> Content:
    known = thing_of(world, case).deadlines
    return setting_up.DeadlineSet(one_of(s for s in StepKind if s not in known), day_of(world.at))


def extend_deadline(world: World, case: Case) -> Content:
    known = thing_of(world, case).deadlines
    step = one_of(step for step in known if not set_up_rules._has_duty(case, step))
    year = known[step][-1].until.year + 1
    return setting_up.DeadlineExtended(step, date(year, 1, 1), "理由")


# --- collect --------------------------------------------------------------------------------------


def task_at(world: World, case: Case) -> str:
    cells = assessed_cells(world.state, case.place.assessment, case.place.indicator)
    return str(one_of(task for unit, task in cells if unit == case.place.unit))


def cell_at(world: World, case: Case) -> tuple[str, str, str]:
    return case.place.assessment, case.place.unit, task_at(world, case)


def reported_task(world: World, case: Case) -> str:
    """A task whose data the actor may report: those of an owner come from the owner alone."""
    place = case.place
    cells = assessed_cells(world.state, place.assessment, place.indicator)
    return str(
        one_of(task for unit, task in cells if unit == place.unit and may_report(world, case, task))
    )


def may_report(world: World, case: Case, task: str) -> bool:
    """Whether the actor works for who reports a task, and need not step aside where it is not the own unit."""
    place, state = case.place, world.state
    owner = data_owner(state, place.assessment, task)
    duty = indicator_duty(state, place.assessment, place.indicator)
    houses = {owner} if owner else {place.unit, duty.responsible_section if duty else None}
    roles = (setting_up.Role.LIAISON, setting_up.Role.HANDLER)
    works_for = {
        one.unit or one.section
        for one in duties_on(state, case.actor, case.day)
        if one.role in roles and one.indicator in (None, place.indicator)
    }
    is_near = must_step_aside(state, case.actor, place.unit)
    return bool(works_for & houses) and (bool(owner) or place.unit in works_for or not is_near)


def report_result(world: World, case: Case) -> Content:
    there = world.state.find(t.Result, case.place.thing)
    if there is not None and (case.place.unit, there.content.task) not in assessed_cells(
        world.state, case.place.assessment, case.place.indicator
    ):
        raise NothingFittingError
    if there is not None and not may_report(world, case, there.content.task):
        raise NothingFittingError
    task = there.content.task if there else reported_task(world, case)
    name = there.content.input if there else f"新 {len(world.acts)}"
    more: Any = (Decimal(len(world.acts)), "%", date(2024, 12, 31), collecting.Status.FINAL, "统计")
    place = case.place
    return collecting.ResultReported(place.assessment, place.unit, task, name, *more)


def evidence_parts(world: World) -> tuple[Any, ...]:
    return (world.blob("新件"),), None, None, None


def file_evidence(world: World, case: Case) -> Content:
    return collecting.EvidenceFiled(*cell_at(world, case), "A1", *evidence_parts(world))


def file_on_behalf(world: World, case: Case) -> Content:
    parts = (*evidence_parts(world), world.at, collecting.Channel.MAIL)
    return collecting.EvidenceFiledOnBehalf(*cell_at(world, case), "A1", *parts)


def confirm(world: World, case: Case) -> Content:
    ledger = ledger_of(world.state, case.place.assessment, case.place.unit)
    return collecting.FilingConfirmed(case.place.assessment, ledger_digest(ledger))


def decide_value(world: World, case: Case) -> Content:
    ledger = ledger_of(world.state, case.place.assessment, case.place.unit)
    if case.place.thing:
        keys = (key for key, there in ledger.decided.items() if there == case.place.thing)
        task, name = one_of(keys)
        if task not in {
            task
            for unit, task in assessed_cells(
                world.state, case.place.assessment, case.place.indicator
            )
            if unit == case.place.unit
        }:
            raise NothingFittingError
    else:
        task, name = task_at(world, case), f"新 {len(world.acts)}"
    return collecting.ValueDecided(
        case.place.assessment, case.place.unit, task, name, None, *REASON
    )


def decide_applicability(world: World, case: Case) -> Content:
    place = case.place
    whole = world.state.get(t.Assessment, place.assessment)
    duty = indicator_duty(world.state, place.assessment, place.indicator)
    there = world.state.find(t.Applicability, place.thing)
    tasks = duty.tasks if duty else ()
    free = (task for task in tasks if (place.unit, task) not in whole.applicability)
    task = there.task if there else one_of(free)
    return collecting.ApplicabilityDecided(
        place.assessment, place.unit, task, bool(len(world.acts) % 2), *REASON
    )


# --- score ----------------------------------------------------------------------------------------


def propose(world: World, case: Case) -> Content:
    place = case.place
    cells = assessed_cells(world.state, place.assessment, place.indicator)
    free = [cell for cell in cells if not must_step_aside(world.state, case.actor, cell[0])]
    one_of(free)
    lines = tuple(world.line(NAMES[unit], task) for unit, task in free)
    return scoring.ScoresProposed(place.assessment, place.indicator, "kaoping", lines)


def adjust(world: World, case: Case) -> Content:
    cells = present_lines(world.state, thing_of(world, case))
    free = (cell for cell in cells if not must_step_aside(world.state, case.actor, cell[0]))
    unit, task = one_of(free)
    return scoring.ScoreAdjusted(unit, task, Decimal("-0.1"), *REASON)


def declare_veto(world: World, case: Case) -> Content:
    place = case.place
    named = (place.indicator or None, None, "安全事故", "应急部门", world.blob("通报"), "理由")
    return scoring.VetoDeclared(place.assessment, place.unit, *named)


def digest_at(world: World, case: Case) -> str:
    return sheet_digest(world.state, thing_of(world, case))


def give_opinion(world: World, case: Case) -> Content:
    duty = indicator_duty(world.state, case.place.assessment, case.place.indicator)
    due = set(duty.cooperating_sections) if duty else set()
    own = (one.section for one in duties_on(world.state, case.actor, day_of(world.at)))
    section = one_of(section for section in own if section in due)
    return scoring.OpinionGiven(section, digest_at(world, case), True, "")


def sign_on_paper(world: World, case: Case) -> Content:
    state, day = world.state, day_of(world.at)
    duty = indicator_duty(state, case.place.assessment, case.place.indicator)
    if duty is None:
        raise NothingFittingError

    def able(role: Role) -> list[str]:
        known = holders(state, role, day, duty.responsible_section, duty.indicator)
        return [
            person
            for person in sorted(known)
            if state.get(t.Person, person).has_undertaken
            and not any(must_step_aside(state, person, unit) for unit in duty.assessed_units)
        ]

    pair = one_of(
        (one, other)
        for one in able(Role.HANDLER)
        for other in able(Role.SECTION_HEAD)
        if not same_human(state, one, other) and case.actor in (one, other)
    )
    return scoring.SheetSignedOnPaper(digest_at(world, case), world.blob("扫描"), *pair)


def confirm_paper(world: World, case: Case) -> Content:
    awaited = thing_of(world, case).awaited
    paper = awaited.act if awaited else uid("没有的扫描件")
    return scoring.SheetPaperConfirmed(digest_at(world, case), paper)


# --- verify ---------------------------------------------------------------------------------------


def decide_verification(world: World, case: Case) -> Content:
    modes = (None, VerificationMode.RANDOM, VerificationMode.FULL)
    mode = modes[len(world.acts) % len(modes)]
    place = case.place
    return verifying.VerificationDecided(
        place.assessment, place.indicator, mode is not None, mode, (), "理由"
    )


def pair_for(world: World, case: Case, found: t.Verification) -> tuple[str, str]:
    """Two inspectors who may visit a unit together; another two than the team that there is."""
    state, unit = world.state, case.place.unit
    visit = state.find(t.Visit, case.place.thing)
    known = sorted(draw_rules.inspectors(state, found))
    pair: tuple[str, str] = one_of(
        (first, second)
        for first in known
        for second in known
        if not same_human(state, first, second)
        and not any(must_step_aside(state, member, unit) for member in (first, second))
        and (visit is None or {first, second} != set(visit.members))
    )
    return pair


def form_team(world: World, case: Case) -> Content:
    found = world.state.get(t.Verification, case.place.parent)
    return verifying.TeamFormed(found.id, case.place.unit, pair_for(world, case, found))


def change_team(world: World, case: Case) -> Content:
    found = world.state.get(t.Verification, thing_of(world, case).verification)
    return verifying.TeamChanged(pair_for(world, case, found), "理由")


def appoint(world: World, case: Case) -> Content:
    found = thing_of(world, case)
    if not found.inspector_draw:
        return verifying.InspectorAppointed(uid(INSPECTORS[len(world.acts) % 4]), None, "理由")
    gone = one_of(sorted(draw_rules.inspectors(world.state, found)))
    moving_up = draw_rules._next_in_reserve(world.state, found, gone)
    others = (uid(name) for name in INSPECTORS)
    used = {*draw_rules.inspectors(world.state, found), *found.replaced}
    person = moving_up or one_of(one for one in others if one not in used)
    return verifying.InspectorAppointed(person, gone, "理由")


def declare_interest(world: World, case: Case) -> Content:
    units = [one.id for one in world.state.every(t.Unit)]
    return verifying.InterestDeclared(one_of(units[len(world.acts) % 5 :] or units), "理由")


def plan_draw(world: World, case: Case) -> Content:
    found = world.state.get(t.Verification, case.place.parent)
    drawn = Drawn.UNITS if draw_rules._may_draw(found, Drawn.UNITS) else Drawn.INSPECTORS
    if drawn is Drawn.UNITS:
        duty = indicator_duty(world.state, case.place.assessment, case.place.indicator)
        population = list(duty.assessed_units) if duty else []
    else:
        day, indicator = day_of(world.at), case.place.indicator
        population = sorted(holders(world.state, Role.INSPECTOR, day, "", indicator))
    one_of(population)
    strata = (plan_stratum("全部", population, min(2, len(population)), 0),)
    plan = DrawPlan("抽查", strata, (), len(DIGITS), "当众掷骰")
    days = 2 if len(world.acts) % 3 == 0 else 0  # announced for later, or for now
    roll_at = (world.now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return verifying.DrawPlanned(case.place.parent, drawn, roll_at, plan)


def record_digits(world: World, case: Case) -> Content:
    state, day = world.state, day_of(world.at)
    units = assessed_units(state, case.place.assessment)
    seen = thing_of(world, case).witnessed
    supervisor, representative = one_of(
        (one, other)
        for one in seen
        if any(duty.role is Role.SUPERVISOR for duty in duties_on(state, one, day))
        for other in seen
        if any(account.unit in units for account in accounts(state, other))
        and seen[one].digits == seen[other].digits
        and not same_human(state, one, other)
        and not any(same_human(state, case.actor, who) for who in (one, other))
    )
    plan, digits = thing_of(world, case).content.plan, seen[supervisor].digits
    watchers: Any = (supervisor, representative, world.blob("照片"), draw(plan, digits))
    return verifying.DigitsRecorded(digits, *watchers)


def exempt(_world: World, case: Case) -> Content:
    due = sorted(draw_rules._may_be_left_out(case))
    free = (unit for unit in due if not must_step_aside(case.state, case.actor, unit))
    return verifying.DrawExempted(one_of(free), "理由")


def record_finding(world: World, case: Case) -> Content:
    task = task_at(world, case)
    ledger = ledger_of(world.state, case.place.assessment, case.place.unit)
    values = ledger.reported.get((task, ""), ())
    reported = values[-1] if values else None
    difference = None if reported is None else 7 - reported
    parts = (reported, Decimal(7), difference, "理由", (), "现场", world.at)
    return verifying.FindingRecorded(task, "", *parts)


def visit_digest_at(world: World, case: Case) -> str:
    return visit_digest(thing_of(world, case))


# --- consolidate, approve, file -------------------------------------------------------------------


def freeze(world: World, case: Case) -> Content:
    whole = world.state.get(t.Assessment, case.place.assessment)
    sheets = tuple(
        filing.FrozenSheet(sheet, sheet_digest(world.state, world.state.get(t.Sheet, sheet)))
        for sheet in whole.sheets.values()
    )
    return filing.ReportFrozen(whole.id, "a" * 64, sheets)


def is_quorate(world: World, deciding: set[str]) -> bool:
    """Whether three decide, a leader among them who still is one."""
    day = day_of(world.at)
    leading = (Role.PRINCIPAL_LEADER, Role.RESPONSIBLE_LEADER)
    roles = {duty.role for person in deciding for duty in duties_on(world.state, person, day)}
    return len(deciding) >= 3 and not roles.isdisjoint(leading)


def meet(world: World, case: Case) -> Content:
    units = assessed_units(world.state, case.place.assessment)
    leaders = ("主要领导", "分管领导")
    others = (f"{section}{office}" for section in SECTIONS for office in ("科长", "经办人"))
    attendees = tuple(uid(name) for name in (*leaders, *others))
    near = tuple(
        person
        for person in attendees
        if any(must_step_aside(world.state, person, unit) for unit in units)
    )
    if not is_quorate(world, set(attendees) - set(near)):
        raise NothingFittingError
    resolution = list(filing.Resolution)[len(world.acts) % 2]
    report, kind = thing_of(world, case), filing.MeetingKind.EXECUTIVE_MEETING
    parts = (day_of(world.at), attendees, near, resolution, report.digest, world.blob("纪要"))
    return filing.MeetingDecided(kind, *parts)


def redact(world: World, _case: Case) -> Content:
    free = (
        number
        for number, kind in world.state.kinds.items()
        if kind in REDACTABLE and f"redaction/{number}" not in world.state.things
    )
    return keeping.TextRedacted(one_of(free), "法律", "理由", "b" * 64)


def seal_log(world: World, case: Case) -> Content:
    log = world.state.find(t.SecurityLog, case.place.thing)
    after = log.until if log else 0
    return security_log_sealed(after, 2, world.at)


CONTENTS: Mapping[type, Callable[[World, Case], Content]] = {
    setting_up.UnitRegistered: lambda world, _: setting_up.UnitRegistered(
        f"N{len(world.acts)}", "新单位"
    ),
    setting_up.SectionRegistered: lambda world, _: setting_up.SectionRegistered(
        f"N{len(world.acts)}", "新科", None
    ),
    setting_up.PersonRegistered: register_person,
    setting_up.DutyGiven: give_duty,
    setting_up.DutyEnded: lambda *_: setting_up.DutyEnded("理由"),
    setting_up.AdministratorAsked: ask_office,
    setting_up.AdministratorGiven: lambda *_: setting_up.AdministratorGiven(),
    setting_up.AdministratorEndingAsked: lambda *_: setting_up.AdministratorEndingAsked("理由"),
    setting_up.AdministratorEnded: lambda *_: setting_up.AdministratorEnded(),
    setting_up.AdministratorAskingDeclined: lambda *_: setting_up.AdministratorAskingDeclined(
        "理由"
    ),
    setting_up.SchemePublished: publish,
    setting_up.AssessmentOpened: lambda _, case: setting_up.AssessmentOpened(
        case.place.parent, 2025 + len(case.parent(t.Scheme).assessments), "新一年"
    ),
    setting_up.DataOwnersNamed: name_owners,
    setting_up.DeadlineSet: set_deadline,
    setting_up.DeadlineExtended: extend_deadline,
    collecting.ResultReported: report_result,
    collecting.EvidenceFiled: file_evidence,
    collecting.EvidenceFiledOnBehalf: file_on_behalf,
    collecting.FilingAcceptedByUnit: lambda *_: collecting.FilingAcceptedByUnit(),
    collecting.DailyNoteMade: lambda world, case: collecting.DailyNoteMade(
        *cell_at(world, case), DAY, "记录", ()
    ),
    collecting.DailyNoteWithdrawn: lambda world, case: collecting.DailyNoteWithdrawn(
        *cell_at(world, case), uid("没有登记的记录"), "理由"
    ),
    collecting.EvidenceAccepted: lambda *at: collecting.EvidenceAccepted(thing_of(*at).act),
    collecting.EvidenceReturned: lambda *_: collecting.EvidenceReturned("理由"),
    collecting.EvidenceCorrected: lambda world, _: collecting.EvidenceCorrected(
        *evidence_parts(world)
    ),
    collecting.EvidenceWithdrawn: lambda *_: collecting.EvidenceWithdrawn("理由"),
    collecting.FilingConfirmed: confirm,
    collecting.ValueDecided: decide_value,
    collecting.ApplicabilityDecided: decide_applicability,
    scoring.DisciplineUndertaken: lambda *_: scoring.DisciplineUndertaken("承诺"),
    scoring.ScoresProposed: propose,
    scoring.ScoreAdjusted: adjust,
    scoring.VetoDeclared: declare_veto,
    scoring.VetoLifted: lambda world, _: scoring.VetoLifted(world.blob("更正"), "理由"),
    scoring.OpinionGiven: give_opinion,
    scoring.SheetSignedByHandler: lambda *at: scoring.SheetSignedByHandler(digest_at(*at)),
    scoring.SheetSignedByHead: lambda *at: scoring.SheetSignedByHead(digest_at(*at)),
    scoring.SheetSignedOnPaper: sign_on_paper,
    scoring.SheetPaperConfirmed: confirm_paper,
    scoring.SheetSubmitted: lambda *at: scoring.SheetSubmitted(digest_at(*at)),
    scoring.SheetReceived: lambda *at: scoring.SheetReceived(digest_at(*at)),
    scoring.SheetReturned: lambda *_: scoring.SheetReturned("理由"),
    scoring.SheetReopened: lambda *_: scoring.SheetReopened("理由"),
    verifying.VerificationDecided: decide_verification,
    verifying.TeamFormed: form_team,
    verifying.TeamChanged: change_team,
    verifying.InspectorAppointed: appoint,
    verifying.InterestDeclared: declare_interest,
    verifying.DrawPlanned: plan_draw,
    verifying.DrawWithdrawn: lambda *_: verifying.DrawWithdrawn("理由"),
    verifying.DigitsWitnessed: lambda world, _: verifying.DigitsWitnessed(world.sealed(), DIGITS),
    verifying.DigitsRecorded: record_digits,
    verifying.DrawExempted: exempt,
    verifying.FindingRecorded: record_finding,
    verifying.VerificationOpinionSigned: lambda world, case: verifying.VerificationOpinionSigned(
        visit_digest_at(world, case), thing_of(world, case).opinion or "意见"
    ),
    verifying.VerificationOpinionAdopted: lambda *at: verifying.VerificationOpinionAdopted(
        visit_digest_at(*at)
    ),
    verifying.VerificationOpinionDeclined: lambda *at: verifying.VerificationOpinionDeclined(
        visit_digest_at(*at), "理由"
    ),
    filing.ReportFrozen: freeze,
    filing.MeetingDecided: meet,
    filing.ReportSigned: lambda *at: filing.ReportSigned(thing_of(*at).digest),
    filing.PackageSent: lambda world, case: filing.PackageSent(
        thing_of(world, case).digest, "评字〔2025〕1号", "市绩效办", world.blob("包")
    ),
    keeping.TextRedacted: redact,
    keeping.RunWritten: lambda *at: keeping.RunWritten(thing_of(*at).act, ()),
    keeping.SecurityLogSealed: seal_log,
    keeping.RegisterMigrated: lambda *_: keeping.RegisterMigrated("0010", "kaoping", ()),
    keeping.RunComputed: lambda *_: keeping.RunComputed("kaoping", "c" * 64, (), "d" * 64, ()),
}
