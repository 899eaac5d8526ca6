"""A sound recording of the same recorder: it has what is needed to decode one that was never closed."""

from django.db.models import Q, QuerySet

from aigaq.recordings.models import Kind, RecordingFile, Verdict


def sibling_of(file: RecordingFile) -> RecordingFile | None:
    """The nearest before it that plays, of the same recorder or else of the same card, and ends alike."""
    recording = file.recording
    ending = file.path.rpartition(".")[2].lower()
    for same in _same(file):
        found = RecordingFile.objects.filter(
            same, kind=Kind.VIDEO, judgement__verdict=Verdict.PLAYABLE, path__iendswith=f".{ending}"
        ).exclude(pk=file.pk)
        nearest = _first(found.filter(recording__listed_at__lte=recording.listed_at), "-") or _first(
            found, ""
        )
        if nearest is not None:
            return nearest
    return None


def _same(file: RecordingFile) -> list[Q]:
    recording = file.recording
    same = [Q(recording__unload=recording.unload, source=file.source)]
    if recording.recorder_id is not None:
        same.append(Q(recording__recorder=recording.recorder_id))
    if recording.card_id is not None:
        same.append(Q(recording__card=recording.card_id))
    return same


def _first(found: QuerySet[RecordingFile], direction: str) -> RecordingFile | None:
    ordered = found.order_by(f"{direction}recording__listed_at", f"{direction}ordinal")
    return ordered.select_related("blob", "judgement").first()
