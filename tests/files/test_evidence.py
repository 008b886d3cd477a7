"""The evidence folder: sound files count, others are refused by name, and the rest goes on."""

from __future__ import annotations

import errno
import hashlib
import os

import pytest

from kaoping.core.errors import InputError
from kaoping.core.ledger import INDEX_COLUMNS
from kaoping.core.results import Entries
from kaoping.files.batch import read_ledger
from kaoping.files.evidence import look_at_files, read_index
from kaoping.files.tables import csv_bytes
from tests.files.ledgers import GOOD, SCHEME, evidence, look, row
from tests.files.samples import EXE, HTML, OLE, PDF, PNG, docx, put, xlsx

GIF = b"GIF89a" + bytes(40)
SOUND = {
    "a.pdf": PDF + b"% a\n",
    "a.docx": docx(),
    "a.xlsx": xlsx([["a"]]),
    "a.png": PNG,
    "A.PNG": PNG,
    "说明.txt": "全年完成".encode(),
    "gbk.txt": "全年完成情况说明".encode("gbk") * 20,
    "a.csv": "单位,数值\n甲,1\n".encode(),
}
"""Files of each kind that count."""

REFUSED = {
    "empty.pdf": b"",
    "program.pdf": EXE,
    "program.docx": EXE,
    "page.pdf": HTML,
    "picture.jpg": PNG,
    "gif.png": GIF,
    "sheet.docx": xlsx([["a"]]),
    "text.xlsx": docx(),
    "old.docx": OLE,
    "half.docx": docx(("word/media/a.bin", os.urandom(5000)))[:3000],
    "program.exe": EXE,
    "page.html": HTML,
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "letters.eml": b"From: a@b.example\n\nx",
    "archive.zip": docx(),
    "noending": PDF,
    "pdf": PDF,
    ".pdf": PDF,
    "double.pdf.exe": PDF,
    "sheet.xls": OLE,
    "macro.docm": docx(),
    "macro.xlsm": xlsx([["a"]]),
    "Thumbs.db": OLE,
    "~$report.docx": b"\x06admin" + bytes(150),
}
"""Files that do not count, each for another reason."""


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_counts(tmp_path, name):
    put(tmp_path / "e" / name, SOUND[name])
    found = look(tmp_path / "e", name)
    assert found.codes(name) == []
    seen = found.ledger.files[name]
    assert (seen.digest, seen.size) == (hashlib.sha256(SOUND[name]).hexdigest(), len(SOUND[name]))
    assert found.ledger.summaries["西河镇"].filed == 1


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_by_name_and_does_not_count(tmp_path, name):
    put(tmp_path / "e" / name, REFUSED[name])
    found = look(tmp_path / "e", name)
    assert found.codes(name) in (["EVIDENCE-REFUSED"], ["EVIDENCE-TYPE"])
    assert name in found.said(name)
    assert found.ledger.files[name].refusal
    summary = found.ledger.summaries["西河镇"]
    assert summary.filed == 0
    missing = [p.where for p in found.ledger.problems if p.code == "EVIDENCE-MISSING"]
    assert "西河镇 1.1 1.1-1" in missing


def test_all_bad_files_together_are_each_named_once(tmp_path):
    for name, content in REFUSED.items():
        put(tmp_path / "e" / name, content)
    found = look(tmp_path / "e", *REFUSED)
    assert [len(found.codes(name)) for name in REFUSED] == [1] * len(REFUSED)
    assert found.ledger.summaries["西河镇"].filed == 0


@pytest.mark.parametrize("name", ["program.pdf", "empty.pdf", "page.html"])
def test_a_bad_file_without_an_index_row_is_named_too(tmp_path, name):
    put(tmp_path / "e" / name, REFUSED[name])
    found = look(tmp_path / "e")
    assert found.codes(name)
    assert name in found.said(name)


def test_a_file_the_disk_cannot_read_is_refused_by_name(tmp_path, monkeypatch):
    evidence(tmp_path, "locked.pdf")
    real = type(put(tmp_path / "locked.pdf", PDF)).open

    def refuse(self, *words, **more):
        if self.name == "locked.pdf":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self, *words, **more)

    with monkeypatch.context() as patch:
        patch.setattr(type(tmp_path), "open", refuse)
        ledger = read_ledger(SCHEME, tmp_path, Entries())
    seen = ledger.files["locked.pdf"]
    assert (bool(seen.refusal), seen.digest) == (True, "")
    assert [p.where for p in ledger.problems if p.code == "EVIDENCE-REFUSED"] == [
        "index.csv 第 3 行"
    ]
    assert ledger.summaries["东岭镇"].filed == 1


def test_a_listed_file_that_is_not_there_is_named(tmp_path):
    found = look(tmp_path / "e", "没有.pdf")
    assert found.codes("没有.pdf") == ["EVIDENCE-FILE-MISSING"]
    assert "没有.pdf" in found.said("没有.pdf")
    assert found.ledger.summaries["西河镇"].filed == 0


def test_an_unlisted_file_is_named(tmp_path):
    put(tmp_path / "e" / "深" / "层" / "多余.pdf", PDF)
    assert look(tmp_path / "e").codes("深/层/多余.pdf") == ["EVIDENCE-UNINDEXED"]


def test_the_same_content_of_two_units_is_shown_and_one_file_in_many_rows_is_not(tmp_path):
    put(tmp_path / "e" / "copy.pdf", PDF)
    found = look(tmp_path / "e", "copy.pdf")
    assert found.codes("copy.pdf") == ["EVIDENCE-DUPLICATE"]
    assert GOOD in found.said("copy.pdf")
    put(tmp_path / "e" / "copy.pdf", PDF + b"% other\n")
    assert look(tmp_path / "e", "copy.pdf", "copy.pdf").ledger.problems == tuple(
        problem
        for problem in look(tmp_path / "e", "copy.pdf").ledger.problems
        if problem.code != "EVIDENCE-DUPLICATE"
    )


@pytest.mark.parametrize("name", ["index.csv", "index.xlsx"])
def test_the_index_itself_is_no_evidence(tmp_path, name):
    rows = [row(GOOD, unit="东岭镇")]
    content = (
        csv_bytes(INDEX_COLUMNS, rows) if name.endswith("csv") else xlsx([INDEX_COLUMNS, *rows])
    )
    put(tmp_path / "e" / name, content)
    put(tmp_path / "e" / GOOD, PDF)
    ledger = read_ledger(SCHEME, tmp_path / "e", Entries())
    assert list(ledger.files) == [GOOD]
    assert ledger.summaries["东岭镇"].filed == 1


def test_files_are_looked_at_in_the_same_order_every_time(tmp_path):
    for name in ("乙.pdf", "b/a.pdf", "B.pdf", "a.pdf", "甲.pdf"):
        put(tmp_path / name, PDF)
    names = [file.path for file in look_at_files(tmp_path)]
    assert names == sorted(names)
    assert len(names) == 5


def test_no_folder_is_said_once_and_stops_nothing(tmp_path):
    ledger = read_ledger(SCHEME, tmp_path / "none", Entries())
    assert [p.where for p in ledger.problems].count("evidence") == 1
    assert ledger.files == {}
    assert read_index(tmp_path / "none") is None


@pytest.mark.parametrize(
    "content",
    [None, b"", b"unit,task\n", PNG, "甲,乙\n1,2".encode(), b"\x00" * 100],
    ids=["none", "empty", "columns missing", "picture", "other headings", "zeros"],
)
def test_a_folder_without_a_usable_index_is_refused(tmp_path, content):
    put(tmp_path / "e" / GOOD, PDF)
    if content is not None:
        put(tmp_path / "e" / "index.csv", content)
    with pytest.raises(InputError):
        read_ledger(SCHEME, tmp_path / "e", Entries())


def test_two_indexes_are_refused_because_nobody_could_say_which_counts(tmp_path):
    evidence(tmp_path / "e")
    put(tmp_path / "e" / "index.xlsx", xlsx([INDEX_COLUMNS, row("other.pdf")]))
    with pytest.raises(InputError):
        read_ledger(SCHEME, tmp_path / "e", Entries())


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("unit", ""),
        ("unit", "没有的镇"),
        ("unit", "中寨乡2"),
        ("task", "9.9"),
        ("task", ""),
        ("item", "1.1-9"),
        ("file", ""),
        ("event_date", "2024-02-30"),
        ("event_date", "去年"),
        ("period_from", "2024/12"),
        ("period_to", "x"),
        ("received_at", ""),
        ("received_at", "0001-01-01T00:00+23:00"),
        ("received_at", "9999-12-31T23:00-23:00"),
        ("received_at", "2025-13-01 10:00"),
    ],
)
def test_a_bad_index_row_is_named_by_its_row_and_the_rest_goes_on(tmp_path, column, cell):
    evidence(tmp_path / "e")
    bad = dict(zip(INDEX_COLUMNS, row(GOOD, unit="东岭镇"), strict=True)) | {column: cell}
    rows = [list(bad.values()), row(GOOD, unit="东岭镇")]
    put(tmp_path / "e" / "index.csv", csv_bytes(INDEX_COLUMNS, rows))
    ledger = read_ledger(SCHEME, tmp_path / "e", Entries())
    assert [p.where for p in ledger.problems if p.code == "EVIDENCE-ROW"] == ["index.csv 第 2 行"]
    assert ledger.summaries["东岭镇"].filed == 1
    assert [filing.place for filing in ledger.filings] == ["index.csv 第 3 行"]
