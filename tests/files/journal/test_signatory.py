"""Who signs for a database: continuations only, one checkpoint for all, and what a power cut leaves."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.errors import EnvironmentFault, InputError, RefusedError, TamperError
from kaoping.core.journal import SignedCheckpoint
from kaoping.core.tree import verify_consistency
from kaoping.files.journal.folder import CHECKPOINT, Journal, LastSigned
from kaoping.files.journal.signatory import Handed, Signatory, Wanted
from kaoping.files.journal.tiles import ENTRIES, WIDTH, TileReader, TileWriter, tile_path
from tests.journals import (
    KEY,
    OTHER_KEY,
    SALTS,
    Disk,
    entries_of,
    new_journal,
    note_act,
    note_acts,
    root_over,
    seal,
    state_of,
)

ALL = entries_of(note_acts(2 * WIDTH + 40))
FORGED = entries_of([note_act(3, "改过的")])[0]


def handed(first, end):
    return Handed(first, ALL[first:end])


@pytest.fixture
def journal(tmp_path):
    return new_journal(tmp_path / "journal")


@pytest.fixture
def signatory(journal):
    return Signatory(journal, KEY, state_of(journal))


def again(journal):
    """Another process with the same files."""
    return Signatory(journal, KEY, state_of(journal))


def size_of(answer):
    assert isinstance(answer, SignedCheckpoint), answer
    return answer.checkpoint.size


def require_signed(journal, size):
    signed = journal.checkpoint().checkpoint
    assert (signed.size, signed.root) == (size, root_over(ALL[:size]))
    reader = TileReader(journal.folder, size)
    assert reader.root() == signed.root
    assert [one for _, bundle in reader.bundles() for one in bundle] == ALL[:size]


def test_what_is_handed_in_is_signed(journal, signatory):
    assert size_of(*signatory.sign([handed(0, 5)])) == 5
    assert size_of(*signatory.sign([handed(4, 300)])) == 300
    require_signed(journal, 300)


def test_one_checkpoint_stands_for_all_who_asked(journal, signatory, monkeypatch):
    disk = Disk(monkeypatch)
    answers = signatory.sign([handed(0, 2), handed(0, 7), handed(1, 4)])
    assert [size_of(one) for one in answers] == [7, 7, 7]
    assert [call[-1].name for call in disk.calls if call[0] == "move"].count(CHECKPOINT) == 1
    require_signed(journal, 7)


def test_nothing_new_changes_nothing(journal, signatory):
    signatory.sign([handed(0, 5)])
    before = journal.note()
    assert size_of(*signatory.sign([handed(2, 4)])) == 5
    assert journal.note() == before


def test_a_gap_is_not_signed_and_what_is_missing_is_asked_for(journal, signatory):
    signatory.sign([handed(0, 5)])
    assert signatory.sign([handed(7, 9)]) == [Wanted(5, 5)]
    assert again(journal).sign([handed(7, 9)]) == [Wanted(5, 5)]
    require_signed(journal, 5)


@pytest.mark.parametrize("fresh", [True, False])
def test_an_entry_that_differs_from_a_signed_one_is_named(journal, signatory, fresh):
    signatory.sign([handed(0, 300)])
    answer = (again(journal) if fresh else signatory).sign([Handed(3, [FORGED, *ALL[4:310]])])
    assert isinstance(answer[0], TamperError)
    assert "第 3 条" in answer[0].zh
    require_signed(journal, 300)


def test_one_who_is_refused_does_not_stop_the_others(journal, signatory):
    signatory.sign([handed(0, 5)])
    bad, good = signatory.sign([Handed(3, [FORGED]), handed(4, 8)])
    assert isinstance(bad, TamperError)
    assert size_of(good) == 8
    require_signed(journal, 8)


@pytest.mark.parametrize("entry", [b"x", b"", b'{"actor":1}', ALL[6] + b" "])
def test_what_is_no_entry_is_not_signed(journal, signatory, entry):
    (answer,) = signatory.sign([Handed(0, [*ALL[:3], entry])])
    assert isinstance(answer, InputError)
    assert journal.checkpoint().checkpoint.size == 0


def test_time_does_not_go_back(journal, signatory):
    signatory.sign([handed(0, 5)])
    assert isinstance(signatory.sign([Handed(4, [ALL[4], ALL[2]])])[0], TamperError)
    assert isinstance(signatory.sign([Handed(5, [ALL[7], ALL[6]])])[0], TamperError)
    require_signed(journal, 5)


def test_another_key_signs_nothing(journal):
    other = Signatory(journal, OTHER_KEY, state_of(journal))
    with pytest.raises(RefusedError):
        other.require_sound()
    with pytest.raises(RefusedError):
        other.sign([handed(0, 5)])


def test_without_the_record_of_what_was_signed_nothing_is(journal, signatory):
    signatory.sign([handed(0, 5)])
    state_of(journal).unlink()
    with pytest.raises(RefusedError, match="签署记录"):
        again(journal).require_sound()
    with pytest.raises(RefusedError):
        again(journal).sign([handed(0, 6)])


def test_a_journal_put_back_is_brought_up_again_by_the_same_entries_only(tmp_path, journal):
    again(journal).sign([handed(0, 5)])
    shutil.copytree(journal.folder, tmp_path / "older")
    again(journal).sign([handed(4, 9)])
    shutil.rmtree(journal.folder)
    shutil.copytree(tmp_path / "older", journal.folder)
    back = again(journal)
    back.require_sound()
    other = entries_of([note_act(number, "另一份") for number in range(5, 12)])
    with pytest.raises(TamperError, match="FORK"):
        back.sign([Handed(4, [ALL[4], *other])])


def test_a_journal_put_back_asks_for_all_that_was_signed(tmp_path, journal):
    again(journal).sign([handed(0, 5)])
    shutil.copytree(journal.folder, tmp_path / "older")
    again(journal).sign([handed(4, 9)])
    shutil.rmtree(journal.folder)
    shutil.copytree(tmp_path / "older", journal.folder)
    assert again(journal).sign([handed(4, 6)]) == [Wanted(5, 9)]
    assert journal.checkpoint().checkpoint.size == 5


def test_a_journal_put_back_goes_on_with_what_it_had(tmp_path, journal):
    again(journal).sign([handed(0, 5)])
    shutil.copytree(journal.folder, tmp_path / "older")
    again(journal).sign([handed(4, 9)])
    shutil.rmtree(journal.folder)
    shutil.copytree(tmp_path / "older", journal.folder)
    assert size_of(*again(journal).sign([handed(4, 12)])) == 12
    require_signed(journal, 12)


def test_what_the_key_signed_last_must_be_in_the_journal(journal):
    again(journal).sign([handed(0, 5)])
    signed = journal.checkpoint().checkpoint
    other = type(signed)(signed.origin, 4, b"\1" * 32)
    state_of(journal).unlink()
    LastSigned(state_of(journal)).keep(other)
    with pytest.raises(TamperError):
        again(journal).require_sound()


def test_a_checkpoint_that_was_cosigned_meanwhile_is_gone_on_from(journal, signatory):
    signatory.sign([handed(0, 5)])
    other = Signatory(Journal.open(journal.folder), KEY, state_of(journal))
    other.sign([handed(4, 8)])  # somebody else signed: what is in memory no longer counts
    assert size_of(*signatory.sign([handed(4, 11)])) == 11
    require_signed(journal, 11)


# --- crashes --------------------------------------------------------------------------------------


def test_entries_taken_and_not_signed_are_vouched_for_by_who_keeps_them(journal):
    again(journal).sign([handed(0, 5)])
    TileWriter(journal.folder, 5, root_over(ALL[:5])).append(ALL[5:8])
    assert again(journal).sign([handed(4, 6)]) == [Wanted(5, 8)]
    (answer,) = again(journal).sign([Handed(4, [*ALL[4:7], ALL[8]])])
    assert isinstance(answer, TamperError)
    assert "第 7 条" in answer.zh
    assert size_of(*again(journal).sign([handed(4, 10)])) == 10
    require_signed(journal, 10)


def spoil(journal, size, how):
    """What a power cut does to tiles that were not synced."""
    for level in (0, ENTRIES):
        path = journal.folder / tile_path(level, size // WIDTH, size % WIDTH)
        if how == "gone":
            path.unlink()
        elif how == "empty":
            path.write_bytes(b"")
        else:
            path.write_bytes(b"\0" * path.stat().st_size)


@pytest.mark.parametrize("how", ["gone", "empty", "zeros"])
@pytest.mark.parametrize("size", [5, WIDTH + 3, 2 * WIDTH + 30])
def test_partial_tiles_that_a_power_cut_spoilt_are_made_anew_from_the_entries(journal, size, how):
    again(journal).sign([handed(0, size)])
    spoil(journal, size, how)
    told: list[int] = []
    back = Signatory(journal, KEY, state_of(journal), told.append)
    base = size - size % WIDTH
    if base:
        assert back.sign([handed(size - 1, size + 2)]) == [Wanted(base, size)]
    assert size_of(*back.sign([handed(max(base - 1, 0), size + 2)])) == size + 2
    assert told == [base]
    require_signed(journal, size + 2)


def test_damage_is_not_mended_with_entries_that_were_not_signed(journal):
    again(journal).sign([handed(0, 5)])
    spoil(journal, 5, "gone")
    (answer,) = again(journal).sign([Handed(0, [*ALL[:3], FORGED, *ALL[4:8]])])
    assert isinstance(answer, TamperError)
    assert "重建" in answer.zh


def test_a_spoilt_full_tile_is_never_mended(journal):
    again(journal).sign([handed(0, WIDTH + 3)])
    spoil(journal, WIDTH + 3, "gone")
    (journal.folder / tile_path(0, 0)).write_bytes(b"\0" * 32 * WIDTH)
    (answer,) = again(journal).sign([handed(0, WIDTH + 5)])
    assert isinstance(answer, TamperError)


def test_partial_tiles_are_synced_once_the_signer_is_idle(journal, signatory, monkeypatch):
    disk = Disk(monkeypatch)
    signatory.sign([handed(0, 5)])
    busy = len(disk.calls)
    signatory.settle()
    settled = len(disk.calls)
    assert settled > busy
    signatory.settle()
    assert len(disk.calls) == settled
    assert seal(journal).checkpoint.size == 5


@pytest.mark.parametrize("calls", range(1, 8))
def test_a_full_disk_at_any_moment_leaves_a_journal_that_goes_on(journal, monkeypatch, calls):
    again(journal).sign([handed(0, 5)])
    busy = again(journal)
    busy.sign([handed(4, 6)])
    with monkeypatch.context() as patch:
        Disk(patch, ("move", calls))
        try:
            busy.sign([handed(5, 9)])
        except EnvironmentFault:
            assert journal.checkpoint().checkpoint.size in (6, 9)
    for signatory in (busy, again(journal)):
        assert size_of(*signatory.sign([handed(5, 12)])) == 12
    require_signed(journal, 12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 40), st.booleans()), min_size=1, max_size=12
    )
)
def test_whatever_is_handed_in_each_checkpoint_continues_the_one_before(tmp_path_factory, steps):
    journal = new_journal(tmp_path_factory.mktemp("any") / "journal")
    signatory, before = again(journal), journal.checkpoint().checkpoint
    for first, count, is_restarted in steps:
        if is_restarted:
            signatory = again(journal)
        (answer,) = signatory.sign([handed(first, first + count)])
        if isinstance(answer, Wanted):
            assert first > answer.first == answer.least == before.size
            continue
        now = answer.checkpoint
        assert now.size == max(before.size, first + count)
        proof = TileReader(journal.folder, now.size).consistency(before.size)
        assert not before.size or verify_consistency(
            before.size, now.size, before.root, now.root, proof
        )
        before = now
    require_signed(journal, before.size)


def test_salts_do_not_matter_to_who_signs():
    """The signer sees leaves, which say nothing: neither text nor salt is among them."""
    assert all(SALTS(act["id"]).hex().encode() not in ALL[i] for i, act in enumerate(note_acts(9)))
    assert all("检查".encode() not in entry for entry in ALL)
