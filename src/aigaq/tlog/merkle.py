"""The Merkle tree of RFC 6962 section 2.1 and its two proofs, verified as RFC 9162 section 2.1 says.

A digest here is 32 octets of SHA-256. ``MTH`` is the RFC's name for the hash of a list of entries.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Self, TypeAlias

from aigaq.tlog.errors import ConsistencyError, InclusionError, MalformedTreeError, ProofRangeError

DIGEST_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""MTH of no entries (RFC 6962 section 2.1)."""

Subtree: TypeAlias = Callable[[int, int], bytes]
"""``subtree(start, stop)`` is MTH of the leaves ``start`` up to, not including, ``stop`` (at least one).

The source of proofs: over a list with `subtrees_of`, over a stream (a database) with `subtrees_from`,
or over whatever keeps the hashes of whole subtrees.
"""


def leaf_hash(octets: bytes) -> bytes:
    """MTH of one entry: SHA-256(0x00 || octets)."""
    return hashlib.sha256(b"\x00" + octets).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree as the roots of its perfect subtrees, the largest (leftmost) first.

    Appending costs one hash on average and at most log2(size); what has to be kept between two
    appends is `size` and `digests`, one digest for every 1 in the binary form of the size.
    """

    __slots__ = ("_digests", "_size")

    def __init__(self, size: int = 0, digests: Iterable[bytes] = ()) -> None:
        """Restore a frontier; `MalformedTreeError` if so many digests can't belong to such a size."""
        self._size = size
        self._digests = list(digests)
        if size < 0:
            raise MalformedTreeError(reason=f"its size is {size}")
        if len(self._digests) != size.bit_count():
            reason = f"{len(self._digests)} subtrees for {size} entries, {size.bit_count()} expected"
            raise MalformedTreeError(reason=reason)
        if any(len(digest) != DIGEST_SIZE for digest in self._digests):
            raise MalformedTreeError(reason=f"a digest is not {DIGEST_SIZE} octets long")

    @property
    def size(self) -> int:
        return self._size

    @property
    def digests(self) -> tuple[bytes, ...]:
        return tuple(self._digests)

    def copy(self) -> Self:
        return type(self)(self._size, self._digests)

    def append(self, leaf: bytes) -> None:
        """Add one leaf, given as its leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves, given as their leaf hashes."""
        digests, size, sha256 = self._digests, self._size, hashlib.sha256
        for leaf in leaves:
            digest, carry = leaf, size
            while carry & 1:
                digest = sha256(b"\x01" + digests.pop() + digest).digest()
                carry >>= 1
            digests.append(digest)
            size += 1
        self._size = size

    def root(self) -> bytes:
        """MTH of all leaves so far."""
        if not self._digests:
            return EMPTY_ROOT
        digest = self._digests[-1]
        for left in reversed(self._digests[:-1]):
            digest = node_hash(left, digest)
        return digest


def root(leaves: Iterable[bytes]) -> bytes:
    """MTH of a stream of leaf hashes, in flat memory."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def subtrees_of(leaves: Sequence[bytes]) -> Subtree:
    """A source of proofs over leaf hashes held in memory."""
    return lambda start, stop: root(leaves[start:stop])


def subtrees_from(leaves: Callable[[int, int], Iterable[bytes]]) -> Subtree:
    """A source of proofs over ``leaves(start, stop)``, a stream of leaf hashes; flat memory, O(n) time."""
    return lambda start, stop: root(leaves(start, stop))


def inclusion_proof(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1: the siblings from the leaf up to the root."""
    if not 0 <= index < size:
        raise ProofRangeError(reason=f"entry {index} in a tree of {size}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    path.reverse()
    return path


def consistency_proof(subtree: Subtree, old_size: int, new_size: int) -> list[bytes]:
    """PROOF(old_size, D[new_size]) of RFC 6962 section 2.1.2; empty when the sizes are equal."""
    if not 0 < old_size <= new_size:
        raise ProofRangeError(reason=f"from a tree of {old_size} to one of {new_size}")
    path: list[bytes] = []
    start, stop = 0, new_size
    while old_size != stop:
        middle = start + _split(stop - start)
        if old_size <= middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    # The subtree reached is wholly old. Where it is the whole old tree, the verifier has its root.
    if start > 0:
        path.append(subtree(start, stop))
    path.reverse()
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """RFC 9162 section 2.1.3.2; `leaf` is a leaf hash. Raises `InclusionError` unless it is proven."""
    reason = _flaw_of_inclusion(leaf, index, size, proof, root)
    if reason is not None:
        raise InclusionError(leaf=leaf, index=index, size=size, proof=tuple(proof), root=root, reason=reason)


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """RFC 9162 section 2.1.4.2. Raises `ConsistencyError` unless the new tree continues the old one.

    A tree of no entries is no claim, so nothing is consistent with it: `ConsistencyError`.
    """
    reason = _flaw_of_consistency(old_size, new_size, old_root, new_root, proof)
    if reason is not None:
        raise ConsistencyError(
            old_size=old_size,
            new_size=new_size,
            old_root=old_root,
            new_root=new_root,
            proof=tuple(proof),
            reason=reason,
        )


_TOO_LONG = "the proof is too long"
_TOO_SHORT = "the proof is too short"
_NOT_A_DIGEST = f"a digest is not {DIGEST_SIZE} octets long"


def _flaw_of_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> str | None:
    if not 0 <= index < size:
        return "there is no such entry in a ledger of that size"
    if any(len(digest) != DIGEST_SIZE for digest in (leaf, root, *proof)):
        return _NOT_A_DIGEST
    fn, sn, digest = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return _TOO_LONG
        if fn & 1 or fn == sn:
            digest = node_hash(sibling, digest)
            fn, sn = _past_left_edge(fn, sn)
        else:
            digest = node_hash(digest, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        return _TOO_SHORT
    return None if digest == root else "the proof leads to another root"


def _flaw_of_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> str | None:
    if not 0 < old_size <= new_size:
        return "the sizes are the wrong way round, or the older ledger is empty"
    if any(len(digest) != DIGEST_SIZE for digest in (old_root, new_root, *proof)):
        return _NOT_A_DIGEST
    if old_size == new_size:
        if proof:
            return _TOO_LONG
        return None if old_root == new_root else "the same size has two roots"
    if not proof:
        return _TOO_SHORT
    # Where the older tree is perfect, its root is the first node and is left out of the proof.
    path = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    return _flaw_of_path(old_size, new_size, old_root, new_root, path)


def _flaw_of_path(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> str | None:
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return _TOO_LONG
        if fn & 1 or fn == sn:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            fn, sn = _past_left_edge(fn, sn)
        else:
            new = node_hash(new, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        return _TOO_SHORT
    if old != old_root:
        return "the proof does not lead to the older root"
    return None if new == new_root else "the proof does not lead to the newer root"


def _past_left_edge(fn: int, sn: int) -> tuple[int, int]:
    """Shift out the levels where the node is a left child without a sibling."""
    while not fn & 1 and fn != 0:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (2 or more)."""
    return 1 << (size - 1).bit_length() - 1
