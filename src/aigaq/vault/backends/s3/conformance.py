"""Does a store keep its word? What the vault relies on is tried out, with throw-away objects of our own.

They lie under ``check/`` of the vault's prefix, are locked for two minutes, and are deleted by a later trial.
What nobody can try from outside: what becomes of a locked object when somebody reaches the store's own disks,
or its administration, past the S3 port.
"""

import contextlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from aigaq.errors import N_
from aigaq.vault.backends.s3.backend import S3Backend
from aigaq.vault.backends.s3.calls import GoneError
from aigaq.vault.backends.s3.versions import kept_at, kept_under
from aigaq.vault.backends.s3.writing import content_md5
from aigaq.vault.errors import VaultError

_FOLDER: Final = "check/"
_LOCKED_FOR: Final = timedelta(minutes=2)
_OVER: Final = timedelta(minutes=10)
_EXPIRING: Final = frozenset({"Expiration", "NoncurrentVersionExpiration"})
_FIRST, _SECOND = b"aigaq check: the first", b"aigaq check: the second"

MESSAGES: Final = {
    "versioning": N_("the bucket does not keep versions of what is written over"),
    "lock": N_("the bucket has no Object Lock; it has to be made with it"),
    "put": N_("an object with a lock can't be stored"),
    "lock-kept": N_("the lock that an object was stored with is not there afterwards"),
    "shorten": N_("the lock of an object can be shortened"),
    "downgrade": N_("the lock of an object can be made one that its owner lifts"),
    "delete": N_("a locked object can be deleted"),
    "delete-many": N_("a locked object can be deleted together with others"),
    "bypass": N_("a locked object can be deleted by whoever may pass over locks"),
    "overwrite": N_("what is written over is gone"),
    "mark": N_("what is marked as deleted is gone"),
    "extend": N_("the lock of an object can't be extended"),
    "checksum": N_("octets that were altered on the line are taken"),
    "hold": N_("an object under a legal hold can be deleted"),
    "multipart": N_("an object stored in parts has no lock"),
    "lifecycle": N_("the bucket has a rule by which objects in it expire"),
    "suspend": N_("keeping versions can be switched off"),
}
"""What is wrong with the store, by what was tried."""


@dataclass(frozen=True, slots=True)
class Failed:
    """`reason`: what the store answered, where it refused what it should do."""

    tried: str
    reason: str = ""

    @property
    def message(self) -> str:
        return MESSAGES[self.tried]


def conformance(backend: S3Backend) -> list[Failed]:
    """All that the store does otherwise than it must. Raise ``StoreReadError`` where it can't be asked."""
    trial = _Trial(backend)
    trial.tidy()
    return list(trial.failures())


class _Trial:
    def __init__(self, backend: S3Backend) -> None:
        self._calls = backend.calls
        self._prefix = backend.prefix + _FOLDER
        self._key = f"{self._prefix}{uuid.uuid4()}"

    def tidy(self) -> None:
        """Of earlier trials, whose locks are over."""
        before = datetime.now(UTC) - _OVER
        for kept in list(kept_under(self._calls, self._prefix)):
            for version in (kept.first, *kept.later):
                if version is not None and version.at < before:
                    with contextlib.suppress(ClientError, BotoCoreError):
                        self._calls.ask("delete_object", Key=version.key, VersionId=version.id)

    def failures(self) -> Iterator[Failed]:
        yield from self._of_the_bucket()
        try:
            version = self._ask("put_object", Key=self._key, Body=_FIRST, **self._lock())["VersionId"]
        except (ClientError, BotoCoreError, KeyError) as error:
            yield Failed("put", _said(error))
            return
        exact = {"Key": self._key, "VersionId": version}
        if not self._is_locked(exact):
            yield Failed("lock-kept")
            return
        yield from self._of_the_lock(exact)
        yield from self._of_versions(exact)
        yield from self._of_the_line()
        yield from self._of_holds()
        yield from self._of_parts()

    def _of_the_bucket(self) -> Iterator[Failed]:
        with contextlib.suppress(GoneError):
            if self._calls.read("get_bucket_versioning").get("Status") != "Enabled":
                yield Failed("versioning")
        try:
            locking = self._calls.read("get_object_lock_configuration").get("ObjectLockConfiguration", {})
        except GoneError:
            locking = {}
        if locking.get("ObjectLockEnabled") != "Enabled":
            yield Failed("lock")
            return
        if self._expires():
            yield Failed("lifecycle")
        suspended = {"Status": "Suspended"}
        if self._is_done("put_bucket_versioning", VersioningConfiguration=suspended):
            # As it was: nothing may stay worse than it was found.
            self._is_done("put_bucket_versioning", VersioningConfiguration={"Status": "Enabled"})
            yield Failed("suspend")

    def _expires(self) -> bool:
        """A rule of the bucket's own that would delete something of ours, if only after its lock."""
        try:
            told = self._calls.read("get_bucket_lifecycle_configuration")
        except (GoneError, VaultError):
            # None, or a store that has no such rules, or an account that may not ask.
            return False
        ours = self._prefix.removesuffix(_FOLDER)
        return any(
            rule.get("Status") == "Enabled"
            and not _EXPIRING.isdisjoint(rule)
            and (ours.startswith(about := _prefix_of(rule)) or about.startswith(ours))
            for rule in told.get("Rules", ())
        )

    def _of_the_lock(self, exact: dict[str, Any]) -> Iterator[Failed]:
        now = datetime.now(UTC)
        sooner = {"Mode": "COMPLIANCE", "RetainUntilDate": now + _LOCKED_FOR / 2}
        later = {"Mode": "COMPLIANCE", "RetainUntilDate": now + _LOCKED_FOR * 2}
        weaker = {"Mode": "GOVERNANCE", "RetainUntilDate": now + _LOCKED_FOR * 2}
        if self._is_done("put_object_retention", Retention=sooner, **exact):
            yield Failed("shorten")
        if self._is_done("put_object_retention", Retention=weaker, **exact):
            yield Failed("downgrade")
        if not self._is_done("put_object_retention", Retention=later, **exact):
            yield Failed("extend")
        for tried, act in (
            ("delete", lambda: self._ask("delete_object", **exact)),
            ("bypass", lambda: self._ask("delete_object", BypassGovernanceRetention=True, **exact)),
            ("delete-many", lambda: self._ask("delete_objects", Delete={"Objects": [exact]})),
        ):
            if self._is_gone_after(act, exact):
                yield Failed(tried)
                return

    def _of_versions(self, exact: dict[str, Any]) -> Iterator[Failed]:
        self._is_done("put_object", Key=self._key, Body=_SECOND)
        if not self._reads(exact, _FIRST):
            yield Failed("overwrite")
        self._is_done("delete_object", Key=self._key)
        # A store may take a change of the lock for one of the version, and list it as the newest.
        for status in ("ON", "OFF"):
            self._is_done("put_object_legal_hold", LegalHold={"Status": status}, **exact)
        first = kept_at(self._calls, self._key).first
        if not self._reads(exact, _FIRST) or first is None or first.id != exact["VersionId"]:
            yield Failed("mark")

    def _of_the_line(self) -> Iterator[Failed]:
        wrong = content_md5(_SECOND)
        if self._is_done("put_object", Key=f"{self._key}-md5", Body=_FIRST, ContentMD5=wrong):
            yield Failed("checksum")

    def _of_holds(self) -> Iterator[Failed]:
        try:
            put = self._ask("put_object", Key=f"{self._key}-hold", Body=_FIRST)
            exact = {"Key": f"{self._key}-hold", "VersionId": put["VersionId"]}
            self._ask("put_object_legal_hold", LegalHold={"Status": "ON"}, **exact)
        except (ClientError, BotoCoreError, KeyError) as error:
            yield Failed("hold", _said(error))
            return
        if self._is_gone_after(lambda: self._ask("delete_object", **exact), exact):
            yield Failed("hold")
        self._is_done("put_object_legal_hold", LegalHold={"Status": "OFF"}, **exact)
        self._is_done("delete_object", **exact)

    def _of_parts(self) -> Iterator[Failed]:
        key = f"{self._key}-parts"
        try:
            upload = self._ask("create_multipart_upload", Key=key, **self._lock())["UploadId"]
            about = {"Key": key, "UploadId": upload}
            tag = self._ask("upload_part", PartNumber=1, Body=_FIRST, **about)["ETag"]
            parts = {"Parts": [{"PartNumber": 1, "ETag": tag}]}
            done = self._ask("complete_multipart_upload", MultipartUpload=parts, **about)
            exact = {"Key": key, "VersionId": done["VersionId"]}
        except (ClientError, BotoCoreError, KeyError) as error:
            yield Failed("multipart", _said(error))
            return
        if not self._is_locked(exact):
            yield Failed("multipart")

    def _lock(self) -> dict[str, Any]:
        until = datetime.now(UTC) + _LOCKED_FOR
        return {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}

    def _ask(self, operation: str, **asked: object) -> Any:  # noqa: ANN401 - as boto3 answers
        return self._calls.ask(operation, **asked)

    def _is_done(self, operation: str, **asked: object) -> bool:
        try:
            self._ask(operation, **asked)
        except (ClientError, BotoCoreError):
            return False
        return True

    def _is_gone_after(self, act: Callable[[], object], exact: dict[str, Any]) -> bool:
        """What counts is not what the store answers but what is there afterwards."""
        with contextlib.suppress(ClientError, BotoCoreError):
            act()
        return not self._reads(exact, _FIRST)

    def _reads(self, exact: dict[str, Any], octets: bytes) -> bool:
        try:
            given = self._ask("get_object", **exact)
            return bool(given["Body"].read() == octets)
        except (ClientError, BotoCoreError, OSError):
            return False

    def _is_locked(self, exact: dict[str, Any]) -> bool:
        try:
            found = self._calls.read("get_object_retention", **exact).get("Retention", {})
        except (GoneError, VaultError):
            return False
        return found.get("Mode") == "COMPLIANCE" and "RetainUntilDate" in found


def _prefix_of(rule: Mapping[str, Any]) -> str:
    about = rule.get("Filter", {})
    return str(rule.get("Prefix") or about.get("Prefix") or about.get("And", {}).get("Prefix") or "")


def _said(error: Exception) -> str:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    return str(code) or type(error).__name__
