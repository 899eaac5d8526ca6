"""Bringing a blob from one place of a vault to another, as it is: ciphertext, with no key anywhere.

What is copied is proven twice: that what was read at the source is what its name says, and that what stands
at the target is, read back past the page cache. Nothing is ever replaced: where the blob of that name went
bad, the copy stands beside it under the next number (`docs/formats/vault.md`, "Copies").
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from aigaq.core.digests import StoredDigest
from aigaq.vault import layout, proof
from aigaq.vault.backends.base import Backend, Blob, Draft, Shelf
from aigaq.vault.errors import (
    BesideMissingError,
    BlobDamagedError,
    BlobMissingError,
    ForeignVaultError,
    NotProvenError,
    NotWantedError,
    StoreAwayError,
    StoreReadError,
    VaultError,
    VaultExistsError,
    VaultReadError,
)
from aigaq.vault.layout import BlobName
from aigaq.vault.pace import Pace, Paced

_GROWING: Final = 2
"""Folders of the ledger's copy that may still grow."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The blob stands sound at the target; `name` says under which number."""

    name: BlobName
    size: int
    already: bool
    """It stood there before: nothing was written."""


def begin(source: Backend, target: Backend) -> None:
    """Make an empty target a copy of the source's vault, by hand and once: an unplugged disk looks empty too.

    Raise `ForeignVaultError` where it is another's.
    """
    with contextlib.suppress(VaultExistsError):
        target.create(source.description())
    require_copy(source, target)


def require_copy(source: Backend, target: Backend) -> None:
    """Raise `NoVaultError` where nothing is, or isn't now; `ForeignVaultError` where it is another vault."""
    if target.description() != source.description():
        raise ForeignVaultError(place=target.place)


def is_there(place: Backend, description: bytes) -> bool:
    """Whether the vault so described is there now: not none, not another, and one that can be asked."""
    try:
        return place.description() == description
    except VaultError:
        return False


def copy(
    source: Backend,
    target: Backend,
    name: BlobName,
    *,
    pace: Pace | None = None,
    wanted: Callable[[BlobName], bool] | None = None,
) -> Copied:
    """Have the ciphertext of `name` stand sound at the target.

    `wanted` is asked right before it gets its name there, within the content's lock: it may have been
    disposed of while it was on its way.

    Raise `BlobMissingError` or `BlobDamagedError` of the source, where nothing is sound there either;
    `NotWantedError`, `NotProvenError`, ``VaultWriteError``, ``VaultFullError``, ``VaultReadError`` or
    `CutOffError`.
    """
    pace = pace or Pace()
    with target.exclusive(name.content):
        there = sound_one(target, name, pace)
    if there is not None:
        return there
    for blob in _readable(source, name):
        with blob, target.draft() as draft:
            if not _poured(Paced(blob, pace), draft, name.stored):
                continue
            return _kept(target, draft, name, blob.size, pace=pace, wanted=wanted)
    if not _alike(source, name):
        raise BlobMissingError(content=name.content)
    raise BlobDamagedError(
        content=name.content, blob=name.path, reason="its digest is not the one in its name"
    )


def bring_beside(
    source: Shelf,
    target: Shelf,
    *,
    whole: bool,
    is_sound: Callable[[str, bytes], bool | None] = lambda _name, _octets: None,
) -> int:
    """Have the small files beside the blobs stand at the target too; how many were brought.

    Not `whole`: of the ledger's copy the newest folders alone, since it grows only there. What `is_sound`
    says is bad is not passed on: a name is never given twice, and the sound one would have none left.
    """
    count = 0
    for root in (layout.LEDGER, layout.KEYS):
        # Names of files have a point, those of folders none (`docs/formats/ledger-copy.md`).
        folders = [f"{root}/{name}" for name in source.beside(root) if "." not in name]
        for folder in (root, *(folders if whole else folders[-_GROWING:])):
            there = set(target.beside(folder))
            for name in source.beside(folder):
                if "." in name and name not in there:
                    count += _brought(source, target, f"{folder}/{name}", is_sound)
    return count


def _brought(source: Shelf, target: Shelf, name: str, is_sound: Callable[[str, bytes], bool | None]) -> bool:
    """What somebody else put there has no name of ours, or is no file."""
    with contextlib.suppress(ValueError, BesideMissingError):
        octets = source.read_beside(name)
        if is_sound(name, octets) is not False:
            target.put_beside(name, octets)
            return True
    return False


def sound_one(backend: Backend, name: BlobName, pace: Pace | None = None) -> Copied | None:
    """Where the ciphertext of `name` stands sound there, and will stay; read past the page cache."""
    for candidate in _alike(backend, name):
        found = look_at(backend, candidate, pace)
        if found.verdict == "sound":
            backend.affirm(candidate)
            return Copied(candidate, found.size, already=True)
    return None


@dataclass(frozen=True, slots=True)
class Looked:
    """What reading one blob to its end showed."""

    verdict: Literal["sound", "damaged", "unreadable"]
    size: int = 0


def look_at(backend: Backend, name: BlobName, pace: Pace | None = None) -> Looked:
    """Read all of it past the page cache.

    A store that is away says nothing about a blob: raise `StoreAwayError` then, and `CutOffError`.
    """
    try:
        with backend.open(name, fresh=True) as blob:
            sound = proof.stored_digest(Paced(blob, pace or Pace())) == name.stored
            return Looked("sound" if sound else "damaged", blob.size)
    except StoreAwayError:
        raise
    except (VaultReadError, BlobMissingError):
        return Looked("unreadable")


def _alike(backend: Backend, name: BlobName) -> list[BlobName]:
    return [each for each in backend.find(name.content) if each.stored == name.stored]


def _readable(source: Backend, name: BlobName) -> Iterator[Blob]:
    """What can be opened of it: of a disk, one file that it does not give back says nothing of the others.

    Raise `BlobDamagedError` where it does not tell what there is, ``StoreReadError`` of a store.
    """
    try:
        candidates = _alike(source, name)
    except StoreReadError:
        raise
    except VaultReadError as error:
        reason = error.details["reason"]
        raise BlobDamagedError(content=name.content, blob=name.path, reason=reason) from error
    for candidate in candidates:
        try:
            blob = source.open(candidate, fresh=True)
        except StoreReadError:
            raise
        except (VaultReadError, BlobMissingError):
            continue
        yield blob


def _poured(blob: Blob, draft: Draft, expected: StoredDigest) -> bool:
    """Whether what was read, all of it, has the digest it should have."""
    digest, offset = hashlib.sha256(), 0
    while offset < blob.size:
        window = draft.window()[: proof.RUN]
        try:
            count = blob.readinto_at(window, offset)
        except StoreAwayError:
            raise
        except VaultReadError:
            return False
        if count == 0:
            return False
        digest.update(window[:count])
        draft.advance(count)
        offset += count
    return digest.digest() == expected.value


def _kept(
    target: Backend,
    draft: Draft,
    name: BlobName,
    size: int,
    *,
    pace: Pace,
    wanted: Callable[[BlobName], bool] | None,
) -> Copied:
    with target.exclusive(name.content):
        there = sound_one(target, name, pace)
        if there is not None:
            return there
        if draft.settle() != size:
            raise NotProvenError(reason=f"{size} octets were written and another number is there")
        with draft.reader(fresh=True) as blob:
            if proof.stored_digest(Paced(blob, pace)) != name.stored:
                raise NotProvenError(reason="its digest differs")
        if wanted is not None and not wanted(name):
            raise NotWantedError(content=name.content)
        free = layout.free_beside(name, target.find(name.content))
        draft.commit(free)
        return Copied(free, size, already=False)
