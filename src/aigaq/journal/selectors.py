"""Reading the book: its rows as the seven columns have them, and where each recorder and card is."""

import json
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from aigaq.core.canonical import Json
from aigaq.journal.cells import Cell, cells_of
from aigaq.journal.errors import UnknownFailureError, UnknownRowError
from aigaq.journal.models import (
    Act,
    Correction,
    Damage,
    Failure,
    Issue,
    JournalBook,
    JournalRow,
    Loss,
    Pause,
    Remark,
    Repair,
    Replacement,
    Return,
    Signature,
    Unloading,
)
from aigaq.journal.whose import FIRST, corrected, rows_of
from aigaq.ledger.models import LedgerEntry
from aigaq.registry.models import Card, Division, Person, Recorder, Role, State
from aigaq.registry.selectors import people_with

ToldT = TypeVar("ToldT", Pause, Failure)

PAGE = 50
"""Rows."""


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of the book. The models are loaded: no property asks the database again."""

    row: JournalRow
    issue: Issue
    returned: Return | None
    issue_signature: Signature | None
    return_signature: Signature | None
    unloadings: tuple[Unloading, ...]
    remarks: tuple[Remark, ...]
    corrections: tuple[Correction, ...] = ()
    """Oldest first."""
    pauses: tuple[Pause, ...] = ()
    """Oldest first, each with its `resumed` if it was ended."""
    failures: tuple[Failure, ...] = ()
    """Oldest first, each with its `repaired` or its `replaced`, and that one's `new_row`."""
    damages: tuple[Damage, ...] = ()
    losses: tuple[Loss, ...] = ()

    @property
    def replaces(self) -> JournalRow | None:
        """The row of the failed recorder that this one's took the place of."""
        replacement = getattr(self.row, "replaces", None)
        return replacement.failure.row if replacement else None

    @property
    def replaced_by(self) -> JournalRow | None:
        """The row of the recorder that took the place of this one's."""
        ends = (getattr(failure, "replaced", None) for failure in self.failures)
        return next((end.new_row for end in ends if end), None)

    @property
    def open_pause(self) -> Pause | None:
        return next((pause for pause in self.pauses if not hasattr(pause, "resumed")), None)

    @property
    def open_failure(self) -> Failure | None:
        return next((failure for failure in self.failures if not failure.is_settled), None)

    @property
    def cells(self) -> Mapping[str, Cell]:
        """What a person wrote, struck and present, by the name of the cell."""
        return cells_of(self.row, self.remarks, self.corrections)

    @property
    def remark_cells(self) -> tuple[tuple[Remark, Cell | None], ...]:
        """Column 7; with no cell where the journal composed the remark itself."""
        cells = self.cells
        return tuple((remark, cells.get(f"remark:{remark.seq}")) for remark in self.remarks)

    @property
    def id(self) -> UUID:
        return self.row.pk

    @property
    def cursor(self) -> int:
        """Give the last one's as `before` to `rows` for the next page."""
        return self.row.seq

    @property
    def number(self) -> int:
        """Column 1."""
        return self.row.number

    @property
    def sheet(self) -> int:
        return self.row.sheet

    @property
    def inventory_numbers(self) -> tuple[str, ...]:
        """Column 2: the recorder's, then its card's."""
        card = (self.row.card.inventory_number,) if self.row.card else ()
        return (self.row.recorder.inventory_number, *card)

    @property
    def user(self) -> str:
        """Column 3."""
        return self.row.inspector.full_name

    @property
    def issued_at(self) -> datetime:
        """Column 4, with `issue_signature`."""
        return self.issue.occurred_at

    @property
    def returned_at(self) -> datetime | None:
        """Column 5, with `return_signature`."""
        return self.returned.occurred_at if self.returned else None

    @property
    def is_open(self) -> bool:
        return self.returned is None


class Place(StrEnum):
    WITH_CUSTODIAN = "with-custodian"
    WITH_INSPECTOR = "with-inspector"
    IN_REPAIR = "in-repair"
    LOST = "lost"
    RETIRED = "retired"


_PLACES = {State.IN_REPAIR: Place.IN_REPAIR, State.LOST: Place.LOST, State.RETIRED: Place.RETIRED}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a recorder or card was at an instant, and since when."""

    place: Place
    division: Division
    people: tuple[Person, ...]
    """The inspector who has it; or the custodians of the division, by name."""
    row: JournalRow | None
    """The row on which it was out."""
    since: datetime


def rows(
    division: Division, *, book: JournalBook | None = None, before: int | None = None, limit: int = PAGE
) -> list[RowView]:
    """The division's rows, of one book or of all, the newest first; `before` is a `RowView.cursor`.

    A page costs what a page costs, however many rows there are: which rows it has is read along an index,
    and only then what stands on them. In one query SQLite would join all of the book, and sort it.
    """
    found = JournalRow.objects.filter(division=division).order_by("-seq")
    if book is not None:
        if book.division_id != division.pk:
            return []
        found = JournalRow.objects.filter(book=book).order_by("-number")
    if before is not None and book is None:
        found = found.filter(seq__lt=before)
    elif before is not None:
        number = JournalRow.objects.filter(book=book, seq=before).values_list("number", flat=True).first()
        found = found.filter(number__lt=number or 0)
    return row_views(list(found.values_list("pk", flat=True)[:limit]))[::-1]


def open_rows(division: Division) -> list[RowView]:
    """What is out now, the oldest first."""
    return rows_out(division)


def rows_out(division: Division | None = None) -> list[RowView]:
    """What is out now, of one division or of all, the oldest first."""
    out = Recorder.objects.filter(out_on__isnull=False)
    if division is not None:
        out = out.filter(division=division)
    # Their ids first: with the question inside, PostgreSQL joins every row there ever was.
    ids = [out_on for out_on in out.values_list("out_on", flat=True) if out_on]
    return _views(_whole(JournalRow.objects.filter(pk__in=ids)).order_by("seq"))


def rows_out_with(person: Person) -> list[RowView]:
    """What `person` has in their hands now, wherever it was issued; the newest first."""
    out = Recorder.objects.filter(out_on__isnull=False).values("out_on")
    return _views(_whole(rows_of(person).filter(pk__in=out)).order_by("-seq"))


def row_view(row: JournalRow) -> RowView:
    return _view(_whole(JournalRow.objects.filter(pk=row.pk)).get())


def row_views(ids: Sequence[UUID]) -> list[RowView]:
    """Those rows, in the order of their issue."""
    return _views(_whole(JournalRow.objects.filter(pk__in=ids)).order_by("seq"))


def row_with(id_: UUID | str, division: Division | None = None) -> JournalRow:
    """The row with that id, of that division where one is given. Raises `UnknownRowError`."""
    found = JournalRow.objects.select_related("book", "division", *FIRST, "issue")
    if division is not None:
        found = found.filter(division=division)
    try:
        return found.get(pk=UUID(str(id_)))
    except (JournalRow.DoesNotExist, ValueError) as error:
        raise UnknownRowError from error


def failure_with(id_: UUID | str, division: Division) -> Failure:
    """The failure with that id on a row of that division. Raises `UnknownFailureError`."""
    found = Failure.objects.select_related(
        "row__book",
        "row__division",
        *(f"row__{name}" for name in FIRST),
        "row__returned",
        "repaired",
        "replaced",
    )
    try:
        return found.get(pk=UUID(str(id_)), row__division=division)
    except (Failure.DoesNotExist, ValueError) as error:
        raise UnknownFailureError from error


def as_corrected(told: ToldT) -> ToldT:
    """A pause or failure for reading: what was chosen and said of it as it stands now, not to be saved."""
    now, told = cells(told.row), copy(told)
    if isinstance(told, Failure):
        told.cause, told.words = now[f"cause:{told.seq}"].present, now[f"failure:{told.seq}"].present
    else:
        told.reason = now[f"pause:{told.seq}"].present
    return told


def settled_at(failure: Failure) -> datetime | None:
    """When it was repaired, or the recorder of its row replaced: a duty goes on with one other recorder."""
    repaired: Repair | None = getattr(failure, "repaired", None)
    if repaired is not None:
        return repaired.occurred_at
    replaced = Replacement.objects.filter(failure__row=failure.row_id).first()
    return replaced.occurred_at if replaced else None


def cells(row: JournalRow) -> Mapping[str, Cell]:
    """The cells of `row` that can be corrected, as they stand now."""
    corrections = Correction.objects.filter(row=row).order_by("seq")
    remarks = Remark.objects.filter(row=row).order_by("seq")
    return cells_of(row, remarks, corrections)


def seal_set(row: JournalRow) -> str:
    """The number of the seal that was set at the issue, as corrected; empty if none was."""
    newest = Correction.objects.filter(row=row, cell="seal_number").order_by("-number").first()
    return newest.new if newest else row.issue.seal_number


def open_row_of(thing: Recorder | Card) -> JournalRow | None:
    """The row on which it is out now, as the database has it, not `thing`."""
    kind = type(thing)
    out_on = kind._default_manager.values_list("out_on", flat=True).get(pk=thing.pk)  # noqa: SLF001 - Django's public way
    return _related(JournalRow.objects.filter(pk=out_on)).first() if out_on else None


def row_at(thing: Recorder | Card, at: datetime) -> JournalRow | None:
    """The row on which it was out at `at`, or last before: whose recordings of that time are."""
    found = _related(rows_of(thing).filter(issue__occurred_at__lte=at))
    return found.order_by("-issue__occurred_at", "-seq").first()


def whereabouts(thing: Recorder | Card, at: datetime) -> Whereabouts | None:
    """Where it was at `at`, now or in the past (R8.1); None before it was on the inventory."""
    if at < thing.created_at:
        return None
    division = thing.division
    row = row_at(thing, at)
    returned = returned_of(row) if row else None
    out = row if row and (returned is None or returned.occurred_at > at) else None
    state, since = _state_at(thing, at)
    if state is not State.IN_SERVICE:
        people = (out.inspector,) if out else ()
        return Whereabouts(_PLACES[state], division, people, out, since)
    if out is not None:
        return Whereabouts(Place.WITH_INSPECTOR, division, (out.inspector,), out, out.issue.occurred_at)
    custodians = tuple(people_with(division, Role.CUSTODIAN, at))
    last = max(since, returned.occurred_at) if returned else since
    return Whereabouts(Place.WITH_CUSTODIAN, division, custodians, None, last)


def returned_of(row: JournalRow) -> Return | None:
    """Column 5 of the row, None while it is open."""
    return getattr(row, "returned", None)


def _related(found: QuerySet[JournalRow]) -> QuerySet[JournalRow]:
    return found.select_related(
        "book",
        "division",
        *FIRST,
        "issue__by",
        "returned__by",
        "returned__handed_back_by",
        "replaces__failure__row__first_recorder",
        "replaces__failure__row__book",
    )


def _whole(found: QuerySet[JournalRow]) -> QuerySet[JournalRow]:
    """With all seven columns and what happened on duty: nine queries, however many rows."""
    return _related(found).prefetch_related(
        Prefetch("unloadings", Unloading.objects.order_by("occurred_at", "pk")),
        Prefetch("remarks", Remark.objects.select_related("by").order_by("seq", "pk")),
        corrected(),
        Prefetch("signatures", Signature.objects.select_related("signer").order_by("seq", "pk")),
        Prefetch("pauses", Pause.objects.select_related("resumed", "by").order_by("occurred_at", "seq")),
        Prefetch(
            "failures",
            Failure.objects.select_related(
                "by", "repaired", "replaced__new_row__first_recorder", "replaced__new_row__book"
            )
            .prefetch_related(corrected("replaced__new_row"))
            .order_by("seq"),
        ),
        Prefetch("damages", Damage.objects.order_by("pk")),
        Prefetch("losses", Loss.objects.select_related("by").order_by("seq")),
    )


def _views(found: Iterable[JournalRow]) -> list[RowView]:
    return [_view(row) for row in found]


def _view(row: JournalRow) -> RowView:
    signatures = {signature.act: signature for signature in row.signatures.all()}
    return RowView(
        row=row,
        issue=row.issue,
        returned=returned_of(row),
        issue_signature=signatures.get(Act.ISSUE),
        return_signature=signatures.get(Act.RETURN),
        unloadings=tuple(row.unloadings.all()),
        remarks=tuple(row.remarks.all()),
        corrections=tuple(row.corrections.all()),
        pauses=tuple(row.pauses.all()),
        failures=tuple(row.failures.all()),
        damages=tuple(row.damages.all()),
        losses=tuple(row.losses.all()),
    )


def _state_at(thing: Recorder | Card, at: datetime) -> tuple[State, datetime]:
    """The state at `at`, and since when; the register keeps the present one, the ledger all."""
    entries = LedgerEntry.objects.filter(
        kind="registry.state-set", at__lte=at, entry__contains=f'"thing":"{thing.pk}"'
    )
    for entry in entries.order_by("-seq"):
        body: dict[str, Json] = json.loads(entry.entry)["body"]
        if body["thing"] == str(thing.pk):
            return State(str(body["to"])), entry.at
    return State.IN_SERVICE, thing.created_at
