"""What is told from the field on a day of duty, and what comes of it for the people of the office."""

from datetime import timedelta
from uuid import uuid4

from aigaq.journal.models import Failure, FailureCause, JournalRow, Pause, PauseReason, Resume, Told
from aigaq.journal.services.pause import pause
from aigaq.journal.services.report_failure import report_failure
from aigaq.journal.services.resume import resume
from aigaq.journal.services.telling import FieldNotice
from aigaq.notices.models import Letter, Notice
from aigaq.registry.models import Person
from aigaq.registry.services import set_email
from tests.support.duty import Duty


def told(duty: Duty, row: JournalRow, *, by: Person | None = None) -> FieldNotice:
    """From the inspector's phone, this very minute; or by voice, entered by the custodian."""
    person = by or row.inspector
    way = Told.BY_VOICE if by else Told.PHONE_PAGE
    return FieldNotice(
        id=uuid4(),
        row=row,
        person=person,
        told=way,
        occurred_at=duty.office.clock.now() - timedelta(seconds=1),
    )


def failure(duty: Duty, row: JournalRow, *, by: Person | None = None, words: str = "") -> Failure:
    """The recorder of `row` does not switch on."""
    duty.passes(minutes=1)
    notice = told(duty, row, by=by)
    acting = duty.office.by(notice.person)
    return report_failure(duty.office.ledger, acting, notice, cause=FailureCause.NO_POWER, words=words)


def begins_a_pause(duty: Duty, row: JournalRow, *, by: Person | None = None) -> Pause:
    duty.passes(minutes=1)
    notice = told(duty, row, by=by)
    return pause(duty.office.ledger, duty.office.by(notice.person), notice, reason=PauseReason.MEAL)


def ends_the_pause(duty: Duty, row: JournalRow, begun: Pause) -> Resume:
    duty.passes(minutes=20)
    notice = told(duty, row)
    return resume(duty.office.ledger, duty.office.by(notice.person), notice, pause=begun.pk)


def gives_address(duty: Duty, person: Person, email: str = "") -> str:
    office = duty.office
    person.refresh_from_db()
    email = email or f"{person.user.username}@example.kz"
    set_email(office.ledger, office.by(person), person, email)
    return email


def notices(person: Person | None = None) -> list[tuple[str, str]]:
    """Whom of what, the oldest first; of one person, or of all."""
    found = Notice.objects.select_related("person").order_by("created_at", "person__staff_number", "kind")
    if person is not None:
        found = found.filter(person=person)
    return [(notice.person.staff_number, notice.kind) for notice in found]


def letters() -> list[tuple[str, str]]:
    """Addresses and ways, in order."""
    return list(Letter.objects.order_by("address", "way").values_list("address", "way"))
