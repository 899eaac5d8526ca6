"""Acting upon entries after they were written: each once, in their order, whatever was killed in between.

A follower reads the ledger from its beginning and remembers how far it has come, in the same transaction in
which it acts. So what follows from an entry happens though the process that wrote it died a moment later, and
happens once though two processes follow at the same time: whoever appends holds the ledger's turn until the
end, so entries become visible in their order; and so does whoever follows.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import takewhile

from django.db import transaction

from aigaq.ledger.models import Follower, LedgerEntry
from aigaq.ledger.services import Ledger
from aigaq.tlog.entry import Entry
from aigaq.tlog.errors import MalformedEntryError

AT_ONCE = 500
"""Entries looked at in one transaction, so that nobody waits long for the ledger's turn."""


def follow(
    ledger: Ledger,
    name: str,
    kinds: Collection[str],
    act: Callable[[Ledger, Entry], None],
    *,
    until: datetime | None = None,
) -> int:
    """Give `act` every entry of `kinds` that `name` has not seen yet; how many these were.

    With `until` it goes no further than the first entry that is not older: what follows from time that has
    passed since an act is a matter of following slowly.

    `act` runs inside the transaction that remembers it, holding the ledger's turn, so it may append (what is
    of `kinds` itself comes to it in turn). If it raises, nothing of the batch has happened, and the next call
    begins with the same entry: so `act` raises only for what may be gone by then. An entry that can't be read
    is passed over; `aigaq ledger verify` names it. Not to be called inside a transaction.
    """

    def each(ledger: Ledger, entries: Sequence[Entry]) -> None:
        for entry in entries:
            act(ledger, entry)

    return follow_together(ledger, name, kinds, each, until=until)


def follow_together(
    ledger: Ledger,
    name: str,
    kinds: Collection[str],
    act: Callable[[Ledger, Sequence[Entry]], None],
    *,
    until: datetime | None = None,
) -> int:
    """As `follow`, but `act` is given up to `AT_ONCE` entries at a time, and may do one thing for all."""
    acted = 0
    while _has_work(name, kinds, until):
        acted += _batch(ledger, name, kinds, act, until)
    return acted


def _batch(
    ledger: Ledger,
    name: str,
    kinds: Collection[str],
    act: Callable[[Ledger, Sequence[Entry]], None],
    until: datetime | None,
) -> int:
    """How many entries were acted upon. Whoever was quicker has left nothing, and that is well."""
    with transaction.atomic(durable=True):
        ledger.take_turn(name)
        follower, _new = Follower.objects.get_or_create(name=name, defaults={"seq": 0})
        ahead = _ahead(follower.seq, until)
        entries = _read([seq for seq, kind in ahead if kind in kinds])
        if entries:
            act(ledger, entries)
        if ahead:
            follower.seq = ahead[-1][0] + 1
            follower.save(update_fields=["seq"])
    return len(entries)


def _has_work(name: str, kinds: Collection[str], until: datetime | None) -> bool:
    """Asked without a turn and without writing, so that following costs nobody anything while nothing is new.

    Entries of other kinds are left to be passed over later, a full batch of them at a time.
    """
    read = Follower.objects.filter(name=name).values_list("seq", flat=True).first() or 0
    ahead = _ahead(read, until)
    return len(ahead) == AT_ONCE or any(kind in kinds for _seq, kind in ahead)


def _ahead(seq: int, until: datetime | None) -> list[tuple[int, str]]:
    """Number and kind of the entries from `seq` on, as many as are looked at together.

    By number alone: a database that is asked for kinds too may go through all that were ever written.
    """
    found = LedgerEntry.objects.filter(seq__gte=seq).order_by("seq")
    ahead = found.values_list("seq", "kind", "at")[:AT_ONCE]
    return [(seq, kind) for seq, kind, _at in takewhile(lambda each: until is None or each[2] < until, ahead)]


def _read(seqs: list[int]) -> list[Entry]:
    rows = LedgerEntry.objects.filter(seq__in=seqs).order_by("seq")
    found = [_parsed(row) for row in rows]
    return [entry for entry in found if entry is not None]


def _parsed(row: LedgerEntry) -> Entry | None:
    try:
        entry = Entry.parse(row.entry.encode())
    except MalformedEntryError:
        return None
    return entry if entry.seq == row.seq else None
