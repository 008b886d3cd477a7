"""`letterhead.toml` in a batch folder: what an office decides about the head of its report."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from kaoping.core.calendar import SHANGHAI
from kaoping.core.report.document import DRAFT_MARK, Document
from kaoping.files.batch import read_batch
from kaoping.files.package import verify_package
from tests.cli.folders import county, kaoping, listed_places, refusal, replace_in, unchanged
from tests.files.samples import PNG

AT = "2025-02-21T09:00"
"""On the day on which it is signed."""
NOW = datetime(2025, 2, 21, 9, tzinfo=SHANGHAI)
FINAL = """
number = "青绩办〔2025〕3号"
signed_on = 2025-02-21
approved_by = "甲某某"
addressed_to = "青川市绩效考评领导小组"
"""


@pytest.fixture
def typeset(monkeypatch):
    """What is typeset is kept instead."""
    seen: list[Document] = []

    def keep(document: Document, *_: object) -> bytes:
        seen.append(document)
        return b"typeset"

    for name in ("document_pdf", "document_docx"):
        monkeypatch.setattr(f"kaoping.files.outputs.{name}", keep)
    return seen


@pytest.fixture
def folder(tmp_path):
    return county(tmp_path / "in")


def with_head(folder, text):
    (folder / "letterhead.toml").write_text(text, "utf-8")
    return folder


def test_without_it_the_report_is_a_draft(capsys, tmp_path, folder, typeset):
    (folder / "letterhead.toml").unlink()
    said = kaoping(capsys, "run", folder, "--out", tmp_path / "out", "--at", AT)
    assert said.code == 0
    assert "草稿：没有发文字号，见 letterhead.toml" in said.out.splitlines()
    assert "正式文件" not in said.out
    report = typeset[0]
    assert report.mark == DRAFT_MARK
    assert report.letterhead.number == ""
    assert report.checkpoint is None


def test_with_it_the_report_is_final_and_names_the_journal_that_binds_it(
    capsys, tmp_path, folder, typeset
):
    out = tmp_path / "out"
    said = kaoping(capsys, "run", with_head(folder, FINAL), "--out", out, "--at", AT)
    assert said.code == 0
    assert "正式文件：青绩办〔2025〕3号" in said.out.splitlines()
    assert "草稿" not in said.out
    report = typeset[0]
    assert report.mark == ""
    assert report.letterhead.number == "青绩办〔2025〕3号"
    sheets = [one for one in typeset if "评分单" in one.title]
    assert {one.mark for one in sheets} == {"随青绩办〔2025〕3号印发"}
    table = json.loads((out / "entry-table.json").read_text("utf-8"))
    assert table["mark"] == "随青绩办〔2025〕3号印发"
    checkpoint = verify_package(out / "package.zip").checkpoint
    assert checkpoint is not None
    assert report.checkpoint.code.startswith(f"{checkpoint.origin}\n1\n")
    held = tmp_path / "scanned.txt"
    held.write_text(report.checkpoint.code, "utf-8")
    key = (out / "journal" / "vkey").read_text("utf-8").strip()
    words = ("journal", "verify", out / "journal", "--key", key, "--since", held)
    assert kaoping(capsys, *words).code == 0, "the paper alone holds the journal to it"
    assert "letterhead.toml" in {
        file.path for file in verify_package(out / "package.zip").manifest.inputs
    }


def test_its_faults_are_told_with_those_of_the_tables_and_nothing_is_written(
    capsys, tmp_path, folder, typeset
):
    replace_in(folder / "results.csv", "86.5", "许多")
    with_head(folder, 'number = "3号"\nurgency = "急"\ncolour = "red"\n')
    with unchanged(tmp_path):
        said = refusal(capsys, 1, "run", folder, "--out", tmp_path / "out", "--at", AT)
    keys = ("number", "urgency", "colour", "signed_on", "approved_by", "addressed_to")
    assert set(listed_places(said.err)) == {
        "results.csv第2行value",
        *(f"letterhead.toml{key}" for key in keys),
    }
    assert typeset == []


@pytest.mark.parametrize("at", ["2025-02-20T23:59", "2025-02-20T15:59Z"])
def test_no_final_form_is_made_before_it_is_signed(capsys, tmp_path, folder, typeset, at):
    with_head(folder, FINAL)
    with unchanged(tmp_path):
        said = refusal(capsys, 1, "run", folder, "--out", tmp_path / "out", "--at", at)
    assert listed_places(said.err) == ["letterhead.tomlsigned_on"]
    assert typeset == []


def test_the_day_of_the_run_is_that_in_beijing(capsys, tmp_path, folder, typeset):
    words = ("run", with_head(folder, FINAL), "--out", tmp_path / "out")
    assert kaoping(capsys, *words, "--at", "2025-02-20T16:00Z").code == 0
    assert typeset[0].letterhead.is_final


def test_one_fault_is_one_fault(capsys, tmp_path, folder):
    for text, told in (
        ('urgency = "急"\n', "hold 1 fault, "),
        ('urgency = "急"\nx = 1\n', "hold 2 faults, "),
    ):
        with_head(folder, text)
        assert told in refusal(capsys, 1, "run", folder, "--out", tmp_path / "out", "--at", AT).err


def test_no_final_form_is_made_while_a_score_is_open(capsys, tmp_path, folder, typeset):
    lines = (folder / "results.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "results.csv").write_text("".join(lines[:1] + lines[2:]), "utf-8")
    with_head(folder, FINAL)
    with unchanged(tmp_path):
        said = refusal(capsys, 3, "run", folder, "--out", tmp_path / "out", "--at", AT)
    assert "待定" in said.err
    assert "decisions" in said.err
    assert typeset == []


@pytest.mark.parametrize("content", [PNG, "number = “三号”".encode(), b"a" * 11_000_000])
def test_what_cannot_be_read_is_told(capsys, tmp_path, folder, content):
    (folder / "letterhead.toml").write_bytes(content)
    with unchanged(tmp_path):
        said = refusal(capsys, 1, "run", folder, "--out", tmp_path / "out", "--at", AT)
    assert "letterhead.toml" in said.err


def test_in_gbk_it_is_the_same(folder):
    first = read_batch(with_head(folder, FINAL), NOW).letterhead
    (folder / "letterhead.toml").write_bytes(FINAL.encode("gbk"))
    assert read_batch(folder, NOW).letterhead == first


def test_an_output_does_not_go_where_it_stands(capsys, tmp_path, folder):
    with unchanged(tmp_path):
        refusal(capsys, 3, "run", folder, "--out", folder / "letterhead.toml", "--at", AT)


def test_the_example_s_is_a_draft_and_with_its_marks_taken_off_the_final_form(folder):
    assert not read_batch(folder, NOW).letterhead.is_final
    text = (folder / "letterhead.toml").read_text("utf-8")
    head = read_batch(
        with_head(folder, re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)), NOW
    ).letterhead
    assert head.is_final
    assert head.printed_on
    assert head.signed_on
    assert head.printed_on > head.signed_on
