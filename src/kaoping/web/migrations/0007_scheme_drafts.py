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
        migrations.CreateModel(
            name="DraftSource",
            fields=[
                (
                    "draft",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="source",
                        serialize=False,
                        to="web.schemedraft",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("text", models.TextField(verbose_name="原文")),
                ("places", models.TextField(verbose_name="各行的出处")),
            ],
            options={"db_table": "scheme_draft_source"},
        ),
        migrations.CreateModel(
            name="DraftItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("part", models.CharField(max_length=10, verbose_name="类别")),
                ("severity", models.CharField(blank=True, max_length=1, verbose_name="级")),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="代码")),
                ("what", models.TextField(verbose_name="项目")),
                ("words", models.TextField(verbose_name="内容")),
                ("place", models.TextField(verbose_name="出处")),
                ("todo", models.TextField(verbose_name="怎么办")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="items", to="web.schemedraft"
                    ),
                ),
            ],
            options={
                "db_table": "scheme_draft_item",
                "ordering": ("draft", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=["draft", "number"], name="draft_item_once")
                ],
            },
        ),
    )
