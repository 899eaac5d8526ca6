"""A stored waveform: `docs/formats/derivative.md`, "Waveform". Knows no library; safe in any process."""

import json
from dataclasses import dataclass
from typing import Final

FORMAT: Final = 1
COLUMNS: Final = 1200
"""Places told apart, at most."""
_LONGEST_HEAD: Final = 200


@dataclass(frozen=True, slots=True)
class Waveform:
    duration_ms: int
    peaks: bytes
    """The loudest of each place: 255 is the loudest that there can be, 0 is 48 decibels below or less."""


def write(waveform: Waveform) -> bytes:
    head = {"columns": len(waveform.peaks), "duration_ms": waveform.duration_ms, "format": FORMAT}
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode() + b"\n" + waveform.peaks


def read(octets: bytes) -> Waveform:
    """Raise ``ValueError`` for anything that `write` would not give: it was written by a child."""
    head, newline, peaks = octets.partition(b"\n")
    if not newline or len(head) > _LONGEST_HEAD or not 0 < len(peaks) <= COLUMNS:
        raise ValueError("no waveform")
    told = json.loads(head)
    duration = told.get("duration_ms") if isinstance(told, dict) else None
    if not isinstance(duration, int) or isinstance(duration, bool) or duration < 0:
        raise ValueError("no waveform")
    waveform = Waveform(duration, peaks)
    if write(waveform) != octets:
        raise ValueError("no waveform")
    return waveform
