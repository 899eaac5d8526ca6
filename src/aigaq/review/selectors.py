"""Reading marks and results. Who asks was let in by whoever found the recording or the row for them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from aigaq.journal.models import JournalRow
from aigaq.recordings.models import Placement, Recording, RecordingFile
from aigaq.registry.selectors import READERS, Standing
from aigaq.review.errors import UnknownMarkError
from aigaq.review.models import Mark, MarkChange, Review


def marks_of(recording: Recording) -> list[Mark]:
    """All marks on its files, withdrawn ones too, in the order of the files and of their places in them.

    Two queries, however many there are.
    """
    return _in_order(_whole().filter(file__recording=recording))


def marks_on(row: JournalRow) -> list[Mark]:
    """All marks on what was recorded on a duty's row, by recording; else as `marks_of`."""
    return _in_order(_whole().filter(file__recording__placement__row=row))


def mark_with(id_: UUID) -> Mark:
    """Raises `UnknownMarkError`."""
    try:
        return _whole().get(pk=id_)
    except Mark.DoesNotExist as error:
        raise UnknownMarkError from error


def mark_for(standing: Standing, id_: UUID) -> Mark:
    """One mark, if `standing` may read its recording. Raises `UnknownMarkError`, whatever the reason."""
    found = mark_with(id_)
    if standing.appointment(found.file.recording.division, *READERS) is None:
        raise UnknownMarkError
    return found


def reviews_of(recording: Recording) -> Sequence[Review]:
    """Of this recording and of the whole duty that it was made on, the newest first."""
    placement = getattr(recording, "placement", None)
    found = Review.objects.filter(recording=recording)
    if placement is not None:
        found = found | Review.objects.filter(row=placement.row_id)
    return list(found.select_related("by", "row").order_by("-seq"))


def reviews_on(row: JournalRow) -> Sequence[Review]:
    """Of the whole duty and of each recording made on it, the newest first."""
    # Which recordings first: a database that is asked for both at once reads every review there is.
    recordings = list(Placement.objects.filter(row=row).values_list("recording_id", flat=True))
    found = Review.objects.filter(Q(row=row) | Q(recording__in=recordings))
    return list(found.select_related("by", "recording").order_by("-seq"))


def result_of(row: JournalRow) -> Review | None:
    """What the last review of the whole duty came to; None while there was none."""
    return Review.objects.filter(row=row).select_related("by").order_by("-seq").first()


def _whole() -> QuerySet[Mark]:
    changes = Prefetch("changes", MarkChange.objects.select_related("by").order_by("number"))
    return Mark.objects.select_related("by", "file__recording__division", "file__blob").prefetch_related(
        changes
    )


def _in_order(found: QuerySet[Mark]) -> list[Mark]:
    def place(mark: Mark) -> tuple[object, ...]:
        file: RecordingFile = mark.file
        return (
            file.recording.listed_at, str(file.recording_id), file.ordinal, file.path,
            mark.present.position_ms, mark.seq,
        )  # fmt: skip

    return sorted(found, key=place)
