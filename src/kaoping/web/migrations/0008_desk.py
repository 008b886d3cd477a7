"""Runs of jobs, reminders and their ways, read marks, calendar addresses: private rows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("web", "0007_scheme_drafts"),)
    operations = (
        migrations.CreateModel(
            name="CalendarToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.CharField(max_length=36, unique=True, verbose_name="人员")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="摘要")),
                ("made_at", models.CharField(max_length=20, verbose_name="生成于")),
            ],
            options={
                "db_table": "calendar_token",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.CharField(db_index=True, max_length=36, verbose_name="人员")),
                ("kind", models.CharField(max_length=12, verbose_name="种类")),
                ("at", models.CharField(max_length=20, verbose_name="时间")),
                ("subject", models.CharField(max_length=200, verbose_name="标题")),
                ("text", models.TextField(verbose_name="正文")),
            ],
            options={
                "db_table": "message",
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="任务")),
                ("slot", models.CharField(max_length=20, verbose_name="应运行时间")),
                ("state", models.CharField(default="queued", max_length=10, verbose_name="状态")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="次数")),
                ("started_at", models.CharField(blank=True, max_length=20, verbose_name="开始")),
                ("finished_at", models.CharField(blank=True, max_length=20, verbose_name="结束")),
                (
                    "next_try_at",
                    models.CharField(
                        blank=True, db_index=True, max_length=20, verbose_name="下次尝试"
                    ),
                ),
                ("said", models.CharField(blank=True, max_length=500, verbose_name="结果")),
                ("failure", models.CharField(blank=True, max_length=200, verbose_name="故障")),
            ],
            options={
                "db_table": "job_run",
                "ordering": ("-slot", "name"),
                "constraints": [
                    models.UniqueConstraint(fields=("name", "slot"), name="job_once_for_a_time")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.CharField(max_length=36, verbose_name="人员")),
                ("notice", models.CharField(max_length=300, verbose_name="通知")),
                ("at", models.CharField(max_length=20, verbose_name="时间")),
            ],
            options={
                "db_table": "read_mark",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "notice"), name="read_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=20, verbose_name="渠道")),
                ("state", models.CharField(default="waiting", max_length=10, verbose_name="状态")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="次数")),
                (
                    "next_try_at",
                    models.CharField(blank=True, max_length=20, verbose_name="下次尝试"),
                ),
                ("sent_at", models.CharField(blank=True, max_length=20, verbose_name="送达")),
                ("failure", models.CharField(blank=True, max_length=100, verbose_name="故障")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="web.message",
                    ),
                ),
            ],
            options={
                "db_table": "delivery",
                "indexes": [models.Index(fields=["state", "next_try_at"], name="delivery_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "channel"), name="delivery_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.CharField(max_length=36, verbose_name="人员")),
                ("matter", models.CharField(max_length=300, verbose_name="事项")),
                ("occasion", models.CharField(max_length=20, verbose_name="时机")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matters",
                        to="web.message",
                    ),
                ),
            ],
            options={
                "db_table": "told",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "matter", "occasion"), name="told_once"
                    )
                ],
            },
        ),
    )
