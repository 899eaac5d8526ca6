"""Letters on their way out: at least once each, by one sender at a time, whoever is killed in between.

A sender takes a letter by compare-and-set and has it for a lease. If it dies, the lease ends and another
takes the letter up. No transaction is open while a way is at work, and nobody's act waits for one.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Max

from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import Ledger
from aigaq.notices import rules, wording
from aigaq.notices.errors import NotSentError, UnreachableError
from aigaq.notices.models import Letter
from aigaq.notices.ways.base import REASON_LIMIT, BrokenWay, Outgoing, Way

AT_ONCE: Final = 50
"""Letters in one round."""
CLOSED_FOR: Final = timedelta(minutes=1)
"""How long nothing is tried by a way that could not be reached."""


def send_due(
    ledger: Ledger,
    ways: Mapping[str, Way],
    page: str,
    *,
    is_over: Callable[[], bool] = lambda: False,
) -> int:
    """Try every letter whose time has come, the oldest first; how many were taken over by their ways.

    `page` is the address that letters lead to. `is_over` says that no further letter is to be begun.
    """
    sent, closed = 0, set[str]()
    due = Letter.objects.filter(next_at__lte=ledger.clock.now()).select_related("notice")
    for letter in due.order_by("next_at", "pk")[:AT_ONCE]:
        if is_over():
            break
        if letter.way in closed or not _claim(ledger, letter):
            continue
        if _is_too_old(letter, ledger.clock.now()):
            _put_down(letter, None, letter.last_error)
            continue
        try:
            _way_of(ways, letter).send(_outgoing(letter, page))
        except NotSentError as error:
            _failed(ledger, letter, error)
            if isinstance(error, UnreachableError):
                closed.add(letter.way)
                _close(ledger, letter.way)
        else:
            _sent(ledger, letter)
            sent += 1
    return sent


def _claim(ledger: Ledger, letter: Letter) -> bool:
    """Compare and set: whoever comes second finds that it is somebody else's."""
    now = ledger.clock.now()
    as_read = Letter.objects.filter(pk=letter.pk, attempts=letter.attempts, next_at=letter.next_at)
    letter.next_at, letter.attempts = now + rules.LEASE, letter.attempts + 1
    return as_read.update(next_at=letter.next_at, attempts=F("attempts") + 1) == 1


def _sent(ledger: Ledger, letter: Letter) -> None:
    """Whoever else may have it by now: it went out."""
    Letter.objects.filter(pk=letter.pk).update(sent_at=ledger.clock.now(), next_at=None, last_error="")


def _failed(ledger: Ledger, letter: Letter, error: NotSentError) -> None:
    then = None
    if not error.is_final:
        then = rules.next_attempt(_since(letter), letter.attempts, ledger.clock.now())
    _put_down(letter, then, error.reason[:REASON_LIMIT])


def _is_too_old(letter: Letter, now: datetime) -> bool:
    told_long_ago = now - letter.notice.created_at > rules.GIVE_UP_AFTER
    return told_long_ago and now - _since(letter) > rules.GIVE_UP_AFTER


def _since(letter: Letter) -> datetime:
    """From when on it could reach them: an address that was entered later is tried from the beginning."""
    notice = letter.notice
    entered = LedgerEntry.objects.filter(
        kind=rules.EMAIL_SET, at__gt=notice.created_at, entry__contains=f'"person":"{notice.person_id}"'
    )
    return entered.aggregate(at=Max("at"))["at"] or notice.created_at


def _put_down(letter: Letter, then: datetime | None, reason: str) -> None:
    """Unless the lease has ended and somebody else has it, or whom it tells has seen it on the screen."""
    still_mine = Letter.objects.filter(pk=letter.pk, attempts=letter.attempts, next_at=letter.next_at)
    still_mine.update(next_at=then, last_error=reason)


def _close(ledger: Ledger, way: str) -> None:
    """The rest wait a little, as trying them would tell nothing new."""
    now = ledger.clock.now()
    Letter.objects.filter(way=way, next_at__lte=now).update(next_at=now + CLOSED_FOR)


def _way_of(ways: Mapping[str, Way], letter: Letter) -> Way:
    return ways.get(letter.way) or BrokenWay(letter.way, f"“{letter.way}” is not set up")


def _outgoing(letter: Letter, page: str) -> Outgoing:
    notice = letter.notice
    return Outgoing(
        id=str(notice.pk),
        at=notice.created_at,
        address=letter.address,
        subject=wording.subject(notice),
        text=wording.text(notice, f"{page}#n-{notice.pk}"),
    )
