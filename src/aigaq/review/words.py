"""Words as they are searched: the same however their letters are written. Pure (`docs/decisions/0022-…`)."""

import re
import unicodedata
from typing import Final

WORD_LIMIT: Final = 32
"""Letters of a word that count."""
PREFIX_FROM: Final = 3
"""From so many letters on, what is typed may be the beginning of a longer word."""

_WORD: Final = re.compile(r"[^\W_]+")
_CYRILLIC: Final = re.compile(r"[\u0400-\u052f]")
_TWINS: Final = str.maketrans("aeopcxyikmtABEOPCXYIKMTHh", "аеорсхуікмтАВЕОРСХУІКМТНһ")
"""Latin letters that keyboards put into Cyrillic words, with the Cyrillic ones that they are taken for."""
_SIGN: Final = "№"
"""Of a number. Unicode takes it for the letters “No”."""
_YO: Final = str.maketrans("ё", "е")


def folded(text: str) -> list[str]:
    """The words of a text in their order: letters and figures, small, one spelling of each letter.

    Case does not count, nor whether a letter was written as one sign or two, nor Ё against Е. Within a word
    that has a Cyrillic letter, Latin letters that look like Cyrillic ones are taken for them.
    """
    spelt = unicodedata.normalize("NFKC", text.replace(_SIGN, " "))
    return [_folded(word) for word in _WORD.findall(spelt)]


def _folded(word: str) -> str:
    if _CYRILLIC.search(word):
        word = word.translate(_TWINS)
    small = unicodedata.normalize("NFKC", word.casefold())
    return small.translate(_YO)[:WORD_LIMIT]
