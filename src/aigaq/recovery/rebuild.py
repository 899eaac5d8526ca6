"""A database made anew, or brought up to date, from the ledger's copy in the vault: all of it or nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from django.core.management.color import no_style
from django.db import connection, transaction

from aigaq.access.models import KeyWrap
from aigaq.accounts.models import User
from aigaq.copies.selectors import standing
from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.incidents.services import find_undecided
from aigaq.journal.models import JournalRow
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import MACHINE, Ledger, frontier_of, frontier_text
from aigaq.ledger.tables import digest_of_json
from aigaq.recordings.models import Recording
from aigaq.recovery import copying
from aigaq.recovery.errors import (
    CopyForgedError,
    CopyIncompleteError,
    NoCopyError,
    OtherHistoryError,
    OtherLedgerError,
    UnknownTableError,
)
from aigaq.recovery.rows import RowWriter, put_back
from aigaq.recovery.segments import Row, Segment, stated
from aigaq.recovery.shelf import Chain, LedgerCopy, Link
from aigaq.recovery.statements import CARRIED, KEPT, KEYS, SIGHTINGS, STATEMENTS, WHOLE
from aigaq.registry.models import Card, Recorder
from aigaq.review.indexing import FOLLOWER as SEARCH
from aigaq.review.samples import find_finished
from aigaq.tallies.services import FOLLOWER as TALLIES
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.entry import Entry
from aigaq.tlog.errors import MalformedEntryError, MalformedKeyError
from aigaq.tlog.merkle import Frontier
from aigaq.vault.age import AgeNoMatchError, Identity
from aigaq.vault.errors import BesideMissingError, StoreReadError, VaultReadError
from aigaq.vault.layout import BlobName
from aigaq.vault.store import Vault

_UNUSABLE: Final = "!"
"""A password that nothing matches, as Django spells it."""
_MUTABLE: Final = {each.table.label: each.table for each in reversed(KEPT)} | {
    table.label: table for table in (SIGHTINGS, *WHOLE)
}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came back."""

    begun: int
    """Entries that the database had before."""
    entries: int
    """Entries that it has now, up to the copy's end."""
    recordings: int
    missing: tuple[BlobName, ...]
    """What the catalogue knows and the vault does not have."""
    unentered: tuple[BlobName, ...]
    """What the vault has and no entry tells of: stored after the newest copy was written."""


def rebuild(
    copy: LedgerCopy,
    identities: Sequence[Identity],
    key: VerifierKey,
    ledger: Ledger | None = None,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[int, int]:
    """Bring an empty or an older database to where the vault's copy is: the entries before, and after.

    In one transaction. Entries are taken octet for octet, proven against the checkpoint beside each file;
    rows are made from them. `ledger` enters that it was done; without it nothing is added. A database that
    is up to date stays as it is. Raises `NoCopyError`, `OtherHistoryError`, `CopyIncompleteError` or
    `CopyForgedError`; the database is then as it was.
    """
    newest = copy.newest(key)
    if newest is None:
        raise NoCopyError(place=copy.shelf.place)
    with transaction.atomic(durable=True):
        work = _Work(copy, identities, key, newest)
        begun = work.begun
        if begun >= newest.name.stop:
            copying.require_current(copy, key)
            return begun, begun
        while work.size < newest.name.stop:
            work.take_next()
            if on_progress is not None:
                on_progress(work.size, newest.name.stop)
        work.finish()
        if ledger is not None:
            about: dict[str, Json] = {
                "from": begun,
                "to": work.size,
                "copy": str(newest.name.stored),
            }
            ledger.append("recovery.rebuilt", MACHINE, about)
    return begun, newest.name.stop


def looked_over(vault: Vault, begun: int, entries: int) -> Rebuilt:
    """What of the catalogue is in the vault, and what is there besides, by the names alone."""
    missing, unentered = compared(_catalogued(), _there(vault))
    return Rebuilt(begun, entries, Recording.objects.count(), tuple(missing), tuple(unentered))


def compared(known: Iterable[BlobName], there: Iterable[BlobName]) -> tuple[list[BlobName], list[BlobName]]:
    """Of two ascending lists what only the first has, and what only the second; neither is held in memory."""
    only_known, only_there = [], []
    rest = iter(there)
    name = next(rest, None)
    for each in known:
        while name is not None and name < each:
            only_there.append(name)
            name = next(rest, None)
        if name == each:
            name = next(rest, None)
        else:
            only_known.append(each)
    if name is not None:
        only_there += [name, *rest]
    return only_known, only_there


@dataclass(frozen=True, slots=True)
class FirstWords:
    """What a first segment says of its ledger, with the key that signed it."""

    ledger_key: VerifierKey
    secrets: Mapping[str, str] = field(repr=False)


def first_words(copy: LedgerCopy, identities: Sequence[Identity]) -> list[FirstWords]:
    """Of each first segment that its own key has signed; whose key that is, is for others to say.

    Raises `NoCopyError` if there is none, `AgeNoMatchError` if these are keys of another vault, and
    ``VaultReadError`` if there is one that the disk does not give back.
    """
    found: dict[VerifierKey, FirstWords] = {}
    closed: AgeNoMatchError | VaultReadError | None = None
    for name in copy.first_segments():
        try:
            segment = copy.read(name, identities)
            key = VerifierKey.parse(segment.ledger_key)
            stated(name, copy.shelf.read_beside(name.signed), key)
        except (CopyForgedError, BesideMissingError, MalformedKeyError):
            continue
        except StoreReadError:
            raise
        except (AgeNoMatchError, VaultReadError) as error:
            # Anybody can put there what is sealed to anybody; of what went bad another was written beside it.
            closed = error
            continue
        found.setdefault(key, FirstWords(key, segment.secrets))
    if not found and closed is not None:
        raise closed
    if not found:
        raise NoCopyError(place=copy.shelf.place)
    return list(found.values())


def require_same_ledger(copy: LedgerCopy, identities: Sequence[Identity], key: VerifierKey) -> None:
    """Raise `OtherLedgerError` where the vault has the beginning of a ledger, and none that `key` signed."""
    try:
        there = {each.ledger_key for each in first_words(copy, identities)}
    except (NoCopyError, AgeNoMatchError):
        return
    if key not in there:
        raise OtherLedgerError(ours=str(key), theirs=", ".join(sorted(map(str, there))))


class _Work:
    """One rebuilding, within its transaction."""

    def __init__(
        self, copy: LedgerCopy, identities: Sequence[Identity], key: VerifierKey, newest: Link
    ) -> None:
        self._chain = Chain(copy, key)
        self._copy = copy
        self._identities = identities
        self._newest = newest
        last = Checkpoint.objects.order_by("-size").first()
        self._frontier = frontier_of(last.frontier) if last else Frontier()
        self.begun = self._frontier.size
        self._writer = RowWriter(CARRIED)
        self._whole: dict[str, list[Row]] = {}
        """The last state of each table that segments have whole."""

    @property
    def size(self) -> int:
        return self._frontier.size

    def take_next(self) -> None:
        """The next segment: the longest that is sound."""
        for link in self._chain.at(self.size):
            try:
                segment = self._copy.read(link.name, self._identities)
            except StoreReadError:
                raise
            except (CopyForgedError, BesideMissingError, VaultReadError):
                continue
            self._take(link, segment)
            return
        raise CopyIncompleteError(seq=self.size, size=self._newest.name.stop)

    def finish(self) -> None:
        self._writer.flush()
        self._put_back_whole()
        _tell_what_is_out()
        find_undecided()
        find_finished()
        _go_on_counting()

    def _take(self, link: Link, segment: Segment) -> None:
        start = self.size
        facts = {digest_of_json(value): value for value in segment.facts}
        entries = [_parsed(link, octets) for octets in segment.entries[start - segment.start :]]
        rows, roots = [], {}
        for entry in entries:
            if entry.seq != self.size:
                raise CopyForgedError(name=link.name.sealed, reason=f"entry {entry.seq} is out of place")
            self._frontier.append(entry.leaf_hash)
            roots[self.size] = frontier_text(self._frontier)
            rows.append(_stored(entry))
        if self._frontier.root() != link.checkpoint.root:
            if start > segment.start or self.begun:
                raise OtherHistoryError(size=self.begun)
            raise CopyForgedError(name=link.name.sealed, reason="its entries have another root")
        LedgerEntry.objects.bulk_create(rows, batch_size=500)
        Checkpoint.objects.bulk_create(
            [
                Checkpoint(size=size, note=note, frontier=roots[size])
                for size, note in segment.checkpoints
                if size in roots
            ]
        )
        for entry in entries:
            self._carry(link, entry, facts)
        self._remember(segment)

    def _carry(self, link: Link, entry: Entry, facts: Mapping[str, Json]) -> None:
        try:
            for statement in STATEMENTS:
                self._writer.write(entry.seq, statement.carried_by(entry), facts)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            reason = f"entry {entry.seq} does not say what it has to: {error!r}"
            raise CopyForgedError(name=link.name.sealed, reason=reason) from error

    def _remember(self, segment: Segment) -> None:
        """Rows that no entry carries: as they were, until a later segment has them otherwise."""
        rows: dict[str, list[Row]] = {label: [] for label in segment.whole}
        for row in segment.rows:
            rows.setdefault(row.table, []).append(row)
        for label in rows.keys() - _MUTABLE.keys():
            raise UnknownTableError(table=label)
        for label, table in _MUTABLE.items():
            found = rows.get(label, [])
            if label in segment.whole:
                self._whole[label] = found
            elif found:
                also = {"password": _UNUSABLE} if table.model is User else {}
                put_back(table, KEYS.get(label, (table.key,)), [row.values for row in found], **also)

    def _put_back_whole(self) -> None:
        for label, rows in self._whole.items():
            table = _MUTABLE[label]
            if table.model is KeyWrap:
                KeyWrap.objects.all().delete()
            # What is made from the entries is not in the copy: the index of searches, and the tallies.
            values = [row.values for row in rows if row.values[table.key] not in (SEARCH, TALLIES)]
            put_back(table, (table.key,), values)


def _parsed(link: Link, octets: bytes) -> Entry:
    try:
        return Entry.parse(octets)
    except MalformedEntryError as error:
        raise CopyForgedError(name=link.name.sealed, reason=str(error)) from error


def _stored(entry: Entry) -> LedgerEntry:
    return LedgerEntry(
        seq=entry.seq,
        entry=entry.octets.decode(),
        leaf_hash=entry.leaf_hash.hex(),
        kind=entry.kind,
        at=entry.at,
    )


def _catalogued() -> Iterator[BlobName]:
    """Those that are to be there."""
    pairs = standing().order_by("content_digest", "stored_digest")
    for content, stored in pairs.values_list("content_digest", "stored_digest").iterator():
        yield BlobName(ContentDigest.parse(content), StoredDigest.parse(stored))


def _there(vault: Vault) -> Iterator[BlobName]:
    """As the catalogue knows them: what was healed stands beside the bad one, under a number."""
    names = (entry.blob.first for entry in vault.backend.walk() if entry.blob is not None)
    for name, _same in groupby(names):
        yield name


def _tell_what_is_out() -> None:
    """Recorders and cards are out on the rows that are open, as these are corrected."""
    Recorder.objects.exclude(out_on=None).update(out_on=None)
    Card.objects.exclude(out_on=None).update(out_on=None)
    for row in JournalRow.objects.filter(returned=None).prefetch_related("corrections").order_by("seq"):
        Recorder.objects.filter(pk=row.recorder_id).update(out_on=row.pk)
        if row.card_id is not None:
            Card.objects.filter(pk=row.card_id).update(out_on=row.pk)


def _go_on_counting() -> None:
    """Numbers of rows that were given, not drawn, are known to the database's counters."""
    models = [table.model for table in (*CARRIED.values(), *_MUTABLE.values())]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
