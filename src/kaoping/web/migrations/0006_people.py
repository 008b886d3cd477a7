from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("web", "0005_sign_in"),)
    operations = ()
