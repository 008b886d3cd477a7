"""台账填报: the unit's own checklist; files and values go in, corrections and withdrawals, and the head confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.core.acts.collecting import EvidenceFiled, FilingAcceptedByUnit, ResultReported
from kaoping.core.acts.names import act_name
from kaoping.core.workflow.things import Filing
from kaoping.web.actions.filing import file_evidence, report_values, reported_before
from kaoping.web.forms.ledger import (
    confirmed_content,
    corrected_content,
    filed_contents,
    reported_contents,
    withdrawn_content,
)
from kaoping.web.opening import installation
from kaoping.web.queries.filings import file_of
from kaoping.web.queries.ledger import STATUSES, ledger_page
from kaoping.web.viewer import ASSESSED, BUSINESS
from kaoping.web.views.acting import act, act_id_of, fresh_id, see_several
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in
from kaoping.web.views.downloads import handed_over_whole
from kaoping.web.views.receiving import chosen_with
from kaoping.web.views.staying import stays_on

if TYPE_CHECKING:
    from uuid import UUID

    from django.http.response import HttpResponseBase

    from kaoping.web.queries.ledger import LedgerPage

_PART = "ledger"


@for_audience(ASSESSED)
@require_safe
def ledger(request: Request) -> HttpResponse:
    """The ledger, open at the first task that wants something."""
    page = ledger_page(request.viewer)
    if page is None:
        return render(request, "ledger/none.html", {"part": _PART})
    return _shown(request, page)


@for_audience(ASSESSED)
@require_safe
def task(request: Request, task: str) -> HttpResponse:
    """The ledger, open at a task."""
    page = ledger_page(request.viewer, task)
    if page is None:
        raise Http404
    return _shown(request, page)


def _shown(request: Request, page: LedgerPage) -> HttpResponse:
    context = {"part": _PART, "page": page, "act": fresh_id(), "statuses": STATUSES}
    return render(request, "ledger/ledger.html", context)


def _page(request: Request, task: str) -> LedgerPage:
    """What is asked on a task, for a form that is sent."""
    page = ledger_page(request.viewer, task, is_shown=False)
    if page is None:
        raise Http404
    return page


def _task_of(request: Request, filing: UUID) -> str:
    """The page on which the forms about a filing stand."""
    return _at(_filing(request, filing).task)


@for_audience(ASSESSED)
@require_POST
@stays_on("ledger_task")
def file(request: Request, task: str) -> HttpResponse:
    """File the chosen files for the chosen places of the catalogue."""
    page, form = _page(request, task), act_id_of(request)
    files = chosen_with(request, page.unit)
    contents = filed_contents(request.POST, page, files)
    taken = file_evidence(installation(), request.viewer, contents, form)
    return see_several(request, taken, act_name(EvidenceFiled.wire), _at(task))


@for_audience(ASSESSED)
@require_POST
@stays_on("ledger_task")
def report(request: Request, task: str) -> HttpResponse:
    """Report the values that were typed."""
    page, form = _page(request, task), act_id_of(request)
    taken = reported_before(installation(), page.values, form)
    if not taken:
        contents = reported_contents(request.POST, page)
        taken = report_values(installation(), request.user.person, contents, form)
    return see_several(request, taken, act_name(ResultReported.wire), _at(task))


@for_audience(ASSESSED)
@require_POST
@stays_on(_task_of)
def correct(request: Request, filing: UUID) -> HttpResponse:
    """New files in place of a filing's."""
    thing = _filing(request, filing)
    files = chosen_with(request, thing.unit)
    content = corrected_content(request.POST, files)
    return act(request, thing.id, content, _at(thing.task), request.POST.get("supersedes") or None)


@for_audience(ASSESSED)
@require_POST
@stays_on(_task_of)
def withdraw(request: Request, filing: UUID) -> HttpResponse:
    """Take a filing back, with a reason."""
    thing = _filing(request, filing)
    return act(request, thing.id, withdrawn_content(request.POST), _at(thing.task))


@for_audience(ASSESSED)
@require_POST
@stays_on(_task_of)
def accept(request: Request, filing: UUID) -> HttpResponse:
    """Say that what a section entered for the unit is what it sent."""
    thing = _filing(request, filing)
    return act(request, thing.id, FilingAcceptedByUnit(), _at(thing.task))


@for_audience(ASSESSED)
@with_fresh_sign_in
@require_POST
@stays_on("ledger")
def confirm(request: Request) -> HttpResponse:
    """The head of the unit confirms the whole filing."""
    page = ledger_page(request.viewer, is_shown=False)
    if page is None:
        raise Http404
    content = confirmed_content(request.POST, page)
    return act(request, page.unit, content, reverse("ledger"))


@for_audience(BUSINESS)
@require_safe
def evidence_file(request: Request, filing: UUID, sha256: str) -> HttpResponseBase:
    """A file of a filing, hashed anew before it is handed over."""
    found = file_of(request.viewer, str(filing), sha256)
    if found is None:
        raise Http404
    return handed_over_whole(request, *found)


def _filing(request: Request, filing: UUID) -> Filing:
    """One of the viewer's own unit."""
    thing = request.viewer.state.find(Filing, str(filing))
    if thing is None or thing.unit not in request.viewer.units:
        raise Http404
    return thing


def _at(task: str) -> str:
    return reverse("ledger_task", args=[task])
