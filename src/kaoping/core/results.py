"""What units report and persons decide: results, deductions and decisions as frozen records.

Rows come from tables that officials edit (csv or xlsx); reading them lists every fault with its row
and column and never repairs a value silently.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


class Status(StrEnum):
    """数据状态, in order of precedence: a verified value counts before any other."""

    VERIFIED = "核验"
    FINAL = "正式"
    PRELIMINARY = "初步"
    FLASH = "快报"


class DecisionKind(StrEnum):
    """决定的种类: what a person decided."""

    JUDGEMENT = "judgement"
    ADJUST = "adjust"
    VETO = "veto"
    LIFT = "lift"
    MISSING = "missing"
    ABSENT = "absent"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Result:
    """上报值 or 核验值 of one input of one task; `input` is empty for the main value."""

    unit: str
    task: str
    input: str
    value: Decimal | bool
    unit_of_measure: str
    as_of: date
    status: Status
    data_source: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Deduction:
    """How often a counted line occurred, with its reason; `line` is `part.line` inside parts."""

    unit: str
    task: str
    line: str
    count: Decimal
    reason: str
    basis: str
    evidence: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision; `name` is the veto's name, or the input a missing value is for."""

    unit: str
    indicator: str
    task: str
    kind: DecisionKind
    name: str
    value: Decimal | bool | None
    reason: str
    basis: str
    author: str
    document: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Entries:
    """Everything that is scored in one assessment."""

    results: tuple[Result, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its place as a person finds it, and its cells as text by column name."""

    place: str
    cells: dict[str, str] = field(default_factory=dict)
