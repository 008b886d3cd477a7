"""A journal in its folder: taken, signed, never shortened, never forked, durable before it is told."""

from __future__ import annotations

import json
import shutil

import pytest

from kaoping.core.errors import EnvironmentFault, InputError, RefusedError, TamperError
from kaoping.core.journal import check_receipt, open_checkpoint, parse_receipt
from kaoping.core.note import KeyKind, open_note, signature_line
from kaoping.core.tree import EMPTY_ROOT
from kaoping.files.journal.folder import Journal, LastSigned, read_held_checkpoint, read_note
from kaoping.files.journal.inquiry import Layer
from kaoping.files.journal.keys import holds, make_sm2_key, sm2_signer
from kaoping.files.journal.tiles import tile_path
from tests.cli.folders import snapshot, unchanged
from tests.journals import (
    KEY,
    ORIGIN,
    OTHER_KEY,
    SALTS,
    VKEY,
    WITNESS_KEYS,
    WITNESSES,
    Disk,
    append_one,
    body_of,
    entries_of,
    failure,
    journal_of,
    kept,
    new_journal,
    note_act,
    note_acts,
    require_durable,
    require_sound,
    root_over,
    scores_act,
    seal,
    small_journal,
    state_of,
)
from tests.judges import sigstore_judge

# --- begun and opened -----------------------------------------------------------------------------


def test_a_new_journal_is_empty_and_signed(tmp_path):
    journal = Journal.create(tmp_path / "deep" / "journal", ORIGIN, KEY)
    signed = journal.checkpoint()
    assert (signed.checkpoint.origin, signed.checkpoint.size) == (ORIGIN, 0)
    assert signed.checkpoint.root == EMPTY_ROOT
    assert sorted(path.name for path in journal.folder.iterdir()) == ["checkpoint", "vkey"]
    assert Journal.open(journal.folder) == journal
    require_sound(journal)


def test_what_is_signed_is_judged_while_nobody_can_add_anything(tmp_path):
    journal = small_journal(tmp_path / "journal")
    journal.append([note_act(5)], SALTS)
    before = snapshot(journal.folder)

    def refuse(size: int) -> None:
        assert size == 6
        with pytest.raises(RefusedError, match="Another program is writing"):
            Journal.open(journal.folder).append([note_act(6)], SALTS)
        raise TamperError("不合规则", "against the rules")

    with pytest.raises(TamperError, match="against the rules"):
        journal.seal(KEY, state_of(journal), allow=refuse)
    assert snapshot(journal.folder) == before


def test_a_journal_that_begins_is_signed_only_where_its_beginning_was_noted(tmp_path):
    """Whoever puts yesterday's empty journal back does not get a second root for a size."""
    journal = new_journal(tmp_path / "journal")
    empty = snapshot_files(journal.folder)
    append_one(journal, 0)
    state_of(journal).unlink()
    restore(journal.folder, empty)
    journal.append([note_act(7)], SALTS)
    with pytest.raises(RefusedError, match="restore-state"):
        seal(journal)


def snapshot_files(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def restore(folder, files):
    shutil.rmtree(folder)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_the_signing_key_is_nowhere_in_the_journal(tmp_path):
    journal = small_journal(tmp_path / "journal", 3)
    secrets = (KEY._private.private_bytes_raw(), KEY.pem.split(b"\n")[1])
    for content in snapshot(journal.folder).values():
        assert not isinstance(content, bytes) or not any(s in content for s in secrets)


@pytest.mark.parametrize("name", ["note.txt", ".hidden", "checkpoint", "folder/"])
def test_a_folder_that_holds_anything_is_refused(tmp_path, name):
    folder = tmp_path / "journal"
    folder.mkdir()
    if name.endswith("/"):
        (folder / name).mkdir()
    else:
        (folder / name).write_bytes(b"")
    with unchanged(tmp_path), pytest.raises(RefusedError) as caught:
        Journal.create(folder, ORIGIN, KEY)
    assert "不是空的" in caught.value.zh


def test_a_journal_is_never_made_over_another(tmp_path):
    journal = small_journal(tmp_path / "journal")
    with unchanged(tmp_path), pytest.raises(RefusedError):
        Journal.create(journal.folder, ORIGIN, KEY)


def test_a_journal_cannot_be_made_in_place_of_a_file(tmp_path):
    (tmp_path / "file").write_bytes(b"x")
    for place in (tmp_path / "file", tmp_path / "file" / "journal"):
        with unchanged(tmp_path), pytest.raises(RefusedError):
            Journal.create(place, ORIGIN, KEY)


def test_a_bad_name_makes_no_folder(tmp_path):
    with unchanged(tmp_path), pytest.raises(InputError):
        Journal.create(tmp_path / "journal", "a b", KEY)


def test_a_new_journal_is_on_the_disk_with_its_folder(tmp_path, monkeypatch):
    disk = Disk(monkeypatch)
    Journal.create(tmp_path / "deep" / "journal", ORIGIN, KEY)
    require_durable(disk, [tmp_path / "deep", tmp_path / "deep" / "journal"])


@pytest.mark.parametrize("missing", ["checkpoint", "vkey", "both", "folder"])
def test_what_is_no_journal_is_not_opened(tmp_path, missing):
    journal = small_journal(tmp_path / "journal")
    if missing == "folder":
        shutil.rmtree(journal.folder)
    for name in ["checkpoint", "vkey"] if missing == "both" else [missing]:
        (journal.folder / name).unlink(missing_ok=True)
    with unchanged(tmp_path), pytest.raises(InputError) as caught:
        Journal.open(journal.folder)
    assert "kaoping journal init" in caught.value.zh


def test_a_journal_with_a_checkpoint_of_another_key_takes_and_signs_nothing(tmp_path):
    journal = small_journal(tmp_path / "journal")
    other = journal_of(tmp_path / "other", note_acts(5))
    for name, content in (
        ("vkey", f"{OTHER_KEY.verifier(ORIGIN).text}\n".encode()),
        ("checkpoint", (other.folder / "checkpoint").read_bytes().replace(b"\n5\n", b"\n6\n")),
    ):
        whole = (journal.folder / name).read_bytes()
        (journal.folder / name).write_bytes(content)
        opened = Journal.open(journal.folder)
        with unchanged(tmp_path):
            for attempt in (
                opened.checkpoint,
                opened.size,
                lambda o=opened: o.append([note_act(5)], SALTS),
                lambda o=opened: o.receipt(0),
            ):
                with pytest.raises(TamperError):
                    attempt()
        (journal.folder / name).write_bytes(whole)
    require_sound(journal)


# --- taken ----------------------------------------------------------------------------------------


def test_what_is_taken_has_its_place_and_counts_from_the_next_checkpoint_on(tmp_path):
    journal = small_journal(tmp_path / "journal", 3)
    taken = journal.append([note_act(3), scores_act(4)], SALTS)
    assert [index for index, _ in taken] == [3, 4]
    assert [entry.content for _, entry in taken] == entries_of([note_act(3), scores_act(4)])
    assert journal.checkpoint().checkpoint.size == 3
    assert journal.size() == 5
    assert journal.reader().size == 3
    with pytest.raises(InputError, match="sealed by a checkpoint first"):
        journal.receipt(3)
    require_sound(journal)
    assert seal(journal).checkpoint.size == 5
    assert journal.receipt(4).index == 4
    require_sound(journal)


def test_the_tree_is_that_over_all_entries(tmp_path):
    journal = new_journal(tmp_path / "journal")
    acts = note_acts(300)
    for first, last in ((0, 1), (1, 4), (4, 250), (250, 260), (260, 300)):
        journal.append(acts[first:last], SALTS)
        if last != 250:
            assert seal(journal).checkpoint.root == root_over(entries_of(acts[:last]))
    assert [journal.reader().entry(index) for index in range(300)] == entries_of(acts)
    require_sound(journal)


def test_no_acts_write_nothing(tmp_path):
    journal = small_journal(tmp_path / "journal")
    with unchanged(tmp_path):
        assert journal.append([], SALTS) == []


def test_effects_are_bound_with_their_act(tmp_path):
    journal = new_journal(tmp_path / "journal")
    effect = ("evidence", "row-1", 1, "ab" * 32)
    journal.append(note_acts(2), SALTS, {note_act(1)["id"]: [effect]})
    seal(journal)
    assert [body_of(journal, index)["effects"] for index in (0, 1)] == [[], [list(effect)]]
    require_sound(journal)
    path = journal.folder / "bodies/000.jsonl"
    path.write_text(path.read_text("utf-8").replace("row-1", "row-2"), "utf-8")
    assert failure(journal).layer is Layer.B


@pytest.mark.parametrize("field", ["actor", "at", "subject", "type"])
def test_an_act_that_cannot_be_an_entry_is_refused_with_all_others(tmp_path, field):
    journal = small_journal(tmp_path / "journal")
    bad = note_act(7) | {field: None}
    with unchanged(tmp_path), pytest.raises(TamperError):
        journal.append([note_act(5), bad, note_act(6)], SALTS)


def test_an_append_is_on_the_disk_before_it_returns(tmp_path, monkeypatch):
    """Bodies first, then the entries: an entry without its body would bind nobody knows what."""
    journal = new_journal(tmp_path / "journal")
    disk = Disk(monkeypatch)
    journal.append(note_acts(2), SALTS)
    folders = [path for path in journal.folder.rglob("*") if path.is_dir()]
    require_durable(disk, folders)
    bodies = journal.folder / "bodies"
    bundle = journal.folder / tile_path("entries", 0, 2)
    assert disk.last_position("sync", bodies) < disk.position(
        "move", bundle.with_name("2.tmp"), bundle
    )


# --- signed ---------------------------------------------------------------------------------------


def test_one_checkpoint_is_signed_for_all_that_was_taken(tmp_path):
    journal = new_journal(tmp_path / "journal")
    for number in range(5):
        journal.append([note_act(number)], SALTS)
    signed = seal(journal)
    assert (signed.checkpoint.size, signed.checkpoint.root) == (
        5,
        root_over(entries_of(note_acts(5))),
    )
    assert sigstore_judge.checkpoint_holds(
        signed.content, ORIGIN, VKEY.public, signed.checkpoint.root
    )


def test_another_key_signs_nothing(tmp_path):
    journal = small_journal(tmp_path / "journal")
    journal.append([note_act(5)], SALTS)
    with unchanged(tmp_path), pytest.raises(RefusedError) as caught:
        journal.seal(OTHER_KEY, state_of(journal))
    assert "没有签署" in caught.value.zh


def test_what_is_about_to_be_signed_is_kept_before_it_is_published(tmp_path, monkeypatch):
    journal = small_journal(tmp_path / "journal")
    journal.append([note_act(5)], SALTS)
    disk = Disk(monkeypatch)
    seal(journal)
    require_durable(disk)
    state, checkpoint = state_of(journal), journal.folder / "checkpoint"
    kept_at = next(i for i, call in enumerate(disk.calls) if call[-1] == state)
    published = next(i for i, call in enumerate(disk.calls) if call[-1] == checkpoint)
    assert kept_at < disk.position("sync", tmp_path) < published
    assert LastSigned(state).of(ORIGIN) == journal.checkpoint().checkpoint


def test_tiles_are_on_the_disk_before_a_checkpoint_is_published_over_them(tmp_path, monkeypatch):
    """Also those that a crash had left half written."""
    journal = small_journal(tmp_path / "journal", 3)
    journal.append(note_acts(2, 3), SALTS)
    (journal.folder / "tile/0/000.p/5").unlink()
    disk = Disk(monkeypatch)
    seal(journal)
    checkpoint, tile = journal.folder / "checkpoint", journal.folder / "tile/0/000.p/5"
    published = next(i for i, call in enumerate(disk.calls) if call[-1] == checkpoint)
    assert disk.position("sync", tile.parent) < published
    assert any(call[-1] == tile for call in disk.calls[:published])
    require_sound(journal)


@pytest.mark.parametrize(
    "call", [*(("sync", at) for at in range(8)), *(("move", at) for at in range(4))]
)
def test_a_full_disk_while_signing_loses_nothing(tmp_path, monkeypatch, call):
    """Whichever of the files no longer fits: a bundle, a tile, what was signed last, the checkpoint."""
    journal = small_journal(tmp_path / "journal")
    journal.append([note_act(5)], SALTS)
    held = kept(journal)
    with monkeypatch.context() as patch:
        Disk(patch, call)
        with pytest.raises(EnvironmentFault):
            seal(journal)
    require_sound(journal, held)
    assert seal(journal).checkpoint.size == 6
    require_sound(journal, held)


def test_signing_again_changes_nothing_and_keeps_the_cosignatures(tmp_path):
    journal = small_journal(tmp_path / "journal")
    signed = journal.checkpoint()
    line = signature_line(signed.checkpoint.text, WITNESSES[0], 1_737_363_600)
    journal.add_cosignatures(line, WITNESS_KEYS)
    with unchanged(tmp_path):
        assert seal(journal).content == signed.content + line


def test_an_sm2_line_is_added_once_and_keeps_the_cosignatures(tmp_path):
    make_sm2_key(tmp_path / "sm2.key")
    sm2 = sm2_signer(tmp_path / "sm2.key", ORIGIN)
    journal = small_journal(tmp_path / "journal")
    line = signature_line(journal.checkpoint().checkpoint.text, WITNESSES[0], 1_737_363_600)
    journal.add_cosignatures(line, WITNESS_KEYS)
    signed = journal.seal(KEY, state_of(journal), [sm2])
    opened = open_note(signed.content, [VKEY, sm2.key, WITNESS_KEYS[0]], holds)
    assert len(opened.signatures) == 3
    with unchanged(tmp_path):
        assert journal.seal(KEY, state_of(journal), [sm2]).content == signed.content
    journal.append([note_act(5)], SALTS)
    fresh = journal.seal(KEY, state_of(journal), [sm2])
    assert [s.key for s in open_note(fresh.content, [VKEY, sm2.key], holds).signatures] == [
        VKEY,
        sm2.key,
    ]
    require_sound(journal)
    root = fresh.checkpoint.root
    assert sigstore_judge.checkpoint_holds(fresh.content, ORIGIN, VKEY.public, root)


# --- taken and signed at once ---------------------------------------------------------------------


def test_taking_and_signing_at_once_gives_what_one_after_the_other_gives(tmp_path):
    one = small_journal(tmp_path / "one" / "journal")
    other = small_journal(tmp_path / "other" / "journal")
    for first, count in ((5, 1), (6, 260), (266, 0)):
        acts = note_acts(count, first)
        told = one.append(acts, SALTS), seal(one)
        assert other.record(acts, SALTS, KEY, state_of(other)) == told
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "other")
    require_sound(other)


def test_what_was_taken_before_is_signed_with_it(tmp_path):
    journal = small_journal(tmp_path / "journal")
    journal.append(note_acts(2, 5), SALTS)
    taken, signed = journal.record([note_act(7)], SALTS, KEY, state_of(journal))
    assert ([index for index, _ in taken], signed.checkpoint.size) == ([7], 8)
    assert signed.checkpoint.root == root_over(entries_of(note_acts(8)))


def test_another_key_takes_and_signs_nothing(tmp_path):
    journal = small_journal(tmp_path / "journal")
    with unchanged(tmp_path), pytest.raises(RefusedError):
        journal.record([note_act(5)], SALTS, OTHER_KEY, state_of(journal))


@pytest.mark.parametrize("number", [5, 100])
def test_a_journal_that_was_put_back_does_not_even_take(tmp_path, number):
    journal = small_journal(tmp_path / "journal")
    append_one(journal, 5)
    append_one(journal, 6)
    old = small_journal(tmp_path / "elsewhere" / "journal")
    shutil.rmtree(journal.folder)
    shutil.copytree(old.folder, journal.folder)
    with unchanged(tmp_path), pytest.raises(TamperError, match="ROLLBACK"):
        journal.record([note_act(number)], SALTS, KEY, state_of(journal))


# --- cosignatures ---------------------------------------------------------------------------------


def cosignature(journal, number=0, time=1_737_363_600):
    return signature_line(journal.checkpoint().checkpoint.text, WITNESSES[number], time)


def test_cosignatures_stand_under_the_checkpoint_once_each(tmp_path):
    journal = small_journal(tmp_path / "journal")
    both = cosignature(journal) + cosignature(journal, 1)
    assert journal.add_cosignatures(both, WITNESS_KEYS).cosigned_by(WITNESS_KEYS) == 2
    with unchanged(tmp_path):
        again = both + cosignature(journal, 0, 1_737_400_000) * 2
        assert journal.add_cosignatures(again, WITNESS_KEYS).cosigned_by(WITNESS_KEYS) == 2
    assert (
        journal.add_cosignatures(cosignature(journal, 2), WITNESS_KEYS).cosigned_by(WITNESS_KEYS)
        == 3
    )
    assert journal.checkpoint().content.count("\u2014") == 4
    require_sound(journal)


def test_a_hundred_answers_of_one_witness_do_not_fill_the_checkpoint(tmp_path):
    journal = small_journal(tmp_path / "journal")
    for time in range(120):
        journal.add_cosignatures(cosignature(journal, 0, time), WITNESS_KEYS)
    assert journal.checkpoint().content.count("\u2014") == 2


def test_windows_line_ends_from_a_stick_do_no_harm(tmp_path):
    journal = small_journal(tmp_path / "journal")
    lines = (cosignature(journal) + "\n" + cosignature(journal, 1)).replace("\n", "\r\n")
    assert journal.add_cosignatures(lines, WITNESS_KEYS).cosigned_by(WITNESS_KEYS) == 2
    assert "\r" not in (journal.folder / "checkpoint").read_text("utf-8")


def test_only_a_given_witness_s_line_over_this_checkpoint_is_taken(tmp_path):
    journal = small_journal(tmp_path / "journal")
    before = cosignature(journal)
    append_one(journal, 5)
    good = cosignature(journal)
    plain = signature_line(journal.checkpoint().checkpoint.text, OTHER_KEY.signer("plain.example"))
    text = journal.checkpoint().checkpoint.text
    bad = {
        "over an older checkpoint": before,
        "of a stranger": cosignature(journal, 1),
        "of the journal itself": signature_line(text, KEY.signer(ORIGIN)),
        "plain": plain,
        "changed": good[:-10] + "AAAAAAAA=\n",
        "cut off": good[:-8],
        "nothing": "",
        "blank": "\n\n",
        "a page": "<html>404</html>",
        "a text": "已签署\n",
        "a whole checkpoint": journal.checkpoint().content + good,
    }
    keys = [WITNESS_KEYS[0], OTHER_KEY.verifier("plain.example")]
    for lines in bad.values():
        for given in (lines, good + lines, lines + good) if lines.strip() else (lines,):
            with unchanged(tmp_path), pytest.raises(TamperError):
                journal.add_cosignatures(given, keys)
    journal.add_cosignatures(good, WITNESS_KEYS[:1])
    for lines in bad.values():  # not even where the checkpoint is cosigned already
        with unchanged(tmp_path), pytest.raises(TamperError):
            journal.add_cosignatures(lines, WITNESS_KEYS[:1])


def test_without_witnesses_no_line_is_taken(tmp_path):
    journal = small_journal(tmp_path / "journal")
    with unchanged(tmp_path), pytest.raises(TamperError):
        journal.add_cosignatures(cosignature(journal), [])


def test_a_new_checkpoint_needs_new_cosignatures(tmp_path):
    journal = small_journal(tmp_path / "journal")
    journal.add_cosignatures(cosignature(journal), WITNESS_KEYS)
    append_one(journal, 5)
    opened = open_checkpoint(journal.checkpoint().content, [VKEY], holds, WITNESS_KEYS)
    assert opened.cosigned_by(WITNESS_KEYS) == 0


def test_one_key_under_two_names_is_one_witness(tmp_path):
    journal = small_journal(tmp_path / "journal")
    twins = [OTHER_KEY.signer(name, KeyKind.COSIGNATURE) for name in ("a.example", "b.example")]
    text = journal.checkpoint().checkpoint.text
    lines = "".join(signature_line(text, twin, 1) for twin in twins)
    keys = [twin.key for twin in twins]
    assert journal.add_cosignatures(lines, keys).cosigned_by(keys) == 1
    assert failure(journal, witnesses=keys, quorum=2).layer is Layer.W


# --- receipts and held checkpoints ----------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 5, 256, 257, 300])
def test_every_receipt_holds_for_its_entry(tmp_path, size):
    journal = small_journal(tmp_path / "journal", size)
    for index in {0, size // 2, size - 1}:
        receipt = parse_receipt(journal.receipt(index).text)
        signed = open_checkpoint(receipt.checkpoint, [VKEY], holds)
        check_receipt(receipt, journal.reader().entry(index), signed)
        arguments = (receipt.checkpoint, ORIGIN, VKEY.public)
        entry = entries_of([note_act(index)])[0]
        assert sigstore_judge.receipt_holds(entry, index, receipt.path, *arguments)


@pytest.mark.parametrize("index", [-1, 5, 10**12])
def test_no_receipt_is_made_for_an_entry_there_is_not(tmp_path, index):
    journal = small_journal(tmp_path / "journal")
    with unchanged(tmp_path), pytest.raises(InputError):
        journal.receipt(index)


def test_a_receipt_is_a_checkpoint_held(tmp_path):
    journal = small_journal(tmp_path / "journal")
    path = tmp_path / "my.tlog-proof"
    path.write_text(journal.receipt(3).text, "utf-8")
    assert read_held_checkpoint(path) == journal.checkpoint().content
    assert read_held_checkpoint(kept(journal)) == journal.checkpoint().content
    append_one(journal, 5)
    require_sound(journal, path, tmp_path / "held")


def test_notes_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(InputError):
        read_note(tmp_path / "nowhere")
    for content in (b"\xff\xfe", b"x" * 100_001):
        (tmp_path / "note").write_bytes(content)
        with pytest.raises(TamperError):
            read_note(tmp_path / "note")
    with pytest.raises(TamperError):
        read_note(tmp_path)


def test_the_same_acts_salts_and_key_give_the_same_bytes(tmp_path):
    folders = [small_journal(tmp_path / name, 300).folder for name in ("one", "two")]
    assert snapshot(folders[0]) == snapshot(folders[1])


def test_nothing_public_tells_what_the_bodies_hold(tmp_path):
    journal = journal_of(tmp_path / "journal", [*note_acts(3), scores_act(3)])
    words = [line["points"] for line in scores_act(3)["content"]["lines"]]
    public = b"".join(
        content
        for name, content in snapshot(journal.folder).items()
        if isinstance(content, bytes) and not name.startswith("bodies")
    ).decode("utf-8", "replace")
    assert not any(word in public for word in [*words, "情况属实", "统计局"])
    for index in range(4):
        assert json.loads(journal.reader().entry(index)).keys() == {
            "actor",
            "at",
            "commitment",
            "subject",
            "type",
        }


def test_a_journal_that_was_cut_short_while_it_was_made_can_be_made(tmp_path):
    """Only the key lies there yet: nothing was signed, so nothing can be lost."""
    journal = Journal.create(tmp_path / "log", ORIGIN, KEY)
    (tmp_path / "log" / "checkpoint").unlink()
    with unchanged(tmp_path), pytest.raises(RefusedError):
        Journal.create(tmp_path / "log", ORIGIN, OTHER_KEY)
    assert Journal.create(tmp_path / "log", ORIGIN, KEY) == journal
    require_sound(journal)
