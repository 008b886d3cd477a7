"""平时记录: what a section notes of units in daily work; taken back by another note."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kaoping.web.actions.year import thing_of
from kaoping.web.forms.behalf import (
    chosen_cell,
    note_content,
    note_withdrawn_content,
)
from kaoping.web.forms.ledger import page_wanted
from kaoping.web.queries.behalf import cell_of
from kaoping.web.queries.notes import note_file, note_of, notes_page, notes_workbook
from kaoping.web.viewer import OF_SECTIONS
from kaoping.web.views.acting import act, act_id_of, fresh_id
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import handed_over_whole, workbook
from kaoping.web.views.receiving import chosen_with
from kaoping.web.views.staying import stays_on

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from kaoping.web.queries.notes import NoteShown


@for_audience(OF_SECTIONS)
@require_safe
def notes(request: Request) -> HttpResponse:
    """The notes, and the form for another one."""
    unit, task = chosen_cell(request.GET)
    page = notes_page(request.viewer, unit, task, page_wanted(request.GET))
    query = urlencode({"unit": unit, "task": task})
    context = {"part": "review", "page": page, "act": fresh_id(), "query": query}
    return render(request, "notes/notes.html", context)


@for_audience(OF_SECTIONS)
@require_safe
def as_xlsx(request: Request) -> HttpResponse:
    """The same as a workbook."""
    content = notes_workbook(request.viewer, *chosen_cell(request.GET), _("平时记录"))
    return workbook(request, content, _("平时记录.xlsx"))


@for_audience(OF_SECTIONS)
@require_POST
@stays_on("notes")
def make(request: Request) -> HttpResponse:
    """Note something."""
    cell = cell_of(request.viewer, *chosen_cell(request.POST))
    files = chosen_with(request, cell.section if cell else "")
    content = note_content(request.POST, cell, files, request.viewer.day)
    return act(request, thing_of(act_id_of(request)), content, reverse("notes"))


@for_audience(OF_SECTIONS)
@require_POST
@stays_on(lambda _request, **_note: reverse("notes"))
def withdraw(request: Request, note: UUID) -> HttpResponse:
    """Take a note back by another one."""
    found = _note(request, note)
    content = note_withdrawn_content(request.POST, found)
    return act(request, thing_of(act_id_of(request)), content, reverse("notes"))


@for_audience(OF_SECTIONS)
@require_safe
def file(request: Request, note: UUID, sha256: str) -> HttpResponseBase:
    """A file of a note."""
    found = note_file(request.viewer, str(note), sha256)
    if found is None:
        raise Http404
    return handed_over_whole(request, *found)


def _note(request: Request, note: UUID) -> NoteShown:
    found = note_of(request.viewer, str(note))
    if found is None:
        raise Http404
    return found
