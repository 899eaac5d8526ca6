"""Taking in a blob that somebody else encrypted: `docs/formats/vault.md`, "Unfinished uploads".

There is no key here. So it can be proven that the blob is the ciphertext that was announced, byte for byte on
the disk, and that it has the form of a blob of this vault; that it decrypts to the content in its name is the
sender's word, and stays that until a reader opens it.
"""

from collections.abc import Collection
from contextlib import suppress

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.vault import proof
from aigaq.vault.age import AgeError, plaintext_size
from aigaq.vault.age import header as grammar
from aigaq.vault.age.payload import NONCE
from aigaq.vault.age.x25519 import KEY_SIZE, STANZA_TYPE
from aigaq.vault.backends.base import Blob
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.backends.receiving import UploadDraft, Uploads
from aigaq.vault.backends.s3 import S3Backend
from aigaq.vault.errors import BlobDamagedError, BlobMissingError, NotABlobError, VaultReadError
from aigaq.vault.layout import BlobName

LEAST = 200
"""Octets. No blob is shorter: the header alone has as many."""


class Receiver:
    """Uploads into a vault; unfinished they lie on this disk. Safe for several threads and processes."""

    def __init__(self, backend: LocalBackend | S3Backend) -> None:
        self._backend = backend
        if isinstance(backend, S3Backend):
            backend.staging.make()
            self.uploads = Uploads(backend.staging, backend.keep)
        else:
            self.uploads = Uploads(backend)

    def finish(self, draft: UploadDraft, name: BlobName, *, own: Collection[StoredDigest]) -> BlobName:
        """Prove `draft` and commit it as `name`; return the name under which the content is stored now.

        That is another one only if one of the sender's `own` earlier blobs of this content is there and
        sound: nobody's recording is ever thrown away for a blob that somebody else says is the same. Durable
        when this returns, as step 9 has it.

        Raise `NotABlobError` (the draft is to be discarded), `VaultFullError`, `VaultWriteError` (likewise),
        or `VaultReadError`.
        """
        size = draft.settle()
        with draft.reader() as blob:
            if proof.stored_digest(blob) != name.stored or blob.size != size:
                raise NotABlobError(reason="its digest is another one")
            require_blob(blob)
        with self._backend.exclusive(name.content):
            kept = self._sound_own(name.content, {*own, name.stored})
            if kept is None:
                draft.commit(name)
                return name
            draft.discard()
            return kept

    def has(self, content: ContentDigest, stored: StoredDigest) -> bool:
        """Whether it is there; nothing of it is read. Raise a ``VaultError``."""
        return any(each.stored == stored for each in self._backend.find(content))

    def find_sound(self, content: ContentDigest, own: Collection[StoredDigest]) -> BlobName | None:
        """Which of the sender's own blobs of this content is there, sound and durable; None if none is."""
        with self._backend.exclusive(content):
            return self._sound_own(content, own)

    def _sound_own(self, content: ContentDigest, own: Collection[StoredDigest]) -> BlobName | None:
        for candidate in self._backend.find(content):
            if candidate.stored not in own:
                continue
            with suppress(BlobDamagedError, BlobMissingError, VaultReadError):
                with self._backend.open(candidate, fresh=True) as blob:
                    if proof.stored_digest(blob) != candidate.stored:
                        continue
                self._backend.affirm(candidate)
                return candidate
        return None


def require_blob(blob: Blob) -> None:
    """Raise `NotABlobError` unless it has the form of a blob: one X25519 stanza and whole chunks."""
    try:
        parsed = grammar.parse(blob.pread)
        content_size(blob)
    except AgeError as error:
        raise NotABlobError(reason="it is no age file, or cut short") from error
    fits = [
        len(stanza.arguments) == 2  # noqa: PLR2004 - the type and the ephemeral share
        and stanza.arguments[0] == STANZA_TYPE
        and _is_share(stanza.arguments[1])
        and len(stanza.body) == KEY_SIZE
        for stanza in parsed.stanzas
    ]
    if fits != [True]:
        raise NotABlobError(reason="it is not encrypted to one X25519 recipient")


def content_size(blob: Blob) -> int:
    """Octets of the recording in a blob that `require_blob` has seen. Raise `NotABlobError`."""
    try:
        return plaintext_size(blob.size - grammar.parse(blob.pread).length - NONCE)
    except AgeError as error:
        raise NotABlobError(reason="it is no age file, or cut short") from error


def _is_share(text: str) -> bool:
    try:
        return len(grammar.base64_decoded(text)) == KEY_SIZE
    except AgeError:
        return False
