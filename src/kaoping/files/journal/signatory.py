"""Who signs for a journal whose entries another keeps: handed the entries, never a database.

It holds the key, what the key signed last, and the right edge of the tree between one signature and
the next. Whatever it is handed is compared with what it signed before: it signs continuations only.
One signature stands for all who asked at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from kaoping.core.errors import InputError, KaopingError, TamperError
from kaoping.core.journal import SignedCheckpoint, time_of
from kaoping.files.journal.tiles import TileReader, TileWriter, first_needed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kaoping.core.note import Signer
    from kaoping.files.journal.folder import Journal, LastSigned
    from kaoping.files.journal.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Handed:
    """Entries to be signed.

    Attributes:
        first: the index of the first.
        entries: the leaves of the tree, in their order.
    """

    first: int
    entries: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Nothing can be signed with these entries alone: all from an index on are asked for.

    Attributes:
        first: that index.
        least: how many entries there must be altogether: as many were signed, or taken, before.
    """

    first: int
    least: int


Answer: TypeAlias = SignedCheckpoint | Wanted | KaopingError


@dataclass(slots=True)
class _Edge:
    """The right edge between two signatures; `least` entries there must be before the next one."""

    signed: SignedCheckpoint
    writer: TileWriter
    least: int


class _ShortError(Exception):
    """The tiles hold more entries that were taken and not signed than were handed in."""

    def __init__(self, least: int) -> None:
        super().__init__(least)
        self.least = least


class _OtherError(Exception):
    """The tiles hold another entry, taken and not signed, than was handed in."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


class Signatory:
    """Signs for one journal; threads come one after the other.

    Args:
        journal: whose tiles and checkpoint it writes.
        key: its key.
        state: the file, beside the key, that keeps what was signed last.
        on_rebuilt: is told from which entry on damaged tiles were made anew.
    """

    def __init__(
        self,
        journal: Journal,
        key: SigningKey,
        state: Path,
        on_rebuilt: Callable[[int], None] = lambda _first: None,
    ) -> None:
        self.journal, self.key, self.state = journal, key, state
        self._on_rebuilt = on_rebuilt
        self._turn = Lock()
        self._edge: _Edge | None = None

    def require_sound(self) -> None:
        """That the journal goes with the key and does not contradict what was signed last.

        Raises:
            RefusedError: where the key is another one's, or nothing is kept of what it signed.
            TamperError: where what the key signed last is not in the journal.
        """
        with self._turn, self.journal.signing(self.key, self.state) as (_, last):
            assert last is not None
            now = self.journal.checkpoint().checkpoint
            kept = last.of(now.origin)
            if kept is None or kept.size <= now.size:
                last.refuse_another(now, TileReader(self.journal.folder, now.size), now)

    def sign(self, handed: Sequence[Handed]) -> list[Answer]:
        """Sign everything that was handed in, with one checkpoint; an answer for each.

        Raises:
            KaopingError: where nothing can be signed for anybody.
        """
        with self._turn, self.journal.signing(self.key, self.state) as (signer, last):
            assert last is not None
            is_done = False
            try:
                own = [self._taken(one, last) for one in handed]
                # Who has no answer of his own has his entries in the tree that is signed now.
                common = None if all(own) else self._signed(signer, last)
                is_done = True
            finally:
                if not is_done:
                    self._edge = None  # what stands on the disk is looked at anew
        return [answer for answer in (one or common for one in own) if answer is not None]

    def settle(self) -> None:
        """Sync the partial tiles: after an idle second, and before the end."""
        with self._turn, self.journal.signing(self.key, self.state):
            if self._edge and self._stands(self._edge):
                self._edge.writer.settle()

    def _stands(self, edge: _Edge) -> bool:
        """Whether nobody else signed or cosigned since."""
        return edge.signed.content == self.journal.note()

    def _signed(self, signer: Signer, last: LastSigned) -> SignedCheckpoint | Wanted:
        edge = self._edge
        assert edge is not None
        if edge.writer.size < edge.least:
            return Wanted(edge.signed.checkpoint.size, edge.least)
        edge.signed = self.journal.sign(edge.signed, edge.writer, [signer], last)
        return edge.signed

    def _taken(self, handed: Handed, last: LastSigned) -> Wanted | KaopingError | None:
        """Take into the tree what is new of it; None where that was possible."""
        if self._edge is not None and not self._stands(self._edge):
            self._edge = None
        try:
            found = self._edge or self._found(handed, last)
            if isinstance(found, Wanted):
                return found
            self._edge = found
            return _appended(found.writer, handed)
        except (TamperError, InputError) as error:
            return error

    def _found(self, handed: Handed, last: LastSigned) -> _Edge | Wanted:
        """The right edge as it stands on the disk, else made anew from what was handed in."""
        signed = self.journal.checkpoint()
        size, root = signed.checkpoint.size, signed.checkpoint.root
        kept = last.of(signed.checkpoint.origin)
        least = max(size, kept.size if kept else 0)
        if handed.first > size:
            return Wanted(size, least)
        folder = self.journal.folder
        try:
            writer = TileWriter(folder, size, root, lambda at, them: _vouch(handed, at, them))
        except _ShortError as short:
            return Wanted(size, short.least)
        except _OtherError as other:
            raise _differs(other.index) from None
        except TamperError:
            base = first_needed(size)
            if handed.first > base or handed.first + len(handed.entries) < size:
                return Wanted(base, least)
            writer = TileWriter.rebuilt(folder, size, root, handed.first, handed.entries)
            self._on_rebuilt(base)
        return _Edge(signed, writer, least)


def _vouch(handed: Handed, first: int, found: Sequence[bytes]) -> None:
    """Compare entries that were taken and not signed before a crash with what is handed in now."""
    start = first - handed.first
    given = handed.entries[start : start + len(found)]
    for index, (one, other) in enumerate(zip(given, found, strict=False), start=first):
        if one != other:
            raise _OtherError(index)
    if len(given) < len(found):
        raise _ShortError(first + len(found))


def _appended(writer: TileWriter, handed: Handed) -> Wanted | None:
    """Compare what stands in the tree already, and append the rest.

    Raises:
        TamperError: naming the first entry that differs, or that goes back in time.
        InputError: where one is no entry; nothing is taken then.
    """
    size = writer.size
    if handed.first > size:
        return Wanted(size, size)
    known, new = handed.entries[: size - handed.first], handed.entries[size - handed.first :]
    reader = TileReader(writer.folder, size)
    for index, entry in enumerate(known, start=handed.first):
        if entry != (writer.recent(index) or reader.entry(index)):
            raise _differs(index)
    if new:
        _require_entries(size, known[-1:], new)
        writer.append(new, settles=False)
    return None


def _require_entries(first: int, before: Sequence[bytes], new: Sequence[bytes]) -> None:
    times = [time_of(entry) or b"" for entry in (*before, *new)]
    for index, entry_time in enumerate(times[len(before) :], start=first):
        if not entry_time:
            raise InputError(
                f"第 {index} 条不是日志条目，没有签署。",
                f"Entry {index} is no entry of a journal; nothing was signed.",
            )
    if times != sorted(times):
        raise TamperError(
            f"第 {first} 条起有条目的时间早于前一条，没有签署。请保留现场，核查服务器时间和数据库。",
            f"From entry {first} on one is earlier than the one before it; nothing was signed.",
        )


def _differs(index: int) -> TamperError:
    return TamperError(
        f"第 {index} 条与日志中的不同，没有签署：数据库或日志被改动，或从备份恢复得不完整。"
        "系统已停止办理，请保留现场，通知审计管理员执行 kaoping journal verify。",
        f"Entry {index} is not what the journal has; nothing was signed. The database or the journal "
        "was changed, or a backup restored in part. Keep everything and run kaoping journal verify.",
    )
