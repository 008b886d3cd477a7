"""A session's own clock: when it began, when it was last used, when its person last proved who she is.

Kept in the session as whole seconds of the server's clock. A session ends when it was not used for a
while, and at the latest a working day after its beginning; what signs or administers wants a proof
that is minutes old.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from kaoping.web.models import Session
from kaoping.web.opening import installation

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

    from kaoping.web.models import Account

_BEGAN, _USED, _PROVED, _FACTOR, _ADDRESS, _BROWSER, _WAY = (
    "began", "used", "proved", "factor", "address", "browser", "way"
)  # fmt: skip
_NOTED_EVERY = 60
"""Seconds between two notes of use: a page costs no write of its own."""
_SLACK = 300
"""Seconds by which the server's clock may have been set back under a running session."""


class Over(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    LONG = "long"


class Way(StrEnum):
    """By what the first factor was proved."""

    PASSWORD = "password"  # noqa: S105 - a way
    UNIFIED = "oidc"


class SessionStore(DatabaseSessions):
    """Sessions in the database, each beside the account that is signed in (Django's SESSION_ENGINE)."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The rows."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this session."""
        one = super().create_model_instance(data)
        assert isinstance(one, Session)
        one.account_id = data.get(SESSION_KEY)
        one.address, one.browser = data.get(_ADDRESS, ""), data.get(_BROWSER, "")
        one.began_at, one.used_at = _as_time(data.get(_BEGAN)), _as_time(data.get(_USED))
        return one


def begin(
    session: SessionBase,
    factor: str = "",
    way: Way = Way.PASSWORD,
    address: str = "",
    browser: str = "",
) -> None:
    """Start the clock of a session that somebody has just signed in to.

    Args:
        session: with a key of its own already, made at this sign-in.
        factor: by what the second factor was proved; empty where there was none.
        way: by what the first one was.
        address: from where, for the person's own list of sessions.
        browser: what the browser calls itself.
    """
    now = _now()
    session.update({_BEGAN: now, _USED: now, _PROVED: now, _FACTOR: factor, _WAY: way.value})
    session.update({_ADDRESS: address, _BROWSER: _short(browser)})


def end_all(account: Account, but: str | None = None) -> int:
    """End the sessions of an account, but the one with this key; how many there were."""
    return Session.objects.of(account).exclude(session_key=but or "").delete()[0]


def is_unified(session: SessionBase) -> bool:
    """Whether the first factor was proved elsewhere (统一身份认证): no password of ours was typed."""
    return session.get(_WAY) == Way.UNIFIED.value


def prove(session: SessionBase, factor: str = "") -> None:
    """Note that the person has just proved again who she is, perhaps by her second factor."""
    session[_PROVED] = _now()
    if factor:
        session[_FACTOR] = factor


def forget_factor(session: SessionBase) -> None:
    """The second factor that was proved is there no more."""
    session[_FACTOR] = ""


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


def _as_time(moment: object) -> datetime | None:
    return datetime.fromtimestamp(moment, UTC) if isinstance(moment, int) else None


_BROWSERS = (
    (r"Edg", "Edge"), (r"QQBrowser", "QQ"), (r"QIHU|360", "360"), (r"Firefox", "Firefox"),
    (r"MicroMessenger|wxwork", "微信"), (r"DingTalk", "钉钉"), (r"Chrom", "Chrome"),
    (r"Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    (r"Windows", "Windows"), (r"HarmonyOS", "HarmonyOS"), (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"), (r"Mac OS", "macOS"), (r"Linux", "Linux"),
)  # fmt: skip


def _short(browser: str) -> str:
    """Edge · Windows, of all that a browser says about itself."""
    found = (
        next((name for pattern, name in names if re.search(pattern, browser)), "")
        for names in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(filter(None, found))
