"""The example city served for real: `kaoping demo` in a folder of its own, ended by its own process id."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
START = "from kaoping.config.start import start; raise SystemExit(start())"
PATIENCE = 90
"""Seconds until the server must answer, on a busy machine."""


def words(program: str, data: Path, bind: str) -> list[str]:
    """The command line of a demo."""
    example = str(ROOT / "examples" / "baise-2024")
    return [sys.executable, "-c", program, "demo", example, "--data", str(data), "--bind", bind]


def environment() -> dict[str, str]:
    """Ours without what other tests have set for this process.

    A sign-in stays fresh for the whole run: tests share theirs (`sessions`), and how many minutes
    lie between two of them depends on the machine. That it grows old is tested with a clock of ours.
    """
    left_out = ("KAOPING_", "DJANGO_")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return ours | {"KAOPING_FRESH_MINUTES": "600"}


def built(shared: Path) -> Path:
    """The example, made once for all processes of a run."""
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = shared / "data"
        if not done.exists():
            making = shared / "making"
            subprocess.run(
                [*words(START, making, "127.0.0.1:1"), "--making"],
                check=True,
                env=environment(),
                capture_output=True,
                timeout=PATIENCE,
            )
            making.rename(done)
    return done


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The address of a server on loopback that serves this folder."""
    bind = f"127.0.0.1:{free_port()}"
    told = data.parent / "server.log"
    with told.open("w") as log:
        process = subprocess.Popen(
            words(START, data, bind), env=environment(), stdout=log, stderr=log
        )
    try:
        wait_for(f"http://{bind}", process, told)
        yield f"http://{bind}"
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def wait_for(address: str, process: subprocess.Popen[bytes], told: Path) -> None:
    """Wait until the sign-in page is there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, f"the server has ended: {told.read_text()[-2000:]}"
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(f"{address}/sign-in", timeout=5) as answer,
        ):
            assert answer.status == 200
            return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def copy_of(done: Path, folder: Path) -> Path:
    """The example in a folder of one's own."""
    shutil.copytree(done, folder)
    return folder
