"""Whatever is appended in whatever pieces, and wherever it is opened again: the tree is the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.tree import (
    EMPTY_ROOT,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from kaoping.files.journal.tiles import WIDTH, TileReader, TileWriter, bundled, tile_path, unbundled

SLOWLY = settings(max_examples=60, deadline=None)

BATCHES = st.lists(
    st.one_of(st.integers(0, 20), st.integers(200, 300), st.sampled_from([255, 256, 257, 512])),
    min_size=1,
    max_size=6,
)


def entries(count: int, first: int = 0) -> list[bytes]:
    return [f"{number}".encode() * (number % 3 + 1) for number in range(first, first + count)]


def root_at(size: int) -> bytes:
    return root_of([leaf_hash(entry) for entry in entries(size)])


@SLOWLY
@given(batches=BATCHES, data=st.data())
def test_any_appends_and_openings_give_the_root_over_all_leaves(batches, data):
    """Opened again at any checkpoint, everything taken beyond it is still there."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        writer, signed = TileWriter(folder, 0, EMPTY_ROOT), 0
        for batch in batches:
            writer.append(entries(batch, writer.size))
            then = data.draw(st.sampled_from(["go on", "sign", "open again"]))
            if then == "sign":
                signed = writer.size
            if then == "open again":
                size = writer.size
                writer = TileWriter(folder, signed, root_at(signed))
                assert writer.size == size
            assert writer.root() == root_at(writer.size)
        size = writer.size
        assert size == sum(batches)
        _require_readable(folder, size, data)


def _require_readable(folder: Path, size: int, data: st.DataObject) -> None:
    """Root, entries and proofs from the files alone, of now and of an older size."""
    whole = TileReader(folder, size)
    assert [entry for _, bundle in whole.bundles() for entry in bundle] == entries(size)
    old = data.draw(st.integers(0, size), label="old size")
    root, old_root = root_at(size), root_at(old)
    assert (whole.root(), whole.root(old)) == (root, old_root)
    if not old > 0:
        return
    assert verify_consistency(old, size, old_root, root, whole.consistency(old))
    index = data.draw(st.integers(0, old - 1), label="index")
    older = TileReader(folder, old)
    leaf = leaf_hash(older.entry(index))
    assert verify_inclusion(leaf, index, old, older.inclusion(index), old_root)
    assert verify_inclusion(leaf, index, size, whole.inclusion(index), root)


@SLOWLY
@given(batches=BATCHES)
def test_when_all_is_written_only_what_is_needed_is_left(batches):
    """Full tiles have no partial ones beside them, and every partial one is of a size there was."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        writer, sizes = TileWriter(folder, 0, EMPTY_ROOT), set()
        for batch in batches:
            writer.append(entries(batch, writer.size))
            sizes.add(writer.size)
        for path in folder.rglob("*.p"):
            assert not path.with_suffix("").exists()
        widths = {int(path.name) for path in (folder / "tile/0").glob("*.p/*")}
        assert widths <= {size % WIDTH for size in sizes}
        assert not list(folder.rglob("*.tmp"))


@given(st.lists(st.binary(max_size=300), max_size=WIDTH))
def test_a_bundle_gives_back_its_entries(some):
    assert unbundled(bundled(some)) == some


@given(st.binary(max_size=200))
def test_any_bytes_are_a_bundle_or_none(content):
    found = unbundled(content)
    assert found is None or bundled(found) == content


@given(st.integers(0, 10**15), st.integers(0, 63), st.integers(1, WIDTH))
def test_every_tile_has_a_name_of_its_own_that_says_which_it_is(number, level, width):
    parts = tile_path(level, number, width).split("/")
    assert parts[:2] == ["tile", str(level)]
    if width < WIDTH:
        assert parts.pop() == str(width)
        parts[-1] = parts[-1].removesuffix(".p")
    *upper, last = parts[2:]
    assert all(part.startswith("x") and len(part) == 4 for part in upper)
    assert len(last) == 3
    assert int("".join([*(part[1:] for part in upper), last])) == number
    assert not upper or upper[0] != "x000"
