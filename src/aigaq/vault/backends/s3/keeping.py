"""A file becomes an object that counts: put with its lock, and all of it read back by its version."""

from aigaq.core.digests import StoredDigest
from aigaq.vault import proof
from aigaq.vault.backends.base import Blob
from aigaq.vault.backends.s3.calls import Calls
from aigaq.vault.backends.s3.locks import Locks
from aigaq.vault.backends.s3.reading import S3Blob
from aigaq.vault.backends.s3.versions import Version, kept_at
from aigaq.vault.backends.s3.writing import Lock, put
from aigaq.vault.errors import NotProvenError, StoreReadError, StoreWriteError


def put_first(calls: Calls, key: str, blob: Blob, lock: Lock) -> Version:
    """Put it under a name that says nothing of its octets; the first version that is there afterwards.

    Two may have come at once, so it may be somebody else's. Raise as `put`.
    """
    put(calls, key, blob, lock)
    return _first(calls, key)


def keep(calls: Calls, locks: Locks, key: str, blob: Blob, lock: Lock, *, digest: StoredDigest) -> Version:
    """Put it under a name that its digest is part of, read it back and compare digest and lock.

    Of its version, as the answer to the putting named it. Who else put something there in that moment
    could only have put the same, or is found out by the digest: nobody has to be looked for. One request
    gives the octets and, of a store that tells it there, the lock.

    Raise as `put`, `NotProvenError`, `NotLockedError`, or ``StoreReadError``.
    """
    told = put(calls, key, blob, lock)
    version = Version(key, told, blob.size, lock.since) if told else _first(calls, key)
    with S3Blob(calls, key, version.id, blob.size, whole=True) as stored:
        try:
            found = proof.stored_digest(stored)
        except StoreReadError as error:
            if stored.told is None or stored.told.size == blob.size:
                raise
            reason = f"{blob.size} octets were sent and {stored.told.size} are there"
            raise NotProvenError(reason=reason) from error
        if found != digest:
            raise NotProvenError(reason="its digest differs")
        locks.require(version, lock.until, stored.told)
    return Version(key, version.id, blob.size, (stored.told and stored.told.at) or version.at)


def _first(calls: Calls, key: str) -> Version:
    found = kept_at(calls, key).first
    if found is None:
        raise StoreWriteError(place=calls.place, reason="it said that it stored it, and has not")
    return found
