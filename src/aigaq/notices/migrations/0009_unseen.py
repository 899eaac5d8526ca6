from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0008_places'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['person', '-created_at', '-id'], name='notices_unseen'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('next_at__isnull', True), ('sent_at__isnull', True)), fields=['sent_at'], name='letters_given_up'),
        ),
    ]
