"""Remark: the custodian adds to column 7."""

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal import rules
from aigaq.journal.documents import about_person, about_row
from aigaq.journal.models import JournalRow, Remark
from aigaq.journal.selectors import row_with
from aigaq.journal.services.acting import require
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Person
from aigaq.registry.selectors import standing_of


def remark(ledger: Ledger, by: By, *, row: JournalRow, text: str, author: Person) -> Remark:
    """Add `text` to column 7 of `row`, open or returned. `author` is the custodian of its division.

    Raises `UnknownRowError`, `NotCustodianError`, `NoTextError` or `TooLongError`.
    """
    text = rules.clean(text)
    row = row_with(row.pk)
    with transaction.atomic():
        now = ledger.clock.now()
        require(rules.refusal_to_write(by, standing_of(author, now), row.division))
        require(rules.refusal_of_remark(text))
        body: dict[str, Json] = {
            **about_row(row),
            "author": about_person(author),
            "text": text,
            "occurred_at": rfc3339(now),
        }
        seq = ledger.append("journal.remarked", by, body).seq
        return Remark.objects.create(row=row, occurred_at=now, entered_at=now, by=author, seq=seq, text=text)
