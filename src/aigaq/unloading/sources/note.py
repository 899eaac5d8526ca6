"""The signed note of what was cleared: `docs/formats/card.md`, "cleared.txt"."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aigaq.core.clock import KAZAKHSTAN
from aigaq.core.digests import ContentDigest
from aigaq.core.files import displayed
from aigaq.tlog.checkpoint import Note, Signer

LINES = 5_000
"""Of the list, in one note: so that it stays under the million octets that a signed note may have."""

_HEADING = (
    "Бұл карта босатылды: жазбалар қоймада. Карта очищена: записи в хранилище. "
    "This card was cleared: the recordings are in the vault."
)
_LONGEST = 100
"""Octets of a path in the note. The whole path is in the ledger."""


@dataclass(frozen=True, slots=True)
class ClearedFile:
    path: str
    content_digest: ContentDigest
    size: int

    @property
    def line(self) -> str:
        shown = displayed(self.path)
        if len(shown.encode()) > _LONGEST:
            shown = shown.encode()[:_LONGEST].decode("utf-8", "ignore") + "…"
        return f"{self.content_digest} {self.size} {shown}\n"


def cleared_note(
    signer: Signer, cleared: Iterable[ClearedFile], *, installation: str, card: str, unload: str, at: datetime
) -> str:
    """The note's text, signed."""
    lines = [each.line for each in sorted(cleared, key=lambda each: each.path.encode())]
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    more = f"and {len(lines) - LINES} more\n" if len(lines) > LINES else ""
    text = (
        f"{_HEADING}\n"
        f"installation {installation}\n"
        f"card {displayed(card) or '-'}\n"
        f"unload {unload}\n"
        f"cleared {at.astimezone(KAZAKHSTAN).isoformat(timespec='seconds')}\n"
        f"files {len(lines)}\n"
        f"list sha256:{digest}\n"
        "\n" + "".join(lines[:LINES]) + more
    )
    return str(Note(text, ()).signed(signer))
