"""Drafts of schemes: private rows."""

from django.db import migrations, models

from kaoping.web.models.draft import fresh_draft_id


class Migration(migrations.Migration):
    dependencies = (("web", "0006_people"),)
    operations = (
        migrations.CreateModel(
            name="SchemeDraft",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=fresh_draft_id,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                        verbose_name="编号",
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        db_index=True,
                        default=fresh_draft_id,
                        max_length=36,
                        verbose_name="方案",
                    ),
                ),
                ("base", models.CharField(blank=True, max_length=36, verbose_name="所据版本")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("text", models.TextField(verbose_name="方案文本")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="第几次保存")),
                ("saved_by", models.CharField(max_length=36, verbose_name="保存人")),
                ("saved_at", models.CharField(max_length=20, verbose_name="保存时间")),
                (
                    "published",
                    models.BigIntegerField(blank=True, null=True, verbose_name="发布条目"),
                ),
                ("is_aside", models.BooleanField(default=False, verbose_name="已搁置")),
            ],
            options={"db_table": "scheme_draft", "ordering": ("-saved_at", "id")},
        ),
    )
