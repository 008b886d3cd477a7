"""三员到位: the first acts of an installation bring its three administrators into office (P34)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from kaoping.core.acts.setting_up import (
    AdministratorAsked,
    AdministratorGiven,
    Office,
    PersonRegistered,
)
from kaoping.core.errors import InputError
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.models import Account, Entry
from kaoping.web.passwords import first_password

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

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
        InputError: where the database has entries of something else.
    """
    persons = {one.office: _id(installation, "person", one.staff_number) for one in founders}
    first = _id(installation, PersonRegistered.wire, persons[founders[0].office])
    if Entry.objects.filter(index=0).exclude(act=first).exists():
        raise InputError(
            "数据库里已有另一套系统的存证，或本次填写的管理员与上次中断时不同，没有改动。请换一个空的"
            "数据库，或按上次的内容继续。",
            "The database has entries of another installation, or of other administrators than the last "
            "time; nothing was changed. Use an empty database, or go on as before.",
        )
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


def open_accounts(logins: Mapping[str, str], until: datetime) -> dict[str, str]:
    """Give each of the three an account with a first password; another one where it was not used yet.

    Args:
        logins: the account of each person, by the person's id.
        until: when the first passwords stop being good.

    Returns:
        The first password of each account, which is kept nowhere.

    Raises:
        InputError: where one of them has signed in already.
    """
    passwords = {login: first_password() for login in logins.values()}
    with transaction.atomic():
        begun = Account.objects.filter(person__in=logins)
        if any(account.temporary_until is None for account in begun):
            raise InputError(
                "管理员已经登录过，这套系统已经建好，没有改动。",
                "An administrator has signed in already: the installation is complete.",
            )
        begun.delete()
        for person, login in logins.items():
            Account.objects.open(login, person, passwords[login], until)
    return passwords


def _do(installation: Installation, actor: str, subject: str, content: Content) -> None:
    act = _id(installation, content.wire, subject)
    perform(installation, Asked(act, actor, subject, content))


def _id(installation: Installation, kind: str, name: str) -> str:
    digest = installation.staff_number_digest(f"{kind}/{name}")
    return str(uuid5(NAMESPACE_URL, f"kaoping:founding:{digest}"))
