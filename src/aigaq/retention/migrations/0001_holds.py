import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('recordings', '0006_time_codes'),
        ('registry', '0003_authority'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('cause', models.CharField(choices=[('demand', 'Demand of an authority or a court'), ('incident', 'Incident'), ('order', 'Order of the head')], max_length=16)),
                ('because', models.UUIDField(db_index=True, null=True)),
                ('reason', models.CharField(max_length=300)),
                ('placed_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='registry.division')),
            ],
        ),
        migrations.CreateModel(
            name='HeldRecording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField()),
                ('recording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='recordings.recording')),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held', to='retention.hold')),
            ],
        ),
        migrations.CreateModel(
            name='HoldRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('released_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('hold', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='release', to='retention.hold')),
            ],
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(fields=['division', '-seq'], name='holds_newest'),
        ),
        migrations.AddConstraint(
            model_name='heldrecording',
            constraint=models.UniqueConstraint(fields=('hold', 'recording'), name='held_once_by_a_hold'),
        ),
        InsertOnly("Hold"),
        InsertOnly("HeldRecording"),
        InsertOnly("HoldRelease"),
    ]
