"""Resume: recording goes on after a pause, and column 7 tells the whole of it (R21.1)."""

from uuid import UUID

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import duty_rules, wording
from aigaq.journal.duty_errors import ToldOtherwiseError
from aigaq.journal.models import JournalRow, Pause, Resume
from aigaq.journal.selectors import as_corrected, returned_of, row_with
from aigaq.journal.services.acting import require
from aigaq.journal.services.telling import FieldNotice, body_of, known, pauses_of, proposed, span_of, written
from aigaq.ledger.services import By, Ledger


def resume(ledger: Ledger, by: By, notice: FieldNotice, *, pause: UUID | None = None) -> Resume:
    """Enter the end of `pause`, or of the one that ran at that time where the book does not have it.

    Raises `UnknownRowError`, `ToldOtherwiseError` and the refusals of `duty_rules.refusal_to_resume`.
    """
    with transaction.atomic():
        ledger.take_turn("journal.resumed")
        row = row_with(notice.row.pk)
        if found := known(Resume, notice, by, {}):
            return _of_row(found, row)
        facts, pauses = proposed(ledger, by, notice, row, duty_rules.PAUSES), pauses_of(row)
        spans = [span_of(each) for each in pauses]
        named = next((index for index, each in enumerate(pauses) if each.pk == pause), None)
        ends = duty_rules.pause_to_end(notice.occurred_at, spans, named)
        others = [span for index, span in enumerate(spans) if index != ends]
        require(duty_rules.refusal_to_resume(facts, None if ends is None else spans[ends], others))
        assert ends is not None
        ended = Resume(
            pause=as_corrected(pauses[ends]),
            told=notice.told,
            occurred_at=notice.occurred_at,
            entered_at=facts.now,
        )
        own: dict[str, Json] = {"resume": str(notice.id), "pause": str(ended.pause.pk)}
        remarks = [_remark(row, ended)]
        entry = ledger.append("journal.resumed", by, body_of(notice, row, own, remarks))
        return Resume.objects.create(pause=ended.pause, **written(entry, by, notice, row, remarks))


def _remark(row: JournalRow, ended: Resume) -> str:
    """The whole; or, where the return or the late notice told its beginning, its end alone."""
    whole = returned_of(row) is None
    return wording.remark_on_pause(ended) if whole else wording.remark_on_end_told_late(ended)


def _of_row(found: Resume, row: JournalRow) -> Resume:
    if not Pause.objects.filter(pk=found.pause_id, row=row).exists():
        raise ToldOtherwiseError
    return found
