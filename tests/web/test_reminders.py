"""提醒与督办: who is told what on which day, once, by ways of which none holds up another."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import socket
import socketserver
import threading
import time
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured

from kaoping.config import messaging
from kaoping.core.desk.todos import Stage, Todo
from kaoping.core.workflow.case import Place
from kaoping.web import channels
from kaoping.web.channels import (
    ChannelFault,
    Console,
    DingTalk,
    Letter,
    Mail,
    WeCom,
    channels_in_use,
    within,
)
from kaoping.web.mail_server import MailServer
from kaoping.web.models import Account, Delivery, DeliveryState, Message, MessageKind, Told
from kaoping.web.reminders import BACKOFF, deliver, occasion_of, remind, something_waits
from tests.web.pages.conftest import built, site
from tests.world_set_up import uid

__all__ = ["built", "site"]

STAGE = "opened"
NOW = datetime(2025, 1, 8, 1, tzinfo=UTC)
LETTER = Letter("touzi1", "a@office.example", "robot-1", "考评提醒：1 件逾期", "· 1月7日 复核台账")


# --- occasions ------------------------------------------------------------------------------------


def todo(due, days):
    return Todo("x/1", Place(), due, days, days < 0, Stage.READY, None)


def test_the_days_on_which_one_is_reminded():
    """The deadline is Friday the 17th of January, and the one after it a Sunday."""
    from kaoping.core.desk.year import working_days_left
    from kaoping.files.holidays import holiday_calendar

    def told(due, day):
        return occasion_of(todo(due, working_days_left(day, due, holiday_calendar())), day)

    friday = date(2025, 1, 17)
    assert {n: told(friday, date(2025, 1, n)) for n in range(12, 23)} == {
        12: "", 13: "", 14: "three-days", 15: "three-days", 16: "one-day", 17: "today",
        18: "late-0", 19: "late-0", 20: "late-1", 21: "late-2", 22: "late-3",
    }  # fmt: skip
    sunday = date(2025, 1, 12)
    assert told(sunday, date(2025, 1, 9)) == "one-day"
    assert told(sunday, date(2025, 1, 10)) == "last-working-day"
    assert told(sunday, date(2025, 1, 11)) == ""
    assert told(sunday, sunday) == "today"
    assert told(friday, date(2025, 2, 28)) == ""
    assert occasion_of(todo(None, 0), friday) == ""


# --- who is told ----------------------------------------------------------------------------------


@pytest.fixture
def quiet(settings):
    settings.MAIL_SERVER, settings.WECOM, settings.DINGTALK = None, "", ""
    settings.ADDRESS = "https://kaoping.example"
    return settings


def told(name, kind=MessageKind.REMINDER):
    return list(Message.objects.filter(person=uid(name), kind=kind.value).order_by("pk"))


def test_one_message_with_everything_and_never_twice(site, quiet):
    site.at("2025-01-02T01:00:00+00:00")
    remind()
    (message,) = told("青禾县联络员")
    assert message.subject == "考评提醒：4 件即将到期"
    assert message.text.count("填报台账") == 4
    assert "https://kaoping.example/" in message.text
    remind()
    site.at("2025-01-02T09:00:00+00:00")
    remind()
    assert told("青禾县联络员") == [message]


def test_the_next_occasion_is_told_again(site, quiet):
    for day, count in (("2025-01-02", 1), ("2025-01-03", 2), ("2025-01-05", 3), ("2025-01-06", 4)):
        site.at(f"{day}T01:00:00+00:00")
        remind()
        assert len(told("青禾县联络员")) == count, day
    assert told("青禾县联络员")[-1].subject == "考评提醒：4 件逾期"


def test_nobody_is_told_of_another_units_matters(site, quiet):
    site.at("2025-01-06T01:00:00+00:00")
    remind()
    for message in told("青禾县联络员") + told("青禾县负责人"):
        assert "白石县" not in message.text
    assert told("系统管理员") == []


def test_a_closed_account_is_told_nothing(site, quiet):
    Account.objects.filter(person=uid("青禾县联络员")).update(is_active=False)
    site.at("2025-01-06T01:00:00+00:00")
    remind()
    assert told("青禾县联络员") == []


def test_what_is_overdue_long_enough_goes_to_the_responsible_leader_once(site, quiet):
    quiet.ESCALATE_AFTER = 2
    site.at("2025-01-06T01:00:00+00:00")
    remind()
    assert told("分管领导", MessageKind.ESCALATION) == []
    site.at("2025-01-07T01:00:00+00:00")
    remind()
    (message,) = told("分管领导", MessageKind.ESCALATION)
    assert "青禾县 青禾县联络员：填报台账" in message.text
    assert "逾期 2 个工作日" in message.text
    site.at("2025-01-08T01:00:00+00:00")
    remind()
    assert told("分管领导", MessageKind.ESCALATION) == [message]
    assert told("主要领导", MessageKind.ESCALATION) == []


def test_without_a_responsible_leader_the_principal_leader_is_told(site, quiet):
    from kaoping.core.acts.setting_up import DutyEnded

    site.do("安全管理员", uid("职责 分管领导 responsible_leader"), DutyEnded("调离"))
    site.at("2025-01-07T01:00:00+00:00")
    remind()
    assert len(told("主要领导", MessageKind.ESCALATION)) == 1


def test_an_extended_deadline_is_told_anew(site, quiet):
    from kaoping.core.acts.setting_up import DeadlineExtended, StepKind
    from kaoping.core.workflow.things import Assessment

    site.at("2025-01-05T01:00:00+00:00")
    remind()
    year = next(site.state.every(Assessment))
    content = DeadlineExtended(StepKind.COLLECT, date(2025, 1, 6), "系统故障")
    site.do("分管领导", year.id, content, year.deadlines[StepKind.COLLECT][-1].act)
    site.at("2025-01-06T01:00:00+00:00")
    remind()
    assert told("青禾县联络员")[-1].subject == "考评提醒：4 件今天到期"


# --- the ways -------------------------------------------------------------------------------------


class Robot:
    """A robot on loopback: keeps what it was sent and answers as it is told."""

    def __init__(self, answer=b'{"errcode":0}', status=200, delay=0.0, location=""):
        self.got: list[tuple[str, Any]] = []
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                robot.got.append((self.path, json.loads(self.rfile.read(length))))
                time.sleep(delay)
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/send?key=geheim"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Post:
    """A mail server on loopback, as far as it is needed."""

    def __init__(self, *, refuses=False):
        self.got: list[bytes] = []
        post = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(line + b"\r\n")

            def handle(self):
                self.say(b"220 loopback")
                while line := self.rfile.readline():
                    word = line[:4].upper()
                    if word == b"DATA":
                        self.say(b"354 go on")
                        lines = []
                        while (line := self.rfile.readline()) != b".\r\n":
                            lines.append(line)
                        post.got.append(b"".join(lines))
                        self.say(b"250 taken")
                    elif word == b"RCPT" and refuses:
                        self.say(b"550 nobody a@office.example here")
                    elif word == b"QUIT":
                        self.say(b"221 bye")
                        return
                    else:
                        self.say(b"250 ok")

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def mail_to(port):
    return Mail(MailServer("127.0.0.1", port, "", "", False, False, "考评 <k@office.example>"))


def test_a_mail_arrives():
    with Post() as post:
        mail_to(post.port).send(LETTER, NOW)
    mail = message_from_bytes(post.got[0])
    assert str(make_header(decode_header(mail["Subject"]))) == LETTER.subject
    assert mail["To"] == "a@office.example"
    text: Any = mail.get_payload(decode=True)
    assert text.decode().strip() == LETTER.text


def test_a_refused_mail_says_the_kind_of_fault_alone():
    with Post(refuses=True) as post, pytest.raises(ChannelFault) as caught:
        mail_to(post.port).send(LETTER, NOW)
    assert str(caught.value) == "SMTPRecipientsRefused"
    assert caught.value.__cause__ is None


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_where_nobody_listens_it_is_a_fault():
    port = free_port()
    with pytest.raises(ChannelFault, match="ConnectionRefusedError"):
        mail_to(port).send(LETTER, NOW)
    with pytest.raises(ChannelFault):
        WeCom(f"http://127.0.0.1:{port}/").send(LETTER, NOW)


def test_a_server_that_does_not_answer_is_left_alone(monkeypatch):
    monkeypatch.setattr(channels, "TIMEOUT", 0.3)
    with Robot(delay=2) as robot, pytest.raises(ChannelFault, match=r"TimeoutError|URLError"):
        WeCom(robot.url).send(LETTER, NOW)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ChannelFault):
        mail_to(silent.getsockname()[1]).send(LETTER, NOW)


def test_wecom_gets_a_text_that_calls_the_person():
    with Robot() as robot:
        WeCom(robot.url).send(LETTER, NOW)
    path, said = robot.got[0]
    assert path == "/send?key=geheim"
    assert said == {
        "msgtype": "text",
        "text": {
            "content": f"{LETTER.subject}\n{LETTER.text}",
            "mentioned_list": ["robot-1"],
        },
    }


def test_dingtalk_gets_a_signed_text_that_calls_the_person():
    with Robot() as robot:
        DingTalk(robot.url, "SEC-geheim").send(LETTER, NOW)
    path, said = robot.got[0]
    query = parse_qs(urlsplit(path).query)
    timestamp = query["timestamp"][0]
    assert timestamp == str(int(NOW.timestamp() * 1000))
    signed = hmac.new(b"SEC-geheim", f"{timestamp}\nSEC-geheim".encode(), hashlib.sha256).digest()
    assert base64.b64decode(query["sign"][0]) == signed
    assert said["msgtype"] == "text"
    assert said["text"]["content"].startswith("@robot-1\n考评提醒")
    assert said["at"] == {"atUserIds": ["robot-1"], "isAtAll": False}


def test_dingtalk_without_a_secret_is_not_signed():
    with Robot() as robot:
        DingTalk(robot.url).send(LETTER, NOW)
    assert "sign" not in robot.got[0][0]


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (b'{"errcode":45009,"errmsg":"key=geheim too often"}', 200, "errcode 45009"),
        (b"not json", 200, "JSONDecodeError"),
        (b"[]", 200, "errcode"),
        (b'{"errcode":"0 geheim"}', 200, "errcode"),
        (b"key=geheim", 500, "HTTP 500"),
    ],
)
def test_a_robot_that_does_not_say_zero_has_not_taken_it(answer, status, said):
    with Robot(answer, status) as robot, pytest.raises(ChannelFault) as caught:
        WeCom(robot.url).send(LETTER, NOW)
    assert str(caught.value) == said


def test_a_message_is_not_carried_elsewhere():
    with Robot() as other, Robot(status=302, location=other.url) as robot:
        with pytest.raises(ChannelFault, match="HTTP 302"):
            WeCom(robot.url).send(LETTER, NOW)
        assert other.got == []


def test_a_long_text_is_cut_at_a_line_and_says_so():
    text = "\n".join(f"· 第 {n} 件事要办" for n in range(300))
    cut = within(text, 2048)
    assert len(cut.encode()) <= 2048
    assert cut.endswith("……\n其余请登录工作台查看")
    assert cut.split("\n")[-3].endswith("要办")
    assert within("短", 2048) == "短"


def test_the_terminal_says_that_there_is_something_and_not_what(capsys):
    Console().send(LETTER, NOW)
    said = capsys.readouterr().out
    assert said == "〔提醒〕账号 touzi1：考评提醒：1 件逾期\n"


def test_secrets_are_not_shown_by_the_ways_themselves():
    mail = Mail(MailServer("h", 25, "u", "geheim", False, False, "k@office.example"))
    for one in (mail, WeCom("http://x/?key=geheim"), DingTalk("http://x/?t=geheim", "geheim")):
        assert "geheim" not in repr(one)


# --- carrying it out ------------------------------------------------------------------------------


@pytest.fixture
def waiting(site, quiet):
    """One reminder for two persons, by every way there is."""
    Account.objects.filter(person=uid("青禾县联络员")).update(
        email="a@office.example", webhook_id="robot-1"
    )
    Account.objects.filter(person=uid("白石县联络员")).update(email="b@office.example")
    site.at("2025-01-06T01:00:00+00:00")
    return site


def after(site, **passed):
    site.clock.now += timedelta(**passed)


def test_a_failing_way_holds_up_no_other_and_is_tried_again(waiting, quiet, caplog):
    with Post() as post, Robot(b'{"errcode":93000}') as robot, caplog.at_level(logging.DEBUG):
        quiet.MAIL_SERVER = mail_to(post.port).server
        quiet.WECOM = robot.url
        remind()
        assert something_waits()
        deliver()
        assert len(post.got) == 2
        assert len(robot.got) == 1
        failed = Delivery.objects.get(state=DeliveryState.WAITING.value)
        assert (failed.channel, failed.failure, failed.attempts) == ("wecom", "errcode 93000", 1)
        assert not something_waits()
        after(waiting, seconds=59)
        deliver()
        assert len(robot.got) == 1
        after(waiting, seconds=1)
        assert something_waits()
        deliver()
        assert (len(robot.got), len(post.got)) == (2, 2)
    for secret in ("geheim", "office.example", "robot-1"):
        assert secret not in caplog.text


def test_what_fails_for_good_is_given_up(waiting, quiet):
    with Robot(b"", 500) as robot:
        quiet.WECOM = robot.url
        remind()
        deliver()
        for wait in BACKOFF:
            after(waiting, seconds=wait.total_seconds())
            deliver()
        after(waiting, days=2)
        deliver()
        assert len(robot.got) == len(BACKOFF) + 1
    row = Delivery.objects.get(channel="wecom")
    assert (row.state, row.failure) == (DeliveryState.GIVEN_UP.value, "HTTP 500")


def test_a_way_that_comes_back_gets_the_message_once(waiting, quiet):
    port = free_port()
    quiet.WECOM = f"http://127.0.0.1:{port}/"
    remind()
    deliver()
    with Robot() as robot:
        quiet.WECOM = robot.url
        after(waiting, minutes=2)
        deliver()
        after(waiting, hours=3)
        deliver()
        assert len(robot.got) == 1
    assert Delivery.objects.get(channel="wecom").state == DeliveryState.SENT.value


def test_a_robot_gets_no_more_than_it_takes_in_a_minute(waiting, quiet):
    account = Account.objects.get(person=uid("青禾县联络员"))
    for number in range(20):
        message = Message.objects.create(
            person=account.person, kind="reminder", at="2025-01-06T00:00:00Z", subject=str(number), text="t"
        )  # fmt: skip
        Delivery.objects.create(
            message=message, channel="wecom", next_try_at="2025-01-06T00:00:00Z"
        )
    with Robot() as robot:
        quiet.WECOM = robot.url
        deliver()
        assert len(robot.got) == 15
        deliver()
        assert len(robot.got) == 20


def test_an_address_taken_away_meanwhile_gets_nothing(waiting, quiet):
    with Post() as post:
        quiet.MAIL_SERVER = mail_to(post.port).server
        remind()
        Account.objects.update(email="")
        deliver()
        assert post.got == []
    assert {one.failure for one in Delivery.objects.all()} == {"no address"}


def test_without_any_way_the_terminal_says_so(waiting, quiet, capsys):
    assert [one.name for one in channels_in_use()] == ["console"]
    remind()
    deliver()
    assert "4 件逾期" in capsys.readouterr().out
    assert not Delivery.objects.exclude(state=DeliveryState.SENT.value).exists()
    assert Told.objects.filter(person=uid("青禾县联络员")).count() == 4


# --- how it is set up -----------------------------------------------------------------------------


def test_a_mail_server_is_read_from_its_address():
    found = messaging.mail_server(
        {
            "KAOPING_SMTP": "smtp+starttls://u%40x:p%3Aw@mail.example",
            "KAOPING_MAIL_FROM": "k@office.example",
        }
    )
    assert found is not None
    assert (found.host, found.port, found.user, found.password) == (
        "mail.example",
        587,
        "u@x",
        "p:w",
    )
    assert (found.is_starttls, found.is_tls) == (True, False)
    assert messaging.mail_server({}) is None


@pytest.mark.parametrize(
    "given",
    [
        {"KAOPING_SMTP": "mail.example", "KAOPING_MAIL_FROM": "k@office.example"},
        {"KAOPING_SMTP": "smtp://mail.example"},
    ],
)
def test_a_wrong_mail_server_is_said_in_plain_words(given):
    with pytest.raises(ImproperlyConfigured, match="KAOPING_SMTP"):
        messaging.mail_server(given)


def test_other_wrong_settings_are_said_in_plain_words():
    with pytest.raises(ImproperlyConfigured, match="KAOPING_WECOM"):
        messaging.address({"KAOPING_WECOM": "file:///etc/passwd"}, "KAOPING_WECOM")
    with pytest.raises(ImproperlyConfigured, match="08:30"):
        messaging.time_of_day({"T": "8点"}, "T", "08:30")
    with pytest.raises(ImproperlyConfigured, match="inline"):
        messaging.one_of({"J": "x"}, "J", ("inline", "worker"), "inline")
