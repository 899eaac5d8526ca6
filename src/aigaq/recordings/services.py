"""Entering recordings: the catalogue's rows and the ledger's entries in one transaction, or neither."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from django.db import transaction

from aigaq.journal.models import JournalRow
from aigaq.ledger.services import By, Ledger
from aigaq.recordings import returns
from aigaq.recordings.entries import about_placed
from aigaq.recordings.models import (
    Judgement,
    Placement,
    Recording,
    RecordingFile,
)
from aigaq.recordings.origins import Entered, Origin, source_key
from aigaq.recordings.writing import Writing
from aigaq.unloading.facts import FoundFile, Judged
from aigaq.unloading.recorders.takes import Segment, written_at

PLACED_AT_ONCE = 1_000
"""Recordings in one ledger entry, which has a bound (`tlog.entry.MAX_OCTETS`)."""


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
        writing = Writing(ledger.clock.now(), found)
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
        writing = Writing(ledger.clock.now(), [], judged)
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
    there = RecordingFile.objects.filter(
        source__in=origin.sources, path__in=paths, recording__disposed__recording=None
    )
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
