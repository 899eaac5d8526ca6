"""Repair: the custodian puts a failed recorder right, and the duty goes on with it (R22.1)."""

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal import mishap_rules, rules, wording
from aigaq.journal.documents import about_row
from aigaq.journal.mishap_rules import ProposedRepair
from aigaq.journal.models import Failure, Remark, Repair
from aigaq.journal.selectors import as_corrected, failure_with, returned_of, settled_at
from aigaq.journal.services.acting import require, writer_of
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Person
from aigaq.registry.selectors import standing_of


def repair(ledger: Ledger, by: By, *, failure: Failure, words: str, custodian: Person) -> Repair:
    """Settle `failure`; `words` say what was done, and column 7 tells it.

    Raises the refusals of `mishap_rules.refusal_to_repair`, or `UnknownFailureError`.
    """
    words = rules.clean(words)
    with transaction.atomic():
        ledger.take_turn("journal.repaired")
        failure, now = failure_with(failure.pk, failure.row.division), ledger.clock.now()
        row, returned = failure.row, returned_of(failure.row)
        require(
            mishap_rules.refusal_to_repair(
                ProposedRepair(
                    division=row.division,
                    by=by,
                    custodian=standing_of(custodian, now),
                    row=row.number,
                    returned_at=returned.occurred_at if returned else None,
                    settled_at=settled_at(failure),
                    words=words,
                )
            )
        )
        remark = wording.remark_on_repair(as_corrected(failure), words, now)
        body: dict[str, Json] = {
            **about_row(row),
            "failure": str(failure.pk),
            "reported": failure.seq,
            "words": words,
            "occurred_at": rfc3339(now),
            "remarks": [remark],
        }
        entry = ledger.append("journal.repaired", by, body)
        written = {"occurred_at": now, "entered_at": entry.at, "by_id": writer_of(by), "seq": entry.seq}
        Remark.objects.create(row=row, **written, text=remark)
        return Repair.objects.create(failure=failure, **written, words=words)
