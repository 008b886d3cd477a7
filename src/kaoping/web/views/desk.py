"""工作台: what I must do now."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kaoping.web.queries.desk import own_todos
from kaoping.web.queries.desk_page import (
    desk_of,
    lines_of,
    matter_of,
    own_entries,
    shared_lines,
    todos_xlsx,
)
from kaoping.web.viewer import EVERYBODY
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import workbook

_DONE_AT_ONCE = 30


@for_audience(EVERYBODY)
@require_safe
def desk(request: Request) -> HttpResponse:
    """My to-dos, and what stands beside them."""
    found = desk_of(request.viewer, is_whole="all" in request.GET)
    return render(request, "desk/desk.html", {"part": "desk", "desk": found, "lines": found.lines})


@for_audience(EVERYBODY)
@require_safe
def section(request: Request) -> HttpResponse:
    """The to-dos of my section or unit."""
    context = {
        "part": "desk",
        "desk": desk_of(request.viewer),
        "lines": shared_lines(request.viewer),
    }
    return render(request, "desk/section.html", context)


@for_audience(EVERYBODY)
@require_safe
def done(request: Request) -> HttpResponse:
    """What I have done, with its receipts."""
    pages = Paginator(own_entries(request.viewer), _DONE_AT_ONCE)
    page = pages.get_page(request.GET.get("page"))
    context = {"part": "desk", "desk": desk_of(request.viewer), "page": page}
    return render(request, "desk/done.html", context)


@for_audience(EVERYBODY)
@require_safe
def matter(request: Request, key: str) -> HttpResponse:
    """One to-do with all that is known about it."""
    found = matter_of(request.viewer, key)
    if found is None:
        raise Http404
    return render(request, "desk/matter.html", {"part": "desk", "matter": found})


@for_audience(EVERYBODY)
@require_safe
def as_xlsx(request: Request) -> HttpResponse:
    """My to-dos as a workbook."""
    lines = lines_of(request.viewer, own_todos(request.viewer))
    return workbook(request, todos_xlsx(lines, _("待办")), _("我的待办.xlsx"))


@for_audience(EVERYBODY)
@require_safe
def section_as_xlsx(request: Request) -> HttpResponse:
    """The to-dos of my section or unit as a workbook."""
    content = todos_xlsx(shared_lines(request.viewer), _("待办"))
    return workbook(request, content, _("科室待办.xlsx"))
