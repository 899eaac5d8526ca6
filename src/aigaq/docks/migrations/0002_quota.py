from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('docks', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='dockstate',
            name='quota_told_at',
            field=models.DateTimeField(null=True),
        ),
    ]
