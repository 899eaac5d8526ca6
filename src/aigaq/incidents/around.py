"""What stood in the tables when an entry was written: the values that the rules are given beside it.

Tables grow; an entry may be followed long after it was written. So everything is read as of its number.
"""

from uuid import UUID

from django.db.models import QuerySet

from aigaq.incidents import rules
from aigaq.incidents.facts import Left, RowFacts, Thing
from aigaq.journal.models import Correction, Failure, JournalRow, Pause, ThingKind
from aigaq.journal.selectors import returned_of
from aigaq.journal.whose import FIRST, corrected, rows_of
from aigaq.ledger.models import LedgerEntry
from aigaq.registry.models import Card, Recorder, State
from aigaq.tlog.entry import Entry
from aigaq.tlog.errors import MalformedEntryError


def around(entry: Entry) -> tuple[RowFacts | None, Thing | None]:
    """The row that the entry speaks of, and the thing, where it speaks of one and they are there."""
    thing_id = rules.thing_of(entry)
    thing = _thing(thing_id) if thing_id else None
    row = _row_out(thing, entry.seq) if thing else _row(rules.row_of(entry))
    told = Thing(str(thing.pk), thing.inventory_number, _times_found(thing, entry.seq)) if thing else None
    return facts_of(row, entry.seq) if row else None, told


def facts_of(row: JournalRow, seq: int) -> RowFacts:
    """The row as it stood at the entry `seq`."""
    corrected = list(Correction.objects.filter(row=row, cell="seal_number", seq__lte=seq).order_by("seq"))
    pauses = Pause.objects.filter(row=row, seq__lt=seq).exclude(resumed__seq__lt=seq)
    failures = Failure.objects.filter(row=row, seq__lt=seq)
    failures = failures.exclude(repaired__seq__lt=seq).exclude(replaced__seq__lt=seq)
    received = row.received(seq)
    things: dict[ThingKind, Recorder | Card] = {ThingKind.RECORDER: received.recorder}
    if received.card is not None:
        things[ThingKind.CARD] = received.card
    returned = returned_of(row)
    return RowFacts(
        id=str(row.pk),
        number=row.number,
        book=row.book.registration_number,
        inspector=received.inspector.full_name,
        things={
            kind: Thing(str(each.pk), each.inventory_number, _times_found(each, seq))
            for kind, each in things.items()
        },
        issued=row.issue.seq,
        seal_set=corrected[-1].new if corrected else row.issue.seal_number,
        seal_corrected=tuple(each.seq for each in corrected),
        pauses=tuple(left_pause(each) for each in pauses.order_by("seq")),
        failures=tuple(Left(str(f.pk), f.seq, f.occurred_at, f.cause) for f in failures.order_by("seq")),
        returned=returned.seq if returned and returned.seq < seq else None,
    )


def left_pause(pause: Pause) -> Left:
    return Left(str(pause.pk), pause.seq, pause.occurred_at, pause.reason)


def _row(id_: UUID | None) -> JournalRow | None:
    return _with_all(JournalRow.objects.filter(pk=id_)).first() if id_ else None


def _row_out(thing: Recorder | Card, seq: int) -> JournalRow | None:
    """The row on which it was out at that entry."""
    rows = _with_all(rows_of(thing, before=seq))
    return rows.exclude(returned__seq__lt=seq).order_by("-seq").first()


def _with_all(rows: QuerySet[JournalRow]) -> QuerySet[JournalRow]:
    return rows.select_related("book", *FIRST, "issue", "returned").prefetch_related(corrected())


def _thing(id_: UUID) -> Recorder | Card | None:
    return Recorder.objects.filter(pk=id_).first() or Card.objects.filter(pk=id_).first()


def _times_found(thing: Recorder | Card, seq: int) -> int:
    """How often it had been lost and found again by then."""
    entries = LedgerEntry.objects.filter(
        kind="registry.state-set", seq__lt=seq, entry__contains=f'"from":"{State.LOST}"'
    )
    return sum(_finds(entry, thing) for entry in entries)


def _finds(entry: LedgerEntry, thing: Recorder | Card) -> bool:
    try:
        body = Entry.parse(entry.entry.encode()).body
    except MalformedEntryError:
        return False
    from_to = body.get("from"), body.get("to")
    return body.get("thing") == str(thing.pk) and from_to[0] == State.LOST and from_to[1] != State.LOST
