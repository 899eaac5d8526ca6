"""Clearing a card after its files are stored and placed, and saying so: on the card and in the ledger."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest
from aigaq.core.files import displayed
from aigaq.ingest.models import Sighting, Unload
from aigaq.ingest.whose import Whose
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import RecordingFile
from aigaq.unloading import errors
from aigaq.unloading.sources import folder
from aigaq.unloading.sources.clearing import Proven, clear
from aigaq.unloading.sources.listing import FOLDER, NOTE, Listing
from aigaq.unloading.sources.note import ClearedFile, cleared_note

IN_AN_ENTRY = 1_000
"""Files named by one ledger entry, which has a bound (`tlog.entry.MAX_OCTETS`)."""


@dataclass(slots=True)
class Emptied:
    cleared: int = 0
    problems: list[errors.FileProblemError] = field(default_factory=list)


def empty(
    ledger: Ledger,
    by: By,
    root: int,
    unload: Unload,
    proven: Mapping[Proven, RecordingFile],
    *,
    unfinished: list[RecordingFile],
    installation: str,
) -> Emptied:
    """Delete what is `proven` from the card, leave the note, enter what is gone.

    `unfinished` was deleted by a run that was cut off before it said so. The intention is in the database
    before the first file goes, so that the next run can tell what we cleared from what somebody took.
    """
    if proven:
        unload.sightings.update(clearing_at=ledger.clock.now())
    outcome = clear(root, proven)
    _forget(unload, [proven[each] for each in set(proven) - set(outcome.cleared)])
    gone = [*(proven[each] for each in outcome.cleared), *unfinished]
    if gone:
        try:
            note = _leave_note(ledger, root, unload, gone, installation)
        except OSError as error:
            note = None
            where = displayed(b"/".join((FOLDER, NOTE)))
            reason = error.strerror or str(error)
            outcome.problems.append(errors.NoteNotWrittenError(path=where, reason=reason))
        _enter(ledger, by, unload, gone, note)
    return Emptied(len(outcome.cleared), outcome.problems)


def unfinished_of(whose: Whose, listing: Listing) -> list[RecordingFile]:
    """Files of this card whose clearing was begun and not entered, or not noted, and which are gone from it.

    None of a card that can't be told from another.
    """
    if not whose.is_known:
        return []
    there = {each.path for each in listing.files}
    begun = Sighting.objects.filter(
        Q(file__source__in=whose.sources) | Q(unload__container__in=whose.sources),
        clearing_at__isnull=False,
        noted=False,
    )
    files = RecordingFile.objects.filter(pk__in=begun.values("file")).select_related("blob").order_by("path")
    return [file for file in files if file.path not in there]


def _forget(unload: Unload, kept: list[RecordingFile]) -> None:
    """What could not be deleted is on the card still; no later run shall take it for deleted."""
    for start in range(0, len(kept), IN_AN_ENTRY):
        unload.sightings.filter(file__in=kept[start : start + IN_AN_ENTRY]).update(clearing_at=None)


def _leave_note(
    ledger: Ledger, root: int, unload: Unload, gone: list[RecordingFile], installation: str
) -> str:
    """Put the signed note on the card; return its digest. Raise ``OSError``."""
    note = cleared_note(
        ledger.signer,
        [
            ClearedFile(file.path, ContentDigest.parse(file.blob.content_digest), file.blob.size)
            for file in gone
        ],
        installation=installation,
        card=unload.card.inventory_number if unload.card else "",
        unload=str(unload.pk),
        at=ledger.clock.now(),
    ).encode()
    folder.write(root, NOTE, note)
    return f"sha256:{hashlib.sha256(note).hexdigest()}"


def _enter(ledger: Ledger, by: By, unload: Unload, gone: list[RecordingFile], note: str | None) -> None:
    """The entries of what is gone, and that the note says so. What has its entry gets no second one."""
    with transaction.atomic():
        ledger.take_turn("card.cleared")
        for start in range(0, len(gone), IN_AN_ENTRY):
            some = gone[start : start + IN_AN_ENTRY]
            begun = Sighting.objects.filter(file__in=some, clearing_at__isnull=False, noted=False)
            new = begun.filter(cleared_seq=None)
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
                    "note": note,
                }
                new.update(cleared_seq=ledger.append("card.cleared", by, about).seq)
            if note is not None:
                begun.update(noted=True)
