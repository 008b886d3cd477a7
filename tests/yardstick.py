"""How slow this machine is just now: what is bounded in time is measured beside work that is known."""

from __future__ import annotations

import time

QUIET = 0.21
"""Processor seconds of the known work on the quiet machine that the bounds were set on."""


def slowness() -> float:
    """By how much the known work takes longer than on the quiet machine; 1 where it does not.

    Processor time itself stretches where several programs share a core.
    """
    began = time.process_time()
    kept: dict[int, str] = {}
    for number in range(1_000_000):
        kept[number % 1000] = str(number)
    return max(1.0, (time.process_time() - began) / QUIET)
