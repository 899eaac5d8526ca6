"""Screens on the wall: browsers that show one division's ports and may do nothing; nobody is signed in."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from aigaq.errors import N_, BadInputError
from aigaq.ingest.models import WallScreen
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Division

NAME_LIMIT = 60
"""Characters."""
TOKEN_SIZE = 32
"""Octets of chance."""
_SEEN_EVERY = timedelta(minutes=1)


class NoScreenNameError(BadInputError):
    code = "screen.name"
    message = N_("Say where the screen hangs, in 1 to 60 characters.")


class ScreenShutError(BadInputError):
    code = "screen.shut"
    message = N_("This screen has been shut already.")


def open_screen(ledger: Ledger, by: By, *, division: Division, name: str) -> str:
    """Return the token that its browser keeps; nobody can be told it again. Raise `NoScreenNameError`."""
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LIMIT:
        raise NoScreenNameError
    token, now = secrets.token_urlsafe(TOKEN_SIZE), ledger.clock.now()
    with transaction.atomic():
        screen = WallScreen.objects.create(
            division=division, name=name, token_digest=_digest(token), opened_at=now, seen_at=now
        )
        ledger.append("screen.opened", by, {"screen": str(screen.pk), "name": name})
    return token


def shut_screen(ledger: Ledger, by: By, *, division: Division, screen: UUID) -> None:
    """It shows nothing from now on. Raise `ScreenShutError`."""
    with transaction.atomic():
        found = WallScreen.objects.filter(pk=screen, division=division, shut_at=None)
        if not found.update(shut_at=ledger.clock.now()):
            raise ScreenShutError
        ledger.append("screen.shut", by, {"screen": str(screen)})


def screens_of(division: Division) -> Sequence[WallScreen]:
    return list(WallScreen.objects.filter(division=division, shut_at=None).order_by("opened_at"))


def screen_by(token: str, now: datetime) -> WallScreen | None:
    """Whose token this is; None for any other, and for one that was shut."""
    if not token:
        return None
    found = WallScreen.objects.filter(token_digest=_digest(token), shut_at=None)
    screen = found.select_related("division").first()
    if screen is not None and now - screen.seen_at >= _SEEN_EVERY:
        found.update(seen_at=now)
    return screen


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
