"""Numbers and ids out of an address or a form, which anybody may have typed."""

from collections.abc import Iterable, Iterator
from uuid import UUID

_DIGITS = 15
"""At most: any such number fits in the databases' integers."""


def whole(text: str | None) -> int | None:
    """The whole number that `text` spells in ASCII digits; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def ids_in(texts: Iterable[str]) -> Iterator[UUID]:
    """Those that are ids."""
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue
