"""The office's side of clearing a card: what was begun, the note of it, and the entries."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest
from aigaq.ingest.models import Sighting, Unload
from aigaq.ingest.whose import UNKNOWN
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import RecordingFile
from aigaq.unloading.sources.note import ClearedFile, cleared_note

Part = TypeVar("Part")

IN_AN_ENTRY = 1_000
"""Files named by one ledger entry, which has a bound (`tlog.entry.MAX_OCTETS`)."""


def begun(unload: Unload) -> QuerySet[Sighting]:
    """What was about to be cleared from this card, by this run or by one that was cut off, and is not noted.

    Of a card that can't be told from another only what this run began.
    """
    whose = Q(unload=unload)
    if UNKNOWN not in unload.sources:
        whose |= Q(file__source__in=unload.sources) | Q(unload__container__in=unload.sources)
    return Sighting.objects.filter(whose, clearing_at__isnull=False, noted=False)


def gone(unload: Unload, left: Sequence[str]) -> list[UUID]:
    """Of what was begun the files that are not among the paths `left` on the card."""
    there = set(left)
    files = begun(unload).order_by("file__path", "file").values_list("file__path", "file").distinct()
    return [file for path, file in files if path not in there]


def intend(ledger: Ledger, unload: Unload, paths: Sequence[str]) -> None:
    """Before the first of them is deleted: a later run can tell what we cleared from what was taken."""
    now = ledger.clock.now()
    for some in _parts(paths):
        unload.sightings.filter(file__path__in=some).update(clearing_at=now)


def forget(unload: Unload, left: Sequence[str]) -> None:
    """What could not be deleted is on the card still; no later run shall take it for deleted."""
    for some in _parts(left):
        unload.sightings.filter(file__path__in=some).update(clearing_at=None)


def note_of(ledger: Ledger, unload: Unload, left: Sequence[str], *, installation: str) -> bytes | None:
    """The signed note of what is gone and not noted; None if nothing is."""
    files = [
        file
        for some in _parts(gone(unload, left))
        for file in RecordingFile.objects.filter(pk__in=some).select_related("blob")
    ]
    if not files:
        return None
    return cleared_note(
        ledger.signer,
        [
            ClearedFile(file.path, ContentDigest.parse(file.blob.content_digest), file.blob.size)
            for file in files
        ],
        installation=installation,
        card=unload.card.inventory_number if unload.card else "",
        unload=str(unload.pk),
        at=ledger.clock.now(),
    ).encode()


def say_cleared(ledger: Ledger, by: By, unload: Unload, left: Sequence[str], note: bytes | None) -> int:
    """The entries of what is gone, and that the note says so. What has its entry gets no second one.

    Return how many files of this very run are gone.
    """
    digest = None if note is None else f"sha256:{hashlib.sha256(note).hexdigest()}"
    with transaction.atomic():
        ledger.take_turn("card.cleared")
        for some in _parts(gone(unload, left)):
            _enter(ledger, by, unload, some, digest)
        # By the entries: of a call that is told again nothing is left to enter.
        return unload.sightings.exclude(cleared_seq=None).count()


def _enter(ledger: Ledger, by: By, unload: Unload, some: Sequence[UUID], digest: str | None) -> None:
    # By number: what is written here changes what `begun` finds.
    numbers = list(begun(unload).filter(file__in=some).values_list("pk", flat=True))
    sightings = Sighting.objects.filter(pk__in=numbers)
    new = sightings.filter(cleared_seq=None)
    files: list[Json] = [
        {"file": str(pk), "content_digest": f"sha256:{content_digest}"}
        for pk, content_digest in new.order_by("file__path")
        .values_list("file", "file__blob__content_digest")
        .distinct()
    ]
    if files:
        about: dict[str, Json] = {
            "unload": str(unload.pk),
            "source": unload.source,
            "card": unload.card.inventory_number if unload.card else None,
            "files": files,
            "note": digest,
        }
        new.update(cleared_seq=ledger.append("card.cleared", by, about).seq)
    if digest is not None:
        sightings.update(noted=True)


def _parts(items: Sequence[Part]) -> Iterator[Sequence[Part]]:
    return (items[start : start + IN_AN_ENTRY] for start in range(0, len(items), IN_AN_ENTRY))
