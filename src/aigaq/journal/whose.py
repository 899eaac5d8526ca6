"""Which rows of the book are of a recorder, a card or a person: as corrected, now or at any entry before."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from aigaq.journal.models import Correction, JournalRow
from aigaq.journal.signed import CARD, INSPECTOR, RECORDER
from aigaq.registry.models import Card, Division, Person, Recorder

FIRST = ("first_recorder", "first_card", "first_inspector")
"""For ``select_related`` of rows, with `corrected` beside it."""


def rows_of(one: Recorder | Card | Person, *, before: int | None = None) -> QuerySet[JournalRow]:
    """All rows that stand for it, as the entries before the number `before` have it, or all entries.

    What was corrected away from it is not among them, what was corrected to it is. Read along indexes,
    however many rows there are.
    """
    name = _name_of(one)
    told = Correction.objects.filter(recorder__isnull=False)
    rows = JournalRow.objects.all()
    if before is not None:
        told, rows = told.filter(seq__lt=before), rows.filter(seq__lt=before)
    # Asked first, and mostly none: so the database is not led away from the index by an empty alternative.
    moved = _last_of(told.filter(**{name: one}), told)
    still = Q(**{f"first_{name}": one}) & ~Exists(told.filter(row=OuterRef("pk")))
    return rows.filter(still | Q(pk__in=moved) if moved else still)


def people_of(division: Division) -> QuerySet[Person]:
    """Whoever a row of the division ever stood for, by name.

    Asked of each person: there are fewer of them than rows.
    """
    rows = JournalRow.objects.filter(division=division, first_inspector=OuterRef("pk"))
    told = Correction.objects.filter(row__division=division, **{INSPECTOR: OuterRef("pk")})
    return Person.objects.filter(Exists(rows) | Exists(told)).order_by("full_name")


def corrected(path: str = "") -> "Prefetch[Any]":
    """For ``prefetch_related``: what rows need beside `FIRST` to say whose they are. One query for all rows.

    `path` leads to the row.
    """
    told = Correction.objects.select_related("by", RECORDER, CARD, INSPECTOR).order_by("seq")
    return Prefetch(f"{path}__corrections" if path else "corrections", told)


def _last_of(found: QuerySet[Correction], told: QuerySet[Correction]) -> list[UUID]:
    """The rows of those that no later one followed."""
    later = told.filter(row=OuterRef("row"), seq__gt=OuterRef("seq"))
    return list(found.exclude(Exists(later)).values_list("row_id", flat=True))


def _name_of(one: Recorder | Card | Person) -> str:
    if isinstance(one, Person):
        return INSPECTOR
    return RECORDER if isinstance(one, Recorder) else CARD
