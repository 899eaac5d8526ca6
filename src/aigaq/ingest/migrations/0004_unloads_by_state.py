from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ingest', '0003_ports'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='unload',
            index=models.Index(fields=['division', 'state'], name='unloads_by_state'),
        ),
    ]
