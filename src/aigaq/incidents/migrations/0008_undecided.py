import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO incidents_undecided (incident_id, division_id) SELECT i.id, i.division_id FROM incidents_incident i
WHERE NOT EXISTS (SELECT 1 FROM incidents_decision d WHERE d.incident_id = i.id)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0007_store_fault'),
        ('registry', '0003_authority'),
    ]

    operations = [
        migrations.CreateModel(
            name='Undecided',
            fields=[
                ('incident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='undecided', serialize=False, to='incidents.incident')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
