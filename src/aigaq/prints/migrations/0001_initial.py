import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0003_authority'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Print',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('what', models.JSONField()),
                ('by', models.JSONField()),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('reading', 'Reading'), ('drawing', 'Drawing'), ('setting', 'Setting'), ('ready', 'Ready'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('holder', models.UUIDField(null=True)),
                ('done', models.PositiveIntegerField(default=0)),
                ('of', models.PositiveIntegerField(default=1)),
                ('drawing_since', models.DateTimeField(null=True)),
                ('setting_since', models.DateTimeField(null=True)),
                ('over_at', models.DateTimeField(null=True)),
                ('fault', models.TextField(blank=True)),
                ('fault_details', models.JSONField(default=dict)),
                ('fault_paragraph', models.CharField(blank=True, max_length=8)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('pdf', models.BinaryField(null=True)),
                ('size', models.PositiveIntegerField(default=0)),
                ('printed', models.JSONField(null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.division')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('over_at__isnull', True)), fields=('owner',), name='one_print_at_a_time')],
            },
        ),
    ]
