"""What everybody may read before signing in: the year, the step it is in, the journal's key."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from kaoping.core.desk.year import StepStanding
from kaoping.web.queries.desk import newest_year, year_steps
from kaoping.web.queries.todo_words import STEP_NAMES

if TYPE_CHECKING:
    from datetime import date

    from kaoping.core.note import VerifierKey
    from kaoping.web.installation import Installation


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The left half of the sign-in page.

    Attributes:
        year: of the newest assessment; 0 before the first.
        name: what it is called, without its year.
        step: the current one; empty when all deadlines are past or none is set.
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
    """As it is now: the step that every desk shows as the current one."""
    state = installation.keeper.state()
    at = max(installation.now(), state.last_at)
    year, key = newest_year(state), fingerprint(installation.journal.key)
    if year is None:
        return FrontPage(0, "", "", None, 0, key)
    name = year.name.removeprefix(f"{year.year}年度")
    for step in year_steps(state, at):
        if step.standing is StepStanding.NOW and step.due is not None and not step.is_overdue:
            said = str(STEP_NAMES[step.kind])
            return FrontPage(year.year, name, said, step.due, step.days, key)
    return FrontPage(year.year, name, "", None, 0, key)


def fingerprint(key: VerifierKey) -> str:
    """Hexadecimal digits; the first eight are the key's id in the line that is handed out (vkey)."""
    return sha256(key.name.encode() + b"\n" + key.encoded).hexdigest()
