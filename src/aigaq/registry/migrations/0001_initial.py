import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Division',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='registry.division')),
            ],
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('full_name', models.CharField(max_length=200)),
                ('post', models.CharField(blank=True, max_length=200)),
                ('staff_number', models.CharField(max_length=32, unique=True)),
                ('created_at', models.DateTimeField()),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='registry.division')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='person', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('head', 'Head of the division'), ('custodian', 'Custodian'), ('inspector', 'State inspector'), ('administrator', 'Administrator')], max_length=16)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(blank=True, null=True)),
                ('order_number', models.CharField(max_length=64)),
                ('entered_at', models.DateTimeField()),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='registry.division')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='Recorder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('inventory_number', models.CharField(max_length=32, unique=True)),
                ('state', models.CharField(choices=[('in-service', 'In service'), ('in-repair', 'In repair'), ('lost', 'Lost'), ('retired', 'Retired')], default='in-service', max_length=16)),
                ('out_on', models.UUIDField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('model', models.CharField(blank=True, max_length=100)),
                ('serial_number', models.CharField(blank=True, max_length=64)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='registry.division')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('inventory_number', models.CharField(max_length=32, unique=True)),
                ('state', models.CharField(choices=[('in-service', 'In service'), ('in-repair', 'In repair'), ('lost', 'Lost'), ('retired', 'Retired')], default='in-service', max_length=16)),
                ('out_on', models.UUIDField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('volume_id', models.CharField(blank=True, db_index=True, max_length=64)),
                ('capacity', models.BigIntegerField(default=0)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='registry.division')),
                ('recorder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='registry.recorder')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
