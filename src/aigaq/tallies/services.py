"""Keeping the figures: they follow the ledger, so that nobody counts ten million recordings to know them.

Each entry is counted once, in the transaction that remembers how far was read (`ledger.following`). Blobs
are counted by their keys, which are given while the ledger's turn is held, so in the order of the entries.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Sum

from aigaq.copies.models import VAULT, BlobCopy
from aigaq.copies.services import COPIED
from aigaq.core.clock import KAZAKHSTAN
from aigaq.core.digests import Digest, MalformedDigestError
from aigaq.ledger.following import follow_together
from aigaq.ledger.models import Follower
from aigaq.ledger.services import Ledger
from aigaq.recordings.models import Blob
from aigaq.recordings.readings import KIND as READ_WITH_FAULTS
from aigaq.retention.disposing import DONE as DISPOSED
from aigaq.retention.disposing import PART as DESTROYED
from aigaq.retention.models import RetentionTerm
from aigaq.retention.terms import TERM_SET
from aigaq.tallies.models import Tally
from aigaq.tlog.entry import Entry

FOLLOWER: Final = "tallies"
_INGESTED: Final = "recording.ingested"
_STORING: Final = frozenset(
    {
        _INGESTED,
        "recording.stored-again",
        "recording.judged",
        "recording.derived",
        "disclosure.demand-registered",
        DESTROYED,
        DISPOSED,
    }
)
"""Entries with which blobs come, or go."""
_BLOBS: Final = 5000
"""Looked at together: more than come with as many entries as are read together."""


class Name(StrEnum):
    RECORDINGS = "recordings"
    """Taken in, ever."""
    FILES = "files"
    OCTETS = "octets"
    """Of these files, as they lay on the card."""
    FAULTY = "faulty"
    """Files that could be read only in part, or in more than one way."""
    DISPOSED = "disposed"
    """Recordings."""
    LAST = "last"
    """By day: recordings that are there, and are kept up to it."""
    STORED = "stored"
    """By day of Kazakhstan's calendar: octets of ciphertext that came into the vault."""
    BLOBS = "blobs"
    """By place: those that are proven to stand there, without those that were disposed of."""
    SIZE = "size"
    """By place: their octets."""
    SEEN = "seen"
    """Key of the last blob that was counted."""


Counted = Counter[tuple[Name, str]]


def catch_up(ledger: Ledger) -> int:
    """Count what was entered since; how many entries were read. Not to be called in a transaction."""
    return follow_together(ledger, FOLLOWER, _KINDS, _count)


def read_to() -> int:
    """The first entry that is not counted yet."""
    return Follower.objects.filter(name=FOLLOWER).values_list("seq", flat=True).first() or 0


def tally(name: Name, label: str = "") -> int:
    return Tally.objects.filter(name=name, label=label).values_list("value", flat=True).first() or 0


def stored_on(first: date, last: date) -> dict[date, int]:
    """Octets of ciphertext that came on each of these days."""
    found = Tally.objects.filter(name=Name.STORED, label__gte=str(first), label__lte=str(last))
    return {date.fromisoformat(label): value for label, value in found.values_list("label", "value")}


def past_their_day(now: datetime) -> int:
    """Recordings whose last day is over by their terms, and that are there; held ones with them."""
    today = now.astimezone(KAZAKHSTAN).date()
    found = Tally.objects.filter(name=Name.LAST, label__lt=str(today))
    return found.aggregate(total=Sum("value"))["total"] or 0


def lacking(place: str) -> tuple[int, int]:
    """Blobs of the vault that are not proven to stand in this copy, and their octets."""
    blobs = tally(Name.BLOBS, VAULT) - tally(Name.BLOBS, place)
    size = tally(Name.SIZE, VAULT) - tally(Name.SIZE, place)
    return max(0, blobs), max(0, size)


def _count(_ledger: Ledger, entries: Sequence[Entry]) -> None:
    counted: Counted = Counter()
    for entry in entries:
        try:
            counted.update(_COUNTS[entry.kind](entry.body) if entry.kind in _COUNTS else {})
        except (KeyError, TypeError, ValueError, AttributeError, MalformedDigestError):
            continue  # `aigaq ledger verify` names it
    if any(entry.kind in _STORING for entry in entries):
        counted.update(_blobs())
    for (name, label), more in sorted(counted.items()):
        if more and not Tally.objects.filter(name=name, label=label).update(value=F("value") + more):
            Tally.objects.create(name=name, label=label, value=more)


def _ingested(body: Any) -> Counted:  # noqa: ANN401 - here and below: what an entry says
    return Counter(
        {
            (Name.RECORDINGS, ""): 0 if body["joins"] else 1,
            (Name.FILES, ""): 1,
            (Name.OCTETS, ""): int(body["size"]),
        }
    )


def _faulty(_body: Any) -> Counted:  # noqa: ANN401
    return Counter({(Name.FAULTY, ""): 1})


def _blobs() -> Counted:
    """Those that came since."""
    seen = tally(Name.SEEN)
    found = Blob.objects.filter(pk__gt=seen).order_by("pk").values_list("pk", "ingested_at", "stored_size")
    counted: Counted = Counter()
    for pk, at, size in found[:_BLOBS]:
        counted[Name.STORED, str(at.astimezone(KAZAKHSTAN).date())] += size
        counted[Name.BLOBS, VAULT] += 1
        counted[Name.SIZE, VAULT] += size
        counted[Name.SEEN, ""] = pk - seen
    return counted


def _copied(body: Any) -> Counted:  # noqa: ANN401
    place, digests = str(body["place"]), [Digest.parse(each["stored_digest"]).hex for each in body["blobs"]]
    found = Blob.objects.filter(stored_digest__in=digests)
    size = found.aggregate(size=Sum("stored_size"))["size"] or 0
    return Counter({(Name.BLOBS, place): len(digests), (Name.SIZE, place): size})


def _terms(body: Any) -> Counted:  # noqa: ANN401
    """A longer term takes the place of the one before."""
    counted: Counted = Counter()
    earlier = _days([UUID(each["recording"]) for each in body["terms"] if each["number"] > 1])
    for each in body["terms"]:
        counted[Name.LAST, date.fromisoformat(each["kept_until"]).isoformat()] += 1
        before = earlier.get((UUID(each["recording"]), each["number"] - 1))
        if before is not None:
            counted[Name.LAST, before.isoformat()] -= 1
    return counted


def _disposed(body: Any) -> Counted:  # noqa: ANN401
    recordings = [UUID(each) for each in body["recordings"]]
    counted: Counted = Counter({(Name.DISPOSED, ""): len(recordings)})
    last = {recording: day for (recording, _number), day in sorted(_days(recordings).items())}
    for day in last.values():
        counted[Name.LAST, day.isoformat()] -= 1
    counted.update(_destroyed(body))
    return counted


def _destroyed(body: Any) -> Counted:  # noqa: ANN401
    counted: Counted = Counter()
    gone = [str(each[1]) for each in body["objects"]]
    for _content, _stored, _size, stored_size, _seq in body["objects"]:
        counted[Name.BLOBS, VAULT] -= 1
        counted[Name.SIZE, VAULT] -= int(stored_size)
    for place, blobs, size in (
        BlobCopy.objects.filter(blob__stored_digest__in=gone)
        .values_list("place")
        .annotate(Count("pk"), Sum("blob__stored_size"))
    ):
        counted[Name.BLOBS, place] -= blobs
        counted[Name.SIZE, place] -= size
    return counted


def _days(recordings: Sequence[UUID]) -> dict[tuple[UUID, int], date]:
    """Of each recording the last day of each of its terms, by number."""
    found = RetentionTerm.objects.filter(recording__in=recordings)
    return {
        (pk, number): day for pk, number, day in found.values_list("recording_id", "number", "kept_until")
    }


_COUNTS: Final[Mapping[str, Callable[[Any], Counted]]] = {
    _INGESTED: _ingested,
    READ_WITH_FAULTS: _faulty,
    COPIED: _copied,
    TERM_SET: _terms,
    DESTROYED: _destroyed,
    DISPOSED: _disposed,
}
_KINDS: Final = _STORING | _COUNTS.keys()
