from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ingest', '0004_unloads_by_state'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='unload',
            index=models.Index(
                condition=models.Q(('state', 'running')), fields=['beat_at'], name='unloads_running'
            ),
        ),
    ]
