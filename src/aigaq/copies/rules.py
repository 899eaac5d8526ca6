"""How many copies there have to be and where, and how fast everything is to be read. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aigaq.copies.errors import WrongCopiesError
from aigaq.copies.models import VAULT, FindingKind

COPIES: Final = "AIGAQ_VAULT_COPIES"
REQUIRED: Final = "AIGAQ_COPIES_REQUIRED"
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
_MIB: Final = 1 << 20

AWAY_AFTER: Final = timedelta(hours=24)
"""A disk may be away so long until people are told: it is unplugged for the night."""
LATE_AFTER: Final = timedelta(days=1)
"""What was stored so long ago and lacks a copy is said to."""
TOLD_AGAIN: Final = timedelta(days=7)
HEALABLE: Final = frozenset({FindingKind.DAMAGED, FindingKind.MISSING, FindingKind.UNREADABLE})
_HASTE: Final = 1.25
"""So much faster than needed, since nothing goes on without a pause."""


@dataclass(frozen=True, slots=True)
class Policy:
    """In each of `named` and in `number` places in all, besides the vault itself."""

    number: int
    named: frozenset[str]

    def lacking(self, present: Collection[str]) -> int:
        """How many copies more a blob needs that stands proven in these places."""
        here = set(present) - {VAULT}
        missing = len(self.named - here)
        return max(missing, self.number - len(here))


def places_of(text: str) -> dict[str, str]:
    """``name=place`` with commas between. Raise `WrongCopiesError`."""
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        name, sign, place = part.partition("=")
        if not sign or not place or not _NAME.fullmatch(name) or name == VAULT or name in found:
            reason = f"“{part}” is not name=place, with a name of its own in small Latin letters"
            raise WrongCopiesError(name=COPIES, value=text, reason=reason)
        found[name] = place
    return found


def policy_of(text: str, names: Collection[str]) -> Policy:
    """``1``, ``site``, ``site,2``; empty: all that there are. Raise `WrongCopiesError`."""
    if not text.strip():
        return Policy(len(names), frozenset(names))
    number, named = 0, set()
    for part in filter(None, map(str.strip, text.split(","))):
        if part.isdecimal():
            number = max(number, int(part))
        elif part in names:
            named.add(part)
        else:
            raise WrongCopiesError(name=REQUIRED, value=text, reason=f"there is no copy “{part}”")
    if number > len(names):
        reason = f"there are only {len(names)} copies"
        raise WrongCopiesError(name=REQUIRED, value=text, reason=reason)
    return Policy(max(number, len(named)), frozenset(named))


def is_due(since: datetime | None, now: datetime, days: int) -> bool:
    """Whether a new round of reading begins: so often that two looks at a blob are `days` apart at most.

    A round takes half of that at most, so each begins half of it after the one before. `since`: that one's
    beginning, or the first proof of anything there; None: nothing is there to be read.
    """
    return days > 0 and since is not None and now - since >= timedelta(days=days) / 2


def is_late(since: datetime | None, now: datetime, days: int) -> bool:
    """`since` as in `is_due`, of the last round that came to its end: not everything was read in time."""
    return days > 0 and since is not None and now - since > timedelta(days=days)


def rate(limit: int, left: int, ends_by: datetime, now: datetime) -> int:
    """Octets a second: as the setting has it (MiB), or faster if the round would not end in time; 0: at will.

    `left`: octets still to be read.
    """
    if limit <= 0:
        return 0
    seconds = max(60.0, (ends_by - now).total_seconds())
    return max(limit * _MIB, int(left / seconds * _HASTE))


def round_ends_by(began_at: datetime, days: int) -> datetime:
    return began_at + timedelta(days=days) / 2


def sources_for(place: str, places: Sequence[str]) -> list[str]:
    """Where a sound blob is looked for, for what is bad in `place`: the vault first."""
    return sorted((each for each in places if each != place), key=lambda each: each != VAULT)


def is_to_be_told(trouble: str, since: datetime, told_at: datetime | None, now: datetime) -> bool:
    """A disk that is away is told of after a day, all else at once; and again after a week."""
    if not trouble or (told_at is not None and now - told_at < TOLD_AGAIN):
        return False
    return trouble != "away" or now - since >= AWAY_AFTER


def is_serious(place: str, kind: str, *, healed: bool) -> bool:
    """Whether the head has to decide on it. What was healed at once is a matter for who looks after the disk.

    But for what nobody's disk does by itself: in the vault something vanished, or was put there.
    """
    if not healed:
        return True
    return place == VAULT and kind in {FindingKind.MISSING, FindingKind.MISNAMED, FindingKind.UNEXPECTED}
