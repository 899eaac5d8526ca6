from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('name', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('seq', models.PositiveBigIntegerField()),
            ],
        ),
    ]
