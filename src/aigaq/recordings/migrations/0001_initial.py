import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journal', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_digest', models.CharField(db_index=True, max_length=64)),
                ('stored_digest', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveBigIntegerField()),
                ('stored_size', models.PositiveBigIntegerField()),
                ('name', models.CharField(max_length=300)),
                ('ingested_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_index=True, null=True)),
                ('ingested_at', models.DateTimeField(db_index=True)),
                ('listed_at', models.DateTimeField()),
                ('unload', models.UUIDField(db_index=True)),
                ('card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recordings', to='registry.card')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recordings', to='registry.division')),
                ('recorder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recordings', to='registry.recorder')),
            ],
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('placed_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='journal.journalrow')),
                ('recording', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='placement', to='recordings.recording')),
            ],
        ),
        migrations.CreateModel(
            name='RecordingFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('path', models.TextField()),
                ('source', models.CharField(db_index=True, max_length=120)),
                ('source_key', models.CharField(max_length=64, unique=True)),
                ('modified_at', models.DateTimeField(null=True)),
                ('kind', models.CharField(choices=[('video', 'Video'), ('audio', 'Sound'), ('photo', 'Photo'), ('other', 'Other file')], max_length=8)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='recordings.blob')),
                ('recording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='recordings.recording')),
            ],
        ),
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('playable', 'Plays'), ('damaged', 'Damaged, plays in part'), ('unreadable', "Can't be played"), ('not-media', 'Not a picture, video or sound'), ('timed-out', 'Took too long to examine')], max_length=16)),
                ('duration', models.FloatField(null=True)),
                ('facts', models.JSONField()),
                ('judged_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('still', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recordings.blob')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='judgement', to='recordings.recordingfile')),
            ],
        ),
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(fields=['division', '-listed_at', '-id'], name='recordings_by_day'),
        ),
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(fields=['recorder', '-listed_at', '-id'], name='recordings_by_recorder'),
        ),
        InsertOnly("Blob"),
        InsertOnly("Recording"),
        InsertOnly("RecordingFile"),
        InsertOnly("Judgement"),
        InsertOnly("Placement"),
    ]
