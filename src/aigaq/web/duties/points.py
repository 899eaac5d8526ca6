"""What happened at one moment of a duty: photos, comparisons of the clock, failures told, marks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from aigaq.core.clock import instant_of, milliseconds, wall
from aigaq.recordings.coverage import Take
from aigaq.recordings.duty_coverage import DutyCoverage
from aigaq.recordings.models import Kind, RecordingFile, Role
from aigaq.review.models import Mark
from aigaq.web import dates
from aigaq.web.duties.axis import Axis, Box
from aigaq.web.duties.words import Told
from aigaq.web.registry.clock_picture import offset_in_words
from aigaq.web.review.marks import place_of
from aigaq.web.review.shown import ShownSaying


@dataclass(frozen=True, slots=True)
class Point:
    """`kind`: ``photo``, ``clock``, ``failure``, ``mark`` or ``evidence``: also what it is drawn as."""

    kind: str
    at: int
    x: str
    what: str
    said: str
    address: str = ""
    """Where more of it is told."""
    until: int | None = None
    box: Box | None = None
    """Of what lasts: how long, and its place in the picture."""

    @property
    def when(self) -> datetime:
        return instant_of(self.at)

    @property
    def time(self) -> str:
        return dates.exact_time(self.when)

    @property
    def until_time(self) -> str:
        return "" if self.until is None else dates.exact_time(instant_of(self.until))

    @property
    def on_the_wall(self) -> int:
        return wall(self.at)


def points(
    found: DutyCoverage,
    *,
    photos: Iterable[RecordingFile],
    marks: Iterable[Mark],
    told: Told,
    axis: Axis,
) -> list[Point]:
    """In their order, as far as they lie in the picture."""
    marked = _marks(found, marks, axis)
    every = [*marked, *_readings(found, axis), *_failures(found, told, axis), *_photos(found, photos, axis)]
    return sorted((each for each in every if _is_within(each, axis)), key=lambda each: (each.at, each.kind))


def _is_within(point: Point, axis: Axis) -> bool:
    return axis.span.start <= point.at <= axis.span.end


def _readings(found: DutyCoverage, axis: Axis) -> Iterator[Point]:
    for reading in found.readings.values():
        at = milliseconds(reading.server_at)
        said = _("{offset}: {recorder}").format(offset=offset_in_words(reading), recorder=reading.recorder)
        yield Point("clock", at, axis.x(at), _("The camera's clock was compared"), said)


def _failures(found: DutyCoverage, told: Told, axis: Axis) -> Iterator[Point]:
    for failure in found.duty.failures:
        at = milliseconds(failure.occurred_at)
        cause = told[str(failure.pk)]
        said = cause.get_cause_display()  # type: ignore[union-attr]
        yield Point("failure", at, axis.x(at), _("A failure was told"), said)


def _photos(found: DutyCoverage, photos: Iterable[RecordingFile], axis: Axis) -> Iterator[Point]:
    for photo in photos:
        taken = photo.recorded_at or photo.recording.recorded_at
        if taken is None:
            continue
        at = milliseconds(taken) - _offset_near(milliseconds(taken), photo, found.coverage.takes)
        address = reverse("recordings:recording", args=[photo.pk])
        yield Point("photo", at, axis.x(at), _("Photo"), photo.name, address)


def _marks(found: DutyCoverage, marks: Iterable[Mark], axis: Axis) -> Iterator[Point]:
    """Those that stand, in files that have a place in time."""
    takes = {take.file: take for take in found.coverage.takes}
    for mark in marks:
        take = takes.get(mark.file_id)
        if mark.is_withdrawn or take is None or take.begins is None:
            continue
        saying = ShownSaying(mark.present)
        at, until = take.begins + saying.saying.position_ms, saying.saying.until_ms
        ends = None if until is None else take.begins + until
        yield Point(
            "evidence" if saying.saying.is_evidence else "mark",
            at,
            axis.x(at),
            saying.category,
            saying.saying.note or _("Look at it"),
            place_of(mark),
            ends,
            None if ends is None else axis.box(at, ends),
        )


def _offset_near(camera: int, photo: RecordingFile, takes: Sequence[Take]) -> int:
    """That of the film of the same row that was begun nearest to it, by the same camera's clock."""
    row = photo.recording.placement.row_id
    near = [take for take in takes if take.row == row and take.camera is not None]
    found = min(near, key=lambda take: abs((take.camera or 0) - camera), default=None)
    return found.offset.ms if found else 0


def photos_of(found: DutyCoverage) -> list[RecordingFile]:
    """All photos of the duty, by the camera's clock."""
    rows = [view.id for view in found.duty.rows]
    photos = RecordingFile.objects.filter(
        recording__placement__row__in=rows, role=Role.MAIN, kind=Kind.PHOTO
    ).select_related("recording__placement", "blob", "judgement")
    return list(photos.order_by("recording__listed_at", "path"))
