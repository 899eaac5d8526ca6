"""Which octets a request asks for (RFC 9110 section 14). Pure."""

import re
from dataclasses import dataclass

from aigaq.errors import N_, AigaqError

_RANGE = re.compile(r"([0-9]*)-([0-9]*)")
_DIGITS = 20
"""More digits than any file's size has; a longer number says nothing else."""


class UnsatisfiableRangeError(AigaqError):
    """`size` is in octets. To be answered with 416 and ``Content-Range: bytes */size``."""

    code = "web.unsatisfiable-range"
    message = N_("The recording has {size} bytes; what was asked for lies after its end.")


class AnotherVersionError(AigaqError):
    """To be answered with 412."""

    code = "web.another-version"
    message = N_("The recording is not the one that was asked for. Load the page again.")


@dataclass(frozen=True, slots=True)
class Part:
    """Octets `first` to `last` of `size`, both included."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        """As Content-Range spells it (section 14.4)."""
        return f"bytes {self.first}-{self.last}/{self.size}"


def whole(size: int) -> Part:
    """All octets; of an empty file none, and then `last` is -1."""
    return Part(0, size - 1, size)


def part_of(header: str | None, size: int) -> Part | None:
    """The part of a representation of `size` octets that a Range header asks for; None for the whole.

    The whole is also for a header that can't be read, for another unit and for several ranges at once, as
    section 14.2 allows. Raises `UnsatisfiableRangeError` where no octet is asked for that there is.
    """
    asked = _single(header)
    if asked is None:
        return None
    first, last = asked
    if first is None:
        if not last:
            raise UnsatisfiableRangeError(size=size)
        # A suffix of an empty file is satisfiable (section 14.1.2) but can't be spelt in Content-Range.
        return Part(max(size - last, 0), size - 1, size) if size else None
    if first >= size:
        raise UnsatisfiableRangeError(size=size)
    return Part(first, size - 1 if last is None else min(last, size - 1), size)


def holds(if_range: str | None, etag: str) -> bool:
    """Is the part still of what the browser has (section 13.1.5)? A date or a weak tag never is."""
    return if_range is None or if_range.strip() == etag


def is_held(if_none_match: str | None, etag: str) -> bool:
    """Does the browser have the very same (section 13.1.2)? Tags are compared weakly there."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return "*" in tags or etag in tags


def is_of_another(if_match: str | None, etag: str) -> bool:
    """Is something wanted of another version alone (section 13.1.1)? Tags are compared strongly there."""
    if if_match is None:
        return False
    tags = [tag.strip() for tag in if_match.split(",")]
    return "*" not in tags and etag not in tags


def _single(header: str | None) -> tuple[int | None, int | None] | None:
    unit, _equals, wanted = (header or "").partition("=")
    if unit.strip().lower() != "bytes":
        return None
    # A list may have empty elements (section 5.6.1.2).
    ranges = [part for part in (each.strip(" \t") for each in wanted.split(",")) if part]
    match = _RANGE.fullmatch(ranges[0]) if len(ranges) == 1 else None
    if match is None or match.group() == "-":
        return None
    first, last = (_number(digits) for digits in match.groups())
    if first is not None and last is not None and last < first:
        return None
    return first, last


def _number(digits: str) -> int | None:
    return int(digits.lstrip("0")[:_DIGITS] or "0") if digits else None
