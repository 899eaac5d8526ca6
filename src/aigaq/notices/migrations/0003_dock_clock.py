from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_receipt_corrected'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('paused', 'Pause'), ('resumed', 'End of a pause'), ('failed', 'A recorder failed'), ('overdue', 'Not handed back in time'), ('incident', 'Incident'), ('book-opened', 'A new journal has opened itself'), ('appointed', 'Appointment'), ('corrected', 'Correction of who received what'), ('dock-clock', 'The clock of a docking PC is off')], max_length=16),
        ),
    ]
