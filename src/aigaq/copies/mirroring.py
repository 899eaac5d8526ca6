"""Bringing to each copy what it lacks. Killed anywhere, nothing is half there and nothing is copied twice.

The file first, its row second: what stands there without a row is found sound the next time and only entered.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from django.db.models import Max

from aigaq.copies import services
from aigaq.copies.models import VAULT, FindingKind, PlaceState
from aigaq.copies.places import Places
from aigaq.copies.selectors import is_wanted, uncopied
from aigaq.copies.services import Bad, Proven
from aigaq.core.logs import Word
from aigaq.ledger.services import Ledger
from aigaq.recordings.models import Blob
from aigaq.vault import copying
from aigaq.vault.backends.base import Backend, Shelf
from aigaq.vault.errors import BlobDamagedError, BlobMissingError, NotWantedError, VaultError
from aigaq.vault.layout import BlobName
from aigaq.vault.pace import CutOffError, Pace

log = logging.getLogger(__name__)

_ENTERED_AFTER: Final = 30.0
"""Seconds: so long nobody knows of what was copied; a kill makes it be read once more."""
_TOGETHER: Final = 100
_LOOKED_THROUGH_AFTER: Final = timedelta(days=1)
_MIB: Final = 1 << 20

Told = Callable[[str, Blob], object]


def attend(
    ledger: Ledger, places: Places, wait: Callable[[float], bool], told: Told = lambda *_: None
) -> int:
    """Bring to every copy that is there what it lacks; how many blobs were proven to stand there now.

    `wait` is `threading.Event.wait` or like it: it says when to stop. A place that is away holds up no other.
    """
    count = 0
    for name in places.copies:
        if wait(0):
            break
        if services.reach(ledger, places, name):
            count += _bring(ledger, places, name, Pace(places.copy_rate * _MIB, wait), told)
    return count


def _bring(ledger: Ledger, places: Places, name: str, pace: Pace, told: Told) -> int:
    work, is_whole = _Batch(ledger, name), False
    try:
        after, newest = _seen_to(ledger, name), Blob.objects.aggregate(newest=Max("pk"))["newest"] or 0
        # First, since it is little: a disk that is being filled for days, or is full, has it all the same.
        _bring_beside(places, places[name], whole=after == 0)
        while blobs := uncopied(name, after=after, limit=_TOGETHER):
            for blob in blobs:
                number = _copied(ledger, places, places[name], blob, pace)
                if number is not None:
                    work.add(Proven(blob, number))
                    told(name, blob)
            after = blobs[-1].pk
        # And what was entered meanwhile: a copy knows of every recording on it.
        _bring_beside(places, places[name], whole=False)
        is_whole = True
    except CutOffError:
        pass
    except VaultError as error:
        # Of the target: full, pulled out, failing. What it lacks, it gets when it is well again.
        if services.reach(ledger, places, VAULT):
            log.warning("The copy “%s” takes nothing now: %s", Word(name), Word(error.code))
            services.note_trouble(ledger, name, error)
    count = work.done()
    if is_whole:
        services.note_well(ledger, name)
        PlaceState.objects.filter(place=name).update(seen_to=newest, complete_to=newest)
    return count


def _bring_beside(places: Places, target: Backend, *, whole: bool) -> None:
    """The ledger's copy and the wrapped keys: without them a copy could be read, and nothing be made anew."""
    source = places.vault
    if isinstance(source, Shelf) and isinstance(target, Shelf):
        papers = places.papers() if places.papers else None
        how = {} if papers is None else {"is_sound": papers.is_sound}
        copying.bring_beside(source, target, whole=whole, **how)


def _seen_to(ledger: Ledger, name: str) -> int:
    """From where on it is looked for what is lacking: behind what was seen, and once a day from the first on.

    Among millions of blobs that are all there, the few new ones are found at once.
    """
    now = ledger.clock.now()
    state, _new = PlaceState.objects.get_or_create(place=name)
    if state.whole_at is None or now - state.whole_at >= _LOOKED_THROUGH_AFTER:
        PlaceState.objects.filter(place=name).update(whole_at=now, seen_to=0)
        return 0
    return state.seen_to


def _copied(ledger: Ledger, places: Places, target: Backend, blob: Blob, pace: Pace) -> int | None:
    """The number of its name there; None where the vault's own is bad, which is written down, or goes."""
    name = BlobName.parse(blob.name)
    try:
        return copying.copy(
            places.vault, target, name, pace=pace, wanted=partial(is_wanted, places)
        ).name.number
    except NotWantedError:
        return None
    except BlobMissingError:
        if not is_wanted(places, name):
            return None
        bad = Bad(VAULT, FindingKind.MISSING, name.path, blob)
    except BlobDamagedError:
        bad = Bad(VAULT, FindingKind.DAMAGED, name.path, blob)
    # A vault that is away has nothing missing.
    places.vault.description()
    services.enter_finding(ledger, bad, None)
    return None


class _Batch:
    """Entered together, so that a full night's copying is not a million entries."""

    def __init__(self, ledger: Ledger, name: str) -> None:
        self._ledger = ledger
        self._name = name
        self._waiting: list[Proven] = []
        self._since = time.monotonic()
        self._count = 0

    def add(self, proven: Proven) -> None:
        self._waiting.append(proven)
        if len(self._waiting) >= _TOGETHER or time.monotonic() - self._since > _ENTERED_AFTER:
            self.done()

    def done(self) -> int:
        """How many were entered in all."""
        waiting, self._waiting = self._waiting, []
        self._since = time.monotonic()
        self._count += services.enter_copied(self._ledger, self._name, waiting)
        return self._count
