"""What stands where in a name: templates such as ``{device}_{date}_{time}_{sequence:4}``.

Names come off cards, so reading one takes steps in proportion to its length whatever it is: every piece of a
template says at which places it can begin, as the bits of one number, from the last piece to the first. There
is nothing to try again (`docs/formats/recorder-profile.md`, "Templates").
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, Self

LONGEST_NAME: Final = 1_024
"""Characters of a name that are looked at; a longer one says nothing. File systems of cards take 255."""
LONGEST_TEMPLATE: Final = 200
MOST_PIECES: Final = 40
_LONGEST_TEXT: Final = 64
_MOST_DIGITS: Final = 9
_ASCII: Final = {ord(sign): ord(sign.lower()) for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_PIECE: Final = re.compile(r"\{([a-z]*)(?::([0-9]{1,2}))?\}|([^{}]+)")
_COMPOSED: Final[Mapping[str, str]] = {
    "date": "{year}{month}{day}",
    "time": "{hour}{minute}{second}",
    "datetime": "{year}{month}{day}{hour}{minute}{second}",
}
_TEXTS: Final = frozenset({"device", "user"})
_NUMBERS: Final = frozenset({"sequence", "part"})
_TWO_DIGITS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    # Of a number in two digits: which second digits go with which first ones.
    "month": (("0", "123456789"), ("1", "012")),
    "day": (("0", "123456789"), ("12", "0123456789"), ("3", "01")),
    "hour": (("01", "0123456789"), ("2", "0123")),
    "minute": (("012345", "0123456789"),),
    "second": (("012345", "0123456789"),),
}
_CENTURY: Final = 2000
"""Of a year in two digits."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What a name says. What its template does not have is empty or None."""

    device: str = ""
    user: str = ""
    sequence: int | None = None
    part: int | None = None
    at: datetime | None = None
    """Naive: in which zone, the profile says. Where the name has no seconds, their beginning."""
    span: timedelta = field(default=timedelta(), compare=False)
    """How long after `at` it may have been: a name that tells the day alone says nothing of the hour."""


class BadTemplateError(ValueError):
    """What is wrong with a template, in words for whoever wrote it."""


class _Name:
    """A name with the places of its signs, as bits: bit 0 is its beginning."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lowered = text.translate(_ASCII)
        self.length = len(text)
        places: dict[str, int] = {}
        for place, sign in enumerate(text):
            if "0" <= sign <= "9":
                places[sign] = places.get(sign, 0) | 1 << place
        self._places = places

    def at(self, signs: str) -> int:
        found = 0
        for sign in signs:
            found |= self._places.get(sign, 0)
        return found

    @cached_property
    def digits(self) -> int:
        return self.at("0123456789")


@dataclass(frozen=True, slots=True)
class _Piece:
    """`begins` says, by the places where the rest can begin, where this piece can; then its length."""

    field: str
    least: int
    most: int
    begins: Callable[[_Name, int], int]
    is_free: bool = False
    """Any signs will do."""


@dataclass(frozen=True)
class Template:
    text: str
    _pieces: tuple[_Piece, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise `BadTemplateError`."""
        if not text or len(text) > LONGEST_TEMPLATE:
            message = f"a template has 1 to {LONGEST_TEMPLATE} characters"
            raise BadTemplateError(message)
        pieces = tuple(_pieces(text))
        if len(pieces) > MOST_PIECES:
            message = f"a template has at most {MOST_PIECES} pieces"
            raise BadTemplateError(message)
        fields = [piece.field for piece in pieces if piece.field]
        for each in fields:
            if fields.count(each) > 1:
                message = f"“{{{each}}}” stands in it twice, or is a part of another field in it"
                raise BadTemplateError(message)
        times = {"year", "month", "day", "hour", "minute", "second"} & set(fields)
        if times and not {"year", "month", "day"} <= times:
            message = "a time needs its year, month and day"
            raise BadTemplateError(message)
        if ("minute" in times) > ("hour" in times) or ("second" in times) > ("minute" in times):
            message = "a time with seconds needs minutes, and one with minutes needs hours"
            raise BadTemplateError(message)
        return cls(text, pieces)

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(piece.field for piece in self._pieces if piece.field)

    @cached_property
    def _least(self) -> int:
        return sum(piece.least for piece in self._pieces)

    @property
    def fixed(self) -> int:
        """How many letters and digits it prescribes: of two that fit, the one with more is the surer."""
        return sum(piece.least for piece in self._pieces if piece.least == piece.most and not piece.is_free)

    def width(self, field: str) -> int | None:
        """In how many digits the field is always written; None if it grows."""
        return next((p.most for p in self._pieces if p.field == field and p.least == p.most), None)

    def read(self, name: str) -> Fields | None:
        """What `name` says; None if it is not of this form, or tells a day that no calendar has.

        Fields without a fixed length are as short as they can be, from left to right.
        """
        if not self._least <= len(name) <= LONGEST_NAME:
            return None
        found = self._found(_Name(name))
        if found is None:
            return None
        try:
            at = _instant(found)
        except ValueError:
            return None
        return Fields(
            device=found.get("device", ""),
            user=found.get("user", ""),
            sequence=_number(found.get("sequence")),
            part=_number(found.get("part")),
            at=at,
            span=self._span if at is not None else timedelta(),
        )

    @cached_property
    def _span(self) -> timedelta:
        told = (("second", timedelta()), ("minute", timedelta(minutes=1)), ("hour", timedelta(hours=1)))
        return next((span for field, span in told if field in self.fields), timedelta(days=1))

    def _found(self, name: _Name) -> dict[str, str] | None:
        """The text of each field."""
        # From the end: at which places each piece can begin so that the rest of the name is of this form.
        beginnings = [1 << name.length]
        for piece in reversed(self._pieces):
            beginnings.append(piece.begins(name, beginnings[-1]))
        beginnings.reverse()
        if not beginnings[0] & 1:
            return None
        found: dict[str, str] = {}
        place = 0
        for piece, after in zip(self._pieces, beginnings[1:], strict=True):
            # The nearest place where the next one can begin; that there is one is known by now.
            rest = after >> (place + piece.least)
            end = place + piece.least + (rest & -rest).bit_length() - 1
            if piece.field:
                found[piece.field] = name.text[place:end]
            place = end
        return found


def _pieces(text: str) -> Iterator[_Piece]:
    place = 0
    for match in _PIECE.finditer(text):
        if match.start() != place:
            break
        place = match.end()
        field, option, literal = match.groups()
        if literal is not None:
            yield _literal(literal)
        elif field in _COMPOSED and option is None:
            yield from _pieces(_COMPOSED[field])
        else:
            yield _field(field, option)
    if place != len(text):
        message = "a brace without its counterpart"
        raise BadTemplateError(message)


def _field(field: str, option: str | None) -> _Piece:
    width = None if option is None else int(option)
    if field == "text" and width is None:
        return _Piece("", 0, LONGEST_NAME, lambda _name, after: (1 << after.bit_length()) - 1, is_free=True)
    if field == "text" and width and width <= _LONGEST_TEXT:
        return _text("", width)
    if field in _TEXTS and (width is None or 1 <= width <= _LONGEST_TEXT):
        return _text(field, width)
    if field in _NUMBERS and (width is None or 1 <= width <= _MOST_DIGITS):
        return _digits(field, width)
    if field == "year" and width in (None, 2, 4):
        return _digits(field, width or 4)
    if field in _TWO_DIGITS and width is None:
        return _two_digits(field)
    known = ", ".join(sorted({*_COMPOSED, *_TEXTS, *_NUMBERS, *_TWO_DIGITS, "year", "text"}))
    asked = field if option is None else f"{field}:{option}"
    message = f"“{{{asked}}}” is no field; there are {known}"
    raise BadTemplateError(message)


def _literal(literal: str) -> _Piece:
    lowered = literal.translate(_ASCII)

    def begins(name: _Name, after: int) -> int:
        found, place = 0, name.lowered.find(lowered)
        while place >= 0:
            found |= 1 << place
            place = name.lowered.find(lowered, place + 1)
        return found & (after >> len(lowered))

    return _Piece("", len(literal), len(literal), begins)


def _text(field: str, width: int | None) -> _Piece:
    least, most = (1, _LONGEST_TEXT) if width is None else (width, width)
    return _Piece(
        field, least, most, lambda _name, after: _smeared(after >> least, most - least), is_free=True
    )


def _digits(field: str, width: int | None) -> _Piece:
    least, most = (1, _MOST_DIGITS) if width is None else (width, width)

    def begins(name: _Name, after: int) -> int:
        found, run = 0, (1 << name.length + 1) - 1
        for length in range(1, most + 1):
            # Bit i of `run`: from i on stand so many digits.
            run &= name.digits >> (length - 1)
            if length >= least:
                found |= run & (after >> length)
        return found

    return _Piece(field, least, most, begins)


def _two_digits(field: str) -> _Piece:
    def begins(name: _Name, after: int) -> int:
        found = 0
        for first, second in _TWO_DIGITS[field]:
            found |= name.at(first) & (name.at(second) >> 1)
        return found & (after >> 2)

    return _Piece(field, 2, 2, begins)


def _smeared(bits: int, by: int) -> int:
    """`bits`, and every place up to `by` before each of them."""
    done = 0
    while done < by:
        step = min(done + 1, by - done)
        bits |= bits >> step
        done += step
    return bits


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _instant(found: Mapping[str, str]) -> datetime | None:
    """Raise ``ValueError`` for a day that no calendar has."""
    if "year" not in found:
        return None
    year = int(found["year"]) + (_CENTURY if len(found["year"]) == 2 else 0)  # noqa: PLR2004 - two digits
    month, day = int(found["month"]), int(found["day"])
    if year < 1 or day > monthrange(year, month)[1]:
        message = "no such day"
        raise ValueError(message)
    hour, minute, second = (int(found.get(name, "0")) for name in ("hour", "minute", "second"))
    return datetime(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second)  # noqa: DTZ001 - the profile has the zone
