"""Fixity of every stored recording, with no key: that each file hashes to what its own name says."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, cast

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.vault import proof
from aigaq.vault.backends.base import Backend, Entry
from aigaq.vault.errors import BlobMissingError, VaultReadError
from aigaq.vault.layout import BlobName
from aigaq.vault.store import Vault

Kind = Literal["damaged", "misnamed", "unexpected", "missing", "unreadable"]

_AT_ONCE = 2
"""Files read at a time: while one is hashed the other is read. More gains nothing from one disk."""
_AHEAD = 8
"""Files queued, so that memory doesn't grow with the vault."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that isn't as it should be. `blob` is a path relative to the vault, fit to be shown.

    ``damaged``: the file doesn't hash to its name. ``misnamed``: it looks like a blob, but its name or its
    place is wrong. ``unexpected``: something that doesn't belong there. ``missing``: known, and not there.
    ``unreadable``: the disk doesn't give it back.
    """

    kind: Kind
    blob: str


@dataclass(frozen=True, slots=True)
class Report:
    checked: int
    """Blobs read to their end."""
    bytes: int
    """Octets read in them."""
    findings: tuple[Finding, ...]
    """In the order of the vault's names; then what is missing."""


def scrub(
    vault: Vault,
    known: Iterable[tuple[ContentDigest, StoredDigest]] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Read everything in the vault past the page cache and list every fault; stop at none.

    `known` is what the catalogue says must be there. `on_progress` is told the blobs and octets read so far.
    """
    backend = vault.backend
    checked = octets = 0
    findings: list[Finding] = []
    for size, finding in _examined(backend):
        if finding is not None:
            findings.append(finding)
        if size is not None:
            checked, octets = checked + 1, octets + size
            if on_progress is not None:
                on_progress(checked, octets)
    for content, stored in known or ():
        name = BlobName(content, stored)
        if not _is_there(backend, name):
            findings.append(Finding("missing", name.path))
    return Report(checked, octets, tuple(findings))


_Examined = tuple[int | None, Finding | None]
"""Octets read if it could be read to its end; what is wrong with it, if anything is."""


def _examined(backend: Backend) -> Iterator[_Examined]:
    """Examine two at a time, answer in the order of the names."""
    queue: deque[Future[_Examined]] = deque()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="scrub") as pool:
        for entry in backend.walk():
            queue.append(pool.submit(_examine, backend, entry))
            if len(queue) >= _AHEAD:
                yield queue.popleft().result()
        while queue:
            yield queue.popleft().result()


def _examine(backend: Backend, entry: Entry) -> _Examined:
    if entry.blob is None:
        return None, Finding(cast("Kind", entry.problem), entry.path)
    try:
        with backend.open(entry.blob, fresh=True) as blob:
            sound = proof.stored_digest(blob) == entry.blob.stored
            return blob.size, None if sound else Finding("damaged", entry.path)
    except (VaultReadError, BlobMissingError):
        return None, Finding("unreadable", entry.path)


def _is_there(backend: Backend, name: BlobName) -> bool:
    try:
        with backend.open(name):
            return True
    except BlobMissingError:
        return False
    except VaultReadError:
        return True  # named as unreadable above
