"""Starting the platform: set-up of the database and the pages' files, then gunicorn in our place."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from kaoping.core.errors import InputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SETTINGS = "kaoping.config.settings"
SECRET_FILE = "session.secret"  # noqa: S105 - the name of a file
DEMO_ORIGIN = "demo/baise-2024"


def serve(bind: str, workers: int, threads: int, environment: Mapping[str, str]) -> int:
    """Bring the database up to date and become the web server; returns only where that fails.

    Raises:
        InputError: where the environment says something impossible.
    """
    os.environ.update(environment)
    set_up()
    _become_server(bind, workers, threads)
    return 0


def demo(folder: Path, data: Path, bind: str) -> int:
    """The example city in an installation of its own; made at the first call."""
    os.environ["KAOPING_DATA"] = str(data)
    os.environ["KAOPING_JOBS"] = "inline"
    os.environ.setdefault("KAOPING_SECOND_FACTOR", "off")
    is_new = not (data / "journal").exists()
    if is_new:
        _keep_secret(data)
    set_up()
    from kaoping.web.demo import build, sheet, shown_time  # noqa: PLC0415 - Django stands only now

    if is_new:
        build(folder, data, DEMO_ORIGIN)
    offset = shown_time(data) - datetime.now(UTC)  # noqa: TID251 - the example's clock is set here
    os.environ["KAOPING_CLOCK_OFFSET"] = str(int(offset.total_seconds()))
    os.environ["KAOPING_WELCOME"] = sheet(f"http://{bind}/")
    _become_server(bind, 1, 4)
    return 0


def worker(*, once: bool) -> int:
    """Run jobs until asked to end; the job at work is finished first.

    Raises:
        InputError: where the environment says something impossible.
        RefusedError: where another process runs them already.
    """
    load()
    from django.conf import settings  # noqa: PLC0415 - Django stands only now

    from kaoping.web.jobs import alone, work  # noqa: PLC0415 - as above

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: stop.set())
    with alone() as is_alone:
        if settings.JOBS_INLINE or not is_alone:
            raise RefusedError(
                "定时任务已由另一进程运行，没有再启动。只用 kaoping worker 运行时，请为服务器和它都设置 "
                "KAOPING_JOBS=worker。",
                "Another process runs the jobs already. Set KAOPING_JOBS=worker for the server and for "
                "the worker to run them here only.",
            )
        work(stop, once=once)
    return 0


def _keep_secret(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True, mode=0o750)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(data / SECRET_FILE, flags, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(64))


def set_up() -> None:
    """Load Django with our settings, bring database, pages' files and catalogues up to date.

    Raises:
        InputError: where the environment says something impossible.
    """
    load()
    from django.conf import settings  # noqa: PLC0415 - Django stands only now
    from django.core.management import call_command  # noqa: PLC0415 - as above

    from kaoping.web.catalogue import compile_into  # noqa: PLC0415 - as above

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    compile_into(settings.LOCALE_PATHS[0])


def load() -> None:
    """Load Django with our settings.

    Raises:
        InputError: where the environment says something impossible.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django  # noqa: PLC0415 - only once its settings stand

    try:
        django.setup()
    except ImproperlyConfigured as error:
        zh, _, en = str(error).partition("\n")
        raise InputError(zh, en or zh) from error


def _become_server(bind: str, workers: int, threads: int) -> None:
    sys.stdout.flush()
    words = [
        *(sys.executable, "-m", "gunicorn", "kaoping.config.wsgi:application"),
        *("--config", "python:kaoping.config.gunicorn", "--bind", bind),
        *("--workers", str(workers), "--threads", str(threads)),
    ]
    os.execv(sys.executable, words)  # noqa: S606 - our own interpreter, our own words
