"""From what a person told to the journal: whose row, under which right, by which service."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aigaq import wiring
from aigaq.errors import N_, RefusedError
from aigaq.journal.errors import UnknownRowError
from aigaq.journal.models import Failure, JournalRow, Pause, Resume, Told
from aigaq.journal.selectors import row_with
from aigaq.journal.services.pause import pause
from aigaq.journal.services.report_failure import report_failure
from aigaq.journal.services.resume import resume
from aigaq.journal.services.telling import FieldNotice, PhoneClock
from aigaq.ledger.services import By
from aigaq.registry.models import Role
from aigaq.registry.selectors import Standing
from aigaq.web.phone.reading import Act, Said, Sent


class AnotherPersonsNoticeError(RefusedError):
    """The phone changed hands between the pressing and the sending. It is kept until its owner signs in."""

    code = "phone.another-persons"
    message = N_("This was told by somebody else. It is sent when they sign in on this phone.")


@dataclass(frozen=True, kw_only=True)
class Telling:
    """Something told by the person of `standing` about the row `row`."""

    standing: Standing
    row: UUID
    id: UUID
    at: datetime
    said: Said
    phone: PhoneClock | None = None


def tell_sent(standing: Standing, sent: Sent) -> Pause | Resume | Failure:
    """Raises `AnotherPersonsNoticeError`, `UnknownRowError` and what the services raise."""
    if sent.person != standing.person.pk:
        raise AnotherPersonsNoticeError
    return tell(
        Telling(standing=standing, row=sent.row, id=sent.id, at=sent.at, said=sent.said, phone=sent.clock)
    )


def tell(telling: Telling) -> Pause | Resume | Failure:
    """Raises `UnknownRowError`, also for rows of others, and what the services raise."""
    person, said = telling.standing.person, telling.said
    row = row_with(telling.row)
    if row.inspector_id != person.pk:
        raise UnknownRowError
    by = _by(telling.standing, row)
    notice = FieldNotice(
        id=telling.id,
        row=row,
        person=person,
        told=Told.PHONE_PAGE,
        occurred_at=telling.at,
        phone=telling.phone,
    )
    ledger = wiring.ledger()
    match said.act:
        case Act.PAUSE:
            return pause(ledger, by, notice, reason=said.reason)
        case Act.RESUME:
            return resume(ledger, by, notice, pause=said.pause)
        case Act.FAILURE:
            return report_failure(ledger, by, notice, cause=said.cause, words=said.words)


def _by(standing: Standing, row: JournalRow) -> By:
    """As inspector of the division of the row, whichever division their pages show at the moment."""
    return standing.by(standing.appointment(row.division, Role.INSPECTOR))
