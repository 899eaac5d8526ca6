"""One call to an S3 store: tried again while that may help, and its failure in our own words."""

import contextlib
import logging
import random
import threading
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as UnreachableError

from aigaq.vault.backends.s3.place import Keys, Place
from aigaq.vault.errors import (
    StoreAwayError,
    StoreFullError,
    StoreReadError,
    StoreWriteError,
    VaultError,
)

log = logging.getLogger(__name__)

Given = TypeVar("Given")

PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each further attempt, and up to as much again by chance: clients must not come in step."""
_LONGEST: Final = 30.0
"""Seconds that a store may ask us to wait."""
_BUSY: Final = frozenset(
    {
        "SlowDown",
        "ServiceUnavailable",
        "InternalError",
        "RequestTimeout",
        "Throttling",
        "ThrottlingException",
        "RequestLimitExceeded",
        "OperationAborted",
        "BadDigest",
        "IncompleteBody",
        "500",
        "502",
        "503",
        "504",
    }
)
"""Codes after which the same is asked once more. A wrong digest is one: something flipped on the line."""
_FULL: Final = frozenset(
    {"QuotaExceeded", "InsufficientStorage", "EntityTooLarge", "XMinioStorageFull", "StorageFull", "507"}
)
_GONE: Final = frozenset(
    {
        "NoSuchKey",
        "NoSuchVersion",
        "NoSuchUpload",
        "NoSuchLifecycleConfiguration",
        "NotFound",
        "404",
        "NoSuchObjectLockConfiguration",
        "NoSuchObjectLegalHold",
        "ObjectLockConfigurationNotFoundError",
    }
)


class GoneError(Exception):
    """What was asked for is not there. Never leaves the package."""


def client_of(place: Place, keys: Keys) -> Any:  # noqa: ANN401 - boto3 has no types
    """Its own keys and settings alone: nothing of the environment or of a home folder has a say."""
    # Loaded where there is a bucket: it takes as long as Django, and every command would wait for it.
    from botocore.config import Config
    from botocore.session import Session

    session = Session()
    session.register_component("data_loader", _descriptions())
    return session.create_client(
        "s3",
        region_name=place.region,
        aws_access_key_id=keys.access,
        aws_secret_access_key=keys.secret,
        endpoint_url=place.endpoint,
        verify=place.ca or None,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # Each attempt is ours to make: after a failed one it is looked what became of it.
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=10,
            read_timeout=60,
            max_pool_connections=16,
            # Trailing checksums break with several stores; each request has its Content-MD5, and what was
            # stored is read back and hashed.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@cache
def _descriptions() -> Any:  # noqa: ANN401 - as above
    """What botocore knows of the protocol: a megabyte of JSON, read once for all clients."""
    from botocore.loaders import Loader

    return Loader()


@cache
def _of_the_line() -> tuple[type[Exception], ...]:
    """Refused, reset, too slow, or ended before all was there."""
    from urllib3.exceptions import HTTPError  # there by now: a client speaks through it

    return UnreachableError, HTTPClientError, IncompleteReadError, HTTPError, OSError


class Calls:
    """The store at `place`. Safe for several threads. `wait` is given the seconds of each pause."""

    def __init__(self, place: Place, keys: Keys, *, wait: Callable[[float], object] | None = None) -> None:
        self.place = str(place)
        self.bucket = place.bucket
        self.told_at: datetime | None = None
        """The store's time, by its last answer."""
        self._client = client_of(place, keys)
        self._wait = wait or threading.Event().wait

    def read(self, operation: str, **asked: object) -> Any:  # noqa: ANN401 - as boto3 answers
        """Raise `GoneError`, `StoreAwayError` or `StoreReadError`."""
        return self.trying(lambda: self.ask(operation, **asked), writing=False)

    def write(self, operation: str, **asked: object) -> Any:  # noqa: ANN401 - as above
        """For what may be done twice. Raise `GoneError`, `StoreFullError` or `StoreWriteError`."""
        return self.trying(lambda: self.ask(operation, **asked), writing=True)

    def ask(self, operation: str, **asked: object) -> Any:  # noqa: ANN401 - as above
        """Once, with the errors of botocore."""
        given = getattr(self._client, operation)(Bucket=self.bucket, **asked)
        told = given.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
        with contextlib.suppress(ValueError):
            self.told_at = parsedate_to_datetime(told)
        return given

    def trying(self, act: Callable[[], Given], *, writing: bool) -> Given:
        """`act`, and again after a while where the store was busy or the line broke."""
        for pause in (*PAUSES, None):
            try:
                return act()
            except (ClientError, BotoCoreError, *_of_the_line()) as error:
                if _is_gone(error):
                    raise GoneError from error
                if pause is None or not _is_passing(error):
                    raise self.told(error, writing=writing) from error
                longer = _asked_to_wait(error)
                log.info("A store did not do it at once; tried again (status %d)", _status(error) or 0)
            self._wait(max(longer, pause * (1 + random.random())))  # noqa: S311 - no secret
        raise AssertionError

    def told(self, error: Exception, *, writing: bool) -> VaultError:
        """In our words."""
        about = {"place": self.place, "reason": _reason(error)}
        if _code(error) in _FULL or _status(error) == 507:  # noqa: PLR2004 - insufficient storage
            return StoreFullError(**about)
        if writing:
            return StoreWriteError(**about)
        return StoreAwayError(**about) if _is_away(error) else StoreReadError(**about)


def _code(error: Exception) -> str:
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def _status(error: Exception) -> int:
    if not isinstance(error, ClientError):
        return 0
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _is_gone(error: Exception) -> bool:
    return _code(error) in _GONE


def _is_away(error: Exception) -> bool:
    return isinstance(error, UnreachableError | HTTPClientError) or _status(error) in (502, 503, 504)


def _is_passing(error: Exception) -> bool:
    if isinstance(error, ClientError):
        return (_code(error) in _BUSY or _status(error) >= 500) and _status(error) != 507  # noqa: PLR2004
    return isinstance(error, _of_the_line())


def _asked_to_wait(error: Exception) -> float:
    if not isinstance(error, ClientError):
        return 0.0
    asked = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("retry-after", "")
    return min(_LONGEST, float(asked)) if asked.isdecimal() else 0.0


def _reason(error: Exception) -> str:
    """In few words, and without an address of a request, which has a signature in it."""
    if isinstance(error, ClientError):
        message = str(error.response.get("Error", {}).get("Message", ""))
        return f"{_code(error) or _status(error)} {message[:100]}".strip()
    return type(error).__name__
