"""Appending to the ledger: inside the transaction of the act, or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import Clock
from aigaq.ledger.errors import NoTransactionError
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.tlog.checkpoint import Checkpoint as SignedRoot
from aigaq.tlog.checkpoint import Signer
from aigaq.tlog.entry import Actor, ActorKind, Entry
from aigaq.tlog.merkle import Frontier, leaf_hash


@dataclass(frozen=True)
class By:
    """Who acts, under which right, and in which division: goes into the entry as it is."""

    actor: Actor
    right: Mapping[str, Json] | None
    division: str | None


@dataclass(frozen=True)
class Act:
    """What one entry says: several together are appended at the cost of one signature."""

    kind: str
    by: By
    body: Mapping[str, Json]


MACHINE = By(actor=Actor(kind=ActorKind.SYSTEM, id="aigaq", name="Aigaq"), right=None, division=None)
"""The installation itself: unloading, checking, and `aigaq init`, before anybody has a right."""
NOBODY = By(actor=Actor(kind=ActorKind.UNKNOWN, id="", name=""), right=None, division=None)
"""Somebody who has not proven who they are."""


class Ledger:
    """The one writer of entries. Services take it as their first argument; `clock` is the time of the act."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self.signer = signer
        self.clock = clock

    def append(self, kind: str, by: By, body: Mapping[str, Json]) -> LedgerEntry:
        """Append one entry and the signed checkpoint that covers it.

        Raises `NoTransactionError` outside a transaction: an act and its entry stand or fall together.
        """
        return self.append_all([Act(kind, by, body)])[0]

    def append_all(self, acts: Iterable[Act]) -> list[LedgerEntry]:
        """Append entries in this order under one signed checkpoint. Raises as `append`."""
        acts = list(acts)
        if not acts:
            return []
        self.take_turn(acts[0].kind)
        last = Checkpoint.objects.order_by("-size").first()
        frontier = frontier_of(last.frontier) if last else Frontier()
        rows = [self._row(frontier, act) for act in acts]
        LedgerEntry.objects.bulk_create(rows)
        root = SignedRoot(self.signer.name, frontier.size, frontier.root())
        Checkpoint.objects.create(
            size=frontier.size, note=root.signed(self.signer), frontier=frontier_text(frontier)
        )
        return rows

    def take_turn(self, kind: str = "") -> None:
        """Wait until no other transaction can append, and keep it so until this one ends.

        `append` does it by itself. An act that first looks and then writes what nobody else may have
        written in the meantime takes its turn before it looks. Raises `NoTransactionError`.
        """
        connection = transaction.get_connection()
        if not connection.in_atomic_block:
            raise NoTransactionError(kind=kind)
        # SQLite's immediate transaction has the turn already.
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE ledger_checkpoint IN SHARE ROW EXCLUSIVE MODE")

    def _row(self, frontier: Frontier, act: Act) -> LedgerEntry:
        entry = Entry(
            seq=frontier.size,
            kind=act.kind,
            at=self.clock.now(),
            actor=act.by.actor,
            right=act.by.right,
            division=act.by.division,
            body=act.body,
        )
        leaf = leaf_hash(entry.octets)
        frontier.append(leaf)
        return LedgerEntry(
            seq=entry.seq, entry=entry.octets.decode(), leaf_hash=leaf.hex(), kind=entry.kind, at=entry.at
        )


def frontier_text(frontier: Frontier) -> str:
    """As a checkpoint keeps it."""
    return " ".join([str(frontier.size), *(digest.hex() for digest in frontier.digests)])


def frontier_of(text: str) -> Frontier:
    """The inverse of `frontier_text`."""
    size, *digests = text.split(" ")
    return Frontier(int(size), map(bytes.fromhex, digests))
