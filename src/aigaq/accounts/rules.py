"""How guessing is slowed and locked. Pure: times in, seconds to wait out."""

import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network

from aigaq.core.proxies import address_of

WINDOW = timedelta(minutes=15)
"""How long a wrong password counts."""
FREE = 3
"""So many wrong passwords cost no waiting."""
FIRST_WAIT = timedelta(seconds=2)
"""After the third; each further one doubles it."""
LOCK_AFTER = 10
LOCK = timedelta(minutes=15)
KEPT = WINDOW + LOCK
"""An older attempt can't matter any more."""

_NETWORK = 64
"""Bits of an IPv6 address that tell one customer from another; within them each may take any (RFC 6177)."""

_LOGIN_NAME = re.compile(r"\w[\w.-]{1,63}")


def wait_before_next(attempts: Sequence[datetime], now: datetime) -> int:
    """Whole seconds until another attempt is heard after `attempts` that failed; 0 if it is at once.

    What counts is how many failed within `WINDOW` up to the last of them, so waiting for the first ones
    to age does not shorten a lock. `LOCK` is the most, also where the clock was set back meanwhile.
    """
    times = sorted(at for at in attempts if abs(now - at) < KEPT)
    if not times:
        return 0
    last = times[-1]
    counted = sum(last - at < WINDOW for at in times)
    if counted < FREE:
        return 0
    wait = LOCK if counted >= LOCK_AFTER else FIRST_WAIT * 2 ** (counted - FREE)
    return max(0, math.ceil(min(LOCK, last + wait - now).total_seconds()))


def is_login_name(text: str) -> bool:
    return _LOGIN_NAME.fullmatch(text) is not None


def source_of(address: str) -> str:
    """What guessing is counted by: an address of IPv4, or the network that one of IPv6 is taken from."""
    found = address_of(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found), _NETWORK), strict=False))
    return address if found is None else str(found)
