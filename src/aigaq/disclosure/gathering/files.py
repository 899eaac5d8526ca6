"""The files of the package, each with every entry that speaks of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from aigaq.access.models import EnteredLook
from aigaq.core.digests import ContentDigest
from aigaq.disclosure.errors import NotInLedgerError
from aigaq.disclosure.gathering.then import LedgerThen
from aigaq.disclosure.models import Chosen, Segment
from aigaq.disclosure.selectors import files_of
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import (
    Blob,
    Derivative,
    FlawedReading,
    Judgement,
    Placement,
    Product,
    RecordingFile,
    TimeCodeReading,
)
from aigaq.review.models import Mark, MarkChange
from aigaq.tlog.entry import Entry

INGESTED: Final = "recording.ingested"
LOOKS: Final = ("viewed", "played", "still", "downloaded")
_ABOUT: Final = timedelta(days=1)
"""Within so long of it stands the entry of what was taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileThen:
    """One original. All that it says is what its entries say."""

    file: RecordingFile
    ingested: Entry
    row: UUID | None
    entries: tuple[Entry, ...]
    """That speak of it, in their order."""
    segments: tuple[Segment, ...]
    playable: Derivative | None

    @property
    def body(self) -> Mapping[str, Any]:
        return self.ingested.body

    @property
    def sha256(self) -> str:
        return ContentDigest.parse(self.body["content_digest"]).hex

    @property
    def recorded_at(self) -> str | None:
        """Where the camera's clock stood when it began."""
        own = self.body.get("file_recorded_at")
        first = self.body["recorded_at"] if self.body.get("ordinal", 1) == 1 else None
        return own or first

    @property
    def duration_ms(self) -> int | None:
        """As it was judged last."""
        judged = [self.ingested, *(each for each in self.entries if each.kind == "recording.judged")]
        judgement: Any = judged[-1].body["judgement"]
        return None if judgement is None else judgement["duration_ms"]


def files_then(then: LedgerThen, chosen: Sequence[Chosen]) -> list[FileThen]:
    """All files of the chosen recordings that were there, in no particular order."""
    recordings = [each.recording for each in chosen]
    found = files_of(recordings)
    ingested = _ingested(then, found)
    there = [file for file in found if file.pk in ingested]
    if {file.recording_id for file in there} != set(recordings):
        raise NotInLedgerError(what="a chosen recording is not in the catalogue")
    about = _about(then, there)
    rows = dict(then.had(Placement.objects.filter(recording__in=recordings)).values_list("recording", "row"))
    segments = {
        file.pk: tuple(each for item in chosen for each in item.segments if each.file == file.pk)
        for file in there
    }
    playable = _playable(then, there)
    return [
        FileThen(
            file=file,
            ingested=ingested[file.pk],
            row=rows.get(file.recording_id),
            entries=tuple(then.entries({ingested[file.pk].seq} | about[file.pk])),
            segments=segments[file.pk],
            playable=playable.get(file.pk),
        )
        for file in there
    ]


def _ingested(then: LedgerThen, files: Sequence[RecordingFile]) -> dict[UUID, Entry]:
    """Of each that was there by then, the entry that took it in."""
    guesses = {seq for file in files for seq in _guesses(file)}
    by_file = {entry.body["file"]: entry for entry in then.entries(guesses) if entry.kind == INGESTED}
    found: dict[UUID, Entry] = {}
    for file in files:
        entry = by_file.get(str(file.pk)) or _searched(then, file)
        if entry is not None:
            found[file.pk] = entry
    return found


def _guesses(file: RecordingFile) -> list[int]:
    """Mostly one entry has taken in the file, its blob, what it was judged to be, and its place."""
    judgement: Judgement | None = getattr(file, "judgement", None)
    placement: Placement | None = getattr(file.recording, "placement", None)
    return [each.seq for each in (file.blob, judgement, placement) if each is not None]


def _searched(then: LedgerThen, file: RecordingFile) -> Entry | None:
    """Of a file whose content was stored before, or that came to a recording later."""
    text = LedgerEntry.objects.filter(kind=INGESTED, seq__lt=then.size, entry__contains=str(file.pk))
    at = file.recording.ingested_at
    for found in (text.filter(at__gte=at - _ABOUT, at__lte=at + _ABOUT), text):
        for entry in then.entries(found.values_list("seq", flat=True)):
            if entry.body["file"] == str(file.pk):
                return entry
    return None


def _about(then: LedgerThen, files: Sequence[RecordingFile]) -> dict[UUID, set[int]]:
    """The numbers of the entries that speak of each file, or of its recording as a whole."""
    about: dict[UUID, set[int]] = {file.pk: set() for file in files}
    for rows in (
        FlawedReading.objects.filter(file__in=files),
        Judgement.objects.filter(file__in=files),
        Mark.objects.filter(file__in=files),
        TimeCodeReading.objects.filter(file__in=files),
    ):
        for pk, seq in then.had(rows).values_list("file", "seq"):
            about[pk].add(seq)
    changes = then.had(MarkChange.objects.filter(mark__file__in=files))
    for pk, seq in changes.values_list("mark__file", "seq"):
        about[pk].add(seq)
    for pk, seqs in _of_recordings(then, files).items():
        about[pk] |= seqs
    for pk, seqs in _stored_again(then, files).items():
        about[pk] |= seqs
    return about


def _of_recordings(then: LedgerThen, files: Sequence[RecordingFile]) -> dict[UUID, set[int]]:
    """Their place, and who looked at them. A look names its file; one that does not is at all of them."""
    found: dict[UUID, set[int]] = {file.pk: set() for file in files}
    of: dict[UUID, list[UUID]] = {}
    for file in files:
        of.setdefault(file.recording_id, []).append(file.pk)
    for recording, seq in then.had(Placement.objects.filter(recording__in=of)).values_list(
        "recording", "seq"
    ):
        for pk in of[recording]:
            found[pk].add(seq)
    looks = then.had(EnteredLook.objects.filter(recording__in=of, kind__in=LOOKS))
    for whose, looked_at, seq in looks.values_list("recording", "file", "seq"):
        assert whose is not None
        for pk in [looked_at] if looked_at is not None else of[whose]:
            if pk in found:
                found[pk].add(seq)
    return found


def _stored_again(then: LedgerThen, files: Sequence[RecordingFile]) -> dict[UUID, set[int]]:
    """A blob that was damaged or gone, put beside or in its place."""
    digests = {file.blob.content_digest for file in files}
    blobs = then.had(Blob.objects.filter(content_digest__in=digests))
    found: dict[UUID, set[int]] = {}
    mine = {str(file.pk): file.pk for file in files}
    for entry in then.entries(blobs.values_list("seq", flat=True)):
        pk = mine.get(str(entry.body.get("file")))
        if entry.kind == "recording.stored-again" and pk is not None:
            found.setdefault(pk, set()).add(entry.seq)
    return found


def _playable(then: LedgerThen, files: Sequence[RecordingFile]) -> dict[UUID, Derivative]:
    """The newest copy that browsers show, of each of which one was made: it is made of no other."""
    rows = Derivative.objects.filter(file__in=files, product__in=(Product.PROXY, Product.PICTURE))
    return {each.file_id: each for each in then.had(rows).select_related("blob").order_by("seq")}
