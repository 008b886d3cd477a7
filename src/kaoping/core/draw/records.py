"""Plan, mark, result and certificate of a draw, and the one text of each (canonical JSON)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kaoping.core.canonical import encode, sha256

PLAN_FORMAT: Final = "kaoping-draw-plan/1"
CERTIFICATE_FORMAT: Final = "kaoping-draw-certificate/1"
MARK_FORMAT: Final = "kaoping-draw-mark/1"
TITLE: Final = "公开抽签结果确认书"
"""The first line of a certificate as text."""
DIGIT_COUNT: Final = 20
"""How many digits are rolled unless the plan says otherwise."""


@dataclass(frozen=True, slots=True)
class MustCheck:
    """必查: who is inspected without a draw, and why; never a member of a population."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """抽样组: those among whom one draw is made.

    Attributes:
        name: its name, like 县（市、区）.
        population: the ids of all who may be drawn, sorted by their UTF-8 bytes.
        population_sha256: the digest of the population's text, in hex.
        sample_size: how many are drawn.
        reserve_size: how many follow them, in order, where one that was drawn is exempted.
    """

    name: str
    population: tuple[str, ...]
    population_sha256: str
    sample_size: int
    reserve_size: int

    def as_json(self) -> dict[str, object]:
        """The stratum as the canonical text of a plan says it."""
        return {
            "name": self.name,
            "population": list(self.population),
            "population_sha256": self.population_sha256,
            "sample_size": self.sample_size,
            "reserve_size": self.reserve_size,
        }


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """抽查方案: everything that is settled before the digits are rolled.

    Attributes:
        purpose: what is drawn for.
        strata: each is drawn from once, with the same digits.
        must_check: who is inspected in any case.
        digit_count: how many digits will be rolled.
        source: who rolls the digits, where and when; or which future lottery result gives them.
    """

    purpose: str
    strata: tuple[Stratum, ...]
    must_check: tuple[MustCheck, ...]
    digit_count: int
    source: str

    def as_json(self) -> dict[str, object]:
        """The plan as its canonical text says it."""
        return {
            "format": PLAN_FORMAT,
            "purpose": self.purpose,
            "strata": [stratum.as_json() for stratum in self.strata],
            "must_check": [{"id": one.id, "reason": one.reason} for one in self.must_check],
            "digit_count": self.digit_count,
            "source": self.source,
        }

    @property
    def content(self) -> bytes:
        """The canonical text, as it lies in a file."""
        return encode(self.as_json())

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text, in hex."""
        return sha256(self.content)


@dataclass(frozen=True, slots=True)
class DrawMark:
    """抽签记号: with which digits a plan was drawn from; it lies beside the plan's file.

    Attributes:
        plan_sha256: the plan's digest.
        digits: the digits rolled.
        made_at: the time on the certificate.
    """

    plan_sha256: str
    digits: str
    made_at: str

    @property
    def content(self) -> bytes:
        """The canonical text, as it lies in a file."""
        return encode(
            {
                "format": MARK_FORMAT,
                "plan_sha256": self.plan_sha256,
                "digits": self.digits,
                "made_at": self.made_at,
            }
        )


@dataclass(frozen=True, slots=True)
class Ticket:
    """抽签号 of one id, in lower-case hex."""

    id: str
    ticket: str

    def as_json(self) -> dict[str, str]:
        """The ticket as `--json` and the certificate say it."""
        return {"id": self.id, "ticket": self.ticket}


@dataclass(frozen=True, slots=True)
class StratumResult:
    """What one draw gave: the sample, and the reserve in the order in which it moves up."""

    name: str
    population_sha256: str
    sample: tuple[Ticket, ...]
    reserve: tuple[Ticket, ...]

    def as_json(self) -> dict[str, object]:
        """The result as the canonical text of a certificate says it."""
        return {
            "name": self.name,
            "population_sha256": self.population_sha256,
            "sample": [ticket.as_json() for ticket in self.sample],
            "reserve": [ticket.as_json() for ticket in self.reserve],
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """抽签结果确认书: the plan, the digits and what they gave.

    Attributes:
        plan: the plan, whole.
        plan_sha256: the plan's digest, as it was made known before the digits were rolled.
        digits: the digits rolled.
        results: one for each stratum of the plan, in its order.
        made_at: when it was made, in universal time to the second: `2025-01-20T09:00:00Z`.
    """

    plan: DrawPlan
    plan_sha256: str
    digits: str
    results: tuple[StratumResult, ...]
    made_at: str

    @property
    def mark(self) -> DrawMark:
        """What is kept beside the plan, so that it is not drawn from with other digits."""
        return DrawMark(self.plan_sha256, self.digits, self.made_at)

    def as_json(self) -> dict[str, object]:
        """The certificate as its canonical text says it."""
        return {
            "format": CERTIFICATE_FORMAT,
            "plan": self.plan.as_json(),
            "plan_sha256": self.plan_sha256,
            "digits": self.digits,
            "results": [result.as_json() for result in self.results],
            "made_at": self.made_at,
        }

    @property
    def content(self) -> bytes:
        """The canonical text, as it lies in a file."""
        return encode(self.as_json())

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text, in hex."""
        return sha256(self.content)
