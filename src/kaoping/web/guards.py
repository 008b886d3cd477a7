"""Triggers by which the database itself refuses to change, delete or empty a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class Runner(Protocol):
        """Whatever runs statements: a schema editor, a cursor."""

        def execute(self, sql: str) -> object:
            """Run one."""


GUARDED = ("journal_entry", "security_event")
"""Tables to which rows are only ever added."""


def guard(runner: Runner, vendor: str, table: str) -> None:
    """Let the database refuse every change of a row that is there."""
    _run(runner, _SQLITE_UP if vendor == "sqlite" else _POSTGRESQL_UP, table)


def unguard(runner: Runner, vendor: str, table: str) -> None:
    """Take the triggers away."""
    _run(runner, _SQLITE_DOWN if vendor == "sqlite" else _POSTGRESQL_DOWN, table)


_SAYS = "rows of {0} are never changed or deleted"
_SQLITE_UP = [
    f"CREATE TRIGGER IF NOT EXISTS {{0}}_no_{verb.lower()} BEFORE {verb} ON {{0}} "
    f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    for verb in ("UPDATE", "DELETE")
]
_SQLITE_DOWN = [f"DROP TRIGGER IF EXISTS {{0}}_no_{verb}" for verb in ("update", "delete")]
_POSTGRESQL_UP = [
    f"""CREATE OR REPLACE FUNCTION {{0}}_stays() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$""",
    """CREATE OR REPLACE TRIGGER {0}_stays BEFORE UPDATE OR DELETE ON {0}
        FOR EACH ROW EXECUTE FUNCTION {0}_stays()""",
    """CREATE OR REPLACE TRIGGER {0}_not_emptied BEFORE TRUNCATE ON {0}
        FOR EACH STATEMENT EXECUTE FUNCTION {0}_stays()""",
]
_POSTGRESQL_DOWN = [
    "DROP TRIGGER IF EXISTS {0}_not_emptied ON {0}",
    "DROP TRIGGER IF EXISTS {0}_stays ON {0}",
    "DROP FUNCTION IF EXISTS {0}_stays()",
]


def _run(runner: Runner, statements: Iterable[str], table: str) -> None:
    for statement in statements:
        runner.execute(statement.format(table))
