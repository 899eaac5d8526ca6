"""Django gives PostgreSQL a second index on text for ``LIKE``, which nobody asks of digests.

They were a twelfth of all that a recording takes in the database.
"""

from django.db import migrations

COLUMNS = (
    ("recordings_blob", "content_digest"),
    ("recordings_blob", "stored_digest"),
    ("recordings_recordingfile", "source_key"),
)


def drop(_apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table, column in COLUMNS:
            cursor.execute(
                "SELECT quote_ident(indexname) FROM pg_indexes WHERE schemaname = current_schema()"
                " AND tablename = %s AND indexdef LIKE %s",
                [table, f"%({column} varchar_pattern_ops)"],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):

    dependencies = [
        ('recordings', '0008_intake'),
    ]

    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
