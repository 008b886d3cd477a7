"""Each entry bears the platform's mark from now on; those before are under a signed checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations, models

from kaoping.web.guards import guard, unguard

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _guard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - the apps as they were
    guard(editor, editor.connection.vendor, "journal_entry")


def _unguard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - as above
    unguard(editor, editor.connection.vendor, "journal_entry")


class Migration(migrations.Migration):
    """A column; SQLite makes the table anew for it, so that its triggers are put back."""

    dependencies = (("web", "0009_oversight"),)
    operations = (
        migrations.RunPython(_unguard, _guard),
        migrations.AddField(
            "entry",
            "mark",
            models.CharField("平台印记", max_length=64, default="", db_default=""),
        ),
        migrations.RunPython(_guard, _unguard),
    )
