import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO review_samplefinished (sample_id) SELECT s.id FROM review_sample s WHERE NOT EXISTS (
    SELECT 1 FROM review_sampleitem i WHERE i.sample_id = s.id AND NOT EXISTS (
        SELECT 1 FROM review_review r WHERE r.row_id = i.row_id AND r.seq > i.seq))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0003_samples'),
    ]

    operations = [
        migrations.CreateModel(
            name='SampleFinished',
            fields=[
                ('sample', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='finished', serialize=False, to='review.sample')),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
