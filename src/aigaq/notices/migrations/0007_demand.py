from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0006_dock_quota'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('paused', 'Pause'), ('resumed', 'End of a pause'), ('failed', 'A recorder failed'), ('overdue', 'Not handed back in time'), ('incident', 'Incident'), ('book-opened', 'A new journal has opened itself'), ('appointed', 'Appointment'), ('disk-filling', 'The vault is filling up'), ('elsewhere', 'A card was unloaded in another division'), ('corrected', 'Correction of who received what'), ('dock-clock', 'The clock of a docking PC is off'), ('dock-quota', 'A docking PC has come to the end of its share'), ('sample', 'The monthly review'), ('demand', 'A demand of an authority or a court')], max_length=16),
        ),
    ]
