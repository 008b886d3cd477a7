"""年度: opening the year, and until when each of its steps is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kaoping.web.actions.year import set_deadlines, thing_of
from kaoping.web.forms.year import NOTHING_TYPED, days_typed, extension_typed, opening_content
from kaoping.web.opening import installation
from kaoping.web.queries.year import deadline_forms, deadlines_workbook
from kaoping.web.queries.year import deadlines as deadlines_of
from kaoping.web.queries.year import opening as opening_of
from kaoping.web.viewer import BUSINESS, COORDINATING, LEADING
from kaoping.web.views.acting import act, act_id_of, fresh_id, see, tell_several
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from django.http import HttpResponse

    from kaoping.web.forms.year import ExtensionTyped
    from kaoping.web.queries.year import Deadlines, DeadlineShown

_PART = "year"
_CORRECT = 422


@for_audience(LEADING)
@require_GET
def year(request: Request) -> HttpResponse:
    """考评启动: the checklist, with everything that stands in the way."""
    found = opening_of(request.viewer, installation().blobs)
    return render(request, "year/year.html", {"part": _PART, "opening": found})


@for_audience(LEADING)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def year_open(request: Request) -> HttpResponse:
    """The act itself."""
    found = opening_of(request.viewer, installation().blobs)
    if request.method == "POST":
        content = opening_content(request.POST, found)
        return act(request, thing_of(act_id_of(request)), content, reverse("deadlines"))
    context = {"part": _PART, "opening": found, "act": fresh_id()}
    return render(request, "year/open.html", context)


@for_audience(BUSINESS)
@require_GET
def deadlines(request: Request) -> HttpResponse:
    """时限: until when each step is, with every version; a form for those that have none."""
    found = _found(request)
    return render(request, "year/deadlines.html", _context(request, found, {}))


@for_audience(COORDINATING)
@with_fresh_sign_in
@require_http_methods(["POST"])
def deadlines_set(request: Request) -> HttpResponse:
    """Set those that are not set yet."""
    found = _found(request)
    if found.year is None:
        raise Http404
    form, typed = act_id_of(request), days_typed(request.POST, found.steps, request.viewer.day)
    if not typed.is_good:
        context = _context(request, found, typed.typed) | {
            "is_empty": not typed.typed,
            "needs_sure": bool(typed.days),
        }
        return render(request, "year/deadlines.html", context, status=_CORRECT)
    person = request.user.person
    taken = set_deadlines(installation(), person, found.year.id, typed.days, form)
    said = _("已办理：时限设定 {} 项，条目 {} 至 {}。")
    tell_several(request, said.format(len(taken), taken[0].index, taken[-1].index))
    return see(reverse("deadlines"))


@for_audience(BUSINESS)
@require_GET
def deadlines_xlsx(request: Request) -> HttpResponse:
    """The deadlines with all their versions as a workbook."""
    found = _found(request)
    if found.year is None:
        raise Http404
    return workbook(request, deadlines_workbook(found), _("时限.xlsx"))


@for_audience(LEADING)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def deadline_extend(request: Request, step: str) -> HttpResponse:
    """延期 of one step, with its reason, by another role than the one that it presses."""
    found = _found(request)
    one = next((s for s in found.steps if s.kind.value == step and s.until is not None), None)
    if found.year is None or one is None:
        raise Http404
    if request.method == "GET":
        return _extension(request, one, NOTHING_TYPED)
    typed = extension_typed(request.POST, one, found.steps, request.viewer.day)
    if typed.content is None:
        return _extension(request, one, typed)
    supersedes = request.POST.get("supersedes") or None
    return act(request, found.year.id, typed.content, reverse("deadlines"), supersedes)


def _extension(request: Request, one: DeadlineShown, typed: ExtensionTyped) -> HttpResponse:
    context = {
        "part": _PART,
        "step": one,
        "typed": typed,
        "act": request.POST.get("act") or fresh_id(),
        "supersedes": request.POST.get("supersedes") or one.act,
    }
    status = _CORRECT if request.method == "POST" else 200
    return render(request, "year/extend.html", context, status=status)


def _context(request: Request, found: Deadlines, typed: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "part": _PART,
        "deadlines": found,
        "forms": deadline_forms(found, typed),
        "act": request.POST.get("act") or fresh_id(),
        "may_set": COORDINATING.admits(request.viewer),
        "may_lead": LEADING.admits(request.viewer),
    }


def _found(request: Request) -> Deadlines:
    return deadlines_of(request.viewer, installation().blobs)
