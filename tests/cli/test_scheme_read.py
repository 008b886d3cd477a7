"""`scheme read` and `scheme check` of notices with annexes: formats, the list, refusals, exit codes."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import openpyxl
import pytest

from kaoping.core.draft.scheme import FIRST_LINE
from kaoping.core.draft.work_list import HEADS, PERSONS_HEADS
from kaoping.core.scheme import load_scheme
from tests.cli.folders import CITY, ROOT, kaoping, refusal, unchanged
from tests.examples import batch_of
from tests.files.paper_samples import (
    ANNEX,
    ANNEX_FORMATS,
    BOTH_FORMATS,
    FORMATS,
    NOTICE,
    annex_file,
    both_in_one,
    notice_file,
)
from tests.files.samples import OLE, PDF, PNG, archive, put

COUNTS = re.compile(r"读出 (\d+) 项，没有读出 (\d+) 项，须决定 (\d+) 项（A 级 (\d+) 项、")
KEYS = {"number", "severity", "code", "what", "message", "place", "suggestion"}


@pytest.fixture(autouse=True)
def speaking_chinese(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")


@pytest.fixture
def draft(tmp_path):
    return tmp_path / "out" / "draft.toml"


def read(capsys, draft, notice, *annexes, more=()):
    words = ["scheme", "read", notice]
    words += ["--annex", *annexes] if annexes else []
    said = kaoping(capsys, *words, "--out", draft, *more)
    assert said.code == 0, said.err
    return said


def tasks_of(draft):
    scheme = load_scheme(draft.read_text("utf-8")).scheme
    assert scheme is not None
    return [(task.id, task.name, str(task.points)) for task in scheme.task_by_id.values()]


EXPECTED = [(t.id, t.name, str(t.points)) for t in batch_of(CITY).scheme.task_by_id.values()]


# --- read ----------------------------------------------------------------------------------------


def test_the_example_gives_a_draft_with_every_task_of_its_scheme(capsys, draft):
    said = read(capsys, draft, NOTICE, ANNEX)
    assert tasks_of(draft) == EXPECTED
    assert draft.read_text("utf-8").startswith(FIRST_LINE)
    assert said.err == "", "quick work says nothing of its progress"
    counts = COUNTS.search(said.out)
    assert counts
    listed = [int(n) for n in re.findall(r"^ *(\d+) +│", said.out, re.MULTILINE)]
    assert listed == list(range(1, sum(map(int, counts.groups()[:3])) + 1))


def test_the_guide_shows_what_the_commands_print(capsys, draft):
    """Places and words may differ as the rules of reading grow; the frame and the counts may not."""
    guide = (ROOT / "docs" / "guide" / "from-notice-to-scheme.md").read_text("utf-8")
    said = read(capsys, draft, NOTICE, ANNEX)
    for line in said.out.splitlines()[:2]:
        assert line.rstrip() in guide
    shown, printed = COUNTS.search(guide), COUNTS.search(said.out)
    assert shown
    assert printed
    assert shown.groups() == printed.groups()
    assert "机器读出的内容须经人逐项确认后才可使用" in guide
    text = draft.read_text("utf-8")
    assert all(line in text for line in guide.splitlines() if line.startswith("# annex-1.xlsx"))


@pytest.mark.parametrize("ending", FORMATS)
def test_a_notice_of_every_format(capsys, draft, tmp_path, ending):
    read(capsys, draft, notice_file(tmp_path, ending), ANNEX)
    assert tasks_of(draft) == EXPECTED


@pytest.mark.parametrize("ending", ANNEX_FORMATS)
def test_an_annex_of_every_format(capsys, draft, tmp_path, ending):
    said = read(capsys, draft, NOTICE, annex_file(tmp_path, ending))
    assert tasks_of(draft) == EXPECTED
    assert f"annex-1.{ending}" in said.out
    assert ("[1/" in said.err) == (ending == "pdf"), "progress where it may take its time"


@pytest.mark.parametrize("ending", BOTH_FORMATS)
def test_the_annex_within_the_notice(capsys, draft, tmp_path, ending):
    read(capsys, draft, both_in_one(tmp_path, ending))
    assert tasks_of(draft) == EXPECTED


def test_annexes_may_stand_behind_one_option_or_several(capsys, draft, tmp_path):
    other = put(tmp_path / "附件2.txt", "工作方案".encode())
    read(capsys, draft, NOTICE, ANNEX, other)
    again = tmp_path / "again.toml"
    words = ["scheme", "read", NOTICE, "--annex", ANNEX, "--annex", other, "--out", again]
    assert kaoping(capsys, *words).code == 0
    assert again.read_bytes() == draft.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("附件2.docx", archive([("a.txt", b"x")]), "压缩包"),
        ("附件2.xlsx", archive([("word/document.xml", b"<x/>")]), "附件没有读出"),
        ("附件2.wps", OLE, "旧格式"),
        ("附件2.pdf", PDF[:40], "不完整"),
        ("附件2.jpg", PNG * 9, "图片"),
        ("附件2.docx", b"", "没有文字"),
    ],
)
def test_an_annex_that_cannot_be_read_is_named_and_the_rest_goes_on(
    capsys, draft, tmp_path, name, content, reason
):
    said = read(capsys, draft, NOTICE, put(tmp_path / name, content), ANNEX)
    assert tasks_of(draft) == EXPECTED
    part = "".join(said.out.partition("二、没有读出的内容")[2].split())
    assert name in part
    assert reason in part
    assert f"{name}：附件没有读出" in draft.read_text("utf-8")


def test_one_json_document(capsys, draft):
    said = read(capsys, draft, NOTICE, ANNEX, more=["--json"])
    document = json.loads(said.out)
    assert list(document) == ["notice", "annex", "decisions", "problems", "unread"]
    for key in ("decisions", "problems", "unread"):
        assert document[key]
        assert all(row.keys() == KEYS for row in document[key])
    assert len(document["annex"]["indicators"]) == 5
    assert "lines" not in document["notice"]


# --- the list ------------------------------------------------------------------------------------


def listed_in(path):
    if path.suffix == ".csv":
        head, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
        return head, rows
    sheet: Any = openpyxl.load_workbook(path).active
    _, _, head, *rows = sheet.iter_rows(values_only=True)
    return list(head), [["" if c is None else str(c) for c in row] for row in rows]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_list_says_what_the_screen_says(capsys, draft, tmp_path, ending):
    path = tmp_path / f"list.{ending}"
    said = read(capsys, draft, NOTICE, ANNEX, more=["--list", path])
    head, rows = listed_in(path)
    assert head == [*HEADS, *PERSONS_HEADS]
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert all(cell == "" for row in rows for cell in row[len(HEADS) :])
    assert all(row[4] and row[5] and row[6] for row in rows)
    counts = COUNTS.search(said.out)
    assert counts
    parts = [sum(row[1] == part for row in rows) for part in ("读出", "没有读出", "须决定")]
    assert parts == [int(count) for count in counts.groups()[:3]]
    printed = "".join(said.out.split()).replace("│", "")
    assert all("".join(row[4].split())[:12] in printed for row in rows if row[1] == "读出")


def test_the_list_is_made_for_printing(capsys, draft, tmp_path):
    path = tmp_path / "list.xlsx"
    read(capsys, draft, NOTICE, ANNEX, more=["--list", path])
    sheet: Any = openpyxl.load_workbook(path).active
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert str(sheet.page_setup.fitToHeight) == "0", "as many pages as it takes, one wide"
    assert sheet.freeze_panes == "B4"
    assert sheet.print_title_rows == "$3:$3"
    assert all(cell.alignment.wrap_text for cell in sheet[4][3:])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_list_is_written_again_while_nobody_has_filled_it_in(capsys, draft, tmp_path, ending):
    path = tmp_path / f"list.{ending}"
    words = ["scheme", "read", NOTICE, "--annex", ANNEX, "--out", draft, "--list", path]
    assert kaoping(capsys, *words).code == 0
    before = path.read_bytes()
    assert kaoping(capsys, *words).code == 0
    assert path.read_bytes() == before
    if ending == "csv":
        path.write_text(path.read_text("utf-8-sig").replace(",,,\n", ",同意,,\n", 1), "utf-8")
    else:
        book: Any = openpyxl.load_workbook(path)
        book.active.cell(5, len(HEADS) + 1).value = "同意"
        book.save(path)
    with unchanged(tmp_path):
        assert "没有覆盖" in refusal(capsys, 3, *words).err


# --- what is no notice ---------------------------------------------------------------------------


def test_a_draft_is_no_notice_and_the_answer_says_what_to_do(capsys, draft, tmp_path):
    given = put(tmp_path / "given.toml", b'format = "kaoping-scheme/1"\n')
    said = refusal(capsys, 1, "scheme", "read", str(given), "--out", str(draft))
    assert "这是方案草稿" in said.err
    assert "scheme check" in said.err
    assert not draft.exists()


@pytest.mark.parametrize(
    "content", ["今天天气很好。我们去公园。\n", "a,b\n1,2\n", "Dear Sir,\nthank you.\n"]
)
def test_another_text_is_told_to_be_no_notice(capsys, tmp_path, content):
    path = put(tmp_path / "other.txt", content.encode())
    said = kaoping(capsys, "scheme", "check", path)
    assert "不像考评通知" in said.out


def test_several_files_that_cannot_be_read_are_told_in_one_language(capsys, draft, tmp_path):
    missing = [str(tmp_path / name) for name in ("没有.txt", "也没有.xlsx")]
    said = refusal(
        capsys, 1, "scheme", "read", missing[0], "--annex", missing[1], "--out", str(draft)
    )
    assert "找不到文件" in said.err
    assert "File not found" not in said.err.split("2 files")[0]


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--list", "list.txt"], 2),
        (["--list", "list"], 2),
        (["--list"], 2),
        (["--list", "same.csv", "--out", "same.csv"], 2),
        (["--annex"], 2),
        (["--annex", "annex.xlsx", "annex.xlsx"], 2),
        (["--annex", "没有.xlsx"], 1),
        (["--annex", "folder.xlsx", "没有.xlsx"], 1),
        (["--annex", "annex.xlsx", "--out", "annex.xlsx"], 3),
        (["--annex", "annex.xlsx", "--list", "annex.xlsx"], 3),
        (["--list", "annex.xlsx"], 3),
        (["--list", "broken.csv"], 3),
        (["--list", "folder.xlsx"], 3),
        (["--out", "edited.toml"], 3),
        (["--out", "edited.toml", "--list", "new.xlsx"], 3),
        (["--list", "notice.txt"], 2),
        (["--out", "draft.docx"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_a_refusal_writes_nothing(capsys, monkeypatch, tmp_path, words, code):
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "notice.txt", NOTICE.read_bytes())
    put(tmp_path / "annex.xlsx", ANNEX.read_bytes())
    put(tmp_path / "broken.csv", b"a,b\n1,2\n")
    put(tmp_path / "edited.toml", f"{FIRST_LINE}\ntitle = 'a'\n".encode())
    (tmp_path / "folder.xlsx").mkdir()
    out = [] if "--out" in words else ["--out", "draft.toml"]
    with unchanged(tmp_path):
        refusal(capsys, code, "scheme", "read", "notice.txt", *words, *out)


def test_all_files_that_are_not_there_are_named(capsys, draft, tmp_path):
    missing = [tmp_path / name for name in ("无.txt", "无.xlsx", "无.docx")]
    words = ["scheme", "read", missing[0], "--annex", *missing[1:], "--out", draft]
    said = refusal(capsys, 1, *words)
    assert all(name.name in "".join(said.err.split()).replace("│", "") for name in missing)
    problems = json.loads(refusal(capsys, 1, *words, "--json").out)
    assert [problem["where"] for problem in problems] == [str(path) for path in missing]
    assert not draft.parent.exists()


# --- check ---------------------------------------------------------------------------------------


def codes(capsys, code, *words):
    said = kaoping(capsys, "scheme", "check", *words, "--json")
    assert said.code == code, said.out + said.err
    return {problem["code"] for problem in json.loads(said.out)}


@pytest.mark.parametrize("ending", FORMATS)
def test_check_finds_the_same_in_a_notice_of_every_format(capsys, tmp_path, ending):
    found = codes(capsys, 1, notice_file(tmp_path, ending))
    # Cells end the lines of a sheet: a field without content looks like any other cell there.
    assert found | {"EMPTY-FIELD"} == codes(capsys, 1, NOTICE) | {"EMPTY-FIELD"}


@pytest.mark.parametrize("ending", ANNEX_FORMATS)
def test_check_of_a_table_of_tasks_alone(capsys, tmp_path, ending):
    path = annex_file(tmp_path, ending)
    found = codes(capsys, 0, path)
    assert {"POINTS-SUM", "NUMBER-DAMAGED", "STEP-UNSTATED"} <= found
    assert not found & {"ASSESSED-OPEN", "RULE-MISSING", "NOTICE-UNREAD"}
    assert "没有通知" in kaoping(capsys, "scheme", "check", path).out


def test_check_of_a_notice_with_its_annex(capsys):
    without, found = codes(capsys, 1, NOTICE), codes(capsys, 1, NOTICE, "--annex", ANNEX)
    assert "ANNEX-ABSENT" in without
    assert found >= {"POINTS-SUM", "NUMBER-DAMAGED"} | (without - {"ANNEX-ABSENT"})
    said = kaoping(capsys, "scheme", "check", NOTICE, "--annex", ANNEX)
    assert "附件 1 个，从表格读出任务 26 项" in said.out


def test_check_of_a_table_in_order_ends_with_0(capsys, tmp_path):
    rows = "考核指标,任务,分值,完成标准,台账目录,涉及单位\n防汛（5分）,备物资,5,备齐得5分。,清单,市水利局\n"
    assert codes(capsys, 0, put(tmp_path / "附件1.csv", rows.encode())) == set()
    damaged = put(tmp_path / "附件2.csv", rows.replace("备物资,5", "备物资,4").encode())
    assert codes(capsys, 1, damaged) == {"POINTS-SUM"}


def test_check_of_the_draft_lists_what_is_left_to_write(capsys, draft):
    read(capsys, draft, NOTICE, ANNEX)
    said = kaoping(capsys, "scheme", "check", draft, "--json")
    assert said.code == 1
    missing = [p["where"] for p in json.loads(said.out) if p["code"] == "KEY-MISSING"]
    assert len(missing) == len(EXPECTED)
    assert all(where.endswith(".rule") for where in missing)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([CITY / "scheme.toml", "--annex", ANNEX], 2),
        ([NOTICE, "--annex"], 2),
        ([NOTICE, "--annex", "没有.xlsx"], 1),
        (["没有.docx"], 1),
        ([NOTICE, "--annex", NOTICE], 2),
    ],
    ids=str,
)
def test_a_check_that_is_refused(capsys, monkeypatch, tmp_path, words, code):
    monkeypatch.chdir(tmp_path)
    with unchanged(tmp_path):
        assert refusal(capsys, code, "scheme", "check", *words).out == ""


@pytest.mark.parametrize("content", [OLE, PNG * 9, PDF[:40], archive([("a", b"b")]), b""])
def test_check_of_what_cannot_be_read(capsys, tmp_path, content):
    refusal(capsys, 1, "scheme", "check", put(tmp_path / "通知.docx", content))
