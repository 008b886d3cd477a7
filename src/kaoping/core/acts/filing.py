"""Acts that consolidate, approve and file (汇总整理、审核报送, P16 and P17)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from kaoping.core.acts.words import Code, Digest, Text, Uuid
from kaoping.core.blob import Blob


class MeetingKind(StrEnum):
    """会议: 办公会议 or 党组会议."""

    EXECUTIVE_MEETING = "executive_meeting"
    PARTY_GROUP_MEETING = "party_group_meeting"


class Resolution(StrEnum):
    """审定结果: approved, or returned for change."""

    APPROVED = "approved"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class FrozenSheet:
    """报告所依据的一张评分表."""

    sheet: Uuid
    sheet_digest: Digest


@dataclass(frozen=True, slots=True)
class ReportFrozen:
    """评分报告冻结: its digest, and the sheets that it was made from."""

    wire: ClassVar[str] = "report.frozen/1"
    assessment: Uuid
    report_digest: Digest
    sheets: tuple[FrozenSheet, ...]


@dataclass(frozen=True, slots=True)
class MeetingDecided:
    """会议审定: who was there, who stepped aside for which reason of recusal, what was decided."""

    wire: ClassVar[str] = "meeting.decided/1"
    kind: MeetingKind
    held_on: date
    attendees: tuple[Uuid, ...]
    recusals: tuple[Uuid, ...]
    resolution: Resolution
    report_digest: Digest
    minutes: Blob


@dataclass(frozen=True, slots=True)
class ReportSigned:
    """主要领导签发."""

    wire: ClassVar[str] = "report.signed/1"
    report_digest: Digest


@dataclass(frozen=True, slots=True)
class PackageSent:
    """报送包报送 to the performance office."""

    wire: ClassVar[str] = "package.sent/1"
    report_digest: Digest
    document_number: Code
    recipient: Text
    package: Blob
