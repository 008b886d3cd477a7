"""结构指纹: the tables, columns and triggers of a platform's database; guards it lacks, and strangers.

Whoever owns the database can take a trigger away, change what may not change, and put it back. The
fingerprint stands in the journal with every seal of the security log, so that yesterday's database
can be told from today's; the guards themselves are asked for by name.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from kaoping.files.journal.guards import GUARDED, due

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    Query = Callable[[str], Iterable[Sequence[Any]]]
    """Runs a statement and gives its rows."""

_SQLITE_COLUMNS = (
    'SELECT m.name, c.name, c.type, c."notnull" FROM sqlite_master m, pragma_table_info(m.name) c '
    "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
)
_SQLITE_TRIGGERS = (
    "SELECT tbl_name, name, '', sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
)
_POSTGRESQL_COLUMNS = (
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
)
_POSTGRESQL_TRIGGERS = (
    "SELECT c.relname, t.tgname, t.tgenabled::text, p.prosrc FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE NOT t.tgisinternal AND n.nspname = current_schema() ORDER BY c.relname, t.tgname"
)
_SQLITE_INSTEAD = "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name"
_POSTGRESQL_INSTEAD = (
    "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND (c.relkind IN ('v', 'm', 'f') "
    "OR EXISTS (SELECT 1 FROM pg_rewrite r WHERE r.ev_class = c.oid)) ORDER BY c.relname"
)
"""What is read by the name of a table and is none: views, tables of other servers, rewritten ones."""
_ENABLED = ("", "O", "A")
"""What the database says of a trigger that fires: nothing in SQLite, origin or always in PostgreSQL."""


def schema_print(query: Query, vendor: str) -> str:
    """The fingerprint: SHA-256 over every column and every trigger, one a line.

    Args:
        query: asks the database.
        vendor: `sqlite` or `postgresql`.
    """
    is_sqlite = vendor == "sqlite"
    columns = query(_SQLITE_COLUMNS if is_sqlite else _POSTGRESQL_COLUMNS)
    lines = [" ".join(("column", *map(str, row))) for row in columns]
    lines += [" ".join(("trigger", *map(str, row))) for row in _triggers(query, vendor)]
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def guard_faults(query: Query, vendor: str) -> list[tuple[str, str]]:
    """Every guard that is missing, switched off or does something else, in Chinese and English.

    And what could make the database do or show something else than its tables hold: a trigger that is
    none of the guards, a view in the place of one of our tables, a rule.
    """
    # On PostgreSQL triggers of several tables may have one name.
    there = {(on, name): (state, text) for on, name, state, text in _triggers(query, vendor)}
    found = _strangers(query, vendor, there)
    for table in GUARDED:
        for name, text in due(vendor, table).items():
            if (table, name) not in there:
                zh, en = "缺失", "is missing"
            elif there[table, name][0] not in _ENABLED:
                zh, en = "被停用", "is disabled"
            elif there[table, name][1] != text:
                zh, en = "内容被换", "does something else"
            else:
                continue
            found.append(
                (f"表 {table} 的保护触发器 {name} {zh}", f"the guard {name} of {table} {en}")
            )
    return found


def _strangers(
    query: Query, vendor: str, triggers: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    ours = {(table, name) for table in GUARDED for name in due(vendor, table)}
    found = [
        (f"表 {on} 多出触发器 {name}", f"the trigger {name} of {on} is none of ours")
        for on, name in {*triggers} - ours
    ]
    instead = query(_SQLITE_INSTEAD if vendor == "sqlite" else _POSTGRESQL_INSTEAD)
    found += [
        (f"{name} 不是表，或被改写规则替换", f"{name} is no table, or a rule rewrites it")
        for (name,) in instead
        if name in GUARDED or name.startswith("register_")
    ]
    return sorted(found)


def _triggers(query: Query, vendor: str) -> list[Sequence[Any]]:
    return list(query(_SQLITE_TRIGGERS if vendor == "sqlite" else _POSTGRESQL_TRIGGERS))
