"""账号: what people and administrators change about them; each change is in the security log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import update_session_auth_hash

from kaoping.core.errors import InputError, RefusedError
from kaoping.web import factors, lockout, sessions
from kaoping.web.models import Account, EventKind
from kaoping.web.opening import installation
from kaoping.web.security_log import record

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kaoping.web.factors import Factor

# --- one's own ------------------------------------------------------------------------------------


def change_password(request: HttpRequest, new: str) -> None:
    """Give oneself another password: every other session ends, this one gets another key."""
    account = _own(request)
    account.set_password(new)
    account.password_set_at, account.temporary_until = installation().clock(), None
    account.save(update_fields=["password", "password_set_at", "temporary_until"])
    update_session_auth_hash(request, account)
    if not account.has_second_factor:  # else a password alone proves nothing
        sessions.prove(request.session)
    sessions.end_all(account, but=request.session.session_key)
    record(request, EventKind.PASSWORD_CHANGED)


def end_other_sessions(request: HttpRequest) -> int:
    """End one's sessions in other browsers; how many there were."""
    ended = sessions.end_all(_own(request), but=request.session.session_key)
    record(request, EventKind.SIGNED_OUT, f"其他会话 {ended} 个")
    return ended


def set_email(request: HttpRequest, email: str) -> None:
    """Where reminders go; nowhere if empty."""
    account = _own(request)
    account.email = email
    account.save(update_fields=["email"])


def choose_language(request: HttpRequest, language: str) -> None:
    """In which language reminders are written; pages follow the browser's own choice."""
    account = request.user
    if isinstance(account, Account) and account.language != language:
        account.language = language
        account.save(update_fields=["language"])


def add_authenticator(request: HttpRequest, token: str, code: str) -> bool:
    """Set up an authenticator; whether the code fits the offered secret."""
    account = _own(request)
    is_right = factors.add_authenticator(account, token, code)
    if is_right:
        _has_factor(request, account, factors.Factor.TOTP, "设置动态口令")
    return is_right


def add_passkey(request: HttpRequest, name: str, credential: str) -> bool:
    """Keep a passkey; whether it is one."""
    account = _own(request)
    is_right = factors.add_passkey(account, name, credential)
    if is_right:
        _has_factor(request, account, factors.Factor.PASSKEY, "设置安全密钥")
    return is_right


def _has_factor(request: HttpRequest, account: Account, factor: Factor, what: str) -> None:
    """From now on a password alone opens nothing, and no session goes on that knew only that."""
    account.has_second_factor = True
    account.save(update_fields=["has_second_factor"])
    request.session.cycle_key()
    sessions.prove(request.session, factor)
    sessions.end_all(account, but=request.session.session_key)
    record(request, EventKind.FACTOR_CHANGED, what)


def remove_factor(request: HttpRequest, factor: int) -> bool:
    """Take one of one's factors away; whether there was one."""
    account = _own(request)
    if not factors.remove(account, factor):
        return False
    account.has_second_factor = bool(factors.kept(account))
    account.save(update_fields=["has_second_factor"])
    if not account.has_second_factor:
        sessions.forget_factor(request.session)
    record(request, EventKind.FACTOR_CHANGED, "停用一项二次验证")
    return True


def renew_recovery_codes(request: HttpRequest) -> None:
    """Ten new recovery codes in place of the old ones."""
    factors.renew_recovery_codes(_own(request))
    record(request, EventKind.FACTOR_CHANGED, "更换恢复码")


def _own(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)
    return account


# --- administrators -------------------------------------------------------------------------------


def unlock(request: HttpRequest, login: str, address: str) -> None:
    """Open a door that wrong passwords have closed.

    Raises:
        InputError: where it is open.
    """
    if not lockout.forget(login, address):
        raise InputError(
            "这个登录已经不在锁定中，没有改动。请刷新锁定名单。",
            "This sign-in is not locked any more; nothing was changed. Reload the list.",
        )
    record(request, EventKind.UNLOCKED, f"解除登录锁定：账号 {login}，来源 {address}")


def wake(request: HttpRequest, login: str) -> None:
    """Open an account again that was not used for long.

    Raises:
        InputError: where it is not locked for that.
    """
    account, now = _account(login), installation().clock()
    if not account.is_dormant(now):
        raise InputError(
            f"账号 {login} 没有因长期未使用而锁定，没有改动。",
            f"Account {login} is not locked for want of use; nothing was changed.",
        )
    account.unlocked_at = now
    account.save(update_fields=["unlocked_at"])
    record(request, EventKind.UNLOCKED, f"长期未使用的账号：{login}")


def take_factors_away(request: HttpRequest, login: str) -> None:
    """The telephone is lost: all second factors of an account go, all its sessions end.

    Raises:
        InputError: where there is no such account, or it has none.
        RefusedError: where it is one's own.
    """
    account = _account(login)
    if account == request.user:
        raise RefusedError(
            "不能在这里停用自己的二次验证，没有办理。请在“我的账号”里更换，或由另一名安全管理员办理。",
            "Not one's own: change it on the account page, or let another administrator do it.",
        )
    if not account.has_second_factor:
        raise InputError(
            f"账号 {login} 没有设置二次验证，没有改动。",
            f"Account {login} has no second factor; nothing was changed.",
        )
    factors.remove_all(account)
    account.has_second_factor = False
    account.save(update_fields=["has_second_factor"])
    sessions.end_all(account)
    record(request, EventKind.FACTOR_CHANGED, f"停用全部二次验证：账号 {login}")


def _account(login: str) -> Account:
    account = Account.objects.filter(login=login).first()
    if account is None:
        raise InputError(
            f"没有账号 {login}，没有改动。请核对后再填。",
            f"There is no account {login}; nothing was changed. Check it.",
        )
    return account
