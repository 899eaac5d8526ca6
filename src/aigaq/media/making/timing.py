"""Where in the derivative a picture or a sound belongs: at the place that it has in the original. Pure."""

from fractions import Fraction
from typing import Final

from aigaq.media.making.terms import MOST_GAPS

LONGEST_JUMP: Final = Fraction(6 * 3600)
"""Seconds. A file whose times go on by more than that has a clock that was set, or none."""
GAP: Final = Fraction(1, 2)
"""Seconds without a picture that are told, at least."""
_PICTURES: Final = 5
"""And at least so many pictures' time: a camera that takes one a second has no gaps."""


class Times:
    """The times of a stream's pictures as they come out of the decoder, made to go forward.

    `origin` is where the recording begins and `rate` what is reckoned with where times are missing.
    """

    def __init__(self, origin: Fraction, rate: Fraction) -> None:
        self._offset = -origin
        self._step = 1 / rate
        self._last: Fraction | None = None
        self.broken = 0
        """Times that were missing or made no sense."""

    def place(self, at: Fraction | None) -> Fraction | None:
        """The place of something at `at`, in seconds of the file's own time; None for what is before 0.

        Repeated and missing times go on by one step. After a jump all that follows is moved along.
        """
        if at is None:
            self.broken += 1
            return self._next()
        place = at + self._offset
        if self._last is None:
            if abs(place) > LONGEST_JUMP:
                self.broken += 1
                self._offset -= place
                place = Fraction(0)
            if place < 0:
                return None
            self._last = place
            return place
        ahead = place - self._last
        if ahead > LONGEST_JUMP or ahead < -GAP:
            self.broken += 1
            self._offset += self._last + self._step - place
        elif ahead <= 0:
            self.broken += 1
            return self._next(small=True)
        self._last = at + self._offset
        return self._last

    @property
    def last(self) -> Fraction:
        return self._last or Fraction(0)

    @property
    def step(self) -> Fraction:
        return self._step

    def _next(self, *, small: bool = False) -> Fraction:
        if self._last is None:
            self._last = Fraction(0)
        else:
            self._last += self._step / (16 if small else 1)
        return self._last


class Gaps:
    """Stretches without anything, gathered as places go by."""

    def __init__(self, step: Fraction, least: Fraction = GAP) -> None:
        self._least = max(least, _PICTURES * step)
        self._step = step
        self._end = Fraction(0)
        self.count = 0
        self.told: list[list[int]] = []

    def at(self, place: Fraction, length: Fraction | None = None) -> None:
        """Something is at `place` and lasts `length`, or a step."""
        if place - self._end > self._least:
            self._tell(self._end, place)
        self._end = max(self._end, place + (length if length is not None else self._step))

    def until(self, end: Fraction) -> None:
        """The whole ends there."""
        if end - self._end > self._least:
            self._tell(self._end, end)

    def _tell(self, begin: Fraction, end: Fraction) -> None:
        self.count += 1
        if len(self.told) < MOST_GAPS:
            self.told.append([milliseconds(begin), milliseconds(end)])


def milliseconds(seconds: Fraction) -> int:
    return max(0, round(seconds * 1000))
