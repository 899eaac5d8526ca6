import django.db.models.deletion
from aigaq.review.clustered import CreateClustered
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recordings', '0003_flawed_readings'),
        ('registry', '0002_deputies_and_email'),
        ('review', '0001_marks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Indexed',
            fields=[
                ('recording', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='indexed', serialize=False, to='recordings.recording')),
                ('terms', models.BinaryField()),
            ],
        ),
        CreateClustered(
            name='Posting',
            fields=[
                ('pk', models.CompositePrimaryKey('term', 'at', 'recording', blank=True, editable=False, primary_key=True, serialize=False)),
                ('term', models.IntegerField()),
                ('at', models.BigIntegerField()),
                ('recording', models.BinaryField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='SearchTerm',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('text', models.BinaryField(max_length=130)),
                ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('division', 'text'), name='search_terms_once')],
            },
        ),
    ]
