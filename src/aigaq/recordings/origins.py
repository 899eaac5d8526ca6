"""Where files come from, and what becomes of them in the catalogue."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest
from aigaq.journal.models import JournalRow
from aigaq.recordings.models import Blob, Derivative, Judgement, Placement, RecordingFile
from aigaq.registry.models import Card, Division, Recorder

Row: TypeAlias = Blob | Judgement | Placement | Derivative


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the files of one unloading have in common."""

    unload: UUID
    division: Division
    sources: tuple[str, ...]
    """Names that this card has or had. New files are entered under the first and looked for under all."""
    card: Card | None
    recorder: Recorder | None
    row: JournalRow | None
    """Null: to the tray."""
    issued_at: datetime | None
    """When `row` was issued. What was taken in before is not placed on it."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The catalogue's row of a found file."""

    file: RecordingFile
    content_digest: ContentDigest
    new: bool
    placed: bool
    """It is tied to a journal row, now or before."""
    judgement: Judgement | None


def source_key(source: str, path: str, content: ContentDigest, after: int | None = None) -> str:
    """By which a file is known again in a later run.

    `after`: the entry by which the file of the key before was destroyed, where the same came once more.
    """
    parts: list[Json] = [source, path, str(content)]
    return hashlib.sha256(canonical.encode(parts if after is None else [*parts, after])).hexdigest()
