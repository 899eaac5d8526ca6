"""Keeping the terms of every recording: they follow from entries of the ledger, and can be made anew.

The index is derived: nothing is lost with it, and `rebuild` makes it again. It follows the ledger as
incidents and notices do, but reads without its turn: a batch may be large, and nobody should wait for it. So
two who follow at the same time are told apart when they write: who comes second writes nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection, transaction

from aigaq.incidents.models import Incident
from aigaq.incidents.rules import row_of
from aigaq.ledger.models import Follower, LedgerEntry
from aigaq.ledger.services import Ledger
from aigaq.recordings.models import Recording
from aigaq.review.describing import Described, describe
from aigaq.review.models import Indexed, SearchTerm
from aigaq.tlog.entry import Entry
from aigaq.tlog.errors import MalformedEntryError

FOLLOWER: Final = "search"
_AT_ONCE: Final = 500
"""Entries read, or recordings described, together; within what SQLite takes as one list."""
_NUMBER: Final = 4
"""Octets of a term's number."""

One = TypeVar("One")


def catch_up(_ledger: Ledger) -> int:
    """Index what the entries written since have touched; how many entries were read.

    Not to be called inside a transaction.
    """
    read = 0
    while step := catch_up_a_little():
        read += step
    return read


def catch_up_a_little() -> int:
    """The next few hundred entries; how many were read. For who can't wait for all of them."""
    read = Follower.objects.filter(name=FOLLOWER).values_list("seq", flat=True).first() or 0
    entries = list(LedgerEntry.objects.filter(seq__gte=read).order_by("seq")[:_AT_ONCE])
    if not entries:
        return 0
    touched = list(_touched(entries))
    # Described before the turn to write: that may take a while, and what comes meanwhile is read next.
    described = [each for some in _some(touched) for each in describe(some)]
    with transaction.atomic(durable=True):
        if not _come_to(entries[-1].seq + 1, read):
            return 0
        for some in _some(described):
            _write(some)
    return len(entries)


def behind() -> int:
    """Entries that are not read yet."""
    read = Follower.objects.filter(name=FOLLOWER).values_list("seq", flat=True).first() or 0
    last = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
    return 0 if last is None else max(0, last + 1 - read)


def rebuild(ledger: Ledger, on_progress: Callable[[int], None] | None = None) -> int:
    """Throw the index away and follow the ledger from its beginning; how many recordings are in it then.

    For an index that is doubted: whoever owns the database could have taken recordings out of it. Meanwhile
    searches say that there is more to read; cut off, it goes on with the next `catch_up`. Not to be called
    inside a transaction.
    """
    with transaction.atomic(durable=True):
        ledger.take_turn(FOLLOWER)
        with connection.cursor() as cursor:
            for table in ("review_posting", "review_indexed", "review_searchterm"):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - no value in it
        Follower.objects.update_or_create(name=FOLLOWER, defaults={"seq": 0})
    read = 0
    while step := catch_up_a_little():
        read += step
        if on_progress is not None:
            on_progress(read)
    return Indexed.objects.count()


def index(ids: Iterable[UUID]) -> None:
    """Index these recordings by what is written of them now."""
    for some in _some(ids):
        _write(describe(some))


def _come_to(seq: int, read: int) -> bool:
    """Whether it was us who came there: somebody else may have read the same entries meanwhile."""
    Follower.objects.get_or_create(name=FOLLOWER, defaults={"seq": 0})
    return bool(Follower.objects.filter(name=FOLLOWER, seq=read).update(seq=seq))


def _touched(entries: Iterable[LedgerEntry]) -> Iterator[UUID]:
    """Recordings of which these entries say something, each once."""
    recordings: dict[UUID, None] = {}
    rows: set[UUID] = set()
    for entry in entries:
        if not entry.kind.startswith(_KINDS):
            continue
        try:
            named, placed_on = _named_in(Entry.parse(entry.entry.encode()))
        except (MalformedEntryError, KeyError, TypeError, ValueError, AttributeError):
            continue  # `aigaq ledger verify` names it
        recordings.update(dict.fromkeys(named))
        rows |= placed_on
    for some in _some(rows):
        of_rows = Recording.objects.filter(placement__row__in=some)
        recordings.update(dict.fromkeys(of_rows.values_list("pk", flat=True)))
    return iter(recordings)


_KINDS: Final = ("recording.ingested", "recording.placed", "journal.", "incidents.", "review.")


def _named_in(entry: Entry) -> tuple[list[UUID], set[UUID]]:
    """The recordings and the rows that the entry speaks of."""
    body: Any = entry.body
    if entry.kind == "recording.placed":
        return [UUID(each) for each in body["recordings"]], set()
    if entry.kind == "incidents.opened":
        return [], {UUID(body["row"])} if body["row"] else set()
    if entry.kind == "incidents.decided":
        of = Incident.objects.filter(pk=UUID(body["document"]["incident"]["id"]))
        return [], {row for row in of.values_list("row_id", flat=True) if row is not None}
    if entry.kind.startswith("journal."):
        row = row_of(entry)
        replaced = body.get("document", {}).get("replaces")
        also = {UUID(replaced["row"]["id"])} if replaced else set()
        return [], also | ({row} if row else set())
    recording, row = body.get("recording"), body.get("row")
    of_row = {UUID(row["id"])} if isinstance(row, dict) else set()
    return [UUID(recording)] if recording else [], of_row


def _write(described: Sequence[Described]) -> None:
    numbers = _numbers(described)
    before = Indexed.objects.in_bulk([each.recording for each in described])
    gone: list[tuple[int, int, bytes]] = []
    come: list[tuple[int, int, bytes]] = []
    changed: list[Indexed] = []
    for each in described:
        known = before.get(each.recording)
        had = set(unpacked(known.terms)) if known else set()
        has = {numbers[each.division, text] for text in each.terms}
        key = (each.at, each.recording.bytes)
        gone += [(number, *key) for number in had - has]
        come += [(number, *key) for number in sorted(has - had)]
        if known is None or had != has:
            changed.append(Indexed(recording_id=each.recording, terms=packed(has)))
    with connection.cursor() as cursor:
        if gone:
            cursor.executemany(
                "DELETE FROM review_posting WHERE term = %s AND at = %s AND recording = %s", gone
            )
        if come:
            cursor.executemany(
                "INSERT INTO review_posting (term, at, recording) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                come,
            )
    Indexed.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["recording"], update_fields=["terms"]
    )


def _numbers(described: Sequence[Described]) -> Mapping[tuple[UUID, bytes], int]:
    """Of all their terms; those that are new get theirs."""
    by_division: dict[UUID, set[bytes]] = {}
    for each in described:
        by_division.setdefault(each.division, set()).update(each.terms)
    numbers: dict[tuple[UUID, bytes], int] = {}
    for division, wanted in by_division.items():
        for some in _some(sorted(wanted)):
            known = _known(division, some)
            missing = [text for text in some if text not in known]
            if missing:
                SearchTerm.objects.bulk_create(
                    [SearchTerm(division_id=division, text=text) for text in missing], ignore_conflicts=True
                )
                known |= _known(division, missing)
            numbers |= {(division, text): number for text, number in known.items()}
    return numbers


def _known(division: UUID, texts: Collection[bytes]) -> dict[bytes, int]:
    found = SearchTerm.objects.filter(division=division, text__in=texts).values_list("text", "pk")
    return {bytes(text): number for text, number in found}


def packed(numbers: Iterable[int]) -> bytes:
    return b"".join(number.to_bytes(_NUMBER, "big") for number in sorted(numbers))


def unpacked(octets: bytes | memoryview) -> list[int]:
    octets = bytes(octets)
    return [
        int.from_bytes(octets[place : place + _NUMBER], "big") for place in range(0, len(octets), _NUMBER)
    ]


def _some(of: Iterable[One]) -> Iterator[list[One]]:
    rest = iter(of)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
