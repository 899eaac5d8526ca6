"""Every look is entered in the ledger before anything is shown (R14.1): no entry, no octet."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error

from aigaq import wiring
from aigaq.access import looks as access
from aigaq.access.looks import Grants, Look
from aigaq.core.canonical import Json
from aigaq.errors import N_, AigaqError
from aigaq.ledger.services import By
from aigaq.recordings.derivatives import Choice
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Division
from aigaq.registry.selectors import READERS, Standing
from aigaq.web.duty import NotYoursError

log = logging.getLogger(__name__)


class LookNotEnteredError(AigaqError):
    code = "web.look-not-entered"
    message = N_(
        "This look could not be entered in the ledger, so nothing is shown. Try again; "
        "if it happens again, have the disk and the database checked."
    )


def enter(by: By, act: Look, body: dict[str, Json]) -> None:
    """Raises `LookNotEnteredError`; when this returns, the entry is durable."""
    with _said():
        access.look(wiring.ledger(), by, act, body)


class Covered:
    """Up to where octets may be sent: what no entry covers is entered first (`access.looks.Grants`)."""

    def __init__(self, grants: Grants) -> None:
        self._grants = grants

    def __call__(self, offset: int) -> int:
        """The last octet that may be sent from `offset` on. Raises `LookNotEnteredError`."""
        with _said():
            return self._grants.covered(offset)

    def anew(self) -> None:
        """As `Grants.anew`. Raises `LookNotEnteredError`."""
        with _said():
            self._grants.anew()


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except Error as error:
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


def about_shown(choice: Choice) -> dict[str, Json]:
    """The same, and as what it is shown, if not as itself: the digest is told with the octets."""
    product = choice.derivative.product if choice.derivative else None
    return {**about(choice.file), **({"product": product} if product else {})}
