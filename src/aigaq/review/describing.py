"""Under which terms a recording is to be found, by all that is written of it now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from aigaq.incidents.models import Incident
from aigaq.journal.models import JournalRow, Remark
from aigaq.journal.signed import CARD, INSPECTOR, RECORDER
from aigaq.journal.whose import FIRST, corrected
from aigaq.recordings.models import Recording
from aigaq.review.models import Mark, Review
from aigaq.review.terms import YES, Of, term, words

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_NO_TEXT: Final = frozenset({RECORDER, CARD, INSPECTOR, "control", "seal_found", "pause", "cause"})
"""Cells that are chosen, not written."""


@dataclass(frozen=True, slots=True)
class Described:
    recording: UUID
    division: UUID
    at: int
    """As in `Posting`."""
    terms: Collection[bytes]


@dataclass(slots=True)
class _Said:
    """What was said of recordings and rows beside the book, by their ids."""

    remarks: Mapping[UUID, Sequence[str]]
    open_rows: Collection[UUID]
    marks: dict[UUID, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    reviews: dict[UUID, list[Review]] = field(default_factory=lambda: defaultdict(list))
    """Oldest first."""


def describe(ids: Collection[UUID]) -> list[Described]:
    """All of these recordings that there are; eight queries, however many they are."""
    found = Recording.objects.filter(pk__in=ids).select_related(
        "placement__row__issue", *(f"placement__row__{name}" for name in FIRST)
    )
    recordings = list(found.prefetch_related(corrected("placement__row")))
    rows = {placement.row_id for each in recordings if (placement := _placement(each)) is not None}
    said = _said({each.pk for each in recordings}, rows)
    of_rows: dict[UUID, set[bytes]] = {}
    described = []
    for recording in recordings:
        placement = _placement(recording)
        terms = set(_of_recording(recording, said))
        if placement is not None:
            row = placement.row
            if row.pk not in of_rows:
                of_rows[row.pk] = set(_of_row(row, said))
            terms |= of_rows[row.pk]
        described.append(
            Described(recording.pk, recording.division_id, microseconds(recording.listed_at), terms)
        )
    return described


def microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def instant(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def _placement(recording: Recording):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Placement or None
    return getattr(recording, "placement", None)


def _of_row(row: JournalRow, said: _Said) -> Iterable[bytes]:
    yield term(Of.INSPECTOR, row.inspector_id)
    yield term(Of.RECORDER, row.recorder_id)
    told = list(row.corrections.all())
    controls = [each.new for each in told if each.cell == "control"]
    yield term(Of.CONTROL, controls[-1] if controls else row.issue.control)
    if row.pk in said.open_rows:
        yield term(Of.INCIDENT, YES)
    # What was struck is to be found as well: it can be read still.
    for of, name in ((Of.SUBJECT, "subject"), (Of.OBJECT, "object")):
        yield from words(of, [getattr(row.issue, name), *(each.new for each in told if each.cell == name)])
    yield from words(Of.TEXT, [row.issue.act_number, *said.remarks.get(row.pk, ())])
    for each in told:
        if each.cell.partition(":")[0] not in _NO_TEXT | {"subject", "object"}:
            yield from words(Of.TEXT, [each.old, each.new])
    yield from _of_reviews(said.reviews[row.pk])


def _of_recording(recording: Recording, said: _Said) -> Iterable[bytes]:
    if _placement(recording) is None and recording.recorder_id is not None:
        yield term(Of.RECORDER, recording.recorder_id)
    for mark in said.marks[recording.pk]:
        yield from words(Of.TEXT, [mark.note, *(each.note for each in mark.history)])
        if not mark.is_withdrawn:
            yield term(Of.MARKED, mark.present.category)
            if mark.present.is_evidence:
                yield term(Of.EVIDENCE, YES)
    yield from _of_reviews(said.reviews[recording.pk])


def _of_reviews(reviews: Sequence[Review]) -> Iterable[bytes]:
    if reviews:
        yield term(Of.RESULT, reviews[-1].result)
    yield from words(Of.TEXT, [each.note for each in reviews])


def _said(recordings: Collection[UUID], rows: Collection[UUID]) -> _Said:
    remarks: dict[UUID, list[str]] = defaultdict(list)
    for row, text in Remark.objects.filter(row__in=rows).values_list("row_id", "text"):
        remarks[row].append(text)
    still_open = Incident.objects.filter(row__in=rows, decision=None).values_list("row_id", flat=True)
    said = _Said(remarks, {row for row in still_open if row is not None})
    marks = Mark.objects.filter(file__recording__in=recordings).select_related("file")
    for mark in marks.prefetch_related("changes"):
        said.marks[mark.file.recording_id].append(mark)
    for review in Review.objects.filter(Q(recording__in=recordings) | Q(row__in=rows)).order_by("seq"):
        said.reviews[review.recording_id or review.row_id].append(review)  # type: ignore[index]
    return said
