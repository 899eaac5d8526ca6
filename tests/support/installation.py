"""An installation in a folder, as `aigaq init` leaves it, for tests that need more than a database."""

from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from aigaq.core.clock import Clock, FixedClock, SystemClock
from aigaq.ledger import installation as place
from aigaq.ledger.installation import Installation
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.signing import Ed25519Signer
from tests.support.apart import database
from tests.support.duty import on_duty
from tests.support.hashing import QUICKLY
from tests.support.office import Office, open_office
from tests.support.vaults import local_vault


def install(data: Path) -> None:
    """Keys, vault and the file that says so; nobody is in it yet."""
    with place.begun(data):
        installation_id = Installation.new_id()
        signer = Ed25519Signer.generate(f"aigaq/{installation_id}")
        signer.save(data / place.KEYS / place.LEDGER_KEY)
        local_vault(data / "vault")
        place.finish(data, Installation(installation_id, VerifierKey.of(signer), SystemClock().now()))


def install_office(data: Path, clock: Clock) -> Office:
    """The usual cast on duty in an installation of their own, whose recorder and card are out on row 1.

    For programs that are started in it, with the real clock: nothing of it is in this process's database.
    """
    with (
        database(str(data / "aigaq.sqlite3")),
        place.begun(data),
        override_settings(PASSWORD_HASHERS=QUICKLY),
    ):
        call_command("migrate", verbosity=0)
        office = open_office(FixedClock(clock.now()))
        on_duty(office).issue()
        signer = office.ledger.signer
        signer.save(data / place.KEYS / place.LEDGER_KEY)
        local_vault(data / "vault")
        place.finish(data, Installation(Installation.new_id(), VerifierKey.of(signer), clock.now()))
        connection.close()
    return office
