"""试算: a task's rule tried with numbers, before anybody is scored by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from kaoping.web.opening import installation
from kaoping.web.queries.trial import tried
from kaoping.web.viewer import BUSINESS
from kaoping.web.views.doors import Request, for_audience

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(BUSINESS)
@require_GET
def trial(request: Request) -> HttpResponse:
    """The form with its values, and the score with its working; nothing is kept."""
    asked = request.GET.dict()
    found = tried(request.viewer, installation().blobs, asked)
    return render(request, "trial/trial.html", {"part": "scheme", "trial": found})
