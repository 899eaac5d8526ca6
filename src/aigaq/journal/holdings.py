"""What a custodian answers for: every recorder, card and book of the division, for the hand-over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from aigaq.journal.book_selectors import books
from aigaq.journal.models import JournalRow
from aigaq.journal.whose import corrected
from aigaq.registry.models import Card, Division, Recorder, Role, State
from aigaq.registry.selectors import cards_of, people_with, recorders_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldThing:
    """A recorder or a card. Lost and retired ones are told too: somebody has to answer for them."""

    inventory_number: str
    model: str
    """Of a recorder; empty for a card."""
    serial_number: str
    sits_in: str
    """Of a card: the inventory number of the recorder it usually sits in; empty if none."""
    capacity: int
    """Octets of a card; 0 where it is not known, and for a recorder."""
    state: State
    is_out: bool
    holder: str
    """The inspector it is out with; empty at the custodian's."""
    out_since: datetime | None
    book: str
    row: int | None
    """The row of the journal that it is out on, and its book's registration number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBook:
    registration_number: str
    started_on: date
    ended_on: date | None
    """None: it is open."""
    sheets: int
    rows: int
    """Written in it so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    division: str
    at: datetime
    head: str
    custodian: str
    """Full names, empty where there is none."""
    recorders: tuple[HeldThing, ...]
    cards: tuple[HeldThing, ...]
    books: tuple[HeldBook, ...]
    """The newest first."""

    @property
    def out(self) -> int:
        """Things that are not there to be counted."""
        return sum(thing.is_out for thing in (*self.recorders, *self.cards))


def holdings(division: Division, at: datetime) -> Holdings:
    """As the register and the book have it now; `at` is this moment, for the paper and for who holds a role.

    As many queries for a thousand things as for one.
    """
    recorders, cards = recorders_of(division), cards_of(division)
    out_on = [thing.out_on for thing in (*recorders, *cards) if thing.out_on]
    found = JournalRow.objects.filter(pk__in=out_on).select_related("first_inspector", "book", "issue")
    found = found.prefetch_related(corrected())
    rows = {row.pk: row for row in found}
    return Holdings(
        division=division.name,
        at=at,
        head=_names(division, Role.HEAD, at),
        custodian=_names(division, Role.CUSTODIAN, at),
        recorders=tuple(
            _held(each, rows, model=each.model, serial_number=each.serial_number) for each in recorders
        ),
        cards=tuple(
            _held(
                each,
                rows,
                sits_in=each.recorder.inventory_number if each.recorder else "",
                capacity=each.capacity,
            )
            for each in cards
        ),
        books=tuple(
            HeldBook(
                registration_number=view.book.registration_number,
                started_on=view.book.started_on,
                ended_on=view.facts.ended_on,
                sheets=view.book.sheets,
                rows=view.facts.rows,
            )
            for view in books(division)
        ),
    )


def _names(division: Division, role: Role, at: datetime) -> str:
    return ", ".join(person.full_name for person in people_with(division, role, at))


def _held(
    thing: Recorder | Card,
    rows: Mapping[UUID, JournalRow],
    *,
    model: str = "",
    serial_number: str = "",
    sits_in: str = "",
    capacity: int = 0,
) -> HeldThing:
    row = rows.get(thing.out_on) if thing.out_on else None
    return HeldThing(
        inventory_number=thing.inventory_number,
        model=model,
        serial_number=serial_number,
        sits_in=sits_in,
        capacity=capacity,
        state=State(thing.state),
        is_out=thing.out_on is not None,
        holder=row.inspector.full_name if row else "",
        out_since=row.issue.occurred_at if row else None,
        book=row.book.registration_number if row else "",
        row=row.number if row else None,
    )
