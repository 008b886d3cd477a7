"""工作台: what I must do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from kaoping.web.viewer import EVERYBODY
from kaoping.web.views.doors import Request, for_audience

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(EVERYBODY)
def desk(request: Request) -> HttpResponse:
    """The desk."""
    return render(request, "desk/desk.html", {"part": "desk"})
