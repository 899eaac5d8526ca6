"""Every look is entered in the ledger before anything is shown (R14.1): no entry, no octet."""

import logging

from django.db import DatabaseError

from aigaq import wiring
from aigaq.access import services as access
from aigaq.access.services import Look
from aigaq.core.canonical import Json
from aigaq.errors import N_, AigaqError
from aigaq.ledger.services import By
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Division
from aigaq.registry.selectors import READERS, Standing
from aigaq.web.duty import NotYoursError
from aigaq.web.recordings.ranges import Part

log = logging.getLogger(__name__)


class LookNotEnteredError(AigaqError):
    code = "web.look-not-entered"
    message = N_(
        "This look could not be entered in the ledger, so nothing is shown. Try again; "
        "if it happens again, have the disk and the database checked."
    )


def enter(by: By, act: Look, body: dict[str, Json]) -> None:
    """Raises `LookNotEnteredError`; when this returns, the entry is durable."""
    try:
        access.look(wiring.ledger(), by, act, body)
    except DatabaseError as error:
        log.exception("a look could not be entered")
        raise LookNotEnteredError from error


def by_reader(standing: Standing, division: Division) -> By:
    """The reader under their appointment in the division of the recording, wherever they work just now."""
    appointment = standing.appointment(division, *READERS)
    if appointment is None:
        raise NotYoursError
    return standing.by(appointment)


def about(file: RecordingFile) -> dict[str, Json]:
    """What was looked at."""
    return {
        "recording": str(file.recording_id),
        "file": str(file.pk),
        "path": file.path,
        "content_digest": f"sha256:{file.blob.content_digest}",
    }


def about_part(file: RecordingFile, part: Part) -> dict[str, Json]:
    """And which octets of it, the first and the last included."""
    return {**about(file), "first": part.first, "last": part.last, "size": part.size}
