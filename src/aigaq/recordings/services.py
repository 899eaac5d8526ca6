"""Entering recordings: the catalogue's rows and the ledger's entries in one transaction, or neither."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeAlias
from uuid import UUID, uuid4

from django.db import transaction

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.core.digests import ContentDigest
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import Act, By, Ledger
from aigaq.recordings import derivatives, readings, returns
from aigaq.recordings.entries import about_blob, about_file, about_judged, about_placed
from aigaq.recordings.models import (
    Blob,
    Derivative,
    Judgement,
    Kind,
    Placement,
    Recording,
    RecordingFile,
    Role,
)
from aigaq.registry.models import Card, Division, Recorder
from aigaq.unloading.facts import FoundFile, Judged
from aigaq.unloading.recorders.takes import Segment, written_at
from aigaq.vault.store import Stored

Row: TypeAlias = Blob | Judgement | Placement | Derivative

PLACED_AT_ONCE = 1_000
"""Recordings in one ledger entry, which has a bound (`tlog.entry.MAX_OCTETS`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the files of one unloading have in common."""

    unload: UUID
    division: Division
    sources: tuple[str, ...]
    """Names that this card has or had. New files are entered under the first and looked for under all."""
    card: Card | None
    recorder: Recorder | None
    row: JournalRow | None
    """Null: to the tray."""
    issued_at: datetime | None
    """When `row` was issued. What was taken in before is not placed on it."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The catalogue's row of a found file."""

    file: RecordingFile
    content_digest: ContentDigest
    new: bool
    placed: bool
    """It is tied to a journal row, now or before."""
    judgement: Judgement | None


def source_key(source: str, path: str, content: ContentDigest, after: int | None = None) -> str:
    """By which a file is known again in a later run.

    `after`: the entry by which the file of the key before was destroyed, where the same came once more.
    """
    parts: list[Json] = [source, path, str(content)]
    return hashlib.sha256(canonical.encode(parts if after is None else [*parts, after])).hexdigest()


def enter_files(
    ledger: Ledger,
    by: By,
    origin: Origin,
    found: Sequence[FoundFile],
    rows: Mapping[str, JournalRow | None] | None = None,
) -> list[Entered]:
    """Enter what the catalogue does not have; finish what it has in part (judgement, placement, healed blob).

    For the same files again nothing is written. The answer is in the order of `found`. `rows` has, by path,
    files that are known to belong to another row than the rest; null: to the tray.
    """
    with transaction.atomic():
        ledger.take_turn("recording.ingested")
        known, after = _known(origin, found)
        writing = _Writing(ledger.clock.now(), found)
        writing.after = after
        writing.begun = _begun(origin, [each for each in found if each.path not in known])
        entered = []
        for each in found:
            own, file = _own(origin, each, rows or {}), known.get(each.path)
            entered.append(writing.again(own, each, file) if file else writing.new(own, each))
        returns.note(writing.acts, origin, [each.file for each in entered if each.new])
        writing.write(ledger, by)
    return entered


def judge(ledger: Ledger, by: By, file: RecordingFile, judged: Judged) -> Judgement:
    """Note the judgement of a file that has none yet; one that it has stays, and is returned."""
    with transaction.atomic():
        ledger.take_turn("recording.judged")
        present = Judgement.objects.filter(file=file).first()
        if present is not None:
            return present
        writing = _Writing(ledger.clock.now(), [], judged)
        judgement = writing.judged(file, judged)
        writing.write(ledger, by)
    return judgement


def place(ledger: Ledger, by: By, recordings: Iterable[Recording], row: JournalRow) -> int:
    """Tie recordings to the row they were made on; return how many. Those tied already stay as they are."""
    asked = iter(recordings)
    placed = 0
    with transaction.atomic():
        ledger.take_turn("recording.placed")
        now = ledger.clock.now()
        while some := list(islice(asked, PLACED_AT_ONCE)):
            tied = set(Placement.objects.filter(recording__in=some).values_list("recording_id", flat=True))
            free = [each for each in some if each.pk not in tied]
            if not free:
                continue
            about = about_placed(row, free, now)
            seq = ledger.append("recording.placed", by, about).seq
            Placement.objects.bulk_create(
                [Placement(recording=each, row=row, placed_at=now, seq=seq) for each in free]
            )
            placed += len(free)
    return placed


def _own(origin: Origin, found: FoundFile, rows: Mapping[str, JournalRow | None]) -> Origin:
    """The origin of this very file."""
    if found.path not in rows:
        return origin
    row = rows[found.path]
    if row is None:
        return replace(origin, row=None, issued_at=None)
    return replace(
        origin,
        division=row.division,
        recorder=origin.recorder or row.recorder,
        row=row,
        issued_at=row.issue.occurred_at,
    )


def _begun(origin: Origin, found: Sequence[FoundFile]) -> dict[str, Recording]:
    """By take, the recordings to which files were entered before: just now, or by a run that was cut off.

    A file is known again by its path, its size and its time of writing: a name may come again on a card.
    """
    segments = {each.segment.take: each.segment for each in found if each.segment and each.segment.siblings}
    paths = {sibling.path for segment in segments.values() for sibling in segment.siblings}
    if not paths:
        return {}
    there = RecordingFile.objects.filter(source__in=origin.sources, path__in=paths, recording__disposed=None)
    recordings = {
        (file.path, file.blob.size, file.modified_at): file.recording
        for file in there.select_related("blob", "recording__placement").order_by("-recording__ingested_at")
    }
    return {
        take: recording
        for take, segment in segments.items()
        if (recording := _of_siblings(segment, recordings)) is not None
    }


def _of_siblings(
    segment: Segment, recordings: Mapping[tuple[str, int, datetime | None], Recording]
) -> Recording | None:
    for sibling in segment.siblings:
        recording = recordings.get((sibling.path, sibling.size, written_at(sibling.modified_ns)))
        # One that began elsewhere is another: its beginning is never changed.
        if recording is not None and segment.began_at in (None, recording.recorded_at):
            return recording
    return None


def _known(origin: Origin, found: Sequence[FoundFile]) -> tuple[dict[str, RecordingFile], dict[str, int]]:
    """The files that the catalogue has of this card, by path; and those of which it has only a tombstone.

    Of the latter the entry by which it was destroyed: what comes then is another file, under a key of its
    own, and is looked for under that.
    """
    known: dict[str, RecordingFile] = {}
    after: dict[str, int] = {}
    asked = list(found)
    while asked:
        keys = {
            source_key(source, each.path, each.stored.content_digest, after.get(each.path)): each.path
            for each in asked
            for source in origin.sources
        }
        present = RecordingFile.objects.filter(source_key__in=list(keys))
        gone = set()
        for file in present.select_related(
            "blob", "judgement", "recording__placement", "recording__disposed"
        ):
            tombstone = returns.tombstone_of(file)
            if tombstone is None:
                known[file.path] = file
            else:
                after[file.path] = max(tombstone.seq, after.get(file.path, -1))
                gone.add(file.path)
        asked = [each for each in asked if each.path in gone and each.path not in known]
    return known, {path: seq for path, seq in after.items() if path not in known}


class _Writing:
    """Rows and entries of one transaction, gathered first and then written a table at a time.

    The number of an entry is known only once it is appended; so each act keeps the rows that will carry it.
    """

    def __init__(self, now: datetime, found: Sequence[FoundFile], judged: Judged | None = None) -> None:
        self._now = now
        self.acts: list[tuple[str, dict[str, Json], list[Row]]] = []
        self._recordings: list[Recording] = []
        self._files: list[RecordingFile] = []
        self._flawed: list[readings.Flawed] = []
        stored = [stored for each in found for stored in _stored(each)]
        if judged and judged.still:
            stored.append(judged.still)
        digests = {each.stored_digest.hex for each in stored}
        self._blobs = {each.stored_digest: each for each in Blob.objects.filter(stored_digest__in=digests)}
        self._placed: set[UUID] = set()
        self.begun: dict[str, Recording] = {}
        """By take, recordings that have files already."""
        self.after: dict[str, int] = {}
        """By path, entries by which the same file was destroyed before."""

    def new(self, origin: Origin, found: FoundFile) -> Entered:
        rows: list[Row] = []
        segment = found.segment
        begun = self.begun.get(segment.take) if segment else None
        recording = begun or self._recording(origin, found)
        file = RecordingFile(
            id=uuid4(),
            recording=recording,
            blob=self._blob(found.stored, rows),
            path=found.path,
            source=origin.sources[0],
            source_key=source_key(
                origin.sources[0], found.path, found.stored.content_digest, self.after.get(found.path)
            ),
            modified_at=found.modified_at,
            kind=Kind(found.kind.value),
            role=Role(segment.role.value) if segment else Role.MAIN,
            ordinal=segment.ordinal if segment else 1,
            recorded_at=found.recorded_at,
        )
        judgement = self._judgement(file, found.judged, rows) if found.judged else None
        row = origin.row if begun is None else None
        if row is not None:
            rows.append(Placement(recording=recording, row=row, placed_at=self._now))
            self._placed.add(recording.pk)
        self._files.append(file)
        about = about_file(origin, file, found, at=self._now, row=row, joins=begun is not None)
        if found.path in self.after:
            about["after"] = self.after[found.path]
        self.acts.append(("recording.ingested", about, rows))
        self._note(origin, file, found)
        self._derive(file, found)
        placed = row is not None if begun is None else self._find_place(origin, recording)
        return Entered(file, found.stored.content_digest, new=True, placed=placed, judgement=judgement)

    def _recording(self, origin: Origin, found: FoundFile) -> Recording:
        """A new one, which begins when its first segment does."""
        segment = found.segment
        began = segment.began_at if segment and segment.began_at else found.recorded_at
        recording = Recording(
            id=uuid4(),
            division=origin.division,
            recorder=origin.recorder,
            card=origin.card,
            recorded_at=began,
            ingested_at=self._now,
            listed_at=began or self._now,
            unload=origin.unload,
        )
        self._recordings.append(recording)
        if segment and segment.siblings:
            self.begun[segment.take] = recording
        return recording

    def again(self, origin: Origin, found: FoundFile, file: RecordingFile) -> Entered:
        """What is missing of a file that was entered before."""
        rows: list[Row] = []
        self._note(origin, file, found)
        self._blob(found.stored, rows)
        if rows:
            about: dict[str, Json] = {
                "file": str(file.pk),
                "ingested_at": rfc3339(self._now),
                **about_blob(found.stored),
            }
            self.acts.append(("recording.stored-again", about, rows))
        judgement: Judgement | None = getattr(file, "judgement", None)
        if judgement is None and found.judged:
            judgement = self.judged(file, found.judged)
        if found.derived and not file.derivatives.exists():
            self._derive(file, found)
        placed = self._find_place(origin, file.recording)
        return Entered(file, found.stored.content_digest, new=False, placed=placed, judgement=judgement)

    def judged(self, file: RecordingFile, judged: Judged) -> Judgement:
        rows: list[Row] = []
        judgement = self._judgement(file, judged, rows)
        about: dict[str, Json] = {
            "file": str(file.pk),
            "judged_at": rfc3339(self._now),
            "judgement": about_judged(judged),
        }
        self.acts.append(("recording.judged", about, rows))
        return judgement

    def write(self, ledger: Ledger, by: By) -> None:
        entries = ledger.append_all([Act(kind, by, about) for kind, about, _ in self.acts])
        rows: list[Row] = []
        for entry, (_, _, carried) in zip(entries, self.acts, strict=True):
            for row in carried:
                row.seq = entry.seq
            rows += carried
        Blob.objects.bulk_create([row for row in rows if isinstance(row, Blob)])
        Recording.objects.bulk_create(self._recordings)
        RecordingFile.objects.bulk_create(self._files)
        Judgement.objects.bulk_create([row for row in rows if isinstance(row, Judgement)])
        Derivative.objects.bulk_create([row for row in rows if isinstance(row, Derivative)])
        Placement.objects.bulk_create([row for row in rows if isinstance(row, Placement)])
        readings.write(ledger, by, self._flawed)

    def _note(self, origin: Origin, file: RecordingFile, found: FoundFile) -> None:
        """How it was read, if not without fault."""
        flawed = readings.flawed(file, found, card=origin.card, unload=origin.unload, at=self._now)
        if flawed is not None:
            self._flawed.append(flawed)

    def _derive(self, file: RecordingFile, found: FoundFile) -> None:
        """What was made of it at once."""
        for derived in found.derived:
            derivative = derivatives.row_of(file, derived, self._now)
            rows: list[Row] = [derivative]
            derivative.blob = self._blob(derived.stored, rows)
            self.acts.append((derivatives.DERIVED, derivatives.about(file, derived, self._now), rows))

    def _find_place(self, origin: Origin, recording: Recording) -> bool:
        """Tie a recording to the row if it can be of it; whether it is tied to one then."""
        if recording.pk in self._placed or hasattr(recording, "placement"):
            return True
        if origin.row is None or not _belongs(origin, recording):
            return False
        self._place(origin.row, recording)
        self._placed.add(recording.pk)
        return True

    def _place(self, row: JournalRow, recording: Recording) -> None:
        rows: list[Row] = [Placement(recording=recording, row=row, placed_at=self._now)]
        self.acts.append(("recording.placed", about_placed(row, [recording], self._now), rows))

    def _judgement(self, file: RecordingFile, judged: Judged, rows: list[Row]) -> Judgement:
        still = self._blob(judged.still, rows) if judged.still else None
        judgement = Judgement(
            file=file,
            verdict=judged.judgement.verdict.value,
            duration=judged.judgement.duration,
            facts=judged.judgement.to_dict(),
            still=still,
            judged_at=self._now,
        )
        rows.append(judgement)
        return judgement

    def _blob(self, stored: Stored, rows: list[Row]) -> Blob:
        """The row of a stored object; a new one is added to `rows`."""
        blob = self._blobs.get(stored.stored_digest.hex)
        if blob is None:
            blob = Blob(
                content_digest=stored.content_digest.hex,
                stored_digest=stored.stored_digest.hex,
                size=stored.size,
                stored_size=stored.stored_size,
                name=stored.name,
                ingested_at=self._now,
            )
            self._blobs[blob.stored_digest] = blob
            rows.append(blob)
        return blob


def _belongs(origin: Origin, recording: Recording) -> bool:
    """Can a recording that was taken in before be of this row? Not if the row was not yet issued then."""
    return origin.issued_at is not None and recording.ingested_at >= origin.issued_at


def _stored(found: FoundFile) -> list[Stored]:
    still = found.judged.still if found.judged else None
    return [found.stored, *([still] if still else []), *(each.stored for each in found.derived)]
