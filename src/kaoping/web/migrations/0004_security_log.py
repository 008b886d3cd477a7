"""The security log, to which rows are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations, models

from kaoping.web.guards import guard, unguard

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _guard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - the apps as they were
    guard(editor, editor.connection.vendor, "security_event")


def _unguard(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - as above
    unguard(editor, editor.connection.vendor, "security_event")


class Migration(migrations.Migration):
    dependencies = (("web", "0003_entries_stay"),)
    operations = (
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.CharField(db_index=True, max_length=20, verbose_name="时间")),
                ("kind", models.CharField(db_index=True, max_length=40, verbose_name="事项")),
                (
                    "person",
                    models.CharField(blank=True, db_index=True, max_length=36, verbose_name="人员"),
                ),
                ("login", models.CharField(blank=True, max_length=100, verbose_name="账号")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="来源地址")),
                ("path", models.CharField(blank=True, max_length=300, verbose_name="页面")),
                ("detail", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
            ],
            options={"db_table": "security_event", "ordering": ("id",)},
        ),
        migrations.RunPython(_guard, _unguard),
    )
