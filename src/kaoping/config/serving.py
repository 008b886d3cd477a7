"""Starting the platform: what must stand is set up or looked at, then gunicorn serves."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from kaoping.core.errors import EnvironmentFault, InputError, RefusedError, UsageError
from kaoping.files.atomic import write_whole

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = "kaoping.config.settings"
SECRET_FILE = "session.secret"  # noqa: S105 - the name of a file
DEMO_ORIGIN = "demo/baise-2024"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LAST_PORT = 65535


def serve(bind: str, workers: int, threads: int) -> int:
    """Look at everything that must stand, and become the web server; returns only where that fails.

    Raises:
        InputError, EnvironmentFault, TamperError: the first thing that is wrong, in one sentence.
    """
    require_free(bind)
    load()
    from django.core.management import call_command  # noqa: PLC0415 - Django stands only now

    from kaoping.config.checking import check_start  # noqa: PLC0415 - as above

    check_start()
    call_command("collectstatic", verbosity=0, interactive=False)
    os.environ.setdefault(
        "KAOPING_WELCOME",
        f"平台在 {bind} 上提供服务。 The platform answers at {bind}.",
    )
    _become_server(bind, workers, threads)
    return 0


def demo(folder: Path, data: Path, bind: str) -> int:
    """The example city in an installation of its own; made at the first call.

    Raises:
        InputError: where the folder of the example holds none.
        RefusedError: where others could reach it, or the folder holds something else.
        EnvironmentFault: where the port is taken.
    """
    require_loopback(bind)
    require_free(bind)
    if not (data / "journal").exists():
        _make_demo(folder, data)
    _set_demo(data)
    set_up()
    from kaoping.config import settings  # noqa: PLC0415 - as above
    from kaoping.web.demo import sheet, shown_time  # noqa: PLC0415 - Django stands only now

    offset = shown_time(data) - datetime.now(UTC)  # noqa: TID251 - the example's clock is set here
    settings.CLOCK_OFFSET = offset
    os.environ["KAOPING_WELCOME"] = sheet(f"http://{bind}/")
    _become_server(bind, 1, 4)
    return 0


def _make_demo(folder: Path, data: Path) -> None:
    """Build it beside its place by another process, so that it is whole or not there at all.

    Raises:
        InputError: where the folder holds no example.
        RefusedError: where its place holds something else.
    """
    if not (folder / "scheme.toml").is_file() or not (folder / "accounts.csv").is_file():
        raise InputError(
            f"{folder} 里没有示例城市（应有 scheme.toml 和 accounts.csv）。请核对文件夹，如 examples/baise-2024。",
            f"There is no example city in {folder} (scheme.toml and accounts.csv are due). Check the "
            "folder; examples/baise-2024 is one.",
        )
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise RefusedError(
            f"{data} 里有别的内容，没有改动。请换一个文件夹（--data）。",
            f"{data} holds something else; nothing was changed. Choose another folder (--data).",
        )
    print("正在建立示例城市，约需十几秒… Making the example city…", flush=True)  # noqa: T201
    scratch = data.with_name(f".{data.name}.making")
    if scratch.exists():
        shutil.rmtree(scratch)  # of a first start that was cut short
    words = [sys.executable, "-m", "kaoping", "demo", str(folder), "--making", "--data"]
    made = subprocess.run([*words, str(scratch)], check=False)  # noqa: S603 - our own words
    if made.returncode:
        shutil.rmtree(scratch, ignore_errors=True)
        raise SystemExit(made.returncode)  # it has said why
    if data.exists():
        data.rmdir()
    scratch.rename(data)


def make_demo(folder: Path, data: Path) -> int:
    """Build the example city in a folder of its own, and end."""
    keep_session_secret(data)
    _set_demo(data)
    set_up()
    from kaoping.web.demo import build  # noqa: PLC0415 - Django stands only now

    build(folder, data, DEMO_ORIGIN)
    return 0


def _set_demo(data: Path) -> None:
    """An example listens to nothing but its own folder, whatever the environment says."""
    for name in ("DATABASE", "SEALER", "HTTPS", "SECRET_KEY", "BLOBS", "BLOBS_ENDPOINT"):
        os.environ.pop(f"KAOPING_{name}", None)
    os.environ["KAOPING_DATA"] = str(data)
    os.environ["KAOPING_JOBS"] = "inline"
    os.environ.setdefault("KAOPING_SECOND_FACTOR", "off")


def require_loopback(bind: str) -> None:
    """That nobody else can reach an example, whose passwords are known.

    Raises:
        RefusedError: where the address is not this computer's own.
    """
    host, _ = _address(bind)
    if host not in LOOPBACK:
        raise RefusedError(
            f"演示只能在本机使用（口令是公开的），不能监听 {host}。正式使用请看 kaoping install。",
            f"The example is for this computer only (its passwords are known); it does not listen on "
            f"{host}. For real use see kaoping install.",
        )


def require_free(bind: str) -> None:
    """That the address can be listened on.

    Raises:
        EnvironmentFault: where somebody else does, or it is none of this machine.
    """
    if bind.startswith("unix:"):
        return
    host, port = _address(bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            zh = "已被另一个程序占用" if taken else f"不能使用（{error.strerror}）"
            en = "is taken by another program" if taken else f"cannot be used ({error.strerror})"
            raise EnvironmentFault(
                f"{bind} {zh}，没有启动。请结束那个程序，或用 --bind {LOOPBACK[0]}:8001 换一个端口。",
                f"{bind} {en}; not started. End that program, or choose another port, like "
                f"--bind {LOOPBACK[0]}:8001.",
            ) from None


def _address(bind: str) -> tuple[str, int]:
    """Host and port.

    Raises:
        UsageError: where it is not written so.
    """
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= _LAST_PORT:
        raise UsageError(
            f"监听地址“{bind}”应写成 地址:端口，如 {LOOPBACK[0]}:8000。",
            f"“{bind}” must be HOST:PORT, like {LOOPBACK[0]}:8000.",
        )
    return host.strip("[]"), int(port)


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


def keep_session_secret(data: Path) -> None:
    """Make the secret of sessions and forms, unless it is there."""
    data.mkdir(parents=True, exist_ok=True, mode=0o750)
    if not (data / SECRET_FILE).exists():
        write_whole(data / SECRET_FILE, secrets.token_urlsafe(64).encode(), mode=0o600)


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
    """Serve until told to end; the processes that answer begin with all that was loaded here."""
    from django.db import connections  # noqa: PLC0415 - Django stands only now

    from kaoping.config.gunicorn import Server  # noqa: PLC0415 - as above

    connections.close_all()  # none is shared with the processes to come
    sys.stdout.flush()
    Server({"bind": bind, "workers": workers, "threads": threads}).run()
