"""台账审核: a section looks through what was filed on its indicators, and returns what will not do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kaoping.core.workflow.things import Filing
from kaoping.web.forms.ledger import returned_content, review_wanted
from kaoping.web.queries.filings import may_see
from kaoping.web.queries.review import review_of, review_workbook
from kaoping.web.viewer import OF_SECTIONS
from kaoping.web.views.acting import act
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import workbook
from kaoping.web.views.staying import stays_on

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse


@for_audience(OF_SECTIONS)
@require_safe
def review(request: Request) -> HttpResponse:
    """What was filed, narrowed by unit, task and state."""
    found = review_of(request.viewer, review_wanted(request.GET))
    said = {"unit": found.wanted.unit, "task": found.wanted.task, "state": found.wanted.state}
    context = {"part": "review", "review": found, "query": urlencode(said)}
    return render(request, "review/review.html", context)


@for_audience(OF_SECTIONS)
@require_safe
def as_xlsx(request: Request) -> HttpResponse:
    """The same as a workbook."""
    content = review_workbook(request.viewer, review_wanted(request.GET), _("台账审核"))
    return workbook(request, content, _("台账审核.xlsx"))


def _filing(request: Request, filing: UUID) -> Filing:
    thing = request.viewer.state.find(Filing, str(filing))
    if thing is None or not may_see(request.viewer, thing):
        raise Http404
    return thing


def _filings_of_unit(request: Request, filing: UUID) -> str:
    """The list of all that the unit of a filing has filed."""
    return f"{reverse('review')}?{urlencode({'unit': _filing(request, filing).unit})}"


@for_audience(OF_SECTIONS)
@require_POST
@stays_on(_filings_of_unit)
def send_back(request: Request, filing: UUID) -> HttpResponse:
    """Return a filing with the reason for it."""
    thing, back = _filing(request, filing), _filings_of_unit(request, filing)
    return act(request, thing.id, returned_content(request.POST), back)
