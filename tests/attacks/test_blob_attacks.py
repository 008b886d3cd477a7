"""Evidence that somebody touched behind the store's back is never given out as sound.

Each attack starts from evidence that verifies, so that a judge who always says no is found out. The
numbers are those of the list of attacks: I04 other bytes of the same length, I05 a file removed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
from dataclasses import replace

import pytest

from kaoping.core.errors import InputError, TamperError
from kaoping.files.blobs import PIECE, FolderBlobs
from tests import forking
from tests.cli.folders import snapshot, unchanged
from tests.files.blob_stores import (
    KINDS,
    blob_of,
    caught,
    object_store,
    opened,
    place_of,
    sound,
    stored,
)
from tests.files.drip import Drip

SHORT = "会议纪要（签字页）".encode() * 40
LONG = random.Random(4).randbytes(2 * PIECE + 333)
CONTENTS = {"short": SHORT, "long": LONG}


@pytest.fixture(scope="module")
def endpoint():
    with object_store() as address:
        yield address


@pytest.fixture(params=KINDS)
def behind(request, tmp_path, endpoint):
    with opened(request.param, tmp_path, endpoint) as made:
        yield made


@pytest.fixture(params=CONTENTS)
def content(request):
    return CONTENTS[request.param]


@pytest.fixture
def filed(behind, content):
    """A filed blob that verifies; a second one must do so after every attack on the first."""
    other = stored(behind.store, b"another document")
    blob = stored(behind.store, content)
    assert sound(behind.store, blob)
    yield blob
    assert sound(behind.store, other)


def flipped(content: bytes, at: int, pattern: int = 1) -> bytes:
    changed = bytearray(content)
    changed[at] ^= pattern
    return bytes(changed)


# --- both kinds of stores -----------------------------------------------------------------------------


def test_i04_other_bytes_of_the_same_length(behind, filed, content):
    behind.overwrite(filed, random.Random(1).randbytes(len(content)))
    assert "被改动" in caught(behind.store, filed).zh
    behind.overwrite(filed, content)
    assert sound(behind.store, filed)


def test_i05_a_file_that_was_removed_is_told_as_missing(behind, filed):
    behind.remove(filed)
    assert not behind.store.contains(filed)
    assert "缺失" in caught(behind.store, filed).zh


@pytest.mark.parametrize("seed", range(5))
def test_a_single_flipped_bit(behind, filed, content, seed):
    dice = random.Random(seed)
    changed = flipped(content, dice.randrange(len(content)), 1 << dice.randrange(8))
    behind.overwrite(filed, changed)
    assert "被改动" in caught(behind.store, filed).zh


@pytest.mark.parametrize("at", [0, -1])
def test_a_flipped_bit_at_either_end(behind, filed, content, at):
    behind.overwrite(filed, flipped(content, at))
    caught(behind.store, filed)


@pytest.mark.parametrize("left", [0, 1, -1, PIECE])
def test_a_truncated_file_is_told_with_both_lengths(behind, filed, content, left):
    kept = content[:left] if left < len(content) else content[:-2]
    behind.overwrite(filed, kept)
    alarm = caught(behind.store, filed)
    for said in (alarm.zh, alarm.en):
        assert str(len(content)) in said
        assert str(len(kept)) in said


@pytest.mark.parametrize("more", [b"\0", b"\n", bytes(2 * PIECE)])
def test_an_appended_file(behind, filed, content, more):
    behind.overwrite(filed, content + more)
    assert str(len(content)) in caught(behind.store, filed).zh


def test_two_files_that_changed_places(behind, filed, content):
    twin = content[::-1]
    other = stored(behind.store, twin)
    behind.overwrite(filed, twin)
    behind.overwrite(other, content)
    caught(behind.store, filed)
    caught(behind.store, other)


def test_a_reference_whose_sm3_is_another(behind, filed):
    """Whoever could make SHA-256 agree would still have to make SM3 agree."""
    forged = replace(filed, sm3=blob_of(b"another").sm3)
    alarm = caught(behind.store, forged)
    for said in (alarm.zh, alarm.en):
        assert "SM3" in said
        assert filed.sm3 in said
        assert forged.sm3 in said
    assert sound(behind.store, filed)


@pytest.mark.parametrize("by", [-1, 1])
def test_a_reference_whose_length_is_another(behind, filed, by):
    caught(behind.store, replace(filed, size=filed.size + by))
    assert sound(behind.store, filed)


def test_a_reference_whose_sha256_is_another(behind, filed):
    forged = replace(filed, sha256=blob_of(b"another document").sha256)
    caught(behind.store, forged)


@pytest.mark.parametrize("sha256", ["../../outside", "..", "", "a" * 63, "/etc/passwd", "A" * 64])
def test_a_reference_that_is_a_path_leads_nowhere(behind, filed, sha256):
    forged = replace(filed, sha256=sha256)
    for look in (behind.store.check, behind.store.read, behind.store.contains):
        with pytest.raises(InputError):
            look(forged)


def test_filing_again_does_not_hide_what_was_altered(behind, filed, content):
    """The damaged bytes are what an inquiry needs; only a person replaces them."""
    changed = flipped(content, 7)
    behind.overwrite(filed, changed)
    before = behind.everything()
    with pytest.raises(TamperError) as error:
        stored(behind.store, content)
    assert filed.sha256 in error.value.zh
    assert behind.content(filed) == changed
    assert behind.everything() == before


def test_filing_again_restores_what_is_missing(behind, filed, content):
    behind.remove(filed)
    assert stored(behind.store, content) == filed
    assert sound(behind.store, filed)


# --- a folder ---------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "blobs"


@pytest.fixture
def store(folder):
    return FolderBlobs.made_in(folder)


@pytest.fixture
def path(store, folder):
    """The file of a blob that verifies."""
    assert sound(store, stored(store, SHORT))
    return folder / place_of(blob_of(SHORT))


@pytest.mark.parametrize("aim", ["the same bytes", "other bytes", "nowhere", "itself"])
def test_a_link_in_place_of_a_file_is_not_followed(store, path, tmp_path, aim):
    """Even to the same bytes: what it leads to may be another tomorrow, and is not in the store."""
    goal = tmp_path / "elsewhere"
    if aim != "nowhere":
        goal.write_bytes(SHORT if aim == "the same bytes" else b"other")
    path.unlink()
    path.symlink_to(path.name if aim == "itself" else goal)
    assert "链接" in caught(store, blob_of(SHORT)).zh
    assert not store.contains(blob_of(SHORT))
    with unchanged(tmp_path), pytest.raises(TamperError):
        stored(store, SHORT)


@pytest.mark.parametrize("depth", [0, 1])
def test_a_link_in_place_of_a_folder_on_the_way_is_not_followed(store, path, tmp_path, depth):
    on_the_way = path.parents[depth]
    on_the_way.rename(tmp_path / "elsewhere")
    on_the_way.symlink_to(tmp_path / "elsewhere")
    caught(store, blob_of(SHORT))
    with unchanged(tmp_path):
        with pytest.raises(TamperError):
            stored(store, SHORT)
        with pytest.raises(TamperError):
            store.contains(blob_of(SHORT))


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_plain_file_is_not_waited_for(store, path, tmp_path, kind):
    path.unlink()
    if kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    caught(store, blob_of(SHORT))
    with unchanged(tmp_path), pytest.raises(TamperError):
        stored(store, SHORT)


def test_a_file_that_is_altered_while_it_is_read(store, folder):
    blob = stored(store, LONG)
    with store.open(blob) as stream:
        got = stream.read(PIECE)
        with (folder / place_of(blob)).open("r+b") as file:
            file.seek(len(LONG) - 1)
            file.write(bytes([LONG[-1] ^ 1]))
        with pytest.raises(TamperError):
            stream.read()
    assert got == LONG[:PIECE]


# --- killed in the middle ---------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from kaoping.files.blobs import FolderBlobs
from tests.files.drip import Drip

root, step, turn, when, size = Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])
turns = []

def killed_at(real):
    def call(*given, **more):
        turns.append(step)
        if len(turns) == turn and not when:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*given, **more)
        if len(turns) == turn:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return call

store = FolderBlobs(root)
setattr(os, step, killed_at(getattr(os, step)))
store.put(Drip(size))
"""
SIZE = 5 * PIECE + 17
STEPS = {"write": 6, "fchmod": 1, "fsync": 4, "mkdir": 3, "rename": 1}
"""Every call by which storing that much changes the disk, with how often it is made."""
POINTS = [
    (step, turn, when) for step, turns in STEPS.items() for turn in range(1, turns + 1)
    for when in (0, 1)
]  # fmt: skip


def killed(folder, step, turn, when) -> None:
    words = ["-c", KILLED, folder, step, turn, when, SIZE]
    ended = forking.run(words, os.environ, timeout=60)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "turn", "when"), [*random.Random(9).sample(POINTS, 12), ("rename", 1, 1)]
)
def test_killed_anywhere_nothing_half_written_is_seen(store, folder, step, turn, when):
    """The points are drawn with a fixed seed; what is there afterwards is whole and durable."""
    blob = blob_of(_drip())
    killed(folder, step, turn, when)
    seen = {
        name: thing
        for name, thing in snapshot(folder).items()
        if isinstance(thing, bytes) and not name.startswith("incoming/")
    }
    finished = (step, when) == ("rename", 1) or (step, turn) == ("fsync", 4)
    assert seen == ({place_of(blob): _drip()} if finished else {})
    assert store.contains(blob) is finished
    again = FolderBlobs(folder)
    assert [*(folder / "incoming").glob("*")] == []
    assert again.put(Drip(SIZE)) == blob
    assert sound(again, blob)


def _drip() -> bytes:
    source, parts = Drip(SIZE), []
    while part := source.read(PIECE):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.slow
def test_killed_at_any_moment_nothing_half_written_is_seen(store, folder):
    """The same without looking for a step: a run that stores without pause is killed by the clock."""
    busy = (
        "import sys, os; from io import BytesIO; from pathlib import Path\n"
        "from kaoping.files.blobs import FolderBlobs\n"
        "store = FolderBlobs(Path(sys.argv[1]))\n"
        "while True:\n"
        "    store.put(BytesIO(os.urandom(2_500_000)))\n"
        "    print('.', flush=True)\n"
    )
    dice = random.Random(2)
    for _ in range(6):
        child = forking.Forked(["-c", busy, folder], os.environ)
        child.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(dice.uniform(0.0, 0.08))
        child.kill()
        child.communicate()
    found = [path for path in folder.rglob("*") if path.is_file() and "incoming" not in path.parts]
    assert len(found) >= 6
    for file in found:
        blob = blob_of(file.read_bytes())
        assert file.name == blob.sha256
        assert blob.size == 2_500_000
        assert sound(store, blob)
    FolderBlobs(folder)
    assert [*(folder / "incoming").glob("*")] == []
