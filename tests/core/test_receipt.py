"""Checkpoints and receipts: opened by the journal's key only, witnesses counted by their keys."""

from __future__ import annotations

import base64
import json

import pytest

from kaoping.core.errors import InputError, TamperError
from kaoping.core.journal import (
    Checkpoint,
    Receipt,
    check_receipt,
    open_checkpoint,
    parse_checkpoint,
    parse_receipt,
    require_origin,
)
from kaoping.core.note import KeyKind, parse_vkey, signature_line, signed
from kaoping.core.tree import inclusion_proof, leaf_hash
from kaoping.files.journal.keys import SigningKey, holds
from tests.examples import SHARED
from tests.journals import (
    KEY,
    ORIGIN,
    OTHER_KEY,
    VKEY,
    WITNESS_KEYS,
    WITNESSES,
    entries_of,
    note_acts,
    root_over,
)
from tests.judges.signing import private_key

VECTOR = SHARED / "vectors" / "tlog" / "project_log_vector.json"
needs_vector = pytest.mark.skipif(not VECTOR.exists(), reason="the shared vectors are not here")

# --- checkpoints ----------------------------------------------------------------------------------

ENTRIES = entries_of(note_acts(7))
CHECKPOINT = Checkpoint(ORIGIN, 7, root_over(ENTRIES))
SIGNED = signed(CHECKPOINT.text, [KEY.signer(ORIGIN)])


def cosigned(*witnesses):
    return SIGNED + "".join(
        signature_line(CHECKPOINT.text, one, 1_737_363_600) for one in witnesses
    )


def test_a_checkpoint_is_three_lines():
    root = base64.b64encode(CHECKPOINT.root).decode()
    assert CHECKPOINT.text == f"kaoping.example/2024\n7\n{root}\n"
    assert parse_checkpoint(CHECKPOINT.text) == CHECKPOINT
    assert parse_checkpoint(CHECKPOINT.text + "an extension\n") == CHECKPOINT
    assert CHECKPOINT.root.hex().startswith(CHECKPOINT.root_prefix)
    assert len(CHECKPOINT.root_prefix) == 16


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"{ORIGIN}\n7\n",
        CHECKPOINT.text[:-1],
        CHECKPOINT.text.replace("7", "07", 1),
        CHECKPOINT.text.replace("\n7", "\n-7"),
        CHECKPOINT.text.replace("\n7", "\n+7"),
        CHECKPOINT.text.replace("\n7", "\n 7"),
        CHECKPOINT.text.replace("\n7", "\n７"),
        CHECKPOINT.text.replace("\n7", "\n7.0"),
        CHECKPOINT.text.replace("\n7", "\n1" + "0" * 16),
        CHECKPOINT.text.replace("\n7", "\n"),
        CHECKPOINT.text.replace(ORIGIN, ""),
        CHECKPOINT.text.replace(ORIGIN, "a b"),
        CHECKPOINT.text.replace(ORIGIN, "a+b"),
        CHECKPOINT.text.replace("=\n", "\n"),
        CHECKPOINT.text.replace("=\n", "==\n"),
        f"{ORIGIN}\n7\n{base64.b64encode(bytes(31)).decode()}\n",
        f"{ORIGIN}\n7\n{base64.b64encode(bytes(33)).decode()}\n",
        f"{ORIGIN}\n7\n{CHECKPOINT.root.hex()}\n",
        CHECKPOINT.text.replace("\n", "\r\n"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(TamperError):
        parse_checkpoint(text)
    if text.endswith("\n") and text.strip():
        with pytest.raises(TamperError):
            open_checkpoint(signed(text, [KEY.signer(ORIGIN)]), [VKEY], holds)


def test_a_checkpoint_opens_with_the_journals_key_only():
    opened = open_checkpoint(SIGNED, [VKEY], holds)
    assert (opened.checkpoint, opened.content) == (CHECKPOINT, SIGNED)
    for keys in ([], [OTHER_KEY.verifier(ORIGIN)], [KEY.verifier("kaoping.example/2025")]):
        with pytest.raises(TamperError):
            open_checkpoint(SIGNED, keys, holds)


def test_a_key_of_another_journal_cannot_sign_for_this_one():
    """Though who verifies believes it, for its own journal."""
    other = OTHER_KEY.signer("kaoping.example/2025")
    content = signed(CHECKPOINT.text, [other])
    with pytest.raises(TamperError, match="not signed by the key of journal"):
        open_checkpoint(content, [VKEY, other.key], holds)


def test_a_witness_alone_does_not_sign_for_the_journal():
    content = f"{CHECKPOINT.text}\n" + signature_line(CHECKPOINT.text, WITNESSES[0], 1)
    with pytest.raises(TamperError):
        open_checkpoint(content, [VKEY], holds, WITNESS_KEYS)


def count_of(content, *witnesses):
    return open_checkpoint(content, [VKEY], holds, witnesses).cosigned_by(witnesses)


def test_witnesses_are_counted_by_their_keys():
    first, second, third = WITNESS_KEYS
    content = cosigned(*WITNESSES[:2])
    assert count_of(content) == 0
    assert count_of(content, first) == 1
    assert count_of(content, first, second, third) == 2
    assert count_of(content, third) == 0
    assert count_of(SIGNED, first, second, third) == 0


def test_one_key_under_two_names_counts_once():
    twin = SigningKey(private_key(10)).signer("twin.example/w9", KeyKind.COSIGNATURE)
    content = cosigned(WITNESSES[0], twin)
    assert twin.key.public == WITNESS_KEYS[0].public
    assert count_of(content, WITNESS_KEYS[0], twin.key) == 1
    assert count_of(content, WITNESS_KEYS[0], WITNESS_KEYS[0]) == 1


def test_a_witness_that_signs_twice_counts_once():
    later = signature_line(CHECKPOINT.text, WITNESSES[0], 1_737_400_000)
    assert count_of(cosigned(WITNESSES[0]) + later, *WITNESS_KEYS) == 1


def test_a_journal_is_no_witness_of_itself():
    """Neither by its own signature, nor by its own key as that of a witness."""
    assert count_of(SIGNED, VKEY) == 0
    own = KEY.signer("witness.example/own", KeyKind.COSIGNATURE)
    content = cosigned(own, WITNESSES[0])
    assert count_of(content, own.key) == 0
    assert count_of(content, own.key, WITNESS_KEYS[0]) == 1


def test_a_plain_signature_is_no_cosignature():
    plain = OTHER_KEY.signer("witness.example/plain")
    content = SIGNED + signature_line(CHECKPOINT.text, plain)
    assert count_of(content, plain.key) == 0


def test_two_checkpoints_of_one_size_with_two_roots_are_a_fork():
    other = Checkpoint(ORIGIN, 7, bytes(32))
    assert CHECKPOINT.forks_from(other)
    assert other.forks_from(CHECKPOINT)
    assert not CHECKPOINT.forks_from(CHECKPOINT)
    assert not CHECKPOINT.forks_from(Checkpoint(ORIGIN, 8, bytes(32)))
    assert not CHECKPOINT.forks_from(Checkpoint("another.example", 7, bytes(32)))


@pytest.mark.parametrize("name", ["", " ", "a b", "a+b", "a\nb", "a\x00b", "\u200b", "a\u2028b"])
def test_a_journal_cannot_have_such_a_name(name):
    with pytest.raises(InputError):
        require_origin(name)


# --- receipts -------------------------------------------------------------------------------------


def receipt_for(index):
    path = inclusion_proof([leaf_hash(entry) for entry in ENTRIES], index)
    return Receipt(index, tuple(path), SIGNED)


def checked(text, entry):
    receipt = parse_receipt(text)
    check_receipt(receipt, entry, open_checkpoint(receipt.checkpoint, [VKEY], holds))


@pytest.mark.parametrize("index", range(7))
def test_a_receipt_survives_writing_and_holds_for_its_entry_only(index):
    text = receipt_for(index).text
    assert parse_receipt(text) == receipt_for(index)
    checked(text, ENTRIES[index])
    for other in set(range(7)) - {index}:
        with pytest.raises(TamperError, match="does not hold"):
            checked(text, ENTRIES[other])


def test_a_receipt_of_the_only_entry_has_no_path():
    alone = signed(Checkpoint(ORIGIN, 1, root_over(ENTRIES[:1])).text, [KEY.signer(ORIGIN)])
    text = Receipt(0, (), alone).text
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 0\n\nkaoping.example/2024\n1\n")
    checked(text, ENTRIES[0])


def test_a_receipt_is_short_enough_for_a_picture_code():
    assert len(receipt_for(3).text) < 1000


def test_the_extra_line_of_the_standard_is_passed_over():
    text = receipt_for(3).text.replace("\nindex 3\n", "\nextra b3BhcXVl\nindex 3\n")
    checked(text, ENTRIES[3])


def test_every_changed_letter_of_a_receipt_is_noticed():
    text = receipt_for(3).text
    accepted = []
    for place, letter in enumerate(text):
        for new in {"x", "0", "\n", chr(ord(letter) ^ 1)} - {letter}:
            try:
                checked(text[:place] + new + text[place + 1 :], ENTRIES[3])
            except TamperError:
                continue
            accepted.append((place, letter, new))
    assert accepted == []


def test_a_receipt_cut_off_anywhere_is_refused():
    text = receipt_for(3).text
    for length in range(len(text)):
        with pytest.raises(TamperError):
            checked(text[:length], ENTRIES[3])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 3", "index 03"),
        ("index 3", "index -3"),
        ("index 3", "index"),
        ("index 3", "Index 3"),
        ("index 3\n", ""),
        ("index 3\n", "index 3\nindex 3\n"),
        ("index 3\n", "index 3\nextra x\n"),
        ("index 3\n", "index 3\nAAAA\n"),
        ("index 3\n", "index 3\n" + (base64.b64encode(bytes(32)).decode() + "\n") * 61),
        ("\n", "\r\n"),
        ("c2sp", "\ufeffc2sp"),
    ],
)
def test_what_has_not_the_form_of_a_receipt_is_refused(old, new):
    text = receipt_for(3).text
    assert old in text
    with pytest.raises(TamperError):
        checked(text.replace(old, new), ENTRIES[3])


@pytest.mark.parametrize(
    "text", ["", "\n\n", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\n\n"]
)
def test_what_is_no_receipt_at_all_is_refused(text):
    with pytest.raises(TamperError):
        parse_receipt(text)


@needs_vector
def test_the_shared_receipt_holds_with_both_witnesses():
    told = json.loads(VECTOR.read_text())
    log, *witnesses = [parse_vkey(text) for text in told["vkeys"]]
    receipt = parse_receipt(told["tlog_proof_731"])
    opened = open_checkpoint(receipt.checkpoint, [log], holds, witnesses)
    check_receipt(receipt, bytes.fromhex(told["entry_hex"]), opened)
    assert opened.cosigned_by(witnesses) == 2
    assert receipt.text == told["tlog_proof_731"]
    with pytest.raises(TamperError):
        check_receipt(receipt, bytes.fromhex(told["entry_hex"]) + b" ", opened)
