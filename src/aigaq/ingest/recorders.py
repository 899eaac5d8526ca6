"""What a card tells of its recorder beside the recordings: its clock and its count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from aigaq.ingest.models import Sighting, Unload, UnloadState
from aigaq.ingest.whose import in_a_name, numbers_of
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.clocks import record_clock
from aigaq.recordings.models import SequenceReading
from aigaq.recordings.sequences import record_sequence
from aigaq.registry.models import Recorder
from aigaq.unloading.desk import SeenClock
from aigaq.unloading.recorders.clocks import Measured, Way, bounds
from aigaq.unloading.recorders.device import PRECISION
from aigaq.unloading.recorders.library import Library
from aigaq.unloading.recorders.sequence import numbered
from aigaq.unloading.recorders.takes import ReadName, read_paths

_AT_ONCE = 500
"""Files asked for in one query."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Keeps what the card of one unloading tells of its recorder: once, however often it is told.

    A run that was cut off is followed by one that tells the same: a reading of the clock is known again by
    the file that tells it, and numbers by the files that have them.
    """

    ledger: Ledger
    by: By
    unload: Unload
    library: Library
    drift: timedelta

    def clock(self, seen: SeenClock) -> None:
        """The time that the recorder wrote down when it was plugged in, which is now."""
        now = self.ledger.clock.now()
        self._keep(Measured(Way.TIME_FILE, seen.device_at, now, PRECISION, seen.path))

    def names(self, unread: Sequence[str]) -> None:
        """What the names of the files say, those that could not be read with them. Before any is cleared."""
        recorder = self.unload.recorder
        if recorder is None:
            return
        stored = dict(self.unload.sightings.values_list("file__path", "file"))
        paths = [*stored, *unread]
        profile = self.library.of_paths(paths)
        if profile is None:
            return
        mine = [each for each in read_paths(paths, profile) if _is_of(recorder, each)]
        for measured in bounds(mine, now=self.ledger.clock.now(), emptied_at=self._emptied_at()):
            self._keep(measured)
        there = numbered(mine, profile)
        new = self._not_judged(stored)
        record_sequence(
            self.ledger,
            self.by,
            [each for each in there if each.path in new],
            profile,
            there=there,
            recorder=recorder,
            card=self.unload.card,
            row=self.unload.row,
            sources=self.unload.sources,
            unload=self.unload.pk,
        )

    def _keep(self, measured: Measured) -> None:
        unload = self.unload
        if unload.recorder is not None:
            record_clock(
                self.ledger,
                self.by,
                measured,
                recorder=unload.recorder,
                card=unload.card,
                row=unload.row,
                unload=unload.pk,
                allowed=self.drift,
            )

    def _not_judged(self, stored: Mapping[str, UUID]) -> set[str]:
        """Paths of those that no unloading with a reading of the count has seen."""
        files = list(stored.values())
        judged: set[UUID] = set()
        for start in range(0, len(files), _AT_ONCE):
            seen = Sighting.objects.filter(
                file__in=files[start : start + _AT_ONCE], unload__in=SequenceReading.objects.values("unload")
            )
            judged.update(seen.values_list("file", flat=True))
        return {path for path, file in stored.items() if file not in judged}

    def _emptied_at(self) -> datetime | None:
        """When this card was last seen empty; None where it never was, or can't be told from another."""
        unload = self.unload
        if unload.card is None and not unload.container:
            return None
        same = Q(card=unload.card) if unload.card else Q(container=unload.container)
        found = Unload.objects.filter(same, state=UnloadState.READY).exclude(pk=unload.pk)
        return found.order_by("-finished_at").values_list("finished_at", flat=True).first()


def _is_of(recorder: Recorder, name: ReadName) -> bool:
    """It says so, or it says of nobody."""
    if name.fields is None:
        return False
    return not name.fields.device or in_a_name(name.fields.device) in numbers_of(recorder)
