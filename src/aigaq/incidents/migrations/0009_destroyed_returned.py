from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0008_undecided'),
    ]

    operations = [
        migrations.AlterField(
            model_name='incident',
            name='kind',
            field=models.CharField(choices=[('seal-broken', 'The seal was broken'), ('seal-missing', 'The seal was missing'), ('seal-different', 'Another seal was found'), ('other-hands', 'Handed back by another person'), ('damage', 'Damaged'), ('loss', 'Lost'), ('overdue', 'Not handed back in time'), ('pause-not-ended', 'A pause was never ended'), ('failure-left', 'A failure was neither repaired nor replaced'), ('read-in-part', 'A card gave recordings only in part'), ('reads-disagree', 'A card was read twice and did not give the same'), ('files-appeared', 'Files came upon a card while it was unloaded'), ('card-doubted', 'A card is not what it says it is'), ('receipt-corrected', 'Correction of who received what'), ('numbers-missing', 'Recordings are missing'), ('clock-wrong', "A recorder's clock was wrong"), ('not-recorded', 'A duty was not recorded throughout'), ('time-code-doubted', 'A time code does not add up'), ('destroyed-returned', 'A destroyed recording came again'), ('store-fault', 'What is stored is not as it should be')], max_length=32),
        ),
    ]
