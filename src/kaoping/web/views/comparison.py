"""版本比较: what differs between two versions, or between a draft and the version in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kaoping.web.opening import installation
from kaoping.web.queries.comparison import changes_xlsx, compared
from kaoping.web.viewer import BUSINESS
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from django.http import HttpResponse


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
    return workbook(request, changes_xlsx(found), _("方案改动.xlsx"))
