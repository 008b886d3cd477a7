"""The judges themselves: they agree with what is good and with nothing forged.

A judge that always agrees, or always refuses, is caught here. The good cases are facts: the tree is
that of RFC 6962's usual eight entries, hashed in this file step by step, and no code of ours is used.
"""

from __future__ import annotations

import base64
import json
from hashlib import sha256

import pytest

from tests.examples import SHARED
from tests.judges import node_judge, sigstore_judge
from tests.judges.node_judge import needs_node
from tests.judges.signing import (
    PLAIN,
    checkpoint_note,
    key_id,
    line,
    packed,
    plain_line,
    private_key,
    public_bytes,
)

ENTRIES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "505152")]
ORIGIN = "kaoping.example/2024"
KEY, OTHER_KEY = private_key(1), private_key(2)
PUBLIC, OTHER_PUBLIC = public_bytes(KEY), public_bytes(OTHER_KEY)
INDEX, SIZE = 5, 7
GARBAGE = b"\x5a" * 32


def leaf(number):
    return sha256(b"\x00" + ENTRIES[number]).digest()


def node(left, right):
    return sha256(b"\x01" + left + right).digest()


# The seven entries of RFC 6962 §2.1.3: entry 5 is proved by its neighbour, the last one, the rest.
FIRST_FOUR = node(node(leaf(0), leaf(1)), node(leaf(2), leaf(3)))
PATH = [leaf(4), leaf(6), FIRST_FOUR]
ROOT = node(FIRST_FOUR, node(node(leaf(4), leaf(5)), leaf(6)))
NOTE = checkpoint_note(ORIGIN, SIZE, ROOT, KEY)
TEXT = NOTE.partition("\n\n")[0]
KEY_ID = key_id(ORIGIN, PLAIN, PUBLIC)
OTHER_SIGNATURE = OTHER_KEY.sign(f"{TEXT}\n".encode())

FORGED_PROOFS = {
    "another entry": (b"@ABD", INDEX, SIZE, PATH, ROOT),
    "the entry's hash instead of the entry": (leaf(INDEX), INDEX, SIZE, PATH, ROOT),
    "the next place": (ENTRIES[INDEX], INDEX + 1, SIZE, PATH, ROOT),
    "the place before": (ENTRIES[INDEX], INDEX - 1, SIZE, PATH, ROOT),
    "a place outside": (ENTRIES[INDEX], SIZE, SIZE, PATH, ROOT),
    "a place before the first": (ENTRIES[INDEX], -1, SIZE, PATH, ROOT),
    "a smaller tree": (ENTRIES[INDEX], INDEX, SIZE - 1, PATH, ROOT),
    "a much larger tree": (ENTRIES[INDEX], INDEX, SIZE * 2, PATH, ROOT),
    "no tree": (ENTRIES[INDEX], 0, 0, [], ROOT),
    "another root": (ENTRIES[INDEX], INDEX, SIZE, PATH, GARBAGE),
    "no root": (ENTRIES[INDEX], INDEX, SIZE, PATH, b""),
    "no path": (ENTRIES[INDEX], INDEX, SIZE, [], ROOT),
    "a shortened path": (ENTRIES[INDEX], INDEX, SIZE, PATH[:-1], ROOT),
    "a lengthened path": (ENTRIES[INDEX], INDEX, SIZE, [*PATH, GARBAGE], ROOT),
    "a path in another order": (ENTRIES[INDEX], INDEX, SIZE, PATH[::-1], ROOT),
    "a path with another step": (ENTRIES[INDEX], INDEX, SIZE, [GARBAGE, *PATH[1:]], ROOT),
}

FORGED_NOTES = {
    "signed with another key": checkpoint_note(ORIGIN, SIZE, ROOT, OTHER_KEY),
    "another key under this key's id": f"{TEXT}\n\n" + line(ORIGIN, KEY_ID + OTHER_SIGNATURE),
    "another root": NOTE.replace(packed(ROOT), packed(GARBAGE)),
    "another size": NOTE.replace("\n7\n", "\n8\n"),
    "another origin": NOTE.replace(ORIGIN, "kaoping.example/2025", 1),
    "a line added": NOTE.replace("\n\n", "\nmore\n\n"),
    "no signature": f"{TEXT}\n\n",
    "cut off": NOTE[: NOTE.index("\u2014") + 40] + "\n",
    "no empty line": NOTE.replace("\n\n", "\n"),
    "nothing": "",
}


def node_verdicts(kind, cases):
    return node_judge.verdicts([getattr(node_judge, kind)(*case) for case in cases])


# --- sigstore-python ------------------------------------------------------------------------------


def test_sigstore_accepts_a_good_proof():
    assert sigstore_judge.inclusion_holds(ENTRIES[INDEX], INDEX, SIZE, PATH, ROOT)
    assert sigstore_judge.inclusion_holds(ENTRIES[0], 0, 1, [], leaf(0))


@pytest.mark.parametrize("forged", FORGED_PROOFS.values(), ids=FORGED_PROOFS.keys())
def test_sigstore_refuses_a_forged_proof(forged):
    assert not sigstore_judge.inclusion_holds(*forged)


def test_sigstore_accepts_a_good_checkpoint():
    assert sigstore_judge.checkpoint_holds(NOTE, ORIGIN, PUBLIC, ROOT)
    by_two = NOTE + plain_line(f"{TEXT}\n", "witness.example/w1", OTHER_KEY)
    assert sigstore_judge.checkpoint_holds(by_two, ORIGIN, PUBLIC, ROOT)
    assert sigstore_judge.checkpoint_holds(by_two, "witness.example/w1", OTHER_PUBLIC, ROOT)


@pytest.mark.parametrize("forged", FORGED_NOTES.values(), ids=FORGED_NOTES.keys())
def test_sigstore_refuses_a_forged_checkpoint(forged):
    assert not sigstore_judge.checkpoint_holds(forged, ORIGIN, PUBLIC, ROOT)
    assert not sigstore_judge.receipt_holds(ENTRIES[INDEX], INDEX, PATH, forged, ORIGIN, PUBLIC)


def test_sigstore_refuses_a_good_checkpoint_of_another_key_name_or_tree():
    assert not sigstore_judge.checkpoint_holds(NOTE, ORIGIN, OTHER_PUBLIC, ROOT)
    assert not sigstore_judge.checkpoint_holds(NOTE, "kaoping.example/2025", PUBLIC, ROOT)
    assert not sigstore_judge.checkpoint_holds(NOTE, ORIGIN, PUBLIC, GARBAGE)


def test_sigstore_accepts_a_good_receipt_and_no_other():
    assert sigstore_judge.receipt_holds(ENTRIES[INDEX], INDEX, PATH, NOTE, ORIGIN, PUBLIC)
    assert not sigstore_judge.receipt_holds(b"other", INDEX, PATH, NOTE, ORIGIN, PUBLIC)
    assert not sigstore_judge.receipt_holds(ENTRIES[INDEX], 4, PATH, NOTE, ORIGIN, PUBLIC)


# --- @sigstore/verify -----------------------------------------------------------------------------


@needs_node
def test_node_accepts_good_proofs():
    good = [(ENTRIES[INDEX], INDEX, SIZE, PATH, ROOT), (ENTRIES[0], 0, 1, [], leaf(0))]
    assert node_verdicts("inclusion", good) == [True, True]


@needs_node
def test_node_refuses_every_forged_proof():
    told = node_verdicts("inclusion", FORGED_PROOFS.values())
    assert [name for name, holds in zip(FORGED_PROOFS, told, strict=True) if holds] == []


@needs_node
def test_node_accepts_a_good_checkpoint_and_refuses_every_forged_one():
    notes = {"good": NOTE} | FORGED_NOTES
    told = node_verdicts("checkpoint", [(note, ORIGIN, PUBLIC) for note in notes.values()])
    assert [name for name, holds in zip(notes, told, strict=True) if holds] == ["good"]


@needs_node
def test_node_refuses_a_good_checkpoint_of_another_key_or_name():
    cases = [(NOTE, ORIGIN, OTHER_PUBLIC), (NOTE, "kaoping.example/2025", PUBLIC)]
    assert node_verdicts("checkpoint", cases) == [False, False]


@needs_node
def test_node_accepts_a_good_receipt_and_no_other():
    notes = {"good": NOTE} | FORGED_NOTES
    cases = [(ENTRIES[INDEX], INDEX, PATH, note, ORIGIN, PUBLIC) for note in notes.values()]
    cases += [
        (b"other", INDEX, PATH, NOTE, ORIGIN, PUBLIC),
        (ENTRIES[INDEX], 4, PATH, NOTE, ORIGIN, PUBLIC),
        (ENTRIES[INDEX], INDEX, PATH, NOTE, ORIGIN, OTHER_PUBLIC),
    ]
    assert node_verdicts("receipt", cases) == [True] + [False] * (len(cases) - 1)


# --- the shared vectors ---------------------------------------------------------------------------

PROOFS = SHARED / "vectors" / "tlog" / "merkle" / "testdata" / "inclusion"
ROOTS = SHARED / "vectors" / "tlog" / "rfc6962_roots.json"


def shared_proofs():
    """The shared cases whose entry is known, not only its hash: (arguments, whether it is good)."""
    entries = [bytes.fromhex(text) for text in json.loads(ROOTS.read_text())["leaf_inputs_hex"]]
    by_hash = {sha256(b"\x00" + entry).digest(): entry for entry in entries}
    found = []
    for path in sorted(PROOFS.rglob("*.json")):
        case = json.loads(path.read_text())
        entry = by_hash.get(base64.b64decode(case["leafHash"]))
        if entry is not None:
            steps = [base64.b64decode(step) for step in case["proof"] or []]
            root = base64.b64decode(case["root"])
            arguments = (entry, case["leafIdx"], case["treeSize"], steps, root)
            found.append((arguments, not case["wantErr"]))
    return found


@pytest.mark.skipif(not PROOFS.is_dir(), reason="the shared vectors are not here")
def test_sigstore_says_what_the_shared_vectors_say():
    cases = shared_proofs()
    assert (len(cases), sum(good for _, good in cases)) == (77, 5)
    assert [case for case, good in cases if sigstore_judge.inclusion_holds(*case) != good] == []


@needs_node
@pytest.mark.skipif(not PROOFS.is_dir(), reason="the shared vectors are not here")
def test_node_says_what_the_shared_vectors_say():
    cases = shared_proofs()
    told = node_verdicts("inclusion", [case for case, _ in cases])
    assert told == [good for _, good in cases]
