"""The picture of a sound: what the confined program measured, drawn as SVG by the server."""

from dataclasses import dataclass
from typing import Final

from aigaq import wiring
from aigaq.access.errors import VaultLockedError
from aigaq.media.making.waveform_file import Waveform, read
from aigaq.recordings import playback
from aigaq.recordings.models import Derivative
from aigaq.vault.age import AgeNoMatchError
from aigaq.vault.errors import VaultError
from aigaq.web.duty import OfficeRequest
from aigaq.web.recordings.shown import clock_duration
from aigaq.web.vault.unlocked import identity_of

WIDTH: Final = 1200
HEIGHT: Final = 120
MOST: Final = 4096
"""Octets; what is longer is none."""


@dataclass(frozen=True)
class Picture:
    path: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT


def picture_of(request: OfficeRequest, waveform: Derivative) -> Picture | None:
    """None if it can't be read, or may not be just now: the recording is there all the same."""
    try:
        with playback.reader_of(wiring.vault(), identity_of(request), waveform.blob) as reader:
            return drawn(reader.read(MOST))
    except (VaultLockedError, VaultError, AgeNoMatchError):
        return None


def drawn(octets: bytes) -> Picture | None:
    """None if the octets are no waveform."""
    try:
        waveform = read(octets)
    except ValueError:
        return None
    return Picture(_outline(waveform), clock_duration(waveform.duration_ms / 1000))


def _outline(waveform: Waveform) -> str:
    """One closed line around the loudness, mirrored about the middle."""
    step = WIDTH / max(1, len(waveform.peaks))
    middle = HEIGHT / 2
    above = [
        (round(number * step, 1), peak / 255 * (middle - 2) + 0.5)
        for number, peak in enumerate(waveform.peaks)
    ]
    upper = " ".join(f"{x:g},{middle - height:.1f}" for x, height in above)
    lower = " ".join(f"{x:g},{middle + height:.1f}" for x, height in reversed(above))
    return f"M {upper} L {lower} Z"
