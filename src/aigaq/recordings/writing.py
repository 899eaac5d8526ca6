"""What one transaction enters of recordings: gathered first, then written a table at a time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import Act, By, Ledger
from aigaq.recordings import derivatives, readings
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
from aigaq.recordings.origins import Entered, Origin, Row, source_key
from aigaq.unloading.facts import FoundFile, Judged
from aigaq.vault.store import Stored


class Writing:
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
