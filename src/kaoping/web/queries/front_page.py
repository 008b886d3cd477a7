"""What everybody may read before signing in: the year, the step it is in, the journal's key."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import StepKind
from kaoping.core.scheme import STEP_NAMES
from kaoping.core.scheme import StepKind as Named
from kaoping.core.workflow.case import day_of
from kaoping.core.workflow.things import Assessment
from kaoping.files.holidays import holiday_calendar

if TYPE_CHECKING:
    from datetime import date

    from kaoping.core.note import VerifierKey
    from kaoping.web.installation import Installation

_STEPS = (
    StepKind.COLLECT, StepKind.SCORE, StepKind.VERIFY, StepKind.CONSOLIDATE, StepKind.FILE
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The left half of the sign-in page.

    Attributes:
        year: of the newest assessment; 0 before the first.
        name: what it is called, without its year.
        step: the step whose deadline comes next; empty when all are past, or before the first.
        until: its last day.
        days_left: working days after today up to it; 0 on its last day.
        fingerprint: the first bytes of the digest of the journal's public key, as on paper.
    """

    year: int
    name: str
    step: str
    until: date | None
    days_left: int
    fingerprint: str


def front_page(installation: Installation) -> FrontPage:
    """As it is now."""
    state = installation.keeper.state()
    today = day_of(max(installation.now(), state.last_at))
    years = sorted(state.every(Assessment), key=lambda one: one.year)
    key = fingerprint(installation.journal.key)
    if not years:
        return FrontPage(0, "", "", None, 0, key)
    year = years[-1]
    ends = {step: year.deadlines[step][-1].until for step in _STEPS if step in year.deadlines}
    ahead = [(until, step) for step, until in ends.items() if until >= today]
    until, step = min(ahead, key=lambda one: one[0], default=(None, None))
    left = holiday_calendar().working_days(today, until) if until else 0
    name = year.name.removeprefix(f"{year.year}年度")
    now_worked = holiday_calendar().is_working(today)
    step_name = STEP_NAMES[Named(step.value)] if step else ""
    return FrontPage(year.year, name, step_name, until, left - now_worked, key)


def fingerprint(key: VerifierKey) -> str:
    """Hexadecimal digits; the first eight are the key's id in the line that is handed out (vkey)."""
    return sha256(key.name.encode() + b"\n" + key.encoded).hexdigest()
