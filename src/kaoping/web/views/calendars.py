"""日历订阅: the page that explains it, and the calendar itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.web.actions.noticing import renew_calendar, revoke_calendar
from kaoping.web.opening import installation
from kaoping.web.queries.calendars import calendar_made_at, calendar_of, owner_of
from kaoping.web.viewer import EVERYBODY
from kaoping.web.views.acting import see
from kaoping.web.views.doors import Request, for_audience, for_strangers

if TYPE_CHECKING:
    from django.http import HttpRequest


@for_audience(EVERYBODY)
@require_safe
def calendar(request: Request) -> HttpResponse:
    """How one subscribes, and whether an address is in use."""
    context = {"part": "desk", "made_at": calendar_made_at(request.viewer), "address": ""}
    return render(request, "calendar/calendar.html", context)


@for_audience(EVERYBODY)
@require_POST
def renew(request: Request) -> HttpResponse:
    """Make a new address and show it, this once."""
    token = renew_calendar(request.viewer.person, request.viewer.at)
    path = reverse("calendar_feed", args=[token])
    address = f"{settings.ADDRESS}{path}" if settings.ADDRESS else request.build_absolute_uri(path)
    context = {"part": "desk", "made_at": request.viewer.at, "address": address}
    return render(request, "calendar/calendar.html", context)


@for_audience(EVERYBODY)
@require_POST
def revoke(request: Request) -> HttpResponse:
    """Close the address."""
    revoke_calendar(request.viewer.person)
    return see(reverse("calendar"))


@for_strangers
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; for any other address there is nothing."""
    person = owner_of(token)
    if person is None:
        raise Http404
    address = settings.ADDRESS or request.build_absolute_uri("/").rstrip("/")
    text = calendar_of(installation(), person, address)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="kaoping.ics"'
    return response
