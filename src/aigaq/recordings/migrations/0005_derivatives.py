import django.db.models.deletion
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recordings', '0004_coverage'),
    ]

    operations = [
        migrations.CreateModel(
            name='Derivative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('product', models.CharField(choices=[('proxy', 'Playable copy'), ('picture', 'Copy of the photo as JPEG'), ('waveform', 'Picture of the sound')], max_length=16)),
                ('source', models.CharField(max_length=64)),
                ('recipe', models.JSONField()),
                ('facts', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recordings.blob')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derivatives', to='recordings.recordingfile')),
            ],
            options={
                'indexes': [models.Index(fields=['file', 'product', '-seq'], name='derivatives_newest')],
            },
        ),
        migrations.CreateModel(
            name='Making',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('product', models.CharField(choices=[('proxy', 'Playable copy'), ('picture', 'Copy of the photo as JPEG'), ('waveform', 'Picture of the sound')], max_length=16)),
                ('state', models.CharField(choices=[('waiting', 'Waits for its turn'), ('running', 'Is being made'), ('failed', 'Was not made'), ('cancelled', 'Cancelled')], max_length=16)),
                ('permille', models.PositiveSmallIntegerField(default=0)),
                ('obstacle', models.CharField(blank=True, max_length=32)),
                ('holder', models.UUIDField()),
                ('beat_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='makings', to='recordings.recordingfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('file', 'product'), name='one_making_of_a_kind')],
            },
        ),
        InsertOnly("Derivative"),
    ]
