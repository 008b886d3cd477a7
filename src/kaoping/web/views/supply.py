"""数据提供: an owner of data enters them for every unit; the coordinating section says who owns what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaoping.core.acts.collecting import ResultReported
from kaoping.core.acts.names import act_name
from kaoping.web.actions.filing import report_seen
from kaoping.web.forms.supply import owners_content, supplied
from kaoping.web.opening import installation
from kaoping.web.queries.ledger import STATUSES
from kaoping.web.queries.supply import owners_page, supply_page
from kaoping.web.viewer import COORDINATING, SUPPLYING
from kaoping.web.views.acting import act, fresh_id, see_several
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in
from kaoping.web.views.staying import stays_on

if TYPE_CHECKING:
    from django.http import HttpResponse

    from kaoping.web.queries.supply import SupplyPage

_PART = "supply"


@for_audience(SUPPLYING)
@require_safe
def supply(request: Request) -> HttpResponse:
    """What the viewer's unit or section enters about others, open at the first that wants something."""
    return _shown(request, supply_page(request.viewer))


@for_audience(SUPPLYING)
@require_safe
def task(request: Request, task: str) -> HttpResponse:
    """The same, open at a task."""
    return _shown(request, _page(request, task))


def _shown(request: Request, page: SupplyPage | None) -> HttpResponse:
    context = {"part": _PART, "page": page, "act": fresh_id(), "statuses": STATUSES}
    return render(request, "supply/supply.html", context)


@for_audience(SUPPLYING)
@require_POST
@stays_on("supply_task")
def enter(request: Request, task: str) -> HttpResponse:
    """Enter the values that were typed, one act each."""
    page = _page(request, task)
    reports = supplied(request.POST, page)
    taken = report_seen(installation(), request.user.person, reports)
    to = reverse("supply_task", args=[task])
    return see_several(request, taken, act_name(ResultReported.wire), to)


def _page(request: Request, task: str) -> SupplyPage:
    page = supply_page(request.viewer, task)
    if page is None:
        raise Http404
    return page


@for_audience(COORDINATING)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
@stays_on("owners")
def owners(request: Request) -> HttpResponse:
    """数据提供单位认定: who owns the data of which task."""
    page = owners_page(request.viewer)
    if request.method == "GET" or page is None:
        return render(
            request, "supply/owners.html", {"part": "year", "page": page, "act": fresh_id()}
        )
    content = owners_content(request.POST, page)
    return act(
        request, page.year, content, reverse("owners"), request.POST.get("supersedes") or None
    )
