"""会话: one browser in which somebody has signed in. Private rows; ended ones go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

if TYPE_CHECKING:
    from kaoping.web.models.account import Account


class Sessions(models.QuerySet["Session"]):
    """Asking for sessions."""

    def of(self, account: Account) -> Sessions:
        """Those in which an account is signed in, the one used last first."""
        return self.filter(account=account).order_by("-used_at")


class Session(AbstractBaseSession):
    """A session with what its person is told about it; written by `kaoping.web.sessions` only."""

    account = models.ForeignKey(
        "web.Account", models.CASCADE, verbose_name="账号", null=True, related_name="+"
    )
    address = models.CharField("来源地址", max_length=45, blank=True)
    browser = models.CharField("浏览器", max_length=40, blank=True)
    began_at = models.DateTimeField("登录于", null=True)
    used_at = models.DateTimeField("最近使用", null=True)

    objects = Sessions.as_manager()  # type: ignore[assignment,misc]  # asked for by account, too

    class Meta:
        """Of browsers in which nobody has signed in, too, without an account."""

        db_table = "account_session"
