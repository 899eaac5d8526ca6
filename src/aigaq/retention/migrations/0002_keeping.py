import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recordings', '0006_time_codes'),
        ('registry', '0003_authority'),
        ('retention', '0001_holds'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClockConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('reached', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
            ],
        ),
        migrations.CreateModel(
            name='DisposalPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('items', models.JSONField()),
                ('proposed_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disposal_plans', to='registry.division')),
            ],
        ),
        migrations.CreateModel(
            name='DisposalDrop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('dropped_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='drop', to='retention.disposalplan')),
            ],
        ),
        migrations.CreateModel(
            name='DisposalApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('own-password', 'own password'), ('passkey', 'passkey')], max_length=16)),
                ('signed_digest', models.CharField(max_length=71)),
                ('assertion', models.JSONField(null=True)),
                ('approved_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='retention.disposalplan')),
            ],
        ),
        migrations.CreateModel(
            name='DestroyedBlob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('destroyed_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(db_index=True)),
                ('blob', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='destroyed', to='recordings.blob')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='destroyed', to='retention.disposalplan')),
            ],
        ),
        migrations.CreateModel(
            name='Disposed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('disposed_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(db_index=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disposed', to='retention.disposalplan')),
                ('recording', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='disposed', to='recordings.recording')),
            ],
        ),
        migrations.CreateModel(
            name='Disposing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recordings', models.JSONField()),
                ('contents', models.JSONField()),
                ('spared', models.JSONField()),
                ('begun_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='disposing', to='retention.disposalplan')),
            ],
        ),
        migrations.CreateModel(
            name='RetentionTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('taken_in', models.DateTimeField()),
                ('kept_until', models.DateField(db_index=True)),
                ('profile', models.CharField(max_length=32)),
                ('reasons', models.JSONField()),
                ('set_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('recording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='recordings.recording')),
            ],
        ),
        migrations.AddConstraint(
            model_name='disposalplan',
            constraint=models.UniqueConstraint(fields=('division', 'number'), name='plans_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='retentionterm',
            constraint=models.UniqueConstraint(fields=('recording', 'number'), name='terms_numbered'),
        ),
        InsertOnly("RetentionTerm"),
        InsertOnly("ClockConfirmation"),
        InsertOnly("DisposalPlan"),
        InsertOnly("DisposalApproval"),
        InsertOnly("DisposalDrop"),
        InsertOnly("Disposing"),
        InsertOnly("Disposed"),
        InsertOnly("DestroyedBlob"),
    ]
