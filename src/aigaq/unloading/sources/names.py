"""What the names on a card say. They are data: shown, searched and compared, never used as a path of ours."""

import re
from dataclasses import dataclass
from datetime import datetime

from aigaq.core.clock import KAZAKHSTAN

_TAKE = re.compile(r"(?P<maker>[^_].{0,63}?)_(?P<day>\d{8})_(?P<time>\d{6})(?:[_.].*)?", re.ASCII | re.DOTALL)


def path_text(parts: tuple[bytes, ...]) -> str:
    r"""Spell a path as one text (`docs/formats/card.md`, "Spelling of paths"); two paths never get one.

    Octets that are not UTF-8 as ``\xNN``, a backslash as ``\x5c``.
    """
    return b"/".join(parts).replace(b"\\", rb"\x5c").decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Take:
    """A recorder's way of naming a file: who made it, and when by its own clock."""

    maker: str
    recorded_at: datetime


def take_of(name: str) -> Take | None:
    """What ``<number>_YYYYMMDD_HHMMSS…`` says, or None if the name is no such or no such time exists."""
    match = _TAKE.fullmatch(name)
    if match is None:
        return None
    try:
        local = datetime.strptime(match["day"] + match["time"], "%Y%m%d%H%M%S")  # noqa: DTZ007 - zone below
    except ValueError:
        return None
    return Take(match["maker"], local.replace(tzinfo=KAZAKHSTAN))
