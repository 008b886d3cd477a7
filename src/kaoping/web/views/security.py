"""安全记录: who came in, what was refused, what was taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kaoping.web.forms.journal import read_wanted
from kaoping.web.queries import security as found
from kaoping.web.viewer import WATCHING
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(WATCHING)
@require_safe
def events(request: Request) -> HttpResponse:
    """The log, newest first."""
    wanted = read_wanted(request.GET, found.KINDS)
    context = {
        "part": "security",
        "wanted": wanted,
        "page": found.events(request.viewer, wanted),
        "terms": list(found.TERMS.items()),
        "seal": found.last_seal(request.viewer),
        "waiting": found.waiting(request.viewer),
    }
    return render(request, "security/events.html", context)


@for_audience(WATCHING)
@require_safe
def events_as_xlsx(request: Request) -> HttpResponse:
    """The same events as a workbook."""
    wanted = read_wanted(request.GET, found.KINDS)
    content = found.events_xlsx(request.viewer, wanted, _("安全记录"))
    return workbook(request, content, _("安全记录.xlsx"))
