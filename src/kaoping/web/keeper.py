"""The state that rules ask, followed from the entries: what may be done rests on the journal alone.

Rows of the register are for looking things up. Whoever edits one in the database gives nobody a
right by it; and an entry whose body was edited is noticed as it is read.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from django.db import connection

from kaoping.core.acts.codec import decode_act
from kaoping.core.errors import TamperError
from kaoping.core.journal import commitment, entry_of, read_body, read_entry
from kaoping.core.workflow.state import State
from kaoping.core.workflow.taking import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from kaoping.core.acts.envelope import Act
    from kaoping.core.register import Effect
    from kaoping.core.workflow.taking import Outcome
    from kaoping.web.marks import Marks

_AT_ONCE = 2000
"""How many entries are read from the database at a time."""


class Keeper:
    """The state in this process's memory; `catch_up` first, always."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._progress = Progress()
        self._versions: dict[tuple[str, str], int] = {}
        self._shown = State()
        self._trouble: TamperError | None = None
        self._marks: Marks | None = None
        self._last = ""
        """The leaf of the last entry followed: the database must still have it."""

    def demand(self, marks: Marks) -> None:
        """Follow only what the platform took itself."""
        self._marks = marks

    def state(self) -> State:
        """Where everything stands, for a page: a picture that does not change under its reader.

        Pages are shown even over a database that was tampered with, as far as its entries are sound,
        and say so (`trouble`); no act is taken over it.
        """
        with self._mutex:
            try:
                self._caught_up()
                self._trouble = None
            except TamperError as error:
                self._trouble = error
            live = self._progress.state
            if live.size != self._shown.size:
                self._shown = self._progress.picture()
            return self._shown

    @property
    def trouble(self) -> TamperError | None:
        """Why the entries could not be followed to their end when a page last asked."""
        return self._trouble

    def last_at(self) -> str:
        """When the last act was taken; empty before the first."""
        with self._mutex:
            return self._caught_up().state.last_at

    def judge(self, asked: Callable[[str], Act], now: str) -> tuple[State, Act, Outcome]:
        """What an act would bring about now; asked by who holds the write lock.

        Args:
            asked: gives the act, taken at a time.
            now: the server's time; the act's is never before the last one's.

        Raises:
            StepRefused: where the rules do not allow it.
            TamperError: where an entry is not as it was taken.
        """
        with self._mutex:
            progress = self._caught_up()
            act = asked(max(now, progress.state.last_at))
            return progress.state, act, progress.judge(act)

    def version_after(self, table: str, row: str) -> int:
        """Which version of a row an act writes next."""
        return self._versions.get((table, row), 0) + 1

    def _caught_up(self) -> Progress:
        """Follow all entries that this process has not seen yet; the last it has seen is compared again.

        Raises:
            TamperError: where one is not as it was taken, or the database was put back.
        """
        while True:
            size = self._progress.state.size
            known, *found = _entries_after(size)
            if size and known != (size - 1, self._last):
                raise _put_back(size - 1)
            for index, content, body, mark in found:
                self._follow(index, content, body, mark)
            if len(found) < _AT_ONCE:
                return self._progress

    def _follow(self, found: int, content: object, text: object, mark: object) -> None:
        index = self._progress.state.size
        if not (isinstance(content, str) and isinstance(text, str)):
            raise _not_as_taken(found, index)  # SQLite lets bytes into a column of text
        body = read_body(text)
        _require_sound(found, content, index, body)
        if self._marks is not None:
            self._marks.require(index, content, mark)
        if "act" in body:
            self._progress.follow(decode_act(body["act"]))
        else:
            self._progress.go_to(index + 1)
        self._last = content
        effects: list[Effect] = body["effects"]
        self._versions.update(((table, row), version) for table, row, version, _ in effects)


def _entries_after(size: int) -> Iterator[Any]:
    """The last entry before an index and its leaf, or None; then all of those from it on.

    One statement of its own for both: it is asked for every act and every page.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf, content, CASE WHEN leaf < %s THEN '' ELSE body END, mark FROM journal_entry "
            "WHERE leaf >= %s ORDER BY leaf LIMIT %s",
            [size, max(size - 1, 0), _AT_ONCE + 1],
        )
        rows = cursor.fetchall()
    before = rows.pop(0)[:2] if rows and rows[0][0] < size else None
    yield before
    yield from rows[:_AT_ONCE]


def _put_back(index: int) -> TamperError:
    return TamperError(
        f"数据库中已没有第 {index} 条存证，或它被换掉：数据库被退回到了较早的状态。"
        "系统只读，没有办理。请保留现场，恢复完整的数据库。",
        f"ROLLBACK: entry {index} is no longer in the database, or was replaced. Nothing is "
        "done; restore the whole database.",
    )


def _require_sound(found: int, content: str, index: int, body: dict[str, Any]) -> None:
    """That an entry stands in its place and its body is the one it commits to.

    Raises:
        TamperError: naming the entry.
    """
    leaf = read_entry(content.encode())
    bound = commitment(body)
    is_sound = (
        found == index
        and leaf is not None
        and bound == leaf.commitment
        and ("act" not in body or entry_of(body, bound) == leaf)
    )
    if not is_sound:
        raise _not_as_taken(found, index)


def _not_as_taken(found: int, index: int) -> TamperError:
    return TamperError(
        f"数据库中第 {found} 条存证与写入时不同（应为第 {index} 条）。系统已停止办理，"
        "请保留现场，通知审计管理员执行 kaoping journal verify。",
        f"Entry {found} of the database is not as it was taken (expected {index}). "
        "Nothing more is done; keep everything as it is and run kaoping journal verify.",
    )
