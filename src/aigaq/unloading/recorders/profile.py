"""A recorder profile: how one kind of recorder names, numbers, splits and times its files.

`profile_file` reads it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from typing import Final

from aigaq.unloading.recorders.template import Fields, Template

SEGMENTS: Final = frozenset(
    {
        *("mp4", "mov", "avi", "mkv", "ts", "mts", "m2ts", "mpg", "mpeg", "3gp", "asf", "wmv", "dav"),
        *("h264", "h265", "264", "265", "wav", "mp3", "m4a", "aac", "amr", "ogg"),
    }
)
"""Endings of films and sound."""


class Join(StrEnum):
    """By what two files are known to be one take."""

    NEVER = "never"
    PART = "part"
    """They say the same but for the number of their part, which goes on."""
    NEXT = "next"
    """One begins where the other ends."""


class Counts(StrEnum):
    """Over what numbers go on."""

    RECORDER = "recorder"
    DAY = "day"
    FOLDER = "folder"
    NOTHING = "nothing"
    """Gaps mean nothing: the numbers are not of one count."""


class Newline(StrEnum):
    NONE = "none"
    LF = "lf"
    CRLF = "crlf"

    @property
    def octets(self) -> bytes:
        return {Newline.NONE: b"", Newline.LF: b"\n", Newline.CRLF: b"\r\n"}[self]


@dataclass(frozen=True)
class Named:
    """One form of the names of a recorder's files."""

    name: Template
    """Of a name without its ending."""
    endings: frozenset[str]
    """In small letters; empty for any."""
    folder: tuple[Template, ...]
    """The last folders of the path; empty for any."""

    def read(self, folders: tuple[str, ...], stem: str, ending: str) -> Fields | None:
        if self.endings and ending not in self.endings:
            return None
        above = _folder_fields(self.folder, folders)
        said = self.name.read(stem) if above is not None else None
        if above is None or said is None:
            return None
        return Fields(
            device=said.device or above.device,
            user=said.user or above.user,
            sequence=said.sequence,
            part=said.part,
            at=said.at or above.at,
            span=said.span if said.at else above.span,
        )

    @property
    def fixed(self) -> int:
        return self.name.fixed


@dataclass(frozen=True, slots=True)
class Takes:
    join: Join = Join.NEVER
    tolerance: timedelta = timedelta(seconds=2)
    """How far the end of one and the beginning of the next may lie apart."""
    length: timedelta | None = None
    """Of every file but the last of a take; None where its time of writing tells its end."""
    endings: frozenset[str] = SEGMENTS
    """Of files that may be segments; photos that follow each other quickly are none."""


@dataclass(frozen=True, slots=True)
class Sequence:
    counts: Counts = Counts.RECORDER
    first: int = 1
    """Where the count begins, and goes on after the last number that the digits can write."""


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """A file of the card, and the form of the line in it that tells."""

    path: tuple[str, ...]
    line: Template


@dataclass(frozen=True, slots=True)
class TimeFile:
    """A file from which the recorder takes its time: written when the card is empty."""

    path: tuple[str, ...]
    text: str
    """As ``strftime``, of the few that `docs/formats/recorder-profile.md` names."""
    newline: Newline
    ahead: timedelta
    """How long it takes until the recorder reads it."""


@dataclass(frozen=True)
class Profile:
    name: str
    title: str
    source: str
    """Where the naming was found described."""
    built_in: bool
    zone: tzinfo
    files: tuple[Named, ...]
    sidecars: frozenset[str]
    """Endings of files that are kept with the recording that is named like them."""
    takes: Takes
    sequence: Sequence
    identity: DeviceFile | None
    clock: DeviceFile | None
    time_file: TimeFile | None

    def read(self, folders: tuple[str, ...], name: str) -> tuple[Fields, Named] | None:
        """What the name of a file says, and by which form; the first that fits. None if none does."""
        stem, ending = split_name(name)
        for named in self.files:
            fields = named.read(folders, stem, ending)
            if fields is not None:
                return fields, named
        return None

    def instant(self, local: datetime | None) -> datetime | None:
        """A naive time of this recorder as an instant; None outside the years that there are."""
        if local is None:
            return None
        try:
            return local.replace(tzinfo=self.zone).astimezone(UTC)
        except (OverflowError, ValueError):
            return None

    @cached_property
    def top(self) -> int | None:
        """The last number of the count, after which it begins again; None if it does not end."""
        widths = {named.name.width("sequence") for named in self.files if "sequence" in named.name.fields}
        return None if None in widths or not widths else 10 ** max(filter(None, widths)) - 1


def split_name(name: str) -> tuple[str, str]:
    """A name without its ending, and the ending in small letters."""
    stem, dot, ending = name.rpartition(".")
    return (stem, ending.lower()) if dot and stem else (name, "")


def _folder_fields(templates: tuple[Template, ...], folders: Iterable[str]) -> Fields | None:
    """What the last folders say; None if they are not of this form."""
    above = Fields()
    if not templates:
        return above
    last = tuple(folders)[-len(templates) :]
    if len(last) < len(templates):
        return None
    for template, folder in zip(templates, last, strict=True):
        said = template.read(folder)
        if said is None:
            return None
        above = Fields(
            device=above.device or said.device,
            user=above.user or said.user,
            at=above.at or said.at,
            span=above.span if above.at else said.span,
        )
    return above
