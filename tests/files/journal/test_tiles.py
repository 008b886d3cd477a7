"""Tiles on disk: where C2SP tlog-tiles wants them, durable before they count, never half believed."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kaoping.core.errors import EnvironmentFault, InputError, RefusedError, TamperError
from kaoping.core.journal import MAX_ENTRY
from kaoping.core.tree import (
    EMPTY_ROOT,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from kaoping.files.journal.tiles import (
    ENTRIES,
    WIDTH,
    TileReader,
    TileWriter,
    alone_writing,
    bundled,
    split_digests,
    tile_path,
    unbundled,
    write_durably,
)
from tests.cli.folders import snapshot, unchanged
from tests.examples import SHARED
from tests.journals import Disk, require_durable, root_over

VECTORS = SHARED / "vectors" / "tlog" / "checkpoint_examples.json"
needs_vectors = pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not here")


def some(count, first=0):
    return [f"entry {number}".encode() for number in range(first, first + count)]


def written(folder, *batches):
    """A new journal's tiles with these batches of entries, one append each."""
    writer = TileWriter(folder, 0, EMPTY_ROOT)
    for batch in batches:
        writer.append(batch)
    return writer


def files_in(folder):
    return {name for name, thing in snapshot(folder).items() if isinstance(thing, bytes)}


# --- names and layout -----------------------------------------------------------------------------


@needs_vectors
def test_tiles_are_named_as_the_standard_says():
    told = json.loads(VECTORS.read_text())["tile_paths"]
    assert tile_path(0, 1234067) == told["1234067"]


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ((0, 0), "tile/0/000"),
        ((0, 999), "tile/0/999"),
        ((0, 1000), "tile/0/x001/000"),
        ((3, 1_000_000), "tile/3/x001/x000/000"),
        ((0, 5, 1), "tile/0/005.p/1"),
        ((0, 1234067, 255), "tile/0/x001/x234/067.p/255"),
        ((0, 7, WIDTH), "tile/0/007"),
        ((ENTRIES, 7, 8), "tile/entries/007.p/8"),
        ((63, 0), "tile/63/000"),
    ],
)
def test_each_place_has_one_name(place, path):
    assert tile_path(*place) == path


@needs_vectors
def test_a_tree_of_70000_has_the_tiles_of_the_standard(tmp_path):
    """tlog-tiles: 273 full tiles and one of 112 at level 0, 1 full and one of 17, one of 1."""
    full, *_ = json.loads(VECTORS.read_text())["tile_paths"]["70000_tree_tiles"]
    writer = written(tmp_path, some(70_000))
    assert full == "273 full L0"
    level_0 = {tile_path(0, number) for number in range(273)} | {tile_path(0, 273, 112)}
    bundles = {path.replace("tile/0/", "tile/entries/") for path in level_0}
    upper = {"tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"}
    assert files_in(tmp_path) == level_0 | bundles | upper
    assert writer.root() == root_over(some(70_000))
    assert TileReader(tmp_path, 70_000).root() == writer.root()


def test_a_tile_holds_the_hashes_and_a_bundle_the_entries(tmp_path):
    entries = some(WIDTH + 3)
    written(tmp_path, entries)
    hashes = [leaf_hash(entry) for entry in entries]
    assert split_digests((tmp_path / "tile/0/000").read_bytes()) == hashes[:WIDTH]
    assert (tmp_path / "tile/0/001.p/3").read_bytes() == b"".join(hashes[WIDTH:])
    assert (tmp_path / "tile/1/000.p/1").read_bytes() == root_of(hashes[:WIDTH])
    assert unbundled((tmp_path / "tile/entries/000").read_bytes()) == entries[:WIDTH]
    first = (tmp_path / "tile/entries/001.p/3").read_bytes()
    assert first.startswith(b"\x00\x09entry 256\x00\x09entry 257")


def test_every_size_around_the_edges_has_its_tiles_and_no_others(tmp_path):
    """Written at once: exactly the full tiles and the partial ones of the right edge."""
    for size in (1, 255, 256, 257, 511, 512, 513):
        folder = tmp_path / str(size)
        folder.mkdir()
        written(folder, some(size))
        expected = set()
        for level, count in ((0, size), (1, size // WIDTH)):
            expected |= {tile_path(level, number) for number in range(count // WIDTH)}
            if count % WIDTH:
                expected.add(tile_path(level, count // WIDTH, count % WIDTH))
        entries = {p.replace("tile/0/", "tile/entries/") for p in expected if "tile/0/" in p}
        assert files_in(folder) == expected | entries


# --- bundles --------------------------------------------------------------------------------------


def test_bundles_hold_any_entries():
    for entries in ([], [b"a"], [b""], [b"\x00" * MAX_ENTRY, b"", b"\xff" * 300], some(WIDTH)):
        assert unbundled(bundled(entries)) == entries


def test_a_bundle_cut_anywhere_within_an_entry_is_noticed():
    content = bundled([b"first", b"", b"x" * 300])
    whole = {0, 7, 9, len(content)}
    for length in range(len(content) + 1):
        entries = unbundled(content[:length])
        assert (entries is not None) == (length in whole)
    assert unbundled(content + b"\x00") is None


def test_an_entry_as_long_as_the_limit_is_kept(tmp_path):
    entries = [b"x" * MAX_ENTRY, b"y"]
    written(tmp_path, entries)
    assert TileReader(tmp_path, 2).entry(0) == entries[0]


@pytest.mark.parametrize("bad", [b"", b"x" * (MAX_ENTRY + 1)], ids=["empty", "too long"])
def test_an_entry_that_no_bundle_can_hold_is_refused_and_none_is_written(tmp_path, bad):
    writer = written(tmp_path, some(3))
    root = writer.root()
    with unchanged(tmp_path), pytest.raises(InputError, match="第 2 条"):
        writer.append([b"good", bad, b"good"])
    assert (writer.size, writer.root()) == (3, root)
    writer.append([b"good"])
    assert TileReader(tmp_path, 4).root() == root_over([*some(3), b"good"])


# --- the right edge -------------------------------------------------------------------------------


def test_partial_tiles_go_when_the_full_one_stands(tmp_path):
    writer = written(tmp_path, some(1), some(1, 1), some(250, 2))
    assert {"tile/0/000.p/1", "tile/0/000.p/2", "tile/0/000.p/252"} < files_in(tmp_path)
    writer.append(some(4, 252))
    assert files_in(tmp_path) == {"tile/0/000", "tile/entries/000", "tile/1/000.p/1"}
    assert not (tmp_path / "tile/0/000.p").exists()
    assert TileReader(tmp_path, 256).root() == root_over(some(256))


def test_what_a_crash_left_in_a_partial_folder_goes_with_it(tmp_path):
    writer = written(tmp_path, some(1))
    (tmp_path / "tile/0/000.p/77.tmp").write_bytes(b"half")
    writer.append(some(255, 1))
    assert not (tmp_path / "tile/0/000.p").exists()


def test_every_older_size_can_still_be_proven(tmp_path):
    size = 600
    entries = some(size)
    hashes = [leaf_hash(entry) for entry in entries]
    written(tmp_path, entries)
    reader = TileReader(tmp_path, size)
    for old in (1, 2, 3, 7, 128, 255, 256, 257, 300, 511, 512, 513, 599, 600):
        root = root_of(hashes[:old])
        assert reader.root(old) == root
        path = reader.consistency(old)
        assert verify_consistency(old, size, root, reader.root(), path)
        older = TileReader(tmp_path, old)  # its partial tiles are those of a later size
        assert older.root() == root
        for index in {0, old // 2, old - 1}:
            proof = older.inclusion(index)
            assert verify_inclusion(hashes[index], index, old, proof, root)
            assert older.entry(index) == entries[index]


def test_a_wider_partial_tile_serves_an_older_size(tmp_path):
    written(tmp_path, some(5), some(4, 5))
    (tmp_path / "tile/0/000.p/5").unlink()
    (tmp_path / "tile/entries/000.p/5").unlink()
    reader = TileReader(tmp_path, 5)
    assert reader.root() == root_over(some(5))
    assert [reader.entry(index) for index in range(5)] == some(5)
    assert list(reader.bundles()) == [(0, some(5))]


@pytest.mark.parametrize(
    "name", ["007", "300", "٩", "9x", "-9", "9.tmp", "0", "99999999999999999999"]
)
def test_other_names_beside_partial_tiles_are_passed_over(tmp_path, name):
    written(tmp_path, some(5))
    for level in ("0", ENTRIES):
        place = tmp_path / f"tile/{level}/000.p"
        (place / name).write_bytes(b"stray")
        (place / "5").rename(place / "6")
    for size in (6, 5):
        with pytest.raises(TamperError, match="wrong length"):  # six promised, five there
            TileReader(tmp_path, size).root()


def test_a_wider_name_that_is_a_folder_is_no_tile(tmp_path):
    written(tmp_path, some(5))
    (tmp_path / "tile/0/000.p/5").unlink()
    (tmp_path / "tile/0/000.p/9").mkdir()
    with pytest.raises(TamperError, match="no plain file"):
        TileReader(tmp_path, 5).root()


# --- damage ---------------------------------------------------------------------------------------


def test_a_missing_tile_is_named(tmp_path):
    written(tmp_path, some(300))
    (tmp_path / "tile/0/000").unlink()
    with pytest.raises(TamperError, match="tile/0/000") as caught:
        TileReader(tmp_path, 300).inclusion(3)
    assert "缺失" in caught.value.zh


@pytest.mark.parametrize("length", [0, 1, 31, 32, 63, 64 * 32 - 1])
def test_a_tile_that_is_of_a_wrong_length_is_named(tmp_path, length):
    written(tmp_path, some(64))
    path = tmp_path / "tile/0/000.p/64"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(TamperError, match="wrong length"):
        TileReader(tmp_path, 64).root()
    with unchanged(tmp_path), pytest.raises(TamperError):
        TileWriter(tmp_path, 64, root_over(some(64)))


def test_a_torn_bundle_is_named(tmp_path):
    written(tmp_path, some(64))
    path = tmp_path / "tile/entries/000.p/64"
    content = path.read_bytes()
    torn = [content[:-1], content[:1], b"", content[: len(content) // 2], content + b"\x00\x05"]
    for bad in torn:
        path.write_bytes(bad)
        with pytest.raises(TamperError, match=r"tile/entries/000\.p/64"):
            TileReader(tmp_path, 64).entry(0)
        with unchanged(tmp_path), pytest.raises(TamperError):
            TileWriter(tmp_path, 64, root_over(some(64)))


def test_a_bundle_with_more_than_256_entries_is_refused(tmp_path):
    written(tmp_path, some(256))
    (tmp_path / "tile/entries/000").write_bytes(bundled(some(257)))
    with pytest.raises(TamperError, match="incomplete"):
        TileReader(tmp_path, 256).entry(0)


def test_a_tile_that_is_a_folder_is_named(tmp_path):
    written(tmp_path, some(3))
    path = tmp_path / "tile/0/000.p/3"
    path.unlink()
    path.mkdir()
    with pytest.raises(TamperError):
        TileReader(tmp_path, 3).root()


def test_a_writer_refuses_tiles_that_do_not_give_the_signed_root(tmp_path):
    written(tmp_path, some(300))
    for path in ("tile/0/001.p/44", "tile/1/000.p/1"):
        content = (tmp_path / path).read_bytes()
        (tmp_path / path).write_bytes(bytes([content[0] ^ 1]) + content[1:])
        with unchanged(tmp_path), pytest.raises(TamperError, match="signed checkpoint"):
            TileWriter(tmp_path, 300, root_over(some(300)))
        (tmp_path / path).write_bytes(content)
    assert TileWriter(tmp_path, 300, root_over(some(300))).size == 300


def test_a_writer_refuses_a_bundle_that_is_not_that_of_the_tile(tmp_path):
    """Otherwise it would copy the forged entry into every later bundle."""
    written(tmp_path, some(5))
    (tmp_path / "tile/entries/000.p/5").write_bytes(bundled([*some(4), b"forged!"]))
    with unchanged(tmp_path), pytest.raises(TamperError, match="signed checkpoint"):
        TileWriter(tmp_path, 5, root_over(some(5)))


# --- opened again ---------------------------------------------------------------------------------


@pytest.mark.parametrize("signed", [0, 1, 5, 255, 256, 257, 300])
def test_what_was_taken_beyond_the_checkpoint_is_kept(tmp_path, signed):
    written(tmp_path, some(signed), some(300 - signed, signed))
    writer = TileWriter(tmp_path, signed, root_over(some(signed)))
    assert (writer.size, writer.root()) == (300, root_over(some(300)))
    writer.append(some(10, 300))
    assert TileReader(tmp_path, 310).root() == root_over(some(310))


@pytest.mark.parametrize("signed", [0, 3, 256])
def test_the_tiles_beyond_the_checkpoint_are_made_anew_from_the_bundles(tmp_path, signed):
    """Even where a crash left them empty, or did not leave them at all."""
    written(tmp_path, some(signed), some(600 - signed, signed))
    (tmp_path / "tile/0/001").unlink()
    (tmp_path / "tile/0/002.p/88").write_bytes(b"")
    (tmp_path / "tile/1/000.p/2").write_bytes(bytes(64))
    again = TileWriter(tmp_path, signed, root_over(some(signed)))
    assert (again.size, again.root()) == (600, root_over(some(600)))
    reader = TileReader(tmp_path, 600)
    assert reader.root() == root_over(some(600))
    assert reader.inclusion(400) == inclusion_proof([leaf_hash(one) for one in some(600)], 400)


def test_opening_what_is_all_signed_writes_nothing(tmp_path):
    written(tmp_path, some(300))
    with unchanged(tmp_path):
        TileWriter(tmp_path, 300, root_over(some(300)))


def test_entries_beyond_the_checkpoint_are_shown_before_anything_is_written(tmp_path):
    written(tmp_path, some(3), some(300, 3))
    (tmp_path / "tile/0/000").unlink()
    shown = []

    def refuse(first, entries):
        shown.append((first, list(entries)))
        raise TamperError("外来", "foreign")

    signed = tmp_path / "tile/0/000.p"
    signed.mkdir()
    (signed / "3").write_bytes(b"".join(leaf_hash(entry) for entry in some(3)))
    with unchanged(tmp_path), pytest.raises(TamperError, match="foreign"):
        TileWriter(tmp_path, 3, root_over(some(3)), refuse)
    assert shown == [(3, some(300, 3))]


@pytest.mark.parametrize(
    "forged",
    [
        [*some(4), b"forged!", *some(2, 5)],  # a signed entry is another one
        some(6),  # fewer than its name says
        some(8),  # more than its name says
    ],
    ids=["changed", "fewer", "more"],
)
def test_a_bundle_beyond_the_checkpoint_that_does_not_fit_is_refused(tmp_path, forged):
    written(tmp_path, some(5), some(2, 5))
    (tmp_path / "tile/entries/000.p/7").write_bytes(bundled(forged))
    with unchanged(tmp_path), pytest.raises(TamperError, match=r"tile/entries/000\.p/7"):
        TileWriter(tmp_path, 5, root_over(some(5)))


def test_a_full_bundle_that_is_not_full_is_refused(tmp_path):
    written(tmp_path, some(5))
    (tmp_path / "tile/entries/000").write_bytes(bundled(some(9)))
    with unchanged(tmp_path), pytest.raises(TamperError, match="tile/entries/000"):
        TileWriter(tmp_path, 5, root_over(some(5)))


# --- two writers ----------------------------------------------------------------------------------

HOLDER = """
import sys
from pathlib import Path
from kaoping.files.journal.tiles import alone_writing
with alone_writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_while_the_first_writes(tmp_path):
    held = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with held:
        assert held.stdout is not None
        assert held.stdout.readline() == b"held\n"
        with unchanged(tmp_path), pytest.raises(RefusedError) as caught, alone_writing(tmp_path):
            pytest.fail("two writers at once")
        held.communicate()
    assert "另一个程序正在写入日志" in caught.value.zh
    assert "nothing was written" in caught.value.en
    with alone_writing(tmp_path):
        pass


def test_a_second_thread_is_refused_while_the_first_writes(tmp_path):
    refused = []

    def write():
        try:
            with alone_writing(tmp_path):
                refused.append(False)
        except RefusedError:
            refused.append(True)

    with alone_writing(tmp_path):
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    write()
    assert refused == [True, False]


def test_who_fails_while_writing_holds_nobody_off(tmp_path):
    with pytest.raises(ZeroDivisionError), alone_writing(tmp_path):
        raise ZeroDivisionError
    with alone_writing(tmp_path):
        pass


# --- the disk -------------------------------------------------------------------------------------


def test_an_append_is_on_the_disk_before_it_returns(tmp_path, monkeypatch):
    folder = tmp_path / "journal"
    folder.mkdir()
    disk = Disk(monkeypatch)
    writer = written(folder, some(1))
    require_durable(disk, [path for path in folder.rglob("*") if path.is_dir()])
    disk.calls.clear()
    writer.append(some(300, 1))
    require_durable(disk, [folder / "tile/0/001.p", folder / "tile/1"])
    assert disk.calls[-1][0] == "sync"


def test_a_later_bundle_is_not_on_the_disk_before_the_one_it_follows(tmp_path, monkeypatch):
    """A file system may keep what was synced last and lose what was moved first."""
    writer = written(tmp_path, some(255))
    disk = Disk(monkeypatch)
    writer.append(some(3, 255))
    full, partial = tmp_path / "tile/entries/000", tmp_path / "tile/entries/001.p/2"
    moved = disk.position("move", full.with_name("000.tmp"), full)
    later = disk.position("move", partial.with_name("2.tmp"), partial)
    assert moved < disk.position("sync", full.parent) < later


def test_what_is_taken_up_is_synced_once_more(tmp_path, monkeypatch):
    """A crash may have come between the move and the sync of the folder."""
    written(tmp_path, some(3), some(2, 3))
    disk = Disk(monkeypatch)
    TileWriter(tmp_path, 3, root_over(some(3)))
    moved = {call[2].relative_to(tmp_path).as_posix() for call in disk.calls if call[0] == "move"}
    assert moved == {"tile/0/000.p/5", "tile/entries/000.p/5"}
    require_durable(disk)


@pytest.mark.parametrize("at", range(8))
def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path, monkeypatch, at):
    """Whichever file or folder no longer fits: what was signed stays, what was not may be there."""
    written(tmp_path, some(200))
    with monkeypatch.context() as patch:
        Disk(patch, ("sync", at))
        writer = TileWriter(tmp_path, 200, root_over(some(200)))
        with pytest.raises(EnvironmentFault, match="disk is full"):
            writer.append(some(100, 200))
    again = TileWriter(tmp_path, 200, root_over(some(200)))
    assert again.size in {200, 256, 300}
    assert again.root() == root_over(some(again.size))
    again.append(some(400 - again.size, again.size))
    assert TileReader(tmp_path, 400).root() == root_over(some(400))
    assert TileReader(tmp_path, 200).root() == root_over(some(200))


def test_a_disk_too_full_to_write_a_file_leaves_nothing_behind(tmp_path, monkeypatch):
    written(tmp_path, some(3))
    writer = TileWriter(tmp_path, 3, root_over(some(3)))
    write_bytes = Path.write_bytes

    def half(path, content):
        write_bytes(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with unchanged(tmp_path), pytest.raises(EnvironmentFault):
        writer.append(some(2, 3))


def test_a_disk_full_while_taking_up_is_told_as_well(tmp_path, monkeypatch):
    written(tmp_path, some(3), some(2, 3))
    Disk(monkeypatch, ("sync", 0))
    with pytest.raises(EnvironmentFault):
        TileWriter(tmp_path, 3, root_over(some(3)))


def test_a_folder_that_may_not_be_written_is_told(tmp_path, monkeypatch):
    def forbidden(*_arguments):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "replace", forbidden)
    with pytest.raises(EnvironmentFault, match="No permission"):
        write_durably(tmp_path, [("a/b", b"x")])


def whole(folder):
    """Look at every tile of level 0."""
    reader = TileReader(folder, 300)
    return [reader.tile(0, 0), reader.tile(0, 1)]


def test_more_bytes_than_a_tile_may_have_are_named(tmp_path):
    """Other verifiers would refuse such a file; so do we."""
    written(tmp_path, some(300))
    for name in ("tile/0/000", "tile/0/001.p/44"):
        path = tmp_path / name
        good = path.read_bytes()
        path.write_bytes(good + b"x" * 32)
        with pytest.raises(TamperError, match="wrong length"):
            whole(tmp_path)
        path.write_bytes(good)


def test_what_is_no_plain_file_is_neither_waited_for_nor_followed(tmp_path):
    written(tmp_path, some(300))
    path = tmp_path / "tile/0/000"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(TamperError, match="no plain file"):
        whole(tmp_path)
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(TamperError, match="no plain file"):
        whole(tmp_path)
    path.unlink()
    with path.open("wb") as sparse:
        sparse.truncate(10**12)
    with pytest.raises(TamperError, match="too large"):
        whole(tmp_path)
