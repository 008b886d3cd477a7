"""Processor time as on the machine where bounds of time were set, whatever else this one does just now.

A bound on a hostile file catches what grows out of hand. Beside busy neighbours the same work takes
three times as long, and that is no fault of the file: a known piece of work, done right before and
right after, tells by how much.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEPS = 100_000
_USUAL = 0.030
"""Seconds that the known work took where the bounds were set: a virtual machine of 2024, in use."""


@dataclass
class Took:
    """Seconds of processor time, as on that machine; zero until the work is done."""

    seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Took]:
    """Time what is done inside; a quicker machine is not held against the work either."""
    took, slow = Took(), _slowness()
    began = time.process_time()
    yield took
    spent = time.process_time() - began
    took.seconds = spent / max(1.0, (slow + _slowness()) / 2)


def _slowness() -> float:
    began = time.process_time()
    kept: dict[int, str] = {}
    for at in range(_STEPS):
        kept[at % 1009] = str(at) + kept.get(at % 1009, "")[:5]
    return (time.process_time() - began) / _USUAL
