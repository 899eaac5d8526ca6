"""Keeping the ledger's copy in the vault no more than a minute behind; and refusing a database that is."""

import threading
from datetime import datetime

from django.db.models import Max

from aigaq.access.models import KeyWrap
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.selectors import root_at
from aigaq.ledger.services import Ledger
from aigaq.recovery import segments
from aigaq.recovery.errors import OlderDatabaseError, OtherHistoryError
from aigaq.recovery.gathering import gather
from aigaq.recovery.rules import AT_ONCE, Lag, is_due
from aigaq.recovery.segments import Segment, SegmentName
from aigaq.recovery.shelf import LedgerCopy
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.vault.age import Recipient
from aigaq.vault.backends.base import Shelf


class Copier:
    """The one of this process. Other processes may copy too: what two have written does no harm."""

    def __init__(self, ledger: Ledger, shelf: Shelf, *, vault: str, recipient: Recipient) -> None:
        self._ledger = ledger
        self._copy = LedgerCopy(shelf)
        self._vault = vault
        self._recipient = recipient
        self._lock = threading.Lock()
        self._stop: int | None = None
        """How far the copy goes, as far as this process knows."""

    def write(self) -> int:
        """Copy every entry that the vault does not have; how many these were.

        When this returns they are durable there. Raises `OlderDatabaseError`, `OtherHistoryError` or a
        ``VaultError``. Not to be called inside a transaction.
        """
        with self._lock:
            stop = begun = self._known()
            while segment := gather(self._ledger, self._vault, stop):
                if KeyWrap._meta.label_lower in segment.whole:  # noqa: SLF001 - Django's public way
                    self._write_wraps(segment)
                stop = self._stop = self._write_segment(segment).stop
            return stop - begun

    @property
    def known(self) -> int:
        """How far the copy goes, as far as this process knows: what it wrote itself has to be there."""
        with self._lock:
            return self._known()

    def renew(self, start: int, stop: int) -> list[str]:
        """Copy these entries once more, under other names; which. Raises as `write`.

        Rows stand in them as they do now, which does no harm: a later segment has the last word on each.
        """
        written: list[str] = []
        with self._lock:
            self._known()
            while start < stop and (segment := gather(self._ledger, self._vault, start)):
                name = self._write_segment(segment)
                written += [name.sealed, name.signed]
                start = name.stop
                self._stop = max(self._known(), start)
        return written

    def renew_wraps(self) -> list[str]:
        """The vault's key as it is wrapped for its readers now, named by how far the ledger is now."""
        with self._lock:
            self._known()
            wraps = list(KeyWrap.objects.values_list("wrapped", flat=True))
            name, octets = segments.wraps_document(size(), wraps)
            self._copy.shelf.put_beside(name, octets)
        return [name]

    def _write_segment(self, segment: Segment) -> SegmentName:
        octets = segments.sealed(segment, self._recipient)
        name = segments.name_of(segment, octets)
        # The sealed file first: a checkpoint says that there is one.
        self._copy.shelf.put_beside(name.sealed, octets)
        note = segments.signed(name, root_at(name.stop), self._ledger.signer)
        self._copy.shelf.put_beside(name.signed, note)
        return name

    def attend(self, now: datetime) -> int:
        """Copy if it is time to: cheap where it is not."""
        with self._lock:
            stop = self._known()
        return self.write() if is_due(lag_after(stop), now) else 0

    def _known(self) -> int:
        if self._stop is None:
            self._stop = require_current(self._copy, VerifierKey.of(self._ledger.signer))
        return self._stop

    def _write_wraps(self, segment: segments.Segment) -> None:
        label = KeyWrap._meta.label_lower  # noqa: SLF001 - Django's public way
        wraps = [row.values["wrapped"] or "" for row in segment.rows if row.table == label]
        name, octets = segments.wraps_document(segment.stop, wraps)
        self._copy.shelf.put_beside(name, octets)


def lag_after(stop: int) -> Lag:
    ahead = LedgerEntry.objects.filter(seq__gte=stop)
    oldest = ahead.order_by("seq").values_list("at", flat=True).first()
    if oldest is None:
        return Lag(0, None, frozenset())
    kinds = ahead.filter(kind__in=AT_ONCE).values_list("kind", flat=True)
    return Lag(size() - stop, oldest, frozenset(kinds[:1]))


def size() -> int:
    """Entries that the database has."""
    found = Checkpoint.objects.aggregate(size=Max("size"))["size"]
    return found or 0


def require_current(copy: LedgerCopy, key: VerifierKey) -> int:
    """How far the vault's copy goes, once it is certain that this database continues it. No key is needed.

    Raises `OlderDatabaseError`, `OtherHistoryError` or a ``VaultReadError``.
    """
    link = copy.newest(key, size())
    if link is None:
        return 0
    there, here = link.name.stop, size()
    if there > here:
        raise OlderDatabaseError(here=here, there=there)
    try:
        root = root_at(there)
    except ValueError as error:
        raise OlderDatabaseError(here=here, there=there) from error
    if root != link.checkpoint.root:
        raise OtherHistoryError(size=there)
    return there
