"""A table that is nothing but its primary key: a migration operation."""

from typing import TYPE_CHECKING

from django.db.migrations.operations import CreateModel

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class CreateClustered(CreateModel):
    """As `CreateModel`; SQLite keeps the rows in the key's own tree, and not a second time beside it."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: "BaseDatabaseSchemaEditor",
        from_state: "ProjectState",
        to_state: "ProjectState",
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if schema_editor.connection.vendor != "sqlite" or not self.allow_migrate_model(
            schema_editor.connection.alias, model
        ):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        sql, parameters = schema_editor.table_sql(model)
        schema_editor.execute(f"{sql} WITHOUT ROWID", parameters or None)
