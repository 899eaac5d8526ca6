"""The terms under which a recording is found: what is looked up, as octets that both databases order alike.

A term is one letter, which says of what it is, a colon, and a value. Pure.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from uuid import UUID

from aigaq.review.words import folded


class Of(StrEnum):
    INSPECTOR = "i"
    RECORDER = "r"
    CONTROL = "c"
    MARKED = "m"
    """The category of a mark that was not withdrawn."""
    EVIDENCE = "e"
    RESULT = "v"
    """The last one of the recording, and the last one of its duty."""
    INCIDENT = "o"
    """Its duty has an open incident."""
    SUBJECT = "s"
    OBJECT = "b"
    TEXT = "t"
    """A word of a remark, of a mark, or of a review."""


EVERYWHERE: Final = (Of.SUBJECT, Of.OBJECT, Of.TEXT)
"""Where words are."""
YES: Final = "1"
_END: Final = b"\xff"
"""After whatever UTF-8 may follow."""


def term(of: Of, value: str | UUID) -> bytes:
    text = value.hex if isinstance(value, UUID) else value
    return f"{of}:{text}".encode()


def words(of: Of, texts: Iterable[str]) -> set[bytes]:
    """Of all words in these texts."""
    return {term(of, word) for text in texts for word in folded(text)}


def beginning_with(of: Of, word: str) -> tuple[bytes, bytes]:
    """From the first inclusive to the second exclusive: every term whose word begins so."""
    first = term(of, word)
    return first, first + _END
