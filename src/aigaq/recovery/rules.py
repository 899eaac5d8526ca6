"""When the ledger's copy in the vault is due: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

PATIENCE: Final = timedelta(seconds=60)
"""So long an entry may be in the database alone."""
MOST: Final = 500
"""So many entries may be."""
AT_ONCE: Final = frozenset(
    {
        "access.reader-added",
        "access.reader-removed",
        "backup.made",
        "card.cleared",
        "journal.unloaded",
        "vault.rotated",
    }
)
"""Kinds of entries that are copied at once: what a card gave up, and who can open the vault."""


@dataclass(frozen=True, slots=True)
class Lag:
    """What the copy does not have yet."""

    entries: int
    oldest_at: datetime | None
    kinds: frozenset[str]


def is_due(lag: Lag, now: datetime) -> bool:
    if not lag.entries or lag.oldest_at is None:
        return False
    waited = now - lag.oldest_at
    # A clock that was set back must not hold the copy up.
    return lag.entries >= MOST or bool(lag.kinds & AT_ONCE) or not timedelta(0) <= waited < PATIENCE
