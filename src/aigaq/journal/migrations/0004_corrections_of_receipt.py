import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """No table is made anew: on SQLite that would lose its triggers. Only new columns come, all null."""

    dependencies = [
        ('journal', '0003_acts_on_duty'),
        ('registry', '0002_deputies_and_email'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                operation
                for name, model, null in (
                    ('recorder', 'recorder', False), ('card', 'card', True), ('inspector', 'person', False)
                )
                for operation in (
                    migrations.RenameField(model_name='journalrow', old_name=name, new_name=f'first_{name}'),
                    migrations.AlterField(
                        model_name='journalrow',
                        name=f'first_{name}',
                        field=models.ForeignKey(db_column=f'{name}_id', null=null, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=f'registry.{model}'),
                    ),
                )
            ],
        ),
        *(
            migrations.AddField(
                model_name='correction',
                name=name,
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=f'registry.{model}'),
            )
            for name, model in (('recorder', 'recorder'), ('card', 'card'), ('inspector', 'person'))
        ),
    ]
