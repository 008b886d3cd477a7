"""Whether the server does its work: for who watches over the machine, on the machine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from kaoping.web.actions.taking import is_overdue
from kaoping.web.opening import installation
from kaoping.web.views.doors import for_strangers

if TYPE_CHECKING:
    from django.http import HttpRequest

_LOOPBACK = ("127.0.0.1", "::1", "")
"""Addresses of the machine itself; a socket of its own has none."""
_HANDED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


@for_strangers
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """`ok`, or `waiting` with 503 where entries have waited too long for their seal; no more than that.

    Where the database does not answer, the page of that fault does (503). Whoever asks from elsewhere,
    or through a proxy, finds nothing.
    """
    is_near = request.META.get("REMOTE_ADDR", "") in _LOOPBACK
    if not is_near or any(name in request.META for name in _HANDED_ON):
        raise Http404
    if is_overdue(installation()):
        return HttpResponse("waiting\n", "text/plain", 503)
    return HttpResponse("ok\n", "text/plain")
