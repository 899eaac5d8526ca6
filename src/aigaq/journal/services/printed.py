"""Printed: who had the book set for paper, and who took the file. Names stand in it, so both are entered."""

from hashlib import sha256

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal.printing import Printed
from aigaq.journal.services.acting import within
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import By, Ledger


def enter_printed(ledger: Ledger, by: By, printed: Printed) -> LedgerEntry:
    """Enter that the book was set: before anybody can have it, or in the transaction that hands it out."""
    with transaction.atomic():
        return _enter(ledger, "journal.printed", by, printed)


def enter_taken(ledger: Ledger, by: By, printed: Printed) -> LedgerEntry:
    """Enter a download, durably when this returns: the octets go out after it, or not at all."""
    with transaction.atomic(durable=True):
        return _enter(ledger, "journal.print-taken", by, printed)


def _enter(ledger: Ledger, kind: str, by: By, printed: Printed) -> LedgerEntry:
    book = printed.book
    body: dict[str, Json] = {
        "book": str(book.pk),
        "registration_number": book.registration_number,
        "sheets": {"first": printed.part.first, "last": printed.part.last},
        "checkpoint": printed.size,
        "pdf": {"digest": f"sha256:{sha256(printed.pdf).hexdigest()}", "octets": len(printed.pdf)},
    }
    return ledger.append(kind, within(by, book.division), body)
