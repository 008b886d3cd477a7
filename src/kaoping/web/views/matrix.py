"""任务分解: units × tasks of the scheme in force, and of a draft, where its cells are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaoping.files.matrix_workbook import matrix_workbook, read_matrix
from kaoping.web.actions.matrix import save_cells, scheme_to_edit
from kaoping.web.forms.matrix import cell_typed, cells_of, cells_text, matrix_upload
from kaoping.web.models import SchemeDraft
from kaoping.web.opening import installation
from kaoping.web.queries.drafts import draft_rows
from kaoping.web.queries.matrix import (
    EVERYTHING,
    SchemeShown,
    cell_changes,
    cell_detail,
    matrix_of,
    name_of,
    scope_of,
)
from kaoping.web.queries.scheme import published_scheme, scheme_in_force
from kaoping.web.viewer import BUSINESS, COORDINATING
from kaoping.web.views.acting import see
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from kaoping.web.queries.matrix import CellDetail

_CONFLICT, _CORRECT = 409, 422


@for_audience(BUSINESS)
@require_GET
def matrix(request: Request) -> HttpResponse:
    """The version in force: all of it, one's indicators, or one's own row."""
    scheme = published_scheme(request.viewer.state, installation().blobs)
    if scheme is None:
        context = {"part": "matrix", "drafts": draft_rows(request.viewer)}
        return render(request, "matrix/none.html", context)
    shown = SchemeShown(scheme, scope_of(request.viewer, scheme))
    return _page(request, shown, _asked(request, shown))


@for_audience(BUSINESS)
@require_GET
def matrix_xlsx(request: Request) -> HttpResponse:
    """The version in force as a workbook, as far as it may be seen."""
    scheme = published_scheme(request.viewer.state, installation().blobs)
    if scheme is None:
        raise Http404
    content = matrix_workbook(scheme, scope_of(request.viewer, scheme).sees)
    return workbook(request, content, f"任务分解-{scheme.year}.xlsx")


@for_audience(COORDINATING)
@require_http_methods(["GET", "POST"])
def matrix_draft(request: Request, draft: UUID) -> HttpResponse:
    """A draft: one cell after the other is changed in the panel at its side."""
    one = _draft(request, draft)
    shown = SchemeShown(scheme_to_edit(one), EVERYTHING, one)
    asked = _asked(request, shown)
    if request.method == "POST":
        return _saved(request, shown, asked)
    return _page(request, shown, asked)


@for_audience(COORDINATING)
@require_GET
def matrix_draft_xlsx(request: Request, draft: UUID) -> HttpResponse:
    """A draft as a workbook to fill in."""
    scheme = scheme_to_edit(_draft(request, draft))
    return workbook(request, matrix_workbook(scheme), f"任务分解-{scheme.year}-草稿.xlsx")


@for_audience(COORDINATING)
@require_http_methods(["GET", "POST"])
def matrix_import(request: Request, draft: UUID) -> HttpResponse:
    """Fill a draft from a workbook: choose it, then see what would change."""
    one = _draft(request, draft)
    scheme = scheme_to_edit(one)
    context = {"part": "matrix", "draft": one}
    if request.method == "POST":
        name, content = matrix_upload(request.FILES)
        found = read_matrix(content, name, scheme)
        context |= {
            "name": name,
            "read": found.read,
            "changes": cell_changes(scheme, found.changed),
            "cells": cells_text(scheme, found.changed),
        }
        return render(request, "matrix/preview.html", context)
    return render(request, "matrix/import.html", context)


@for_audience(COORDINATING)
@require_POST
def matrix_import_save(request: Request, draft: UUID) -> HttpResponse:
    """Save what the preview showed: all of it, or nothing where somebody was quicker."""
    one = _draft(request, draft)
    scheme = scheme_to_edit(one)
    saved = save_cells(one, cells_of(request.POST.get("cells", ""), scheme), request.user.person)
    if saved.overtaken:
        context = {
            "part": "matrix",
            "draft": saved.draft,
            "changes": cell_changes(scheme, saved.overtaken),
            "by": name_of(request.viewer, saved.draft.saved_by),
        }
        return render(request, "matrix/overtaken.html", context, status=_CONFLICT)
    return see(reverse("matrix_draft", args=[one.id]))


def _saved(request: Request, shown: SchemeShown, asked: CellDetail | None) -> HttpResponse:
    """Save one cell; the panel comes back with what is wrong, or what is there now."""
    if asked is None or shown.draft is None:
        raise Http404
    unit, task = asked.unit.id, asked.task.id
    typed = cell_typed(request.POST, shown.scheme, unit, task)
    if typed.cell is None:
        detail = cell_detail(
            shown.scheme, EVERYTHING, unit, task, typed=typed.texts, errors=typed.errors
        )
        return _page(request, shown, detail, _CORRECT)
    saved = save_cells(shown.draft, [typed.cell], request.user.person)
    if saved.overtaken:
        detail = cell_detail(shown.scheme, EVERYTHING, unit, task, typed=typed.texts)
        return _page(request, shown, detail, _CONFLICT)
    if not getattr(request, "htmx", False):
        where = urlencode({"unit": unit, "task": task})
        return see(f"{reverse('matrix_draft', args=[saved.draft.id])}?{where}#cell")
    now = SchemeShown(scheme_to_edit(saved.draft), EVERYTHING, saved.draft)
    return _page(request, now, cell_detail(now.scheme, EVERYTHING, unit, task), is_saved=True)


def _page(
    request: Request,
    shown: SchemeShown,
    detail: CellDetail | None,
    status: int = 200,
    *,
    is_saved: bool = False,
) -> HttpResponse:
    """The page, or for a script that asked for a cell its panel alone."""
    context: dict[str, Any] = {
        "part": "matrix",
        "draft": shown.draft,
        "cell": detail,
        "may_edit": shown.draft is not None and shown.draft.published is None,
        "is_off": _is_off(request, detail),
        "is_conflict": status == _CONFLICT,
        "is_saved": is_saved,
        "saved_by": name_of(request.viewer, shown.draft.saved_by) if shown.draft else "",
    }
    if getattr(request, "htmx", False):
        return render(request, "matrix/panel.html", context, status=status)
    in_force = scheme_in_force(request.viewer.state)
    context |= {
        "scheme": shown.scheme,
        "version": in_force.content.version if in_force else None,
        "matrix": matrix_of(shown.scheme, shown.scope),
        "sees_all": shown.scope.is_all,
        "drafts": draft_rows(request.viewer),
    }
    return render(request, "matrix/matrix.html", context, status=status)


def _is_off(request: Request, detail: CellDetail | None) -> bool:
    """Whether the box for 不涉及 is ticked: as it was sent, else as the cell says."""
    if request.method == "POST":
        return bool(request.POST.get("off"))
    return detail is not None and detail.one.not_applicable


def _asked(request: Request, shown: SchemeShown) -> CellDetail | None:
    """The cell that the address names; none where it names none.

    Raises:
        Http404: where it names one that there is not, or that the viewer may not see.
    """
    unit, task = request.GET.get("unit", ""), request.GET.get("task", "")
    if not unit and not task:
        return None
    found = cell_detail(shown.scheme, shown.scope, unit, task)
    if found is None:
        raise Http404
    return found


def _draft(request: Request, draft: UUID) -> SchemeDraft:
    return get_object_or_404(SchemeDraft.objects.visible_to(request.viewer), id=str(draft))
