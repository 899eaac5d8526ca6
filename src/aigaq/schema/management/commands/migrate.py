"""Django's `migrate`, quick where there is little to do: whoever asks for it asks for this one.

A database without tables is given those of `aigaq.schema`, so that only what is newer runs as a migration.
Where nothing is to run, Django would draw each model as it stands in the migrations, for what it announces;
the models as they are say the same.
"""

from typing import Any

from django.core.management.base import no_translations
from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections

from aigaq.schema.loading import load, pending

_OTHERWISE = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied", "prune")
"""Who asks for less than all, or only asks, is answered by Django."""


class Command(migrate.Command):
    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - signature of Command
        if not any(options[name] for name in _OTHERWISE):
            connection = connections[options["database"]]
            was_empty = load(connection)
            if not pending(connection):
                if not was_empty:
                    # An earlier run may have ended between its last migration and this.
                    emit_post_migrate_signal(options["verbosity"], options["interactive"], connection.alias)
                return
        super().handle(*args, **options)
