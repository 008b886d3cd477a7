"""Lists of people: private rows."""

from django.db import migrations, models

from kaoping.web.models.people import fresh_list_id


class Migration(migrations.Migration):
    dependencies = (("web", "0005_sign_in"),)
    operations = (
        migrations.CreateModel(
            name="PeopleList",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=fresh_list_id,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                        verbose_name="编号",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("content", models.TextField(verbose_name="内容")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("uploaded_by", models.CharField(max_length=36, verbose_name="上传人")),
                ("uploaded_at", models.CharField(max_length=20, verbose_name="上传时间")),
                ("is_aside", models.BooleanField(default=False, verbose_name="已搁置")),
            ],
            options={"db_table": "people_list", "ordering": ("-uploaded_at", "id")},
        ),
    )
