"""Files that are made for who asks: handed over under a name of their own, and written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from kaoping.web.models import EventKind
from kaoping.web.security_log import record

if TYPE_CHECKING:
    from kaoping.web.views.doors import Request

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(request: Request, content: bytes, name: str) -> HttpResponse:
    """A workbook to keep; that it was taken along stands in the security log."""
    record(request, EventKind.DOWNLOADED, name)
    response = HttpResponse(content, content_type=_WORKBOOK)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
