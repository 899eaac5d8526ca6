"""What the screen shows of unloading."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from aigaq.errors import AigaqError
from aigaq.ingest.models import Unload, UnloadState
from aigaq.journal.whose import corrected
from aigaq.recordings.models import Recording, RecordingFile
from aigaq.registry.models import Division
from aigaq.unloading.errors import by_code

RECENT = 50
_FORGOTTEN = timedelta(days=1)


def unloads(division: Division, *, limit: int = RECENT) -> Sequence[Unload]:
    """The division's latest unloadings, the newest first."""
    return list(unloads_of(division).order_by("-started_at", "-pk")[:limit])


def unloads_of(division: Division) -> QuerySet[Unload]:
    """All of the division's, each with what a page says of it."""
    return _whole(Unload.objects.filter(division=division))


def running(division: Division) -> Sequence[Unload]:
    """Those in progress, the oldest first."""
    found = Unload.objects.filter(division=division, state=UnloadState.RUNNING)
    return list(_whole(found).order_by("started_at", "pk"))


def tray(division: Division) -> Sequence[Unload]:
    """What waits for the custodian, the oldest first, with `waiting` (recordings) and `octets` of each."""
    found = Unload.objects.filter(division=division, state=UnloadState.TRAY).annotate(
        waiting=Count("sightings", filter=Q(sightings__file__recording__placement=None)),
        octets=Sum("sightings__file__blob__size", filter=Q(sightings__file__recording__placement=None)),
    )
    return list(_whole(found).order_by("started_at", "pk"))


def recordings_of(unload: Unload) -> QuerySet[Recording]:
    """What lay on the card, in the order of the recorder's clock."""
    found = Recording.objects.filter(files__sightings__unload=unload).distinct()
    # Joined: prefetched as well, SQLite refuses a thousand of them.
    files = Prefetch("files", RecordingFile.objects.select_related("blob", "judgement"))
    return found.prefetch_related(files).order_by("listed_at", "pk")


def why(unload: Unload) -> AigaqError | None:
    """The error that tells why it waits, stopped or left something; None where there is nothing to tell."""
    return _told(unload.reason, unload.reason_facts)


def doubt_of(unload: Unload) -> AigaqError | None:
    """Why it waits in the tray; None if it doesn't."""
    return why(unload) if unload.state == UnloadState.TRAY else None


def problems(unload: Unload) -> list[AigaqError]:
    """One for each thing that was left on the card, as far as they are kept."""
    found = (_told(problem["code"], problem["facts"]) for problem in unload.problems)
    return [problem for problem in found if problem is not None]


def _told(code: str, facts: dict[str, object]) -> AigaqError | None:
    kind = by_code(code) if code else None
    return kind(**facts) if kind else None


def _whole(found: QuerySet[Unload]) -> QuerySet[Unload]:
    return found.select_related(
        "division", "card", "recorder", "row__book", "row__first_inspector"
    ).prefetch_related(corrected("row"))


def is_unloading(now: datetime) -> bool:
    """Whether any card is being unloaded, wherever; a run that was killed is forgotten in a day."""
    return Unload.objects.filter(state=UnloadState.RUNNING, beat_at__gt=now - _FORGOTTEN).exists()
