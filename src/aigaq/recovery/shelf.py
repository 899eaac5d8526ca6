"""The ledger's copy as it lies in a vault: how far it goes, and which files lead there."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

from aigaq.recovery import segments
from aigaq.recovery.errors import CopyForgedError, NoReadersKeyError
from aigaq.recovery.segments import Segment, SegmentName
from aigaq.tlog.checkpoint import Checkpoint, VerifierKey
from aigaq.vault.age import AgeKeyError, Identity
from aigaq.vault.backends.base import Shelf
from aigaq.vault.errors import BesideMissingError, StoreReadError, VaultReadError
from aigaq.vault.keys import WrapDamagedError, WrappedKey, WrongVaultPasswordError, unwrap
from aigaq.vault.layout import KEYS, LEDGER
from aigaq.vault.rotation import read_if_ours

_LAST_FOLDERS: Final = 2
"""A segment that begins in one million of entries may end in the next."""


Belongs = Callable[[Identity], bool]
"""Whether a key is one of the vault in question."""


@dataclass(frozen=True, slots=True)
class Link:
    """A segment whose checkpoint the ledger's key signed for it."""

    name: SegmentName
    checkpoint: Checkpoint


class LedgerCopy:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def newest(self, key: VerifierKey, here: int = 0) -> Link | None:
        """How far the copy goes; None where there is none. Needs no key of the vault.

        What stands there unsigned is passed over: it may have been put there, and stops nobody's work.
        Raise ``VaultReadError`` where it may go further, also than the `here` entries of who asks, and the
        disk does not give that back.
        """
        unread: tuple[int, VaultReadError] | None = None
        folders = segments.folders(self.shelf.beside(LEDGER))
        while folders:
            for name in reversed(self._names(folders[-_LAST_FOLDERS:])):
                try:
                    link = self.link(name, key)
                except StoreReadError:
                    raise
                except VaultReadError as error:
                    unread = unread or (name.stop, error)
                    continue
                if link is not None:
                    _require_read(unread, max(here, name.stop))
                    return link
            folders.pop()
        _require_read(unread, here)
        return None

    def first_segments(self) -> list[SegmentName]:
        """Those that begin with the ledger, whoever signed them: they tell the ledger's key, sealed."""
        there = self.shelf.beside(LEDGER)
        return [name for name in self._names([each for each in there if each == "000000"]) if name.start == 0]

    def read(self, name: SegmentName, identities: Sequence[Identity]) -> Segment:
        """Raise `CopyForgedError`, `BesideMissingError` or a ``VaultReadError``."""
        return segments.opened(name, self.shelf.read_beside(name.sealed), identities)

    def wraps(self) -> Iterator[WrappedKey]:
        """The vault's key as it was wrapped for readers, the newest first; each once."""
        seen: set[bytes] = set()
        for file in reversed(self.shelf.beside(KEYS)):
            for octets in segments.wraps_in(read_if_ours(self.shelf, f"{KEYS}/{file}")):
                if octets not in seen:
                    seen.add(octets)
                    try:
                        yield WrappedKey.from_json(octets)
                    except WrapDamagedError:
                        continue

    def names(self, folder: int) -> list[SegmentName]:
        """Of the segments in one folder, in the order of their ends."""
        return self._names([f"{folder:06}"]) if folder >= 0 else []

    def _names(self, folders: Sequence[str]) -> list[SegmentName]:
        """In the order of their ends."""
        found = {
            name
            for folder in folders
            for file in self.shelf.beside(f"{LEDGER}/{folder}")
            if file.endswith(segments.SIGNED) and (name := SegmentName.parse(file)) is not None
        }
        return sorted(found)

    def link(self, name: SegmentName, key: VerifierKey) -> Link | None:
        """The segment with its checkpoint; None unless `key` signed that for it. Raise ``VaultReadError``."""
        try:
            octets = self.shelf.read_beside(name.signed)
            return Link(name, segments.stated(name, octets, key))
        except (CopyForgedError, BesideMissingError):
            return None


class Chain:
    """The segments one after another, each folder listed once: asked for one entry, then for later ones."""

    def __init__(self, copy: LedgerCopy, key: VerifierKey) -> None:
        self._copy = copy
        self._key = key
        self._folder = -1
        self._ahead: list[SegmentName] = []
        """Those that begin later, the next one last."""
        self._begun: list[tuple[int, SegmentName]] = []
        """A heap of the others, on top the one that goes furthest."""

    def at(self, seq: int) -> Iterator[Link]:
        """Those that have the entry `seq`, the one first that goes on longest after it; each is told once."""
        folder = seq // segments.FOLDER_ENTRIES
        if folder != self._folder:
            self._folder = folder
            names = [*self._copy.names(folder - 1), *self._copy.names(folder)]
            self._ahead, self._begun = sorted(names, key=lambda name: name.start, reverse=True), []
        while self._ahead and self._ahead[-1].start <= seq:
            name = self._ahead.pop()
            heappush(self._begun, (-name.stop, name))
        while self._begun and self._begun[0][1].stop > seq:
            _end, name = heappop(self._begun)
            try:
                link = self._copy.link(name, self._key)
            except StoreReadError:
                raise
            except VaultReadError:
                continue  # another one may have been written anew
            if link is not None:
                yield link


def _require_read(unread: tuple[int, VaultReadError] | None, size: int) -> None:
    """Raise the error of the file that goes furthest of those unread, if that is beyond `size`."""
    if unread is not None and unread[0] > size:
        raise unread[1]


def by_password(wraps: Iterable[WrappedKey], password: str, belongs: Belongs) -> tuple[Identity, str]:
    """The newest key of the vault that a reader's password opens, and the reader's id.

    Raise `NoReadersKeyError`.
    """
    for wrapped in wraps:
        try:
            identity = unwrap(wrapped, password)
        except (WrongVaultPasswordError, WrapDamagedError):
            continue
        if belongs(identity):
            return identity, wrapped.reader_id
    raise NoReadersKeyError


def recovered(text: str, belongs: Belongs) -> Identity:
    """The vault's key as it stands on paper, however it was typed. Raise `NoReadersKeyError`."""
    try:
        identity = Identity.parse("".join(text.split()).upper())
    except AgeKeyError as error:
        raise NoReadersKeyError from error
    if not belongs(identity):
        raise NoReadersKeyError
    return identity
