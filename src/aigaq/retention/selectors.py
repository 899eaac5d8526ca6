"""What is held, and by what. Who asks was let in by whoever found the recording for them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from aigaq.recordings.models import Recording
from aigaq.registry.models import Division
from aigaq.retention.errors import UnknownHoldError
from aigaq.retention.models import HeldRecording, Hold


def is_held(recording: Recording | UUID) -> bool:
    """Something holds it now, so it is not disposed of, whatever its day."""
    pk = recording.pk if isinstance(recording, Recording) else recording
    return bool(held_among([pk]))


def held_among(recordings: Collection[UUID]) -> set[UUID]:
    """Those of them that something holds now; in one query."""
    found = HeldRecording.objects.filter(recording__in=recordings, hold__release=None)
    return set(found.values_list("recording_id", flat=True))


def holds_of(recording: Recording) -> list[Hold]:
    """All there ever were, those in force first, the newest first among them."""
    found = _whole().filter(held__recording=recording)
    return sorted(found, key=lambda each: (each.is_released, -each.seq))


def holds_in(division: Division, *, because: UUID | None = None) -> list[Hold]:
    """Those in force in a division, or all that one demand or incident gave cause for; the newest first."""
    found = _whole().filter(division=division)
    found = found.filter(release=None) if because is None else found.filter(because=because)
    return list(found.order_by("-seq"))


def hold_with(id_: UUID | str, division: Division) -> Hold:
    """Raises `UnknownHoldError`."""
    try:
        return _whole().get(pk=UUID(str(id_)), division=division)
    except (Hold.DoesNotExist, ValueError) as error:
        raise UnknownHoldError from error


def _whole() -> QuerySet[Hold]:
    return Hold.objects.select_related("division", "by", "release__by")
