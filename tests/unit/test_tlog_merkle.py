"""The tree, its frontier and its proofs."""

import hashlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.tlog.errors import ConsistencyError, InclusionError, MalformedTreeError, ProofRangeError
from aigaq.tlog.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    subtrees_from,
    subtrees_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(b"%d" % index) for index in range(131)]


def mth(leaves):
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def flips(digests):
    for index, digest in enumerate(digests):
        for bit in range(8 * len(digest)):
            changed = bytearray(digest)
            changed[bit // 8] ^= 1 << bit % 8
            yield [*digests[:index], bytes(changed), *digests[index + 1 :]]


def test_the_root_is_the_one_the_rfc_defines_at_every_size():
    frontier = Frontier()
    for size in range(len(LEAVES)):
        assert frontier.root() == mth(LEAVES[:size]) == root(LEAVES[:size])
        assert frontier.size == size
        frontier.append(LEAVES[size])


@given(st.integers(0, 130), st.integers(0, 130))
def test_a_frontier_that_was_stored_and_restored_goes_on_as_if_never_stored(first, second):
    before = Frontier()
    before.extend(LEAVES[: min(first, second)])
    after = Frontier(before.size, before.digests)
    after.extend(LEAVES[min(first, second) : max(first, second)])
    assert after.root() == mth(LEAVES[: max(first, second)])
    assert before.root() == mth(LEAVES[: min(first, second)])


def test_a_copy_grows_by_itself():
    frontier = Frontier()
    frontier.append(LEAVES[0])
    copy = frontier.copy()
    copy.append(LEAVES[1])
    assert (frontier.size, frontier.root()) == (1, LEAVES[0])


def test_a_frontier_of_millions_is_a_few_digests():
    assert len(Frontier(10_000_000, LEAVES[: (10_000_000).bit_count()]).digests) == 8


@pytest.mark.parametrize(
    ("size", "digests"),
    [(-1, []), (0, LEAVES[:1]), (3, LEAVES[:1]), (3, LEAVES[:3]), (1, [b"short"]), (1, [b"x" * 33])],
)
def test_a_frontier_that_cannot_be_is_refused(size, digests):
    with pytest.raises(MalformedTreeError):
        Frontier(size, digests)


def test_every_leaf_of_every_tree_up_to_70_is_proven_included():
    for size in range(1, 71):
        leaves, subtree = LEAVES[:size], subtrees_of(LEAVES)
        for index in range(size):
            verify_inclusion(leaves[index], index, size, inclusion_proof(subtree, index, size), root(leaves))


def test_every_pair_of_trees_up_to_40_is_proven_consistent():
    for new_size in range(1, 41):
        for old_size in range(1, new_size + 1):
            proof = consistency_proof(subtrees_of(LEAVES), old_size, new_size)
            verify_consistency(old_size, new_size, root(LEAVES[:old_size]), root(LEAVES[:new_size]), proof)


def test_proofs_from_a_stream_are_those_from_a_list():
    asked = []

    def stream(start, stop):
        asked.append((start, stop))
        yield from LEAVES[start:stop]

    assert inclusion_proof(subtrees_from(stream), 5, 100) == inclusion_proof(subtrees_of(LEAVES), 5, 100)
    assert consistency_proof(subtrees_from(stream), 7, 100) == consistency_proof(subtrees_of(LEAVES), 7, 100)
    assert (64, 100) in asked


@pytest.mark.parametrize("size", [1, 2, 7, 8, 13])
def test_a_proof_of_inclusion_with_one_bit_changed_is_refused(size):
    tree = root(LEAVES[:size])
    for index in range(size):
        proof = inclusion_proof(subtrees_of(LEAVES), index, size)
        for changed in flips(proof):
            with pytest.raises(InclusionError):
                verify_inclusion(LEAVES[index], index, size, changed, tree)
        for [leaf] in flips([LEAVES[index]]):
            with pytest.raises(InclusionError):
                verify_inclusion(leaf, index, size, proof, tree)


@pytest.mark.parametrize(("old_size", "new_size"), [(1, 2), (3, 7), (4, 7), (6, 13), (8, 13), (7, 7)])
def test_a_proof_of_consistency_with_one_bit_changed_is_refused(old_size, new_size):
    old, new = root(LEAVES[:old_size]), root(LEAVES[:new_size])
    proof = consistency_proof(subtrees_of(LEAVES), old_size, new_size)
    for changed in flips(proof):
        with pytest.raises(ConsistencyError):
            verify_consistency(old_size, new_size, old, new, changed)
    for [changed] in flips([old]):
        with pytest.raises(ConsistencyError):
            verify_consistency(old_size, new_size, changed, new, proof)
    for [changed] in flips([new]):
        with pytest.raises(ConsistencyError):
            verify_consistency(old_size, new_size, old, changed, proof)


def test_a_proof_does_not_serve_another_place_or_another_size():
    size, tree = 21, root(LEAVES[:21])
    for index in range(size):
        proof = inclusion_proof(subtrees_of(LEAVES), index, size)
        for other in set(range(-1, size + 1)) - {index}:
            with pytest.raises(InclusionError):
                verify_inclusion(LEAVES[index], other, size, proof, tree)


def test_a_proof_cut_short_or_drawn_out_is_refused():
    proof = inclusion_proof(subtrees_of(LEAVES), 3, 21)
    for wrong in (proof[:-1], proof[1:], [*proof, LEAVES[0]], [], [*proof, proof[-1]]):
        with pytest.raises(InclusionError):
            verify_inclusion(LEAVES[3], 3, 21, wrong, root(LEAVES[:21]))
    proof = consistency_proof(subtrees_of(LEAVES), 6, 21)
    for wrong in (proof[:-1], proof[1:], [*proof, LEAVES[0]], [], [*proof, proof[-1]]):
        with pytest.raises(ConsistencyError):
            verify_consistency(6, 21, root(LEAVES[:6]), root(LEAVES[:21]), wrong)


def test_a_proof_that_ends_below_the_root_is_refused_though_its_hashes_agree():
    """The forger names as root what the short proof leads to; the sizes give it away."""
    with pytest.raises(ConsistencyError, match="too short"):
        verify_consistency(1, 4, LEAVES[0], root(LEAVES[:2]), [LEAVES[1]])
    with pytest.raises(InclusionError, match="too short"):
        verify_inclusion(LEAVES[0], 0, 4, [LEAVES[1]], root(LEAVES[:2]))


@pytest.mark.parametrize(("index", "size"), [(1, 1), (2, 1), (-1, 1), (0, 0), (3, 2)])
def test_an_entry_beyond_the_end_is_not_proven_by_its_own_hash(index, size):
    with pytest.raises(InclusionError, match="no such entry"):
        verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


def test_a_node_is_never_taken_for_an_entry():
    """The second preimage that the two prefixes prevent: a root of one leaf is not that of its children."""
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != root([left, right])


@pytest.mark.parametrize(("old_size", "new_size"), [(0, 0), (0, 5), (6, 5), (-1, 5)])
def test_nothing_is_consistent_with_a_tree_that_makes_no_claim(old_size, new_size):
    with pytest.raises(ConsistencyError):
        verify_consistency(old_size, new_size, EMPTY_ROOT, root(LEAVES[: max(new_size, 0)]), [])
    with pytest.raises(ProofRangeError):
        consistency_proof(subtrees_of(LEAVES), old_size, new_size)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_there_is_no_proof_of_what_is_not_there(index, size):
    with pytest.raises(ProofRangeError):
        inclusion_proof(subtrees_of(LEAVES), index, size)


def test_a_refusal_carries_its_evidence():
    proof = inclusion_proof(subtrees_of(LEAVES), 3, 7)
    with pytest.raises(InclusionError) as caught:
        verify_inclusion(LEAVES[4], 3, 7, proof, root(LEAVES[:7]))
    assert caught.value.details == {
        "leaf": LEAVES[4],
        "index": 3,
        "size": 7,
        "proof": tuple(proof),
        "root": root(LEAVES[:7]),
        "reason": "the proof leads to another root",
    }
    with pytest.raises(ConsistencyError) as caught:
        verify_consistency(3, 7, LEAVES[0], root(LEAVES[:7]), proof)
    assert {"old_size", "new_size", "old_root", "new_root", "proof"} <= caught.value.details.keys()


@given(
    st.integers(1, 2**62), st.integers(0, 2**62), st.lists(st.binary(min_size=32, max_size=32), max_size=70)
)
def test_no_proof_out_of_the_blue_proves_anything(size, index, proof):
    with pytest.raises(InclusionError):
        verify_inclusion(LEAVES[0], index, size + 1, proof, LEAVES[1])
    with pytest.raises(ConsistencyError):
        verify_consistency(min(size, index + 1), max(size, index + 1) + 1, LEAVES[0], LEAVES[1], proof)


def test_entries_in_another_order_have_another_root():
    shuffled = LEAVES[:50]
    Random(5).shuffle(shuffled)
    assert root(shuffled) != root(LEAVES[:50])
