"""The locks of a store: set, and always read back. Nothing here shortens one."""

from datetime import datetime
from typing import Any, Final

from aigaq.vault.backends.s3.calls import Calls, GoneError
from aigaq.vault.backends.s3.reading import Told
from aigaq.vault.backends.s3.versions import Version
from aigaq.vault.errors import NotLockedError

_MODE: Final = "COMPLIANCE"


class Locks:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def require_bucket(self) -> None:
        """Raise `NotLockedError` unless the bucket keeps every version and can lock it."""
        try:
            versioning = self._calls.read("get_bucket_versioning").get("Status")
            locking = self._calls.read("get_object_lock_configuration")["ObjectLockConfiguration"]
        except (GoneError, KeyError) as error:
            raise self._not_locked("the bucket has no Object Lock") from error
        if versioning != "Enabled":
            raise self._not_locked("the bucket does not keep versions")
        if locking.get("ObjectLockEnabled") != "Enabled":
            raise self._not_locked("the bucket has no Object Lock")

    def until(self, version: Version, told_with: Told | None = None) -> datetime:
        """Raise `NotLockedError` where it is not locked so that nobody can lift it.

        `told_with` its octets: a store need not say it there, and one that does is not asked again.
        """
        if told_with is not None and told_with.mode == _MODE and told_with.until is not None:
            return told_with.until
        try:
            told: Any = self._calls.read("get_object_retention", Key=version.key, VersionId=version.id)
        except GoneError as error:
            raise self._not_locked("it is not locked, or not there any more") from error
        retention = told.get("Retention", {})
        if retention.get("Mode") != _MODE or "RetainUntilDate" not in retention:
            raise self._not_locked(f"its lock is of the mode {retention.get('Mode', '–')}")
        until: datetime = retention["RetainUntilDate"]
        return until

    def require(self, version: Version, until: datetime, told_with: Told | None = None) -> None:
        found = self.until(version, told_with)
        if found < until:
            raise self._not_locked(f"its lock ends on {found:%Y-%m-%d}, not on {until:%Y-%m-%d}")

    def retain(self, version: Version, until: datetime) -> None:
        """For longer than it is locked now."""
        about = {"Key": version.key, "VersionId": version.id}
        retention = {"Mode": _MODE, "RetainUntilDate": until}
        self._write("put_object_retention", Retention=retention, **about)
        self.require(version, until)

    def is_held(self, version: Version) -> bool:
        """Whether a legal hold is on it."""
        try:
            told = self._calls.read("get_object_legal_hold", Key=version.key, VersionId=version.id)
        except GoneError:
            return False
        return bool(told.get("LegalHold", {}).get("Status") == "ON")

    def hold(self, version: Version, status: str) -> None:
        """``ON`` or ``OFF``."""
        about = {"Key": version.key, "VersionId": version.id}
        self._write("put_object_legal_hold", LegalHold={"Status": status}, **about)
        found = self._calls.read("get_object_legal_hold", **about).get("LegalHold", {}).get("Status")
        if found != status:
            raise self._not_locked(f"it says that its legal hold is {found}")

    def _write(self, operation: str, **asked: object) -> None:
        try:
            self._calls.write(operation, **asked)
        except GoneError as error:
            raise self._not_locked("it is not there any more") from error

    def _not_locked(self, reason: str) -> NotLockedError:
        return NotLockedError(place=self._calls.place, reason=reason)
