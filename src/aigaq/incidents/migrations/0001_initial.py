import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journal', '0003_acts_on_duty'),
        ('registry', '0002_deputies_and_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('seal-broken', 'The seal was broken'), ('seal-missing', 'The seal was missing'), ('seal-different', 'Another seal was found'), ('other-hands', 'Handed back by another person'), ('damage', 'Damaged'), ('loss', 'Lost'), ('overdue', 'Not handed back in time'), ('pause-not-ended', 'A pause was never ended'), ('failure-left', 'A failure was neither repaired nor replaced')], max_length=32)),
                ('key', models.CharField(max_length=100, unique=True)),
                ('facts', models.JSONField()),
                ('evidence', models.JSONField()),
                ('occurred_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='registry.division')),
                ('row', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='journal.journalrow')),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('explained', 'Explained: nobody is to blame'), ('remedied', 'Put right'), ('disciplinary', 'Handed over for disciplinary proceedings'), ('authority', 'Handed over to the competent authority')], max_length=16)),
                ('reason', models.CharField(max_length=300)),
                ('way', models.CharField(choices=[('own-password', 'own password'), ('passkey', 'passkey')], max_length=16)),
                ('signed_digest', models.CharField(max_length=71)),
                ('assertion', models.JSONField(null=True)),
                ('decided_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('incident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='incidents.incident')),
            ],
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(fields=['division', '-seq'], name='incidents_newest'),
        ),
        InsertOnly("Incident"),
        InsertOnly("Decision"),
    ]
