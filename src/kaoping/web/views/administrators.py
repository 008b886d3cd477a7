"""三员: who holds which office; one asks, another approves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kaoping.web.forms.people import answer_content, asking_content
from kaoping.web.queries.acts_about import acts_about
from kaoping.web.queries.administrators import administrators as all_of_them
from kaoping.web.queries.administrators import appointment as one_of_them
from kaoping.web.queries.administrators import office_candidates, office_choices
from kaoping.web.viewer import ADMINISTRATORS
from kaoping.web.views.acting import act, act_id_of, fresh_id
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse


@for_audience(ADMINISTRATORS)
@require_GET
def administrators(request: Request) -> HttpResponse:
    """The three offices, what is asked for, and what went before."""
    context = {"part": "administrators", "found": all_of_them(request.viewer)}
    return render(request, "administrators/administrators.html", context)


@for_audience(ADMINISTRATORS)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def ask(request: Request) -> HttpResponse:
    """Ask that somebody be given an office."""
    if request.method == "POST":
        content = asking_content(request.POST, request.viewer.state)
        return act(request, act_id_of(request), content, reverse("administrators"))
    context = {
        "part": "administrators",
        "act": fresh_id(),
        "persons": office_candidates(request.viewer),
        "choices": office_choices(),
    }
    return render(request, "administrators/ask.html", context)


@for_audience(ADMINISTRATORS)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def appointment(request: Request, appointment: UUID) -> HttpResponse:
    """One appointment: approve, decline, take back, ask for its end."""
    found = one_of_them(request.viewer, str(appointment))
    if found is None:
        raise Http404
    if request.method == "POST":
        content = answer_content(request.POST)
        return act(request, found.id, content, reverse("administrators"))
    context = {
        "part": "administrators",
        "appointment": found,
        "acts": acts_about(request.viewer, {found.id: ""}),
        "act": fresh_id(),
    }
    return render(request, "administrators/appointment.html", context)
