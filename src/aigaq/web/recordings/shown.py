"""Recordings as a page shows them: grouped by the duty they were made on, each with its facts in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID

from django.utils.translation import gettext as _

from aigaq.core.clock import KAZAKHSTAN
from aigaq.disclosure.models import Demand
from aigaq.disclosure.selectors import demands_that_hold
from aigaq.errors import N_
from aigaq.journal.models import JournalRow
from aigaq.recordings import playback
from aigaq.recordings.derivatives import Choice
from aigaq.recordings.models import Judgement, Kind, Recording, RecordingFile, Role, Verdict
from aigaq.retention.selectors import held_among

_STATES = {
    Verdict.PLAYABLE: "go",
    Verdict.DAMAGED: "warn",
    Verdict.TIMED_OUT: "warn",
    Verdict.UNREADABLE: "stop",
}
"""How a verdict is coloured; its words say the same."""
_SEVERITY = {"go": 0, "": 1, "warn": 2, "stop": 3}
_OF_PHOTOS = {Verdict.PLAYABLE: N_("Opens"), Verdict.DAMAGED: N_("Damaged, opens in part")}
"""A photo does not play."""


@dataclass(frozen=True)
class ShownFile:
    """A file with what there is to say of it; the models are loaded."""

    file: RecordingFile
    choice: Choice | None = None
    """What of it is shown, where that was asked."""

    @property
    def recording(self) -> Recording:
        return self.file.recording

    @property
    def judgement(self) -> Judgement | None:
        return getattr(self.file, "judgement", None)

    @property
    def duration(self) -> str:
        """Hours, minutes, seconds; empty where there is none."""
        seconds = self.judgement.duration if self.judgement else None
        return "" if seconds is None else clock_duration(seconds)

    @property
    def has_still(self) -> bool:
        return self.judgement is not None and self.judgement.still_id is not None

    @property
    def verdict(self) -> str:
        if self.judgement is None:
            return _("Not examined yet")
        verdict = Verdict(self.judgement.verdict)
        if self.file.kind == Kind.PHOTO and verdict in _OF_PHOTOS:
            return _(_OF_PHOTOS[verdict])
        return str(verdict.label)

    @property
    def verdict_state(self) -> str:
        return _STATES.get(Verdict(self.judgement.verdict), "") if self.judgement else ""

    @property
    def flaw(self) -> str:
        """What the prober found wrong, as a sentence; empty if nothing."""
        detail = self.judgement.facts.get("detail") if self.judgement else ""
        return _(detail) if detail else ""

    @property
    def content_type(self) -> str:
        if self.choice is not None:
            return self.choice.content_type
        return playback.content_type(self.file)

    @property
    def shown_as(self) -> str:
        """``video``, ``audio`` or ``photo``; empty for what is only given as a copy."""
        is_media = self.content_type != playback.DOWNLOAD and self.file.kind != Kind.OTHER
        return self.file.kind if is_media else ""

    @property
    def recorded_at(self) -> datetime | None:
        """The recorder's clock, when this file began; of a later segment only what is its own."""
        is_later = self.file.role == Role.MAIN and self.file.ordinal > 1
        return self.file.recorded_at or (None if is_later else self.recording.recorded_at)


@dataclass(frozen=True)
class Held:
    """Which recordings are held now, and for which demands."""

    all: Collection[UUID]
    demands: Mapping[UUID, Sequence[Demand]]

    @classmethod
    def among(cls, recordings: Collection[UUID]) -> Self:
        return cls(held_among(recordings), demands_that_hold(recordings))


@dataclass(frozen=True)
class ShownRecording:
    """A recording as a list shows it: by its first file, with what all of them make."""

    recording: Recording
    parts: list[ShownFile]
    """Its segments in their order; what was written beside it is in `beside`."""
    beside: list[ShownFile]
    held_for: Sequence[Demand] = ()
    """The demands by which it is held now."""
    is_held: bool = False
    """By whatever."""

    @classmethod
    def of(cls, recording: Recording, held: Held | None = None) -> Self:
        files = []
        for file in recording.files.all():
            # So that asking a file for its recording asks no database.
            file.recording = recording
            files.append(ShownFile(file))
        mains = [each for each in files if each.file.role == Role.MAIN] or files
        beside = [each for each in files if each not in mains]
        if held is None:
            return cls(recording, mains, beside)
        return cls(recording, mains, beside, held.demands.get(recording.pk, ()), recording.pk in held.all)

    @property
    def first(self) -> ShownFile:
        return self.parts[0]

    @property
    def recorded_at(self) -> datetime | None:
        return self.recording.recorded_at

    @property
    def duration(self) -> str:
        """Of all segments whose length is known."""
        lengths = [each.judgement.duration for each in self.parts if each.judgement]
        known = [each for each in lengths if each is not None]
        return clock_duration(sum(known)) if known else ""

    @property
    def size(self) -> int:
        return sum(each.file.blob.size for each in (*self.parts, *self.beside))

    @property
    def worst(self) -> ShownFile:
        """The file whose verdict the list shows."""
        return max(self.parts, key=lambda each: _SEVERITY[each.verdict_state])


@dataclass(frozen=True)
class Duty:
    """What was recorded on one row of the journal, or waits for its row."""

    row: JournalRow | None
    recordings: list[ShownRecording]


@dataclass(frozen=True)
class Day:
    day: date
    duties: list[Duty]


def days(recordings: Sequence[Recording], *, with_holds: bool = False) -> list[Day]:
    """By day and by duty, both in the order in which they first appear in `recordings`."""
    held = Held.among([each.pk for each in recordings]) if with_holds else None
    found: dict[date, dict[object, Duty]] = {}
    for recording in recordings:
        row = row_of(recording)
        duties = found.setdefault(recording.listed_at.astimezone(KAZAKHSTAN).date(), {})
        duty = duties.setdefault(row.pk if row else None, Duty(row, []))
        duty.recordings.append(ShownRecording.of(recording, held))
    return [Day(day, list(duties.values())) for day, duties in found.items()]


def row_of(recording: Recording) -> JournalRow | None:
    placement = getattr(recording, "placement", None)
    return placement.row if placement else None


def clock_duration(seconds: float) -> str:
    """0:07, 12:05, 1:02:03; part of a second counts as a whole one, so nothing lasts 0:00."""
    whole = max(1, -int(-seconds // 1))
    text = str(timedelta(seconds=whole))
    return text.removeprefix("0:").removeprefix("0") if whole < 3600 else text  # noqa: PLR2004 - an hour
