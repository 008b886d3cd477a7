"""Files of a form: chosen from those that were uploaded before, or handed in with it by a browser without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kaoping.web.actions.filing import receive_whole
from kaoping.web.forms.ledger import Chosen, chosen_files, refused_files
from kaoping.web.jobs import begin_previewing
from kaoping.web.opening import installation

if TYPE_CHECKING:
    from kaoping.web.views.doors import Request


def chosen_with(request: Request, owner: str) -> Chosen:
    """The files that were chosen, and those that came with the form.

    What came is received, whatever else is wrong with the form: from then on it is a file that was uploaded
    before and chosen here, and stands ticked among these where the form comes again.
    """
    files = [one for one in request.FILES.getlist("file") if one.size]
    received = receive_whole(installation(), request.viewer, files, owner)
    if received:
        transaction.on_commit(begin_previewing)
    sent = request.POST.copy()
    sent.setlistdefault("upload").extend(one.id for one in received if one.is_ready)
    request.POST = sent  # type: ignore[assignment]  # stubs know only what was sent
    chosen = chosen_files(sent, request.viewer)
    return Chosen(chosen.blobs, (*chosen.problems, *refused_files(received)))
