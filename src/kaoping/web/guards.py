"""Triggers by which the database itself refuses to change, delete or empty a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.files.journal.guards import GUARDED, making, removing

if TYPE_CHECKING:
    from typing import Protocol

    class Runner(Protocol):
        """Whatever runs statements: a schema editor, a cursor."""

        def execute(self, sql: str) -> object:
            """Run one."""


__all__ = ["GUARDED", "guard", "unguard"]


def guard(runner: Runner, vendor: str, table: str) -> None:
    """Let the database refuse every change of a row that is there."""
    for statement in making(vendor, table):
        runner.execute(statement)


def unguard(runner: Runner, vendor: str, table: str) -> None:
    """Take the triggers away."""
    for statement in removing(vendor, table):
        runner.execute(statement)
