"""Each entry bears the platform's mark; those that are there get it now, sealed or still waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import migrations, models

from kaoping.web.guards import guard, unguard
from kaoping.web.marks import Marks

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _guard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - the apps as they were
    guard(editor, editor.connection.vendor, "journal_entry")


def _unguard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - as above
    unguard(editor, editor.connection.vendor, "journal_entry")


def _mark(apps: Any, _editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - as above
    entries = apps.get_model("web", "Entry").objects
    if entries.exists():
        marks = Marks(settings.INSTANCE_SECRET(), lambda: 0)
        for index, leaf in entries.values_list("index", "content").iterator():
            entries.filter(index=index).update(mark=marks.of(index, leaf))


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
        migrations.RunPython(_mark, migrations.RunPython.noop),
        migrations.RunPython(_guard, _unguard),
    )
