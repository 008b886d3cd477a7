"""登录管理: closed doors, sleeping accounts, lost telephones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kaoping.core.errors import InputError
from kaoping.web import lockout
from kaoping.web.actions import accounts
from kaoping.web.forms.account import LockForm, LoginForm
from kaoping.web.opening import installation
from kaoping.web.queries.accounts import names_of_logins, sleepers
from kaoping.web.viewer import ADMINISTRATORS, SECURITY_ADMIN
from kaoping.web.views.acting import see
from kaoping.web.views.doors import Request, for_audience, tell, with_fresh_sign_in

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_audience(ADMINISTRATORS)
def sign_ins(request: Request) -> HttpResponse:
    """Who cannot sign in now, and what each administrator can do about it."""
    locks = lockout.locks()
    names = names_of_logins(request.viewer, {lock.login for lock in locks})
    context = {
        "part": "sign_ins",
        "locks": [(lock, names.get(lock.login, "")) for lock in locks],
        "sleepers": sleepers(request.viewer, installation().clock()),
        "may_unlock": SECURITY_ADMIN.admits(request.viewer),
        "dormant_days": settings.DORMANT_DAYS,
        "most_failures": settings.AXES_FAILURE_LIMIT,
        "lock_minutes": settings.AXES_COOLOFF_TIME.seconds // 60,
    }
    return render(request, "accounts/sign_ins.html", context)


@for_audience(SECURITY_ADMIN)
@with_fresh_sign_in
@require_POST
def unlock(request: Request) -> HttpResponse:
    """Open a door that wrong passwords have closed."""
    form = LockForm(request.POST)
    if not form.is_valid():
        raise _unclear()
    accounts.unlock(request, form.cleaned_data["login"], form.cleaned_data["address"])
    tell(request, _("已解除锁定并记入安全记录。"))
    return _back()


@for_audience(SECURITY_ADMIN)
@with_fresh_sign_in
@require_POST
def wake(request: Request) -> HttpResponse:
    """Open an account again that was not used for long."""
    accounts.wake(request, _login(request))
    tell(request, _("账号已解锁并记入安全记录。"))
    return _back()


@for_audience(SECURITY_ADMIN)
@with_fresh_sign_in
@require_POST
def take_factors_away(request: Request) -> HttpResponse:
    """Somebody has lost the telephone."""
    login = _login(request)
    accounts.take_factors_away(request, login)
    said = _("账号 {} 的二次验证已停用并记入安全记录。本人下次登录时要重新设置。")
    tell(request, said.format(login))
    return _back()


def _login(request: Request) -> str:
    form = LoginForm(request.POST)
    if not form.is_valid():
        raise _unclear()
    return str(form.cleaned_data["login"])


def _unclear() -> InputError:
    return InputError(
        "没有写明是哪个账号，没有办理。请填写账号后再提交。",
        "It was not said which account; nothing was done. Fill it in and submit again.",
    )


def _back() -> HttpResponse:
    return see(reverse("sign_ins"))
