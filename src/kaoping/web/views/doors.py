"""For whom a page is: said once, at the head of its view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.web.models import Account
    from kaoping.web.viewer import Audience, Viewer

    View = Callable[..., Any]


class Request(HttpRequest):
    """What a view behind a door is handed: the middleware has seen to account and viewer."""

    user: Account  # strangers are sent to the sign-in before
    viewer: Viewer


def for_audience(audience: Audience) -> Callable[[View], View]:
    """The page opens to this audience, and to nobody else."""

    def mark(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]
        return view

    return mark


def for_strangers(view: View) -> View:
    """The page opens to whoever asks, signed in or not."""
    return login_not_required(view)
