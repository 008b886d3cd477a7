"""What a person does with notices and the calendar: private rows, no acts."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from kaoping.web.models import CalendarToken, ReadMark

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOKEN_BYTES = 32


def mark_read(person: str, notices: Iterable[str], at: str) -> None:
    """Somebody has seen notices; marking one twice changes nothing."""
    marks = [ReadMark(person=person, notice=one, at=at) for one in notices]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True)


def renew_calendar(person: str, at: str) -> str:
    """A new secret address for somebody's calendar; the one before opens nothing any more.

    Returns:
        The secret, which is shown once and kept nowhere.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    kept = {"digest": token_digest(token), "made_at": at}
    CalendarToken.objects.update_or_create(person=person, defaults=kept)
    return token


def revoke_calendar(person: str) -> None:
    """The address opens nothing any more, and there is no other."""
    CalendarToken.objects.filter(person=person).delete()


def token_digest(token: str) -> str:
    """What is kept of a secret: 256 random bits need no salt."""
    return sha256(token.encode()).hexdigest()
