"""Forms that were sent: who sends the same again is told where it ended, and it is not done again.

No evidence. A row is committed before the act begins, so of two processes one is the first.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from aigaq.accounts.models import Press

KEPT: Final = timedelta(hours=1)


def begin(digest: str, now: datetime) -> bool:
    """False where the same is being done already, or is done. Not to be called inside a transaction."""
    with transaction.atomic():
        # What another is pruning is left to it: two that delete the same rows could wait for each other.
        over = Press.objects.filter(pressed_at__lte=now - KEPT).select_for_update(skip_locked=True)
        Press.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()
        _press, is_first = Press.objects.get_or_create(digest=digest, defaults={"pressed_at": now})
    return is_first


def end(digest: str, location: str) -> None:
    Press.objects.filter(digest=digest).update(location=location)


def forget(digest: str) -> None:
    """It was refused: the same may be sent again, and is heard again."""
    Press.objects.filter(digest=digest).delete()


def known(digest: str) -> Press | None:
    """As it stands now; None where it was refused meanwhile."""
    return Press.objects.filter(digest=digest).first()
