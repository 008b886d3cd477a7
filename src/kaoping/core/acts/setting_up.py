"""Acts that set a year up: units and persons, duties, administrators, scheme, deadlines (P01, P20)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from kaoping.core.acts.words import Code, Digest, Name, Natural, Text, Uuid
from kaoping.core.blob import Blob


class Role(StrEnum):
    """职责中的角色."""

    LIAISON = "liaison"
    """联络员 of an assessed unit: reports and files."""
    UNIT_HEAD = "unit_head"
    """单位负责人 of an assessed unit."""
    HANDLER = "handler"
    """经办人 of a section."""
    SECTION_HEAD = "section_head"
    """部门负责人、科室负责人."""
    INSPECTOR = "inspector"
    """核验人员: stands on the roster from which teams are drawn."""
    SUPERVISOR = "supervisor"
    """监督员: watches a draw."""
    RESPONSIBLE_LEADER = "responsible_leader"
    """责任领导 (分管)."""
    PRINCIPAL_LEADER = "principal_leader"
    """主要领导."""


class Office(StrEnum):
    """三员: three disjoint persons without any business duty (P34)."""

    SYSTEM_ADMIN = "system_admin"
    """系统管理员: registers units, sections and persons."""
    SECURITY_ADMIN = "security_admin"
    """安全管理员: gives and ends duties."""
    AUDIT_ADMIN = "audit_admin"
    """审计管理员: reads the journal; joins in approving administrators."""


class StepKind(StrEnum):
    """环节 with a deadline; the same words as in a scheme file."""

    COLLECT = "collect"
    SCORE = "score"
    VERIFY = "verify"
    CONSOLIDATE = "consolidate"
    FILE = "file"
    FEEDBACK = "feedback"
    PUBLIC_NOTICE = "notice"
    APPEAL = "appeal"


class Late(StrEnum):
    """逾期材料的处理: what happens to filings after the collecting deadline (P11)."""

    FLAG = "flag"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class UnitRegistered:
    """单位登记."""

    wire: ClassVar[str] = "unit.registered/1"
    code: Code
    name: Name


@dataclass(frozen=True, slots=True)
class SectionRegistered:
    """科室登记; `unit` is the unit it belongs to."""

    wire: ClassVar[str] = "section.registered/1"
    code: Code
    name: Name
    unit: Uuid | None


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """人员登记: belongs to a section, or to a unit, or (a leader, a supervisor) to neither.

    `staff_number_digest` is the same in all accounts of one human being.
    """

    wire: ClassVar[str] = "person.registered/1"
    name: Name
    unit: Uuid | None
    section: Uuid | None
    staff_number_digest: Digest


@dataclass(frozen=True, slots=True)
class DutyGiven:
    """职责授予: a role for a person, within a unit or a section, or for one indicator only.

    `on_behalf_of` is the person whose duty it is where it is delegated for a time (AB岗).
    Both days are included.
    """

    wire: ClassVar[str] = "duty.given/1"
    person: Uuid
    role: Role
    unit: Uuid | None
    section: Uuid | None
    indicator: Code | None
    from_date: date
    until_date: date | None
    on_behalf_of: Uuid | None


@dataclass(frozen=True, slots=True)
class DutyEnded:
    """职责终止, from this moment on."""

    wire: ClassVar[str] = "duty.ended/1"
    reason: Text


@dataclass(frozen=True, slots=True)
class AdministratorAsked:
    """管理员任命提请: one administrator asks that a person be given an office."""

    wire: ClassVar[str] = "administrator.asked/1"
    person: Uuid
    office: Office


@dataclass(frozen=True, slots=True)
class AdministratorGiven:
    """管理员任命: what one administrator asked for, another approves."""

    wire: ClassVar[str] = "administrator.given/1"


@dataclass(frozen=True, slots=True)
class AdministratorEndingAsked:
    """管理员免任提请; the office is held until another administrator approves."""

    wire: ClassVar[str] = "administrator.ending_asked/1"
    reason: Text


@dataclass(frozen=True, slots=True)
class AdministratorEnded:
    """管理员免任: what one administrator asked for, another approves."""

    wire: ClassVar[str] = "administrator.ended/1"


@dataclass(frozen=True, slots=True)
class AdministratorAskingDeclined:
    """管理员任免提请不予批准; by who asked, it is taken back (撤回)."""

    wire: ClassVar[str] = "administrator.asking_declined/1"
    reason: Text


@dataclass(frozen=True, slots=True)
class Cell:
    """一个单位的一项任务."""

    unit: Uuid
    task: Code


@dataclass(frozen=True, slots=True)
class IndicatorDuty:
    """一项指标由谁负责、考评谁: who scores what of whom.

    `tasks` are all tasks of the indicator; each is assessed at every one of the `assessed_units`
    except for the cells in `not_applicable` (不涉及).
    """

    indicator: Code
    responsible_section: Uuid
    cooperating_sections: tuple[Uuid, ...]
    assessed_units: tuple[Uuid, ...]
    tasks: tuple[Code, ...]
    not_applicable: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SchemePublished:
    """实施方案发布, or a new version of it with the reason for the change."""

    wire: ClassVar[str] = "scheme.published/1"
    version: Natural
    document_number: Code
    scheme: Blob
    coordinating_section: Uuid
    late: Late
    indicators: tuple[IndicatorDuty, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class AssessmentOpened:
    """考评启动 for a year under a scheme."""

    wire: ClassVar[str] = "assessment.opened/1"
    scheme: Uuid
    year: Natural
    name: Name


@dataclass(frozen=True, slots=True)
class DataOwner:
    """一项任务的数据由谁提供: the id of a unit or a section."""

    task: Code
    owner: Uuid


@dataclass(frozen=True, slots=True)
class DataOwnersNamed:
    """数据提供单位认定: who reports the values that a unit does not report itself (P12).

    All of them, in place of those named before. Of a task that is not among them the responsible
    section enters such values.
    """

    wire: ClassVar[str] = "data_owners.named/1"
    owners: tuple[DataOwner, ...]


@dataclass(frozen=True, slots=True)
class DeadlineSet:
    """时限设定; the day `until` is included."""

    wire: ClassVar[str] = "deadline.set/1"
    step: StepKind
    until: date


@dataclass(frozen=True, slots=True)
class DeadlineExtended:
    """延期, with a reason, by another role than the one that has the duty (P10)."""

    wire: ClassVar[str] = "deadline.extended/1"
    step: StepKind
    until: date
    reason: Text
