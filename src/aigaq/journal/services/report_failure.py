"""Report a failure: head and custodian learn at once that a recorder failed on duty (R22.1)."""

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import duty_rules, rules, wording
from aigaq.journal.models import Failure, FailureCause
from aigaq.journal.selectors import returned_of, row_with
from aigaq.journal.services.acting import require
from aigaq.journal.services.telling import (
    FieldNotice,
    body_of,
    failures_of,
    known,
    proposed,
    span_of_failure,
    written,
)
from aigaq.ledger.services import By, Ledger


def report_failure(ledger: Ledger, by: By, notice: FieldNotice, *, cause: str, words: str = "") -> Failure:
    """Enter the notice, once however often it is sent.

    Column 7 tells of a failure when it is settled, or at the return: one remark with cause, time of notice
    and what became of it (paragraph 22). Where the row was handed back before the notice came, at once.
    Raises `UnknownRowError`, `ToldOtherwiseError` and the refusals of
    `duty_rules.refusal_to_report_failure`.
    """
    words = rules.clean(words)
    with transaction.atomic():
        ledger.take_turn("journal.failure-reported")
        row = row_with(notice.row.pk)
        if found := known(Failure, notice, by, {"row_id": row.pk, "cause": cause, "words": words}):
            return found
        facts = proposed(ledger, by, notice, row, duty_rules.FAILURES)
        spans = [span_of_failure(each) for each in failures_of(row)]
        require(duty_rules.refusal_to_report_failure(facts, spans, cause, words))
        told = Failure(
            row=row,
            cause=FailureCause(cause),
            words=words,
            told=notice.told,
            occurred_at=notice.occurred_at,
            entered_at=facts.now,
        )
        remarks = [wording.remark_on_failure_told_late(told)] if returned_of(row) else []
        own: dict[str, Json] = {"failure": str(notice.id), "cause": cause, "words": words}
        entry = ledger.append("journal.failure-reported", by, body_of(notice, row, own, remarks))
        columns = written(entry, by, notice, row, remarks)
        return Failure.objects.create(row=row, cause=cause, words=words, **columns)
