"""What acts are about: frozen records of where each thing stands, kept only as far as rules ask.

A thing is never changed: an act puts a new record in its place. Mappings inside are read only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from kaoping.core.acts.collecting import ResultReported
    from kaoping.core.acts.scoring import ScoreLine
    from kaoping.core.acts.setting_up import Office, Role, SchemePublished, StepKind
    from kaoping.core.acts.verifying import DrawPlanned, FindingRecorded, VerificationMode
    from kaoping.core.draw.records import StratumResult


class Standing(StrEnum):
    """状态 of a thing. NEW is that of a thing that does not exist yet."""

    NEW = "new"
    ASKED = "asked"
    IN_FORCE = "in_force"
    ENDING_ASKED = "ending_asked"
    ENDED = "ended"
    OPEN = "open"
    CONFIRMED = "confirmed"
    FILED = "filed"
    ACCEPTED = "accepted"
    AWAITING_UNIT = "awaiting_unit"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SCORED = "scored"
    HANDLER_SIGNED = "handler_signed"
    ON_PAPER = "on_paper"
    SIGNED = "signed"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    REOPENED = "reopened"
    PLANNED = "planned"
    DRAWN = "drawn"
    TEAM_FORMED = "team_formed"
    INSPECTED = "inspected"
    OPINION_SIGNED = "opinion_signed"
    ADOPTED = "adopted"
    DECLINED = "declined"
    FROZEN = "frozen"
    APPROVED = "approved"
    SENT = "sent"
    COMPUTED = "computed"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Unit:
    """单位."""

    id: str
    code: str
    name: str
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Section:
    """科室, and the unit it belongs to."""

    id: str
    code: str
    name: str
    unit: str | None
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Person:
    """人员 (one account), with what hangs on it: ids of duties and offices, units of interest."""

    id: str
    name: str
    unit: str | None
    section: str | None
    human: str
    duties: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    has_undertaken: bool = False
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Human:
    """同一个人: all accounts with one staff number; its id is the staff number's digest."""

    id: str
    accounts: tuple[str, ...] = ()
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Duty:
    """职责."""

    id: str
    person: str
    role: Role
    unit: str | None
    section: str | None
    indicator: str | None
    from_date: date
    until_date: date | None
    on_behalf_of: str | None
    ended_on: date | None = None
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Appointment:
    """管理员任职; `asked_by` asked for it, or for its end, last."""

    id: str
    person: str
    office: Office
    asked_by: str
    standing: Standing = Standing.ASKED


@dataclass(frozen=True, slots=True)
class Founding:
    """三员到位之前: who is in office, and whether all three offices were ever filled."""

    id: str = "founding"
    in_office: tuple[str, ...] = ()
    filled: frozenset[Office] = frozenset()
    is_over: bool = False
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Scheme:
    """实施方案 in its version in force; `act` published it."""

    id: str
    content: SchemePublished
    act: str
    assessments: tuple[str, ...] = ()
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Deadline:
    """一个时限: the last day, and the act that set it."""

    until: date
    act: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """一次考评: its scheme, every version of its deadlines, and where its things are found.

    `sheets`, `verifications` and the `vetoes` in force are found by indicator; `applicability` holds
    what persons decided about a unit's task; `data_owners` the unit or section that owns the data of a
    task, as the act `owners_act` named them.
    """

    id: str
    scheme: str
    year: int
    name: str
    deadlines: Mapping[StepKind, tuple[Deadline, ...]] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    verifications: Mapping[str, str] = field(default_factory=dict)
    applicability: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    vetoes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    data_owners: Mapping[str, str] = field(default_factory=dict)
    owners_act: str = ""
    report: str = ""
    standing: Standing = Standing.OPEN


@dataclass(frozen=True, slots=True)
class Ledger:
    """台账 of one unit in one assessment: the acts in force of all it filed and reported, by thing.

    By task and input, `reported` holds every value ever reported, `results` the result in force and
    `decided` the decision on it.
    """

    id: str
    assessment: str
    unit: str
    in_force: Mapping[str, str] = field(default_factory=dict)
    reported: Mapping[tuple[str, str], tuple[Decimal, ...]] = field(default_factory=dict)
    results: Mapping[tuple[str, str], str] = field(default_factory=dict)
    decided: Mapping[tuple[str, str], str] = field(default_factory=dict)
    standing: Standing = Standing.OPEN


@dataclass(frozen=True, slots=True)
class Filing:
    """一份佐证材料; `act` gave its present content."""

    id: str
    assessment: str
    unit: str
    indicator: str
    task: str
    act: str
    standing: Standing = Standing.FILED


@dataclass(frozen=True, slots=True)
class Result:
    """一个上报值; `act` gave its present content."""

    id: str
    assessment: str
    unit: str
    indicator: str
    content: ResultReported
    act: str
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class DailyNote:
    """平时记录."""

    id: str
    assessment: str
    unit: str
    indicator: str
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class DecidedValue:
    """认定值; `act` decided it last."""

    id: str
    assessment: str
    unit: str
    indicator: str
    act: str
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Applicability:
    """不涉及认定 of one task; `act` decided it last."""

    id: str
    assessment: str
    unit: str
    indicator: str
    task: str
    act: str
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决; without an indicator it concerns the whole result of the unit."""

    id: str
    assessment: str
    unit: str
    indicator: str
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Adjustment:
    """一次得分调整."""

    act: str
    points: Decimal
    reason: str
    basis: str


@dataclass(frozen=True, slots=True)
class Score:
    """一个单位一项任务的得分: the line in force and its adjustments."""

    line: ScoreLine
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def points(self) -> Decimal:
        """Points with all adjustments."""
        return sum((one.points for one in self.adjustments), self.line.points)


@dataclass(frozen=True, slots=True)
class Signature:
    """签字: who signed which content, as whom, by which act; `is_void` once the content changed."""

    role: Role
    person: str
    act: str
    digest: str
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """评分表: one responsible section × one indicator × all its assessed units.

    `act` proposed scores last; `revision` counts every change, so that a signature never fits again
    after one; `opinions` are the digests of the sheet on which cooperating sections gave theirs.
    `awaited` is the signature that stands on a scanned paper and its signer has yet to confirm.
    """

    id: str
    assessment: str
    indicator: str
    act: str
    lines: Mapping[tuple[str, str], Score] = field(default_factory=dict)
    opinions: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0
    signatures: tuple[Signature, ...] = ()
    awaited: Signature | None = None
    standing: Standing = Standing.SCORED


@dataclass(frozen=True, slots=True)
class Verification:
    """核验决定 for an indicator, and what hangs on it: inspectors, draws, visits by unit.

    `act` decided it last. Of the inspectors who were drawn, those in `replaced` do not come.
    """

    id: str
    assessment: str
    indicator: str
    needed: bool
    mode: VerificationMode | None
    units: tuple[str, ...]
    act: str
    appointed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unit_draw: str = ""
    inspector_draw: str = ""
    visits: Mapping[str, str] = field(default_factory=dict)
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Witnessed:
    """抽签见证: the digits that somebody saw, the act that says so, and as whom he watched."""

    act: str
    digits: str
    is_supervisor: bool
    is_representative: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """公开抽签: the plan, what each who watched saw, and after the digits results and exemptions.

    `planned_at` is the index of the entry with the plan.
    """

    id: str
    assessment: str
    indicator: str
    content: DrawPlanned
    planned_by: str
    planned_at: int
    witnessed: Mapping[str, Witnessed] = field(default_factory=dict)
    results: tuple[StratumResult, ...] = ()
    exempted: tuple[str, ...] = ()
    standing: Standing = Standing.PLANNED


@dataclass(frozen=True, slots=True)
class Visit:
    """一次现场核验 at one unit; `former` were members of the team before."""

    id: str
    assessment: str
    indicator: str
    verification: str
    unit: str
    members: tuple[str, ...]
    former: tuple[str, ...] = ()
    findings: tuple[tuple[str, FindingRecorded], ...] = ()
    opinion: str = ""
    signatures: tuple[Signature, ...] = ()
    standing: Standing = Standing.TEAM_FORMED


@dataclass(frozen=True, slots=True)
class Report:
    """评分报告; `act` froze it last."""

    id: str
    assessment: str
    digest: str
    act: str
    frozen_on: date
    standing: Standing = Standing.FROZEN


@dataclass(frozen=True, slots=True)
class Run:
    """批量计算; `act` recorded what it computed."""

    id: str
    act: str
    standing: Standing = Standing.COMPUTED


@dataclass(frozen=True, slots=True)
class SecurityLog:
    """安全记录: the number of the last row that is sealed, and the act that sealed it."""

    id: str
    until: int
    act: str
    standing: Standing = Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Record:
    """依法删除、登记表改版: something recorded once, of which nothing follows."""

    id: str
    standing: Standing = Standing.IN_FORCE


Thing = (
    Unit
    | Section
    | Person
    | Human
    | Duty
    | Appointment
    | Founding
    | Scheme
    | Assessment
    | Ledger
    | Filing
    | Result
    | DailyNote
    | DecidedValue
    | Applicability
    | Veto
    | Sheet
    | Verification
    | Draw
    | Visit
    | Report
    | Run
    | SecurityLog
    | Record
)
"""Everything that the state knows of."""
