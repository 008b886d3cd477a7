from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("web", "0006_people"),)
    operations = ()
