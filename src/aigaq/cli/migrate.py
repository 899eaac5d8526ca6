"""`aigaq migrate`: after another version of Aigaq was installed."""

from gettext import gettext as _

import click
from django.core.management import call_command
from django.db import connection

from aigaq import wiring
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.schema.loading import pending


@click.command(help=_("Bring the database to this version of Aigaq. Make a backup before it."))
@common
@click.pass_obj
def migrate(console: Console) -> None:
    wiring.installation()
    steps = pending(connection)
    call_command("migrate", interactive=False, verbosity=0)
    console.answer({"steps": [f"{migration.app_label} {migration.name}" for migration in steps]})
    console.say(_("The database is at this version; steps taken: {number}.").format(number=len(steps)))
