"""版本比较: what differs between two versions, or between a draft and the version in force."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kaoping.web.opening import installation
from kaoping.web.queries.comparison import changes_xlsx, compared
from kaoping.web.viewer import BUSINESS
from kaoping.web.views.doors import Request, for_audience

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_audience(BUSINESS)
@require_GET
def comparison(request: Request) -> HttpResponse:
    """Old and new side by side, place by place."""
    found = compared(request.viewer, installation().blobs, request.GET.dict())
    context = {"part": "scheme", "comparison": found, "address": request.GET.urlencode()}
    return render(request, "comparison/comparison.html", context)


@for_audience(BUSINESS)
@require_GET
def as_xlsx(request: Request) -> HttpResponse:
    """The same as a workbook."""
    found = compared(request.viewer, installation().blobs, request.GET.dict())
    response = HttpResponse(changes_xlsx(found), content_type=_WORKBOOK)
    response["Content-Disposition"] = 'attachment; filename="changes.xlsx"'
    return response
