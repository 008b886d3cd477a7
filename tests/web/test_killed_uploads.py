"""kill -9 of the web server in the middle of uploads and filings: they go on where they were, nothing is half."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import http.client
import os
import random
import re
import threading
import time
import urllib.parse
from datetime import UTC
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import pytest

from kaoping.core.blob import Blob
from kaoping.files.blobs import FolderBlobs
from kaoping.files.journal.database import database
from kaoping.files.journal.folder import Journal
from tests.web.real_server import Real

URL = "KAOPING_DATABASE"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(URL in os.environ, reason="this test brings its own database"),
]
KILLS, SIZE, PIECE = 10, 2_000_000, 200_000
LOGINS = ("jiaotong1", "zhujian1", "gongxin1")
PASSWORD = "Yanshi-2024-kaoping"
TASK = "/ledger/tasks/1.2"
TUS = {"Tus-Resumable": "1.0.0"}
EXAMPLE = Path(__file__).parents[2] / "examples" / "baise-2024"
MAKING = f"""
import shutil, sys
from pathlib import Path
from kaoping.config.serving import keep_session_secret, load, set_up
data, key = Path(sys.argv[1]), Path(sys.argv[2])
keep_session_secret(data)
load()
set_up()
from kaoping.web.demo import build
build(Path({str(EXAMPLE)!r}), data, "demo/killed")
key.parent.mkdir(parents=True)
for name in ("journal.key", "journal.key.signed"):
    shutil.move(data / name, key.with_name(name.replace("journal.key", key.name)))
"""


class Hand:
    """A liaison who uploads and files again and again; what was answered is remembered."""

    def __init__(self, real: Real, login: str) -> None:
        self.real, self.login = real, login
        self.cookies: dict[str, str] = {}
        self.filed: list[tuple[str, str]] = []
        self.broken: list[tuple[str, bytes, int]] = []
        self.wrong: list[object] = []
        self.item = ""

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
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
        assert self.post("/sign-in", login=self.login, password=PASSWORD) == 303

    def begin(self) -> tuple[str, bytes]:
        content = b"%PDF-1.7\n1 0 obj <<>>\nstream\n" + os.urandom(SIZE) + b"\nendstream endobj\n"
        name = base64.b64encode("佐证.pdf".encode()).decode()
        about = {"Upload-Length": str(len(content)), "Upload-Metadata": f"filename {name}"}
        status, headers, _ = self.ask("POST", "/uploads", b"", TUS | about | self._token())
        assert status == 201
        return headers["Location"], content

    def go_on(self, where: str, content: bytes) -> None:
        """Send what is missing, as the server says, and file it."""
        status, headers, _ = self.ask("HEAD", where, headers=TUS)
        assert status == 200, (where, status)
        offset = int(headers["Upload-Offset"])
        while offset < len(content):
            self.broken[-1] = (where, content, offset)
            about = {
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
            }
            status, headers, said = self.ask(
                "PATCH", where, content[offset : offset + PIECE], TUS | about | self._token()
            )
            assert status == 204, (status, said)
            offset = int(headers["Upload-Offset"])
        act = str(uuid4())
        upload = where.rpartition("/")[2]
        status = self.post(f"{TASK}/file", act=act, upload=upload, item=self.item)
        assert status in (202, 303), status
        if status == 303:
            one = str(
                uuid5(UUID(act), self.item)
            )  # each place of the catalogue is an act of its own
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
                    self.broken.append((*self.begin(), 0))
                where, content, _ = self.broken[-1]
                self.go_on(where, content)
                self.broken.pop()
        except (OSError, http.client.HTTPException):
            return
        except AssertionError as error:
            self.wrong.append(error)


def test_uploads_go_on_where_they_were_and_nothing_is_half(tmp_path):
    dice = random.Random(4)
    shown = dt.datetime(2024, 12, 18, 1, tzinfo=UTC)
    offset = int((shown - dt.datetime.now(UTC)).total_seconds())
    real = Real(tmp_path, making=MAKING, more={"KAOPING_CLOCK_OFFSET": str(offset)})
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
        index = {entry.act: entry.index for entry in kept.entries()}
        for _, body in kept.bodies(max(index.values()) + 1):
            act = body.get("act", {})
            for one in act.get("content", {}).get("files", ()) if act else ():
                named[act["id"]] = Blob(one["sha256"], one["sm3"], one["size"])
    assert all(index[act] < size for act, _ in filed)
    assert all(named[act].sha256 == sha256 for act, sha256 in filed)
    for blob in named.values():
        blobs.check(blob)
    stored = {path.name for path in (real.data / "blobs").rglob("*") if path.is_file()}
    assert {blob.sha256 for blob in named.values()} <= stored
    coming = sum(1 for _ in (real.data / "uploads").iterdir())
    assert coming <= len(LOGINS) * 2, (
        "files on their way, one a hand, and what broke off at its beginning"
    )
