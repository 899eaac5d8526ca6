"""`aigaq web`: pages, by as many processes as are wanted, each of which any other can take the place of."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _

import click
from django.conf import settings

from aigaq import wiring
from aigaq.cli.listening import Tls, tls_of
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.cli.serve import DEFAULT_BIND, Serving, address_of, listening, parse_address, wait_for_the_end
from aigaq.core import threads
from aigaq.errors import N_, AigaqError
from aigaq.recovery.dumps import engine


class NeedsPostgresError(AigaqError):
    code = "hosts.sqlite"
    message = N_(
        "This installation has its database in a file, which one process serves: “aigaq serve”. For several,"
        " move to PostgreSQL and set AIGAQ_DATABASE_URL."
    )


class NoSharedSecretError(AigaqError):
    code = "hosts.no-secret"
    message = N_(
        "Several web processes need one secret in memory to open the vault with. Set"
        " AIGAQ_PROCESS_SECRET_FILE to a path below /run, the same for all of them."
    )


@click.command(help=_("Web pages alone, beside others like it, until Ctrl-C or SIGTERM. Needs PostgreSQL."))
@click.option("--bind", default=DEFAULT_BIND, show_default=True, help=_("Where to listen, as HOST:PORT."))
@click.option("--tls-cert", default="", help=_("Certificate (PEM, with its chain): then Aigaq speaks HTTPS."))
@click.option("--tls-key", default="", help=_("The private key (PEM) of the certificate."))
@common
@click.pass_obj
def web(console: Console, bind: str, tls_cert: str, tls_key: str) -> None:
    require_postgres()
    if settings.PROCESS_SECRET_FILE is None:
        raise NoSharedSecretError
    tls = tls_of(tls_cert or settings.TLS_CERT, tls_key or settings.TLS_KEY)
    with _serving(bind, tls) as pages:
        console.say(_("Aigaq's pages are at {address}. Ctrl-C stops them.").format(address=pages.address))
        wait_for_the_end(pages.threads)
        console.say(_("Stopping."))
    console.answer({"stopped": True})


def require_postgres() -> None:
    """Raises `NeedsPostgresError`."""
    if engine() != "postgresql":
        raise NeedsPostgresError


@contextmanager
def _serving(bind: str, tls: Tls | None) -> Iterator[Serving]:
    wiring.vault()
    server = listening(*parse_address(bind), tls)
    thread = threading.Thread(target=server.serve, name="web")
    threads.log_ends()
    thread.start()
    try:
        yield Serving(address_of(server, tls), (thread,))
    finally:
        server.stop()
        thread.join()
