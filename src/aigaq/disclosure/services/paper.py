"""The scanned paper: an upload that nobody has to trust. It is stored as it came and never decoded here."""

import io
from dataclasses import dataclass

from aigaq.core.canonical import Json
from aigaq.disclosure.errors import DocumentTooLargeError, NotADocumentError
from aigaq.disclosure.models import MediaType
from aigaq.disclosure.rules import DOCUMENT_LIMIT, media_type_of
from aigaq.ledger.services import Ledger
from aigaq.recordings.entries import about_blob
from aigaq.recordings.models import Blob
from aigaq.vault.store import Stored, Vault


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """In the vault, encrypted to its readers; no row speaks of it yet."""

    stored: Stored
    media_type: MediaType

    def document(self) -> dict[str, Json]:
        return {**about_blob(self.stored), "media_type": str(self.media_type)}


def store_paper(vault: Vault, octets: bytes) -> StoredPaper:
    """Into the vault first, so that a row never speaks of what is not there.

    Raises `NotADocumentError`, `DocumentTooLargeError`, or what the vault raises.
    """
    if len(octets) > DOCUMENT_LIMIT:
        raise DocumentTooLargeError(limit=DOCUMENT_LIMIT >> 20)
    media_type = media_type_of(octets)
    if media_type is None:
        raise NotADocumentError
    return StoredPaper(vault.put(io.BytesIO(octets)), media_type)


def blob_of(ledger: Ledger, paper: StoredPaper, seq: int) -> Blob:
    """The catalogue's row of it, carried by the entry `seq` if it is new."""
    stored = paper.stored
    blob, _new = Blob.objects.get_or_create(
        stored_digest=stored.stored_digest.hex,
        defaults={
            "content_digest": stored.content_digest.hex,
            "size": stored.size,
            "stored_size": stored.stored_size,
            "name": stored.name,
            "ingested_at": ledger.clock.now(),
            "seq": seq,
        },
    )
    return blob
