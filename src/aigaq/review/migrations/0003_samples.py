import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0004_corrections_of_receipt'),
        ('registry', '0002_deputies_and_email'),
        ('review', '0002_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('size', models.PositiveBigIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('seed', models.CharField(max_length=64)),
                ('percent', models.PositiveSmallIntegerField()),
                ('least', models.PositiveIntegerField()),
                ('days', models.PositiveSmallIntegerField()),
                ('population', models.PositiveIntegerField()),
                ('population_digest', models.CharField(max_length=71)),
                ('due_on', models.DateField()),
                ('drawn_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='registry.division')),
            ],
        ),
        migrations.CreateModel(
            name='SampleItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveIntegerField()),
                ('seq', models.PositiveBigIntegerField()),
                ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drawn', to='journal.journalrow')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='review.sample')),
            ],
        ),
        migrations.CreateModel(
            name='SampleNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='review.sample')),
            ],
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.UniqueConstraint(fields=('division', 'month'), name='sample_drawn_once'),
        ),
        migrations.AddConstraint(
            model_name='sampleitem',
            constraint=models.UniqueConstraint(fields=('sample', 'ordinal'), name='sample_in_order'),
        ),
        InsertOnly("Sample"),
        InsertOnly("SampleItem"),
        InsertOnly("SampleNote"),
    ]
