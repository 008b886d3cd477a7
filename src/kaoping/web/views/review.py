"""台账审核: a section looks through what was filed on its indicators, and returns what will not do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kaoping.core.acts.collecting import EvidenceAccepted
from kaoping.core.acts.names import act_name
from kaoping.core.workflow.things import Filing
from kaoping.web.actions.filing import accept_filings
from kaoping.web.forms.ledger import (
    looked_at,
    narrowed,
    returned_content,
    review_wanted,
)
from kaoping.web.opening import installation
from kaoping.web.queries.filings import may_see
from kaoping.web.queries.review import review_of, review_workbook
from kaoping.web.viewer import OF_SECTIONS
from kaoping.web.views.acting import act, act_id_of, fresh_id, see_several
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
    query = urlencode(narrowed(request.GET))
    context = {"part": "review", "review": found, "query": query, "act": fresh_id()}
    return render(request, "review/review.html", context)


@for_audience(OF_SECTIONS)
@require_safe
def as_xlsx(request: Request) -> HttpResponse:
    """The same as a workbook."""
    content = review_workbook(request.viewer, review_wanted(request.GET), _("台账审核"))
    return workbook(request, content, _("台账审核.xlsx"))


def _back(request: Request, **_filing: object) -> str:
    """The list, narrowed as it was."""
    return f"{reverse('review')}?{urlencode(narrowed(request.POST))}"


@for_audience(OF_SECTIONS)
@require_POST
@stays_on(_back)
def accept(request: Request) -> HttpResponse:
    """Accept the filings that were ticked, each by an act of its own."""
    chosen = looked_at(request.POST, request.viewer)
    taken = accept_filings(installation(), request.user.person, chosen, act_id_of(request))
    return see_several(request, taken, act_name(EvidenceAccepted.wire), _back(request))


@for_audience(OF_SECTIONS)
@require_POST
@stays_on(_back)
def send_back(request: Request, filing: UUID) -> HttpResponse:
    """Return a filing with the reason for it."""
    thing = request.viewer.state.find(Filing, str(filing))
    if thing is None or not may_see(request.viewer, thing):
        raise Http404
    return act(request, thing.id, returned_content(request.POST, thing), _back(request))
