"""Entries are never changed or deleted: the database itself refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_TABLE = "journal_entry"
_SAYS = "journal entries are never changed or deleted"

_SQLITE_UP = [
    f"CREATE TRIGGER IF NOT EXISTS {_TABLE}_no_{verb.lower()} BEFORE {verb} ON {_TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    for verb in ("UPDATE", "DELETE")
]
_SQLITE_DOWN = [f"DROP TRIGGER IF EXISTS {_TABLE}_no_{verb}" for verb in ("update", "delete")]

_POSTGRESQL_UP = [
    f"""CREATE OR REPLACE FUNCTION {_TABLE}_stays() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$""",
    f"""CREATE OR REPLACE TRIGGER {_TABLE}_stays BEFORE UPDATE OR DELETE ON {_TABLE}
        FOR EACH ROW EXECUTE FUNCTION {_TABLE}_stays()""",
    f"""CREATE OR REPLACE TRIGGER {_TABLE}_not_emptied BEFORE TRUNCATE ON {_TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION {_TABLE}_stays()""",
]
_POSTGRESQL_DOWN = [
    f"DROP TRIGGER IF EXISTS {_TABLE}_not_emptied ON {_TABLE}",
    f"DROP TRIGGER IF EXISTS {_TABLE}_stays ON {_TABLE}",
    f"DROP FUNCTION IF EXISTS {_TABLE}_stays()",
]


def _run(editor: BaseDatabaseSchemaEditor, sqlite: list[str], postgresql: list[str]) -> None:
    for statement in sqlite if editor.connection.vendor == "sqlite" else postgresql:
        editor.execute(statement)


def guard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - the apps as they were
    """Let the database refuse every change of an entry."""
    _run(editor, _SQLITE_UP, _POSTGRESQL_UP)


def unguard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - as above
    """Take the triggers away."""
    _run(editor, _SQLITE_DOWN, _POSTGRESQL_DOWN)


class Migration(migrations.Migration):
    """Triggers on both databases."""

    dependencies = (("web", "0001_register"),)
    operations = (migrations.RunPython(guard, unguard),)
