"""报送包: the manifest of what is filed, and what makes a package sound (P17).

The manifest lists every file with its size in bytes and SHA-256; the package's digest is the SHA-256
of the manifest's canonical text. A package is sound where its files are exactly those listed, byte
for byte. Reading and writing the archive is `files`' work; this module only judges.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.canonical import encode, sha256
from kaoping.core.errors import TamperError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

FORMAT = "kaoping-package/1"
MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class FiledFile:
    """One file of a package: its path, size in bytes, and SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """清单 of a package; `inputs` are digests of what it was made from and does not carry."""

    title: str
    document_number: str
    year: int
    made_at: str
    engine: str
    files: tuple[FiledFile, ...]
    inputs: tuple[FiledFile, ...]

    def as_json(self) -> dict[str, object]:
        """The manifest as its canonical text says it."""
        return {
            "format": FORMAT,
            "title": self.title,
            "document_number": self.document_number,
            "year": self.year,
            "made_at": self.made_at,
            "engine": self.engine,
            "files": [_as_json(file) for file in self.files],
            "inputs": [_as_json(file) for file in self.inputs],
        }

    @property
    def head(self) -> bytes:
        """What it says besides the files: the canonical text of the fields before them."""
        table = self.as_json()
        return encode({key: table[key] for key in table if key not in {"files", "inputs"}})

    @property
    def content(self) -> bytes:
        """The canonical text, as it lies in the package."""
        return encode(self.as_json())

    @property
    def digest(self) -> str:
        """The digest of the whole package, in hex."""
        return sha256(self.content)


def _as_json(file: FiledFile) -> dict[str, object]:
    return {"path": file.path, "size": file.size, "sha256": file.sha256}


def filed_file(path: str, content: bytes) -> FiledFile:
    """A file's line in the manifest."""
    return FiledFile(path, len(content), sha256(content))


def moment_text(moment: datetime) -> str:
    """An instant as the manifest writes it, to the second with its offset."""
    return moment.isoformat(timespec="seconds")


def read_manifest(content: bytes) -> Manifest:
    """The manifest of a package.

    Raises:
        TamperError: where it is not a manifest, or not in its canonical form.
    """
    try:
        table = json.loads(content)
        manifest = Manifest(
            title=str(table["title"]),
            document_number=str(table["document_number"]),
            year=int(table["year"]),
            made_at=str(table["made_at"]),
            engine=str(table["engine"]),
            files=_read_files(table["files"]),
            inputs=_read_files(table["inputs"]),
        )
        is_ours = table["format"] == FORMAT and manifest.content == content
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise tampered(MANIFEST_NAME, "清单无法读取", "the manifest cannot be read") from None
    if not is_ours:
        raise tampered(MANIFEST_NAME, "清单被改动过", "the manifest was changed")
    return manifest


def _read_files(rows: list[dict[str, object]]) -> tuple[FiledFile, ...]:
    return tuple(
        FiledFile(str(row["path"]), int(str(row["size"])), str(row["sha256"])) for row in rows
    )


def verify_files(manifest: Manifest, found: Mapping[str, tuple[int, str]]) -> None:
    """Compare what a package holds with its manifest.

    Args:
        manifest: what should be there.
        found: size in bytes and SHA-256 of every file that is there, by path, in their order.

    Raises:
        TamperError: naming the first file that is missing, changed or not listed.
    """
    paths = [file.path for file in manifest.files]
    if len(set(paths)) < len(paths):
        raise tampered(MANIFEST_NAME, "清单重复列出同一文件", "it lists a file twice")
    for file in manifest.files:
        if file.path not in found:
            raise tampered(file.path, "清单所列文件不在包内", "a listed file is missing")
        size, digest = found[file.path]
        if (size, digest) != (file.size, file.sha256):
            raise tampered(file.path, "文件内容与清单不符", "the content differs from the manifest")
    for path in found:
        if path not in paths and path != MANIFEST_NAME:
            raise tampered(path, "包内有清单未列的文件", "a file is not in the manifest")
    if list(found) != [MANIFEST_NAME, *paths]:
        raise tampered(MANIFEST_NAME, "文件次序与清单不同", "the files are in another order")


def tampered(path: str, zh: str, en: str) -> TamperError:
    """The error for a package that cannot be what was filed, naming the file."""
    path = "".join(c if c.isprintable() else "?" for c in path)
    return TamperError(
        f"报送包核对不通过：{path}：{zh}。请勿采用，并向报送单位核实。",
        f"The package does not verify: {path}: {en}. Do not use it; ask the unit that filed it.",
    )
