"""A lock ends with the work, even while a process that was forked meanwhile still has its handle."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

import pytest

from kaoping.files.draw_papers import alone_with
from kaoping.files.journal.tiles import alone_writing
from kaoping.files.parts import Parts
from kaoping.web.queue import first_come, one_at_a_time


@contextmanager
def heir():
    """A process that has every handle of this one, and does nothing with them."""
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@contextmanager
def as_first(path):
    with first_come(path) as is_first:
        assert is_first
        yield


def plan_in(place):
    (place / "plan.json").touch()
    return place / "plan.json"


LOCKS = {
    "the file of an upload": lambda place: Parts(place).held("one"),
    "the journal": alone_writing,
    "the draws of a plan": lambda place: alone_with(plan_in(place)),
    "what waits its turn": lambda place: one_at_a_time(place / "lock"),
    "what runs once at a time": lambda place: as_first(place / "lock"),
}


@pytest.mark.parametrize("what", LOCKS)
def test_it_is_free_at_once(tmp_path, what):
    lock = LOCKS[what]
    with lock(tmp_path):
        inherited = heir()
        inherited.__enter__()
    try:
        with lock(tmp_path):
            pass
    finally:
        inherited.__exit__(None, None, None)
