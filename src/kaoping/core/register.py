"""登记: the digests of register rows that the journal's acts wrote, folded and compared (layer S).

Every act's body lists `(table, id, version, digest)` of each row it wrote. Folded over the journal
the last one of each row stands; a register that was edited by hand, lost a row or was given one
without an act differs, and each such row is named. Nothing is replayed: rows are compared by digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.canonical import encode, sha256
from kaoping.core.errors import TamperError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Effect = tuple[str, str, int, str]
    """Table, id, version and digest of a register row that an act wrote."""

GONE = ""
"""The digest of a row that an act removed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the journal says of a row: its version, its digest, and which entry wrote it last."""

    version: int
    digest: str
    index: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the register has it: its values are texts, whole numbers, yes or no, or nothing."""

    table: str
    id: str
    version: int
    values: Mapping[str, object]

    @property
    def digest(self) -> str:
        """SHA-256 of `[table, id, version, values]` in canonical JSON, in hex."""
        return sha256(encode([self.table, self.id, self.version, self.values]))


class Fault(StrEnum):
    """How a row differs from what the journal says."""

    EDITED = "edited"
    DELETED = "deleted"
    SMUGGLED = "smuggled"


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that differs; `index` is the entry that wrote it last, None where none did."""

    fault: Fault
    table: str
    id: str
    index: int | None


Fold = dict[tuple[str, str], Written]


def fold(effects: Iterable[tuple[int, Iterable[Effect]]]) -> Fold:
    """The last digest of every row, from the effects of each entry in the order of the journal.

    Raises:
        TamperError: where a row's versions do not follow each other, so that effects are missing.
    """
    rows: Fold = {}
    for index, written in effects:
        for table, row, version, digest in written:
            before = rows.get((table, row))
            expected = before.version + 1 if before else 1
            if version != expected:
                raise TamperError(
                    f"第 {index} 条写入的 {table} {row} 是第 {version} 版，应为第 {expected} 版；"
                    "日志的正文缺失或被改动。",
                    f"Entry {index} wrote version {version} of {table} {row}, not {expected}: "
                    "bodies are missing or were changed.",
                )
            rows[table, row] = Written(version, digest, index)
    return rows


def differences(expected: Fold, rows: Iterable[Row]) -> Iterator[RowFault]:
    """Every row that was edited, smuggled in or deleted, in the order found; deleted ones last."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row.table, row.id)
        written = expected.get(key)
        if written is None or written.digest == GONE or key in seen:
            yield RowFault(Fault.SMUGGLED, *key, written.index if written else None)
        elif (written.version, written.digest) != (row.version, row.digest):
            yield RowFault(Fault.EDITED, *key, written.index)
        seen.add(key)
    for key, written in expected.items():
        if key not in seen and written.digest != GONE:
            yield RowFault(Fault.DELETED, *key, written.index)
