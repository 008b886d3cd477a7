"""单位与科室: the houses to which persons and duties belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kaoping.web.forms.people import section_content, unit_content
from kaoping.web.opening import installation
from kaoping.web.queries.acts_about import acts_about
from kaoping.web.queries.exports import units_workbook
from kaoping.web.queries.people import house_choices, house_row, house_rows, persons_of_house
from kaoping.web.viewer import ADMINISTRATORS, SYSTEM_ADMIN
from kaoping.web.views.acting import act, act_id_of, fresh_id
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse


@for_audience(ADMINISTRATORS)
@require_GET
def units(request: Request) -> HttpResponse:
    """All units with their sections."""
    may_register = SYSTEM_ADMIN.admits(request.viewer)
    context = {"part": "units", "units": house_rows(request.viewer), "may_register": may_register}
    return render(request, "units/units.html", context)


@for_audience(ADMINISTRATORS)
@require_GET
def export(request: Request) -> HttpResponse:
    """The list as a workbook."""
    return workbook(request, units_workbook(request.viewer), _("单位与科室.xlsx"))


@for_audience(ADMINISTRATORS)
@require_GET
def house(request: Request, house: UUID) -> HttpResponse:
    """A unit or a section: its sections, its persons, its registration."""
    found = house_row(request.viewer, str(house))
    if found is None:
        raise Http404
    context = {
        "part": "units",
        "house": found[0],
        "unit": found[1],
        "persons": persons_of_house(request.viewer, str(house), installation().clock()),
        "acts": acts_about(request.viewer, {str(house): ""}),
        "may_register": SYSTEM_ADMIN.admits(request.viewer),
    }
    return render(request, "units/house.html", context)


@for_audience(SYSTEM_ADMIN)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def new_unit(request: Request) -> HttpResponse:
    """Register a unit."""
    if request.method == "POST":
        subject = act_id_of(request)
        return act(request, subject, unit_content(request.POST), reverse("units"))
    return render(request, "units/new_unit.html", {"part": "units", "act": fresh_id()})


@for_audience(SYSTEM_ADMIN)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def new_section(request: Request) -> HttpResponse:
    """Register a section of a unit."""
    if request.method == "POST":
        subject = act_id_of(request)
        content = section_content(request.POST, request.viewer.state)
        return act(request, subject, content, reverse("house", args=[content.unit]))
    context = {
        "part": "units",
        "act": fresh_id(),
        "units": house_choices(request.viewer),
        "unit": request.GET.get("unit", ""),
    }
    return render(request, "units/new_section.html", context)
