"""Evidence and other large documents, stored once under their digest and re-hashed when read.

`Blobs` is what every store can do; `FolderBlobs` is one in a folder, `kaoping.files.blobs_s3` one
in an object store. Nothing is ever deleted or overwritten: a store has no such verb.

In a folder, a blob lies at `aa/bb/<sha256>`, its first four digits being the folders. It comes into
being in one step: written under `incoming`, brought to the disk, then moved.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
import stat
import tempfile
from abc import ABC, abstractmethod
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives import hashes

from kaoping.core.blob import Blob, altered, missing, refuse_unlike, valid_blob
from kaoping.core.errors import EnvironmentFault, InputError, KaopingError
from kaoping.files.atomic import told_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

PIECE = 1024 * 1024
"""Bytes read, hashed and written at a time; the last piece of a blob is withheld until it is sound."""
MAX_BLOB = 2_000_000_000
"""Bytes of the largest blob that is stored unless a store is given another limit."""


class Source(Protocol):
    """Whatever bytes are read from; empty bytes are its end."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""


class Target(Protocol):
    """Whatever bytes are written to."""

    def write(self, content: bytes, /) -> object:
        """Take all of them."""


# --- digests ------------------------------------------------------------------------------------


class Digests:
    """SHA-256, SM3 and length of the bytes that pass by, in one pass."""

    def __init__(self) -> None:
        self.size = 0
        self._sha256 = hashlib.sha256()
        self._sm3 = hashes.Hash(hashes.SM3())

    def take(self, piece: bytes) -> None:
        """Reckon with the next piece."""
        self.size += len(piece)
        self._sha256.update(piece)
        self._sm3.update(piece)

    @property
    def blob(self) -> Blob:
        """The reference to all bytes so far."""
        return Blob(self._sha256.hexdigest(), self._sm3.copy().finalize().hex(), self.size)


def absorbed(stream: Source, write: Callable[[bytes], object], limit: int) -> Blob:
    """Write a stream out piece by piece, and say what it was.

    Raises:
        InputError: as soon as it is longer than `limit` bytes.
    """
    digests = Digests()
    while piece := stream.read(PIECE):
        digests.take(piece)
        if digests.size > limit:
            raise InputError(
                f"附件超过 {limit} 字节的上限，没有存入。请压缩、拆分后再交，或请管理员提高上限。",
                f"The attachment is longer than the limit of {limit} bytes and was not stored. Make "
                "it smaller, split it, or ask an administrator for a higher limit.",
            )
        write(piece)
    return digests.blob


class Verified(io.BufferedIOBase):
    """The bytes of a blob, re-hashed while they are read.

    *Contract.* The last piece (up to `PIECE` bytes) and the end of the stream are given only after
    length, SHA-256 and SM3 of the whole were found right. So whoever has read to the end, or has
    `blob.size` bytes, has sound ones; a blob of at most `PIECE` bytes gives none before it is
    verified. Of a longer one, earlier pieces are *not yet* verified when they are given: what is
    made of them must be thrown away if a later read raises. Once a read has raised, all later ones
    raise the same; none ever gives an end that was not verified.
    """

    def __init__(self, blob: Blob, read: Callable[[int], bytes]) -> None:
        super().__init__()
        self._blob = blob
        self._read = read
        self._digests = Digests()
        self._withheld = b""
        self._rest = memoryview(b"")
        self._sound = False
        self._fault: KaopingError | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` bytes, fewer only at the end; all that is left without `size`.

        Raises:
            TamperError: naming the digest, where the bytes are not those of the blob.
            EnvironmentFault: where disk or network fail.
        """
        wanted = self._blob.size + 1 if size is None or size < 0 else size
        parts, have = [self._rest], len(self._rest)
        while have < wanted and (piece := self._next()):
            parts.append(memoryview(piece))
            have += len(piece)
        whole = memoryview(b"".join(parts)) if len(parts) > 1 else self._rest
        self._rest = whole[wanted:]
        return bytes(whole[:wanted])

    def read1(self, size: int = -1, /) -> bytes:
        """The same as `read`."""
        return self.read(size)

    def pieces(self) -> Iterator[bytes]:
        """The bytes in pieces of `PIECE`; errors as of `read`."""
        return iter(partial(self.read, PIECE), b"")

    def _next(self) -> bytes:
        """The next piece that may be given; empty at an end that was verified."""
        if self._fault:
            raise self._fault
        try:
            while not self._sound:
                given, self._withheld = self._withheld, self._one_more()
                if given:
                    return given
        except KaopingError as fault:
            self._fault = fault
            raise
        return b""

    def _one_more(self) -> bytes:
        """One piece more of what is stored; at its end all of it must have been the blob's."""
        piece = self._read(PIECE)
        self._digests.take(piece)
        if self._digests.size > self._blob.size:
            due = self._blob.size
            raise altered(
                self._blob, f"应有 {due} 字节，实际更长", f"{due} bytes are due, more are there"
            )
        if not piece:
            refuse_unlike(self._blob, self._digests.blob)
            self._sound = True
        return piece


# --- what every store can do ----------------------------------------------------------------------


class Blobs(ABC):
    """A store of blobs. There is no verb to delete or to replace one."""

    @abstractmethod
    def put(self, stream: Source) -> Blob:
        """Store what a stream gives, in constant memory; the same bytes twice are stored once.

        Bytes that are there already are verified first. If they are damaged, they stay as they are:
        they show what happened and when, and whether a copy may take their place is a person's
        decision, not that of whoever files the same document again.

        Raises:
            InputError: where it is longer than the limit of the store; nothing is left behind.
            TamperError: where the bytes under the same digest are damaged.
            EnvironmentFault: where disk or network fail; nothing is left behind.
        """

    @abstractmethod
    def contains(self, blob: Blob) -> bool:
        """Whether something is stored under the digest; it may be damaged, `check` tells.

        Raises:
            EnvironmentFault: where disk or network fail.
        """

    @abstractmethod
    def _stored(self, blob: Blob) -> AbstractContextManager[Callable[[int], bytes]]:
        """A function that reads what is stored, a number of bytes at a time."""

    @contextmanager
    def open(self, blob: Blob) -> Iterator[Verified]:
        """The bytes of a blob to be read; mind the contract of `Verified`.

        Raises:
            InputError: where the reference itself is malformed.
            TamperError: naming the digest, where nothing is stored (at once) or something else is
                (while it is read).
            EnvironmentFault: where disk or network fail.
        """
        valid_blob(blob.sha256, blob.sm3, blob.size)
        with self._stored(blob) as read:
            yield Verified(blob, read)

    def read(self, blob: Blob) -> bytes:
        """All bytes of a blob, verified; errors as of `open`."""
        with self.open(blob) as stream:
            return stream.read()

    @contextmanager
    def copied(self, blob: Blob) -> Iterator[IO[bytes]]:
        """All bytes of a blob, verified, as a file of one's own: to seek in, or to hand to another process.

        Raises:
            DiskFullFault: where the disk for temporary files is full; else as `open`.
        """
        with nameless_file() as (copy, place):
            with self.open(blob) as stream:
                for piece in stream.pieces():
                    write_out(copy.fileno(), place, piece)
            copy.seek(0)
            yield copy

    def copy_to(self, blob: Blob, target: Target) -> None:
        """Write the bytes of a blob to a target; errors as of `open`.

        If it raises, the target has got a part, at least the last piece lacking: the caller throws
        that away.
        """
        with self.open(blob) as stream:
            for piece in stream.pieces():
                target.write(piece)

    def check(self, blob: Blob) -> None:
        """Hash what is stored anew, with both digests; errors as of `open`."""
        with self.open(blob) as stream:
            for _ in stream.pieces():
                pass


# --- a folder -------------------------------------------------------------------------------------

_INCOMING = "incoming"
_SCRATCH = "blob-"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_ITSELF = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Open a file, not what a link leads to, and do not wait for the other end of a pipe."""
_NOT_PLAIN = (
    "该处不是普通文件（如链接、文件夹）",
    "no plain file is there, but a link or the like",
)


class FolderBlobs(Blobs):
    """Blobs in a folder of one disk, which any number of processes may use at the same time.

    Args:
        root: an existing folder, which nobody else writes into.
        limit: bytes of the largest blob that is stored.
        only_reading: whether nothing in the folder may be touched, as under an inquiry.

    Raises:
        EnvironmentFault: where the folder is not there: an empty one in its place, made by mistake
            while the disk is away, would look like the loss of everything.
    """

    def __init__(self, root: Path, limit: int = MAX_BLOB, *, only_reading: bool = False) -> None:
        self._root = root
        self._limit = limit
        os.close(self._root_handle())
        if not only_reading:
            self._sweep()

    @classmethod
    def made_in(cls, root: Path, limit: int = MAX_BLOB) -> FolderBlobs:
        """A store in a folder that is made if it is not there, for its owner and group only.

        Raises:
            EnvironmentFault, RefusedError: where it cannot be made.
        """
        new = [folder for folder in (root, *root.parents) if not folder.exists()]
        with _writing(root):
            root.mkdir(mode=0o750, parents=True, exist_ok=True)
            for folder in new:
                _sync(folder.parent)
        return cls(root, limit)

    def put(self, stream: Source) -> Blob:
        """Store a stream: on the disk, in its place and read-only when this returns."""
        with self._scratch() as (name, handle):
            blob = absorbed(stream, partial(write_out, handle, self._root), self._limit)
            with _writing(self._root):
                os.fchmod(handle, 0o444)
                os.fsync(handle)
                self._settle(name, blob)
        return blob

    def contains(self, blob: Blob) -> bool:
        """Whether a plain file lies under the digest."""
        valid_blob(blob.sha256, blob.sm3, blob.size)
        with _reading(blob):
            try:
                with self._shard(blob) as shard:
                    found = os.stat(blob.sha256, dir_fd=shard, follow_symlinks=False)
            except FileNotFoundError:
                return False
        return stat.S_ISREG(found.st_mode)

    @contextmanager
    def _stored(self, blob: Blob) -> Iterator[Callable[[int], bytes]]:
        with _reading(blob), self._shard(blob) as shard:
            handle = _plain_file(blob, shard)
        with os.fdopen(handle, "rb") as file:

            def read(size: int) -> bytes:
                with _reading(blob):
                    return file.read(size)

            yield read

    def _root_handle(self) -> int:
        try:
            return os.open(self._root, _FOLDER)
        except OSError as error:
            raise EnvironmentFault(
                f"附件存储文件夹 {self._root} 打不开（{error.strerror}）。请检查磁盘是否已挂载、"
                "路径和权限是否正确。",
                f"The folder of attachments {self._root} cannot be opened ({error.strerror}). See "
                "whether its disk is mounted and whether path and permissions are right.",
            ) from error

    @contextmanager
    def _shard(self, blob: Blob, *, made: bool = False) -> Iterator[int]:
        """A handle of the folder a blob belongs to; no link on the way is followed.

        When they are `made`, the folders are brought to the disk even if they were there: whoever
        made them may have been killed just before.
        """
        with ExitStack() as stack:
            handle = self._root_handle()
            stack.callback(os.close, handle)
            for name in (blob.sha256[:2], blob.sha256[2:4]):
                if made:
                    with suppress(FileExistsError):
                        os.mkdir(name, dir_fd=handle)
                    os.fsync(handle)
                try:
                    handle = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=handle)
                except NotADirectoryError:
                    raise altered(blob, *_NOT_PLAIN) from None
                stack.callback(os.close, handle)
            yield handle

    def _settle(self, scratch: str, blob: Blob) -> None:
        """Move a finished file to its place, or verify what is there.

        Should another process do the same between look and move, the same bytes replace the same.
        """
        with self._shard(blob, made=True) as shard:
            try:
                os.stat(blob.sha256, dir_fd=shard, follow_symlinks=False)
            except FileNotFoundError:
                os.rename(scratch, blob.sha256, dst_dir_fd=shard)
            else:
                self.check(blob)
            os.fsync(shard)

    # --- what is on its way in

    @contextmanager
    def _scratch(self) -> Iterator[tuple[str, int]]:
        """Name and handle of a file to be filled, marked as in use while this process lives; gone afterwards."""
        with _writing(self._root):
            (self._root / _INCOMING).mkdir(mode=0o750, exist_ok=True)
            handle, name = self._claimed()
        try:
            yield name, handle
        finally:
            Path(name).unlink(missing_ok=True)
            os.close(handle)

    def _claimed(self) -> tuple[int, str]:
        """A new file under lock; one that a sweeping process was faster to lock is given up."""
        while True:
            handle, name = tempfile.mkstemp(prefix=_SCRATCH, dir=self._root / _INCOMING)
            if _locked(handle) and os.fstat(handle).st_nlink:
                return handle, name
            os.close(handle)

    def _sweep(self) -> None:
        """Remove what killed processes left half-written; what is in use stays."""
        with suppress(OSError), ExitStack() as stack:
            folder = os.open(self._root / _INCOMING, _FOLDER | os.O_NOFOLLOW)
            stack.callback(os.close, folder)
            for name in os.listdir(folder):  # noqa: PTH208 - of a handle: no link is followed
                if name.startswith(_SCRATCH):
                    _remove_unused(name, folder)


@contextmanager
def nameless_file() -> Iterator[tuple[IO[bytes], Path]]:
    """A file for what is too large for memory, with the folder whose disk it is on; gone even if we are killed.

    Raises:
        EnvironmentFault: where there can be none.
    """
    place = Path(tempfile.gettempdir())
    with told_plainly(place):
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by the next line
    with file:
        yield file, place


def write_out(handle: int, place: Path, piece: bytes) -> None:
    """Write all bytes of a piece; without a buffer, what fails fails here and not when it is closed.

    Raises:
        EnvironmentFault: naming the place, where the disk is full or the like.
    """
    view = memoryview(piece)
    with _writing(place):
        while view:
            view = view[os.write(handle, view) :]


def _remove_unused(name: str, folder: int) -> None:
    with suppress(OSError):
        handle = os.open(name, _ITSELF, dir_fd=folder)
        try:
            if stat.S_ISREG(os.fstat(handle).st_mode) and _locked(handle):
                os.unlink(name, dir_fd=folder)
        finally:
            os.close(handle)


def _locked(handle: int) -> bool:
    """Whether the file is ours alone from now on; False where another holds it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _plain_file(blob: Blob, shard: int) -> int:
    """A handle of a blob's file; anything but a plain file counts as altered."""
    try:
        handle = os.open(blob.sha256, _ITSELF, dir_fd=shard)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise altered(blob, *_NOT_PLAIN) from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise altered(blob, *_NOT_PLAIN)
    return handle


def _sync(folder: Path) -> None:
    handle = os.open(folder, _FOLDER)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- what the operating system says -----------------------------------------------------------------


@contextmanager
def _reading(blob: Blob) -> Iterator[None]:
    """Turn what the operating system says while a blob is read into an error of ours."""
    try:
        yield
    except FileNotFoundError:
        raise missing(blob) from None
    except OSError as error:
        raise EnvironmentFault(
            f"现在读不出 SHA-256 为 {blob.sha256} 的附件（{error.strerror}）。请检查磁盘和权限后重试。",
            f"The attachment with SHA-256 {blob.sha256} cannot be read now ({error.strerror}). Look "
            "at disk and permissions, and try again.",
        ) from error


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    """The same while something is stored."""
    try:
        with told_plainly(root):
            yield
    except OSError as error:
        raise EnvironmentFault(
            f"附件没有存入 {root}（{error.strerror}）。请检查磁盘后重试。",
            f"The attachment was not stored in {root} ({error.strerror}). Look at the disk and try "
            "again.",
        ) from error
