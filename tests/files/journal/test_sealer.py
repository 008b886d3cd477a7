"""The sealer's process: one checkpoint for all who wait, and nobody who misbehaves disturbs the others."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.errors import EnvironmentFault, InputError, KaopingError, TamperError
from kaoping.core.journal import SignedCheckpoint
from kaoping.files.journal import sealer
from kaoping.files.journal.keys import keep_key
from kaoping.files.journal.sealer import (
    MAX_BUNDLE,
    MAX_CLIENTS,
    answer_text,
    ask,
    listening,
    read_answer,
    request_of,
    taken_request,
)
from kaoping.files.journal.signatory import Handed, Signatory, Wanted
from kaoping.files.journal.tiles import TileReader
from tests.journals import (
    KEY,
    OTHER_KEY,
    VKEY,
    entries_of,
    new_journal,
    note_act,
    note_acts,
    root_over,
    small_journal,
    state_of,
)

ALL = entries_of(note_acts(400))
SECONDS = 10


def handed(first, end):
    return Handed(first, ALL[first:end])


class Running:
    """A sealer in a process of its own."""

    def __init__(self, folder):
        self.journal = new_journal(folder / "journal")
        self.key = folder / "log.pem"
        keep_key(self.key, KEY)
        self._short = tempfile.TemporaryDirectory(prefix="seal-")  # paths of sockets are short
        self.place = Path(self._short.name) / "seal.sock"
        self.start()

    def start(self):
        words = ["seal", "--journal", self.journal.folder, "--socket", self.place]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kaoping", *map(str, words), "--signing-key", str(self.key)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"LANG": "zh_CN.UTF-8"},
            text=True,
        )  # fmt: skip
        assert self.process.stdout
        assert "等待" in self.process.stdout.readline()

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out, err

    def close(self):
        if self.process.poll() is None:
            self.end(signal.SIGKILL)
        self._short.cleanup()

    def ask(self, first, end, seconds=SECONDS):
        return ask(self.place, handed(first, end), VKEY, seconds)

    def connect(self):
        wire = socket.socket(socket.AF_UNIX)
        wire.settimeout(SECONDS)
        wire.connect(str(self.place))
        return wire


@pytest.fixture
def running(tmp_path):
    one = Running(tmp_path)
    yield one
    one.close()


def size_of(answer):
    assert isinstance(answer, SignedCheckpoint), answer
    return answer.checkpoint.size


# --- the words ------------------------------------------------------------------------------------


@given(st.integers(0, 10**12), st.lists(st.binary(min_size=1, max_size=400), max_size=20))
def test_a_request_is_read_as_it_was_written(first, entries):
    received = bytearray(request_of(Handed(first, entries)))
    assert taken_request(received) == Handed(first, entries)
    assert not received


@given(st.data())
def test_a_request_is_read_once_it_is_whole(data):
    whole = request_of(handed(0, 5))
    end = data.draw(st.integers(0, len(whole) - 1))
    part = bytearray(whole[:end])
    assert taken_request(part) is None
    assert bytes(part) == whole[:end]


@pytest.mark.parametrize(
    "text",
    [b"hello\n", b"seal 1\n", b"seal -1 0\n", b"seal x 0\n", b"seal 0 5\nabcde", b"GET / HTTP/1.1\r\n\r\n",
     b"seal 0 9999999999999999\n", f"seal 0 {MAX_BUNDLE + 1}\n".encode(), b"x" * 100, b"seal 0 2\n\0\0",
     "seal ٣ 0\n".encode(), b"seal 0  0\n"],
)  # fmt: skip
def test_what_is_no_request_is_refused(text):
    with pytest.raises(InputError):
        taken_request(bytearray(text))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused_or_not_whole(text):
    with contextlib.suppress(InputError):
        taken_request(bytearray(text))


@pytest.mark.parametrize("error", [TamperError("改动", "changed"), InputError("不对", "wrong")])
def test_a_refusal_keeps_its_family_and_its_words(error):
    with pytest.raises(type(error)) as found:
        read_answer(answer_text(error), VKEY)
    assert (found.value.zh, found.value.en) == (error.zh, error.en)


def test_an_answer_is_read_once_it_is_whole(tmp_path):
    signed = small_journal(tmp_path / "journal").checkpoint()
    whole = answer_text(signed)
    assert all(read_answer(whole[:end], VKEY) is None for end in range(len(whole)))
    found = read_answer(whole, VKEY)
    assert isinstance(found, SignedCheckpoint)
    assert found.content == signed.content
    assert read_answer(answer_text(Wanted(3, 9)), VKEY) == Wanted(3, 9)


def test_a_checkpoint_that_the_journal_did_not_sign_is_not_believed(tmp_path):
    signed = small_journal(tmp_path / "journal").checkpoint()
    with pytest.raises(TamperError):
        read_answer(answer_text(signed), OTHER_KEY.verifier(VKEY.name))


@given(st.binary(max_size=300))
def test_any_bytes_as_an_answer_are_no_seal(text):
    try:
        found = read_answer(text, VKEY)
    except KaopingError:
        return
    assert not isinstance(found, SignedCheckpoint)


# --- the process ----------------------------------------------------------------------------------


def test_it_signs_what_it_is_handed_and_ends_when_asked(running):
    assert size_of(running.ask(0, 5)) == 5
    assert size_of(running.ask(4, 300)) == 300
    assert running.ask(320, 330) == Wanted(300, 300)
    assert stat.S_IMODE(running.place.stat().st_mode) == 0o660
    code, out, err = running.end()
    assert (code, err) == (0, "")
    assert "已结束" in out
    assert not running.place.exists()
    reader = TileReader(running.journal.folder, 300)
    assert reader.root() == running.journal.checkpoint().checkpoint.root == root_over(ALL[:300])


def test_what_differs_is_refused_and_said_in_its_log(running):
    running.ask(0, 5)
    other = entries_of([note_act(3, "改过的")])
    with pytest.raises(TamperError, match="第 3 条"):
        ask(running.place, Handed(3, other), VKEY, SECONDS)
    assert size_of(running.ask(3, 6)) == 6
    assert "第 3 条" in running.end()[2]


def test_twenty_at_once_get_few_checkpoints(running):
    barrier = threading.Barrier(20)

    def one(number):
        barrier.wait()
        return size_of(running.ask(0, number + 1))

    with ThreadPoolExecutor(20) as pool:
        sizes = list(pool.map(one, range(20)))
    assert all(size > number for number, size in enumerate(sizes))
    assert running.journal.checkpoint().checkpoint.size == 20


def test_garbage_half_messages_and_who_hangs_up_do_not_disturb(running):
    dice, wires = random.Random(3), []
    for number in range(30):
        wire = running.connect()
        text = (dice.randbytes(50), request_of(handed(0, 3))[:20], request_of(handed(0, 5)))[
            number % 3
        ]
        with contextlib.suppress(BrokenPipeError):
            wire.sendall(text)
        if number % 2:
            wire.close()
        else:
            wires.append(wire)
    assert size_of(running.ask(0, 9)) == 9
    for wire in wires:
        wire.close()
    assert running.process.poll() is None


def test_who_sends_nothing_does_not_keep_others_out(running, monkeypatch):
    silent = [running.connect() for _ in range(MAX_CLIENTS - 1)]
    assert size_of(running.ask(0, 4)) == 4
    for wire in silent:
        wire.close()
    assert size_of(running.ask(3, 8)) == 8


def test_more_than_may_be_sent_is_cut_off(running):
    wire = running.connect()
    with contextlib.suppress(ConnectionError):
        for _ in range(40):
            wire.sendall(b"x" * 100_000)
    with contextlib.suppress(ConnectionError):
        assert b"refused input" in wire.recv(1000)
    wire.close()
    assert size_of(running.ask(0, 2)) == 2


def test_a_second_one_at_the_same_socket_does_not_start(running):
    with pytest.raises(EnvironmentFault, match="另一个存证服务"), listening(running.place):
        pass
    assert size_of(running.ask(0, 2)) == 2


def test_another_file_in_the_socket_s_place_stays(tmp_path):
    place = tmp_path / "file"
    place.write_text("not a socket")
    with pytest.raises(EnvironmentFault), listening(place):
        pass
    assert place.read_text() == "not a socket"


def test_nobody_there_is_a_fault_of_the_machine(tmp_path):
    with pytest.raises(EnvironmentFault, match="没有应答"):
        ask(tmp_path / "nobody", handed(0, 1), VKEY, 0.2)


def test_who_does_not_answer_is_waited_for_only_so_long():
    with tempfile.TemporaryDirectory(prefix="seal-") as short, listening(Path(short) / "s") as wire:
        start = time.monotonic()
        with pytest.raises(EnvironmentFault):
            ask(Path(wire.getsockname()), handed(0, 1), VKEY, 0.3)
        assert time.monotonic() - start < 2


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_from_where_it_was(running):
    dice, size = random.Random(5), 0
    for _ in range(10):
        stop = threading.Event()

        def asking(start=size, stop=stop):
            reached = start
            with contextlib.suppress(KaopingError):
                while not stop.is_set() and reached < len(ALL):
                    first = max(reached - 1, 0)
                    reached = size_of(running.ask(first, min(reached + 1 + reached % 3, len(ALL))))
            return reached

        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(asking)
            time.sleep(0.05 + dice.random() * 0.1)
            running.end(signal.SIGKILL)
            stop.set()
            size = asked.result()
        running.start()
        signed = running.journal.checkpoint().checkpoint
        assert signed.size >= size
        assert signed.root == root_over(ALL[: signed.size])
        answer = running.ask(max(signed.size - 1, 0), min(signed.size + 5, len(ALL)))
        size = size_of(answer)
    assert size > 10
    found = TileReader(running.journal.folder, size)
    assert [one for _, bundle in found.bundles() for one in bundle] == ALL[:size]


def test_who_is_late_is_let_go(tmp_path, monkeypatch):
    monkeypatch.setattr(sealer, "PATIENCE", 0.2)
    monkeypatch.setattr(sealer, "IDLE", 0.05)
    journal = new_journal(tmp_path / "journal")
    woken, waking = os.pipe()
    with tempfile.TemporaryDirectory(prefix="seal-") as short, listening(Path(short) / "s") as wire:
        loop = sealer.Sealer(
            Signatory(journal, KEY, state_of(journal)), wire, woken, lambda _: None
        )
        thread = threading.Thread(target=loop.serve)
        thread.start()
        with socket.socket(socket.AF_UNIX) as late:
            late.settimeout(SECONDS)
            late.connect(wire.getsockname())
            late.sendall(b"seal 0 ")
            assert late.recv(100) == b""
        assert size_of(ask(Path(wire.getsockname()), handed(0, 3), VKEY, SECONDS)) == 3
        os.write(waking, b".")
        thread.join(SECONDS)
        assert not thread.is_alive()
    os.close(woken)
    os.close(waking)
