"""`kaoping template list|check|fill`, and templates in a batch folder, as an office uses them."""

from __future__ import annotations

import io
import json
import shutil
import zipfile

import docx
import pytest

from kaoping.core.report.placeholders import LOOPS, PLACEHOLDERS
from kaoping.files import template_program
from kaoping.files.package import verify_package
from tests.cli.folders import ROOT, county, kaoping, refusal, replace_in, unchanged
from tests.files.samples import put
from tests.files.templates import template

EXAMPLES = ROOT / "examples" / "templates"
REPORT, SHEET = EXAMPLES / "template-report.docx", EXAMPLES / "template-unit.docx"
AT = "2025-02-20T17:00"
BAD = template("{{单位名}}", "{{年度", "{{每个单位}}")


@pytest.fixture
def folder(tmp_path):
    return county(tmp_path / "in")


# --- list and check --------------------------------------------------------------------------------


def test_everything_that_may_be_written_is_listed(capsys):
    said = kaoping(capsys, "template", "list")
    assert said.code == 0
    for name in (*PLACEHOLDERS, *LOOPS):
        assert f"{{{{{name}}}}}" in said.out
    told = json.loads(kaoping(capsys, "template", "list", "--json").out)
    assert [one["name"] for one in told["placeholders"]] == list(PLACEHOLDERS)
    assert told["placeholders"][0].keys() == {"name", "meaning", "levels"}
    assert [one["name"] for one in told["loops"]] == list(LOOPS)
    assert "有失分" in told["conditions"]


def test_a_sound_template_tells_what_it_uses(capsys):
    said = kaoping(capsys, "template", "check", REPORT)
    assert said.code == 0
    assert "可以使用" in said.out
    assert "每个单位按名次" in said.out
    told = json.loads(kaoping(capsys, "template", "check", SHEET, "--each-unit", "--json").out)
    assert told["problems"] == []
    assert {"name": "单位名称", "count": 1} in told["uses"]


def test_a_template_without_placeholders_is_told_so(capsys, tmp_path):
    path = put(tmp_path / "空.docx", template("没有占位符"))
    assert "一个占位符也没有" in kaoping(capsys, "template", "check", path).out


def test_all_faults_are_listed(capsys, tmp_path):
    path = put(tmp_path / "坏.docx", BAD)
    with unchanged(tmp_path):
        said = kaoping(capsys, "template", "check", path)
    assert said.code == 1
    for code in ("TEMPLATE-NAME", "TEMPLATE-BRACES", "TEMPLATE-LOOP"):
        assert code in said.out
    told = json.loads(kaoping(capsys, "template", "check", path, "--json").out)
    assert [one["where"] for one in told["problems"]] == [f"坏.docx 第{n}段" for n in (1, 2, 3)]


def test_a_sheet_of_one_unit_is_no_report(capsys):
    said = kaoping(capsys, "template", "check", SHEET)
    assert said.code == 1
    assert "--each-unit" in "".join(said.out.split())


def test_a_file_that_is_no_template_is_told(capsys, tmp_path):
    refusal(capsys, 1, "template", "check", tmp_path / "没有.docx")
    said = kaoping(capsys, "template", "check", put(tmp_path / "a.docx", b"%PDF-1.7"))
    assert said.code == 1
    assert "TEMPLATE-UNREADABLE" in said.out


# --- fill ------------------------------------------------------------------------------------------


def fill_words(folder, out, *more, source=REPORT):
    words = ["template", "fill", folder, "--template", source, "--out", out, "--at", AT]
    return [*words, *more]


def test_a_template_is_filled_from_a_folder(capsys, tmp_path, folder):
    with unchanged(folder):
        said = kaoping(capsys, *fill_words(folder, tmp_path / "通报.docx"))
    assert said.code == 0
    texts = [p.text for p in docx.Document(str(tmp_path / "通报.docx")).paragraphs]
    assert "关于2024年度考评结果的通报" in texts


def test_a_sheet_is_filled_for_each_unit(capsys, tmp_path, folder):
    words = fill_words(folder, tmp_path / "告知书.zip", "--each-unit", source=SHEET)
    assert kaoping(capsys, *words).code == 0
    with zipfile.ZipFile(tmp_path / "告知书.zip") as sheets:
        assert len(sheets.namelist()) == 6
        made = docx.Document(io.BytesIO(sheets.read("东岭镇人民政府.docx")))
    assert "东岭镇人民政府：" in [p.text for p in made.paragraphs]


def test_what_cannot_be_filled_writes_nothing(capsys, tmp_path, folder, monkeypatch):
    bad = put(tmp_path / "坏.docx", BAD)
    taken = put(tmp_path / "有.docx", b"x")
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *fill_words(folder, tmp_path / "a.docx", source=bad))
        assert "TEMPLATE-NAME" in said.err
        refusal(capsys, 1, *fill_words(tmp_path / "没有", tmp_path / "a.docx"))
        refusal(capsys, 2, *fill_words(folder, tmp_path / "a.zip"))
        refusal(capsys, 2, *fill_words(folder, tmp_path / "a.docx", "--each-unit"))
        refusal(capsys, 3, *fill_words(folder, taken))
        refusal(capsys, 3, *fill_words(folder, bad, source=bad))
        refusal(capsys, 3, *fill_words(folder, folder / "notice.docx"))
        monkeypatch.setattr(template_program, "MOST_WRITTEN", 10_000)
        refusal(capsys, 1, *fill_words(folder, tmp_path / "a.docx"))


# --- in a batch folder -----------------------------------------------------------------------------


@pytest.mark.slow
def test_templates_of_a_folder_are_filled_by_a_run(capsys, tmp_path, folder):
    for source in (REPORT, SHEET):
        shutil.copy(source, folder)
    said = kaoping(capsys, "run", folder, "--out", tmp_path / "out", "--at", AT)
    assert said.code == 0
    assert "report-own.docx" in said.out
    own = docx.Document(str(tmp_path / "out" / "report-own.docx"))
    assert "关于2024年度考评结果的通报" in [p.text for p in own.paragraphs]
    with zipfile.ZipFile(tmp_path / "out" / "unit-sheets.zip") as sheets:
        assert "东岭镇人民政府-套用模板.docx" in sheets.namelist()
        assert len(sheets.namelist()) == 18
    manifest = verify_package(tmp_path / "out" / "package.zip").manifest
    assert "report-own.docx" in {file.path for file in manifest.files}
    assert {REPORT.name, SHEET.name} < {file.path for file in manifest.inputs}


def test_faults_of_templates_and_tables_are_told_together_before_anything_is_written(
    capsys, tmp_path, folder
):
    put(folder / "template-report.docx", BAD)
    put(folder / "template-unit.docx", b"no docx")
    replace_in(folder / "results.csv", "as_of", "as_off")
    with unchanged(tmp_path):
        said = refusal(capsys, 1, "run", folder, "--out", tmp_path / "out")
    for code in ("TEMPLATE-NAME", "TEMPLATE-UNREADABLE", "COLUMN-MISSING"):
        assert code in said.err


def test_a_template_that_comes_to_too_much_leaves_no_output(capsys, tmp_path, folder, monkeypatch):
    shutil.copy(REPORT, folder)
    monkeypatch.setattr(template_program, "MOST_WRITTEN", 10_000)
    with unchanged(tmp_path):
        said = refusal(capsys, 1, "run", folder, "--out", tmp_path / "out", "--at", AT)
    assert "template-report.docx" in said.err


def test_no_output_takes_the_place_of_a_template(capsys, folder):
    with unchanged(folder):
        refusal(capsys, 3, "run", folder, "--out", folder / "template-report.docx")
