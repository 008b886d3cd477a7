"""我的账号: duties, password, second factors, sessions, reminders of whoever is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kaoping.web import factors
from kaoping.web.actions import accounts, signing_in
from kaoping.web.actions.signing_in import Step
from kaoping.web.forms.account import EmailForm, PasswordForm
from kaoping.web.queries.accounts import own_duties, own_sessions
from kaoping.web.viewer import EVERYBODY
from kaoping.web.views.acting import see
from kaoping.web.views.doors import Request, for_audience, for_steps, own_path, tell

if TYPE_CHECKING:
    from django.http import HttpResponse

_REFUSED = 422


@for_audience(EVERYBODY)
def account(request: Request) -> HttpResponse:
    """One's own account."""
    return _page(request, EmailForm({"email": request.user.email}))


def _page(request: Request, form: EmailForm, status: int = 200) -> HttpResponse:
    own = request.user
    context = {
        "part": "account",
        "own": own,
        "duties": own_duties(request.viewer),
        "factors": factors.kept(own),
        "codes_left": len(factors.recovery_codes(own)),
        "is_required": settings.SECOND_FACTOR == "required",
        "needs_factor": request.viewer.needs_second_factor,
        "sessions": own_sessions(own),
        "this_session": request.session.session_key,
        "form": form,
        "idle_minutes": settings.IDLE_SECONDS // 60,
        "session_hours": settings.SESSION_SECONDS // 3600,
    }
    return render(request, "account/account.html", context, status=status)


@for_audience(EVERYBODY)
@for_steps(Step.PASSWORD)
@require_http_methods(["GET", "POST"])
def change_password(request: Request) -> HttpResponse:
    """Another password; the first one must be changed before anything else opens."""
    data = request.POST if request.method == "POST" else None
    tried = signing_in.retype(request, data.get("password", "")) if data is not None else None
    is_right = tried is not None and tried.is_in
    form = PasswordForm(request.user, request.viewer.name, is_right=is_right, data=data)
    back = own_path(request.GET.get("next", reverse("account")))
    if is_right and form.is_valid():
        accounts.change_password(request, form.cleaned_data["new"])
        tell(request, _("密码已修改，其他地方的登录均已退出。"))
        return see(back)
    context = {
        "part": "account",
        "form": form,
        "tried": tried,
        "user_login": request.user.login,
        "is_first": request.user.temporary_until is not None,
        "password_days": settings.PASSWORD_DAYS,
    }
    status = signing_in.status_of(tried) if not is_right else _REFUSED
    return render(request, "account/change_password.html", context, status=status)


@for_audience(EVERYBODY)
@require_POST
def set_email(request: Request) -> HttpResponse:
    """Where reminders go."""
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _page(request, form, _REFUSED)
    accounts.set_email(request, form.cleaned_data["email"])
    tell(request, _("提醒邮箱已保存。"))
    return see(reverse("account"))


@for_audience(EVERYBODY)
@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    """End one's sessions in other browsers."""
    ended = accounts.end_other_sessions(request)
    tell(request, _("其他会话已退出：{} 个。").format(ended))
    return see(reverse("account"))
