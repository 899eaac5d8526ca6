"""Which original goes to which volume: in their order, a new one where the next does not fit. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from aigaq.package import udf

BLOCK: Final = udf.BLOCK
"""Octets of a sector of a disc: a file takes whole ones, and one for what the disc says of it."""
RESERVED: Final = 512 * BLOCK
"""What a disc needs for itself, however little is on it."""
_FOLDERS: Final = 200 * BLOCK
"""So much of that is for folders: what precedes and follows the files takes the rest."""


@dataclass(frozen=True, slots=True)
class Group:
    """An original and what is made of it: never parted."""

    path: str
    sizes: tuple[int, ...]

    @property
    def needs(self) -> int:
        return needed(self.sizes)


class MisfitError(Exception):
    """This group fits no volume: an answer to whoever lays out, who says it in a sentence."""

    def __init__(self, group: Group) -> None:
        super().__init__(group.path)
        self.group = group


def needed(sizes: Iterable[int]) -> int:
    """Octets that files of these sizes take on a disc."""
    return sum((-(-size // BLOCK) + 1) * BLOCK for size in sizes)


def folders_beyond(paths: Iterable[str]) -> int:
    """Octets that the folders of these files take on a disc, beyond those that are reserved for some."""
    listed: Counter[str] = Counter()
    for path in paths:
        # A file is listed in its folder, and this, when it is first met, in the one around it.
        rest = path
        while rest:
            around, _slash, name = rest.rpartition("/")
            rest = "" if around in listed else around
            listed[around] += udf.named_size(name)
    return max(0, needed(size + udf.named_size("") for size in listed.values()) - _FOLDERS)


def split(groups: Sequence[Group], room: int | None) -> list[int]:
    """The volume of each group, from 1; `room` is what a volume has for them. Raises `MisfitError`."""
    if room is None:
        return [1] * len(groups)
    found: list[int] = []
    volume, left = 1, room
    for group in groups:
        needs = group.needs
        if needs > room:
            raise MisfitError(group)
        if needs > left:
            volume, left = volume + 1, room
        left -= needs
        found.append(volume)
    return found
