import django.db.models.deletion
from aigaq.ledger.insert_only import InsertOnly, StillInsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recordings', '0001_initial'),
        ('registry', '0002_deputies_and_email'),
    ]

    operations = [
        migrations.AddField(
            model_name='recordingfile',
            name='ordinal',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='recordingfile',
            name='recorded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='recordingfile',
            name='role',
            field=models.CharField(choices=[('main', 'The recording itself'), ('sidecar', 'Written beside it')], default='main', max_length=8),
        ),
        StillInsertOnly("RecordingFile"),
        migrations.CreateModel(
            name='ClockReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('time-file', 'The recorder wrote down its own time'), ('future-file', 'A file begins in the future'), ('past-file', 'A file begins before the card was empty')], max_length=16)),
                ('device_at', models.DateTimeField()),
                ('server_at', models.DateTimeField()),
                ('offset_ms', models.BigIntegerField()),
                ('precision_ms', models.PositiveIntegerField()),
                ('path', models.TextField()),
                ('allowed_ms', models.PositiveBigIntegerField()),
                ('excursion', models.PositiveIntegerField(default=0)),
                ('unload', models.UUIDField()),
                ('read_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.card')),
                ('recorder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clock_readings', to='registry.recorder')),
            ],
            options={
                'indexes': [models.Index(fields=['recorder', '-seq'], name='clock_readings_newest')],
            },
        ),
        migrations.CreateModel(
            name='SequenceReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=120)),
                ('profile', models.CharField(max_length=32)),
                ('runs', models.JSONField()),
                ('gaps', models.JSONField()),
                ('unload', models.UUIDField(db_index=True)),
                ('read_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.card')),
                ('recorder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sequence_readings', to='registry.recorder')),
            ],
            options={
                'indexes': [models.Index(fields=['recorder', '-seq'], name='sequence_readings_newest')],
            },
        ),
        InsertOnly("ClockReading"),
        InsertOnly("SequenceReading"),
    ]
