"""安全记录的封存: what an act binds of the security log, and which of its rows differ from it.

The rows are no acts and stand in no projection: once an hour an act takes those that came since,
with the digest over all of them and a mark for each. Where the digest holds, every row is as it was;
where it does not, the marks say which row was edited, deleted or put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from kaoping.core.register import Fault, Row, RowFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

TABLE = "security_event"
COLUMNS = ("address", "at", "detail", "kind", "login", "path", "person")
"""The columns of a row, besides its number; all of them texts."""
MOST = 800
"""How many rows one act seals at the most: their marks fit into one field."""
_MARK = 8


@dataclass(frozen=True, slots=True)
class Seal:
    """What one act sealed: the rows with a number above `after` up to `until`.

    Attributes:
        index: the entry of the act.
        digest: over the digests of all its rows.
        marks: by the number of a row, the beginning of its digest.
    """

    index: int
    after: int
    until: int
    digest: str
    marks: Mapping[int, str]

    @classmethod
    def of(cls, index: int, content: Mapping[str, Any]) -> Seal:
        """The seal of an act `security_log.sealed`, from the table of its content."""
        pairs = (mark.partition(":") for mark in content["marks"].split(" "))
        marks = {int(number): digits for number, _, digits in pairs}
        return cls(index, content["after"], content["until"], content["digest"], marks)


def row_of(number: int, values: Mapping[str, str]) -> Row:
    """A row of the security log; it is never changed, so that it has one version only."""
    return Row(TABLE, str(number), 1, values)


def digest_over(digests: Iterable[str]) -> str:
    """The digest over the digests of rows, in the order of their numbers."""
    return sha256("".join(f"{digest}\n" for digest in digests).encode()).hexdigest()


def marks_over(rows: Sequence[Row]) -> str:
    """The marks of rows, as an act holds them."""
    return " ".join(f"{row.id}:{row.digest[:_MARK]}" for row in rows)


def log_faults(seals: Sequence[Seal], rows: Iterable[Row]) -> Iterator[RowFault]:
    """Every sealed row that was edited or deleted, and every row put in among them.

    Args:
        seals: in the order of the journal, each beginning where the one before ended.
        rows: of the security log in the order of their numbers; those after the last seal are
            nobody's business yet.
    """
    coming = iter(rows)
    ahead = next(coming, None)
    for seal in seals:
        found: list[Row] = []
        while ahead is not None and int(ahead.id) <= seal.until:
            found.append(ahead)
            ahead = next(coming, None)
        if digest_over(row.digest for row in found) != seal.digest:
            yield from _faults_within(seal, found)


def _faults_within(seal: Seal, rows: Sequence[Row]) -> Iterator[RowFault]:
    """What is wrong with the rows of one seal; all of them, where no mark tells."""
    there = {int(row.id): row.digest[:_MARK] for row in rows}
    faults = [
        *((Fault.SMUGGLED, n) for n in there if n not in seal.marks),
        *((Fault.EDITED, n) for n, mark in there.items() if seal.marks.get(n, mark) != mark),
        *((Fault.DELETED, n) for n in seal.marks if n not in there),
    ]
    for fault, number in faults:
        yield RowFault(fault, TABLE, str(number), seal.index)
    if not faults:
        yield RowFault(Fault.EDITED, TABLE, f"{seal.after + 1}–{seal.until}", seal.index)
