from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('size', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('note', models.TextField()),
                ('frontier', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('seq', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('entry', models.TextField()),
                ('leaf_hash', models.CharField(max_length=64)),
                ('kind', models.CharField(db_index=True, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
            ],
        ),
        InsertOnly("LedgerEntry"),
        InsertOnly("Checkpoint"),
    ]
