"""Proofs that an entry is under a checkpoint, without reading the whole ledger for each."""

from collections.abc import Iterable, Mapping

from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import frontier_of
from aigaq.tlog.checkpoint import Checkpoint as SignedRoot
from aigaq.tlog.checkpoint import VerifierKey, open_checkpoint
from aigaq.tlog.merkle import inclusion_proof, leaf_hash, node_hash, verify_inclusion

_AT_ONCE = 500


def covering(seq: int) -> str | None:
    """The signed note of the first checkpoint that covers the entry; None where none does."""
    found = Checkpoint.objects.filter(size__gt=seq).order_by("size")
    return found.values_list("note", flat=True).first()


def opened(note: str, key: VerifierKey) -> SignedRoot:
    """Its size and root, the signature checked."""
    return open_checkpoint(note, key)


def entries_at(seqs: Iterable[int], size: int) -> dict[int, bytes]:
    """The octets of these entries, in their order; of those that the ledger had when it was `size` long."""
    wanted = sorted({seq for seq in seqs if 0 <= seq < size})
    found: dict[int, bytes] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = LedgerEntry.objects.filter(seq__in=wanted[start : start + _AT_ONCE]).order_by("seq")
        found |= {seq: entry.encode() for seq, entry in rows.values_list("seq", "entry")}
    return found


class Prover:
    """Inclusion proofs under one checkpoint. What it is given of the database is checked against the root.

    The roots of whole subtrees come from the checkpoints that end with them; the rest is reckoned.
    """

    def __init__(self, checkpoint: SignedRoot) -> None:
        self._checkpoint = checkpoint
        self._subtrees: dict[tuple[int, int], bytes] = {}

    def path(self, seq: int, leaf: bytes) -> tuple[bytes, ...]:
        """From the entry's leaf hash up to the root (RFC 6962, 2.1.1).

        Raises `InclusionError` where the entry is not what the checkpoint was signed over.
        """
        size, root = self._checkpoint.size, self._checkpoint.root
        proof = inclusion_proof(self._subtree, seq, size)
        verify_inclusion(leaf, seq, size, proof, root)
        return tuple(proof)

    def paths(self, entries: Mapping[int, bytes]) -> Mapping[int, tuple[bytes, ...]]:
        """Of several, given by their octets."""
        self._read_leaves(sorted(entries))
        return {seq: self.path(seq, leaf_hash(octets)) for seq, octets in entries.items()}

    def _read_leaves(self, wanted: list[int]) -> None:
        # Each with its neighbour, which its proof begins with.
        leaves = sorted({each for seq in wanted for each in (seq, seq ^ 1)})
        for start in range(0, len(leaves), _AT_ONCE):
            rows = LedgerEntry.objects.filter(seq__in=leaves[start : start + _AT_ONCE])
            for seq, leaf in rows.values_list("seq", "leaf_hash"):
                self._subtrees[seq, seq + 1] = bytes.fromhex(leaf)

    def _subtree(self, start: int, stop: int) -> bytes:
        known = self._subtrees.get((start, stop))
        if known is None:
            known = self._subtrees[start, stop] = self._found(start, stop) or self._reckoned(start, stop)
        return known

    def _found(self, start: int, stop: int) -> bytes | None:
        if stop - start == 1:
            return bytes.fromhex(LedgerEntry.objects.values_list("leaf_hash", flat=True).get(seq=start))
        if stop - start != stop & -stop:
            return None
        # The last perfect subtree of a ledger that is `stop` long is exactly this one.
        frontier = Checkpoint.objects.filter(size=stop).values_list("frontier", flat=True).first()
        return frontier_of(frontier).digests[-1] if frontier else None

    def _reckoned(self, start: int, stop: int) -> bytes:
        middle = start + (1 << (stop - start - 1).bit_length() - 1)
        return node_hash(self._subtree(start, middle), self._subtree(middle, stop))
