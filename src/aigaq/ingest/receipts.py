"""What the office answers for to a dock: what it received, and the receipt on which a card is cleared."""

from collections.abc import Sequence

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.docks.models import Dock, Received
from aigaq.ingest.models import Unload
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.selectors import newest_checkpoint
from aigaq.ledger.services import Ledger
from aigaq.recordings.models import Blob
from aigaq.unloading import errors
from aigaq.unloading.receipt import Entered, Receipt
from aigaq.vault.backends.base import Blob as BackendBlob
from aigaq.vault.errors import BlobMissingError
from aigaq.vault.layout import BlobName
from aigaq.vault.receiving import content_size
from aigaq.vault.store import Stored, Vault


def stored_of(vault: Vault, unload: Unload, content: ContentDigest, stored: StoredDigest) -> Stored:
    """A blob that this very dock handed over. Raise `NotHandedOverError`, or a ``VaultError``."""
    received = Received.objects.filter(dock=unload.dock, content_digest=content.hex)
    if not received.filter(stored_digest=stored.hex).exists():
        raise errors.NotHandedOverError(content=content)
    name = BlobName(content, stored)
    with _opened(vault, name) as blob:
        return Stored(
            content_digest=content,
            stored_digest=stored,
            size=content_size(blob),
            stored_size=blob.size,
            name=name.path,
            already=False,
            healed=False,
            read_back="direct",
        )


def receipt_for(
    ledger: Ledger, vault: Vault, dock: Dock, unload: Unload, *, nonce: str, contents: Sequence[ContentDigest]
) -> bytes:
    """Signed: that these contents, which lay on this card, are durable, proven and entered.

    Raise `NotHandedOverError` for the first of which that can't be said, or a ``ReceiptError``.
    """
    blobs = _blobs(dock, unload, contents)
    leaves = dict(
        LedgerEntry.objects.filter(seq__in={blob.seq for blob in blobs.values()}).values_list(
            "seq", "leaf_hash"
        )
    )
    files = []
    for content in contents:
        blob = blobs.get(content.hex)
        if blob is None:
            raise errors.NotHandedOverError(content=content)
        stored = StoredDigest.parse(blob.stored_digest)
        with _opened(vault, BlobName(content, stored)) as found:
            if found.size != blob.stored_size:
                raise errors.NotHandedOverError(content=content)
        files.append(Entered(content, stored, blob.seq, leaves[blob.seq]))
    return Receipt(
        installation=vault.id,
        dock=str(dock.pk),
        unload=str(unload.pk),
        nonce=nonce,
        issued_at=ledger.clock.now(),
        files=tuple(files),
        checkpoint=newest_checkpoint() or "",
    ).signed(ledger.signer)


def _opened(vault: Vault, name: BlobName) -> BackendBlob:
    """Raise `NotHandedOverError` where it is gone: waiting brings nothing back, handing over again does."""
    try:
        return vault.backend.open(name)
    except BlobMissingError as error:
        raise errors.NotHandedOverError(content=name.content) from error


def _blobs(dock: Dock, unload: Unload, contents: Sequence[ContentDigest]) -> dict[str, Blob]:
    """By content, of what lay on the card of this unloading, the blob that this dock handed over."""
    wanted = [content.hex for content in contents]
    seen = set(
        unload.sightings.filter(file__blob__content_digest__in=wanted).values_list(
            "file__blob__content_digest", flat=True
        )
    )
    own = Received.objects.filter(dock=dock, content_digest__in=seen).values("stored_digest")
    return {blob.content_digest: blob for blob in Blob.objects.filter(stored_digest__in=own).order_by("seq")}
