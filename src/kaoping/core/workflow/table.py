"""The one table of steps: who may do what, when, on what, and where it leads.

Read a row as: act · phase · where · from which states · to which · by whom · effect, and then
`rules` that must hold whatever the act says, `checks` of what it says, whom one must be apart from
(`recusal`), the deadline it is measured by (`due`), the act it must name as replaced (`supersedes`).
No state is compared anywhere outside this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.acts import collecting as collected
from kaoping.core.acts import filing as filed
from kaoping.core.acts import keeping as kept
from kaoping.core.acts import scoring as scored
from kaoping.core.acts import setting_up as founded
from kaoping.core.acts import verifying as verified
from kaoping.core.acts.setting_up import StepKind
from kaoping.core.workflow import collecting, drawing, filing, scoring, setting_up, verifying
from kaoping.core.workflow.case import Phase, Recusal, Seat, Step
from kaoping.core.workflow.collecting import facts_are_open, sheet_is_open
from kaoping.core.workflow.places import (
    ANY_ENTRY,
    LEDGER,
    NEW_ASSESSMENT,
    NEW_DRAW,
    NEW_THING,
    NEW_VETO,
    NEW_VISIT,
    ONESELF,
    REPORT,
    SCHEME,
    SECURITY_LOG,
    SHEET,
    VERIFICATION,
    cell,
    on,
)
from kaoping.core.workflow.scoring import has_undertaken, present_sheet, report_not_frozen
from kaoping.core.workflow.things import (
    Applicability,
    Appointment,
    Assessment,
    DailyNote,
    DecidedValue,
    Draw,
    Duty,
    Filing,
    Report,
    Result,
    Run,
    Sheet,
    Standing,
    Verification,
    Veto,
    Visit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

NEW, IN_FORCE, ENDED, OPEN = Standing.NEW, Standing.IN_FORCE, Standing.ENDED, Standing.OPEN
ASKED, ENDING_ASKED = Standing.ASKED, Standing.ENDING_ASKED
FILED, AWAITING, RETURNED = Standing.FILED, Standing.AWAITING_UNIT, Standing.RETURNED
ACCEPTED = Standing.ACCEPTED
SCORED, REOPENED, RECEIVED = Standing.SCORED, Standing.REOPENED, Standing.RECEIVED
HANDLER_SIGNED, SIGNED, SUBMITTED = Standing.HANDLER_SIGNED, Standing.SIGNED, Standing.SUBMITTED
ON_PAPER = Standing.ON_PAPER
TEAM_FORMED, INSPECTED = Standing.TEAM_FORMED, Standing.INSPECTED
OPINION_SIGNED, FROZEN, APPROVED = Standing.OPINION_SIGNED, Standing.FROZEN, Standing.APPROVED
STAYS = ()

OF_THE_UNIT = (Seat.LIAISON, Seat.UNIT_HEAD)
OF_THE_SECTION = (Seat.HANDLER, Seat.SECTION_HEAD)
COOPERATING = (Seat.COOPERATING_HANDLER, Seat.COOPERATING_HEAD)
COORDINATING = (Seat.COORDINATING_HANDLER, Seat.COORDINATING_HEAD)
ADMINISTRATORS = (Seat.SYSTEM_ADMIN, Seat.SECURITY_ADMIN, Seat.AUDIT_ADMIN)
"""Who sits where."""

FIT_TO_SIGN = (
    has_undertaken,
    scoring.sheet_complete,
    scoring.verified,
    scoring.opinions_given,
)
"""What must be true of a sheet before anybody signs it."""

SET_UP = (
    Step(
        founded.UnitRegistered, Phase.SET_UP, NEW_THING, (NEW,), (IN_FORCE,),
        (Seat.SYSTEM_ADMIN,), setting_up.register_unit,
        checks=(setting_up.code_free,),
    ),
    Step(
        founded.SectionRegistered, Phase.SET_UP, NEW_THING, (NEW,), (IN_FORCE,),
        (Seat.SYSTEM_ADMIN,), setting_up.register_section,
        checks=(setting_up.houses_known, setting_up.code_free),
    ),
    Step(
        founded.PersonRegistered, Phase.SET_UP, NEW_THING, (NEW,), (IN_FORCE,),
        (Seat.SYSTEM_ADMIN, Seat.NEWCOMER), setting_up.register_person,
        checks=(setting_up.newcomer_alone, setting_up.houses_known, setting_up.one_house),
    ),
    Step(
        founded.DutyGiven, Phase.SET_UP, NEW_THING, (NEW,), (IN_FORCE,),
        (Seat.SECURITY_ADMIN,), setting_up.give_duty,
        checks=(
            setting_up.person_known,
            setting_up.no_administrator,
            setting_up.in_own_house,
            setting_up.days_possible,
            setting_up.delegation_possible,
        ),
    ),
    Step(
        founded.DutyEnded, Phase.SET_UP, on(Duty), (IN_FORCE,), (ENDED,),
        (Seat.SECURITY_ADMIN,), setting_up.end_duty,
    ),
    Step(
        founded.AdministratorAsked, Phase.SET_UP, NEW_THING, (NEW,), (ASKED,),
        (*ADMINISTRATORS, Seat.FOUNDER), setting_up.ask_office,
        checks=(
            setting_up.person_known,
            setting_up.asked_for_another,
            setting_up.free_for_office,
        ),
    ),
    Step(
        founded.AdministratorGiven, Phase.SET_UP, on(Appointment), (ASKED,), (IN_FORCE,),
        (*ADMINISTRATORS, Seat.FOUNDER), setting_up.give_office,
        rules=(setting_up.four_eyes, setting_up.still_free_for_office),
    ),
    Step(
        founded.AdministratorEndingAsked, Phase.SET_UP, on(Appointment), (IN_FORCE,),
        (ENDING_ASKED,), ADMINISTRATORS, setting_up.ask_to_end_office,
        rules=(setting_up.enough_left, setting_up.not_oneself),
    ),
    Step(
        founded.AdministratorEnded, Phase.SET_UP, on(Appointment), (ENDING_ASKED,), (ENDED,),
        ADMINISTRATORS, setting_up.end_office,
        rules=(setting_up.enough_left, setting_up.four_eyes),
    ),
    Step(
        founded.AdministratorAskingDeclined, Phase.SET_UP, on(Appointment),
        (ASKED, ENDING_ASKED), (Standing.DECLINED, IN_FORCE),
        (*ADMINISTRATORS, Seat.FOUNDER), setting_up.decline_asking,
        rules=(setting_up.not_oneself,),
    ),
    Step(
        founded.SchemePublished, Phase.SET_UP, SCHEME, (NEW, IN_FORCE), (IN_FORCE,),
        (Seat.COORDINATING_HEAD,), setting_up.publish_scheme,
        rules=(setting_up.no_sheet_signed,),
        checks=(
            setting_up.next_version,
            setting_up.scheme_sound,
            setting_up.late_not_loosened,
            setting_up.drawn_units_unchanged,
        ),
        supersedes=setting_up.scheme_in_force,
    ),
    Step(
        founded.AssessmentOpened, Phase.SET_UP, NEW_ASSESSMENT, (NEW,), (OPEN,),
        (Seat.COORDINATING_HEAD,), setting_up.open_assessment,
        rules=(setting_up.no_duty_vacant,),
        checks=(setting_up.year_unopened,),
    ),
    Step(
        founded.DeadlineSet, Phase.SET_UP, on(Assessment), (OPEN,), STAYS,
        COORDINATING, setting_up.set_deadline,
        rules=(setting_up.some_deadline_unset,),
        checks=(setting_up.deadline_unset, setting_up.deadline_ahead),
    ),
    Step(
        founded.DeadlineExtended, Phase.SET_UP, on(Assessment), (OPEN,), STAYS,
        (Seat.COORDINATING_HEAD, Seat.RESPONSIBLE_LEADER, Seat.PRINCIPAL_LEADER),
        setting_up.set_deadline,
        rules=(setting_up.some_deadline_extendable,),
        checks=(
            setting_up.not_own_deadline,
            setting_up.later_deadline,
            setting_up.deadline_ahead,
        ),
        supersedes=setting_up.deadline_in_force,
    ),
    Step(
        founded.DataOwnersNamed, Phase.SET_UP, on(Assessment), (OPEN,), STAYS,
        COORDINATING, setting_up.name_owners,
        checks=(setting_up.owners_sound,),
        supersedes=setting_up.owners_in_force,
    ),
)  # fmt: skip

COLLECT = (
    Step(
        collected.ResultReported, Phase.COLLECT, cell(Result, again=True), (NEW, IN_FORCE),
        (IN_FORCE,), (Seat.LIAISON, Seat.HANDLER, Seat.OWNER_LIAISON, Seat.OWNER_HANDLER),
        collecting.report_result,
        rules=(facts_are_open, collecting.unit_is_assessed),
        checks=(
            collecting.task_is_assessed,
            collecting.from_its_owner,
            collecting.one_for_each_input,
        ),
        recusal=Recusal.OTHERS_UNIT, due=StepKind.COLLECT, supersedes=collecting.present_content,
    ),
    Step(
        collected.EvidenceFiled, Phase.COLLECT, cell(Filing), (NEW,), (FILED,),
        (Seat.LIAISON,), collecting.file_evidence,
        rules=(facts_are_open, collecting.unit_is_assessed),
        checks=(collecting.task_is_assessed, collecting.has_files, collecting.dates_possible),
        due=StepKind.COLLECT,
    ),
    Step(
        collected.EvidenceFiledOnBehalf, Phase.COLLECT, cell(Filing), (NEW,), (AWAITING,),
        (Seat.HANDLER,), collecting.file_on_behalf,
        rules=(facts_are_open, collecting.unit_is_assessed),
        checks=(collecting.task_is_assessed, collecting.has_files, collecting.dates_possible),
        recusal=Recusal.UNIT, due=StepKind.COLLECT,
    ),
    Step(
        collected.FilingAcceptedByUnit, Phase.COLLECT, on(Filing), (AWAITING,), (FILED,),
        OF_THE_UNIT, collecting.accept_filing,
        rules=(facts_are_open,),
        due=StepKind.COLLECT,
    ),
    Step(
        collected.DailyNoteMade, Phase.COLLECT, cell(DailyNote), (NEW,), (IN_FORCE,),
        (Seat.HANDLER,), collecting.make_note,
        rules=(facts_are_open, collecting.unit_is_assessed),
        checks=(collecting.task_is_assessed,),
        recusal=Recusal.UNIT,
    ),
    Step(
        collected.DailyNoteWithdrawn, Phase.COLLECT, cell(DailyNote), (NEW,), (IN_FORCE,),
        (Seat.HANDLER,), collecting.withdraw_note,
        rules=(facts_are_open, collecting.unit_is_assessed),
        checks=(collecting.task_is_assessed, collecting.note_stands),
        recusal=Recusal.UNIT,
    ),
    Step(
        collected.EvidenceAccepted, Phase.COLLECT, on(Filing), (FILED,), (ACCEPTED,),
        (Seat.HANDLER,), collecting.accept_evidence,
        rules=(facts_are_open,),
        checks=(collecting.present_filing,),
        recusal=Recusal.UNIT,
    ),
    Step(
        collected.EvidenceReturned, Phase.COLLECT, on(Filing), (FILED, ACCEPTED), (RETURNED,),
        (Seat.HANDLER,), collecting.return_evidence,
        rules=(facts_are_open,),
        recusal=Recusal.UNIT,
    ),
    Step(
        collected.EvidenceCorrected, Phase.COLLECT, on(Filing), (FILED, ACCEPTED, RETURNED), (FILED,),
        (Seat.LIAISON,), collecting.correct_evidence,
        rules=(facts_are_open,),
        checks=(collecting.has_files, collecting.dates_possible),
        due=StepKind.COLLECT, supersedes=collecting.present_content,
    ),
    Step(
        collected.EvidenceWithdrawn, Phase.COLLECT, on(Filing), (FILED, ACCEPTED, AWAITING, RETURNED),
        (Standing.WITHDRAWN,), (Seat.LIAISON,), collecting.withdraw_evidence,
        rules=(facts_are_open,),
    ),
    Step(
        collected.FilingConfirmed, Phase.COLLECT, LEDGER, (OPEN,), (Standing.CONFIRMED,),
        (Seat.UNIT_HEAD,), collecting.confirm_ledger,
        checks=(collecting.ledger_unchanged,),
        due=StepKind.COLLECT,
    ),
    Step(
        collected.ValueDecided, Phase.COLLECT, cell(DecidedValue, again=True), (NEW, IN_FORCE),
        (IN_FORCE,), (Seat.HANDLER,), collecting.decide_value,
        rules=(facts_are_open, collecting.unit_is_assessed),
        checks=(collecting.task_is_assessed, collecting.one_for_each_input),
        recusal=Recusal.UNIT, supersedes=collecting.present_content,
    ),
    Step(
        collected.ApplicabilityDecided, Phase.COLLECT, cell(Applicability, again=True),
        (NEW, IN_FORCE),
        (IN_FORCE,), (Seat.SECTION_HEAD,), collecting.decide_applicability,
        rules=(sheet_is_open, collecting.unit_is_listed),
        checks=(collecting.applicability_decided_once,),
        recusal=Recusal.UNIT, supersedes=collecting.present_content,
    ),
)  # fmt: skip

SCORE = (
    Step(
        scored.DisciplineUndertaken, Phase.SCORE, ONESELF, (IN_FORCE,), (IN_FORCE,),
        (Seat.ANYBODY,), scoring.undertake,
        rules=(scoring.not_undertaken_yet,),
    ),
    Step(
        scored.ScoresProposed, Phase.SCORE, SHEET,
        (NEW, SCORED, HANDLER_SIGNED, ON_PAPER, REOPENED), (SCORED,), (Seat.HANDLER,), scoring.propose_scores,
        rules=(has_undertaken, scoring.something_to_score),
        checks=(scoring.lines_possible,),
        recusal=Recusal.NAMED, due=StepKind.SCORE, supersedes=scoring.proposed_last,
    ),
    Step(
        scored.ScoreAdjusted, Phase.SCORE, on(Sheet),
        (SCORED, HANDLER_SIGNED, ON_PAPER, REOPENED), (SCORED,), OF_THE_SECTION, scoring.adjust_score,
        rules=(has_undertaken, scoring.something_to_adjust),
        checks=(scoring.line_is_there,),
        recusal=Recusal.NAMED, due=StepKind.SCORE,
    ),
    Step(
        scored.VetoDeclared, Phase.SCORE, NEW_VETO, (NEW,), (IN_FORCE,),
        (*OF_THE_SECTION, *COORDINATING), scoring.declare_veto,
        rules=(report_not_frozen, sheet_is_open),
        checks=(scoring.veto_task_listed,),
        recusal=Recusal.UNIT,
    ),
    Step(
        scored.VetoLifted, Phase.SCORE, on(Veto), (IN_FORCE,), (ENDED,),
        (*OF_THE_SECTION, *COORDINATING), scoring.lift_veto,
        rules=(report_not_frozen, sheet_is_open),
        recusal=Recusal.UNIT,
    ),
    Step(
        scored.OpinionGiven, Phase.SCORE, on(Sheet),
        (SCORED, HANDLER_SIGNED, ON_PAPER, REOPENED), STAYS, COOPERATING, scoring.give_opinion,
        checks=(scoring.own_cooperating_section, present_sheet),
        recusal=Recusal.SHEET, due=StepKind.SCORE,
    ),
    Step(
        scored.SheetSignedByHandler, Phase.SCORE, on(Sheet), (SCORED, ON_PAPER, REOPENED),
        (HANDLER_SIGNED,), (Seat.HANDLER,), scoring.sign_as_handler,
        rules=FIT_TO_SIGN,
        checks=(present_sheet,),
        recusal=Recusal.SHEET, due=StepKind.SCORE,
    ),
    Step(
        scored.SheetSignedByHead, Phase.SCORE, on(Sheet), (HANDLER_SIGNED,), (SIGNED,),
        (Seat.SECTION_HEAD,), scoring.sign_as_head,
        rules=(*FIT_TO_SIGN, scoring.other_than_handler),
        checks=(present_sheet,),
        recusal=Recusal.SHEET, due=StepKind.SCORE,
    ),
    Step(
        scored.SheetSignedOnPaper, Phase.SCORE, on(Sheet), (SCORED, ON_PAPER, REOPENED),
        (ON_PAPER,), OF_THE_SECTION, scoring.sign_on_paper,
        rules=FIT_TO_SIGN,
        checks=(present_sheet, scoring.paper_signers),
        recusal=Recusal.SHEET, due=StepKind.SCORE,
    ),
    Step(
        scored.SheetPaperConfirmed, Phase.SCORE, on(Sheet), (ON_PAPER,), (SIGNED,),
        OF_THE_SECTION, scoring.confirm_paper,
        rules=(*FIT_TO_SIGN, scoring.is_awaited),
        checks=(present_sheet, scoring.present_paper),
        recusal=Recusal.SHEET, due=StepKind.SCORE,
    ),
    Step(
        scored.SheetSubmitted, Phase.SCORE, on(Sheet), (SIGNED,), (SUBMITTED,),
        OF_THE_SECTION, scoring.pass_on,
        checks=(present_sheet,),
        due=StepKind.SCORE,
    ),
    Step(
        scored.SheetReceived, Phase.SCORE, on(Sheet), (SUBMITTED,), (RECEIVED,),
        COORDINATING, scoring.pass_on,
        checks=(present_sheet,),
        recusal=Recusal.SHEET,
    ),
    Step(
        scored.SheetReturned, Phase.SCORE, on(Sheet), (SUBMITTED,), (RETURNED,),
        COORDINATING, scoring.pass_on,
        recusal=Recusal.SHEET,
    ),
    Step(
        scored.SheetReopened, Phase.SCORE, on(Sheet), (SIGNED, SUBMITTED, RECEIVED, RETURNED),
        (REOPENED,), (Seat.SECTION_HEAD,), scoring.reopen_sheet,
        rules=(report_not_frozen,),
        recusal=Recusal.SHEET,
    ),
)  # fmt: skip

VERIFY = (
    Step(
        verified.VerificationDecided, Phase.VERIFY, VERIFICATION, (NEW, IN_FORCE), (IN_FORCE,),
        (Seat.SECTION_HEAD,), verifying.decide_verification,
        rules=(facts_are_open, verifying.nothing_begun),
        checks=(verifying.mode_fits,),
        recusal=Recusal.SHEET, due=StepKind.VERIFY, supersedes=verifying.decided_last,
    ),
    Step(
        verified.TeamFormed, Phase.VERIFY, NEW_VISIT, (NEW,), (TEAM_FORMED,),
        OF_THE_SECTION, verifying.form_team,
        rules=(facts_are_open, verifying.is_needed, verifying.unit_is_due),
        checks=(verifying.team_possible,),
        recusal=Recusal.UNIT, due=StepKind.VERIFY,
    ),
    Step(
        verified.TeamChanged, Phase.VERIFY, on(Visit), (TEAM_FORMED, INSPECTED, OPINION_SIGNED),
        (TEAM_FORMED, INSPECTED), OF_THE_SECTION, verifying.change_team,
        rules=(facts_are_open,),
        checks=(verifying.team_possible, verifying.another_team),
        recusal=Recusal.UNIT, due=StepKind.VERIFY,
    ),
    Step(
        verified.InspectorAppointed, Phase.VERIFY, on(Verification), (IN_FORCE,),
        (IN_FORCE,), (Seat.SECTION_HEAD,), drawing.appoint_inspector,
        rules=(
            facts_are_open,
            verifying.is_needed,
            drawing.some_inspector_due,
            drawing.not_planner_of_inspectors,
        ),
        checks=(
            setting_up.person_known,
            drawing.no_administrator_appointed,
            drawing.appointed_or_drawn,
        ),
        recusal=Recusal.SHEET, due=StepKind.VERIFY,
    ),
    Step(
        verified.InterestDeclared, Phase.VERIFY, ONESELF, (IN_FORCE,), (IN_FORCE,),
        (Seat.ANYBODY,), scoring.declare_interest,
        checks=(scoring.unit_known,),
    ),
    Step(
        verified.DrawPlanned, Phase.VERIFY, NEW_DRAW, (NEW,), (Standing.PLANNED,),
        OF_THE_SECTION, drawing.plan_draw,
        rules=(facts_are_open, verifying.is_needed, drawing.some_draw_open),
        checks=(drawing.not_drawn_yet, drawing.plan_sound, drawing.nobody_left_out),
        recusal=Recusal.SHEET, due=StepKind.VERIFY,
    ),
    Step(
        verified.DrawWithdrawn, Phase.VERIFY, on(Draw), (Standing.PLANNED,),
        (Standing.WITHDRAWN,), (Seat.SECTION_HEAD,), drawing.withdraw_plan,
        rules=(facts_are_open, drawing.time_is_ahead),
        recusal=Recusal.SHEET, due=StepKind.VERIFY,
    ),
    Step(
        verified.DigitsWitnessed, Phase.VERIFY, on(Draw), (Standing.PLANNED,), STAYS,
        (Seat.SUPERVISOR, Seat.REPRESENTATIVE), drawing.witness_digits,
        rules=(facts_are_open, drawing.time_has_come),
        checks=(drawing.plan_is_sealed, drawing.digits_as_planned),
        due=StepKind.VERIFY, supersedes=drawing.witnessed_last,
    ),
    Step(
        verified.DigitsRecorded, Phase.VERIFY, on(Draw), (Standing.PLANNED,), (Standing.DRAWN,),
        OF_THE_SECTION, drawing.record_digits,
        rules=(facts_are_open, drawing.time_has_come, drawing.two_have_witnessed),
        checks=(
            drawing.watched_by_two,
            drawing.witnessed_alike,
            drawing.result_follows,
        ),
        recusal=Recusal.SHEET, due=StepKind.VERIFY,
    ),
    Step(
        verified.DrawExempted, Phase.VERIFY, on(Draw), (Standing.DRAWN,), STAYS,
        (Seat.SECTION_HEAD,), drawing.exempt,
        rules=(
            facts_are_open,
            drawing.is_draw_of_units,
            drawing.not_planner,
            drawing.some_may_be_exempted,
        ),
        checks=(drawing.may_be_exempted,),
        recusal=Recusal.NAMED, due=StepKind.VERIFY,
    ),
    Step(
        verified.FindingRecorded, Phase.VERIFY, on(Visit),
        (TEAM_FORMED, INSPECTED, OPINION_SIGNED), (INSPECTED,),
        (Seat.TEAM,), verifying.record_finding,
        rules=(
            facts_are_open,
            has_undertaken,
            collecting.unit_is_assessed,
            verifying.not_replaced,
        ),
        checks=(collecting.task_is_assessed, verifying.values_fit),
        recusal=Recusal.UNIT, due=StepKind.VERIFY,
    ),
    Step(
        verified.VerificationOpinionSigned, Phase.VERIFY, on(Visit), (INSPECTED, OPINION_SIGNED),
        (OPINION_SIGNED,), (Seat.TEAM,), verifying.sign_opinion,
        rules=(
            facts_are_open,
            has_undertaken,
            verifying.not_signed_yet,
            verifying.not_replaced,
        ),
        checks=(verifying.present_findings, verifying.same_opinion),
        recusal=Recusal.UNIT, due=StepKind.VERIFY,
    ),
    Step(
        verified.VerificationOpinionAdopted, Phase.VERIFY, on(Visit), (OPINION_SIGNED,),
        (Standing.ADOPTED,), (Seat.SECTION_HEAD,), verifying.answer_opinion,
        rules=(facts_are_open, verifying.team_has_signed, verifying.not_of_the_team),
        checks=(verifying.present_findings,),
        recusal=Recusal.UNIT, due=StepKind.VERIFY,
    ),
    Step(
        verified.VerificationOpinionDeclined, Phase.VERIFY, on(Visit), (OPINION_SIGNED,),
        (Standing.DECLINED,), (Seat.SECTION_HEAD,), verifying.answer_opinion,
        rules=(facts_are_open, verifying.team_has_signed, verifying.not_of_the_team),
        checks=(verifying.present_findings,),
        recusal=Recusal.UNIT, due=StepKind.VERIFY,
    ),
)  # fmt: skip

FILE = (
    Step(
        filed.ReportFrozen, Phase.CONSOLIDATE, REPORT, (NEW, RETURNED), (FROZEN,),
        COORDINATING, filing.freeze_report,
        rules=(filing.all_sheets_received,),
        checks=(filing.present_sheets,),
        due=StepKind.CONSOLIDATE, supersedes=filing.frozen_last,
    ),
    Step(
        filed.MeetingDecided, Phase.FILE, on(Report), (FROZEN, APPROVED), (APPROVED, RETURNED),
        COORDINATING, filing.decide_in_meeting,
        checks=(filing.present_report, filing.meeting_possible),
        due=StepKind.FILE,
    ),
    Step(
        filed.ReportSigned, Phase.FILE, on(Report), (APPROVED,), (SIGNED,),
        (Seat.PRINCIPAL_LEADER,), filing.sign_report,
        checks=(filing.present_report,),
        due=StepKind.FILE,
    ),
    Step(
        filed.PackageSent, Phase.FILE, on(Report), (SIGNED,), (Standing.SENT,),
        COORDINATING, filing.send_package,
        checks=(filing.present_report,),
        due=StepKind.FILE,
    ),
)  # fmt: skip

JOURNAL = (
    Step(
        kept.TextRedacted, Phase.JOURNAL, ANY_ENTRY, (NEW,), (IN_FORCE,),
        (Seat.SECURITY_ADMIN,), filing.redact,
        rules=(filing.some_entry_there,),
        checks=(filing.entry_there, filing.may_be_removed),
    ),
    Step(
        kept.RunComputed, Phase.JOURNAL, NEW_THING, (NEW,), (Standing.COMPUTED,),
        (Seat.PROGRAM,), filing.record_run,
    ),
    Step(
        kept.RunWritten, Phase.JOURNAL, on(Run), (Standing.COMPUTED,), (Standing.WRITTEN,),
        (Seat.PROGRAM,), filing.record_written,
        checks=(filing.of_this_run,),
    ),
    Step(
        kept.SecurityLogSealed, Phase.JOURNAL, SECURITY_LOG, (NEW, IN_FORCE), (IN_FORCE,),
        (Seat.PROGRAM,), filing.seal_security_log,
        checks=(filing.continues_log,),
    ),
    Step(
        kept.RegisterMigrated, Phase.JOURNAL, NEW_THING, (NEW,), (IN_FORCE,),
        (Seat.PROGRAM,), filing.migrate_register,
    ),
)  # fmt: skip

STEPS: tuple[Step, ...] = (*SET_UP, *COLLECT, *SCORE, *VERIFY, *FILE, *JOURNAL)
"""Every step there is, each kind of act once, in the order of a year."""

STEP_OF: Mapping[type, Step] = {step.kind: step for step in STEPS}
"""The step that each kind of act does."""
