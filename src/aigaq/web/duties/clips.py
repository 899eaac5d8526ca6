"""What was recorded on a duty, file by file, as the player takes it: one after the other in true time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from aigaq.core.clock import instant_of, wall
from aigaq.recordings.coverage import Take
from aigaq.recordings.derivatives import choices_of
from aigaq.recordings.duty_coverage import DutyCoverage
from aigaq.recordings.models import RecordingFile
from aigaq.recordings.offsets import Known
from aigaq.recordings.returns import tombstone_of
from aigaq.web.coverage.words import length_of, offset_said
from aigaq.web.recordings.shown import ShownFile

_TENTH = 100
_FRAMES_A_SECOND = 25.0
"""Where the prober could not tell."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One file. Times are on Kazakhstan's wall clock, in milliseconds; None where nobody knows them."""

    number: int
    take: Take
    shown: ShownFile

    @property
    def file(self) -> RecordingFile:
        return self.shown.file

    @property
    def plays(self) -> bool:
        """It, or what was made of it, is worth giving to a player."""
        choice = self.shown.choice
        return choice is not None and choice.blob is not None and not self.is_destroyed

    @property
    def must_be_made(self) -> bool:
        """It plays once a playable copy of it is made."""
        choice = self.shown.choice
        return choice is not None and choice.must_be_made and not self.is_destroyed

    @property
    def is_destroyed(self) -> bool:
        return tombstone_of(self.file) is not None

    @property
    def begins(self) -> int | None:
        return None if self.take.begins is None else wall(self.take.begins)

    @property
    def begins_at(self) -> datetime | None:
        """True time, as far as that is known."""
        return None if self.take.begins is None else instant_of(self.take.begins)

    @property
    def camera(self) -> int | None:
        return None if self.take.camera is None else wall(self.take.camera)

    @property
    def length(self) -> int | None:
        return self.take.length

    @property
    def known(self) -> str:
        """How its true time is known (`recordings.offsets.Known`); empty without a time of any kind."""
        return "" if self.take.begins is None else self.take.offset.known.value

    @property
    def frame_seconds(self) -> str:
        """How long a picture stands."""
        judgement = self.shown.judgement
        video = judgement.facts.get("video") if judgement else None
        return f"{1 / (float((video or {}).get('fps') or 0) or _FRAMES_A_SECOND):.6f}"

    @property
    def clock_said(self) -> str:
        if self.take.camera is None and self.take.filmed is not None:
            return _("Its recorder says nothing of the time: a time code that was filmed does.")
        if self.take.camera is None:
            return _("Nothing in it says when it was made.")
        return offset_said(self.take.offset.ms, self.take.offset.known)

    @property
    def lasts(self) -> str:
        return "" if self.take.length is None else length_of(self.take.length)

    @property
    def is_precise(self) -> bool:
        """Its true time is known to a tenth of a second."""
        return self.take.offset.known is Known.EXACT and self.take.offset.precision <= _TENTH


def clips(found: DutyCoverage) -> list[Clip]:
    """By their beginnings; those without one last."""
    takes = found.coverage.takes
    choices = choices_of([found.files[take.file] for take in takes])
    return [
        Clip(number, take, ShownFile(choice.file, choice))
        for number, (take, choice) in enumerate(zip(takes, choices, strict=True), start=1)
    ]


def numbers_of(clips: Iterable[Clip], takes: Iterable[Take]) -> list[int]:
    """The numbers of the clips that are of these takes."""
    of = {clip.take.file: clip.number for clip in clips}
    return [of[take.file] for take in takes]
