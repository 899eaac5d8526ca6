"""The vault: put, find, open, stat, verify. The format and the order of writing: `docs/formats/vault.md`."""

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, Self

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.core.direct import Way, aligned_buffer
from aigaq.vault import proof
from aigaq.vault.age import AgeError, AgeNoMatchError, Header, Identity, Recipient, SealedReader, Sealer
from aigaq.vault.backends.base import Backend, Blob, Draft, Shelf
from aigaq.vault.errors import BlobDamagedError, BlobMissingError, NotProvenError, VaultReadError
from aigaq.vault.layout import BlobName, Description
from aigaq.vault.rotation import with_earlier

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_VAULT_ID = 16
"""Random octets in a vault's name for itself."""


class Source(Protocol):
    """What is stored: anything that reads into a buffer. Its errors pass through `put`, nothing committed."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill some of `buffer`; 0 at the end, once it is certain that this is the end."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A recording that is in the vault, durable and proven. Sizes in octets."""

    content_digest: ContentDigest
    stored_digest: StoredDigest
    size: int
    stored_size: int
    name: str
    """The blob's path relative to the vault, with ``/``."""
    already: bool
    """It was there before, and is sound: nothing was written."""
    healed: bool
    """It was there before, and damaged: this sound copy now stands beside it."""
    read_back: Way
    """How the page cache was avoided when it was proven."""


@dataclass(frozen=True, slots=True)
class BlobStat:
    content_digest: ContentDigest
    stored_digest: StoredDigest
    stored_size: int
    name: str


class BlobReader(SealedReader):
    """A recording, decrypted and seekable. Its own to close. One thread at a time.

    Every octet it gives is authentic; that all of them together are the content's digest is for
    whoever reads them all to compare. A read raises `BlobDamagedError` or `VaultReadError`.
    """

    def __init__(self, blob: Blob, name: BlobName, key: "Identity | Sequence[Identity] | Header") -> None:
        self._blob = blob
        self.name = name
        try:
            super().__init__(blob, key)
        except AgeError as error:
            self.close()
            raise _damaged(name, _told(error)) from error
        except VaultReadError:
            self.close()
            raise

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        try:
            return super().readinto(buffer)
        except AgeError as error:
            raise _damaged(self.name, _told(error)) from error

    def close(self) -> None:
        if not self.closed:
            self._blob.close()
        super().close()


class Vault:
    """Recordings, each stored once, encrypted to one recipient. Safe for several threads at once."""

    def __init__(
        self, backend: Backend, description: Description, recipient: Recipient | None = None
    ) -> None:
        self._backend = backend
        self.id = description.vault
        self.first = Recipient.parse(description.recipient)
        """The recipient that the vault was made with."""
        self.recipient = recipient or self.first
        """To whom is encrypted from now on."""

    @classmethod
    def create(cls, backend: Backend, recipient: Recipient, *, created_at: datetime) -> Self:
        """Make an empty vault. Raise `VaultExistsError` if there is one."""
        description = Description(secrets.token_hex(_VAULT_ID), str(recipient), created_at)
        backend.create(description.encode())
        return cls(backend, description)

    @classmethod
    def at(cls, backend: Backend, recipient: Recipient | None = None) -> Self:
        """The vault that is there; `recipient` where its key was changed since it was made.

        Raise `NoVaultError` or `UnknownVaultFormatError`.
        """
        return cls(backend, Description.decode(backend.description(), place=backend.place), recipient)

    @property
    def backend(self) -> Backend:
        return self._backend

    def put(
        self,
        source: Source,
        *,
        on_progress: Callable[[int], None] | None = None,
        before_name: Callable[[ContentDigest], None] | None = None,
        inspect: Callable[[BlobReader], object] | None = None,
    ) -> Stored:
        """Store what `source` holds; when this returns, the source may be deleted.

        `on_progress` is told how many octets of the source have been read so far. `before_name` is called
        within the content's lock, once the blob is proven and before it gets its name, or before one that was
        there is relied upon; what it raises passes through, nothing committed. `inspect` is called after
        the commit with a reader of the recording, good until it returns; what it raises passes through, and
        the recording is stored all the same.

        Raise `VaultFullError`, `VaultWriteError`, `VaultReadError`, `NotProvenError` or what `source`
        raises: the source must be kept then, and it can be put again.
        """
        sealer = Sealer(self.recipient)
        with self._backend.draft() as draft:
            poured = _pour(source, sealer, draft, on_progress or _unheard)
            with self._backend.exclusive(poured.name.content):
                stored = self._keep(poured, sealer, draft, before_name or _unheard)
            if inspect is not None:
                header = Header(len(sealer.header), sealer.opener())
                with BlobReader(draft.reader(fresh=False), poured.name, header) as reader:
                    inspect(reader)
        return stored

    def find(self, content: ContentDigest) -> list[BlobName]:
        """The blobs of this content, newest first; empty if there are none."""
        return self._backend.find(content)

    def stat(self, content: ContentDigest) -> BlobStat:
        """The newest blob of this content, unread. Raise `BlobMissingError`."""
        name = self._present(content)[0]
        with self._backend.open(name) as blob:
            return BlobStat(content, name.stored, blob.size, name.path)

    def verify(self, content: ContentDigest) -> BlobStat:
        """Read this content's blobs past the page cache, with no key, and return the newest that is sound.

        Raise `BlobMissingError` if there is none, `BlobDamagedError` if none is sound.
        """
        first: BlobDamagedError | None = None
        for name in self._present(content):
            try:
                sound = self._fixity(name)
            except BlobDamagedError as error:
                first = first or error
            else:
                return BlobStat(content, name.stored, sound.stored_size, name.path)
        raise first or BlobMissingError(content=content)

    def open(
        self,
        content: ContentDigest,
        identity: Identity | Sequence[Identity],
        *,
        entered: StoredDigest | None = None,
    ) -> BlobReader:
        """Read a recording.

        Opening authenticates header, length and last chunk of a blob; if that fails, the next is tried. The
        newest comes first, or else `entered`: that a blob holds the content in its name may be its sender's
        word, so whoever knows which blob was entered asks for that one.

        Raise `BlobMissingError`, `BlobDamagedError`, or `AgeNoMatchError` for another vault's key.
        """
        identities = self.keyring([identity] if isinstance(identity, Identity) else identity)
        first: BlobDamagedError | None = None
        for name in sorted(self._present(content), key=lambda each: each.stored != entered):
            try:
                return BlobReader(self._backend.open(name), name, identities)
            except BlobDamagedError as error:
                if isinstance(error.__cause__, AgeNoMatchError) and not self._is_newest(identities):
                    raise AgeNoMatchError from error
                first = first or error
        raise first or BlobMissingError(content=content)

    def keyring(self, given: Sequence[Identity]) -> Sequence[Identity]:
        """The keys given and the earlier ones they lead to; `AgeNoMatchError` for those of another vault."""
        if all(each.recipient == self.first == self.recipient for each in given) and given:
            return given
        ring = with_earlier(self._backend, given) if isinstance(self._backend, Shelf) else given
        # Every key of this vault leads back to the one that it was made with.
        if all(each.recipient != self.first for each in ring):
            raise AgeNoMatchError
        return ring

    def _is_newest(self, identities: Sequence[Identity]) -> bool:
        return any(each.recipient == self.recipient for each in identities)

    def _present(self, content: ContentDigest) -> list[BlobName]:
        names = self._backend.find(content)
        if not names:
            raise BlobMissingError(content=content)
        return names

    def _fixity(self, name: BlobName) -> "_Sound":
        """Hash one blob past the page cache. Raise `BlobDamagedError`, `BlobMissingError`."""
        try:
            with self._backend.open(name, fresh=True) as blob:
                if proof.stored_digest(blob) == name.stored:
                    return _Sound(name, blob.size, blob.way)
        except VaultReadError as error:
            raise _damaged(name, error.details["reason"]) from error
        raise _damaged(name, "its digest is not the one in its name")

    def _keep(
        self, poured: "_Poured", sealer: Sealer, draft: Draft, before_name: Callable[[ContentDigest], None]
    ) -> Stored:
        """Under the content's lock: what is there and sound, or else the draft, proven and committed."""
        name, present = poured.name, self._backend.find(poured.name.content)
        for candidate in present:
            with contextlib.suppress(BlobDamagedError, BlobMissingError):
                sound = self._fixity(candidate)
                before_name(name.content)
                self._backend.affirm(candidate)
                return poured.stored_as(sound, already=True)
        held = draft.settle()
        if held != poured.stored_size:
            raise NotProvenError(reason=f"{poured.stored_size} octets were written and {held} are there")
        with draft.reader(fresh=True) as blob:
            recovered = proof.recovered_digest(blob, sealer.header, sealer.opener())
            sound = _Sound(name, held, blob.way)
        if recovered != name.content:
            raise NotProvenError(reason="the recording's digest differs")
        before_name(name.content)
        draft.commit(name)
        return poured.stored_as(sound, healed=bool(present))


@dataclass(frozen=True, slots=True)
class _Sound:
    """A blob that was read through and is what its name says."""

    name: BlobName
    stored_size: int
    way: Way


@dataclass(frozen=True, slots=True)
class _Poured:
    """What went into a draft."""

    name: BlobName
    size: int
    stored_size: int

    def stored_as(self, sound: _Sound, *, already: bool = False, healed: bool = False) -> Stored:
        return Stored(
            content_digest=sound.name.content,
            stored_digest=sound.name.stored,
            size=self.size,
            stored_size=sound.stored_size,
            name=sound.name.path,
            already=already,
            healed=healed,
            read_back=sound.way,
        )


def _pour(source: Source, sealer: Sealer, draft: Draft, on_progress: Callable[[int], None]) -> _Poured:
    """Encrypt the source into the draft, hashing both; a plain loop, since several files run at once."""
    content, stored = hashlib.sha256(), hashlib.sha256()
    window = draft.window()
    window[: len(sealer.header)] = sealer.header
    stored.update(sealer.header)
    draft.advance(len(sealer.header))
    size, stored_size = 0, len(sealer.header)
    # Two buffers, because only the read after a full one tells whether that was the last.
    run, following = aligned_buffer(proof.RUN), aligned_buffer(proof.RUN)
    count, last = _fill(run, source), False
    while not last:
        upcoming = _fill(following, source) if count == len(run) else 0
        last = upcoming == 0
        content.update(run[:count])
        window = draft.window()
        sealed = sealer.seal_into(run[:count], window, last=last)
        stored.update(window[:sealed])
        draft.advance(sealed)
        size, stored_size = size + count, stored_size + sealed
        on_progress(size)
        run, following, count = following, run, upcoming
    name = BlobName(ContentDigest(content.digest()), StoredDigest(stored.digest()))
    return _Poured(name, size, stored_size)


def _fill(buffer: memoryview, source: Source) -> int:
    count = 0
    while count < len(buffer) and (more := source.readinto(buffer[count:])):
        count += more
    return count


def _damaged(name: BlobName, reason: object) -> BlobDamagedError:
    return BlobDamagedError(content=name.content, blob=name.path, reason=reason)


def _told(error: AgeError) -> str:
    chunk = error.details.get("chunk")
    return "its beginning is not authentic" if chunk is None else f"part {chunk} of 64 KiB is not authentic"


def _unheard(_: object) -> None:
    """Nobody asked to be told."""
