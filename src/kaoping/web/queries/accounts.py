"""账号、会话、锁定: what their person and the administrators are shown of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from kaoping.core.workflow.things import Person, Section, Unit
from kaoping.core.workflow.vacancies import ROLE_NAMES
from kaoping.web.models import Account, Session

if TYPE_CHECKING:
    from datetime import date, datetime

    from kaoping.core.workflow.state import State
    from kaoping.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty of today: what, where, for which indicator, since and until when, in whose place."""

    role: str
    house: str
    indicator: str
    first: date
    last: date | None
    in_place_of: str


def own_duties(viewer: Viewer) -> list[DutyRow]:
    """The duties that the person has today."""
    state = viewer.state
    rows = [
        DutyRow(
            ROLE_NAMES[duty.role],
            _house(state, duty.unit, duty.section),
            duty.indicator or "",
            duty.from_date,
            duty.until_date,
            name_of(state, duty.on_behalf_of or ""),
        )
        for duty in viewer.duties
    ]
    return sorted(rows, key=lambda row: (row.role, row.house, row.indicator))


def own_sessions(account: Account) -> list[Session]:
    """The sessions in which an account is signed in, the one used last first."""
    return list(Session.objects.of(account))


@dataclass(frozen=True, slots=True)
class Sleeper:
    """An account that was not used for long.

    Attributes:
        login: of the account.
        name: of its person.
        house: where she is.
        since: when it was used last.
    """

    login: str
    name: str
    house: str
    since: datetime


def sleepers(viewer: Viewer, now: datetime) -> list[Sleeper]:
    """Accounts that are locked because they were not used for long, the longest first."""
    before = now - timedelta(days=settings.DORMANT_DAYS)
    used = Q(signed_in_at__lt=before) | Q(signed_in_at=None, unlocked_at__lt=before)
    asleep = [one for one in Account.objects.filter(used, is_active=True) if one.is_dormant(now)]
    rows = [
        Sleeper(one.login, name_of(viewer.state, one.person), _house_of(viewer.state, one), since)
        for one in asleep
        if (since := one.unlocked_at or one.signed_in_at) is not None
    ]
    return sorted(rows, key=lambda row: row.since)


def names_of_logins(viewer: Viewer, logins: set[str]) -> dict[str, str]:
    """Whose logins they are; those that nobody has are left out."""
    found = Account.objects.filter(login__in=logins)
    return {one.login: name_of(viewer.state, one.person) for one in found}


def name_of(state: State, person: str) -> str:
    """The name of a person; empty for nobody."""
    one = state.find(Person, person)
    return one.name if one else ""


def _house_of(state: State, account: Account) -> str:
    one = state.find(Person, account.person)
    return _house(state, one.unit, one.section) if one else ""


def _house(state: State, unit: str | None, section: str | None) -> str:
    """市发展改革委 · 投资科."""
    part = state.find(Section, section)
    whole = state.find(Unit, unit or (part.unit if part else None))
    return " · ".join(one.name for one in (whole, part) if one)
