"""The filing package as an archive: built from its parts, and verified byte by byte."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kaoping import __version__
from kaoping.core.errors import InputError, TamperError
from kaoping.core.package import (
    MANIFEST_NAME,
    FiledFile,
    Manifest,
    filed_file,
    moment_text,
    read_manifest,
    tampered,
    verify_files,
)
from kaoping.files.archive import stored
from kaoping.files.documents import read_bytes
from kaoping.files.journal.run import verify_run
from kaoping.files.structure import is_bomb, unsafe_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kaoping.core.journal import Checkpoint
    from kaoping.core.note import VerifierKey
    from kaoping.core.scheme import Scheme

MAX_PACKAGE = 2_000_000_000
MAX_UNPACKED = 4_000_000_000
MAX_FILES = 10_000
MAX_MANIFEST = 20_000_000


def manifest_of(
    scheme: Scheme,
    files: Sequence[tuple[str, bytes]],
    inputs: Sequence[FiledFile],
    made_at: datetime,
) -> Manifest:
    """The manifest of a package of these files."""
    return Manifest(
        title=scheme.title,
        document_number=scheme.document_number,
        year=scheme.year,
        made_at=moment_text(made_at),
        engine=f"kaoping {__version__}",
        files=tuple(filed_file(path, content) for path, content in files),
        inputs=tuple(inputs),
    )


def build_package(
    scheme: Scheme,
    files: Sequence[tuple[str, bytes]],
    inputs: Sequence[FiledFile],
    made_at: datetime,
) -> tuple[bytes, Manifest]:
    """The archive and its manifest; the manifest is its first member."""
    manifest = manifest_of(scheme, files, inputs, made_at)
    return stored([(MANIFEST_NAME, manifest.content), *files], made_at), manifest


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    OSError,
    RuntimeError,
    EOFError,
    OverflowError,
    MemoryError,
)
"""What a damaged or hostile archive makes its reader raise."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A package that is sound; `checkpoint` is that of the journal it carries, if it carries one."""

    manifest: Manifest
    checkpoint: Checkpoint | None


def verify_package(path: Path, keys: Sequence[VerifierKey] = ()) -> Verified:
    """What a sound package holds.

    Every file is digested; then the archive is built anew from its parts and compared with the
    file byte for byte, so that nothing can hide between or behind the members. The journal it
    carries is verified, and that it binds the scheme, the scores and the inputs of the package.

    Args:
        path: the package.
        keys: keys of the journal, from paper; without them the key in the package is believed, and
            only that everything fits together is shown.

    Raises:
        InputError: where there is no such file.
        TamperError: naming the first thing that is wrong.
    """
    content = _content_of(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _checked_members(archive)
            parts = [(name, archive.read(name)) for name in members]
    except TamperError:
        raise
    except _BROKEN as error:
        raise tampered(
            path.name, f"不是完好的报送包（{type(error).__name__}）", "not a sound package"
        ) from None
    manifest = read_manifest(dict(parts)[MANIFEST_NAME])
    found = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in parts}
    verify_files(manifest, found)
    if stored(parts, _made_at(manifest)) != content:
        raise tampered(
            path.name, "由各部分重建的包与原包不同", "it differs from one rebuilt from its parts"
        )
    return Verified(manifest, verify_run(dict(parts), manifest, keys))


def _content_of(path: Path) -> bytes:
    """The bytes of a package; one that is there and cannot be read does not verify."""
    try:
        return read_bytes(path, MAX_PACKAGE)
    except InputError as error:
        if not path.exists():
            raise
        raise TamperError(error.zh, error.en) from None


def _made_at(manifest: Manifest) -> datetime:
    try:
        return datetime.fromisoformat(manifest.made_at)
    except ValueError:
        raise tampered(MANIFEST_NAME, "时间无法读取", "its time cannot be read") from None


def _checked_members(archive: zipfile.ZipFile) -> list[str]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if MANIFEST_NAME not in names:
        raise tampered(MANIFEST_NAME, "包内没有清单", "the package has no manifest")
    if len(names) > MAX_FILES or len(set(names)) < len(names):
        raise tampered("zip", "成员过多或重名", "its members are too many or share names")
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise tampered("zip", "解压后过大", "it unpacks to too much")
    if any(info.compress_type != zipfile.ZIP_STORED for info in infos):
        raise tampered("zip", "不是原样存放", "its members are not stored as they are")
    if is_bomb(infos):
        raise tampered("zip", "压缩比异常", "its compression is that of a zip bomb")
    for info in infos:
        if unsafe_path(info.filename):
            raise tampered(info.filename[:80], "路径不安全", "an unsafe path")
        if info.filename == MANIFEST_NAME and info.file_size > MAX_MANIFEST:
            raise tampered(MANIFEST_NAME, "清单过大", "the manifest is too large")
    return names
