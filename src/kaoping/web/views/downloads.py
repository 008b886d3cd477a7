"""Files that are handed over to be kept: under a name of their own, and written down.

Nothing leaves the platform as a file by another way (acts.md: the sealed security log counts downloads),
but the calendar feed, which a program fetches again and again. Pictures of a preview are parts of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from kaoping.web.models import EventKind
from kaoping.web.opening import installation
from kaoping.web.security_log import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.blob import Blob
    from kaoping.files.blobs import Blobs
    from kaoping.web.views.doors import Request

TEXT, TOML = "text/plain; charset=utf-8", "application/toml; charset=utf-8"
FILE_POLICY = (
    "default-src 'none'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of a file that somebody handed in, whatever it claims to be."""
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def handed_over(request: Request, content: str | bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep; that it was taken along stands in the security log.

    Args:
        request: who asks.
        content: of the file; texts leave as UTF-8.
        name: of the file.
        kind: its media type.
    """
    record(request, EventKind.DOWNLOADED, name)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def workbook(request: Request, content: bytes, name: str) -> HttpResponse:
    """A workbook to keep."""
    return handed_over(request, content, name, _WORKBOOK)


def handed_over_whole(request: Request, blob: Blob, name: str) -> StreamingHttpResponse:
    """A stored file to keep, of whatever size: hashed anew as a whole before the first byte leaves.

    Whatever it claims to be, a browser saves it and runs nothing of it.

    Raises:
        TamperError: where it is not there, or is not what was filed.
    """
    blobs = installation().blobs
    blobs.check(blob)
    record(request, EventKind.DOWNLOADED, name)
    response = StreamingHttpResponse(_pieces(blobs, blob), content_type="application/octet-stream")
    response["Content-Length"] = str(blob.size)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Security-Policy"] = FILE_POLICY
    return response


def _pieces(blobs: Blobs, blob: Blob) -> Iterator[bytes]:
    with blobs.open(blob) as stream:
        yield from stream.pieces()
