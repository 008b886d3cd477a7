"""职责: who holds what, what is vacant, and giving, delegating and ending duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kaoping.web.forms.people import delegation_content, duty_content, ending_content
from kaoping.web.opening import installation
from kaoping.web.queries.acts_about import acts_about
from kaoping.web.queries.duties import (
    DutiesWanted,
    candidates,
    deputies,
    duty_card,
    duty_list,
    duty_matrix,
    house_name,
    indicator_choices,
    role_choices,
)
from kaoping.web.queries.exports import duties_workbook
from kaoping.web.queries.people import house_choices
from kaoping.web.viewer import DUTY_READERS, SECURITY_ADMIN
from kaoping.web.views.acting import act, act_id_of, fresh_id
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from kaoping.web.queries.duties import DutyShown


@for_audience(DUTY_READERS)
@require_GET
def duties(request: Request) -> HttpResponse:
    """The matrix: each indicator with its sections and units, vacancies first."""
    context = {
        "part": "duties",
        "matrix": duty_matrix(request.viewer, installation().blobs),
        "may_give": SECURITY_ADMIN.admits(request.viewer),
    }
    return render(request, "duties/matrix.html", context)


@for_audience(DUTY_READERS)
@require_GET
def duties_all(request: Request) -> HttpResponse:
    """All duties as a list."""
    words, role, house = (request.GET.get(n, "").strip() for n in ("words", "role", "house"))
    wanted = DutiesWanted(words, role, house, with_past=request.GET.get("past") == "1")
    context = {
        "part": "duties",
        "wanted": wanted,
        "duties": duty_list(request.viewer, wanted),
        "roles": role_choices(),
        "houses": house_choices(request.viewer),
        "may_give": SECURITY_ADMIN.admits(request.viewer),
    }
    return render(request, "duties/all.html", context)


@for_audience(DUTY_READERS)
@require_GET
def export(request: Request) -> HttpResponse:
    """Matrix, duties and vacancies as a workbook."""
    content = duties_workbook(request.viewer, installation().blobs)
    return workbook(request, content, _("职责.xlsx"))


@for_audience(DUTY_READERS)
@require_GET
def duty(request: Request, duty: UUID) -> HttpResponse:
    """One duty."""
    found = _found(request, duty)
    context = {
        "part": "duties",
        "duty": found,
        "acts": acts_about(request.viewer, {found.id: ""}),
        "may_give": SECURITY_ADMIN.admits(request.viewer),
    }
    return render(request, "duties/duty.html", context)


def _found(request: Request, duty: UUID) -> DutyShown:
    found = duty_card(request.viewer, str(duty))
    if found is None:
        raise Http404
    return found


@for_audience(SECURITY_ADMIN)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Give a duty."""
    if request.method == "POST":
        content = duty_content(request.POST, request.viewer.state)
        subject = act_id_of(request)
        return act(request, subject, content, reverse("duty", args=[subject]))
    given = {n: request.GET.get(n, "") for n in ("person", "role", "house", "indicator")}
    context = {
        "part": "duties",
        "act": fresh_id(),
        "given": given,
        "house_name": house_name(request.viewer.state, given["house"]),
        "persons": candidates(request.viewer, given["house"]),
        "roles": role_choices(),
        "indicators": indicator_choices(request.viewer, installation().blobs),
        "today": request.viewer.day.isoformat(),
    }
    return render(request, "duties/new.html", context)


@for_audience(SECURITY_ADMIN)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def end(request: Request, duty: UUID) -> HttpResponse:
    """End a duty with a reason."""
    found = _found(request, duty)
    if request.method == "POST":
        to = reverse("duty", args=[found.id])
        return act(request, found.id, ending_content(request.POST), to)
    context = {"part": "duties", "duty": found, "act": fresh_id()}
    return render(request, "duties/end.html", context)


@for_audience(SECURITY_ADMIN)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def delegate(request: Request, duty: UUID) -> HttpResponse:
    """Let somebody else of the same house do it for a time (AB岗)."""
    found = _found(request, duty)
    if request.method == "POST":
        content = delegation_content(request.POST, request.viewer.state, found.id)
        subject = act_id_of(request)
        return act(request, subject, content, reverse("duty", args=[subject]))
    context = {
        "part": "duties",
        "duty": found,
        "act": fresh_id(),
        "persons": deputies(request.viewer, found.id),
        "today": request.viewer.day.isoformat(),
    }
    return render(request, "duties/delegate.html", context)
