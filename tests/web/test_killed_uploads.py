"""kill -9 of the web server in the middle of uploads and filings: they go on where they were, nothing is half."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import os
import random
import re
import threading
import time
import urllib.parse
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

import pytest

from kaoping.core.blob import Blob
from kaoping.files.blobs import FolderBlobs
from kaoping.files.journal.database import database
from kaoping.files.journal.folder import Journal
from tests.web.real_server import CITY_PASSWORD, example_city

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.web.real_server import Real

URL = "KAOPING_DATABASE"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(URL in os.environ, reason="this test brings its own database"),
]
KILLS, SIZE, PIECE = 10, 2_000_000, 200_000
LOGINS = ("jiaotong1", "zhujian1", "gongxin1")
TASK = "/ledger/tasks/1.2"
TUS = {"Tus-Resumable": "1.0.0"}


class Hand:
    """A liaison who uploads and files again and again; what was answered is remembered."""

    def __init__(self, real: Real, login: str) -> None:
        self.real, self.login = real, login
        self.cookies: dict[str, str] = {}
        self.filed: list[tuple[str, str]] = []
        self.broken: list[tuple[str, bytes, str]] = []
        """What is under way: where it goes up, its bytes, the act of the form that will file it."""
        self.wrong: list[object] = []
        self.item = ""

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] = b"",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        wire = http.client.HTTPConnection("127.0.0.1", self.real.port, timeout=60)
        given = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            **(headers or {}),
        }
        with contextlib.closing(wire):
            wire.request(method, path, body, given)
            reply = wire.getresponse()
            for name, value in reply.getheaders():
                if name.lower() == "set-cookie" and (found := re.match(r"([^=]+)=([^;]*)", value)):
                    self.cookies[found[1]] = found[2]
            return reply.status, dict(reply.getheaders()), reply.read()

    def post(self, path: str, **fields: str) -> int:
        token = self.cookies.get("csrftoken", "")
        pairs = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, pairs, kind)[0]

    def sign_in(self) -> None:
        self.cookies = {}
        self.ask("GET", "/sign-in")
        assert self.post("/sign-in", login=self.login, password=CITY_PASSWORD) == 303

    def begin(self) -> tuple[str, bytes]:
        content = b"%PDF-1.7\n1 0 obj <<>>\nstream\n" + os.urandom(SIZE) + b"\nendstream endobj\n"
        return self.announce("佐证.pdf", len(content)), content

    def announce(self, name: str, size: int) -> str:
        """Begin an upload; its address."""
        encoded = base64.b64encode(name.encode()).decode()
        about = {"Upload-Length": str(size), "Upload-Metadata": f"filename {encoded}"}
        status, headers, _ = self.ask("POST", "/uploads", b"", TUS | about | self._token())
        assert status == 201
        return headers["Location"]

    def offset(self, where: str) -> int:
        """How much of an upload has come, as the server says."""
        status, headers, _ = self.ask("HEAD", where, headers=TUS)
        assert status == 200, (where, status)
        return int(headers["Upload-Offset"])

    def send(self, where: str, offset: int, piece: bytes | Iterable[bytes], size: int) -> int:
        """One piece of so many bytes; how much has come then."""
        about = {
            "Upload-Offset": str(offset),
            "Content-Length": str(size),
            "Content-Type": "application/offset+octet-stream",
        }
        status, headers, said = self.ask("PATCH", where, piece, TUS | about | self._token())
        assert status == 204, (status, said)
        return int(headers["Upload-Offset"])

    def go_on(self, where: str, content: bytes, act: str) -> None:
        """Send what is missing, as the server says, and file it; the form is the same after a kill."""
        offset = self.offset(where)
        while offset < len(content):
            piece = content[offset : offset + PIECE]
            offset = self.send(where, offset, piece, len(piece))
        upload = where.rpartition("/")[2]
        status = self.post(f"{TASK}/file", act=act, upload=upload, item=self.item)
        assert status in (202, 303), status
        if status == 303:
            one = str(uuid5(UUID(act), f"{self.item} filing"))  # the thing comes from the form
            self.filed.append((one, hashlib.sha256(content).hexdigest()))

    def _token(self) -> dict[str, str]:
        return {"X-CSRFToken": self.cookies.get("csrftoken", "")}

    def work(self) -> None:
        """Until the server is gone: first what broke off, then new ones."""
        try:
            self.sign_in()
            found = re.search(rb'name="item" value="([^"]+)"', self.ask("GET", TASK)[2])
            assert found
            self.item = found[1].decode()
            while True:
                if not self.broken:
                    self.broken.append((*self.begin(), str(uuid4())))
                self.go_on(*self.broken[-1])
                self.broken.pop()
        except (OSError, http.client.HTTPException):
            return
        except AssertionError as error:
            self.wrong.append(error)


def test_uploads_go_on_where_they_were_and_nothing_is_half(tmp_path):
    dice = random.Random(4)
    real = example_city(tmp_path)
    hands = [Hand(real, login) for login in LOGINS]
    try:
        real.seal()
        real.serve()
        for _ in range(KILLS):
            threads = [threading.Thread(target=hand.work) for hand in hands]
            for thread in threads:
                thread.start()
            before, until = _count(hands), time.monotonic() + 40
            while _count(hands) == before and time.monotonic() < until:
                time.sleep(0.02)  # however slow the machine, each round files something
            time.sleep(dice.random() * 0.8)
            real.kill(real.server)
            for thread in threads:
                thread.join(60)
            real.serve()
        assert [wrong for hand in hands for wrong in hand.wrong] == []
        filed = [one for hand in hands for one in hand.filed]
        assert len(filed) >= KILLS
        _require_whole(real, filed)
    finally:
        real.close()


def _count(hands: list[Hand]) -> int:
    return sum(len(hand.filed) for hand in hands)


def _require_whole(real: Real, filed: list[tuple[str, str]]) -> None:
    """Everything that was answered is under the checkpoint, and its bytes are whole; nothing else is there."""
    size = Journal.open(real.data / "journal").checkpoint().checkpoint.size
    blobs = FolderBlobs(real.data / "blobs", only_reading=True)
    named = {}
    with database(str(real.data / "kaoping.sqlite3")) as kept:
        index = {}
        for number, body in kept.bodies(1 + max(entry.index for entry in kept.entries())):
            act = body.get("act", {})
            for one in act.get("content", {}).get("files", ()) if act else ():
                named[act["subject"]] = Blob(one["sha256"], one["sm3"], one["size"])
                index[act["subject"]] = number
    assert all(index[thing] < size for thing, _ in filed)
    assert all(named[thing].sha256 == sha256 for thing, sha256 in filed)
    assert len({blob.sha256 for blob in named.values()}) == len(named), "nothing is filed twice"
    for blob in named.values():
        blobs.check(blob)
    stored = {path.name for path in (real.data / "blobs").rglob("*") if path.is_file()}
    assert {blob.sha256 for blob in named.values()} <= stored
    coming = sum(1 for _ in (real.data / "uploads").iterdir())
    assert coming <= len(LOGINS) * 2, (
        "files on their way, one a hand, and what broke off at its beginning"
    )
