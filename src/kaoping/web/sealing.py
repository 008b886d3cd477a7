"""存证: entries that were committed are handed to who signs, until one signed checkpoint has them all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from django.db import connection

from kaoping.core.errors import EnvironmentFault, TamperError
from kaoping.core.journal import SignedCheckpoint
from kaoping.files.atomic import told_plainly
from kaoping.files.journal.folder import CHECKPOINT
from kaoping.files.journal.signatory import Handed, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.files.journal.folder import Journal
    from kaoping.web.marks import Marks

    Sign: TypeAlias = Callable[[Handed], SignedCheckpoint | Wanted]

AT_ONCE = 2000
"""How many entries are handed over at a time: less than a million bytes."""
_ROUNDS = 3
"""How often the signer may ask for entries from further back before it is given up."""


class Published:
    """The checkpoint that lies in a journal's folder, read and verified anew only once it changes."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._place = journal.folder / CHECKPOINT
        self._held: tuple[tuple[int, ...], SignedCheckpoint] | None = None

    def __call__(self) -> SignedCheckpoint:
        """The newest.

        Raises:
            TamperError: where it is not signed by the journal's key.
        """
        with told_plainly(self._place):
            found = os.stat(self._place)  # noqa: PTH116 - asked for every page, and three times faster
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        held = self._held
        if held is None or held[0] != seen:
            self._held = held = (seen, self._journal.checkpoint())
        return held[1]


def seal(sign: Sign, published: Published, marks: Marks) -> SignedCheckpoint:
    """Have everything signed that was committed before: one checkpoint for all who wait.

    Raises:
        TamperError: where entries are missing, differ from what was signed, or came past the platform.
        EnvironmentFault: where the signer does not sign.
    """
    answer: SignedCheckpoint | Wanted = published()
    rounds = 0
    while rounds < _ROUNDS:
        if isinstance(answer, Wanted):
            rounds += 1
            wanted, least = answer.first, answer.least
        else:
            wanted = least = answer.checkpoint.size
        first = max(wanted - 1, 0)  # the last that is known is compared once more
        entries = entries_from(first, marks)
        size = first + len(entries)
        if size < least and len(entries) < AT_ONCE:
            raise _rolled_back(size if entries else committed(), least)
        if isinstance(answer, SignedCheckpoint) and size == least:
            return answer
        answer = sign(Handed(first, entries))
        if (
            isinstance(answer, SignedCheckpoint)
            and size == answer.checkpoint.size < first + AT_ONCE
        ):
            return answer
    raise EnvironmentFault(
        "存证服务一再要求补交条目，没有签署。请系统管理员查看存证服务的日志。",
        "The sealer asks for more entries again and again and signs nothing. See its log.",
    )


def entries_from(first: int, marks: Marks) -> list[bytes]:
    """The entries of the database from an index on, as many as are handed over at a time.

    Raises:
        TamperError: where one is missing between them, or was not taken by the platform.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf, content, mark FROM journal_entry WHERE leaf >= %s ORDER BY leaf LIMIT %s",
            [first, AT_ONCE],
        )
        found = cursor.fetchall()
    for due, (index, content, mark) in enumerate(found, start=first):
        if index != due or not isinstance(content, str):  # SQLite lets bytes into a column of text
            raise TamperError(
                f"数据库缺少第 {due} 条存证，或它不成文字，没有签署。请保留现场，从备份取回。",
                f"Entry {due} is missing from the database, or is no text; nothing was signed.",
            )
        marks.require(index, content, mark)
    return [content.encode() for _, content, _ in found]


def committed() -> int:
    """How many entries the database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(leaf) FROM journal_entry")
        newest = cursor.fetchone()[0]
    return 0 if newest is None else newest + 1


def waiting_since(size: int) -> str | None:
    """When the oldest entry beyond a signed size was taken; None where all are signed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM journal_entry WHERE leaf = %s", [size])
        found = cursor.fetchone()
    return found[0] if found else None


def _rolled_back(size: int, signed: int) -> TamperError:
    return TamperError(
        f"数据库只有 {size} 条存证，而已签署 {signed} 条：数据库被退回到了较早的状态。"
        "系统已停止办理，请恢复完整的数据库。",
        f"ROLLBACK: the database has {size} entries, but {signed} were signed. Restore "
        "the whole database.",
    )
