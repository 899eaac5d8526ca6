from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recordings', '0006_time_codes'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='clockreading',
            index=models.Index(fields=['recorder', 'read_at'], name='clock_readings_by_time'),
        ),
    ]
