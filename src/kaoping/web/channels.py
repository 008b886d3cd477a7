"""渠道: the ways by which a message leaves the platform: e-mail, group robots, the terminal.

A channel either hands a letter over or raises `ChannelFault` with the kind of fault alone: what a
server said may repeat addresses and secrets, and goes nowhere.
"""

from __future__ import annotations

import base64
import hmac
import json
import smtplib
import sys
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Protocol
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

if TYPE_CHECKING:
    from datetime import datetime

    from kaoping.web.mail_server import MailServer
    from kaoping.web.models import Account

TIMEOUT = 10
"""Seconds after which a server that does not answer is left alone."""
_ANSWER = 65_536
"""More than this of an answer is not read, in octets."""
_WECOM_OCTETS, _DINGTALK_OCTETS = 2048, 4096
"""Longest text that each robot takes."""
_MORE = "……\n其余请登录工作台查看"


class ChannelFault(Exception):  # noqa: N818 - a fault of the way, not of the program
    """A letter was not handed over; the kind of fault, and nothing about persons or secrets."""


@dataclass(frozen=True)
class Letter:
    """What goes to one person.

    Attributes:
        login: of the account, for the terminal.
        mailbox, robot_id: the person's addresses; empty where there is none.
        subject, text: what it says.
    """

    login: str
    mailbox: str
    robot_id: str
    subject: str
    text: str


class Channel(Protocol):
    """One way."""

    @property
    def name(self) -> str:
        """Under which deliveries are kept."""

    @property
    def at_once(self) -> int:
        """How many letters it takes in one round: robots refuse more than twenty in a minute."""

    def reaches(self, account: Account) -> bool:
        """Whether the account has an address for it."""

    def send(self, letter: Letter, now: datetime) -> None:
        """Hand a letter over.

        Raises:
            ChannelFault: where that fails.
        """


@dataclass(frozen=True)
class Mail:
    """电子邮件."""

    server: MailServer
    name: str = "mail"
    at_once: int = 200

    def reaches(self, account: Account) -> bool:
        """Whoever has a mailbox."""
        return bool(account.email)

    def send(self, letter: Letter, now: datetime) -> None:
        """Hand it to the mail server."""
        del now
        server = self.server
        connection = get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_ssl=server.is_tls,
            use_tls=server.is_starttls,
            timeout=TIMEOUT,
        )
        mail = EmailMessage(
            letter.subject, letter.text, server.sender, [letter.mailbox], connection=connection
        )
        try:
            mail.send()
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelFault(type(error).__name__) from None


@dataclass(frozen=True)
class WeCom:
    """企业微信 group robot; its address holds its key."""

    url: str = field(repr=False)
    name: str = "wecom"
    at_once: int = 15

    def reaches(self, account: Account) -> bool:
        """Whoever can be called by name in the group."""
        return bool(account.webhook_id)

    def send(self, letter: Letter, now: datetime) -> None:
        """A text that calls the person."""
        del now
        content = within(f"{letter.subject}\n{letter.text}", _WECOM_OCTETS)
        text = {"content": content, "mentioned_list": [letter.robot_id]}
        _post(self.url, {"msgtype": "text", "text": text})


@dataclass(frozen=True)
class DingTalk:
    """钉钉 group robot; with a secret, every message is signed (加签)."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    name: str = "dingtalk"
    at_once: int = 15

    def reaches(self, account: Account) -> bool:
        """Whoever can be called by name in the group."""
        return bool(account.webhook_id)

    def send(self, letter: Letter, now: datetime) -> None:
        """A text that calls the person."""
        called = f"@{letter.robot_id}\n"
        content = called + within(
            f"{letter.subject}\n{letter.text}", _DINGTALK_OCTETS - len(called.encode())
        )
        at = {"atUserIds": [letter.robot_id], "isAtAll": False}
        message = {"msgtype": "text", "text": {"content": content}, "at": at}
        _post(f"{self.url}{self._signature(now)}", message)

    def _signature(self, now: datetime) -> str:
        """HMAC-SHA256 under the secret of the time and the secret, a line each, as the robot wants it."""
        if not self.secret:
            return ""
        timestamp = str(int(now.timestamp() * 1000))
        signed = f"{timestamp}\n{self.secret}".encode()
        digest = hmac.digest(self.secret.encode(), signed, "sha256")
        words = urlencode({"timestamp": timestamp, "sign": base64.b64encode(digest).decode()})
        return f"{'&' if '?' in self.url else '?'}{words}"


@dataclass(frozen=True)
class Console:
    """The terminal, where no other way is set up: that somebody has something to do, not what."""

    name: str = "console"
    at_once: int = 1000

    def reaches(self, account: Account) -> bool:
        """Everybody."""
        return account.is_active

    def send(self, letter: Letter, now: datetime) -> None:
        """One line."""
        del now
        sys.stdout.write(f"〔提醒〕账号 {letter.login}：{letter.subject}\n")
        sys.stdout.flush()


def channels_in_use() -> tuple[Channel, ...]:
    """The ways that the installation has; the terminal where it has no other."""
    found: list[Channel] = []
    if settings.MAIL_SERVER is not None:
        found.append(Mail(settings.MAIL_SERVER))
    if settings.WECOM:
        found.append(WeCom(settings.WECOM))
    if settings.DINGTALK:
        found.append(DingTalk(settings.DINGTALK, settings.DINGTALK_SECRET))
    return tuple(found) or (Console(),)


def within(text: str, octets: int) -> str:
    """A text cut to a number of octets, at the end of a line, with a word that there is more."""
    if len(text.encode()) <= octets:
        return text
    room = octets - len(_MORE.encode())
    cut = text.encode()[:room].decode(errors="ignore")
    return (cut.rpartition("\n")[0] or cut) + _MORE


class _NoRedirect(HTTPRedirectHandler):
    """A robot answers where it was asked; a message is not carried elsewhere."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401 - urllib's
        """None: it is an error."""


_OPENER = build_opener(_NoRedirect)


def _post(url: str, message: object) -> None:
    """Send a message to a robot.

    Raises:
        ChannelFault: where it does not answer in time, or not with errcode 0.
    """
    content = json.dumps(message, ensure_ascii=False).encode()
    request = Request(url, content, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310 - the settings allow http and https only
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            said = json.loads(answer.read(_ANSWER))
    except HTTPError as error:
        error.close()
        raise ChannelFault(f"HTTP {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise ChannelFault(type(error).__name__) from None
    code = said.get("errcode") if isinstance(said, dict) else None
    if code != 0:
        raise ChannelFault(f"errcode {code}" if isinstance(code, int) else "errcode")
