"""A vault in a bucket. What is sealed lies in a folder of this computer until the store has it, locked.

`docs/decisions/0027-copies-and-buckets.md` says why: an object's key carries both digests, which are known
only at the end, and a store can neither rename nor lock what is not there yet. So the file is written here
first, ciphertext alone, proven here as on any disk, and then becomes an object by one request.
"""

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock as ThreadLock
from typing import Final

from aigaq.core import files
from aigaq.core.clock import Clock
from aigaq.core.digests import ContentDigest
from aigaq.vault import layout, proof
from aigaq.vault.backends.base import Blob, Entry
from aigaq.vault.backends.memory import MemoryBlob
from aigaq.vault.backends.s3.calls import Calls, GoneError
from aigaq.vault.backends.s3.drafts import S3Draft
from aigaq.vault.backends.s3.keeping import keep, put_first
from aigaq.vault.backends.s3.locks import Locks
from aigaq.vault.backends.s3.looks import Look, Looks
from aigaq.vault.backends.s3.place import Keys, Place
from aigaq.vault.backends.s3.reading import S3Blob
from aigaq.vault.backends.s3.shelf import BucketShelf
from aigaq.vault.backends.s3.staging import Staging
from aigaq.vault.backends.s3.versions import Kept, Version, kept_at, kept_under, pages
from aigaq.vault.backends.s3.writing import TAKEN_IN, Lock
from aigaq.vault.errors import (
    BlobMissingError,
    NotLockedError,
    NoVaultError,
    StoreWriteError,
    VaultError,
    VaultExistsError,
)
from aigaq.vault.layout import BlobName

ABANDONED_AFTER: Final = timedelta(days=7)
"""An upload in parts that was begun so long ago is nobody's any more."""
_KNOWN: Final = 4096
"""Versions remembered: of what was just listed."""
_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)
_MOST_SHORTER: Final = timedelta(days=30)
"""By so much the lock of the description may fall behind before it is renewed."""


class S3Backend:
    """`locked_until` says of an instant at which something is taken in until when it is to be locked."""

    def __init__(
        self,
        place: Place,
        keys: Keys,
        *,
        staging: Path,
        clock: Clock,
        lock_until: Callable[[datetime], datetime],
        calls: Calls | None = None,
    ) -> None:
        self.staging = Staging(staging)
        """Of this computer: `incoming/` and `uploads/`, and the locks of contents."""
        self._calls = calls or Calls(place, keys)
        self._locks = Locks(self._calls)
        self._prefix = place.prefix
        self._clock = clock
        self._lock_until = lock_until
        self._shelf = BucketShelf(self._calls, self._prefix, self._locks, self._lock)
        self._known: OrderedDict[str, Version] = OrderedDict()
        self._looks = Looks()
        self._guard = ThreadLock()
        self._swept = False

    @property
    def place(self) -> str:
        return self._calls.place

    @property
    def calls(self) -> Calls:
        return self._calls

    @property
    def locks(self) -> Locks:
        return self._locks

    @property
    def prefix(self) -> str:
        return self._prefix

    def free(self) -> None:
        """Nobody can say."""

    def create(self, description: bytes) -> None:
        """Raise `NotLockedError` besides: where nothing can be locked no vault is made."""
        key = self._prefix + layout.DESCRIPTION
        if kept_at(self._calls, key).first is not None:
            raise VaultExistsError(place=self.place)
        self._locks.require_bucket()
        lock = self._lock()
        version = put_first(self._calls, key, MemoryBlob(description), lock)
        with self._opened(version) as blob:
            if blob.pread(len(description) + 1, 0) != description:
                # Somebody else made one in the meantime, and theirs was first.
                raise VaultExistsError(place=self.place)
        self._locks.require(version, lock.until)

    def description(self) -> bytes:
        found = kept_at(self._calls, self._prefix + layout.DESCRIPTION).first
        if found is None:
            raise NoVaultError(place=self.place)
        with self._opened(found) as blob:
            return blob.pread(min(blob.size, layout.DESCRIPTION_LIMIT), 0)

    def draft(self) -> S3Draft:
        if not self._swept:
            self.sweep()
        return S3Draft(self.staging.draft(), self.keep)

    @contextlib.contextmanager
    def exclusive(self, content: ContentDigest) -> Iterator[None]:
        with self.staging.exclusive(content), self._looks.under(content):
            yield

    def find(self, content: ContentDigest) -> list[BlobName]:
        looked = self._looks.at(content)
        if looked is None:
            looked = self._found(content)
            self._looks.keep(content, looked)
        return list(looked.names)

    def _found(self, content: ContentDigest) -> Look:
        found, keys = [], set()
        first, second = layout.shard_of(content)
        for kept in kept_under(self._calls, f"{self._prefix}{layout.BLOBS}/{first}/{second}/{content.hex}."):
            name = self._name_of(kept)
            original = self._original(kept, name)
            if original is not None:
                keys.add(kept.key)
            if name is not None and original is not None:
                self._remember(original)
                found.append((original, name))
        if len(found) > 1:
            found.sort(key=lambda each: (each[0].at, self._taken_in(each[0]), each[1].number), reverse=True)
        return Look(tuple(name for _, name in found), frozenset(keys))

    def open(self, name: BlobName, *, fresh: bool = False) -> S3Blob:
        version = self._version(name, anew=fresh)
        return S3Blob(self._calls, version.key, version.id, version.size or 0, whole=fresh)

    def affirm(self, name: BlobName) -> None:
        """The lock is read back; where one is lacking, or is shorter than it was to be, it is set now."""
        version = self._version(name, anew=True)
        due = self._lock_until(min(version.at, self._now()))
        try:
            self._locks.require(version, due - _DAY)
        except NotLockedError:
            self._locks.retain(version, self._lock().until)

    def put_beside(self, name: str, octets: bytes) -> None:
        self._shelf.put(name, octets)

    def beside(self, folder: str) -> list[str]:
        return self._shelf.names(folder)

    def read_beside(self, name: str, *, fresh: bool = False) -> bytes:  # noqa: ARG002 - there is no cache
        return self._shelf.read(name)

    def walk(self, after: str = "") -> Iterator[Entry]:
        root = f"{self._prefix}{layout.BLOBS}/"
        for kept in kept_under(self._calls, root, after=self._prefix + after if after else ""):
            yield from self._entries(kept)

    def sweep(self) -> int:
        """Parts of this computer whose writer is gone, and uploads in parts that were left long ago."""
        self._swept = True
        swept = self.staging.sweep() + self._abort_abandoned()
        with contextlib.suppress(NoVaultError):
            self.renew()
        return swept

    def close(self) -> None:
        self.staging.close()

    def locked_until(self, name: BlobName) -> datetime:
        return self._locks.until(self._version(name))

    def extend(self, name: BlobName, until: datetime) -> None:
        version = self._version(name, anew=True)
        try:
            self._locks.require(version, until)
        except NotLockedError:
            self._locks.retain(version, _whole_second(until))

    def hold(self, name: BlobName) -> None:
        self._locks.hold(self._version(name, anew=True), "ON")

    def release(self, name: BlobName) -> None:
        self._locks.hold(self._version(name, anew=True), "OFF")

    def renew(self) -> None:
        """Keep the description locked for as long as what is taken in now: a vault outlives its first day."""
        found = kept_at(self._calls, self._prefix + layout.DESCRIPTION).first
        if found is None:
            raise NoVaultError(place=self.place)
        lock = self._lock()
        try:
            self._locks.require(found, lock.until - _MOST_SHORTER)
        except NotLockedError:
            self._locks.retain(found, lock.until)

    def keep(self, name: BlobName, blob: Blob) -> None:
        """Store `blob` under its name: whole, locked, and both read back. As `Draft.commit`."""
        key = self._key(name)
        looked = self._looks.at(name.content)
        is_there = kept_at(self._calls, key).first is not None if looked is None else key in looked.keys
        if is_there:
            raise StoreWriteError(place=self.place, reason="the name is taken")
        self._looks.forget(name.content)
        self._remember(keep(self._calls, self._locks, key, blob, self._lock(), digest=name.stored))

    def _lock(self) -> Lock:
        now = self._now()
        return Lock(now, _whole_second(self._lock_until(now)))

    def _now(self) -> datetime:
        """The later of this computer's time and the store's: a clock that is behind shortens no lock.

        Where they are far apart one of them is wrong, and a lock can't be taken back: nothing is stored then.
        """
        here, there = self._clock.now(), self._calls.told_at
        if there is None:
            return here
        if abs(here - there) > _DAY:
            raise StoreWriteError(
                place=self.place,
                reason=f"its clock says {there:%Y-%m-%d %H:%M}, this computer's {here:%Y-%m-%d %H:%M} UTC",
            )
        return max(here, there)

    def _version(self, name: BlobName, *, anew: bool = False) -> Version:
        key = self._key(name)
        with self._guard:
            known = None if anew else self._known.get(key)
        found = known or self._original(kept_at(self._calls, key), name)
        if found is None:
            raise BlobMissingError(content=name.content)
        self._remember(found)
        return found

    def _taken_in(self, version: Version) -> str:
        """Its spelling sorts as the instants do; empty for what somebody else put there."""
        with contextlib.suppress(GoneError):
            told = self._calls.read("head_object", Key=version.key, VersionId=version.id)
            return str(told.get("Metadata", {}).get(TAKEN_IN, ""))
        return ""

    def _remember(self, version: Version) -> None:
        """Good for ever: nothing can come before what was first."""
        with self._guard:
            self._known[version.key] = version
            self._known.move_to_end(version.key)
            while len(self._known) > _KNOWN:
                self._known.popitem(last=False)

    def _opened(self, version: Version) -> S3Blob:
        return S3Blob(self._calls, version.key, version.id, version.size or 0)

    def _key(self, name: BlobName) -> str:
        return self._prefix + name.path

    def _name_of(self, kept: Kept) -> BlobName | None:
        path = kept.key.removeprefix(self._prefix)
        name = BlobName.from_file(path.rpartition("/")[2])
        return name if name is not None and name.path == path else None

    def _entries(self, kept: Kept) -> Iterator[Entry]:
        path = files.displayed(kept.key.removeprefix(self._prefix))
        name = self._name_of(kept)
        original = self._original(kept, name)
        if original is not None:
            self._remember(original)
            problem = None if name else "misnamed" if path.endswith(layout.SUFFIX) else "unexpected"
            yield Entry(path, name, problem)
        for version in (kept.first, *kept.later):
            if version is None or version == original:
                continue
            if name is None or not self._is_twin(version, name):
                yield Entry(f"{path}?versionId={files.displayed(version.id)}", None, "unexpected")

    def _original(self, kept: Kept, name: BlobName | None) -> Version | None:
        """The first version; where somebody put others over it, the first that has the octets of its name."""
        rivals = [each for each in (kept.first, *kept.later) if each is not None and each.size is not None]
        if name is None or len(rivals) < 2:  # noqa: PLR2004 - itself and another
            return kept.first
        return next((each for each in rivals if self._is_twin(each, name)), kept.first)

    def _is_twin(self, version: Version, name: BlobName) -> bool:
        """The same octets once more: an answer was lost on its way, and it was asked again."""
        if version.size is None:
            return False
        try:
            with self._opened(version) as blob:
                return proof.stored_digest(blob) == name.stored
        except VaultError:
            return False

    def _abort_abandoned(self) -> int:
        begun_before = self._clock.now() - ABANDONED_AFTER
        asked = {"Prefix": f"{self._prefix}{layout.BLOBS}/"}
        aborted = 0
        for page in pages(self._calls, "list_multipart_uploads", asked, marker="UploadIdMarker"):
            for each in page.get("Uploads", ()):
                if each["Initiated"] < begun_before:
                    with contextlib.suppress(GoneError):
                        self._calls.write(
                            "abort_multipart_upload", Key=each["Key"], UploadId=each["UploadId"]
                        )
                        aborted += 1
        return aborted


def _whole_second(instant: datetime) -> datetime:
    """Never earlier: stores cut parts of a second off."""
    cut = instant.replace(microsecond=0)
    return cut if cut == instant else cut + _SECOND
