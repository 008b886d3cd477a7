"""Acts of scoring (考核评分, P13): sheets of scores, vetoes, opinions, signatures."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from kaoping.core.acts.words import Code, Digest, Text, Uuid
from kaoping.core.blob import Blob


@dataclass(frozen=True, slots=True)
class DisciplineUndertaken:
    """廉政纪律承诺, once, before the first scoring or visit (P21)."""

    wire: ClassVar[str] = "discipline.undertaken/1"
    text: Text


@dataclass(frozen=True, slots=True)
class InputValue:
    """评分所用的一个数值; `input` is empty for the main value."""

    input: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class DeductionLine:
    """扣分（加分）: one counted line, the points it takes or gives, and why."""

    line: Code
    count: Decimal
    points: Decimal
    reason: Text
    basis: Text


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """初步评分 of one unit in one task."""

    unit: Uuid
    task: Code
    points: Decimal
    inputs: tuple[InputValue, ...]
    data_source: Text
    basis: Text
    working: str
    deductions: tuple[DeductionLine, ...]


@dataclass(frozen=True, slots=True)
class ScoresProposed:
    """评分填报 on a sheet: one responsible section, one indicator, many lines.

    A line takes the place of an earlier line for the same unit and task. `engine` is the version of
    the program that computed; empty where a person judged.
    """

    wire: ClassVar[str] = "scores.proposed/1"
    assessment: Uuid
    indicator: Code
    engine: str
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class ScoreAdjusted:
    """得分调整: signed points on top of a line, with reason and basis."""

    wire: ClassVar[str] = "score.adjusted/1"
    unit: Uuid
    task: Code
    points: Decimal
    reason: Text
    basis: Text


@dataclass(frozen=True, slots=True)
class VetoDeclared:
    """一票否决 declared by its authority, with its document.

    Without an indicator it concerns the unit's whole result; without a task, the whole indicator.
    """

    wire: ClassVar[str] = "veto.declared/1"
    assessment: Uuid
    unit: Uuid
    indicator: Code | None
    task: Code | None
    name: Code
    authority: Text
    document: Blob
    reason: Text


@dataclass(frozen=True, slots=True)
class VetoLifted:
    """一票否决解除."""

    wire: ClassVar[str] = "veto.lifted/1"
    document: Blob
    reason: Text


@dataclass(frozen=True, slots=True)
class OpinionGiven:
    """配合科室意见 on a sheet as it stood."""

    wire: ClassVar[str] = "opinion.given/1"
    section: Uuid
    sheet_digest: Digest
    agrees: bool
    text: str


@dataclass(frozen=True, slots=True)
class SheetSignedByHandler:
    """经办人签字, bound to the content of the sheet."""

    wire: ClassVar[str] = "sheet.signed_by_handler/1"
    sheet_digest: Digest


@dataclass(frozen=True, slots=True)
class SheetSignedByHead:
    """部门负责人签字, bound to the content of the sheet."""

    wire: ClassVar[str] = "sheet.signed_by_head/1"
    sheet_digest: Digest


@dataclass(frozen=True, slots=True)
class SheetSignedOnPaper:
    """纸质签字: a form printed, signed by hand by two persons, and scanned by one of them.

    The other one confirms it by an act of his own (`sheet.paper_confirmed`).
    """

    wire: ClassVar[str] = "sheet.signed_on_paper/1"
    sheet_digest: Digest
    scan: Blob
    handler: Uuid
    section_head: Uuid


@dataclass(frozen=True, slots=True)
class SheetPaperConfirmed:
    """纸质签字确认 by the other signer; `paper` is the id of the act with the scan."""

    wire: ClassVar[str] = "sheet.paper_confirmed/1"
    sheet_digest: Digest
    paper: Uuid


@dataclass(frozen=True, slots=True)
class SheetSubmitted:
    """评分表报汇总科室."""

    wire: ClassVar[str] = "sheet.submitted/1"
    sheet_digest: Digest


@dataclass(frozen=True, slots=True)
class SheetReceived:
    """汇总科室接收评分表."""

    wire: ClassVar[str] = "sheet.received/1"
    sheet_digest: Digest


@dataclass(frozen=True, slots=True)
class SheetReturned:
    """汇总科室退回评分表."""

    wire: ClassVar[str] = "sheet.returned/1"
    reason: Text


@dataclass(frozen=True, slots=True)
class SheetReopened:
    """评分表重新打开; voids both signatures, which stay visible."""

    wire: ClassVar[str] = "sheet.reopened/1"
    reason: Text
