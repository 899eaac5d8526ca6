"""`aigaq worker`: jobs and chores, by as many processes as are wanted; what one leaves, another takes up."""

import socket
from gettext import gettext as _

import click

from aigaq import wiring
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.cli.serve import wait_for_the_end
from aigaq.cli.web import require_postgres
from aigaq.core import threads
from aigaq.minding import minding
from aigaq.tasks import working


@click.command(help=_("Jobs and chores, beside others like it, until Ctrl-C or SIGTERM. Needs PostgreSQL."))
@common
@click.pass_obj
def worker(console: Console) -> None:
    require_postgres()
    wiring.vault()
    threads.log_ends()
    with minding() as chores, working() as jobs:
        console.say(_("Working on {host}. Ctrl-C stops it.").format(host=socket.gethostname()))
        wait_for_the_end((*chores, jobs))
        console.say(_("Stopping; what is not finished is taken up by another."))
    console.answer({"stopped": True})
