import django.db.models.deletion
import uuid
from aigaq.ledger.insert_only import InsertOnly
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0002_corrections'),
        ('registry', '0002_deputies_and_email'),
    ]

    operations = [
        migrations.AddField(
            model_name='correction',
            name='assertion',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='signature',
            name='assertion',
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name='correction',
            name='way',
            field=models.CharField(choices=[('own-password', 'own password'), ('passkey', 'passkey')], max_length=16),
        ),
        migrations.AlterField(
            model_name='signature',
            name='way',
            field=models.CharField(choices=[('own-password', 'own password'), ('passkey', 'passkey')], max_length=16),
        ),
        migrations.CreateModel(
            name='Failure',
            fields=[
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('cause', models.CharField(choices=[('no-power', 'It does not switch on, or the battery is empty'), ('no-recording', 'It does not record'), ('picture', 'The picture is bad or missing'), ('sound', 'The sound is bad or missing'), ('card', 'The card is full or fails'), ('clock', 'Its date or time is wrong'), ('body', 'It is broken or came off'), ('other', 'Something else')], max_length=16)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('told', models.CharField(choices=[('phone-page', "from the inspector's phone"), ('by-voice', 'by voice, entered by the custodian')], max_length=16)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='failures', to='journal.journalrow')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Inscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheets', models.PositiveIntegerField()),
                ('way', models.CharField(choices=[('own-password', 'own password'), ('passkey', 'passkey')], max_length=16)),
                ('signed_digest', models.CharField(max_length=71)),
                ('assertion', models.JSONField(null=True)),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('book', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='inscription', to='journal.journalbook')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='NextBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('registration_number', models.CharField(max_length=64, unique=True)),
                ('sheets', models.PositiveIntegerField()),
                ('rows_per_sheet', models.PositiveSmallIntegerField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='next_books', to='registry.division')),
            ],
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(choices=[('meal', 'Meal'), ('sanitary', 'Sanitary needs')], max_length=16)),
                ('told', models.CharField(choices=[('phone-page', "from the inspector's phone"), ('by-voice', 'by voice, entered by the custodian')], max_length=16)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='journal.journalrow')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Repair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('words', models.CharField(max_length=300)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('failure', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='repaired', to='journal.failure')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Replacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('failure', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='replaced', to='journal.failure')),
                ('new_row', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='journal.journalrow')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Resume',
            fields=[
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('told', models.CharField(choices=[('phone-page', "from the inspector's phone"), ('by-voice', 'by voice, entered by the custodian')], max_length=16)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('pause', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='resumed', to='journal.pause')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Damage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('thing', models.CharField(choices=[('recorder', 'Recorder'), ('card', 'Card')], max_length=16)),
                ('found', models.CharField(choices=[('whole', 'In order'), ('damaged', 'Damaged'), ('missing', 'Missing')], max_length=16)),
                ('words', models.CharField(max_length=300)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='damages', to='journal.journalrow')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('row', 'thing'), name='damaged_once')],
            },
        ),
        migrations.CreateModel(
            name='Loss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('seq', models.PositiveBigIntegerField()),
                ('thing', models.CharField(choices=[('recorder', 'Recorder'), ('card', 'Card')], max_length=16)),
                ('words', models.CharField(max_length=300)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='losses', to='journal.journalrow')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('row', 'thing'), name='lost_once_on_a_row')],
            },
        ),
        InsertOnly("NextBook"),
        InsertOnly("Inscription"),
        InsertOnly("Pause"),
        InsertOnly("Resume"),
        InsertOnly("Failure"),
        InsertOnly("Repair"),
        InsertOnly("Replacement"),
        InsertOnly("Damage"),
        InsertOnly("Loss"),
    ]
