"""The door of the `kaoping` command: an interruption is understood from the first moment on."""

from __future__ import annotations

import signal


def start() -> int:
    """Run the command line; what ends a process from outside still lets it clear up behind itself."""
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _end)
        # Loading takes long enough to be interrupted.
        from kaoping.cli.main import main  # noqa: PLC0415
        from kaoping.config.commands import add_platform  # noqa: PLC0415

        return main(more=[add_platform])
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _end(number: int, _: object) -> None:
    raise SystemExit(128 + number)
