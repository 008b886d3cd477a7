"""An installation served for real: gunicorn and the sealer as processes of their own, asked over HTTP."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import os
import re
import signal
import socket
import tempfile
import time
import urllib.parse
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.forking import Forked, run

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Running = Forked | subprocess.Popen[str]

LOGIN, PASSWORD = "admin", "Only-for-tests-2024"
ORIGIN = "real.example/2024"
PATIENCE = 60
"""Seconds until a process must answer, on a busy machine."""
_MAKING = f"""
import sys
from pathlib import Path
from kaoping.config.serving import keep_session_secret, load, set_up
data, key = Path(sys.argv[1]), Path(sys.argv[2])
keep_session_secret(data)
load()
set_up()
from django.conf import settings
from kaoping.core.acts.setting_up import Office
from kaoping.web.actions.founding import Founder, found
from kaoping.web.models import Account
from kaoping.web.opening import create, finish, open_installation
create(data, {ORIGIN!r}, key)
here = open_installation(data, settings.CLOCK, key=key)
persons = found(here, [Founder(office.value, f"N{{i}}", office) for i, office in enumerate(Office)])
here.sealer.seal()
admin = Account(login={LOGIN!r}, person=persons[Office.SYSTEM_ADMIN])
admin.set_password({PASSWORD!r})
admin.save()
finish(data)
"""
_CITY = Path(__file__).parents[2] / "examples" / "baise-2024"
_MAKING_CITY = f"""
import shutil, sys
from pathlib import Path
from kaoping.config.serving import keep_session_secret, load, set_up
data, key = Path(sys.argv[1]), Path(sys.argv[2])
keep_session_secret(data)
load()
set_up()
from kaoping.web.demo import build
build(Path({str(_CITY)!r}), data, "demo/served")
key.parent.mkdir(parents=True)
for name in ("journal.key", "journal.key.signed"):
    shutil.move(data / name, key.with_name(name.replace("journal.key", key.name)))
"""
CITY_PASSWORD = "Yanshi-2024-kaoping"
"""Of everybody in the example city."""
COLLECTING = dt.datetime(2024, 12, 18, 1, tzinfo=UTC)
"""A morning in the collecting weeks of the example city."""


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Real:
    """An installation in a folder; `serve` and `seal` start its processes, each ended by its own id.

    Args:
        place: an empty folder.
        database: address of a PostgreSQL; SQLite without it.
        sealed_apart: with a sealer of its own, else inline.
        start: how its processes are started; `started`: in the ordinary way.
        making: the program that builds it, told the folder and the file of the key.
        more: further variables of the environment.
    """

    def __init__(
        self, place: Path, database: str = "", *, sealed_apart: bool = True, making: str = _MAKING,
        more: dict[str, str] | None = None, start: Callable[..., Running] = Forked,
    ) -> None:  # fmt: skip
        self.data, self.key = place / "data", place / "key" / "log.pem"
        self._start = start
        self.port = free_port()
        self._short = tempfile.TemporaryDirectory(prefix="seal-")  # paths of sockets are short
        self.socket = Path(self._short.name) / "seal.sock"
        own = {
            "KAOPING_DATA": str(self.data),
            "KAOPING_SECOND_FACTOR": "off",
            "KAOPING_JOBS": "worker",
        }
        if database:
            own["KAOPING_DATABASE"] = database
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KAOPING_", "DJANGO_"))
        }
        self.environment = kept | own | {"LANG": "zh_CN.UTF-8"} | (more or {})
        if not sealed_apart:
            self.key = self.data / "journal.key"
        words = ["-c", making, self.data, self.key]
        run(words, self.environment, 2 * PATIENCE).check_returncode()
        if sealed_apart:
            self.environment["KAOPING_SEALER"] = str(self.socket)
        self.server: Running | None = None
        self.sealer: Running | None = None

    def seal(self) -> None:
        """Start the sealer."""
        words = ["seal", "--journal", self.data / "journal", "--signing-key", self.key]
        self.sealer = self._started(*words, "--socket", self.socket)
        assert self.sealer.stdout
        assert "等待" in self.sealer.stdout.readline()

    def serve(self, workers: int = 2, threads: int = 4) -> None:
        """Start the web server, and wait until it answers."""
        numbers = ["--workers", workers, "--threads", threads]
        self.server = self._started("serve", "--bind", f"127.0.0.1:{self.port}", *numbers)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.server.poll() is None:
            with contextlib.closing(Browser(self.port)) as browser, contextlib.suppress(OSError):
                if browser.get("/health")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(self.server.communicate(timeout=5))

    def _started(self, *words: object) -> Running:
        return self._start(words, self.environment)

    def kill(self, process: Running | None) -> None:
        """kill -9, with every process it has started."""
        assert process is not None
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)

    def end(self, process: Running | None, number: int = signal.SIGTERM) -> tuple[int, str, str]:  # fmt: skip
        """Ask a process to end; what it returned and said."""
        assert process is not None
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode or 0, out, err

    def close(self) -> None:
        """End what still runs."""
        for process in (self.server, self.sealer):
            if process is not None and process.poll() is None:
                self.kill(process)
        self._short.cleanup()

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        """A command of ours with this environment, to its end."""
        return run(words, self.environment, PATIENCE)


def example_city(place: Path, database: str = "", more: dict[str, str] | None = None) -> Real:
    """The example city as the demo makes it, its clock in the collecting weeks, with a sealer of its own.

    Args:
        place: an empty folder.
        database: address of a PostgreSQL; SQLite without it.
        more: further variables of the environment.
    """
    real = Real(place, database, making=_MAKING_CITY, more=more)
    offset = int((COLLECTING - dt.datetime.now(UTC)).total_seconds())
    real.environment["KAOPING_CLOCK_OFFSET"] = str(offset)
    return real


class Browser:
    """One connection with its cookies; it keeps no pages."""

    def __init__(self, port: int, seconds: float = PATIENCE) -> None:
        self._wire = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        self._cookies: dict[str, str] = {}

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and content of a page."""
        return self._asked_again("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
        """Send a form; with the token that its page has set."""
        token = {"csrfmiddlewaretoken": self._cookies.get("csrftoken", "")}
        return self._asked_again("POST", path, urllib.parse.urlencode(token | fields))

    def _asked_again(self, method: str, path: str, body: str | None) -> tuple[int, bytes]:
        """As a browser does where the server hung up meanwhile; the same act twice is the same act."""
        try:
            return self._asked(method, path, body)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._wire.close()
            return self._asked(method, path, body)

    def _asked(self, method: str, path: str, body: str | None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._wire.request(method, path, body, headers)
        reply = self._wire.getresponse()
        for name, value in reply.getheaders():
            if name.lower() == "set-cookie":
                found = re.match(r"([^=]+)=([^;]*)", value)
                assert found
                self._cookies[found[1]] = found[2]
        return reply.status, reply.read()

    def sign_in(self, login: str = LOGIN, password: str = PASSWORD) -> int:
        """Through the front door."""
        self.get("/sign-in")
        return self.post("/sign-in", {"login": login, "password": password})[0]

    def register_unit(self, act: str, code: str) -> int:
        """An official act: the status of its answer (303: with its receipt; 202: taken, not sealed)."""
        return self.post("/units/new", {"act": act, "code": code, "name": f"第{code}单位"})[0]


def fresh_act() -> str:
    """An id for an act."""
    return str(uuid4())
