from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_deputies_and_email'),
    ]

    operations = [
        migrations.AlterField(
            model_name='appointment',
            name='role',
            field=models.CharField(choices=[('head', 'Head of the division'), ('custodian', 'Custodian'), ('inspector', 'State inspector'), ('administrator', 'Administrator'), ('authority', 'Authorised body: figures only')], max_length=16),
        ),
    ]
