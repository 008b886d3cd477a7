"""The tree of a journal on disk, as C2SP tlog-tiles: static files that any web server can serve.

Level 0 holds the hashes of leaves, 256 in a tile (8 KiB); level 1 the roots of those tiles; and so
on. Beside them lie bundles with the entries themselves. The right edge is in partial tiles.

What is published is durable first: file, rename, folder and the parents of new folders are synced
before a checkpoint is signed over them. Beyond the signed size only the bundles count: after a crash
the tiles there are made anew from them, and a journal never loses what it said it had taken.
"""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kaoping.core.errors import InputError, RefusedError, TamperError
from kaoping.core.journal import MAX_ENTRY
from kaoping.core.tree import (
    DIGEST_SIZE,
    complete_subtrees,
    consistency_path,
    inclusion_path,
    joined,
    leaf_hash,
    root_of,
)
from kaoping.files.atomic import let_go, sync, told_plainly
from kaoping.files.contents import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Vouch = Callable[[int, Sequence[bytes]], None]

WIDTH: Final = 256
"""Hashes in a full tile, entries in a full bundle."""
ENTRIES = "entries"
_LENGTH = 2
_GROUP = 1000
_BATCH = 128
"""How many full tiles are written before they are synced together."""
MAX_BUNDLE: Final = WIDTH * (_LENGTH + MAX_ENTRY)
"""Largest file of a tree, in bytes: a full bundle of the longest entries."""
SCRATCH = ".tmp"
_WIDTHS = {str(width): width for width in range(1, WIDTH)}
"""The names that partial tiles have."""


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Where a tile lies, relative to the journal: `tile/0/x001/x234/067`, `tile/entries/000.p/7`."""
    parts = [f"{number % _GROUP:03d}"]
    while number := number // _GROUP:
        parts.insert(0, f"x{number % _GROUP:03d}")
    partial = f".p/{width}" if width < WIDTH else ""
    return f"tile/{level}/{'/'.join(parts)}{partial}"


def bundled(entries: Sequence[bytes]) -> bytes:
    """Entries as a bundle holds them: two bytes of length before each."""
    return b"".join(len(entry).to_bytes(_LENGTH, "big") + entry for entry in entries)


def unbundled(content: bytes) -> list[bytes] | None:
    """The entries of a bundle, or None where it is cut short."""
    entries, at, end = [], 0, len(content)
    while at < end:
        start = at + _LENGTH
        at = start + int.from_bytes(content[at:start], "big")
        entries.append(content[start:at])
    return entries if at == end else None


def split_digests(content: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [content[at : at + DIGEST_SIZE] for at in range(0, len(content), DIGEST_SIZE)]


@contextmanager
def alone_writing(folder: Path) -> Iterator[None]:
    """Hold off every other writer of a journal for as long as the block runs.

    Raises:
        RefusedError: where another one is writing.
    """
    with told_plainly(folder):
        handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(
                f"另一个程序正在写入日志 {folder}，本次没有写入。请等它结束后再试。",
                f"Another program is writing to the journal {folder}; nothing was written. "
                "Try again when it has ended.",
            ) from None
        yield
    finally:
        let_go(handle)


# --- reading --------------------------------------------------------------------------------------


class TileReader:
    """Tiles and proofs of a journal of a given size, from its files alone.

    Args:
        folder: the journal.
        size: entries that count; what lies beyond is not looked at.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self.tile = lru_cache(maxsize=1024)(self._tile)
        self.bundle = lru_cache(maxsize=2)(self._read_bundle)

    def width(self, level: int, number: int) -> int:
        """How many hashes a tile has in a journal of this size."""
        return min(WIDTH, (self.size >> (8 * level)) - number * WIDTH)

    def _tile(self, level: int, number: int) -> list[bytes]:
        """The hashes of a tile.

        Raises:
            TamperError: where it is missing or too short.
        """
        width = self.width(level, number)
        if width == 0:
            return []
        content, found = self._content(level, number, width)
        if len(content) != found * DIGEST_SIZE:
            raise _damaged(tile_path(level, number, found), "长度不对", "of a wrong length")
        return split_digests(content[: width * DIGEST_SIZE])

    def _read_bundle(self, number: int) -> list[bytes]:
        """The entries of a bundle.

        Raises:
            TamperError: where it is missing, cut short, or longer than it may be.
        """
        width = self.width(0, number)
        content, found = self._content(ENTRIES, number, width)
        entries = unbundled(content)
        if entries is None or len(entries) != found:
            raise _damaged(tile_path(ENTRIES, number, found), "不完整", "incomplete")
        return entries[:width]

    def bundles(self) -> Iterator[tuple[int, list[bytes]]]:
        """All bundles in order, each with the index of its first entry."""
        for number in range(-(-self.size // WIDTH)):
            yield number * WIDTH, self.bundle(number)

    def entry(self, index: int) -> bytes:
        """One entry."""
        return self.bundle(index // WIDTH)[index % WIDTH]

    def _content(self, level: int | str, number: int, width: int) -> tuple[bytes, int]:
        """The bytes of the full tile, else of the one of this width, else of the next wider one.

        The full one may appear while we look, so it is asked for twice. A wider one begins with the
        one that is asked for. How wide it is that was found is given, too.
        """
        for found in (WIDTH, width, WIDTH):
            content = self._file(tile_path(level, number, found))
            if content is not None:
                return content, found
        for wider in _partial_widths(self.folder, level, number):
            content = self._file(tile_path(level, number, wider)) if wider > width else None
            if content is not None:
                return content, wider
        raise _damaged(tile_path(level, number, width), "缺失", "missing")

    def _file(self, path: str) -> bytes | None:
        """A file of the journal, None where there is none; never more than one can have."""
        place = self.folder / path
        try:
            if not stat.S_ISREG(place.lstat().st_mode):
                raise _damaged(path, "不是普通文件", "no plain file")
            return read_bytes(place, MAX_BUNDLE)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (InputError, OSError):
            raise _damaged(path, "读不出或过大", "unreadable or too large") from None

    def has_more(self) -> bool:
        """Whether entries lie beyond the size: taken and not signed, or left by a rollback."""
        number, width = divmod(self.size, WIDTH)
        full = (self.folder / tile_path(ENTRIES, number)).exists()
        return full or any(w > width for w in _partial_widths(self.folder, ENTRIES, number))

    def root_of_range(self, start: int, end: int) -> bytes:
        """The root over the leaves from `start` up to, but without, `end`."""
        return joined([self._subtree(*part) for part in complete_subtrees(start, end)])

    def _subtree(self, start: int, width: int) -> bytes:
        """The root of a complete subtree, from the one tile that holds its upper part."""
        level, inner = divmod(width.bit_length() - 1, 8)
        first = start >> (8 * level)
        hashes = self.tile(level, first // WIDTH)
        return root_of(hashes[first % WIDTH : first % WIDTH + (1 << inner)])

    def root(self, size: int | None = None) -> bytes:
        """The root at a size up to that of the reader."""
        return self.root_of_range(0, self.size if size is None else size)

    def inclusion(self, index: int) -> list[bytes]:
        """That the entry at `index` is in the journal."""
        return inclusion_path(index, self.size, self.root_of_range)

    def consistency(self, old_size: int) -> list[bytes]:
        """That the journal begins with that of `old_size` entries."""
        return consistency_path(old_size, self.size, self.root_of_range)


def _partial_widths(folder: Path, level: int | str, number: int) -> list[int]:
    """How wide the partial tiles are that stand in the place of a full one, the narrowest first."""
    place = (folder / tile_path(level, number, 1)).parent
    if not place.is_dir():
        return []
    with os.scandir(place) as listed:  # names only: for every act this is looked at anew
        return sorted(_WIDTHS[entry.name] for entry in listed if entry.name in _WIDTHS)


def _damaged(path: str, zh: str, en: str) -> TamperError:
    return TamperError(
        f"日志文件 {path} {zh}，核对不通过。请保留现场，从备份或见证人处取回完好的副本。",
        f"The journal's file {path} is {en}. Keep everything as it is and fetch a sound copy from "
        "a backup or a witness.",
    )


# --- writing --------------------------------------------------------------------------------------


class TileWriter:
    """Appends entries to the tiles of a journal; its caller holds `alone_writing`.

    Args:
        folder: the journal.
        size: entries of the signed checkpoint; what was taken beyond is found and kept.
        root: root of that checkpoint, 32 bytes.
        vouch: is shown the index of the first entry beyond the checkpoint and all of them, and
            raises where they were not taken by us; nothing is written before.

    Raises:
        TamperError: where the tiles do not give that root, or the bundles are not those of the tiles.
    """

    def __init__(
        self, folder: Path, size: int, root: bytes, vouch: Vouch = lambda _first, _found: None
    ) -> None:
        self.folder = folder
        self.size = size
        reader = TileReader(folder, size)
        self._edges = [reader.tile(*edge) for edge in _right_edges(size)]
        self._bundle = reader.bundle(size // WIDTH) if size % WIDTH else []
        if self.root() != root:
            raise _damaged("tile", "与签署过的检查点不符", "not what the signed checkpoint says")
        if self._bundle and self._edges[0] != [leaf_hash(entry) for entry in self._bundle]:
            path = tile_path(ENTRIES, size // WIDTH, size % WIDTH)
            raise _damaged(path, "与签署过的检查点不符", "not what the signed checkpoint says")
        self._pending: list[tuple[str, bytes]] = []
        self._is_settled = True
        found = self._beyond()
        vouch(size, found)
        if found:  # their tiles are made anew, and everything is synced (again)
            self._place(found)
            self.flush()

    def _beyond(self) -> list[bytes]:
        """The entries that were written beyond the signed size."""
        found: list[bytes] = []
        number, known = self.size // WIDTH, self._bundle
        while True:
            entries = self._longest_bundle(number, known)
            found += entries[len(known) :]
            if len(entries) < WIDTH:
                return found
            number, known = number + 1, []

    def _longest_bundle(self, number: int, known: list[bytes]) -> list[bytes]:
        """The longest there is of a bundle that begins with what is known of it.

        Raises:
            TamperError: where it does not, or is not as long as its name says.
        """
        widths = [*_partial_widths(self.folder, ENTRIES, number), WIDTH]
        found = ((width, self.folder / tile_path(ENTRIES, number, width)) for width in widths[::-1])
        width, path = next(((w, p) for w, p in found if p.is_file()), (0, None))
        if path is None:
            return known
        entries = unbundled(path.read_bytes())
        if entries is None or len(entries) != width or entries[: len(known)] != known:
            raise _damaged(path.relative_to(self.folder).as_posix(), "被改动", "changed")
        return entries

    @classmethod
    def rebuilt(
        cls, folder: Path, size: int, root: bytes, first: int, entries: Sequence[bytes]
    ) -> TileWriter:
        """The right edge made anew where a power cut spoilt partial tiles that were not synced yet.

        Args:
            folder: the journal; its full tiles, which were synced, are sound.
            size: entries of the signed checkpoint.
            root: root of that checkpoint.
            first: the index of the first of `entries`, at most `first_needed(size)`.
            entries: as another keeps them, up to the checkpoint at least.

        Raises:
            TamperError: where these entries do not give the signed root; nothing is written then.
        """
        self = cls.__new__(cls)
        base = first_needed(size)
        reader = TileReader(folder, base)
        self.folder, self.size, self._bundle, self._pending = folder, base, [], []
        self._is_settled = True
        self._edges = [
            [root_of(reader.tile(level - 1, number)) for number in range(full - full % WIDTH, full)]
            if level
            else []
            for level, full in _full_tiles(base)
        ]
        self._place(entries[base - first : size - first])
        if self.size != size or self.root() != root:
            raise TamperError(
                f"日志末尾第 {base} 条以后的文件已损坏，用数据库中的条目重建，得到的与签署过的不同，没有写入。"
                "请保留现场，从备份取回。",
                f"The journal's last files, from entry {base} on, are damaged, and the entries of the "
                "database do not give what was signed; nothing was written. Fetch a backup.",
            )
        for path, _ in self._edge_files():
            _drop_folder((folder / path).parent)
        self.flush()
        return self

    def recent(self, index: int) -> bytes | None:
        """An entry of the bundle at the right edge; None where it lies further back."""
        at = index - (self.size - len(self._bundle))
        return self._bundle[at] if 0 <= at < len(self._bundle) else None

    def append(self, entries: Sequence[bytes], *, settles: bool = True) -> None:
        """Take entries: after this they survive a crash, all of them or, unreported, the first ones.

        Args:
            entries: what is taken.
            settles: sync the partial tiles as well. A database that holds the entries allows to do
                it later (`settle`): a power cut may then cost the partial tiles, never a full one.

        Raises:
            InputError: where one is empty or longer than an entry may be; nothing is written then.
        """
        for number, entry in enumerate(entries):
            if not 0 < len(entry) <= MAX_ENTRY:
                raise InputError(
                    f"第 {number + 1} 条长 {len(entry)} 字节，超出 1 至 {MAX_ENTRY} 字节，全部没有写入。",
                    f"Entry {number + 1} has {len(entry)} bytes, not 1 to {MAX_ENTRY}; nothing was "
                    "written.",
                )
        self._place(entries)
        if settles:
            self.flush()
            return
        self._write_pending()
        self._is_settled = False
        for path, content in self._edge_files():
            _show(self.folder / path, content)

    def settle(self) -> None:
        """Sync what `append` wrote without waiting for the disk."""
        if not self._is_settled:
            self.flush()

    def _place(self, entries: Sequence[bytes]) -> None:
        at = 0
        while at < len(entries):
            taken = entries[at : at + WIDTH - len(self._bundle)]
            at += len(taken)
            self._bundle.extend(taken)
            self._carry([leaf_hash(entry) for entry in taken])
            if len(self._pending) >= _BATCH:
                self._write_pending()

    def _carry(self, hashes: list[bytes]) -> None:
        """Add leaf hashes, which fill at most one tile, and carry every full tile's root up."""
        self.size += len(hashes)
        level = 0
        while hashes:
            if level == len(self._edges):
                self._edges.append([])
            edge = self._edges[level]
            edge.extend(hashes)
            if len(edge) < WIDTH:
                return
            number = (self.size >> (8 * (level + 1))) - 1
            if level == 0:
                self._pending.append((tile_path(ENTRIES, number), bundled(self._bundle)))
                self._bundle = []
            self._pending.append((tile_path(level, number), b"".join(edge)))
            hashes = [root_of(edge)]
            self._edges[level] = []
            level += 1

    def flush(self) -> None:
        """Write and sync everything, the right edge in partial tiles."""
        self._pending += self._edge_files()
        self._write_pending()
        self._is_settled = True

    def _edge_files(self) -> Iterator[tuple[str, bytes]]:
        """The partial tiles of the right edge."""
        if self._bundle:
            path = tile_path(ENTRIES, self.size // WIDTH, len(self._bundle))
            yield path, bundled(self._bundle)
        for level, edge in enumerate(self._edges):
            if edge:
                path = tile_path(level, self.size >> (8 * (level + 1)), len(edge))
                yield path, b"".join(edge)

    def _write_pending(self) -> None:
        write_durably(self.folder, self._pending)
        for path, _ in self._pending:
            self._drop_partials(path)
        self._pending = []

    def _drop_partials(self, path: str) -> None:
        """When the full tile stands, the partial ones before it are of no more use."""
        if ".p/" not in path:
            _drop_folder(self.folder / f"{path}.p")

    def root(self) -> bytes:
        """The root over everything taken so far."""
        whole: list[bytes] = []
        for level in reversed(range(len(self._edges))):
            edge = self._edges[level]
            whole += [root_of(edge[at : at + n]) for at, n in complete_subtrees(0, len(edge))]
        return joined(whole)


def _right_edges(size: int) -> Iterator[tuple[int, int]]:
    """Level and number of the partial tile at the right edge of each level."""
    level = 0
    while size >> (8 * level):
        yield level, size >> (8 * (level + 1))
        level += 1


def _full_tiles(size: int) -> Iterator[tuple[int, int]]:
    """Each level with how many full tiles stand below it, in a tree of full bundles only."""
    level = 0
    while size >> (8 * level):
        yield level, size >> (8 * level)
        level += 1


def first_needed(size: int) -> int:
    """From which entry on the right edge of a journal can be made anew: its first partial bundle."""
    return size - size % WIDTH


def _drop_folder(partial: Path) -> None:
    """Remove the partial tiles of one place."""
    if partial.is_dir():
        for old in partial.iterdir():
            old.unlink()
        partial.rmdir()


def _show(path: Path, content: bytes) -> None:
    """Write a file whole, for readers of now; it is synced later."""
    with told_plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f"{path.name}{SCRATCH}")
        scratch.write_bytes(content)
        scratch.replace(path)


def write_durably(folder: Path, files: Sequence[tuple[str, bytes]]) -> None:
    """Write files below a folder so that they are whole and survive a power cut.

    Each is written beside its place and synced; then all are moved into place in their order, and
    the folders they lie in are synced, new ones together with what they were made in.

    Raises:
        RefusedError: where a name cannot be written to.
        EnvironmentFault: where the disk is full or may not be written; no file is changed then.
    """
    folders: set[Path] = set()
    scratch = [folder / f"{path}{SCRATCH}" for path, _ in files]
    with told_plainly(folder):
        try:
            for path, (_, content) in zip(scratch, files, strict=True):
                _make_folder(path.parent, folders)
                path.write_bytes(content)
            for path in scratch:
                sync(path)
        except OSError:
            for path in scratch:
                with suppress(OSError):
                    path.unlink()
            raise
        _move_in_order(scratch, folders)


def _move_in_order(scratch: Sequence[Path], folders: set[Path]) -> None:
    """Move files into place and sync each folder before anything moves into the next.

    Otherwise a power cut could leave a later bundle on the disk and not the one before it.
    """
    by_folder: dict[Path, list[Path]] = {}
    for path in scratch:
        by_folder.setdefault(path.parent, []).append(path)
    for place, paths in by_folder.items():
        for path in paths:
            path.replace(path.with_name(path.name.removesuffix(SCRATCH)))
        sync(place)
    for changed in folders - by_folder.keys():
        sync(changed)


def _make_folder(place: Path, changed: set[Path]) -> None:
    """Make a folder with its parents, and note every one whose listing changes."""
    changed.add(place)
    if not place.is_dir():
        _make_folder(place.parent, changed)
        place.mkdir(exist_ok=True)
