"""`kaoping run`: the whole job, complete or absent, and every earlier file safe."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from kaoping.cli.main import main
from kaoping.core.errors import InputError
from kaoping.core.ledger import INDEX_COLUMNS
from kaoping.files.atomic import whole_folder
from kaoping.files.batch import read_batch
from kaoping.files.package import verify_package
from tests import examples
from tests.cli.folders import (
    AT,
    CITY,
    county,
    has_chinese,
    kaoping,
    listed_places,
    refusal,
    replace_in,
    snapshot,
    unchanged,
)
from tests.files.samples import OLE, PNG, put, xlsx
from tests.journals import KEY

NAMES = {
    *("report.pdf", "report.docx", "scores.xlsx", "scores.json"),
    *("entry-table.xlsx", "entry-table.json"),
    *("unit-sheets.zip", "section-sheets.zip", "package.zip", "problems.md", "journal"),
    "verification-papers.zip",
}
"""What a package holds, too."""
INSIDE = {"meeting-submission.pdf", "meeting-submission.docx"}
"""What is not sent."""
TYPESETTERS = ("document_pdf", "document_docx")


def without_typesetting(patch):
    for name in TYPESETTERS:
        patch.setattr(f"kaoping.files.outputs.{name}", lambda *_, **__: b"typeset")


@pytest.fixture
def quick(monkeypatch):
    """Without typesetting, which takes a second: for what is decided before and after it."""
    without_typesetting(monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An output of a run, to be copied."""
    place = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        without_typesetting(patch)
        folder = county(place / "in")
        key = str(key_file(place))
        words = ["run", str(folder), "--out", str(place / "out"), "--at", AT]
        assert main([*words, "--signing-key", key]) == 0
    return place / "out"


@pytest.fixture
def folder(tmp_path):
    return county(tmp_path / "in")


@pytest.fixture
def out(tmp_path, folder, quick, made):
    """An output of an earlier run on `folder`."""
    return shutil.copytree(made, tmp_path / "out")


def run(capsys, folder, out, at=AT):
    with tempfile.TemporaryDirectory() as place:
        key = key_file(Path(place))
        return kaoping(capsys, "run", folder, "--out", out, "--at", at, "--signing-key", key)


def key_file(place):
    """A signing key that is the same in every run."""
    path = put(place / "key.pem", KEY.pem)
    path.chmod(0o600)
    return path


# --- success ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_run_writes_everything_and_only_that(capsys, tmp_path, folder):
    before = snapshot(folder)
    said = run(capsys, folder, tmp_path / "out")
    assert said.code == 0
    assert snapshot(folder) == before
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}
    written = {path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")}
    assert written == NAMES | INSIDE
    for name in NAMES:
        assert name in said.out
    for name in NAMES - {"journal"}:
        assert (tmp_path / "out" / name).stat().st_size > 200
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")
    manifest = verify_package(tmp_path / "out" / "package.zip").manifest
    filed = {file.path for file in manifest.files if "/" not in file.path}
    assert filed == (NAMES - {"package.zip", "journal"}) | {"scheme.toml", "核验说明.txt"}
    assert {"results.csv", "deductions.csv", "decisions.csv"} < {f.path for f in manifest.inputs}
    with zipfile.ZipFile(tmp_path / "out" / "unit-sheets.zip") as sheets:
        assert len(sheets.namelist()) == 12
        assert sheets.testzip() is None


@pytest.mark.slow
def test_the_city_twice_is_the_same_to_the_byte(capsys, tmp_path, monkeypatch):
    at = "2025-01-20T17:00"
    assert run(capsys, CITY, tmp_path / "one", at).code == 0
    moved = tmp_path / "elsewhere"
    shutil.copytree(CITY, moved)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.chdir(tmp_path)
    assert run(capsys, moved, "two", at).code == 0
    one, two = snapshot(tmp_path / "one"), snapshot(tmp_path / "two")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    assert kaoping(capsys, "package", "verify", tmp_path / "two" / "package.zip").code == 0


def test_the_time_given_stands_in_the_package(capsys, tmp_path, folder, out):
    with zipfile.ZipFile(out / "package.zip") as package:
        assert json.loads(package.read("manifest.json"))["made_at"] == "2025-02-20T17:00:00+08:00"
    before = snapshot(out)
    assert run(capsys, folder, out, "2025-02-20T09:00:00+00:00").code == 0
    assert snapshot(out) == before, "the same instant gives the same documents"
    assert run(capsys, folder, out, "2025-02-20T09:00:01+00:00").code == 0
    assert snapshot(out) != before


@pytest.mark.parametrize(
    "at", ["1970-01-01T00:00", "0001-01-01T00:00", "2108-01-01T00:00", "9999-12-31T23:59:59"]
)
def test_a_strange_time_is_used_or_refused(capsys, tmp_path, folder, quick, at):
    said = run(capsys, folder, tmp_path / "out", at)
    assert said.code in (0, 2)
    if said.code:
        assert not (tmp_path / "out").exists()
    else:
        verify_package(tmp_path / "out" / "package.zip")


def test_a_second_run_replaces_the_first_as_a_whole(capsys, tmp_path, folder, out):
    first = snapshot(out)
    replace_in(folder / "results.csv", "86.5", "86.4")
    assert run(capsys, folder, out).code == 0
    assert snapshot(out).keys() == first.keys()
    assert "86.4" in (out / "scores.json").read_text("utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}


def test_gbk_tables_give_the_same_scores(capsys, folder, out):
    before = (out / "scores.json").read_bytes()
    for name in ("results.csv", "deductions.csv", "decisions.csv"):
        (folder / name).write_bytes((folder / name).read_text("utf-8").encode("gbk"))
    assert run(capsys, folder, out).code == 0
    assert (out / "scores.json").read_bytes() == before


# --- no scheme yet ---------------------------------------------------------------------------------


@pytest.fixture
def only_notice(tmp_path):
    put(tmp_path / "in" / "notice.txt", (CITY / "notice.txt").read_bytes())
    put(tmp_path / "in" / "annex-1.xlsx", (CITY / "annex-1.xlsx").read_bytes())
    return tmp_path / "in"


def test_without_a_scheme_it_writes_a_draft_and_ends_with_1(capsys, tmp_path, only_notice):
    before = snapshot(only_notice)
    said = refusal(capsys, 1, "run", only_notice, "--out", tmp_path / "out")
    assert "scheme.toml" in said.err
    assert snapshot(only_notice) == before
    draft = (tmp_path / "out" / "scheme-draft.toml").read_text("utf-8")
    assert 'format = "kaoping-scheme/1"' in draft
    assert "annex-1.xlsx" in (tmp_path / "out" / "problems.md").read_text("utf-8")
    assert (tmp_path / "out" / "work-list.xlsx").stat().st_size > 2000
    assert draft.count("[[indicator.task]]") == 26
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}


def test_a_draft_that_somebody_worked_on_is_not_written_over(capsys, tmp_path, only_notice):
    refusal(capsys, 1, "run", only_notice, "--out", tmp_path / "out")
    with (tmp_path / "out" / "scheme-draft.toml").open("a", encoding="utf-8") as draft:
        draft.write("# 一下午的工作\n")
    with unchanged(tmp_path):
        refusal(capsys, 3, "run", only_notice, "--out", tmp_path / "out")


def test_a_scheme_that_lies_beside_its_draft_is_not_deleted(capsys, tmp_path, only_notice):
    """The draft is completed, saved as scheme.toml where it lies, and the folder run in place."""
    refusal(capsys, 1, "run", only_notice, "--out", tmp_path / "out")
    for path in county(tmp_path / "county").iterdir():
        shutil.copy(path, tmp_path / "out")
    with unchanged(tmp_path / "out"):
        assert run(capsys, tmp_path / "out", tmp_path / "out").code == 3


@pytest.mark.parametrize("content", [None, b"", PNG * 9, b"\0" * 999])
def test_without_scheme_and_readable_notice_nothing_is_written(capsys, tmp_path, out, content):
    empty = tmp_path / "empty"
    empty.mkdir()
    if content is not None:
        put(empty / "notice.txt", content)
    with unchanged(tmp_path):
        refusal(capsys, 1, "run", empty, "--out", out)
        refusal(capsys, 1, "run", empty, "--out", tmp_path / "new")


# --- bad input -------------------------------------------------------------------------------------


def remove(name):
    return lambda folder: (folder / name).unlink()


def write(name, content):
    return lambda folder: put(folder / name, content)


def change(name, old, new):
    return lambda folder: replace_in(folder / name, old, new)


def pipe(name):
    def make(folder):
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return make


DAMAGE = {
    "results missing": remove("results.csv"),
    "results empty": write("results.csv", b""),
    "results a picture": write("results.csv", PNG * 9),
    "results twice": write("results.xlsx", b"x"),
    "results a folder": lambda folder: (
        (folder / "results.csv").unlink(),
        (folder / "results.csv").mkdir(),
    ),
    "bad value": change("results.csv", "86.5", "许多"),
    "deductions empty": write("deductions.csv", b""),
    "decisions broken": write("decisions.csv", b"\0\0"),
    "people broken": write("people.xlsx", b"no workbook"),
    "notice twice": lambda folder: (
        put(folder / "notice.txt", b"x"),
        put(folder / "notice.html", b"x"),
    ),
    "scheme empty": write("scheme.toml", b""),
    "scheme half": change("scheme.toml", "[[indicator]]", "[[indicator"),
    "scheme a folder": lambda folder: (
        (folder / "scheme.toml").unlink(),
        (folder / "scheme.toml").mkdir(),
    ),
    "scheme with an error": change("scheme.toml", 'points = "12"', 'points = "13"'),
    "evidence without index": write("evidence/a.pdf", b"%PDF-1.4"),
    "evidence index broken": write("evidence/index.csv", b"a,b\n1,2\n"),
    "annex a pipe": pipe("annex-1.pdf"),
    "annex a pipe with a name that is no text": pipe(os.fsdecode(b"annex-\xff.pdf")),
    "notice a pipe": pipe("notice.txt"),
    "results a pipe": pipe("results.csv"),
    "scheme a device": lambda folder: (
        (folder / "scheme.toml").unlink(),
        (folder / "scheme.toml").symlink_to("/dev/zero"),
    ),
    "damaged bytes": lambda folder: put(
        folder / "results.csv",
        (folder / "results.csv").read_text("utf-8").encode("gbk").replace(b"\xb5\xf7", b"\xff\xff"),
    ),
    "a day at the end of the calendar": change("results.csv", "2024-12-31", "9999-12-31"),
    "a step due at the end of the calendar": change(
        "scheme.toml", "due = 2025-01-08", 'due = "9999-12-31"'
    ),
    "far cell": write("people.xlsx", xlsx([["姓名", *[None] * 600, "x"]])),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_bad_input_leaves_the_old_output_untouched(capsys, tmp_path, folder, out, damage):
    DAMAGE[damage](folder)
    with unchanged(tmp_path):
        refusal(capsys, 1, "run", folder, "--out", out, "--at", AT)
        refusal(capsys, 1, "run", folder, "--out", tmp_path / "new", "--at", AT)


@pytest.mark.parametrize("kind", ["missing", "file", "empty"])
def test_a_folder_that_is_none(capsys, tmp_path, out, kind):
    place = {"missing": tmp_path / "none", "file": put(tmp_path / "a.txt", b"x"), "empty": ""}[kind]
    with unchanged(tmp_path):
        refusal(capsys, 1, "run", place, "--out", out)


def test_every_bad_row_and_the_right_place_of_it(capsys, tmp_path, folder, out):
    head, *rows = (folder / "results.csv").read_text("utf-8").splitlines()
    bad = [row.replace("2024-12-", "2024-13-").replace("2023-12-", "2023-13-") for row in rows]
    (folder / "results.csv").write_text("\n".join([head, *bad]), "utf-8")
    with unchanged(tmp_path):
        said = refusal(capsys, 1, "run", folder, "--out", out)
    assert listed_places(said.err) == [
        f"results.csv第{at}行as_of" for at in range(2, len(rows) + 2)
    ]


def test_the_faults_of_every_table_are_listed_at_once(capsys, tmp_path, folder, out):
    replace_in(folder / "results.csv", "86.5", "许多")
    replace_in(folder / "deductions.csv", "东岭镇", "东岭市")
    replace_in(folder / "decisions.csv", "absent", "没来")
    put(folder / "people.csv", b"a,b\n1,2\n")
    put(folder / "evidence" / "index.csv", b"unit,task,item,file,what\n")
    with unchanged(tmp_path):
        said = refusal(capsys, 1, "run", folder, "--out", out, "--at", AT)
    places = listed_places(said.err)
    expected = ["results.csv第2行value", "deductions.csv第2行unit", "decisions.csv第2行kind"]
    assert places[:4] == [*expected, "people.csv"]
    assert {"evidence/index.csvreceived_at", "evidence/index.csvwhat"} < set(places[4:])


def test_tables_that_cannot_be_read_do_not_hide_each_other(tmp_path, folder):
    for name in ("results.csv", "deductions.csv", "people.csv", "evidence/index.csv"):
        put(folder / name, PNG)
    put(folder / "decisions.xlsx", b"beside decisions.csv")
    with pytest.raises(InputError) as caught:
        read_batch(folder, examples.AT)
    found = [(problem.code, problem.where) for problem in caught.value.problems]
    names = {"results.csv", "deductions.csv", "decisions", "people.csv", "evidence/index.csv"}
    assert set(found) == {("TABLE-UNREADABLE", name) for name in names}
    for problem in caught.value.problems:
        assert has_chinese(problem.message)
        assert re.search("[a-z]+ [a-z]+", problem.message), "and in English"


def test_every_damaged_cell_of_every_table_is_listed(capsys, tmp_path, folder, out):
    sound, damaged = "隐患整改系统".encode("gbk"), "隐患".encode("gbk") + b"\xff"
    results = (folder / "results.csv").read_text("utf-8").encode("gbk")
    put(folder / "results.csv", results.replace(sound, damaged))
    put(folder / "people.csv", "姓名,职责\n聂一帆,".encode("gbk") + b"\xff\n")
    with unchanged(tmp_path):
        said = refusal(capsys, 1, "run", folder, "--out", out, "--at", AT)
    lines = results.split(b"\n")
    expected = [
        f"results.csv第{at}行data_source" for at, line in enumerate(lines, 1) if sound in line
    ]
    assert listed_places(said.err)[: len(expected)] == expected
    assert "people.csv第2行duty" in listed_places(said.err)
    assert len(expected) == 6


def test_sound_people_and_an_index_beside_the_tables(capsys, folder, out):
    put(folder / "people.csv", "姓名,职责\n聂一帆,评分\n".encode("gbk"))
    put(folder / "evidence" / "index.csv", ",".join(INDEX_COLUMNS).encode())
    assert run(capsys, folder, out).code == 0
    assert "PERSON-UNLISTED" in (out / "problems.md").read_text("utf-8")


def test_annexes_in_folders_are_no_inputs_and_odd_names_are_written_out(capsys, folder, out):
    put(folder / "annex-2" / "a.pdf", b"x")
    put(folder / "notice.d" / "a.txt", b"x")
    put(folder / "annex-1.pdf", b"%PDF-1.4")
    put(folder / os.fsdecode(b"annex-\xff.pdf"), b"%PDF-1.4 odd")
    put(folder / os.fsdecode(b"notice.\xff"), b"odd")
    assert run(capsys, folder, out).code == 0
    inputs = {file.path for file in verify_package(out / "package.zip").manifest.inputs}
    assert {path for path in inputs if path.startswith(("annex", "notice"))} == {
        *("annex-1.pdf", "annex-\\udcff.pdf", "notice.\\udcff"),
    }
    listed = (out / "problems.md").read_text("utf-8").replace("\\", "")
    assert "udcff" in listed
    assert "annex-1.pdf" in listed
    assert "没有读出" in listed


def test_a_notice_that_cannot_be_read_is_listed_and_stops_nothing(capsys, folder, out):
    put(folder / "notice.pdf", PNG * 9)
    assert run(capsys, folder, out).code == 0
    listed = (out / "problems.md").read_text("utf-8")
    assert "通知没有读出：这是图片" in listed


def test_a_notice_of_a_kind_that_is_not_read_is_listed_with_what_to_do(capsys, folder, out):
    put(folder / "notice.doc", OLE)
    put(folder / "notice.TXT", b"x")
    assert run(capsys, folder, out).code == 0
    listed = (out / "problems.md").read_text("utf-8")
    assert "另存为 docx" in listed
    assert "notice.TXT" in listed


def test_what_is_wrong_with_an_annex_is_listed_and_stops_nothing(capsys, folder, out):
    put(folder / "annex-1.xlsx", (CITY / "annex-1.xlsx").read_bytes())
    put(folder / os.fsdecode(b"annex-\xff.xlsx"), (CITY / "annex-1.xlsx").read_bytes())
    put(folder / "annex-2.doc", OLE)
    assert run(capsys, folder, out).code == 0
    listed = (out / "problems.md").read_text("utf-8").replace("\\", "")
    assert "annex-1.xlsx“附件1”B14" in listed
    assert "annex-udcff.xlsx“附件1”B14" in listed
    assert "annex-2.doc" in listed
    assert "〔POINTS-SUM" in listed


# --- what the core says of the tables --------------------------------------------------------------


def missing_decision(value):
    row = f"中寨乡,1,1.2,missing,,{value},系统故障,来函,岳千里,临统函〔2025〕3号"
    return lambda folder: put(
        folder / "decisions.csv", (folder / "decisions.csv").read_bytes() + row.encode()
    )


@pytest.mark.parametrize(
    ("value", "code"), [("18645.5", "DECIMALS-EXCEEDED"), ("200001", "VALUE-ABOVE-MAX")]
)
def test_a_decided_value_obeys_the_form_of_its_input(capsys, tmp_path, folder, out, value, code):
    missing_decision(value)(folder)
    with unchanged(tmp_path):
        said = refusal(capsys, 1, "run", folder, "--out", out, "--at", AT)
    assert code in said.err
    assert listed_places(said.err) == ["decisions.csv第7行value"]


def test_a_decided_value_within_its_form_is_taken(folder):
    missing_decision("18645")(folder)
    assert read_batch(folder, examples.AT).entries.decisions[-1].value == 18645


@pytest.mark.parametrize(
    ("owner", "rows"),
    [
        ('data_owner = "东岭镇人民政府"', ["东岭镇"]),
        ('data_owner = "东岭镇"', ["东岭镇"]),
        ('data_owner = "监管股"', []),
        ("", ["西河镇"]),  # said once a task
    ],
    ids=["itself by name", "itself by id", "a section", "nobody"],
)
def test_a_denominator_from_the_unit_itself_is_shown(folder, owner, rows):
    text = (folder / "scheme.toml").read_text("utf-8")
    before, after = text.split('id = "3.2"')
    after = re.sub(
        "rule = .*\nvalue = .*\n", f'rule = {{ kind = "checklist" }}\n{owner}\n', after, count=1
    )
    (folder / "scheme.toml").write_text(f'{before}id = "3.2"{after}', "utf-8")
    lines = [
        line
        for line in (folder / "results.csv").read_text("utf-8").splitlines()
        if ",3.2," not in line
    ]
    lines += [f"{unit},3.2,of,9,,2024-12-31,正式,清单" for unit in ("西河镇", "东岭镇")]
    (folder / "results.csv").write_text("\n".join(lines), "utf-8")
    places = [
        p.where for p in read_batch(folder, examples.AT).problems if p.code == "OF-SELF-REPORTED"
    ]
    told = {f"results.csv 第 {at} 行 input": line for at, line in enumerate(lines, 1)}
    assert [told[place].split(",")[0] for place in places] == rows


@pytest.mark.slow
def test_control_characters_pasted_into_a_reason(capsys, tmp_path, folder):
    """Office programs leave them in pasted text; a document may not hold them."""
    characters = "\x01\x07\x0b\x1b\x7f\ufffe"
    replace_in(folder / "deductions.csv", "晚报3小时", f"晚报{characters}3小时")
    replace_in(folder / "results.csv", "村集体经济收支表", f"收支{characters}表")
    said = run(capsys, folder, tmp_path / "out")
    assert said.code in (0, 1)
    assert (tmp_path / "out").exists() is (said.code == 0)
    if said.code:
        assert "deductions.csv第2行reason" in listed_places(said.err)
    else:
        with zipfile.ZipFile(tmp_path / "out" / "report.docx") as report:
            text = report.read("word/document.xml").decode()
        assert not set(characters) & set(text)
        listed = (tmp_path / "out" / "problems.md").read_text("utf-8")
        assert not set(characters) & set(listed + said.out + said.err)


# --- bad places for the output ---------------------------------------------------------------------


@pytest.mark.parametrize("foreign", ["scheme.toml", "照片.jpg", ".hidden", "sub/a.txt"])
def test_a_folder_with_files_of_others_is_refused(capsys, tmp_path, folder, foreign):
    put(tmp_path / "theirs" / foreign, b"theirs")
    with unchanged(tmp_path):
        refusal(capsys, 3, "run", folder, "--out", tmp_path / "theirs", "--at", AT)


def test_a_file_added_to_an_earlier_output_is_not_deleted(capsys, tmp_path, folder, out):
    put(out / "签字扫描件.pdf", b"scan")
    with unchanged(tmp_path):
        refusal(capsys, 3, "run", folder, "--out", out, "--at", AT)


@pytest.mark.parametrize("place", ["", ".", "../in", "evidence", "../in/evidence/out"])
def test_the_input_folder_is_no_place_for_the_output(capsys, tmp_path, folder, quick, place):
    """In the evidence an output would be evidence of the next run."""
    put(
        folder / "evidence" / "index.csv",
        b"unit,task,item,file,event_date,period_from,period_to,received_at\n",
    )
    with unchanged(tmp_path):
        refusal(capsys, 3, "run", folder, "--out", folder / place, "--at", AT)


def test_an_output_inside_the_input_folder_is_not_read_as_input(capsys, folder, quick):
    assert run(capsys, folder, folder / "out").code == 0
    first = snapshot(folder)
    assert run(capsys, folder, folder / "out").code == 0
    assert snapshot(folder) == first


def test_a_file_where_the_output_folder_is_due(capsys, tmp_path, folder):
    put(tmp_path / "out", b"a file")
    with unchanged(tmp_path):
        refusal(capsys, 3, "run", folder, "--out", tmp_path / "out")
        assert run(capsys, folder, tmp_path / "out" / "deep").code in (3, 5)


@pytest.mark.slow
def test_a_full_disk_ends_with_5_and_the_old_output(capsys, tmp_path, folder):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs rights this user does not have")
    try:
        with whole_folder(disk / "out") as earlier:
            put(earlier / "report.pdf", b"old")
        with unchanged(disk):
            refusal(capsys, 5, "run", folder, "--out", disk / "out", "--at", AT)
            refusal(capsys, 5, "run", folder, "--out", disk / "new", "--at", AT)
        words = ["score", folder / "scheme.toml", folder / "results.csv"]
        put(disk / "filler", b"x" * 50_000)
        put(disk / "scores.json", b"old")
        with unchanged(disk):
            refusal(capsys, 5, *words, "--out", disk / "scores.json")
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize(
    "step", ["document_pdf", "document_docx", "scores_workbook", "build_package"]
)
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_stop_at_any_step_leaves_the_old_output(
    capsys, tmp_path, folder, out, monkeypatch, step, error
):
    def stop(*_, **__):
        raise error

    with monkeypatch.context() as patch, unchanged(tmp_path):
        patch.setattr(f"kaoping.files.outputs.{step}", stop)
        said = run(capsys, folder, out)
    assert said.code == (5 if isinstance(error, OSError) else 130)
    assert has_chinese(said.err)


# --- as a process ----------------------------------------------------------------------------------


def process(*words, **settings):
    environment = os.environ | settings.pop("env", {})
    return subprocess.run(
        [sys.executable, "-m", "kaoping", *map(str, words)],
        stderr=subprocess.PIPE,
        env=environment,
        timeout=60,
        check=False,
        **{"stdout": subprocess.PIPE} | settings,
    )


def test_chinese_comes_out_whole_even_where_the_locale_knows_none(tmp_path, folder):
    plain = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    ended = process("scheme", "check", folder / "scheme.toml", "--json", env=plain)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert all(problem["message"] for problem in json.loads(ended.stdout.decode()))
    ended = process("run", tmp_path / "没有", "--out", tmp_path / "out", env=plain)
    assert ended.returncode == 1
    assert "没有" in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"in"}


def test_a_reader_that_leaves_and_an_output_that_is_full(folder):
    with Path("/dev/full").open("wb") as full:
        ended = process("scheme", "check", folder / "scheme.toml", "--json", stdout=full)
    assert ended.returncode == 5
    assert b"Traceback" not in ended.stderr
    assert b"Exception ignored" not in ended.stderr
    read, written = os.pipe()
    os.close(read)
    ended = process("scheme", "check", CITY / "notice.txt", "--json", stdout=written)
    os.close(written)
    assert ended.stderr == b""
    assert ended.returncode in (0, 1)


def test_a_package_of_the_run_opens_elsewhere(out):
    with zipfile.ZipFile(io.BytesIO((out / "package.zip").read_bytes())) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == "manifest.json"
        for name in NAMES - {"package.zip", "journal"}:
            assert package.read(name) == (out / name).read_bytes()
        assert not INSIDE & set(package.namelist())
