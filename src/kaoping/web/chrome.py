"""What stands around every page: navigation, person, year, and the proof line at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaoping import __version__
from kaoping.core.workflow.things import Assessment
from kaoping.web.opening import installation
from kaoping.web.pages import PARTS
from kaoping.web.queries.soundness import soundness
from kaoping.web.viewer import OVERSIGHT

if TYPE_CHECKING:
    from django.http import HttpRequest


def chrome(request: HttpRequest) -> dict[str, Any]:
    """For the layout; a page of its own never reads these.

    `viewer` is None on pages for strangers.
    """
    here = installation()
    is_signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    viewer = request.viewer if is_signed_in else None  # type: ignore[attr-defined]
    parts = [part for part in PARTS if viewer is not None and part.audience.admits(viewer)]
    years = sorted(viewer.state.every(Assessment), key=lambda one: one.year) if viewer else []
    return {
        "viewer": viewer,
        "parts": parts,
        "year": years[-1] if years else None,
        "is_demo": here.is_demo,
        "is_trial": here.is_trial,
        "proof": here.checkpoint().checkpoint,
        "soundness": soundness(here),
        "may_verify": viewer is not None and OVERSIGHT.admits(viewer),
        "now": here.now(),
        "version": __version__,
    }
