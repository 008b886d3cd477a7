"""Merkle proofs of any tree: ours against RFC 6962 read word for word, and against two judges.

One flipped bit is refused wherever it is, with one exception that is no fault: a proof alone does not
bind the number of entries. It leads to the root by steps to the left and to the right, and holds for
any size whose tree has the same steps to that leaf; only the signed checkpoint says which size it is.
So for sizes the tests work out the steps themselves, and demand exactly that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.tree import (
    complete_subtrees,
    consistency_proof,
    inclusion_proof,
    joined,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.judges import node_judge, sigstore_judge
from tests.judges.node_judge import needs_node

pytestmark = pytest.mark.slow

LARGEST = 300
SIZES = st.integers(1, LARGEST)
ENTRIES = [f"entry {number}".encode() for number in range(LARGEST)]
"""All different: equal entries stand, rightly, at more than one place."""
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
BITS = st.integers(0, 2**16)
UNHURRIED = settings(deadline=None)


# --- RFC 6962 word for word -----------------------------------------------------------------------


def split(count):
    """The largest power of two smaller than a count."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def tree_hash(entries):
    """MTH of §2.1."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return sha256(b"\x01" + tree_hash(entries[:k]) + tree_hash(entries[k:])).digest()


def audit_path(index, entries):
    """PATH of §2.1.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if index < k:
        return [*audit_path(index, entries[:k]), tree_hash(entries[k:])]
    return [*audit_path(index - k, entries[k:]), tree_hash(entries[:k])]


def consistency(old_size, entries, *, whole=True):
    """PROOF and SUBPROOF of §2.1.2."""
    if old_size == len(entries):
        return [] if whole else [tree_hash(entries)]
    k = split(len(entries))
    if old_size <= k:
        return [*consistency(old_size, entries[:k], whole=whole), tree_hash(entries[k:])]
    return [*consistency(old_size - k, entries[k:], whole=False), tree_hash(entries[:k])]


def steps(index, size):
    """From a leaf to the root: on which side each hash of the path stands; None where no leaf is."""
    if not 0 <= index < size:
        return None
    if size == 1:
        return ""
    k = split(size)
    return f"{steps(index, k)}r" if index < k else f"{steps(index - k, size - k)}l"


def old_steps(old_size, size, *, whole=True):
    """The same from the old tree's last whole part (given, or first in the path) to both roots."""
    if not 0 < old_size <= size:
        return None
    if old_size == size:
        return "" if whole else "first "
    k = split(size)
    if old_size <= k:
        return f"{old_steps(old_size, k, whole=whole)}r"
    return f"{old_steps(old_size - k, size - k, whole=False)}l"


@UNHURRIED
@given(SIZES | st.just(0))
def test_a_root_is_that_of_the_definition(size):
    assert root_of(LEAVES[:size]) == tree_hash(ENTRIES[:size])
    parts = [root_of(LEAVES[at : at + width]) for at, width in complete_subtrees(0, size)]
    assert joined(parts) == tree_hash(ENTRIES[:size])


@UNHURRIED
@given(st.lists(st.binary(max_size=70), max_size=20))
def test_a_root_over_any_entries_is_that_of_the_definition(entries):
    assert root_of([leaf_hash(entry) for entry in entries]) == tree_hash(entries)


@UNHURRIED
@given(SIZES, st.data())
def test_an_inclusion_path_is_that_of_the_definition(size, data):
    index = data.draw(st.integers(0, size - 1))
    assert inclusion_proof(LEAVES[:size], index) == audit_path(index, ENTRIES[:size])


@UNHURRIED
@given(SIZES, st.data())
def test_a_consistency_path_is_that_of_the_definition(size, data):
    old_size = data.draw(st.integers(1, size))
    assert consistency_proof(LEAVES[:size], old_size) == consistency(old_size, ENTRIES[:size])


# --- inclusion ------------------------------------------------------------------------------------


def flipped(content, bit):
    """Bytes with one bit changed."""
    changed = bytearray(content)
    changed[bit // 8 % len(content)] ^= 1 << bit % 8
    return bytes(changed)


def with_flipped_step(path, bit):
    step, at = divmod(bit, 256)
    step %= len(path)
    return [*path[:step], flipped(path[step], at), *path[step + 1 :]]


@dataclass(frozen=True)
class Proof:
    """That an entry is in a tree; field names are those of what is flipped below."""

    entry: bytes
    index: int
    size: int
    path: list[bytes]
    root: bytes

    @property
    def told(self):
        """As both judges want it."""
        return self.entry, self.index, self.size, self.path, self.root

    def holds(self):
        return verify_inclusion(leaf_hash(self.entry), *self.told[1:])


@st.composite
def proofs(draw):
    size = draw(SIZES)
    index = draw(st.integers(0, size - 1))
    path = inclusion_proof(LEAVES[:size], index)
    return Proof(ENTRIES[index], index, size, path, root_of(LEAVES[:size]))


@st.composite
def flips(draw):
    """A good proof, the same with one bit changed, and whether that one must hold all the same."""
    proof, bit = draw(proofs()), draw(BITS)
    small = bit % (LARGEST.bit_length() + 1)
    forged = {
        "entry": replace(proof, entry=flipped(proof.entry, bit)),
        "root": replace(proof, root=flipped(proof.root, bit)),
        "index": replace(proof, index=proof.index ^ 1 << small),
        "size": replace(proof, size=proof.size ^ 1 << small),
    }
    if proof.path:
        forged["path"] = replace(proof, path=with_flipped_step(proof.path, bit))
    where = draw(st.sampled_from(sorted(forged)))
    same_steps = steps(proof.index, forged[where].size) == steps(proof.index, proof.size)
    return proof, forged[where], where == "size" and same_steps


@UNHURRIED
@given(proofs())
def test_our_proofs_hold_for_us_and_for_sigstore(proof):
    assert proof.holds()
    assert sigstore_judge.inclusion_holds(*proof.told)


@settings(UNHURRIED, max_examples=400)
@given(flips())
def test_a_flipped_bit_is_refused_by_us_and_by_sigstore(flip):
    _, forged, holds = flip
    assert forged.holds() is holds
    assert sigstore_judge.inclusion_holds(*forged.told) is holds


@needs_node
@settings(UNHURRIED, max_examples=8)
@given(st.lists(flips(), min_size=60, max_size=120))
def test_node_accepts_our_proofs_and_refuses_what_we_refuse(found):
    """Many in one process, since starting it takes longest."""
    good = [proof.told for proof, _, _ in found]
    forged = [changed.told for _, changed, _ in found]
    told = node_judge.verdicts([node_judge.inclusion(*case) for case in good + forged])
    assert told == [True] * len(good) + [holds for _, _, holds in found]


@UNHURRIED
@given(proofs(), st.integers(-2, LARGEST + 2), st.integers(-2, LARGEST + 2))
def test_at_any_place_of_any_size_we_and_sigstore_agree(proof, index, size):
    """Also far from the truth, and outside the tree."""
    moved = replace(proof, index=index, size=size)
    assert moved.holds() is (steps(index, size) == steps(proof.index, proof.size))
    assert moved.holds() is sigstore_judge.inclusion_holds(*moved.told)


def test_some_other_sizes_do_hold():
    """The exception is met, not only allowed for."""
    sizes = [size for size in range(1, 40) if steps(0, size) == steps(0, 20)]
    assert sizes == list(range(17, 33))
    path = inclusion_proof(LEAVES[:20], 0)
    held = [
        s for s in range(1, 40) if verify_inclusion(LEAVES[0], 0, s, path, root_of(LEAVES[:20]))
    ]
    assert held == sizes


# --- consistency ----------------------------------------------------------------------------------


@st.composite
def consistencies(draw):
    """Arguments of `verify_consistency` that hold."""
    size = draw(SIZES)
    old_size = draw(st.integers(1, size))
    old_root, root = root_of(LEAVES[:old_size]), root_of(LEAVES[:size])
    return old_size, size, old_root, root, consistency_proof(LEAVES[:size], old_size)


@UNHURRIED
@given(consistencies())
def test_our_consistency_proofs_hold(proof):
    assert verify_consistency(*proof)


@UNHURRIED
@given(consistencies(), BITS)
def test_a_flipped_bit_of_a_root_or_a_path_is_refused(proof, bit):
    old_size, size, old_root, root, path = proof
    assert not verify_consistency(old_size, size, flipped(old_root, bit), root, path)
    assert not verify_consistency(old_size, size, old_root, flipped(root, bit), path)
    if path:
        assert not verify_consistency(old_size, size, old_root, root, with_flipped_step(path, bit))


@UNHURRIED
@given(consistencies(), st.integers(-2, LARGEST + 2), st.integers(-2, LARGEST + 2))
def test_other_sizes_are_consistent_only_where_the_steps_are_the_same(proof, old_size, size):
    told_old, told, *rest = proof
    for other in ((old_size, size), (told_old, size), (old_size, told)):
        same = old_steps(*other) == old_steps(told_old, told)
        assert verify_consistency(*other, *rest) is same


@UNHURRIED
@given(SIZES, st.data())
def test_a_changed_history_is_consistent_with_no_proof_of_ours(size, data):
    """Whoever rewrites an entry cannot prove the old root, by the true path or the new one."""
    old_size = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old_size - 1))
    rewritten = [*LEAVES[:changed], leaf_hash(b"rewritten"), *LEAVES[changed + 1 : size]]
    old_root, root = root_of(LEAVES[:old_size]), root_of(rewritten)
    for leaves in (LEAVES[:size], rewritten):
        path = consistency_proof(leaves, old_size)
        assert not verify_consistency(old_size, size, old_root, root, path)
