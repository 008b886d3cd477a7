"""Pages of refusals and faults: what was not done, that nothing changed, what to do next."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from kaoping.core.errors import InputError, KaopingError, RefusedError, TamperError
from kaoping.web.models import EventKind
from kaoping.web.queries.acts_about import own_since
from kaoping.web.security_log import record
from kaoping.web.views.doors import came_from
from kaoping.web.views.staying import shown_again

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kaoping.web.models import SecurityEvent

_KEPT = ((RefusedError, EventKind.REFUSED), (TamperError, EventKind.TAMPERED))


def show_error(request: HttpRequest, error: KaopingError, status: int) -> HttpResponse:
    """The page of an error, or of the form that stays; refusals and tampering go to the security log."""
    if isinstance(error, InputError):
        again = shown_again(request, error, status, _taken_meanwhile(request))
        if again is not None:
            return again
    kinds = [kind for family, kind in _KEPT if isinstance(error, family)]
    event = record(request, kinds[0], error.zh) if kinds else None
    return _page(request, error, status, event=event)


def closed_door(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the page is not for who asks."""
    del exception
    error = KaopingError(
        "这一页不对您的职责开放。需要时请安全管理员授予职责，再重新登录。",
        "This page is not open to your duties. Ask the security administrator for the duty.",
    )
    return _page(request, error, 403, event=record(request, EventKind.CLOSED_DOOR, request.path))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is nothing here, or nothing that this person may see."""
    del exception
    error = KaopingError(
        "没有这一页，或者它不对您开放。请从工作台重新进入。",
        "There is no such page, or it is not open to you. Start again from your desk.",
    )
    return _page(request, error, 404, is_missing=True)


def takes_forms_only(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: there is no page at an address that only takes forms, or no form for one that is only read."""
    error = KaopingError(
        "这个地址没有可以打开的页面。请从工作台重新进入。",
        "There is no page at this address. Start again from your desk.",
    )
    response = _page(request, error, 405, is_missing=True)
    response["Allow"] = allowed
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent what no page of ours sends, or its session ended under it."""
    del exception
    error = KaopingError(
        "请求不完整，或登录已在别处退出。请返回上一页，刷新后再试。",
        "The request is not complete, or the session was ended elsewhere. Go back, reload, try again.",
    )
    return _page(request, error, 400)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that did not come from our own page, or from one that is too old."""
    del reason
    error = KaopingError(
        "页面已过期，没有办理。请返回上一页，刷新后重新提交。",
        "The page is too old; nothing was done. Go back, reload and submit again.",
    )
    return _page(request, error, 403)


def server_error(_request: HttpRequest) -> HttpResponse:
    """500 and 503: a fault outside every view. The page asks nothing of what may be broken."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    context = {"is_away": is_away}
    content = render_to_string("layout/fault.html", context)
    return HttpResponse(content, status=503 if is_away else 500)


def _page(
    request: HttpRequest,
    error: KaopingError,
    status: int,
    *,
    event: SecurityEvent | None = None,
    is_missing: bool = False,
) -> HttpResponse:
    """The page; it says that nothing was changed only where no act was taken before the error came."""
    context = {
        "error": error,
        "event": event,
        "status": 404 if is_missing else status,
        "back": came_from(request, otherwise=""),
        "taken": _taken_meanwhile(request),
    }
    return render(request, "layout/error.html", context, status=status)


def _taken_meanwhile(request: HttpRequest) -> list[int]:
    """The acts that the person has taken since she was looked at: by this very request, or beside it."""
    user, viewer = (getattr(request, name, None) for name in ("user", "viewer"))
    is_hers = request.method == "POST" and user is not None and user.is_authenticated
    return own_since(viewer) if is_hers and viewer is not None else []
