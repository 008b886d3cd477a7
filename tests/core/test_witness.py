"""A witness cosigns continuations and nothing else; each refusal has its status, none its signature."""

from __future__ import annotations

import json
import random

import pytest

from kaoping.core.journal import Checkpoint, open_checkpoint
from kaoping.core.note import open_note, parse_vkey, signature_line, signed
from kaoping.core.tree import EMPTY_ROOT, consistency_proof, leaf_hash, root_of
from kaoping.core.witness import (
    CONFLICT,
    COSIGNED,
    MALFORMED,
    MAX_PROOF,
    NO_CONTINUATION,
    REFUSALS,
    UNKNOWN_JOURNAL,
    WRONG_KEY,
    Answer,
    add_checkpoint,
    request_text,
)
from kaoping.files.journal.keys import holds
from tests.examples import SHARED
from tests.journals import KEY, ORIGIN, OTHER_KEY, VKEY, WITNESSES

VECTOR = SHARED / "vectors" / "tlog" / "project_log_vector.json"
needs_vector = pytest.mark.skipif(not VECTOR.exists(), reason="the shared vectors are not here")

NOW = 1_737_363_600
WITNESS = WITNESSES[0]
LEAVES = [leaf_hash(f"entry {number}".encode()) for number in range(40)]
FORGED = [*LEAVES[:3], leaf_hash(b"forged"), *LEAVES[4:]]


def checkpoint(size, leaves=LEAVES):
    return Checkpoint(ORIGIN, size, root_of(leaves[:size]))


def note(size, leaves=LEAVES, key=KEY):
    return signed(checkpoint(size, leaves).text, [key.signer(ORIGIN)])


def proof(old, size, leaves=LEAVES):
    return consistency_proof(leaves[:size], old) if old <= size else []


def asking(old, size, leaves=LEAVES, steps=None):
    return request_text(
        old, proof(old, size, leaves) if steps is None else steps, note(size, leaves)
    )


def asked(held, request, keys=None):
    """What the witness answers; `held` is a size, or the checkpoints it holds."""
    state = {ORIGIN: checkpoint(held)} if isinstance(held, int) else dict(held)
    before = dict(state)
    answer = add_checkpoint(
        state,
        request,
        keys={ORIGIN: [VKEY]} if keys is None else keys,
        witness=WITNESS,
        now=NOW,
        verify=holds,
    )
    assert state == before, "whoever calls keeps the state, durably, before the answer is given"
    return answer


def require_refused(answer, status, text=""):
    assert answer == Answer(status, text), answer
    assert answer.cosigned is None
    assert "\u2014" not in answer.text
    assert all(REFUSALS[status])


# --- what is cosigned -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "size"), [(0, 0), (0, 1), (0, 7), (1, 2), (4, 5), (4, 8), (5, 7), (7, 7), (8, 40)]
)
def test_a_continuation_is_cosigned(old, size):
    answer = asked(old, asking(old, size))
    assert answer.status == COSIGNED
    assert answer.cosigned == checkpoint(size)
    assert answer.text == signature_line(checkpoint(size).text, WITNESS, NOW)
    opened = open_checkpoint(note(size) + answer.text, [VKEY], holds, [WITNESS.key])
    assert opened.cosigned_by([WITNESS.key]) == 1
    assert opened.note.signatures[-1].time == NOW


def test_the_first_checkpoint_of_a_journal_is_cosigned_from_nothing():
    assert asked({}, asking(0, 7)).cosigned == checkpoint(7)
    assert asked({}, asking(0, 0)).cosigned == checkpoint(0)


def test_the_same_checkpoint_is_cosigned_again():
    """The answer to the first time may have got lost."""
    answer = asked(7, asking(7, 7))
    assert (answer.status, answer.cosigned) == (COSIGNED, checkpoint(7))


def test_every_continuation_of_every_size_is_cosigned():
    for old in range(14):
        for size in range(old, 14):
            assert asked(old, asking(old, size)).status == COSIGNED


def test_cosignatures_of_others_stand_in_nobodys_way():
    by_two = note(7) + signature_line(checkpoint(7).text, WITNESSES[1], 1)
    answer = asked(4, request_text(4, proof(4, 7), by_two))
    assert answer.status == COSIGNED
    assert open_note(by_two + answer.text, [WITNESS.key], holds).signed_by(WITNESS.key)


def test_extension_lines_are_cosigned_with_the_rest():
    text = checkpoint(7).text + "extension\n"
    content = signed(text, [KEY.signer(ORIGIN)])
    answer = asked(0, request_text(0, [], content))
    assert answer.text == signature_line(text, WITNESS, NOW)


def test_a_journal_that_changes_its_key_is_cosigned_with_either():
    keys = {ORIGIN: [VKEY, OTHER_KEY.verifier(ORIGIN)]}
    assert asked(4, request_text(4, proof(4, 7), note(7, key=OTHER_KEY)), keys).status == COSIGNED
    assert asked(4, asking(4, 7), keys).status == COSIGNED


def test_journals_are_held_apart():
    other = "kaoping.example/2025"
    content = signed(Checkpoint(other, 3, root_of(FORGED[3:6])).text, [OTHER_KEY.signer(other)])
    keys = {ORIGIN: [VKEY], other: [OTHER_KEY.verifier(other)]}
    answer = asked(7, request_text(0, [], content), keys)
    assert answer.status == COSIGNED
    assert answer.cosigned == Checkpoint(other, 3, root_of(FORGED[3:6]))


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("old", [0, 3, 5, 6])
def test_another_old_size_is_told_the_one_that_is_held(old):
    require_refused(asked(4, asking(old, 7)), CONFLICT, "4\n")


def test_a_rollback_is_refused():
    """The journal shows fewer entries than were cosigned, however it asks."""
    require_refused(asked(7, asking(4, 4)), CONFLICT, "7\n")
    require_refused(asked(7, asking(0, 4)), CONFLICT, "7\n")
    require_refused(asked(7, request_text(7, [], note(4))), MALFORMED)


def test_a_fork_of_the_same_size_is_refused():
    require_refused(asked(7, asking(7, 7, FORGED)), CONFLICT, "7\n")
    require_refused(asked(7, asking(7, 7, FORGED, proof(4, 7))), CONFLICT, "7\n")


def test_a_fork_of_nothing_is_refused():
    content = signed(Checkpoint(ORIGIN, 0, bytes(32)).text, [KEY.signer(ORIGIN)])
    require_refused(asked({}, request_text(0, [], content)), CONFLICT, "0\n")
    assert checkpoint(0).root == EMPTY_ROOT


@pytest.mark.parametrize("size", [8, 9, 16, 40])
def test_a_rewritten_history_is_refused_whatever_proof_it_brings(size):
    """Entry 3 was changed; the proof may be that of either tree, or empty."""
    proofs: list[list[bytes]] = [proof(7, size, FORGED), proof(7, size), proof(4, size, FORGED), []]
    for steps in proofs:
        require_refused(asked(7, asking(7, size, FORGED, steps)), NO_CONTINUATION)


def test_random_proofs_never_pass():
    dice = random.Random(7)
    good = proof(7, 23)
    for _ in range(300):
        steps: list[bytes] = [*good]
        for _ in range(dice.randint(1, 3)):
            place = dice.randrange(len(steps) + 1)
            match dice.randrange(3):
                case 0 if steps:
                    del steps[place - 1]
                case 1 if steps:
                    steps[place - 1] = dice.randbytes(32)
                case _:
                    steps.insert(place, dice.choice([*LEAVES, dice.randbytes(32)]))
        answer = asked(7, asking(7, 23, steps=steps))
        assert steps == good or answer == Answer(NO_CONTINUATION)


@pytest.mark.parametrize(("old", "size"), [(0, 7), (7, 7), (0, 0)])
def test_a_proof_where_there_is_nothing_to_prove_is_refused(old, size):
    require_refused(asked(old, asking(old, size, steps=[bytes(32)])), NO_CONTINUATION)


def test_a_missing_proof_is_refused():
    require_refused(asked(4, asking(4, 7, steps=[])), NO_CONTINUATION)


def test_an_old_size_beyond_the_checkpoint_is_malformed():
    for held in (4, 7, 9):
        require_refused(asked(held, request_text(9, [], note(7))), MALFORMED)


def test_an_unknown_journal_is_refused():
    content = signed(
        Checkpoint("stranger.example", 7, bytes(32)).text, [KEY.signer("stranger.example")]
    )
    require_refused(asked(0, request_text(0, [], content)), UNKNOWN_JOURNAL)
    require_refused(asked(0, asking(0, 7), keys={}), UNKNOWN_JOURNAL)
    require_refused(asked(0, asking(0, 7), keys={ORIGIN: []}), UNKNOWN_JOURNAL)


def test_a_checkpoint_signed_by_another_key_is_refused():
    for content in (
        note(7, key=OTHER_KEY),
        signed(checkpoint(7).text, [KEY.signer("kaoping.example/2025")]),
        f"{checkpoint(7).text}\n" + signature_line(checkpoint(7).text, WITNESS, NOW),
        note(7).replace(note(7).split()[-1], note(6).split()[-1]),
        note(7).replace("\n7\n", "\n8\n"),
        note(7).replace("\u2014", "-"),
    ):
        require_refused(asked(4, request_text(4, proof(4, 7), content)), WRONG_KEY)


def test_a_key_of_another_journal_is_refused():
    """The witness knows it, but not for this one."""
    other = "kaoping.example/2025"
    keys = {ORIGIN: [VKEY], other: [OTHER_KEY.verifier(other)]}
    content = signed(checkpoint(7).text, [OTHER_KEY.signer(other)])
    require_refused(asked(4, request_text(4, proof(4, 7), content), keys), WRONG_KEY)


GOOD = asking(4, 7)


@pytest.mark.parametrize(
    "request_body",
    [
        "",
        "\n",
        "old 4",
        "old 4\n",
        "old 4\n\n",
        GOOD[4:],
        GOOD.replace("old 4", "old"),
        GOOD.replace("old 4", "old 04"),
        GOOD.replace("old 4", "old -4"),
        GOOD.replace("old 4", "old +4"),
        GOOD.replace("old 4", "old 4 "),
        GOOD.replace("old 4", "old ４"),
        GOOD.replace("old 4", "old 4.0"),
        GOOD.replace("old 4", "old 1" + "0" * 16),
        GOOD.replace("old 4", "old " + "9" * 5000),
        GOOD.replace("old 4", "Old 4"),
        GOOD.replace("old 4\n", "old 4\n\n"),
        GOOD.replace("\n\n", "\n", 1),
        GOOD.replace("=\n", "\n", 1),
        GOOD.replace("=\n", "==\n", 1),
        GOOD.replace("=\n", "=\nAAAA\n", 1),
        GOOD.replace("=\n", "= \n", 1),
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD + "more",
        GOOD.replace(ORIGIN, "a b", 1),
        GOOD.replace("\n7\n", "\n07\n"),
        GOOD.partition("\u2014")[0],
        asking(4, 7, steps=[bytes(31)]),
        asking(4, 7, steps=[bytes(33)]),
        asking(4, 7, steps=[b""]),
        asking(4, 7, steps=[bytes(32)] * (MAX_PROOF + 1)),
    ],
)
def test_what_has_not_the_form_of_a_request_is_malformed(request_body):
    require_refused(asked(4, request_body), MALFORMED)


def test_a_request_cut_off_anywhere_is_never_cosigned():
    for length in range(len(GOOD)):
        answer = asked(4, GOOD[:length])
        assert answer.status != COSIGNED
        assert answer.cosigned is None


def test_as_long_a_proof_as_the_standard_allows_is_read():
    require_refused(asked(4, asking(4, 7, steps=[bytes(32)] * MAX_PROOF)), NO_CONTINUATION)


# --- over time ------------------------------------------------------------------------------------


def test_no_two_cosigned_checkpoints_ever_contradict_each_other():
    """Two versions of one journal, asked for in any order with any proof: only one goes through."""
    dice = random.Random(3)
    versions = (LEAVES, FORGED)
    for _ in range(30):
        state: dict[str, Checkpoint] = {}
        cosigned: list[tuple[int, bytes]] = []
        for _ in range(60):
            leaves, size = dice.choice(versions), dice.randint(0, 40)
            held = state.get(ORIGIN, checkpoint(0)).size
            old = dice.choice([held, held, held, dice.randint(0, 40)])
            steps = proof(old, size, dice.choice(versions))
            answer = asked(state, request_text(old, steps, note(size, leaves)))
            if answer.cosigned is not None:
                state[ORIGIN] = answer.cosigned
                cosigned.append((answer.cosigned.size, answer.cosigned.root))
        assert cosigned == sorted(cosigned, key=lambda told: told[0])
        assert any(
            all(root == root_of(leaves[:size]) for size, root in cosigned) for leaves in versions
        )


# --- the shared vectors ---------------------------------------------------------------------------


@needs_vector
def test_the_shared_log_is_cosigned_from_700_to_1300():
    told = json.loads(VECTOR.read_text())
    log, *_ = [parse_vkey(text) for text in told["vkeys"]]
    held = {log.name: Checkpoint(log.name, 700, bytes.fromhex(told["root700"]))}
    steps = [bytes.fromhex(step) for step in told["consistency_700_1300"]]
    request = request_text(700, steps, told["note_cp1300"])
    answer = asked(held, request, {log.name: [log]})
    assert answer.cosigned == Checkpoint(log.name, 1300, bytes.fromhex(told["root"]))
    require_refused(
        asked(held, request_text(700, steps[1:], told["note_cp1300"]), {log.name: [log]}),
        NO_CONTINUATION,
    )
    require_refused(asked({}, request, {log.name: [log]}), CONFLICT, "0\n")


@needs_vector
@pytest.mark.parametrize("field", ["note_cp700", "note_cp1300"])
def test_the_shared_cosignatures_count(field):
    told = json.loads(VECTOR.read_text())
    log, *witnesses = [parse_vkey(text) for text in told["vkeys"]]
    opened = open_checkpoint(told[field], [log], holds, witnesses)
    assert opened.cosigned_by(witnesses) == 2
    assert opened.cosigned_by(witnesses[:1]) == 1
    assert opened.cosigned_by([WITNESS.key]) == 0
    forged = told[field].replace("AABniI", "AABniJ")
    assert forged != told[field]
    with pytest.raises(Exception, match="does not hold"):
        open_checkpoint(forged, [log], holds, witnesses)
    assert open_checkpoint(forged, [log], holds).cosigned_by(witnesses) == 0
