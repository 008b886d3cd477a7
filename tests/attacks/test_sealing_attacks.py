"""What signers, witnesses and receipts refuse or survive; and that tiles tell nobody anything."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kaoping.core.acts.codec import decode_act, encode_act
from kaoping.core.canonical import encode
from kaoping.core.errors import InputError, RefusedError, TamperError
from kaoping.core.journal import (
    check_receipt,
    entry_of,
    excerpt,
    open_checkpoint,
    parse_receipt,
    read_body,
    without_act,
)
from kaoping.core.note import KeyKind
from kaoping.core.witness import request_text
from kaoping.core.workflow.taking import replay
from kaoping.files.journal.folder import Journal, LastSigned
from kaoping.files.journal.inquiry import Layer, State
from kaoping.files.journal.keys import SigningKey, holds
from kaoping.files.journal.tiles import WIDTH
from kaoping.files.journal.witnessing import Witness, request_of, require_cosigned
from tests.attacks.attack_list import DESIGN, DEVIATIONS, NOT_HERE, find, name_of
from tests.attacks.sealed_world import (
    LATE,
    MIDWAY,
    Register,
    Sealed,
    outsider,
    rebuilt,
    verdict,
)
from tests.attacks.test_draw_journal_attacks import ATTACKS as DRAWS
from tests.attacks.test_insider_attacks import ATTACKS as INSIDER
from tests.attacks.test_procedure_attacks import ATTACKS as PROCEDURE
from tests.journals import (
    KEY,
    ORIGIN,
    OTHER_KEY,
    SALTS,
    VKEY,
    WITNESS_KEYS,
    WITNESS_NAMES,
    body_of,
    uid,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kaoping.core.journal import Checkpoint, Receipt, SignedCheckpoint
    from tests.attacks.attack_list import Attack

pytestmark = pytest.mark.slow


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
    found = verdict(other)
    assert found is not None
    assert found.layer is Layer.W
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


# --- receipts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proven:
    """What a receipt with its body proves to who has the keys from paper."""

    index: int
    checkpoint: Checkpoint
    body: dict[str, Any]
    witnesses: int


def opened(receipt: bytes) -> tuple[Receipt, SignedCheckpoint] | None:
    """A receipt whose checkpoint is signed; None where it is refused."""
    try:
        parsed = parse_receipt(receipt.decode("utf-8"))
        return parsed, open_checkpoint(parsed.checkpoint, [VKEY], holds, WITNESS_KEYS)
    except (TamperError, UnicodeDecodeError):
        return None


def shown(signed: tuple[Receipt, SignedCheckpoint] | None, body: bytes) -> Proven | None:
    """What they prove, None where they are refused; anything else that happens is a fault."""
    if signed is None:
        return None
    receipt, checkpoint = signed
    try:
        read = read_body(body)
        check_receipt(receipt, entry_of(read).content, checkpoint)
    except TamperError:
        return None
    witnesses = checkpoint.cosigned_by(WITNESS_KEYS)
    return Proven(receipt.index, checkpoint.checkpoint, read, witnesses)


def proven(receipt: bytes, body: bytes) -> Proven | None:
    return shown(opened(receipt), body)


def spoilt(content: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Every place of a file with a bit flipped, the byte removed, and one put before it."""
    for at, byte in enumerate(content):
        before, after = content[:at], content[at + 1 :]
        yield at, "flipped", before + bytes([byte ^ 1 << at % 8]) + after
        yield at, "case", before + bytes([byte ^ 0x20]) + after
        yield at, "removed", before + after
        yield at, "doubled", before + bytes([byte, byte]) + after
        yield at, "inserted", before + b"x" + content[at:]


def held_receipt(
    world: Sealed, kind: str = "evidence.filed/1", number: int = 0
) -> tuple[bytes, bytes]:
    """A receipt and its body, as a unit keeps them."""
    index, _ = find(world, kind, number)
    journal = world.journal
    return journal.receipt(index).text.encode(), encode(journal.bodies.get(index)) + b"\n"


def test_no_byte_of_a_receipt_can_be_changed(untouched):
    """O27: changed anywhere, it is refused; at most a witness's line is spoilt, and not counted."""
    receipt, body = held_receipt(untouched)
    good = proven(receipt, body)
    assert good is not None
    assert good.witnesses == len(WITNESS_KEYS)
    for at, how, forged in spoilt(receipt):
        found = proven(forged, body)
        if found is not None:
            assert found == replace(good, witnesses=len(WITNESS_KEYS) - 1), (at, how)
            assert at >= receipt.index(f"— {WITNESS_NAMES[0]}".encode()), (at, how)


def held_bodies(world: Sealed) -> Iterator[tuple[bytes, bytes]]:
    """Receipts with a whole body, and one with the excerpt that a unit gets of a sheet."""
    yield held_receipt(world)
    yield held_receipt(world, "digits.recorded/1")
    receipt, mine, _ = excerpts(world)
    yield receipt, encode(mine) + b"\n"


def test_no_byte_of_the_body_of_a_receipt_can_be_changed(untouched):
    """O27: whatever single byte is touched, it is refused; only the end of the line may be missing."""
    for receipt, body in held_bodies(untouched):
        signed = opened(receipt)
        good = shown(signed, body)
        assert good is not None
        for at, how, forged in spoilt(body):
            found = shown(signed, forged)
            is_same = (at, len(forged) != len(body), found) == (len(body) - 1, True, good)
            assert found is None or is_same, (at, how)


def test_a_byte_of_a_body_has_no_other_value(untouched):
    receipt, body = held_receipt(untouched)
    signed = opened(receipt)
    for at in range(0, len(body) - 1, 11):
        for byte in range(256):
            forged = body[:at] + bytes([byte]) + body[at + 1 :]
            assert forged == body or shown(signed, forged) is None, (at, byte)


def excerpts(world: Sealed) -> tuple[bytes, dict[str, Any], dict[str, Any]]:
    """A receipt of scores, and the excerpts of the first and of another unit."""
    index, act = find(world, "scores.proposed/1")
    body = body_of(world.journal, index)
    lines = act["content"]["lines"]
    other = next(n for n, line in enumerate(lines) if line["unit"] != lines[0]["unit"])
    receipt = world.journal.receipt(index).text.encode()
    return receipt, excerpt(body, 0), excerpt(body, other)


FORGED_EXCERPTS: dict[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]] = {
    "another unit's line": lambda mine, its: mine | {"line": its["line"]},
    "with its salt": lambda mine, its: mine | {k: its[k] for k in ("line", "line_salt")},
    "with its number": lambda mine, its: (
        mine | {k: its[k] for k in ("line", "line_salt", "line_number")}
    ),
    "with its path": lambda mine, its: (
        mine | {k: its[k] for k in ("line", "line_salt", "line_path")}
    ),
    "own line under its number": lambda mine, its: mine | {"line_number": its["line_number"]},
    "a number that is none": lambda mine, _: mine | {"line_number": True},
    "its points under the own name": lambda mine, its: (
        mine | {"line": its["line"] | {"unit": mine["line"]["unit"]}}
    ),
    "the own points under its name": lambda mine, its: (
        mine | {"line": mine["line"] | {"unit": its["line"]["unit"]}}
    ),
    "other points": lambda mine, _: mine | {"line": mine["line"] | {"points": "100"}},
    "a line less": lambda mine, _: mine | {"act": with_count(mine["act"], -1)},
    "a line more": lambda mine, _: mine | {"act": with_count(mine["act"], 1)},
    "a path cut short": lambda mine, _: mine | {"line_path": mine["line_path"][:-1]},
    "a path gone on": lambda mine, _: mine | {"line_path": [*mine["line_path"], "0" * 64]},
    "another sheet": lambda mine, _: mine | {"act": mine["act"] | {"subject": uid("sheet")}},
    "other effects": lambda mine, _: mine | {"effects_digest": "0" * 64},
    "a word more": lambda mine, _: mine | {"remark": "满分"},
    "all lines besides": lambda mine, its: mine | {"lines": [its["line"]]},
}


def with_count(act: dict[str, Any], more: int) -> dict[str, Any]:
    lines = act["content"]["lines"]
    return act | {"content": act["content"] | {"lines": lines | {"count": lines["count"] + more}}}


@pytest.mark.parametrize("name", FORGED_EXCERPTS)
def test_an_excerpt_shows_the_units_own_line_and_no_other(untouched, name):
    receipt, mine, its = excerpts(untouched)
    for one in (mine, its):
        found = proven(receipt, encode(one))
        assert found is not None
        assert found.body["line"] == one["line"]
    assert proven(receipt, encode(FORGED_EXCERPTS[name](mine, its))) is None


def test_an_excerpt_of_another_entry_is_refused(untouched):
    """Even one of the same unit and of the same journal; and so is a receipt that names another."""
    receipt, mine, _ = excerpts(untouched)
    index, _ = find(untouched, "scores.proposed/1", 1)
    elsewhere = excerpt(body_of(untouched.journal, index), 0)
    other = untouched.journal.receipt(index).text.encode()
    assert elsewhere["line"]["unit"] == mine["line"]["unit"]
    assert proven(other, encode(elsewhere)) is not None
    assert proven(receipt, encode(elsewhere)) is None
    assert proven(other, encode(mine)) is None
    own, _ = find(untouched, "scores.proposed/1")
    renamed = receipt.replace(f"index {own}\n".encode(), f"index {index}\n".encode())
    assert renamed != receipt
    assert proven(renamed, encode(mine)) is None
    assert proven(renamed, encode(elsewhere)) is None


def test_an_excerpt_of_another_journal_is_refused(world):
    """Of another year under the same key, and under another key: neither beside the true receipt."""
    receipt, mine, _ = excerpts(world)
    for origin, key in (("kaoping.example/2023", KEY), (ORIGIN, OTHER_KEY)):
        forged, its = another_journal(world, origin, key)
        assert proven(forged, encode(its)) is None
        assert proven(forged, encode(mine)) is None
        assert proven(receipt, encode(its)) is None


def test_an_excerpt_of_a_second_version_is_good_only_with_its_own_receipt(world):
    """The true key signed both: the two receipts together prove it (`receipt verify --against`)."""
    receipt, mine, _ = excerpts(world)
    forged, its = another_journal(world, ORIGIN, KEY)
    assert proven(forged, encode(mine)) is None
    assert proven(receipt, encode(its)) is None
    one, two = proven(receipt, encode(mine)), proven(forged, encode(its))
    assert one is not None
    assert two is not None
    assert one.checkpoint.forks_from(two.checkpoint)


def another_journal(world: Sealed, origin: str, key: SigningKey) -> tuple[bytes, dict[str, Any]]:
    """The same year with better points in the first sheet: its receipt and excerpt for that unit."""
    index, sheet = find(world, "scores.proposed/1")
    sheet["content"]["lines"][0]["points"] = "100"
    acts = world.acts
    acts[index] = sheet
    place = world.folder / f"{origin.replace('/', ' ')} {key.verifier(origin).id.hex()}"
    other = Journal.create(place, origin, key)
    other.append(acts, SALTS, Register().effects(acts))
    other.seal(key)
    return other.receipt(index).text.encode(), excerpt(body_of(other, index), 0)


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
    assert kinds.count("digits.recorded/1") == 3
    assert kinds.count("meeting.decided/1") == 2
    assert len(kinds) > 300
    assert kinds.count("unit.registered/1") >= 6
    assert replay(decode_act(act) for act in untouched.acts)[1] is None
    assert all(encode_act(decode_act(act)) == encode(act) for act in untouched.acts)


# --- the list of the design -----------------------------------------------------------------------

FURTHER: dict[int, dict[str, Callable[..., None]]] = {
    12: {"signer": test_the_signer_refuses_a_journal_put_back_to_yesterday},
    14: {
        "W": test_a_fork_gets_no_second_cosignature_and_two_receipts_prove_it,
        "R": test_an_excerpt_of_a_second_version_is_good_only_with_its_own_receipt,
    },
    18: {"signer": test_the_signer_never_signs_two_roots_for_one_size},
    20: {"R": test_what_was_held_back_has_no_receipt},
    37: {"R": test_a_receipt_survives_what_is_deleted_elsewhere},
    40: {"": test_a_text_removed_by_law_with_an_act_that_says_so_stays_sound},
}
"""Attacks of the list that are tests of their own in this file, by number and who catches them."""


def number_of(attack: Attack) -> int | None:
    """The number in the design's list, None for an attack that the list does not have."""
    found = re.match(r"I(\d\d)\b", attack.number)
    return int(found[1]) if found else None


def test_every_insider_of_the_list_is_caught_by_the_layers_that_the_design_names():
    """Each number is tried, or stands among those that cannot be; deviations are written down."""
    caught: dict[int, set[str]] = {}
    for attack in (*INSIDER, *PROCEDURE, *DRAWS):
        number = number_of(attack)
        if number is not None:
            caught.setdefault(number, set()).add(attack.layer.value)
    for number, tests in FURTHER.items():
        caught.setdefault(number, set()).update(who for who in tests if len(who) <= 1)
    assert sorted(DESIGN) == list(range(1, 41))
    assert caught.keys() | NOT_HERE.keys() == DESIGN.keys()
    assert caught.keys().isdisjoint(NOT_HERE)
    due = dict(DESIGN) | {number: layers for number, (layers, _) in DEVIATIONS.items()}
    wrong = {
        number: (sorted(by), due[number])
        for number, by in caught.items()
        if due[number] and by - {""} != set(due[number])
    }
    assert wrong == {}
    assert all(DESIGN[number] != layers for number, (layers, _) in DEVIATIONS.items())
    reasons = [*NOT_HERE.values(), *(reason for _, reason in DEVIATIONS.values())]
    assert all(len(reason.split()) > 3 for reason in reasons)


def test_no_two_attacks_have_one_name():
    names = [name_of(attack) for attack in (*INSIDER, *PROCEDURE, *DRAWS)]
    assert len(set(names)) == len(names)
    labels = [attack.number for attack in (*INSIDER, *PROCEDURE, *DRAWS)]
    assert sorted(labels) == sorted(set(labels))
