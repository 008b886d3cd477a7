"""The door: signing in by a password and a second factor, proving again, signing out, the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_http_methods, require_POST

from kaoping.web import factors
from kaoping.web.actions import accounts, signing_in
from kaoping.web.actions.signing_in import Step
from kaoping.web.forms.session import ProofForm, SignInForm
from kaoping.web.opening import installation
from kaoping.web.queries.front_page import front_page
from kaoping.web.sessions import Over
from kaoping.web.viewer import EVERYBODY
from kaoping.web.views.acting import see
from kaoping.web.views.doors import (
    Request,
    came_from,
    for_audience,
    for_steps,
    for_strangers,
    own_path,
    send_to,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_REFUSED = 422
_WHY = {
    Over.IDLE.value: __("长时间没有操作，已自动退出。"),
    Over.LONG.value: __("登录已满最长时间，已自动退出。"),
    "dormant": __("账号长期未使用，已锁定，没有登录。请找安全管理员解锁。"),
    "gone": __("登录已失效，或已在别处退出。"),
    "half": __("等待第二步的时间已过，请重新登录。"),
    "out": __("已退出。"),
}
_LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


@for_strangers
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first page."""
    back = _back(request)
    if request.method != "POST":
        is_in = request.user.is_authenticated
        return HttpResponseRedirect(back) if is_in else _front(request, back)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _front(request, back, status=_REFUSED, is_empty=True)
    typed = form.cleaned_data
    tried = signing_in.try_password(request, typed["login"], typed["password"], typed["code"])
    if tried.is_in:
        return _welcome(request, back)
    if signing_in.half_signed_in(request):
        return send_to(request, "second_step", back, **({"wrong": "1"} if tried.is_wrong else {}))
    return _front(
        request, back, status=signing_in.status_of(tried), tried=tried, login=typed["login"]
    )


def _front(request: HttpRequest, back: str, status: int = 200, **more: object) -> HttpResponse:
    context = {
        "front": front_page(installation()),
        "next": back,
        "why": _WHY.get(request.GET.get("over", ""), ""),
        "is_sent_here": back != "/",
        "is_untaken": "untaken" in request.GET,
        "is_out": request.GET.get("over") == "out",
        "tried": None,
        "is_empty": False,
        "login": "",
        "is_asked_for_code": settings.SECOND_FACTOR == "required",
        "has_unified": bool(settings.OIDC_ISSUER),
        "most_failures": settings.AXES_FAILURE_LIMIT,
        "lock_minutes": settings.AXES_COOLOFF_TIME.seconds // 60,
    }
    return render(request, "session/sign_in.html", context | more, status=status)


@for_strangers
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The second factor, for who has proved the first."""
    back = _back(request)
    if signing_in.half_signed_in(request) is None:
        return send_to(request, "sign_in", back, over="half")
    tried, form = None, ProofForm(request.POST)
    if request.method == "POST":
        credential = form.given("credential")
        prove = signing_in.try_passkey if credential else signing_in.try_code
        tried = prove(request, credential or form.given("code"))
        if tried.is_in:
            return _welcome(request, back)
    context = {"next": back, "tried": tried, "is_wrong": "wrong" in request.GET and tried is None}
    return render(request, "session/second_step.html", context, status=signing_in.status_of(tried))


@for_strangers
@require_POST
def second_step_passkey(request: HttpRequest) -> HttpResponse:
    """What the browser is to have signed by a passkey of who has proved the first factor."""
    account = signing_in.half_signed_in(request)
    return JsonResponse(factors.ask_for_passkey(account) if account else {})


@for_audience(EVERYBODY)
@for_steps(*Step)
@require_http_methods(["GET", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Say again who one is, before something is signed or administered."""
    back, tried = _back(request), None
    if request.method == "POST":
        form = ProofForm(request.POST)
        proofs = (form.given(name) for name in ("password", "code", "credential"))
        tried = signing_in.confirm(request, *proofs)
        if tried.is_in:
            return see(back)
    context = {
        "next": back,
        "tried": tried,
        "has_factor": request.user.has_second_factor,
        "has_password": request.user.has_usable_password(),
        "has_unified": bool(settings.OIDC_ISSUER) and not request.user.has_second_factor,
        "user_login": request.user.login,
        "minutes": settings.FRESH_SECONDS // 60,
    }
    return render(request, "session/confirm.html", context, status=signing_in.status_of(tried))


@for_audience(EVERYBODY)
@for_steps(*Step)
@require_POST
def confirm_passkey(request: Request) -> HttpResponse:
    """What the browser is to have signed by a passkey of who is signed in."""
    return JsonResponse(factors.ask_for_passkey(request.user))


@for_strangers
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and now; who is out already is told the same."""
    if request.user.is_authenticated:
        signing_in.end_session(request)
    return see(f"{reverse('sign_in')}?over=out")


@for_strangers
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Chinese or English from now on, on the page where one is."""
    response = see(
        own_path(request.POST.get("next", "")) if "next" in request.POST else came_from(request)
    )
    language = request.POST.get("language", "")
    if language in _LANGUAGES:
        accounts.choose_language(request, language)
        _speak(response, language)
    return response


def _back(request: HttpRequest) -> str:
    """The page of this server to which one goes on afterwards."""
    return own_path(request.POST.get("next", request.GET.get("next", "/")))


def _welcome(request: HttpRequest, back: str) -> HttpResponse:
    """Go on; a browser in which no language was chosen speaks that of the account."""
    response = see(back)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        _speak(response, request.user.language)  # type: ignore[union-attr]  # somebody is signed in
    return response


def _speak(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
