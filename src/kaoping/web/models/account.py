"""账号: how a person signs in. Private rows, outside the register and the journal.

What somebody may do never stands here: an account points at a person of the register, and the rules
ask the journal.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

if TYPE_CHECKING:
    from datetime import datetime


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

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["person"]

    class Meta:
        """A person has one account; whoever has two registrations has two."""

        db_table = "account"

    def __str__(self) -> str:
        return self.login

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
