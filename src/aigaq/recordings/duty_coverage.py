"""The coverage of a duty from what the book and the catalogue have (`docs/lifecycles/coverage.md`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from aigaq.core.clock import milliseconds
from aigaq.core.intervals import Interval, Intervals
from aigaq.journal.duties import Turn, WholeDuty, duty_of
from aigaq.journal.models import Failure, JournalRow, Pause, ThingFound, ThingKind
from aigaq.journal.selectors import RowView
from aigaq.recordings.coverage import (
    Announced,
    Coverage,
    Duty,
    Notice,
    Take,
    TakeState,
    Tolerances,
    coverage,
)
from aigaq.recordings.models import (
    ClockReading,
    Kind,
    ReadingWay,
    RecordingFile,
    Role,
    TimeCodeReading,
    TimeCodeVerdict,
    Verdict,
)
from aigaq.recordings.offsets import NEAR, ClockRead, Known, Offset, offset_of
from aigaq.recordings.selectors import require_reader
from aigaq.registry.selectors import Standing
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import CoverageTerms
from aigaq.unloading.recorders.takes import ends_of

_MILLISECOND: Final = timedelta(milliseconds=1)
_LASTING: Final = (Kind.VIDEO, Kind.AUDIO)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCoverage:
    """A whole duty with its coverage, and the models behind it, by the ids that the coverage has."""

    duty: WholeDuty
    coverage: Coverage
    files: Mapping[UUID, RecordingFile]
    """By `Take.file`, each with its recording, blob, judgement and reading."""
    readings: Mapping[int, ClockReading]
    """By `Offset.reading`: all that were made near these recordings, applied or not."""
    filmed: Mapping[UUID, TimeCodeReading]
    """By `Take.file`: the time codes by which films began of which no camera says when."""
    now: datetime


def duty_coverage(row: JournalRow, now: datetime, terms: CoverageTerms | None = None) -> DutyCoverage:
    """Of the whole duty of which `row` is a part, whoever asks: pages ask `coverage_for`."""
    return coverage_of(duty_of(row), now, terms or regulation.load().coverage)


def coverage_for(standing: Standing, row: JournalRow, now: datetime) -> DutyCoverage:
    """The same for a page of the division of `row`. Raise `NotAReaderError`."""
    require_reader(standing, row.division)
    return duty_coverage(row, now)


def coverage_of(duty: WholeDuty, now: datetime, terms: CoverageTerms) -> DutyCoverage:
    files = _files(duty)
    readings, filmed = _readings(duty, files), _filmed(files)
    return DutyCoverage(
        duty=duty,
        coverage=coverage(
            _duty(duty, milliseconds(now), terms), _takes(duty, files, readings, filmed), tolerances(terms)
        ),
        files={file.pk: file for file in files},
        readings={reading.pk: reading for reading in readings},
        filmed=filmed,
        now=now,
    )


def tolerances(terms: CoverageTerms) -> Tolerances:
    return Tolerances(
        start_grace=terms.start_grace // _MILLISECOND,
        end_grace=terms.end_grace // _MILLISECOND,
        pause_margin=terms.pause_margin // _MILLISECOND,
        join=terms.join // _MILLISECOND,
        seam=terms.seam // _MILLISECOND,
        threshold=terms.threshold // _MILLISECOND,
    )


def _duty(duty: WholeDuty, now: int, terms: CoverageTerms) -> Duty:
    return Duty(
        start=milliseconds(duty.began_at),
        end=milliseconds(duty.ended_at) if duty.ended_at else now,
        is_open=duty.is_open,
        announced=tuple(_announced(duty.rows)),
        awaited=Intervals(_awaited(turn, now, terms) for turn in duty.turns),
    )


def _announced(rows: Iterable[RowView]) -> Iterator[Announced]:
    for view in rows:
        for pause in view.pauses:
            resumed = pause.resumed.occurred_at if hasattr(pause, "resumed") else view.returned_at
            yield _told(Notice.PAUSE, pause, resumed)
        for failure in view.failures:
            yield _told(Notice.FAILURE, failure, _settled_at(failure, view))


def _told(notice: Notice, told: Pause | Failure, end: datetime | None) -> Announced:
    return Announced(notice, told.pk, milliseconds(told.occurred_at), milliseconds(end) if end else None)


def _settled_at(failure: Failure, view: RowView) -> datetime | None:
    """When it was repaired, or the recorder of its row replaced; else when that was handed back."""
    if hasattr(failure, "repaired"):
        return failure.repaired.occurred_at
    replaced = (each.replaced.occurred_at for each in view.failures if hasattr(each, "replaced"))
    return next(replaced, view.returned_at)


def _awaited(turn: Turn, now: int, terms: CoverageTerms) -> Interval:
    """What of its turn may still be on the card; empty if nothing is."""
    since = milliseconds(turn.since)
    until = max(since, milliseconds(turn.until) if turn.until else now)
    view, nothing = turn.view, Interval(since, since)
    unloaded = [milliseconds(each.occurred_at) for each in view.unloadings]
    if view.losses or _card_is_missing(view):
        return nothing
    if view.returned_at is not None:
        returned = milliseconds(view.returned_at)
        grace, patience = terms.end_grace // _MILLISECOND, terms.awaits // _MILLISECOND
        if any(at >= returned - grace for at in unloaded) or now - returned > patience:
            return nothing
    return Interval(min(until, max(since, *unloaded, since)), until)


def _card_is_missing(view: RowView) -> bool:
    return any(each.thing == ThingKind.CARD and each.found == ThingFound.MISSING for each in view.damages)


def _files(duty: WholeDuty) -> list[RecordingFile]:
    """All files that last, by recording and in their order there."""
    found = RecordingFile.objects.filter(
        recording__placement__row__in=[view.id for view in duty.rows], role=Role.MAIN, kind__in=_LASTING
    )
    return list(
        # `disposed` is of a floor above: its tombstone, where the recording is there no more.
        found.select_related(
            "recording__placement", "recording__disposed", "blob", "judgement", "reading"
        ).order_by("recording__listed_at", "recording_id", "ordinal", "path")
    )


def _readings(duty: WholeDuty, files: Sequence[RecordingFile]) -> list[ClockReading]:
    """Of the recorders of the duty, made near any of its recordings."""
    if not files:
        return []
    taken_in = [file.recording.ingested_at for file in files]
    near = NEAR * _MILLISECOND
    found = ClockReading.objects.filter(
        recorder__in={view.row.recorder_id for view in duty.rows},
        read_at__gte=min(taken_in) - near,
        read_at__lte=max(taken_in) + near,
    )
    return list(found.order_by("seq"))


def _filmed(files: Sequence[RecordingFile]) -> dict[UUID, TimeCodeReading]:
    """Of files without a time of their own."""
    timeless = [file.pk for file in files if file.recorded_at is None]
    if not timeless:
        return {}
    live = TimeCodeReading.objects.filter(
        file__in=timeless, verdict=TimeCodeVerdict.LIVE, film_began_at__isnull=False
    )
    return {each.file_id: each for each in live.order_by("-precision_ms", "-seq")}


def _takes(
    duty: WholeDuty,
    files: Sequence[RecordingFile],
    readings: Sequence[ClockReading],
    filmed: Mapping[UUID, TimeCodeReading],
) -> Iterator[Take]:
    by_recorder: dict[UUID, list[ClockRead]] = {}
    for each in readings:
        by_recorder.setdefault(each.recorder_id, []).append(_read(each))
    reads = {view.id: by_recorder.get(view.row.recorder_id, []) for view in duty.rows}
    for _recording, segments in groupby(files, key=lambda file: file.recording_id):
        before: Take | None = None
        for _place, readings_of_one in groupby(segments, key=lambda file: (file.ordinal, file.path)):
            again: list[Take] = []
            for file in readings_of_one:
                take = _take(file, before, reads[file.recording.placement.row_id])
                if take.camera is None:
                    take = _by_the_code(take, before, filmed.get(file.pk))
                again.append(take)
            yield from again
            before = max(again, key=lambda take: take.length or 0)


def _by_the_code(take: Take, before: Take | None, reading: TimeCodeReading | None) -> Take:
    """Of a camera that tells no time: when it began by a time code in it, or where the one before ended."""
    if reading is not None and reading.film_began_at is not None:
        began = milliseconds(reading.film_began_at)
        known = Offset(0, Known.EXACT, reading.precision_ms or 0, way=ReadingWay.TIME_CODE.value)
        return replace(take, filmed=began, offset=known)
    if before is None or before.filmed is None or before.length is None:
        return take
    return replace(take, filmed=before.filmed + before.length, offset=before.offset)


def _take(file: RecordingFile, before: Take | None, reads: Sequence[ClockRead]) -> Take:
    """`before` is the file before it in the same recording, not an earlier reading of the same."""
    recording = file.recording
    first = recording.recorded_at if file.ordinal == 1 else None
    began = file.recorded_at or first
    camera = milliseconds(began) if began else _end_of(before)
    if before is not None and before.camera is not None and camera is not None and camera <= before.camera:
        # Some recorders write the beginning of the recording into each of its files.
        camera = _end_of(before)
    length, state = _measured(file, began)
    return Take(
        file=file.pk,
        recording=recording.pk,
        row=recording.placement.row_id,
        camera=camera,
        length=length,
        state=state,
        offset=offset_of(camera, recording.unload, milliseconds(recording.ingested_at), reads),
    )


def _end_of(take: Take | None) -> int | None:
    """By the camera."""
    return None if take is None or take.camera is None or take.length is None else take.camera + take.length


def _measured(file: RecordingFile, began: datetime | None) -> tuple[int | None, TakeState]:
    judgement = getattr(file, "judgement", None)
    if judgement is not None and judgement.duration is not None:
        reading = getattr(file, "reading", None)
        is_whole = judgement.verdict == Verdict.PLAYABLE and not (reading and reading.missing)
        return round(judgement.duration * 1000), TakeState.WHOLE if is_whole else TakeState.DAMAGED
    if began is None:
        return None, TakeState.UNMEASURED
    end = min(ends_of(began, file.modified_at), default=None)
    return (end - began) // _MILLISECOND if end else None, TakeState.UNMEASURED


def _read(reading: ClockReading) -> ClockRead:
    return ClockRead(
        id=reading.pk,
        way=reading.way,
        unload=reading.unload,
        camera=milliseconds(reading.device_at),
        read=milliseconds(reading.read_at),
        offset=reading.offset_ms,
        precision=reading.precision_ms,
    )
