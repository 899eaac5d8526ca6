import django.db.models.deletion
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('retention', '0002_keeping'),
    ]

    operations = [
        migrations.CreateModel(
            name='Remainder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=32)),
                ('until', models.DateTimeField(null=True)),
                ('seq', models.PositiveBigIntegerField(db_index=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remainders', to='retention.disposalplan')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'place'), name='remainder_of_a_place')],
            },
        ),
        migrations.CreateModel(
            name='RemainderRemoved',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=32)),
                ('objects_removed', models.PositiveIntegerField()),
                ('removed_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='removed', to='retention.disposalplan')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'place'), name='remainder_removed_once')],
            },
        ),
        migrations.CreateModel(
            name='MirroredHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=32)),
                ('objects_held', models.PositiveIntegerField()),
                ('set_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(db_index=True, null=True)),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mirrored', to='retention.hold')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hold', 'place'), name='mirrored_once_to_a_place')],
            },
        ),
        InsertOnly("Remainder"),
        InsertOnly("RemainderRemoved"),
    ]
