"""Where each figure comes from. No query here grows with the number of recordings."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from django.db.models import Count, Sum

from aigaq import __version__, wiring
from aigaq.copies.models import VAULT, Round
from aigaq.copies.selectors import last_round, open_findings
from aigaq.core.clock import KAZAKHSTAN
from aigaq.docks.models import Dock, Upload, UploadState
from aigaq.incidents.models import Kind as IncidentKind
from aigaq.incidents.models import Undecided
from aigaq.ingest.forecast import WINDOW, forecast
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.space import long_since
from aigaq.ledger.models import LedgerEntry
from aigaq.notices.models import Letter
from aigaq.recovery.backup import newest_made, newest_rehearsed
from aigaq.recovery.copying import size as ledger_size
from aigaq.registry.models import Division
from aigaq.tallies import services as tallies
from aigaq.tallies.services import Name, tally
from aigaq.unloading.room import RESERVE
from aigaq.vault.backends.base import Backend
from aigaq.vault.errors import VaultError

Figure: TypeAlias = tuple[str, Sequence[str], float]
"""Name, values of its labels, value."""

_DAY: Final = timedelta(days=1)
_NOW: Final = (UnloadState.RUNNING, UnloadState.TRAY)
_TOTALS: Final = {
    "aigaq_recordings_total": Name.RECORDINGS,
    "aigaq_files_total": Name.FILES,
    "aigaq_taken_in_bytes_total": Name.OCTETS,
    "aigaq_faulty_files_total": Name.FAULTY,
    "aigaq_disposed_recordings_total": Name.DISPOSED,
}


def all_of_them(now: datetime) -> Iterator[Figure]:
    """Raise a ``DatabaseError``; a store that can't be reached is a figure itself."""
    yield "aigaq_build_info", (__version__,), 1
    yield from _unloads(now)
    yield from _ledger()
    for name, of in _TOTALS.items():
        yield name, (), tally(of)
    yield from _incidents()
    yield from _places(now)
    yield "aigaq_retention_due_recordings", (), tallies.past_their_day(now)
    yield "aigaq_letters_waiting", (), Letter.objects.filter(next_at__isnull=False).count()
    yield "aigaq_letters_failed", (), Letter.objects.filter(next_at=None, sent_at=None).count()
    yield from _docks()


def _unloads(now: datetime) -> Iterator[Figure]:
    # Division by division, as the index has them: the states of the past are many, these two are few.
    present = Unload.objects.filter(division__in=list(Division.objects.values_list("pk", flat=True)))
    for state in _NOW:
        yield "aigaq_unloads", (state.value,), present.filter(state=state).count()
    begun = Unload.objects.filter(started_at__gte=now - _DAY)
    found = dict(begun.values_list("state").annotate(Count("pk")))
    for state in UnloadState:
        yield "aigaq_unloads_last_day", (state.value,), found.get(state.value, 0)
    left = begun.aggregate(left=Sum("problem_count"))["left"] or 0
    yield "aigaq_unload_problems_last_day", (), left


def _ledger() -> Iterator[Figure]:
    size = ledger_size()
    last = max(0, size - 1)
    yield "aigaq_ledger_entries", (), size
    yield "aigaq_tallies_behind_entries", (), max(0, size - tallies.read_to())
    first_and_last = dict(LedgerEntry.objects.filter(seq__in={0, last}).values_list("seq", "at"))
    for name, at in (
        ("aigaq_installed_timestamp_seconds", first_and_last.get(0)),
        # Each append leaves a checkpoint.
        ("aigaq_checkpoint_timestamp_seconds", first_and_last.get(last)),
        ("aigaq_backup_timestamp_seconds", newest_made()),
        ("aigaq_drill_timestamp_seconds", newest_rehearsed()),
    ):
        if at is not None:
            yield name, (), at.timestamp()


def _incidents() -> Iterator[Figure]:
    found = dict(Undecided.objects.values_list("incident__kind").annotate(Count("pk")))
    for kind in IncidentKind:
        yield "aigaq_incidents_open", (kind.value,), found.get(kind.value, 0)


def _places(now: datetime) -> Iterator[Figure]:
    places = wiring.places()
    findings = dict(open_findings().values_list("place").annotate(Count("pk")))
    running = {each.place: each for each in Round.objects.filter(ended_at=None)}
    for place in places.names:
        lacking = (0, 0) if place == VAULT else tallies.lacking(place)
        yield from _room(places[place], place, now, owed=lacking[1])
        yield "aigaq_place_objects", (place,), tally(Name.BLOBS, place)
        yield "aigaq_place_bytes", (place,), tally(Name.SIZE, place)
        if place != VAULT:
            yield "aigaq_place_lacking_objects", (place,), lacking[0]
            yield "aigaq_place_lacking_bytes", (place,), lacking[1]
        yield "aigaq_place_findings_open", (place,), findings.get(place, 0)
        last = last_round(place)
        if last is not None:
            yield "aigaq_scrub_timestamp_seconds", (place,), last.began_at.timestamp()
        if place in running:
            yield "aigaq_scrub_progress_ratio", (place,), _progress(running[place])


def _room(backend: Backend, place: str, now: datetime, *, owed: int) -> Iterator[Figure]:
    try:
        backend.description()
        free = backend.free()
    except VaultError:
        yield "aigaq_place_up", (place,), 0
        return
    yield "aigaq_place_up", (place,), 1
    if free is None:
        return  # a bucket has as much as is paid for
    yield "aigaq_place_free_bytes", (place,), free
    today = now.astimezone(KAZAKHSTAN).date()
    intake = tallies.stored_on(today - timedelta(days=WINDOW), today)
    days = forecast(free - RESERVE - owed, intake, today, since=long_since(now)).days
    if days is not None:
        yield "aigaq_place_days_left", (place,), days


def _progress(running: Round) -> float:
    return min(1.0, running.octets / running.total) if running.total else 0.0


def _docks() -> Iterator[Figure]:
    docks = Dock.objects.filter(revocation=None)
    for pk, seen_at in docks.values_list("pk", "state__seen_at").order_by("pk"):
        if seen_at is not None:
            yield "aigaq_dock_seen_timestamp_seconds", (str(pk),), seen_at.timestamp()
    pending = Upload.objects.filter(dock__in=docks.values("pk"), state=UploadState.RECEIVING)
    yield "aigaq_uploads_pending", (), pending.count()
