"""What a package is made of, before it is one: gathered from the ledger and the vault, written by `writer`.

Names are those of `docs/formats/package.md`. Nothing here is read from a disk or a clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, Literal, TypeAlias
from uuid import UUID

from aigaq.core.canonical import Json

FORMAT: Final = "aigaq-package/1"

Opened: TypeAlias = Callable[[], BinaryIO]
"""Opens the octets, from the first, to be read once and closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivative:
    """What was made of an original: a stretch of it, or a copy that browsers play."""

    what: Literal["cut", "playable"]
    suffix: str
    """Of its name, with the dot: ``.mp4``."""
    cut: Mapping[str, Json] | None
    """Of a cut: what was asked for, what it has, and its recipe."""
    open: Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """One file of a card, with what the ledger and the catalogue say of it."""

    card_path: str
    kind: str
    size: int
    sha256: str
    """64 hexadecimal digits, as its entry has them. What `open` gives must be this."""
    recording: str
    file: str
    row: str | None
    seq: int
    recorded_at: str | None
    duration_ms: int | None
    clock: Mapping[str, Json]
    open: Opened
    derivatives: tuple[Derivative, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry's octets, and the digests that lead from it to the checkpoint's root (RFC 6962, 2.1.1)."""

    seq: int
    octets: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """A file as ``files`` of ``package.json`` has it."""

    number: int
    what: Literal["original", "cut", "playable"]
    of: int | None
    path: str
    """From ``data/``."""
    size: int
    sha256: str
    sha512: str
    volume: int
    kind: str
    recording: str
    file: str
    card_path: str
    row: str | None
    seq: int
    recorded_at: str | None
    duration_ms: int | None
    clock: Mapping[str, Json]
    cut: Mapping[str, Json] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the papers are made from, once every file has its number, its digests and its volume."""

    package: UUID
    name: str
    """``aigaq-`` and eight digits; what the folders begin with."""
    volumes: int
    files: tuple[ListedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All of one package. `originals` are in the format's order; `entries` ascend."""

    package: UUID
    profile: str
    division: Mapping[str, Json]
    demand: Mapping[str, Json]
    approval: Mapping[str, Json]
    ledger_key: str
    """C2SP verifier key."""
    checkpoint: str
    """Signed note: the first that covers the approval."""
    originals: tuple[Original, ...]
    entries: tuple[ProvenEntry, ...]
    keys: tuple[bytes, ...]
    """PEM, ``keys/1.pem`` and on."""
    extract: Json
    clocks: Json
    custody: tuple[tuple[Mapping[str, Json], ...], ...]
    """Of each original its ``steps``, in the order of `originals`."""
    papers: Callable[[Listing], Mapping[str, bytes]]
    """The PDFs by their path from ``data/``: ``letter.pdf``, ``contents.pdf``, ``journal/extract.pdf``.

    Asked for again where the division into volumes turns out otherwise."""
    made_at: datetime
    """Of the approval: the modification time of all there is."""


Tools: TypeAlias = Callable[[Mapping[str, bytes]], Mapping[str, bytes]]
"""What lies beside ``data/`` for people (``index.html``, ``README.txt``), from the small files of the volume.

By their path from the bag's root: ``bag-info.txt``, all under ``data/`` that is neither recording nor PDF.
"""
