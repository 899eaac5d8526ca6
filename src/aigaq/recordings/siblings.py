"""Undamaged recordings of the same recorder: they have what is needed to decode one that was never closed."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Q

from aigaq.recordings.models import Kind, RecordingFile, Verdict

MOST: Final = 4
"""Tried: a recorder may have been set to another size or codec in between."""
_LOOKED_AT: Final = 50


def siblings_of(file: RecordingFile) -> list[RecordingFile]:
    """The nearest that play, each of another codec or size, and that end alike; most likely ones first."""
    found: dict[tuple[object, ...], RecordingFile] = {}
    for each in _near(file):
        video = each.judgement.facts.get("video") or {}
        found.setdefault((video.get("codec"), video.get("width"), video.get("height")), each)
        if len(found) == MOST:
            break
    return list(found.values())


def _near(file: RecordingFile) -> Iterator[RecordingFile]:
    """Of the same unloading, then of the same recorder, then of the same card; before it, then after."""
    recording = file.recording
    same = [Q(recording__unload=recording.unload, source=file.source)]
    if recording.recorder_id is not None:
        same.append(Q(recording__recorder=recording.recorder_id))
    if recording.card_id is not None:
        same.append(Q(recording__card=recording.card_id))
    ending = file.path.rpartition(".")[2].lower()
    for of_same in same:
        found = RecordingFile.objects.filter(
            of_same, kind=Kind.VIDEO, judgement__verdict=Verdict.PLAYABLE, path__iendswith=f".{ending}"
        )
        found = found.exclude(pk=file.pk).select_related("blob", "judgement")
        before = found.filter(recording__listed_at__lte=recording.listed_at)
        yield from before.order_by("-recording__listed_at", "ordinal")[:_LOOKED_AT]
        after = found.filter(recording__listed_at__gt=recording.listed_at)
        yield from after.order_by("recording__listed_at", "ordinal")[:_LOOKED_AT]
