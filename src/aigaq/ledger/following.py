"""Acting upon entries after they were written: each once, in their order, whatever was killed in between.

A follower reads the ledger from its beginning and remembers how far it has come, in the same transaction in
which it acts. So what follows from an entry happens though the process that wrote it died a moment later, and
happens once though two processes follow at the same time.
"""

from collections.abc import Callable, Sequence

from django.db import transaction

from aigaq.ledger.models import Follower, LedgerEntry
from aigaq.ledger.services import Ledger
from aigaq.tlog.entry import Entry

AT_ONCE = 200
"""Entries read in one transaction."""


def follow(ledger: Ledger, name: str, kinds: Sequence[str], act: Callable[[Ledger, Entry], None]) -> int:
    """Give `act` every entry of `kinds` that `name` has not seen yet; how many these were.

    `act` runs inside the transaction that remembers it, holding the ledger's turn, so it may append. If it
    raises, nothing of the batch has happened. Entries of other kinds are passed over. Not to be called
    inside a transaction.
    """
    acted = 0
    while True:
        done, read = _batch(ledger, name, kinds, act)
        acted += done
        if not read:
            return acted


def _batch(
    ledger: Ledger, name: str, kinds: Sequence[str], act: Callable[[Ledger, Entry], None]
) -> tuple[int, bool]:
    """How many entries were acted upon, and whether there may be more."""
    if not _is_behind(name):
        return 0, False
    with transaction.atomic(durable=True):
        ledger.take_turn(name)
        follower, _new = Follower.objects.get_or_create(name=name, defaults={"seq": 0})
        newest = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
        found = list(
            LedgerEntry.objects.filter(seq__gte=follower.seq, kind__in=kinds).order_by("seq")[:AT_ONCE]
        )
        for row in found:
            act(ledger, Entry.parse(row.entry.encode()))
        is_full = len(found) == AT_ONCE
        follower.seq = found[-1].seq + 1 if is_full else (newest + 1 if newest is not None else 0)
        follower.save(update_fields=["seq"])
    return len(found), True


def _is_behind(name: str) -> bool:
    """Asked without a turn, so that a follower that has read everything costs nobody anything."""
    newest = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
    if newest is None:
        return False
    read = Follower.objects.filter(name=name).values_list("seq", flat=True).first()
    return read is None or read <= newest
