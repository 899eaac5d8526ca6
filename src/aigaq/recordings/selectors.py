"""Finding recordings. Who asks is always checked here, so that no page can forget it (R14.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet

from aigaq.core.clock import KAZAKHSTAN, parse_rfc3339, rfc3339
from aigaq.journal.whose import corrected
from aigaq.recordings.errors import NoSuchRecordingError, NotAReaderError
from aigaq.recordings.models import Recording, RecordingFile
from aigaq.registry.models import Division
from aigaq.registry.selectors import READERS, Standing

PAGE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list a page begins: after this recording."""

    listed_at: datetime
    id: UUID

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read what ``str()`` gave; None if it is anything else."""
        instant, _, name = text.partition("~")
        try:
            return cls(parse_rfc3339(instant), UUID(name))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{rfc3339(self.listed_at)}~{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some recordings, the newest first. `older` is where the next page begins; None if this is the last."""

    recordings: Sequence[Recording]
    older: Place | None


def recordings_for(
    standing: Standing,
    division: Division,
    *,
    since: date | None = None,
    until: date | None = None,
    before: Place | None = None,
    limit: int = PAGE,
) -> Page:
    """Recordings of a division by the recorder's clock; days are Kazakhstan's, both included.

    Four queries, however many are found. Raise `NotAReaderError`. What else may be asked of recordings is
    answered by `aigaq.review.search`.
    """
    require_reader(standing, division)
    found = Recording.objects.filter(division=division)
    if since is not None:
        found = found.filter(listed_at__gte=_start(since))
    if until is not None:
        found = found.filter(listed_at__lt=_start(until + timedelta(days=1)))
    if before is not None:
        found = found.filter(listed_at__lte=before.listed_at).exclude(
            listed_at=before.listed_at, id__gte=before.id
        )
    # First which, along the index, and then all of each: a database that is asked for both at once may sort
    # every recording there is.
    page = list(found.order_by("-listed_at", "-id").values_list("pk", "listed_at")[: limit + 1])
    pk, listed_at = page[limit - 1] if len(page) > limit else (None, None)
    older = Place(listed_at, pk) if pk and listed_at else None
    return Page(loaded(division, [each for each, _listed_at in page[:limit]]), older)


def loaded(division: Division, ids: Sequence[UUID]) -> list[Recording]:
    """These recordings of the division in this order, as a list shows them; in three queries."""
    found = {each.pk: each for each in _whole(Recording.objects.filter(division=division, pk__in=ids))}
    return [found[each] for each in ids if each in found]


def file_for(standing: Standing, file_id: UUID | str) -> RecordingFile:
    """One file, if `standing` may read it. Raise `NoSuchRecordingError`, whatever the reason."""
    try:
        file = RecordingFile.objects.select_related(
            "blob",
            "judgement__still",
            "reading",
            "recording__division",
            "recording__recorder",
            "recording__card",
            "recording__placement__row__first_inspector",
            "recording__placement__row__first_recorder",
            "recording__placement__row__issue",
            "recording__placement__row__returned",
        ).get(pk=file_id)
    except (RecordingFile.DoesNotExist, ValidationError) as error:
        raise NoSuchRecordingError from error
    if standing.appointment(file.recording.division, *READERS) is None:
        raise NoSuchRecordingError
    return file


def whole(recording: Recording) -> Recording:
    """With all its files, in their order. Whoever asks may read one of them, so may read the others."""
    return _whole(Recording.objects.filter(pk=recording.pk)).get()


def tray(standing: Standing, division: Division) -> QuerySet[Recording]:
    """Recordings that are tied to no journal row yet. Raise `NotAReaderError`."""
    require_reader(standing, division)
    return _whole(Recording.objects.filter(division=division, placement__recording=None)).order_by(
        "-listed_at", "-id"
    )


def require_reader(standing: Standing, division: Division) -> None:
    """Raise `NotAReaderError` for whoever may not see recordings of `division`."""
    if standing.appointment(division, *READERS) is None:
        raise NotAReaderError(division=division.name)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, KAZAKHSTAN)


def _whole(recordings: QuerySet[Recording]) -> QuerySet[Recording]:
    """With all that a list shows of each."""
    files = RecordingFile.objects.select_related("blob", "judgement__still", "reading").order_by(
        "ordinal", "path"
    )
    # `disposed` is of a floor above: its tombstone, where the recording is there no more.
    return recordings.select_related(
        "disposed",
        "division",
        "recorder",
        "card",
        "placement__row__first_inspector",
        "placement__row__first_recorder",
    ).prefetch_related(corrected("placement__row"), Prefetch("files", files))
