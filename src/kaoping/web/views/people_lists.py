"""人员名单: handed in by one administrator, done in two halves by two, each looked at before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaoping.files.people import blank_form
from kaoping.web.actions.people import (
    content_of,
    give_some,
    keep_list,
    lay_aside,
    plan_of,
    register_some,
)
from kaoping.web.forms.people import digest_of, handed_list, list_reason, total_of
from kaoping.web.models import PeopleList
from kaoping.web.opening import installation
from kaoping.web.queries.people_lists import list_rows, preview
from kaoping.web.viewer import PEOPLE_KEEPERS, SECURITY_ADMIN, SYSTEM_ADMIN
from kaoping.web.views.acting import see, tell_several
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpResponse

    from kaoping.web.actions.people import Progress


@for_audience(PEOPLE_KEEPERS)
@require_GET
def lists(request: Request) -> HttpResponse:
    """The lists that there are, and how to hand one in."""
    context = {
        "part": "people",
        "lists": list_rows(request.viewer),
        "may_hand_in": SYSTEM_ADMIN.admits(request.viewer),
    }
    return render(request, "people_lists/lists.html", context)


@for_audience(SYSTEM_ADMIN)
@require_GET
def form(request: Request) -> HttpResponse:
    """The empty form to fill in."""
    return workbook(request, blank_form(), _("人员名单（空表）.xlsx"))


@for_audience(SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Hand a list in: with every fault told, or kept to be looked at."""
    if request.method == "POST":
        handed = handed_list(request.POST, request.FILES)
        kept = keep_list(installation(), handed, request.user.person)
        return see(reverse("people_list", args=[kept.id]))
    return render(request, "people_lists/new.html", {"part": "people"})


@for_audience(PEOPLE_KEEPERS)
@require_GET
def people_list(request: Request, people_list: UUID) -> HttpResponse:
    """What the list will bring about, in its two halves."""
    return render(
        request, "people_lists/list.html", _looked_at(request, _kept(request, people_list))
    )


def _kept(request: Request, identity: UUID) -> PeopleList:
    return get_object_or_404(PeopleList.objects.visible_to(request.viewer), id=str(identity))


def _looked_at(request: Request, kept: PeopleList) -> dict[str, Any]:
    viewer = request.viewer
    found = plan_of(installation(), content_of(kept), viewer.person, viewer.state)
    return {
        "part": "people",
        "list": kept,
        "is_complete": content_of(kept).is_complete,
        "preview": preview(found),
        "problems": found.problems,
        "may_register": SYSTEM_ADMIN.admits(viewer),
        "may_give": SECURITY_ADMIN.admits(viewer),
    }


@for_audience(SYSTEM_ADMIN)
@with_fresh_sign_in
@require_POST
def register(request: Request, people_list: UUID) -> HttpResponse:
    """The first half, some at a time: units, sections, persons, accounts."""
    kept = _kept(request, people_list)
    digest = digest_of(request.POST)
    progress = register_some(installation(), request, kept, digest, request.user.person)
    return _went_on(request, kept, progress, "people_list_register")


@for_audience(SECURITY_ADMIN)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def give(request: Request, people_list: UUID) -> HttpResponse:
    """The second half, some at a time: duties that end, duties that are given."""
    kept = _kept(request, people_list)
    if request.method == "POST":
        digest, reason = digest_of(request.POST), list_reason(request.POST, kept.name)
        progress = give_some(installation(), kept, digest, request.user.person, reason)
        return _went_on(request, kept, progress, "people_list_give")
    return render(request, "people_lists/give.html", _looked_at(request, kept))


def _went_on(request: Request, kept: PeopleList, progress: Progress, route: str) -> HttpResponse:
    """On a page that can, the next part follows at once; elsewhere a button asks for it."""
    to = reverse("people_list", args=[kept.id])
    if not progress.left:
        tell_several(request, _("名单“{}”的这一半已全部办理。").format(kept.name))
    if not getattr(request, "htmx", False):
        if progress.left:
            said = _("已办理 {} 项，还剩 {} 项。请继续办理，已办理的不会重复。")
            tell_several(request, said.format(progress.done, progress.left))
        return see(to)
    total = max(total_of(request.POST), progress.done + progress.left)
    context = {
        "list": kept,
        "address": reverse(route, args=[kept.id]),
        "to": to,
        "left": progress.left,
        "total": total,
        "done": total - progress.left,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "people_lists/progress.html", context)


@for_audience(SYSTEM_ADMIN)
@require_POST
def aside(request: Request, people_list: UUID) -> HttpResponse:
    """Put a list away; what it brought about stays."""
    lay_aside(_kept(request, people_list))
    return see(reverse("people_lists"))
