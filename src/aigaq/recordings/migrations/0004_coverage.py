import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0004_corrections_of_receipt'),
        ('recordings', '0003_flawed_readings'),
        ('registry', '0002_deputies_and_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='CoverageJudgement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('because', models.PositiveBigIntegerField(null=True)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('tolerances', models.JSONField()),
                ('parts', models.JSONField()),
                ('takes', models.JSONField()),
                ('offsets', models.JSONField()),
                ('totals', models.JSONField()),
                ('days', models.JSONField()),
                ('gaps', models.JSONField()),
                ('judged_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverage_judgements', to='registry.division')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverage_judgements', to='journal.journalrow')),
            ],
            options={
                'indexes': [models.Index(fields=['division', 'ended_at'], name='coverage_by_day')],
                'constraints': [models.UniqueConstraint(fields=('row', 'number'), name='coverage_judged_in_turn')],
            },
        ),
        InsertOnly("CoverageJudgement"),
    ]
