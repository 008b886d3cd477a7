"""台账填报: the unit's own checklist; files and values go in, corrections and withdrawals, and the head confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kaoping.core.acts.collecting import EvidenceFiled, FilingAcceptedByUnit, ResultReported
from kaoping.core.acts.names import act_name
from kaoping.core.errors import InputError
from kaoping.core.workflow.things import Filing
from kaoping.web.actions.filing import file_evidence, receive_whole, report_values, reported_before
from kaoping.web.forms.ledger import (
    chosen_blobs,
    confirmed_content,
    corrected_content,
    filed_contents,
    reported_contents,
    withdrawn_content,
)
from kaoping.web.jobs import begin_previewing
from kaoping.web.opening import installation
from kaoping.web.queries.filings import file_of
from kaoping.web.queries.ledger import STATUSES, ledger_page
from kaoping.web.viewer import ASSESSED, BUSINESS
from kaoping.web.views.acting import act, act_id_of, fresh_id, see, tell_done, tell_several, waiting
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in
from kaoping.web.views.downloads import handed_over_whole

if TYPE_CHECKING:
    from uuid import UUID

    from django.http.response import HttpResponseBase

    from kaoping.core.blob import Blob
    from kaoping.web.actions.taking import Taken
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


@for_audience(ASSESSED)
@require_POST
def file(request: Request, task: str) -> HttpResponse:
    """File the chosen files for the chosen places of the catalogue."""
    page, form = _page(request, task), act_id_of(request)
    contents = filed_contents(request.POST, page, _blobs(request, page.unit))
    taken = file_evidence(installation(), request.user.person, contents, form)
    return _several(request, taken, act_name(EvidenceFiled.wire), task)


@for_audience(ASSESSED)
@require_POST
def report(request: Request, task: str) -> HttpResponse:
    """Report the values that were typed."""
    page, form = _page(request, task), act_id_of(request)
    taken = reported_before(installation(), page.values, form)
    if not taken:
        contents = reported_contents(request.POST, page)
        taken = report_values(installation(), request.user.person, contents, form)
    return _several(request, taken, act_name(ResultReported.wire), task)


@for_audience(ASSESSED)
@require_POST
def correct(request: Request, filing: UUID) -> HttpResponse:
    """New files in place of a filing's."""
    thing = _filing(request, filing)
    content = corrected_content(request.POST, _blobs(request, thing.unit))
    return act(request, thing.id, content, _at(thing.task), request.POST.get("supersedes") or None)


@for_audience(ASSESSED)
@require_POST
def withdraw(request: Request, filing: UUID) -> HttpResponse:
    """Take a filing back, with a reason."""
    thing = _filing(request, filing)
    return act(request, thing.id, withdrawn_content(request.POST), _at(thing.task))


@for_audience(ASSESSED)
@require_POST
def accept(request: Request, filing: UUID) -> HttpResponse:
    """Say that what a section entered for the unit is what it sent."""
    thing = _filing(request, filing)
    return act(request, thing.id, FilingAcceptedByUnit(), _at(thing.task))


@for_audience(ASSESSED)
@with_fresh_sign_in
@require_POST
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


def _blobs(request: Request, unit: str) -> tuple[Blob, ...]:
    """The files that were chosen, and those of the unit that came with the form.

    Raises:
        InputError: where one is not accepted.
    """
    files = [one for one in request.FILES.getlist("file") if one.size]
    received = receive_whole(installation(), request.viewer, files, unit)
    transaction.on_commit(begin_previewing)
    refused = [one for one in received if not one.is_ready]
    if refused:
        said = "；".join(f"“{one.name}”{one.why_zh}" for one in refused)
        raise InputError(
            f"有文件没有收下，没有报送：{said}。其余已收下的在“已上传的文件”里，可以直接选用。",
            "A file was not accepted, nothing was filed: "
            + "; ".join(f"“{one.name}” {one.why_en}" for one in refused),
        )
    return tuple(dict.fromkeys((*chosen_blobs(request.POST, request.viewer), *(one.blob for one in received))))  # fmt: skip


def _several(request: Request, taken: list[Taken], term: str, task: str) -> HttpResponse:
    """Back to the task, with the receipt of the one act, or the way to those of several.

    Where the sealer does not answer, the last of them is shown as waiting (已受理，待存证).
    """
    if not all(one.is_sealed for one in taken):
        return waiting(request, taken[-1].index, term, _at(task))
    if len(taken) == 1:
        tell_done(request, term, taken[0].index)
    else:
        said = _("已办理并存证 {} 项，条目 {} 至 {}。")
        tell_several(request, said.format(len(taken), taken[0].index, taken[-1].index))
    return see(_at(task))


def _at(task: str) -> str:
    return reverse("ledger_task", args=[task])
