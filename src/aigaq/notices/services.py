"""Telling people: notices follow from entries of the ledger, and letters from notices."""

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import QuerySet

from aigaq.core.canonical import Json
from aigaq.core.logs import Word
from aigaq.disclosure.selectors import due_soon
from aigaq.journal.models import JournalBook, JournalRow
from aigaq.journal.overdue import all_overdue
from aigaq.journal.whose import FIRST
from aigaq.ledger.following import follow
from aigaq.ledger.services import Ledger
from aigaq.notices import rules
from aigaq.notices.errors import UnknownNoticeError
from aigaq.notices.models import Letter, Notice
from aigaq.notices.rules import About, RowFacts, Telling
from aigaq.registry.models import Division, Person, Role
from aigaq.registry.selectors import people_with
from aigaq.registry.terms import day_of
from aigaq.review.samples import late_samples
from aigaq.tlog.entry import Entry

log = logging.getLogger(__name__)

FOLLOWER = "notices"
_TOLD_OF = (Role.HEAD, Role.CUSTODIAN)
"""Roles whose holders are told of what happens in their division."""


def catch_up(ledger: Ledger, ways: Collection[str] = ()) -> int:
    """Tell of every entry not told of yet, once each; how many entries these were.

    Who has an e-mail address gets a letter by each of `ways` besides. Not to be called inside a transaction.
    """
    return follow(ledger, FOLLOWER, (*rules.KINDS, rules.EMAIL_SET), partial(_act, ways=ways))


def remind_overdue(ledger: Ledger, now: datetime, ways: Collection[str] = ()) -> int:
    """Tell of every recorder that should have been handed back (R24.1), once a day; how many notices."""
    overdue = all_overdue(now)
    if not overdue:
        return 0
    custodians: dict[UUID, list[UUID]] = {}
    wanted: list[Telling] = []
    for each in overdue:
        row = each.view.row
        if row.division_id not in custodians:
            custodians[row.division_id] = _ids(people_with(row.division, Role.CUSTODIAN, now))
        wanted += rules.reminders(_row_facts(row), each.since, now, custodians[row.division_id])
    if not _untold(wanted):
        return 0
    with transaction.atomic():
        ledger.take_turn(FOLLOWER)
        return _write(wanted, now, ways)


def remind_samples(ledger: Ledger, now: datetime, ways: Collection[str] = ()) -> int:
    """Tell of every sample that should have been looked through, once a week; how many notices."""
    wanted: list[Telling] = []
    for sample, left in late_samples(day_of(now)):
        people = [person for role in _TOLD_OF for person in _ids(people_with(sample.division, role, now))]
        facts: dict[str, Json] = {
            "month": f"{sample.month:%Y-%m}",
            "count": left,
            "due_on": sample.due_on.isoformat(),
        }
        wanted += rules.late_samples(sample.pk, sample.division_id, facts, now, people)
    if not _untold(wanted):
        return 0
    with transaction.atomic():
        ledger.take_turn(FOLLOWER)
        return _write(wanted, now, ways)


def remind_demands(ledger: Ledger, now: datetime, ways: Collection[str] = ()) -> int:
    """Tell of every demand whose last day is near, or has passed, once a day; how many notices."""
    today, wanted = day_of(now), list[Telling]()
    for demand in due_soon(today):
        people = [person for role in _TOLD_OF for person in _ids(people_with(demand.division, role, now))]
        assert demand.due_on is not None
        facts: dict[str, Json] = {
            "number": demand.number,
            "authority": demand.authority,
            "due_on": demand.due_on.isoformat(),
        }
        wanted += rules.due_demands(
            demand.pk, demand.division_id, facts, now, people, late=demand.due_on < today
        )
    if not _untold(wanted):
        return 0
    with transaction.atomic():
        ledger.take_turn(FOLLOWER)
        return _write(wanted, now, ways)


def seen(person: Person, notice_id: UUID, now: datetime) -> None:
    """They have read it: no letter need go out any more. Raises `UnknownNoticeError`."""
    mine = Notice.objects.filter(person=person, pk=notice_id)
    if not mine.exists():
        raise UnknownNoticeError
    _mark(person, [notice_id], now)


def seen_all(person: Person, until: datetime, now: datetime) -> None:
    """All that a page showed them: none that came after `until`."""
    unseen = Notice.objects.filter(person=person, seen_at=None, created_at__lte=until)
    _mark(person, list(unseen.values_list("pk", flat=True)), now)


def forget_old(now: datetime) -> int:
    """Notices are no evidence: what they told of stands in the ledger. How many were removed."""
    old = [
        Notice.objects.filter(seen_at__lt=now - rules.KEEP_SEEN),
        Notice.objects.filter(created_at__lt=now - rules.KEEP_UNSEEN),
    ]
    removed = 0
    for notices in old:
        while some := _forget_some(notices):
            removed += some
    return removed


_AT_ONCE = 500
"""Notices removed in one transaction, so that nobody waits long for the database."""


def _forget_some(notices: QuerySet[Notice]) -> int:
    with transaction.atomic():
        ids = list(notices.values_list("pk", flat=True)[:_AT_ONCE])
        Letter.objects.filter(notice__in=ids).delete()
        return Notice.objects.filter(pk__in=ids).delete()[0]


def _act(ledger: Ledger, entry: Entry, *, ways: Collection[str]) -> None:
    now = ledger.clock.now()
    if entry.kind == rules.EMAIL_SET:
        _readdress(entry, now)
        return
    if now - entry.at > rules.NEWS:
        return
    try:
        found = rules.tellings(entry, _about(entry, now))
    except (KeyError, TypeError, ValueError, ObjectDoesNotExist):
        # One entry that nobody can read must not keep everybody from being told of the others.
        log.exception("Nobody could be told of entry %d (%s)", entry.seq, Word(entry.kind))
        return
    _write(found, now, ways)


def _about(entry: Entry, now: datetime) -> About:
    subject = rules.subject_of(entry)
    row = None
    if subject.row is not None:
        row = JournalRow.objects.select_related("book", *FIRST, "division").get(pk=UUID(subject.row))
    division = row.division if row and subject.division is None else None
    division = division or Division.objects.get(pk=UUID(subject.division or ""))
    return About(
        division=division.pk,
        division_name=division.name,
        holders={role: _ids(people_with(division, role, now)) for role in _TOLD_OF},
        row=_row_facts(row) if row else None,
        previous_book=_book_before(division, entry.seq),
    )


def _book_before(division: Division, seq: int) -> str:
    before = JournalBook.objects.filter(division=division, seq__lt=seq).order_by("-seq")
    return before.values_list("registration_number", flat=True).first() or ""


def _row_facts(row: JournalRow) -> RowFacts:
    return RowFacts(
        id=row.pk,
        division=row.division_id,
        number=row.number,
        book=row.book.registration_number,
        recorder=row.recorder.inventory_number,
        inspector=row.inspector_id,
        inspector_name=row.inspector.full_name,
    )


def _ids(people: Iterable[Person]) -> list[UUID]:
    return [person.pk for person in people]


def _untold(wanted: Sequence[Telling]) -> list[Telling]:
    told = set(
        Notice.objects.filter(
            key__in={each.key for each in wanted}, person__in={each.person for each in wanted}
        ).values_list("person_id", "kind", "key")
    )
    return [each for each in wanted if (each.person, each.kind, each.key) not in told]


def _write(wanted: Sequence[Telling], now: datetime, ways: Collection[str]) -> int:
    """In a transaction that has the ledger's turn, so that nobody else tells the same meanwhile."""
    notices = [
        Notice(
            person_id=each.person,
            division_id=each.division,
            kind=each.kind,
            key=each.key,
            facts=dict(each.facts),
            created_at=now,
        )
        for each in _untold(wanted)
    ]
    Notice.objects.bulk_create(notices)
    people = {notice.person_id for notice in notices}
    addresses = dict(Person.objects.filter(pk__in=people).exclude(email="").values_list("pk", "email"))
    Letter.objects.bulk_create(
        Letter(notice=notice, way=way, address=addresses[notice.person_id], next_at=now)
        for notice in notices
        for way in ways
        if notice.person_id in addresses
    )
    return len(notices)


def _readdress(entry: Entry, now: datetime) -> None:
    """What has not reached the person goes to where they are reached now, from the beginning."""
    person = Person.objects.get(pk=UUID(str(entry.body["person"])))
    waiting = Letter.objects.filter(
        notice__person=person, notice__seen_at=None, notice__created_at__gte=now - rules.NEWS, sent_at=None
    )
    if person.email:
        waiting.update(address=person.email, attempts=0, next_at=now, last_error="")
    else:
        waiting.delete()


def _mark(person: Person, notices: Collection[UUID], now: datetime) -> None:
    with transaction.atomic():
        Notice.objects.filter(person=person, pk__in=notices, seen_at=None).update(seen_at=now)
        Letter.objects.filter(notice__in=notices, sent_at=None).update(next_at=None)
