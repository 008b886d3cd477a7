"""A session's own clock: when it began, when it was last used, when its person last proved who she is.

Kept in the session as whole seconds of the server's clock. A session ends when it was not used for a
while, and at the latest a working day after its beginning; what signs or administers wants a proof
that is minutes old.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings

from kaoping.web.opening import installation

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

_BEGAN, _USED, _PROVED, _FACTOR = "began", "used", "proved", "factor"
_NOTED_EVERY = 60
"""Seconds between two notes of use: a page costs no write of its own."""
_SLACK = 300
"""Seconds by which the server's clock may have been set back under a running session."""


class Over(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    LONG = "long"


def begin(session: SessionBase, factor: str = "") -> None:
    """Start the clock of a session that somebody has just signed in to.

    Args:
        session: with a key of its own already, made at this sign-in.
        factor: by what the second factor was proved; empty where there was none.
    """
    now = _now()
    session.update({_BEGAN: now, _USED: now, _PROVED: now, _FACTOR: factor})


def prove(session: SessionBase, factor: str = "") -> None:
    """Note that the person has just proved again who she is, perhaps by her second factor."""
    session[_PROVED] = _now()
    if factor:
        session[_FACTOR] = factor


def factor_of(session: SessionBase) -> str:
    """By what the second factor was proved in this session; empty where it was not."""
    return str(session.get(_FACTOR, ""))


def is_fresh(session: SessionBase) -> bool:
    """Whether the last proof is recent enough for what signs or administers."""
    return _is_within(session.get(_PROVED), settings.FRESH_SECONDS)


def why_over(session: SessionBase) -> Over | None:
    """Why the session has to end; None while it goes on."""
    if not _is_within(session.get(_BEGAN), settings.SESSION_SECONDS):
        return Over.LONG
    return None if _is_within(session.get(_USED), settings.IDLE_SECONDS) else Over.IDLE


def note_use(session: SessionBase) -> None:
    """Put off the end that comes from not being used."""
    now = _now()
    if now - int(session.get(_USED, 0)) >= _NOTED_EVERY:
        session[_USED] = now


def _is_within(moment: object, seconds: int) -> bool:
    return isinstance(moment, int) and -_SLACK <= _now() - moment <= seconds


def _now() -> int:
    return int(installation().clock().timestamp())
