"""Entering looks: before anything is shown, durably, and no more often than it takes to cover each octet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from django.db import transaction

from aigaq.access.models import EnteredLook
from aigaq.access.stretches import LASTS, Scale, Stretch, reach
from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import Act, By, Ledger
from aigaq.tlog.entry import ActorKind, Entry

Look = Literal[
    "listed", "searched", "duty-viewed", "viewed", "played", "still", "downloaded", "recovery-key", "unlocked"
]
"""What is looked at or had, and the opening of the vault for it; each is an entry ``access.<look>``."""
AREA = "access."
INDEXED = frozenset(f"{AREA}{each}" for each in get_args(Look))
"""Kinds of entries that have a row of `EnteredLook`."""


def look(ledger: Ledger, by: By, act: Look, body: Mapping[str, Json]) -> LedgerEntry:
    """Enter a look, durably when this returns: the bytes are served after it, or not at all.

    Refuses to run inside a transaction, which could still be rolled back under the bytes.
    """
    with transaction.atomic(durable=True):
        return enter(ledger, by, act, body)


def enter(ledger: Ledger, by: By, act: Look, body: Mapping[str, Json]) -> LedgerEntry:
    """The same within the caller's transaction."""
    return enter_all(ledger, by, act, [body])[0]


def enter_all(ledger: Ledger, by: By, act: Look, bodies: Iterable[Mapping[str, Json]]) -> list[LedgerEntry]:
    """Many at once, under one signature: nobody waits for the ledger's turn while thousands are signed."""
    entered = ledger.append_all(Act(f"{AREA}{act}", by, body) for body in bodies)
    EnteredLook.objects.bulk_create(indexed(Entry.parse(each.entry.encode())) for each in entered)
    return entered


@dataclass(frozen=True, slots=True)
class Octets:
    """What somebody looks at: octets of a file, whose, and through which opening of the vault."""

    digest: str
    """Of the octets that are sent, as entries spell it."""
    scale: Scale
    viewing: UUID
    file: UUID
    about: Mapping[str, Json]
    """What the entry says beside: the recording, the file and its `content_digest`."""


class Grants:
    """Which octets may be sent: asked before each piece, and enters what no entry covers yet.

    The ledger is what counts, not this object: two requests of one player, in two processes, find each
    other's stretches. Those that race for one take the ledger's turn, and the second finds it entered.
    """

    def __init__(self, ledger: Ledger, by: By, act: Look, octets: Octets) -> None:
        self._ledger = ledger
        self._by = by
        self._act = act
        self._octets = octets
        self._granted: list[Stretch] = []
        self._good_until: datetime | None = None

    def covered(self, offset: int) -> int:
        """The last octet up to which all from `offset` on are entered. Enters a stretch if that is not.

        Durable when this returns; never called inside a transaction. What the database raises is passed on.
        """
        now = self._ledger.clock.now()
        if self._good_until is not None and now >= self._good_until:
            self._granted = []
        last = reach(self._granted, offset)
        return last if last is not None else self._looked_up(offset)

    def anew(self) -> None:
        """Enter the whole, though it is covered: of what is told each time it is had."""
        with transaction.atomic(durable=True):
            enter(self._ledger, self._by, self._act, self._body(Stretch(0, self._octets.scale.size - 1)))

    def _looked_up(self, offset: int) -> int:
        self._read()
        last = reach(self._granted, offset)
        return last if last is not None else self._entered(offset)

    def _entered(self, offset: int) -> int:
        scale = self._octets.scale
        with transaction.atomic(durable=True):
            self._ledger.take_turn(self._act)
            self._read()
            last = reach(self._granted, offset)
            if last is None:
                stretch = scale.grant(self._granted, offset)
                enter(self._ledger, self._by, self._act, self._body(stretch))
                self._granted.append(stretch)
                last = stretch.last
        return last

    def _read(self) -> None:
        """What this viewing was granted and may still be sent."""
        now = self._ledger.clock.now()
        found = EnteredLook.objects.filter(
            viewing=self._octets.viewing,
            digest=self._octets.digest,
            file=self._octets.file,
            kind=self._act,
            person=UUID(self._by.actor.id),
            until__gt=now,
        )
        self._granted, self._good_until = [], now + LASTS
        for first, last, until in found.values_list("first", "last", "until"):
            if first is not None and last is not None and until is not None:
                self._granted.append(Stretch(first, last))
                self._good_until = min(self._good_until, until)

    def _body(self, stretch: Stretch) -> dict[str, Json]:
        octets = self._octets
        body: dict[str, Json] = {
            **octets.about,
            "file": str(octets.file),
            "first": stretch.first,
            "last": stretch.last,
            "size": octets.scale.size,
            "viewing": str(octets.viewing),
            "until": rfc3339(self._ledger.clock.now() + LASTS),
        }
        if octets.digest != octets.about.get("content_digest"):
            body["sent_digest"] = octets.digest
        lasts = octets.scale.milliseconds(stretch)
        if lasts is not None:
            body |= {"from_ms": lasts[0], "to_ms": lasts[1]}
        return body


def indexed(entry: Entry) -> EnteredLook:
    """The row of the index for an entry of one of the `INDEXED` kinds. What it leaves out stays empty."""
    body = entry.body
    is_person = entry.actor.kind == ActorKind.PERSON
    return EnteredLook(
        seq=entry.seq,
        kind=entry.kind.removeprefix(AREA),
        at=entry.at,
        division=_uuid(entry.division),
        person=_uuid(entry.actor.id) if is_person else None,
        row=_uuid(body.get("row")),
        recording=_uuid(body.get("recording")),
        file=_uuid(body.get("file")),
        viewing=_uuid(body.get("viewing")),
        digest=_text(body.get("sent_digest", body.get("content_digest"))),
        first=_whole(body.get("first")),
        last=_whole(body.get("last")),
        from_ms=_whole(body.get("from_ms")),
        to_ms=_whole(body.get("to_ms")),
        until=_instant(body.get("until")),
    )


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _instant(value: object) -> datetime | None:
    try:
        return parse_rfc3339(value) if isinstance(value, str) else None
    except ValueError:
        return None
