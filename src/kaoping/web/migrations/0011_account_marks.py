"""Accounts bear the platform's mark; those that are there get it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations, models

from kaoping.web.models.account import account_mark

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _mark(apps: Any, _editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - the apps as they were
    for one in apps.get_model("web", "Account").objects.all():
        one.mark = account_mark(one.login, one.person, one.password, one.is_active)
        one.save(update_fields=["mark"])


class Migration(migrations.Migration):
    """A column, and its values."""

    dependencies = (("web", "0010_entry_marks"),)
    operations = (
        migrations.AddField(
            "account",
            "mark",
            models.CharField("平台印记", max_length=64, default="", db_default=""),
        ),
        migrations.RunPython(_mark, migrations.RunPython.noop),
    )
