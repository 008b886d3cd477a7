"""登录锁定: five wrong proofs for an account from one address close that door for a quarter of an hour.

django-axes counts and keeps the rows; this module gives it the server's clock, and tells pages how
many tries are left and who is locked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum

from kaoping.web.opening import installation

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    Credentials = dict[str, Any] | None


class Handler(AxesDatabaseHandler):  # type: ignore[misc]  # a class without types
    """What axes does, by the clock of the installation."""

    def get_failures(self, request: HttpRequest, credentials: Credentials = None) -> int:
        """How many failures count now."""
        _set_clock(request)
        return int(super().get_failures(request, credentials))

    def is_allowed(self, request: HttpRequest, credentials: Credentials = None) -> bool:
        """Whether a try is let through."""
        is_allowed = bool(super().is_allowed(request, credentials))
        request.was_locked = not is_allowed  # type: ignore[attr-defined]
        return is_allowed

    def user_login_failed(
        self,
        sender: object,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **more: Any,  # noqa: ANN401 - of the signal
    ) -> None:
        """Count a failure, unless the door was closed already."""
        assert request is not None
        _set_clock(request)
        super().user_login_failed(sender, credentials, request, **more)
        for attempts in self.filter_user_attempts(request, credentials):
            # The row of a first failure has the time of Django's clock.
            attempts.filter(failures_since_start=1).update(attempt_time=_now())

    def user_logged_in(
        self,
        sender: object,
        request: HttpRequest,
        user: object,
        **more: Any,  # noqa: ANN401 - of the signal
    ) -> None:
        """Forget the failures of who has signed in."""
        _set_clock(request)
        super().user_logged_in(sender, request, user, **more)


def page_as_it_is(
    _request: HttpRequest, response: HttpResponse, _credentials: Credentials
) -> HttpResponse:
    """The page says itself that it is locked; axes need not put another in its place."""
    return response


@dataclass(frozen=True, slots=True)
class Standing:
    """How a door stands for an account from an address.

    Attributes:
        left: tries that are left.
        until: when a locked door opens again; None while it is open.
    """

    left: int
    until: datetime | None = None


def standing(request: HttpRequest, login: str) -> Standing:
    """How the door stands for a login at the address of this request."""
    failures = AxesProxyHandler.get_failures(request, {"login": login})
    left = max(0, settings.AXES_FAILURE_LIMIT - failures)
    if left:
        return Standing(left)
    attempts = AxesProxyHandler.get_implementation().get_user_attempts(request, {"login": login})
    last = attempts[0].aggregate(last=Max("attempt_time"))["last"]
    return Standing(0, last + settings.AXES_COOLOFF_TIME)


def was_locked_before(request: HttpRequest) -> bool:
    """Whether the door was closed already when this request came."""
    return bool(getattr(request, "was_locked", False))


def count_failure(request: HttpRequest, login: str) -> Standing:
    """One wrong second factor or confirmation more; wrong passwords are counted by `authenticate`."""
    AxesProxyHandler.is_allowed(request, {"login": login})
    AxesProxyHandler.user_login_failed(__name__, {"login": login}, request)
    return standing(request, login)


@dataclass(frozen=True, slots=True)
class Lock:
    """A door that is closed now."""

    login: str
    address: str
    failures: int
    since: datetime
    until: datetime


def locks() -> list[Lock]:
    """Every door that is closed now, the newest first."""
    rows = (
        AccessAttempt.objects.filter(attempt_time__gte=_now() - settings.AXES_COOLOFF_TIME)
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-last")
    )
    return [
        Lock(
            row["username"] or "",
            row["ip_address"] or "",
            row["failures"],
            row["last"],
            row["last"] + settings.AXES_COOLOFF_TIME,
        )
        for row in rows
    ]


def forget(login: str, address: str) -> bool:
    """Open a door again; whether there was anything to forget."""
    return bool(AxesProxyHandler.reset_attempts(ip_address=address, username=login))


def _now() -> datetime:
    return installation().clock()


def _set_clock(request: HttpRequest) -> None:
    request.axes_attempt_time = _now()  # type: ignore[attr-defined]
