from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('copies', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptSum',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('upto', models.BigIntegerField()),
                ('count', models.PositiveBigIntegerField()),
                ('octets', models.PositiveBigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='placestate',
            name='complete_to',
            field=models.BigIntegerField(default=0),
        ),
    ]
