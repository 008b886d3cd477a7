"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import authenticate, login, logout
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kaoping.web import sessions
from kaoping.web.models import EventKind
from kaoping.web.security_log import record
from kaoping.web.viewer import EVERYBODY
from kaoping.web.views.doors import Request, for_audience, for_strangers, own_path

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@for_strangers
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first page."""
    is_wrong = False
    if request.method == "POST":
        name, password = request.POST.get("login", ""), request.POST.get("password", "")
        account = authenticate(request, login=name, password=password)
        if account is not None:
            login(request, account)
            sessions.begin(request.session)
            record(request, EventKind.SIGNED_IN)
            return HttpResponseRedirect(reverse("desk"))
        record(request, EventKind.SIGN_IN_FAILED, login=name)
        is_wrong = True
    return render(request, "session/sign_in.html", {"is_wrong": is_wrong})


@for_audience(EVERYBODY)
@require_http_methods(["GET", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Say again who one is, before something is signed or administered."""
    back, is_wrong = own_path(request.GET.get("next", "/")), False
    if request.method == "POST":
        if request.user.check_password(request.POST.get("password", "")):
            sessions.prove(request.session)
            return HttpResponseRedirect(back)
        record(request, EventKind.SIGN_IN_FAILED)
        is_wrong = True
    return render(request, "session/confirm.html", {"is_wrong": is_wrong})


@for_audience(EVERYBODY)
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session here and now."""
    record(request, EventKind.SIGNED_OUT)
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))


@for_audience(EVERYBODY)
def account(request: Request) -> HttpResponse:
    """One's own account."""
    return render(request, "session/account.html", {"part": "account"})
