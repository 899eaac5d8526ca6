"""Small files beside the blobs, in a bucket: each one object, stored and read as a blob is."""

from collections.abc import Callable

from aigaq.vault import layout
from aigaq.vault.backends.memory import MemoryBlob
from aigaq.vault.backends.s3.calls import Calls
from aigaq.vault.backends.s3.keeping import put_first
from aigaq.vault.backends.s3.locks import Locks
from aigaq.vault.backends.s3.reading import S3Blob, Told
from aigaq.vault.backends.s3.versions import Version, kept_at, pages
from aigaq.vault.backends.s3.writing import Lock
from aigaq.vault.errors import BesideMissingError, NotProvenError, StoreWriteError


class BucketShelf:
    """`lock` gives until when what is stored now is to be locked."""

    def __init__(self, calls: Calls, prefix: str, locks: Locks, lock: Callable[[], Lock]) -> None:
        self._calls = calls
        self._prefix = prefix
        self._locks = locks
        self._lock = lock

    def put(self, name: str, octets: bytes) -> None:
        """As `base.Shelf.put_beside`; `NotLockedError` and `NotProvenError` besides."""
        layout.beside(name)
        key = self._prefix + name
        found, lock = kept_at(self._calls, key).first, self._lock()
        if found is None:
            found = put_first(self._calls, key, MemoryBlob(octets), lock)
            there, told = self._read(found)
            if there != octets:
                raise NotProvenError(reason="other octets came back")
            self._locks.require(found, lock.until, told)
            return
        there, told = self._read(found)
        if there != octets:
            raise StoreWriteError(place=self._calls.place, reason="the name is taken")
        # Whoever put it may have been killed before they saw whether it is locked.
        self._locks.until(found, told)

    def names(self, folder: str) -> list[str]:
        """Those right under `folder`, whatever was done to hide them."""
        under = f"{self._prefix}{folder}/"
        asked = {"Prefix": under, "Delimiter": "/"}
        found: set[str] = set()
        for page in pages(self._calls, "list_object_versions", asked, marker="VersionIdMarker"):
            found.update(each["Key"] for each in page.get("Versions", ()))
            found.update(each["Prefix"] for each in page.get("CommonPrefixes", ()))
        names = (each.removeprefix(under).rstrip("/") for each in found)
        return sorted(name for name in names if name and not name.startswith("."))

    def read(self, name: str) -> bytes:
        found = kept_at(self._calls, self._prefix + name).first
        if found is None:
            raise BesideMissingError(name=name)
        return self._read(found)[0]

    def _read(self, version: Version) -> tuple[bytes, Told | None]:
        with S3Blob(self._calls, version.key, version.id, version.size or 0, whole=True) as blob:
            return blob.pread(blob.size, 0), blob.told
