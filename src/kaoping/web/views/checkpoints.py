"""检查点与见证: what is signed, who cosigned it, and everything an auditor outside takes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kaoping.web.actions.witnessing import request_for, take_cosignatures
from kaoping.web.forms.witnessing import read_answer, read_held
from kaoping.web.opening import installation
from kaoping.web.queries.checkpoints import checkpoints_shown, exported, kept_note
from kaoping.web.viewer import OVERSIGHT
from kaoping.web.views.acting import see
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import TEXT, handed_over

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(OVERSIGHT)
@require_safe
def checkpoints(request: Request) -> HttpResponse:
    """The page."""
    context = {"part": "checkpoints", "shown": checkpoints_shown(installation())}
    return render(request, "checkpoints/checkpoints.html", context)


@for_audience(OVERSIGHT)
@require_safe
def note(request: Request) -> HttpResponse:
    """The newest checkpoint, to keep."""
    return handed_over(request, installation().checkpoint().content, "checkpoint", TEXT)


@for_audience(OVERSIGHT)
@require_safe
def kept(request: Request, size: int) -> HttpResponse:
    """One of those that are kept, with its cosignatures."""
    return handed_over(request, kept_note(installation(), size), f"checkpoint-{size}", TEXT)


@for_audience(OVERSIGHT)
@require_safe
def key(request: Request) -> HttpResponse:
    """The journal's key; to be compared with the one on paper."""
    return handed_over(request, f"{installation().journal.key.text}\n", "vkey", TEXT)


@for_audience(OVERSIGHT)
@require_POST
def witness_request(request: Request) -> HttpResponse:
    """What a witness is asked; the checkpoint is kept for its answer."""
    asked = request_for(installation(), read_held(request.POST))
    return handed_over(request, asked, "witness-request.txt", TEXT)


@for_audience(OVERSIGHT)
@require_POST
def cosign(request: Request) -> HttpResponse:
    """Take what a witness gave back."""
    taken = take_cosignatures(installation(), read_answer(request))
    for witness, held in taken:
        said = _("已收下{}对检查点（{} 条）的见证签名。")
        messages.success(request, said.format(witness.name, held.size))
    return see(reverse("checkpoints"))


@for_audience(OVERSIGHT)
@require_safe
def export(request: Request) -> HttpResponse:
    """A copy of the journal for verification elsewhere, with instructions."""
    return handed_over(request, exported(installation()), "journal.zip", "application/zip")
