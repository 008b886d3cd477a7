"""台账数据表: all values of a unit in one workbook, downloaded, filled in, looked at, reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaoping.core.acts.collecting import ResultReported
from kaoping.core.acts.names import act_name
from kaoping.web.actions.filing import report_seen
from kaoping.web.forms.value_import import changes_text, proposed, reports_of, values_upload
from kaoping.web.opening import installation
from kaoping.web.queries.ledger import unit_values, values_workbook
from kaoping.web.viewer import ASSESSED
from kaoping.web.views.acting import see_several
from kaoping.web.views.doors import Request, for_audience
from kaoping.web.views.downloads import workbook
from kaoping.web.views.staying import stays_on

if TYPE_CHECKING:
    from django.http import HttpResponse

    from kaoping.web.queries.ledger import UnitValues

_PART = "ledger"


@for_audience(ASSESSED)
@require_http_methods(["GET", "HEAD", "POST"])
@stays_on("ledger_values")
def values(request: Request) -> HttpResponse:
    """Download the workbook and choose the filled one; then see what would be reported."""
    if request.method == "POST":
        asked = _asked(request)
        name, content = values_upload(request.FILES)
        found = proposed(content, name, asked)
        context = {
            "part": _PART,
            "name": name,
            "asked": asked,
            "found": found,
            "values": changes_text(found.changes),
        }
        return render(request, "ledger_values/preview.html", context)
    shown = unit_values(request.viewer)
    if shown is None or not shown.values:
        return render(request, "ledger_values/none.html", {"part": _PART})
    return render(request, "ledger_values/import.html", {"part": _PART, "asked": shown})


@for_audience(ASSESSED)
@require_safe
def as_xlsx(request: Request) -> HttpResponse:
    """The workbook, with what is reported already."""
    asked = _asked(request)
    name = f"台账数据表-{asked.unit_name}-{asked.year_number}.xlsx"
    return workbook(request, values_workbook(asked), name)


@for_audience(ASSESSED)
@require_POST
@stays_on("ledger_values")
def report(request: Request) -> HttpResponse:
    """Report what the preview showed: all of it, or nothing where something else is in force by now."""
    reports = reports_of(request.POST.get("values", ""), _asked(request))
    taken = report_seen(installation(), request.user.person, reports)
    return see_several(request, taken, act_name(ResultReported.wire), reverse("ledger"))


def _asked(request: Request) -> UnitValues:
    """What the unit is asked for.

    Raises:
        Http404: where that is nothing.
    """
    asked = unit_values(request.viewer)
    if asked is None or not asked.values:
        raise Http404
    return asked
