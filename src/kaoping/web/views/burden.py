"""填报负担: what each unit will be asked, before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kaoping.web.actions.matrix import scheme_to_edit
from kaoping.web.models import SchemeDraft
from kaoping.web.opening import installation
from kaoping.web.queries.burden import (
    BurdenTable,
    burden_table,
    burden_workbook,
    deadline_in_force,
    unit_list,
)
from kaoping.web.queries.matrix import EVERYTHING, scope_of
from kaoping.web.queries.scheme import published_scheme
from kaoping.web.viewer import BUSINESS, COORDINATING
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

_PART = "matrix"


@for_audience(BUSINESS)
@require_GET
def burden(request: Request) -> HttpResponse:
    """Of the version in force: all units, or at once the list of one's own."""
    table = _in_force(request)
    if table is None:
        return render(request, "burden/none.html", {"part": _PART})
    if not table.is_whole and len(table.rows) == 1:
        return _list(request, table, table.rows[0].burden.unit.id)
    return render(request, "burden/burden.html", {"part": _PART, "table": table, "draft": None})


@for_audience(BUSINESS)
@require_GET
def burden_unit(request: Request) -> HttpResponse:
    """One unit's list; without one, back to the table."""
    if not request.GET.get("unit"):
        return HttpResponseRedirect(reverse("burden"))
    table = _in_force(request)
    if table is None:
        raise Http404
    return _list(request, table, request.GET["unit"])


@for_audience(BUSINESS)
@require_GET
def burden_xlsx(request: Request) -> HttpResponse:
    """The table and the lists as a workbook."""
    table = _in_force(request)
    if table is None:
        raise Http404
    return workbook(request, burden_workbook(table, _("填报负担")), _("填报负担.xlsx"))


@for_audience(COORDINATING)
@require_GET
def burden_draft(request: Request, draft: UUID) -> HttpResponse:
    """Of a draft, compared with the version in force."""
    one = _draft(request, draft)
    context = {"part": _PART, "table": _of_draft(request, one), "draft": one}
    return render(request, "burden/burden.html", context)


@for_audience(COORDINATING)
@require_GET
def burden_draft_unit(request: Request, draft: UUID) -> HttpResponse:
    """One unit's list of a draft; without one, back to the table."""
    one = _draft(request, draft)
    if not request.GET.get("unit"):
        return HttpResponseRedirect(reverse("burden_draft", args=[one.id]))
    return _list(request, _of_draft(request, one), request.GET["unit"], one)


@for_audience(COORDINATING)
@require_GET
def burden_draft_xlsx(request: Request, draft: UUID) -> HttpResponse:
    """A draft's table and lists as a workbook."""
    table = _of_draft(request, _draft(request, draft))
    content = burden_workbook(table, _("填报负担（草稿）"))
    return workbook(request, content, _("填报负担-草稿.xlsx"))


def _list(
    request: Request, table: BurdenTable, unit: str, draft: SchemeDraft | None = None
) -> HttpResponse:
    found = unit_list(table, unit)
    if found is None:
        raise Http404
    context = {"part": _PART, "list": found, "draft": draft, "is_whole": table.is_whole}
    return render(request, "burden/unit.html", context)


def _in_force(request: Request) -> BurdenTable | None:
    scheme = published_scheme(request.viewer.state, installation().blobs)
    if scheme is None:
        return None
    due = deadline_in_force(request.viewer.state)
    return burden_table(scheme, scope_of(request.viewer, scheme), due, None)


def _of_draft(request: Request, one: SchemeDraft) -> BurdenTable:
    before = published_scheme(request.viewer.state, installation().blobs)
    return burden_table(scheme_to_edit(one), EVERYTHING, None, before)


def _draft(request: Request, draft: UUID) -> SchemeDraft:
    return get_object_or_404(SchemeDraft.objects.visible_to(request.viewer), id=str(draft))
