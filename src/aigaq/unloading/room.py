"""Whether a card's files fit, asked before the first is read."""

from collections.abc import Mapping, Sequence

from aigaq.unloading import errors
from aigaq.unloading.desk import SeenFile
from aigaq.vault.backends.base import Backend

RESERVE = 64 << 20
"""Octets that a card may not take from the vault's disk: the database and the journal live on it too."""


def require_room(
    backend: Backend, files: Sequence[SeenFile], known: Mapping[tuple[str, int], bool], *, at_once: int
) -> None:
    """Raise `NoRoomError` if what is not `known` doesn't fit, or a ``VaultError``."""
    free = backend.free()
    if free is None:
        return
    new = [each.size for each in files if (each.path, each.size) not in known]
    # What is there already is written once more, to be compared, and thrown away.
    again = sorted(each.size for each in files if (each.path, each.size) in known)[-at_once:]
    needed = sum(map(stored_size, [*new, *again])) + RESERVE
    if needed > free:
        raise errors.NoRoomError(needed=needed, free=free)


def stored_size(size: int) -> int:
    """Octets that a file of `size` takes in the vault: 16 more for each 64 KiB, a header, whole blocks."""
    return size + size // 4096 + 8192
