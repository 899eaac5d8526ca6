import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journal', '0001_initial'),
        ('recordings', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('port', models.CharField(max_length=200)),
                ('source', models.CharField(max_length=120)),
                ('container', models.CharField(blank=True, db_index=True, max_length=120)),
                ('state', models.CharField(choices=[('running', 'Unloading'), ('ready', 'Ready, the card is empty'), ('kept', 'Stored, the card was left as it is'), ('tray', 'Stored, waits for the custodian'), ('taken-up', 'Taken up by a later unloading'), ('failed', 'Stopped')], default='running', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=64)),
                ('reason_facts', models.JSONField(default=dict)),
                ('started_at', models.DateTimeField(db_index=True)),
                ('beat_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('files_total', models.PositiveIntegerField(default=0)),
                ('files_done', models.PositiveIntegerField(default=0)),
                ('octets_total', models.PositiveBigIntegerField(default=0)),
                ('octets_done', models.PositiveBigIntegerField(default=0)),
                ('stored', models.PositiveIntegerField(default=0)),
                ('already_stored', models.PositiveIntegerField(default=0)),
                ('damaged', models.PositiveIntegerField(default=0)),
                ('foreign', models.PositiveIntegerField(default=0)),
                ('cleared', models.PositiveIntegerField(default=0)),
                ('current', models.CharField(blank=True, max_length=300)),
                ('problems', models.JSONField(default=list)),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unloads', to='registry.card')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unloads', to='registry.division')),
                ('recorder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unloads', to='registry.recorder')),
                ('row', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unloads', to='journal.journalrow')),
            ],
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clearing_at', models.DateTimeField(null=True)),
                ('cleared_seq', models.PositiveBigIntegerField(null=True)),
                ('noted', models.BooleanField(default=False)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to='recordings.recordingfile')),
                ('unload', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to='ingest.unload')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('clearing_at__isnull', False), ('noted', False)), fields=['clearing_at'], name='clearing_begun')],
                'constraints': [models.UniqueConstraint(fields=('unload', 'file'), name='seen_once_in_an_unloading')],
            },
        ),
    ]
