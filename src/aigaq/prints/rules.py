"""How far a paper is, of a hundred, as a person who waits wants to know it."""

from datetime import datetime, timedelta
from typing import Final

from aigaq.journal.printing import DRAWN, READ
from aigaq.prints.models import Print, State

KEPT: Final = timedelta(minutes=10)
"""From the moment it is over."""
LOST: Final = timedelta(hours=1)
"""From the moment it was asked for; by then nobody waits for it."""
KEPT_EACH: Final = 3
"""Ready prints of one person; the oldest goes first."""
KEPT_OCTETS: Final = 64 << 20
"""Of all ready prints together; the oldest goes first. The largest book is 6 MB."""
WAITING: Final = 8
"""Prints of all people that are not ready yet."""

_SETTING_TO_DRAWING: Final = 2.0
"""Setting the pages takes about so many times as long as drawing their codes, on any machine."""
_LEAST: Final = 0.5
_NEARLY: Final = 98


def percent(print_: Print, now: datetime) -> int:
    """Typesetting does not tell, so that part goes by the time its codes took."""
    match print_.state:
        case State.READING:
            return READ * print_.done // print_.of
        case State.DRAWING:
            return READ + DRAWN * print_.done // print_.of
        case State.SETTING if print_.drawing_since is not None and print_.setting_since is not None:
            drawing = (print_.setting_since - print_.drawing_since).total_seconds()
            expected = max(_LEAST, _SETTING_TO_DRAWING * drawing)
            share = max(0.0, (now - print_.setting_since).total_seconds()) / expected
            return min(_NEARLY, READ + DRAWN + int(share * (100 - READ - DRAWN)))
        case State.READY:
            return 100
    return 0
