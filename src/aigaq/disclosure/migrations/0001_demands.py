import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('recordings', '0006_time_codes'),
        ('registry', '0003_authority'),
        ('retention', '0001_holds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('own-password', 'own password'), ('passkey', 'passkey')], max_length=16)),
                ('signed_digest', models.CharField(max_length=71)),
                ('assertion', models.JSONField(null=True)),
                ('approved_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='Building',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('command-line', 'at the command line'), ('web', 'from this page')], max_length=16)),
                ('capacity', models.PositiveBigIntegerField(null=True)),
                ('sealing', models.CharField(choices=[('no', 'Open'), ('recipient', "To the recipient's age key"), ('passphrase', 'By a passphrase')], max_length=16)),
                ('is_image', models.BooleanField()),
                ('begun_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='buildings', to='disclosure.approval')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='Built',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('package_digest', models.CharField(max_length=71)),
                ('bags', models.JSONField()),
                ('built_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('building', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='built', to='disclosure.building')),
            ],
        ),
        migrations.CreateModel(
            name='Demand',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('request', 'Request'), ('determination', 'Determination'), ('resolution', 'Resolution')], max_length=16)),
                ('authority', models.CharField(max_length=300)),
                ('official', models.CharField(blank=True, max_length=300)),
                ('their_number', models.CharField(max_length=64)),
                ('dated_on', models.DateField()),
                ('received_on', models.DateField()),
                ('due_on', models.DateField(null=True)),
                ('basis', models.CharField(max_length=1000)),
                ('covers', models.CharField(max_length=1000)),
                ('media_type', models.CharField(blank=True, choices=[('application/pdf', 'PDF'), ('image/jpeg', 'JPEG'), ('image/png', 'PNG')], max_length=16)),
                ('registered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='registry.division')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recordings.blob')),
            ],
        ),
        migrations.AddField(
            model_name='approval',
            name='demand',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='disclosure.demand'),
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('receiver', models.CharField(max_length=300)),
                ('position', models.CharField(max_length=300)),
                ('basis', models.CharField(max_length=1000)),
                ('carrier', models.CharField(choices=[('stick', 'Memory stick or external disk'), ('disc', 'Disc'), ('sent', 'Sent over the network')], max_length=16)),
                ('way', models.CharField(choices=[('on-screen', 'by name, on our screen'), ('on-paper', 'on the printed receipt')], max_length=16)),
                ('signed_name', models.CharField(blank=True, max_length=300)),
                ('handed_over_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='disclosure.approval')),
                ('building', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='disclosure.building')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='Refused',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=1000)),
                ('refused_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('demand', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='refused', to='disclosure.demand')),
            ],
        ),
        migrations.CreateModel(
            name='Selection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('chosen', models.JSONField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='selections', to='disclosure.demand')),
                ('hold', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='retention.hold')),
            ],
        ),
        migrations.AddField(
            model_name='approval',
            name='selection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.selection'),
        ),
        migrations.AddIndex(
            model_name='demand',
            index=models.Index(fields=['division', 'due_on'], name='demands_by_due_day'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.UniqueConstraint(fields=('division', 'number'), name='demands_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='selection',
            constraint=models.UniqueConstraint(fields=('demand', 'version'), name='chosen_in_turn'),
        ),
        migrations.CreateModel(
            name='FileDigest',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('sha512', models.CharField(max_length=128)),
                ('size', models.PositiveBigIntegerField()),
            ],
        ),
        InsertOnly("Demand"),
        InsertOnly("Selection"),
        InsertOnly("Approval"),
        InsertOnly("Refused"),
        InsertOnly("Building"),
        InsertOnly("Built"),
        InsertOnly("HandOver"),
    ]
