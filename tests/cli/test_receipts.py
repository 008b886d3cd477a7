"""`kaoping receipt`: what is handed out and to whom, what it never overwrites, and what it says."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from kaoping.core.note import parse_vkey
from tests.attacks.sealed_world import table_of
from tests.cli.folders import ROOT, kaoping, refusal, unchanged
from tests.journals import (
    KEY,
    VKEY,
    append_one,
    journal_of,
    note_act,
    note_acts,
    scores_act,
    uid,
)
from tests.worlds import finished_year

GUIDE = ROOT / "docs" / "guide" / "receipts.md"


@pytest.fixture
def journal(tmp_path):
    """Three acts, the last about three units."""
    return journal_of(tmp_path / "log", [*note_acts(2), scores_act(2)])


def make(capsys, journal, index, out, *more):
    words = ("receipt", "make", journal.folder, index, "--out", out)
    said = kaoping(capsys, *words, *more)
    assert said.code == 0, said.err
    return out


def verify(capsys, receipt, *more):
    return kaoping(capsys, "receipt", "verify", receipt, "--key", VKEY.text, *more)


# --- who gets what --------------------------------------------------------------------------------


def test_the_lines_of_all_units_are_written_only_where_that_is_asked_for(journal, tmp_path, capsys):
    out = tmp_path / "r.tlog-proof"
    words = ("receipt", "make", journal.folder, 2, "--out", out)
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words)
        assert "共 3 行" in said.err
        assert "3 lines" in said.err
        refusal(capsys, 2, *words, "--line", 0, "--whole")
        refusal(capsys, 1, *words, "--line", 3)
    make(capsys, journal, 2, out, "--whole")
    body = json.loads((tmp_path / "r.body.json").read_text("utf-8"))
    assert len(body["act"]["content"]["lines"]) == 3


def test_a_unit_gets_its_line_and_nothing_of_the_others(journal, tmp_path, capsys):
    out = make(capsys, journal, 2, tmp_path / "r.tlog-proof", "--line", 1)
    text = (tmp_path / "r.body.json").read_text("utf-8")
    assert "91.25" in text
    assert "90.25" not in text
    assert "92.25" not in text
    said = verify(capsys, out)
    assert said.code == 0, said.err
    assert "第 1 行（共 3 行，其余未给" in said.out
    found = json.loads(verify(capsys, out, "--json").out)
    assert (found["line"], found["lines"]) == (1, 3)
    (line,) = found["content"]["lines"]
    assert line["points"] == "91.25"


def test_whole_of_an_act_about_one_unit_is_the_same(journal, tmp_path, capsys):
    make(capsys, journal, 0, tmp_path / "a.tlog-proof")
    make(capsys, journal, 0, tmp_path / "b.tlog-proof", "--whole")
    a, b = ((tmp_path / f"{name}.body.json").read_bytes() for name in "ab")
    assert a == b


# --- where it is written --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["r.txt", "r", ".tlog-proof", "r.tlog-proof.pdf"])
def test_a_receipt_is_called_what_it_is(journal, tmp_path, capsys, name):
    with unchanged(tmp_path):
        refusal(capsys, 2, "receipt", "make", journal.folder, 0, "--out", tmp_path / name)


def test_a_receipt_takes_nobodys_place(journal, tmp_path, capsys):
    inside = journal.folder / "r.tlog-proof"
    (tmp_path / "link").symlink_to(journal.folder)
    (tmp_path / "mine.tlog-proof").write_text("mine")
    (tmp_path / "body.body.json").write_text("{}")
    (tmp_path / "to-key.tlog-proof").symlink_to(tmp_path / "key.pem")
    (tmp_path / "key.pem").write_bytes(KEY.pem)
    (tmp_path / "folder.tlog-proof").mkdir()
    outs = [
        inside,
        tmp_path / "link" / "r.tlog-proof",
        *(tmp_path / f"{name}.tlog-proof" for name in ("mine", "body", "to-key", "folder")),
    ]
    with unchanged(tmp_path):
        for out in outs:
            refusal(capsys, 3, "receipt", "make", journal.folder, 0, "--out", out)


def test_the_same_receipt_may_be_written_again_but_no_other_over_it(journal, tmp_path, capsys):
    out = make(capsys, journal, 0, tmp_path / "r.tlog-proof")
    with unchanged(tmp_path):
        make(capsys, journal, 0, out)
        refusal(capsys, 3, "receipt", "make", journal.folder, 1, "--out", out)


# --- what verifying says --------------------------------------------------------------------------


def test_a_verified_receipt_says_who_did_what_about_which(journal, tmp_path, capsys):
    out = make(capsys, journal, 0, tmp_path / "r.tlog-proof")
    said = verify(capsys, out)
    assert re.search(rf"经手人编号[\s│]+{uid('handler')}", said.out)
    assert re.search(rf"事项编号[\s│]+{uid('unit 0')}", said.out)
    assert "正文（字段含义见 docs/formats/acts.md）" in said.out
    assert "其余未给" not in said.out
    found = json.loads(verify(capsys, out, "--json").out)
    assert (found["line"], found["lines"]) == (None, None)
    assert found["content"] == note_act(0)["content"]


def test_what_cannot_be_compared_is_said(journal, tmp_path, capsys):
    old = make(capsys, journal, 0, tmp_path / "old.tlog-proof")
    same = make(capsys, journal, 1, tmp_path / "same.tlog-proof")
    append_one(journal, 3)
    new = make(capsys, journal, 0, tmp_path / "new.tlog-proof")
    said = verify(capsys, old, "--against", same, new, journal.folder / "checkpoint")
    assert said.code == 0, said.err
    assert "与 same.tlog-proof 一致" in said.out
    told = "与所给文件条数不同，无法直接比较；请用 kaoping journal verify --since 核对"
    assert said.out.count(told) == 2
    said = verify(capsys, old, "--against", same, new, "--json")
    assert json.loads(said.out)["against"] == [
        {"file": "same.tlog-proof", "size": 3, "same": True},
        {"file": "new.tlog-proof", "size": 4, "same": None},
    ]


def test_a_file_of_another_journal_and_one_that_cannot_be_read_are_named(journal, tmp_path, capsys):
    out = make(capsys, journal, 0, tmp_path / "r.tlog-proof")
    words = ("receipt", "verify", out, "--key", VKEY.text, "--against")
    other = tmp_path / "other"
    text = (journal.folder / "checkpoint").read_text("utf-8")
    other.write_text(text.replace("kaoping.example/2024", "kaoping.example/2023"), "utf-8")
    said = refusal(capsys, 1, *words, other)
    for name in ("other", "kaoping.example/2023", "kaoping.example/2024"):
        assert name in said.err
    broken = tmp_path / "broken"
    broken.write_text(text.replace("\n3\n", "\n4\n"), "utf-8")
    assert "broken" in refusal(capsys, 4, *words, broken).err
    broken.write_text("nothing", "utf-8")
    assert "broken" in refusal(capsys, 4, *words, broken).err
    assert "missing" in refusal(capsys, 1, *words, tmp_path / "missing").err
    out.write_text("nothing", "utf-8")
    assert "r.tlog-proof" in refusal(capsys, 4, "receipt", "verify", out, "--key", VKEY.text).err


# --- the guide ------------------------------------------------------------------------------------


def guide_blocks():
    return re.findall(r"```\n(.*?)\n```", GUIDE.read_text("utf-8"), re.DOTALL)


def test_every_key_in_the_guide_is_one():
    keys = [block for block in guide_blocks() if not block.startswith("kaoping ")]
    assert keys
    for key in keys:
        assert parse_vkey(key) == VKEY


def test_the_commands_of_the_guide_do_what_it_says(tmp_path, monkeypatch, capsys):
    """Literally as they stand there, with a real key for “the line on paper”."""
    monkeypatch.chdir(tmp_path)
    acts = [table_of(act) for act in finished_year(4)[:20]]
    journal = journal_of(tmp_path / "日志文件夹", acts)
    make(capsys, journal, 3, tmp_path / "我的回执.tlog-proof", "--whole")
    make(capsys, journal, 7, tmp_path / "别的单位的回执.tlog-proof", "--whole")
    commands = [block for block in guide_blocks() if block.startswith("kaoping ")]
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command.replace("公钥那一行", VKEY.text))
        said = kaoping(capsys, *words[1:])
        assert said.code == 0, command + said.err
    assert "与 别的单位的回执.tlog-proof 一致" in said.out


# --- help -----------------------------------------------------------------------------------------


def test_wrong_usage_leads_to_the_help_of_that_very_command(journal, tmp_path, capsys):
    words = ("receipt", "make", journal.folder, 0, "--out", tmp_path / "r.tlog-proof")
    said = refusal(capsys, 2, *words, "--bogus")
    assert "不认识 --bogus" in said.err
    assert "kaoping receipt make --help" in said.err
    assert "引号" not in said.err
    said = refusal(capsys, 2, "receipt", "verify", "我的", "回执.tlog-proof", "--key", VKEY.text)
    assert "不认识 回执.tlog-proof" in said.err
    assert "空格的，请加引号" in said.err
    assert "in quotes" in said.err
    assert "kaoping receipt verify --help" in said.err
    assert "缺少 日志、序号" in refusal(capsys, 2, "receipt", "make", "--out", "x").err.replace(
        ", ", "、"
    )


def test_what_is_written_wrongly_is_said_in_chinese(journal, tmp_path, capsys):
    words = ("receipt", "make", journal.folder, "--out", tmp_path / "r.tlog-proof")
    assert "序号 应是整数，不是“一”" in refusal(capsys, 2, *words, "一").err
    said = refusal(capsys, 2, *words, 0, "--line", 0, "--whole")
    assert "--whole 和 --line 只能写一个" in said.err
    said = refusal(capsys, 2, "witness", "ask", journal.folder)
    assert "须写其中一个：--url --out" in said.err


def test_the_help_names_who_may_get_everything(capsys):
    said = kaoping(capsys, "receipt", "make", "--help")
    assert "有权看所有单位内容的人" in "".join(said.out.split())
    assert "index" not in said.out
