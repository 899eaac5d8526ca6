"""Bech32 (BIP 173) without its limit on length: how age writes its keys as text."""

from collections.abc import Iterable

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6
_PRINTABLE = range(33, 127)


def encode(prefix: str, octets: bytes) -> str:
    """`octets` under the lower-case human-readable `prefix`; the result is lower case."""
    values = _regroup(octets, 8, 5, pad=True)
    checked = _polymod([*_expand(prefix), *values, *([0] * _CHECKSUM)]) ^ 1
    checksum = [checked >> 5 * (_CHECKSUM - 1 - place) & 31 for place in range(_CHECKSUM)]
    return f"{prefix}1" + "".join(_ALPHABET[value] for value in [*values, *checksum])


def decode(text: str) -> tuple[str, bytes]:
    """The prefix, in the case it was written in, and the octets; ``ValueError`` on anything malformed.

    The messages never repeat any of `text`: it may be a secret key.
    """
    if not text.isascii():
        raise ValueError("a character is not allowed")
    if text not in (text.lower(), text.upper()):
        raise ValueError("upper and lower case are mixed")
    prefix, separator, data = text.rpartition("1")
    if not separator or not prefix or len(data) < _CHECKSUM:
        raise ValueError("it has no prefix, or is too short")
    if not all(ord(letter) in _PRINTABLE for letter in prefix) or not set(data.lower()) <= _VALUES.keys():
        raise ValueError("a character is not allowed")
    values = [_VALUES[letter] for letter in data.lower()]
    if _polymod([*_expand(prefix.lower()), *values]) != 1:
        raise ValueError("its checksum does not match")
    return prefix, bytes(_regroup(values[:-_CHECKSUM], 5, 8, pad=False))


def _expand(prefix: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _polymod(values: Iterable[int]) -> int:
    checked = 1
    for value in values:
        top = checked >> 25
        checked = (checked & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate(_GENERATOR):
            if top >> place & 1:
                checked ^= term
    return checked


def _regroup(values: Iterable[int], width: int, new_width: int, *, pad: bool) -> list[int]:
    """Cut a row of `width`-bit values anew; without `pad`, the bits left over must be few and zero."""
    bits = held = 0
    regrouped = []
    for value in values:
        held = held << width | value
        bits += width
        while bits >= new_width:
            bits -= new_width
            regrouped.append(held >> bits)
            held &= (1 << bits) - 1
    if pad and bits:
        regrouped.append(held << new_width - bits)
    elif not pad and (bits >= width or held):
        raise ValueError("its padding is not zero")
    return regrouped
