"""账号: how a person signs in. Private rows, outside the register and the journal.

What somebody may do never stands here: an account points at a person of the register, and the rules
ask the journal. Whose account it is, its password and whether it is in use bear the platform's mark: who
writes to the database alone gives nobody another's name (平台印记, as entries bear one).
"""

from __future__ import annotations

import hmac
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from kaoping.core.errors import TamperError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from typing import Self

_PURPOSE = b"kaoping account mark"
_BOUND = ("login", "person", "password", "is_active")
"""What the mark is over."""


def account_mark(login: str, person: str, password: str, is_active: bool) -> str:
    """The mark of an account: 64 hex digits under the installation's secret."""
    key = hmac.digest(settings.INSTANCE_SECRET(), _PURPOSE, "sha256")
    bound = json.dumps([login, person, password, bool(is_active)])
    return hmac.digest(key, bound.encode(), "sha256").hex()


class Accounts(BaseUserManager["Account"]):
    """Finding and opening accounts."""

    def open(self, login: str, person: str, password: str | None, until: datetime) -> Account:
        """Open an account with a first password, good once and until a moment.

        Args:
            login: what is typed at the sign-in.
            person: the id of the person in the register.
            password: the first one; None where people sign in elsewhere (OIDC).
            until: when the first password stops being good.
        """
        account = self.model(login=login, person=person, temporary_until=until)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """账号 of one person."""

    login = models.CharField("账号", max_length=100, unique=True)
    person = models.CharField("人员", max_length=36, unique=True)
    email = models.EmailField("电子邮箱", blank=True)
    webhook_id = models.CharField("企业微信或钉钉账号", max_length=100, blank=True)
    is_active = models.BooleanField("启用", default=True)
    temporary_until = models.DateTimeField("临时口令有效至", null=True, blank=True)
    """Not empty: the password was given by an administrator and must be changed at the first sign-in."""
    password_set_at = models.DateTimeField("口令设置于", null=True, blank=True)
    language = models.CharField("语言", max_length=10, default="zh-hans")
    has_second_factor = models.BooleanField("有二次验证", default=False)
    """What the doors ask at each page; the factors themselves are rows of their own."""
    signed_in_at = models.DateTimeField("最近登录", null=True, blank=True)
    unlocked_at = models.DateTimeField("解锁于", null=True, blank=True)
    """When an account was opened again that had not been used for long."""
    last_login = None  # Django would write it by another clock
    mark = models.CharField("平台印记", max_length=64, default="", db_default="")
    is_as_written = True

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["person"]

    class Meta:
        """A person has one account; whoever has two registrations has two."""

        db_table = "account"

    def __str__(self) -> str:
        return self.login

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[Any],
        **more: Any,  # noqa: ANN401 - as Django's
    ) -> Self:
        """A row, compared with its mark as it is read."""
        one = super().from_db(db, field_names, values, **more)
        if {*_BOUND, "mark"} <= set(field_names):
            one.is_as_written = hmac.compare_digest(one.mark.encode(), one.mark_due().encode())
        return one

    def mark_due(self) -> str:
        """The mark that it should bear."""
        return account_mark(*(getattr(self, name) for name in _BOUND))

    def save(self, **given: Any) -> None:  # noqa: ANN401 - as Django's
        """Write it; what the mark is over gets a new one.

        Raises:
            TamperError: where the row was not as the platform had written it.
        """
        self.require_as_written()
        fields = given.get("update_fields")
        if fields is None or not set(_BOUND).isdisjoint(fields):
            self.mark = self.mark_due()
            if fields is not None:
                given["update_fields"] = [*fields, "mark"]
        super().save(**given)

    def require_as_written(self) -> None:
        """That nobody has changed the account past the platform.

        Raises:
            TamperError: where its person, login, password or use were.
        """
        if not self.is_as_written:
            raise TamperError(
                f"账号 {self.login} 在数据库中被改动过（人员、口令或启用状态与平台写入的不同），已停止使用。"
                "请保留现场，立即告诉安全管理员和审计管理员。",
                f"The account {self.login} was changed in the database, past the platform; it is not used "
                "any more. Keep everything as it is and tell the security and audit administrators.",
            )

    def is_dormant(self, now: datetime) -> bool:
        """Whether the account was not used for so long that it is locked (长期未使用)."""
        used = [one for one in (self.signed_in_at, self.unlocked_at) if one is not None]
        return bool(used) and max(used) < now - timedelta(days=settings.DORMANT_DAYS)

    def must_change_password(self, now: datetime) -> bool:
        """Whether the password is a first one, or older than this installation lets one be."""
        if self.temporary_until is not None:
            return True
        if not settings.PASSWORD_DAYS or self.password_set_at is None:
            return False
        return self.password_set_at < now - timedelta(days=settings.PASSWORD_DAYS)
