"""The order of names in Kazakh: neither database sorts them so (Қ would come after Т)."""

_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACES = {letter: 0x400 + place for place, letter in enumerate(_ALPHABET)}


def kazakh_order(text: str) -> list[int]:
    """A sort key: digits and Latin letters, then the 42 letters of the Kazakh alphabet, in any case."""
    return [_PLACES.get(letter, ord(letter)) for letter in text.casefold()]
