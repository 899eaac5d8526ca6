"""Entering what was made of a recording, and choosing what of a file is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.core.digests import ContentDigest
from aigaq.ledger.services import By, Ledger
from aigaq.media.kinds import Kind
from aigaq.media.making import recipes
from aigaq.media.making.recipes import VERSION, Found, Plan
from aigaq.media.probe import Verdict
from aigaq.recordings import playback
from aigaq.recordings.entries import about_blob
from aigaq.recordings.models import Blob, Derivative, Judgement, Product, RecordingFile, Unentered
from aigaq.unloading.facts import Derived

DERIVED: Final = "recording.derived"

_TYPES: Final = {
    (Product.PROXY, "video"): "video/mp4",
    (Product.PROXY, "audio"): "audio/mp4",
    (Product.PICTURE, "photo"): "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a file is shown to a reader, or has to be made first.

    `blob` is None where nothing can be shown now; with `plan` it can be made. The position in what is shown
    is the position in the original: both begin at 0.
    """

    file: RecordingFile
    blob: Blob | None
    content_type: str
    derivative: Derivative | None
    """None: the original itself is shown."""
    duration: float | None
    """Seconds, of what is shown or of the original."""
    plan: Plan | None

    @property
    def is_original(self) -> bool:
        return self.blob is not None and self.derivative is None

    @property
    def must_be_made(self) -> bool:
        return self.blob is None and self.plan is not None


def original(file: RecordingFile) -> Choice:
    """The file itself, as it lay on the card: for a copy, never for a browser to open."""
    return Choice(file, file.blob, playback.DOWNLOAD, None, None, None)


def choice_of(file: RecordingFile) -> Choice:
    return choices_of([file])[0]


def choices_of(files: Sequence[RecordingFile]) -> list[Choice]:
    """In their order; one query, however many. Their judgements and blobs are best selected with them."""
    newest = newest_of(files, Product.PROXY, Product.PICTURE)
    return [_choice(file, newest.get(file.pk)) for file in files]


def newest_of(files: Iterable[RecordingFile], *products: Product) -> dict[object, Derivative]:
    """Of each file the newest of these, by the file's key."""
    found = Derivative.objects.filter(file__in=[file.pk for file in files], product__in=products)
    return {each.file_id: each for each in found.select_related("blob").order_by("seq")}


def waveform_of(file: RecordingFile) -> Derivative | None:
    return newest_of([file], Product.WAVEFORM).get(file.pk)


def waveform_plan(file: RecordingFile) -> Plan | None:
    found = found_in(file)
    return recipes.waveform(found) if found else None


def _choice(file: RecordingFile, derivative: Derivative | None) -> Choice:
    judgement: Judgement | None = getattr(file, "judgement", None)
    duration = judgement.duration if judgement else None
    found = found_in(file)
    original = playback.content_type(file)
    if found is None or (recipes.plays(found) and original != playback.DOWNLOAD):
        blob = file.blob if original != playback.DOWNLOAD else None
        return Choice(file, blob, original, None, duration, None)
    if derivative is not None:
        content_type = _TYPES[Product(derivative.product), file.kind]
        return Choice(file, derivative.blob, content_type, derivative, derivative.duration or duration, None)
    return Choice(file, None, playback.DOWNLOAD, None, duration, recipes.plan(found))


def found_in(file: RecordingFile) -> Found | None:
    """What the prober found; None of a file that was not examined yet."""
    judgement: Judgement | None = getattr(file, "judgement", None)
    if judgement is None:
        return None
    reading = getattr(file, "reading", None)
    return Found.of_facts(
        Kind(file.kind), Verdict(judgement.verdict), judgement.facts, reading.missing if reading else 0
    )


def announce(file: RecordingFile, content: ContentDigest) -> None:
    """That this is about to stand in the vault for `file`: a disposal takes it out, entered or not."""
    Unentered.objects.get_or_create(file=file, content_digest=content.hex)


def enter(ledger: Ledger, by: By, file: RecordingFile, derived: Derived) -> Derivative:
    """Row and entry of what is stored already; of the same recipe one is enough, and is returned."""
    with transaction.atomic():
        ledger.take_turn(DERIVED)
        present = present_of(file, Product(derived.product.value))
        if present is not None:
            return present
        now = ledger.clock.now()
        derivative = row_of(file, derived, now)
        entry = ledger.append(DERIVED, by, about(file, derived, now))
        blob, _ = Blob.objects.get_or_create(
            stored_digest=derived.stored.stored_digest.hex,
            defaults={
                "content_digest": derived.stored.content_digest.hex,
                "size": derived.stored.size,
                "stored_size": derived.stored.stored_size,
                "name": derived.stored.name,
                "ingested_at": now,
                "seq": entry.seq,
            },
        )
        derivative.blob, derivative.seq = blob, entry.seq
        derivative.save(force_insert=True)
        Unentered.objects.filter(file=file, content_digest=blob.content_digest).delete()
    return derivative


def present_of(file: RecordingFile, product: Product) -> Derivative | None:
    """One of this version's recipe."""
    found = Derivative.objects.filter(file=file, product=product, recipe__version=VERSION)
    return found.select_related("blob").order_by("-seq").first()


def row_of(file: RecordingFile, derived: Derived, now: datetime) -> Derivative:
    """Without its blob and number."""
    return Derivative(
        file=file,
        product=Product(derived.product.value),
        source=file.blob.content_digest,
        recipe=dict(derived.recipe),
        facts=dict(derived.facts),
        made_at=now,
    )


def about(file: RecordingFile, derived: Derived, now: datetime) -> dict[str, Json]:
    return {
        "file": str(file.pk),
        "recording": str(file.recording_id),
        "path": file.path,
        "source_digest": f"sha256:{file.blob.content_digest}",
        "product": derived.product.value,
        "recipe": dict(derived.recipe),
        "facts": dict(derived.facts),
        "made_at": rfc3339(now),
        **about_blob(derived.stored),
    }
