"""Whether the server's clock is trusted with a disposal, and the head's word where it is not."""

from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from aigaq.accounts.services import prove_identity
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.services.acting import require
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import standing_of
from aigaq.regulation.profile import Profile
from aigaq.retention import clock_rules, rules
from aigaq.retention.clock_rules import Clock
from aigaq.retention.models import ClockConfirmation
from aigaq.retention.rules import Acting

CONFIRMED = "retention.clock-confirmed"
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No installation is older: a clock that says less was never set."""


def clock_of(now: datetime, profile: Profile) -> Clock:
    """What the entries since the head's last word tell of the time."""
    since = _last_word()
    entries = LedgerEntry.objects.filter(seq__gt=since.seq if since else -1)
    found = entries.aggregate(first=Min("at"), newest=Max("at"))
    begin = since.confirmed_at if since else found["first"]
    if begin is None:
        return Clock(now=now, reached=_EARLIEST, newest=_EARLIEST)
    reached, step = begin, timedelta(days=profile.retention.gap_days)
    while True:
        # As far as each step leads: of three years that are two hundred looks into an index.
        further = entries.filter(at__gt=reached, at__lte=reached + step).aggregate(at=Max("at"))["at"]
        if further is None:
            return Clock(now=now, reached=reached, newest=max(begin, found["newest"] or begin))
        reached = further


def high_water(before: int) -> datetime:
    """The highest time that the ledger had before the entry with that number, since the head's last word."""
    since = ClockConfirmation.objects.filter(seq__lt=before).order_by("-seq").first()
    entries = LedgerEntry.objects.filter(seq__lt=before, seq__gt=since.seq if since else -1)
    found = entries.order_by("-at").values_list("at", flat=True).first()
    return max(_EARLIEST, *(each for each in (found, since and since.confirmed_at) if each))


def confirm_day(
    ledger: Ledger,
    by: By,
    *,
    division: Division,
    head: Person,
    day: date,
    password: str,
    address: str,
    profile: Profile,
) -> ClockConfirmation:
    """The head types which day it is. Not to be called inside a transaction.

    Raises the refusals of `rules.refusal_to_act` and `clock_rules.refusal_to_confirm`, and those of accounts.
    """
    require(rules.refusal_to_act(_acting(ledger, by, head, division)))
    assert head.user is not None  # whoever is at a page has a login
    prove_identity(ledger, head.user, password, purpose="clock", address=address)
    with transaction.atomic():
        ledger.take_turn(CONFIRMED)
        require(rules.refusal_to_act(_acting(ledger, by, head, division)))
        clock = clock_of(ledger.clock.now(), profile)
        # What was entered a moment ago, the proof of the password too, may have bridged nothing.
        require(clock_rules.refusal_to_confirm(clock, profile.retention.gap_days, day))
        body: dict[str, Json] = {
            "division": {"id": str(division.pk), "name": division.name},
            "day": day.isoformat(),
            "reached": rfc3339(clock.reached),
            "confirmed_at": rfc3339(clock.now),
        }
        return ClockConfirmation.objects.create(
            division=division,
            day=day,
            reached=clock.reached,
            by=head,
            confirmed_at=clock.now,
            seq=ledger.append(CONFIRMED, by, body).seq,
        )


def _last_word() -> ClockConfirmation | None:
    return ClockConfirmation.objects.order_by("-seq").first()


def _acting(ledger: Ledger, by: By, head: Person, division: Division) -> Acting:
    return Acting(by=by, head=standing_of(head, ledger.clock.now()), division=division)
