"""A journal of every release stays here, and must verify for ever: no decoder is edited once it is out.

Until 0.1 is released its journal may be made anew: `python -m tests.golden.make_journal 0.1`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kaoping.core.acts.codec import decode_act, encode_act
from kaoping.core.acts.union import MEMBERS
from kaoping.core.canonical import encode
from kaoping.core.journal import check_receipt, entry_of, open_checkpoint, parse_receipt
from kaoping.files.journal.bodies import Bodies
from kaoping.files.journal.inquiry import Asked, Layer, State
from kaoping.files.journal.keys import holds
from kaoping.files.journal.verification import verify
from tests.journals import VKEY, WITNESS_KEYS
from tests.judges.sigstore_judge import receipt_holds

JOURNALS = sorted(Path(__file__).parent.glob("journal-*"))


@pytest.mark.parametrize("folder", JOURNALS, ids=lambda path: path.name)
def test_the_journal_of_a_release_verifies(folder):
    asked = Asked(folder, [VKEY], witnesses=WITNESS_KEYS, quorum=2, complete=True)
    found = {finding.layer: finding for finding in verify(asked)}
    for layer in (Layer.C, Layer.W, Layer.B, Layer.P, Layer.D):
        assert found[layer].state is State.PASSED, found[layer]


@pytest.mark.parametrize("folder", JOURNALS, ids=lambda path: path.name)
def test_every_act_of_a_release_is_read_and_written_as_it_was(folder):
    bodies = [body for _, body in Bodies(folder / "bodies").up_to(10**6)]
    assert len(bodies) > 200
    for body in bodies:
        assert encode_act(decode_act(body["act"])) == encode(body["act"])


@pytest.mark.parametrize("folder", JOURNALS, ids=lambda path: path.name)
def test_a_receipt_of_a_release_is_good(folder):
    text = (folder / "receipt.tlog-proof").read_text("utf-8")
    receipt = parse_receipt(text)
    body = Bodies(folder / "bodies").get(receipt.index)
    assert body
    entry = entry_of(body).content
    check_receipt(receipt, entry, open_checkpoint(receipt.checkpoint, [VKEY], holds))
    path = list(receipt.path)
    note = receipt.checkpoint
    assert receipt_holds(entry, receipt.index, path, note, VKEY.name, VKEY.public)


def test_the_newest_journal_has_every_kind_of_act():
    """A kind that is added must come into the journal of its release."""
    bodies = Bodies(JOURNALS[-1] / "bodies").up_to(10**6)
    assert {body["act"]["type"] for _, body in bodies} == {member.wire for member in MEMBERS}
