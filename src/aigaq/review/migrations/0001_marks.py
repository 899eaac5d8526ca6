import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journal', '0004_corrections_of_receipt'),
        ('recordings', '0003_flawed_readings'),
        ('registry', '0002_deputies_and_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('position_ms', models.PositiveBigIntegerField()),
                ('until_ms', models.PositiveBigIntegerField(null=True)),
                ('category', models.CharField(max_length=32)),
                ('is_evidence', models.BooleanField()),
                ('note', models.TextField(blank=True)),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('camera_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='recordings.recordingfile')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MarkChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position_ms', models.PositiveBigIntegerField()),
                ('until_ms', models.PositiveBigIntegerField(null=True)),
                ('category', models.CharField(max_length=32)),
                ('is_evidence', models.BooleanField()),
                ('note', models.TextField(blank=True)),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('amended', 'Amended'), ('withdrawn', 'Withdrawn')], max_length=16)),
                ('reason', models.CharField(max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('mark', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='review.mark')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mark', 'number'), name='mark_changed_in_turn')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('result', models.CharField(choices=[('nothing', 'Viewed, nothing to remark on'), ('violation', 'A violation by the controlled subject is to be seen'), ('inspector', 'The inspector acted against the rules'), ('incomplete', 'Recorded only in part, or not at all'), ('unusable', "Picture or sound can't be used"), ('other', 'Something else, as the note says')], max_length=16)),
                ('note', models.TextField(blank=True)),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('recording', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='recordings.recording')),
                ('row', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='journal.journalrow')),
            ],
        ),
        InsertOnly("Mark"),
        InsertOnly("MarkChange"),
        InsertOnly("Review"),
    ]
