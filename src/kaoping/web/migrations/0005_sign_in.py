from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("web", "0004_security_log"),)
    operations = ()
