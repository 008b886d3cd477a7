"""二次验证: setting up authenticator and passkeys, keeping recovery codes, taking one away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kaoping.core.errors import InputError
from kaoping.web import factors
from kaoping.web.actions import accounts
from kaoping.web.actions.signing_in import Step
from kaoping.web.forms.account import CodeForm, PasskeyForm
from kaoping.web.viewer import EVERYBODY
from kaoping.web.views.acting import see
from kaoping.web.views.doors import (
    Request,
    for_audience,
    for_steps,
    own_path,
    tell,
    with_fresh_sign_in,
)

if TYPE_CHECKING:
    from django.http import HttpResponse

_REFUSED = 422


@for_audience(EVERYBODY)
@for_steps(Step.FACTOR)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def second_factor(request: Request) -> HttpResponse:
    """Set up an authenticator, or a passkey."""
    token, is_wrong = "", False
    if request.method == "POST":
        form = CodeForm(request.POST)
        typed = form.cleaned_data if form.is_valid() else {"token": "", "code": ""}
        if accounts.add_authenticator(request, typed["token"], typed["code"]):
            return _show_codes(request, _("动态口令已设置。以后登录要填手机验证器上的数字。"))
        token, is_wrong = typed["token"], True
    context = {
        "part": "account",
        "offer": factors.offer(request.user, token),
        "is_wrong": is_wrong,
        "is_first": not request.user.has_second_factor,
        "next": _back(request),
    }
    status = _REFUSED if is_wrong else 200
    return render(request, "second_factor/second_factor.html", context, status=status)


@for_audience(EVERYBODY)
@for_steps(Step.FACTOR)
@with_fresh_sign_in
@require_POST
def new_passkey(request: Request) -> HttpResponse:
    """What the browser is to make a passkey from."""
    return JsonResponse(factors.ask_for_new_passkey(request.user))


@for_audience(EVERYBODY)
@for_steps(Step.FACTOR)
@with_fresh_sign_in
@require_POST
def add_passkey(request: Request) -> HttpResponse:
    """Keep the passkey that the browser has made.

    Raises:
        InputError: where it is none for this page.
    """
    form = PasskeyForm(request.POST)
    typed = form.cleaned_data if form.is_valid() else {"name": "", "credential": ""}
    name = typed["name"] or _("安全密钥")
    if not accounts.add_passkey(request, name, typed["credential"]):
        raise InputError(
            "没有收到可用的安全密钥，没有设置。请回到上一页再试一次；浏览器要支持安全密钥。",
            "No usable passkey arrived; nothing was set up. Go back and try again.",
        )
    return _show_codes(request, _("安全密钥已设置。以后登录要用它。"))


@for_audience(EVERYBODY)
@with_fresh_sign_in
@require_http_methods(["GET", "POST"])
def recovery_codes(request: Request) -> HttpResponse:
    """The codes for the day on which the telephone is not there; a POST makes new ones."""
    if request.method == "POST" and request.user.has_second_factor:
        accounts.renew_recovery_codes(request)
        return _show_codes(request, _("恢复码已更换，原来的全部作废。"))
    codes = factors.recovery_codes(request.user)
    context = {"part": "account", "codes": codes, "next": _back(request)}
    return render(request, "second_factor/recovery_codes.html", context)


@for_audience(EVERYBODY)
@with_fresh_sign_in
@require_POST
def remove_factor(request: Request, factor: int) -> HttpResponse:
    """Use a factor no more."""
    if accounts.remove_factor(request, factor):
        tell(request, _("已停用。"))
    return see(reverse("account"))


def _back(request: Request) -> str:
    return own_path(request.POST.get("next", request.GET.get("next", reverse("account"))))


def _show_codes(request: Request, done: str) -> HttpResponse:
    tell(request, done)
    return see(f"{reverse('recovery_codes')}?{urlencode({'next': _back(request)})}")
