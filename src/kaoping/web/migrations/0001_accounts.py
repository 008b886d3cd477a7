from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                ("login", models.CharField(max_length=100, unique=True, verbose_name="账号")),
                ("person", models.CharField(max_length=36, unique=True, verbose_name="人员")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="电子邮箱")),
                (
                    "webhook_id",
                    models.CharField(blank=True, max_length=100, verbose_name="企业微信或钉钉账号"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "temporary_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="临时口令有效至"),
                ),
                (
                    "password_set_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="口令设置于"),
                ),
                (
                    "language",
                    models.CharField(default="zh-hans", max_length=10, verbose_name="语言"),
                ),
            ],
            options={"db_table": "account"},
        ),
    ]
