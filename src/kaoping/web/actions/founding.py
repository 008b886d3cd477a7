"""三员到位: the first acts of an installation bring its three administrators into office (P34)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from kaoping.core.acts.setting_up import (
    AdministratorAsked,
    AdministratorGiven,
    Office,
    PersonRegistered,
)
from kaoping.web.actions.perform import Asked, perform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaoping.core.acts.union import Content
    from kaoping.web.installation import Installation

OFFICES = (Office.SYSTEM_ADMIN, Office.SECURITY_ADMIN, Office.AUDIT_ADMIN)


@dataclass(frozen=True, slots=True)
class Founder:
    """One of the three: name and staff number, and the office meant for her."""

    name: str
    staff_number: str
    office: Office


def found(installation: Installation, founders: Sequence[Founder]) -> dict[Office, str]:
    """Register three persons; each is asked into office by a second and approved by a third.

    Doing it again changes nothing: ids are made of the staff numbers.

    Returns:
        The id of the person in each office.

    Raises:
        StepRefused: where it does not concern three different persons, or others hold the offices.
    """
    persons = {one.office: _id(installation, "person", one.staff_number) for one in founders}
    for one in founders:
        digest = installation.staff_number_digest(one.staff_number)
        person = persons[one.office]
        _do(installation, person, person, PersonRegistered(one.name, None, None, digest))
    for number, office in enumerate(OFFICES):
        asks, approves = (persons[OFFICES[(number + step) % len(OFFICES)]] for step in (1, 2))
        appointment = _id(installation, "office", office.value)
        _do(installation, asks, appointment, AdministratorAsked(persons[office], office))
        _do(installation, approves, appointment, AdministratorGiven())
    return persons


def _do(installation: Installation, actor: str, subject: str, content: Content) -> None:
    act = _id(installation, content.wire, subject)
    perform(installation, Asked(act, actor, subject, content))


def _id(installation: Installation, kind: str, name: str) -> str:
    digest = installation.staff_number_digest(f"{kind}/{name}")
    return str(uuid5(NAMESPACE_URL, f"kaoping:founding:{digest}"))
