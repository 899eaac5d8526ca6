"""What a film proves that shows codes: that they ran while it was made, and when that was."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from aigaq.timecode.code import Code, MalformedCodeError

_SECOND: Final = timedelta(seconds=1)
_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """How well the page keeps the second."""

    slack: timedelta
    """By so much a code may be seen beside its second: a screen that is slow, a frame of two pictures."""
    late: timedelta
    """So late it may be on the screen: half the way to the server and back, the browser, the panel."""


STEADY: Final = Pace(slack=timedelta(milliseconds=250), late=timedelta(milliseconds=100))
LOADED_ANEW: Final = Pace(slack=timedelta(seconds=2), late=timedelta(seconds=2))
"""Without scripts: each code comes with a page of its own, after the last one."""


class Seen(Protocol):
    """A text, and at which positions of the film it was first and last seen, in milliseconds."""

    @property
    def text(self) -> str: ...
    @property
    def first_ms(self) -> int: ...
    @property
    def last_ms(self) -> int: ...


class Verdict(StrEnum):
    """What is to be thought of the codes in a film. Published codes: they never change."""

    LIVE = "live"
    """Genuine, and they advanced as the film did: it was made while they ran, or of a film of them."""
    BRIEF = "brief"
    """Genuine, but only one second of them was seen, and no longer: too little to conclude anything."""
    NOT_LIVE = "not-live"
    """Genuine, but not advancing with the film: a photograph, or a film that was stopped or slowed."""
    FORGED = "forged"
    """In the name of this ledger, and never made by it."""
    FOREIGN = "foreign"
    """Of another installation."""
    OTHER_ROW = "other-row"
    """Live, but of a row on which neither this card nor its recorder was out."""
    CONTRADICTS = "contradicts"
    """Live, but the recorder's clock would have been off otherwise than another code says: a film of codes
    that was filmed later; or the clock was changed in between."""


@dataclass(frozen=True, slots=True)
class Read:
    """The codes of one showing in one film, or those that are of none."""

    verdict: Verdict
    showing: int | None
    """None where they are of no showing of ours."""
    seen: tuple[Seen, ...]
    """In the order of their positions."""
    began_at: datetime | None = None
    """When the film was at its very beginning, by the server's clock: of codes that are live."""
    precision: timedelta = timedelta(0)
    """How far `began_at` may be off, either way."""


def read(seen: Iterable[Seen], *, ledger: str, ours: Callable[[Code], Pace | None]) -> list[Read]:
    """What the texts in one film say. Of each showing one, then the rest.

    `ledger` is our own name in codes; `ours` knows of each code that was made at which pace it was shown.
    """
    paces: dict[int, Pace] = {}
    known: dict[int, list[tuple[Code, Seen]]] = {}
    bad: dict[Verdict, list[Seen]] = {}
    for each in sorted(seen, key=lambda one: (one.first_ms, one.text)):
        try:
            code = Code.parse(each.text)
        except MalformedCodeError:
            bad.setdefault(Verdict.FORGED, []).append(each)
            continue
        if code.ledger != ledger:
            bad.setdefault(Verdict.FOREIGN, []).append(each)
        elif (pace := ours(code)) is not None:
            paces[code.showing] = pace
            known.setdefault(code.showing, []).append((code, each))
        else:
            bad.setdefault(Verdict.FORGED, []).append(each)
    reads = [_of_showing(number, found, paces[number]) for number, found in known.items()]
    return reads + [Read(verdict, None, tuple(found)) for verdict, found in bad.items()]


def _of_showing(number: int, found: Sequence[tuple[Code, Seen]], pace: Pace) -> Read:
    """Each sighting bounds when the film began.

    A code of the second t that is seen at the position p, says that began + p was in [t, t + 1).
    """
    seen = tuple(each for _, each in found)
    earliest = max(code.at - each.first_ms * _MILLISECOND for code, each in found)
    latest = min(code.at + _SECOND - each.last_ms * _MILLISECOND for code, each in found)
    if earliest - latest > pace.slack:
        return Read(Verdict.NOT_LIVE, number, seen)
    if len({code.at for code, _ in found}) == 1:
        return Read(Verdict.BRIEF, number, seen)
    middle = (earliest - _EPOCH + (latest - _EPOCH)) / 2
    began_at = _EPOCH + middle // _MILLISECOND * _MILLISECOND
    return Read(Verdict.LIVE, number, seen, began_at, abs(latest - earliest) / 2 + pace.late)
