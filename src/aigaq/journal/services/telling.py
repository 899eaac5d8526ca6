"""What pausing, resuming and reporting a failure do alike: the notice, the facts it meets, its entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.documents import about_person, about_row
from aigaq.journal.duty_errors import ToldOtherwiseError
from aigaq.journal.duty_rules import Moved, ProposedNotice, Span
from aigaq.journal.models import Failure, JournalRow, Pause, Remark, Replacement, Told, Written
from aigaq.journal.selectors import returned_of
from aigaq.journal.services.acting import writer_of
from aigaq.journal.whose import corrected
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Person
from aigaq.registry.selectors import standing_of

Entered = TypeVar("Entered", bound=Written)

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneClock:
    """What the phone knew of the time: its claim, kept in the ledger beside the time that follows from it.

    The server's clock was `offset` ahead of the phone's, give or take `uncertainty`, when they last spoke
    before the button was pressed, and `offset_when_sent` later. If these differ, the phone's clock was set
    in between.
    """

    offset: timedelta
    uncertainty: timedelta
    offset_when_sent: timedelta
    sent_at: datetime

    def document(self) -> dict[str, Json]:
        return {
            "offset_ms": self.offset // _MILLISECOND,
            "uncertainty_ms": self.uncertainty // _MILLISECOND,
            "offset_when_sent_ms": self.offset_when_sent // _MILLISECOND,
            "sent_at": rfc3339(self.sent_at),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNotice:
    """`person` tells it from their phone, or, being the custodian, enters what they were told by voice.

    `id` is of the sender's making: a notice that comes twice is entered once. `occurred_at` is when it was
    told, by the clock that whoever told it saw.
    """

    id: UUID
    row: JournalRow
    person: Person
    told: Told
    occurred_at: datetime
    phone: PhoneClock | None = None


def known(model: type[Entered], notice: FieldNotice, by: By, said: Mapping[str, object]) -> Entered | None:
    """What it was entered as already. Raises `ToldOtherwiseError` where its id stands for another."""
    found = model._default_manager.filter(pk=notice.id).first()  # noqa: SLF001 - Django's public way
    if found is None:
        return None
    stated = {"occurred_at": notice.occurred_at, "told": notice.told, "by_id": writer_of(by), **said}
    if any(getattr(found, name) != value for name, value in stated.items()):
        raise ToldOtherwiseError
    return found


def proposed(ledger: Ledger, by: By, notice: FieldNotice, row: JournalRow, paragraph: str) -> ProposedNotice:
    """The facts that the notice meets now; `row` is freshly read."""
    now, returned = ledger.clock.now(), returned_of(row)
    return ProposedNotice(
        paragraph=paragraph,
        told=notice.told,
        division=row.division,
        by=by,
        person=standing_of(notice.person, now),
        row=row.number,
        inspector=row.inspector.full_name,
        is_own=row.inspector_id == notice.person.pk,
        issued_at=row.issue.occurred_at,
        returned_at=returned.occurred_at if returned else None,
        moved=_moved(row),
        occurred_at=notice.occurred_at,
        now=now,
    )


def pauses_of(row: JournalRow) -> list[Pause]:
    return list(Pause.objects.filter(row=row).select_related("resumed").order_by("occurred_at", "seq"))


def failures_of(row: JournalRow) -> list[Failure]:
    found = Failure.objects.filter(row=row).select_related("repaired", "replaced", "row__first_recorder")
    found = found.prefetch_related(corrected("row"))
    return list(found.order_by("occurred_at", "seq"))


def span_of(pause: Pause) -> Span:
    resumed = getattr(pause, "resumed", None)
    return Span(pause.occurred_at, resumed.occurred_at if resumed else None)


def span_of_failure(failure: Failure) -> Span:
    ends = (getattr(failure, "repaired", None), getattr(failure, "replaced", None))
    return Span(failure.occurred_at, next((end.occurred_at for end in ends if end), None))


def body_of(
    notice: FieldNotice, row: JournalRow, facts: Mapping[str, Json], remarks: Sequence[str]
) -> dict[str, Json]:
    """What the entry says; `facts` are those of the act's own."""
    return {
        **about_row(row),
        "inspector": about_person(row.inspector),
        **facts,
        "told": str(notice.told),
        "occurred_at": rfc3339(notice.occurred_at),
        "phone": notice.phone.document() if notice.phone else None,
        "remarks": list(remarks),
    }


def written(
    entry: LedgerEntry, by: By, notice: FieldNotice, row: JournalRow, remarks: Sequence[str]
) -> dict[str, object]:
    """Write the remarks of the entry; gives what the act's own table has in common with the others."""
    times: dict[str, object] = {
        "occurred_at": notice.occurred_at,
        "entered_at": entry.at,
        "by_id": writer_of(by),
        "seq": entry.seq,
    }
    for text in remarks:
        Remark.objects.create(row=row, **times, text=text)
    return {"id": notice.id, "told": notice.told, **times}


def _moved(row: JournalRow) -> Moved | None:
    found = (
        Replacement.objects.filter(failure__row=row).select_related("new_row").order_by("occurred_at").first()
    )
    return Moved(found.occurred_at, found.new_row.number) if found else None
