"""Reading a stored file through: its digest with no key, or with the file's key that of what it holds."""

import hashlib

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.core.direct import PAGE, aligned, aligned_buffer
from aigaq.vault.age import CHUNK, SEALED_CHUNK, AgePayloadError, PayloadKey, chunk_open_into
from aigaq.vault.backends.base import Blob
from aigaq.vault.errors import NotProvenError

RUN = 1 << 20
"""Octets handled at once: a whole number of pages and of plaintext chunks. Larger is no faster."""

_CARRY = aligned(SEALED_CHUNK)
"""Octets kept free before a run, for the beginning of a chunk that the run before it cut."""


def stored_digest(blob: Blob) -> StoredDigest:
    """Hash all of `blob`. Raise what its reads raise."""
    digest = hashlib.sha256()
    room = aligned_buffer(RUN)
    offset = 0
    while count := blob.readinto_at(room, offset):
        digest.update(room[:count])
        offset += count
        if count % PAGE:
            break
    return StoredDigest(digest.digest())


def recovered_digest(blob: Blob, header: bytes, key: PayloadKey) -> ContentDigest:
    """Decrypt all of `blob` and hash what comes out; the file must begin with `header`.

    Raise `NotProvenError` when it doesn't, when a chunk isn't authentic or the file ends too soon.
    """
    digest = hashlib.sha256()
    # The last run may end with a chunk that the run before it cut, so what comes out is more than a run.
    room, plaintext = aligned_buffer(_CARRY + RUN), aligned_buffer(_CARRY + RUN)
    offset = chunk = carried = 0
    while offset < blob.size:
        count = blob.readinto_at(room[_CARRY:], offset)
        begin, end = _CARRY - carried, _CARRY + count
        if offset == 0:
            begin += len(header)
            if room[_CARRY:begin] != header:
                raise NotProvenError(reason="its beginning differs")
        offset += count
        last = offset == blob.size
        whole = end - begin if last else (end - begin) // SEALED_CHUNK * SEALED_CHUNK
        try:
            opened = chunk_open_into(key, room[begin : begin + whole], plaintext, first=chunk, last=last)
        except AgePayloadError as error:
            raise NotProvenError(reason=f"part {error.details['chunk']} of 64 KiB differs") from error
        digest.update(plaintext[:opened])
        chunk += opened // CHUNK
        carried = end - begin - whole
        room[_CARRY - carried : _CARRY] = room[end - carried : end]
        if count == 0:
            raise NotProvenError(reason="it ends too soon")
    return ContentDigest(digest.digest())
