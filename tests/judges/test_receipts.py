"""Receipts that we write and those of the shared log, judged by others from the text alone."""

from __future__ import annotations

import json

import pytest

from kaoping.core.journal import Checkpoint, Receipt, parse_receipt
from kaoping.core.note import KeyKind, Signer, VerifierKey, parse_vkey, signature_line, signed
from kaoping.core.tree import inclusion_proof, leaf_hash, root_of
from tests.examples import SHARED
from tests.judges import node_judge, sigstore_judge
from tests.judges.node_judge import needs_node
from tests.judges.signing import private_key, public_bytes

SECRET, WITNESS_SECRET = private_key(1), private_key(2)
KEY = VerifierKey("kaoping.example/2024", KeyKind.ED25519, public_bytes(SECRET))
WITNESS = VerifierKey("witness.example/w1", KeyKind.COSIGNATURE, public_bytes(WITNESS_SECRET))
SM2 = VerifierKey("kaoping.example/2024", KeyKind.SM2, bytes(64))
ENTRIES = [f"entry {number}".encode() for number in range(300)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
VECTOR = SHARED / "vectors" / "tlog" / "project_log_vector.json"
needs_vector = pytest.mark.skipif(not VECTOR.exists(), reason="the shared vectors are not here")


def receipt_text(index, size):
    """A receipt as a unit gets it: signed with our key, cosigned, and with a line of SM2."""
    text = Checkpoint(KEY.name, size, root_of(LEAVES[:size])).text
    note = signed(text, [Signer(SM2, lambda message: bytes(64)), Signer(KEY, SECRET.sign)])
    note += signature_line(text, Signer(WITNESS, WITNESS_SECRET.sign), 1_737_363_600)
    return Receipt(index, tuple(inclusion_proof(LEAVES[:size], index)), note).text


def ours(index, size, entry=None):
    """What a judge is told of one of our receipts."""
    receipt = parse_receipt(receipt_text(index, size))
    content = ENTRIES[index] if entry is None else entry
    return content, index, receipt.path, receipt.checkpoint, KEY.name, KEY.public


def shared_receipt():
    told = json.loads(VECTOR.read_text())
    receipt, key = parse_receipt(told["tlog_proof_731"]), parse_vkey(told["vkeys"][0])
    entry = bytes.fromhex(told["entry_hex"])
    return entry, receipt.index, receipt.path, receipt.checkpoint, key.name, key.public


PLACES = [
    (index, size) for size in (1, 2, 3, 255, 256, 257, 300) for index in {0, size // 2, size - 1}
]


def altered(arguments):
    """The same receipt about another entry, at another place, of another size, with another key."""
    entry, index, path, note, name, public = arguments
    origin, size, rest = note.split("\n", 2)
    larger = f"{origin}\n{int(size) + 1}\n{rest}"
    other = public_bytes(WITNESS_SECRET)
    return [
        (entry + b".", index, path, note, name, public),
        (entry, index + 1, path, note, name, public),
        (entry, index, path, larger, name, public),
        (entry, index, path, note.replace(origin, f"x{origin}", 1), name, public),
        (entry, index, path, note, name, other),
        (entry, index, path, note, f"x{name}", public),
    ]


@pytest.mark.parametrize(("index", "size"), PLACES)
def test_sigstore_accepts_our_receipts_and_nothing_altered(index, size):
    assert sigstore_judge.receipt_holds(*ours(index, size))
    assert [
        case for case in altered(ours(index, size)) if sigstore_judge.receipt_holds(*case)
    ] == []


@needs_node
def test_node_accepts_our_receipts_and_nothing_altered():
    good = [ours(*place) for place in PLACES]
    bad = [case for arguments in good for case in altered(arguments)]
    told = node_judge.verdicts([node_judge.receipt(*case) for case in good + bad])
    assert told == [True] * len(good) + [False] * len(bad)


@needs_vector
def test_sigstore_accepts_the_shared_receipt_and_nothing_altered():
    assert sigstore_judge.receipt_holds(*shared_receipt())
    assert not any(sigstore_judge.receipt_holds(*case) for case in altered(shared_receipt()))


@needs_node
@needs_vector
def test_node_accepts_the_shared_receipt_and_nothing_altered():
    cases = [shared_receipt(), *altered(shared_receipt())]
    told = node_judge.verdicts([node_judge.receipt(*case) for case in cases])
    assert told == [True] + [False] * (len(cases) - 1)
