"""What a film proves that shows codes: that they ran while it was made, and when that was."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from aigaq.timecode.code import Code, MalformedCodeError

SLACK: Final = timedelta(milliseconds=250)
"""By so much a code may be seen before or after its second: a screen that is slow, a frame of two pictures."""
SCREEN: Final = timedelta(milliseconds=100)
"""So late a code may be on the screen: half the way to the server and back, the browser, the panel."""
_SECOND: Final = timedelta(seconds=1)
_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


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
    """Genuine, but only one second of them was seen, and not for longer: too little to conclude anything."""
    NOT_LIVE = "not-live"
    """Genuine, but not advancing with the film: a photograph, or a film that was stopped or of another pace."""
    FORGED = "forged"
    """In the name of this ledger, and never made by it."""
    FOREIGN = "foreign"
    """Of another installation."""
    OTHER_ROW = "other-row"
    """Live, but of a row on which neither this card nor its recorder was out."""
    STALE = "stale"
    """Live, but the times that follow from them can't be: a film of codes, filmed later."""


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
    spread: timedelta = timedelta(0)
    """`began_at` lies in the middle of a stretch so long, as far as the film tells."""

    @property
    def precision(self) -> timedelta:
        """How far `began_at` may be off, either way."""
        return self.spread / 2 + SCREEN


def read(seen: Iterable[Seen], *, ledger: str, is_ours: Callable[[Code], bool]) -> list[Read]:
    """What the texts in one film say. `ledger` is our own name in codes. Of each showing one, then the rest."""
    ours: dict[int, list[tuple[Code, Seen]]] = {}
    bad: dict[Verdict, list[Seen]] = {}
    for each in sorted(seen, key=lambda one: (one.first_ms, one.text)):
        try:
            code = Code.parse(each.text)
        except MalformedCodeError:
            bad.setdefault(Verdict.FORGED, []).append(each)
            continue
        if code.ledger != ledger:
            bad.setdefault(Verdict.FOREIGN, []).append(each)
        elif is_ours(code):
            ours.setdefault(code.showing, []).append((code, each))
        else:
            bad.setdefault(Verdict.FORGED, []).append(each)
    reads = [_of_showing(number, found) for number, found in ours.items()]
    return reads + [Read(verdict, None, tuple(found)) for verdict, found in bad.items()]


def _of_showing(number: int, found: Sequence[tuple[Code, Seen]]) -> Read:
    """Each sighting bounds when the film began.

    A code of the second t that is seen at the position p, says that began + p was in [t, t + 1).
    """
    seen = tuple(each for _, each in found)
    earliest = max(code.at - each.first_ms * _MILLISECOND for code, each in found)
    latest = min(code.at + _SECOND - each.last_ms * _MILLISECOND for code, each in found)
    if earliest - latest > SLACK:
        return Read(Verdict.NOT_LIVE, number, seen)
    if len({code.at for code, _ in found}) == 1:
        return Read(Verdict.BRIEF, number, seen)
    middle = (earliest - _EPOCH + (latest - _EPOCH)) / 2
    began_at = _EPOCH + middle // _MILLISECOND * _MILLISECOND
    return Read(Verdict.LIVE, number, seen, began_at, abs(latest - earliest))
