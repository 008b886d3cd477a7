"""Entries are never changed or deleted: the database itself refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

from kaoping.web.guards import guard, unguard

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _guard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - the apps as they were
    guard(editor, editor.connection.vendor, "journal_entry")


def _unguard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - as above
    unguard(editor, editor.connection.vendor, "journal_entry")


class Migration(migrations.Migration):
    """Triggers on both databases."""

    dependencies = (("web", "0002_register"),)
    operations = (migrations.RunPython(_guard, _unguard),)
