"""Programs of ours as processes of their own, forked from one that has loaded what takes longest.

Starting Python and loading the platform takes a second or two; a test that starts twenty processes is
about something else. What is loaded beforehand reads neither environment nor settings: a process has
those that it is given. Every command of the platform is `started` in the ordinary way by some test.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import pkgutil
import signal
import subprocess
import sys
import threading
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import kaoping.core
import kaoping.files

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Mapping, Sequence
    from multiprocessing.connection import Connection

_LOADED = (
    "tests.forking",
    "kaoping.cli.main",
    "kaoping.config.commands",
    "kaoping.config.serving",
    "kaoping.web.oidc",
    "django.core.management",
    "django.contrib.admin.utils",
    "django.contrib.sessions.serializers",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.template.loader_tags",
    "django.test.client",
    "django.views.generic",
    "django_tasks",
    "fido2.server",
    "gunicorn.app.base",
    "gunicorn.workers.gthread",
    "psycopg",
    "docx",
    "openpyxl",
    "qrcode",
    "xlsxwriter",
    *(
        module.name
        for package in (kaoping.core, kaoping.files)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if module.name != "kaoping.files.blobs_s3"  # boto3 is large, and few programs need it
    ),
)
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(list(_LOADED))


class Forked:
    """A running program; what tests ask of it is called as in `subprocess.Popen`.

    Args:
        words: the words of the `kaoping` command; or `-c`, a program and its words.
        environment: all of its environment.
    """

    def __init__(self, words: Sequence[object], environment: Mapping[str, str]) -> None:
        heard, told = zip(*(_CONTEXT.Pipe(duplex=False) for _ in range(2)), strict=True)
        given = (list(map(str, words)), dict(environment), *told)
        self._process = _CONTEXT.Process(target=_run, args=given, daemon=True)
        self._process.start()
        for one in told:
            one.close()
        self.pid = self._process.pid or 0
        self.stdout, self.stderr = (_readable(one) for one in heard)

    @property
    def returncode(self) -> int | None:
        """What it ended with; below zero the signal; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The same."""
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Wait for its end."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(["kaoping"], timeout)
        return self.returncode

    def communicate(self, timeout: float = 60) -> tuple[str, str]:
        """Wait for its end; what it said and had not been heard."""
        heard = {}

        def hear(name: str, pipe: io.TextIOBase) -> None:
            heard[name] = pipe.read()

        pipes = {"out": self.stdout, "err": self.stderr}
        hearing = [threading.Thread(target=hear, args=one, daemon=True) for one in pipes.items()]
        for one in hearing:
            one.start()
        self.wait(timeout)
        for one in hearing:
            one.join(timeout)
        for pipe in pipes.values():
            pipe.close()
        return heard["out"], heard["err"]

    def send_signal(self, number: int) -> None:
        """Signal it."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def started(words: Sequence[object], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """The `kaoping` command as everybody starts it, with all that is loaded then."""
    return subprocess.Popen(
        [sys.executable, "-m", "kaoping", *map(str, words)],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(
    words: Sequence[object],
    environment: Mapping[str, str],
    timeout: float,
    start: Callable[..., Forked | subprocess.Popen[str]] = Forked,
) -> subprocess.CompletedProcess[str]:
    """A program to its end, as `subprocess.run` tells it."""
    process = start(words, environment)
    try:
        out, err = process.communicate(timeout=timeout)
    finally:
        process.kill()
    return subprocess.CompletedProcess(list(map(str, words)), process.returncode or 0, out, err)


def _readable(one: Connection) -> Any:
    pipe = os.fdopen(os.dup(one.fileno()), encoding="utf-8")
    one.close()
    return pipe


def _writable(number: int) -> Any:
    return os.fdopen(number, "w", encoding="utf-8", closefd=False)


def _run(words: list[str], environment: dict[str, str], *told: Connection) -> None:
    """In the new process: as a fresh Python begins, with the environment given and nothing else."""
    gc.freeze()  # what was loaded beforehand stays: no collection looks through it again
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    for number, one in enumerate(told, start=1):
        os.dup2(one.fileno(), number)
        one.close()
    sys.stdout, sys.stderr = map(_writable, (1, 2))
    try:
        if words[0] == "-c":
            sys.argv = ["-c", *words[2:]]
            exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
        else:
            from kaoping.config.start import start

            sys.argv = ["kaoping", *words]
            sys.exit(start())
    finally:
        atexit._run_exitfuncs()
        with contextlib.suppress(OSError):
            sys.stdout.flush()
