"""Pause: recording stops for a while, the custodian having been told (R21.1)."""

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import duty_rules, wording
from aigaq.journal.models import Pause, PauseReason
from aigaq.journal.selectors import returned_of, row_with
from aigaq.journal.services.acting import require
from aigaq.journal.services.telling import FieldNotice, body_of, known, pauses_of, proposed, span_of, written
from aigaq.ledger.services import By, Ledger


def pause(ledger: Ledger, by: By, notice: FieldNotice, *, reason: str) -> Pause:
    """Enter the pause, once however often it is sent; its remark comes with its end.

    Where the row was handed back before the notice came, nothing that is signed can tell it any more: then
    the remark comes at once. Raises `UnknownRowError`, `ToldOtherwiseError` and the refusals of
    `duty_rules.refusal_to_pause`.
    """
    with transaction.atomic():
        ledger.take_turn("journal.paused")
        row = row_with(notice.row.pk)
        if found := known(Pause, notice, by, {"row_id": row.pk, "reason": reason}):
            return found
        facts = proposed(ledger, by, notice, row, duty_rules.PAUSES)
        require(duty_rules.refusal_to_pause(facts, [span_of(each) for each in pauses_of(row)], reason))
        begun = Pause(
            row=row,
            reason=PauseReason(reason),
            told=notice.told,
            occurred_at=notice.occurred_at,
            entered_at=facts.now,
        )
        remarks = [wording.remark_on_pause_told_late(begun)] if returned_of(row) else []
        own: dict[str, Json] = {"pause": str(notice.id), "reason": reason}
        entry = ledger.append("journal.paused", by, body_of(notice, row, own, remarks))
        return Pause.objects.create(row=row, reason=reason, **written(entry, by, notice, row, remarks))
