"""Daniyar looks through recordings, marks what he sees, and says what the review came to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aigaq.journal.models import JournalRow
from aigaq.recordings.models import Recording, RecordingFile
from aigaq.registry.models import Division, Person
from aigaq.review.models import Mark, MarkChange, Review, Sample, SampleItem, Saying
from aigaq.review.selectors import mark_with
from aigaq.review.services import ChangeRequest, MarkRequest, change, mark, review
from tests.support.office import Office

USUAL: dict[str, Any] = {
    "position_ms": 500,
    "until_ms": None,
    "category": "violation",
    "is_evidence": True,
    "note": "",
}


@dataclass(frozen=True)
class Reviewer:
    office: Office

    def marks(self, file: RecordingFile, *, who: Person | None = None, **saying: Any) -> Mark:
        who = who or self.office.custodian
        request = MarkRequest(reviewer=who, file=file, saying=Saying(**(USUAL | saying)))
        return mark(self.office.ledger, self.office.by(who), request)

    def amends(
        self,
        marked: Mark,
        *,
        who: Person | None = None,
        reason: str = "Дәлірек",
        read: int | None = None,
        **new: Any,
    ) -> MarkChange:
        present = mark_with(marked.pk).present
        usual = {name: getattr(present, name) for name in USUAL}
        return self._changes(marked, Saying(**(usual | new)), who, reason, read)

    def withdraws(
        self, marked: Mark, *, who: Person | None = None, reason: str = "Қате", read: int | None = None
    ) -> MarkChange:
        return self._changes(marked, None, who, reason, read)

    def reviews(
        self,
        of: Recording | JournalRow,
        *,
        who: Person | None = None,
        result: str = "nothing",
        note: str = "",
    ) -> Review:
        who = who or self.office.custodian
        return review(self.office.ledger, self.office.by(who), of, reviewer=who, result=result, note=note)

    def _changes(
        self, marked: Mark, saying: Saying | None, who: Person | None, reason: str, read: int | None
    ) -> MarkChange:
        who = who or self.office.custodian
        said = 1 + len(mark_with(marked.pk).history)
        request = ChangeRequest(
            reviewer=who, mark=marked.pk, read=said if read is None else read, saying=saying, reason=reason
        )
        return change(self.office.ledger, self.office.by(who), request)


def a_sample(division: Division, row: JournalRow, at: datetime) -> Sample:
    """Of which no entry knows: for pages alone."""
    sample = Sample.objects.create(
        division=division,
        month=date(2026, 11, 1),
        size=7,
        root="a" * 64,
        seed="b" * 64,
        percent=10,
        least=5,
        days=15,
        population=1,
        population_digest=f"sha256:{'c' * 64}",
        due_on=date(2026, 12, 15),
        drawn_at=at,
        seq=row.seq,
    )
    SampleItem.objects.create(sample=sample, ordinal=1, row=row, inspector=row.inspector, seq=row.seq)
    return sample
