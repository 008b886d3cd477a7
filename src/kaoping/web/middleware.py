"""What happens around every page: headers, who looks, closed doors, and errors as pages."""

from __future__ import annotations

import logging
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.functional import SimpleLazyObject
from django.utils.translation import override

from kaoping.core.errors import (
    DiskFullFault,
    EnvironmentFault,
    InputError,
    KaopingError,
    RefusedError,
    TamperError,
)
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.web import sessions
from kaoping.web.actions import signing_in
from kaoping.web.opening import installation
from kaoping.web.viewer import Viewer
from kaoping.web.views.doors import came_from, send_to
from kaoping.web.views.errors import show_error, takes_forms_only
from kaoping.web.views.staying import led_to_the_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    Handler = Callable[[HttpRequest], HttpResponse]

_LOG = logging.getLogger(__name__)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
_NOT_PERMITTED = (Reason.NO_ROLE, Reason.RECUSAL, Reason.UNKNOWN_PERSON, Reason.ADMIN_AND_DUTY)


class Headers:
    """Nothing inline, nothing from elsewhere, nothing kept by the browser."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the headers that a page has not set itself."""
        response = self._get_response(request)
        response.setdefault("Content-Security-Policy", _POLICY)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.setdefault("Cache-Control", "no-store")
        return response


class Languages:
    """Chinese, unless English was chosen here: what a browser prefers is nobody's choice."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Speak the language of the cookie while the page is made."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = "en" if chosen == "en" else settings.LANGUAGE_CODE
        # An address that took a form is no page to come back to: many of them only take forms.
        is_page = request.method in ("GET", "HEAD")
        page = request.get_full_path() if is_page else came_from(request)
        request.page_to_speak_on = page  # type: ignore[attr-defined]
        with override(language):
            response = self._get_response(request)
        response.setdefault("Content-Language", language)
        return response


class Viewers:
    """`request.viewer`: who looks; made when it is first asked for."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the viewer."""
        request.viewer = SimpleLazyObject(lambda: _viewer(request))  # type: ignore[attr-defined]
        return self._get_response(request)


def _viewer(request: HttpRequest) -> Viewer:
    here = installation()
    state = here.keeper.state()
    person = getattr(request.user, "person", "")
    return Viewer(person, state, max(here.now(), state.last_at))


class Sessions:
    """A session that is over ends; one that lacks a step of signing in opens only that step."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End what is over before anything asks who is signed in."""
        if request.user.is_authenticated and (over := sessions.why_over(request.session)):
            signing_in.end_session(request, over)
            request.session_over = over  # type: ignore[attr-defined]
        elif request.user.is_authenticated:
            sessions.note_use(request.session)
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Send on who cannot go in yet."""
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return _to_the_door(request)
        try:
            request.user.require_as_written()
        except TamperError as error:
            answer = show_error(request, error, _status(error))
            signing_in.end_session(request)
            return answer
        step = signing_in.missing_step(request)
        if step is None or step in getattr(view, "steps", ()):
            return None
        return send_to(request, step.value)


def _to_the_door(request: HttpRequest) -> HttpResponse | None:
    """Say why the session is over, and that a form which came too late was not taken."""
    over = getattr(request, "session_over", None)
    if request.method in ("GET", "HEAD"):
        return send_to(request, "sign_in", over=over.value) if over else None
    return send_to(request, "sign_in", over=over.value if over else "gone", untaken="1")


class Doors:
    """A page opens to its audience only; one without an audience opens to nobody."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the door is tried once the view is known."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> None:
        """Ask the audience of the view.

        Raises:
            PermissionDenied: where the viewer is not of it.
        """
        if not getattr(view, "login_required", True):
            return
        audience = getattr(view, "audience", None)
        if audience is None:
            raise PermissionDenied
        viewer: Viewer = request.viewer.itself  # type: ignore[attr-defined]
        if not audience.admits(viewer):
            raise PermissionDenied
        request.viewer = viewer  # type: ignore[attr-defined]


class Errors:
    """The one place where errors become pages."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; what is raised comes back below. An address that only takes forms has a page, too."""
        response = self._get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        return led_to_the_page(request) or takes_forms_only(request, response["Allow"])

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page that says what was not done, that nothing changed, and what to do next."""
        match error:
            case KaopingError():
                return show_error(request, error, _status(error))
            case Http404() | PermissionDenied() | OperationalError() | InterfaceError():
                return None  # Django's handlers show our pages
            case _:
                incident = uuid.uuid4().hex[:8]
                _LOG.critical("incident %s", incident, exc_info=error)
                return show_error(request, _bug(incident), 500)


def _status(error: KaopingError) -> int:
    match error:
        case InputError():
            return 422
        case StepRefused() if error.reason in _NOT_PERMITTED:
            return 403
        case RefusedError():
            return 409
        case TamperError():
            _LOG.critical("tamper: %s", error.en)
            return 500
        case DiskFullFault():
            return 507
        case EnvironmentFault():
            return 503
        case _:
            return 500


def _bug(incident: str) -> KaopingError:
    return KaopingError(
        f"程序内部出错，编号 {incident}。请记下编号，告诉系统管理员。",
        f"Internal error, incident {incident}. Tell the administrator the number.",
    )
