"""廉政纪律承诺, once, before the first scoring or visit (P21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.core.acts.scoring import DisciplineUndertaken
from kaoping.web.queries.undertaking import UNDERTAKING, undertaking_shown
from kaoping.web.viewer import BUSINESS
from kaoping.web.views.acting import act, fresh_id
from kaoping.web.views.doors import Request, for_audience, with_fresh_sign_in

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(BUSINESS)
@with_fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def discipline(request: Request) -> HttpResponse:
    """Read the undertaking and give it."""
    if request.method == "POST":
        content = DisciplineUndertaken("\n".join(UNDERTAKING))
        return act(request, request.viewer.person, content, to=reverse("discipline"))
    context = {
        "part": "desk",
        "undertaking": undertaking_shown(request.viewer),
        "lines": UNDERTAKING,
        "act": fresh_id(),
    }
    return render(request, "discipline/discipline.html", context)
