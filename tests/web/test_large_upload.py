"""A file of just under the limit, over a server that is killed in its middle: it goes on, and memory stays small."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import random
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from kaoping.files.journal.database import database
from tests.web.real_server import example_city
from tests.web.test_killed_uploads import TASK, URL, Hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.real_server import Real

SIZE, PIECE, BLOCK = 1_999_999_999, 50_000_000, 1_000_000
"""Bytes of the film, of a piece of it, and of what is sent at once."""
ROOM = 3 * SIZE
"""Bytes on the disk: on its way, in the store, and something to spare."""
MOST_MEMORY = 200_000_000
HEAD = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\0mdat"
NOISE = random.Random(2).randbytes(BLOCK)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(URL in os.environ, reason="this test brings its own database"),
]


def film(first: int, last: int) -> Iterator[bytes]:
    """Some bytes of the film, a block at a time: its head, then the same noise over and over."""
    if first == 0:
        yield HEAD
        first = len(HEAD)
    while first < last:
        within = (first - len(HEAD)) % BLOCK
        part = NOISE[within : within + last - first]
        yield part
        first += len(part)


def memory(real: Real) -> dict[int, int]:
    """The most memory that each process of the web server has had, in bytes, by its id."""
    assert real.server is not None
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(folder.name)) == real.server.pid:
                peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text())
                found[int(folder.name)] = 1024 * int(peak[1]) if peak else 0
    return found


def next_piece(hand: Hand, where: str, offset: int) -> int:
    """Send one piece; how much the server has then."""
    last = min(offset + PIECE, SIZE)
    return hand.send(where, offset, film(offset, last), last - offset)


def killed_meanwhile(real: Real, hand: Hand, where: str, offset: int) -> None:
    """A piece in whose middle the server is killed, with every process it has started."""

    def broken() -> Iterator[bytes]:
        for number, block in enumerate(film(offset, offset + PIECE)):
            if number == PIECE // BLOCK // 2:
                real.kill(real.server)
            yield block

    with pytest.raises((OSError, http.client.HTTPException)):
        hand.send(where, offset, broken(), PIECE)


def test_two_gigabytes_go_on_after_a_kill_and_are_filed(tmp_path):
    if shutil.disk_usage(tmp_path).free < ROOM:
        pytest.skip(f"磁盘剩余不足 {ROOM // 10**9} GB，不试 2 GB 的上传")
    real = example_city(tmp_path)
    hand = Hand(real, "jiaotong1")
    try:
        real.seal()
        real.serve()
        hand.sign_in()
        where = hand.announce("现场录像.mp4", SIZE)
        offset = 0
        while offset < SIZE // 2:
            offset = next_piece(hand, where, offset)
        before = memory(real)
        killed_meanwhile(real, hand, where, offset)
        real.serve()
        assert hand.offset(where) == offset, "what counts is what was answered"
        while offset < SIZE:
            offset = next_piece(hand, where, offset)
        after = memory(real)
        assert len(before) == len(after) == 3, "the first process and two workers"
        assert max(*before.values(), *after.values()) < MOST_MEMORY
        _require_filed(real, hand, where)
    finally:
        real.close()
        shutil.rmtree(real.data)


def _require_filed(real: Real, hand: Hand, where: str) -> None:
    """It is filed and sealed under the digest of the film, and its bytes lie in the store."""
    found = re.search(rb'name="item" value="([^"]+)"', hand.ask("GET", TASK)[2])
    assert found
    upload, item = where.rpartition("/")[2], found[1].decode()
    assert hand.post(f"{TASK}/file", act=str(uuid4()), upload=upload, item=item) == 303
    digest = hashlib.sha256()
    for block in film(0, SIZE):
        digest.update(block)
    with database(str(real.data / "kaoping.sqlite3")) as kept:
        *_, last = kept.entries()
        *_, (_, body) = kept.bodies(last.index + 1)
    (filed,) = body["act"]["content"]["files"]
    assert (filed["sha256"], filed["size"]) == (digest.hexdigest(), SIZE)
    name = filed["sha256"]
    with (real.data / "blobs" / name[:2] / name[2:4] / name).open("rb") as stream:
        assert hashlib.file_digest(stream, "sha256").hexdigest() == name
    assert list((real.data / "uploads").iterdir()) == []
