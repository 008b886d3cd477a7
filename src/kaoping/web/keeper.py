"""The state that rules ask, followed from the entries: what may be done rests on the journal alone.

Rows of the register are for looking things up. Whoever edits one in the database gives nobody a
right by it; and an entry whose body was edited is noticed as it is read.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from kaoping.core.acts.codec import decode_act
from kaoping.core.errors import TamperError
from kaoping.core.journal import commitment, entry_of, read_body, read_entry
from kaoping.core.workflow.state import State
from kaoping.core.workflow.taking import Progress
from kaoping.web.models import Entry

if TYPE_CHECKING:
    from typing import Any

    from kaoping.core.acts.envelope import Act
    from kaoping.core.register import Effect
    from kaoping.core.workflow.taking import Outcome

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
        self._last = ""
        """The leaf of the last entry followed: the database must still have it."""

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

    def judge(self, act: Act) -> tuple[State, Outcome]:
        """What an act would bring about now; asked by who holds the write lock.

        Raises:
            StepRefused: where the rules do not allow it.
            TamperError: where an entry is not as it was taken.
        """
        with self._mutex:
            progress = self._caught_up()
            self._require_last()
            return progress.state, progress.judge(act)

    def version_after(self, table: str, row: str) -> int:
        """Which version of a row an act writes next."""
        return self._versions.get((table, row), 0) + 1

    def _caught_up(self) -> Progress:
        """Follow all entries that this process has not seen yet."""
        size = self._progress.state.size
        found = Entry.objects.filter(index__gte=size).order_by("index")
        for entry in found.iterator(_AT_ONCE):
            self._follow(entry)
        return self._progress

    def _require_last(self) -> None:
        """That the last entry followed is still in the database.

        Raises:
            TamperError: where the database was put back to an earlier state, or to another one.
        """
        index = self._progress.state.size - 1
        if index < 0:
            return
        found = Entry.objects.filter(index=index).values_list("content", flat=True).first()
        if found != self._last:
            raise TamperError(
                f"数据库中已没有第 {index} 条存证，或它被换掉：数据库被退回到了较早的状态。"
                "系统只读，没有办理。请保留现场，恢复完整的数据库。",
                f"ROLLBACK: entry {index} is no longer in the database, or was replaced. Nothing is "
                "done; restore the whole database.",
            )

    def _follow(self, entry: Entry) -> None:
        index = self._progress.state.size
        body = read_body(entry.body)
        _require_sound(entry, index, body)
        if "act" in body:
            self._progress.follow(decode_act(body["act"]))
        else:
            self._progress.go_to(index + 1)
        self._last = entry.content
        effects: list[Effect] = body["effects"]
        self._versions.update(((table, row), version) for table, row, version, _ in effects)


def _require_sound(entry: Entry, index: int, body: dict[str, Any]) -> None:
    """That an entry stands in its place and its body is the one it commits to.

    Raises:
        TamperError: naming the entry.
    """
    leaf = read_entry(entry.content.encode())
    is_sound = (
        entry.index == index
        and leaf is not None
        and commitment(body) == leaf.commitment
        and ("act" not in body or entry_of(body) == leaf)
    )
    if not is_sound:
        raise TamperError(
            f"数据库中第 {entry.index} 条存证与写入时不同（应为第 {index} 条）。系统已停止办理，"
            "请保留现场，通知审计管理员执行 kaoping journal verify。",
            f"Entry {entry.index} of the database is not as it was taken (expected {index}). "
            "Nothing more is done; keep everything as it is and run kaoping journal verify.",
        )
