from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recordings', '0007_clock_readings_by_time'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='blob',
            index=models.Index(fields=['ingested_at', 'stored_size'], name='blobs_by_intake'),
        ),
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(fields=['division', 'ingested_at', 'id'], name='recordings_by_intake'),
        ),
    ]
