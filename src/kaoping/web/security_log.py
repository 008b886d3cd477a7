"""Writing down what happened at the doors: the one function that adds to the security log."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings

from kaoping.web.models import SecurityEvent
from kaoping.web.opening import installation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kaoping.web.models.security import EventKind


def record(
    request: HttpRequest | None, kind: EventKind, detail: str = "", login: str = ""
) -> SecurityEvent:
    """Add an event; never a password, a token or the content of a form.

    Args:
        request: who asked for what, from where; None for the machine's own doing.
        kind: what happened.
        detail: in words, at most 1000 characters are kept.
        login: the account that was typed, where nobody is signed in.
    """
    user = getattr(request, "user", None)
    return SecurityEvent.objects.create(
        at=installation().now(),
        kind=kind.value,
        person=getattr(user, "person", "") or "",
        login=(login or getattr(user, "login", "") or "")[:100],
        address=address_of(request),
        path=request.path[:300] if request else "",
        detail=detail[:1000],
    )


def record_own(at: str, kind: EventKind, path: str, detail: str) -> SecurityEvent:
    """Add what the platform found by itself.

    Args:
        at: the time, as acts carry it.
        kind: what was found.
        path: the page that tells more.
        detail: in words, at most 1000 characters are kept.
    """
    return SecurityEvent.objects.create(at=at, kind=kind.value, path=path, detail=detail[:1000])


def address_of(request: HttpRequest | None) -> str:
    """The address that the connection came from.

    What a client says about itself is not asked; only our own proxies (`KAOPING_PROXIES`) are believed
    when they say from where they were asked.
    """
    if request is None:
        return ""
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    while address in settings.TRUSTED_PROXIES and hops:
        address = _valid(hops.pop().strip()) or address
    return address[:45]


def _valid(address: str) -> str:
    """An address, or nothing for anything else."""
    try:
        return str(ip_address(address))
    except ValueError:
        return ""
