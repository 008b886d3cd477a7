"""`kaoping witness`: nobody is accused without cause, nothing is overwritten, nothing goes unsaid."""

from __future__ import annotations

import shutil

import pytest

from tests.cli.folders import kaoping, refusal, unchanged
from tests.journals import (
    KEY,
    VKEY,
    append_one,
    journal_of,
    note_acts,
    small_journal,
)

NAME = "w.example"
ACCUSES = ("作为证据", "ROLLBACK", "FORK", "REWRITE")


@pytest.fixture
def journal(tmp_path):
    """Five acts, with the key of the journal beside it."""
    key = tmp_path / "log.pem"
    key.write_bytes(KEY.pem)
    key.chmod(0o600)
    return small_journal(tmp_path / "log")


@pytest.fixture
def identity(tmp_path, capsys):
    """The words with which the witness signs."""
    assert kaoping(capsys, "key", "make", tmp_path / "w.pem").code == 0
    return ["--name", NAME, "--signing-key", tmp_path / "w.pem", "--log", VKEY.text]


def ask(capsys, journal, out, *more):
    said = kaoping(capsys, "witness", "ask", journal.folder, "--out", out, *more)
    assert said.code == 0, said.err


def sign(capsys, asked, identity, *more):
    return kaoping(capsys, "witness", "sign", asked, *identity, *more)


# --- whom it accuses ------------------------------------------------------------------------------


def test_a_request_for_another_size_is_no_accusation(journal, tmp_path, capsys, identity):
    request = tmp_path / "request"
    ask(capsys, journal, request)
    assert sign(capsys, request, identity).code == 0
    append_one(journal, 5)
    ask(capsys, journal, request)  # made anew over the former, and --held forgotten
    with unchanged(tmp_path):
        said = refusal(capsys, 3, "witness", "sign", request, *identity)
    assert "见证人已签到 5 条，请用 --held 5 重新生成请求" in said.err
    assert not [word for word in ACCUSES if word in said.err]
    ask(capsys, journal, request, "--held", 5)
    assert sign(capsys, request, identity).code == 0


def test_a_fork_a_rewriting_and_a_shorter_journal_are_accused(journal, tmp_path, capsys, identity):
    shutil.copytree(journal.folder, tmp_path / "shorter")
    append_one(journal, 5)
    assert sign(capsys, journal.folder, identity).code == 0
    request = tmp_path / "request"
    for size, held in ((6, 6), (9, 6)):
        other = journal_of(tmp_path / f"other{size}" / "log", note_acts(size, 500))
        ask(capsys, other, request, "--held", held)
        with unchanged(tmp_path):
            said = refusal(capsys, 3, "witness", "sign", request, *identity)
        assert "作为证据" in said.err
    kaoping(capsys, "witness", "ask", tmp_path / "shorter", "--out", request)
    said = refusal(capsys, 3, "witness", "sign", request, *identity)
    assert "作为证据" in said.err
    assert "ROLLBACK" in said.err


def test_a_journal_it_does_not_know_and_a_bare_checkpoint_lead_on(
    journal, tmp_path, capsys, identity
):
    request = tmp_path / "request"
    ask(capsys, journal, request)
    stranger = [*identity[:-1], KEY.verifier("another.example").text]
    with unchanged(tmp_path / "log"):
        said = refusal(capsys, 3, "witness", "sign", request, *stranger)
        assert "用 --log 给出它的公钥" in said.err
        assert not [word for word in ACCUSES if word in said.err]
        said = refusal(capsys, 3, "witness", "sign", journal.folder / "checkpoint", *identity)
        assert "整个日志文件夹" in said.err
        assert "witness ask --out" in said.err
        request.write_text("old 0\nnonsense", "utf-8")
        said = refusal(capsys, 3, "witness", "sign", request, *identity)
        assert "请求格式不对" in said.err
        assert not [word for word in ACCUSES if word in said.err]


def test_the_first_cosignature_of_a_journal_is_remarked_on(journal, tmp_path, capsys, identity):
    first = sign(capsys, journal.folder, identity)
    assert "首次见证该日志，此前没有记录" in first.err
    assert ".signed" in first.err
    assert first.out.startswith(f"\u2014 {NAME} ")
    append_one(journal, 5)
    assert sign(capsys, journal.folder, identity).err == ""
    (tmp_path / "w.pem.signed").unlink()
    assert "首次见证该日志" in sign(capsys, journal.folder, identity).err


# --- where it writes ------------------------------------------------------------------------------


def test_a_cosignature_takes_nobodys_place(journal, tmp_path, capsys, identity):
    request = tmp_path / "request"
    ask(capsys, journal, request)
    foreign = tmp_path / "foreign"
    foreign.write_text("mine", "utf-8")
    places = [
        tmp_path / "w.pem",
        tmp_path / "w.pem.signed",
        tmp_path / "w.pem.signed.lock",
        tmp_path / "log.pem",
        foreign,
    ]
    with unchanged(tmp_path):
        for asked in (request, journal.folder):
            for out in [*places, asked, journal.folder / "checkpoint"]:
                refusal(capsys, 3, "witness", "sign", asked, *identity, "--out", out)
        inside = journal.folder / "new"
        refusal(capsys, 3, "witness", "sign", journal.folder, *identity, "--out", inside)


def test_a_cosignature_may_replace_its_predecessor(journal, tmp_path, capsys, identity):
    line = tmp_path / "line"
    assert sign(capsys, journal.folder, identity, "--out", line).code == 0
    append_one(journal, 5)
    assert sign(capsys, journal.folder, identity, "--out", line).code == 0
    append_one(journal, 6)
    line.write_text(line.read_text("utf-8").replace(NAME, "another.example"), "utf-8")
    with unchanged(tmp_path):
        refusal(capsys, 3, "witness", "sign", journal.folder, *identity, "--out", line)


def test_a_request_takes_nobodys_place(journal, tmp_path, capsys):
    foreign = tmp_path / "foreign"
    foreign.write_text("old times\n", "utf-8")
    with unchanged(tmp_path):
        for out in (
            tmp_path / "log.pem",
            foreign,
            journal.folder / "checkpoint",
            journal.folder / "request",
        ):
            refusal(capsys, 3, "witness", "ask", journal.folder, "--out", out)
