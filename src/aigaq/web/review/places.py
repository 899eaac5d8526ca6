"""Places in a recording as people write them: 0:12:07.250, 12:07, 727 seconds."""

import re
from typing import Final

_PLACE: Final = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,3}):)?(\d{1,6})(?:[.,](\d{1,3}))?", re.ASCII)
_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000


def parse(text: str) -> int | None:
    """Milliseconds; None for what is no place."""
    found = _PLACE.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds, part = found.groups()
    return (
        int(hours or 0) * _HOUR
        + int(minutes or 0) * _MINUTE
        + int(seconds) * _SECOND
        + int((part or "0").ljust(3, "0"))
    )


def spelt(milliseconds: int) -> str:
    """0:12:07; with its thousandths only where there are any."""
    hours, rest = divmod(milliseconds, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    seconds, part = divmod(rest, _SECOND)
    return f"{hours}:{minutes:02}:{seconds:02}" + (f".{part:03}" if part else "")
