"""Acts about the journal itself: text removed by law, batch runs, what the program seals and rewrites."""

from dataclasses import dataclass
from typing import ClassVar

from kaoping.core.acts.words import Code, Digest, Marks, Moment, Natural, Text, Uuid

PROGRAM = "ba4cb6b8-6721-55e2-b1bd-6df5442f1f4c"
"""Who acts where the platform itself does: the name-based UUID of `kaoping:program`."""


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


@dataclass(frozen=True, slots=True)
class EventCount:
    """安全记录 of one kind: how many there were."""

    kind: Code
    count: Natural


@dataclass(frozen=True, slots=True)
class SecurityLogSealed:
    """安全记录封存: the rows of the security log after one number up to another, bound by their digest.

    `marks` tell which row differs where the digest does not hold; `schema` is the fingerprint of the
    database's tables, columns and triggers at that time.
    """

    wire: ClassVar[str] = "security_log.sealed/1"
    after: Natural
    until: Natural
    count: Natural
    digest: Digest
    first_at: Moment
    last_at: Moment
    kinds: tuple[EventCount, ...]
    marks: Marks
    schema: Digest


@dataclass(frozen=True, slots=True)
class TableRows:
    """一张登记表: how many rows it has, and the digest over theirs in the order of their ids."""

    table: Code
    rows: Natural
    digest: Digest


@dataclass(frozen=True, slots=True)
class RegisterMigrated:
    """登记表改版: a new version of the program wrote the register anew; the digests are those after it."""

    wire: ClassVar[str] = "register.migrated/1"
    migration: Code
    program: Text
    tables: tuple[TableRows, ...]
