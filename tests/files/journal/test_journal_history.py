"""A journal put back, forked, added to from outside or written by two: noticed, and nothing signed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kaoping.core.errors import RefusedError, TamperError
from kaoping.core.journal import without_act
from kaoping.core.note import signature_line
from kaoping.files.contents import read_bytes
from kaoping.files.journal import bodies
from kaoping.files.journal.bodies import body_line
from kaoping.files.journal.folder import Journal, LastSigned
from kaoping.files.journal.inquiry import Layer
from kaoping.files.journal.tiles import alone_writing, bundled, tile_path
from tests.cli.folders import unchanged
from tests.journals import (
    KEY,
    ORIGIN,
    SALTS,
    WITNESS_KEYS,
    WITNESSES,
    append_one,
    body_of,
    entries_of,
    failure,
    kept,
    new_journal,
    note_act,
    note_acts,
    require_sound,
    root_over,
    seal,
    small_journal,
    state_of,
)


def copy_of(journal, name):
    """The journal's folder as it is now, as a backup or a second installation would have it."""
    shutil.copytree(journal.folder, journal.folder.parent / name)
    return journal.folder.parent / name


def put_back(journal, backup):
    shutil.rmtree(journal.folder)
    shutil.copytree(backup, journal.folder)


# --- rollback and fork ----------------------------------------------------------------------------


def test_yesterdays_folder_is_not_signed(tmp_path):
    journal = small_journal(tmp_path / "journal")
    backup = copy_of(journal, "yesterday")
    for number in range(5, 9):
        append_one(journal, number)
    held = kept(journal)
    put_back(journal, backup)
    with unchanged(tmp_path), pytest.raises(TamperError, match="ROLLBACK") as caught:
        seal(journal)
    assert "只有 5 条" in caught.value.zh
    assert "已签署到 9 条" in caught.value.zh
    assert failure(journal, since=[held]).layer is Layer.K


def test_yesterdays_folder_is_not_signed_with_other_acts_either(tmp_path):
    """As many as were lost, or more."""
    journal = small_journal(tmp_path / "journal")
    backup = copy_of(journal, "yesterday")
    append_one(journal, 5)
    append_one(journal, 6)
    held = kept(journal)
    put_back(journal, backup)
    for number in range(3):
        journal.append([note_act(100 + number)], SALTS)
        with unchanged(tmp_path), pytest.raises(TamperError, match=r"ROLLBACK|FORK"):
            seal(journal)
    hidden = tmp_path / "another.signed"
    with pytest.raises(RefusedError, match="restore-state"):
        journal.seal(KEY, hidden)
    journal.believe(hidden)
    journal.seal(KEY, hidden)  # whoever hides the state is caught by who kept
    found = failure(journal, since=[held])
    assert found.layer is Layer.K
    assert "REWRITE" in found.en


def test_the_lost_acts_taken_again_are_the_same_journal(tmp_path):
    journal = small_journal(tmp_path / "journal")
    backup = copy_of(journal, "yesterday")
    root = append_one(journal, 5).checkpoint.root
    held = kept(journal)
    put_back(journal, backup)
    journal.append([note_act(5)], SALTS)
    assert seal(journal).checkpoint.root == root
    require_sound(journal, held)


def test_two_copies_do_not_sign_two_histories(tmp_path):
    journal = small_journal(tmp_path / "journal")
    twin = Journal.open(copy_of(journal, "twin"))
    append_one(journal, 5)
    twin.append([note_act(6)], SALTS)
    with unchanged(tmp_path), pytest.raises(TamperError, match="FORK"):
        seal(twin)
    append_one(journal, 7)
    require_sound(journal)


def test_two_copies_signing_at_the_same_moment_do_not_fork(tmp_path, monkeypatch):
    """Each has its own lock; comparing with what was signed last and keeping it are one step."""
    journal = small_journal(tmp_path / "journal")
    twin = Journal.open(copy_of(journal, "twin"))
    journal.append([note_act(5)], SALTS)
    twin.append([note_act(6)], SALTS)
    both = threading.Barrier(2, timeout=0.3)
    compare = LastSigned.refuse_another

    def patient(self, now, reader, before):
        """Whoever has compared gives the other one time to do the same before anything is kept."""
        compare(self, now, reader, before)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait()

    monkeypatch.setattr(LastSigned, "refuse_another", patient)
    told: list[str] = []

    def sign(one):
        try:
            told.append(seal(one).checkpoint.root_prefix)
        except TamperError as error:
            told.append(error.en.split(":")[0])

    threads = [threading.Thread(target=sign, args=(one,)) for one in (journal, twin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("FORK") == 1
    assert len(told) == 2


def test_journals_that_share_a_key_are_kept_apart(tmp_path):
    journal = small_journal(tmp_path / "journal")
    other = Journal.create(tmp_path / "other", "kaoping.example/2025", KEY, state_of(journal))
    other.append(note_acts(2, 50), SALTS)
    seal(other)
    append_one(journal, 5)
    state = LastSigned(state_of(journal)).all()
    assert {name: checkpoint.size for name, checkpoint in state.items()} == {
        ORIGIN: 6,
        "kaoping.example/2025": 2,
    }


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text[: len(text) // 2],
        lambda text: text[:-10] + "\n",
        lambda text: text.replace(" ", "", 1),
        lambda text: text.replace(" ", "  ", 1),
        lambda text: text.rstrip("\n") + " more\n",
        lambda text: text.replace(" 5 ", " five "),
        lambda text: text.replace(" 5 ", " -5 "),
        lambda text: text + "\n",
        lambda text: "\x00" * len(text),
        lambda text: "张三\n",
    ],
)
def test_a_damaged_state_is_no_reason_to_forget_it(tmp_path, damage):
    journal = small_journal(tmp_path / "journal")
    journal.append([note_act(5)], SALTS)
    state = state_of(journal)
    state.write_text(damage(state.read_text("utf-8")), "utf-8")
    with unchanged(tmp_path), pytest.raises(TamperError) as caught:
        seal(journal)
    assert "不要删除" in caught.value.zh


def test_a_state_that_is_no_text_or_a_folder_is_damaged_too(tmp_path):
    journal = small_journal(tmp_path / "journal")
    state = state_of(journal)
    state.write_bytes(b"\xff\xfe")
    with unchanged(tmp_path), pytest.raises(TamperError):
        seal(journal)
    state.unlink()
    state.mkdir()
    with unchanged(tmp_path), pytest.raises(TamperError):
        seal(journal)


# --- put in from outside --------------------------------------------------------------------------


def smuggle(journal, entry):
    """An entry beyond the checkpoint, where a crash would have left one."""
    size = journal.checkpoint().checkpoint.size
    entries = [journal.reader().entry(index) for index in range(size)]
    path = journal.folder / tile_path("entries", 0, size + 1)
    path.write_bytes(bundled([*entries, entry]))


@pytest.mark.parametrize("entry", [entries_of([note_act(99)])[0], b"anything", b"{}"])
def test_an_entry_without_a_body_is_never_signed(tmp_path, entry):
    journal = small_journal(tmp_path / "journal")
    smuggle(journal, entry)
    with unchanged(journal.folder):
        for attempt in (
            lambda: seal(journal),
            lambda: journal.append([note_act(5)], SALTS),
            journal.size,
        ):
            with pytest.raises(TamperError, match=r"Entry 5 .* not signed yet"):
                attempt()
    require_sound(journal)


def test_an_entry_with_the_body_of_another_is_never_signed(tmp_path):
    journal = small_journal(tmp_path / "journal")
    smuggle(journal, entries_of([note_act(99)])[0])
    path = journal.folder / "bodies/000.jsonl"
    path.write_bytes(path.read_bytes() + body_line(5, body_of(journal, 4)))
    with unchanged(journal.folder), pytest.raises(TamperError):
        seal(journal)


def test_an_entry_taken_before_but_changed_since_is_never_signed(tmp_path):
    journal = small_journal(tmp_path / "journal")
    journal.append([note_act(5)], SALTS)
    (journal.folder / "tile/entries/000.p/6").unlink()
    smuggle(journal, entries_of([note_act(6)])[0])
    with unchanged(journal.folder), pytest.raises(TamperError):
        seal(journal)


def test_a_body_changed_before_it_was_signed_is_never_signed(tmp_path):
    journal = small_journal(tmp_path / "journal")
    journal.append([note_act(5)], SALTS)
    path = journal.folder / "bodies/000.jsonl"
    changed = path.read_text("utf-8").replace("第5次检查", "第6次检查")
    path.write_text(changed, "utf-8")
    with unchanged(journal.folder), pytest.raises(TamperError):
        seal(journal)


def test_a_signed_entry_changed_since_is_neither_signed_nor_copied(tmp_path):
    journal = small_journal(tmp_path / "journal")
    entries = [journal.reader().entry(index) for index in range(5)]
    forged = [*entries[:2], entries_of([note_act(99)])[0], *entries[3:]]
    (journal.folder / "tile/entries/000.p/5").write_bytes(bundled(forged))
    assert failure(journal).layer is Layer.B
    with unchanged(tmp_path):
        for attempt in (lambda: seal(journal), lambda: journal.append([note_act(5)], SALTS)):
            with pytest.raises(TamperError):
                attempt()


def test_thousands_of_unsigned_entries_are_judged_within_seconds(tmp_path):
    """Each file of bodies is read once, not once for each entry."""
    journal = new_journal(tmp_path / "journal")
    journal.append(note_acts(2000), SALTS)
    read = []

    def counted(path, most):
        read.append(path.suffix)
        return read_bytes(path, most)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "read_bytes", counted)
        assert seal(journal).checkpoint.size == 2000
    assert read.count(".jsonl") == 8


def test_more_can_be_taken_after_the_last_body_was_reduced_by_law(tmp_path):
    journal = small_journal(tmp_path / "journal")
    journal.bodies.replace(4, without_act(body_of(journal, 4)))
    append_one(journal, 5)
    assert body_of(journal, 4).keys() == {"act_digest", "effects", "effects_salt"}
    assert journal.checkpoint().checkpoint.root == root_over(entries_of(note_acts(6)))


# --- two at once ----------------------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from kaoping.core.errors import RefusedError
from tests.journals import SALTS, Journal, note_act, seal
journal = Journal.open(Path(sys.argv[1]))
for attempt in (lambda: journal.append([note_act(5)], SALTS), lambda: seal(journal)):
    try:
        attempt()
        print("written")
    except RefusedError as error:
        print(error.zh)
"""


def test_who_comes_second_is_refused_in_another_process(tmp_path):
    journal = small_journal(tmp_path / "journal")
    root = Path(__file__).parents[3]
    with unchanged(journal.folder), alone_writing(journal.folder):
        told = subprocess.run(
            [sys.executable, "-c", WRITER, str(journal.folder)],
            cwd=root,
            env=os.environ | {"PYTHONPATH": f"{root}:{root / 'src'}"},
            capture_output=True,
            check=True,
        )
    lines = told.stdout.decode().splitlines()
    assert len(lines) == 2
    assert all("另一个程序正在写入日志" in line for line in lines)


def test_who_comes_second_is_refused_in_another_thread(tmp_path):
    journal = small_journal(tmp_path / "journal")
    line = signature_line(journal.checkpoint().checkpoint.text, WITNESSES[0], 1)
    told = []

    def write():
        for attempt in (
            lambda: journal.append([note_act(5)], SALTS),
            lambda: seal(journal),
            journal.size,
            lambda: journal.add_cosignatures(line, WITNESS_KEYS),
        ):
            try:
                attempt()
                told.append("written")
            except RefusedError:
                told.append("refused")

    with unchanged(journal.folder), alone_writing(journal.folder):
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert told == ["refused"] * 4


def test_many_writers_lose_nothing(tmp_path):
    """Whoever is refused comes again; every act is in the journal once."""
    journal = new_journal(tmp_path / "journal")

    def insist(attempt):
        while True:
            try:
                return attempt()
            except RefusedError:
                time.sleep(0.001)

    def write(first):
        for number in range(first, first + 8):
            insist(lambda number=number: journal.append([note_act(number)], SALTS))
            insist(lambda: seal(journal))

    threads = [threading.Thread(target=write, args=(8 * number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    require_sound(journal)
    entries = [journal.reader().entry(index) for index in range(24)]
    assert sorted(entries) == sorted(entries_of(note_acts(24)))
    assert journal.checkpoint().checkpoint.size == 24
