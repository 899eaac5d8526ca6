"""What was destroyed, and came once more: on a card that was laid aside, or on a copy that somebody made.

It is evidence like any other that comes on a card: stored, kept for its term from now on, never thrown away
because the same was destroyed once. But nobody may take it for a recording of today, so an entry says what it
is, and the head is told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol, cast
from uuid import UUID

from django.db.models import QuerySet

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.recordings.models import RecordingFile
from aigaq.recordings.origins import Origin, Row

RETURNED: Final = "recording.returned"
NAMED: Final = 200
"""Files that one entry names, which has a bound."""


class Tombstone(Protocol):
    """Of a floor above: that a recording was destroyed, by the entry `seq`."""

    seq: int
    disposed_at: datetime
    recording_id: UUID

    @property
    def act(self) -> str: ...


def tombstone_of(file: RecordingFile) -> Tombstone | None:
    return cast("Tombstone | None", getattr(file.recording, "disposed", None))


def destroyed_before(file: RecordingFile) -> list[RecordingFile]:
    """Files with these very octets whose recordings are destroyed, the newest tombstone first."""
    return sorted(_same([file]).exclude(recording__disposed__recording=None), key=_seq, reverse=True)


def came_again(file: RecordingFile) -> list[RecordingFile]:
    """Files with the octets of this one, which is destroyed, that came after that; the first one first."""
    tombstone = tombstone_of(file)
    if tombstone is None:
        return []
    later = _same([file]).filter(recording__ingested_at__gte=tombstone.disposed_at)
    return list(later.order_by("recording__ingested_at", "pk"))


def note(
    acts: list[tuple[str, dict[str, Json], list[Row]]], origin: Origin, new: Sequence[RecordingFile]
) -> None:
    """Add what is to be said of those among `new` files that were destroyed before."""
    before: dict[str, RecordingFile] = {}
    for file in sorted(_same(new).exclude(recording__disposed__recording=None), key=_seq):
        before[file.blob.content_digest] = file
    returned = [file for file in new if file.blob.content_digest in before]
    for start in range(0, len(returned), NAMED):
        some = returned[start : start + NAMED]
        about: dict[str, Json] = {
            "unload": str(origin.unload),
            "division": {"id": str(origin.division.pk), "name": origin.division.name},
            "card": origin.card.inventory_number if origin.card else "",
            "recorder": origin.recorder.inventory_number if origin.recorder else "",
            "source": some[0].source,
            "files": [_about(file, before[file.blob.content_digest]) for file in some],
        }
        acts.append((RETURNED, about, []))


def _same(files: Sequence[RecordingFile]) -> QuerySet[RecordingFile]:
    contents = {file.blob.content_digest for file in files}
    found = RecordingFile.objects.filter(blob__content_digest__in=contents)
    found = found.exclude(pk__in=[file.pk for file in files])
    return found.select_related("blob", "recording__division", "recording__disposed__plan")


def _seq(file: RecordingFile) -> int:
    tombstone = tombstone_of(file)
    return tombstone.seq if tombstone else -1


def _about(file: RecordingFile, before: RecordingFile) -> Json:
    tombstone = tombstone_of(before)
    assert tombstone is not None
    return {
        "file": str(file.pk),
        "recording": str(file.recording_id),
        "path": file.path,
        "destroyed": {
            "file": str(before.pk),
            "recording": str(before.recording_id),
            "act": tombstone.act,
            "seq": tombstone.seq,
            "at": rfc3339(tombstone.disposed_at),
        },
    }
