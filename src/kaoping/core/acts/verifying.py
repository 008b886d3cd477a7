"""Acts of verifying on site (现场核验, P15): the need, the draw, the team, findings, opinions."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from kaoping.core.acts.words import Code, Digest, Digits, Moment, Text, Uuid
from kaoping.core.blob import Blob
from kaoping.core.draw.records import DrawPlan, StratumResult


class VerificationMode(StrEnum):
    """核验方式: 全面检查, 重点检查, 随机抽查."""

    FULL = "full"
    TARGETED = "targeted"
    RANDOM = "random"


class Drawn(StrEnum):
    """抽的是什么: units to visit, or persons to visit them (双随机)."""

    UNITS = "units"
    INSPECTORS = "inspectors"


@dataclass(frozen=True, slots=True)
class VerificationDecided:
    """核验决定: whether an indicator is verified on site, how, and why.

    `units` are those to visit where the mode is TARGETED, else empty.
    """

    wire: ClassVar[str] = "verification.decided/1"
    assessment: Uuid
    indicator: Code
    needed: bool
    mode: VerificationMode | None
    units: tuple[Uuid, ...]
    reason: Text


@dataclass(frozen=True, slots=True)
class TeamFormed:
    """核验工作组组成 for a visit to one unit."""

    wire: ClassVar[str] = "team.formed/1"
    verification: Uuid
    unit: Uuid
    members: tuple[Uuid, ...]


@dataclass(frozen=True, slots=True)
class TeamChanged:
    """核验工作组调整, with the reason; who stays signs anew."""

    wire: ClassVar[str] = "team.changed/1"
    members: tuple[Uuid, ...]
    reason: Text


@dataclass(frozen=True, slots=True)
class InspectorAppointed:
    """核验人员指定, with the reason.

    Inspectors are appointed or drawn, never both. After a draw one is appointed only `in_place_of` a
    drawn one who cannot come: the next of the reserve, and when it is used up another of the roster.
    """

    wire: ClassVar[str] = "inspector.appointed/1"
    person: Uuid
    in_place_of: Uuid | None
    reason: Text


@dataclass(frozen=True, slots=True)
class InterestDeclared:
    """利害关系申报: the person neither scores nor verifies that unit from then on."""

    wire: ClassVar[str] = "interest.declared/1"
    unit: Uuid
    reason: Text


@dataclass(frozen=True, slots=True)
class DrawPlanned:
    """抽查方案 sealed before any digit is known; the ids drawn from are UUIDs."""

    wire: ClassVar[str] = "draw.planned/1"
    verification: Uuid
    drawn: Drawn
    roll_at: Moment
    plan: DrawPlan


@dataclass(frozen=True, slots=True)
class DrawWithdrawn:
    """抽查方案撤回, with the reason, before the time that was announced for the rolling."""

    wire: ClassVar[str] = "draw.withdrawn/1"
    reason: Text


@dataclass(frozen=True, slots=True)
class DigitsWitnessed:
    """抽签见证: the digits as one who watches saw them rolled, entered by himself.

    `sealed` is the checkpoint, a whole signed note, that was published before the digits were rolled
    and that the plan lies under: whoever saw it knows that the plan was not made to fit.
    """

    wire: ClassVar[str] = "digits.witnessed/1"
    sealed: Text
    digits: Digits


@dataclass(frozen=True, slots=True)
class DigitsRecorded:
    """抽签数字及结果, watched by a supervisor and a representative of the assessed units.

    Both have entered the same digits before, each by an act of his own (`digits.witnessed`).
    """

    wire: ClassVar[str] = "digits.recorded/1"
    digits: Digits
    supervisor: Uuid
    representative: Uuid
    photo: Blob
    results: tuple[StratumResult, ...]


@dataclass(frozen=True, slots=True)
class DrawExempted:
    """抽中免查, with the reason; the first of the reserve moves up."""

    wire: ClassVar[str] = "draw.exempted/1"
    unit: Uuid
    reason: Text


@dataclass(frozen=True, slots=True)
class FindingRecorded:
    """核验发现: reported and verified value side by side, and the difference between them."""

    wire: ClassVar[str] = "finding.recorded/1"
    task: Code
    input: str
    reported: Decimal | None
    verified: Decimal
    difference: Decimal | None
    reason: Text
    photos: tuple[Blob, ...]
    place: Text
    device_at: Moment


@dataclass(frozen=True, slots=True)
class VerificationOpinionSigned:
    """核验意见签字 by one member of the team; all members sign the same opinion."""

    wire: ClassVar[str] = "verification_opinion.signed/1"
    visit_digest: Digest
    opinion: Text


@dataclass(frozen=True, slots=True)
class VerificationOpinionAdopted:
    """核验意见采纳."""

    wire: ClassVar[str] = "verification_opinion.adopted/1"
    visit_digest: Digest


@dataclass(frozen=True, slots=True)
class VerificationOpinionDeclined:
    """核验意见不采纳, with the reason."""

    wire: ClassVar[str] = "verification_opinion.declined/1"
    visit_digest: Digest
    reason: Text
