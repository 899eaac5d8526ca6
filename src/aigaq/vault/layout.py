"""Where things lie in a vault: `docs/formats/vault.md`, "The tree" and "aigaq-vault.json"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Self

from aigaq.core import canonical
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.vault.errors import NotABlobNameError, UnknownVaultFormatError

FORMAT = 1
DESCRIPTION = "aigaq-vault.json"
BLOBS = "blobs"
INCOMING = "incoming"
UPLOADS = "uploads"
LEDGER = "ledger"
KEYS = "keys"
SUFFIX = ".age"

DESCRIPTION_LIMIT = 4096
"""Octets. A longer description isn't ours, and is not read into memory to find out."""

SHARD = re.compile(r"[0-9a-f]{2}", re.ASCII)
_FILE = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{64})(?:\.([2-9]|[1-9][0-9]{1,3}))?\.age", re.ASCII)
_BESIDE = re.compile(rf"(?:{LEDGER}|{KEYS})(?:/[0-9a-z][0-9a-z.-]{{0,200}}){{1,3}}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class BlobName:
    """Both digests of a stored recording, which are its name.

    `number` is 2 or more where the same ciphertext was put beside one that went bad: from another copy of the
    vault, with no key, it can be had only as it was.
    """

    content: ContentDigest
    stored: StoredDigest
    number: int = 1

    @classmethod
    def from_file(cls, file: str) -> Self | None:
        """Read the last part of a path; None if it is no blob's name."""
        match = _FILE.fullmatch(file)
        if match is None:
            return None
        return cls(ContentDigest.parse(match[1]), StoredDigest.parse(match[2]), int(match[3] or 1))

    @classmethod
    def parse(cls, path: str) -> Self:
        """Read a path relative to the vault; raise `NotABlobNameError` unless it is one `path` would give."""
        name = cls.from_file(path.rpartition("/")[2])
        if name is None or name.path != path:
            raise NotABlobNameError(path=path)
        return name

    @property
    def shard(self) -> tuple[str, str]:
        """The two directories under ``blobs/``."""
        return shard_of(self.content)

    @property
    def file(self) -> str:
        number = f".{self.number}" if self.number > 1 else ""
        return f"{self.content.hex}.{self.stored.hex}{number}{SUFFIX}"

    @property
    def first(self) -> Self:
        """The name without a number: what the catalogue knows it by."""
        return replace(self, number=1)

    @property
    def path(self) -> str:
        """Relative to the vault, with ``/`` on every system."""
        return "/".join((BLOBS, *self.shard, self.file))


def free_beside(name: BlobName, present: Iterable[BlobName]) -> BlobName:
    """`name`, or with the least number under which the same ciphertext isn't there yet."""
    taken = {each.number for each in present if each.first == name.first}
    return replace(name, number=next(number for number in count(1) if number not in taken))


def shard_of(content: ContentDigest) -> tuple[str, str]:
    return content.hex[:2], content.hex[2:4]


@dataclass(frozen=True, slots=True)
class Description:
    """What ``aigaq-vault.json`` says."""

    vault: str
    recipient: str
    created_at: datetime

    def encode(self) -> bytes:
        return canonical.encode(
            {
                "format": FORMAT,
                "vault": self.vault,
                "recipient": self.recipient,
                "created_at": rfc3339(self.created_at),
            }
        )

    @classmethod
    def decode(cls, octets: bytes, *, place: str) -> Self:
        """Raise `UnknownVaultFormatError` on anything that `encode` would not write."""
        try:
            match canonical.decode(octets):
                case {"format": 1, "vault": str(vault), "recipient": str(recipient), "created_at": str(at)}:
                    description = cls(vault, recipient, parse_rfc3339(at))
                case {"format": other}:
                    raise UnknownVaultFormatError(place=place, reason=f"format {other}")
                case _:
                    raise UnknownVaultFormatError(place=place, reason="not a description of a vault")
        except (canonical.NotCanonicalError, ValueError) as error:
            raise UnknownVaultFormatError(place=place, reason=str(error)) from error
        if description.encode() != octets:
            raise UnknownVaultFormatError(place=place, reason="unknown names in its description")
        return description


def beside(name: str) -> tuple[str, ...]:
    """The parts of a name that lies beside the blobs; ``ValueError`` for any other."""
    if not _BESIDE.fullmatch(name):
        raise ValueError(name)
    return tuple(name.split("/"))
