"""Zip archives that are the same bytes for the same content."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

EARLIEST, LATEST = datetime(1980, 1, 1), datetime(2107, 12, 31, 23, 59, 58)  # noqa: DTZ001
"""The times an archive can hold, without a zone; one outside them stands as the nearest."""
_READABLE = 0o100644 << 16
_LONGEST_NAME = 60
"""In characters: three bytes each, and an ending, stay below what every disk takes."""
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
"""Names that some systems keep for devices."""


def zipped(files: Iterable[tuple[str, bytes]], moment: datetime) -> bytes:
    """An archive of files in the order given, all dated `moment`; compressed."""
    return _archive(files, moment, zipfile.ZIP_DEFLATED)


def stored(files: Iterable[tuple[str, bytes]], moment: datetime) -> bytes:
    """An archive of files as they are: the same bytes whatever compresses elsewhere."""
    return _archive(files, moment, zipfile.ZIP_STORED)


def _archive(files: Iterable[tuple[str, bytes]], moment: datetime, method: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, compresslevel=6) as archive:
        for path, content in files:
            archive.writestr(_info(path, moment, method), content)
    return stream.getvalue()


def _info(path: str, moment: datetime, method: int) -> zipfile.ZipInfo:
    stamp = min(max(EARLIEST, moment.replace(tzinfo=None)), LATEST).timetuple()
    info = zipfile.ZipInfo(path, stamp[:6])
    info.compress_type = method
    info.create_system = 3
    info.external_attr = _READABLE
    return info


@contextmanager
def opened_archive(
    stream: IO[bytes], moment: datetime
) -> Iterator[Callable[[str], AbstractContextManager[IO[bytes]]]]:
    """An archive being written, for members too large to be held whole: opens each by its path."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        yield lambda path: archive.open(_info(path, moment, zipfile.ZIP_DEFLATED), "w")


def rewritten(
    content: bytes, moment: datetime, changes: Mapping[str, Callable[[bytes], bytes]]
) -> bytes:
    """An office file made by a library, as an archive of ours: fixed dates, order kept.

    Args:
        content: the file.
        moment: the date of all its parts.
        changes: what becomes of a part, by its name.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = ((name, archive.read(name)) for name in archive.namelist())
        return zipped(
            ((name, changes[name](part) if name in changes else part) for name, part in parts),
            moment,
        )


def office_time(moment: datetime) -> datetime:
    """A moment as office files keep it: in universal time, without saying so."""
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # a day at the very end of the calendar
        return moment.replace(tzinfo=None)


def safe_name(name: str) -> str:
    """A file name every system accepts, close to the name given."""
    clean = "".join("_" if c in '\\/:*?"<>|' or not c.isprintable() else c for c in name)
    clean = clean.strip(". ")[:_LONGEST_NAME].rstrip(". ")
    if not clean or clean[0] in "=+-@~" or _RESERVED.fullmatch(clean):
        return f"_{clean}"
    return clean
