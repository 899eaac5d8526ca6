"""Blobs on their way from a dock into the vault: `docs/formats/dock-api.md`, "Uploads".

The part on the vault's disk comes first, its row second: a row never says more than what is durable. The last
part of an upload counts only together with the blob that comes of it, so whoever is told that all octets are
here is told that the recording is proven and has its name. Killed anywhere, at most one part is sent again.
"""

import hashlib
import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.docks import errors, quota, rules
from aigaq.docks.models import Dock, Received, Revocation, Upload, UploadState
from aigaq.docks.services import by_dock
from aigaq.errors import AigaqError
from aigaq.ledger.services import Ledger
from aigaq.vault.backends.receiving import UploadDraft
from aigaq.vault.errors import (
    NotABlobError,
    NotLockedError,
    StoreFullError,
    StoreWriteError,
    UploadBusyError,
    UploadPartMissingError,
    VaultFullError,
    VaultWriteError,
)
from aigaq.vault.layout import BlobName
from aigaq.vault.receiving import Receiver

log = logging.getLogger(__name__)

PIECE: Final = 256 * 1024
"""Octets read from the line and written to the disk at a time."""
_AT_ONCE: Final = 200


class Body(Protocol):
    """Octets as they come in from the line. `read` raises ``OSError`` when it breaks; b"" is its end."""

    def read(self, length: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the octets of one part have to hash to."""

    algorithm: str
    digest: bytes


ALGORITHMS: Final = ("sha256", "sha1")
"""The protocol demands SHA-1. It guards against the line alone: the blob has its SHA-256."""


@dataclass(frozen=True)
class Intake:
    """What uploads work with."""

    ledger: Ledger
    receiver: Receiver


def begin(intake: Intake, dock: Dock, *, name: BlobName, length: int) -> Upload:
    """A new upload; complete at once where this very dock handed the content over before, and it is sound.

    What other docks sent, or what was unloaded here, is never told of: a digest alone is no proof of having
    the recording, and no reason to throw the sender's own copy away.

    Asked again for the very same blob, its answer having been lost, it is the upload that was begun then.

    Raise a refusal of `rules.refusal_to_begin` or a ``VaultError``.
    """
    before = _before(intake, dock, name, length)
    if before is not None:
        return before
    try:
        upload = _admitted(intake, dock, name, length)
    except errors.QuotaReachedError as refusal:
        quota.tell(intake.ledger, dock, refusal.code)
        raise
    if upload.state == UploadState.RECEIVING:
        # After its row, so that no sweep takes it for one that nobody knows.
        with _given_up_if_the_disk_fails(intake, upload):
            intake.receiver.uploads.create(upload.pk)
    return upload


def _before(intake: Intake, dock: Dock, name: BlobName, length: int) -> Upload | None:
    """This very blob's, where it is on its way, or was proven just now and is there."""
    same = Upload.objects.filter(
        dock=dock, content_digest=name.content.hex, stored_digest=name.stored.hex, length=length
    )
    on_its_way = same.filter(state=UploadState.RECEIVING).first()
    if on_its_way is not None or not _own(dock.pk, name.content):
        return on_its_way
    since = intake.ledger.clock.now() - rules.PROVEN_LATELY
    proven = same.filter(state=UploadState.COMPLETE, touched_at__gt=since).order_by("-touched_at").first()
    if proven is None or not intake.receiver.has(name.content, StoredDigest.parse(proven.kept_as)):
        return None
    return proven


def _admitted(intake: Intake, dock: Dock, name: BlobName, length: int) -> Upload:
    """Its row, if the dock may begin it."""
    kept = _own_sound(intake, dock, name.content)
    now = intake.ledger.clock.now()
    with transaction.atomic():
        # One after another for each dock, so that no two of them fit into the same last place.
        Dock.objects.select_for_update().get(pk=dock.pk)
        hour = Upload.objects.filter(dock=dock, created_at__gt=now - timedelta(hours=1))
        open_ = Upload.objects.filter(dock=dock, state=UploadState.RECEIVING)
        facts = rules.Unfinished(list(open_.values_list("length", "offset")), hour.count())
        _require(rules.refusal_to_begin(length, facts, free=intake.receiver.uploads.free()))
        upload = Upload(
            dock=dock,
            content_digest=name.content.hex,
            stored_digest=name.stored.hex,
            length=length,
            created_at=now,
            touched_at=now,
        )
        if kept is not None:
            upload.offset, upload.state, upload.kept_as = length, UploadState.COMPLETE, kept.stored.hex
        upload.save(force_insert=True)
    return upload


def upload_of(dock: Dock, upload_id: UUID) -> Upload:
    """One of the dock's own. Raise `UnknownUploadError`."""
    upload = Upload.objects.filter(pk=upload_id, dock=dock).first()
    if upload is None:
        raise errors.UnknownUploadError
    return upload


def receive(
    intake: Intake, upload: Upload, *, offset: int, length: int, body: Body, checksum: Checksum | None = None
) -> Upload:
    """Take one part of `length` octets that goes on at `offset`.

    With a checksum all of it is kept or nothing. Without, what came before the line broke is kept, and
    `PartCutShortError` says how much. Raise that, `ChecksumMismatchError`, a refusal of
    `rules.refusal_of_part`, `UploadBusyError`, `UploadEndedError`, `UploadCompleteError`, `NotABlobError` or
    another ``VaultError``.
    """
    _require_receiving(upload)
    _require(rules.refusal_of_part(offset, upload.offset, upload.length, length))
    _require(rules.refusal_for_want_of_room(length, free=intake.receiver.uploads.free()))
    try:
        with intake.receiver.uploads.open(upload.pk) as draft:
            # Somebody may have been quicker between the look at the row and the lock.
            upload.refresh_from_db()
            _require_receiving(upload)
            _require(rules.refusal_of_part(offset, upload.offset, upload.length, length))
            draft.resume(offset)
            return _taken(intake, upload, draft, _Part(length, body, checksum))
    except UploadPartMissingError:
        return _recovered(intake, upload)


def terminate(intake: Intake, upload: Upload) -> None:
    """Give an unfinished upload up. Raise `UploadCompleteError`, `UploadEndedError` or `UploadBusyError`."""
    _require_receiving(upload)
    _end(intake, upload, UploadState.TERMINATED)


def attend(intake: Intake) -> int:
    """Give up what was abandoned or is a revoked dock's, forget what ended long ago, remove unknown parts."""
    now = intake.ledger.clock.now()
    over = Q(touched_at__lt=now - rules.ABANDONED_AFTER) | Q(dock__revocation__isnull=False)
    dead = Upload.objects.filter(over, state=UploadState.RECEIVING)
    ended = 0
    for upload in dead.order_by("touched_at")[:_AT_ONCE]:
        try:
            ended += _end(intake, upload, UploadState.EXPIRED)
        except UploadBusyError:
            continue  # it goes on at this very moment
    old = Upload.objects.exclude(state=UploadState.RECEIVING).filter(touched_at__lt=now - rules.ENDED_KEPT)
    Upload.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_AT_ONCE])).delete()
    _sweep(intake)
    return ended


@dataclass(frozen=True, slots=True)
class _Part:
    length: int
    body: Body
    checksum: Checksum | None


def _taken(intake: Intake, upload: Upload, draft: UploadDraft, part: _Part) -> Upload:
    digest = hashlib.new(part.checksum.algorithm) if part.checksum else None
    left = part.length
    with _given_up_if_the_disk_fails(intake, upload):
        for piece in _pieces(part):
            left -= len(piece)
            if digest is not None:
                digest.update(piece)
            draft.write(piece)
        if (
            part.checksum
            and digest
            and not left
            and not hmac.compare_digest(digest.digest(), part.checksum.digest)
        ):
            raise errors.ChecksumMismatchError
        if left and part.checksum:
            raise errors.PartCutShortError(offset=upload.offset)
        if draft.size == upload.length:
            draft.keep()
            return _completed(intake, upload, draft)
        if draft.size != draft.offset:
            draft.keep()
    _note_offset(intake, upload, draft.offset)
    if left:
        raise errors.PartCutShortError(offset=upload.offset)
    return upload


def _pieces(part: _Part) -> Iterator[bytes]:
    """All that comes of it; fewer octets where the line breaks."""
    left = part.length
    while left:
        try:
            piece = part.body.read(min(PIECE, left))
        except OSError as error:
            log.info("The line of an upload broke: errno %d", error.errno or 0)
            return
        if not piece:
            return
        left -= len(piece)
        yield piece


def _completed(intake: Intake, upload: Upload, draft: UploadDraft) -> Upload:
    """Prove it and give it its name; only then its last part counts."""
    _require_let_in(upload)
    name = _name(upload)
    try:
        kept = intake.receiver.finish(draft, name, own=_own(upload.dock_id, name.content))
    except NotABlobError as error:
        draft.discard()
        _close(intake, upload, UploadState.REFUSED, error.code)
        log.warning("Dock %s uploaded something else than it announced: %s", upload.dock_id, upload.pk)
        raise
    return _entered(intake, upload, kept)


def _recovered(intake: Intake, upload: Upload) -> Upload:
    """The part is gone: it became a blob, and its writer was killed before the row said so; or it is lost."""
    upload.refresh_from_db()
    _require_receiving(upload)
    _require_let_in(upload)
    name = _name(upload)
    intake.receiver.uploads.remove(upload.pk)
    kept = intake.receiver.find_sound(name.content, {name.stored})
    if kept is None:
        _close(intake, upload, UploadState.REFUSED, UploadPartMissingError.code)
        raise UploadPartMissingError
    return _entered(intake, upload, kept)


def _entered(intake: Intake, upload: Upload, kept: BlobName) -> Upload:
    """The row of what was received, and its entry; the upload is complete. All of it or nothing."""
    ledger, now = intake.ledger, intake.ledger.clock.now()
    with transaction.atomic():
        ledger.take_turn("dock.received")
        _require_let_in(upload)
        found = Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVING)
        done = {
            "state": UploadState.COMPLETE,
            "offset": F("length"),
            "kept_as": kept.stored.hex,
            "touched_at": now,
        }
        if found.update(**done) and not _has_received(upload.dock_id, kept.stored):
            about: dict[str, Json] = {
                "dock": str(upload.dock_id),
                "upload": str(upload.pk),
                "content_digest": str(kept.content),
                "stored_digest": str(kept.stored),
                "stored_size": upload.length,
                "received_at": rfc3339(now),
            }
            seq = ledger.append("dock.received", by_dock(upload.dock), about).seq
            Received.objects.create(
                dock_id=upload.dock_id,
                content_digest=kept.content.hex,
                stored_digest=kept.stored.hex,
                stored_size=upload.length,
                received_at=now,
                seq=seq,
            )
    upload.refresh_from_db()
    return upload


@contextmanager
def _given_up_if_the_disk_fails(intake: Intake, upload: Upload) -> Iterator[None]:
    """After a failed write or fsync the file's life is over: the dock begins anew with another.

    Not where a store over the network failed: the part is whole, and is handed on with its last octets again.
    """
    try:
        yield
    except (StoreWriteError, StoreFullError, NotLockedError):
        raise
    except (VaultFullError, VaultWriteError) as error:
        _close(intake, upload, UploadState.REFUSED, error.code)
        raise


def _note_offset(intake: Intake, upload: Upload, offset: int) -> None:
    now = intake.ledger.clock.now()
    mine = Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVING, offset=upload.offset)
    if not mine.update(offset=offset, touched_at=now):
        raise UploadBusyError
    upload.offset, upload.touched_at = offset, now


def _end(intake: Intake, upload: Upload, state: UploadState) -> bool:
    """The part first: a row that is still there is ended again."""
    intake.receiver.uploads.remove(upload.pk)
    return _close(intake, upload, state)


def _close(intake: Intake, upload: Upload, state: UploadState, reason: str = "") -> bool:
    open_ = Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVING)
    return bool(open_.update(state=state, reason=reason, touched_at=intake.ledger.clock.now()))


def _sweep(intake: Intake) -> None:
    """Parts whose upload is over, or never came to have a row: whoever made them was killed."""
    parts = intake.receiver.uploads.parts()
    wanted = set(
        Upload.objects.filter(pk__in=parts, state=UploadState.RECEIVING).values_list("pk", flat=True)
    )
    for part in parts:
        if part in wanted:
            continue
        try:
            intake.receiver.uploads.remove(part)
        except UploadBusyError:
            continue


def _own(dock_id: UUID, content: ContentDigest) -> set[StoredDigest]:
    """What this dock has handed over of this content."""
    found = Received.objects.filter(dock=dock_id, content_digest=content.hex)
    return {StoredDigest.parse(digest) for digest in found.values_list("stored_digest", flat=True)}


def _own_sound(intake: Intake, dock: Dock, content: ContentDigest) -> BlobName | None:
    own = _own(dock.pk, content)
    return intake.receiver.find_sound(content, own) if own else None


def _has_received(dock_id: UUID, stored: StoredDigest) -> bool:
    return Received.objects.filter(dock=dock_id, stored_digest=stored.hex).exists()


def _name(upload: Upload) -> BlobName:
    return BlobName(ContentDigest.parse(upload.content_digest), StoredDigest.parse(upload.stored_digest))


def _require_receiving(upload: Upload) -> None:
    if upload.state == UploadState.COMPLETE:
        raise errors.UploadCompleteError
    if upload.state != UploadState.RECEIVING:
        raise errors.UploadEndedError(reason=upload.reason or upload.state)


def _require_let_in(upload: Upload) -> None:
    """Asked again where something comes of it: a revocation is good from the very next moment."""
    if Revocation.objects.filter(dock=upload.dock_id).exists():
        raise errors.DockRevokedError


def _require(refusal: AigaqError | None) -> None:
    if refusal is not None:
        raise refusal
