"""What the pipeline tells of a file of a card that is stored, and what the office answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest
from aigaq.media import probe
from aigaq.media.kinds import Kind
from aigaq.media.making.recipes import Product
from aigaq.unloading.recorders.takes import Segment
from aigaq.vault.store import Stored


@dataclass(frozen=True, slots=True)
class Judged:
    """What the prober says of a stored file, with the still picture that is stored too."""

    judgement: probe.Judgement
    still: Stored | None


@dataclass(frozen=True, slots=True)
class Derived:
    """What was made of a stored file, stored too."""

    product: Product
    recipe: Mapping[str, Json]
    facts: Mapping[str, Json]
    stored: Stored


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch of a file, in octets, that could not be read; what is stored has zeros there."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How the reading of a file went."""

    errors: int = 0
    """Reads that failed; some of them may have gone well when they were tried again."""
    holes: tuple[Hole, ...] = ()
    """In their order, none touching another. Without any the file was read whole."""

    @property
    def missing(self) -> int:
        """Octets."""
        return sum(hole.length for hole in self.holes)


CLEAN: Final = Reading()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file of the card that is in the vault, durable and proven."""

    path: str
    modified_at: datetime | None
    recorded_at: datetime | None
    kind: Kind
    stored: Stored
    judged: Judged | None
    """None if it was not examined."""
    segment: Segment | None = None
    """None of a card without a profile: then it is a recording by itself."""
    reading: Reading = CLEAN
    derived: tuple[Derived, ...] = ()
    """What was made of it at once, while its key was at hand."""


@dataclass(frozen=True, slots=True)
class EnteredFile:
    """That a file of the card stands in the catalogue, as the office says."""

    path: str
    content_digest: ContentDigest
    judged: bool
    """Somebody has looked into it, now or before."""
