"""What of the recordings a demand covers, chosen at the command line: by id, or by day, person, purpose."""

from collections.abc import Callable
from datetime import datetime
from gettext import gettext as _
from typing import Any, TypeVar
from uuid import UUID

import click

from aigaq import wiring
from aigaq.access import looks
from aigaq.cli.readers import Reader
from aigaq.core.canonical import Json
from aigaq.disclosure.models import Chosen, Segment
from aigaq.disclosure.rules import MOST
from aigaq.errors import N_, BadInputError
from aigaq.recordings.models import RecordingFile
from aigaq.recordings.selectors import Place
from aigaq.registry.labels import NotOnStaffError
from aigaq.registry.models import Person
from aigaq.registry.selectors import standing_of
from aigaq.review.indexing import catch_up
from aigaq.review.search import Wanted, search

CommandT = TypeVar("CommandT", bound=Callable[..., Any])

DAY = click.DateTime(["%Y-%m-%d"])


class BadStretchError(BadInputError):
    code = "demand.bad-stretch"
    message = N_("“{text}” is no stretch. Write it as FILE:FROM-UNTIL, the id of the file and h:mm:ss twice.")


def choosing(command: CommandT) -> CommandT:
    """Options that say what of the recordings a demand covers."""
    for option in (
        click.option(
            "--recording", "recordings", multiple=True, type=click.UUID, help=_("Id of one of them.")
        ),
        click.option("--day", type=DAY, help=_("All recorded on this day.")),
        click.option("--until", type=DAY, help=_("And up to this day.")),
        click.option("--inspector", help=_("Of them those of this person, by staff number.")),
        click.option("--subject", default="", help=_("Of them those about this controlled subject.")),
        click.option(
            "--object", "object_", default="", help=_("Of them those about this controlled object.")
        ),
        click.option(
            "--stretch",
            "stretches",
            multiple=True,
            help=_("A stretch to be cut out besides: FILE:FROM-UNTIL, say 2f…c1:0:12:00-0:14:30."),
        ),
    ):
        command = option(command)
    return command


def chosen_by(
    reader: Reader,
    *,
    recordings: tuple[UUID, ...],
    day: datetime | None,
    until: datetime | None,
    inspector: str | None,
    subject: str,
    object_: str,
    stretches: tuple[str, ...],
) -> list[Chosen]:
    """Those named, and those found by what is asked, in the order of their time."""
    found = dict.fromkeys(recordings)
    if day or inspector or subject or object_:
        wanted = Wanted(
            since=day.date() if day else None,
            until=until.date() if until else day.date() if day else None,
            inspector=_inspector(inspector) if inspector else None,
            subject=subject,
            object=object_,
        )
        found |= dict.fromkeys(_found(reader, wanted))
    segments: dict[UUID, list[Segment]] = {}
    for text in stretches:
        segment = _segment(text)
        recording = RecordingFile.objects.filter(pk=segment.file).values_list("recording", flat=True).first()
        if recording is None:
            raise BadStretchError(text=text)
        segments.setdefault(recording, []).append(segment)
    return [Chosen(pk, tuple(segments.get(pk, ()))) for pk in dict.fromkeys([*found, *segments])]


def _found(reader: Reader, wanted: Wanted) -> list[UUID]:
    standing = standing_of(reader.person, wiring.clock().now())
    catch_up(wiring.ledger())
    found: list[UUID] = []
    before: Place | None = None
    while True:
        page = search(standing, reader.appointment.division, wanted, before=before).page
        found += [each.pk for each in page.recordings]
        before = page.older
        if before is None or len(found) > MOST:
            break
    asked: dict[str, Json] = {
        "day": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
        "inspector": str(wanted.inspector) if wanted.inspector else None,
        "subject": wanted.subject,
        "object": wanted.object,
        "recordings": [str(each) for each in found],
        "way": "command-line",
    }
    looks.look(wiring.ledger(), reader.by, "searched", asked)
    return found[::-1]


def _inspector(staff_number: str) -> UUID:
    person = Person.objects.filter(staff_number=staff_number).first()
    if person is None:
        raise NotOnStaffError(number=staff_number)
    return person.pk


def _segment(text: str) -> Segment:
    file, _colon, stretch = text.partition(":")
    begin, _dash, end = stretch.partition("-") if "-" in stretch else ("", "", "")
    # An id has dashes of its own.
    try:
        return Segment(UUID(file), _milliseconds(begin), _milliseconds(end))
    except ValueError as error:
        raise BadStretchError(text=text) from error


def _milliseconds(text: str) -> int:
    """Of ``h:mm:ss``, or of seconds alone. Raises ``ValueError``."""
    total = 0
    for part in text.split(":"):
        if not part.isdecimal():
            raise ValueError(text)
        total = total * 60 + int(part)
    return total * 1000
