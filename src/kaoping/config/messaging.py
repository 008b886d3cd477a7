"""By which ways reminders go out: the mail server and group robots that the environment names.

KAOPING_SMTP            smtp://user:password@host:port (STARTTLS where the server offers it:
                        smtp+starttls://, TLS from the first byte: smtps://); no mail without it
KAOPING_MAIL_FROM       sender of mails; needed with KAOPING_SMTP
KAOPING_WECOM           address of a group robot of 企业微信, with its key
KAOPING_DINGTALK        address of a group robot of 钉钉, with its access_token
KAOPING_DINGTALK_SECRET secret of that robot (加签), where it has one
KAOPING_ADDRESS         address under which people reach the platform, for links in messages
KAOPING_REMIND_AT       time of the daily reminders, 08:30 without it
KAOPING_ESCALATE_AFTER  after how many working days overdue the responsible leader is told: 2
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from kaoping.web.mail_server import MailServer

if TYPE_CHECKING:
    from collections.abc import Mapping

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def mail_server(environment: Mapping[str, str]) -> MailServer | None:
    """The mail server of the environment; None where it names none.

    Raises:
        ImproperlyConfigured: where it is not written as it should be.
    """
    url = environment.get("KAOPING_SMTP", "")
    if not url:
        return None
    parts, sender = urlsplit(url), environment.get("KAOPING_MAIL_FROM", "")
    if parts.scheme not in _PORTS or not parts.hostname or "@" not in sender:
        raise ImproperlyConfigured(
            "KAOPING_SMTP 应写成 smtp://用户:口令@主机:端口（加密用 smtps:// 或 smtp+starttls://），"
            "并在 KAOPING_MAIL_FROM 写明发件地址。\n"
            "KAOPING_SMTP must be smtp://user:password@host:port (smtps:// or smtp+starttls:// with "
            "TLS), and KAOPING_MAIL_FROM the sender."
        )
    return MailServer(
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
        is_starttls=parts.scheme == "smtp+starttls",
        sender=sender,
    )


def address(environment: Mapping[str, str], name: str) -> str:
    """An address of the environment, or nothing.

    Raises:
        ImproperlyConfigured: where it is none of the web.
    """
    url = environment.get(name, "")
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise ImproperlyConfigured(
            f"{name} 应是 http:// 或 https:// 开头的地址，不能启动。\n"
            f"{name} must be an address that begins with http:// or https://."
        )
    return url


def time_of_day(environment: Mapping[str, str], name: str, usual: str) -> time:
    """A time of the day, as 08:30.

    Raises:
        ImproperlyConfigured: where it is none.
    """
    given = environment.get(name, usual)
    try:
        return time.fromisoformat(given)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} 应写成 08:30 这样的时刻，现在是「{given}」，不能启动。\n"
            f"{name} must be a time like 08:30, not {given!r}."
        ) from error


def one_of(environment: Mapping[str, str], name: str, words: tuple[str, ...], usual: str) -> str:
    """One of a few words.

    Raises:
        ImproperlyConfigured: for any other.
    """
    given = environment.get(name, usual)
    if given not in words:
        raise ImproperlyConfigured(
            f"{name} 只能是 {'、'.join(words)}，现在是「{given}」，不能启动。\n"
            f"{name} must be one of {', '.join(words)}, not {given!r}."
        )
    return given
