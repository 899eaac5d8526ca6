import django.db.models.deletion
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recordings', '0002_takes_clocks_and_numbers'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FlawedReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unload', models.UUIDField(db_index=True)),
                ('errors', models.PositiveIntegerField()),
                ('missing', models.PositiveBigIntegerField()),
                ('holes', models.JSONField()),
                ('read_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='flawed_readings', to='registry.card')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reading', to='recordings.recordingfile')),
            ],
        ),
        InsertOnly("FlawedReading"),
    ]
