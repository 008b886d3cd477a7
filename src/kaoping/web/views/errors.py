"""Pages of refusals and faults: what was not done, that nothing changed, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from kaoping.core.errors import KaopingError, RefusedError, TamperError
from kaoping.web.models import EventKind
from kaoping.web.security_log import record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_KEPT = ((RefusedError, EventKind.REFUSED), (TamperError, EventKind.TAMPERED))


def show_error(request: HttpRequest, error: KaopingError, status: int) -> HttpResponse:
    """The page of an error; refusals and tampering go to the security log."""
    kinds = [kind for family, kind in _KEPT if isinstance(error, family)]
    event = record(request, kinds[0], error.zh) if kinds else None
    context = {"error": error, "event": event, "status": status, "back": _back(request)}
    return render(request, "layout/error.html", context, status=status)


def closed_door(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the page is not for who asks."""
    del exception
    error = KaopingError(
        "这一页不对您的职责开放。需要时请安全管理员授予职责，再重新登录。",
        "This page is not open to your duties. Ask the security administrator for the duty.",
    )
    event = record(request, EventKind.CLOSED_DOOR, request.path)
    context = {"error": error, "event": event, "status": 403, "back": _back(request)}
    return render(request, "layout/error.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is nothing here, or nothing that this person may see."""
    del exception
    error = KaopingError(
        "没有这一页，或者它不对您开放。请从工作台重新进入。",
        "There is no such page, or it is not open to you. Start again from your desk.",
    )
    return render(request, "layout/error.html", {"error": error, "status": 404}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent what no page of ours sends."""
    del exception
    error = KaopingError(
        "请求不完整，没有办理。请返回上一页，刷新后再试。",
        "The request is not complete; nothing was done. Go back, reload and try again.",
    )
    return render(request, "layout/error.html", {"error": error, "status": 400}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault outside every view."""
    error = KaopingError(
        "程序内部出错。没有数据被改动。请告诉系统管理员出错的时间和页面。",
        "Internal error. Nothing was changed. Tell the administrator the time and the page.",
    )
    return render(request, "layout/error.html", {"error": error, "status": 500}, status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that did not come from our own page, or from one that is too old."""
    del reason
    error = KaopingError(
        "页面已过期，没有办理。请返回上一页，刷新后重新提交。",
        "The page is too old; nothing was done. Go back, reload and submit again.",
    )
    return render(request, "layout/error.html", {"error": error, "status": 403}, status=403)


def _back(request: HttpRequest) -> str:
    """Where one came from, if that was on this server."""
    origin = f"{request.scheme}://{request.get_host()}"
    referrer = request.META.get("HTTP_REFERER", "")
    return referrer.removeprefix(origin) if referrer.startswith(f"{origin}/") else ""
