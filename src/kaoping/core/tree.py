"""The Merkle tree of the journal (RFC 6962 §2.1): hashes, and proofs made and verified.

A leaf is hashed as SHA-256(0x00 ‖ data), a node as SHA-256(0x01 ‖ left ‖ right); the empty tree has
the hash of nothing. Digests are 32 bytes. Proofs are made from any source that knows the roots of
ranges of leaves, so that a log on disk need not read its leaves; verifying needs no source at all
(RFC 9162 §2.1.3.2 and §2.1.4.2, which give the same answers as RFC 6962).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    RootOfRange = Callable[[int, int], bytes]
    """The root over the leaves from the first index up to, but without, the second."""

DIGEST_SIZE = 32
"""Length of every hash, in bytes."""
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees that stand beside each other."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over the hashes of leaves, which may be those of complete subtrees of one height."""
    level = list(leaf_hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        # The last of an odd number rises as it is: the same tree as RFC 6962 splits from above.
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0]


def joined(roots: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, left to right, each higher than the one after it."""
    if not roots:
        return EMPTY_ROOT
    *others, whole = roots
    for left in reversed(others):
        whole = node_hash(left, whole)
    return whole


def complete_subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The largest complete subtrees of a range that starts at a split: (first leaf, leaves) each."""
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        yield start, width
        start += width


# --- proofs: made ---------------------------------------------------------------------------------


def _split(start: int, end: int) -> int:
    """Where RFC 6962 divides a range: after the largest power of two below its length."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def inclusion_path(index: int, size: int, root_of_range: RootOfRange) -> list[bytes]:
    """That the leaf at `index` is in the tree of `size` leaves: hashes from the leaf up.

    Raises:
        ValueError: where the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            path.append(root_of_range(middle, end))
            end = middle
        else:
            path.append(root_of_range(start, middle))
            start = middle
    return path[::-1]


def consistency_path(old_size: int, size: int, root_of_range: RootOfRange) -> list[bytes]:
    """That the tree of `size` leaves begins with the one of `old_size`; empty where both are equal.

    From nothing to something there is nothing to prove: the path is empty as well.

    Raises:
        ValueError: where the old tree is the larger one.
    """
    if not 0 <= old_size <= size:
        raise ValueError(f"a tree of {size} cannot begin with one of {old_size}")
    if old_size in {0, size}:
        return []
    start, end, path = 0, size, []
    while end != old_size:
        middle = _split(start, end)
        if old_size <= middle:
            path.append(root_of_range(middle, end))
            end = middle
        else:
            path.append(root_of_range(start, middle))
            start = middle
    if start:  # otherwise the verifier holds this root already: it is that of the old tree
        path.append(root_of_range(start, end))
    return path[::-1]


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """`inclusion_path` over leaf hashes held in memory."""
    return inclusion_path(index, len(leaf_hashes), _roots_over(leaf_hashes))


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """`consistency_path` over leaf hashes held in memory."""
    return consistency_path(old_size, len(leaf_hashes), _roots_over(leaf_hashes))


def _roots_over(leaf_hashes: Sequence[bytes]) -> RootOfRange:
    return lambda start, end: root_of(leaf_hashes[start:end])


# --- proofs: verified -----------------------------------------------------------------------------


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether a path leads from a leaf's hash at an index to the root of a tree of `size` leaves."""
    if not 0 <= index < size or not _all_digests([leaf, *path]):
        return False
    node, last, reached = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            reached = node_hash(sibling, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the tree of `size` leaves begins, leaf for leaf, with the one of `old_size`.

    A tree of nothing is the beginning of every tree and says nothing: it is refused.
    """
    if not 0 < old_size <= size or not _all_digests(path):
        return False
    if old_size == size:
        return not path and old_root == root
    # A complete old tree is itself the first subtree, and stands in no proof.
    steps = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not path:
        return False
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    reached_old = reached = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            reached_old, reached = node_hash(sibling, reached_old), node_hash(sibling, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and (reached_old, reached) == (old_root, root)


def _all_digests(path: Sequence[bytes]) -> bool:
    return all(len(step) == DIGEST_SIZE for step in path)
