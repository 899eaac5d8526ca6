"""`aigaq search`: the index by which recordings are found."""

from gettext import gettext as _

import click

from aigaq import wiring
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.ledger import selectors
from aigaq.review import indexing


@click.group(help=_("The index by which recordings are found."))
def search() -> None:
    pass


@search.command(
    help=_(
        "Throw the index away and make it anew from the ledger. The server may go on; it may take a while."
    )
)
@common
@click.pass_obj
def rebuild(console: Console) -> None:
    ledger = wiring.ledger()
    last = selectors.extent().last_seq
    with console.progress(_("Reading the ledger"), last + 1 if isinstance(last, int) else None) as progress:
        count = indexing.rebuild(ledger, on_progress=progress.to)
    console.answer({"recordings": count})
    console.say(_("The index has {number} recordings.").format(number=count))
