"""A recording of which something is missing: how much, where, and whether a better reading is there."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aigaq.recordings.models import FlawedReading, RecordingFile
from aigaq.recordings.readings import better_of
from aigaq.web.templatetags.aigaq import octets

WIDTH: Final = 720
_LEAST: Final = 2.0
_NAMED: Final = 100
"""Holes in the table; the entry in the ledger has them all."""


@dataclass(frozen=True, slots=True)
class ShownHoles:
    reading: FlawedReading
    size: int
    better: RecordingFile | None

    @property
    def summary(self) -> str:
        n = len(self.reading.holes)
        return ngettext(
            "In part: {n} hole, {missing} of {size} missing",
            "In part: {n} holes, {missing} of {size} missing",
            n,
        ).format(n=n, missing=octets(self.reading.missing), size=octets(self.size))

    @property
    def marks(self) -> list[tuple[str, str, str]]:
        """Of each hole where it begins in a picture `WIDTH` wide, how wide it is, and what it is."""
        scale = WIDTH / max(self.size, 1)
        return [
            (
                f"{min(offset * scale, WIDTH - _LEAST):.1f}",
                f"{max(length * scale, _LEAST):.1f}",
                _("from byte {offset}: {length} missing").format(offset=offset, length=octets(length)),
            )
            for offset, length in self.reading.holes
        ]

    @property
    def table(self) -> list[tuple[str, str]]:
        return [(_grouped(offset), _grouped(length)) for offset, length in self.reading.holes[:_NAMED]]

    @property
    def more(self) -> int:
        return max(0, len(self.reading.holes) - _NAMED)


def _grouped(number: int) -> str:
    """In threes, as large numbers are read here."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def holes_of(file: RecordingFile) -> ShownHoles | None:
    """None where nothing is missing."""
    reading = FlawedReading.objects.filter(file=file, missing__gt=0).first()
    return ShownHoles(reading, file.blob.size, better_of(file)) if reading else None
