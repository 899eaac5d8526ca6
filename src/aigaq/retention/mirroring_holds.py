"""Holds told to the buckets, too: a store that locks keeps what is held beyond the day of its lock.

S3 calls that a legal hold. It is set within minutes of a hold and lifted within minutes of its end, each read
back; once a day it is set anew, since whoever has the store's keys can lift it. What is stored in the bucket
later gets it with the next look.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from aigaq.copies.models import VAULT, BlobCopy
from aigaq.copies.selectors import standing
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.services.acting import within
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.recordings.models import Blob
from aigaq.retention.models import HeldRecording, Hold, MirroredHold
from aigaq.retention.objects import contents_of, recordings_with
from aigaq.vault.backends.base import Backend, Locking
from aigaq.vault.errors import BlobMissingError, VaultError
from aigaq.vault.layout import BlobName

log = logging.getLogger(__name__)

MIRRORED: Final = "retention.hold-mirrored"
LIFTED: Final = "retention.hold-lifted"
_ANEW_AFTER: Final = timedelta(days=1)


def attend(ledger: Ledger, places: Mapping[str, Backend], wait: Callable[[float], bool]) -> int:
    """Set what is to be set and lift what is to be lifted, in every place that can; how many holds."""
    done = 0
    for name, backend in places.items():
        if not isinstance(backend, Locking):
            continue
        try:
            for hold in Hold.objects.filter(release=None).select_related("division").order_by("seq"):
                if wait(0):
                    return done
                done += _set(ledger, hold, name, backend)
            for mirrored in _to_lift(name):
                if wait(0):
                    return done
                done += _lift(ledger, mirrored, backend)
        except VaultError as error:
            # Away, or one that knows no legal holds: “aigaq check” tries that, and says so.
            log.warning("Holds in %s: %s", name, error)
    return done


def _to_lift(place: str) -> Iterable[MirroredHold]:
    over = MirroredHold.objects.filter(place=place, lifted_at=None).exclude(hold__release=None)
    return over.select_related("hold__division").order_by("pk")


def _set(ledger: Ledger, hold: Hold, place: str, backend: Locking) -> bool:
    """False where nothing is new and the last look is not a day old."""
    now, known = ledger.clock.now(), MirroredHold.objects.filter(hold=hold, place=place).first()
    objects = _objects(hold, place)
    if not objects or (
        known is not None and known.objects_held == len(objects) and now - known.set_at < _ANEW_AFTER
    ):
        return False
    for name in objects:
        backend.hold(name)
    is_new = known is None or known.objects_held != len(objects)
    values = {"objects_held": len(objects), "set_at": now}
    with transaction.atomic():
        if is_new:
            _append(ledger, MIRRORED, hold, place, len(objects))
        MirroredHold.objects.update_or_create(hold=hold, place=place, defaults=values)
    return is_new


def _lift(ledger: Ledger, mirrored: MirroredHold, backend: Locking) -> bool:
    """What another hold holds stays held."""
    hold, place = mirrored.hold, mirrored.place
    mine = _contents(hold)
    count = 0
    for name in _names(place, Blob.objects.filter(content_digest__in=mine - _held_by_others(mine))):
        # What was disposed of meanwhile may be there still, or not any more.
        with suppress(BlobMissingError):
            backend.release(name)
            count += 1
    with transaction.atomic():
        _append(ledger, LIFTED, hold, place, count)
        MirroredHold.objects.filter(pk=mirrored.pk).update(lifted_at=ledger.clock.now())
    return True


def _objects(hold: Hold, place: str) -> list[BlobName]:
    return _names(place, standing().filter(content_digest__in=_contents(hold)))


def _contents(hold: Hold) -> set[str]:
    found = contents_of(list(hold.held.values_list("recording", flat=True)))
    return set().union(*found.values())


def _held_by_others(contents: set[str]) -> set[str]:
    """Those of them that some recording has which something holds now."""
    held = HeldRecording.objects.filter(hold__release=None, recording__in=recordings_with(contents))
    found = contents_of(list(held.values_list("recording", flat=True).distinct()))
    return contents & set().union(*found.values())


def _names(place: str, blobs: QuerySet[Blob]) -> list[BlobName]:
    """Of those that the catalogue knows to stand there."""
    if place == VAULT:
        return [BlobName.parse(name) for name in blobs.order_by("pk").values_list("name", flat=True)]
    copied = BlobCopy.objects.filter(place=place, blob__in=blobs).order_by("pk")
    return [
        replace(BlobName.parse(name), number=number)
        for name, number in copied.values_list("blob__name", "number")
    ]


def _append(ledger: Ledger, kind: str, hold: Hold, place: str, count: int) -> None:
    body: dict[str, Json] = {
        "hold": str(hold.pk),
        "division": {"id": str(hold.division_id), "name": hold.division.name},
        "place": place,
        "objects": count,
        "at": rfc3339(ledger.clock.now()),
    }
    ledger.append(kind, within(MACHINE, hold.division), body)
