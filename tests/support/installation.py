"""An installation in a folder, as `aigaq init` leaves it, for tests that need more than a database."""

from pathlib import Path

from aigaq.core.clock import SystemClock
from aigaq.ledger import installation as place
from aigaq.ledger.installation import Installation
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.signing import Ed25519Signer
from tests.support.vaults import local_vault


def install(data: Path) -> None:
    """Keys, vault and the file that says so; nobody is in it yet."""
    with place.begun(data):
        installation_id = Installation.new_id()
        signer = Ed25519Signer.generate(f"aigaq/{installation_id}")
        signer.save(data / place.KEYS / place.LEDGER_KEY)
        local_vault(data / "vault")
        place.finish(data, Installation(installation_id, VerifierKey.of(signer), SystemClock().now()))
