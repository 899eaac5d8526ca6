"""What the custodian of a division answered for, as the first entries of the ledger have it.

`holdings` tells how it is now; a paper that is checked years later has to tell how it was.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q

from aigaq.journal.models import JournalBook, JournalRow
from aigaq.journal.whose import FIRST, corrected
from aigaq.ledger.models import LedgerEntry
from aigaq.paperwork.act_facts import Held, HeldBook
from aigaq.registry.models import Card, Division, Person, Recorder, State


class Out(NamedTuple):
    row: JournalRow
    inspector: Person


_TOLD = ("registry.recorder-added", "registry.card-added", "registry.state-set")
_GIGA = 1000**3


def things_held(division: Division, size: int) -> tuple[tuple[Held, ...], tuple[Held, ...]]:
    """Recorders and cards by their numbers, each with its state and who had it.

    Lost and retired ones too: somebody has to answer for them. What came after the first `size` entries
    changes nothing. Five queries, however many things.
    """
    states = _states(division, size)
    rows = _out(division, size)
    recorders = Recorder.objects.filter(pk__in=states).order_by("inventory_number")
    cards = Card.objects.filter(pk__in=states).select_related("recorder").order_by("inventory_number")
    return (
        tuple(
            _held("recorder", thing, (thing.model, thing.serial_number), states, rows) for thing in recorders
        ),
        tuple(_held("card", thing, _about_card(thing), states, rows) for thing in cards),
    )


def books_held(division: Division, size: int) -> tuple[HeldBook, ...]:
    """All books of the division, the newest first, as the first `size` entries have them."""
    books = (
        JournalBook.objects.filter(division=division, seq__lt=size)
        .select_related("end")
        .annotate(taken=Count("rows", filter=Q(rows__seq__lt=size)))
        .order_by("-seq")
    )
    return tuple(
        HeldBook(
            registration_number=book.registration_number,
            started_on=book.started_on,
            ended_on=end.ended_on if (end := getattr(book, "end", None)) and end.seq < size else None,
            sheets=book.sheets,
            rows=book.taken,
        )
        for book in books
    )


def _states(division: Division, size: int) -> dict[UUID, State]:
    """Of each thing of the division; the register keeps the present one, the ledger all."""
    return {UUID(body["thing"]): State(body.get("to", State.IN_SERVICE)) for body in _bodies(division, size)}


def _bodies(division: Division, size: int) -> Iterator[dict[str, Any]]:
    """Oldest first."""
    told = LedgerEntry.objects.filter(
        kind__in=_TOLD, seq__lt=size, entry__contains=f'"division":"{division.pk}"'
    )
    for text in told.order_by("seq").values_list("entry", flat=True):
        body: dict[str, Any] = json.loads(text)["body"]
        if body["division"] == str(division.pk):
            yield body


def _out(division: Division, size: int) -> dict[UUID, Out]:
    """The row on which each recorder and card was out, as corrected by then."""
    rows = (
        JournalRow.objects.filter(division=division, seq__lt=size)
        .filter(Q(returned=None) | Q(returned__seq__gte=size))
        .select_related(*FIRST, "issue")
        .prefetch_related(corrected())
    )
    out = {}
    for row in rows:
        received = row.received(size)
        out[received.recorder.pk] = Out(row, received.inspector)
        if received.card is not None:
            out[received.card.pk] = Out(row, received.inspector)
    return out


def _held(
    kind: str,
    thing: Recorder | Card,
    about: tuple[str, str],
    states: dict[UUID, State],
    rows: dict[UUID, Out],
) -> Held:
    out = rows.get(thing.pk)
    return Held(
        kind=kind,
        inventory_number=thing.inventory_number,
        about=about,
        state=str(states[thing.pk]),
        holder=out.inspector.full_name if out else "",
        row=out.row.number if out else None,
        since=out.row.issue.occurred_at if out else None,
    )


def _about_card(card: Card) -> tuple[str, str]:
    size = f"{round(card.capacity / _GIGA)} ГБ" if card.capacity else ""
    return size, card.recorder.inventory_number if card.recorder else ""
