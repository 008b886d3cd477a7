"""存证日志: the journal as a readable history, and each of its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kaoping.web.forms.journal import read_wanted
from kaoping.web.opening import installation
from kaoping.web.queries import journal as found
from kaoping.web.queries.soundness import last_run
from kaoping.web.viewer import OVERSIGHT
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(OVERSIGHT)
@require_safe
def history(request: Request) -> HttpResponse:
    """The history, with its filters; beside it the last verification and the checkpoint."""
    here, wanted = installation(), read_wanted(request.GET)
    context = {
        "part": "journal",
        "wanted": wanted,
        "page": found.history(here, request.viewer, wanted),
        "kinds": found.kinds_to_choose(),
        "who": found.called(request.viewer, wanted.who),
        "size": request.viewer.state.size,
        "last": last_run(request.viewer),
        "note": here.checkpoint().content,
    }
    return render(request, "journal/history.html", context)


@for_audience(OVERSIGHT)
@require_safe
def history_as_xlsx(request: Request) -> HttpResponse:
    """The same lines as a workbook."""
    wanted = read_wanted(request.GET)
    content = found.history_xlsx(installation(), request.viewer, wanted, _("存证日志"))
    return workbook(request, content, _("存证日志.xlsx"))


@for_audience(OVERSIGHT)
@require_safe
def entry(request: Request, index: int) -> HttpResponse:
    """One entry with everything that hangs on it."""
    here = installation()
    shown = found.entry_shown(here, request.viewer, index)
    context = {"part": "journal", "shown": shown, "signed": here.checkpoint().checkpoint}
    return render(request, "journal/entry.html", context)
