"""For whom a page is: said once, at the head of its view."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from kaoping.web import sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.web.actions.signing_in import Step
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


def for_steps(*steps: Step) -> Callable[[View], View]:
    """The page opens also to who lacks one of these steps of signing in; it is where they are taken."""

    def mark(view: View) -> View:
        view.steps = steps  # type: ignore[attr-defined]
        return view

    return mark


def for_strangers(view: View) -> View:
    """The page opens to whoever asks, signed in or not."""
    return login_not_required(view)


def session_is_fresh(request: HttpRequest) -> bool:
    """Whether who is signed in proved it within the last minutes (`KAOPING_FRESH_MINUTES`, 5)."""
    return sessions.is_fresh(request.session)


def with_fresh_sign_in(view: View) -> View:
    """The page signs or administers: it wants a proof of identity that is at most minutes old.

    Put it on views that show such a form as well as on those that take it, in either order with
    `for_audience`. Without a fresh proof the person is asked for the password (and the second factor,
    if there is one) and comes back: a GET to the same page, a POST to the page it was sent from, with
    a note that nothing was done and it has to be submitted again. The view is not called.
    """

    @wraps(view)
    def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any view's
        if session_is_fresh(request):
            return view(request, *args, **kwargs)
        return _ask_again(request)

    return behind


def _ask_again(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        note = _("刚才提交的内容没有办理：办理前要再次确认身份。确认后请重新提交。")
        messages.warning(request, note, extra_tags="bad")
    return send_to(request, "confirm")


def send_to(request: HttpRequest, route: str, back: str = "", **more: str) -> HttpResponse:
    """Send the browser to a page of signing in, from which it comes back to where it is now.

    Args:
        request: what was asked for.
        route: the page's name.
        back: where to come back to, where that is another page.
        more: what else the page is told.
    """
    is_part = bool(getattr(request, "htmx", None))
    if not back:
        is_page = request.method in ("GET", "HEAD") and not is_part
        back = request.get_full_path() if is_page else came_from(request)
    address = f"{reverse(route)}?{urlencode({'next': back, **more})}"
    if is_part:
        # A part of a page cannot ask for a password: the whole page goes there.
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def tell(request: HttpRequest, said: str) -> None:
    """At the head of the next page: what was done, where it is no official act and has no receipt."""
    messages.success(request, said, extra_tags="plain")


def came_from(request: HttpRequest, otherwise: str = "/") -> str:
    """The page of this server on which one was; the desk, or another, where the browser does not say."""
    host = request.META.get("HTTP_HOST") or request.META["SERVER_NAME"]  # also one that is refused
    origin = f"{request.scheme}://{host}"
    referrer = request.META.get("HTTP_REFERER", "")
    return (
        own_path(referrer.removeprefix(origin)) if referrer.startswith(f"{origin}/") else otherwise
    )


def own_path(given: str) -> str:
    """A path of this server, as it was handed in by a browser; the desk for anything else."""
    is_path = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if is_path else "/"
