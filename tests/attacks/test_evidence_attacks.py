"""Evidence made to harm: bombs, macros, programs, climbing paths, links, names with tricks.

Each is refused by its name, no byte outside the folder is read, and the sound file beside it counts
(`look` checks that every time).
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
import zipfile

import pytest

from kaoping.cli.show import print_problems
from kaoping.core.ledger import INDEX_COLUMNS
from kaoping.core.report.problem_list import problems_markdown
from kaoping.core.results import Entries
from kaoping.files.batch import read_ledger
from kaoping.files.evidence import look_at_files
from kaoping.files.tables import csv_bytes
from tests.cli.folders import AT, county, kaoping, snapshot
from tests.files.ledgers import GOOD, SCHEME, evidence, look, row
from tests.files.samples import EXE, PDF, archive, docx, encrypted, many_alike, put

ZEROS = bytes(60_000_000)
NAMES = ["[Content_Types].xml", "word/document.xml", "xl/workbook.xml"]
MACRO_TYPE = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'

HARMFUL = {
    "zip bomb": ("a.docx", docx(("word/media/a.bin", ZEROS))),
    "bomb of a workbook": (
        "a.xlsx",
        archive([(n, b"<a/>") for n in NAMES] + [("xl/worksheets/sheet1.xml", ZEROS)]),
    ),
    "bomb in the types": ("a.docx", archive([(NAMES[0], ZEROS), (NAMES[1], b"<a/>")])),
    "many small parts": (
        "a.docx",
        many_alike([*NAMES, *(f"word/{n}.xml" for n in range(400))], 900_000),
    ),
    "too many parts": ("a.docx", docx(*((f"word/{n}", b"") for n in range(6000)))),
    "macro": ("a.docx", docx(("word/vbaProject.bin", b"x"))),
    "macro elsewhere": ("a.docx", docx(("customXml/VBAProject.BIN", b"x"))),
    "macro workbook": (
        "a.xlsx",
        archive([*((n, b"<a/>") for n in NAMES), ("xl/vbaProject.bin", b"x")]),
    ),
    "old macro sheet": ("a.docx", docx(("xl/macrosheets/sheet1.xml", b"x"))),
    "macro type": ("a.docx", docx(types=MACRO_TYPE)),
    "macro file": ("a.docm", docx(("word/vbaProject.bin", b"x"))),
    "program inside": ("a.docx", docx(("word/embeddings/a.exe", EXE))),
    "archive inside": ("a.docx", docx(("word/embeddings/a.zip", docx()))),
    "climbing out": ("a.docx", docx(("../../a.xml", b"x"))),
    "from the root": ("a.docx", docx(("/etc/a.xml", b"x"))),
    "backslashes": ("a.docx", docx(("..\\..\\a.xml", b"x"))),
    "drive": ("a.docx", docx(("C:a.xml", b"x"))),
    "encrypted parts": ("a.docx", encrypted(docx())),
    "unknown compression": (
        "a.docx",
        docx(method=zipfile.ZIP_STORED).replace(b"\x14\0\0\0\0\0", b"\x14\0\0\0\x63\0"),
    ),
    "archive": ("a.zip", docx()),
    "archives in archives": ("a.docx", archive([("a.zip", archive([("b.zip", docx())]))])),
    "program named pdf": ("a.pdf", EXE),
    "script named txt": ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
    "page named txt": ("a.txt", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("attack", HARMFUL)
def test_it_is_refused_by_name_and_the_rest_goes_on(tmp_path, attack):
    name, content = HARMFUL[attack]
    put(tmp_path / "e" / name, content)
    began = time.perf_counter()
    found = look(tmp_path / "e", name)
    assert time.perf_counter() - began < 2
    assert found.codes(name) in (["EVIDENCE-REFUSED"], ["EVIDENCE-TYPE"])
    assert name in found.said(name)
    assert found.ledger.summaries["西河镇"].filed == 0


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_parts_of_the_same_name_are_refused(tmp_path):
    put(tmp_path / "e" / "a.docx", docx(("word/document.xml", b"<other/>")))
    assert look(tmp_path / "e", "a.docx").codes("a.docx") == ["EVIDENCE-REFUSED"]


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(tmp_path):
    content = bytearray(archive([(NAMES[0], ZEROS), (NAMES[1], b"<a/>")]))
    real = len(ZEROS).to_bytes(4, "little")
    assert content.count(real) == 2
    put(tmp_path / "e" / "a.docx", bytes(content).replace(real, (900).to_bytes(4, "little")))
    began = time.perf_counter()
    assert look(tmp_path / "e", "a.docx").codes("a.docx") == ["EVIDENCE-REFUSED"]
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_no_damage_to_an_office_file_stops_the_rest(tmp_path, method):
    """Every byte changed in turn, all in one folder: each file counts or is refused."""
    whole = docx(method=method)
    names = []
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 0xFF
        names.append(f"{at}.docx")
        put(tmp_path / "e" / names[-1], bytes(changed))
    found = look(tmp_path / "e", *names)
    for name in names:
        assert found.ledger.files[name].digest
        assert len(found.codes(name)) == bool(found.ledger.files[name].refusal)


def test_no_random_bytes_behind_a_known_beginning_stop_the_rest(tmp_path):
    dice = random.Random(1)
    names = []
    for number, (head, ending) in enumerate(
        [(b"PK\x03\x04", "docx"), (b"PK\x05\x06", "xlsx"), (b"%PDF-", "pdf"), (b"", "txt")] * 20
    ):
        names.append(f"{number}.{ending}")
        put(tmp_path / "e" / names[-1], head + dice.randbytes(dice.randrange(2000)))
    look(tmp_path / "e", *names)


# --- paths and links -------------------------------------------------------------------------------

OUTSIDE = PDF + b"% outside\n"


@pytest.mark.parametrize(
    "path",
    [
        "../outside.pdf",
        "东岭镇/../../outside.pdf",
        "./../outside.pdf",
        "{}/outside.pdf",
        "..\\outside.pdf",
    ],
)
def test_an_index_path_that_leaves_the_folder_reaches_nothing(tmp_path, path):
    put(tmp_path / "outside.pdf", OUTSIDE)
    path = path.format(tmp_path)
    found = look(tmp_path / "e", path)
    assert found.codes(path) == ["EVIDENCE-FILE-MISSING"]
    digests = {file.digest for file in found.ledger.files.values()}
    assert hashlib.sha256(OUTSIDE).hexdigest() not in digests


@pytest.mark.parametrize(
    "aim", ["../outside.pdf", "{}/outside.pdf", "东岭镇/收支表.pdf", "link.pdf"]
)
def test_a_link_is_refused_and_not_followed(tmp_path, aim):
    put(tmp_path / "outside.pdf", OUTSIDE)
    put(tmp_path / "e" / GOOD, PDF)
    (tmp_path / "e" / "link.pdf").symlink_to(aim.format(tmp_path))
    found = look(tmp_path / "e", "link.pdf")
    assert found.codes("link.pdf") == ["EVIDENCE-REFUSED"]
    assert found.ledger.files["link.pdf"].digest == ""


def test_a_link_to_a_folder_is_not_followed_and_is_named(tmp_path):
    put(tmp_path / "outside" / "a.pdf", OUTSIDE)
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "dir").symlink_to(tmp_path / "outside")
    found = look(tmp_path / "e", "dir/a.pdf")
    assert found.codes("dir/a.pdf") == ["EVIDENCE-FILE-MISSING"]
    digests = {file.digest for file in found.ledger.files.values()}
    assert hashlib.sha256(OUTSIDE).hexdigest() not in digests
    assert found.codes("dir")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    evidence(tmp_path / "e", "pipe.pdf")
    os.mkfifo(tmp_path / "e" / "pipe.pdf")
    asked = (
        "import sys; from pathlib import Path; from kaoping.files.evidence import look_at_files;"
        "print({f.path: f.refusal for f in look_at_files(Path(sys.argv[1]))}['pipe.pdf'] != '')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", asked, tmp_path / "e"],
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert ended.stdout.split() == [b"True"]


# --- names -----------------------------------------------------------------------------------------

TRICKY = [
    "a\nb.pdf",
    "a\rb.pdf",
    "a\x1b[2J.pdf",
    "a\x7f.pdf",
    "\u202efdp.exe.pdf",
    "a\u200bb.pdf",
    "a\u2028b.pdf",
    "a\\b.pdf",
    "C:a.pdf",
    "a\n# 标题\n.pdf",
]


@pytest.mark.parametrize("name", TRICKY)
def test_a_name_with_tricks_is_refused_and_shown_without_them(tmp_path, name):
    put(tmp_path / "e" / name, PDF)
    found = look(tmp_path / "e")
    shown = [path for path in found.ledger.files if path != GOOD]
    assert len(shown) == 1
    assert shown[0].isprintable()
    assert found.ledger.files[shown[0]].refusal
    assert found.codes(shown[0])
    assert all(p.where.isprintable() and p.message.isprintable() for p in found.ledger.problems)


def test_a_name_that_is_no_text_is_refused(tmp_path):
    evidence(tmp_path / "e")
    put(tmp_path / "e" / os.fsdecode(b"\xd5\xfe.pdf"), PDF)
    shown = [file for file in look_at_files(tmp_path / "e") if file.path != GOOD]
    assert [bool(file.refusal) for file in shown] == [True]
    shown[0].path.encode()


def test_names_that_look_alike_when_shown_hide_nothing(tmp_path):
    """A refused name must not stand in for a sound file, nor two refused ones for each other."""
    put(tmp_path / "e" / "a?.pdf", PDF + b"% sound\n")
    put(tmp_path / "e" / "a\x7f.pdf", EXE)
    put(tmp_path / "e" / "a\x1f.pdf", EXE)
    found = look(tmp_path / "e", "a?.pdf")
    assert found.ledger.files["a?.pdf"].refusal == ""
    assert found.ledger.summaries["西河镇"].filed == 1
    assert len(found.ledger.files) == 4


@pytest.mark.parametrize(
    "name", [f"{'长' * 83}.pdf", "/".join(["深"] * 60) + "/a.pdf", "a b.pdf", "%2e%2e.pdf"]
)
def test_odd_but_honest_names_count(tmp_path, name):
    put(tmp_path / "e" / name, PDF + b"% long\n")
    assert look(tmp_path / "e", name).codes(name) in ([], ["EVIDENCE-REFUSED"])
    assert len(look(tmp_path / "e", name).ledger.files) == 2


def test_index_cells_with_tricks_reach_no_terminal_and_no_list(tmp_path, capsys):
    evidence(tmp_path)
    bad = row("a\x1b]0;x\x07.pdf")
    put(tmp_path / "index.csv", csv_bytes(INDEX_COLUMNS, [bad, ["\x1b[2J", *bad[1:]]]))
    ledger = read_ledger(SCHEME, tmp_path, Entries())
    assert {"EVIDENCE-FILE-MISSING", "EVIDENCE-ROW"} <= {p.code for p in ledger.problems}
    print_problems(ledger.problems)
    shown = capsys.readouterr().out + problems_markdown("台账", ledger.problems)
    assert "]0;x" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


# --- the whole job ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_run_lists_every_harmful_file_and_finishes(tmp_path, capsys):
    folder = county(tmp_path / "in")
    names = []
    for number, (name, content) in enumerate(HARMFUL.values()):
        names.append(f"{number}-{name}")
        put(folder / "evidence" / names[-1], content)
    put(folder / "evidence" / "a\n\x1b[2Jb.pdf", PDF)
    evidence(folder / "evidence", *names)
    before = snapshot(folder)
    said = kaoping(capsys, "run", folder, "--out", tmp_path / "out", "--at", AT)
    assert said.code == 0
    assert snapshot(folder) == before
    listed = (tmp_path / "out" / "problems.md").read_text("utf-8").replace("\\", "")
    assert [name for name in names if name not in listed] == []
    assert "\x1b" not in listed + said.out + said.err
