"""Appending to the ledger: inside the transaction of the act, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import Clock
from aigaq.ledger.errors import NoTransactionError
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.tlog.checkpoint import sign_checkpoint
from aigaq.tlog.entry import Actor, Entry
from aigaq.tlog.merkle import Frontier, leaf_hash
from aigaq.tlog.signing import Signer


@dataclass(frozen=True)
class By:
    """Who acts, under which right, and in which division: goes into the entry as it is."""

    actor: Actor
    right: Mapping[str, Json] | None
    division: str | None


MACHINE = By(actor=Actor(kind="system", id="aigaq", name="Aigaq"), right=None, division=None)


class Ledger:
    """The one writer of entries. Services take it as their first argument; `clock` is the time of the act."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self.signer = signer
        self.clock = clock

    def append(self, kind: str, by: By, body: Mapping[str, Json]) -> LedgerEntry:
        """Append one entry and the signed checkpoint that covers it.

        Raises `NoTransactionError` outside a transaction: an act and its entry stand or fall together.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        if not connection.in_atomic_block:
            raise NoTransactionError(kind=kind)
        _wait_for_turn()
        last = Checkpoint.objects.order_by("-size").first()
        frontier = Frontier.parse(last.frontier) if last else Frontier()
        entry = Entry(
            seq=frontier.size,
            kind=kind,
            at=self.clock.now(),
            actor=by.actor,
            right=dict(by.right) if by.right is not None else None,
            division=by.division,
            body=dict(body),
        )
        leaf = leaf_hash(entry.octets)
        frontier.append(leaf)
        row = LedgerEntry.objects.create(
            seq=entry.seq, entry=entry.octets.decode(), leaf_hash=leaf.hex(), kind=kind, at=entry.at
        )
        Checkpoint.objects.create(
            size=frontier.size,
            note=sign_checkpoint(self.signer, frontier.size, frontier.root()),
            frontier=str(frontier),
        )
        return row


def _wait_for_turn() -> None:
    """One appender at a time. SQLite's immediate transaction already sees to it."""
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_checkpoint IN SHARE ROW EXCLUSIVE MODE")
