"""What every store of blobs promises, asked of each; and what a folder promises besides."""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kaoping.core.blob import MAX_SIZE, Blob, read_reference, refuse_unlike, valid_blob
from kaoping.core.errors import (
    EnvironmentFault,
    InputError,
    KaopingError,
    RefusedError,
    TamperError,
)
from kaoping.files.blobs import PIECE, Digests, FolderBlobs, Verified
from tests import forking
from tests.cli.folders import snapshot, unchanged
from tests.files.blob_stores import (
    KINDS,
    blob_of,
    object_store,
    opened,
    place_of,
    sound,
    stored,
)
from tests.files.drip import Drip

EVIDENCE = "佐证材料：会议纪要".encode() * 50
EVIDENCE_AT = Path(place_of(blob_of(EVIDENCE)))
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7]
LARGE = 20_000_000


@pytest.fixture(scope="module")
def endpoint():
    with object_store() as address:
        yield address


@pytest.fixture(params=KINDS)
def behind(request, tmp_path, endpoint):
    with opened(request.param, tmp_path, endpoint) as made:
        yield made


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "blobs"


@pytest.fixture
def store(folder):
    return FolderBlobs.made_in(folder)


# --- the reference ----------------------------------------------------------------------------------


def test_digests_are_those_of_the_standards():
    """`abc`: FIPS 180-4 and GB/T 32905-2016, appendix A.1."""
    digests = Digests()
    for letter in (b"a", b"b", b"c"):
        digests.take(letter)
    assert digests.blob == Blob(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        3,
    )


def test_a_reference_is_read_as_it_was_written():
    blob = blob_of(EVIDENCE)
    assert read_reference(blob.as_json) == blob
    assert valid_blob(blob.sha256, blob.sm3, MAX_SIZE).size == MAX_SIZE


DIGEST = "a" * 64


@pytest.mark.parametrize(
    ("sha256", "sm3", "size", "named"),
    [
        ("A" * 64, DIGEST, 1, "sha256"),
        ("a" * 63, DIGEST, 1, "sha256"),
        (DIGEST + "\n", DIGEST, 1, "sha256"),
        ("../" + "a" * 61, DIGEST, 1, "sha256"),
        ("\uff41" * 64, DIGEST, 1, "sha256"),
        (None, DIGEST, 1, "sha256"),
        (DIGEST, "g" * 64, 1, "sm3"),
        (DIGEST, b"a" * 64, 1, "sm3"),
        (DIGEST, DIGEST, -1, "size"),
        (DIGEST, DIGEST, True, "size"),
        (DIGEST, DIGEST, "1", "size"),
        (DIGEST, DIGEST, 1.0, "size"),
        (DIGEST, DIGEST, MAX_SIZE + 1, "size"),
    ],
)
def test_a_malformed_reference_is_refused_by_name(sha256, sm3, size, named):
    with pytest.raises(InputError) as error:
        read_reference({"sha256": sha256, "sm3": sm3, "size": size})
    assert named in error.value.zh
    assert named in error.value.en


@pytest.mark.parametrize(
    "content",
    [None, [], "x", {}, {"sha256": DIGEST, "sm3": DIGEST},
     {"sha256": DIGEST, "sm3": DIGEST, "size": 1, "name": "纪要.pdf"}],
)  # fmt: skip
def test_a_reference_of_other_parts_is_refused(content):
    with pytest.raises(InputError):
        read_reference(content)


@pytest.mark.parametrize(
    ("part", "told"), [("sha256", "内容与摘要不符"), ("sm3", "SM3 应为"), ("size", "字节")]
)
def test_each_part_of_a_reference_alone_raises_the_alarm(part, told):
    due = blob_of(EVIDENCE)
    other = getattr(blob_of(b"another"), part)
    refuse_unlike(due, replace(due))
    with pytest.raises(TamperError) as error:
        refuse_unlike(due, replace(due, **{part: other}))
    assert told in error.value.zh
    assert due.sha256 in error.value.zh


# --- every store ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_what_is_stored_comes_back(behind, size):
    content = os.urandom(size)
    blob = stored(behind.store, content)
    target = io.BytesIO()
    behind.store.copy_to(blob, target)
    assert blob == blob_of(content)
    assert behind.store.read(blob) == target.getvalue() == behind.content(blob) == content
    assert behind.store.contains(blob)
    assert sound(behind.store, blob)
    with behind.store.open(blob) as stream:
        assert b"".join(stream.pieces()) == content


def test_the_same_bytes_twice_are_stored_once(behind):
    blob = stored(behind.store, EVIDENCE)
    with_one = behind.everything()
    assert stored(behind.store, EVIDENCE) == blob
    assert behind.everything() == with_one
    assert list(with_one) == [place_of(blob)]


def test_what_was_never_stored_is_not_there(behind):
    assert not behind.store.contains(blob_of(EVIDENCE))
    with pytest.raises(TamperError):
        behind.store.check(blob_of(EVIDENCE))


@pytest.mark.parametrize("over", [1, PIECE, 20 * PIECE])
def test_what_is_too_long_is_refused_and_leaves_nothing(tmp_path, endpoint, over):
    for kind in KINDS:
        with opened(kind, tmp_path, endpoint, limit=PIECE) as behind:
            source = Drip(PIECE + over)
            with pytest.raises(InputError) as error:
                behind.store.put(source)
            assert str(PIECE) in error.value.zh
            assert behind.everything() == {}
            assert len(source.asked) == 2, "it is not read to its end"
            assert behind.store.put(Drip(PIECE)).size == PIECE


def test_a_source_that_breaks_leaves_nothing(behind):
    class Broken(Drip):
        def read(self, size: int, /) -> bytes:
            if len(self.asked) == 3:
                raise ConnectionError("the browser went away")
            return super().read(size)

    with pytest.raises(ConnectionError):
        behind.store.put(Broken(10 * PIECE))
    assert behind.everything() == {}


def test_one_store_is_copied_into_another(tmp_path, endpoint):
    with opened("folder", tmp_path, endpoint) as one, opened("s3", tmp_path, endpoint) as other:
        for size in SIZES:
            blob = one.store.put(Drip(size))
            with one.store.open(blob) as stream:
                assert other.store.put(stream) == blob
        assert other.everything().keys() == one.everything().keys()


def test_a_large_one_goes_in_and_out_by_the_piece(behind):
    source = Drip(LARGE)
    blob = behind.store.put(source)
    assert max(source.asked) <= PIECE
    assert blob.size == LARGE
    with behind.store.open(blob) as stream:
        assert {len(piece) for piece in stream.pieces()} == {PIECE, LARGE % PIECE}


def test_of_a_large_one_no_more_than_a_few_pieces_are_in_memory(folder):
    """In a process of its own: the object store of other tests keeps its content in this one."""
    program = f"""
import os, sys, tracemalloc
from pathlib import Path
from kaoping.files.blobs import FolderBlobs
from tests.files.drip import Drip
store = FolderBlobs.made_in(Path(sys.argv[1]))
tracemalloc.start()
blob = store.put(Drip({LARGE}))
store.check(blob)
with Path(os.devnull).open("wb") as target:
    store.copy_to(blob, target)
print(tracemalloc.get_traced_memory()[1])
"""
    ended = forking.run(["-c", program, folder], os.environ, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) < 8 * PIECE


@pytest.mark.parametrize("kind", KINDS)
def test_any_small_content_comes_back(kind, tmp_path_factory, endpoint):
    with opened(kind, tmp_path_factory.mktemp("any"), endpoint) as behind:

        @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.binary(max_size=3000), st.lists(st.integers(0, 700), max_size=20))
        @example(b"", [0, 5])
        def round_trip(content, portions):
            blob = stored(behind.store, content)
            assert blob == blob_of(content)
            with behind.store.open(blob) as stream:
                parts = [stream.read(size) for size in portions]
                got = b"".join(parts) + stream.read()
                assert stream.read(1) == stream.read() == b""
            assert got == content
            full = [len(part) for part in parts]
            assert all(have == want for have, want in zip(full, portions, strict=True)) or (
                sum(portions) > len(content)
            )

        round_trip()


# --- the contract of reading --------------------------------------------------------------------------


def reading(blob, content):
    return Verified(blob, io.BytesIO(content).read)


@pytest.mark.parametrize("size", SIZES)
def test_the_last_piece_is_withheld_from_who_reads_altered_bytes(size):
    content = os.urandom(size)
    altered = content[:-1] + bytes([content[-1] ^ 1]) if content else b"x"
    got = io.BytesIO()
    with pytest.raises(TamperError):
        shutil.copyfileobj(reading(blob_of(content), altered), got, PIECE)
    given = got.getvalue()
    assert len(given) <= max(0, len(altered) - 1) // PIECE * PIECE
    assert altered.startswith(given)


def test_who_has_all_bytes_has_verified_ones():
    """Without reading on to the end: the last byte alone says that all are sound."""
    content = os.urandom(2 * PIECE)
    altered = b"\x00" + content[1:] if content[0] else b"\x01" + content[1:]
    stream = reading(blob_of(content), altered)
    assert stream.read(PIECE) == altered[:PIECE]
    with pytest.raises(TamperError):
        stream.read(1)


def test_once_it_has_raised_no_end_is_ever_given():
    stream = reading(blob_of(b"sound"), b"other")
    for _ in range(3):
        for size in (1, -1):
            with pytest.raises(TamperError):
                stream.read(size)


def test_a_disk_that_failed_once_gives_no_end_either():
    content = os.urandom(3 * PIECE)
    source, turns = io.BytesIO(content), []

    def read(size: int) -> bytes:
        turns.append(size)
        if len(turns) == 3:
            raise EnvironmentFault("磁盘故障", "the disk fails")
        return source.read(size)

    stream = Verified(blob_of(content), read)
    assert stream.read(PIECE) == content[:PIECE]
    for _ in range(3):
        with pytest.raises(EnvironmentFault):
            stream.read(PIECE)
    assert len(turns) == 3


def test_a_source_that_gives_little_at_a_time_is_read_all_the_same():
    content = os.urandom(5000)
    source = io.BytesIO(content)
    stream = Verified(blob_of(content), lambda size: source.read(min(size, 7)))
    assert stream.read(4000) + stream.read() == content


def test_it_is_a_stream_like_any_other():
    lines = "第一行\n第二行\n".encode()
    stream = reading(blob_of(lines), lines)
    assert stream.readable()
    assert not stream.writable()
    assert [line.decode() for line in stream] == ["第一行\n", "第二行\n"]
    room = bytearray(4)
    assert reading(blob_of(lines), lines).readinto(room) == 4
    assert room == lines[:4]


def test_an_endless_source_is_not_read_endlessly():
    turns = []

    def endless(size: int) -> bytes:
        turns.append(size)
        return bytes(size)

    with pytest.raises(TamperError):
        Verified(blob_of(b"short"), endless).read()
    assert turns == [PIECE]


# --- a folder ---------------------------------------------------------------------------------------


def test_a_file_lies_under_its_digest_for_reading_only(store, folder):
    blob = stored(store, EVIDENCE)
    path = folder / EVIDENCE_AT
    assert EVIDENCE_AT.parts == (blob.sha256[:2], blob.sha256[2:4], blob.sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert list((folder / "incoming").iterdir()) == []
    assert stat.S_IMODE(folder.stat().st_mode) & 0o007 == 0


def test_a_store_that_is_not_there_is_not_made_by_looking(folder):
    with pytest.raises(EnvironmentFault) as error:
        FolderBlobs(folder)
    assert str(folder) in error.value.zh
    assert not folder.exists()


def test_a_store_whose_disk_went_away_is_no_loss_of_evidence(store, folder):
    blob = stored(store, EVIDENCE)
    folder.rename(folder.with_name("unmounted"))
    for attempt in (
        lambda: store.contains(blob),
        lambda: store.check(blob),
        lambda: stored(store, b"new"),
    ):
        with pytest.raises(EnvironmentFault):
            attempt()
    assert not folder.exists()


def test_a_file_in_place_of_the_store_is_left_alone(tmp_path):
    (tmp_path / "blobs").write_bytes(b"mine")
    with unchanged(tmp_path):
        with pytest.raises(EnvironmentFault):
            FolderBlobs(tmp_path / "blobs")
        with pytest.raises(KaopingError):
            FolderBlobs.made_in(tmp_path / "blobs")
        with pytest.raises(RefusedError):
            FolderBlobs.made_in(tmp_path / "blobs" / "below")


def test_a_file_and_all_folders_that_name_it_are_brought_to_the_disk(tmp_path, monkeypatch):
    """In this order: content, folders from the root down, then the folder it was moved to."""
    real_sync, real_move = os.fsync, os.rename
    steps = []

    def sync(handle):
        steps.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real_sync(handle)

    def move(source, goal, **more):
        steps.append("moved")
        real_move(source, goal, **more)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", move)
    root = tmp_path / "a" / "blobs"
    store = FolderBlobs.made_in(root)
    assert set(steps) == {str(tmp_path), str(tmp_path / "a")}
    first, second = EVIDENCE_AT.parts[:2]
    for moved in (
        ["moved"],
        [],
    ):  # the second time they are there, but whoever came first may be dead
        steps.clear()
        stored(store, EVIDENCE)
        assert steps[0].startswith(str(root / "incoming"))
        folders = [str(root), str(root / first), *moved, str(root / first / second)]
        assert steps[1:] == folders


def test_what_a_killed_run_left_is_swept_away_when_the_store_is_opened(store, folder):
    blob = stored(store, EVIDENCE)
    left = folder / "incoming" / "blob-killed"
    left.write_bytes(b"half")
    (folder / "incoming" / "note.txt").write_bytes(b"not ours")
    FolderBlobs(folder)
    assert not left.exists()
    assert snapshot(folder / "incoming") == {"note.txt": b"not ours"}
    assert store.read(blob) == EVIDENCE


def test_what_another_run_is_writing_is_not_swept_away(store, folder):
    class Sweeping(Drip):
        def read(self, size: int, /) -> bytes:
            FolderBlobs(folder)
            assert len(list((folder / "incoming").iterdir())) == 1
            return super().read(size)

    blob = store.put(Sweeping(3 * PIECE))
    store.check(blob)
    assert list((folder / "incoming").iterdir()) == []


def test_a_scratch_that_a_sweeper_was_faster_to_lock_is_given_up(store, folder, monkeypatch):
    """Between making a file and locking it a sweeper may take it for a dead one."""
    from kaoping.files import blobs

    real, turns = blobs._locked, []

    def late(handle):
        turns.append(handle)
        if len(turns) == 1:
            return False
        if len(turns) == 2:
            for path in (folder / "incoming").iterdir():
                path.unlink()
        return real(handle)

    monkeypatch.setattr(blobs, "_locked", late)
    blob = stored(store, EVIDENCE)
    assert len(turns) == 3
    assert store.read(blob) == EVIDENCE
    assert list((folder / "incoming").iterdir()) == []


def test_pipes_and_links_among_the_incoming_are_not_waited_for(store, folder, tmp_path):
    stored(store, EVIDENCE)
    (tmp_path / "mine.txt").write_bytes(b"mine")
    os.mkfifo(folder / "incoming" / "blob-pipe")
    (folder / "incoming" / "blob-link").symlink_to(tmp_path / "mine.txt")
    with unchanged(tmp_path):
        FolderBlobs(folder)


def test_many_at_the_same_time_store_whole_files(store, folder):
    faults: list[BaseException] = []

    def work():
        try:
            for turn in range(20):
                stored(FolderBlobs(folder), EVIDENCE + bytes([turn]))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is a fault
            faults.append(error)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    found = {name: thing for name, thing in snapshot(folder).items() if isinstance(thing, bytes)}
    contents = [EVIDENCE + bytes([turn]) for turn in range(20)]
    assert found == {place_of(blob_of(content)): content for content in contents}


@pytest.mark.parametrize("step", ["mkdir", "open", "write", "fchmod", "fsync", "rename"])
@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO]
)
def test_whatever_the_disk_refuses_nothing_is_left(store, folder, monkeypatch, step, number):
    stored(store, b"first")
    before = snapshot(folder / "incoming"), files_in(folder)

    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, refuse)
        with pytest.raises(EnvironmentFault) as error:
            stored(store, EVIDENCE)
    assert error.value.exit_code == 5
    assert str(folder) in error.value.zh
    assert (snapshot(folder / "incoming"), files_in(folder)) == before
    store.check(stored(store, EVIDENCE))


def test_a_disk_that_takes_little_at_a_time_gets_all(store, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, view: real(handle, view[:1000]))
    assert store.read(stored(store, EVIDENCE)) == EVIDENCE


def files_in(folder):
    return {name: thing for name, thing in snapshot(folder).items() if isinstance(thing, bytes)}


def test_a_disk_that_cannot_be_read_is_no_tampering(store, monkeypatch):
    blob = stored(store, EVIDENCE)
    real = os.open

    def refuse(path, *rest, **more):
        if path == blob.sha256:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(EnvironmentFault) as error:
            store.check(blob)
    assert blob.sha256 in error.value.zh
    store.check(blob)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 3 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "none", disk], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("mounting a small disk needs rights this user does not have")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_leaves_nothing_of_what_did_not_fit(small_disk):
    store = FolderBlobs.made_in(small_disk / "blobs")
    blob = store.put(Drip(PIECE))
    before = snapshot(small_disk)
    with pytest.raises(EnvironmentFault) as error:
        store.put(Drip(4 * PIECE))
    assert "磁盘已满" in error.value.zh
    assert snapshot(small_disk) == before
    store.check(blob)
    store.put(Drip(PIECE + 1))


def test_a_disk_that_only_reads_is_read(small_disk):
    store = FolderBlobs.made_in(small_disk / "blobs")
    blob = stored(store, EVIDENCE)
    (small_disk / "blobs" / "incoming" / "blob-killed").write_bytes(b"half")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    again = FolderBlobs(small_disk / "blobs")
    assert again.read(blob) == EVIDENCE
    with unchanged(small_disk), pytest.raises(EnvironmentFault):
        stored(again, b"new")
