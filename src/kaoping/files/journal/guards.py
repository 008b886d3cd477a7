"""Triggers by which a platform's database itself refuses to change, delete or empty a table.

They are no proof, for whoever owns the database can take them away; so that it is noticed when
somebody did, verification asks for them by name (layer S).
"""

from __future__ import annotations

GUARDED = ("journal_entry", "security_event")
"""Tables to which rows are only ever added."""

_SAYS = "rows of {0} are never changed or deleted"
_SQLITE = {
    f"{{0}}_no_{verb.lower()}": f"CREATE TRIGGER IF NOT EXISTS {{0}}_no_{verb.lower()} BEFORE {verb} "
    f"ON {{0}} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    for verb in ("UPDATE", "DELETE")
}
_POSTGRESQL = {
    "{0}_stays": "CREATE OR REPLACE TRIGGER {0}_stays BEFORE UPDATE OR DELETE ON {0} "
    "FOR EACH ROW EXECUTE FUNCTION {0}_stays()",
    "{0}_not_emptied": "CREATE OR REPLACE TRIGGER {0}_not_emptied BEFORE TRUNCATE ON {0} "
    "FOR EACH STATEMENT EXECUTE FUNCTION {0}_stays()",
}
_REFUSES = f" BEGIN RAISE EXCEPTION '{_SAYS}'; END "


def making(vendor: str, table: str) -> list[str]:
    """The statements that put the triggers of a table there.

    Args:
        vendor: `sqlite`, or another word for PostgreSQL.
        table: the table.
    """
    if vendor == "sqlite":
        return [statement.format(table) for statement in _SQLITE.values()]
    function = f"CREATE OR REPLACE FUNCTION {{0}}_stays() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSES}$$"
    return [one.format(table) for one in (function, *_POSTGRESQL.values())]


def removing(vendor: str, table: str) -> list[str]:
    """The statements that take them away."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name.format(table)}" for name in _SQLITE]
    dropped = [f"DROP TRIGGER IF EXISTS {name} ON {{0}}" for name in reversed(_POSTGRESQL)]
    return [one.format(table) for one in (*dropped, "DROP FUNCTION IF EXISTS {0}_stays()")]


def due(vendor: str, table: str) -> dict[str, str]:
    """What must stand in the database: by the name of each trigger, what it does.

    For SQLite the whole statement, for PostgreSQL the body of the function that it runs.
    """
    if vendor == "sqlite":
        return {
            name.format(table): sql.format(table).replace("IF NOT EXISTS ", "")
            for name, sql in _SQLITE.items()
        }
    return {name.format(table): _REFUSES.format(table) for name in _POSTGRESQL}
