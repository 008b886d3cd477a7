"""Runs of verification, with what each layer found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("web", "0008_desk"),)
    operations = (
        migrations.CreateModel(
            name="VerificationRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=20, verbose_name="缘由")),
                ("person", models.CharField(blank=True, max_length=36, verbose_name="提出人")),
                ("asked_at", models.CharField(max_length=20, verbose_name="提出时间")),
                ("started_at", models.CharField(blank=True, max_length=20, verbose_name="开始")),
                ("finished_at", models.CharField(blank=True, max_length=20, verbose_name="结束")),
                ("seconds", models.FloatField(null=True, verbose_name="用时（秒）")),
                (
                    "state",
                    models.CharField(
                        db_index=True, default="queued", max_length=10, verbose_name="状态"
                    ),
                ),
                ("layer", models.CharField(blank=True, max_length=1, verbose_name="正在核对")),
                ("size", models.BigIntegerField(null=True, verbose_name="条数")),
                ("root", models.CharField(blank=True, max_length=64, verbose_name="根")),
            ],
            options={"db_table": "verification_run", "ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="LayerFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("layer", models.CharField(max_length=1, verbose_name="层")),
                ("state", models.CharField(max_length=20, verbose_name="结论")),
                ("zh", models.TextField(verbose_name="说明")),
                ("en", models.TextField(verbose_name="英文说明")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        related_name="findings",
                        to="web.verificationrun",
                    ),
                ),
            ],
            options={"db_table": "verification_finding", "ordering": ("place",)},
        ),
        migrations.AddConstraint(
            model_name="layerfinding",
            constraint=models.UniqueConstraint(
                fields=("run", "place"), name="finding_once_in_a_run"
            ),
        ),
    )
