"""Numbers out of an address, which anybody may have typed."""

_DIGITS = 15
"""At most: any such number fits in the databases' integers."""


def whole(text: str | None) -> int | None:
    """The whole number that `text` spells in ASCII digits; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
