"""How much of this machine one file may take."""

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: float = 30.0
    """By the clock, for one file, reading it included. Examining an hour of video takes under a second;
    a slow disk is allowed for."""
    processor_seconds: int = 20
    """Below `seconds`, so that a file that computes for ever is told from a disk that does not answer."""
    memory: int = 1536 * MEBIBYTE
    """Address space, in octets. Decoding one stream of H.265 in 4K takes about 300 MiB in all, a photo of
    200 megapixels about 1 GiB; the interpreter and its libraries are 160 MiB of either."""
    files_per_worker: int = 250
    """A new child after so many files, so that what a file may have done to it does not last. Starting
    one costs about 0.4 s, which is 2 ms a file."""
