"""Putting a file into a bucket so that it is there whole and locked, or not at all.

An object comes into being by one request: a single PUT, or the one that completes a multipart upload. Its
lock is part of that request, so there is no moment at which it is there without. What was asked twice, as
an answer was lost, gives two versions of the same octets; so before asking again it is looked whether it is
there.
"""

import base64
import contextlib
import hashlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from aigaq.core.clock import rfc3339
from aigaq.vault.backends.base import Blob
from aigaq.vault.backends.s3.calls import Calls, GoneError
from aigaq.vault.backends.s3.versions import kept_at
from aigaq.vault.errors import StoreWriteError, VaultError

PART: Final = 8 << 20
"""Octets of a part, and of the largest object that is put in one request. Larger ones are no faster."""
_MOST_PARTS: Final = 10_000
"""Of the S3 protocol."""
_AT_ONCE: Final = 4
"""Parts on their way: each is in memory."""
TYPE: Final = "application/age-encryption"
TAKEN_IN: Final = "taken-in"
"""Of the metadata that say which of two objects is the newer: the store's times are of whole seconds."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Since when it is there, and until when the store itself refuses to delete it; a whole second."""

    since: datetime
    until: datetime

    @property
    def asked(self) -> dict[str, Any]:
        return {
            "ObjectLockMode": "COMPLIANCE",
            "ObjectLockRetainUntilDate": self.until,
            "Metadata": {TAKEN_IN: rfc3339(self.since)},
        }


def put(calls: Calls, key: str, blob: Blob, lock: Lock) -> str:
    """Store all of `blob` under `key`, which nothing may have; which version it became, if that was told.

    Empty where it was not, or the answer was lost. Raise ``VaultWriteError`` or ``VaultFullError``: it may be
    there then, or not.
    """
    if blob.size <= PART:
        octets = blob.pread(blob.size, 0)
        return _until_it_is_there(calls, key, lambda: _put_at_once(calls, key, octets, lock))
    upload = _Multipart(calls, key, lock)
    try:
        parts = upload.send(blob)
        return _until_it_is_there(calls, key, lambda: upload.complete(parts))
    except BaseException:
        upload.abort()
        raise


def part_size(size: int) -> int:
    """Octets of each part but the last, so that no file is too long."""
    least = -(-size // _MOST_PARTS)
    return max(PART, -(-least // (1 << 20)) << 20)


def content_md5(octets: bytes | memoryview) -> str:
    """What guards the octets on the line; no digest that anything else rests on."""
    return base64.b64encode(hashlib.md5(octets, usedforsecurity=False).digest()).decode()


def _put_at_once(calls: Calls, key: str, octets: bytes, lock: Lock) -> Any:  # noqa: ANN401 - as boto3 answers
    return calls.ask(
        "put_object",
        Key=key,
        Body=octets,
        ContentMD5=content_md5(octets),
        ContentType=TYPE,
        **lock.asked,
    )


def _until_it_is_there(calls: Calls, key: str, act: Callable[[], Any]) -> str:
    """Ask; and again only while nothing is there: an answer may be lost on its way though all was done."""

    def once() -> str:
        return "" if kept_at(calls, key).first is not None else _version(act())

    try:
        return _version(act())
    except (ClientError, BotoCoreError, OSError):
        try:
            return calls.trying(once, writing=True)
        except GoneError as error:
            # The upload is not there any more, and nothing came of it.
            raise StoreWriteError(place=calls.place, reason="the upload is gone") from error


def _version(given: Any) -> str:  # noqa: ANN401 - as boto3 answers
    """Of a bucket that stopped keeping versions each has the same: no name of this one."""
    told = str(given.get("VersionId", ""))
    return "" if told == "null" else told


class _Multipart:
    def __init__(self, calls: Calls, key: str, lock: Lock) -> None:
        self._calls = calls
        self._key = key
        begun = calls.write("create_multipart_upload", Key=key, ContentType=TYPE, **lock.asked)
        self._upload = {"Key": key, "UploadId": begun["UploadId"]}

    def send(self, blob: Blob) -> list[dict[str, Any]]:
        """All parts, a few at a time. In order."""
        size, sent = part_size(blob.size), []
        queue: deque[Future[dict[str, Any]]] = deque()
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="parts") as pool:
            try:
                for number, offset in enumerate(range(0, blob.size, size), start=1):
                    octets = blob.pread(size, offset)
                    queue.append(pool.submit(self._part, number, octets))
                    if len(queue) >= _AT_ONCE:
                        sent.append(queue.popleft().result())
                while queue:
                    sent.append(queue.popleft().result())
            finally:
                for future in queue:
                    future.cancel()
        return sent

    def complete(self, parts: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - as boto3 answers
        return self._calls.ask("complete_multipart_upload", MultipartUpload={"Parts": parts}, **self._upload)

    def abort(self) -> None:
        """What stays is taken by the next sweep."""
        with contextlib.suppress(VaultError, GoneError):
            self._calls.write("abort_multipart_upload", **self._upload)

    def _part(self, number: int, octets: bytes) -> dict[str, Any]:
        try:
            given = self._calls.write(
                "upload_part",
                PartNumber=number,
                Body=octets,
                ContentMD5=content_md5(octets),
                **self._upload,
            )
        except GoneError as error:
            raise StoreWriteError(place=self._calls.place, reason="the upload is gone") from error
        return {"PartNumber": number, "ETag": given["ETag"]}
