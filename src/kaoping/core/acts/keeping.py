"""Acts about the journal itself: text removed by law, what a batch run computed and wrote."""

from dataclasses import dataclass
from typing import ClassVar

from kaoping.core.acts.words import Code, Digest, Natural, Text, Uuid


@dataclass(frozen=True, slots=True)
class TextRedacted:
    """依法删除: the text of an entry is removed, its commitment stays."""

    wire: ClassVar[str] = "text.redacted/1"
    index: Natural
    legal_basis: Text
    reason: Text
    content_digest: Digest


@dataclass(frozen=True, slots=True)
class ListedFile:
    """一个文件: its path within the folder, its SHA-256, its size in bytes."""

    path: Code
    sha256: Digest
    size: Natural


@dataclass(frozen=True, slots=True)
class RunComputed:
    """批量计算: what a run of the program read and what it wrote; nobody signs it."""

    wire: ClassVar[str] = "run.computed/1"
    engine: Text
    scheme: Digest
    inputs: tuple[ListedFile, ...]
    scores: Digest
    results: tuple[ListedFile, ...]


@dataclass(frozen=True, slots=True)
class RunWritten:
    """批量结果写出: the files that came of a run; `run` is the id of its `run.computed` act."""

    wire: ClassVar[str] = "run.written/1"
    run: Uuid
    files: tuple[ListedFile, ...]
