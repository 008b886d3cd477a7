"""存证: entries that were committed get into the tiles and under one signed checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.errors import TamperError
from kaoping.web.models import Entry
from kaoping.web.queue import one_at_a_time

if TYPE_CHECKING:
    from pathlib import Path

    from kaoping.core.journal import SignedCheckpoint
    from kaoping.files.journal.folder import Journal
    from kaoping.files.journal.keys import SigningKey


def seal(journal: Journal, key: SigningKey, signed: Path) -> SignedCheckpoint:
    """Sign everything committed so far: one checkpoint for all who wait.

    Raises:
        TamperError: where entries are missing, or differ from what was signed.
    """
    with one_at_a_time(signed.with_name(f"{signed.name}.queue")):
        present = journal.checkpoint()
        newest = Entry.objects.order_by("-index").values_list("index", flat=True).first()
        size, signed_size = (0 if newest is None else newest + 1), present.checkpoint.size
        if size < signed_size:
            raise TamperError(
                f"数据库只有 {size} 条存证，而已签署 {signed_size} 条：数据库被退回到了较早的状态。"
                "系统已停止办理，请恢复完整的数据库。",
                f"ROLLBACK: the database has {size} entries, but {signed_size} were signed. Restore "
                "the whole database.",
            )
        if size == signed_size:
            return present
        return journal.seal_entries(entries_from, key, signed)


def entries_from(first: int) -> list[bytes]:
    """The entries of the database from an index on.

    Raises:
        TamperError: where one is missing between them.
    """
    found = Entry.objects.filter(index__gte=first).order_by("index").values_list("index", "content")
    contents = []
    for due, (index, content) in enumerate(found, start=first):
        if index != due:
            raise TamperError(
                f"数据库缺少第 {due} 条存证，没有签署。请保留现场，从备份取回。",
                f"Entry {due} is missing from the database; nothing was signed.",
            )
        contents.append(content.encode())
    return contents
