"""kill -9 of the web server, of the sealer and of both, in the middle of acts over HTTP: nothing is lost."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import threading
import time

import pytest

from kaoping.files.journal.database import database
from kaoping.files.journal.folder import Journal
from tests.web.postgresql import postgresql
from tests.web.real_server import Browser, Real, fresh_act

URL = "KAOPING_DATABASE"
KILLS, HANDS = 10, 4
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(URL in os.environ, reason="these tests bring their own databases"),
]


@pytest.fixture(scope="module")
def server():
    with postgresql() as one:
        yield one


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request):
    """A database of the test's own; empty for SQLite."""
    if request.param == "sqlite":
        return ""
    server = request.getfixturevalue("server")
    name = f"killed_{request.node.callspec.id.split('-')[-1]}"
    server.psql(f"CREATE DATABASE {name};")
    return server.get_uri(database=name)


class Hands:
    """Several people registering units as fast as they can, until they are told to stop."""

    def __init__(self, real):
        self.real, self.shown, self.waiting, self.refused = real, [], [], []
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self):
        self._stop.clear()
        self._threads = [threading.Thread(target=self._work) for _ in range(HANDS)]
        for thread in self._threads:
            thread.start()

    def end(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _work(self):
        is_dead = contextlib.suppress(OSError, http.client.HTTPException)
        with is_dead, contextlib.closing(Browser(self.real.port)) as browser:
            self._register(browser)

    def _register(self, browser):
        assert browser.sign_in() == 303
        while not self._stop.is_set():
            act = fresh_act()
            status = browser.register_unit(act, act)
            if status == 303:
                self.shown.append(act)
            elif status == 202:
                self.waiting.append(act)
            else:
                self.refused.append(status)


def entries_of(real):
    """What the database has: the index of each act."""
    with database(real.environment.get(URL) or str(real.data / "kaoping.sqlite3")) as kept:
        entries = list(kept.entries())
    assert [entry.index for entry in entries] == list(range(len(entries))), "a gap"
    return {entry.act: entry.index for entry in entries}


def require_nothing_lost(real, hands):
    """Everything that showed a receipt is there, under the checkpoint."""
    size = Journal.open(real.data / "journal").checkpoint().checkpoint.size
    entries = entries_of(real)
    assert all(entries[act] < size for act in hands.shown)
    assert all(act in entries for act in hands.waiting)
    assert not hands.refused, hands.refused


def require_all_sound(real, hands):
    """At the end everything is sealed, and a stranger finds it whole."""
    until = time.monotonic() + 30
    journal = Journal.open(real.data / "journal")
    while journal.checkpoint().checkpoint.size < len(entries_of(real)) and time.monotonic() < until:
        time.sleep(0.1)
    require_nothing_lost(real, hands)
    assert journal.checkpoint().checkpoint.size == len(entries_of(real))
    url = real.environment.get(URL) or real.data / "kaoping.sqlite3"
    words = ["journal", "verify", real.data / "journal", "--key", real.data / "journal" / "vkey"]
    done = real.run(*words, "--database", url)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("who", ["server", "sealer", "both"])
def test_nothing_that_showed_a_receipt_is_lost_and_no_restart_needs_a_hand(tmp_path, address, who):
    dice = random.Random(who)
    real = Real(tmp_path, address)
    hands = Hands(real)
    kills = KILLS if who == "server" else KILLS // 3
    try:
        real.seal()
        real.serve()
        for _ in range(kills):
            hands.begin()
            before = len(hands.shown)
            until = time.monotonic() + 20
            while len(hands.shown) < before + 3 and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(dice.random() * 0.3)
            if who != "server":
                real.kill(real.sealer)
            if who != "sealer":
                real.kill(real.server)
            else:
                time.sleep(dice.random() * 0.3)
            hands.end()
            if who != "server":
                real.seal()
            if who != "sealer":
                real.serve()
            require_nothing_lost(real, hands)
        assert len(hands.shown) >= kills * 3
        require_all_sound(real, hands)
    finally:
        real.close()


def test_what_a_killed_trial_left_unsealed_is_sealed_at_its_next_start(tmp_path):
    real = Real(tmp_path, sealed_apart=False)
    hands = Hands(real)
    try:
        real.serve(workers=1)
        for _ in range(3):
            hands.begin()
            time.sleep(1)
            real.kill(real.server)
            hands.end()
            real.serve(workers=1)
            size = Journal.open(real.data / "journal").checkpoint().checkpoint.size
            assert size == len(entries_of(real))
        require_all_sound(real, hands)
    finally:
        real.close()
