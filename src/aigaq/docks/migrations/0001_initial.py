import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0002_deputies_and_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dock',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64)),
                ('public_key', models.CharField(max_length=44, unique=True)),
                ('enrolled_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='docks', to='registry.division')),
                ('enrolled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='DockState',
            fields=[
                ('dock', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='state', serialize=False, to='docks.dock')),
                ('agent', models.CharField(blank=True, max_length=32)),
                ('seen_at', models.DateTimeField()),
                ('clock_offset_ms', models.BigIntegerField(null=True)),
                ('clock_doubt_ms', models.PositiveBigIntegerField(default=0)),
                ('clock_at', models.DateTimeField(null=True)),
                ('clock_told_at', models.DateTimeField(null=True)),
                ('refusal_told_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='DockSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('challenge', models.CharField(max_length=64, unique=True)),
                ('opened_at', models.DateTimeField(db_index=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('dock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='docks.dock')),
            ],
        ),
        migrations.CreateModel(
            name='EnrolmentCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='Revocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('revoked_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('dock', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revocation', to='docks.dock')),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='Received',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_digest', models.CharField(db_index=True, max_length=64)),
                ('stored_digest', models.CharField(max_length=64)),
                ('stored_size', models.PositiveBigIntegerField()),
                ('received_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('dock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received', to='docks.dock')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dock', 'stored_digest'), name='received_once')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('content_digest', models.CharField(max_length=64)),
                ('stored_digest', models.CharField(max_length=64)),
                ('length', models.PositiveBigIntegerField()),
                ('offset', models.PositiveBigIntegerField(default=0)),
                ('state', models.CharField(choices=[('receiving', 'Being received'), ('complete', 'Received and proven'), ('terminated', 'Given up by the dock'), ('expired', 'Abandoned'), ('refused', 'Refused')], default='receiving', max_length=12)),
                ('kept_as', models.CharField(blank=True, max_length=64)),
                ('reason', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField()),
                ('touched_at', models.DateTimeField(db_index=True)),
                ('dock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='docks.dock')),
            ],
            options={
                'indexes': [models.Index(fields=['dock', 'state'], name='uploads_of_a_dock')],
            },
        ),
        InsertOnly("Dock"),
        InsertOnly("Revocation"),
        InsertOnly("Received"),
    ]
