"""代录: a section enters paper and mail for a unit, which confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.core.acts.collecting import EvidenceFiledOnBehalf
from kaoping.core.acts.names import act_name
from kaoping.web.actions.filing import file_on_behalf
from kaoping.web.forms.behalf import chosen_cell, on_behalf_contents
from kaoping.web.opening import installation
from kaoping.web.queries.behalf import behalf_page, cell_of
from kaoping.web.queries.filings import CHANNELS
from kaoping.web.viewer import OF_SECTIONS
from kaoping.web.views.acting import act_id_of, fresh_id, see_several
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.receiving import chosen_with
from kaoping.web.views.staying import stays_on

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(OF_SECTIONS)
@require_safe
def behalf(request: Request) -> HttpResponse:
    """Choose a unit and a task, then enter; below, what was entered before."""
    page = behalf_page(request.viewer, *chosen_cell(request.GET))
    context = {"part": "review", "page": page, "act": fresh_id(), "channels": CHANNELS}
    return render(request, "behalf/behalf.html", context)


def _form_of(request: Request) -> str:
    """The page with the form for what was chosen."""
    unit, task = chosen_cell(request.POST)
    return f"{reverse('behalf')}?{urlencode({'unit': unit, 'task': task})}"


@for_audience(OF_SECTIONS)
@require_POST
@stays_on(_form_of)
def enter(request: Request) -> HttpResponse:
    """Enter what came on paper or by mail."""
    cell, form, here = (
        cell_of(request.viewer, *chosen_cell(request.POST)),
        act_id_of(request),
        installation(),
    )
    files = chosen_with(request, cell.section if cell else "")
    contents = on_behalf_contents(request.POST, cell, files, here.clock())
    taken = file_on_behalf(here, request.viewer, contents, form)
    return see_several(request, taken, act_name(EvidenceFiledOnBehalf.wire), reverse("behalf"))
