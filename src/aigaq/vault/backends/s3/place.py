"""Where a bucket is: ``s3://bucket/prefix?endpoint=https://…&region=…``, and the keys that open it."""

import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

from aigaq.vault.errors import WrongPlaceError

SCHEME: Final = "s3"
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_PREFIX: Final = re.compile(r"[A-Za-z0-9._/-]*", re.ASCII)
_ASKED: Final = frozenset({"endpoint", "region", "keys", "ca"})


@dataclass(frozen=True, slots=True)
class Keys:
    """What a store knows its caller by. Never shown."""

    access: str
    secret: str

    def __repr__(self) -> str:
        return "Keys(…)"


@dataclass(frozen=True, slots=True)
class Place:
    """`prefix` is empty or ends with ``/``."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    keys_file: str
    """Where the two lines of its own keys are; empty: those of the settings."""
    ca: str
    """Certificates (PEM) believed besides the computer's own; empty: none."""

    @classmethod
    def parse(cls, text: str, *, name: str) -> Self:
        """`name` is that of the setting. Raise `WrongPlaceError`."""
        parts = urlsplit(text)
        asked = dict(parse_qsl(parts.query))
        prefix = parts.path.strip("/")
        reason = ""
        if parts.scheme != SCHEME or not _BUCKET.fullmatch(parts.netloc):
            reason = "it has to begin with s3:// and the name of a bucket"
        elif not _PREFIX.fullmatch(prefix):
            reason = "letters, digits, points, strokes and “/” alone may stand behind the bucket"
        elif not set(asked) <= _ASKED:
            reason = f"“{min(set(asked) - _ASKED)}” is not known"
        elif urlsplit(asked.get("endpoint", "")).scheme not in ("https", "http"):
            reason = "it lacks endpoint=https://…"
        if reason:
            raise WrongPlaceError(place=text, reason=reason, name=name)
        return cls(
            bucket=parts.netloc,
            prefix=f"{prefix}/" if prefix else "",
            endpoint=asked["endpoint"].rstrip("/"),
            region=asked.get("region", "us-east-1"),
            keys_file=asked.get("keys", ""),
            ca=asked.get("ca", ""),
        )

    def __str__(self) -> str:
        """For people: no key is in it."""
        return f"s3://{self.bucket}/{self.prefix} ({self.endpoint})"
