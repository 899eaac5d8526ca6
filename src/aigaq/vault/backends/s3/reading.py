"""Reading one version of an object at any place, over a line that breaks."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Self

from botocore.exceptions import BotoCoreError

from aigaq.core.direct import Way
from aigaq.vault.backends.s3.calls import Calls, GoneError
from aigaq.vault.errors import StoreReadError

_LEAST: Final = 1 << 20
"""Octets asked for at once; four times as many with each further stretch that is read on without a jump."""
_MOST: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Told:
    """What a store said of a version beside its octets; `mode` and `until` are of its lock, if told."""

    size: int
    at: datetime | None
    mode: str
    until: datetime | None

    @classmethod
    def by(cls, given: Any) -> Self:  # noqa: ANN401 - as boto3 answers
        size = str(given.get("ContentRange", "")).rpartition("/")[2]
        return cls(
            int(size) if size.isdecimal() else -1,
            given.get("LastModified"),
            str(given.get("ObjectLockMode", "")),
            given.get("ObjectLockRetainUntilDate"),
        )


class S3Blob:
    """One version. A jump costs a request; reading on does not, and of `whole` no part costs another one."""

    way: Way = "remote"

    def __init__(self, calls: Calls, key: str, version: str, size: int, *, whole: bool = False) -> None:
        self._calls = calls
        self._key = key
        self._version = version
        self._size = size
        self._body: Any = None
        self._at = self._end = 0
        self._least = _MOST if whole else _LEAST
        self._stretch = self._least
        self.told: Told | None = None
        """By the last answer; None before the first."""

    @property
    def size(self) -> int:
        return self._size

    def pread(self, length: int, offset: int) -> bytes:
        octets = bytearray(max(0, min(length, self._size - offset)))
        return bytes(octets[: self.readinto_at(memoryview(octets), offset)])

    def readinto_at(self, buffer: memoryview, offset: int) -> int:
        wanted = max(0, min(len(buffer), self._size - offset))
        done = 0
        while done < wanted:
            try:
                piece = self._calls.trying(partial(self._some, offset + done, wanted - done), writing=False)
            except GoneError as error:
                raise self._unreadable("it is not there any more") from error
            buffer[done : done + len(piece)] = piece
            done += len(piece)
        return done

    def close(self) -> None:
        """Also where something of it is unread: the connection is given up then, not drained."""
        body, self._body = self._body, None
        if body is not None:
            with contextlib.suppress(BotoCoreError, OSError):
                body.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _some(self, offset: int, wanted: int) -> bytes:
        """One octet at least. After an error of the line whatever was open is closed."""
        if self._body is None or offset != self._at or self._at == self._end:
            self._open_at(offset, wanted)
        try:
            piece: bytes = self._body.read(min(wanted, self._end - self._at))
            if not piece:
                raise ConnectionResetError("ended too soon")
        except (BotoCoreError, OSError):
            self.close()
            raise
        self._at += len(piece)
        return piece

    def _open_at(self, offset: int, wanted: int) -> None:
        goes_on = offset == self._at and self._at > 0
        self._stretch = min(_MOST, self._stretch * 4) if goes_on else self._least
        self.close()
        end = min(self._size, offset + max(wanted, self._stretch))
        stretch = f"{offset}-{end - 1}"
        given = self._calls.ask(
            "get_object", Key=self._key, VersionId=self._version, Range=f"bytes={stretch}"
        )
        self._body = given["Body"]
        self.told = Told.by(given)
        if given.get("ContentRange") != f"bytes {stretch}/{self._size}":
            self.close()
            raise self._unreadable("it answered with another part than the one asked for")
        self._at, self._end = offset, end

    def _unreadable(self, reason: str) -> StoreReadError:
        return StoreReadError(place=self._calls.place, reason=reason)
