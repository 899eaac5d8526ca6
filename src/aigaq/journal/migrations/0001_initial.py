import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='JournalBook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('registration_number', models.CharField(max_length=64, unique=True)),
                ('started_on', models.DateField()),
                ('sheets', models.PositiveIntegerField()),
                ('rows_per_sheet', models.PositiveSmallIntegerField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='books', to='registry.division')),
            ],
        ),
        migrations.CreateModel(
            name='BookEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_on', models.DateField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('book', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='journal.journalbook')),
            ],
        ),
        migrations.CreateModel(
            name='JournalRow',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='journal.journalbook')),
                ('card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal_rows', to='registry.card')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal_rows', to='registry.division')),
                ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal_rows', to='registry.person')),
                ('recorder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal_rows', to='registry.recorder')),
            ],
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('control', models.CharField(max_length=32)),
                ('subject', models.CharField(max_length=300)),
                ('object', models.CharField(max_length=300)),
                ('act_number', models.CharField(max_length=100)),
                ('seal_number', models.CharField(blank=True, max_length=64)),
                ('checks', models.JSONField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='issue', to='journal.journalrow')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('text', models.TextField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='journal.journalrow')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('seal_found', models.CharField(choices=[('intact', 'Whole, the same number'), ('broken', 'Broken'), ('missing', 'Missing'), ('different', 'Another number'), ('not-sealed', 'Was not sealed')], max_length=16)),
                ('seal_number_found', models.CharField(blank=True, max_length=64)),
                ('condition', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('handed_back_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='returned', to='journal.journalrow')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('issue', 'Issue'), ('return', 'Return')], max_length=16)),
                ('way', models.CharField(choices=[('own-password', 'own password')], max_length=16)),
                ('signed_digest', models.CharField(max_length=71)),
                ('signed_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='journal.journalrow')),
                ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='Unloading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('unload', models.UUIDField(unique=True)),
                ('files', models.PositiveIntegerField()),
                ('octets', models.PositiveBigIntegerField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unloadings', to='journal.journalrow')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='journalrow',
            index=models.Index(fields=['division', '-seq'], name='rows_of_a_division_newest'),
        ),
        migrations.AddConstraint(
            model_name='journalrow',
            constraint=models.UniqueConstraint(fields=('book', 'number'), name='rows_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('row', 'act', 'signer'), name='signed_once'),
        ),
        InsertOnly("JournalBook"),
        InsertOnly("BookEnd"),
        InsertOnly("JournalRow"),
        InsertOnly("Issue"),
        InsertOnly("Return"),
        InsertOnly("Unloading"),
        InsertOnly("Remark"),
        InsertOnly("Signature"),
    ]
