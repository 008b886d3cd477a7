"""tus 1.0: how a browser sends a large file in pieces and goes on after a broken line.

Core, creation, creation-with-upload and checksum; our own few lines, as no library is kept. Answers are
for programs: a status, and one sentence for who looks at the page.
"""

from __future__ import annotations

import base64
import binascii
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language

from kaoping.core.errors import (
    DiskFullFault,
    EnvironmentFault,
    InputError,
    KaopingError,
    RefusedError,
)
from kaoping.files.parts import ALGORITHMS, BusyError, DifferentError, TooLongError
from kaoping.web.actions.uploading import OtherOffsetError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
_STATUS = (
    (OtherOffsetError, 409),
    (DifferentError, 460),
    (BusyError, 423),
    (TooLongError, 413),
    (TooLargeError, 413),
    (InputError, 415),
    (RefusedError, 403),
    (DiskFullFault, 507),
    (EnvironmentFault, 503),
)
_DIGITS = 16


class MalformedError(InputError):
    """A header of the protocol is missing or is none."""


def speaks(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view is an address of the protocol: its version is asked, and errors become its statuses."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        try:
            if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
                response = HttpResponse(status=412, headers={"Tus-Version": VERSION})
            else:
                response = view(request, *args, **kwargs)
        except KaopingError as error:
            status = 400 if isinstance(error, MalformedError) else _status(error)
            said = error.en if get_language() == "en" else error.zh
            response = HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
        response["Tus-Resumable"] = VERSION
        return response

    return answered


def _status(error: KaopingError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def abilities() -> HttpResponse:
    """What this server understands."""
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,creation-with-upload,checksum,termination",
            "Tus-Max-Size": str(settings.UPLOAD_LIMIT),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


def whole(request: HttpRequest, header: str) -> int:
    """A number of bytes in a header.

    Raises:
        MalformedError: where there is none.
    """
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise MalformedError(f"缺少 {header}，没有接收。", f"{header} is missing or is no number.")
    return int(text)


def metadata(request: HttpRequest) -> Mapping[str, str]:
    """What the browser says about a file: its name, and for whom it is.

    Raises:
        MalformedError: where it is not of its form.
    """
    found: dict[str, str] = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise MalformedError(
                "Upload-Metadata 写法不对，没有接收。", "Upload-Metadata is not of its form."
            ) from None
    return found


def checksum(request: HttpRequest) -> tuple[str, bytes] | None:
    """The algorithm and the digest of the piece that is sent; None where none was.

    Raises:
        MalformedError: where it is none of those that are understood.
    """
    text = request.headers.get("Upload-Checksum", "")
    if not text:
        return None
    algorithm, _, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if algorithm not in ALGORITHMS or not digest:
        raise MalformedError(
            "Upload-Checksum 写法不对，没有接收。", "Upload-Checksum is not understood."
        )
    return algorithm, digest


def is_piece(request: HttpRequest) -> bool:
    """Whether the request carries bytes of a file."""
    return request.headers.get("Content-Type", "") == PIECE


def require_piece(request: HttpRequest) -> None:
    """That it does.

    Raises:
        InputError: where it carries anything else.
    """
    if not is_piece(request):
        raise InputError(f"应以 {PIECE} 发送。", f"{PIECE} is due.")
