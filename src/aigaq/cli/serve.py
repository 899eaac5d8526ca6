"""`aigaq serve`: web, docks and jobs in one process."""

import logging
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import gettext as _
from typing import Final

import click
from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application

from aigaq import wiring
from aigaq.cli.listening import Server, Tls, tls_of
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.core import threads
from aigaq.core.logs import Word
from aigaq.errors import N_, AigaqError
from aigaq.ingest.docking import attend_docks
from aigaq.ingest.ports import PortBoard
from aigaq.ingest.watch import watch
from aigaq.minding import minding
from aigaq.tasks import working

log = logging.getLogger(__name__)

DEFAULT_BIND = "127.0.0.1:8000"
_LAST_PORT: Final = 65535


class AddressInUseError(AigaqError):
    code = "serve.address"
    message = N_("{address} can't be listened on: {reason}. Choose another address with --bind.")


@dataclass(frozen=True, slots=True)
class Serving:
    address: str
    threads: tuple[threading.Thread, ...]
    """None of which it can do without."""


@click.command(help=_("Web pages, docks and jobs, in one process, until Ctrl-C or SIGTERM."))
@click.option("--bind", default=DEFAULT_BIND, show_default=True, help=_("Where to listen, as HOST:PORT."))
@click.option("--tls-cert", default="", help=_("Certificate (PEM, with its chain): then Aigaq speaks HTTPS."))
@click.option("--tls-key", default="", help=_("The private key (PEM) of the certificate."))
@common
@click.pass_obj
def serve(console: Console, bind: str, tls_cert: str, tls_key: str) -> None:
    tls = tls_of(tls_cert or settings.TLS_CERT, tls_key or settings.TLS_KEY)
    with serving(bind, tls) as office:
        console.say(_("Aigaq is at {address}. Ctrl-C stops it.").format(address=office.address))
        console.say(_("Watched folder: {docks}").format(docks=settings.DOCKS))
        refusal = wiring.why_no_usb() if settings.USB == "auto" else None
        if refusal is not None:
            log.warning("No card can be mounted here: %s", Word(refusal.code))
            console.say(_(refusal.message).format(**refusal.details))
        wait_for_the_end(office.threads)
        console.say(_("Stopping; what is not finished goes on at the next start."))
    console.answer({"stopped": True})


@contextmanager
def serving(bind: str, tls: Tls | None = None) -> Iterator[Serving]:
    """Listen, watch the docks, mind the office; at the end all stop, the docks last.

    Raises `AddressInUseError`, and what `wiring` raises where there is no installation, or where no card can
    be mounted though that was asked for.
    """
    pipeline = wiring.pipeline()
    server = listening(*parse_address(bind), tls)
    try:
        media = wiring.media()
    except AigaqError:
        server.stop()
        raise
    PortBoard(pipeline.ledger.clock).begin()
    stop = threading.Event()
    own = [
        threading.Thread(target=server.serve, name="web"),
        threading.Thread(target=watch, args=(pipeline, settings.DOCKS), kwargs={"stop": stop}, name="docks"),
    ]
    if media is not None:
        own.append(threading.Thread(target=attend_docks, args=(pipeline, media, stop), name="usb"))
    threads.log_ends()
    for thread in own:
        thread.start()
    try:
        with minding() as chores, working() as jobs:
            yield Serving(address_of(server, tls), (*own, *chores, jobs))
    finally:
        stop.set()
        server.stop()
        for thread in own:
            thread.join()


def wait_for_the_end(needed: Iterable[threading.Thread]) -> None:
    """Return at SIGINT or SIGTERM. Raises `ThreadEndedError` when one of `needed` is no more."""
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: over.set())
    threads.wait(over, needed)


def parse_address(text: str) -> tuple[str, int]:
    """``HOST:PORT``, an IPv6 host in brackets. Raises ``click.BadParameter``."""
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _LAST_PORT:
        raise click.BadParameter(_("give HOST:PORT, such as 127.0.0.1:8000"))
    return host.strip("[]"), int(port)


def address_of(server: Server, tls: Tls | None) -> str:
    host, port = server.bind_addr[:2]
    return f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}/"


def listening(host: str, port: int, tls: Tls | None) -> Server:
    """Raises `AddressInUseError`, and what keeps the web from being served at all."""
    wiring.process_secret()
    server = Server((host, port), get_internal_wsgi_application(), tls)
    try:
        server.prepare()
    except OSError as error:
        raise AddressInUseError(address=f"{host}:{port}", reason=error.strerror or str(error)) from error
    return server
