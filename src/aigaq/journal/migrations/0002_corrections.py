import django.db.models.deletion
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('cell', models.CharField(max_length=64)),
                ('number', models.PositiveIntegerField()),
                ('old', models.TextField()),
                ('new', models.TextField()),
                ('reason', models.CharField(max_length=300)),
                ('way', models.CharField(choices=[('own-password', 'own password')], max_length=16)),
                ('signed_digest', models.CharField(max_length=71)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='journal.journalrow')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('row', 'cell', 'number'), name='corrected_in_turn')],
            },
        ),
        InsertOnly("Correction"),
    ]
