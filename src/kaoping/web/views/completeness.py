"""填报进度: who is missing what, and one click that reminds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kaoping.web.queries.completeness import completeness as completeness_of
from kaoping.web.queries.completeness import completeness_workbook, owing
from kaoping.web.reminders import urge
from kaoping.web.viewer import FOLLOWING
from kaoping.web.views.acting import see
from kaoping.web.views.doors import Request, for_audience, tell
from kaoping.web.views.downloads import workbook

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse


@for_audience(FOLLOWING)
@require_safe
def completeness(request: Request) -> HttpResponse:
    """Every unit, those who lack most first."""
    context = {"part": "completeness", "found": completeness_of(request.viewer)}
    return render(request, "completeness/completeness.html", context)


@for_audience(FOLLOWING)
@require_safe
def as_xlsx(request: Request) -> HttpResponse:
    """The same as a workbook."""
    found = completeness_of(request.viewer)
    if found is None:
        raise Http404
    return workbook(request, completeness_workbook(found, _("填报进度")), _("填报进度.xlsx"))


@for_audience(FOLLOWING)
@require_POST
def remind(request: Request, unit: UUID) -> HttpResponse:
    """Remind the people of a unit or section of what it has not filed."""
    row = owing(request.viewer, str(unit))
    if row is None:
        raise Http404
    count = urge(request.viewer, row.id, row.said)
    if count:
        tell(request, _("已提醒{}的 {} 人：还缺 {}。").format(row.name, count, row.said))
    else:
        tell(
            request,
            _("没有再提醒{}：一小时内已提醒过，或者已报齐、没有可提醒的人。").format(row.name),
        )
    return see(reverse("completeness"))
