"""登录: from a password to a session, with every step written into the security log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import authenticate, login, logout

from kaoping.core.errors import RefusedError
from kaoping.core.workflow.things import Human
from kaoping.web import factors, lockout, sessions
from kaoping.web.factors import Factor
from kaoping.web.models import Account, EventKind
from kaoping.web.opening import installation
from kaoping.web.security_log import address_of, record
from kaoping.web.sessions import Over, Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

_HALF = "half"
_HALF_SECONDS = 300
"""How long a right password waits for its second factor."""
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_NAMES: dict[str, str] = {
    Way.PASSWORD: "密码",
    Way.UNIFIED: "统一身份认证",
    Factor.TOTP: "动态口令",
    Factor.PASSKEY: "安全密钥",
    Factor.RECOVERY: "恢复码",
}


class Step(StrEnum):
    """A step of signing in that a session may still lack; its value is the page where it is taken."""

    PASSWORD = "change_password"  # noqa: S105 - a page
    FACTOR = "second_factor"
    PROOF = "confirm"


class Outcome(StrEnum):
    """What came of a try."""

    SIGNED_IN = "signed_in"
    HALF = "half"
    """The password is right; the second factor is asked for."""
    WRONG = "wrong"
    LOCKED = "locked"
    EXPIRED = "expired"
    """The password is right, but was given for a day only."""
    DORMANT = "dormant"
    """The password is right, but the account was not used for long."""


@dataclass(frozen=True, slots=True)
class Try:
    """What came of a try, and how the door stands after it."""

    outcome: Outcome
    standing: lockout.Standing | None = None

    @property
    def is_in(self) -> bool:
        """Whether somebody is signed in now."""
        return self.outcome is Outcome.SIGNED_IN

    @property
    def is_half(self) -> bool:
        """Whether the second factor is asked for."""
        return self.outcome is Outcome.HALF

    @property
    def is_wrong(self) -> bool:
        """Whether something typed was wrong, and may be tried again."""
        return self.outcome is Outcome.WRONG

    @property
    def is_locked(self) -> bool:
        """Whether the door is closed for a while."""
        return self.outcome is Outcome.LOCKED

    @property
    def is_expired(self) -> bool:
        """Whether the first password was used too late."""
        return self.outcome is Outcome.EXPIRED

    @property
    def is_dormant(self) -> bool:
        """Whether the account was not used for too long."""
        return self.outcome is Outcome.DORMANT


def status_of(tried: Try | None) -> int:
    """The status of the page that says it."""
    if tried is None:
        return 200
    return 429 if tried.is_locked else 422


# --- the first factor -----------------------------------------------------------------------------


def try_password(request: HttpRequest, typed: str, password: str, code: str = "") -> Try:
    """Sign in by a password, and by a code of the second factor where it was typed along.

    An unknown account and a wrong password cost the same and are told the same.
    """
    account = authenticate(request, login=typed, password=password)
    if isinstance(account, Account):
        return admit(request, account, Way.PASSWORD, code)
    standing = lockout.standing(request, typed)
    return _failed(request, typed, standing, "账号或密码不对", lockout.was_locked_before(request))


def admit(request: HttpRequest, account: Account, way: Way, code: str = "") -> Try:
    """Go on with who has proved the first factor.

    Args:
        request: in whose session.
        account: that is enabled.
        way: by what it was proved.
        code: of the second factor, where it is known already.

    Raises:
        TamperError: where the account was changed past the platform.
    """
    account.require_as_written()
    now = installation().clock()
    until = account.temporary_until if way is Way.PASSWORD else None
    if until is not None and until < now:
        record(request, EventKind.SIGN_IN_FAILED, "临时口令已过期", account.login)
        return Try(Outcome.EXPIRED)
    if account.is_dormant(now):
        record(request, EventKind.SIGN_IN_FAILED, "长期未使用，已锁定", account.login)
        return Try(Outcome.DORMANT)
    if not account.has_second_factor:
        _finish(request, account, way)
        return Try(Outcome.SIGNED_IN)
    request.session.flush()
    half = {"account": account.pk, "way": way.value, "until": int(now.timestamp()) + _HALF_SECONDS}
    request.session[_HALF] = half
    return try_code(request, code) if code else Try(Outcome.HALF)


def admit_from_elsewhere(request: HttpRequest, name: str) -> Try:
    """Go on with who has proved the first factor at the unified sign-in; nobody is registered by it.

    Raises:
        RefusedError: where this platform has no such account, or it is disabled.
    """
    account = name_elsewhere(name)
    if account is None:
        record(request, EventKind.SIGN_IN_FAILED, "统一身份认证的人员没有可用账号", name)
        raise RefusedError(
            "统一身份认证通过了，但本系统没有您的可用账号，没有登录。请找系统管理员登记。",
            "You are known there, but have no account here. Ask the system administrator.",
        )
    return admit(request, account, Way.UNIFIED)


def name_elsewhere(name: str) -> Account | None:
    """Whose enabled account the unified sign-in names; nobody's, where it could be more than one."""
    if settings.OIDC_MATCH == "login":
        found = Account.objects.filter(login=name[:100])
    else:
        here = installation()
        human = here.keeper.state().find(Human, here.staff_number_digest(name))
        found = Account.objects.filter(person__in=human.accounts if human else ())
    accounts = list(found.filter(is_active=True))
    return accounts[0] if len(accounts) == 1 else None


# --- the second factor ----------------------------------------------------------------------------


def half_signed_in(request: HttpRequest) -> Account | None:
    """Who has proved the first factor in this session and still owes the second."""
    half = request.session.get(_HALF, {})
    if half.get("until", 0) < installation().clock().timestamp():
        return None
    return Account.objects.filter(pk=half["account"], is_active=True).first()


def try_code(request: HttpRequest, code: str) -> Try:
    """Go on by a code of the authenticator, or a recovery code."""
    return _try_factor(request, lambda account: factors.prove_by_code(account, code))


def try_passkey(request: HttpRequest, credential: str) -> Try:
    """Go on by what a passkey has signed."""
    return _try_factor(request, lambda account: factors.prove_by_passkey(account, credential))


def _try_factor(request: HttpRequest, prove: Callable[[Account], Factor | None]) -> Try:
    account = half_signed_in(request)
    if account is None:
        return Try(Outcome.WRONG)
    standing = lockout.standing(request, account.login)
    factor = prove(account) if standing.left else None
    if factor is None:
        return _refused(request, account, standing, "二次验证不对")
    _finish(request, account, Way(request.session[_HALF]["way"]), factor)
    return Try(Outcome.SIGNED_IN)


def _refused(request: HttpRequest, account: Account, before: lockout.Standing, what: str) -> Try:
    """Count a wrong proof, unless the door was closed already."""
    was_locked = not before.left
    standing = before if was_locked else lockout.count_failure(request, account.login)
    return _failed(request, account.login, standing, what, was_locked)


def _failed(
    request: HttpRequest, typed: str, standing: lockout.Standing, what: str, was_locked: bool
) -> Try:
    record(request, EventKind.SIGN_IN_FAILED, what, typed)
    if standing.left:
        return Try(Outcome.WRONG, standing)
    if not was_locked:
        record(request, EventKind.LOCKED, f"连续 {settings.AXES_FAILURE_LIMIT} 次", typed)
    return Try(Outcome.LOCKED, standing)


# --- the session ----------------------------------------------------------------------------------


def _finish(request: HttpRequest, account: Account, way: Way, factor: Factor | None = None) -> None:
    """A session with a key of its own, in which nothing of an earlier one is left."""
    sessions.SessionStore.clear_expired()
    request.session.flush()
    login(request, account, backend=_BACKEND)
    browser = request.META.get("HTTP_USER_AGENT", "")
    sessions.begin(request.session, factor or "", way, address_of(request), browser)
    account.signed_in_at = installation().clock()
    account.save(update_fields=["signed_in_at"])
    how = [_NAMES[way], *([_NAMES[factor]] if factor else [])]
    record(request, EventKind.SIGNED_IN, "，".join(how))


def missing_step(request: HttpRequest) -> Step | None:
    """Which step of signing in who is signed in has not taken yet; None: the whole house is open."""
    account, session = request.user, request.session
    assert isinstance(account, Account)
    if not sessions.is_unified(session) and account.must_change_password(installation().clock()):
        return Step.PASSWORD
    if sessions.factor_of(session):
        return None
    if account.has_second_factor:
        return Step.PROOF
    is_required = settings.SECOND_FACTOR == "required"
    return Step.FACTOR if is_required and request.viewer.needs_second_factor else None  # type: ignore[attr-defined]


def end_session(request: HttpRequest, over: Over | None = None) -> None:
    """End this session on the server; nothing that a browser still has opens it again."""
    detail = {None: "", Over.IDLE: "长时间未操作", Over.LONG: "达到最长时间"}[over]
    record(request, EventKind.SIGNED_OUT, detail)
    logout(request)


# --- proving it again -----------------------------------------------------------------------------


def confirm(request: HttpRequest, password: str, code: str, credential: str) -> Try:
    """Prove again who is signed in: by the second factor, or the password of who has none.

    Args:
        request: of the session.
        password: as typed; worth nothing where there is a second factor.
        code: as typed.
        credential: what the browser had signed by a passkey.
    """
    account = request.user
    assert isinstance(account, Account)
    standing = lockout.standing(request, account.login)
    if standing.left and (way := _proof(account, password, code, credential)) is not None:
        request.session.cycle_key()
        sessions.prove(request.session, "" if way is Way.PASSWORD else way)
        record(request, EventKind.CONFIRMED, _NAMES[way])
        return Try(Outcome.SIGNED_IN)
    return _refused(request, account, standing, "确认身份时不对")


def retype(request: HttpRequest, password: str) -> Try:
    """Whether the own password was typed right, before another takes its place."""
    account = request.user
    assert isinstance(account, Account)
    standing = lockout.standing(request, account.login)
    if standing.left and (not password or account.check_password(password)):
        return Try(Outcome.SIGNED_IN if password else Outcome.WRONG, standing)
    return _refused(request, account, standing, "修改密码时原密码不对")


def _proof(account: Account, password: str, code: str, credential: str) -> Way | Factor | None:
    if not account.has_second_factor:
        return Way.PASSWORD if account.check_password(password) else None
    if credential:
        return factors.prove_by_passkey(account, credential)
    return factors.prove_by_code(account, code)


def confirm_elsewhere(request: HttpRequest, name: str) -> None:
    """The unified sign-in has just asked anew; it is no second factor.

    Raises:
        RefusedError: where it was another person who answered, or a second factor is to be asked.
    """
    account = request.user
    assert isinstance(account, Account)
    if name_elsewhere(name) != account or account.has_second_factor:
        record(request, EventKind.SIGN_IN_FAILED, "统一身份认证确认的不是本人", account.login)
        raise RefusedError(
            "统一身份认证确认的不是现在登录的人，没有办理。请退出后由本人重新登录。",
            "Somebody else has confirmed; nothing was done. Sign out and sign in again.",
        )
    request.session.cycle_key()
    sessions.prove(request.session)
    record(request, EventKind.CONFIRMED, _NAMES[Way.UNIFIED])
