"""gunicorn as the platform uses it: the numbers come from the command line, the rest stands here."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker


def _say_ready(_server: Arbiter) -> None:
    """Say where to go, once somebody answers there."""
    print(os.environ.get("KAOPING_WELCOME", "平台已启动。 The platform is ready."), flush=True)  # noqa: T201


def _begin(_worker: Worker) -> None:
    """Follow the entries before the first request comes, and look after what waits for its seal."""
    from kaoping.web.actions.resealing import keep_sealing  # noqa: PLC0415 - Django stands only now
    from kaoping.web.opening import installation  # noqa: PLC0415 - as above

    installation().keeper.state()
    keep_sealing(threading.Event())


def _end(_server: Arbiter, _worker: Worker) -> None:
    """What stands in the security log is sealed before the lights go out; the next start does the rest."""
    from django.db import DatabaseError  # noqa: PLC0415 - only here, and Django stands by now

    from kaoping.core.errors import KaopingError  # noqa: PLC0415 - as above
    from kaoping.web.actions.sealing_security_log import seal_security_log  # noqa: PLC0415 - as above
    from kaoping.web.opening import installation  # noqa: PLC0415 - as above

    with suppress(KaopingError, DatabaseError):
        seal_security_log(installation())


SETTINGS: Mapping[str, Any] = {
    "worker_class": "gthread",
    "timeout": 120,
    "graceful_timeout": 20,
    "keepalive": 5,
    "loglevel": "warning",
    "limit_request_line": 4094,
    "limit_request_fields": 60,
    "forwarded_allow_ips": "127.0.0.1",
    # A process that has served so many requests ends, and another takes its place: its memory is bounded.
    "max_requests": 50_000,
    "max_requests_jitter": 10_000,
    "when_ready": _say_ready,
    "post_worker_init": _begin,
    "worker_exit": _end,
}
"""All that is not as gunicorn has it by itself."""


class Server(BaseApplication):  # type: ignore[misc] # a library without types
    """gunicorn in this process.

    Args:
        numbers: `bind`, `workers` and `threads`.
    """

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        self._settings = {**SETTINGS, **numbers}
        super().__init__()

    def load_config(self) -> None:
        """Take our settings; files and variables of gunicorn's own are not asked."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """What answers: loaded by each process for itself."""
        from kaoping.config.wsgi import application  # noqa: PLC0415 - in the process that answers

        return application
