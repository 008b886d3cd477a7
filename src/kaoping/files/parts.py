"""Files on their way: what has come of each lies in a file of its own, until all of it is there.

How much counts is known to who calls: bytes beyond it, left by a server that was killed, are cut off when
the next piece comes. One piece of a file is written at a time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from kaoping.core.errors import DiskFullFault, EnvironmentFault, InputError, RefusedError
from kaoping.files.atomic import FULL, let_go

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from kaoping.files.blobs import Source

_PIECE = 256 * 1024
ALGORITHMS = ("sha256", "sha1")
"""By which a piece may be checked."""


class BusyError(RefusedError):
    """Another piece of the same file is being written."""


class DifferentError(InputError):
    """A piece is not what its checksum says; nothing of it was kept."""


class TooLongError(InputError):
    """More came than was announced; what is beyond was not kept."""


class Parts:
    """The folder of files on their way.

    Args:
        folder: made if it is not there, for its owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, name: str) -> None:
        """Make the file for an upload; `name` is an id of ours."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with _told(self._folder):
            handle = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.close(handle)

    @contextmanager
    def held(self, name: str) -> Iterator[Part]:
        """The file of an upload, while nobody else writes or reads it.

        Raises:
            BusyError: where somebody does.
            EnvironmentFault: where it cannot be opened.
        """
        with _told(self._folder):
            handle = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield Part(handle, self._folder)
        except BlockingIOError:
            raise BusyError(
                "这个文件的另一段正在上传，请稍候再试。",
                "Another piece of this file is being uploaded; try again in a moment.",
            ) from None
        finally:
            let_go(handle)

    def remove(self, name: str) -> None:
        """Take a file away: it is stored, or not wanted."""
        with suppress(FileNotFoundError):
            (self._folder / name).unlink()

    def older_than(self, moment: datetime) -> set[str]:
        """The names of files to which nothing was added since a moment of this machine's clock."""
        if not self._folder.is_dir():
            return set()
        return {
            path.name
            for path in self._folder.iterdir()
            if path.stat().st_mtime < moment.timestamp()
        }


class Part:
    """One file on its way, held by one process alone."""

    def __init__(self, handle: int, folder: Path) -> None:
        self._handle, self._folder = handle, folder

    @property
    def size(self) -> int:
        """How many bytes lie in it, those that do not count included."""
        return os.fstat(self._handle).st_size

    def append(
        self, have: int, stream: Source, most: int, checksum: tuple[str, bytes] | None
    ) -> int:
        """Write what a stream gives behind the bytes that count; how many count then.

        Where the connection breaks off, what came before stays, unless it should have been checked.

        Args:
            have: how many bytes count already; no more than lie in it.
            stream: the piece.
            most: how many bytes the whole file has.
            checksum: the algorithm and the digest of the piece, if one was sent.

        Raises:
            DifferentError, TooLongError: as they say.
            EnvironmentFault: where the disk does not take it.
        """
        os.ftruncate(self._handle, have)
        os.lseek(self._handle, have, os.SEEK_SET)
        digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
        size = have
        while piece := _come(stream):
            if size + len(piece) > most:
                os.ftruncate(self._handle, have)
                raise TooLongError(
                    "文件比上传前说明的长，多出的没有收下。请重新选择文件上传。",
                    "The file is longer than it was said to be. Choose it again.",
                )
            _write(self._handle, piece, self._folder)
            size += len(piece)
            if digest is not None:
                digest.update(piece)
        if checksum is not None and digest is not None and digest.digest() != checksum[1]:
            os.ftruncate(self._handle, have)
            raise DifferentError(
                "这一段在传输中损坏，没有收下，请重传这一段。",
                "This piece was damaged on its way and was not kept; send it again.",
            )
        with _told(self._folder):
            os.fsync(self._handle)
        return size

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Its bytes from the beginning."""
        os.lseek(self._handle, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self._handle), "rb") as stream:
            yield stream


def _come(stream: Source) -> bytes:
    """The next bytes of a piece; none where the line broke off: what came before counts."""
    try:
        return stream.read(_PIECE)
    except OSError:
        return b""


def _write(handle: int, piece: bytes, folder: Path) -> None:
    rest = memoryview(piece)
    with _told(folder):
        while rest:
            rest = rest[os.write(handle, rest) :]


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except (BlockingIOError, FileExistsError):
        raise
    except OSError as error:
        is_full = error.errno in FULL
        why = "磁盘已满" if is_full else error.strerror
        fault = DiskFullFault if is_full else EnvironmentFault
        raise fault(
            f"上传文件夹 {folder} 写不进去（{why}）。已收到的部分不会丢失，请告诉系统管理员，稍后继续上传。",
            f"Nothing can be written to {folder} ({error.strerror}). What has come is kept; tell the "
            "system administrator and go on later.",
        ) from error
