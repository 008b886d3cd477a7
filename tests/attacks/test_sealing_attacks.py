"""What signers, witnesses and receipts refuse or survive; and that tiles tell nobody anything."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from kaoping.core.acts.codec import decode_act, encode_act
from kaoping.core.canonical import encode
from kaoping.core.errors import InputError, RefusedError, TamperError
from kaoping.core.journal import (
    check_receipt,
    entry_of,
    open_checkpoint,
    parse_receipt,
    without_act,
)
from kaoping.core.note import KeyKind
from kaoping.core.witness import request_text
from kaoping.core.workflow.taking import replay
from kaoping.files.journal.folder import Journal, LastSigned
from kaoping.files.journal.keys import SigningKey, holds
from kaoping.files.journal.tiles import WIDTH
from kaoping.files.journal.verification import Layer, State
from kaoping.files.journal.witnessing import Witness, request_of, require_cosigned
from tests.attacks.attack_list import find
from tests.attacks.sealed_world import (
    LATE,
    MIDWAY,
    outsider,
    rebuilt,
    verdict,
)
from tests.attacks.test_insider_attacks import ATTACKS as INSIDER
from tests.attacks.test_procedure_attacks import ATTACKS as PROCEDURE
from tests.journals import KEY, ORIGIN, SALTS, VKEY, WITNESS_KEYS, uid

pytestmark = pytest.mark.slow


def test_every_number_of_the_list_that_needs_no_web_is_tried():
    """I14, I18, I20, I37 are further down; the rest of the list needs pages, users or a database."""
    needed = {*range(1, 14), *(15, 16, 17, 19, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34)}
    needed |= {35, 36, 39, 40}
    tried = {int(a.number[1:3]) for a in (*INSIDER, *PROCEDURE) if a.number[0] == "I"}
    assert needed - {20, 21, 23, 37, 38} <= tried


# --- what is no change of a finished journal ------------------------------------------------------


def test_a_text_removed_by_law_with_an_act_that_says_so_stays_sound(world):
    """I40: the same removal that is caught without the act is in order with it."""
    index = next(act["content"]["index"] for act in world.acts if act["type"] == "text.redacted/1")
    journal = world.journal
    body = journal.bodies.get(index)
    journal.bodies.replace(index, without_act(body))
    assert (
        encode(body["act"]["content"])
        not in (journal.folder / "bodies" / f"{index // WIDTH:03d}.jsonl").read_bytes()
    )
    found = {f.layer: f for f in outsider(world)}
    assert all(f.state is not State.FAILED for f in found.values()), found
    assert "1 条已依法删除内容" in found[Layer.P].zh


def test_the_signer_refuses_a_journal_put_back_to_yesterday(world):
    """I12: what was signed last is kept beside the key, out of reach of who restores the folder."""
    acts = world.acts[: MIDWAY - 50]
    rebuilt(world, acts)
    before = (world.journal.folder / "checkpoint").read_bytes()
    with pytest.raises(TamperError, match="ROLLBACK"):
        world.journal.seal(KEY, world.state_file)
    assert (world.journal.folder / "checkpoint").read_bytes() == before


def test_the_signer_never_signs_two_roots_for_one_size(world, tmp_path):
    """I18: signed, then the machine dies before it is published, and another entry comes first."""
    journal = world.journal
    size = journal.reader().size
    note = find(world, "daily_note.made/1")[1] | {"at": "2025-06-01T00:00:00Z"}
    lost = shutil.copytree(world.folder, tmp_path / "lost")
    one = Journal.open(Path(lost) / "journal")
    one.append([note | {"id": uid("first")}], SALTS)
    one.seal(KEY, world.state_file)
    journal.append([note | {"id": uid("second")}], SALTS)
    before = world.state_file.read_bytes()
    with pytest.raises(TamperError, match="FORK"):
        journal.seal(KEY, world.state_file)
    assert world.state_file.read_bytes() == before
    assert journal.reader().size == size
    last = LastSigned(world.state_file).of(ORIGIN)
    assert last is not None
    assert last.size == size + 1


def test_a_fork_gets_no_second_cosignature_and_two_receipts_prove_it(world, tmp_path):
    """I14: unit A is shown one journal, unit B another, both signed with the true key."""
    key = SigningKey.fresh()
    signer = key.signer("witness.example/fork", KeyKind.COSIGNATURE)
    witness = Witness(signer, [VKEY], tmp_path / "witness.state", lambda: LATE)
    shown_to_a = world.journal
    require_cosigned(witness.answer(request_of(shown_to_a, 0)))
    other = world.copy_to(tmp_path / "b")
    acts = other.acts
    acts[-1]["content"] = acts[-1]["content"] | {"engine": "kaoping 9"}
    rebuilt(other, acts)
    shown_to_b = other.journal
    size = shown_to_a.reader().size
    kept = (tmp_path / "witness.state").read_bytes()
    with pytest.raises(RefusedError, match="FORK"):
        require_cosigned(witness.answer(request_text(size, [], shown_to_b.checkpoint().content)))
    assert (tmp_path / "witness.state").read_bytes() == kept
    one, two = shown_to_a.checkpoint().checkpoint, shown_to_b.checkpoint().checkpoint
    assert one.forks_from(two)
    receipt = tmp_path / "b.tlog-proof"
    receipt.write_text(shown_to_b.receipt(5).text, "utf-8")
    found = verdict(world, since=[receipt])
    assert found is not None
    assert "FORK" in found.en


def test_what_was_held_back_has_no_receipt(world):
    """I20: an act that was taken and not sealed gets none, so its unit is never told 已提交."""
    journal = world.journal
    note = find(world, "daily_note.made/1")[1]
    ((index, _),) = journal.append(
        [note | {"id": uid("held"), "at": "2025-06-01T00:00:00Z"}], SALTS
    )
    with pytest.raises(InputError, match="须先签署"):
        journal.receipt(index)


def test_a_receipt_survives_what_is_deleted_elsewhere(world, tmp_path):
    """I37: rows and bodies are gone; the unit's receipt still shows what it filed, and that it did."""
    index, act = find(world, "evidence.filed/1")
    text, body = world.journal.receipt(index).text, world.journal.bodies.get(index)
    shutil.rmtree(world.folder)
    receipt = parse_receipt(text)
    opened = open_checkpoint(receipt.checkpoint, [VKEY], holds, WITNESS_KEYS)
    check_receipt(receipt, entry_of(body).content, opened)
    assert body["act"] == act


@pytest.mark.parametrize("step", range(0, 4000, 37))
def test_no_byte_of_a_receipt_can_be_changed(untouched, step):
    """O27: wherever one bit of a receipt is flipped, it is refused, or says the very same thing."""
    journal = untouched.journal
    good = journal.receipt(345).text.encode()
    entry = entry_of(journal.bodies.get(345)).content
    at = step % len(good)
    forged = bytearray(good)
    forged[at] ^= 1
    try:
        receipt = parse_receipt(forged.decode("utf-8"))
        opened = open_checkpoint(receipt.checkpoint, [VKEY], holds, WITNESS_KEYS)
        check_receipt(receipt, entry, opened)
    except (TamperError, UnicodeDecodeError):
        return
    # Only a witness's line can be spoilt and passed over as an unknown key's: the quorum shows it.
    assert opened.cosigned_by(WITNESS_KEYS) < len(WITNESS_KEYS)


def test_nobody_learns_content_from_the_tiles(untouched):
    """Names, points, reasons: nothing of what the acts say stands in tiles, bundles or checkpoint."""
    public = b"".join(
        path.read_bytes()
        for path in sorted(untouched.journal.folder.rglob("*"))
        if path.is_file() and "bodies" not in path.parts
    )
    words = {text for act in untouched.acts for text in texts_in(act["content"])}
    telling = {word for word in words if re.search(r"[\u4e00-\u9fff]|^[0-9]+\.[0-9]+$", word)}
    assert any(word.isascii() for word in telling)
    assert {"青禾县", "统计部门"} < telling
    assert len(telling) > 150
    assert [word for word in telling if word.encode() in public] == []


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_in(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts_in(part)]
    return [value] if isinstance(value, str) else []


def test_the_world_is_worth_attacking(untouched):
    """40 indicators, hundreds of events, three draws, two meetings: as the list of attacks asks."""
    kinds = [act["type"] for act in untouched.acts]
    assert kinds.count("draw.planned/1") == 3
    assert kinds.count("meeting.decided/1") == 2
    assert len(kinds) > 300
    assert kinds.count("unit.registered/1") >= 6
    assert replay(decode_act(act) for act in untouched.acts)[1] is None
    assert all(encode_act(decode_act(act)) == encode(act) for act in untouched.acts)
