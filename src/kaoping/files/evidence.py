"""佐证材料: the evidence folder and its index, each file digested and looked at.

A bad file is refused by name with a plain sentence, and the rest goes on.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.ledger import INDEX_COLUMNS, EvidenceFile
from kaoping.files.structure import kind_fault, unsafe_path
from kaoping.files.tables import Table, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILE = 500_000_000
"""Largest evidence file, in bytes."""
_CHUNK = 1 << 20
_INDEX_NAMES = ("index.csv", "index.xlsx")


def read_index(folder: Path) -> Table | None:
    """The index of an evidence folder; None where there is no folder.

    Raises:
        InputError: where the folder has no index, or it cannot be read.
    """
    if not folder.is_dir():
        return None
    found = [folder / name for name in _INDEX_NAMES if (folder / name).exists()]
    if len(found) > 1:
        names = "、".join(path.name for path in found)
        raise InputError(
            f"{folder.name} 文件夹里同时有 {names}，无法确定用哪一个。请只留一个。",
            f"The folder {folder.name} holds two indexes; keep only one.",
        )
    if found:
        return read_table(found[0], INDEX_COLUMNS)
    raise InputError(
        f"{folder.name} 文件夹里没有 index.csv。请列出每份材料属于哪个单位、任务和目录项。",
        f"The folder {folder.name} has no index.csv naming unit, task and item of each file.",
    )


def look_at_files(folder: Path) -> tuple[EvidenceFile, ...]:
    """Every file of an evidence folder but its index, in the order of their names."""
    if not folder.is_dir():
        return ()
    return tuple(_look_at(folder, name) for name in sorted(_names(folder)))


def _names(folder: Path) -> Iterator[str]:
    for parent, folders, files in os.walk(folder, followlinks=False):
        links = (name for name in folders if (Path(parent) / name).is_symlink())
        for name in (*links, *files):
            path = (Path(parent) / name).relative_to(folder).as_posix()
            if path not in _INDEX_NAMES:
                yield path


def shown_name(name: str) -> str:
    """A file name as text, whatever its bytes are: what cannot be printed is written out."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


def _look_at(folder: Path, name: str) -> EvidenceFile:
    path = folder / name
    shown = shown_name(name)
    if path.is_symlink() or not path.is_file():
        return EvidenceFile(shown, "", 0, "是链接或特殊文件")
    if unsafe_path(name):
        return EvidenceFile(shown, "", 0, "文件名含有不允许的字符")
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            return EvidenceFile(shown, "", size, f"超过 {MAX_FILE // 1_000_000} MB")
        with path.open("rb") as stream:
            fault = kind_fault(path.suffix.lower().lstrip("."), stream)
            stream.seek(0)
            digest = hashlib.sha256()
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        return EvidenceFile(shown, "", 0, f"无法读取（{error.strerror}）")
    return EvidenceFile(shown, digest.hexdigest(), size, fault.zh if fault else "")
