"""Tables that the database itself keeps from being changed: a migration operation.

The triggers stop whoever comes through SQL, this program included. Who drops them first is found by
`aigaq ledger verify`.
"""

from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

REFUSAL = "insert-only: rows of {table} are never changed or deleted"

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
_POSTGRESQL = """
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()
"""


class InsertOnly(Operation):
    """Forbid UPDATE, DELETE and TRUNCATE on the table of `model`. Not reversible, on purpose."""

    TRIGGERS = 2
    """So many stand on each table, on either database."""

    reversible = False
    reduces_to_sql = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: "ProjectState") -> None:
        """The state of the models stays as it is."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: "BaseDatabaseSchemaEditor",
        from_state: "ProjectState",  # noqa: ARG002 - signature of Operation
        to_state: "ProjectState",
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table  # noqa: SLF001 - Django's public way
        refusal = REFUSAL.format(table=table)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_POSTGRESQL.format(table=table, refusal=refusal))
            return
        for verb in ("update", "delete"):
            schema_editor.execute(_SQLITE.format(table=table, verb=verb, VERB=verb.upper(), refusal=refusal))

    def describe(self) -> str:
        return f"Rows of {self.model} are never changed or deleted"


class StillInsertOnly(InsertOnly):
    """After a column was added: SQLite makes the table anew for that, without its triggers."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: "BaseDatabaseSchemaEditor",
        from_state: "ProjectState",
        to_state: "ProjectState",
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
