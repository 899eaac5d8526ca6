"""Who makes what just now: one row for each derivative that is asked for, taken by compare-and-set.

So of several processes one makes it, on either database, and one that died gives it up by giving no sign of
life. Nothing here is evidence; what was made is entered in `derivatives`.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from aigaq.core.clock import Clock
from aigaq.media.making.terms import Obstacle
from aigaq.recordings.models import Making, MakingState, Product, RecordingFile

STALE: Final = timedelta(seconds=60)
"""Without a sign of life for so long, whoever had it is gone."""
_ACTIVE: Final = (MakingState.WAITING, MakingState.RUNNING)


def claim(clock: Clock, file: RecordingFile, product: Product) -> UUID | None:
    """The right to make it; None if somebody has it already."""
    now, attempt = clock.now(), uuid4()
    fresh = {
        "state": MakingState.WAITING,
        "permille": 0,
        "obstacle": "",
        "holder": attempt,
        "beat_at": now,
        "asked_at": now,
    }
    try:
        with transaction.atomic():
            Making.objects.create(file=file, product=product, **fresh)
    except IntegrityError:
        seen = Making.objects.filter(file=file, product=product).first()
        if seen is None:
            return claim(clock, file, product)
        if seen.state in _ACTIVE and now - seen.beat_at < STALE:
            return None
        as_seen = Making.objects.filter(pk=seen.pk, holder=seen.holder, state=seen.state)
        return attempt if as_seen.update(**fresh) else None
    return attempt


def status_of(clock: Clock, file: RecordingFile, product: Product) -> Making | None:
    """As it stands, and of one whose maker is gone that it was lost. None: nobody asked, or it is made."""
    seen = Making.objects.filter(file=file, product=product).first()
    if seen is not None and seen.state in _ACTIVE and clock.now() - seen.beat_at >= STALE:
        seen.state, seen.obstacle = MakingState.FAILED, Obstacle.LOST.value
    return seen


def begin(clock: Clock, attempt: UUID) -> bool:
    """It is this one's turn. False if it was cancelled or taken by another in the meantime."""
    return _advance(attempt, state=MakingState.RUNNING, beat_at=clock.now())


def beat(clock: Clock, attempts: set[UUID]) -> set[UUID]:
    """A sign of life of all of them; gives those that are still to be made."""
    living = Making.objects.filter(holder__in=attempts, state__in=_ACTIVE)
    living.update(beat_at=clock.now())
    return set(living.values_list("holder", flat=True))


def advance(attempt: UUID, permille: int) -> bool:
    return _advance(attempt, permille=permille)


def done(attempt: UUID) -> None:
    Making.objects.filter(holder=attempt).delete()


def failed(attempt: UUID, obstacle: Obstacle) -> None:
    state = MakingState.CANCELLED if obstacle is Obstacle.CANCELLED else MakingState.FAILED
    Making.objects.filter(holder=attempt).update(state=state, obstacle=obstacle.value)


def cancel(file: RecordingFile, product: Product) -> UUID | None:
    """The attempt that was cancelled, if there was one; its maker finds out at its next sign of life."""
    seen = Making.objects.filter(file=file, product=product, state__in=_ACTIVE).first()
    if seen is None:
        return None
    changed = Making.objects.filter(pk=seen.pk, holder=seen.holder, state__in=_ACTIVE).update(
        state=MakingState.CANCELLED, obstacle=Obstacle.CANCELLED.value
    )
    return seen.holder if changed else None


def stop(recordings: Collection[UUID]) -> None:
    """What is being made of these is entered no more, whoever makes it: they are about to be destroyed."""
    Making.objects.filter(file__recording__in=recordings, state__in=_ACTIVE).update(
        state=MakingState.CANCELLED, obstacle=Obstacle.CANCELLED.value
    )


def _advance(attempt: UUID, **values: object) -> bool:
    return bool(Making.objects.filter(holder=attempt, state__in=_ACTIVE).update(**values))
