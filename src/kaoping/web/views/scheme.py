"""方案: the scheme in force and its earlier versions, for everybody with a duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kaoping.web.opening import installation
from kaoping.web.queries.drafts import draft_rows, rows_aside
from kaoping.web.queries.scheme import (
    Version,
    loaded_version,
    readable_text,
    sees_every_target,
    version_of,
    versions,
)
from kaoping.web.queries.scheme_shown import shown
from kaoping.web.viewer import BUSINESS, COORDINATING
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import TOML, handed_over

if TYPE_CHECKING:
    from typing import Any


@for_audience(BUSINESS)
@require_GET
def scheme(request: Request) -> HttpResponse:
    """The scheme in force, its versions, and drafts for those who make them."""
    found = versions(request.viewer)
    context = {
        "part": "scheme",
        "versions": found,
        "drafts": draft_rows(request.viewer),
        "aside": rows_aside(request.viewer),
        "may_draft": COORDINATING.admits(request.viewer),
    }
    if found:
        context |= _shown(request, found[0])
    return render(request, "scheme/scheme.html", context)


@for_audience(BUSINESS)
@require_GET
def version(request: Request, number: int) -> HttpResponse:
    """An earlier version, as it was."""
    found = _found(request, number)
    context = {"part": "scheme"} | _shown(request, found)
    return render(request, "scheme/version.html", context)


@for_audience(BUSINESS)
@require_GET
def version_text(request: Request, number: int) -> HttpResponse:
    """The document itself, byte for byte as its digest says."""
    found = _found(request, number)
    text = readable_text(request.viewer, found, installation().blobs)
    if text is None:
        raise Http404
    return handed_over(request, text, f"scheme-{number}.toml", TOML)


def _found(request: Request, number: int) -> Version:
    found = version_of(request.viewer, number)
    if found is None:
        raise Http404
    return found


def _shown(request: Request, one: Version) -> dict[str, Any]:
    loaded = loaded_version(one.content.scheme, installation().blobs)
    return {
        "version": one,
        "scheme": shown(loaded.scheme, request.viewer) if loaded.scheme else None,
        "has_text": sees_every_target(request.viewer),
    }
