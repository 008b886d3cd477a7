"""Sessions beside their accounts; what the doors ask of an account."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("web", "0004_security_log"),)
    operations = (
        migrations.RemoveField(model_name="account", name="last_login"),
        migrations.AddField(
            model_name="account",
            name="has_second_factor",
            field=models.BooleanField(default=False, verbose_name="有二次验证"),
        ),
        migrations.AddField(
            model_name="account",
            name="signed_in_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="最近登录"),
        ),
        migrations.AddField(
            model_name="account",
            name="unlocked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="解锁于"),
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                        verbose_name="session key",
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "address",
                    models.CharField(blank=True, max_length=45, verbose_name="来源地址"),
                ),
                ("browser", models.CharField(blank=True, max_length=40, verbose_name="浏览器")),
                ("began_at", models.DateTimeField(null=True, verbose_name="登录于")),
                ("used_at", models.DateTimeField(null=True, verbose_name="最近使用")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={"db_table": "account_session"},
        ),
    )
