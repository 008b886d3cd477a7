"""回执: what the journal holds of an act, to keep and to check elsewhere."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from kaoping.files.fonts import find_faces
from kaoping.files.receipt_pdf import receipt_pdf
from kaoping.web.models import Entry
from kaoping.web.opening import installation
from kaoping.web.queries.journal import line_shown
from kaoping.web.queries.receipts import receipt_paper
from kaoping.web.viewer import EVERYBODY, OVERSIGHT
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import TEXT, handed_over


@for_audience(EVERYBODY)
def receipt(request: Request, index: int) -> HttpResponse:
    """The page of an entry."""
    entry = get_object_or_404(Entry.objects.visible_to(request.viewer), index=index)
    here = installation()
    context = {
        "part": "receipt",
        "entry": entry,
        "line": line_shown(here, request.viewer, entry),
        "signed": here.checkpoint().checkpoint,
        "may_read_journal": OVERSIGHT.admits(request.viewer),
    }
    return render(request, "receipt/receipt.html", context)


@for_audience(EVERYBODY)
def proof(request: Request, index: int) -> HttpResponse:
    """The proof file (C2SP tlog-proof)."""
    entry = get_object_or_404(Entry.objects.visible_to(request.viewer), index=index)
    here = installation()
    if entry.index >= here.checkpoint().checkpoint.size:
        raise Http404
    text = here.journal.receipt(entry.index).text
    return handed_over(request, text, f"receipt-{index}.tlog-proof", TEXT)


@for_audience(EVERYBODY)
def as_pdf(request: Request, index: int) -> HttpResponse:
    """The receipt on paper, with a code that holds the proof file."""
    entry = get_object_or_404(Entry.objects.visible_to(request.viewer), index=index)
    here = installation()
    if entry.index >= here.signed_size():
        raise Http404
    paper = receipt_paper(here, request.viewer, entry)
    content = receipt_pdf(paper, find_faces())
    return handed_over(request, content, _("回执-{}.pdf").format(index), "application/pdf")


@for_audience(EVERYBODY)
def body(request: Request, index: int) -> HttpResponse:
    """The body beside it: what the entry commits to."""
    entry = get_object_or_404(Entry.objects.visible_to(request.viewer), index=index)
    return handed_over(request, entry.body, f"receipt-{index}.body.json", "application/json")
