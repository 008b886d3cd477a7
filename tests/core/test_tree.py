"""The Merkle tree against facts of others: known roots, and proofs that must hold or must fail."""

from __future__ import annotations

import base64
import json
from collections import Counter

import pytest

from kaoping.core.errors import TamperError
from kaoping.core.journal import check_receipt, open_checkpoint, parse_receipt
from kaoping.core.note import parse_vkey
from kaoping.core.tree import (
    EMPTY_ROOT,
    complete_subtrees,
    consistency_path,
    consistency_proof,
    inclusion_path,
    inclusion_proof,
    joined,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.examples import SHARED
from tests.judges.signing import verified

VECTORS = SHARED / "vectors" / "tlog"
PROOFS = VECTORS / "merkle" / "testdata"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared vectors are not here")

ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
ENTRIES += ["606162636465666768696a6b6c6d6e6f"]
LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots over the first 0 to 8 entries, as the tests of Certificate Transparency have them."""
ROOTS = [bytes.fromhex(root) for root in KNOWN_ROOTS]
SIZES = range(len(ROOTS))
GARBAGE = b"\x5a" * 32


def nodes_of_seven():
    """The tree of RFC 6962 §2.1.3: leaves a to d and e, f, j; above them g, h, i; then k and l."""
    a, b, c, d, e, f, j = LEAVES[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "j": j, "g": g, "h": h, "i": i} | {
        "k": node_hash(g, h),
        "l": node_hash(i, j),
    }


def named(letters):
    """A path as the letters of RFC 6962 §2.1.3 tell it."""
    return [nodes_of_seven()[letter] for letter in letters]


# --- hashes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_roots_are_those_that_everybody_has(size):
    assert root_of(LEAVES[:size]) == ROOTS[size]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert EMPTY_ROOT == root_of([]) == joined([]) == ROOTS[0]


def test_a_node_is_not_taken_for_a_leaf():
    """The two prefixes: an entry that holds two hashes is not the node over them."""
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])
    assert leaf_hash(b"\x01" + LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


@pytest.mark.parametrize("size", SIZES)
def test_a_tree_is_joined_from_its_complete_subtrees(size):
    parts = [root_of(LEAVES[start : start + width]) for start, width in complete_subtrees(0, size)]
    assert joined(parts) == ROOTS[size]
    assert len(parts) == size.bit_count()


# --- proofs of RFC 6962 §2.1.3 --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "bhl"), (3, "cgl"), (4, "fjk"), (6, "ik")], ids=str
)
def test_inclusion_paths_are_those_of_the_rfc(index, letters):
    assert inclusion_proof(LEAVES[:7], index) == named(letters)
    assert verify_inclusion(LEAVES[index], index, 7, named(letters), ROOTS[7])


@pytest.mark.parametrize(("old_size", "letters"), [(3, "cdgl"), (4, "l"), (6, "ijk")], ids=str)
def test_consistency_paths_are_those_of_the_rfc(old_size, letters):
    assert consistency_proof(LEAVES[:7], old_size) == named(letters)
    assert verify_consistency(old_size, 7, ROOTS[old_size], ROOTS[7], named(letters))


# --- every proof in small trees -------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES[1:])
def test_an_entry_is_proved_at_its_own_place_only(size):
    for index in range(size):
        path = inclusion_proof(LEAVES[:size], index)
        holds = [
            place
            for place in range(-1, size + 2)
            if verify_inclusion(LEAVES[index], place, size, path, ROOTS[size])
        ]
        assert holds == [index]


@pytest.mark.parametrize("size", SIZES[1:])
def test_a_tree_begins_with_each_smaller_one_and_no_other(size):
    for old_size in range(1, size + 1):
        path = consistency_proof(LEAVES[:size], old_size)
        holds = [
            other
            for other in SIZES
            if verify_consistency(old_size, size, ROOTS[other], ROOTS[size], path)
        ]
        assert holds == [old_size]


def test_equal_entries_beside_each_other_are_each_at_both_places():
    """No fault: the entry does stand at both. Entries of a journal differ by their salts."""
    twins = [LEAVES[0]] * 2
    path = inclusion_proof(twins, 0)
    assert verify_inclusion(LEAVES[0], 0, 2, path, root_of(twins))
    assert verify_inclusion(LEAVES[0], 1, 2, path, root_of(twins))


def test_a_proof_alone_does_not_say_how_many_entries_there_are():
    """Entry 0 of 3 is proved as entry 0 of 4 is; how many there are is what a checkpoint signs."""
    path = inclusion_proof(LEAVES[:3], 0)
    assert verify_inclusion(LEAVES[0], 0, 4, path, ROOTS[3])


@pytest.mark.parametrize(
    "path",
    [
        named("bh"),
        named("bhlk"),
        named("hbl"),
        [],
        [GARBAGE, *named("hl")],
        [*named("bh"), named("l")[0][:-1]],
        [*named("bh"), named("l")[0] + b"\x00"],
        [b"".join(named("bhl"))],
    ],
    ids=["short", "long", "turned", "none", "changed", "cut", "stretched", "in one"],
)
def test_a_path_that_was_changed_proves_nothing(path):
    assert not verify_inclusion(LEAVES[0], 0, 7, path, ROOTS[7])


def test_a_path_higher_than_the_tree_proves_nothing():
    """True proofs of larger trees, told of smaller ones: the steps left over must not be hashed."""
    assert not verify_inclusion(LEAVES[1], 0, 1, inclusion_proof(LEAVES[:2], 1), ROOTS[2])
    assert not verify_inclusion(LEAVES[7], 3, 4, inclusion_proof(LEAVES, 7), ROOTS[8])
    assert not verify_consistency(3, 4, ROOTS[7], ROOTS[8], consistency_proof(LEAVES, 7))


@pytest.mark.parametrize("leaf", [b"", ROOTS[1][:-1], ROOTS[1] + b"\x00"])
def test_what_is_no_digest_is_no_leaf(leaf):
    assert not verify_inclusion(leaf, 0, 1, [], leaf)


@pytest.mark.parametrize(("old_size", "size"), [(0, 0), (0, 7), (8, 7), (-1, 7), (7, 0)], ids=str)
def test_nothing_is_consistent_with_an_impossible_size(old_size, size):
    assert not verify_consistency(old_size, size, ROOTS[0], ROOTS[7], [])
    assert not verify_consistency(old_size, size, ROOTS[0], ROOTS[0], [])


@pytest.mark.parametrize("index", [-1, 7, 8])
def test_a_leaf_that_is_not_there_cannot_be_proved(index):
    with pytest.raises(ValueError, match=f"no leaf {index} in a tree of 7"):
        inclusion_proof(LEAVES[:7], index)


def test_an_empty_tree_proves_nothing():
    with pytest.raises(ValueError, match="no leaf 0 in a tree of 0"):
        inclusion_proof([], 0)


@pytest.mark.parametrize("old_size", [-1, 8])
def test_a_tree_cannot_begin_with_a_larger_one(old_size):
    with pytest.raises(ValueError, match="a tree of 7 cannot begin with one of"):
        consistency_proof(LEAVES[:7], old_size)


def test_from_nothing_and_from_itself_there_is_nothing_to_prove():
    assert consistency_proof(LEAVES, 0) == consistency_proof(LEAVES, len(LEAVES)) == []
    assert consistency_proof([], 0) == []


def test_a_path_is_made_from_few_ranges():
    """A log on disk is asked for as many ranges as the path has steps, however large it is."""
    asked = []

    def root_of_range(start, end):
        asked.append((start, end))
        return leaf_hash(f"{start} {end}".encode())

    size = 2**40 + 5
    assert len(inclusion_path(2**40 + 2, size, root_of_range)) == len(asked) == 4
    asked.clear()
    assert len(consistency_path(2**39 - 1, size, root_of_range)) == len(asked) == 42
    assert all(0 <= start < end <= size for start, end in asked)


# --- the shared vectors ---------------------------------------------------------------------------


def cases(kind):
    """The cases of a kind by the path of their file, bytes read from base 64."""
    found = {}
    for path in sorted((PROOFS / kind).rglob("*.json")):
        case = json.loads(path.read_text())
        for field in {"leafHash", "root", "root1", "root2"} & case.keys():
            case[field] = base64.b64decode(case[field])
        case["proof"] = [base64.b64decode(step) for step in case["proof"] or []]
        found[str(path.relative_to(PROOFS))] = case
    return found


def counted(found):
    """How many cases are good, and how many must fail."""
    told = Counter(case["wantErr"] for case in found.values())
    return told[False], told[True]


def wrongly_judged(found, holds):
    return [name for name, case in found.items() if holds(case) == case["wantErr"]]


@needs_vectors
def test_the_shared_roots_are_ours():
    shared = json.loads((VECTORS / "rfc6962_roots.json").read_text())
    assert shared["leaf_inputs_hex"] == ENTRIES
    assert shared["root_by_size_hex"] == KNOWN_ROOTS


@needs_vectors
def test_every_shared_inclusion_proof_is_judged_rightly():
    found = cases("inclusion")
    assert counted(found) == (6, 92)
    assert not wrongly_judged(
        found,
        lambda case: verify_inclusion(
            case["leafHash"], case["leafIdx"], case["treeSize"], case["proof"], case["root"]
        ),
    )


@needs_vectors
def test_every_shared_consistency_proof_is_judged_rightly():
    found = cases("consistency")
    assert counted(found) == (6, 92)
    assert not wrongly_judged(
        found,
        lambda case: verify_consistency(
            case["size1"], case["size2"], case["root1"], case["root2"], case["proof"]
        ),
    )


@needs_vectors
def test_every_shared_proof_within_a_subtree_is_judged_rightly():
    """RFC 6962 has no proofs within subtrees, but one at [start, end) is one in a tree of its own.

    What it cannot say is whether a range may be a subtree at all: that is asked first, as the
    standard of those proofs puts it (start is a multiple of the next power of two of the length).
    """
    found = cases("subtreeinclusion")
    assert counted(found) == (12, 192)

    def holds(case):
        start, length = case["start"], case["end"] - case["start"]
        may_be = length > 0 and start % (1 << (length - 1).bit_length()) == 0
        index = case["leafIdx"] - start
        return may_be and verify_inclusion(
            case["leafHash"], index, length, case["proof"], case["root"]
        )

    assert not wrongly_judged(found, holds)


@needs_vectors
def test_every_shared_subtree_at_the_beginning_is_consistent_as_a_tree_is():
    """Of the proofs that a subtree belongs to a tree, RFC 6962 has those whose subtree starts at 0.

    Not those of a later subtree, whose path also leads past the leaves before it; nor those of an
    empty one, which that standard lets pass and we refuse.
    """
    found = cases("subtreeconsistency")
    assert counted(found) == (12, 106)
    first = {name: case for name, case in found.items() if case["start"] == 0 < case["end"]}
    assert counted(first) == (6, 85)
    assert not wrongly_judged(
        first,
        lambda case: verify_consistency(
            case["end"], case["size"], case["root1"], case["root2"], case["proof"]
        ),
    )


def log_vector():
    """The shared log of 1300 entries, digests as bytes."""
    told = json.loads((VECTORS / "project_log_vector.json").read_text())
    for field in ("path", "consistency_700_1300"):
        told[field] = [bytes.fromhex(step) for step in told[field]]
    return told | {field: bytes.fromhex(told[field]) for field in ("entry_hex", "root", "root700")}


@needs_vectors
def test_entry_731_of_the_shared_log_is_proved():
    told = log_vector()
    leaf, path, root = leaf_hash(told["entry_hex"]), told["path"], told["root"]
    assert (told["index"], told["size"], len(path)) == (731, 1300, 11)
    assert verify_inclusion(leaf, 731, 1300, path, root)
    assert not verify_inclusion(leaf, 730, 1300, path, root)
    assert not verify_inclusion(leaf, 731, 700, path, told["root700"])
    assert not verify_inclusion(leaf_hash(told["entry_hex"] + b" "), 731, 1300, path, root)


@needs_vectors
def test_the_shared_log_of_1300_begins_with_that_of_700():
    told = log_vector()
    old, new, path = told["root700"], told["root"], told["consistency_700_1300"]
    assert verify_consistency(700, 1300, old, new, path)
    assert not verify_consistency(701, 1300, old, new, path)
    assert not verify_consistency(700, 1300, new, old, path)
    for number in range(len(path)):
        assert not verify_consistency(700, 1300, old, new, path[:number] + path[number + 1 :])


@needs_vectors
def test_the_shared_receipt_of_entry_731_holds_and_is_written_the_same():
    told = log_vector()
    receipt = parse_receipt(told["tlog_proof_731"])
    assert (receipt.index, list(receipt.path)) == (731, told["path"])
    assert receipt.checkpoint == told["note_cp1300"]
    assert receipt.text == told["tlog_proof_731"]
    log, *witnesses = [parse_vkey(text) for text in told["vkeys"]]
    checkpoint = open_checkpoint(receipt.checkpoint, [log], verified, witnesses)
    assert checkpoint.checkpoint.root == told["root"]
    assert checkpoint.cosigned_by(witnesses) == 2
    check_receipt(receipt, told["entry_hex"], checkpoint)
    with pytest.raises(TamperError):
        check_receipt(receipt, told["entry_hex"] + b" ", checkpoint)
    older = open_checkpoint(told["note_cp700"], [log], verified)
    with pytest.raises(TamperError):
        check_receipt(receipt, told["entry_hex"], older)
