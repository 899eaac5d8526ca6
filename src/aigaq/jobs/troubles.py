"""What goes wrong again and again, for `aigaq check` to tell, whichever host it goes wrong on."""

import socket
from datetime import datetime, timedelta
from typing import Final

from aigaq.jobs.models import SAID_LIMIT, Trouble

_TOLD_EVERY: Final = timedelta(minutes=1)
FORGOTTEN: Final = timedelta(hours=1)
"""Of which nobody heard for so long: the host is gone, or does this no more."""


def tell(name: str, said: str, now: datetime) -> None:
    """It has just failed. Costs nothing where that was told a moment ago."""
    mine = Trouble.objects.filter(name=name, host=socket.gethostname())
    seen, said = mine.first(), _storable(said)
    if seen is None:
        facts = {"said": said, "since": now, "seen_at": now}
        Trouble.objects.update_or_create(name=name, host=socket.gethostname(), defaults=facts)
    elif seen.said != said or not timedelta() <= now - seen.seen_at < _TOLD_EVERY:
        mine.update(said=said, seen_at=now)


def over(name: str) -> None:
    Trouble.objects.filter(name=name, host=socket.gethostname()).delete()


def open_troubles(now: datetime) -> list[Trouble]:
    return list(Trouble.objects.filter(seen_at__gt=now - FORGOTTEN).order_by("since", "pk"))


def _storable(said: str) -> str:
    """As any database takes it: a file that is named in it may have whichever octets in its name."""
    return said.replace("\0", r"\x00").encode(errors="backslashreplace").decode()[:SAID_LIMIT]
