"""Settings of gunicorn that are the same everywhere; the numbers come from the command line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter

worker_class = "gthread"
timeout = 120
graceful_timeout = 20
loglevel = "warning"
limit_request_line = 4094
forwarded_allow_ips = "127.0.0.1"


def when_ready(_server: Arbiter) -> None:
    """Say where to go, once somebody answers there."""
    print(os.environ.get("KAOPING_WELCOME", "平台已启动。 The platform is ready."), flush=True)  # noqa: T201
