"""Taking figures away: each export is an entry in the ledger, written before the figures leave."""

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.ledger.services import By, Ledger
from aigaq.overview.figures import Overview

KIND = "overview.taken"


def take(ledger: Ledger, by: By, found: Overview, form: str) -> None:
    """`form` is ``csv`` or ``pdf``."""
    body: dict[str, Json] = {
        "form": form,
        "division": str(found.root.pk),
        "divisions": len(found.divisions),
        "monday": found.monday.isoformat(),
        "at": rfc3339(found.now),
    }
    with transaction.atomic():
        ledger.append(KIND, by, body)
