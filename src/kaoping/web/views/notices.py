"""通知和提醒: to read, and to mark as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.web.actions.noticing import mark_read
from kaoping.web.models import Message
from kaoping.web.queries.notices import notices_of
from kaoping.web.viewer import EVERYBODY
from kaoping.web.views.acting import see
from kaoping.web.views.doors import Request, for_audience

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(EVERYBODY)
@require_safe
def notices(request: Request) -> HttpResponse:
    """All my notices."""
    found = notices_of(request.viewer)
    unread = sum(not one.is_read for one in found)
    context = {"part": "desk", "notices": found, "unread": unread}
    return render(request, "notice/notices.html", context)


@for_audience(EVERYBODY)
@require_safe
def message(request: Request, number: int) -> HttpResponse:
    """One reminder, whole."""
    found = get_object_or_404(Message.objects.visible_to(request.viewer), pk=number)
    return render(request, "notice/message.html", {"part": "desk", "message": found})


@for_audience(EVERYBODY)
@require_POST
def read(request: Request) -> HttpResponse:
    """Mark one of my notices as read, or all of them."""
    own = {one.key for one in notices_of(request.viewer)}
    marked = request.POST.getlist("notice")
    chosen = own if "all" in request.POST else own.intersection(marked)
    mark_read(request.viewer.person, chosen, request.viewer.at)
    return see(reverse("notices"))
