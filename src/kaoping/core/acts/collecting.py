"""Acts of collecting (数据收集, P11 and P12): results, evidence, daily notes, decisions on gaps."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from kaoping.core.acts.words import Code, Digest, Moment, Text, Uuid
from kaoping.core.blob import Blob


class Status(StrEnum):
    """数据状态 of a reported value; the same words as in a table of results."""

    VERIFIED = "核验"
    FINAL = "正式"
    PRELIMINARY = "初步"
    FLASH = "快报"


class Channel(StrEnum):
    """代录材料的送达方式."""

    PAPER = "paper"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class ResultReported:
    """实际完成情况上报; `input` is empty for the main value of the task."""

    wire: ClassVar[str] = "result.reported/1"
    assessment: Uuid
    unit: Uuid
    task: Code
    input: str
    value: Decimal
    unit_of_measure: str
    as_of: date
    status: Status
    data_source: Text


@dataclass(frozen=True, slots=True)
class EvidenceFiled:
    """佐证材料报送 for an item of the catalogue; it is received when the act is taken (P11)."""

    wire: ClassVar[str] = "evidence.filed/1"
    assessment: Uuid
    unit: Uuid
    task: Code
    item: Code
    files: tuple[Blob, ...]
    event_date: date | None
    period_from: date | None
    period_to: date | None


@dataclass(frozen=True, slots=True)
class EvidenceFiledOnBehalf:
    """佐证材料代录: paper or mail that a section enters; it counts once the unit accepts it.

    `received_at` is when the paper came; it counts from when it is entered.
    """

    wire: ClassVar[str] = "evidence.filed_on_behalf/1"
    assessment: Uuid
    unit: Uuid
    task: Code
    item: Code
    files: tuple[Blob, ...]
    event_date: date | None
    period_from: date | None
    period_to: date | None
    received_at: Moment
    channel: Channel


@dataclass(frozen=True, slots=True)
class FilingAcceptedByUnit:
    """代录确认: the unit says that what was entered for it is what it sent."""

    wire: ClassVar[str] = "filing.accepted_by_unit/1"


@dataclass(frozen=True, slots=True)
class DailyNoteMade:
    """平时记录 by the responsible section, from daily work (P11a)."""

    wire: ClassVar[str] = "daily_note.made/1"
    assessment: Uuid
    unit: Uuid
    task: Code
    on_date: date
    text: Text
    files: tuple[Blob, ...]


@dataclass(frozen=True, slots=True)
class DailyNoteWithdrawn:
    """平时记录撤销: another note, which says that the one of that id counts no more; its text stays."""

    wire: ClassVar[str] = "daily_note.withdrawn/1"
    assessment: Uuid
    unit: Uuid
    task: Code
    note: Uuid
    reason: Text


@dataclass(frozen=True, slots=True)
class EvidenceAccepted:
    """佐证材料审核通过: the section takes it as it is; it says nothing of points.

    `looked_at` is the act that gave the content which was looked at.
    """

    wire: ClassVar[str] = "evidence.accepted/1"
    looked_at: Uuid


@dataclass(frozen=True, slots=True)
class EvidenceReturned:
    """佐证材料退回."""

    wire: ClassVar[str] = "evidence.returned/1"
    reason: Text


@dataclass(frozen=True, slots=True)
class EvidenceCorrected:
    """佐证材料补正: new files in place of those named by `supersedes`, which stay."""

    wire: ClassVar[str] = "evidence.corrected/1"
    files: tuple[Blob, ...]
    event_date: date | None
    period_from: date | None
    period_to: date | None


@dataclass(frozen=True, slots=True)
class EvidenceWithdrawn:
    """佐证材料撤回; its bytes stay."""

    wire: ClassVar[str] = "evidence.withdrawn/1"
    reason: Text


@dataclass(frozen=True, slots=True)
class FilingConfirmed:
    """台账确认 by the unit's head: all that the unit has filed, bound by its digest."""

    wire: ClassVar[str] = "filing.confirmed/1"
    assessment: Uuid
    ledger_digest: Digest


@dataclass(frozen=True, slots=True)
class ValueDecided:
    """认定值: what a person decides where no value was reported; no value means 缺报 (absent)."""

    wire: ClassVar[str] = "value.decided/1"
    assessment: Uuid
    unit: Uuid
    task: Code
    input: str
    value: Decimal | None
    reason: Text
    basis: Text


@dataclass(frozen=True, slots=True)
class ApplicabilityDecided:
    """不涉及认定: whether a task applies to a unit."""

    wire: ClassVar[str] = "applicability.decided/1"
    assessment: Uuid
    unit: Uuid
    task: Code
    applies: bool
    reason: Text
    basis: Text
