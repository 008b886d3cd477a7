"""上传: the addresses to which a browser sends files, piece by piece (tus), and how each one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kaoping.web import tus
from kaoping.web.actions.uploading import begin_upload, drop_upload, settle_upload, take_piece
from kaoping.web.jobs import begin_previewing
from kaoping.web.models import Upload
from kaoping.web.opening import installation
from kaoping.web.viewer import BUSINESS
from kaoping.web.views.doors import Request, for_audience

if TYPE_CHECKING:
    from uuid import UUID


@for_audience(BUSINESS)
@require_http_methods(["OPTIONS", "POST"])
@tus.speaks
def uploads(request: Request) -> HttpResponse:
    """Begin an upload, perhaps with its first bytes."""
    if request.method == "OPTIONS":
        return tus.abilities()
    said = tus.metadata(request)
    name, owner = said.get("filename", ""), said.get("owner", "")
    here, size = installation(), tus.whole(request, "Upload-Length")
    one = begin_upload(here, request.viewer, name, size, owner)
    if tus.is_piece(request):
        take_piece(here, one, 0, request, tus.checksum(request))
    return _told(one, 201, Location=reverse("upload", args=[one.id]))


@for_audience(BUSINESS)
@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
@tus.speaks
def upload(request: Request, upload: UUID) -> HttpResponse:
    """How far an upload is; its next piece; or give it up."""
    if request.method == "OPTIONS":
        return tus.abilities()
    one = _own(request, upload)
    if request.method == "DELETE":
        drop_upload(installation(), one)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        tus.require_piece(request)
        offset = tus.whole(request, "Upload-Offset")
        take_piece(installation(), one, offset, request, tus.checksum(request))
        return _told(one, 204)
    settle_upload(installation(), one)
    return _told(one, 200)


@for_audience(BUSINESS)
@require_GET
def state(request: Request, upload: UUID) -> HttpResponse:
    """One upload as a line of the list on a page: filed with the form, or why it was not accepted."""
    return render(request, "upload/line.html", {"upload": _own(request, upload)})


def _own(request: Request, upload: UUID) -> Upload:
    return get_object_or_404(Upload.objects.visible_to(request.viewer), id=str(upload))


def _told(one: Upload, status: int, **more: str) -> HttpResponse:
    if one.is_ready:
        transaction.on_commit(begin_previewing)
    headers = {"Upload-Offset": str(one.received), "Upload-Length": str(one.size), **more}
    return HttpResponse(status=status, headers=headers)
