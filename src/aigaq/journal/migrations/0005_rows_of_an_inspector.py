from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0004_corrections_of_receipt'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='journalrow',
            index=models.Index(fields=['division', 'first_inspector'], name='rows_of_an_inspector'),
        ),
    ]
