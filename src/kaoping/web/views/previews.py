"""预览: what a file of a filing looks like, for whoever may have the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaoping.web.opening import installation
from kaoping.web.queries.previews import picture_of, preview_page
from kaoping.web.viewer import BUSINESS
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import FILE_POLICY

if TYPE_CHECKING:
    from uuid import UUID


@for_audience(BUSINESS)
@require_safe
def preview(request: Request, filing: UUID, sha256: str) -> HttpResponse:
    """The page; while nothing is made yet it looks again by itself."""
    page = preview_page(request.viewer, str(filing), sha256)
    if page is None:
        raise Http404
    is_own = page.filing.unit in request.viewer.units
    context = {"part": "ledger" if is_own else "review", "page": page}
    return render(request, "preview/preview.html", context)


@for_audience(BUSINESS)
@require_safe
def picture(request: Request, filing: UUID, sha256: str, number: int) -> HttpResponse:
    """A picture of our own making, hashed anew; shown in the page, so that no file leaves by it."""
    found = picture_of(request.viewer, str(filing), sha256, number)
    if found is None:
        raise Http404
    response = HttpResponse(installation().previews.read(found), content_type="image/webp")
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = FILE_POLICY
    response["Cache-Control"] = "private, no-store"
    return response
