"""A preview is there for an owner once the worker has come round to his upload; so far it was as soon as it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def had_their_turn(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Uploads of which somebody has tried to make a preview."""
    tried = apps.get_model("web", "Preview").objects.values("sha256")
    uploads = apps.get_model("web", "Upload").objects.filter(state="ready", sha256__in=tried)
    uploads.update(previewed_at=models.F("done_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0014_filed_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="previewed_at",
            field=models.CharField(
                blank=True, db_index=True, default="", max_length=20, verbose_name="预览"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(had_their_turn, migrations.RunPython.noop),
    ]
