"""核验: begin one now, watch it, and look back at those before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.web.actions.verifying import ask_for
from kaoping.web.jobs import begin_verifying
from kaoping.web.models import Cause, EventKind
from kaoping.web.opening import installation
from kaoping.web.queries.soundness import one_run
from kaoping.web.queries.soundness import runs as all_runs
from kaoping.web.security_log import record
from kaoping.web.viewer import OVERSIGHT
from kaoping.web.views.acting import see
from kaoping.web.views.doors import Request, for_audience

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(OVERSIGHT)
@require_safe
def runs(request: Request) -> HttpResponse:
    """The verifications so far."""
    context = {"part": "journal", "runs": all_runs(request.viewer)}
    return render(request, "verification/runs.html", context)


@for_audience(OVERSIGHT)
@require_POST
def begin(request: Request) -> HttpResponse:
    """Begin a verification, or go to the one that is at work."""
    asked = ask_for(installation(), Cause.ASKED, request.user.person)
    record(request, EventKind.VERIFIED, f"第 {asked.pk} 次核验")
    transaction.on_commit(begin_verifying)
    return see(reverse("verification", args=[asked.pk]))


@for_audience(OVERSIGHT)
@require_safe
def run(request: Request, pk: int) -> HttpResponse:
    """One verification: how far it is, or what it found."""
    context = {"part": "journal", "shown": one_run(request.viewer, pk)}
    return render(request, "verification/run.html", context)


@for_audience(OVERSIGHT)
@require_safe
def state(request: Request, pk: int) -> HttpResponse:
    """The part of that page which changes, for looking again and again."""
    context = {"shown": one_run(request.viewer, pk)}
    return render(request, "verification/state.html", context)
