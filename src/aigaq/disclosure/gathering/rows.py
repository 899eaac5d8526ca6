"""The rows of the journal on which the recordings were made, each with every entry that writes on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from aigaq.disclosure.gathering.then import LedgerThen
from aigaq.incidents.models import Decision, Incident
from aigaq.journal.models import (
    Correction,
    Failure,
    JournalRow,
    Loss,
    Pause,
    Remark,
    Repair,
    Replacement,
    Resume,
    Return,
    Unloading,
)
from aigaq.recordings.models import CoverageJudgement
from aigaq.tlog.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class RowThen:
    id: UUID
    issued: Entry
    entries: tuple[Entry, ...]
    """That write on it, the issue first."""
    coverage: Entry | None
    """The newest judgement of its duty."""
    beside: tuple[Entry, ...]
    """Judgements of its duty, incidents about it, decisions on them."""


def rows_then(then: LedgerThen, ids: Iterable[UUID]) -> list[RowThen]:
    """In the order in which they were issued."""
    rows = then.had(JournalRow.objects.filter(pk__in=set(ids)))
    return [_row(then, row) for row in rows.order_by("seq")]


def _row(then: LedgerThen, row: JournalRow) -> RowThen:
    written = then.seqs(
        Return.objects.filter(row=row),
        Unloading.objects.filter(row=row),
        Remark.objects.filter(row=row),
        Pause.objects.filter(row=row),
        Resume.objects.filter(pause__row=row),
        Failure.objects.filter(row=row),
        Repair.objects.filter(failure__row=row),
        Replacement.objects.filter(failure__row=row),
        Loss.objects.filter(row=row),
        Correction.objects.filter(row=row),
    )
    coverage = then.had(CoverageJudgement.objects.filter(row=_first_of_duty(then, row))).order_by("seq")
    judged = then.entries(coverage.values_list("seq", flat=True))
    incidents = then.seqs(Incident.objects.filter(row=row), Decision.objects.filter(incident__row=row))
    return RowThen(
        id=row.pk,
        issued=then.entry(row.seq),
        entries=tuple(then.entries({row.seq} | written)),
        coverage=judged[-1] if judged else None,
        beside=(*judged, *then.entries(incidents)),
    )


def _first_of_duty(then: LedgerThen, row: JournalRow) -> JournalRow:
    """Where its duty began, before recorders were replaced: how much was recorded is judged of the whole."""
    seen = {row.pk}
    while True:
        before = then.had(Replacement.objects.filter(new_row=row)).select_related("failure__row").first()
        if before is None or before.failure.row_id in seen:
            return row
        row = before.failure.row
        seen.add(row.pk)
